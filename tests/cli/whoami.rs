//! `keyfob whoami`: whose credentials these are.

use super::{
    fake::get_caller_identity,
    scene::{Scene, demo_role, issued},
};
use std::time::Duration;

const JANE: &str = "account  123456789012\narn      arn:aws:iam::123456789012:user/jane\n\
                    user id  AIDAJANE0000000000000\n";
const DEMO: &str = "account  123456789012\narn      arn:aws:sts::123456789012:assumed-role/Demo/jane\n\
                    user id  AROADEMO0000000000000:jane\n";

fn demo_scene() -> Scene {
    Scene::with("role_session_name = jane\n")
}

#[test]
fn user_is_shown_as_text_and_as_json() {
    let scene = demo_scene();
    scene.sts.expect(get_caller_identity().signed_by(&scene.jane));
    scene.home.keyfob(["whoami", "--profile", "base"]).stdout(JANE).run();
    scene.sts.expect(get_caller_identity().signed_by(&scene.jane));
    let json = "{\"UserId\":\"AIDAJANE0000000000000\",\"Account\":\"123456789012\",\
                \"Arn\":\"arn:aws:iam::123456789012:user/jane\"}\n";
    scene.home.keyfob(["whoami", "base", "--json"]).stdout(json).run();
}

#[test]
fn keys_in_the_environment_are_asked_about_when_no_profile_is_named() {
    let mut scene = demo_scene();
    let joe = scene.sts.add_user("joe");
    for (name, value) in joe.vars() {
        scene.home.set_env(&name, &value);
    }
    scene.sts.expect(get_caller_identity().signed_by(&joe));
    scene.home.keyfob(["whoami"]).stdout(JANE.replace("jane", "joe").replace("JANE0", "JOE00")).run();
}

#[test]
fn role_is_assumed_once_and_asked_about_each_time() {
    let scene = demo_scene();
    scene.sts.expect(demo_role().session_name("jane"));
    for _ in 0..2 {
        scene.sts.expect(get_caller_identity().signed_by(&issued(1)).region("eu-west-1"));
        scene.home.keyfob(["whoami", "dev", "--region", "eu-west-1"]).stdout(DEMO).run();
    }
}

#[test]
fn cached_credentials_that_are_refused_are_renewed_once() {
    for refusal in ["ExpiredToken", "InvalidClientTokenId"] {
        let scene = demo_scene();
        scene.sts.expect(demo_role().session_name("jane"));
        scene.sts.expect(get_caller_identity());
        scene.home.keyfob(["whoami", "dev"]).stdout(DEMO).run();
        match refusal {
            "ExpiredToken" => scene.sts.expire(&issued(1).access_key_id),
            _ => scene.sts.delete(&issued(1).access_key_id),
        }
        scene.sts.expect(get_caller_identity().signed_by(&issued(1)).refused(refusal));
        scene.sts.expect(demo_role().session_name("jane").signed_by(&scene.jane));
        scene.sts.expect(get_caller_identity().signed_by(&issued(2)));
        scene.home.keyfob(["whoami", "dev"]).stdout(DEMO).run();
    }
}

#[test]
fn credentials_that_are_refused_even_when_new_are_not_asked_for_again() {
    let scene = demo_scene();
    for _ in 0..2 {
        scene.sts.expect(demo_role().session_name("jane"));
        scene.sts.expect(get_caller_identity().fails(403, "ExpiredToken", "The security token is expired"));
    }
    let run = scene.home.keyfob(["whoami", "dev"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("cannot call GetCallerIdentity for profile \"dev\""), "{}", run.stderr);
}

#[test]
fn long_term_keys_that_are_refused_have_nothing_to_be_renewed_from() {
    let scene = demo_scene();
    scene.sts.delete(&scene.jane.access_key_id);
    scene.sts.expect(get_caller_identity().refused("InvalidClientTokenId"));
    let stderr = format!(
        "keyfob: cannot call GetCallerIdentity for profile \"base\"\n  \
         cause: GetCallerIdentity at {}: InvalidClientTokenId: The security token included in the request is invalid \
         (HTTP 403, request 00000000-0000-4000-8000-000000000001)\n  \
         hint: key …0000 of profile \"base\" is unknown there: check in IAM that it exists and is active, and the \
         partition (cn, gov)\n",
        scene.sts.address()
    );
    scene.home.keyfob(["whoami", "base"]).code(1).stderr(stderr).run();
}

#[test]
fn expired_keys_in_the_environment_are_told_without_a_call() {
    let mut scene = demo_scene();
    let session = scene.sts.add_session("joe", Duration::from_hours(1));
    for (name, value) in session.vars() {
        scene.home.set_env(&name, &value);
    }
    scene.home.set_env("AWS_CREDENTIAL_EXPIRATION", "2020-01-02T03:04:05Z");
    let run = scene.home.keyfob(["whoami"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("AWS_CREDENTIAL_EXPIRATION is 2020-01-02T03:04:05Z"), "{}", run.stderr);
    // Long-term keys do not expire; the variable is a leftover.
    for (name, value) in scene.jane.vars() {
        scene.home.set_env(&name, &value);
    }
    scene.home.remove_env("AWS_SESSION_TOKEN");
    scene.sts.expect(get_caller_identity().signed_by(&scene.jane));
    scene.home.keyfob(["whoami"]).stdout(JANE).run();
}
