//! That the fake STS is as strict, and its judgement as AWS's, as the other tests rely on.

mod metadata;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::{Duration, Instant},
};

use base64ct::{Base64, Encoding};

use super::{
    ACCOUNT, Keys, MARKER, Reply, Sts, Timestamp, assume_role, assume_role_with_saml, assume_role_with_web_identity,
    client::{Ask, Connection, host},
    get_caller_identity, get_session_token, tls,
};

const ROLE: &str = "arn:aws:iam::123456789012:role/team/Demo";
const SERIAL: &str = "arn:aws:iam::123456789012:mfa/jane";
const HOUR: Duration = Duration::from_hours(1);
const OK: (&str, &str) = ("200", "");

/// Ends the fake and returns what it holds against the test; empty if nothing.
fn faults(sts: Sts) -> String {
    match catch_unwind(AssertUnwindSafe(|| drop(sts))) {
        Ok(()) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().cloned().expect("the fake panics with a text"),
    }
}

#[test]
fn issued_keys_sign_the_next_call_on_the_same_connection() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.expect(assume_role(ROLE).session_name("jane").signed_by(&jane));
    let mut connection = Connection::open(&sts);
    let answer = connection.send(&Ask::assume_role(ROLE).signed_by(&jane)).expect("the fake answers");
    assert_eq!(answer.outcome(), OK);
    assert_eq!(answer.element("Arn"), format!("arn:aws:sts::{ACCOUNT}:assumed-role/Demo/jane"));
    let [issued] = &sts.issued()[..] else {
        panic!("one pair of keys was issued");
    };
    assert_eq!(answer.element("AccessKeyId"), issued.access_key_id);
    assert_eq!(issued.access_key_id, "ASIAISSUED0001000000");

    sts.expect(get_caller_identity().signed_by(issued).region("eu-west-1"));
    let identity = Ask::new("GetCallerIdentity").signed_by(issued).scope("eu-west-1", "sts");
    let answer = connection.send(&identity).expect("the fake answers");
    assert_eq!(answer.element("Account"), ACCOUNT);
    assert_eq!(sts.connections(), 1);
    let calls = sts.finish();
    assert_eq!(calls[0].field("RoleSessionName"), Some("jane"));
    assert_eq!(calls[1].region(), Some("eu-west-1"));
}

#[test]
fn all_keys_bear_the_marker_and_look_like_those_of_aws() {
    let sts = Sts::start();
    for keys in [sts.add_user("jane"), sts.add_session("joe", HOUR)] {
        assert_eq!(keys.access_key_id.len(), 20);
        assert_eq!(keys.secret_access_key.len(), 40);
        assert!(keys.secret_access_key.contains(MARKER));
        assert!(keys.session_token.is_none_or(|token| token.contains(MARKER)));
    }
    assert!(sts.add_web_identity("pod").contains(MARKER));
}

#[test]
fn calls_with_bad_keys_are_refused_as_aws_does() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    let session = sts.add_session("joe", HOUR);
    let expired = sts.add_session("old", HOUR);
    sts.expire(&expired.access_key_id);
    let deleted = sts.add_user("gone");
    sts.delete(&deleted.access_key_id);
    let secret = "wrong".to_owned();
    for (keys, code) in [
        (Keys { secret_access_key: secret, ..jane.clone() }, "SignatureDoesNotMatch"),
        (deleted, "InvalidClientTokenId"),
        (Keys { session_token: None, ..session.clone() }, "InvalidClientTokenId"),
        (Keys { session_token: session.session_token.clone(), ..jane }, "InvalidClientTokenId"),
        (expired, "ExpiredToken"),
    ] {
        sts.expect(get_caller_identity().refused(code));
        let answer = Ask::new("GetCallerIdentity").signed_by(&keys).send(&sts);
        assert_eq!(answer.outcome(), ("403", code));
    }
    let codes: Vec<_> = sts.calls().iter().map(|call| call.refused).collect();
    assert_eq!(codes[0], Some("SignatureDoesNotMatch"));
}

#[test]
fn signature_must_be_of_the_last_or_next_quarter_of_an_hour() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    let ask = Ask::new("GetCallerIdentity").signed_by(&jane);
    let far = Duration::from_mins(16);
    let near = Duration::from_mins(14);
    let now = Timestamp::now();
    for (timestamp, message) in
        [(now.minus(far), "Signature expired: "), (now.plus(far), "Signature not yet current: ")]
    {
        sts.expect(get_caller_identity().refused("SignatureDoesNotMatch"));
        let answer = ask.clone().at(timestamp).send(&sts);
        assert!(answer.element("Message").starts_with(message));
    }
    for timestamp in [now.minus(near), now.plus(near)] {
        sts.expect(get_caller_identity());
        assert_eq!(ask.clone().at(timestamp).send(&sts).outcome(), OK);
    }
}

#[test]
fn date_header_shows_the_clock_of_the_fake() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.set_clock_ahead(HOUR);
    sts.expect(assume_role(ROLE).refused("SignatureDoesNotMatch"));
    let ask = Ask::assume_role(ROLE).signed_by(&jane);
    let answer = ask.send(&sts);
    let later = |seconds| {
        let moment = Timestamp::now().plus(HOUR).minus(Duration::from_secs(seconds));
        moment.http_date()
    };
    assert!((0..10).any(|seconds| later(seconds) == answer.headers["date"]));
    sts.expect(assume_role(ROLE).expiring("2099-01-02T03:04:05Z"));
    let answer = ask.at(Timestamp::now().plus(HOUR)).send(&sts);
    assert_eq!(answer.element("Expiration"), "2099-01-02T03:04:05Z");

    let date = "Thu, 15 Jan 2026 12:00:00 GMT";
    sts.expect(get_caller_identity().replies(Reply::new(503).header("Date", date)));
    let answer = Ask::new("GetCallerIdentity").signed_by(&jane).send(&sts);
    assert_eq!(answer.headers["date"], date);
}

#[test]
fn bad_requests_fail_the_test() {
    let jane = Keys::of("jane");
    let identity = || Ask::new("GetCallerIdentity").signed_by(&jane);
    let role = || Ask::assume_role(ROLE).signed_by(&jane);
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIAJANE000000000000";
    for (ask, fault) in [
        (identity().line("GET", "/"), "the method is"),
        (identity().line("POST", "/x"), "the target is"),
        (identity().header("host", "localhost"), "Host is"),
        (identity().header("content-type", "text/plain"), "Content-Type is"),
        (identity().unsigned_header("expect", "100-continue"), "Expect"),
        (identity().unsigned_header("content-length", "1"), "bytes follow"),
        (identity().field("Name", "x"), "Name is not a field"),
        (role().field("RoleArn", ROLE), "holds RoleArn twice"),
        (role().field("DurationSeconds", "60"), "DurationSeconds has a wrong"),
        (role().field("ExternalId", &jane.secret_access_key), "ExternalId holds a secret"),
        (Ask::new("GetFederationToken").signed_by(&jane), "not an operation"),
        (Ask::form("Version=2011-06-15").signed_by(&jane), "no Action"),
        (Ask::form("Action=GetCallerIdentity&Version=1").signed_by(&jane), "Version 2011-06-15"),
        (Ask::form("Action=Get+It&Version=2011-06-15"), "not escaped"),
        (Ask::new("GetCallerIdentity"), "is not signed"),
        (Ask::new("GetSessionToken"), "is not signed"),
        (identity().unsigned_header("authorization", authorization), "misspelt"),
        (identity().scope("us-east-1", "iam"), "the service \"iam\""),
        (identity().scope("US East", "sts"), "the region \"US East\""),
        (identity().unsigned_header("x-amz-date", "now"), "x-amz-date is \"now\""),
        (identity().unsigned_header("x-amz-security-token", "t"), "is not signed"),
        (identity().without_header("content-type"), "Content-Type is None"),
    ] {
        let sts = Sts::start();
        sts.add_user("jane");
        let answer = ask.send(&sts);
        assert_eq!(answer.status, "400", "{fault}: {}", answer.body);
        let found = faults(sts);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn call_that_was_not_queued_fails_the_test() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    let ask = Ask::assume_role(ROLE).signed_by(&jane);
    assert_eq!(ask.send(&sts).outcome(), ("500", "InternalFailure"));
    assert!(faults(sts).contains("nothing was queued any more"));
    for (expected, fault) in [
        (get_caller_identity(), "the next was to be GetCallerIdentity"),
        (assume_role("arn:aws:iam::123456789012:role/X"), "RoleArn is not as in"),
        (assume_role(ROLE).any("ExternalId"), "ExternalId is not as in"),
        (assume_role(ROLE).region("eu-west-1"), "the region Some(\"us-east-1\") is not"),
        (assume_role(ROLE).signed_by(&Keys::of("joe")), "the signer is not"),
    ] {
        let sts = Sts::start();
        sts.add_user("jane");
        sts.expect(expected);
        assert_eq!(ask.send(&sts).status, "500");
        let found = faults(sts);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
        assert!(found.contains("was queued but never came"), "{found}");
    }
}

#[test]
fn field_beyond_those_queued_fails_the_test() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.expect(assume_role(ROLE));
    let ask = Ask::assume_role(ROLE).field("DurationSeconds", "900");
    assert_eq!(ask.signed_by(&jane).send(&sts).status, "500");
    assert!(faults(sts).contains("DurationSeconds is not in AssumeRole"));
}

#[test]
fn judgement_must_be_the_one_that_the_test_expects() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.expect(get_caller_identity().refused("ExpiredToken"));
    let answer = Ask::new("GetCallerIdentity").signed_by(&jane).send(&sts);
    assert_eq!(answer.outcome(), OK);
    sts.expect(get_caller_identity());
    let stranger = Keys::of("joe");
    let answer = Ask::new("GetCallerIdentity").signed_by(&stranger).send(&sts);
    assert_eq!(answer.outcome(), ("403", "InvalidClientTokenId"));
    let found = faults(sts);
    assert!(found.contains("was granted"), "{found}");
    assert!(found.contains("was refused: InvalidClientTokenId"), "{found}");
}

#[test]
fn standing_answer_serves_many_at_once() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.always(assume_role(ROLE).after(Duration::from_millis(20)));
    let ask = Ask::assume_role(ROLE).signed_by(&jane);
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| assert_eq!(ask.send(&sts).outcome(), OK));
        }
    });
    assert_eq!(sts.calls().len(), 50);
    assert_eq!(sts.connections(), 50);
    let mut ids: Vec<String> = sts.issued().into_iter().map(|k| k.access_key_id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 50);
}

#[test]
fn mfa_code_is_good_once() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.set_mfa_code(SERIAL, "123456");
    let ask = |serial, code| {
        Ask::new("GetSessionToken").field("SerialNumber", serial).field("TokenCode", code).signed_by(&jane)
    };
    let invalid = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    let unable = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify \
        your MFA serial number is valid and associated with this user.";
    for (serial, code, message) in [
        (SERIAL, "654321", invalid),
        (SERIAL, "123456", ""),
        (SERIAL, "123456", invalid),
        ("GAHT12345678", "123456", unable),
    ] {
        let expected = get_session_token().mfa(serial, code);
        sts.expect(if message.is_empty() { expected } else { expected.refused("AccessDenied") });
        assert_eq!(ask(serial, code).send(&sts).element("Message"), message);
    }
}

#[test]
fn temporary_keys_may_do_less() {
    let sts = Sts::start();
    let session = sts.add_session("jane", HOUR);
    sts.expect(get_session_token().refused("AccessDenied"));
    let answer = Ask::new("GetSessionToken").signed_by(&session).send(&sts);
    assert_eq!(answer.element("Message"), "Cannot call GetSessionToken with session credentials");
    for (duration, outcome) in [("3601", ("400", "ValidationError")), ("3600", OK)] {
        let expected = assume_role(ROLE).field("DurationSeconds", duration);
        sts.expect(match outcome {
            OK => expected,
            (_, code) => expected.refused(code),
        });
        let ask = Ask::assume_role(ROLE).field("DurationSeconds", duration);
        assert_eq!(ask.signed_by(&session).send(&sts).outcome(), outcome);
    }
}

#[test]
fn web_identity_is_unsigned() {
    let sts = Sts::start();
    let token = sts.add_web_identity("pod");
    let ask = |token: &str| {
        Ask::new("AssumeRoleWithWebIdentity")
            .field("RoleArn", ROLE)
            .field("RoleSessionName", "pod")
            .field("WebIdentityToken", token)
    };
    sts.expect(assume_role_with_web_identity(ROLE));
    assert_eq!(ask(&token).send(&sts).element("SubjectFromWebIdentityToken"), "pod");
    sts.expect(assume_role_with_web_identity(ROLE).refused("InvalidIdentityToken"));
    assert_eq!(ask("a.b.c").send(&sts).outcome(), ("400", "InvalidIdentityToken"));
    let signed = ask(&token).signed_by(&sts.add_user("jane")).send(&sts);
    assert_eq!(signed.outcome(), ("400", "IncompleteSignature"));
    assert!(faults(sts).contains("must not be signed"));
}

#[test]
fn assertion_is_unsigned_and_good_for_the_roles_it_names() {
    const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";
    let sts = Sts::start();
    let assertion = Base64::encode_string(format!("<Response>{ROLE},{PROVIDER}</Response>").as_bytes());
    sts.trust_assertion(&assertion, "jane");
    let ask = |role: &str, assertion: &str| {
        Ask::new("AssumeRoleWithSAML")
            .field("RoleArn", role)
            .field("PrincipalArn", PROVIDER)
            .field("SAMLAssertion", assertion)
    };
    sts.expect(assume_role_with_saml(ROLE, PROVIDER));
    let answer = ask(ROLE, &assertion).send(&sts);
    assert_eq!(answer.element("Arn"), format!("arn:aws:sts::{ACCOUNT}:assumed-role/Demo/jane"));
    assert_eq!(answer.element("Subject"), "jane");
    let other = ROLE.replace("Demo", "Other");
    sts.expect(assume_role_with_saml(&other, PROVIDER).refused("AccessDenied"));
    assert_eq!(ask(&other, &assertion).send(&sts).outcome(), ("403", "AccessDenied"));
    sts.expect(assume_role_with_saml(ROLE, PROVIDER).refused("InvalidIdentityToken"));
    assert_eq!(ask(ROLE, "PHg+").send(&sts).outcome(), ("400", "InvalidIdentityToken"));
    let signed = ask(ROLE, &assertion).signed_by(&sts.add_user("jane")).send(&sts);
    assert_eq!(signed.outcome(), ("400", "IncompleteSignature"));
    assert!(faults(sts).contains("must not be signed"));
}

#[test]
fn replies_can_be_anything() {
    let sts = Sts::start();
    let ask = Ask::new("GetCallerIdentity").signed_by(&Keys::of("stranger"));
    let reply = |reply| sts.expect(get_caller_identity().replies(reply));

    reply(Reply::html(502, "<h1>Bad Gateway</h1>"));
    let answer = ask.send(&sts);
    assert_eq!((&*answer.status, &*answer.body), ("502", "<h1>Bad Gateway</h1>"));

    reply(Reply::redirect("http://127.0.0.1:1/"));
    assert_eq!(ask.send(&sts).headers["location"], "http://127.0.0.1:1/");

    sts.expect(get_caller_identity().fails(400, "Throttling", "Rate exceeded"));
    assert_eq!(ask.send(&sts).outcome(), ("400", "Throttling"));

    reply(Reply::xml(200, "<whole/>").cut_at(3));
    Connection::open(&sts).send(&ask).expect_err("the body is cut");

    reply(Reply::hang_up());
    Connection::open(&sts).send(&ask).expect_err("nothing comes");

    let start = Instant::now();
    sts.expect(get_caller_identity().fails(500, "Slow", "").after(Duration::from_millis(100)));
    assert_eq!(ask.send(&sts).status, "500");
    assert!(start.elapsed() >= Duration::from_millis(100));
}

#[test]
fn fake_ends_while_it_drips() {
    let sts = Sts::start();
    let ask = Ask::new("GetCallerIdentity").signed_by(&Keys::of("stranger"));
    let drip = Reply::xml(200, "<x/>").dripping(Duration::from_millis(5));
    sts.expect(get_caller_identity().replies(drip));
    let mut connection = Connection::open(&sts);
    let client = thread::spawn(move || connection.send(&ask));
    while sts.calls().is_empty() {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(Duration::from_millis(30));
    assert!(!client.is_finished());
    sts.finish();
    client.join().expect("the client does not panic").expect_err("the body never ended");
}

#[test]
fn tls_is_trusted_through_the_authority_only() {
    let sts = Sts::start_tls();
    let other = Sts::start_tls();
    let jane = sts.add_user("jane");
    sts.expect(get_caller_identity());
    let connect = |ca_pem: &str| {
        let host = host(&sts);
        let socket = std::net::TcpStream::connect(&host).expect("the fake listens");
        let stream = tls::connect(ca_pem, "127.0.0.1", socket);
        Connection::over(host, stream).send(&Ask::new("GetCallerIdentity").signed_by(&jane))
    };
    connect(other.ca_pem().expect("it speaks TLS")).expect_err("another authority is a stranger");
    let answer = connect(sts.ca_pem().expect("it speaks TLS")).expect("the certificate is good");
    assert_eq!(answer.outcome(), OK);
}
