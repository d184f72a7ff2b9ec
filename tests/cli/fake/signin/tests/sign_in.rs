//! Whole sign-ins: what a browser and a client must send, and what they get.

use super::{
    super::{
        super::{authorization::challenge, form, loopback},
        Answered, authorize, id_token, sign_in,
    },
    *,
};
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    thread,
};

const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";
const STATE: &str = "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8";
const CALLBACK: &str = "http://127.0.0.1:37597/oauth/callback";
const OTHER_JTI: &str = "0d5c1a36-2d5f-4d0e-9c53-6f0a1c2b3d40";

fn verifier() -> String {
    "a".repeat(64)
}

fn base(signin: &SignIn) -> String {
    format!("http://{}", signin.address())
}

/// As the AWS CLI makes it, with the redirect URI escaped.
fn authorize_url(base: &str, client: &str, redirect_uri: &str) -> String {
    format!(
        "{base}/v1/authorize?response_type=code&client_id=arn%3Aaws%3Asignin%3A%3A%3Adevtools%2F{client}\
         &state={STATE}&code_challenge_method=SHA-256&scope=openid&redirect_uri={redirect_uri}\
         &code_challenge=_-BU_nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs"
    )
}

fn same_device_url(signin: &SignIn) -> String {
    authorize_url(&base(signin), "same-device", "http%3A%2F%2F127.0.0.1%3A37597%2Foauth%2Fcallback")
}

fn cross_device_url(signin: &SignIn) -> String {
    let host = signin.address().to_string().replace(':', "%3A");
    authorize_url(&base(signin), "cross-device", &format!("http%3A%2F%2F{host}%2Fv1%2Fsessions%2Fconfirmation"))
}

/// The parameters of a redirect, which must come back to where it was to go.
fn parameters(url: &str) -> Vec<(String, String)> {
    let (redirect_uri, query) = url.split_once('?').expect("a redirect has parameters");
    assert_eq!(redirect_uri, CALLBACK);
    form::parse(query.as_bytes()).expect("the fake escapes as it demands it")
}

/// Signs in at the fake and allows it.
fn code(signin: &SignIn) -> String {
    let mut parameters = parameters(&signin.visit(&same_device_url(signin)).allow());
    assert_eq!(parameters[1], ("state".to_owned(), STATE.to_owned()));
    assert_eq!(parameters[0].0, "code");
    parameters.remove(0).1
}

fn exchange(signin: &SignIn, code: &str) -> Ask {
    let verifier = verifier();
    let body = format!(
        r#"{{"clientId":"{SAME_DEVICE}","grantType":"authorization_code","code":"{code}","codeVerifier":"{verifier}","redirectUri":"{CALLBACK}"}}"#
    );
    Ask::with_body(signin, DpopKey::USUAL, body)
}

#[test]
fn challenges_are_those_of_rfc_7636() {
    for (verifier, wanted) in [
        (verifier(), "_-BU_nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs"),
        (
            "W9C8KYsF8e_1a4J2vJabz2w_Ja.WdOCYG.xtBr5hHu7dMfOWXUfRam1aeTkgrxDw".to_owned(),
            "PdiDOWvfP9_kPp-U_DrLXvm4dzaw0_K5FXvoWaD-ozQ",
        ),
        ("A~z0-9._".repeat(8), "l2GRWypfsrql7hyPl_p13AeFwIS_2oF1y_D8ttShGY0"),
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ] {
        assert_eq!(challenge(&verifier), wanted);
    }
}

#[test]
fn authorize_urls_of_every_partition_are_read() {
    for host in [
        "us-east-1.signin.aws.amazon.com",
        "cn-north-1.signin.amazonaws.cn",
        "us-gov-west-1.signin.amazonaws-us-gov.com",
    ] {
        let base = format!("https://{host}");
        let remote = format!("https%3A%2F%2F{host}%2Fv1%2Fsessions%2Fconfirmation");
        for (client, redirect_uri) in
            [("same-device", "http%3A%2F%2F127.0.0.1%3A37597%2Foauth%2Fcallback"), ("cross-device", &remote)]
        {
            let url = authorize_url(&base, client, redirect_uri);
            let (_, query) = url.split_once('?').expect("the parameters follow");
            let authorization = authorize::read(query, &base).expect("this is a good request");
            assert_eq!(authorization.state, STATE);
            assert!(authorization.client_id.ends_with(client) && authorization.is_proved_by(&verifier()));
        }
    }
}

#[test]
fn codes_are_as_long_and_as_odd_as_codes_may_be() {
    let signin = SignIn::start();
    let code = code(&signin);
    assert_eq!(code.len(), 512);
    assert!(["+", "/", "=", "%2F", MARKER].iter().all(|part| code.contains(part)), "{code}");
    assert_eq!(signin.authorizations()[0].client_id, SAME_DEVICE);
}

#[test]
fn code_is_good_once_and_begins_a_session_of_its_key() {
    let signin = SignIn::start();
    let code = code(&signin);
    signin.expect(sign_in(ALICE));
    let answer = exchange(&signin, &code).send(&signin);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let [Answered { refresh_token, id_token: Some(id_token), .. }] = &signin.answered()[..] else {
        panic!("one sign-in was granted");
    };
    assert!(answer.contains(refresh_token) && answer.contains(&format!(r#""idToken":"{id_token}""#)), "{answer}");

    signin.expect(sign_in(ALICE).refused("INVALID_REQUEST"));
    let answer = exchange(&signin, &code).with(JTI, OTHER_JTI).send(&signin);
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("was used before"), "{answer}");

    // The session is known without more ado.
    signin.expect(refresh());
    let session = Session::new(ALICE, refresh_token.clone());
    let answer = Ask::new(&signin, &session).with(JTI, "0d5c1a36-2d5f-4d0e-9c53-6f0a1c2b3d41").send(&signin);
    assert!(answer.starts_with("HTTP/1.1 200 ") && !answer.contains("idToken"), "{answer}");
}

#[test]
fn id_token_names_the_session_with_escaped_slashes() {
    let signin = SignIn::start();
    signin.expect(sign_in(ALICE));
    exchange(&signin, &code(&signin)).send(&signin);
    let token = signin.answered()[0].id_token.clone().expect("a sign-in has an ID token");
    let parts: Vec<&str> = token.split('.').collect();
    let decoded = |part| String::from_utf8(Base64UrlUnpadded::decode_vec(part).expect("it is base64url"));
    let payload = decoded(parts[1]).expect("it is UTF-8");
    assert!(
        payload.starts_with(r#"{"sub":"arn:aws:iam::123456789012:user\/alice","aud":"arn:aws:signin"#),
        "{payload}"
    );
    let payload: serde_json::Value = serde_json::from_str(&payload).expect("it is JSON");
    assert_eq!((&payload["sub"], &payload["aud"]), (&ALICE.into(), &SAME_DEVICE.into()));
    assert_eq!(payload["exp"].as_i64(), payload["iat"].as_i64().map(|begin| begin + 900));
    assert_eq!(parts[2].len(), 128);
}

#[test]
fn id_token_may_be_another_or_none() {
    let other = id_token(r#"{"sub":""}"#);
    for (expected, member) in [
        (sign_in(ALICE).with_id_token("a.b"), Some("a.b")),
        (sign_in(ALICE).with_id_token(&other), Some(&*other)),
        (sign_in(ALICE).without_id_token(), None),
    ] {
        let signin = SignIn::start();
        signin.expect(expected);
        let answer = exchange(&signin, &code(&signin)).send(&signin);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert_eq!(answer.contains("idToken"), member.is_some());
        assert!(member.is_none_or(|text| answer.contains(&format!(r#""idToken":"{text}""#))), "{answer}");
    }
}

#[test]
fn remote_sign_in_ends_with_a_text_to_copy() {
    // The endpoint's path is not the browser's.
    for signin in [SignIn::start(), SignIn::start_below("/base")] {
        let consent = signin.visit(&cross_device_url(&signin));
        let text = Base64::decode_vec(&consent.allow()).expect("the text is base64");
        let query = String::from_utf8(text).expect("it holds a query");
        let parameters = form::parse(query.as_bytes()).expect("it is escaped");
        assert_eq!(parameters[0], ("state".to_owned(), STATE.to_owned()));
        assert_eq!((&*parameters[1].0, parameters[1].1.len()), ("code", 512));
        assert_eq!(parameters.len(), 2);
        let page = signin.page(&consent.deny());
        assert!(page.status == "200" && page.body.contains("There is no code: access_denied."), "{}", page.body);
    }
}

#[test]
fn denial_comes_back_with_the_state() {
    let signin = SignIn::start();
    let parameters = parameters(&signin.visit(&same_device_url(&signin)).deny());
    let text = |name: &str| parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    assert_eq!((text("error"), text("state"), text("code")), (Some("access_denied"), Some(STATE), None));
    assert!(text("error_description").is_some_and(|text| text.contains('<')));
}

#[test]
fn pages_are_as_good_behind_tls() {
    let host = "eu-west-1.signin.aws.amazon.com";
    let signin = SignIn::start_as(host);
    let url = authorize_url(
        &format!("https://{host}"),
        "cross-device",
        &format!("https%3A%2F%2F{host}%2Fv1%2Fsessions%2Fconfirmation"),
    );
    assert!(signin.visit(&url).allow().starts_with("c3RhdGU9"));
}

#[test]
fn browsers_may_ask_for_an_icon() {
    let signin = SignIn::start();
    assert_eq!(signin.page(&format!("{}/favicon.ico", base(&signin))).status, "404");
    assert_eq!(faults(signin), "");
}

#[test]
fn bad_authorize_urls_fail_the_test() {
    for (from, to, fault) in [
        ("/v1/authorize", "/authorize", "the method is"),
        ("response_type=code", "response_type=token", "response_type is"),
        ("response_type=code&", "", "response_type is missing"),
        ("scope=openid", "scope=openid%20email", "scope is"),
        ("SHA-256", "S256", "code_challenge_method is"),
        ("scope=openid", "scope=openid&prompt=login", "prompt is no parameter"),
        ("scope=openid", "scope=openid&scope=openid", "holds scope twice"),
        ("scope=openid", "scope=open+id", "scope is not escaped"),
        ("%2Fsame", "/same", "client_id is not escaped"),
        ("%2Fsame", "%2fsame", "client_id is not escaped"),
        ("arn%3Aaws%3A", "arn%3Aaws-cn%3A", "client_id is \"arn:aws-cn"),
        ("same-device", "cross-device", "which is not arn:aws:signin:::devtools/cross-device's"),
        ("127.0.0.1%3A37597", "localhost%3A37597", "redirect_uri is"),
        ("127.0.0.1%3A37597", "127.0.0.1", "redirect_uri is"),
        ("%3A37597", "%3A0", "redirect_uri is"),
        ("%3A37597", "%3A037597", "redirect_uri is"),
        ("%3A37597", "%3A65536", "redirect_uri is"),
        ("callback", "callback%2F", "redirect_uri is"),
        (STATE, "7C0DFD91-6CB3-4AAB-9E23-E14C1C9CD5C8", "no random UUID"),
        (STATE, "7c0dfd91-6cb3-1aab-9e23-e14c1c9cd5c8", "no random UUID"),
        ("33xVGaOs", "33xVGaO", "which is no SHA-256"),
        ("33xVGaOs", "33xVGaOs%3D", "which is no SHA-256"),
    ] {
        let signin = SignIn::start();
        let url = same_device_url(&signin);
        assert!(url.contains(from), "{from}");
        assert_eq!(signin.page(&url.replace(from, to)).status, "400", "{fault}");
        let found = faults(signin);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn remote_redirect_is_to_the_service_itself() {
    for (from, to) in [("confirmation", "confirmation%2F"), ("http%3A", "https%3A"), ("%2Fv1", "%2Fbase%2Fv1")] {
        let signin = SignIn::start_below("/base");
        assert_eq!(signin.page(&cross_device_url(&signin).replace(from, to)).status, "400");
        assert!(faults(signin).contains("redirect_uri is"));
    }
}

#[test]
fn visit_to_another_host_or_to_nothing_asked_fails_the_test() {
    let signin = SignIn::start();
    let other = same_device_url(&signin).replacen("127.0.0.1", "localhost", 1);
    assert_eq!(signin.page(&other).status, "400");
    assert!(faults(signin).contains("Host is"));
    for path in ["/v1/consent/0/allow", "/v1/sessions/confirmation?code=x", "/v1/authorise"] {
        let signin = SignIn::start();
        assert_eq!(signin.page(&format!("{}{path}", base(&signin))).status, "400");
        assert_ne!(faults(signin), "");
    }
}

#[test]
fn bad_exchanges_fail_the_test() {
    for (from, to, fault) in [
        ("codeVerifier", "code_verifier", "unknown field `code_verifier`"),
        ("{\"clientId", "{\"scope\":\"openid\",\"clientId", "unknown field `scope`"),
        ("{\"clientId", "{\"code\":\"x\",\"clientId", "duplicate field `code`"),
        ("{\"clientId", "{\"tokenInput\":{},\"clientId", "unknown field `tokenInput`"),
        ("devtools/same", "devtools/other", "clientId is"),
        (CALLBACK, "", "redirectUri has 0"),
        ("aaaaaaaa\"", "\"", "codeVerifier is not 64 unreserved characters, but 56"),
        ("aaaaaaaa\"", "aaaaaaa+\"", "codeVerifier is not 64"),
        (&verifier(), STATE, "codeVerifier is not 64"),
        ("DPoP: PROOF\r\n", "", "DPoP is missing"),
    ] {
        let signin = SignIn::start();
        let ask = exchange(&signin, "x").with(from, to);
        let answer = ask.send(&signin);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{fault}: {answer}");
        let found = faults(signin);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn what_differs_from_the_authorization_is_refused() {
    for (from, to, message) in [
        ("code+0001", "code+0002", "was not issued here"),
        ("same-device", "cross-device", "another client's"),
        ("37597", "37598", "not that of the authorization"),
        ("callback\"", "callback/\"", "not that of the authorization"),
        ("aaaaaaaa\"", "aaaaaaab\"", "does not match the challenge"),
    ] {
        let signin = SignIn::start();
        let code = code(&signin);
        signin.expect(sign_in(ALICE).refused("INVALID_REQUEST"));
        let answer = exchange(&signin, &code).with(from, to).send(&signin);
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains(message), "{answer}");
        // That spent nothing.
        signin.expect(sign_in(ALICE));
        let answer = exchange(&signin, &code).with(JTI, OTHER_JTI).send(&signin);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}

#[test]
fn codes_end_and_are_of_one_region() {
    let end: [fn(&SignIn); 2] = [SignIn::expire_codes, |signin| signin.set_clock_ahead(Duration::from_mins(5))];
    for end in end {
        let signin = SignIn::start();
        let ask = exchange(&signin, &code(&signin));
        end(&signin);
        signin.expect(sign_in(ALICE).refused("AUTHCODE_EXPIRED"));
        assert!(ask.send(&signin).starts_with("HTTP/1.1 401 "));
    }
    let (here, there) = (SignIn::start(), SignIn::start());
    let ask = exchange(&there, &code(&here));
    there.expect(sign_in(ALICE).refused("INVALID_REQUEST"));
    assert!(ask.send(&there).contains("was not issued here"));
}

#[test]
fn exchange_that_was_not_queued_fails_the_test() {
    let signin = SignIn::start();
    signin.expect(refresh());
    let ask = exchange(&signin, &code(&signin));
    assert!(ask.send(&signin).starts_with("HTTP/1.1 500 "));
    let found = faults(signin);
    assert!(found.contains("unexpected sign-in by arn:aws:signin"), "{found}");
    assert!(found.contains("the next was to be a refresh"), "{found}");
    let signin = SignIn::start();
    signin.expect(sign_in(ALICE));
    assert!(faults(signin).contains(&format!("a sign-in of {ALICE} was queued but never came")));
}

#[test]
fn exchange_may_fail_as_the_test_likes() {
    let signin = SignIn::start();
    let code = code(&signin);
    signin.expect(sign_in(ALICE).fails(500, "InternalServerException", "server_error", "later"));
    assert!(exchange(&signin, &code).send(&signin).contains("\"server_error\""));
    signin.expect(sign_in(ALICE).after(Duration::from_millis(10)).expiring_in("60"));
    assert!(exchange(&signin, &code).with(JTI, OTHER_JTI).send(&signin).contains("\"expiresIn\":60"));
}

#[test]
fn listener_meets_browsers_and_others() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("127.0.0.1 has a free port");
    let url = format!("http://{}/oauth/callback?code=x", listener.local_addr().expect("a bound socket has an address"));
    let doorman = thread::spawn(move || {
        for stream in listener.incoming().take(4) {
            let mut stream = stream.expect("somebody came");
            let mut head = [0; 4];
            if stream.read_exact(&mut head).is_ok() && head == *b"GET " {
                let mut rest = BufReader::new(&stream).lines().map(|line| line.expect("the head is text"));
                let line = rest.find(String::is_empty);
                assert!(line.is_some());
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").expect("it reads");
            } else {
                let _ = stream.write_all(b"what?");
            }
        }
    });
    drop(loopback::open(&url));
    assert_eq!(loopback::send(&url, b"\x16\x03\x01 TLS"), "what?");
    let answer = loopback::get(&url);
    assert_eq!((&*answer.status, &*answer.body), ("200", "hi"));
    assert!(loopback::is_open(&url));
    doorman.join().expect("the doorman does not panic");
    assert!(!loopback::is_open(&url));
}
