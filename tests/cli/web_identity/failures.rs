//! What goes wrong with a web identity, and what a person is told of it.

use super::{super::fake::Reply, *};

const SAID: &str = "the token is of issuer \"https://example.com\", for audience \"sts.amazonaws.com\", of subject \
                    \"system:serviceaccount:shop:cart\", until 2099-01-01T00:00:00Z";

/// In the default order each value is that of a variable or of a line, whichever says it.
#[test]
fn whoever_says_what_cannot_be_used_is_named() {
    const RULE: &str = "has 2 to 64 characters";
    let of_variable =
        format!("keyfob: cannot use the web identity of the environment\n  cause: AWS_ROLE_SESSION_NAME {RULE}\n");
    let of_line = |scene: &Scene, line: usize| {
        let config = scene.home.path().join(".aws/config").display().to_string();
        format!("keyfob: profile \"pod\" cannot be used\n  cause: {config}:{line}: `role_session_name` {RULE}\n")
    };
    let all_of_profile = Scene::with("role_session_name = x\n");
    let process = |scene: &Scene| scene.home.keyfob(["process"]).env("AWS_PROFILE", "pod").code(1);
    process(&all_of_profile).stderr(of_line(&all_of_profile, 4)).run();
    let file = all_of_profile.token_file();
    process(&all_of_profile).env("AWS_WEB_IDENTITY_TOKEN_FILE", &file).stderr(of_line(&all_of_profile, 4)).run();
    process(&all_of_profile).env("AWS_ROLE_SESSION_NAME", "y").stderr(of_variable.clone()).run();
    let good_line = Scene::with("role_session_name = good\n");
    process(&good_line).env("AWS_ROLE_SESSION_NAME", "y").stderr(of_variable).run();
    // The identity is the environment's, and a profile that has none names the session.
    let environment = Scene::of_environment();
    environment.home.write(".aws/config", "[profile pod]\nrole_session_name = x\n");
    process(&environment).stderr(of_line(&environment, 2)).run();
}

#[test]
fn every_refusal_is_told_with_what_the_token_says_and_with_advice_of_its_own() {
    for (status, code, message, said, hint) in [
        (
            400,
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://example.com",
            SAID,
            "check in IAM that the role's account has an OIDC provider for this issuer, with this audience, and that the \
             token is one of it",
        ),
        (
            400,
            "ExpiredTokenException",
            "Token expired: current date/time 1768478400 must be before the expiration date/time 1768474800",
            SAID,
            "the token file is stale: whatever issues the token has to write a new one to \"FILE\"",
        ),
        (
            403,
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            SAID,
            "check that the role exists, that its trust policy allows sts:AssumeRoleWithWebIdentity to the OIDC provider \
             of this issuer, and that its conditions are met by this audience and subject",
        ),
        (
            403,
            "IDPRejectedClaim",
            "The token was revoked",
            SAID,
            "the identity provider holds the token for ended or revoked: have a new one issued",
        ),
        (400, "ValidationError", "1 validation error detected", "", "check role_arn and role_session_name"),
        (
            403,
            "RegionDisabledException",
            "STS is not activated in this region",
            "",
            "use another region, or have STS activated for it in the account's settings",
        ),
        (418, "SomethingNew", "nobody has heard of it", "", "run `keyfob explain` to see where the answer comes from"),
    ] {
        let scene = Scene::new();
        scene.sts.expect(scene.call().fails(status, code, message));
        let said = if said.is_empty() { String::new() } else { format!("; {said}") };
        let told = format!(
            "keyfob: cannot assume role \"{ROLE}\" of profile \"pod\"\n  \
             cause: AssumeRoleWithWebIdentity at {}: {code}: {message} (HTTP {status}, request \
             00000000-0000-4000-8000-000000000001){said}\n  hint: {}\n",
            scene.sts.address(),
            hint.replace("FILE", &scene.token_file())
        );
        scene.process().code(1).stderr(told).run();
    }
}

#[test]
fn token_that_the_service_repeats_is_not_shown() {
    let scene = Scene::new();
    let message = format!("Value '{}' at 'webIdentityToken' failed to satisfy constraint", scene.token);
    scene.sts.expect(scene.call().fails(400, "ValidationError", &message));
    let run = scene.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("ValidationError: Value '…' at 'webIdentityToken' failed"), "{}", run.stderr);
}

#[test]
fn provider_that_stays_out_of_reach_is_told_after_all_tries() {
    let scene = Scene::of_environment();
    for _ in 0..3 {
        scene.sts.expect(scene.call().fails(400, "IDPCommunicationError", "No answer"));
    }
    let told = format!(
        "keyfob: cannot assume role \"{ROLE}\" of the environment\n  \
         cause: AssumeRoleWithWebIdentity at {}: IDPCommunicationError: No answer (HTTP 400, request \
         00000000-0000-4000-8000-000000000003); {SAID}\n  \
         hint: AWS could not get the issuer's keys; try again, and check that AWS can reach \
         https://example.com/.well-known/openid-configuration\n",
        scene.sts.address()
    );
    scene.home.keyfob(["process"]).code(1).stderr(told).run();
}

#[test]
fn token_that_is_no_json_web_token_is_told_so_and_not_shown() {
    let scene = Scene::new();
    scene.home.write("run/token", "MARKERsecret-opaque");
    scene.sts.expect(assume_role_with_web_identity(ROLE).refused("InvalidIdentityToken"));
    let run = scene.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("; the token is no JSON Web Token\n"), "{}", run.stderr);
}

#[test]
fn answer_that_is_not_of_sts_is_told_as_for_every_call() {
    let scene = Scene::new();
    scene.home.write(".aws/config", scene.home.read(".aws/config") + "max_attempts = 1\n");
    scene.sts.expect(scene.call().replies(Reply::html(200, "<!doctype html><p>Sign in")));
    let run = scene.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("the answer is a web page"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: check what answers at"), "{}", run.stderr);
}

#[test]
fn file_without_a_token_is_named_with_the_line_that_names_it() {
    let long = "x".repeat(20_001);
    for (text, why) in [
        (None, "names a file that does not exist: FILE"),
        (Some(&b""[..]), "names FILE, which is empty"),
        (Some(b" \r\n\t"), "names FILE, which is empty"),
        (Some(b"MARKERsecret\xff"), "names FILE, which is not UTF-8"),
        (Some(b"abc\n"), "names FILE, which holds no token: there are 3 characters, and a token has 4 to 20000"),
        (
            Some(long.as_bytes()),
            "names FILE, which holds no token: there are 20001 characters, and a token has 4 to 20000",
        ),
    ] {
        let scene = Scene::new();
        match text {
            Some(text) => drop(scene.home.write("run/token", text)),
            None => std::fs::remove_file(scene.token_file()).expect("the token is ours"),
        }
        let why = why.replace("FILE", &format!("\"{}\"", scene.token_file()));
        let place = scene.home.path().join(".aws/config").display().to_string();
        let again = "have whatever issues the token write it there; it is read anew at every refresh";
        let told = format!(
            "keyfob: cannot read the web identity token of profile \"pod\"\n  \
             cause: {place}:3: `web_identity_token_file` {why}\n  hint: {again}\n"
        );
        scene.process().code(1).stderr(told).run();
        let told = format!(
            "keyfob: cannot read the web identity token of the environment\n  \
             cause: AWS_WEB_IDENTITY_TOKEN_FILE {why}\n  hint: {again}, or unset AWS_WEB_IDENTITY_TOKEN_FILE\n"
        );
        let run = scene.home.keyfob(["process"]).env("AWS_WEB_IDENTITY_TOKEN_FILE", &scene.token_file());
        run.env("AWS_ROLE_ARN", ROLE).code(1).stderr(told).run();
    }
}

#[test]
fn token_of_the_greatest_length_is_sent() {
    let scene = Scene::new();
    let token = "x".repeat(20_000);
    scene.home.write("run/token", &token);
    scene.sts.expect(scene.call().field("WebIdentityToken", &token).refused("InvalidIdentityToken"));
    scene.process().code(1).any_stderr().run();
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_told_and_never_waited_for() {
    let scene = Scene::new();
    for path in ["~/run", "/dev/zero"] {
        scene.home.write(".aws/config", section("pod").replace("~/run/token", path));
        let run = scene.process().timeout(Duration::from_secs(20)).code(1).any_stderr().run();
        assert!(run.stderr.contains(", which cannot be read: not a regular file\n"), "{}", run.stderr);
    }
}

#[test]
fn settings_that_sts_would_refuse_are_found_before_any_call() {
    let rule = "has 2 to 64 characters";
    let scene = Scene::with("role_session_name = x\n");
    let place = scene.home.path().join(".aws/config").display().to_string();
    let told = format!("keyfob: profile \"pod\" cannot be used\n  cause: {place}:4: `role_session_name` {rule}\n");
    scene.process().code(1).stderr(told).run();
    let scene = Scene::of_environment();
    let told =
        format!("keyfob: cannot use the web identity of the environment\n  cause: AWS_ROLE_SESSION_NAME {rule}\n");
    scene.home.keyfob(["process"]).env("AWS_ROLE_SESSION_NAME", "x").code(1).stderr(told).run();
    let told = "keyfob: cannot use the web identity of the environment\n  \
                cause: AWS_ROLE_ARN is an ARN of at most 2048 characters, without blanks\n";
    scene.home.keyfob(["process"]).env("AWS_ROLE_ARN", "arn: x").code(1).stderr(told).run();
}

#[test]
fn profile_without_a_role_is_told_where_it_lacks_it() {
    let scene = Scene::new();
    scene.home.write(".aws/config", "[profile pod]\nweb_identity_token_file = ~/run/token\n");
    let place = scene.home.path().join(".aws/config").display().to_string();
    let told = format!(
        "keyfob: profile \"pod\" cannot be used\n  \
         cause: {place}:2: `role_arn` was missing beside `web_identity_token_file`\n"
    );
    // That of the environment is for whoever names no profile.
    scene.process().env("AWS_ROLE_ARN", ROLE).code(1).stderr(told).run();
    scene.sts.expect(scene.call());
    let run = scene.home.keyfob(["process"]).env("AWS_PROFILE", "pod").env("AWS_ROLE_ARN", ROLE);
    run.stdout(issued_document(1)).run();
}
