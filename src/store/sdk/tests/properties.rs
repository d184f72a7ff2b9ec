//! Stores of all shapes: an edit changes one profile, means what it should, and keeps every other byte.

use super::{Mine, keys, sealed};
use crate::store::sdk::accounts::Accounts;
use crate::store::sdk::fields::{self, Sealed};
use serde_json::Value;

const ROUNDS: u64 = 3000;

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("it has 31 bits") % most
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// A profile as text, its fields, and its name.
struct Written {
    text: String,
    fields: Vec<String>,
    name: String,
}

fn profile(chance: &mut Chance, index: usize, lines: [&str; 3], colon: &str) -> Written {
    let name = format!("{}{index}", chance.of(&["p", "P r", "é", "a\\\"b", "{", "}:,"]));
    let shown = name.replace('\\', "\\\\").replace('"', "\\\"");
    let shown = if chance.below(2) == 0 { shown.replace('é', "\\u00e9") } else { shown };
    let mut fields = Vec::new();
    let has_keys = chance.below(4) != 0;
    if has_keys {
        fields.push(format!("\"AWSAccessKey\"{colon}\"{}\"", sealed("AKIAOLD").to_lowercase()));
        fields.push(format!("\"AWSSecretKey\"{colon}\"{}\"", sealed("old")));
        if chance.below(2) == 0 {
            fields.push(format!("\"SessionToken\"{colon}\"{}\"", sealed("token")));
        }
    } else {
        fields.push(format!("\"RoleArn\"{colon}\"arn:aws:iam::1:role\\/x\""));
    }
    for field in ["ProfileType", "Region", "Odd, \\\"{field}\\\"", "aws_account_id"] {
        if chance.below(2) == 0 {
            fields.push(format!("\"{field}\"{colon}\"{}\"", chance.of(&["", "x", "\\u0026 \\\"}", "é,", "{\\\\"])));
        }
    }
    let at = chance.below(fields.len() + 1);
    fields.insert(at, format!("\"DisplayName\"{colon}\"{shown}\""));
    let text = format!("{{{}{}{}}}", lines[1], fields.join(&format!(",{}", lines[1])), lines[2]);
    Written { text, fields, name }
}

#[test]
fn an_edit_keeps_every_byte_of_the_other_profiles() {
    let guid = "00000000-0000-4000-8000-000000000000";
    for round in 0..ROUNDS {
        let mut chance = Chance(round);
        let [before_name, lines @ ..] = *[
            ["\n  ", "\n    ", "\n  ", "\n"],
            ["\r\n\t", "\r\n\t\t", "\r\n\t", "\r\n"],
            ["", "", "", ""],
            [" ", "  ", " ", "\n\n"],
        ]
        .get(chance.below(4))
        .expect("it is below");
        let colon = chance.of(&[":", ": ", " : "]);
        let layout = [before_name, lines[0], lines[1]];
        let profiles: Vec<_> = (0..=chance.below(4)).map(|index| profile(&mut chance, index, layout, colon)).collect();
        let members: Vec<_> = profiles
            .iter()
            .enumerate()
            .map(|(index, profile)| format!("{before_name}\"{index}A-b\"{colon}{}", profile.text))
            .collect();
        let start = format!("{}{{", chance.of(&["", "\u{feff}", " \n"]));
        let end = format!("{}}}{}", lines[2], chance.of(&["", "\n", " \r\n"]));
        let text = format!("{start}{}{end}", members.join(","));
        let accounts = Accounts::parse(text.clone().into_bytes()).expect("it is JSON");
        assert_eq!(
            accounts.iter().filter_map(|account| account.name()).collect::<Vec<_>>(),
            names(&profiles),
            "{text}"
        );

        let token = (chance.below(2) == 0).then_some("new token");
        let sealed = Sealed::new(&keys("AKIANEW", token), &Mine).expect("it always does");
        let chosen = chance.below(profiles.len());
        let account = accounts.find(&profiles[chosen].name).expect("it is there");

        // Changed, if it is one of keys: the texts around it stay, and so do its other fields.
        if fields::has_keys(&account) {
            let edited = sealed.over(&account).expect("it is one of keys");
            let around = |index: usize| members[index].clone();
            let before: Vec<_> = (0..chosen).map(around).collect();
            let after: Vec<_> = (chosen + 1..members.len()).map(around).collect();
            let [before, after] = [before, after].map(|part| part.join(","));
            assert!(edited.text().starts_with(&format!("{start}{before}")), "{text}\n{}", edited.text());
            assert!(edited.text().ends_with(&format!("{after}{end}")), "{text}\n{}", edited.text());
            let [old, new] = [&text, edited.text()].map(|text| value(text)[format!("{chosen}A-b")].clone());
            let expected = {
                let mut expected = old;
                let object = expected.as_object_mut().expect("it is one");
                for (name, value) in sealed.account("") {
                    if name != "DisplayName" {
                        object.insert(name.to_owned(), value.into());
                    }
                }
                if token.is_none() {
                    object.remove("SessionToken");
                }
                expected
            };
            assert_eq!(new, expected, "{text}");
            let mut rest = &edited.text()[start.len() + before.len()..];
            let is_changed = |field: &&String| {
                ["AWS", "SessionToken", "ProfileType"].iter().any(|name| field[1..].starts_with(name))
            };
            for field in profiles[chosen].fields.iter().filter(|field| !is_changed(field)) {
                rest = rest.split_once(field.as_str()).unwrap_or_else(|| panic!("{field} is in its place in {text}")).1;
            }
            let read = fields::keys_of(&edited.find(&profiles[chosen].name).expect("it is there"), &Mine);
            assert_eq!(read, Ok(Some(keys("AKIANEW", token))), "{text}");
        } else {
            assert!(sealed.over(&account).is_err());
        }

        // Removed: the others are as they were.
        let others: Vec<_> =
            members.iter().enumerate().filter(|(index, _)| *index != chosen).map(|(_, text)| text.clone()).collect();
        let removed = account.removed();
        if others.is_empty() {
            assert!(removed.is_empty());
        } else {
            assert_eq!(removed.text(), format!("{start}{}{end}", others.join(",")));
        }

        // Added and taken away again: not a byte is different.
        let added = accounts.with(guid, &sealed.account("n\"é"));
        let kept = format!("{start}{}", members.join(","));
        assert!(added.text().starts_with(&kept) && added.text().ends_with(&end), "{text}\n{}", added.text());
        let new = added.find("N\"É").expect("it is there");
        assert_eq!(fields::keys_of(&new, &Mine), Ok(Some(keys("AKIANEW", token))));
        assert_eq!(new.removed().text(), text);
    }
}

fn names(profiles: &[Written]) -> Vec<String> {
    profiles.iter().map(|profile| profile.name.clone()).collect()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("it is JSON")
}
