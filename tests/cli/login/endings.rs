//! Sign-ins that end without a code: somebody said no, nobody came, or Ctrl-C.

use super::*;

const AGAIN: &str = "run the command again; if it stays so, ask whoever manages the account";

#[test]
fn denial_is_told_in_the_browser_and_here() {
    let desk = Desk::new();
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    let page = loopback::get(&desk.signin.visit(&begun.url).deny());
    assert_eq!((page.status.as_str(), heading(&page)), ("200", "Access denied"));
    begun.ends(
        "keyfob: cannot sign in to AWS\n  \
         cause: the browser came back with access_denied: The user <b>denied</b> access.\n  \
         hint: run the command again and allow it; the user needs signin:AuthorizeOAuth2Access, which the managed \
         policy SignInLocalDevelopmentAccess grants\n",
    );
    assert_eq!((desk.signin.calls().len(), desk.files()), (0, BTreeMap::new()));
}

#[test]
fn other_errors_are_told_in_their_words_and_without_control_characters() {
    let long = "x".repeat(400);
    each(
        [
            ("error=server_error&error_description=Try%20later.", "server_error: Try later."),
            ("error=server_error", "server_error"),
            ("error=a%1b%5b2J&error_description=b%0ac%E2%80%AEd", r"a\u{1b}[2J: b\u{a}c\u{202e}d"),
            (&format!("error={long}"), &long[..300]),
            // Whoever brings an error brings no code.
            ("code=x&error=server_error", "server_error"),
        ],
        |(query, told)| {
            for with_state in [true, false] {
                let desk = Desk::new();
                let begun = desk.begin(desk.login(&["dev"]).code(1));
                let asked = begun.asked();
                let state = if with_state { format!("&state={}", asked.state) } else { String::new() };
                let page = loopback::get(&format!("{}?{query}{state}", asked.redirect_uri));
                assert_eq!((page.status.as_str(), heading(&page)), ("200", "Sign-in failed"), "{query}");
                begun.ends(&format!(
                    "keyfob: cannot sign in to AWS\n  cause: the browser came back with {told}\n  hint: {AGAIN}\n"
                ));
                assert_eq!((desk.signin.calls().len(), desk.files()), (0, BTreeMap::new()));
            }
        },
    );
}

#[test]
fn sign_in_that_nobody_makes_ends_when_its_time_is_over() {
    each([("1s", "1 s"), ("1", "1 s")], |(time, spoken)| {
        let desk = Desk::new();
        let begun = desk.begin(desk.login(&["dev", "--timeout", time]).code(3));
        let redirect = begun.redirect();
        let run = begun.ends(&format!(
            "keyfob: cannot sign in to AWS\n  cause: nobody signed in within {spoken}\n  \
             hint: run the command again; --timeout gives more time\n"
        ));
        assert!(run.elapsed >= Duration::from_secs(1) && run.elapsed < Duration::from_secs(30), "{:?}", run.elapsed);
        assert!(!loopback::is_open(&redirect));
        assert_eq!(desk.files(), BTreeMap::new());
    });
}

#[test]
fn rudeness_does_not_prolong_the_wait() {
    let desk = Desk::new();
    let mut begun = desk.begin(desk.login(&["dev", "--timeout", "1s"]).code(3).any_stderr());
    let redirect = begun.redirect();
    let mut visits = Vec::new();
    while begun.running.is_running() {
        assert!(visits.len() < 500, "it still waits");
        visits.extend(loopback::is_open(&redirect).then(|| loopback::open(&redirect)));
        std::thread::sleep(Duration::from_millis(10));
    }
    begun.running.wait();
}

#[cfg(unix)]
#[test]
fn interrupted_wait_leaves_nothing_and_closes_the_port() {
    use rustix::process::Signal;
    each([Signal::INT, Signal::TERM, Signal::HUP], |signal| {
        let desk = Desk::signed_in();
        let before = desk.files();
        let mut begun = desk.begin(desk.login(&["dev", "--force"]).code(130));
        let redirect = begun.redirect();
        begun.running.signal(signal);
        let run = begun.ends("keyfob: cannot sign in to AWS\n  cause: interrupted\n");
        assert!(run.elapsed < Duration::from_secs(30), "{:?}", run.elapsed);
        assert!(!loopback::is_open(&redirect));
        assert_eq!(desk.files(), before);
    });
}
