//! How keyfob finds out which shell it prints for, tried in real shells.

use super::super::{keyfob::Home, peer};
use super::{JANE, base};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

const POSIX: &str = "export AWS_ACCESS_KEY_ID='AKIAJANE000000000000';";
const FISH: &str = "set -gx AWS_ACCESS_KEY_ID 'AKIAJANE000000000000';";
const TCSH: &str = "setenv AWS_ACCESS_KEY_ID 'AKIAJANE000000000000';";
const ELVISH: &str = "set-env AWS_ACCESS_KEY_ID 'AKIAJANE000000000000'";
const XONSH: &str = "$AWS_ACCESS_KEY_ID = 'AKIAJANE000000000000'";
const NUSHELL: &str = "{\"AWS_ACCESS_KEY_ID\":\"AKIAJANE000000000000\",";

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

/// What a program prints for a script in which `KEYFOB` stands for the way to keyfob, `SHELL` being another shell's.
fn printed(home: &Home, program: &Path, arguments: &[&str], script: &str, of_variable: &str) -> String {
    let script = script.replace("KEYFOB", KEYFOB);
    let arguments = arguments.iter().copied().chain(["-c", &script]);
    let program = program.to_str().expect("shells lie on paths that are UTF-8");
    let run = home.program(program, arguments).env("SHELL", of_variable);
    run.any_stdout().any_stderr().secrets_expected().run().stdout
}

/// A script that can be run.
fn executable(home: &Home, name: &str, text: impl AsRef<[u8]>) {
    let path = home.write(name, text);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).expect("the file is ours");
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

/// Called by whatever name, with whatever between: keyfob follows a shell's script line, so that no shell takes its place.
#[test]
fn every_shell_is_known_by_its_process() {
    let home = base();
    let shell = |name: &str, arguments, of_variable, line| (peer::program(name), arguments, of_variable, line);
    let mut shells = vec![
        shell("bash", ["--norc"].as_slice(), "/usr/bin/fish", POSIX),
        shell("bash", &["--login", "--noprofile"], "/usr/bin/fish", POSIX),
        shell("sh", &[], "/usr/bin/fish", POSIX),
        shell("zsh", &["-f"], "/usr/bin/fish", POSIX),
        shell("ksh93", &[], "/usr/bin/fish", POSIX),
        shell("mksh", &[], "/usr/bin/fish", POSIX),
        shell("yash", &[], "/usr/bin/fish", POSIX),
        shell("fish", &["--no-config"], "/bin/bash", FISH),
        shell("tcsh", &["-f"], "/bin/bash", TCSH),
        shell("bsd-csh", &["-f"], "/bin/bash", TCSH),
        shell("elvish", &["-norc"], "/bin/bash", ELVISH),
        (peer::nushell(), &["--no-config-file"], "/bin/bash", NUSHELL),
        (peer::xonsh(), &["--no-rc"], "/bin/bash", XONSH),
        (peer::python(&["xonsh"]), &["-I", "-m", "xonsh", "--no-rc"], "/bin/bash", XONSH),
    ];
    if cfg!(target_os = "linux") {
        shells.push(shell("busybox", &["sh"], "/usr/bin/fish", POSIX));
    }
    for (program, arguments, of_variable, line) in shells {
        let Some(program) = program else { continue };
        // With something after it, lest a shell make way for its last command.
        let output = printed(&home, &program, arguments, "KEYFOB env base; true", of_variable);
        assert!(output.starts_with(line), "{}: {output}", program.display());
    }
}

#[test]
fn the_innermost_shell_decides() {
    let home = base();
    let (Some(bash), Some(_fish)) = (peer::program("bash"), peer::program("fish")) else { return };
    let script = "fish --no-config -c 'KEYFOB env base; true'; true";
    assert!(printed(&home, &bash, &["--norc"], script, "/bin/bash").starts_with(FISH));
    let script = "fish --no-config -c 'dash -c \"KEYFOB env base; true\"; true'; true";
    assert!(printed(&home, &bash, &["--norc"], script, "/usr/bin/fish").starts_with(POSIX));
}

/// Most of these make way for the command, but not all, and not on every system.
#[cfg(target_os = "linux")]
#[test]
fn programs_that_only_start_another_are_passed_over() {
    const BEFORE: [&str; 12] = [
        "timeout 60",
        "timeout --foreground 60 nice -n 1",
        "busybox timeout 60",
        "env A=b",
        "nice",
        "nohup",
        "setsid --wait",
        "stdbuf -o0",
        "command time -o /dev/null",
        "strace -f -o /dev/null",
        "xargs",
        "flock lock",
    ];
    let home = base();
    for (name, arguments, of_variable, line) in
        [("bash", "--norc", "/usr/bin/fish", POSIX), ("fish", "--no-config", "/bin/bash", FISH)]
    {
        let Some(program) = peer::program(name) else { continue };
        let is_there =
            |before: &&&str| peer::program(before.split(' ').find(|word| *word != "command").unwrap_or("")).is_some();
        let before: Vec<&str> = BEFORE.iter().filter(is_there).copied().collect();
        let lines = before.iter().map(|before| format!("echo; {before} KEYFOB env base; "));
        let script: Vec<String> = lines.chain(["true".to_owned()]).collect();
        let output = printed(&home, &program, &[arguments], &script.concat(), of_variable);
        let firsts: Vec<&str> =
            output.split("\n\n").map(|lines| lines.trim_start().lines().next().unwrap_or("")).collect();
        assert_eq!(firsts, vec![line; before.len()], "{name}: {before:?}");
    }
}

/// Linux calls a process that runs a script by the name of the script.
#[test]
fn shell_of_a_script_gets_its_own_lines() {
    for (name, script, line) in
        [("bash", "deploy", POSIX), ("fish", "deploy", FISH), ("bash", "fish", POSIX), ("fish", "sudo", FISH)]
    {
        let Some(program) = peer::program(name) else { continue };
        let home = base().env("SHELL", if name == "bash" { "/usr/bin/fish" } else { "/bin/bash" });
        executable(&home, script, format!("#!{}\n{KEYFOB} env base\nexit 0\n", program.display()));
        let start = format!("exec ./{script}");
        let run = home.program("/bin/sh", ["-c", &start]).any_stdout().secrets_expected().run();
        assert_eq!(run.stdout.lines().next(), Some(line), "{name} runs {script}");
    }
}

/// A universal variable is kept for good, and for all windows.
#[test]
fn fish_keeps_a_universal_variable_and_says_so() {
    let Some(fish) = peer::program("fish") else { return };
    let home = base();
    let fish = fish.to_str().expect("shells lie on paths that are UTF-8");
    home.program(fish, ["-c", "set -Ux AWS_PROFILE universal"]).run();
    let take = format!("{KEYFOB} env base | source; echo $AWS_ACCESS_KEY_ID $AWS_PROFILE");
    home.program(fish, ["-c", &take])
        .stdout("AKIAJANE000000000000 universal\n")
        .stderr("keyfob: AWS_PROFILE is universal; to unset it: set -eU AWS_PROFILE\n")
        .run();
    let global = format!("set -gx AWS_PROFILE stale; {take}");
    home.program(fish, ["-c", &global])
        .stdout("AKIAJANE000000000000 universal\n")
        .stderr("keyfob: AWS_PROFILE is universal; to unset it: set -eU AWS_PROFILE\n")
        .run();
}

/// Nobody knows whether the lines are for the shell further up or for another one.
#[test]
fn behind_another_program_shell_and_the_shell_further_up_have_to_agree() {
    let home = base();
    let Some(python) = peer::program("python3") else { return };
    let call =
        format!("{} -c 'import subprocess; subprocess.run([\"KEYFOB\", \"env\", \"base\"])'; true", python.display());
    for (name, arguments, of_variable, line) in [
        ("fish", "--no-config", "/usr/bin/fish", FISH),
        ("tcsh", "-f", "/bin/csh", TCSH),
        // They take the same lines.
        ("bash", "--norc", "/bin/zsh", POSIX),
        ("fish", "--no-config", "/bin/bash", ""),
        ("bash", "--norc", "/usr/bin/fish", ""),
    ] {
        let Some(program) = peer::program(name) else { continue };
        let script = call.replace("KEYFOB", KEYFOB);
        let run = home.program(program.to_str().expect("UTF-8"), [arguments, "-c", &script]).env("SHELL", of_variable);
        let run = run.any_stdout().any_stderr().secrets_expected().run();
        assert_eq!(run.stdout.lines().next().unwrap_or_default(), line, "{name}, SHELL={of_variable}");
        let why = format!("runs it in {name}, and SHELL is \"{of_variable}\"\n  {HINT}");
        assert_eq!(run.stderr.ends_with(&why), line.is_empty(), "{name}, SHELL={of_variable}: {}", run.stderr);
    }
}

const HINT: &str = "hint: name it with --shell; there are bash, zsh, sh, dash, ksh, fish, powershell, cmd, nushell, elvish, \
                    xonsh, tcsh\n";

#[test]
fn unknown_shell_is_not_guessed_at() {
    for (shell, is) in [("/usr/sbin/nologin", "is \"/usr/sbin/nologin\""), ("", "is not set")] {
        let run = base().keyfob(["env", "base"]).env("SHELL", shell).code(1).any_stderr().run();
        // What runs it is the program that runs the tests.
        let (first, rest) = run.stderr.split_once('"').expect("a name in quotes");
        let (name, rest) = rest.split_once('"').expect("a name in quotes");
        assert_eq!(first, "keyfob: cannot tell which shell this is\n  cause: ");
        assert!(name.starts_with("cli"), "{name}");
        assert_eq!(rest, format!(" runs it, and SHELL {is}\n  {HINT}"));
    }
}

/// `SHELL` would then mean another one, perhaps the one in which this shell was started.
#[cfg(target_os = "linux")]
#[test]
fn shell_without_lines_is_told_so() {
    let home = base().env("SHELL", "/bin/bash");
    let shell = std::fs::read("/bin/dash").or_else(|_| std::fs::read("/bin/sh")).expect("there is a shell");
    executable(&home, "rc", shell);
    let script = format!("{KEYFOB} env base; exit $?");
    home.program("./rc", ["-c", &script])
        .code(1)
        .stderr(format!(
            "keyfob: cannot tell which shell this is\n  cause: it is run by rc, which keyfob has no lines for\n  {HINT}"
        ))
        .run();
}
