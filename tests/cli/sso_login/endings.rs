//! Sign-ins that end without a token: somebody said no, nobody came, or Ctrl-C.

use super::*;

const AGAIN: &str = "run the command again";

/// Begins a sign-in by a device code whose second question is answered so; what is told in the end.
#[track_caller]
fn device_ends(desk: &Desk, arguments: &[&str], code: i32, decide: impl FnOnce(&str)) -> String {
    let run = desk.login(&[&["--use-device-code"], arguments].concat()).code(code).any_stderr();
    let mut running = run.spawn();
    let user_code = shown_code(&mut running);
    decide(&user_code);
    let told = running.wait().stderr;
    assert!(!desk.path().exists());
    let at = told.find("keyfob: ").expect("it says why");
    told[at..].to_owned()
}

#[test]
fn denied_device_is_told() {
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token().refused("AccessDeniedException"));
    let told = device_ends(&desk, &[], 1, |code| desk.center.oidc.deny(code));
    assert!(
        told.starts_with(&format!("{FAILED}  cause: the sign-in was denied: CreateToken at "))
            && told.ends_with(
                "\n  hint: run the command again and allow it; if there was nothing to allow, ask whoever manages \
                 Identity Center\n"
            ),
        "{told}"
    );
}

#[test]
fn code_that_has_ended_is_told() {
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token().refused("ExpiredTokenException"));
    let told = device_ends(&desk, &[], 3, |_| desk.center.oidc.expire_codes());
    tells_of_an_end(&told);
}

/// It lasted for some seconds, and not for the ten minutes that were promised.
#[track_caller]
fn tells_of_an_end(told: &str) {
    let (before, after) = ("nobody approved the code within ", " s, and it has ended");
    assert!(told.starts_with(&format!("{FAILED}  cause: {before}")), "{told}");
    assert!(told.ends_with(&format!("{after}\n  hint: {AGAIN}\n")), "{told}");
}

/// However often the service was asked by then.
#[test]
fn wait_ends_with_the_code() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization().expiring_in("2").every("1"));
    desk.center.oidc.always(device_token().judged());
    let told = device_ends(&desk, &[], 3, |_| ());
    // Whoever notices it first: the service's two seconds began a little before ours.
    tells_of_an_end(&told);
}

#[test]
fn device_that_nobody_approves_is_waited_for_as_long_as_was_said() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization().every("5"));
    desk.expect_pending();
    let told = device_ends(&desk, &["--timeout", "1s"], 3, |_| ());
    let cause = "nobody signed in within 1 s";
    assert_eq!(told, format!("{FAILED}  cause: {cause}\n  hint: run the command again; --timeout gives more time\n"));
}

#[test]
fn no_number_of_the_service_is_too_large() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization().replies(Reply::json(
        200,
        r#"{"deviceCode":"d","userCode":"KFBS-CODE","verificationUri":"https://a/","expiresIn":18446744073709551615,"interval":18446744073709551615}"#,
    )));
    desk.center.oidc.expect(device_token().fails(400, "AuthorizationPendingException", "Not yet."));
    let told = device_ends(&desk, &["--timeout", "1s"], 3, |_| ());
    assert!(told.contains("\n  cause: nobody signed in within 1 s\n"), "{told}");
}

#[test]
fn browser_that_does_not_come_is_waited_for_as_long_as_was_said() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    let mut running = desk.login(&["--timeout", "1s"]).code(3).spawn();
    let url = shown_url(&mut running);
    let error = format!(
        "{FAILED}  cause: nobody signed in within 1 s\n  hint: run the command again; --timeout gives more time\n"
    );
    running.stderr(format!("{HERE}\n{url}\n\n{error}")).wait();
    assert!(!desk.path().exists());
}

#[test]
fn browser_that_comes_back_with_an_error_is_told() {
    for (query, told, hint) in [
        (
            "error=access_denied&error_description=No",
            "access_denied: No",
            "run the command again and allow it; if there was nothing to allow, ask whoever manages Identity Center",
        ),
        ("error=server_error", "server_error", "run the command again, or with --use-device-code"),
    ] {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        let mut running = desk.login(&[]).code(1).spawn();
        let url = shown_url(&mut running);
        drop(desk.center.oidc.visit(&url));
        let asked = desk.center.oidc.authorizations().remove(0);
        loopback::get(&format!("{}?{query}&state={}", asked.redirect_uri, asked.state));
        let error = format!("{FAILED}  cause: the browser came back with {told}\n  hint: {hint}\n");
        running.stderr(format!("{HERE}\n{url}\n\n{error}")).wait();
        assert!(!desk.path().exists());
    }
}

#[cfg(unix)]
#[test]
fn interrupted_wait_ends_at_once_and_leaves_no_token() {
    use rustix::process::Signal;
    each([(Signal::INT, true), (Signal::TERM, true), (Signal::INT, false)], |(signal, by_device)| {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        let way: &[&str] = if by_device {
            desk.center.oidc.expect(start_device_authorization().every("5"));
            desk.expect_pending();
            &["--use-device-code"]
        } else {
            &[]
        };
        let mut running = desk.login(way).code(130).any_stderr().spawn();
        shown_url(&mut running);
        // It watches a little later than it shows the URL, and until then just ends.
        thread::sleep(Duration::from_millis(300));
        let since = Instant::now();
        running.signal(signal);
        let run = running.wait();
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
        assert!(run.stderr.ends_with(&format!("{FAILED}  cause: interrupted\n")), "{}", run.stderr);
        assert!(!desk.path().exists());
    });
}

/// Ctrl-C does not wait for the service either.
#[cfg(unix)]
#[test]
fn interrupted_question_ends_at_once() {
    use rustix::process::Signal;
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token().refused("AuthorizationPendingException").after(Duration::from_secs(12)));
    let mut running = desk.login(&["--use-device-code"]).code(130).any_stderr().spawn();
    shown_code(&mut running);
    while desk.center.oidc.calls().len() < 4 {
        thread::sleep(Duration::from_millis(5));
    }
    let since = Instant::now();
    running.signal(Signal::INT);
    running.wait();
    assert!(since.elapsed() < Duration::from_secs(9), "{:?}", since.elapsed());
}

/// An answer that does not come is no longer waited for than the person.
#[test]
fn device_whose_answer_hangs_is_waited_for_as_long_as_was_said() {
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    let pending = device_token().refused("AuthorizationPendingException");
    desk.center.oidc.expect(pending.after(Duration::from_secs(30)));
    let began = Instant::now();
    let told = device_ends(&desk, &["--timeout", "3s"], 3, |_| ());
    assert!(began.elapsed() < Duration::from_secs(14), "{:?}", began.elapsed());
    assert!(told.contains("  cause: nobody signed in within 3 s\n"), "{told}");
}

/// So that no clock is run over.
#[test]
fn times_that_no_clock_can_hold_are_taken_for_long_ones() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    let endless = r#"{"deviceCode":"d","userCode":"KFBS-KFBS","verificationUri":"http://127.0.0.1/",
        "expiresIn":18446744073709551615,"interval":18446744073709551615}"#;
    desk.center.oidc.expect(start_device_authorization().replies(Reply::json(200, endless)));
    let pending = r#"{"error":"authorization_pending"}"#;
    desk.center.oidc.expect(device_token().replies(Reply::json(400, pending)));
    let told = device_ends(&desk, &["--timeout", "1s"], 3, |_| ());
    assert!(told.contains("  cause: nobody signed in within 1 s\n"), "{told}");
}
