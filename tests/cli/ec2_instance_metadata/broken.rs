//! Instances whose metadata service is in trouble: that ends the search, whoever asked.

use super::*;

const FAILED: &str = "keyfob: cannot get credentials from EC2 instance metadata\n";

#[track_caller]
fn assert_broken(imds: &Imds, cause: &str, hint: &str) {
    let address = imds.url().replace("http://", "");
    let told = format!("{FAILED}  cause: {}\n  hint: {hint}\n", cause.replace("HOST", &address));
    process(&home(imds)).code(1).stderr(told).run();
}

#[test]
fn trouble_that_does_not_pass_is_told() {
    for (request, name, reply, cause) in [
        (TOKEN, "PUT token", Reply::new(500), "the service is in trouble (HTTP 500)"),
        (TOKEN, "PUT token", Reply::new(400), "the service did not answer as it does (HTTP 400)"),
        (EXTENDED, "GET role", Reply::new(503), "the service is in trouble (HTTP 503)"),
        (EXTENDED, "GET role", Reply::html(200, "<html>"), "the answer is not the name of a role (HTTP 200)"),
        (EXTENDED, "GET role", Reply::new(200), "the answer is not the name of a role (HTTP 200)"),
        (EXTENDED, "GET role", Reply::new(200).body("a\nb"), "the answer is not the name of a role (HTTP 200)"),
        (EXTENDED, "GET role", Reply::new(200).body("../x"), "the answer is not the name of a role (HTTP 200)"),
        (&at(EXTENDED), "GET credentials", Reply::html(200, "<html>"), "the answer is not JSON (HTTP 200)"),
        (
            &at(EXTENDED),
            "GET credentials",
            Reply::json(200, "{\"AccessKeyId\":\"A\"}"),
            "the answer is not usable: SecretAccessKey is missing (HTTP 200)",
        ),
        (
            &at(EXTENDED),
            "GET credentials",
            Reply::new(200).body(" ".repeat(64 * 1024) + &role_document(&keys(), None)),
            "the answer is larger than 64 KiB (HTTP 200)",
        ),
        (
            &at(EXTENDED),
            "GET credentials",
            Reply::redirect("http://127.0.0.1:1/"),
            "the service did not answer as it does (HTTP 307)",
        ),
    ] {
        let imds = instance();
        let tries = if reply.is(400) || reply.is(307) { 1 } else { 4 };
        for _ in 0..tries {
            imds.once(request, reply.clone());
        }
        let hint = if reply.is(500) || reply.is(503) {
            "try again in a moment"
        } else {
            "see what answers there, which may be something else than instance metadata; or try again in a moment"
        };
        assert_broken(&imds, &format!("{name} at HOST: {cause}"), hint);
    }
}

#[test]
fn refusals_are_told_in_the_services_words() {
    let message = "EC2 cannot assume the role Demo. Please see documentation.";
    let refusal = |code| Reply::json(200, &format!("{{\"Code\":\"{code}\",\"Message\":\"{message}\"}}"));
    for (code, hint) in [
        (
            "AssumeRoleUnauthorizedAccess",
            "let EC2 assume the instance's role: its trust policy has to name the service ec2.amazonaws.com",
        ),
        ("Failed", "see whether the instance's role still exists, and is attached"),
    ] {
        let imds = instance();
        imds.once(at(EXTENDED), refusal(code));
        let words = message.trim_end_matches('.');
        assert_broken(&imds, &format!("GET credentials at HOST: {code}: {words} (HTTP 200)"), hint);
        assert_asked(&imds, &[TOKEN, EXTENDED, &at(EXTENDED)]);
    }
}

#[test]
fn service_that_hangs_up_is_not_asked_again() {
    let imds = instance();
    imds.once(EXTENDED, Reply::hang_up());
    let run = process(&home(&imds)).code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{FAILED}  cause: GET role at ")), "{}", run.stderr);
    assert_asked(&imds, &[TOKEN, EXTENDED]);
}

#[test]
fn answer_without_an_end_is_given_up() {
    let imds = instance();
    imds.once(EXTENDED, Reply::new(200).body(DEMO).dripping(Duration::from_millis(300)));
    process(&impatient(&imds)).env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1").code(1).any_stderr().run();
    assert_asked(&imds, &[TOKEN, EXTENDED]);
}

#[test]
fn forbidden_questions_are_told() {
    let imds = instance();
    imds.once(EXTENDED, Reply::new(403));
    let hint = "something on this machine keeps programs from instance metadata";
    assert_broken(&imds, "GET role at HOST: the service is turned off, or does not allow it (HTTP 403)", hint);
}

#[test]
fn token_that_is_refused_again_and_again_is_told() {
    let imds = instance();
    for _ in 0..4 {
        imds.once(EXTENDED, Reply::new(401));
    }
    assert_broken(&imds, "GET role at HOST: the token was refused (HTTP 401)", "try again in a moment");
    assert_asked(&imds, &[TOKEN, EXTENDED, TOKEN, EXTENDED, TOKEN, EXTENDED, TOKEN, EXTENDED]);
}

#[test]
fn number_of_tries_is_that_of_the_settings() {
    for (variable, profile, tries) in [(Some("2"), "5", 2), (None, "1", 1)] {
        let imds = instance();
        for _ in 0..tries {
            imds.once(EXTENDED, Reply::new(500));
        }
        let home = home(&imds).config(&format!("[default]\nmetadata_service_num_attempts = {profile}\n"));
        let run = process(&home);
        let run = match variable {
            Some(number) => run.env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", number),
            None => run,
        };
        run.code(1).any_stderr().run();
        assert_eq!(imds.asked().len(), 1 + tries);
    }
}

#[test]
fn role_that_is_named_and_is_not_there_is_told() {
    let imds = instance();
    let told = format!(
        "{FAILED}  cause: invalid profile: the instance has no role \"Other\"\n  hint: AWS_EC2_INSTANCE_PROFILE_NAME or \
         ec2_instance_profile_name names it; unset it, or mend it\n"
    );
    process(&home(&imds).env("AWS_EC2_INSTANCE_PROFILE_NAME", "Other")).code(1).stderr(told.clone()).run();
    assert_asked(&imds, &[TOKEN, &format!("{EXTENDED}Other"), &format!("{PLAIN}Other")]);
    let named =
        format!("{}, which profile \"dev\" names as credential_source Ec2InstanceMetadata\n", FAILED.trim_end());
    let home = home(&imds).config(&format!("{DEV}ec2_instance_profile_name = Other\n"));
    home.keyfob(["process", "dev"]).code(1).stderr(told.replace(FAILED, &named)).run();
}

#[test]
fn role_that_is_gone_twice_is_told() {
    let imds = older_instance();
    imds.once(at(PLAIN), Reply::new(404));
    imds.once(at(PLAIN), Reply::new(404));
    assert_broken(&imds, "GET credentials at HOST: there is nothing (HTTP 404)", "try again in a moment");
}

#[test]
fn settings_that_cannot_work_are_told() {
    let imds = instance();
    for (name, value, cause) in [
        ("AWS_METADATA_SERVICE_TIMEOUT", "0", "it is not a whole number above 0"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "many", "it is not a whole number above 0"),
        ("AWS_EC2_INSTANCE_PROFILE_NAME", "a/b", "it holds more than letters, digits and _+=,.@-"),
    ] {
        let told = format!("keyfob: cannot use {name}\n  cause: {cause}\n");
        process(&home(&imds)).env(name, value).code(1).stderr(told).run();
    }
    let blank = "keyfob: cannot use AWS_EC2_INSTANCE_PROFILE_NAME\n  cause: it is blank\n  hint: set or remove it\n";
    process(&home(&imds)).env("AWS_EC2_INSTANCE_PROFILE_NAME", " ").code(1).stderr(blank).run();
    assert!(imds.asked().is_empty());
}
