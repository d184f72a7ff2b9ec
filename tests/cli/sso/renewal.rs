//! Tokens that are renewed, by keyfob or by another tool, and such as cannot be.

use super::*;

#[test]
fn token_is_renewed_when_five_minutes_or_less_are_left() {
    for (left, renewed) in [
        (Left::Still(Duration::from_secs(320)), false),
        (Left::Still(Duration::from_mins(5)), true),
        (Left::Still(10 * SECOND), true),
        (Left::EndedAgo(SECOND), true),
        (DEAD, true),
    ] {
        let desk = Desk::new(left);
        if renewed {
            desk.center.oidc.expect(refreshed_token());
        }
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        let issued = desk.center.issued();
        assert_eq!(issued.len(), 1 + usize::from(renewed));
        let used = &issued[usize::from(renewed)].access_token;
        assert_eq!(&desk.center.portal.calls()[0].asked.access_token, used);
    }
}

/// Each renewal sends what the one before brought; without a new refresh token the old one stays good.
#[test]
fn refresh_token_is_the_newest_that_came() {
    let desk = Desk::new(DEAD);
    for rotates in [true, false, true] {
        let renewal = refreshed_token();
        desk.center.oidc.expect(if rotates { renewal } else { renewal.without_refresh_token() });
        desk.expect_role();
        desk.process().any_stdout().run();
        desk.home.clear_cache();
        let file = json(&desk.read());
        let mut tokens = desk.center.issued().into_iter().filter_map(|issued| issued.refresh_token);
        assert_eq!(file["refreshToken"], tokens.next_back().expect("the sign-in brought one").as_str());
        let issued = desk.center.issued().pop().expect("a token was issued");
        assert_eq!(file["accessToken"], issued.access_token.as_str());
        let written = file["expiresAt"].as_str().and_then(Timestamp::parse_rfc3339).expect("a time with a Z");
        assert!(written >= issued.end && written <= issued.end.plus(2 * SECOND), "{written:?}");
        desk.write(&desk.read().replace(&written.rfc3339(), "2026-01-01T00:00:00Z"));
    }
}

/// Each with its exit code, and its hint.
#[test]
fn every_refusal_is_told_with_advice_of_its_own() {
    let over = format!("AWS has ended the sign-in; {AGAIN}");
    let unknown = format!("the client that signed in is not registered any more; {AGAIN}");
    let region = "check sso_region, which is us-east-1: it is the region where Identity Center was enabled";
    for (status, exception, word, code, hint) in [
        (400, "InvalidGrantException", "invalid_grant", 3, over.as_str()),
        (400, "ExpiredTokenException", "expired_token", 3, &over),
        (400, "AccessDeniedException", "access_denied", 3, &over),
        (400, "UnauthorizedClientException", "unauthorized_client", 3, &over),
        (401, "InvalidClientException", "invalid_client", 3, &unknown),
        (400, "InvalidRequestException", "invalid_request", 1, region),
        (400, "InvalidRequestRegionException", "invalid_request_region", 1, region),
        (400, "InvalidScopeException", "invalid_scope", 1, "try again in a moment"),
        // The old refresh token may be spent by then.
        (500, "InternalServerException", "internal_server", 1, "try again in a moment"),
    ] {
        let desk = Desk::new(DEAD);
        let before = desk.read();
        desk.center.oidc.expect(refreshed_token().fails(status, exception, "so it is."));
        let error = format!(
            "{MESSAGE}  cause: CreateToken at {}: {word}: so it is (HTTP {status}, request \
             00000000-0000-4000-8000-000000000001)\n  hint: {hint}\n",
            desk.center.oidc.address()
        );
        desk.process().code(code).stderr(error).run();
        assert_eq!((desk.read(), desk.center.portal.connections()), (before, 0));
    }
}

/// The administrator's key, of which no sign-in knows.
#[test]
fn key_that_the_instance_cannot_use_is_no_matter_of_the_sign_in() {
    for (exception, word) in
        [("AccessDeniedException", "access_denied"), ("InvalidRequestException", "invalid_request")]
    {
        let desk = Desk::new(DEAD);
        let refusal = refreshed_token().fails(400, exception, "so it is").telling("reason", "KMS_DisabledException");
        desk.center.oidc.expect(refusal);
        let error = format!(
            "{MESSAGE}  cause: CreateToken at {}: {word}: so it is (KMS_DisabledException) (HTTP 400, request \
             00000000-0000-4000-8000-000000000001)\n  hint: the KMS key that Identity Center is encrypted with stands in \
             the way; ask whoever manages it\n",
            desk.center.oidc.address()
        );
        desk.process().code(1).stderr(error).run();
    }
}

/// OAuth's own word does for AWS's.
#[test]
fn refusal_without_an_exceptions_name_is_understood() {
    let desk = Desk::new(DEAD);
    let body = r#"{"error":"invalid_grant","error_description":"so it is","message":null}"#;
    desk.center.oidc.expect(refreshed_token().replies(Reply::json(400, body)));
    let run = desk.process().code(3).any_stderr().run();
    assert!(run.stderr.contains(": invalid_grant: so it is (HTTP 400"), "{}", run.stderr);
}

#[test]
fn throttled_renewal_is_tried_again_and_no_other() {
    let desk = Desk::new(DEAD);
    desk.center.oidc.expect(refreshed_token().fails(400, "ThrottlingException", "later"));
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    desk.process().stdout(printed(1)).run();

    for reply in [Reply::hang_up(), Reply::json(200, "{}"), Reply::html(503, "<h1>Gateway</h1>")] {
        let desk = Desk::new(DEAD);
        desk.center.oidc.expect(refreshed_token().replies(reply));
        desk.process().code(1).any_stderr().run();
    }
}

#[test]
fn token_that_lives_is_used_when_it_cannot_be_renewed() {
    let fails = |exception| refreshed_token().fails(400, exception, "so it is");
    for trouble in [
        fails("InvalidGrantException"),
        fails("InvalidClientException"),
        refreshed_token().fails(500, "InternalServerException", "later"),
        refreshed_token().replies(Reply::hang_up()),
        // As if it hung.
        fails("InvalidGrantException").after(30 * SECOND),
    ] {
        let desk = Desk::new(SOFT);
        let before = desk.read();
        desk.center.oidc.expect(trouble);
        desk.expect_role();
        let run = desk.process().stdout(printed(1)).run();
        assert!(run.elapsed < 10 * SECOND, "{:?}", run.elapsed);
        assert_eq!(desk.read(), before);
    }
    let desk = Desk::new(SOFT);
    desk.center.oidc.expect(fails("InvalidGrantException"));
    desk.expect_role();
    let note = format!(
        "keyfob: the sign-in still lives, but renewing it failed: CreateToken at {}: invalid_grant: so it is (HTTP 400, \
         request 00000000-0000-4000-8000-000000000001)\n",
        desk.center.oidc.address()
    );
    let run = desk.home.keyfob(["process", "dev", "--verbose"]).stdout(printed(1)).any_stderr().run();
    assert!(run.stderr.contains(&note), "{}", run.stderr);
}

#[test]
fn token_that_cannot_be_renewed_is_used_until_its_end() {
    type Spoil = fn(SsoToken) -> SsoToken;
    let without: Spoil = |token| SsoToken { refresh_token: None, ..token };
    let over: Spoil = |token| SsoToken { registration_expires_at: end(DEAD), ..token };
    for (spoil, why) in [(without, "it cannot be renewed"), (over, "so has the client's registration")] {
        let desk = Desk::new(SOFT);
        desk.write(&spoil(desk.token.clone()).document(end(SOFT)));
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        assert_eq!(desk.center.oidc.connections(), 0);

        let desk = Desk::new(DEAD);
        desk.write(&spoil(desk.token.clone()).document(end(DEAD)));
        let cause = format!("the sign-in to sso-session \"corp\" ended 1 h 0 min ago, and {why}");
        desk.process().code(3).stderr(format!("{MESSAGE}  cause: {cause}\n  hint: {AGAIN}\n")).run();
        desk.was_not_called();
    }
}

/// Other tools know no lock of keyfob's.
#[test]
fn newer_file_of_another_tool_is_adopted_when_a_renewal_fails() {
    for (left, written_after) in [(DEAD, Duration::ZERO), (DEAD, SECOND * 3 / 2), (SOFT, Duration::ZERO)] {
        let desk = Desk::new(left);
        desk.center.oidc.expect(refreshed_token().fails(400, "InvalidGrantException", "spent").after(SECOND / 2));
        desk.expect_role();
        let running = desk.process().any_stdout().spawn();
        desk.wait_for_renewals(1);
        std::thread::sleep(written_after);
        let newer = desk.center.sign_in("corp");
        let document = newer.document(end(FRESH));
        desk.write(&document);
        assert_eq!(running.wait().stdout, printed(1));
        assert_eq!(desk.read(), document);
        assert_eq!(desk.center.portal.calls()[0].asked.access_token, newer.access_token);
    }
}

/// `aws sso login` and `aws sso logout` know no lock.
#[test]
fn renewal_puts_nothing_in_the_place_of_a_newer_sign_in_or_of_none() {
    for signs_in in [true, false] {
        let desk = Desk::new(DEAD);
        desk.center.oidc.expect(refreshed_token().after(SECOND / 2));
        desk.expect_role();
        let running = desk.process().stdout(printed(1)).spawn();
        desk.wait_for_renewals(1);
        let newer = signs_in.then(|| desk.center.sign_in("corp").document(end(FRESH)));
        match &newer {
            Some(newer) => drop(desk.write(newer)),
            None => fs::remove_file(desk.path()).expect("the file is there"),
        }
        running.wait();
        assert_eq!(fs::read_to_string(desk.path()).ok(), newer);
        // What was renewed serves this run.
        let renewed = desk.center.issued().into_iter().map(|issued| issued.access_token);
        assert!(renewed.skip(1).any(|token| token == desk.center.portal.calls()[0].asked.access_token));
    }
}
