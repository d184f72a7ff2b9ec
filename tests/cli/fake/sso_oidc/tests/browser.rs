//! Sign-ins with an authorization code.

use super::{
    super::super::{SsoRegistration, form},
    *,
};

/// As the AWS CLI makes it.
fn authorize_url(center: &IdentityCenter, client: &SsoRegistration) -> String {
    format!(
        "http://{}/authorize?response_type=code&client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A37597%2Foauth%2F\
         callback&state={STATE}&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge={}",
        center.oidc.address(),
        client.client_id,
        challenge(&verifier())
    )
}

/// Signs in at the fake and allows it.
fn code(center: &IdentityCenter, client: &SsoRegistration) -> String {
    let location = center.oidc.visit(&authorize_url(center, client)).allow();
    let (redirect_uri, query) = location.split_once('?').expect("a redirect has parameters");
    assert_eq!(redirect_uri, CALLBACK);
    let mut parameters = form::parse(query.as_bytes()).expect("the fake escapes as it demands it");
    assert_eq!(parameters[1], ("state".to_owned(), STATE.to_owned()));
    parameters.remove(0).1
}

fn exchange(center: &IdentityCenter, client: &SsoRegistration, code: &str) -> Ask {
    let more = [("code", code), ("codeVerifier", &verifier()), ("redirectUri", CALLBACK)];
    let body = token_body((&client.client_id, &client.client_secret), "authorization_code", &more);
    post(center, "/token", &body)
}

#[test]
fn authorize_url_of_the_specification_is_read() {
    let center = IdentityCenter::start();
    let client = center.register_for_codes("corp");
    // RFC 7636, appendix B.
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let url = authorize_url(&center, &client).replace(&super::challenge(&verifier()), challenge);
    let page = center.oidc.page(&url);
    assert!(page.body.contains("keyfob-corp asks for your credentials."), "{}", page.body);
    let [authorization] = &center.oidc.authorizations()[..] else { panic!("one was asked for") };
    assert!(authorization.is_proved_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    assert_eq!(authorization.redirect_uri, CALLBACK);
}

#[test]
fn code_is_good_once_and_brings_a_refresh_token() {
    let center = IdentityCenter::start();
    let client = center.register_for_codes("corp");
    let code = code(&center, &client);
    center.oidc.expect(code_token());
    let answer = exchange(&center, &client, &code).send();
    assert_eq!((&*answer.status, answer.json()["expiresIn"].as_i64()), ("200", Some(3600)));
    let refresh_token = answer.text("refreshToken");
    center.oidc.expect(code_token().refused("InvalidGrantException"));
    assert_eq!(exchange(&center, &client, &code).send().exception(), is("400", "InvalidGrantException"));
    center.oidc.expect(refreshed_token());
    let answer = refresh(&center, (&client.client_id, &client.client_secret), &refresh_token).send();
    assert_eq!(answer.status, "200");
}

#[test]
fn what_differs_from_the_authorization_is_refused() {
    for (from, to, message) in [
        ("code+0001", "code+0002", "was not issued here"),
        ("37597", "37598", "not that of the authorization"),
        ("aaaaaaaa\"", "aaaaaaab\"", "does not match the challenge"),
    ] {
        let center = IdentityCenter::start();
        let client = center.register_for_codes("corp");
        let code = code(&center, &client);
        center.oidc.expect(code_token().refused("InvalidGrantException"));
        let answer = exchange(&center, &client, &code).with(from, to).send();
        assert!(answer.text("error_description").contains(message), "{}", answer.body);
        // That spent nothing.
        center.oidc.expect(code_token());
        assert_eq!(exchange(&center, &client, &code).send().status, "200");
    }
    let center = IdentityCenter::start();
    let (client, other) = (center.register_for_codes("corp"), center.register_for_codes("other"));
    center.oidc.expect(code_token().refused("InvalidGrantException"));
    let answer = exchange(&center, &other, &code(&center, &client)).send();
    assert!(answer.text("error_description").contains("another client's"));
    let device = center.register_for_devices(None, &[]);
    center.oidc.expect(code_token().refused("UnauthorizedClientException"));
    exchange(&center, &device, "x").send();
}

#[test]
fn codes_end() {
    let end: [fn(&IdentityCenter); 2] =
        [|center| center.oidc.expire_codes(), |center| center.set_clock_ahead(Duration::from_mins(5))];
    for end in end {
        let center = IdentityCenter::start();
        let client = center.register_for_codes("corp");
        let ask = exchange(&center, &client, &code(&center, &client));
        end(&center);
        center.oidc.expect(code_token().refused("ExpiredTokenException"));
        assert_eq!(ask.send().json()["error"], "expired_token");
    }
}

#[test]
fn denial_comes_back_with_the_state() {
    let center = IdentityCenter::start();
    let client = center.register_for_codes("corp");
    let location = center.oidc.visit(&authorize_url(&center, &client)).deny();
    assert!(location.starts_with(&format!("{CALLBACK}?error=access_denied&error_description=")), "{location}");
    assert!(location.ends_with(&format!("&state={STATE}")), "{location}");
}

#[test]
fn bad_authorize_urls_fail_the_test() {
    for (from, to, fault) in [
        ("/authorize", "/authorise", "nobody was asked"),
        ("response_type=code", "response_type=token", "response_type is"),
        ("response_type=code&", "", "response_type is missing"),
        ("=S256", "=SHA-256", "code_challenge_method is"),
        ("scopes=", "scope=", "scopes is missing"),
        ("scopes=", "scope=openid&scopes=", "scope is no parameter"),
        ("account%3Aaccess", "account%3Aaccess%20codewhisperer%3Acompletions", "as registered"),
        ("sso%3Aaccount", "sso:account", "scopes is not escaped"),
        ("127.0.0.1%3A37597", "localhost%3A37597", "redirect_uri is"),
        ("127.0.0.1%3A37597", "127.0.0.1", "redirect_uri is"),
        ("callback&", "callback%2F&", "redirect_uri is"),
        (STATE, "state", "no random UUID"),
        ("code_challenge=", "code_challenge=A", "which is no SHA-256"),
        ("http://127.0.0.1", "http://localhost", "Host is"),
    ] {
        let center = IdentityCenter::start();
        let url = authorize_url(&center, &center.register_for_codes("corp"));
        assert!(url.contains(from), "{from}");
        assert_eq!(center.oidc.page(&url.replace(from, to)).status, "400", "{fault}");
        let found = faults(center);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn person_is_told_of_a_client_that_is_over_or_of_another_kind() {
    let center = IdentityCenter::start();
    let url = authorize_url(&center, &center.register_for_devices(Some("corp"), &["sso:account:access"]));
    let page = center.oidc.page(&url);
    assert!(page.status == "400" && page.body.contains("for another grant type"), "{}", page.body);
    let url = authorize_url(&center, &center.register_for_codes("corp"));
    center.oidc.expire_clients();
    let page = center.oidc.page(&url);
    assert!(page.status == "400" && page.body.contains("registration has expired"), "{}", page.body);
}
