//! Machines that are no instances, and instances without a role: an error where a profile relies on it, and one of many
//! reasons where nothing else has credentials either.

use super::*;

/// The head of every error of profile `dev`.
const FAILED: &str = "keyfob: cannot get credentials from EC2 instance metadata, which profile \"dev\" names as \
                      credential_source Ec2InstanceMetadata\n";

/// What is told where the profile relies on it, and where it is the last of all sources.
#[track_caller]
fn assert_absent(imds: &Imds, cause: &str, hint: &str) {
    assert_absent_in(|| home(imds), cause, hint);
}

#[track_caller]
fn assert_absent_in(home: impl Fn() -> Home, cause: &str, hint: &str) {
    let told = format!("{FAILED}  cause: {cause}\n  hint: {hint}\n");
    home().config(DEV).keyfob(["process", "dev"]).code(1).stderr(told).run();
    let run = process(&home()).any_code().any_stderr().run();
    assert!(run.code != 0 && run.stderr.starts_with("keyfob: no credentials found\n"), "{}", run.stderr);
    assert!(run.stderr.contains(cause), "{}", run.stderr);
}

#[test]
fn instance_without_a_role_is_told() {
    let imds = Imds::start("eu-north-1");
    let hint = "attach one: `aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile Name=NAME`";
    assert_absent(&imds, "the instance has no role", hint);
    assert_asked(&imds, &[TOKEN, EXTENDED, PLAIN, TOKEN, EXTENDED, PLAIN]);
}

#[test]
fn what_else_answers_is_told_from_an_instance() {
    let page = Reply::html(200, "<html><body>Welcome to our hotel</body></html>");
    for (reply, status) in [
        (Reply::new(404), 404),
        (Reply::new(405), 405),
        (Reply::new(401), 401),
        (Reply::redirect("http://127.0.0.1:1/"), 307),
        (page, 200),
        (Reply::new(200), 200),
        (Reply::new(200).body("a".repeat(70 * 1024)), 200),
    ] {
        let imds = Imds::start("");
        imds.always(reply, Duration::ZERO);
        let cause = format!("what answers at {} is no instance metadata service (HTTP {status})", imds.url());
        assert_absent(&imds, &cause, "is this an EC2 instance?");
        assert_asked(&imds, &[TOKEN, TOKEN]);
    }
}

#[test]
fn service_that_is_turned_off_is_told() {
    let imds = Imds::refusing(403);
    assert_absent(
        &imds,
        &format!("{} refuses: instance metadata is turned off or forbidden (HTTP 403)", imds.url()),
        "turn it on: `aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id ID`",
    );
    assert_asked(&imds, &[TOKEN, TOKEN]);
}

#[test]
fn nobody_waits_long_for_an_instance() {
    let imds = Imds::slow(Duration::from_mins(1));
    let began = Instant::now();
    let hint = "in a container on an instance, let answers go one hop further: `aws ec2 \
                modify-instance-metadata-options --http-put-response-hop-limit 2 --instance-id ID`";
    assert_absent_in(|| impatient(&imds), &format!("no answer at {} within 1 s", imds.url()), hint);
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    assert_asked(&imds, &[TOKEN, TOKEN]);
}

/// Each request has a second; all of them together have two.
#[test]
fn nobody_waits_long_for_something_that_is_slow_at_everything() {
    let imds = instance();
    imds.slow_down(Duration::from_millis(900));
    let began = Instant::now();
    let run = process(&impatient(&imds)).code(1).any_stderr().run();
    assert!(began.elapsed() < Duration::from_secs(8), "{:?} {}", began.elapsed(), run.stderr);
    // Where a profile relies on it, there is time.
    let home = home(&imds).config(DEV).env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    let run = home.keyfob(["process", "dev"]).env("AWS_MAX_ATTEMPTS", "1").code(1).any_stderr().run();
    assert!(run.stderr.contains("AssumeRole at 127.0.0.1:1"), "{}", run.stderr);
}

#[test]
fn nobody_listens() {
    for profile in [true, false] {
        let home = Home::new().env("AWS_EC2_METADATA_DISABLED", "false").config(DEV);
        let home = home.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1/");
        let arguments: &[&str] = if profile { &["process", "dev"] } else { &["process"] };
        let run = home.keyfob(arguments.iter().copied()).any_code().any_stderr().run();
        assert!(run.code != 0 && run.stderr.contains("no answer at http://127.0.0.1:1: "), "{}", run.stderr);
        assert!(run.stderr.contains("refused"), "{}", run.stderr);
    }
}

#[test]
fn service_that_nobody_wants_is_not_asked() {
    let imds = instance();
    let told = format!(
        "{FAILED}  cause: EC2 instance metadata is disabled\n  hint: AWS_EC2_METADATA_DISABLED or the profile's \
         disable_ec2_metadata is true\n"
    );
    let disabled = home(&imds).config(DEV).env("AWS_EC2_METADATA_DISABLED", "True");
    disabled.keyfob(["process", "dev"]).code(1).stderr(told.clone()).run();
    let by_profile = home(&imds).config(&format!("{DEV}disable_ec2_metadata = true\n"));
    by_profile.keyfob(["process", "dev"]).without_env("AWS_EC2_METADATA_DISABLED").code(1).stderr(told).run();
    process(&home(&imds)).env("AWS_EC2_METADATA_DISABLED", "true").any_code().any_stderr().run();
    assert!(imds.asked().is_empty());
}
