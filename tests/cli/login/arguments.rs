//! Arguments that are wrong: told before anything is read, asked or written.

use super::*;

/// What is told; nothing has happened.
#[track_caller]
fn refusal(arguments: &[&str], code: i32) -> String {
    let desk = Desk::new();
    let run = desk.home.keyfob(["login"].iter().chain(arguments).copied()).code(code).any_stderr().run();
    assert_eq!((desk.signin.connections(), desk.files()), (0, BTreeMap::new()), "{arguments:?}");
    run.stderr
}

#[test]
fn arguments_that_contradict_each_other_are_named() {
    for (arguments, one, other) in [
        (&["--remote", "--redirect-port", "8080"][..], "--remote", "--redirect-port"),
        (&["--remote", "--browser", "firefox"], "--remote", "--browser"),
        (&["--no-browser", "--browser", "firefox"], "--no-browser", "--browser"),
        (&["--bridge", "--no-bridge"], "--bridge", "--no-bridge"),
    ] {
        let arguments = [&["dev"], arguments].concat();
        assert_eq!(refusal(&arguments, 2), format!("keyfob: {one} and {other} exclude each other\n"));
    }
}

#[test]
fn times_that_are_none_are_refused() {
    for time in ["", "0", "0s", "soon", "-5", "1.5m", "13h", "5 m", "99999999999999999999"] {
        let told = "keyfob: --timeout is no time from 1s to 12h\n  hint: write it like 90s or 5m\n";
        assert_eq!(refusal(&["dev", &format!("--timeout={time}")], 2), told, "{time}");
    }
}

#[test]
fn ports_that_are_none_are_refused() {
    for port in ["99999", "abc", "-1", "", "80a"] {
        let told = refusal(&["dev", &format!("--redirect-port={port}")], 2);
        assert!(told.starts_with("keyfob: ") && told.contains("--redirect-port"), "{port}: {told}");
    }
}

#[test]
fn browsers_without_a_command_are_refused() {
    for command in ["", "  "] {
        let told = refusal(&["dev", &format!("--browser={command}")], 2);
        assert_eq!(told, "keyfob: --browser names no command\n");
    }
}

#[test]
fn profiles_that_are_none_or_two_are_refused() {
    for (arguments, told) in [
        (&["dev", "--profile", "other"][..], "keyfob: two profiles are named, \"other\" and \"dev\"\n"),
        (&["--profile="], "keyfob: the profile's name is empty\n  hint: name one, or leave it out\n"),
    ] {
        assert_eq!(refusal(arguments, 2), told);
    }
}

#[test]
fn regions_that_are_none_are_refused() {
    let told = refusal(&["dev", "--no-browser", "--region", "evil.example/"], 2);
    assert_eq!(told, "keyfob: cannot use --region\n  cause: \"evil.example/\" is not the name of a region\n");
    let desk = Desk::new();
    let told = "keyfob: cannot use AWS_REGION\n  cause: \"evil.example/\" is not the name of a region\n";
    desk.login(&["dev"]).env("AWS_REGION", "evil.example/").code(1).stderr(told).run();
}
