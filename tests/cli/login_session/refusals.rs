//! What the sign-in service says when it does not renew a session, and what a person is told of it.

use super::super::fake::Reply;
use super::*;

const MESSAGE: &str = "keyfob: cannot renew the console sign-in of profile \"dev\"\n";
const AGAIN: &str = "sign in again: `keyfob login dev`";

/// Each with its exit code, and its hint.
#[test]
fn every_refusal_is_told_with_advice_of_its_own() {
    let denied = "AccessDeniedException";
    let over = format!("the session is over; {AGAIN}");
    let changed = format!("the user's password has changed; {AGAIN}");
    let not_permitted = "the user needs signin:CreateOAuth2Token; a new sign-in does not help by itself";
    let invalid = format!("the session ended, or was signed in in another region than profile \"dev\" says; {AGAIN}");
    let later = "try again in a moment";
    for (status, exception, error, code, hint) in [
        (401, denied, "TOKEN_EXPIRED", 3, over.as_str()),
        (401, denied, "AUTHCODE_EXPIRED", 3, &over),
        // The status is not to be relied on, nor is the header.
        (400, denied, "TOKEN_EXPIRED", 3, &over),
        (401, "", "TOKEN_EXPIRED", 3, &over),
        (403, denied, "USER_CREDENTIALS_CHANGED", 3, &changed),
        (403, denied, "INSUFFICIENT_PERMISSIONS", 1, not_permitted),
        (400, "ValidationException", "INVALID_REQUEST", 3, &invalid),
        (429, "TooManyRequestsError", "INVALID_REQUEST", 1, "too many calls; wait a moment"),
        (429, "TooManyRequestsError", "rate_exceeded", 1, "too many calls; wait a moment"),
        (409, "ConflictException", "CONFLICT", 1, later),
        (400, "", "unsupported_grant_type", 1, later),
    ] {
        let desk = Desk::new(DEAD);
        let before = desk.read();
        desk.signin.expect(refresh().fails(status, exception, error, "so it is."));
        let told = format!(
            "{MESSAGE}  cause: CreateOAuth2Token at {}: {error}: so it is (HTTP {status}, request \
             00000000-0000-4000-8000-000000000001)\n  hint: {hint}\n",
            desk.signin.address()
        );
        desk.process().code(code).stderr(told).run();
        assert_eq!(desk.read(), before);
    }
}

#[test]
fn answers_of_another_shape_are_told_as_they_are() {
    for (reply, code, cause) in [
        (
            Reply::json(400, r#"{"error":"invalid_grant","error_description":"so it is"}"#),
            1,
            "invalid_grant: so it is (HTTP 400, request 00000000-0000-4000-8000-000000000001)",
        ),
        (
            Reply::json(403, "").header("X-Amzn-ErrorType", "AccessDeniedException:http://internal.amazon.com/"),
            1,
            "AccessDeniedException (HTTP 403, ",
        ),
        (
            Reply::html(403, "<h1>Forbidden</h1>"),
            1,
            "the answer is a web page: a proxy or a sign-in page of the network stands between (HTTP 403, ",
        ),
        (
            Reply::redirect("https://example.com/"),
            1,
            "the answer is a redirect, which is not followed: a proxy or a sign-in page of the network stands between (HTTP 307, ",
        ),
    ] {
        let desk = Desk::new(DEAD);
        desk.signin.expect(refresh().replies(reply));
        let run = desk.process().code(code).any_stderr().run();
        let cause = format!("{MESSAGE}  cause: CreateOAuth2Token at {}: {cause}", desk.signin.address());
        assert!(run.stderr.starts_with(&cause), "{}", run.stderr);
    }
}

#[test]
fn passing_troubles_are_tried_again_with_a_new_proof() {
    let server_error = || refresh().fails(500, "InternalServerException", "server_error", "later");
    let page = |status| refresh().replies(Reply::html(status, "<h1>Gateway</h1>"));
    for troubles in [
        vec![server_error(), server_error()],
        vec![page(502), page(503)],
        vec![page(504)],
        vec![refresh().replies(Reply::hang_up())],
        vec![refresh().replies(Reply::json(200, "{}"))],
    ] {
        let desk = Desk::new(DEAD);
        let count = troubles.len();
        for trouble in troubles {
            desk.signin.expect(trouble);
        }
        desk.signin.expect(refresh());
        // The fake finds fault with proofs of one name.
        desk.prints(desk.process(), 1);
        assert_eq!(desk.signin.calls().len(), count + 1);
    }
}

#[test]
fn tries_end_where_the_settings_say() {
    let desk = Desk::new(DEAD);
    desk.signin.always(refresh().fails(500, "InternalServerException", "server_error", "later"));
    desk.process().code(1).any_stderr().run();
    assert_eq!(desk.signin.calls().len(), 3);
    desk.process().env("AWS_MAX_ATTEMPTS", "1").code(1).any_stderr().run();
    assert_eq!(desk.signin.calls().len(), 4);
}

#[test]
fn old_credentials_are_handed_out_silently_while_they_live() {
    for trouble in [
        refresh().fails(401, "AccessDeniedException", "TOKEN_EXPIRED", "over"),
        refresh().fails(400, "ValidationException", "INVALID_REQUEST", "spent"),
        refresh().fails(429, "TooManyRequestsError", "INVALID_REQUEST", "later"),
        refresh().fails(500, "InternalServerException", "server_error", "later"),
        refresh().replies(Reply::html(403, "<h1>Forbidden</h1>")),
        refresh().replies(Reply::hang_up()),
    ] {
        let desk = Desk::new(SOFT);
        desk.signin.always(trouble);
        desk.prints(desk.process(), 0);
        let calls = desk.signin.calls().len();
        assert!(calls > 0);
        // For some seconds nobody tries again.
        desk.prints(desk.process(), 0);
        assert_eq!(desk.signin.calls().len(), calls);
    }
    let desk = Desk::new(SOFT);
    desk.prints(desk.process().env("AWS_ENDPOINT_URL_SIGNIN", "http://127.0.0.1:1"), 0);
}

#[test]
fn without_a_connection_the_network_is_named() {
    let desk = Desk::new(DEAD);
    let run = desk.process().env("AWS_ENDPOINT_URL_SIGNIN", "http://127.0.0.1:1").code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{MESSAGE}  cause: CreateOAuth2Token at 127.0.0.1:1: ")), "{}", run.stderr);
    assert!(
        run.stderr.ends_with("  hint: check the network, the region, and HTTPS_PROXY and NO_PROXY\n"),
        "{}",
        run.stderr
    );
}

/// The answer carries the next token: giving up on it would lose the session.
#[test]
fn slow_answer_is_waited_for() {
    for left in [SOFT, DEAD] {
        let desk = Desk::new(left);
        desk.signin.expect(refresh().after(7 * SECOND));
        desk.prints(desk.process(), 1);
    }
}

#[test]
fn clock_that_is_wrong_is_corrected_once() {
    let hour = Duration::from_hours(1);
    for set_clock in [SignIn::set_clock_ahead, SignIn::set_clock_behind] {
        let desk = Desk::new(DEAD);
        set_clock(&desk.signin, hour);
        desk.signin.expect(refresh().refused("TOKEN_EXPIRED"));
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
        // Every reader compares with the local clock.
        let end = desk.keys(1).expiration.expect("temporary keys end");
        assert!(end <= Timestamp::now().plus(15 * MINUTE) && end > Timestamp::now().plus(14 * MINUTE), "{end:?}");
    }
    let desk = Desk::new(DEAD);
    desk.signin.set_clock_ahead(hour);
    desk.signin.always(refresh().fails(401, "AccessDeniedException", "TOKEN_EXPIRED", "over"));
    let run = desk.process().code(3).any_stderr().run();
    assert!(run.stderr.contains("  hint: set this machine's clock"), "{}", run.stderr);
    assert!(run.stderr.contains(AGAIN), "{}", run.stderr);
    assert_eq!(desk.signin.calls().len(), 2);
}

#[test]
fn clock_is_not_blamed_when_it_is_right() {
    let desk = Desk::new(DEAD);
    desk.signin.set_clock_ahead(30 * SECOND);
    desk.signin.expect(refresh().fails(401, "AccessDeniedException", "TOKEN_EXPIRED", "over"));
    let run = desk.process().code(3).any_stderr().run();
    assert!(!run.stderr.contains("clock"), "{}", run.stderr);
}

/// A service may repeat what it was told.
#[test]
fn refresh_token_in_the_answer_is_not_repeated() {
    let desk = Desk::new(DEAD);
    let words = format!("not {}", desk.session.refresh_token);
    desk.signin.expect(refresh().fails(401, "AccessDeniedException", "TOKEN_EXPIRED", &words));
    let told = desk.process().code(3).any_stderr().run().stderr;
    assert!(told.contains(": TOKEN_EXPIRED: not … (HTTP 401, "), "{told}");
}
