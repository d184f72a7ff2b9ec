//! How keyfob finds out which shell it prints for, tried in real shells.

use super::super::{keyfob::Home, peer};
use super::{JANE, base};
use std::collections::BTreeMap;

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

/// What a shell was told to do away with, beside something of its own.
fn stale(home: Home) -> Home {
    let names = ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE"];
    let home = names.iter().fold(home, |home, name| home.env(name, "stale"));
    home.env("AWS_REGION", "eu-west-1").env("OTHER", "kept")
}

/// The variables of a shell after it ran the script.
fn variables(home: &Home, shell: &str, arguments: &[&str], script: &str) -> BTreeMap<String, String> {
    let script = ["-c", script];
    let arguments = arguments.iter().chain(&script).copied();
    let run = home.program(shell, arguments).any_stdout().secrets_expected().run();
    let pairs = run.stdout.split_terminator('\0').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn shell_that_runs_keyfob_gets_its_own_lines_whatever_shell_says() {
    for (name, arguments, script) in [
        ("bash", ["--norc"].as_slice(), "eval \"$(KEYFOB env base)\"; env -0"),
        ("zsh", &["-f"], "eval \"$(KEYFOB env base)\"; env -0"),
        ("dash", &[], "eval \"$(KEYFOB env base)\"; env -0"),
        ("fish", &["--no-config"], "KEYFOB env base | source; env -0"),
        ("fish", &["--no-config"], "eval (KEYFOB env base | string collect); env -0"),
    ] {
        let Some(program) = peer::program(name) else { continue };
        let program = program.to_str().expect("shells lie on paths that are UTF-8");
        for of_variable in [None, Some("/bin/bash"), Some("/usr/bin/fish"), Some("/usr/sbin/nologin")] {
            let home = stale(base());
            let home = match of_variable {
                Some(path) => home.env("SHELL", path),
                None => home,
            };
            let found = variables(&home, program, arguments, &script.replace("KEYFOB", KEYFOB));
            let value = |name: &str| found.get(name).map(String::as_str);
            let context = format!("{name}, SHELL={of_variable:?}");
            assert_eq!(value("AWS_ACCESS_KEY_ID"), Some("AKIAJANE000000000000"), "{context}");
            assert_eq!(value("AWS_SECRET_ACCESS_KEY"), Some(JANE), "{context}");
            assert_eq!(value("AWS_REGION"), Some("eu-west-1"), "{context}");
            assert_eq!(value("AWS_DEFAULT_REGION"), Some("eu-west-1"), "{context}");
            assert_eq!(value("OTHER"), Some("kept"), "{context}");
            for gone in ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE"] {
                assert_eq!(value(gone), None, "{context}: {gone}");
            }
        }
    }
}

/// Linux calls a process that runs a script by the name of the script.
#[test]
fn shell_of_a_script_gets_its_own_lines() {
    for (name, line) in [
        ("bash", "export AWS_ACCESS_KEY_ID='AKIAJANE000000000000';"),
        ("fish", "set -gx AWS_ACCESS_KEY_ID 'AKIAJANE000000000000';"),
    ] {
        let Some(program) = peer::program(name) else { continue };
        let home = base().env("SHELL", if name == "bash" { "/usr/bin/fish" } else { "/bin/bash" });
        home.write("deploy", format!("#!{}\n{KEYFOB} env base\nexit 0\n", program.display()));
        let script = "chmod +x deploy; exec ./deploy";
        let run = home.program("/bin/sh", ["-c", script]).any_stdout().secrets_expected().run();
        assert_eq!(run.stdout.lines().next(), Some(line), "{name}");
    }
}

#[test]
fn unset_leaves_nothing_behind_in_a_shell() {
    for (name, script) in [
        ("bash", "set -eu; eval \"$(KEYFOB env base)\"; eval \"$(KEYFOB env --unset)\"; env -0"),
        ("dash", "set -eu; eval \"$(KEYFOB env base)\"; eval \"$(KEYFOB env --unset)\"; env -0"),
        ("fish", "KEYFOB env base | source; KEYFOB env --unset | source; env -0"),
    ] {
        let Some(program) = peer::program(name) else { continue };
        let program = program.to_str().expect("shells lie on paths that are UTF-8");
        let found = variables(&stale(base()), program, &[], &script.replace("KEYFOB", KEYFOB));
        let left: Vec<&String> = found.keys().filter(|name| name.starts_with("AWS_")).collect();
        assert_eq!(left, ["AWS_EC2_METADATA_DISABLED"], "{name}");
    }
}

/// The parent is then no shell: the program that runs the tests.
#[test]
fn variable_decides_where_no_shell_runs_keyfob() {
    let home = base();
    for (shell, first) in [
        (None, "export AWS_ACCESS_KEY_ID='AKIAJANE000000000000';"),
        (Some("/bin/zsh"), "export AWS_ACCESS_KEY_ID='AKIAJANE000000000000';"),
        (Some("/usr/bin/fish"), "set -gx AWS_ACCESS_KEY_ID 'AKIAJANE000000000000';"),
        (Some("/usr/bin/pwsh"), "$Env:AWS_ACCESS_KEY_ID = 'AKIAJANE000000000000'"),
    ] {
        let mut keyfob = home.keyfob(["env", "base"]).any_stdout();
        if let Some(path) = shell {
            keyfob = keyfob.env("SHELL", path);
        }
        assert_eq!(keyfob.run().stdout.lines().next(), Some(first), "SHELL={shell:?}");
    }
}

#[test]
fn unknown_shell_is_not_guessed_at() {
    base()
        .keyfob(["env", "base"])
        .env("SHELL", "/usr/sbin/nologin")
        .code(1)
        .stderr(
            "keyfob: cannot tell which shell this is\n  \
             hint: name it with --shell; there are bash, zsh, sh, ksh, dash, fish, powershell, cmd\n",
        )
        .run();
}
