//! That the fake is as strict as the other tests rely on.

mod browser;
mod device;

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{
        IdentityCenter, MARKER, NamedIn, Timestamp,
        authorization::challenge,
        identity_center::client::{Ask, faults},
    },
    code_token, device_token, refreshed_token, register_client, start_device_authorization,
};

const START_URL: &str = "https://d-1234567890.awsapps.com/start";
const STATE: &str = "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8";
const CALLBACK: &str = "http://127.0.0.1:37597/oauth/callback";

fn verifier() -> String {
    "a".repeat(64)
}

fn device_registration(scopes: &[&str]) -> Value {
    let mut body = json!({ "clientName": "keyfob-corp", "clientType": "public" });
    if !scopes.is_empty() {
        body["scopes"] = json!(scopes);
    }
    body
}

fn code_registration() -> Value {
    json!({
        "clientName": "keyfob-corp", "clientType": "public", "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"], "issuerUrl": START_URL, "scopes": ["sso:account:access"],
    })
}

fn post(center: &IdentityCenter, path: &str, body: &Value) -> Ask {
    Ask::post(center.oidc.address(), path, body)
}

/// Members of `CreateToken`, with those of a client that was registered beforehand.
fn token_body(client: (&str, &str), grant_type: &str, more: &[(&str, &str)]) -> Value {
    let mut body = json!({ "grantType": grant_type, "clientId": client.0, "clientSecret": client.1 });
    for (name, value) in more {
        body[*name] = json!(value);
    }
    body
}

fn refresh(center: &IdentityCenter, client: (&str, &str), refresh_token: &str) -> Ask {
    post(center, "/token", &token_body(client, "refresh_token", &[("refreshToken", refresh_token)]))
}

fn is(status: &str, exception: &str) -> (String, String) {
    (status.to_owned(), exception.to_owned())
}

#[test]
fn clients_of_both_kinds_are_registered() {
    let center = IdentityCenter::start();
    for (body, is_for_codes, scopes) in [
        (device_registration(&[]), false, 0),
        (device_registration(&["sso:account:access", "codewhisperer:completions"]), false, 2),
        (code_registration(), true, 1),
    ] {
        center.oidc.expect(register_client());
        let answer = post(&center, "/client/register", &body).send();
        assert_eq!(answer.status, "200", "{}", answer.body);
        let client = center.oidc.clients().pop().expect("one was registered");
        assert_eq!((client.is_for_codes, client.scopes.len(), &*client.name), (is_for_codes, scopes, "keyfob-corp"));
        assert_eq!((answer.text("clientId"), answer.text("clientSecret")), (client.client_id, client.client_secret));
        assert!(answer.text("clientSecret").contains(MARKER) && !answer.text("clientId").contains(MARKER));
        let (begin, end) = (&answer.json()["clientIdIssuedAt"], &answer.json()["clientSecretExpiresAt"]);
        assert_eq!(begin.as_i64().map(|begin| begin + 90 * 86_400), end.as_i64());
        assert!(answer.json()["tokenEndpoint"].is_null());
    }
    assert_eq!(center.oidc.calls().len(), 3);
}

#[test]
fn bad_registrations_fail_the_test() {
    for (from, to, fault) in [
        ("/client/register", "/client/registers", "no operation's"),
        ("/client/register", "/client/register?a=b", "is no operation"),
        ("POST /", "PUT /", "is no operation"),
        ("Host: 127.0.0.1", "Host: localhost", "Host is"),
        ("application/json", "application/x-amz-json-1.1", "Content-Type is"),
        ("\r\nHost", "\r\nAuthorization: x\r\nHost", "Authorization is there"),
        ("\r\nHost", "\r\nX-Amz-Date: x\r\nHost", "x-amz-date is there"),
        ("\r\nHost", "\r\nCookie: a=b\r\nHost", "Cookie is there"),
        ("\r\nHost", "\r\nX: MARKERsecret\r\nHost", "the header X holds a secret"),
        ("\"clientName\"", "\"client_name\"", "unknown field `client_name`"),
        ("{\"clientName", "{\"entitledApplicationArn\":\"a\",\"clientName", "unknown field `entitledApplicationArn`"),
        ("{\"clientName", "{\"clientType\":\"public\",\"clientName", "duplicate field `clientType`"),
        ("\"public\"", "\"confidential\"", "clientType is"),
        ("keyfob-corp", "other", "clientName is"),
        ("keyfob-corp", "keyfobs", "clientName is"),
        ("keyfob-corp", "keyfob-MARKERsecret", "clientName holds"),
        ("[\"sso:account:access\"]", "[]", "scopes holds none"),
        ("[\"sso:account:access\"]", "null", "scopes is there, but empty"),
        ("\"scopes\":[\"sso:account:access\"]", "\"scopes\":[\"x\"],\"scope\":\"x\"", "unknown field `scope`"),
        ("\"issuerUrl\"", "\"startUrl\"", "unknown field `startUrl`"),
        (",\"issuerUrl\":\"https://d-1234567890.awsapps.com/start\"", "", "of neither kind"),
        ("\"authorization_code\",\"refresh_token\"", "\"authorization_code\"", "of neither kind"),
        ("\"authorization_code\",\"refresh_token\"", "\"refresh_token\",\"authorization_code\"", "of neither kind"),
        ("127.0.0.1/oauth/callback", "127.0.0.1/oauth/callback/", "of neither kind"),
        ("127.0.0.1/oauth/callback", "127.0.0.1:80/oauth/callback", "of neither kind"),
        ("127.0.0.1/oauth/callback", "localhost/oauth/callback", "of neither kind"),
    ] {
        let center = IdentityCenter::start();
        let mut body = code_registration().to_string();
        // A map is sorted, and the test needs to know what comes first.
        body =
            body.replacen('{', "{\"clientName\":\"keyfob-corp\",", 1).replace(",\"clientName\":\"keyfob-corp\",", ",");
        let ask = Ask::post(center.oidc.address(), "/client/register", &Value::Null).with("null", &body);
        assert_eq!(ask.with(from, to).send().status, "400", "{fault}");
        let found = faults(center);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn scopes_and_start_urls_of_others_are_refused() {
    let center = IdentityCenter::start();
    for (body, exception) in [
        (device_registration(&["sso:account:acces"]), "InvalidScopeException"),
        (code_registration().to_string().parse().expect("it is JSON"), "InvalidRequestException"),
    ] {
        center.oidc.expect(register_client().refused(exception));
        let ask = post(&center, "/client/register", &body);
        let ask = if exception == "InvalidRequestException" { ask.with("/start\"", "/start/\"") } else { ask };
        assert_eq!(ask.send().exception(), is("400", exception));
    }
    assert_eq!(center.oidc.calls()[0].refused.as_deref(), Some("InvalidScopeException"));
    assert!(center.oidc.clients().is_empty());
}

#[test]
fn errors_are_those_of_aws_or_as_the_test_likes() {
    let center = IdentityCenter::start();
    let ask = post(&center, "/client/register", &device_registration(&["other"]));
    let refused = || register_client().refused("InvalidScopeException");
    let usual = json!({ "error": "invalid_scope", "error_description": "The scope other does not exist." });
    let header = "InvalidScopeException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/";

    center.oidc.expect(refused());
    let answer = ask.send();
    assert_eq!((answer.json(), &*answer.headers["x-amzn-errortype"]), (usual.clone(), header));
    assert_eq!(answer.headers["x-amzn-requestid"], "00000000-0000-4000-8000-000000000001");

    center.oidc.expect(refused().named_in(NamedIn::Neither));
    let answer = ask.send();
    assert_eq!((answer.json(), answer.headers.get("x-amzn-errortype")), (usual, None));

    center.oidc.expect(refused().named_in(NamedIn::Type).telling("reason", "KMS_DisabledException"));
    let answer = ask.send();
    assert_eq!(answer.json()["__type"], "com.amazonaws.sso.oidc#InvalidScopeException");
    assert_eq!((answer.text("reason"), answer.headers.get("x-amzn-errortype")), ("KMS_DisabledException".into(), None));

    center.oidc.expect(register_client().fails(500, "InternalServerException", "later"));
    let answer = ask.send();
    assert_eq!(answer.json(), json!({ "error": "server_error", "error_description": "later" }));
    assert_eq!(answer.exception(), is("500", "InternalServerException"));
}

#[test]
fn calls_that_were_not_queued_or_go_otherwise_fail_the_test() {
    let register = |center: &IdentityCenter| post(center, "/client/register", &device_registration(&[])).send();
    let center = IdentityCenter::start();
    assert_eq!(register(&center).status, "500");
    assert!(faults(center).contains("unexpected RegisterClient: nothing was queued any more"));

    let center = IdentityCenter::start();
    center.oidc.expect(start_device_authorization());
    register(&center);
    let found = faults(center);
    assert!(found.contains("the next was to be StartDeviceAuthorization"), "{found}");
    assert!(found.contains("StartDeviceAuthorization was queued but never came"), "{found}");

    let center = IdentityCenter::start();
    center.oidc.expect(register_client().refused("SlowDownException"));
    assert_eq!(register(&center).status, "200");
    assert!(faults(center).contains("was to be refused as Some(\"SlowDownException\"), but None: it was granted"));
}

#[test]
fn refresh_tokens_rotate_and_are_good_once() {
    let center = IdentityCenter::start();
    let token = center.sign_in("corp");
    let first = token.refresh_token.clone().expect("an sso-session can be refreshed");
    let client = (&*token.client_id, &*token.client_secret);
    center.oidc.expect(refreshed_token());
    let answer = refresh(&center, client, &first).send();
    let (second, expires_in) = (answer.text("refreshToken"), answer.json()["expiresIn"].as_i64());
    assert!(second != first && second.contains(MARKER) && answer.text("accessToken").contains(MARKER));
    assert_eq!(
        (&*answer.text("tokenType"), expires_in, answer.json()["idToken"].is_null()),
        ("Bearer", Some(3600), true)
    );
    assert_eq!(center.issued()[1].access_token, answer.text("accessToken"));

    center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    assert_eq!(refresh(&center, client, &first).send().exception(), is("400", "InvalidGrantException"));

    // Without a new one the old one stays.
    for _ in 0..2 {
        center.oidc.expect(refreshed_token().without_refresh_token().expiring_in("60"));
        let answer = refresh(&center, client, &second).send();
        assert_eq!((answer.json().get("refreshToken"), answer.json()["expiresIn"].as_i64()), (None, Some(60)));
    }
    center.end_sessions();
    center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    refresh(&center, client, &second).send();
}

#[test]
fn clients_that_are_others_or_over_are_refused() {
    let center = IdentityCenter::start();
    let (token, other) = (center.sign_in("corp"), center.register_for_codes("other"));
    let refresh_token = token.refresh_token.clone().expect("an sso-session can be refreshed");
    for (client, exception, status) in [
        (("unknown", &*token.client_secret), "InvalidClientException", "401"),
        ((&*token.client_id, "unknown"), "InvalidClientException", "401"),
        ((&*token.client_id, &*other.client_secret), "InvalidClientException", "401"),
        ((&*other.client_id, &*other.client_secret), "InvalidGrantException", "400"),
    ] {
        center.oidc.expect(refreshed_token().refused(exception));
        assert_eq!(refresh(&center, client, &refresh_token).send().exception(), is(status, exception));
    }
    let end: [fn(&IdentityCenter); 2] =
        [|center| center.oidc.expire_clients(), |center| center.set_clock_ahead(Duration::from_hours(90 * 24))];
    for end in end {
        let center = IdentityCenter::start();
        let token = center.sign_in("corp");
        end(&center);
        center.oidc.expect(refreshed_token().refused("InvalidClientException"));
        let client = (&*token.client_id, &*token.client_secret);
        refresh(&center, client, &token.refresh_token.clone().unwrap_or_default()).send();
    }
}

#[test]
fn registrations_end_when_the_test_says() {
    let center = IdentityCenter::start();
    let end = Timestamp::now().plus(Duration::from_secs(30));
    center.oidc.expect(register_client().registered_until(end));
    let answer = post(&center, "/client/register", &device_registration(&[])).send();
    assert_eq!(answer.json()["clientSecretExpiresAt"].as_i64(), Some(end.unix_seconds()));
    assert_eq!(center.oidc.clients()[0].end, end);
}

#[test]
fn bad_calls_for_tokens_fail_the_test() {
    for (from, to, fault) in [
        ("refresh_token\"", "password\"", "unknown variant `password`"),
        ("\"refresh_token\"", "\"authorization_code\"", "unknown field `refreshToken`"),
        ("\"refreshToken\"", "\"refresh_token\"", "unknown field `refresh_token`"),
        ("{\"", "{\"scope\":[\"sso:account:access\"],\"", "unknown field `scope`"),
        ("{\"", "{\"idToken\":null,\"", "idToken is there, but empty"),
        ("\"clientSecret\"", "\"clientsecret\"", "unknown field `clientsecret`"),
        ("{\"clientId\":\"x\",", "{", "missing field `clientId`"),
        (",\"refreshToken\":\"z\"", "", "missing field `refreshToken`"),
        ("\"z\"", "\"\"", "refreshToken is there, but empty"),
        ("{\"", "[\"", "the body"),
    ] {
        let center = IdentityCenter::start();
        let ask = refresh(&center, ("x", "y"), "z").with(from, to);
        assert_eq!(ask.send().status, "400", "{fault}");
        let found = faults(center);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn pages_and_calls_are_as_good_behind_tls_and_below_a_path() {
    let center = IdentityCenter::start_below("/base");
    center.oidc.expect(register_client());
    assert!(center.oidc.url().ends_with("/base"));
    assert_eq!(post(&center, "/base/client/register", &device_registration(&[])).send().status, "200");
    post(&center, "/client/register", &device_registration(&[])).send();
    assert!(faults(center).contains("which is not below \"/base\""));

    let (oidc, portal) = ("oidc.eu-west-1.amazonaws.com", "portal.sso.eu-west-1.amazonaws.com");
    let center = IdentityCenter::start_as(START_URL, "eu-west-1", oidc, portal);
    assert_eq!(center.oidc.url(), format!("https://{oidc}"));
    assert_eq!(center.oidc.page(&format!("https://{oidc}/device")).status, "200");
    assert!(center.ca_pem().is_some_and(|pem| pem.matches("BEGIN CERTIFICATE").count() == 2));
}
