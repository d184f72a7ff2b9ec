//! The person and the browser are real ones: Chromium opens the URL, clicks, and looks at keyfob's page.

use super::{
    super::super::{
        browser::{Browser, faults},
        fake::{escape, sign_in},
        keyfob::Running,
    },
    *,
};
use serde_json::Value;
#[cfg(target_os = "linux")]
use std::{
    fs,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

/// A good page with this status and heading, for which nothing was asked but these addresses.
#[track_caller]
fn is_sound(sight: &Value, status: u16, heading: &str, urls: &[String]) {
    assert_eq!(faults(sight), [""; 0], "{sight:#}");
    assert_eq!(sight["status"], status, "{sight:#}");
    assert_eq!(sight["h1"][0], heading);
    assert_eq!(sight["title"], format!("{heading} – keyfob"));
    // The icon is in the page.
    let requests = sight["requests"].as_array().expect("a sight has requests");
    let requests: Vec<&Value> = requests.iter().filter(|url| *url != "data:").collect();
    assert_eq!(requests, urls.iter().collect::<Vec<_>>(), "{sight:#}");
}

/// Starts a sign-in that ends with this status; the second is where its URL leads whoever allows it.
#[track_caller]
fn begin(desk: &Desk, code: i32) -> (Running, String) {
    let stdout = if code == 0 { signed_in() } else { String::new() };
    let mut running = login(desk, &["--no-browser"]).code(code).stdout(stdout).spawn();
    let url = running.wait_for_line(|line| line.starts_with("http"));
    (running, desk.signin.visit(&url).allow())
}

/// The address up to its query.
fn bare(url: &str) -> String {
    url.split('?').next().unwrap_or(url).to_owned()
}

/// What the person's browser asks for when it takes the whole way.
fn way(desk: &Desk, choice: &str) -> Vec<String> {
    let base = desk.signin.url();
    let asked = desk.signin.authorizations();
    let [authorization] = &asked[..] else { panic!("one URL was opened") };
    vec![format!("{base}/v1/authorize"), format!("{base}/v1/consent/0/{choice}"), authorization.redirect_uri.clone()]
}

#[test]
fn somebody_signs_in_and_lands_on_our_page() {
    let Some(browser) = Browser::find() else { return };
    let desk = empty_desk();
    let person = browser.person(&desk.home, "allow");
    desk.signin.expect(sign_in(ALICE));
    login(&desk, &[]).env("BROWSER", person.command()).stdout(signed_in()).run();
    let sight = person.sight();
    is_sound(&sight, 200, "Sign-in received", &way(&desk, "allow"));
    desk.prints(desk.process(), 1);
}

#[test]
fn somebody_denies_and_is_told_so_on_both_sides() {
    let Some(browser) = Browser::find() else { return };
    let desk = empty_desk();
    let person = browser.person(&desk.home, "deny");
    let run = login(&desk, &[]).env("BROWSER", person.command()).code(1).run();
    let cause = "cause: the browser came back with access_denied: The user <b>denied</b> access.\n";
    assert!(run.stderr.contains(cause), "{}", run.stderr);
    let sight = person.sight();
    is_sound(&sight, 200, "Access denied", &way(&desk, "deny"));
    assert_eq!(desk.signin.calls().len(), 0);
    assert!(!desk.home.path().join(".aws/config").exists());
}

#[test]
fn pages_of_the_wait_are_sound_and_end_nothing() {
    let Some(browser) = Browser::find() else { return };
    let desk = empty_desk();
    let (running, redirect) = begin(&desk, 0);
    desk.signin.expect(sign_in(ALICE));
    let callback = bare(&redirect);
    let root = callback.replace("/oauth/callback", "/");
    let pages = [
        (root.clone(), 404, "Nothing here"),
        (callback.clone(), 400, "Request not understood"),
        (redirect.replace("state=", "state=0"), 400, "This is another sign-in"),
        (format!("{callback}?error=access_denied&state=x"), 400, "This is another sign-in"),
        (format!("{redirect}&x={}", "x".repeat(20_000)), 431, "Request too large"),
        (redirect, 200, "Sign-in received"),
    ];
    let urls = pages.each_ref().map(|(url, _, _)| url.clone());
    let sights = browser.look(&desk.home, &urls);
    for (sight, (url, status, heading)) in sights.iter().zip(&pages) {
        is_sound(sight, *status, heading, &[bare(url)]);
    }
    running.wait();
    desk.prints(desk.process(), 1);
}

/// Whether a request to this port lies unread in the system, as whoever listens there does something else.
#[cfg(target_os = "linux")]
fn has_unread_request(port: u16) -> bool {
    const ESTABLISHED: &str = "01";
    let table = fs::read_to_string("/proc/net/tcp").expect("the kernel tells of its sockets");
    table.lines().skip(1).any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, state, queues, ..] = words[..] else { return false };
        let is_unread = queues.split_once(':').is_some_and(|(_, received)| received.bytes().any(|digit| digit != b'0'));
        local.ends_with(&format!(":{port:04X}")) && state == ESTABLISHED && is_unread
    })
}

/// Visits the page a second time while keyfob still waits for its tokens, and checks what is told then. The tokens come
/// when the second visitor stands at the door, however slow the browser is.
#[cfg(target_os = "linux")]
#[track_caller]
fn second_visit(is_granted: bool, status: u16, heading: &str) {
    let Some(browser) = Browser::find() else { return };
    let desk = empty_desk();
    let (running, redirect) = begin(&desk, i32::from(!is_granted));
    // Longer than keyfob has patience.
    let granted = sign_in(ALICE).after(Duration::from_mins(1));
    let failing = granted.clone().fails(400, "ValidationException", "INVALID_REQUEST", "no");
    desk.signin.expect(if is_granted { granted } else { failing });
    let address: SocketAddr = bare(&redirect)
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .expect("the way back is to an address");
    let sights = thread::scope(|scope| {
        let visits = scope.spawn(|| browser.look(&desk.home, &[redirect.clone(), redirect.clone()]));
        let since = Instant::now();
        let has_come = || !desk.signin.calls().is_empty() && has_unread_request(address.port());
        while !has_come() && !visits.is_finished() && since.elapsed() < Duration::from_mins(1) {
            thread::sleep(Duration::from_millis(10));
        }
        desk.signin.hurry();
        visits.join().expect("the browser tells what it saw")
    });
    is_sound(&sights[0], 200, "Sign-in received", &[bare(&redirect)]);
    is_sound(&sights[1], status, heading, &[bare(&redirect)]);
    running.wait();
}

#[cfg(target_os = "linux")]
#[test]
fn second_visit_to_a_sign_in_that_succeeds_changes_nothing() {
    second_visit(true, 200, "Already received");
}

#[cfg(target_os = "linux")]
#[test]
fn second_visit_to_a_sign_in_that_failed_is_told_so() {
    second_visit(false, 410, "This sign-in has ended");
}

#[test]
fn markup_in_an_error_is_shown_and_does_nothing() {
    let Some(browser) = Browser::find() else { return };
    let (error, description) = (
        "</code><script>document.title='x'</script>",
        "</blockquote><img src=x onerror=\"document.title='x'\"><h1>x</h1><style>*{color:red}</style>&lt;b&gt;",
    );
    let desks = [empty_desk(), empty_desk()];
    let [(plain, plain_url), (marked, marked_url)] = desks.each_ref().map(|desk| begin(desk, 1));
    let with = |url: &str, error: &str, description: &str| {
        let (callback, query) = url.split_once('?').expect("a redirect has a query");
        let state = query.split('&').find(|pair| pair.starts_with("state=")).expect("a redirect has a state");
        format!("{callback}?error={}&error_description={}&{state}", escape(error), escape(description))
    };
    let urls = [with(&plain_url, "server_error", "Later."), with(&marked_url, error, description)];
    let sights = browser.look(&desks[0].home, &urls);
    for (sight, url) in sights.iter().zip(&urls) {
        is_sound(sight, 200, "Sign-in failed", &[bare(url)]);
    }
    let text = sights[1]["text"].as_str().expect("a sight has a text");
    assert!(text.contains(error) && text.contains(description), "{text}");
    assert_eq!(sights[1]["elements"], sights[0]["elements"]);
    let run = plain.wait();
    assert!(run.stderr.contains("cause: the browser came back with server_error: Later.\n"), "{}", run.stderr);
    let run = marked.wait();
    assert!(
        run.stderr.contains(&format!("cause: the browser came back with {error}: {description}\n")),
        "{}",
        run.stderr
    );
}

#[test]
fn code_is_carried_over_from_a_browser_elsewhere() {
    let Some(browser) = Browser::find() else { return };
    let desk = empty_desk();
    let mut running = login(&desk, &["--remote"]).open_stdin().stdout(signed_in()).spawn();
    let url = running.wait_for_line(|line| line.starts_with("http"));
    let person = browser.person(&desk.home, "allow");
    desk.home.program(person.command(), [url]).run();
    let sight = person.sight();
    assert_eq!(sight["url"], format!("{}/v1/sessions/confirmation", desk.signin.url()), "{sight:#}");
    desk.signin.expect(sign_in(ALICE));
    running.type_in(&format!("{}\n", sight["code"].as_str().expect("the page shows a code")));
    running.wait();
    desk.prints(desk.process(), 1);
}
