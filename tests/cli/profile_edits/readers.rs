//! AWS's own readers of the files that `profile set` has written: profiles of every type, and each key of them.

use super::*;

const ROLE: &str = "arn:aws:iam::123456789012:role/Demo";

/// Profiles and their settings; those of `sso` come from `configure sso`.
fn profiles() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let of =
        |settings: &[(&'static str, &str)]| settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
    let secret = format!("{MARKER}/x+y=");
    vec![
        ("default", of(&[("region", "eu-west-1"), ("output", "json")])),
        ("static", of(&[("aws_access_key_id", "AKIASTATIC"), ("aws_secret_access_key", &secret)])),
        (
            "session",
            of(&[
                ("aws_access_key_id", "ASIASESSION"),
                ("aws_secret_access_key", &secret),
                ("aws_session_token", &format!("{MARKER}//token+==")),
                ("region", "us-east-1"),
            ]),
        ),
        ("role", of(&[("role_arn", ROLE), ("source_profile", "static")])),
        (
            "role-with-mfa",
            of(&[
                ("role_arn", ROLE),
                ("source_profile", "static"),
                ("mfa_serial", "arn:aws:iam::123456789012:mfa/jane"),
                ("external_id", "ext/id=1"),
                ("role_session_name", "jane@example.com"),
                ("duration_seconds", "7200"),
            ]),
        ),
        ("of-environment", of(&[("role_arn", ROLE), ("credential_source", "Environment")])),
        ("process", of(&[("credential_process", "\"/opt/some tools/keys\" --profile \"a b\" json")])),
        (
            "web",
            of(&[("role_arn", ROLE), ("web_identity_token_file", "/run/token"), ("role_session_name", "web-name")]),
        ),
        (
            "o/d.d@n:a%m+e_-",
            of(&[("region", "eu-central-1"), ("s3.max_queue_size", "10"), ("s3.addressing_style", "path")]),
        ),
    ]
}

/// The files, written by keyfob alone.
fn written() -> Home {
    let home = Home::new();
    for (name, settings) in profiles() {
        let settings = settings.iter().map(|(key, value)| format!("{key}={value}"));
        let arguments = ["profile", "set", name].map(str::to_owned).into_iter().chain(settings);
        home.keyfob(arguments).any_stdout().any_stderr().run();
    }
    let session = ["configure", "sso", "sso", "--sso-session", "corp", "--start-url", "https://d-1.awsapps.com/start"];
    let role =
        ["--sso-region", "us-east-1", "--account-id", "000011112222", "--role-name", "Admin", "--region", "eu-west-1"];
    home.keyfob([&session[..], &role].concat()).any_stdout().run();
    home
}

/// What a reader should find, with nested keys as it has them.
fn expected(nested: fn(&mut Value, &str, &str, Value)) -> Value {
    let mut all = json!({ "sso": {
        "sso_session": "corp",
        "sso_account_id": "000011112222",
        "sso_role_name": "Admin",
        "region": "eu-west-1",
    } });
    for (name, settings) in profiles() {
        all[name] = json!({});
        for (key, value) in settings {
            match key.split_once('.') {
                None => all[name][key] = value.into(),
                Some((block, key)) => nested(&mut all[name], block, key, value.into()),
            }
        }
    }
    all
}

#[track_caller]
fn check_session(read: &Value) {
    let session = json!({
        "sso_start_url": "https://d-1.awsapps.com/start",
        "sso_region": "us-east-1",
        "sso_registration_scopes": "sso:account:access",
    });
    assert_eq!(read["sso_sessions"], json!({ "corp": session }));
}

#[test]
fn botocore_reads_every_key_of_every_type() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let read = peers::ask(&python, &written(), "read_settings.py", &[], "");
    let nested = |profile: &mut Value, block: &str, key: &str, value| profile[block][key] = value;
    assert_eq!(read["profiles"], expected(nested));
    check_session(&read);
}

#[test]
fn the_sdk_for_javascript_reads_every_key_of_every_type() {
    let Some(node) = peer::node(&["@smithy/core"]) else { return };
    let script = peers::script("read_settings.mjs");
    let arguments = [peers::text(&script), peers::text(&node.packages)];
    let run = written().program(peers::text(&node.program), arguments).any_stdout().secrets_expected().run();
    let mut read = super::super::keyfob::json(&run.stdout);
    let profiles = read["profiles"].as_object_mut().expect("the script prints an object");
    // It has these among the profiles, too.
    profiles.remove("sso-session.corp");
    let nested = |profile: &mut Value, block: &str, key: &str, value| profile[format!("{block}.{key}")] = value;
    assert_eq!(read["profiles"], expected(nested));
    check_session(&read);
}

#[test]
fn botocore_takes_each_profile_for_its_type() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let home = written().env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT").env("AWS_SECRET_ACCESS_KEY", "x");
    let names = ["static", "session", "role", "role-with-mfa", "of-environment", "web", "sso"];
    let chains = peers::ask(&python, &home, "read_profiles.py", &names, "");
    let types = |chain: &Value| -> Vec<String> {
        let links = chain.as_array().expect("a chain is a list").iter();
        links.map(|link| link["type"].as_str().expect("a link has a type").to_owned()).collect()
    };
    let types: Vec<_> = chains.as_array().expect("a list of chains").iter().map(types).collect();
    let expected = [
        &["keys"][..],
        &["keys"],
        &["keys", "assume_role"],
        &["keys", "assume_role"],
        &["environment", "assume_role"],
        &["web_identity"],
        &["sso"],
    ];
    assert_eq!(types, expected);
    assert_eq!(chains[1][0]["has_token"], true);
    assert_eq!(chains[3][1]["mfa_serial"], "arn:aws:iam::123456789012:mfa/jane");
}
