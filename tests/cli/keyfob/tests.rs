//! That the builder notices what it has to, shown with a shell in the place of keyfob.

#![cfg(unix)]

mod dialogue;

use std::time::Duration;

use super::{super::fake::MARKER, Home, Invocation, Terminal, has_terminal, json};

fn shell(home: &Home, script: &str) -> Invocation {
    home.program("/bin/sh", ["-c", script])
}

/// The text of the panic in the run.
fn fault(invocation: Invocation) -> String {
    fault_of(|| invocation.run())
}

fn fault_of<T: std::fmt::Debug>(act: impl FnOnce() -> T) -> String {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)) {
        Ok(done) => panic!("the builder is content with {done:?}"),
        Err(panic) => panic.downcast_ref::<String>().cloned().expect("the builder panics with a text"),
    }
}

#[test]
fn environment_holds_nothing_of_the_machine() {
    let home = Home::new().env("AWS_REGION", "eu-west-1");
    let run = home.program("/usr/bin/env", [] as [&str; 0]).any_stdout().run();
    let mut names: Vec<&str> = run.stdout.lines().filter_map(|line| line.split('=').next()).collect();
    names.sort_unstable();
    assert_eq!(names, ["AWS_EC2_METADATA_DISABLED", "AWS_REGION", "HOME", "PATH"]);
}

#[test]
fn home_is_fresh_and_goes_with_the_test() {
    let home = Home::new().config("[default]\n").credentials("[base]\n");
    assert_eq!(home.read(".aws/config"), "[default]\n");
    assert_eq!(home.read(".aws/credentials"), "[base]\n");
    assert!(home.cache_files().is_empty());
    let file = home.cache_dir().join("a/b");
    home.write(file.to_str().expect("temporary paths are UTF-8"), "");
    assert_eq!(home.cache_files(), [file]);
    home.clear_cache();
    assert!(home.cache_files().is_empty());
    let path = home.path().to_owned();
    drop(home);
    assert!(!path.exists());
}

#[test]
fn silence_and_success_are_expected() {
    let home = Home::new();
    shell(&home, ":").run();
    assert!(fault(shell(&home, "echo out")).contains("stdout is not as expected"));
    assert!(fault(shell(&home, "echo err >&2")).contains("stderr is not as expected"));
    assert!(fault(shell(&home, "exit 3")).contains("the exit status is 3, not 0"));
    shell(&home, "echo out; echo err >&2; exit 3").stdout("out\n").stderr("err\n").code(3).run();
    shell(&home, "kill -KILL $$").code(137).run();
}

#[test]
fn secret_in_the_wrong_place_is_noticed() {
    let home = Home::new();
    let show = |script: &str| shell(&home, script).env("SECRET", MARKER).any_stdout().any_stderr();
    assert!(fault(show("echo $SECRET")).contains("stdout shows a secret"));
    assert!(fault(show("echo $SECRET >&2")).contains("stderr shows a secret"));
    assert!(fault(show("echo $SECRET >&2").secrets_expected()).contains("stderr shows a secret"));
    show("echo $SECRET").secrets_expected().run();
    // As in the text that is pasted in a remote sign-in.
    let pasted = "printf 'state=%036d&code=%s' 1 $SECRET | base64 | tr -d '\\n' >&2";
    assert!(fault(show(pasted)).contains("stderr shows a secret"));
}

#[test]
#[should_panic(expected = "`login` never shows secrets")]
fn secrets_cannot_be_expected_of_login() {
    let _ = Home::new().keyfob(["login"]).secrets_expected();
}

#[test]
fn hanging_program_is_killed_with_its_children() {
    let home = Home::new();
    let hang = shell(&home, "echo begin; sleep 50 & wait").timeout(Duration::from_millis(300));
    let fault = fault(hang);
    assert!(fault.contains("did not end within 300ms"), "{fault}");
    assert!(fault.contains(r#""begin\n""#), "{fault}");
}

#[test]
fn runs_overlap_and_a_dropped_one_is_killed() {
    let home = Home::new();
    let file = home.write("gate", "");
    let waiting = shell(&home, "while test -e gate; do sleep 0.01; done; cat").stdin("hello").stdout("hello").spawn();
    let doomed = shell(&home, "sleep 50; touch survived").spawn();
    std::fs::remove_file(file).expect("the file is there");
    waiting.wait();
    doomed.kill();
    assert!(!home.path().join("survived").exists());
}

#[test]
fn there_is_no_terminal_unless_asked_for() {
    let home = Home::new();
    let look = "if (exec 3</dev/tty) 2>/dev/null; then echo one; else echo none; fi";
    shell(&home, look).stdout("none\n").run();
    if has_terminal() {
        shell(&home, look).terminal(Terminal::new()).stdout("one\n").run();
    }
}

#[test]
fn terminal_asks_and_is_answered() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let script = "printf 'Name: ' >/dev/tty; read name </dev/tty; printf 'Code: ' >/dev/tty; \
        stty -echo </dev/tty; read code </dev/tty; stty echo </dev/tty; echo \"$name $code\"; echo err >&2; \
        test -t 0 || test -t 1 || test -t 2 || exit 4";
    let person = Terminal::new().answer("Name: ", "jane\n").answer("Code: ", "123456\n");
    let run = shell(&home, script).terminal(person).stdout("jane 123456\n").stderr("err\n").code(4);
    let run = run.any_screen().run();
    assert!(run.screen.starts_with("Name: jane\nCode: "), "{}", run.screen);
}

#[test]
fn terminal_can_be_any_of_the_streams() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let script = "test -t 0 && test -t 2 && ! test -t 1 && printf 'Line? ' >&2 && read line && echo $line";
    let person = Terminal::new().with_stdin().with_stderr().answer("Line? ", "hello\n");
    shell(&home, script).terminal(person).stdout("hello\n").screen("Line? hello\n").run();
    let all = Terminal::new().with_stdin().with_stdout().with_stderr();
    shell(&home, "echo out; echo err >&2").terminal(all).screen("out\nerr\n").run();
}

#[test]
fn ctrl_c_on_the_terminal_interrupts() {
    if !has_terminal() {
        return;
    }
    let person = Terminal::new().answer("? ", "\x03");
    let home = Home::new();
    shell(&home, "printf '? ' >/dev/tty; read line </dev/tty").terminal(person).screen("? ^C").code(130).run();
}

#[test]
fn terminal_is_watched_for_secrets_and_missing_prompts() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let leak = shell(&home, "echo $SECRET >/dev/tty").env("SECRET", MARKER).terminal(Terminal::new()).any_screen();
    assert!(fault(leak).contains("the terminal shows a secret"));
    let silent = shell(&home, ":").terminal(Terminal::new().answer("Code: ", "1\n"));
    assert!(fault(silent).contains("the terminal never showed \"Code: \""));
    let hanging = shell(&home, "printf '? ' >/dev/tty; read line </dev/tty").terminal(Terminal::new());
    let fault = fault(hanging.timeout(Duration::from_millis(300)));
    assert!(fault.contains("did not end within 300ms") && fault.contains(r#""? ""#), "{fault}");
}

#[test]
fn terminal_that_is_left_in_other_modes_is_noticed() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let spoil = |script: &str| shell(&home, script).terminal(Terminal::new());
    assert!(fault(spoil("stty -echo </dev/tty")).contains("the terminal was not put back as it was"));
    assert!(fault(spoil("stty intr ^X </dev/tty")).contains("the terminal was not put back as it was"));
    spoil("stty -echo </dev/tty; stty echo </dev/tty").run();
}

#[test]
fn json_is_read() {
    assert_eq!(json("{\"Version\":1}\n")["Version"], 1);
}
