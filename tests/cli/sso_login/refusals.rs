//! What the service says no with, and what a person is told to do.

use super::*;

/// What is told when the client's registration is refused so.
#[track_caller]
fn registering(exception: &str, telling: Option<(&str, &str)>, description: &str) -> String {
    let desk = Desk::new();
    let answer = register_client().fails(400, exception, description);
    desk.center.oidc.expect(match telling {
        Some((name, value)) => answer.telling(name, value),
        None => answer,
    });
    let told = desk.login(&[]).code(1).any_stderr().run().stderr;
    assert_eq!(desk.files(), [""; 0]);
    told.replace(&desk.center.oidc.address().to_string(), "HOST")
}

#[test]
fn start_url_and_region_are_named_where_either_may_be_wrong() {
    for exception in ["InvalidRequestException", "InvalidRequestRegionException"] {
        let told = registering(exception, None, "Invalid start url provided");
        let cause =
            format!("  cause: AWS refused the start URL {START_URL} in region us-east-1: RegisterClient at HOST: ");
        assert!(told.starts_with(&format!("{FAILED}{cause}")), "{told}");
        assert!(told.contains("Invalid start url provided (HTTP 400, request "), "{told}");
        let hint = "\n  hint: check both; sso_region is the region where Identity Center was enabled\n";
        assert!(told.ends_with(hint), "{told}");
    }
}

#[test]
fn every_refusal_has_advice_of_its_own() {
    let keys = "Identity Center cannot use the key of AWS KMS that it is encrypted with: ask whoever manages it";
    let kind = "AWS takes no such sign-in from keyfob; try --use-device-code, or go without it";
    for (exception, telling, hint) in [
        ("AccessDeniedException", Some(("reason", "KMS_AccessDeniedException")), keys),
        ("InvalidRequestException", Some(("reason", "KMS_DisabledException")), keys),
        ("InvalidScopeException", None, "check sso_registration_scopes, which is sso:account:access"),
        ("InvalidRedirectUriException", None, kind),
        ("InvalidClientMetadataException", None, kind),
        ("UnauthorizedClientException", None, kind),
        ("UnsupportedGrantTypeException", None, kind),
        ("SomethingNewException", None, "run the command again in a moment"),
    ] {
        let told = registering(exception, telling, "So it is.");
        assert!(told.starts_with(&format!("{FAILED}  cause: ")) && told.contains("So it is"), "{told}");
        assert!(told.ends_with(&format!("\n  hint: {hint}\n")), "{exception}: {told}");
        assert!(telling.is_none_or(|(_, value)| told.contains(&format!(" ({value})"))), "{told}");
    }
}

#[test]
fn region_that_the_service_names_is_told() {
    let told = registering("InvalidRequestRegionException", Some(("region", "eu-west-1")), "Ask elsewhere");
    assert!(told.contains(": Ask elsewhere (region eu-west-1) (HTTP 400, request "), "{told}");
}

/// A service may repeat what it was told.
#[test]
fn secrets_in_the_answer_are_not_repeated() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    let mut running = desk.login(&[]).code(1).any_stderr().spawn();
    let url = shown_url(&mut running);
    let redirect = desk.center.oidc.visit(&url).allow();
    let (_, code) = redirect.split_once("code=").expect("a redirect has a code");
    let code = code.split('&').next().expect("it has an end").replace("%2F", "/").replace("%2B", "+");
    let code = code.replace("%3D", "=").replace("%25", "%");
    let secret = desk.center.oidc.clients()[0].client_secret.clone();
    let words = format!("not {code} of {secret}");
    desk.center.oidc.expect(code_token().fails(400, "InvalidGrantException", &words));
    loopback::get(&redirect);
    let told = running.wait().stderr;
    assert!(told.contains("invalid_grant: not … of …") && told.contains(" (HTTP 400, request "), "{told}");
}

#[test]
fn code_that_is_refused_is_told_without_it() {
    for (status, exception, hint, code) in [
        (400, "InvalidGrantException", "the code was spent or is another sign-in's; run the command again", 1),
        (400, "ExpiredTokenException", "run the command again", 3),
        (500, "InternalServerException", "run the command again in a moment", 1),
    ] {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        desk.center.oidc.expect(code_token().fails(status, exception, "No."));
        let mut running = desk.login(&[]).code(code).any_stderr().spawn();
        desk.allow(&mut running);
        let told = running.wait().stderr;
        assert!(told.contains(FAILED) && told.ends_with(&format!("\n  hint: {hint}\n")), "{told}");
        assert!(!desk.path().exists());
    }
}

#[test]
fn nobody_at_the_endpoint_is_told() {
    let desk = Desk::new();
    let run = desk.login(&[]).env("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1").code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{FAILED}  cause: RegisterClient at 127.0.0.1:1: ")), "{}", run.stderr);
    let hint = "\n  hint: check the network, the region, and HTTPS_PROXY and NO_PROXY\n";
    assert!(run.stderr.ends_with(hint), "{}", run.stderr);
}

#[test]
fn port_that_is_taken_is_told_before_anybody_is_asked() {
    let desk = Desk::new();
    let holder = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("127.0.0.1 has a free port");
    let port = holder.local_addr().expect("a bound socket has an address").port().to_string();
    let run = desk.run(&["dev", "--no-browser", "--redirect-port", &port]).code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{FAILED}  cause: cannot listen on 127.0.0.1:{port}: ")), "{}", run.stderr);
    let hint = "\n  hint: choose another --redirect-port, or use --use-device-code\n";
    assert!(run.stderr.ends_with(hint), "{}", run.stderr);
    assert_eq!(desk.center.oidc.connections(), 0);
}
