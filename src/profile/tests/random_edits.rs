//! Edits of files made at random of the dialect's pieces: what they ask for is read afterwards, nothing else is read
//! otherwise, and the lines that they do not concern are there, byte for byte.

use super::edit::named;
use super::random::{HEADERS, LINES, Random, answer};
use super::*;
use crate::profile::change::What;
use crate::profile::edit;
use std::path::Path;

const PROFILES: [&str; 5] = ["a", "b", "default", "two words", "new"];
const KEYS: [&str; 4] = ["x", "region", "y", "new"];

fn random_edit(random: &mut Random) -> Edit<'static> {
    let section = named(random.pick(&PROFILES));
    match random.below(6) {
        0 => Edit::remove(section),
        1 => Edit::unset(section, vec![random.pick(&KEYS), random.pick(&KEYS)]),
        _ => {
            let mut change = |value| Change { key: random.pick(&KEYS), value };
            Edit::set(section, vec![change("1"), change("a = b")])
        }
    }
}

fn section<'a>(edit: &Edit<'a>) -> &'a str {
    edit.section.name
}

/// What a profile should say after an edit.
fn told(profile: Option<Reading>, edit: &Edit<'_>) -> Option<Reading> {
    match &edit.what {
        What::Remove => None,
        What::Unset(keys) => profile.map(|mut settings| {
            settings.retain(|key, _| !keys.contains(&&**key));
            settings
        }),
        What::Set(changes) => {
            let mut settings = profile.unwrap_or_default();
            settings.extend(changes.iter().map(|change| (change.key.to_owned(), change.value.to_owned())));
            Some(settings)
        }
    }
}

/// What a file says of its other sections.
fn others(profiles: &Profiles) -> Vec<String> {
    let told = |name: &str| {
        let sections = [profiles.sso_session(name), profiles.services(name)];
        format!("{:?}", sections.map(|found| found.ok().flatten().as_ref().map(reading)))
    };
    PROFILES.map(told).to_vec()
}

/// The parts of a text that must be there after edits, each whole: sections that none of them names, from their header
/// to their last property, and of those that are not removed the header, comments at the margin, and other keys.
fn untouched(text: &[u8], edits: &[Edit<'_>]) -> Vec<Vec<u8>> {
    let file = SharedFile::new(FileKind::Config, "config".into(), text.to_vec(), Vec::new());
    let mut parts = Vec::new();
    for (header, section) in file.understood() {
        let is_of_it = |edit: &&Edit<'_>| {
            let bears = |text: &str| matches!(header, Header::Section { kind: SectionKind::Profile, name, .. } if name == text.as_bytes());
            bears(self::section(edit))
        };
        let edits: Vec<_> = edits.iter().filter(is_of_it).collect();
        let lines = || parse::lines(text, section.at..section.body.end);
        let end = lines().filter(|line| !parse::is_skipped(line.text)).last().map_or(section.at, |line| line.end);
        if edits.is_empty() {
            parts.push(text[section.at..end].to_vec());
        } else if !edits.iter().any(|edit| matches!(edit.what, What::Remove)) {
            let is_touched = |line: &[u8]| {
                let key = parse::trim(line.split(|byte| *byte == b'=').next().unwrap_or(line));
                KEYS.iter().any(|touched| key.eq_ignore_ascii_case(touched.as_bytes()))
            };
            let lines = lines().filter(|line| line.end <= end).map(|line| &text[line.at..line.end]);
            let untouched = lines.filter(|line| !parse::is_blank(line[0]) && !is_touched(line));
            parts.extend(untouched.map(<[u8]>::to_vec));
        }
    }
    parts
}

/// Whether parts of a text are there in their order.
fn holds(text: &[u8], parts: &[Vec<u8>]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| {
        let found = rest.windows(part.len().max(1)).position(|window| window == part);
        found.is_some_and(|at| {
            rest = &rest[at + part.len()..];
            true
        })
    })
}

/// Whether each line was there, or is the end of one that was, or says what an edit asks for.
fn invents_nothing(before: &[u8], after: &[u8]) -> bool {
    fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        parse::lines(text, 0..text.len()).map(|line| parse::trim(line.text))
    }
    let known: Vec<&[u8]> = lines(before).collect();
    let is_new = |line: &[u8]| line.starts_with(b"[") || line.ends_with(b" = 1") || line.ends_with(b" = a = b");
    lines(after).all(|line| known.iter().any(|known| known.ends_with(line)) || is_new(line))
}

#[test]
fn random_edits_change_what_they_should_and_nothing_else() {
    for seed in [0x6c62_272e_07bb_0142, 0x9e37_79b9_7f4a_7c15, 0x2545_f491_4f6c_dd1d] {
        check_random_edits(Random(seed));
    }
}

#[track_caller]
fn check_random_edits(mut random: Random) {
    let pieces = [HEADERS, LINES, LINES, LINES].concat();
    let (mut edited, mut refused) = (0, 0);
    for _ in 0..900 {
        let mut before = random.lines(&pieces, 16);
        before.truncate(before.len() - random.below(3).min(before.len()));
        // Half a line's end is data, but for whoever goes on below it.
        before.truncate(before.len() - usize::from(before.ends_with(b"\r")));
        let mark: &[u8] = random.pick(&[b"" as &[u8], b"", b"", b"\xef\xbb\xbf"]);
        let edits: Vec<_> = (0..=random.below(4)).map(|_| random_edit(&mut random)).collect();
        let make = |text: &[u8]| {
            let edited = edit::edited(FileKind::Config, Path::new("config"), &[mark, text].concat(), &edits)?;
            Ok::<_, Error>(edited.strip_prefix(mark).expect("it stays").to_vec())
        };
        let profiles = Profiles::from_texts(&before, b"");
        let is_edited = |name: &str| edits.iter().any(|edit| section(edit) == name);
        let after = match make(&before) {
            Ok(after) => after,
            Err(error) => {
                refused += usize::from(error.message.starts_with("cannot change"));
                continue;
            }
        };
        let shown = format!("{}\nbecame\n{}", before.escape_ascii(), after.escape_ascii());
        let now = Profiles::from_texts(&after, b"");
        for name in profiles.names().into_iter().chain(PROFILES) {
            let mut expected = answer(&profiles, name);
            if is_edited(name) {
                let named = edits.iter().filter(|edit| section(edit) == name);
                expected = Ok(named.fold(expected.expect("no damage"), told));
            }
            assert_eq!(answer(&now, name), expected, "{name}: {shown}");
        }
        assert_eq!(others(&profiles), others(&now), "{shown}");
        assert!(holds(&after, &untouched(&before, &edits)), "{shown}");
        assert!(invents_nothing(&before, &after), "{shown}");
        let removes = edits.iter().any(|edit| matches!(edit.what, What::Remove));
        assert!(removes || make(&after).as_ref() == Ok(&after), "{shown}");
        edited += 1;
    }
    assert!(edited > 540 && refused < 15, "{edited} were edited, {refused} refused");
}
