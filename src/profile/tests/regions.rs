//! The parts of a file that other tools write: nothing new in them, and a word about what is changed there.

use super::edit::{changes, named, text_after};
use super::*;
use crate::profile::edit;
use FileKind::{Config, Credentials};
use std::path::Path;

#[test]
fn new_sections_stay_out_of_what_other_tools_write() {
    for (before, after) in [
        (
            "# BEGIN_AWS_SSO_CLI\n[profile a]\n# END_AWS_SSO_CLI\n",
            "# BEGIN_AWS_SSO_CLI\n[profile a]\n# END_AWS_SSO_CLI\n[profile new]\nx = 1\n",
        ),
        (
            "[granted_registry_start r]\n[profile a]\n[granted_registry_end r]",
            "[granted_registry_start r]\n[profile a]\n[granted_registry_end r]\n[profile new]\nx = 1\n",
        ),
        // What follows an open part is lost when its tool writes it anew.
        (
            "[profile b]\r\n\r\n# BEGIN_AWS_SSO_CLI_corp\r\n[profile a]\r\n# END_AWS_SSO_CLI_other\r\n",
            "[profile b]\r\n\r\n[profile new]\r\nx = 1\r\n# BEGIN_AWS_SSO_CLI_corp\r\n[profile a]\r\n# END_AWS_SSO_CLI_other\r\n",
        ),
        (
            "[granted_registry_start r]\n[profile a]\n[granted_registry_start s]\n[granted_registry_end s]\n",
            "[profile new]\nx = 1\n[granted_registry_start r]\n[profile a]\n[granted_registry_start s]\n[granted_registry_end s]\n",
        ),
        ("# END_AWS_SSO_CLI\n", "# END_AWS_SSO_CLI\n[profile new]\nx = 1\n"),
    ] {
        let added = text_after(Config, before, &[Edit::set(named("new"), changes("x=1"))]);
        assert_eq!(added.as_deref(), Ok(after), "{before:?}");
    }
    let two = [Edit::set(named("b"), changes("x=1")), Edit::set(named("c"), changes("x=1"))];
    assert_eq!(
        text_after(Credentials, "# BEGIN_AWS_SSO_CLI\n", &two).as_deref(),
        Ok("[b]\nx = 1\n[c]\nx = 1\n# BEGIN_AWS_SSO_CLI\n")
    );
}

fn warnings(before: &str, edits: &[Edit<'_>]) -> Vec<String> {
    edit::edited(Config, Path::new("config"), before.as_bytes(), edits).expect("an edit").warnings
}

#[test]
fn a_change_in_what_another_tool_writes_is_told() {
    let file = "[profile b]\n# BEGIN_AWS_SSO_CLI\n\n[profile a]\nx = 1\n# END_AWS_SSO_CLI\n[granted_registry_start r]\n\
                [profile c]\nx = 1\n[granted_registry_end r]\n[profile d]\n";
    let in_a =
        "config:4: profile \"a\" stands in a part of the file that aws-sso-cli writes, which may undo the change";
    let in_c = "config:8: profile \"c\" stands in a part of the file that granted writes, which may undo the change";
    let set = |name| Edit::set(named(name), changes("x=2"));
    for (edits, expected) in [
        (vec![set("a")], &[in_a] as &[&str]),
        (vec![set("a"), set("b"), set("c"), set("d"), set("e")], &[in_a, in_c]),
        (vec![Edit::remove(named("c"))], &[in_c]),
        (vec![Edit::rename(named("a"), "e")], &[in_a]),
        (vec![Edit::rename_keys(named("a"), vec![("x", "y")])], &[in_a]),
        (vec![Edit::set(named("a"), changes("x=1"))], &[]),
        (vec![Edit::unset(named("a"), vec!["gone"])], &[]),
        (vec![set("b"), set("d"), Edit::remove(named("gone"))], &[]),
    ] {
        assert_eq!(warnings(file, &edits), expected);
    }
}

#[test]
fn letters_that_are_not_ascii_are_told_without_the_value() {
    let edits = [Edit::set(named("a"), changes("x=größe y=1")), Edit::set_nested(named("b"), "s3", changes("v=größe"))];
    let words = "the value has letters that are not ASCII, which the AWS CLI on Windows may read otherwise";
    assert_eq!(
        edits.iter().flat_map(Edit::warnings).collect::<Vec<_>>(),
        [format!("\"x\" of profile \"a\": {words}"), format!("\"s3.v\" of profile \"b\": {words}")]
    );
}
