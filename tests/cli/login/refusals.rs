//! What the sign-in service says when it does not give tokens for a code, and what a person is told of it.

use super::*;

const FAILED: &str = "keyfob: cannot sign in to AWS\n";
const TOO_LONG: &str = "the sign-in took too long; run the command again";
const LATER: &str = "run the command again in a moment";

/// The hint where it was not the service that spoke.
fn elsewhere(desk: &Desk) -> String {
    format!("check what answers at {}: endpoint_url, AWS_ENDPOINT_URL, HTTPS_PROXY", desk.signin.address())
}

/// Somebody allows the sign-in, whose code is answered as was queued; nothing is written.
#[track_caller]
fn fails(desk: &Desk, told: &str) {
    let before = desk.files();
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    loopback::get(&begun.redirect());
    begun.ends(&format!("{FAILED}{told}"));
    assert_eq!(desk.files(), before);
}

/// How the cause is told, for the call of this number.
fn cause(desk: &Desk, what: &str, status: u16, call: usize) -> String {
    let address = desk.signin.address();
    let request = format!("request 00000000-0000-4000-8000-{call:012}");
    format!("  cause: CreateOAuth2Token at {address}: {what} (HTTP {status}, {request})\n")
}

#[test]
fn every_refusal_is_told_with_advice_of_its_own() {
    let denied = "AccessDeniedException";
    let invalid = "the code was spent or is another sign-in's; run the command again";
    let rights = "the user needs signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token, which the managed policy \
                  SignInLocalDevelopmentAccess grants";
    let throttled = "too many calls; wait a moment, then run the command again";
    each(
        [
            (401, denied, "AUTHCODE_EXPIRED", TOO_LONG),
            (401, denied, "TOKEN_EXPIRED", TOO_LONG),
            // The status is not to be relied on, nor is the header.
            (400, denied, "AUTHCODE_EXPIRED", TOO_LONG),
            (401, "", "AUTHCODE_EXPIRED", TOO_LONG),
            (403, denied, "INSUFFICIENT_PERMISSIONS", rights),
            (400, "ValidationException", "INVALID_REQUEST", invalid),
            (429, "TooManyRequestsError", "INVALID_REQUEST", throttled),
            (429, "TooManyRequestsError", "rate_exceeded", throttled),
            (409, "ConflictException", "CONFLICT", LATER),
            (400, "", "unsupported_grant_type", LATER),
        ],
        |(status, exception, error, hint)| {
            let desk = Desk::new();
            let told = format!("{}  hint: {hint}\n", cause(&desk, &format!("{error}: so it is"), status, 1));
            desk.signin.expect(sign_in(ALICE).fails(status, exception, error, "so it is."));
            fails(&desk, &told);
        },
    );
}

#[test]
fn code_that_has_ended_is_told() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE).refused("AUTHCODE_EXPIRED"));
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    let redirect = begun.redirect();
    desk.signin.expire_codes();
    loopback::get(&redirect);
    let what = "AUTHCODE_EXPIRED: The authorization code has expired";
    begun.ends(&format!("{FAILED}{}  hint: {TOO_LONG}\n", cause(&desk, what, 401, 1)));
    assert_eq!(desk.files(), BTreeMap::new());
}

#[test]
fn code_that_was_not_issued_is_told() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE).refused("INVALID_REQUEST"));
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    let asked = begun.asked();
    loopback::get(&format!("{}?code=made-up&state={}", asked.redirect_uri, asked.state));
    let what = "INVALID_REQUEST: The authorization code was not issued here";
    let hint = "the code was spent or is another sign-in's; run the command again";
    begun.ends(&format!("{FAILED}{}  hint: {hint}\n", cause(&desk, what, 400, 1)));
}

#[test]
fn answers_of_another_shape_are_told_as_they_are() {
    let between = "a proxy or a sign-in page of the network stands between";
    let page = &*format!("the answer is a web page: {between}");
    let redirect = &*format!("the answer is a redirect, which is not followed: {between}");
    each(
        [
            (Reply::html(403, "<h1>Forbidden</h1>"), 403, page),
            (Reply::html(400, ""), 400, "the answer is empty"),
            (Reply::redirect("https://example.com/"), 307, redirect),
            (
                Reply::json(400, r#"{"error":"invalid_grant","error_description":"so it is"}"#),
                400,
                "invalid_grant: so it is",
            ),
            (
                Reply::json(403, "").header("X-Amzn-ErrorType", "AccessDeniedException:http://internal.amazon.com/"),
                403,
                "AccessDeniedException",
            ),
        ],
        |(reply, status, what)| {
            let desk = Desk::new();
            let hint = if what.starts_with("the answer") { elsewhere(&desk) } else { LATER.to_owned() };
            let told = format!("{}  hint: {hint}\n", cause(&desk, what, status, 1));
            desk.signin.expect(sign_in(ALICE).replies(reply));
            fails(&desk, &told);
        },
    );
}

#[test]
fn words_of_the_service_reach_no_terminal_as_control_characters() {
    let desk = Desk::new();
    let told = cause(&desk, r"a\u{1b}[2J: b\u{a}c\u{202e}d", 400, 1) + &format!("  hint: {LATER}\n");
    desk.signin.expect(sign_in(ALICE).fails(400, "", "a\u{1b}[2J", "b\nc\u{202e}d"));
    fails(&desk, &told);
}

#[test]
fn passing_troubles_are_tried_again_with_a_new_proof() {
    let server_error = || sign_in(ALICE).fails(500, "InternalServerException", "server_error", "later");
    each(
        [
            vec![server_error()],
            vec![server_error(), sign_in(ALICE).replies(Reply::html(502, "<h1>Gateway</h1>"))],
            vec![sign_in(ALICE).replies(Reply::hang_up())],
        ],
        |troubles| {
            let desk = Desk::new();
            let count = troubles.len();
            for trouble in troubles {
                desk.signin.expect(trouble);
            }
            desk.signs_in(desk.login(&["dev"]), ALICE);
            // The fake finds fault with proofs of one name.
            assert_eq!(desk.signin.calls().len(), count + 1);
        },
    );
}

#[test]
fn troubles_that_do_not_pass_are_told_after_three_tries() {
    let desk = Desk::new();
    desk.signin.always(sign_in(ALICE).fails(500, "InternalServerException", "server_error", "later"));
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    loopback::get(&begun.redirect());
    begun.ends(&format!("{FAILED}{}  hint: {LATER}\n", cause(&desk, "server_error: later", 500, 3)));
    assert_eq!((desk.signin.calls().len(), desk.files()), (3, BTreeMap::new()));
}

#[test]
fn clock_that_is_wrong_is_corrected_for_the_proof_and_nothing_else() {
    each([SignIn::set_clock_ahead, SignIn::set_clock_behind], |set_clock| {
        let desk = Desk::new();
        set_clock(&desk.signin, Duration::from_hours(3));
        desk.signin.expect(sign_in(ALICE).refused("TOKEN_EXPIRED"));
        desk.signs_in(desk.login(&["dev"]), ALICE);
        // Every reader compares with the local clock.
        let end = desk.session(ALICE)["accessToken"]["expiresAt"].as_str().and_then(Timestamp::parse_rfc3339);
        let quarter = Timestamp::now().plus(Duration::from_mins(15));
        assert!(end.is_some_and(|end| end <= quarter && end > quarter.minus(Duration::from_mins(1))), "{end:?}");
        desk.home.keyfob(["process", "dev"]).stdout(desk.keys(ALICE, 1)).run();
    });
}

#[test]
fn clock_is_blamed_where_its_correction_does_not_help() {
    let desk = Desk::new();
    desk.signin.set_clock_ahead(Duration::from_hours(3));
    desk.signin.always(sign_in(ALICE).fails(401, "AccessDeniedException", "TOKEN_EXPIRED", "over"));
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    loopback::get(&begun.redirect());
    let hint = "set this machine's clock, and run the command again";
    begun.ends(&format!("{FAILED}{}  hint: {hint}\n", cause(&desk, "TOKEN_EXPIRED: over", 401, 2)));
    assert_eq!(desk.files(), BTreeMap::new());
}

#[test]
fn service_that_is_not_there_is_told() {
    let desk = Desk::new();
    let run = desk.login(&["dev"]).env("AWS_ENDPOINT_URL_SIGNIN", "http://127.0.0.1:1").code(1).any_stderr();
    let begun = desk.begin(run);
    // The page is of no use then, but the redirect says all that is needed.
    let parameter = |name: &str| {
        let (_, rest) = begun.url.split_once(&format!("&{name}=")).expect("the URL has it");
        rest.split('&').next().unwrap_or(rest).replace("%3A", ":").replace("%2F", "/")
    };
    loopback::get(&format!("{}?code=a&state={}", parameter("redirect_uri"), parameter("state")));
    let told = begun.running.wait().stderr;
    assert!(told.contains(&format!("\n\n{FAILED}  cause: CreateOAuth2Token at 127.0.0.1:1: ")), "{told}");
    assert!(told.ends_with("  hint: check the network, the region, and HTTPS_PROXY and NO_PROXY\n"), "{told}");
    assert_eq!(desk.files(), BTreeMap::new());
}

#[test]
fn answers_that_do_not_say_who_signed_in_are_refused() {
    let subjects = [
        r#"{"sub":"alice"}"#,
        r#"{"sub":""}"#,
        r#"{"sub":null}"#,
        r#"{"sub":"arn:aws:iam::123456789012"}"#,
        // Lines of the user's config file.
        r#"{"sub":"arn:aws:iam::123456789012:user/a\n[profile other]\ncredential_process = evil"}"#,
        r#"{"sub":"arn:aws:iam::123456789012:user/a # b"}"#,
        "{}",
        "[]",
        "",
    ];
    let no_tokens = ["", "a.b", "a.b.c", "....", "é.é.é"].map(|text| sign_in(ALICE).with_id_token(text));
    let tokens = subjects.map(|payload| sign_in(ALICE).with_id_token(id_token(payload)));
    each([sign_in(ALICE).without_id_token()].into_iter().chain(no_tokens).chain(tokens), |expected| {
        let desk = Desk::new();
        desk.signin.expect(expected);
        fails(
            &desk,
            "  cause: the answer of the sign-in service does not say who signed in\n  \
             hint: check what AWS_ENDPOINT_URL_SIGNIN and endpoint_url lead to\n",
        );
    });
}

#[test]
fn life_of_no_time_is_no_answer() {
    let desk = Desk::new();
    for _ in 0..3 {
        desk.signin.expect(sign_in(ALICE).replies(Reply::json(200, r#"{"expiresIn":0}"#)));
    }
    let begun = desk.begin(desk.login(&["dev"]).code(1));
    loopback::get(&begun.redirect());
    let what = "the answer lacks what was asked for";
    begun.ends(&format!("{FAILED}{}  hint: {}\n", cause(&desk, what, 200, 3), elsewhere(&desk)));
    assert_eq!(desk.files(), BTreeMap::new());
}
