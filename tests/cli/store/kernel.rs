//! `keyfob store unlock` and `lock`: the key of the sealed file rests in the kernel for a while.
//!
//! Keys there are named after the file, which each test has its own of; what a test unlocks it locks again.

#![cfg(target_os = "linux")]

use super::*;
use std::{process::Command, thread::sleep, time::Duration};

const KEPT_BY_NOBODY: &[u8] = b"the kernel's keyring cannot be used";

/// A run without the passphrase.
fn bare(vault: &Vault) -> Invocation {
    vault.home.keyfob(["process", "dev"])
}

/// Unlocks the file. `false` where the kernel keeps no keys for anybody, as in some containers: then the test is skipped.
#[track_caller]
fn unlocks(vault: &Vault, time: &str, told: &str) -> bool {
    let mut probe = Command::new(env!("CARGO_BIN_EXE_keyfob"));
    probe
        .args(["store", "unlock", "--for", "1s"])
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("PASSPHRASE", &passphrase())]);
    probe.env("HOME", vault.home.path()).env("KEYFOB_PASSPHRASE_COMMAND", "printenv PASSPHRASE");
    let words = probe.output().expect("it can be run").stderr;
    if words.windows(KEPT_BY_NOBODY.len()).any(|window| window == KEPT_BY_NOBODY) {
        eprintln!("skipped: {}", String::from_utf8_lossy(&words).trim_end());
        return false;
    }
    let run = vault.keyfob(["store", "unlock", "--for", time]);
    run.stdout(format!("The sealed file is unlocked for {told}; `keyfob store lock` ends that.\n")).run();
    true
}

#[test]
fn unlocked_file_opens_without_its_passphrase_until_it_is_locked() {
    let vault = Vault::sealed();
    if !unlocks(&vault, "300", "5 min") {
        return;
    }
    bare(&vault).stdout(vault.document()).run();
    vault.home.keyfob(["store", "lock"]).stdout("The sealed file is locked.\n").run();
    bare(&vault).code(3).any_stderr().run();
    vault.home.keyfob(["store", "lock"]).stdout("The sealed file was locked already.\n").run();
}

#[test]
fn time_ends_by_itself() {
    let vault = Vault::sealed();
    if !unlocks(&vault, "2s", "2 s") {
        return;
    }
    bare(&vault).stdout(vault.document()).run();
    sleep(Duration::from_secs(3));
    bare(&vault).code(3).any_stderr().run();
}

#[test]
fn variable_lets_every_opening_unlock() {
    let vault = Vault::sealed();
    if !unlocks(&vault, "1s", "1 s") {
        return;
    }
    sleep(Duration::from_secs(2));
    vault.process().env("KEYFOB_UNLOCKED_FOR", "5m").stdout(vault.document()).run();
    bare(&vault).stdout(vault.document()).run();
    vault.home.keyfob(["store", "lock"]).stdout("The sealed file is locked.\n").run();
    let run = vault.process().env("KEYFOB_UNLOCKED_FOR", "soon").code(1).any_stderr().run();
    assert!(run.stderr.contains("KEYFOB_UNLOCKED_FOR is no time from 1s to 12h, such as 15m"), "{}", run.stderr);
}

#[test]
fn nothing_rests_unless_it_is_asked_for() {
    let vault = Vault::sealed();
    vault.process().stdout(vault.document()).run();
    bare(&vault).code(3).any_stderr().run();
}

#[test]
fn without_a_file_there_is_nothing_to_unlock() {
    let vault = Vault::new();
    let path = vault.sealed_file();
    let told = format!(
        "keyfob: cannot unlock the sealed file\n  cause: the store \"sealed\" is not there: there is no \"{}\"\n  hint: \
         `keyfob store move NAME --to sealed` makes it\n",
        path.display()
    );
    vault.keyfob(["store", "unlock"]).code(1).stderr(told).run();
    vault.keyfob(["store", "lock"]).stdout("There is no sealed file.\n").run();
    let told = "keyfob: --for is no time from 1s to 12h\n  hint: write it like 90s or 15m\n";
    vault.keyfob(["store", "unlock", "--for", "soon"]).code(2).stderr(told).run();
}
