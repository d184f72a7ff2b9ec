//! The page on files, settings and variables against the source: what the one names, the other knows.

use super::page::Page;
use super::source::{literals, names_in_scripts};
use super::{set, source};
use std::collections::BTreeSet;

/// What looks like a variable in the source and is none: parts of keys, words of protocols and of AWS's answers.
const NO_VARIABLES: [&str; 18] = [
    "AKIA",
    "ASIA",
    "AUTHCODE_EXPIRED",
    "AWS",
    "AWS_",
    "CARGO_PKG_VERSION",
    "GET",
    "INSUFFICIENT_PERMISSIONS",
    "INVALID_REQUEST",
    "KMS_",
    "NTLM",
    "POST",
    "PROFILE",
    "REJECTED",
    "S256",
    "TOKEN_EXPIRED",
    "USER_CREDENTIALS_CHANGED",
    "UTC",
];
/// Variables that are not in capital letters throughout.
const IN_MIXED_CASE: [&str; 6] = ["container", "PSModulePath", "ProgramFiles", "ProgramW6432", "SystemRoot", "windir"];

/// Where the source reads and writes settings of profiles.
const PLACES_OF_SETTINGS: [&str; 8] =
    ["bridge", "chain", "cli/configure", "cli/configure.rs", "cli/profile", "profile", "settings", "sync"];
/// What looks like a setting there and is none: what links are called in JSON, and what a store keeps.
const NO_SETTINGS: [&str; 12] = [
    "account_id",
    "account_name",
    "assume_role",
    "ec2_instance_metadata",
    "ecs_container",
    "role_name",
    "saml_host",
    "saml_password",
    "sso_oidc",
    "web_identity",
    "session_name",
    "max_queue_size",
];
/// Settings without an underscore, which the source says in other senses as well.
const WORDS: [&str; 3] = ["output", "region", "services"];

fn page() -> Page {
    Page::named("keyfob-files", 5)
}

/// The words of the heads of all items with this macro: `.It Ev A , B`.
fn listed(section: &str, macro_name: &str) -> BTreeSet<String> {
    let page = page();
    let items = page.items(section);
    let heads = items.iter().filter(|item| item[0] == macro_name && !item.contains(&"Ns"));
    set(heads.flat_map(|item| item[1..].iter().copied().filter(|word| *word != ",")))
}

/// Whether something is a name of these letters and underscores that begins and ends with a letter or digit.
fn is_name(text: &str, is_letter: fn(&char) -> bool) -> bool {
    let is_part = |sign: char| is_letter(&sign) || sign == '_' || sign.is_ascii_digit();
    text.len() > 2 && text.starts_with(|first| is_letter(&first)) && text.chars().all(is_part)
}

#[test]
fn every_variable_of_the_source_is_listed_and_no_other() {
    let found = literals(&[""]);
    let mut known = set(found.iter().filter(|text| is_name(text, char::is_ascii_uppercase)).cloned());
    known.extend(names_in_scripts("KEYFOB_"));
    let stale: Vec<_> = NO_VARIABLES.into_iter().filter(|name| !known.remove(*name)).collect();
    assert!(stale.is_empty(), "{stale:?} are in the source no more");
    for name in IN_MIXED_CASE {
        assert!(found.contains(name), "{name} is in the source no more");
        known.insert(name.to_owned());
    }
    let text = page().text;
    // Those that come second in a sentence count as well.
    let listed = &listed("ENVIRONMENT", "Ev") | &page().marked("ENVIRONMENT", "Ev");
    let lacking: Vec<_> = known.difference(&listed).collect();
    assert!(lacking.is_empty(), "keyfob-files(5) lacks {lacking:?}");
    let too_many: Vec<_> = listed.difference(&known).filter(|name| *name != "_").collect();
    assert!(too_many.is_empty(), "keyfob-files(5) has {too_many:?}, which nothing reads or writes");
    assert!(text.contains("in lower case go before"), "the names of proxies in lower case are told");
}

/// The settings that completion offers, without those in blocks.
fn completed() -> impl Iterator<Item = String> {
    let text = include_str!("../../../src/completion/settings.txt");
    let names = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(' ').next());
    names.filter(|name| name.contains('_') && !name.contains('.')).map(str::to_owned)
}

#[test]
fn every_setting_of_the_source_is_listed_and_no_other() {
    let mut known = set(literals(&PLACES_OF_SETTINGS).into_iter().filter(|text| text.contains('_')));
    known.retain(|text| is_name(text, char::is_ascii_lowercase) && !text.ends_with('_'));
    for name in NO_SETTINGS {
        known.remove(name);
    }
    // The prefix makes another name of any.
    let bare = |name: &String| name.strip_prefix("keyfob_").is_none_or(|rest| matches!(rest, "store" | "sync"));
    known.retain(bare);
    known.extend(WORDS.map(str::to_owned));
    known.extend(completed());
    let mut all = source::literals(&[""]);
    all.extend(completed());
    let listed = listed("DESCRIPTION", "Ic");
    let lacking: Vec<_> = known.difference(&listed).collect();
    assert!(lacking.is_empty(), "keyfob-files(5) lacks {lacking:?}");
    let too_many: Vec<_> = listed.iter().filter(|name| !all.contains(*name)).collect();
    assert!(too_many.is_empty(), "keyfob-files(5) has {too_many:?}, which the source does not know");
}

#[test]
fn completion_offers_every_setting_of_calls_and_credentials_but_secrets() {
    let names = literals(&["chain", "settings"]).into_iter().filter(|text| text.contains('_'));
    let names = names.filter(|text| is_name(text, char::is_ascii_lowercase) && !text.starts_with("keyfob_"));
    let known = set(names.filter(|name| !NO_SETTINGS.contains(&name.as_str())));
    let secrets = ["aws_secret_access_key", "aws_security_token", "aws_session_token"].map(str::to_owned);
    assert_eq!(&known - &set(completed()), set(secrets));
}

#[test]
fn kinds_of_sections_are_those_of_the_source() {
    let page = page();
    let told = page.items("DESCRIPTION");
    for kind in ["profile", "sso-session", "services"] {
        assert!(literals(&["profile/header.rs"]).contains(kind), "{kind} is in the source no more");
        assert!(told.iter().any(|item| item.contains(&format!("[{kind}").as_str())), "{kind}");
    }
}

#[test]
fn files_and_locks_of_the_source_are_listed() {
    let page = page();
    let told: String = page.section("FILES").collect::<Vec<_>>().join("\n");
    for (place, literal, name) in [
        ("paths.rs", "question.lock", "question.lock"),
        ("paths.rs", ".aws/login/cache", "~/.aws/login/cache/"),
        ("paths.rs", ".aws/sso/cache", "~/.aws/sso/cache/"),
        ("paths.rs", "keyfob/sealed", "sealed"),
        ("profile/legacy.rs", "/etc/boto.cfg", "/etc/boto.cfg"),
        ("profile/legacy.rs", "~/.boto", "~/.boto"),
        ("file/windows.rs", ".keyfob.lock", ".keyfob.lock"),
        ("cache/mod.rs", "relief.lock", "HASH.relief.lock"),
        ("cache/mod.rs", "note", "HASH.note"),
        ("cache/uses.rs", "uses", "uses.lock"),
        ("store/sdk.rs", "RegisteredAccounts.json", "RegisteredAccounts.json"),
        ("login/browser.rs", "/.dockerenv", "/.dockerenv"),
        ("login/browser.rs", "/run/.containerenv", "/run/.containerenv"),
        ("shell/processes.rs", "/bin/ps", "/bin/ps"),
    ] {
        assert!(literals(&[place]).iter().any(|text| text.contains(literal)), "{literal} is in {place} no more");
        assert!(told.contains(name), "keyfob-files(5) lacks {name}");
    }
}
