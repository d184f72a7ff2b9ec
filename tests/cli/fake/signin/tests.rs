//! That the fake is as strict as the other tests rely on.

mod sign_in;

use std::{
    io::{Read, Write},
    net::TcpStream,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};

use super::{
    super::{MARKER, Timestamp},
    DpopKey, Session, SignIn, refresh,
};

const ALICE: &str = "arn:aws:iam::123456789012:user/alice";
const JTI: &str = "0d5c1a36-2d5f-4d0e-9c53-6f0a1c2b3d4e";

/// A request in the making: right in all respects until a text in it is replaced.
struct Ask {
    head: String,
    header: String,
    payload: String,
    body: String,
}

impl Ask {
    fn new(signin: &SignIn, session: &Session) -> Self {
        let Session { client_id, refresh_token, .. } = session;
        let body =
            format!(r#"{{"clientId":"{client_id}","refreshToken":"{refresh_token}","grantType":"refresh_token"}}"#);
        Self::with_body(signin, session.key, body)
    }

    fn with_body(signin: &SignIn, DpopKey { x, y, .. }: DpopKey, body: String) -> Self {
        let (url, now) = (signin.url(), Timestamp::now().unix_seconds());
        Self {
            head: format!(
                "POST /v1/token HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nDPoP: PROOF\r\n",
                signin.address()
            ),
            header: format!(
                r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}}}"#
            ),
            payload: format!(r#"{{"htm":"POST","htu":"{url}/v1/token","iat":{now},"jti":"{JTI}"}}"#),
            body,
        }
    }

    /// Replaces a text wherever it is.
    fn with(mut self, from: &str, to: &str) -> Self {
        for part in [&mut self.head, &mut self.header, &mut self.payload, &mut self.body] {
            *part = part.replace(from, to);
        }
        self
    }

    fn proof(&self) -> String {
        let encoded = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
        let signed = format!("{}.{}", encoded(&self.header), encoded(&self.payload));
        let pem: String = DpopKey::AS_PKCS8.pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = Base64::decode_vec(&pem).expect("the PEM is good");
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).expect("the key is good");
        let signature = key.sign(&random, signed.as_bytes()).expect("ring can sign");
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(signature.as_ref()))
    }

    /// The whole answer.
    fn send(&self, signin: &SignIn) -> String {
        let head = self.head.replace("PROOF", &self.proof());
        let text = format!("{head}Connection: close\r\nContent-Length: {}\r\n\r\n{}", self.body.len(), self.body);
        let mut stream = TcpStream::connect(signin.address()).expect("the fake listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("twenty seconds are a timeout");
        stream.write_all(text.as_bytes()).expect("the fake reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the fake answers in full");
        answer
    }
}

/// Ends the fake and returns what it holds against the test; empty if nothing.
fn faults(signin: SignIn) -> String {
    match catch_unwind(AssertUnwindSafe(|| drop(signin))) {
        Ok(()) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().cloned().expect("the fake panics with a text"),
    }
}

#[test]
fn good_refresh_is_granted_once() {
    let signin = SignIn::start();
    let session = signin.sign_in(ALICE);
    signin.expect(refresh());
    let answer = Ask::new(&signin, &session).send(&signin);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains(&signin.answered()[0].refresh_token) && answer.contains(MARKER), "{answer}");
    signin.expect(refresh().refused("INVALID_REQUEST"));
    let answer = Ask::new(&signin, &session).with(JTI, "0d5c1a36-2d5f-4d0e-9c53-6f0a1c2b3d4f").send(&signin);
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("ValidationException"), "{answer}");
}

#[test]
fn bad_requests_fail_the_test() {
    let DpopKey { x, y, .. } = DpopKey::USUAL;
    // What is replaced, by what, and what is wrong then.
    for (from, to, fault) in [
        ("POST /v1", "PUT /v1", "the method is"),
        ("/v1/token HTTP", "/v1/tokens HTTP", "the target is"),
        ("Host: 127.0.0.1", "Host: localhost", "Host is"),
        ("application/json", "application/x-www-form-urlencoded", "Content-Type is"),
        ("DPoP: PROOF\r\n", "", "DPoP is missing"),
        ("DPoP: PROOF\r\n", "DPoP: PROOF\r\nAuthorization: x\r\n", "Authorization is"),
        ("DPoP: PROOF\r\n", "DPoP: PROOF\r\nCookie: a=b\r\n", "Cookie is"),
        ("DPoP: PROOF\r\n", "DPoP: PROOF\r\nX: MARKERsecret\r\n", "the header X holds a secret"),
        ("DPoP: PROOF", "DPoP: PROOFA", "the proof's signature"),
        ("DPoP: PROOF", "DPoP: x", "the proof is no JWS"),
        ("dpop+jwt", "jwt", "typ is"),
        ("ES256", "ES384", "alg is"),
        ("\"EC\"", "\"RSA\"", "kty is"),
        ("P-256", "P-384", "crv is"),
        ("\"crv\"", "\"d\":\"x\",\"crv\"", "unknown field `d`"),
        ("\"htm\":\"POST\"", "\"htm\":\"GET\"", "htm is"),
        ("/v1/token\",", "/v1/token?\",", "htu is"),
        ("\"jti\"", "\"nonce\":\"x\",\"jti\"", "unknown field `nonce`"),
        (JTI, "1", "no random UUID"),
        (x, &x[..40], "x has 30 bytes"),
        (y, x, "signature is not by its key"),
        ("\"iat\":", "\"iat\":0.5", "the proof's payload"),
        ("clientId", "client_id", "unknown field `client_id`"),
        ("{\"clientId", "{\"scope\":\"openid\",\"clientId", "unknown field `scope`"),
        ("devtools/same", "devtools/other", "clientId is"),
        ("\"refresh_token\"", "\"authorization_code\"", "unknown field `refreshToken`"),
        ("\"refresh_token\"", "\"password\"", "unknown variant `password`"),
        ("MARKERsecret/refresh+0001==", "", "refreshToken has 0"),
        (",\"grantType\":\"refresh_token\"", "", "missing field `grantType`"),
    ] {
        let signin = SignIn::start();
        let session = signin.sign_in(ALICE);
        let answer = Ask::new(&signin, &session).with(from, to).send(&signin);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{fault}: {answer}");
        let found = faults(signin);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn proof_is_good_for_one_request() {
    let signin = SignIn::start();
    let session = signin.sign_in(ALICE);
    signin.expect(refresh().fails(500, "InternalServerException", "server_error", "later"));
    let ask = Ask::new(&signin, &session);
    ask.send(&signin);
    assert!(ask.send(&signin).contains("jti was used before"));
    assert!(faults(signin).contains("jti was used before"));
}

#[test]
fn tokens_of_others_are_refused() {
    let spoilt: [fn(&SignIn, Session) -> Session; 3] = [
        // Bound to another key.
        |signin, session| {
            let bound = signin.know(Session { key: DpopKey::WITH_A_ZERO, ..session });
            Session { key: DpopKey::USUAL, ..bound }
        },
        // Another client's.
        |_, session| Session { client_id: "arn:aws:signin:::devtools/cross-device".into(), ..session },
        // Another region's.
        |_, session| Session { refresh_token: "unknown".into(), ..session },
    ];
    for spoil in spoilt {
        let signin = SignIn::start();
        let session = signin.sign_in(ALICE);
        let session = spoil(&signin, session);
        signin.expect(refresh().refused("INVALID_REQUEST"));
        assert!(Ask::new(&signin, &session).send(&signin).starts_with("HTTP/1.1 400 "));
    }
}

#[test]
fn proof_must_be_of_the_last_or_next_five_minutes() {
    for (minutes, granted) in [(4, true), (6, false)] {
        for set_clock in [SignIn::set_clock_ahead, SignIn::set_clock_behind] {
            let signin = SignIn::start();
            let session = signin.sign_in(ALICE);
            set_clock(&signin, Duration::from_mins(minutes));
            signin.expect(if granted { refresh() } else { refresh().refused("TOKEN_EXPIRED") });
            let answer = Ask::new(&signin, &session).send(&signin);
            assert!(answer.starts_with(if granted { "HTTP/1.1 200 " } else { "HTTP/1.1 401 " }), "{answer}");
            assert!(answer.contains("\r\nDate: "), "{answer}");
        }
    }
}

#[test]
fn refresh_that_was_not_queued_fails_the_test() {
    let signin = SignIn::start();
    let session = signin.sign_in(ALICE);
    assert!(Ask::new(&signin, &session).send(&signin).starts_with("HTTP/1.1 500 "));
    assert!(faults(signin).contains("nothing was queued any more"));
    let signin = SignIn::start();
    signin.expect(refresh());
    assert!(faults(signin).contains("was queued but never came"));
}

#[test]
fn thumbprints_are_those_of_rfc_7638() {
    assert_eq!(DpopKey::USUAL.thumbprint(), "5FeUEwlsYXVqyDLgXHX3Wqvle__i1uaZgF7vbMlqWzk");
    assert_eq!(DpopKey::WITH_A_ZERO.thumbprint(), "cx1-jb1qhY9NDZII1I01Dlw9Osh1WlFKO117QkvkngU");
}
