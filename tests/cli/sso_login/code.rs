//! By a browser that comes back to this machine.

use super::*;

#[test]
fn url_is_shown_and_the_token_is_there_when_the_browser_has_come_back() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(code_token());
    let mut running = desk.login(&[]).any_stdout().spawn();
    let url = desk.allow(&mut running);
    let run = running.stderr(format!("{HERE}\n{url}\n\n")).wait();
    let told = until(&desk, "corp", "1 h 0 min from now; it renews itself.\n");
    let next = "See which roles there are: keyfob sso list --sso-session corp\n\
                Make a profile for one: keyfob configure sso --sso-session corp\n";
    assert_eq!(run.stdout, format!("Signed in to sso-session \"corp\" {told}{next}"));
    let asked = &desk.center.oidc.authorizations()[0];
    assert!(url.starts_with(&format!("{}/authorize?response_type=code&client_id=", desk.center.oidc.url())), "{url}");
    assert!(url.contains("&scopes=sso%3Aaccount%3Aaccess&code_challenge="), "{url}");
    assert!(asked.is_loopback());
}

#[test]
fn profile_leads_to_its_session_and_is_told_how_to_use() {
    for (arguments, variable) in [(&["dev"][..], ""), (&["-p", "dev"], ""), (&["--profile=dev"], "x"), (&[], "dev")] {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        let run = desk.here(arguments).env("AWS_PROFILE", variable);
        let told = desk.signs_in(run).stdout;
        let next = "Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n";
        assert!(told.starts_with("Signed in to sso-session \"corp\" until ") && told.ends_with(next), "{told}");
    }
}

#[test]
fn keys_that_would_hide_the_profile_are_told() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    let run = desk.here(&["dev"]).env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    let told = desk.signs_in(run).stdout;
    let line = "AWS_ACCESS_KEY_ID is set here, and goes before any profile: eval \"$(keyfob env --unset)\"\n";
    assert!(told.contains(line), "{told}");
}

#[test]
fn scope_of_the_portal_is_asked_for_where_none_is_configured_and_all_that_are() {
    for (scopes, sent) in [
        ("", &["sso:account:access"][..]),
        (
            "sso_registration_scopes = sso:account:access, codewhisperer:completions ,\n",
            &["sso:account:access", "codewhisperer:completions"],
        ),
    ] {
        let center = IdentityCenter::start();
        let config = center.sso_session("corp") + scopes;
        let desk = Desk::with(center, &config);
        desk.center.oidc.expect(register_client());
        desk.signs_in(desk.login(&[]));
        assert_eq!(desk.center.oidc.clients()[0].scopes, sent);
    }
}

#[test]
fn token_serves_at_once() {
    let desk = Desk::new();
    desk.center.add_account(super::super::fake::Account::new("111122223333", &["Admin"]));
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    desk.center.portal.expect(super::super::fake::get_role_credentials("111122223333", "Admin"));
    desk.home.keyfob(["process", "dev"]).any_stdout().run();
}

#[test]
fn code_is_redeemed_with_the_redirect_that_was_in_the_url() {
    let desk = Desk::new();
    let port = free_port();
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.run(&["dev", "--no-browser", "--redirect-port", &port.to_string()]));
    let redirect = format!("http://127.0.0.1:{port}/oauth/callback");
    assert_eq!(desk.center.oidc.authorizations()[0].redirect_uri, redirect);
}

#[test]
fn session_of_another_sign_in_is_not_taken() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(code_token());
    let mut running = desk.login(&[]).any_stdout().any_stderr().spawn();
    let url = shown_url(&mut running);
    let redirect = desk.center.oidc.visit(&url).allow();
    let (before, state) = redirect.split_once("state=").expect("a redirect has a state");
    let page = loopback::get(&format!("{before}state={}", state.replace(['0', '1', '2', '3'], "9")));
    assert_eq!(page.status, "400");
    loopback::get(&redirect);
    running.wait();
}

#[test]
fn endpoint_with_a_path_lends_the_page_its_host_alone() {
    let desk = Desk::at(IdentityCenter::start_below("/base"));
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(code_token());
    let mut running = desk.login(&[]).any_stdout().any_stderr().spawn();
    let url = desk.allow(&mut running);
    assert!(url.starts_with(&format!("http://{}/authorize?", desk.center.oidc.address())), "{url}");
    running.wait();
}

#[test]
fn only_session_of_the_config_file_is_meant_where_nobody_names_one() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    let run = desk.signs_in(desk.here(&["-v"]));
    let told = "keyfob: sso-session \"corp\" is the only one, so it is meant\n";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    assert!(run.stdout.contains("keyfob sso list --sso-session corp\n"), "{}", run.stdout);
}

#[test]
fn verbose_tells_what_happens_and_no_secret() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    let told = desk.signs_in(desk.login(&["-v"])).stderr;
    let url = desk.center.oidc.url();
    for line in [
        "keyfob: listening on 127.0.0.1:".to_owned(),
        format!("keyfob: registering at {url}\n"),
        format!("keyfob: trading the code for a token at {url}\n"),
        format!("keyfob: the token is in \"{}\"\n", desk.path().display()),
    ] {
        assert!(told.contains(&line), "{line} in {told}");
    }
}

/// Whoever sits elsewhere has no browser here, but may lead one to a port of choice.
#[test]
fn port_of_choice_is_led_to_through_ssh() {
    let desk = Desk::new();
    let port = free_port().to_string();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(code_token());
    let run = desk.run(&["dev", "--redirect-port", &port]).env("SSH_CONNECTION", "198.51.100.7 52000 203.0.113.9 22");
    let mut running = run.env("USER", "jane").any_stdout().spawn();
    let url = desk.allow(&mut running);
    let told = format!(
        "This is an SSH session, so no browser is opened here. On the machine where you sit, forward the port:\n\n\
         ssh -L {port}:127.0.0.1:{port} jane@203.0.113.9\n\n\
         To sign in to sso-session \"corp\", open this URL in a browser there:\n\n{url}\n\n"
    );
    running.stderr(told).wait();
}

#[cfg(unix)]
#[test]
fn browser_is_given_the_url() {
    let desk = Desk::new();
    desk.home
        .program("/bin/sh", ["-c", "cat > \"$0\" && chmod 700 \"$0\"", "browser"])
        .stdin("#!/bin/sh\necho noise\necho \"$1\" > \"$HOME/url.new\" && mv \"$HOME/url.new\" \"$HOME/url\"\n")
        .run();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(code_token());
    let browser = desk.home.path().join("browser");
    let run = desk.run(&["dev", "--browser", browser.to_str().expect("temporary paths are UTF-8")]);
    let mut running = run.any_stdout().spawn();
    let url = shown_url(&mut running);
    let began = Instant::now();
    while !desk.home.path().join("url").exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "no browser was opened");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(desk.home.read("url"), format!("{url}\n"));
    loopback::get(&desk.center.oidc.visit(&url).allow());
    let told = "Opening a browser to sign in to sso-session \"corp\". If none opens, open this URL on this machine:\n";
    running.stderr(format!("{told}\n{url}\n\n")).wait();
}
