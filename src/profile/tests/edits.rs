//! Several edits at once: what comes of their order, and of lines that are close.

use super::edit::{changes, named, text_after};
use super::*;
use FileKind::Config;

/// An edit of a profile: `NAME` is removed, `NAME K=V` set, `NAME -K` unset.
fn edit(text: &'static str) -> Edit<'static> {
    let (name, keys) = text.split_once(' ').unwrap_or((text, ""));
    let unset: Vec<_> = keys.split(' ').filter_map(|key| key.strip_prefix('-')).collect();
    let section = named(name);
    match keys {
        "" => Edit::remove(section),
        _ if unset.is_empty() => Edit::set(section, changes(keys)),
        _ => Edit::unset(section, unset),
    }
}

#[test]
fn edits_are_made_together() {
    for (before, edits, after) in [
        ("", &["b x=1", "a y=2", "b z=3"] as &[_], "[profile b]\nx = 1\nz = 3\n[profile a]\ny = 2\n"),
        (
            "[profile a]\nx = 1\n\n[profile b]\nx = 1\n\n[profile c]\nx = 1\n",
            &["c x=9", "b", "a -x", "new x=9"],
            "[profile a]\n\n[profile c]\nx = 9\n[profile new]\nx = 9\n",
        ),
        // Neighbours that go, each with its comments.
        (
            "[profile a]\nx = 1\n# b\n[profile b]\nx = 1\n# c\n[profile c]\nx = 1\n",
            &["a", "b"],
            "# c\n[profile c]\nx = 1\n",
        ),
        ("[profile a]\nx = 1\n\n[profile b]\n# b\n\n# c\n[profile c]\nx = 1\n", &["c", "b"], "[profile a]\nx = 1\n"),
        ("[profile a]\n# a\n[profile b]\nx = 1\n", &["a", "b"], ""),
        // Above a new section the blank line stays.
        ("[profile a]\nx = 1\n\n[profile b]\n", &["b", "c x=1"], "[profile a]\nx = 1\n\n[profile c]\nx = 1\n"),
        ("[profile a]\r\nx = 1", &["a", "b y=2"], "[profile b]\r\ny = 2\r\n"),
        // In one section.
        ("[profile a]\nx = 1\ny = 2", &["a -y", "a z=3"], "[profile a]\nx = 1\nz = 3\n"),
        ("[profile a]\nx = 1\ny = 2", &["a y=4", "a z=3"], "[profile a]\nx = 1\ny = 4\nz = 3\n"),
        ("[profile a]\nx = 1\n  # c\n", &["a -x", "a z=3"], "[profile a]\nz = 3\n# c\n"),
        ("[profile a]\nx = 1 # c\n", &["a x=2 z=3"], "[profile a]\n# c\nx = 2\nz = 3\n"),
        ("[profile a]\nx =\n  y = 1\n", &["a -x", "a z=3"], "[profile a]\nz = 3\n"),
        ("[profile a]", &["a y=2 z=3"], "[profile a]\ny = 2\nz = 3\n"),
        ("", &[], ""),
    ] {
        let edits: Vec<_> = edits.iter().map(|text| edit(text)).collect();
        assert_eq!(text_after(Config, before, &edits).as_deref(), Ok(after), "{before:?}");
    }
}

#[test]
fn of_two_edits_the_later_counts() {
    for (before, edits, after) in [
        ("[profile a]\nx = 1\n", &["a x=2", "a X=3"] as &[_], "[profile a]\nx = 3\n"),
        ("[profile a]\nx = 1\n", &["a x=2", "a -x"], "[profile a]\n"),
        ("[profile a]\nx = 1\n", &["a -x", "a x=2"], "[profile a]\nx = 2\n"),
        ("[profile a]\nx =\n  y = 1\nz = 1\n", &["a -x", "a x=2"], "[profile a]\nx = 2\nz = 1\n"),
        ("[profile a]\nx = 1\n[profile b]\n", &["a", "a y=2"], "[profile b]\n[profile a]\ny = 2\n"),
        ("[profile a]\nx = 1\n[profile b]\n", &["a y=2", "a"], "[profile b]\n"),
        ("", &["a x=1", "a -x"], "[profile a]\n"),
        ("", &["a x=1", "a"], ""),
        ("", &["a -x"], ""),
    ] {
        let edits: Vec<_> = edits.iter().map(|text| edit(text)).collect();
        assert_eq!(text_after(Config, before, &edits).as_deref(), Ok(after), "{before:?}");
    }
}

#[test]
fn one_that_cannot_be_made_keeps_the_others_from_it() {
    for (edits, message) in [
        (["b x=1", "a k=1"], "cannot set \"k\" of profile \"a\""),
        (["b x=1", "a]b x=1"], "cannot add profile \"a]b\" to \"file\""),
        (["b x=1", "c x=1"], "cannot read profile \"c\""),
        (["b x=1", "d x=1"], "cannot change \"file\""),
    ] {
        let before = "[profile a]\nk =\n  v = 1\n[profile c]\nx\n[profile d]\n [profile e]\n";
        let error = text_after(Config, before, &edits.map(edit)).expect_err("it must be refused");
        assert_eq!(error.message, message);
    }
}
