//! That shared files of any kind never make a person wait who presses a key, nor print a word in the middle of a line.

use super::Home;
use std::{fmt::Write as _, fs, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration};

/// Completes a profile's name, with nothing on stderr. Generous enough for a loaded machine, and far from for ever.
fn names(home: &Home) -> String {
    let complete = home.keyfob(["complete", "--shell", "zsh", "--", "env", "p"]);
    complete.timeout(Duration::from_secs(20)).any_stdout().run().stdout
}

fn home_of(config: impl AsRef<[u8]>) -> Home {
    let home = Home::new();
    home.write(".aws/config", config);
    home
}

#[test]
fn a_file_that_is_broken_has_the_names_that_can_be_read() {
    let broken =
        "[profile p1]\n= x\n[profile p2 x]\n[[[\n\u{0}\u{7f}\n  indented\nkey\n[profile p3]\nregion = eu\u{0}\n";
    assert_eq!(names(&home_of(broken)), "p1\t\np3\t\n");
    assert_eq!(names(&home_of(b"\xff\xfe[\0p\0]\0")), "");
    assert_eq!(names(&home_of(b"[profile p\xff]\n[profile p1]\n\xff\xff\n")), "p1\t\n");
    assert_eq!(names(&home_of("")), "");
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read_has_none() {
    assert_eq!(names(&Home::new()), "");
    assert_eq!(names(&Home::new().env("AWS_CONFIG_FILE", "/nowhere/config")), "");
    let folder = Home::new();
    fs::create_dir_all(folder.path().join(".aws/config")).expect("the home is ours");
    assert_eq!(names(&folder), "");
    let locked = home_of("[profile p1]\n");
    let path = locked.path().join(".aws/config");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("the file is ours");
    // Whoever is root reads it all the same.
    let expected = if fs::read(&path).is_ok() { "p1\t\n" } else { "" };
    assert_eq!(names(&locked), expected);
    let looped = Home::new();
    fs::create_dir_all(looped.path().join(".aws")).expect("the home is ours");
    std::os::unix::fs::symlink("config", looped.path().join(".aws/config")).expect("the home is ours");
    assert_eq!(names(&looped), "");
}

#[test]
fn a_pipe_is_not_waited_for() {
    let home = Home::new().credentials("[p1]\n");
    make_pipe(&home.path().join(".aws/config"));
    assert_eq!(names(&home), "p1\t\n");
}

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.is_ok_and(|status| status.success()), "cannot make a pipe");
}

#[test]
fn a_file_of_ten_megabytes_or_of_twenty_thousand_profiles_is_read_at_once() {
    let mut large = String::from("[profile p1]\nregion = eu-west-1\n");
    while large.len() < 10 << 20 {
        large.push_str("# a comment that goes on for quite a while, and has [brackets] in it, and says nothing\n");
    }
    large.push_str("[profile p2]\n");
    let offered = names(&home_of(large));
    assert!(offered.is_empty() || offered == "p1\t\np2\t\n", "{offered}");
    let many: String = (0..20_000).fold(String::new(), |mut text, number| {
        writeln!(text, "[profile p{number}]\nregion = eu-west-1").expect("a String takes all");
        text
    });
    let home = home_of(many);
    assert_eq!(names(&home).lines().count(), 20_000);
    let sessions = (0..20_000).fold(String::new(), |mut text, number| {
        writeln!(text, "[sso-session s{number}]").expect("a String takes all");
        text
    });
    let home = home_of(sessions);
    let complete = home.keyfob(["complete", "--shell", "zsh", "--", "sso", "login", "--sso-session", ""]);
    let run = complete.timeout(Duration::from_secs(20)).any_stdout().run();
    assert_eq!(run.stdout.lines().count(), 20_000);
}

#[test]
fn odd_words_are_no_error() {
    let home = Home::new();
    for words in [
        &[][..],
        &[""],
        &["", ""],
        &["-"],
        &["--", "--", ""],
        &["exec", "--", "--", ""],
        &["env", "-\u{e9}"],
        &["env", "-\u{e9}x"],
        &["env", "--=", "--="],
        &["nonsense", "--nonsense", "nonsense="],
        &["profile", "set", "x", "="],
        &["help", "help", "help", ""],
        &["--help", ""],
        &["--version", "--profile"],
    ] {
        let arguments = ["complete", "--shell", "zsh", "--"].iter().chain(words).copied();
        home.keyfob(arguments).any_stdout().run();
    }
    let long = "x".repeat(100_000);
    for line in [
        "",
        " ",
        "'",
        "\"",
        "\\",
        "$'\\",
        "$'\\x",
        "$'\\u{",
        "keyfob \u{e9}'\u{e9}",
        "keyfob >",
        "keyfob 2>&1 <",
        "| ; &",
        &long,
    ] {
        for shell in ["bash", "tcsh", "nushell"] {
            home.keyfob(["complete", "--shell", shell, "--line", line]).any_stdout().run();
        }
    }
}
