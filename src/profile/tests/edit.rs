//! Edits as tables: what a text becomes, byte for byte, and what is refused.

use super::*;
use crate::profile::edit;
use FileKind::{Config, Credentials};
use std::path::Path;

/// The text after keys of a profile were set; `K=V`, blanks between.
fn set(file: FileKind, before: &str, profile: &str, settings: &str) -> Result<String, Error> {
    text_after(file, before, &[Edit::set(named(profile), changes(settings))])
}

/// A text after edits.
pub(super) fn text_after(file: FileKind, before: &str, edits: &[Edit<'_>]) -> Result<String, Error> {
    let edited = edited(file, before.as_bytes(), edits)?;
    Ok(String::from_utf8(edited).expect("text stays text"))
}

fn edited(file: FileKind, before: &[u8], edits: &[Edit<'_>]) -> Result<Vec<u8>, Error> {
    Ok(edit::edited(file, Path::new("file"), before, edits)?.bytes)
}

pub(super) fn named(name: &str) -> SectionName<'_> {
    SectionName { kind: SectionKind::Profile, name }
}

pub(super) fn changes(settings: &str) -> Vec<Change<'_>> {
    let pairs = settings.split_whitespace().filter_map(|setting| setting.split_once('='));
    pairs.map(|(key, value)| Change { key, value }).collect()
}

#[track_caller]
fn check(file: FileKind, profile: &str, cases: &[(&str, &str, &str)]) {
    for (before, settings, after) in cases {
        assert_eq!(set(file, before, profile, settings).as_deref(), Ok(*after), "{before:?} {settings}");
        assert_eq!(set(file, after, profile, settings).as_deref(), Ok(*after), "{before:?} {settings}, twice");
    }
}

#[test]
fn edits_agree_with_the_aws_cli() {
    check(
        Config,
        "default",
        &[
            ("", "foo=9", "[default]\nfoo = 9\n"),
            ("\n", "foo=9", "\n[default]\nfoo = 9\n"),
            ("[default]\n", "foo=9", "[default]\nfoo = 9\n"),
            ("[default]\nfoo = 1\nbar = 1", "foo=9", "[default]\nfoo = 9\nbar = 1"),
            ("[default]\nfoo=1\nbar=1", "foo=9", "[default]\nfoo = 9\nbar=1"),
            ("[default]\nfoo = old[value]\nbar = 1", "foo=new[value]", "[default]\nfoo = new[value]\nbar = 1"),
            ("[default]\nfoo = 1\nbar = 2", "baz=9", "[default]\nfoo = 1\nbar = 2\nbaz = 9\n"),
            ("[default]\n#foo = 1\nbar = 1\n", "foo=9", "[default]\n#foo = 1\nbar = 1\nfoo = 9\n"),
            ("#[default]\n[default]\nfoo = 1\n", "foo=9", "#[default]\n[default]\nfoo = 9\n"),
            (
                "[a]\nx = 1\n\n\n[other \"b\"]\n\ny = 1\n",
                "foo=9",
                "[a]\nx = 1\n\n\n[other \"b\"]\n\ny = 1\n[default]\nfoo = 9\n",
            ),
            ("[default]\nfoo = 1\nbar = 2\n", "bar=8 foo=9", "[default]\nfoo = 9\nbar = 8\n"),
            ("[default]\nfoo = 1\n", "bar=8 baz=9", "[default]\nfoo = 1\nbar = 8\nbaz = 9\n"),
        ],
    );
    check(
        Config,
        "foobar",
        &[
            ("[profile foobar]\nfoo = 1\nbar = 1\n", "foo=9", "[profile foobar]\nfoo = 9\nbar = 1\n"),
            ("[profile \"foobar\"]\nfoo = 1\n", "foo=9", "[profile \"foobar\"]\nfoo = 9\n"),
            ("[preview]\ncloudfront = true", "x=9", "[preview]\ncloudfront = true\n[profile foobar]\nx = 9\n"),
        ],
    );
    check(
        Credentials,
        "b",
        &[
            ("[a]\nx = 1", "y=2", "[a]\nx = 1\n[b]\ny = 2\n"),
            ("[a]\nfoo = 1\n[b]\n\nfoo = 1\n[c]\nfoo = 1\n", "foo=9", "[a]\nfoo = 1\n[b]\n\nfoo = 9\n[c]\nfoo = 1\n"),
            ("[b]\n\nfoo = bar\n\n[c]\n", "new=9", "[b]\n\nfoo = bar\nnew = 9\n\n[c]\n"),
            (
                "",
                "aws_secret_access_key=S aws_access_key_id=A",
                "[b]\naws_access_key_id = A\naws_secret_access_key = S\n",
            ),
        ],
    );
}

#[test]
fn edits_keep_what_the_aws_cli_loses() {
    check(
        Credentials,
        "a",
        &[
            ("[a]\nfoo = 1 # keep\n", "foo=9", "[a]\n# keep\nfoo = 9\n"),
            ("[a]\nfoo = 9 # keep\n", "foo=9", "[a]\n# keep\nfoo = 9\n"),
            ("[a]\nfoo = # keep", "foo=9", "[a]\n# keep\nfoo = 9"),
            ("[a]\n  foo = 1 \t; keep # this\r\n", "foo=9", "[a]\n  ; keep # this\r\n  foo = 9\r\n"),
            ("[a]\nfoo = a\n  b\nbar = 2\n", "foo=9", "[a]\nfoo = 9\nbar = 2\n"),
            ("[a]\nfoo = a\n  b", "foo=9", "[a]\nfoo = 9\n"),
            (
                "[a]\nfoo = a\n  b # c\n\n  # d\n\n  e\n  # f\nbar = 2\n",
                "foo=9",
                "[a]\nfoo = 9\n\n# d\n\n# f\nbar = 2\n",
            ),
            ("[a]\n  foo = 1\n  bar = 2\n", "foo=9", "[a]\n  foo = 9\n  bar = 2\n"),
            ("[a]\n\tfoo = 1\n", "bar=9", "[a]\n\tfoo = 1\n\tbar = 9\n"),
            ("[a]\n  foo = 1\n bar = 2\n", "new=9", "[a]\n  foo = 1\n bar = 2\n new = 9\n"),
            ("[a]\nFoo = 1\n", "foo=9", "[a]\nFoo = 9\n"),
            ("[a]\ns3 =\n    region = 1\nregion = x\n", "region=9", "[a]\ns3 =\n    region = 1\nregion = 9\n"),
            ("[a]\ns3 =\n    region = 1\n", "region=9", "[a]\ns3 =\n    region = 1\nregion = 9\n"),
            ("[a]\nfoo = 1\n\n# tail\n", "new=9", "[a]\nfoo = 1\nnew = 9\n\n# tail\n"),
            ("[a]\n\n# tail\n[b]\n", "new=9", "[a]\nnew = 9\n\n# tail\n[b]\n"),
            ("[a]\nfoo = 1\nfoo = 2\nbar = 3\n", "foo=9", "[a]\nfoo = 1\nfoo = 9\nbar = 3\n"),
            ("[a]\nno name = 1\n  2\n", "foo=9", "[a]\nno name = 1\n  2\nfoo = 9\n"),
            ("[a]\n  no name = 1\n", "foo=9", "[a]\n  no name = 1\n  foo = 9\n"),
            ("[a]\nfoo=9\n", "foo=9", "[a]\nfoo=9\n"),
            // Some tools take every deeper line for a part of the value above it.
            ("[a]\nfoo = 1\n\n  # c\n# d\n", "foo=9", "[a]\nfoo = 9\n\n# c\n# d\n"),
            ("[a]\nfoo = 1\n  # c\n \n# d\n", "bar=9", "[a]\nfoo = 1\nbar = 9\n# c\n \n# d\n"),
            ("[a]\n  # c\n", "bar=9", "[a]\nbar = 9\n# c\n"),
            ("[a]\n  foo = 1\n  # c\n", "foo=9", "[a]\n  foo = 9\n  # c\n"),
            ("[a]\nfoo =\n", "foo=9", "[a]\nfoo = 9\n"),
        ],
    );
}

#[test]
fn lines_end_as_their_neighbours_do() {
    check(
        Config,
        "a",
        &[
            ("[profile a]\r\nfoo = 1\r\n", "foo=9", "[profile a]\r\nfoo = 9\r\n"),
            ("[profile a]\r\nfoo = 1\r\n", "bar=9", "[profile a]\r\nfoo = 1\r\nbar = 9\r\n"),
            ("[profile a]\r\nfoo = 1", "bar=9", "[profile a]\r\nfoo = 1\r\nbar = 9\r\n"),
            ("[profile a]\r\nfoo = 1", "foo=9", "[profile a]\r\nfoo = 9"),
            ("[profile a]\r\nfoo = 1 # c", "foo=9", "[profile a]\r\n# c\r\nfoo = 9"),
            ("[profile a]\nfoo = 1\r\n[b]\n", "bar=9", "[profile a]\nfoo = 1\r\nbar = 9\r\n[b]\n"),
            ("[profile a]\nfoo = 1\r", "bar=9", "[profile a]\nfoo = 1\r\nbar = 9\n"),
            ("[profile b]\r\n", "foo=9", "[profile b]\r\n[profile a]\r\nfoo = 9\r\n"),
            ("[profile b]\r\nx = 1", "foo=9", "[profile b]\r\nx = 1\r\n[profile a]\r\nfoo = 9\r\n"),
            ("[profile b]\nx = 1\r\n", "foo=9", "[profile b]\nx = 1\r\n[profile a]\r\nfoo = 9\r\n"),
            ("[profile a]", "foo=9", "[profile a]\nfoo = 9\n"),
            ("\u{feff}[profile a]\nfoo = 1\n", "foo=9", "\u{feff}[profile a]\nfoo = 9\n"),
            ("\u{feff}", "foo=9", "\u{feff}[profile a]\nfoo = 9\n"),
        ],
    );
}

#[test]
fn sections_are_found_as_the_reader_finds_them() {
    check(
        Config,
        "a",
        &[
            ("[ profile \t a ] # c\nx = 1\n", "x=9", "[ profile \t a ] # c\nx = 9\n"),
            ("[profile 'a']\n", "x=9", "[profile 'a']\nx = 9\n"),
            ("  [profile a]\n", "x=9", "  [profile a]\nx = 9\n"),
            ("[a]\nx = 1\n", "x=9", "[a]\nx = 1\n[profile a]\nx = 9\n"),
            ("[profile A]\n", "x=9", "[profile A]\n[profile a]\nx = 9\n"),
            // Of two sections with one name, the last line counts, and new ones go to the last section.
            (
                "[profile a]\nx = 1\n[profile b]\n[profile \"a\"]\n",
                "x=9",
                "[profile a]\nx = 9\n[profile b]\n[profile \"a\"]\n",
            ),
            ("[profile a]\nx = 1\n[profile a]\nx = 2\n", "x=9", "[profile a]\nx = 1\n[profile a]\nx = 9\n"),
            ("[profile a]\nx = 1\n[profile a]\n# c\n", "y=9", "[profile a]\nx = 1\n[profile a]\ny = 9\n# c\n"),
            // What others do in the file is no obstacle.
            ("y = 1\n[profile b\nz\n[profile a]\n", "x=9", "y = 1\n[profile b\nz\n[profile a]\nx = 9\n"),
        ],
    );
    check(Config, "two words", &[("", "x=9", "[profile 'two words']\nx = 9\n")]);
    check(Config, "two words", &[("[profile 'two words']\n", "x=9", "[profile 'two words']\nx = 9\n")]);
    check(Credentials, "two words", &[("[two words]\n", "x=9", "[two words]\nx = 9\n")]);
    check(
        Config,
        "default",
        &[
            ("[default]\nx = 1\n[profile default]\nx = 2\n", "x=9", "[default]\nx = 1\n[profile default]\nx = 9\n"),
            ("[profile default]\nx = 1\n[default]\nx = 2\n", "x=9", "[profile default]\nx = 9\n[default]\nx = 2\n"),
            ("[profile default]\n[default]\nx = 2\n", "x=9", "[profile default]\nx = 9\n[default]\nx = 2\n"),
            ("[ default ]\nx = 1\n", "x=9", "[ default ]\nx = 9\n"),
        ],
    );
}

#[test]
fn other_kinds_of_sections_are_edited_alike() {
    let section = SectionName { kind: SectionKind::SsoSession, name: "corp" };
    let set = |before: &[u8]| edited(Config, before, &[Edit::set(section, changes("sso_region=r"))]);
    assert_eq!(set(b"[profile corp]\n").expect("an edit"), b"[profile corp]\n[sso-session corp]\nsso_region = r\n");
    assert_eq!(
        set(b"[sso-session corp]\n\xff = 1\n").expect("an edit"),
        b"[sso-session corp]\n\xff = 1\nsso_region = r\n"
    );
}

#[test]
fn what_cannot_be_edited_safely_is_refused() {
    for (file, before, profile, message, cause) in [
        (
            Config,
            "[profile a]\n\nx\n",
            "a",
            "cannot read profile \"a\"",
            "file:3:1: Expected an '=' sign defining a property",
        ),
        (Config, "[profile a\n", "a", "cannot read profile \"a\"", "file:1:1: Profile definition must end with ']'"),
        (
            Credentials,
            "[a]\n x\n",
            "a",
            "cannot read profile \"a\"",
            "file:2:2: Expected a property definition, found continuation",
        ),
        (
            Config,
            "[profile a]\n\nk =\n  v = 1\n",
            "a",
            "cannot set \"k\" of profile \"a\"",
            "file:3: it holds nested settings, which would be lost",
        ),
        // The indented header would continue the line before it.
        (
            Config,
            "[profile a]\n [profile b]\n",
            "a",
            "cannot change profile \"a\"",
            "file:2: this section would say something else then",
        ),
        (
            Config,
            "",
            "a]b",
            "cannot add profile \"a]b\" to \"file\"",
            "the name has characters that not every AWS tool reads alike",
        ),
        (
            Credentials,
            "",
            "a b",
            "cannot add profile \"a b\" to \"file\"",
            "the name has characters that not every AWS tool reads alike",
        ),
    ] {
        let error = set(file, before, profile, "k=9").expect_err("it must be refused");
        assert_eq!((error.message.as_str(), error.cause.as_deref()), (message, Some(cause)));
    }
}

#[test]
fn utf_16_is_refused() {
    for bytes in [b"\xff\xfe[\0", b"\xfe\xff\0["] {
        let error = edited(Config, bytes, &[Edit::remove(named("a"))]).expect_err("it must be refused");
        assert_eq!(error.cause.as_deref(), Some("file is UTF-16; re-save as UTF-8"));
    }
}

#[test]
fn a_value_that_tools_read_differently_is_refused_before_anything_else() {
    let changes = vec![Change { key: "x", value: "MARKER # c" }];
    let set = Edit::set(named("a"), changes);
    let error = edited(Config, b"[profile a\n", &[set]).expect_err("it must be refused");
    assert_eq!(error.message, "cannot write \"x\" to a shared file");
    assert!(!error.to_string().contains("MARKER"), "{error}");
}
