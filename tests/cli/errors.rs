//! What goes wrong between keyfob and STS, and what a person is told of it.

mod answers;
mod clock;
mod drips;
mod retries;
mod strangers;

use super::{
    fake::{Keys, MARKER, Reply, Sts, assume_role, escape},
    keyfob::{Invocation, Run},
    scene::{Left, ROLE, Scene, demo_role, entries, issued, issued_document, role_section},
};
use std::time::{Duration, Instant};

const HOUR: Duration = Duration::from_hours(1);

/// Expects the run to fail with a message, a cause and a hint, in which these phrases are.
#[track_caller]
pub(crate) fn fails(run: Invocation, cause: &str, hint: &str) -> Run {
    fails_with(1, run, cause, hint)
}

/// The same with another exit code.
#[track_caller]
pub(crate) fn fails_with(code: i32, run: Invocation, cause: &str, hint: &str) -> Run {
    let run = run.code(code).any_stderr().run();
    let lines: Vec<&str> = run.stderr.lines().collect();
    let [message, cause_line, hint_line] = lines[..] else { panic!("not three lines: {}", run.stderr) };
    assert_eq!(message, format!("keyfob: cannot assume role \"{ROLE}\" of profile \"dev\""));
    assert!(cause_line.starts_with("  cause: AssumeRole at "), "{cause_line}");
    assert!(cause_line.contains(cause), "{cause:?} is not in {cause_line}");
    assert!(hint_line.starts_with("  hint: ") && hint_line.contains(hint), "{hint:?} is not in {hint_line}");
    run
}

#[test]
fn every_refusal_is_told_with_its_cause_and_with_advice_of_its_own() {
    let not_authorized = "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: sts:AssumeRole on \
                          resource: arn:aws:iam::123456789012:role/Demo";
    for (status, code, message, hint) in [
        (403, "ExpiredToken", "The security token is expired", "the credentials of profile \"base\" have expired"),
        (
            403,
            "InvalidClientTokenId",
            "The security token is invalid",
            "key …0000 of profile \"base\" is unknown there",
        ),
        (403, "SignatureDoesNotMatch", "The signature does not match", "secret access key does not belong to …0000"),
        (403, "AccessDenied", not_authorized, "that the role exists and trusts the caller"),
        (403, "AccessDenied", not_authorized, "whether it wants an external_id"),
        (403, "AccessDenied", not_authorized, "whether it wants MFA (mfa_serial)"),
        (403, "AccessDenied", "Roles may not be assumed by root accounts.", "root user"),
        (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", "the next one"),
        (403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", "mfa_serial"),
        (403, "AccessDenied", "Cannot call AssumeRole with session credentials", "long-term keys"),
        (400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration", "duration_seconds"),
        (400, "ValidationError", "exceeds the 1 hour session limit for roles assumed by role chaining", "3600"),
        (400, "ValidationError", "1 validation error detected: roleArn", "check role_arn"),
        (400, "MalformedPolicyDocument", "Syntax errors in policy", "session tags"),
        (400, "PackedPolicyTooLarge", "Packed size consumes 105%", "session tags"),
        (403, "RegionDisabledException", "STS is not activated in this region", "another region"),
        (403, "OptInRequired", "You are not subscribed to this service", "not signed up"),
        (403, "MissingAuthenticationToken", "Request is missing Authentication Token", "a proxy on the way"),
        (400, "IncompleteSignature", "Authorization header requires", "a proxy on the way"),
        (418, "SomethingNew", "nobody has heard of it", "`keyfob explain`"),
    ] {
        let scene = Scene::new();
        scene.sts.expect(demo_role().fails(status, code, message));
        let cause = format!(
            "AssumeRole at {}: {code}: {} (HTTP {status}, request 00000000-0000-4000-8000-000000000001)",
            scene.sts.address(),
            message.trim_end_matches('.')
        );
        // Only new credentials help against old ones.
        fails_with(if code == "ExpiredToken" { 3 } else { 1 }, scene.process(), &cause, hint);
    }
}

#[test]
fn advice_heeds_what_the_role_has() {
    let scene = Scene::with("external_id = abc\nsession_tags = a=b\nsource_identity = jane\n");
    let call = demo_role().field("ExternalId", "abc").field("SourceIdentity", "jane");
    let call = call.field("Tags.member.1.Key", "a").field("Tags.member.1.Value", "b");
    scene.sts.expect(call.fails(403, "AccessDenied", "not authorized to perform: sts:AssumeRole"));
    let run = fails(scene.process(), "AccessDenied", "that the external_id is right");
    assert!(run.stderr.contains("sts:TagSession"), "{}", run.stderr);
    assert!(run.stderr.contains("sts:SetSourceIdentity"), "{}", run.stderr);
}

#[test]
fn what_a_service_says_is_shown_without_its_control_characters() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().fails(403, "AccessDenied", "a & <b>\n\t&#x202e;c"));
    fails(scene.process(), r"AccessDenied: a & <b>\u{a}\u{9}", "check");
}

#[test]
fn what_a_service_repeats_of_the_callers_keys_is_not_shown() {
    let scene = Scene::new();
    let session = scene.sts.add_session("jim", HOUR);
    scene.home.write(".aws/credentials", session.section("base"));
    let token = session.session_token.expect("a session has a token");
    let message = format!("The canonical string was 'x-amz-security-token:{token}', or ?X={}.", escape(&token));
    scene.sts.expect(demo_role().fails(403, "SignatureDoesNotMatch", &message));
    fails(scene.process(), "The canonical string was 'x-amz-security-token:…', or ?X=… (HTTP 403", "");
}

#[test]
fn wrong_secret_deleted_key_and_missing_token_are_told_apart() {
    let joe = Keys::of("joe");
    let scene = Scene::new();
    let wrong = Keys { secret_access_key: joe.secret_access_key.clone(), ..scene.jane.clone() };
    scene.home.write(".aws/credentials", wrong.section("base"));
    scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
    fails(scene.process(), "SignatureDoesNotMatch", "the secret access key does not belong to …0000");

    scene.home.write(".aws/credentials", joe.section("base"));
    scene.sts.expect(demo_role().refused("InvalidClientTokenId"));
    fails(scene.process(), "InvalidClientTokenId", "check in IAM that it exists and is active");

    let session = scene.sts.add_session("jim", HOUR);
    let bare = Keys { session_token: None, ..session.clone() };
    scene.home.write(".aws/credentials", bare.section("base"));
    scene.sts.expect(demo_role().refused("InvalidClientTokenId"));
    fails(scene.process(), "InvalidClientTokenId", "its aws_session_token is missing");

    scene.sts.expire(&session.access_key_id);
    scene.home.write(".aws/credentials", session.section("base"));
    scene.sts.expect(demo_role().refused("ExpiredToken"));
    fails_with(3, scene.process(), "ExpiredToken", "the credentials of profile \"base\" have expired; get new ones");
}

#[test]
fn cached_source_that_sts_finds_expired_is_renewed_once() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.process().stdout(issued_document(1)).run();
    scene.sts.expire(&issued(1).access_key_id);
    scene.sts.expect(demo_role().signed_by(&issued(1)).refused("ExpiredToken"));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.sts.expect(demo_role().signed_by(&issued(2)));
    scene.home.keyfob(["process", "next"]).stdout(issued_document(3)).run();
    scene.process().stdout(issued_document(2)).run();
}

#[test]
fn source_that_is_refused_even_when_new_is_told() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    for _ in 0..2 {
        scene.sts.expect(demo_role().signed_by(&scene.jane));
        scene.sts.expect(demo_role().fails(403, "ExpiredToken", "The security token is expired"));
    }
    let run = scene.home.keyfob(["process", "next"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("the credentials of profile \"dev\" have expired"), "{}", run.stderr);
}

#[test]
fn endless_message_of_the_service_is_cut() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().fails(403, "AccessDenied", &"é".repeat(450_000)));
    let run = fails(scene.process(), "AccessDenied: éééé", "check");
    assert!(run.stderr.len() < 4096 && run.stderr.contains("…"), "{} bytes", run.stderr.len());
}
