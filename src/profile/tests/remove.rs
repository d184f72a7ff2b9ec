//! What is taken away as tables: keys, sections, and the comments and blank lines around them.

use super::edit::{named, text_after};
use super::*;
use FileKind::{Config, Credentials};

#[track_caller]
fn check(file: FileKind, edits: &[Edit<'_>], cases: &[(&str, &str)]) {
    for (before, after) in cases {
        assert_eq!(text_after(file, before, edits).as_deref(), Ok(*after), "{before:?}");
        assert_eq!(text_after(file, after, edits).as_deref(), Ok(*after), "{before:?}, twice");
    }
}

#[test]
fn a_key_goes_with_all_its_lines_and_comments_stay() {
    check(
        Credentials,
        &[Edit::unset(named("a"), vec!["foo", "gone"])],
        &[
            ("[a]\nfoo = 1\n", "[a]\n"),
            ("[a]\nfoo = 1\nbar = 2\n", "[a]\nbar = 2\n"),
            ("[a]\nbar = 2\nfoo = 1", "[a]\nbar = 2\n"),
            ("[a]\nFOO = 1 # c\nbar = 2\n", "[a]\nbar = 2\n"),
            ("[a]\nfoo = 1\nbar = 2\nfoo = 3\n[b]\nfoo = 4\n[a]\nfoo = 5\n", "[a]\nbar = 2\n[b]\nfoo = 4\n[a]\n"),
            ("[a]\n\n# c\nfoo = 1\n# d\n\n[b]\n", "[a]\n\n# c\n# d\n\n[b]\n"),
            ("[a]\r\nfoo = 1\r\nbar = 2\r\n", "[a]\r\nbar = 2\r\n"),
            ("\u{feff}[a]\nfoo = 1\nbar = 2", "\u{feff}[a]\nbar = 2"),
            ("[a]\n  foo = 1\n  bar = 2\n", "[a]\n  bar = 2\n"),
            ("[a]\nbar = 2\n  foo = 1\n", "[a]\nbar = 2\n  foo = 1\n"),
            ("[a]\ns3 =\n  foo = 1\n", "[a]\ns3 =\n  foo = 1\n"),
            ("[b]\nfoo = 1\n", "[b]\nfoo = 1\n"),
            ("", ""),
        ],
    );
}

#[test]
fn nested_settings_and_continued_values_go_whole() {
    check(
        Config,
        &[Edit::unset(named("default"), vec!["s3"])],
        &[
            ("[default]\ns3 =\n    a = 1\n    b = 2\nx = 1\n", "[default]\nx = 1\n"),
            ("[default]\ns3 = 1\n  and\n\n  more\nx = 1\n", "[default]\n\nx = 1\n"),
            ("[default]\nx = 1\ns3 =\n    a = 1\n    # c\n\n    b = 2\n", "[default]\nx = 1\n# c\n\n"),
            // Indented, the comment would become a part of the value above.
            ("[default]\nx = 1\ns3 =\n    a = 1\n    # b = 2\n# c\n", "[default]\nx = 1\n# b = 2\n# c\n"),
            ("[default]\nx = 1\ns3 =\n    a = 1\n\t; b\r\ny = 1\n", "[default]\nx = 1\n; b\r\ny = 1\n"),
        ],
    );
}

#[test]
fn keys_of_a_section_that_does_not_count_stay() {
    check(
        Config,
        &[Edit::unset(named("default"), vec!["x"])],
        &[("[default]\nx = 1\n[profile default]\nx = 2\n", "[default]\nx = 1\n[profile default]\n")],
    );
}

#[test]
fn a_section_goes_from_its_comments_to_those_of_the_next() {
    check(
        Config,
        &[Edit::remove(named("a"))],
        &[
            ("", ""),
            ("[profile b]\n", "[profile b]\n"),
            ("[profile a]\nx = 1\n", ""),
            ("[profile a]", ""),
            ("[profile a]\nx = 1\n[profile b]\ny = 1\n", "[profile b]\ny = 1\n"),
            ("[profile b]\ny = 1\n[profile a]\nx = 1\n", "[profile b]\ny = 1\n"),
            ("[profile b]\ny = 1\n[profile a]\nx = 1", "[profile b]\ny = 1\n"),
            ("\u{feff}[profile a]\r\nx = 1\r\n[profile b]", "\u{feff}[profile b]"),
            ("[profile a]\ns3 =\n    a = 1\n[profile b]\n", "[profile b]\n"),
            // The comments above the next header are about that.
            ("[profile a]\nx = 1\n# b\n; b\n[profile b]\n", "# b\n; b\n[profile b]\n"),
            ("[profile a]\nx = 1\n# a\n\n# b\n[profile b]\n", "# b\n[profile b]\n"),
            ("[profile a]\nx = 1\n# a\n\n[profile b]\n", "[profile b]\n"),
            ("[profile a]\n# a\n[profile b]\n", "[profile b]\n"),
            ("[profile a]\n\n# b\n[profile b]\n", "# b\n[profile b]\n"),
            ("[profile a]\nx = 1\n  # y = 2\n[profile b]\n", "[profile b]\n"),
            ("[profile a]\nx = 1\n  # y = 2\n# b\n[profile b]\n", "# b\n[profile b]\n"),
            // Those above its own header are about it.
            ("[profile b]\ny = 1\n# a\n# a\n[profile a]\nx = 1\n[profile c]\n", "[profile b]\ny = 1\n[profile c]\n"),
            ("[profile b]\ny = 1\n# b\n\n# a\n[profile a]\n", "[profile b]\ny = 1\n# b\n"),
            ("[profile b]\n# b\n[profile a]\nx = 1\n", "[profile b]\n# b\n"),
            ("[profile b]\ny =\n  z = 1\n  # z = 2\n[profile a]\n", "[profile b]\ny =\n  z = 1\n  # z = 2\n"),
            ("# the file\n[profile a]\nx = 1\n", "# the file\n"),
            ("\n# a\n[profile a]\nx = 1\n", ""),
            ("# the file\n\n# a\n[profile a]\nx = 1\n[profile b]\n", "# the file\n\n[profile b]\n"),
            // Comments inside it may be secrets that somebody switched off.
            ("[profile a]\n# x = 1\ny = 1 # y\n# z = 1\n\n", ""),
        ],
    );
}

#[test]
fn blank_lines_go_with_the_section_above_them() {
    check(
        Config,
        &[Edit::remove(named("a"))],
        &[
            ("[profile b]\ny = 1\n\n[profile a]\n\nx = 1\n\n\n[profile c]\n", "[profile b]\ny = 1\n\n[profile c]\n"),
            (
                "[profile b]\ny = 1\n\n[profile a]\nx = 1\n\n# c\n[profile c]\n",
                "[profile b]\ny = 1\n\n# c\n[profile c]\n",
            ),
            ("[profile b]\r\ny = 1\r\n\r\n \t\r\n[profile a]\r\nx = 1\r\n\r\n", "[profile b]\r\ny = 1\r\n"),
            ("\n\n[profile a]\nx = 1\n", ""),
            // A lone CR is data.
            ("[profile b]\ny = 1\n \r\r\n\n[profile a]\nx = 1\n", "[profile b]\ny = 1\n \r\r\n"),
            ("\r\r\n[profile a]\nx = 1\n", "\r\r\n"),
            // Two of them, each up to the next.
            ("[profile b]\n\n[profile a]\nx = 1\n\n# a\n[profile 'a']\ny = 1\n", "[profile b]\n"),
            ("[profile a]\nx = 1\n\n[profile b]\n\n[profile a]\ny = 1\n", "[profile b]\n"),
        ],
    );
}

#[test]
fn a_section_goes_however_it_is_spelled() {
    check(
        Config,
        &[Edit::remove(named("default"))],
        &[("[default]\nx = 1\n[profile b]\n[ profile  \"default\" ] # c\nx = 2\n", "[profile b]\n")],
    );
    check(Config, &[Edit::remove(named("two words"))], &[("[profile 'two words']\nx = 1\n[default]\n", "[default]\n")]);
    check(Credentials, &[Edit::remove(named("two words"))], &[("[two words]\nx = 1\n[default]\n", "[default]\n")]);
    let session = SectionName { kind: SectionKind::SsoSession, name: "a" };
    check(
        Config,
        &[Edit::remove(session)],
        &[("[profile a]\nx = 1\n[sso-session a]\ny = 1\n[services a]\n", "[profile a]\nx = 1\n[services a]\n")],
    );
}

#[test]
fn the_bounds_of_another_tools_sections_stay() {
    check(
        Config,
        &[Edit::remove(named("a"))],
        &[
            (
                "# BEGIN_AWS_SSO_CLI\n\n[profile a]\nx = 1\n\n# END_AWS_SSO_CLI\n",
                "# BEGIN_AWS_SSO_CLI\n\n# END_AWS_SSO_CLI\n",
            ),
            (
                "[profile b]\n\n# BEGIN_AWS_SSO_CLI_corp\n[profile a]\nx = 1\n# END_AWS_SSO_CLI_corp\n# c\n[profile c]\n",
                "[profile b]\n\n# BEGIN_AWS_SSO_CLI_corp\n# END_AWS_SSO_CLI_corp\n# c\n[profile c]\n",
            ),
        ],
    );
}

#[test]
fn what_cannot_be_taken_away_safely_stays() {
    for (before, message, cause) in [
        (
            "[profile a]\nx = 1\nsecret\n",
            "cannot read profile \"a\"",
            "file:3:1: Expected an '=' sign defining a property",
        ),
        // The indented header would continue the line above it.
        (
            "[profile b]\nx = 1\n[profile a]\n [profile c]\n",
            "cannot change profile \"a\"",
            "file:1: this section would say something else then",
        ),
    ] {
        let error = text_after(Config, before, &[Edit::remove(named("a"))]).expect_err("it must be refused");
        assert_eq!((error.message.as_str(), error.cause.as_deref()), (message, Some(cause)));
    }
}

#[test]
fn comments_stay_where_they_are_to() {
    check(
        Config,
        &[Edit::remove_but_comments(named("a"))],
        &[
            ("[profile a]\nx = 1\n", ""),
            ("# above\n[profile a] # a\nx = 1 # x\n  # c\n; d\n", "# above\n# a\n# x\n# c\n; d\n"),
            ("[profile b]\n\n# above\n[profile a]#a\nx = 1\n\n", "[profile b]\n\n# above\n#a\n"),
            ("[profile a]\nx = 1\n# c\n\n# b\n[profile b]\n", "# c\n\n# b\n[profile b]\n"),
            ("[profile a]\n\nx = 1\n\n\n# c\n\n\nx = 1\n\n[profile b]\n", "# c\n\n\n[profile b]\n"),
            ("[profile a]\r\ns3 =\r\n  v = 1 # v\r\n  # w\r\n\r\n", "# v\r\n# w\r\n"),
            // What continues a value has no comment behind it: that is a part of a value, and may be a secret.
            ("[profile a]\nx = 1\n  2 # 3\ny = 1 # y", "# y\n"),
            ("[profile b]\nx = 1\n[profile a]\n  # c\n", "[profile b]\nx = 1\n# c\n"),
            ("[profile a]\n# a\n[profile b]\n[profile 'a']\n# a\n", "# a\n[profile b]\n# a\n"),
            ("[profile a]\n# BEGIN_AWS_SSO_CLI\n", "# BEGIN_AWS_SSO_CLI\n"),
            ("\u{feff}[profile a] ; c", "\u{feff}; c\n"),
        ],
    );
    let both = [Edit::remove_but_comments(named("a")), Edit::remove(named("b"))];
    check(
        Config,
        &both,
        &[("[profile a]\n# a\n\n# b\n[profile b]\n# b\n\n# c\n[profile c]\n", "# a\n\n# c\n[profile c]\n")],
    );
    for edits in [
        [Edit::remove(named("a")), Edit::remove_but_comments(named("a"))],
        [Edit::remove_but_comments(named("a")), Edit::remove(named("a"))],
    ] {
        check(Config, &edits, &[("[profile a]\n# a\n", "")]);
    }
}
