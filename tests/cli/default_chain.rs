//! The default order, when nobody names a profile: which source answers, what is passed over and what stops the
//! search, and what is told in the end.

use super::{
    fake::Keys,
    keyfob::{Home, Run, json},
    scene::ROLE,
};

const BOTO: (&str, &str) = ("BOTO_CONFIG", "~/boto");
const CONTAINER: (&str, &str) = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/x");
const TOKEN: (&str, &str) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
const ARN: (&str, &str) = ("AWS_ROLE_ARN", ROLE);
const SETTINGS: &str = "[default]\nregion = eu-west-1\n";

/// A home in which nothing is configured, whatever the machine has; and metadata of instances may be asked for.
fn home() -> Home {
    let mut home = Home::new().env("BOTO_CONFIG", "~/no-such-file").env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9");
    home.remove_env("AWS_EC2_METADATA_DISABLED");
    let jane = Keys::of("boto");
    let boto = jane.section("Credentials");
    home.write("boto", boto);
    home
}

fn explain(home: &Home, vars: &[(&str, &str)], words: &[&str]) -> Run {
    let run = home.keyfob(["explain"].iter().chain(words).copied());
    let run = vars.iter().fold(run, |run, (name, value)| run.env(name, value));
    run.any_code().any_stdout().any_stderr().run()
}

#[test]
fn sources_are_looked_at_in_their_order() {
    let jane = Keys::of("jane").vars();
    let keys: Vec<(&str, &str)> = jane.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let profile = Keys::of("profile").section("default");
    // Each with all that comes after it.
    let all = [keys.as_slice(), &[TOKEN, ARN, BOTO, CONTAINER]].concat();
    for (vars, credentials, kind) in [
        (&all[..], profile.as_str(), "environment"),
        (&all[2..], &profile, "static"),
        (&all[2..], SETTINGS, "web_identity"),
        (&all[4..], SETTINGS, "static"),
        (&all[5..], SETTINGS, "ecs_container"),
        (&[], SETTINGS, "ec2_instance_metadata"),
        (&[], "", "ec2_instance_metadata"),
    ] {
        let home = home();
        home.write_before(".aws/credentials", credentials);
        let run = explain(&home, vars, &["--json"]);
        assert_eq!(json(&run.stdout)["chain"][0]["type"], kind, "{vars:?} {credentials:?}: {}", run.stderr);
    }
}

#[test]
fn setting_that_means_nothing_alone_is_named_with_what_it_lacks() {
    for (setting, alone, lacks) in [
        ("credential_source = EcsContainer", "credential_source", "role_arn"),
        ("source_profile = base", "source_profile", "role_arn"),
        ("saml_user = jane", "saml_user", "saml_endpoint"),
        ("keyfob_saml_role_arn = r", "saml_role_arn", "saml_endpoint"),
    ] {
        let home = home();
        home.write_before(".aws/config", format!("[profile dev]\n{setting}\n"));
        let run = home.keyfob(["process", "dev"]);
        run.code(1)
            .stderr(format!(
                "keyfob: profile \"dev\" has no credentials\n  cause: `{alone}` means nothing without `{lacks}`\n  hint: set \
                 that, too: `keyfob profile set dev {lacks}=VALUE`\n"
            ))
            .run();
    }
}

#[test]
fn profile_that_is_named_is_the_only_one_that_is_looked_at() {
    let home = home();
    home.write_before(".aws/config", SETTINGS);
    let jane = Keys::of("jane").vars();
    let keys: Vec<(&str, &str)> = jane.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let run = explain(&home, &[keys.as_slice(), &[TOKEN, ARN, BOTO, CONTAINER]].concat(), &["default"]);
    assert!(run.stderr.starts_with("keyfob: profile \"default\" has no credentials\n"), "{}", run.stderr);
}

#[test]
fn what_is_configured_and_broken_ends_the_search() {
    let web = format!("[default]\nweb_identity_token_file = ~/gone\nrole_arn = {ROLE}\n");
    let role = format!("[default]\nrole_arn = {ROLE}\ncredential_source = Environment\n");
    for (config, vars, told) in [
        ("", &[("AWS_ACCESS_KEY_ID", "AKIAX")][..], "keyfob: the environment holds half a key pair\n"),
        ("[default]\naws_access_key_id = AKIAX\n", &[], "keyfob: profile \"default\" cannot be used\n"),
        ("[default]\nrole_arn = x\n", &[], "keyfob: profile \"default\" cannot be used\n"),
        (&role, &[TOKEN, ARN], "keyfob: profile \"default\" cannot be used\n"),
        ("[default]\nregion\n", &[], "keyfob: cannot read profile \"default\"\n"),
        (SETTINGS, &[("AWS_PROFILE", "gone")], "keyfob: no profile \"gone\"\n"),
        ("", &[("AWS_PROFILE", "default")], "keyfob: no profile \"default\"\n"),
        ("", &[TOKEN, ARN], "keyfob: cannot read the web identity token of the environment\n"),
        (&web, &[], "keyfob: cannot read the web identity token of profile \"default\"\n"),
        ("[default]\ncredential_process = false\n", &[], "keyfob: credential_process of profile \"default\" failed\n"),
    ] {
        let home = home();
        home.write_before(".aws/config", config);
        let run = home.keyfob(["process"]).env(BOTO.0, BOTO.1).env(CONTAINER.0, CONTAINER.1);
        let run = vars.iter().fold(run, |run, (name, value)| run.env(name, value));
        let run = run.any_code().any_stderr().run();
        assert!(run.stderr.starts_with(told), "{config:?} {vars:?}: {}", run.stderr);
    }
}

/// What is told when nothing has credentials, of a home with these files and variables.
fn told(config: &str, credentials: &str, vars: &[(&str, &str)]) -> String {
    let home = home();
    home.write_before(".aws/config", config);
    home.write_before(".aws/credentials", credentials);
    let run = home.keyfob(["process"]).env("AWS_EC2_METADATA_DISABLED", "True");
    let run = vars.iter().fold(run, |run, (name, value)| run.env(name, value));
    run.code(1).any_stderr().run().stderr
}

#[test]
fn in_the_end_all_that_was_looked_at_is_told_with_the_ways_to_begin() {
    let expected = "keyfob: no credentials found\n  \
        cause: AWS_ACCESS_KEY_ID is not set; profile \"default\" does not exist; AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
        no boto file has keys; neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is \
        set; EC2 instance metadata is disabled by AWS_EC2_METADATA_DISABLED\n  \
        hint: `keyfob configure sso default` chooses a role of IAM Identity Center, `keyfob login default` signs in with \
        the console, `keyfob profile set default --access-key ID` keeps keys\n";
    assert_eq!(told("", "", &[]), expected);
}

#[test]
fn what_is_half_configured_is_told_as_it_is() {
    for (config, vars, clause) in [
        (
            "",
            &[("AWS_SECRET_ACCESS_KEY", "MARKERsecret")][..],
            "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not set; ",
        ),
        ("", &[("AWS_ACCESS_KEY_ID", "  ")], ": AWS_ACCESS_KEY_ID is not set; "),
        (SETTINGS, &[], "; profile \"default\" has settings, but no credentials; "),
        ("[default]\n", &[], "; profile \"default\" has settings, but no credentials; "),
        (
            "[profile ci]\noutput = json\n",
            &[("AWS_PROFILE", "ci")],
            "; profile \"ci\" has settings, but no credentials; ",
        ),
        (
            "[default]\ncredential_process = keyfob process\n",
            &[],
            "; profile \"default\" leads to keyfob itself, and to nothing else; ",
        ),
        ("", &[TOKEN], "; AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not set; "),
        ("", &[ARN], "; AWS_ROLE_ARN is set, but AWS_WEB_IDENTITY_TOKEN_FILE is not set; "),
        (
            "",
            &[("AWS_CONTAINER_AUTHORIZATION_TOKEN", "MARKERsecret")],
            "; neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor ",
        ),
    ] {
        let told = told(config, "", vars);
        assert!(told.contains(clause), "{config:?} {vars:?}: {told}");
    }
}

#[test]
fn instances_are_not_asked_where_a_profile_forbids_it() {
    let home = home();
    home.write_before(".aws/config", "[default]\ndisable_ec2_metadata = TRUE\n");
    let place = home.path().join(".aws/config").display().to_string();
    let told = home.keyfob(["process"]).code(1).any_stderr().run().stderr;
    assert!(
        told.contains(&format!("; EC2 instance metadata is disabled by disable_ec2_metadata ({place}:2)\n")),
        "{told}"
    );
    // A variable goes before the line.
    let run = explain(&home, &[("AWS_EC2_METADATA_DISABLED", "false")], &["--json"]);
    assert_eq!(json(&run.stdout)["chain"][0]["type"], "ec2_instance_metadata", "{}", run.stderr);
}

#[test]
fn other_profiles_are_named_to_choose_from() {
    let told = told("[default]\nregion = eu-west-1\n[profile dev]\nlogin_session = x\n", "[base]\n", &[]);
    let hint =
        "hint: name a profile with --profile or AWS_PROFILE (dev, base), or begin: `keyfob configure sso default`";
    assert!(told.contains(hint), "{told}");
}

#[test]
fn explain_asks_no_instance_and_says_when_one_is_asked() {
    let home = home();
    home.write_before(".aws/config", SETTINGS);
    let looked_at = "AWS_ACCESS_KEY_ID is not set; profile \"default\" has settings, but no credentials; \
                     AWS_WEB_IDENTITY_TOKEN_FILE is not set; no boto file has keys; neither \
                     AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set";
    let expected = format!(
        "profile \"default\"\n1. ec2_instance_metadata\n   asked only when credentials are needed\n\n\
         looked at before: {looked_at}\n\nregion: eu-west-1\nsts: http://127.0.0.1:9\ncache: nothing\n"
    );
    let vars = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")];
    assert_eq!(explain(&home, &vars, &[]).stdout, expected);
    let run = explain(&home, &vars, &["--json"]);
    let expected: Vec<&str> = looked_at.split("; ").collect();
    assert_eq!(json(&run.stdout)["looked_at"], serde_json::json!(expected));
}

#[test]
fn explain_says_nothing_of_what_comes_before_a_profile() {
    let home = home();
    home.write_before(".aws/credentials", Keys::of("jane").section("default"));
    let run = explain(&home, &[], &[]);
    assert!(!run.stdout.contains("looked at"), "{}", run.stdout);
    assert!(json(&explain(&home, &[], &["--json"]).stdout).get("looked_at").is_none());
}

#[test]
fn profile_that_the_environment_names_is_not_said_to_be_behind_keys() {
    let home = home();
    home.write_before(".aws/config", "[profile ci]\nregion = eu-west-1\n");
    let run = explain(&home, &[("AWS_PROFILE", "ci"), TOKEN, ARN], &[]);
    assert!(run.stdout.contains("1. web_identity\n") && !run.stdout.contains("note:"), "{}", run.stdout);
}
