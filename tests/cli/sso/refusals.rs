//! What the portal says when it hands out no credentials, and what a person is told of it.

use super::{
    super::fake::{NamedIn, device_token, register_client, start_device_authorization},
    *,
};

/// The error with its cause, for the `request`-th call.
fn told(desk: &Desk, cause: &str, request: usize, hint: &str) -> String {
    let (address, id) = (desk.center.portal.address(), format!("00000000-0000-4000-8000-{request:012}"));
    format!("{MESSAGE}  cause: GetRoleCredentials at {address}: {cause}, request {id})\n  hint: {hint}\n")
}

/// Each with its exit code, and its hint.
#[test]
fn every_refusal_is_told_with_advice_of_its_own() {
    for (status, exception, hint) in [
        (400, "InvalidRequestException", "check sso_account_id and sso_role_name"),
        (409, "ConflictException", "try again in a moment"),
    ] {
        for named_in in [NamedIn::Type, NamedIn::Header] {
            let desk = Desk::new(FRESH);
            let refusal = get_role_credentials(ACCOUNT, ROLE).fails(status, exception, "so it is.");
            desk.center.portal.expect(refusal.named_in(named_in));
            let cause = format!("{exception}: so it is (HTTP {status}");
            desk.process().code(1).stderr(told(&desk, &cause, 1, hint)).run();
            assert_eq!(desk.center.oidc.connections(), 0);
        }
    }
}

#[test]
fn token_that_is_refused_before_its_time_is_renewed_once() {
    let desk = Desk::new(FRESH);
    desk.center.expire_access_tokens();
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).refused("UnauthorizedException"));
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    let renewed = &desk.center.issued()[1];
    assert_eq!(json(&desk.read())["accessToken"], renewed.access_token.as_str());
}

#[test]
fn token_that_another_tool_renewed_by_then_is_taken_over() {
    let desk = Desk::new(FRESH);
    let unauthorized = || get_role_credentials(ACCOUNT, ROLE).fails(401, "UnauthorizedException", "no");
    desk.center.portal.expect(unauthorized().after(SECOND));
    desk.expect_role();
    let running = desk.process().any_stdout().spawn();
    while desk.center.portal.calls().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let newer = desk.center.sign_in("corp").document(end(FRESH));
    desk.write(&newer);
    assert_eq!(running.wait().stdout, printed(1));
    assert_eq!((desk.read(), desk.center.oidc.connections()), (newer, 0));
}

#[test]
fn token_that_is_refused_anew_is_over() {
    let over = "UnauthorizedException: no (HTTP 401";
    let hint = format!("the sign-in to sso-session \"corp\" is not valid any more; {BY_FORCE}");
    let unauthorized = || get_role_credentials(ACCOUNT, ROLE).fails(401, "UnauthorizedException", "no");
    // Renewed, and refused as it was.
    for left in [FRESH, SOFT, DEAD] {
        let desk = Desk::new(left);
        let count = if matches!(left, Left::Still(span) if span > Duration::from_mins(5)) { 2 } else { 1 };
        desk.center.oidc.expect(refreshed_token());
        for _ in 0..count {
            desk.center.portal.expect(unauthorized());
        }
        desk.process().code(3).stderr(told(&desk, over, count, &hint)).run();
    }
    // There is nothing to renew it with, or that is over, too.
    let desk = Desk::new(FRESH);
    desk.write(&SsoToken { refresh_token: None, ..desk.token.clone() }.document(end(FRESH)));
    desk.center.portal.expect(unauthorized());
    desk.process().code(3).stderr(told(&desk, over, 1, &hint)).run();
    let desk = Desk::new(FRESH);
    desk.center.end_sessions();
    desk.center.portal.expect(unauthorized());
    desk.center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    desk.process().code(3).stderr(told(&desk, over, 1, &hint)).run();
}

/// The token that was refused is not taken for a sign-in that still works.
#[test]
fn command_that_the_hint_names_signs_in_anew() {
    let desk = Desk::new(FRESH);
    desk.center.end_sessions();
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).refused("UnauthorizedException"));
    desk.center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    let told = desk.process().code(3).any_stderr().run().stderr;
    let command = told.split('`').nth(1).and_then(|command| command.strip_prefix("keyfob ")).expect("it names one");
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization());
    desk.center.oidc.expect(device_token().refused("AuthorizationPendingException"));
    desk.center.oidc.expect(device_token());
    let arguments = command.split(' ').chain(["--use-device-code", "--no-browser"]);
    let mut running = desk.home.keyfob(arguments).any_stdout().any_stderr().spawn();
    let code = running.wait_for_line(|line| line.starts_with("        KFBS-")).trim().to_owned();
    desk.center.oidc.approve(&code);
    running.wait();
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
}

/// The roles' call, and the questions what a refusal means, end together.
#[test]
fn portal_that_hangs_after_a_refusal_is_not_waited_for_twice() {
    let desk = Desk::new(FRESH);
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).fails(403, "ForbiddenException", "No access"));
    let refused = list_account_roles(ACCOUNT).fails(403, "ForbiddenException", "No access");
    desk.center.portal.expect(refused.after(14 * SECOND));
    desk.center.portal.expect(list_accounts().after(30 * SECOND));
    let run = desk.process().code(1).any_stderr().run();
    assert!(run.elapsed < 24 * SECOND, "{:?}", run.elapsed);
}

/// A service may repeat what it was told.
#[test]
fn secrets_in_the_answer_are_not_repeated() {
    let desk = Desk::new(FRESH);
    let words = format!("not {}", desk.token.access_token);
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).fails(400, "InvalidRequestException", &words));
    let told = desk.process().code(1).any_stderr().run().stderr;
    assert!(told.contains(": InvalidRequestException: not … (HTTP 400, "), "{told}");

    let desk = Desk::new(DEAD);
    let words = format!("not {} of {}", desk.token.refresh_token.as_deref().unwrap_or("one"), desk.token.client_secret);
    desk.center.oidc.expect(refreshed_token().fails(400, "InvalidGrantException", &words));
    let told = desk.process().code(3).any_stderr().run().stderr;
    assert!(told.contains(": invalid_grant: not … of … (HTTP 400, "), "{told}");
    // Those who wait are told by a file.
    let note = desk.home.read(desk.token.path().replace(".json", ".keyfob.note"));
    assert!(note.contains("not … of …") && !note.contains(MARKER), "{note}");
}

#[test]
fn why_a_refused_token_could_not_be_renewed_is_told() {
    let desk = Desk::new(FRESH);
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).fails(401, "UnauthorizedException", "no"));
    let run = desk.process().env("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1").code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{MESSAGE}  cause: CreateToken at 127.0.0.1:1: ")), "{}", run.stderr);
    assert!(run.stderr.ends_with("\n  hint: check the network, the region, and HTTPS_PROXY and NO_PROXY\n"));
}

#[test]
fn passing_troubles_are_tried_again() {
    let fails = |status, exception| get_role_credentials(ACCOUNT, ROLE).fails(status, exception, "later");
    let page = |status| get_role_credentials(ACCOUNT, ROLE).replies(Reply::html(status, "<h1>Gateway</h1>"));
    let server_error = || fails(500, "InternalServerException");
    for troubles in [
        vec![server_error(), server_error()],
        vec![fails(429, "TooManyRequestsException")],
        vec![fails(429, "TooManyRequestsException").named_in(NamedIn::Neither)],
        vec![page(502), page(503)],
        vec![get_role_credentials(ACCOUNT, ROLE).replies(Reply::hang_up())],
        vec![get_role_credentials(ACCOUNT, ROLE).replies(Reply::json(200, "{}"))],
    ] {
        let desk = Desk::new(FRESH);
        for trouble in troubles {
            desk.center.portal.expect(trouble);
        }
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
    }
}

#[test]
fn tries_end_where_the_settings_say() {
    let desk = Desk::new(FRESH);
    let throttled =
        || get_role_credentials(ACCOUNT, ROLE).fails(429, "TooManyRequestsException", "HTTP 429 Unknown Code");
    desk.center.portal.always(throttled());
    let cause = "TooManyRequestsException: HTTP 429 Unknown Code (HTTP 429";
    let hint = "too many calls; wait a moment";
    desk.process().code(1).stderr(told(&desk, cause, 3, hint)).run();
    // The failure is shared for a moment with those that come after others were told.
    desk.process().env("AWS_MAX_ATTEMPTS", "1").code(1).stderr(told(&desk, cause, 4, hint)).run();
}

#[test]
fn answers_that_lack_something_are_told() {
    for body in [
        "{}",
        r#"{"roleCredentials":null}"#,
        r#"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"MARKERsecret","sessionToken":"x"}}"#,
        r#"{"roleCredentials":{"accessKeyId":"","secretAccessKey":"MARKERsecret","sessionToken":"x","expiration":4102444800000}}"#,
        r#"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"MARKERsecret\n","sessionToken":"x","expiration":4102444800000}}"#,
        r#"{"message":"No access"}"#,
    ] {
        let desk = Desk::new(FRESH);
        desk.center.portal.always(get_role_credentials(ACCOUNT, ROLE).replies(Reply::json(200, body)));
        let address = desk.center.portal.address();
        let hint = format!("check what answers at {address}: endpoint_url, AWS_ENDPOINT_URL, HTTPS_PROXY");
        let error = told(&desk, "the answer lacks what was asked for (HTTP 200", 3, &hint);
        desk.process().code(1).stderr(error).run();
    }
}

#[test]
fn credentials_that_have_ended_already_are_not_handed_out() {
    let desk = Desk::new(FRESH);
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).ending("2020-01-01T00:00:00Z"));
    let run = desk.process().code(1).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: AWS issued credentials that have expired\n"), "{}", run.stderr);
    assert!(run.stderr.ends_with("\n  hint: set this machine's clock\n"), "{}", run.stderr);
}

#[test]
fn portal_that_is_not_reached_is_told() {
    let desk = Desk::new(FRESH);
    let run = desk.process().env("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1").code(1).any_stderr().run();
    assert!(
        run.stderr.starts_with(&format!("{MESSAGE}  cause: GetRoleCredentials at 127.0.0.1:1: ")),
        "{}",
        run.stderr
    );
    assert!(run.stderr.ends_with("\n  hint: check the network, the region, and HTTPS_PROXY and NO_PROXY\n"));
}
