//! What cannot be configured.

use super::*;

#[test]
fn without_a_terminal_something_has_to_be_said() {
    let told = "keyfob: there is no terminal to ask on, and nothing is said\n  \
                hint: run it like `keyfob configure 'my dev' --region us-east-1`, or with --yes to take what is usual\n";
    home().keyfob(["configure", "my dev"]).code(2).stderr(told).run();
}

#[test]
fn values_that_will_not_do_are_refused() {
    for (arguments, told) in [
        (
            ["--region", "US East"],
            "keyfob: cannot use --region\n  cause: \"US East\" is not the name of a region, which looks like us-east-1\n",
        ),
        (
            ["--output", "xml"],
            "keyfob: cannot use --output\n  cause: there are json, text, table, yaml, yaml-stream, off\n",
        ),
    ] {
        let home = home();
        home.keyfob([&["configure", "dev"], &arguments[..]].concat()).code(2).stderr(told).run();
        assert!(!home.path().join(".aws/config").exists());
    }
}

#[test]
fn name_that_no_profile_can_have_is_refused() {
    let home = Home::new();
    let told = home.keyfob(["configure", "a]b", "--region", "eu-west-1"]).code(2).any_stderr().run().stderr;
    assert!(told.starts_with("keyfob: cannot make profile \"a]b\"\n  cause: AWS's tools do not read alike "), "{told}");
    assert!(!home.path().join(".aws").exists());
}

#[test]
fn options_before_sso_are_not_lost() {
    let told = "keyfob: --region stands before `sso`\n  \
                hint: options of `configure sso` follow it: `keyfob configure sso --help`\n";
    Home::new().keyfob(["configure", "--region", "eu-west-1", "sso"]).code(2).stderr(told).run();
}
