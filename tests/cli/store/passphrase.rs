//! The passphrase: a person types it, or a program prints it.

use super::{
    super::keyfob::{Terminal, has_terminal},
    *,
};
use std::time::Duration;

/// A run at the terminal, without the program.
fn at(vault: &Vault, words: &[&str], person: Terminal) -> Invocation {
    vault.home.keyfob(words.iter().copied()).terminal(person)
}

fn typed() -> String {
    passphrase() + "\n"
}

#[test]
fn new_file_takes_it_twice() {
    if !has_terminal() {
        return;
    }
    let vault = Vault::new();
    let path = vault.path(".local/share/keyfob/sealed");
    let (new, again) = (format!("New passphrase for \"{path}\": "), "The same once more: ");
    let person = Terminal::new()
        .answer(&new, "\n")
        .answer(&format!("An empty one protects nothing. {new}"), &typed())
        .answer(again, "another\n")
        .answer(&format!("The two differ. {new}"), &typed())
        .answer(again, &typed());
    let screen = format!("{new}\nAn empty one protects nothing. {new}\n{again}\nThe two differ. {new}\n{again}\n");
    at(&vault, &["store", "move", "dev", "--to", "sealed"], person).screen(screen).any_stdout().run();
    vault.process().stdout(vault.document()).run();
}

#[test]
fn mistyped_one_is_asked_for_again() {
    if !has_terminal() {
        return;
    }
    let vault = Vault::sealed();
    let question = format!("Passphrase of \"{}\": ", vault.sealed_file().display());
    let again = format!("That was wrong. {question}");
    let person = Terminal::new().answer(&question, "one\n").answer(&again, "two\n").answer(&again, &typed());
    let screen = format!("{question}\n{again}\n{again}\n");
    at(&vault, &["process", "dev"], person).screen(screen).stdout(vault.document()).run();
}

#[test]
fn three_wrong_ones_are_enough() {
    if !has_terminal() {
        return;
    }
    let vault = Vault::sealed();
    let question = format!("Passphrase of \"{}\": ", vault.sealed_file().display());
    let person = Terminal::new().answer(&question, "1\n").answer(&question, "2\n").answer(&question, "3\n");
    let run = at(&vault, &["process", "dev"], person).code(1).any_screen().any_stderr().run();
    assert!(run.stderr.contains("the store \"sealed\" refused: the passphrase is wrong"), "{}", run.stderr);
}

#[test]
fn ctrl_c_ends_the_question_and_the_command() {
    if !has_terminal() {
        return;
    }
    let vault = Vault::sealed();
    let question = format!("Passphrase of \"{}\": ", vault.sealed_file().display());
    let told = "keyfob: cannot get the keys of profile \"dev\"\n  cause: interrupted\n";
    let run = at(&vault, &["process", "dev"], Terminal::new().answer(&question, "\x03"));
    run.screen(question + "\n").stderr(told).code(130).run();
}

#[test]
fn program_that_prints_none_is_no_passphrase() {
    let vault = Vault::sealed();
    for (command, why) in [
        ("true", "\"true\" printed no passphrase"),
        ("echo", "\"echo\" printed no passphrase"),
        ("false", "\"false\" ended with exit status: 1 and said nothing"),
        ("sh -c 'echo closed >&2; exit 7'", "\"sh\" ended with exit status: 7: closed"),
        ("no-such-program", "cannot run \"no-such-program\": No such file or directory (os error 2)"),
    ] {
        let told = format!(
            "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"sealed\" failed: \
             KEYFOB_PASSPHRASE_COMMAND: {why}\n"
        );
        vault.process().env("KEYFOB_PASSPHRASE_COMMAND", command).code(1).stderr(told).run();
    }
}

#[test]
fn first_line_of_the_program_is_it() {
    let vault = Vault::sealed();
    let command = "printf '%s\\r\\nmore\\n' \"$PASSPHRASE\"";
    vault.process().env("KEYFOB_PASSPHRASE_COMMAND", command).stdout(vault.document()).run();
}

#[test]
fn program_that_needs_the_very_file_does_not_run_for_ever() {
    let vault = Vault::sealed();
    let command = format!("{} process dev", env!("CARGO_BIN_EXE_keyfob"));
    let run = vault.process().env("KEYFOB_PASSPHRASE_COMMAND", &command).timeout(Duration::from_secs(20));
    let run = run.code(1).any_stderr().run();
    assert!(run.stderr.contains("there is no terminal to ask for its passphrase on"), "{}", run.stderr);
}

#[test]
fn ctrl_c_ends_a_list_too() {
    if !has_terminal() {
        return;
    }
    let vault = Vault::sealed();
    let question = format!("Passphrase of \"{}\": ", vault.sealed_file().display());
    let told = "keyfob: cannot list what is in the stores\n  cause: interrupted\n";
    let run = at(&vault, &["store", "list"], Terminal::new().answer(&question, "\x03"));
    run.screen(question + "\n").stderr(told).code(130).run();
}
