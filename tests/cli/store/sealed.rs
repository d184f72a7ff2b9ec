//! `sealed`: a file that a passphrase opens.

use super::*;
use std::{fs, os::unix::fs::PermissionsExt};

#[track_caller]
fn fails(vault: &Vault, why: &str) {
    let told = format!("keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"sealed\" {why}\n");
    vault.process().code(1).stderr(told).run();
}

#[test]
fn keys_come_out_with_the_passphrase() {
    let vault = Vault::sealed();
    vault.process().stdout(vault.document()).run();
}

#[test]
fn file_is_private_and_holds_nothing_readable() {
    let vault = Vault::sealed();
    let path = vault.sealed_file();
    let bytes = fs::read(&path).expect("it is there");
    assert!(bytes.starts_with(b"keyfob-sealed\n\x01\x01"));
    for text in [MARKER, "AKIAJANE", "dev"] {
        assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    let mode = |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
}

#[test]
fn file_is_where_the_variable_says() {
    let mut vault = Vault::new();
    let data = vault.path("data");
    vault.home.set_env("XDG_DATA_HOME", &data);
    vault.move_to("sealed");
    assert!(vault.home.path().join("data/keyfob/sealed").is_file() && !vault.sealed_file().exists());
    vault.process().stdout(vault.document()).run();
}

#[test]
fn wrong_passphrase_is_told_as_one() {
    let vault = Vault::sealed();
    let path = vault.sealed_file();
    let told = format!(
        "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"sealed\" refused: the passphrase is wrong, or \
         \"{}\" is damaged\n  hint: try again; without its passphrase nobody can open the file, and removing it loses its \
         keys\n",
        path.display()
    );
    vault.process().env("PASSPHRASE", "another").code(1).stderr(told).run();
}

#[test]
fn without_a_terminal_the_command_to_type_is_named() {
    let vault = Vault::sealed();
    let told = "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"sealed\" is locked: there is no terminal \
                to ask for its passphrase on\n  hint: run `keyfob store unlock` in a terminal, or let \
                KEYFOB_PASSPHRASE_COMMAND print the passphrase\n";
    vault.home.keyfob(["process", "dev"]).code(3).stderr(told).run();
    let new = Vault::new();
    let run = new.home.keyfob(["store", "move", "dev", "--to", "sealed"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("the store \"sealed\" is locked"), "{}", run.stderr);
    assert_eq!(new.home.read(".aws/credentials"), new.jane.section("dev"));
    assert!(!new.sealed_file().exists());
}

#[test]
fn file_that_was_changed_is_not_opened() {
    let vault = Vault::sealed();
    let whole = fs::read(vault.sealed_file()).expect("it is there");
    let path = vault.sealed_file().display().to_string();
    let damaged = format!("refused: the passphrase is wrong, or \"{path}\" is damaged\n  hint: ");
    for at in [28, 44, 56, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(vault.sealed_file(), &bytes).expect("it is ours");
        let told = vault.process().code(1).any_stderr().run().stderr;
        assert!(told.contains(&damaged), "byte {at}: {told}");
    }
    for (bytes, why) in [
        (&whole[..71], "it is no sealed file, or damaged"),
        (b"", "it is no sealed file, or damaged"),
        (&[&whole[..14], b"\x02", &whole[15..]].concat(), "a later version of keyfob has written it"),
        (
            &[&whole[..16], b"\xff", &whole[17..]].concat(),
            "it asks for more memory or time than any file of keyfob's does",
        ),
    ] {
        fs::write(vault.sealed_file(), bytes).expect("it is ours");
        fails(&vault, &format!("failed: cannot use \"{path}\": {why}"));
    }
}

#[test]
fn file_that_others_may_write_is_not_read() {
    let vault = Vault::sealed();
    let path = vault.sealed_file();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o622)).expect("it is ours");
    fails(&vault, &format!("failed: cannot read \"{}\": not a private file of this user", path.display()));
}

#[test]
fn profile_without_an_entry_ends_in_the_command_that_stores() {
    let vault = Vault::sealed();
    vault.home.write(".aws/config", vault.noted_as("ops", "sealed"));
    let told = "keyfob: cannot get the keys of profile \"ops\"\n  cause: the store \"sealed\" has none for it\n  hint: put \
                them there: `keyfob profile set ops --access-key AKIAJANE000000000000`\n";
    vault.keyfob(["process", "ops"]).code(1).stderr(told).run();
}

#[test]
fn writers_at_once_lose_nothing() {
    const WRITERS: usize = 8;
    let vault = Vault::new();
    let names: Vec<String> = (0..WRITERS).map(|number| format!("p{number}")).collect();
    let sections: String = names.iter().map(|name| vault.jane.section(name)).collect();
    vault.home.write(".aws/credentials", sections);
    let start = |name: &String| vault.keyfob(["store", "move", name, "--to", "sealed"]).any_stdout().spawn();
    let running: Vec<_> = names.iter().map(start).collect();
    for writer in running {
        writer.wait();
    }
    for name in &names {
        vault.keyfob(["process", name]).stdout(vault.document()).run();
    }
}

#[test]
fn file_that_would_be_too_large_to_read_is_not_written() {
    let vault = Vault::sealed();
    let before = fs::read(vault.sealed_file()).expect("it is there");
    let large = format!("[large]\naws_access_key_id = AKIA\naws_secret_access_key = {}\n", MARKER.repeat(200_000));
    vault.home.write(".aws/credentials", &large);
    let told = format!(
        "keyfob: cannot keep the keys of profile \"large\" in a store\n  cause: the store \"sealed\" failed: \"{}\" would be \
         larger than 1024 KiB, and is left as it was\n",
        vault.sealed_file().display()
    );
    vault.keyfob(["store", "move", "large", "--to", "sealed"]).code(1).stderr(told).run();
    assert_eq!(fs::read(vault.sealed_file()).expect("it is there"), before);
    assert_eq!(vault.home.read(".aws/credentials"), large);
}
