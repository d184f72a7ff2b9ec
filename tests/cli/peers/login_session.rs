//! That keyfob and botocore renew one session in turn, and that the fake of the sign-in service is one to botocore.

use super::{
    super::{
        fake::{SignIn, TokenCall, escape, refresh, sign_in},
        keyfob::{Home, json},
        login_session::{DEAD, Desk},
        peer,
    },
    ask,
};
use serde_json::{Value, json};
use std::path::Path;

/// botocore can read sessions only with `botocore[crt]`.
pub(super) const MODULES: [&str; 2] = ["botocore", "awscrt"];

/// Checks what botocore gets against the fake's keys of this number.
#[track_caller]
fn botocore_gets(python: &Path, desk: &Desk, number: usize) {
    let theirs = ask(python, &desk.home, "login_session.py", &["dev"], "");
    let keys = json(&desk.keys(number).document(theirs["AccountId"].as_str()));
    for member in ["AccessKeyId", "SecretAccessKey", "SessionToken", "AccountId"] {
        assert_eq!(theirs[member], keys[member], "{member}");
    }
    assert_eq!(theirs["Method"], "login");
}

#[test]
fn botocore_and_keyfob_renew_one_session_in_turn() {
    let Some(python) = peer::python(&MODULES) else { return };
    let desk = Desk::new(DEAD);
    let before = json(&desk.read());
    for number in [1, 3] {
        desk.signin.expect(refresh());
        desk.prints(desk.process(), number);
        botocore_gets(&python, &desk, number);
        desk.end_session();

        desk.signin.expect(refresh());
        botocore_gets(&python, &desk, number + 1);
        desk.prints(desk.process(), number + 1);
        desk.end_session();
    }
    let calls = desk.signin.calls();
    let answered = desk.signin.answered();
    assert_eq!(calls.len(), 4);
    for (call, answer) in calls[1..].iter().zip(&answered) {
        assert_eq!(call.refresh_token(), answer.refresh_token);
    }
    let after = json(&desk.read());
    for member in ["tokenType", "clientId", "idToken", "dpopKey"] {
        assert_eq!(after[member], before[member], "{member}");
    }
}

#[test]
fn botocore_renews_in_the_region_that_keyfob_left_in_the_file() {
    let Some(python) = peer::python(&MODULES) else { return };
    let desk = Desk::new(DEAD);
    desk.write(&desk.document(DEAD).replace("\"tokenType\"", "\"signInRegion\": \"eu-west-1\", \"tokenType\""));
    // No other region is set, and botocore wants one.
    desk.home.write(".aws/config", format!("[profile dev]\nlogin_session = {}\n", desk.session.login_session));
    desk.signin.expect(refresh());
    desk.prints(desk.process(), 1);
    desk.end_session();
    desk.signin.expect(refresh());
    botocore_gets(&python, &desk, 2);
    desk.prints(desk.process(), 2);
}

/// What botocore's model of the service says of the answer to this.
fn answer(python: &Path, desk: &Desk, token_input: &Value) -> Value {
    let asked = json!({ "tokenInput": token_input, "dpopKey": desk.session.key.pem });
    ask(python, &desk.home, "signin_answers.py", &["dev"], &asked.to_string())
}

fn refresh_input(client_id: &str, refresh_token: &str) -> Value {
    json!({ "clientId": client_id, "refreshToken": refresh_token, "grantType": "refresh_token" })
}

fn granted(members: &[&str]) -> Value {
    json!({
        "members": members, "unknown": [], "missing": [], "expiresIn": 900,
        "access": ["accessKeyId", "secretAccessKey", "sessionToken"],
        // The model has another text for it than the service sends.
        "odd": ["tokenType"],
    })
}

#[test]
fn answers_of_the_fake_are_those_of_botocores_model() {
    let Some(python) = peer::python(&MODULES) else { return };
    let desk = Desk::new(DEAD);
    let spent = refresh_input(&desk.session.client_id, &desk.session.refresh_token);
    desk.signin.expect(refresh());
    let members = ["accessToken", "expiresIn", "refreshToken", "tokenType"];
    assert_eq!(answer(&python, &desk, &spent), granted(&members));
    // By its own judgement: the token is spent now.
    desk.signin.expect(refresh().refused("INVALID_REQUEST"));
    let refused = answer(&python, &desk, &spent);
    assert_eq!((&refused["exception"], &refused["status"]), (&"ValidationException".into(), &400.into()));
}

/// What botocore sends for a code that the person allowed just now.
fn sign_in_input(signin: &SignIn, client_id: &str, redirect_uri: &str) -> Value {
    let parameters = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("state", "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8"),
        ("code_challenge_method", "SHA-256"),
        ("scope", "openid"),
        ("redirect_uri", redirect_uri),
        ("code_challenge", "_-BU_nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs"),
    ];
    let query = parameters.map(|(name, value)| format!("{name}={}", escape(value))).join("&");
    let code = signin.visit(&format!("{}/v1/authorize?{query}", signin.url())).allowed_code();
    json!({
        "clientId": client_id, "grantType": "authorization_code", "code": code, "redirectUri": redirect_uri,
        "codeVerifier": "a".repeat(64),
    })
}

#[test]
fn botocores_requests_sign_in_at_the_fake_and_its_answers_are_those_of_the_model() {
    let Some(python) = peer::python(&MODULES) else { return };
    let desk = Desk::new(DEAD);
    let confirmation = format!("{}/v1/sessions/confirmation", desk.signin.url());
    for (client_id, redirect_uri) in [
        ("arn:aws:signin:::devtools/same-device", "http://127.0.0.1:37597/oauth/callback"),
        ("arn:aws:signin:::devtools/cross-device", &confirmation),
    ] {
        let input = sign_in_input(&desk.signin, client_id, redirect_uri);
        desk.signin.expect(sign_in(&desk.session.login_session));
        let members = ["accessToken", "expiresIn", "idToken", "refreshToken", "tokenType"];
        assert_eq!(answer(&python, &desk, &input), granted(&members));
        let answered = desk.signin.answered().pop().expect("a sign-in was granted");
        desk.signin.expect(refresh());
        answer(&python, &desk, &refresh_input(client_id, &answered.refresh_token));
        desk.signin.expect(sign_in(&desk.session.login_session).refused("INVALID_REQUEST"));
        assert_eq!(answer(&python, &desk, &input)["exception"], "ValidationException");
    }
}

/// Finds nothing wrong with the request, by botocore's model of the service, and botocore would send the same.
#[track_caller]
pub(crate) fn request_is_botocores(python: &Path, desk: &Desk, call: &TokenCall) {
    let body = json(&call.body);
    let theirs = ask(python, &desk.home, "signin_requests.py", &[], &call.body);
    let none: [&str; 0] = [];
    assert_eq!(
        theirs,
        json!({ "faults": none, "body": body, "path": "/v1/token", "method": "POST", "type": "application/json" })
    );
}

#[test]
fn refreshes_are_such_as_botocore_sends() {
    let Some(python) = peer::python(&MODULES) else { return };
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh());
    desk.prints(desk.process(), 1);
    request_is_botocores(&python, &desk, &desk.signin.calls()[0]);
}

/// Otherwise the test above would say nothing.
#[test]
fn other_requests_are_not_botocores() {
    let Some(python) = peer::python(&MODULES) else { return };
    let home = Home::new();
    for (body, fault) in [
        (json!({ "clientId": "x" }), "Missing required parameter in tokenInput: \"grantType\""),
        (json!({ "clientId": "x", "grantType": "refresh_token" }), "clientId is not like"),
        (json!({ "clientId": "x", "grantType": "y", "scope": "openid" }), "Unknown parameter in tokenInput: \"scope\""),
        (json!({ "clientId": "x", "grantType": "y", "codeVerifier": "x" }), "tokenInput.codeVerifier, value: 1"),
        (json!({ "clientId": "x", "grantType": "y", "code": "x".repeat(513) }), "code is too long"),
    ] {
        let theirs = ask(&python, &home, "signin_requests.py", &[], &body.to_string());
        let faults = theirs["faults"].to_string();
        assert!(faults.replace('\\', "").contains(fault), "{faults}");
    }
}

/// So that no test of keyfob is about an error that there is not.
#[test]
fn errors_of_the_fake_are_those_of_botocores_model() {
    let Some(python) = peer::python(&MODULES) else { return };
    let signin = SignIn::start();
    let desk = Desk::at(signin, DEAD);
    for (number, (status, exception, error)) in (1..).zip([
        (401, "AccessDeniedException", "TOKEN_EXPIRED"),
        (401, "AccessDeniedException", "AUTHCODE_EXPIRED"),
        (403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED"),
        (403, "AccessDeniedException", "INSUFFICIENT_PERMISSIONS"),
        (400, "ValidationException", "INVALID_REQUEST"),
        (429, "TooManyRequestsError", "INVALID_REQUEST"),
        (429, "TooManyRequestsError", "rate_exceeded"),
        (500, "InternalServerException", "server_error"),
    ]) {
        desk.signin.expect(refresh().fails(status, exception, error, "so it is"));
        assert_eq!(
            answer(&python, &desk, &refresh_input(&desk.session.client_id, &desk.session.refresh_token)),
            json!({
                "exception": exception, "error": error, "message": "so it is", "known": true, "status": status,
                "expected": status, "code": true, "request": format!("00000000-0000-4000-8000-{number:012}"),
            })
        );
    }
}
