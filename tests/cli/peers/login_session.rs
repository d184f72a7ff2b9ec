//! That keyfob and botocore renew one session in turn, and that the fake of the sign-in service is one to botocore.

use super::{
    super::{
        fake::{SignIn, refresh},
        login_session::{DEAD, Desk},
        peer,
    },
    ask, json, text,
};
use serde_json::Value;
use std::path::Path;

/// botocore can read sessions only with `botocore[crt]`.
const MODULES: [&str; 2] = ["botocore", "awscrt"];

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

/// What botocore's model of the service says of an answer.
fn answer(python: &Path, desk: &Desk) -> Value {
    let path = desk.home.path().join(desk.session.path());
    ask(python, &desk.home, "signin_answers.py", &["dev", text(&path)], "")
}

#[test]
fn answers_of_the_fake_are_those_of_botocores_model() {
    let Some(python) = peer::python(&MODULES) else { return };
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh());
    let granted = answer(&python, &desk);
    let members = ["accessToken", "expiresIn", "refreshToken", "tokenType"];
    let access = ["accessKeyId", "secretAccessKey", "sessionToken"];
    let none: [&str; 0] = [];
    assert_eq!(
        granted,
        serde_json::json!({
            "members": members, "unknown": none, "missing": none, "access": access, "expiresIn": 900,
        })
    );
    // By its own judgement: the token is spent now.
    desk.signin.expect(refresh().refused("INVALID_REQUEST"));
    let refused = answer(&python, &desk);
    assert_eq!((&refused["exception"], &refused["status"]), (&"ValidationException".into(), &400.into()));
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
            answer(&python, &desk),
            serde_json::json!({
                "exception": exception, "error": error, "message": "so it is", "known": true, "status": status,
                "expected": status, "code": true, "request": format!("00000000-0000-4000-8000-{number:012}"),
            })
        );
    }
}
