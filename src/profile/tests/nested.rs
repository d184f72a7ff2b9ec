//! Nested blocks as tables: sub-properties set, unset, and what is refused.

use super::edit::{changes, named, text_after};
use super::*;
use FileKind::Config;

#[track_caller]
fn check_set(cases: &[(&str, &str, &str)]) {
    for (before, settings, after) in cases {
        let set = || [Edit::set_nested(named("default"), "s3", changes(settings))];
        assert_eq!(text_after(Config, before, &set()).as_deref(), Ok(*after), "{before:?} {settings}");
        assert_eq!(text_after(Config, after, &set()).as_deref(), Ok(*after), "{before:?} {settings}, twice");
    }
}

#[test]
fn nested_settings_agree_with_the_aws_cli() {
    check_set(&[
        ("", "v=9", "[default]\ns3 =\n    v = 9\n"),
        ("[default]\n", "v=9", "[default]\ns3 =\n    v = 9\n"),
        ("[default]\nfoo = 1", "v=9 w=8", "[default]\nfoo = 1\ns3 =\n    v = 9\n    w = 8\n"),
        ("[default]\ns3 =\n    o = f\nec2 = b\n", "v=9", "[default]\ns3 =\n    o = f\n    v = 9\nec2 = b\n"),
        ("[default]\ns3 =\n    v = 1\n    o = f\nec2 = b\n", "v=9", "[default]\ns3 =\n    v = 9\n    o = f\nec2 = b\n"),
        ("[default]\ns3=\n    o=f\n", "v=9", "[default]\ns3=\n    o=f\n    v = 9\n"),
    ]);
}

#[test]
fn nested_settings_keep_what_the_aws_cli_loses() {
    check_set(&[
        ("[default]\ns3 =\n", "v=9", "[default]\ns3 =\n    v = 9\n"),
        ("[default]\ns3 =", "v=9", "[default]\ns3 =\n    v = 9\n"),
        ("[default]\ns3 =\n  o = f\n", "v=9", "[default]\ns3 =\n  o = f\n  v = 9\n"),
        ("[default]\ns3 =\n\to = f", "v=9", "[default]\ns3 =\n\to = f\n\tv = 9\n"),
        ("[default]\r\ns3 =\r\n  o = f\r\nx = 1\r\n", "v=9", "[default]\r\ns3 =\r\n  o = f\r\n  v = 9\r\nx = 1\r\n"),
        ("[default]\r\nx = 1\r\n", "v=9", "[default]\r\nx = 1\r\ns3 =\r\n    v = 9\r\n"),
        ("[default]\nS3 =\n  V = 1\n", "v=9", "[default]\nS3 =\n  V = 9\n"),
        ("[default]\ns3 =\n  v = 1\n  V=2\n  w = 3\n", "v=9", "[default]\ns3 =\n  v = 1\n  V = 9\n  w = 3\n"),
        ("[default]\ns3 =\n  v = 1 # keep\r\n  w = 3\n", "v=9", "[default]\ns3 =\n# keep\r\n  v = 9\r\n  w = 3\n"),
        ("[default]\ns3 = # keep\n  v=9\n", "v=9", "[default]\n# keep\ns3 =\n  v=9\n"),
        ("[default]\ns3= \t; keep", "v=9", "[default]\n; keep\ns3=\n    v = 9\n"),
        (
            "[default]\ns3 =\n  # c\n\n  o = f\n  # d\n# e\nx = 1\n",
            "v=9",
            "[default]\ns3 =\n  # c\n\n  o = f\n  v = 9\n  # d\n# e\nx = 1\n",
        ),
        ("[default]\ns3 =\n  v = 1\ns3 =\n  w = 1\n", "v=9", "[default]\ns3 =\n  v = 1\ns3 =\n  w = 1\n  v = 9\n"),
        ("[default]\n  s3 =\n    o = f\n  x = 1\n", "v=9", "[default]\n  s3 =\n    o = f\n    v = 9\n  x = 1\n"),
        ("[default]\n  x = 1\n", "v=9", "[default]\n  x = 1\n  s3 =\n      v = 9\n"),
        ("[default]\nv = 1\n", "v=9", "[default]\nv = 1\ns3 =\n    v = 9\n"),
        ("\u{feff}[default]\ns3 =\n  v = 1", "v=9", "\u{feff}[default]\ns3 =\n  v = 9"),
        ("[profile a]\r\n", "v=9", "[profile a]\r\n[default]\r\ns3 =\r\n    v = 9\r\n"),
    ]);
}

#[test]
fn with_its_last_setting_a_block_goes() {
    for (before, names, after) in [
        ("[default]\ns3 =\n    v = 1\n    w = 2\nx = 1\n", &["V"] as &[&str], "[default]\ns3 =\n    w = 2\nx = 1\n"),
        ("[default]\ns3 =\n    v = 1\n    w = 2", &["w"], "[default]\ns3 =\n    v = 1\n"),
        ("[default]\ns3 =\n    v = 1\n    w = 2\nx = 1\n", &["v", "w"], "[default]\nx = 1\n"),
        ("[default]\ns3 = # c\n    v = 1 # d\n    v = 2\n", &["v"], "[default]\n"),
        ("[default]\ns3 =\n    v = 1\n  # c\n    w = 2 # d\n", &["w"], "[default]\ns3 =\n    v = 1\n  # c\n"),
        ("[default]\ns3 =\n    v = 1\n  # c\nx = 1\n", &["v"], "[default]\n# c\nx = 1\n"),
        ("[default]\ns3 =\n    v = 1\n", &["gone"], "[default]\ns3 =\n    v = 1\n"),
        ("[default]\ns3 =\n", &["v"], "[default]\ns3 =\n"),
        ("[default]\ns3 = v\n", &["v"], "[default]\ns3 = v\n"),
        // The one that did not count would count then.
        ("[default]\ns3 =\n    w = 1\nx = 1\ns3 =\n    v = 1\n", &["v"], "[default]\nx = 1\n"),
        ("[default]\ns3 =\n    v = 1\ns3 =\n    w = 1\n", &["v"], "[default]\ns3 =\n    w = 1\n"),
        ("[default]\ns3 = 1\ns3 =\n    w = 1\n", &["w"], "[default]\n"),
        ("[profile a]\n", &["v"], "[profile a]\n"),
    ] {
        let unset = [Edit::unset_nested(named("default"), "s3", names.to_vec())];
        assert_eq!(text_after(Config, before, &unset).as_deref(), Ok(after), "{before:?} {names:?}");
        assert_eq!(text_after(Config, after, &unset).as_deref(), Ok(after), "{before:?} {names:?}, twice");
    }
}

#[test]
fn edits_of_a_block_are_made_in_their_order() {
    let nested = |settings| Edit::set_nested(named("default"), "s3", changes(settings));
    let unset_nested = |name| Edit::unset_nested(named("default"), "s3", vec![name]);
    let unset = || Edit::unset(named("default"), vec!["s3"]);
    let set = |settings| Edit::set(named("default"), changes(settings));
    for (before, edits, after) in [
        ("[default]\n", vec![nested("v=1"), nested("V=2 w=3")], "[default]\ns3 =\n    v = 2\n    w = 3\n"),
        ("[default]\n", vec![nested("v=1"), unset_nested("v")], "[default]\n"),
        ("", vec![nested("v=1"), set("x=1")], "[default]\nx = 1\ns3 =\n    v = 1\n"),
        ("[default]\nx = 1\n", vec![nested("v=1"), set("y=1")], "[default]\nx = 1\ns3 =\n    v = 1\ny = 1\n"),
        ("[default]\ns3 = x # c\ny = 1\n", vec![unset(), nested("v=1")], "[default]\n# c\ns3 =\n    v = 1\ny = 1\n"),
        ("[default]\ns3 =\n  w = 1\n", vec![unset(), nested("v=1")], "[default]\ns3 =\n    v = 1\n"),
        ("[default]\ns3 =\n  w = 1\ny = 1\n", vec![unset(), set("s3=1")], "[default]\ns3 = 1\ny = 1\n"),
        ("[default]\ns3 =\n  w = 1\n", vec![nested("v=1"), unset_nested("w")], "[default]\ns3 =\n  v = 1\n"),
        ("[default]\ns3 =\n  w = 1\n", vec![nested("v=1"), set("y=1")], "[default]\ns3 =\n  w = 1\n  v = 1\ny = 1\n"),
        (
            "[default]\ns3 =\n  w = 1\n  # c\n",
            vec![nested("v=1"), set("y=1")],
            "[default]\ns3 =\n  w = 1\n  v = 1\ny = 1\n# c\n",
        ),
        ("[default]\ns3 =\n  w = 1\n", vec![nested("w=1")], "[default]\ns3 =\n  w = 1\n"),
    ] {
        assert_eq!(text_after(Config, before, &edits).as_deref(), Ok(after), "{before:?}");
    }
}

#[test]
fn a_value_and_a_block_do_not_replace_each_other() {
    let nested = || Edit::set_nested(named("default"), "s3", changes("v=1"));
    let set = || Edit::set(named("default"), changes("s3=1"));
    for (before, edits, cause) in [
        (
            "[default]\n\ns3 = x\n",
            vec![nested()],
            "file:3: it has a value of its own, beside which there are no nested settings",
        ),
        ("[default]\n", vec![set(), nested()], "it has a value of its own, beside which there are no nested settings"),
        ("[default]\ns3 =\n  v = 1\n", vec![set()], "file:2: it holds nested settings, which would be lost"),
        ("[default]\n", vec![nested(), set()], "it holds nested settings, which would be lost"),
    ] {
        let error = text_after(Config, before, &edits).expect_err("it must be refused");
        assert_eq!(error.message, "cannot set \"s3\" of profile \"default\"");
        assert_eq!(error.cause.as_deref(), Some(cause), "{before:?}");
    }
}
