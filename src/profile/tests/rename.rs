//! Other names for keys and sections as tables: only the names change, and back again.

use super::edit::{changes, named, text_after};
use super::*;
use FileKind::{Config, Credentials};

/// A text after keys of profile `a` got other names; `FROM>TO`, blanks between.
fn renamed_keys(before: &str, names: &'static str) -> Result<String, Error> {
    let pairs = names.split(' ').filter_map(|pair| pair.split_once('>')).collect();
    text_after(Credentials, before, &[Edit::rename_keys(named("a"), pairs)])
}

#[test]
fn only_the_letters_of_a_key_change_and_back_again() {
    for (before, after) in [
        ("[a]\nrole_arn=r # c\n", "[a]\nkeyfob_role_arn=r # c\n"),
        ("[a]\n \tRole_Arn \t=\t r;# \r\nx = 1", "[a]\n \tkeyfob_Role_Arn \t=\t r;# \r\nx = 1"),
        (
            "[a]\nrole_arn = r\n  more # c\n\n  # d\nx = 1\nROLE_ARN =\n  n = 1\n",
            "[a]\nkeyfob_role_arn = r\n  more # c\n\n  # d\nx = 1\nkeyfob_ROLE_ARN =\n  n = 1\n",
        ),
        (
            "\u{feff}[a]\nrole_arn = r\n[b]\nrole_arn = r\n[a]\nrole_arn =",
            "\u{feff}[a]\nkeyfob_role_arn = r\n[b]\nrole_arn = r\n[a]\nkeyfob_role_arn =",
        ),
        ("[a]\nx =\n  role_arn = 1\n# role_arn = 2\n", "[a]\nx =\n  role_arn = 1\n# role_arn = 2\n"),
        ("[b]\n", "[b]\n"),
    ] {
        assert_eq!(renamed_keys(before, "role_arn>keyfob_role_arn").as_deref(), Ok(after), "{before:?}");
        assert_eq!(renamed_keys(after, "keyfob_role_arn>role_arn").as_deref(), Ok(before), "{after:?}");
    }
}

#[test]
fn keys_take_any_new_name_that_is_free() {
    for (before, names, after) in [
        ("[a]\nX = 1\n", "x>other", "[a]\nother = 1\n"),
        ("[a]\nx = 1\ny = 2\n", "x>z y>x", "[a]\nz = 1\nx = 2\n"),
        ("[a]\nx = 1\ny = 2\n", "x>z y>x z>y", "[a]\ny = 1\nx = 2\n"),
        ("[a]\nX = 1\n", "x>x", "[a]\nX = 1\n"),
    ] {
        assert_eq!(renamed_keys(before, names).as_deref(), Ok(after), "{before:?} {names}");
    }
    let error = renamed_keys("[a]\nx = 1\n\nKeyfob_X = 2\n", "x>keyfob_x").expect_err("it is there");
    assert_eq!(error.message, "cannot rename \"x\" of profile \"a\" to \"keyfob_x\"");
    assert_eq!(error.cause.as_deref(), Some("file:4: there is a \"keyfob_x\" already"));
    let error = renamed_keys("[a]\n", "x>y=z").expect_err("it is no name");
    assert_eq!(error.cause.as_deref(), Some("the name has characters that names cannot have"));
}

#[test]
fn renamed_keys_make_room_for_new_ones() {
    const OWN: &str = "keyfob_credential_process";
    const PLAIN: &str = "credential_process";
    let before = "[default]\nCredential_Process=old # c\nregion=r\n# tail\n";
    let bridge = [
        Edit::rename_keys(named("default"), vec![(PLAIN, OWN)]),
        Edit::set(named("default"), changes("credential_process=new")),
    ];
    let after = "[default]\nkeyfob_Credential_Process=old # c\nregion=r\ncredential_process = new\n# tail\n";
    assert_eq!(text_after(Config, before, &bridge).as_deref(), Ok(after));
    let undo = [Edit::unset(named("default"), vec![PLAIN]), Edit::rename_keys(named("default"), vec![(OWN, PLAIN)])];
    assert_eq!(text_after(Config, after, &undo).as_deref(), Ok(before));

    let last = "[default]\nregion=r\ncredential_process=old\n  # c\n";
    let bridged = "[default]\nregion=r\nkeyfob_credential_process=old\ncredential_process = new\n# c\n";
    assert_eq!(text_after(Config, last, &bridge).as_deref(), Ok(bridged));
}

#[track_caller]
fn check(file: FileKind, from: &str, to: &str, cases: &[(&str, &str)]) {
    for (before, after) in cases {
        let renamed = text_after(file, before, &[Edit::rename(named(from), to)]);
        assert_eq!(renamed.as_deref(), Ok(*after), "{before:?}");
    }
}

#[test]
fn of_a_header_only_the_name_changes_and_back_again() {
    for (file, from, to, before, after) in [
        (Config, "a", "b", "[profile a]\nx = 1\n", "[profile b]\nx = 1\n"),
        (Config, "a", "b", "[ profile \t a ] # a\r\nx = a", "[ profile \t b ] # a\r\nx = a"),
        (Config, "a", "b", "\u{feff}  [profile  a\t]", "\u{feff}  [profile  b\t]"),
        (Config, "a", "b", "[profile a]\n[profile c]\n[profile a]# a\n", "[profile b]\n[profile c]\n[profile b]# a\n"),
        (Config, "a", "two words", "[profile  a ]\nx = 1\n", "[profile  'two words' ]\nx = 1\n"),
        (Config, "a", "default", "[ profile a ] # c\nx = 1\n", "[ default ] # c\nx = 1\n"),
        (Config, "a", "b", "[profile 'a']\n[profile \"a\"] # c", "[profile 'b']\n[profile \"b\"] # c"),
        (Config, "two words", "a/b c", "[profile  \"two words\" ]\n", "[profile  \"a/b c\" ]\n"),
        (Credentials, "a", "b", "[a]\nx = 1\n", "[b]\nx = 1\n"),
        (Credentials, "a", "default", "[ a ] # a\nx = 1", "[ default ] # a\nx = 1"),
        (Config, "a", "b", "[sso-session a]\n[a]\n[profile A]\n", "[sso-session a]\n[a]\n[profile A]\n"),
    ] {
        check(file, from, to, &[(before, after)]);
        check(file, to, from, &[(after, before)]);
    }
    check(Config, "two words", "b", &[("[profile 'two words']\n", "[profile b]\n")]);
    check(Config, "default", "b", &[("[profile  default]\n", "[profile  b]\n"), ("[default]\n", "[profile b]\n")]);
    check(Credentials, "two words", "b", &[("[two words]\n", "[b]\n")]);
    let session = SectionName { kind: SectionKind::SsoSession, name: "a" };
    let renamed = text_after(Config, "[profile a]\n[sso-session  a]\n[services a]\n", &[Edit::rename(session, "b")]);
    assert_eq!(renamed.as_deref(), Ok("[profile a]\n[sso-session  b]\n[services a]\n"));
}

#[test]
fn a_renamed_section_may_be_changed_under_either_name() {
    let rename = |from, to| Edit::rename(named(from), to);
    let set = |name, settings| Edit::set(named(name), changes(settings));
    for (before, edits, after) in [
        (
            "[profile a]\nx = 1\n",
            vec![rename("a", "b"), set("b", "x=2"), set("a", "y=3")],
            "[profile b]\nx = 2\ny = 3\n",
        ),
        ("[profile a]\nx = 1\n", vec![set("a", "x=2"), rename("a", "b")], "[profile b]\nx = 2\n"),
        ("", vec![set("a", "x=2"), rename("a", "b")], "[profile b]\nx = 2\n"),
        (
            "[profile a]\nx = 1\n[profile b]\ny = 1\n",
            vec![Edit::remove(named("b")), rename("a", "b")],
            "[profile b]\nx = 1\n",
        ),
        ("[profile a]\nx = 1\n[profile b]\n", vec![rename("a", "c"), Edit::remove(named("c"))], "[profile b]\n"),
        (
            "[profile a]\nx = 1\n[profile b]\ny = 1\n",
            vec![rename("a", "c"), rename("b", "a"), rename("c", "b")],
            "[profile b]\nx = 1\n[profile a]\ny = 1\n",
        ),
        ("[profile a]\n", vec![rename("a", "b"), rename("b", "a")], "[profile a]\n"),
        ("[profile a]\n", vec![rename("a", "a")], "[profile a]\n"),
    ] {
        assert_eq!(text_after(Config, before, &edits).as_deref(), Ok(after), "{before:?}");
    }
}

#[test]
fn a_name_that_is_taken_or_cannot_be_written_is_refused() {
    for (file, before, edits, message, cause) in [
        (
            Config,
            "[profile a]\n\n[profile 'b']\n",
            vec![Edit::rename(named("a"), "b")],
            "cannot rename profile \"a\" to \"b\"",
            "file:3: there is a profile \"b\" already",
        ),
        (
            Config,
            "[profile b]\n",
            vec![Edit::rename(named("a"), "b")],
            "cannot rename profile \"a\" to \"b\"",
            "file:1: there is a profile \"b\" already",
        ),
        (
            Config,
            "[profile a]\n",
            vec![Edit::set(named("b"), changes("x=1")), Edit::rename(named("a"), "b")],
            "cannot rename profile \"a\" to \"b\"",
            "there is a profile \"b\" already",
        ),
        (
            Config,
            "[profile a]\n[profile b]\n",
            vec![Edit::rename(named("a"), "c"), Edit::rename(named("b"), "c")],
            "cannot rename profile \"b\" to \"c\"",
            "there is a profile \"c\" already",
        ),
        (
            Config,
            "[profile a]\n[default]\n",
            vec![Edit::rename(named("a"), "default")],
            "cannot rename profile \"a\" to \"default\"",
            "file:2: there is a profile \"default\" already",
        ),
        (
            Config,
            "[profile default]\n[default]\nx = 1\n",
            vec![Edit::rename(named("default"), "b")],
            "cannot rename profile \"default\" to \"b\"",
            "file:2: ignored, since there is a [profile default] too",
        ),
        (
            Credentials,
            "[a]\n",
            vec![Edit::rename(named("a"), "two words")],
            "cannot add profile \"two words\" to \"file\"",
            "the name has characters that not every AWS tool reads alike",
        ),
    ] {
        let error = text_after(file, before, &edits).expect_err("it must be refused");
        assert_eq!((error.message.as_str(), error.cause.as_deref()), (message, Some(cause)));
    }
}
