//! The dialect of the shared files, as tables: what is read, what is broken and where, what deserves a word.
//!
//! `tests/data/dialect.json` holds files and their expected reading. It covers the cases of the AWS SDKs' shared
//! conformance suite and those on which the suite is silent.

mod damage;
mod edit;
mod edits;
mod nested;
mod random;
mod random_edits;
mod regions;
mod remove;
mod rename;
mod save;
mod two_files;
mod warnings;

use super::*;
use crate::error::Exit;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Settings by lower-cased key.
type Reading = BTreeMap<String, String>;

/// What counts of each key, empty values too.
fn reading(profile: &Profile<'_>) -> Reading {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let settings = profile.settings.iter();
    settings.map(|(_, property)| (text(property.key).to_ascii_lowercase(), text(&property.value))).collect()
}

fn readings<'a>(names: impl IntoIterator<Item = &'a str>, find: impl Fn(&str) -> Found<'a>) -> Readings {
    let read = |name: &'a str| Some((name.to_owned(), reading(&find(name).expect("a readable section")?)));
    names.into_iter().filter_map(read).collect()
}

type Readings = BTreeMap<String, Reading>;
type Found<'a> = Result<Option<Profile<'a>>, Error>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The rule that the case shows.
    docs: String,
    #[serde(default)]
    config: String,
    #[serde(default)]
    credentials: String,
    /// All profiles there are.
    profiles: Readings,
    sso_sessions: Option<Readings>,
    services: Option<Readings>,
}

#[test]
fn files_are_read_as_the_table_says() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/data/dialect.json")).expect("a table");
    for Case { docs, config, credentials, profiles: expected, sso_sessions, services } in &cases {
        let profiles = Profiles::from_texts(config, credentials);
        let names = profiles.names();
        let listed: Vec<&str> = expected.keys().map(String::as_str).collect();
        assert_eq!(sorted(names.clone()), listed, "{docs}");
        assert_eq!(&readings(names, |name| profiles.profile(name)), expected, "{docs}");
        // Names that the cases use for what must not be there.
        let tried = ["a", "b", "s", "t", "corp", "local"];
        if let Some(expected) = sso_sessions {
            let names = expected.keys().map(String::as_str).chain(tried);
            assert_eq!(&readings(names, |name| profiles.sso_session(name)), expected, "{docs}");
        }
        if let Some(expected) = services {
            let names = expected.keys().map(String::as_str).chain(tried);
            assert_eq!(&readings(names, |name| profiles.services(name)), expected, "{docs}");
        }
    }
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

#[test]
fn names_are_listed_in_the_order_of_the_files() {
    for (config, credentials, names) in [
        ("", "", &[] as &[&str]),
        ("[profile z]\n[default]\n[profile a]\n[profile z]\n", "", &["z", "default", "a"]),
        ("[profile z]\n", "[y]\n[z]\n[default]\n", &["z", "y", "default"]),
        ("[profile \"two words\"]\n[sso-session s]\n[services t]\n[other]\n", "[two words]\n", &["two words"]),
        ("[default]\n[profile default]\n", "[default]\n", &["default"]),
        ("[profile b]\n= broken\n[profile a]\n", "", &["b", "a"]),
    ] {
        assert_eq!(Profiles::from_texts(config, credentials).names(), names, "{config:?} {credentials:?}");
    }
}

#[test]
fn a_value_knows_its_file_and_line() {
    let profiles = Profiles::from_texts(
        "# one\r\n[profile a]\r\nx = 1\r\n\r\ny =\r\n  n = 1\r\nz = 1\r\n[profile a]\r\nz = 2",
        "\n[a]\n\n x = 3",
    );
    let profile = profiles.profile("a").expect("no damage").expect("the profile");
    let place = |key: &str| profile.get(key).expect("text").map(|setting| setting.place.to_string());
    for (key, expected) in
        [("x", Some("credentials:4")), ("Y", Some("config:5")), ("z", Some("config:9")), ("n", None), ("w", None)]
    {
        assert_eq!(place(key).as_deref(), expected, "{key}");
    }
    assert_eq!(profile.declared().map(|place| place.to_string()).as_deref(), Some("config:2"));
}

#[test]
fn keyfobs_own_keys_come_first_and_empty_values_are_none() {
    let profiles = Profiles::from_texts(
        "[profile a]\nx = 1\nKeyfob_X = 2\nkeyfob_y = 3\nz = 4\nkeyfob_z =\nkeyfob_ = 5\nv =\nw = 6\n",
        "[a]\nx = 7\ny = 8\nw =\n",
    );
    let profile = profiles.profile("a").expect("no damage").expect("the profile");
    let value = |key: &str| profile.get(key).expect("text").map(|setting| setting.value.into_owned());
    for (key, expected) in [
        ("x", Some("2")),
        ("X", Some("2")),
        ("y", Some("3")),
        ("z", None),
        ("v", None),
        ("w", None),
        ("keyfob_y", Some("3")),
        ("keyfob_x", Some("2")),
        ("gone", None),
    ] {
        assert_eq!(value(key).as_deref(), expected, "{key}");
    }
}

#[test]
fn only_values_that_are_used_must_be_text() {
    let config = b"# \xff\n[profile \xff]\n[profile a]\nbad = \xff MARKERsecret\nnul = a\0b\nx = 1\n\xfe = 2\n";
    let profiles = Profiles::from_texts(config, b"\xff");
    assert_eq!(profiles.names(), ["a"]);
    let profile = profiles.profile("a").expect("no damage").expect("the profile");
    assert_eq!(profile.get("x").expect("text").map(|setting| setting.value.into_owned()).as_deref(), Some("1"));
    for (key, why) in [("bad", "config:4: the value is not UTF-8"), ("nul", "config:5: the value holds a NUL")] {
        let error = profile.get(key).expect_err(key);
        assert_eq!(error.message, format!("cannot read \"{key}\" of profile \"a\""));
        assert_eq!(error.cause.as_deref(), Some(why), "{key}");
    }
}

#[test]
fn nested_values_are_found_without_case() {
    let profiles = Profiles::from_texts(
        "[services a]\nSTS =\n  Endpoint_URL = http://a # c\n  endpoint_url=http://b;c ; d\n  other =\ns3 = endpoint_url = c\n",
        "",
    );
    let services = profiles.services("a").expect("no damage").expect("the section");
    for (key, name, expected) in [
        ("sts", "endpoint_url", Some("http://b;c")),
        ("sts", "other", None),
        ("sts", "gone", None),
        ("s3", "endpoint_url", None),
        ("gone", "endpoint_url", None),
    ] {
        assert_eq!(services.nested(key, name).expect("text").as_deref(), expected, "{key} {name}");
    }
}

#[test]
fn a_section_that_was_meant_is_told_with_the_header_that_it_needs() {
    let counts = "ignored: a name like this counts here only where the config file has the profile, too";
    let quotes = "ignored: a name like this needs quotes around it";
    let bare = "ignored: profiles here are written [NAME], without a prefix";
    let neither = "neither \"config\" nor \"credentials\" has it";
    for (name, config, credentials, cause, hint) in [
        ("my dev", "", "[a]\n[my dev]\n", format!("credentials:2: {counts}"), "add [profile 'my dev'] to \"config\""),
        ("it's", "", "[it's]\n", format!("credentials:1: {counts}"), "add [profile \"it's\"] to \"config\""),
        ("a\"b", "", "[a\"b]\n", format!("credentials:1: {counts}"), "add [profile 'a\"b'] to \"config\""),
        ("a\\b", "", "[a\\b]\n", format!("credentials:1: {counts}"), SectionName::ADVICE),
        ("ops", "", "[profile ops]\n", format!("credentials:1: {bare}"), "write [ops] there"),
        (
            "my team",
            "[profile other one]\n[profile my team]\n",
            "",
            format!("config:2: {quotes}"),
            "write [profile 'my team'] there",
        ),
        (
            "ops",
            "[ops]\n",
            "",
            "config:1: ignored: profiles here are written [profile NAME]".into(),
            "write [profile ops] there",
        ),
        (
            "ops",
            "[Profile ops]\n",
            "",
            "config:1: ignored: no AWS tool knows this kind of section".into(),
            "write [profile ops] there",
        ),
        // A slip, and broken lines that are about others.
        (
            "dve",
            "[profile my team]\n[base]\n[profile base]\n[profile dev]\n",
            "[two words]\n",
            neither.into(),
            "was \"dev\" meant? the profiles there: base, dev",
        ),
        ("team", "[profile my team]\n[profile a]\n", "", neither.into(), "the profiles there: a"),
    ] {
        let error = Profiles::from_texts(config, credentials).no_such_profile(name);
        assert_eq!(
            (error.cause, error.hint),
            (Some(cause), Some(hint.to_owned())),
            "{name}: {config:?} {credentials:?}"
        );
    }
    let many = (1..=10).map(|number| format!("[profile p{number}]\n")).collect::<Vec<_>>().concat();
    let hint = Profiles::from_texts(many + "[profile dev]\n", "").known_names("DEV");
    assert_eq!(hint, "was \"dev\" meant? `keyfob profile list` shows all");
}

#[test]
fn a_missing_profile_comes_with_the_names_there_are() {
    let many: String = (1..=10).flat_map(|number| ["[profile p".into(), number.to_string(), "]\n".into()]).collect();
    for (config, cause, hint) in [
        (
            "",
            "No profiles were defined in \"config\" or \"credentials\"",
            "make one: `keyfob configure sso x` chooses a role of IAM Identity Center, `keyfob login x` signs in with the console, `keyfob profile set x --access-key ID` keeps keys",
        ),
        ("[profile a]\n[default]\n", "neither \"config\" nor \"credentials\" has it", "the profiles there: a, default"),
        (
            &many,
            "neither \"config\" nor \"credentials\" has it",
            "the profiles there: p1, p2, p3, p4, p5, p6, p7, p8, and 2 more",
        ),
        (
            "[profile a]\n[profile b\n",
            "neither \"config\" nor \"credentials\" has it; also: config:2:1: Profile definition must end with ']'",
            "the profiles there: a, b",
        ),
        (
            "x = 1\n",
            "No profiles were defined in \"config\" or \"credentials\"; also: config:1:1: Expected a profile definition",
            "make one: `keyfob configure sso x` chooses a role of IAM Identity Center, `keyfob login x` signs in with the console, `keyfob profile set x --access-key ID` keeps keys",
        ),
    ] {
        let error = Profiles::from_texts(config, "").no_such_profile("x");
        assert_eq!(error.message, "no profile \"x\"");
        assert_eq!(error.cause.as_deref(), Some(cause), "{config:?}");
        assert_eq!(error.hint.as_deref(), Some(hint), "{config:?}");
        assert_eq!(error.exit, Exit::NoSuchProfile);
    }
}
