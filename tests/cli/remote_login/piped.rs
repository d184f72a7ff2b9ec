//! A script writes the code to standard input.

use super::*;

const NO_CODE: &str = "keyfob: cannot sign in to AWS\n  cause: no code came on standard input, and there is no terminal \
                       to paste it on\n  hint: run `keyfob login dev --remote` in a terminal, or write the code to its standard input\n";

#[test]
fn code_is_taken_as_soon_as_it_is_there() {
    let pastes: [fn(&str) -> String; 4] = [
        |copied| format!("{copied}\n"),
        |copied| format!("{copied}\r\n"),
        |copied| format!("\n  {}\n  {}\n", &copied[..300], &copied[300..]),
        |copied| format!("\"{}{copied}\"\n", "\n".repeat(20_000)),
    ];
    for paste in pastes {
        let scene = SigningIn::with(CONFIG);
        scene.signin.expect(sign_in(ALICE));
        let mut remote = scene.remote(&[]).open_stdin().stdout(signed_in_as(ALICE)).spawn();
        let url = shown_url(&mut remote);
        remote.type_in(&paste(&scene.copy(&url)));
        // Standard input is still open.
        while remote.is_running() {
            std::thread::sleep(Duration::from_millis(5));
        }
        remote.stderr(shown(&url)).wait();
    }
}

#[test]
fn last_line_needs_no_end() {
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let mut remote = scene.remote(&[]).open_stdin().stdout(signed_in_as(ALICE)).spawn();
    let url = shown_url(&mut remote);
    remote.type_in(&scene.copy(&url));
    remote.stderr(shown(&url)).wait();
}

#[test]
fn wrong_code_is_told_and_another_one_taken() {
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let mut remote = scene.remote(&[]).open_stdin().stdout(signed_in_as(ALICE)).spawn();
    let url = shown_url(&mut remote);
    remote.type_in("hello\n");
    remote.wait_for_text(UNREADABLE);
    remote.type_in(&(scene.copy(&url) + "\n"));
    remote.stderr(shown(&url) + UNREADABLE).wait();
    assert_eq!(scene.signin.calls().len(), 1);
}

#[test]
fn without_a_code_and_a_terminal_it_says_what_to_do() {
    for (text, warning) in [("", ""), ("\n \n", ""), ("hello", UNREADABLE), ("hello\n", UNREADABLE)] {
        let scene = SigningIn::with(CONFIG);
        let mut remote = scene.remote(&[]).open_stdin().code(3).spawn();
        let url = shown_url(&mut remote);
        remote.type_in(text);
        remote.stderr(format!("{}{warning}{NO_CODE}", shown(&url))).wait();
        scene.nothing_came_of_it();
    }
}

#[test]
fn what_is_no_text_is_no_code() {
    let scene = SigningIn::with(CONFIG);
    let run = scene.remote(&[]).stdin(b"\xff\xfe\n".repeat(3)).code(3).any_stderr().run();
    assert!(run.stderr.ends_with(NO_CODE), "{}", run.stderr);
    scene.nothing_came_of_it();
}

#[test]
fn code_is_waited_for_no_longer_than_was_said() {
    let scene = SigningIn::with(CONFIG);
    let mut remote = scene.remote(&["--timeout", "1s"]).open_stdin().code(3).spawn();
    let url = shown_url(&mut remote);
    while remote.is_running() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let error = "keyfob: cannot sign in to AWS\n  cause: nobody signed in within 1 s\n  \
                 hint: run the command again; --timeout gives more time\n";
    remote.stderr(shown(&url) + error).wait();
    scene.nothing_came_of_it();
}
