//! Programs that people keep secrets with, behind scripts as the manual shows them.

use super::{super::peer, *};
use std::{os::unix::fs::PermissionsExt, process::Command};

/// One line, encrypted for a key of one's own: the JSON as keyfob tells it.
const PASS: &str = r#"
read -r line
name=keyfob/$(printf '%s' "$line" | sed -n 's/.*"profile":"\([^"]*\)".*/\1/p')
case $1 in
    get) if [ -e "$PASSWORD_STORE_DIR/$name.gpg" ]; then pass show "$name"; fi ;;
    store) printf '%s\n' "$line" | pass insert --multiline --force "$name" >/dev/null ;;
    erase) pass rm --force "$name" >/dev/null ;;
esac
"#;

const SECRET_TOOL: &str = r#"
read -r line
name=$(printf '%s' "$line" | sed -n 's/.*"profile":"\([^"]*\)".*/\1/p')
case $1 in
    get) secret-tool lookup service keyfob-helper profile "$name"; true ;;
    store) printf '%s' "$line" | secret-tool store --label="AWS keys of $name" service keyfob-helper profile "$name" ;;
    erase) secret-tool clear service keyfob-helper profile "$name" ;;
esac
"#;

/// Into the store, out of it, and back.
const THERE_AND_BACK: &str = r#"
set -e
"$KEYFOB" store move dev --to "$STORE" >/dev/null
"$KEYFOB" process dev
"$KEYFOB" store move dev --to credentials >/dev/null
"$KEYFOB" store move dev --to "$STORE" >/dev/null
"$KEYFOB" process dev
"#;

fn there_and_back(vault: &Vault, helper: &str, program: &str, arguments: &[&str]) -> Invocation {
    vault.home.write("helper", helper);
    let run = vault.home.program(program, arguments.iter().copied());
    run.env("KEYFOB", env!("CARGO_BIN_EXE_keyfob")).env("STORE", &vault.exec()).secrets_expected()
}

#[test]
fn pass_keeps_keys() {
    let (Some(pass), Some(gpg)) = (peer::rare_program("pass"), peer::program("gpg")) else { return };
    let vault = Vault::new();
    let keys = vault.home.path().join("gnupg");
    std::fs::create_dir(&keys).expect("the home is ours");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
    let made = Command::new(gpg)
        .args(["--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "jane@example.com"])
        .env("GNUPGHOME", &keys)
        .status();
    assert!(made.is_ok_and(|status| status.success()), "gpg makes no key");
    let folder = vault.path("passwords");
    let done = Command::new(pass)
        .args(["init", "jane@example.com"])
        .env("GNUPGHOME", &keys)
        .env("PASSWORD_STORE_DIR", &folder)
        .status();
    assert!(done.is_ok_and(|status| status.success()), "pass makes no folder");
    let run = there_and_back(&vault, PASS, "/bin/sh", &["-c", THERE_AND_BACK]);
    let run = run.env("GNUPGHOME", &vault.path("gnupg")).env("PASSWORD_STORE_DIR", &folder);
    run.stdout(vault.document() + &vault.document()).run();
}

#[test]
fn secret_tool_keeps_keys() {
    let programs = ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"];
    if !programs.iter().all(|name| peer::rare_program(name).is_some()) {
        return;
    }
    let vault = Vault::new();
    let script =
        format!("printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n{THERE_AND_BACK}");
    std::fs::create_dir(vault.home.path().join("run")).expect("the home is ours");
    let run = there_and_back(&vault, SECRET_TOOL, "dbus-run-session", &["--", "sh", "-c", &script]);
    run.env("XDG_RUNTIME_DIR", &vault.path("run")).stdout(vault.document() + &vault.document()).any_stderr().run();
}
