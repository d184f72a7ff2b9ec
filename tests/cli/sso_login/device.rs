//! By a code that a person enters on any device.

use super::*;

#[test]
fn code_is_shown_by_itself_and_asked_about_until_it_was_approved() {
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let mut running = desk.login(&["--use-device-code"]).any_stdout().spawn();
    let url = shown_url(&mut running);
    let code = shown_code(&mut running);
    desk.center.oidc.approve(&code);
    let run = running.stderr(told_of(&url, &code, ANYWHERE)).wait();
    let told = until(&desk, "corp", "1 h 0 min from now; it renews itself.\n");
    assert!(run.stdout.starts_with(&format!("Signed in to sso-session \"corp\" {told}")), "{}", run.stdout);
    assert_eq!(desk.center.oidc.devices()[0].user_code, code);
    assert_eq!(url, desk.center.oidc.devices()[0].verification_uri);
}

#[test]
fn client_that_was_approved_before_signs_in_without_a_word() {
    let desk = Desk::new();
    desk.expect_device();
    desk.center.oidc.expect(device_token().replies(Reply::json(
        200,
        r#"{"accessToken":"aoaMARKERsecret","tokenType":"Bearer","expiresIn":28800,"idToken":null}"#,
    )));
    let run = desk.login(&["--use-device-code"]).any_stdout().run();
    let told =
        until(&desk, "corp", "8 h 0 min from now; it does not renew itself, as it came without a refresh token.\n");
    assert!(run.stdout.starts_with(&format!("Signed in to sso-session \"corp\" {told}")), "{}", run.stdout);
    assert_eq!(desk.token()["accessToken"], "aoaMARKERsecret");
}

#[test]
fn token_that_does_not_renew_itself_since_no_scopes_are_configured_is_told_so() {
    for scopes in ["", "sso_registration_scopes = ,\n"] {
        let center = IdentityCenter::start();
        let config = center.sso_session("corp") + scopes;
        let desk = Desk::with(center, &config);
        desk.expect_device();
        desk.center.oidc.expect(
            device_token().replies(Reply::json(
                200,
                r#"{"accessToken":"aoaMARKERsecret","tokenType":"Bearer","expiresIn":28800}"#,
            )),
        );
        let run = desk.login(&["--use-device-code"]).any_stdout().run();
        let told = "; it does not renew itself, which takes sso_registration_scopes.\n";
        assert!(run.stdout.contains(told), "{}", run.stdout);
    }
}

#[test]
fn profile_with_a_start_url_of_its_own_always_signs_in_so_and_without_scopes() {
    let desk = Desk::legacy();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let mut running = desk.run(&["dev", "--no-browser"]).any_stdout().spawn();
    let url = shown_url(&mut running);
    let code = shown_code(&mut running);
    desk.center.oidc.approve(&code);
    let told = format!("To sign in to {START_URL}, open this URL in a browser on any device:\n");
    let run = running.stderr(told_of(&url, &code, &told)).wait();
    let told = until(
        &desk,
        START_URL,
        "8 h 0 min from now; it does not renew itself, as that of an sso-session would.\n\
         Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n",
    );
    assert_eq!(run.stdout, format!("Signed in to {START_URL} {told}"));
    let client = &desk.center.oidc.clients()[0];
    assert_eq!((client.name.as_str(), client.scopes.len(), client.is_for_codes), ("keyfob", 0, false));
    assert!(json(&desk.home.read(token_path(START_URL))).get("refreshToken").is_none());
}

/// No browser that is opened here would lead back to us, or to the person.
#[test]
fn code_is_the_way_where_no_browser_can_come_back() {
    each(
        [
            (("SSH_CONNECTION", "198.51.100.7 52000 203.0.113.9 22"), "this is an SSH session", &["dev"][..]),
            (("SSH_CONNECTION", "a b c d"), "this is an SSH session", &["dev", "--no-browser"]),
            (("container", "podman"), "this is a container", &["dev"]),
            (("container", "podman"), "this is a container", &["dev", "--no-browser"]),
        ],
        |((name, value), why, arguments)| {
            let desk = Desk::new();
            desk.expect_device();
            desk.expect_pending();
            desk.center.oidc.expect(device_token());
            let mut running = desk.run(arguments).env(name, value).any_stdout().spawn();
            let url = shown_url(&mut running);
            let code = shown_code(&mut running);
            desk.center.oidc.approve(&code);
            let told = format!("No browser is opened here: {why}. You can sign in on any device.\n{ANYWHERE}");
            running.stderr(told_of(&url, &code, &told)).wait();
        },
    );
}

#[test]
fn questions_come_no_more_often_than_the_service_wants_them() {
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let mut running = desk.login(&["--use-device-code"]).any_stdout().any_stderr().spawn();
    let code = shown_code(&mut running);
    while desk.center.oidc.calls().len() < 4 {
        thread::sleep(Duration::from_millis(10));
    }
    desk.center.oidc.approve(&code);
    running.wait();
    let calls = desk.center.oidc.calls();
    for pair in calls[2..].windows(2) {
        let pause = pair[1].at - pair[0].at;
        assert!(pause >= Duration::from_millis(980), "{pause:?}");
    }
}

/// The fake awaits no question in these two seconds.
#[test]
fn service_that_asks_for_patience_or_says_nothing_of_it_gets_it() {
    each([true, false], |asks| {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        if asks {
            desk.center.oidc.expect(start_device_authorization().every("1"));
            desk.center.oidc.expect(device_token().fails(400, "SlowDownException", "Too often."));
        } else {
            desk.center.oidc.expect(start_device_authorization().without_interval());
            desk.expect_pending();
        }
        desk.login(&["--use-device-code", "--timeout", "2s"]).code(3).any_stderr().run();
    });
}

#[test]
fn trouble_on_the_way_does_not_end_the_wait() {
    each(
        [
            device_token().fails(500, "InternalServerException", "Try later."),
            device_token().replies(Reply::html(502, "<h1>Bad Gateway</h1>")),
            device_token().replies(Reply::hang_up()),
        ],
        |trouble| {
            let desk = Desk::new();
            desk.expect_device();
            desk.center.oidc.expect(trouble.clone());
            desk.center.oidc.expect(trouble);
            desk.center.oidc.expect(device_token());
            let mut running = desk.login(&["--use-device-code"]).any_stdout().any_stderr().spawn();
            desk.center.oidc.approve(&shown_code(&mut running));
            running.wait();
        },
    );
}

#[cfg(unix)]
#[test]
fn browser_is_given_the_url_that_brings_the_code_along() {
    let desk = Desk::new();
    desk.home
        .program("/bin/sh", ["-c", "cat > \"$0\" && chmod 700 \"$0\"", "browser"])
        .stdin("#!/bin/sh\necho \"$1\" > \"$HOME/url.new\" && mv \"$HOME/url.new\" \"$HOME/url\"\n")
        .run();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let browser = desk.home.path().join("browser");
    let browser = browser.to_str().expect("temporary paths are UTF-8");
    let run = desk.run(&["dev", "--use-device-code", "--browser", browser]);
    let mut running = run.any_stdout().spawn();
    let url = shown_url(&mut running);
    let code = shown_code(&mut running);
    desk.center.oidc.approve(&code);
    let told = "Opening a browser to sign in to sso-session \"corp\". If none opens, open this URL on any device:\n";
    running.stderr(format!("{told}\n{url}\n\n{CODE}\n        {code}\n\n")).wait();
    assert_eq!(desk.home.read("url"), format!("{url}?user_code={code}\n"));
}

#[test]
fn browser_that_cannot_be_opened_is_no_error() {
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let run = desk.run(&["dev", "--use-device-code", "--browser", "/no/such/browser"]);
    let mut running = run.any_stdout().any_stderr().spawn();
    let code = shown_code(&mut running);
    running.wait_for_text("keyfob: no browser was opened: cannot run \"/no/such/browser\": ");
    running.wait_for_text("; open the URL yourself\n");
    desk.center.oidc.approve(&code);
    running.wait();
}

#[test]
fn what_the_service_shows_is_shown_without_control_characters() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization().replies(Reply::json(
        200,
        r#"{"deviceCode":"d","userCode":"AB\u001b[2J\nCD","verificationUri":"https://a/\u202eb","verificationUriComplete":"--help","expiresIn":600}"#,
    )));
    desk.center.oidc.expect(device_token().fails(400, "AuthorizationPendingException", "Not yet."));
    let run = desk.login(&["--use-device-code", "--timeout", "1s"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("\n\n        AB\\u{1b}[2J\\u{a}CD\n\n"), "{}", run.stderr);
    assert!(run.stderr.contains("\n\nhttps://a/\\u{202e}b\n\n"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn time_that_is_left_is_shown_on_a_terminal_and_wiped_away() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new();
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let run = desk.login(&["--use-device-code", "--timeout", "90s"]).terminal(Terminal::new().with_stderr());
    let mut running = run.any_screen().any_stdout().spawn();
    let code = shown_code(&mut running);
    running.wait_for_text("Waiting for the approval, 1:29 left");
    desk.center.oidc.approve(&code);
    let screen = running.wait().screen;
    assert!(screen.ends_with("left\r\x1b[K"), "{screen:?}");
}
