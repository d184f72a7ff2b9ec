//! What the browser is answered: the page, and the head before it.

use super::*;
use base64ct::{Base64, Encoding};

/// The style, which the page's policy allows by its hash.
fn style(page: &Answer) -> &str {
    let text = page.body.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    text.expect("the page has a style").0
}

#[test]
fn head_keeps_the_code_in_the_browser_and_everything_else_out() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let page = loopback::get(&begun.redirect());
    begun.ends("");
    let hash = Base64::encode_string(&Sha256::digest(style(&page)));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let length = page.body.len().to_string();
    let expected = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", &length),
        ("connection", "close"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("content-security-policy", &policy),
    ];
    assert_eq!(page.status, "200");
    assert_eq!(page.headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[test]
fn code_and_state_stand_in_no_page() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let redirect = begun.redirect();
    let state = begun.asked().state;
    for url in [redirect.replace("state=", "state=x"), redirect.replace("/callback", ""), redirect.clone()] {
        let page = loopback::get(&url).body;
        assert!(!page.contains(MARKER) && !page.contains(&state), "{page}");
    }
    begun.ends("");
}

#[test]
fn second_visit_is_answered_while_the_code_is_redeemed() {
    let delay = Duration::from_secs(12);
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE).after(delay));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let redirect = begun.redirect();
    let since = Instant::now();
    assert_eq!(heading(&loopback::get(&redirect)), "Sign-in received");
    assert!(since.elapsed() < delay, "the browser had to wait for the service");
    let again = loopback::get_while(&redirect, || desk.signin.hurry());
    assert_eq!((again.status.as_str(), heading(&again)), ("200", "Already received"));
    begun.ends("");
    assert_eq!(desk.signin.calls().len(), 1);
}

#[test]
fn second_visit_of_a_sign_in_that_failed_is_told_that_it_is_over() {
    let desk = Desk::new();
    desk.signin.expect(
        sign_in(ALICE)
            .fails(403, "AccessDeniedException", "INSUFFICIENT_PERMISSIONS", "no")
            .after(Duration::from_secs(12)),
    );
    let begun = desk.begin(desk.login(&["dev"]).code(1).any_stderr());
    let redirect = begun.redirect();
    loopback::get(&redirect);
    let again = loopback::get_while(&redirect, || desk.signin.hurry());
    assert_eq!((again.status.as_str(), heading(&again)), ("410", "This sign-in has ended"));
    begun.running.wait();
}

#[test]
fn errors_words_are_shown_and_never_markup() {
    let desk = Desk::new();
    let begun = desk.begin(desk.login(&["dev"]).code(1).any_stderr());
    let asked = begun.asked();
    let (error, description) = ("<script>alert(1)</script>", "</code><img src=x onerror=\"alert('2')\">&amp;\u{202e}");
    let url = format!(
        "{}?error={}&error_description={}&state={}",
        asked.redirect_uri,
        escape(error),
        escape(description),
        asked.state
    );
    let page = loopback::get(&url);
    assert_eq!((page.status.as_str(), heading(&page)), ("200", "Sign-in failed"));
    let quote = page.body.split_once("<blockquote>").and_then(|(_, rest)| rest.split_once("</blockquote>"));
    assert_eq!(
        quote.expect("the error is quoted").0,
        "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>&lt;/code&gt;&lt;img src=x onerror=&quot;alert(&#39;2&#39;)\
         &quot;&gt;&amp;amp;\\u{202e}"
    );
    begun.running.wait();
}
