//! `keyfob profile show`: what counts of a profile, with its secrets masked.

use super::keyfob::{Home, json};
use serde_json::json;

const CONFIG: &str = "\
[profile dev]
Region = eu-west-1 # comment
output = text
s3 =
    max_queue_size = 10 # comment
    Addressing_Style = path
    max_queue_size = 20
description = two
    lines
output = json
credential_process = /bin/print --all
mfa_serial =
[sso-session corp]
sso_start_url = https://d-1234567890.awsapps.com/start
[services local]
sts =
    endpoint_url = http://localhost
[default]
region = us-east-1
";

const CREDENTIALS: &str = "\
[dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = MARKERsecret
aws_session_token = short
region = eu-west-2
";

fn home() -> Home {
    Home::new().config(CONFIG).credentials(CREDENTIALS)
}

/// The text with the home's path in the place of `~`.
fn at(home: &Home, text: &str) -> String {
    text.replace('~', &home.path().display().to_string())
}

const SHOWN: &str = "\
s3 =
    Addressing_Style = path
    max_queue_size = 20
description = two
    lines
output = json
credential_process = /bin/print --all
mfa_serial =
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = ****************cret
aws_session_token = ****************
region = eu-west-2
";

#[test]
fn what_counts_is_shown_in_the_order_of_the_files() {
    home().keyfob(["profile", "show", "dev"]).stdout(SHOWN).run();
    home().keyfob(["-p", "dev", "profile", "show"]).stdout(SHOWN).run();
    home().keyfob(["profile", "show", "--profile", "dev"]).stdout(SHOWN).run();
    home().keyfob(["profile", "show"]).env("AWS_PROFILE", "dev").stdout(SHOWN).run();
    home().keyfob(["profile", "show"]).stdout("region = us-east-1\n").run();
}

#[test]
fn places_are_shown_to_those_who_want_them() {
    let home = home();
    let expected = "\
s3 =  # ~/.aws/config:4
    Addressing_Style = path
    max_queue_size = 20
description = two  # ~/.aws/config:8
    lines
output = json  # ~/.aws/config:10
credential_process = /bin/print --all  # ~/.aws/config:11
mfa_serial =  # ~/.aws/config:12
aws_access_key_id = AKIAIOSFODNN7EXAMPLE  # ~/.aws/credentials:2
aws_secret_access_key = ****************cret  # ~/.aws/credentials:3
aws_session_token = ****************  # ~/.aws/credentials:4
region = eu-west-2  # ~/.aws/credentials:5
";
    home.keyfob(["profile", "show", "dev", "-v"]).stdout(at(&home, expected)).run();
}

#[test]
fn of_a_program_that_is_a_store_only_its_name_is_shown() {
    let home = Home::new().config("[profile a]\nkeyfob_store = exec:/bin/keep --token MARKERtoken\n");
    home.keyfob(["profile", "show", "a"]).stdout("keyfob_store = exec:/bin/keep\n").run();
    let whole = "keyfob_store = exec:/bin/keep --token MARKERtoken\n";
    home.keyfob(["profile", "show", "a", "--reveal"]).secrets_expected().stdout(whole).run();
}

#[test]
fn secrets_are_shown_only_when_they_are_asked_for() {
    let revealed = SHOWN.replace("****************cret", "MARKERsecret").replace("****************", "short");
    home().keyfob(["profile", "show", "dev", "--reveal"]).secrets_expected().stdout(revealed).run();
}

#[test]
fn secrets_under_keyfobs_own_names_and_of_other_tools_are_masked() {
    Home::new()
        .config(
            "[profile dev]\nkeyfob_aws_secret_access_key = MARKERsecret\nX_Security_Token = MARKERtoken\n\
             db_password = MARKERpass\nx_security_token_expires = 2026-11-21\nnested =\n  client_secret = MARKERnested\n",
        )
        .keyfob(["profile", "show", "dev"])
        .stdout(
            "keyfob_aws_secret_access_key = ****************cret\nx_security_token = ****************oken\n\
             db_password = ****************pass\nx_security_token_expires = 2026-11-21\n\
             nested =\n    client_secret = ****************sted\n",
        )
        .run();
}

#[test]
fn json_is_one_object_with_blocks_as_objects() {
    let run = home().keyfob(["profile", "show", "dev", "--json"]).any_stdout().run();
    let expected = "{\"s3\":{\"Addressing_Style\":\"path\",\"max_queue_size\":\"20\"},\"description\":\"two\\nlines\",\
                    \"output\":\"json\",\"credential_process\":\"/bin/print --all\",\"mfa_serial\":\"\",\
                    \"aws_access_key_id\":\"AKIAIOSFODNN7EXAMPLE\",\
                    \"aws_secret_access_key\":\"****************cret\",\"aws_session_token\":\"****************\",\
                    \"region\":\"eu-west-2\"}\n";
    assert_eq!(run.stdout, expected);
}

#[test]
fn all_sections_are_one_document() {
    let home = home();
    let run = home.keyfob(["profile", "show", "--all", "--json", "--reveal"]).secrets_expected().any_stdout().run();
    assert_eq!(
        json(&run.stdout),
        json!({
            "profiles": {
                "dev": {
                    "s3": {"Addressing_Style": "path", "max_queue_size": "20"},
                    "description": "two\nlines",
                    "output": "json",
                    "credential_process": "/bin/print --all",
                    "mfa_serial": "",
                    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
                    "aws_secret_access_key": "MARKERsecret",
                    "aws_session_token": "short",
                    "region": "eu-west-2",
                },
                "default": {"region": "us-east-1"},
            },
            "sso_sessions": {"corp": {"sso_start_url": "https://d-1234567890.awsapps.com/start"}},
            "services": {"local": {"sts": {"endpoint_url": "http://localhost"}}},
        })
    );
    let expected = format!(
        "[profile dev]\n{SHOWN}\n[default]\nregion = us-east-1\n\n[sso-session corp]\n\
         sso_start_url = https://d-1234567890.awsapps.com/start\n\n[services local]\nsts =\n    \
         endpoint_url = http://localhost\n"
    );
    home.keyfob(["profile", "show", "--all"]).stdout(expected).run();
    let empty = "{\"profiles\":{},\"sso_sessions\":{},\"services\":{}}\n";
    Home::new().keyfob(["profile", "show", "--all", "--json"]).stdout(empty).run();
}

#[test]
fn all_means_every_section() {
    for (config, what, cause) in [
        ("[profile a]\n[profile b]\nnonsense\n", "profile \"b\"", "3:1: Expected an '=' sign defining a property"),
        ("[profile a]\n[sso-session s]\n=\n", "[sso-session s]", "3:1: Property did not have a name"),
    ] {
        let home = Home::new().config(config);
        let error = format!(
            "keyfob: cannot read {what}\n  cause: ~/.aws/config:{cause}\n  \
             hint: mend that line; the other profiles in the file work on\n"
        );
        home.keyfob(["profile", "show", "--all"]).code(1).stderr(at(&home, &error)).run();
        home.keyfob(["profile", "show", "a"]).run();
    }
    for (config, cause) in [
        ("x = 1\n[profile a]\n", "1:1: Expected a profile definition"),
        ("[profile a]\n[profile b\n", "2:1: Profile definition must end with ']'"),
    ] {
        let home = Home::new().config(config);
        let error = format!(
            "keyfob: cannot read all profiles\n  cause: ~/.aws/config:{cause}\n  \
             hint: mend that line; `keyfob profile check` shows every such one\n"
        );
        home.keyfob(["profile", "show", "--all", "--json"]).code(1).stderr(at(&home, &error)).run();
    }
}

#[test]
fn what_is_no_text_is_an_error_with_its_place() {
    let home = Home::new();
    home.write(".aws/config", b"[profile a]\nx = MARKER\xff\n");
    let error = "keyfob: cannot read \"x\" of profile \"a\"\n  cause: ~/.aws/config:2: the value is not UTF-8\n";
    home.keyfob(["profile", "show", "a"]).code(1).stderr(at(&home, error)).run();
}

#[test]
fn control_characters_do_not_reach_a_terminal() {
    let home = Home::new().config("[profile a]\nx = a\u{1b}[31mb\n");
    home.keyfob(["profile", "show", "a"]).stdout("x = a\\u{1b}[31mb\n").run();
    home.keyfob(["profile", "show", "a", "--json"]).stdout("{\"x\":\"a\\u001b[31mb\"}\n").run();
}

#[test]
fn a_profile_that_is_not_there_comes_with_those_that_are() {
    let home = home();
    let error = "keyfob: no profile \"x\"\n  cause: neither \"~/.aws/config\" nor \"~/.aws/credentials\" has it\n  \
                 hint: the profiles there: dev, default\n";
    home.keyfob(["profile", "show", "x"]).code(4).stderr(at(&home, error)).run();
}

#[test]
fn all_and_a_name_exclude_each_other() {
    home()
        .keyfob(["profile", "show", "dev", "--all"])
        .code(2)
        .stderr("keyfob: --all shows every profile, and \"dev\" is named\n")
        .run();
}

#[test]
fn another_location_has_its_own_profiles() {
    let home = home();
    home.write("team/keys", "[dev]\nregion = x\n");
    home.keyfob(["profile", "show", "dev", "--profile-location", "~/team/keys"]).stdout("region = x\n").run();
}

#[test]
fn settings_for_saml_are_shown_and_a_password_that_stands_there_is_masked() {
    let home = Home::new().config(
        "[profile corp]\nsaml_endpoint = https://adfs.example.com/\nsaml_user = jane\nsaml_password = MARKERpassword\n\
         keyfob_store = exec:/usr/bin/pass --key MARKERkey\n",
    );
    let shown = "saml_endpoint = https://adfs.example.com/\nsaml_user = jane\nsaml_password = ****************word\n\
                 keyfob_store = exec:/usr/bin/pass\n";
    home.keyfob(["profile", "show", "corp"]).stdout(shown).run();
    let run = home.keyfob(["profile", "show", "corp", "--json"]).any_stdout().run();
    assert_eq!(json(&run.stdout)["saml_password"], json!("****************word"));
}
