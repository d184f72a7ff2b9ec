//! What each role's profile is called: a name that every tool reads, and that does not depend on the order of things.

use super::template::{Field, Template};
use crate::api::sso::Account;
use crate::assignments::Assigned;
use std::collections::HashMap;

/// A role, and what its profile is to be called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) account_id: &'a str,
    pub(super) role_name: &'a str,
    pub(super) name: String,
    /// Another role would have the same name, with the account's number, too.
    pub(super) clashes: bool,
}

/// The names for all roles, in their order.
pub(super) fn names<'a>(
    template: &Template,
    session: &str,
    region: Option<&str>,
    assigned: impl Iterator<Item = &'a Assigned>,
) -> Vec<Named<'a>> {
    let named = |account: &'a Account, role_name: &'a str| Named {
        account_id: &account.account_id,
        role_name,
        name: name(template, session, region, account, role_name),
        clashes: false,
    };
    let roles = assigned.flat_map(|Assigned { account, role_names }| {
        role_names.iter().map(move |role_name| (account, role_name.as_str()))
    });
    let mut all: Vec<Named<'a>> = roles.map(|(account, role_name)| named(account, role_name)).collect();
    // All of those that share a name get a number, so that none has it for coming first.
    let counts = counts(&all);
    for named in all.iter_mut().filter(|named| counts[&named.name] > 1) {
        named.name = format!("{}-{}", named.name, named.account_id);
    }
    let counts = self::counts(&all);
    for named in &mut all {
        named.clashes = counts[&named.name] > 1;
    }
    all
}

fn counts(all: &[Named<'_>]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for Named { name, .. } in all {
        *counts.entry(name.clone()).or_default() += 1;
    }
    counts
}

fn name(template: &Template, session: &str, region: Option<&str>, account: &Account, role_name: &str) -> String {
    let Account { account_id, account_name, email_address } = account;
    let given = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
    let value = |field| match field {
        Field::AccountName => given(account_name).or_else(|| given(email_address)).unwrap_or_else(|| clean(account_id)),
        Field::AccountId => clean(account_id),
        Field::RoleName => clean(role_name),
        Field::Email => given(email_address).unwrap_or_else(|| clean(account_id)),
        Field::Session => clean(session),
        Field::Region => clean(region.unwrap_or_default()),
    };
    // What begins with a hyphen would be taken for an option.
    clean(&template.fill(value)).trim_start_matches('-').to_owned()
}

/// A text with a hyphen in the place of everything that some tool reads otherwise, or takes for the end of a name; none
/// at its ends.
fn clean(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-/.@:+".contains(letter);
    let mut clean = String::new();
    let mut is_gap = false;
    for letter in text.chars() {
        if is_plain(letter) && letter != '-' {
            if is_gap && !clean.is_empty() && !clean.ends_with('-') {
                clean.push('-');
            }
            is_gap = false;
            clean.push(letter);
        } else if letter == '-' && !is_gap {
            clean.push('-');
        } else {
            is_gap |= letter != '-';
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(number: u32, account_name: &str, role_names: &[&str]) -> Assigned {
        let account = Account {
            account_id: format!("{number:012}"),
            account_name: (!account_name.is_empty()).then(|| account_name.to_owned()),
            email_address: (number < 9).then(|| format!("aws+{number}@example.com")),
        };
        Assigned { account, role_names: role_names.iter().copied().map(str::to_owned).collect() }
    }

    fn all(template: &str, assigned: &[Assigned]) -> Vec<(String, bool)> {
        let template = Template::parse(template).expect("a good template");
        let named = names(&template, "my corp", Some("eu-west-1"), assigned.iter());
        named.into_iter().map(|named| (named.name, named.clashes)).collect()
    }

    #[test]
    fn names_have_only_characters_that_every_tool_reads() {
        for (text, name) in [
            ("Prod", "Prod"),
            ("Team A, Prod & Test", "Team-A-Prod-Test"),
            ("Prod - EU", "Prod-EU"),
            ("a--b", "a--b"),
            ("Größe", "Gr-e"),
            ("  x\t", "x"),
            ("[a] 'b' \"c\" #d;e=f\\g%", "a-b-c-d-e-f-g"),
            ("x/y.z@w:v+u_t", "x/y.z@w:v+u_t"),
            ("日本", ""),
            ("a\u{1b}[31m\n", "a-31m"),
        ] {
            assert_eq!(clean(text), name, "{text:?}");
        }
    }

    #[test]
    fn accounts_without_a_name_have_their_address_or_number() {
        for (number, account_name, name) in [
            (1, "Prod", "Prod/Admin"),
            (1, "", "aws+1@example.com/Admin"),
            (1, "日本", "aws+1@example.com/Admin"),
            (9, "", "000000000009/Admin"),
        ] {
            let assigned = [assigned(number, account_name, &["Admin"])];
            assert_eq!(all(Template::DEFAULT, &assigned), [(name.to_owned(), false)]);
        }
    }

    #[test]
    fn every_field_has_its_place() {
        let assigned = [assigned(1, "Prod EU", &["Admin"])];
        for (template, name) in [
            ("{account_id}-{role_name}", "000000000001-Admin"),
            ("{session}.{account_name}.{role_name}.{region}", "my-corp.Prod-EU.Admin.eu-west-1"),
            ("--{email} {role_name}", "aws+1@example.com-Admin"),
        ] {
            assert_eq!(all(template, &assigned), [(name.to_owned(), false)], "{template}");
        }
    }

    #[test]
    fn roles_that_would_share_a_name_all_have_their_accounts_number() {
        let one = || assigned(1, "Prod EU", &["Admin", "Audit"]);
        let other = || assigned(2, "Prod-EU", &["Admin"]);
        let (first, second) = ("Prod-EU/Admin-000000000001".to_owned(), "Prod-EU/Admin-000000000002".to_owned());
        let audit = "Prod-EU/Audit".to_owned();
        assert_eq!(
            all(Template::DEFAULT, &[one(), other()]),
            [(first.clone(), false), (audit.clone(), false), (second.clone(), false)]
        );
        assert_eq!(all(Template::DEFAULT, &[other(), one()]), [(second, false), (first, false), (audit, false)]);
    }

    #[test]
    fn names_that_the_number_does_not_tell_apart_clash() {
        let assigned = [assigned(1, "Prod", &["Admin", "Audit"]), assigned(2, "Test", &["Admin"])];
        let clash = ("Prod-000000000001".to_owned(), true);
        assert_eq!(all("{account_name}", &assigned), [clash.clone(), clash, ("Test".to_owned(), false)]);
        assert_eq!(clean("a=b"), clean("a,b"));
    }
}
