//! What the endpoint says when it has nothing to give.

use super::*;

const FAILED: &str = "keyfob: cannot get credentials from the container's endpoint\n";

#[track_caller]
fn assert_refused(container: &Container, home: &Home, cause: &str, hint: &str) {
    let cause = format!("GET credentials at {}: {cause}", container.address());
    process(home).code(1).stderr(format!("{FAILED}  cause: {cause}\n  hint: {hint}\n")).run();
}

#[test]
fn refusal_is_final_and_told_in_the_endpoints_words() {
    let role = "see that the task or pod has a role";
    let token = "see whether AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN is that of \
                 this container";
    for (reply, cause, hint) in [
        (
            Reply::json(
                400,
                "{\"code\":\"NoIdInRequest\",\"message\":\"CredentialsV2Request: no ID\",\"HTTPErrorCode\":400}",
            ),
            "NoIdInRequest: CredentialsV2Request: no ID (HTTP 400)",
            role,
        ),
        (Reply::json(404, "{\"Code\":\"Gone\",\"Message\":\"no such task.\"}"), "Gone: no such task (HTTP 404)", role),
        (Reply::json(403, "{\"MESSAGE\":\"no\"}"), "no (HTTP 403)", token),
        (
            Reply::new(400).body("[17f4c8bc]: (AccessDeniedException): no role for MARKERsecret-0123456789\n"),
            "[17f4c8bc]: (AccessDeniedException): no role for … (HTTP 400)",
            role,
        ),
        (
            Reply::json(200, "{\"Code\":\"Failed\",\"Message\":\"unknown: MARKERsecret-0123456789\"}"),
            "Failed: unknown: … (HTTP 200)",
            "try again in a moment",
        ),
        (Reply::html(401, "<html>MARKERsecret</html>"), "the endpoint refused (HTTP 401)", token),
        (Reply::new(404), "the endpoint refused (HTTP 404)", role),
        (Reply::redirect("http://127.0.0.1:1/"), "the endpoint refused (HTTP 307)", "try again in a moment"),
    ] {
        let container = Container::start();
        container.expect_with("MARKERsecret-0123456789", reply);
        assert_refused(&container, &home(&container).env(TOKEN, "MARKERsecret-0123456789"), cause, hint);
    }
}

#[test]
fn trouble_that_does_not_pass_is_told() {
    for (reply, cause) in [
        (Reply::new(500), "the endpoint refused (HTTP 500)"),
        (Reply::json(500, "{\"code\":\"Oh\",\"message\":\"no\"}"), "Oh: no (HTTP 500)"),
        (Reply::html(200, "<html>"), "the answer is not JSON (HTTP 200)"),
        (
            Reply::json(200, "{\"AccessKeyId\":\"A\"}"),
            "the answer is not usable: SecretAccessKey is missing (HTTP 200)",
        ),
        (
            Reply::json(200, &(" ".repeat(64 * 1024) + &document(&keys()))),
            "the answer is larger than 64 KiB (HTTP 200)",
        ),
        (Reply::new(200).body("x".repeat(1024)).endless(), "the answer is larger than 1 MiB (HTTP 200)"),
    ] {
        let container = Container::start();
        for _ in 0..3 {
            container.expect(reply.clone());
        }
        assert_refused(&container, &home(&container), cause, "try again in a moment");
    }
}

#[test]
fn nobody_listens() {
    let home = Home::new().env(FULL_URI, "http://127.0.0.1:1/MARKERsecret");
    let run = process(&home).code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{FAILED}  cause: GET credentials at 127.0.0.1:1: ")), "{}", run.stderr);
    let hint = "hint: outside of containers unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and \
                AWS_CONTAINER_CREDENTIALS_FULL_URI; inside, see what answers at the host\n";
    assert!(run.stderr.ends_with(hint), "{}", run.stderr);
}

#[test]
fn slow_endpoint_is_not_waited_for_without_end() {
    let container = Container::start();
    container.expect_slowly(Duration::from_mins(1), None, answer());
    let began = Instant::now();
    let home = home(&container).env("AWS_MAX_ATTEMPTS", "1");
    let hint = "outside of containers unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and \
                AWS_CONTAINER_CREDENTIALS_FULL_URI; inside, see what answers at the host";
    assert_refused(&container, &home, "no answer in time", hint);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn expired_credentials_are_not_handed_out() {
    let end = Timestamp::now().minus(Duration::from_mins(1));
    let container = Container::start();
    container.expect(Reply::json(200, &document(&Keys::of_session("task", end))));
    let told = format!(
        "{FAILED}  cause: the endpoint handed out credentials that expired at {}\n  hint: set this machine's clock, or \
         see why the endpoint does not renew them\n",
        end.rfc3339()
    );
    process(&home(&container)).code(1).stderr(told).run();
}
