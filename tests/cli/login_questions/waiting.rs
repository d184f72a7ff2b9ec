//! While the browser is elsewhere.

use super::*;
use rustix::process::Signal;

fn shown(url: &str) -> String {
    format!("To sign in to AWS in us-east-1, open this URL in a browser on this machine:\n\n{url}\n\n")
}

#[test]
fn time_that_is_left_is_shown_on_a_terminal_and_wiped_away() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let run = scene.here(&["--no-bridge", "--timeout", "90s"]).terminal(Terminal::new().with_stderr()).any_screen();
    let mut login = run.stdout(signed_in_as(ALICE)).spawn();
    let url = shown_url(&mut login);
    login.wait_for_text("Waiting for the browser, 1:29 left");
    login.wait_for_text("\r\x1b[KWaiting for the browser, 1:28 left");
    loopback::get(&scene.signin.visit(&url).allow());
    let screen = login.wait().screen;
    let line = screen.strip_prefix(&shown(&url)).unwrap_or_else(|| panic!("{screen:?}"));
    assert!(
        line.starts_with("\r\x1b[KWaiting for the browser, 1:29 left") && line.ends_with("left\r\x1b[K"),
        "{line:?}"
    );
}

#[test]
fn time_that_is_left_is_shown_nowhere_else() {
    let scene = SigningIn::with(CONFIG);
    let mut login = scene.here(&["--timeout", "1s"]).code(3).spawn();
    let url = shown_url(&mut login);
    let error = "keyfob: cannot sign in to AWS\n  cause: nobody signed in within 1 s\n  \
                 hint: run the command again; --timeout gives more time\n";
    login.stderr(shown(&url) + error).wait();
    assert_eq!((scene.config().as_str(), scene.sessions().len()), (CONFIG, 0));
}

#[test]
fn interrupted_it_signs_nobody_in_and_leaves_the_terminal_as_it_was() {
    let error = "keyfob: cannot sign in to AWS\n  cause: interrupted\n";
    for by_key in [true, false] {
        if !has_terminal() {
            break;
        }
        let scene = SigningIn::with(CONFIG);
        let run = scene.here(&[]).terminal(Terminal::new().with_stderr()).any_screen().code(130);
        let mut login = run.spawn();
        let url = shown_url(&mut login);
        login.wait_for_text("9:59 left");
        // The terminal itself shows the key.
        let key = if by_key { "^C" } else { "" };
        if by_key {
            login.type_in("\x03");
        } else {
            login.signal(Signal::TERM);
        }
        let screen = login.wait().screen;
        let end = format!("left{key}\r\x1b[K{error}");
        assert!(screen.starts_with(&shown(&url)) && screen.ends_with(&end), "{screen:?}");
        assert_eq!((scene.config().as_str(), scene.sessions().len()), (CONFIG, 0));
    }
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let scene = SigningIn::with(CONFIG);
        let mut login = scene.here(&[]).code(130).spawn();
        let url = shown_url(&mut login);
        // It watches a little later than it shows the URL, and until then just ends.
        std::thread::sleep(std::time::Duration::from_millis(200));
        login.signal(signal);
        login.stderr(shown(&url) + error).wait();
        assert_eq!((scene.config().as_str(), scene.sessions().len()), (CONFIG, 0));
    }
}
