//! That keyfob and botocore read the same files alike, as far as they are meant to.
//!
//! Left out is where botocore reads what other SDKs refuse, or refuses what they read: inline comments, doubled
//! keys and sections, `x: 1`, and a token under both of its names.

use super::{
    super::{keyfob::Home, peer},
    ask, json, script, text,
};
use serde_json::Value;

const CONFIG: &str = "\
# A comment, and a blank line

[default]
region = eu-west-1
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = secret/EXAMPLE+KEY
[profile in-config]
; another comment
AWS_ACCESS_KEY_ID=AKIAINCONFIG
Aws_Secret_Access_Key\t=\tsecret=with=signs
s3 =
  max_queue_size = 10
  # indented
  addressing_style = path
output = json
[profile in-both]
aws_access_key_id = AKIANOTTHIS
aws_secret_access_key = x
region = eu-west-1
[profile \"two words\"]
aws_access_key_id = AKIAQUOTED
aws_secret_access_key = x
[profile 'single']
aws_access_key_id = AKIASINGLE
aws_secret_access_key = x
[profile  spaces]
aws_access_key_id = AKIASPACES
aws_secret_access_key = x
[profile o/d.d@n:a%m+e_-]
aws_access_key_id = AKIAODD
aws_secret_access_key = x
[profile indented]
  aws_access_key_id = AKIAINDENTED
  aws_secret_access_key = x
[profile no-comment]
aws_access_key_id = AKIA#NOT;CUT
aws_secret_access_key = \"quoted\"
[profile role]
role_arn = arn:aws:iam::123456789012:role/Demo
source_profile = base
[profile all-settings]
role_arn = arn:aws:iam::123456789012:role/path/All
source_profile = base
role_session_name = jane@example.com
external_id = ext/id=1
mfa_serial = arn:aws:iam::123456789012:mfa/jane
duration_seconds = 7200
[profile second]
role_arn = arn:aws:iam::123456789012:role/Second
source_profile = role
[profile third]
role_arn = arn:aws:iam::123456789012:role/Third
source_profile = second
external_id = third
[profile self]
role_arn = arn:aws:iam::123456789012:role/Self
source_profile = self
aws_access_key_id = AKIASELF
aws_secret_access_key = x
[profile of-self]
role_arn = arn:aws:iam::123456789012:role/OfSelf
source_profile = self
[profile of-default]
role_arn = arn:aws:iam::123456789012:role/OfDefault
source_profile = default
[profile of-quoted]
role_arn = arn:aws:iam::123456789012:role/OfQuoted
source_profile = two words
[profile of-environment]
role_arn = arn:aws:iam::123456789012:role/OfEnvironment
credential_source = Environment
[profile process]
credential_process = PROCESS
[profile process-before-config]
credential_process = PROCESS
aws_access_key_id = AKIANOTTHIS
aws_secret_access_key = x
[profile credentials-before-process]
credential_process = PROCESS
[profile of-process]
role_arn = arn:aws:iam::123456789012:role/OfProcess
source_profile = process
[profile web]
role_arn = arn:aws:iam::123456789012:role/Web
web_identity_token_file = /run/token
role_session_name = web-name
[profile of-web]
role_arn = arn:aws:iam::123456789012:role/OfWeb
source_profile = web
[profile web-before-keys]
role_arn = arn:aws:iam::123456789012:role/Web
web_identity_token_file = /run/token
aws_access_key_id = AKIANOTTHIS
aws_secret_access_key = x
[sso-session corp]
sso_start_url = https://d-abc123.awsapps.com/start
sso_region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 012345678901
sso_role_name = SampleRole
[profile sso-repeated]
sso_session = corp
sso_start_url = https://d-abc123.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 012345678901
sso_role_name = SampleRole
[profile sso-legacy]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
sso_account_id = 012345678901
sso_role_name = SampleRole
[profile sso-before-keys]
sso_session = corp
sso_account_id = 012345678901
sso_role_name = SampleRole
aws_access_key_id = AKIANOTTHIS
aws_secret_access_key = x
[profile of-sso]
role_arn = arn:aws:iam::123456789012:role/OfSso
source_profile = sso
";

const CREDENTIALS: &str = "\
[base]
aws_access_key_id = AKIABASE
aws_secret_access_key = secret/EXAMPLE+KEY
[in-both]
aws_access_key_id = AKIAINBOTH
aws_secret_access_key = x
[session]\r
aws_access_key_id = ASIASESSION\r
aws_secret_access_key = x\r
aws_session_token = token//EXAMPLE+==\r
[old-token]
aws_access_key_id = ASIAOLDTOKEN
aws_secret_access_key = x
aws_security_token = token
[credentials-before-process]
aws_access_key_id = AKIACREDENTIALS
aws_secret_access_key = x
";

const PROFILES: [&str; 33] = [
    "default",
    "in-config",
    "in-both",
    "two words",
    "single",
    "spaces",
    "o/d.d@n:a%m+e_-",
    "indented",
    "no-comment",
    "role",
    "all-settings",
    "second",
    "third",
    "self",
    "of-self",
    "of-default",
    "of-quoted",
    "of-environment",
    "process",
    "process-before-config",
    "credentials-before-process",
    "of-process",
    "web",
    "of-web",
    "web-before-keys",
    "sso",
    "sso-repeated",
    "sso-legacy",
    "sso-before-keys",
    "of-sso",
    "base",
    "session",
    "old-token",
];

/// The chain that `explain` shows, in what the script can know: no places, no programs, two kinds of keys.
fn comparable(explained: &Value) -> Value {
    let links = explained["chain"].as_array().expect("a chain is a list");
    let comparable = links.iter().map(|link| {
        let mut link = link.as_object().expect("a link has members").clone();
        for name in ["profile", "file", "line", "web_identity_token_file", "sso_session", "credential_process"] {
            link.remove(name);
        }
        let kind = link["type"].as_str().unwrap_or_default().to_owned();
        if kind == "static" || kind == "session" {
            link.insert("type".into(), "keys".into());
            link.insert("has_token".into(), (kind == "session").into());
        }
        Value::Object(link)
    });
    comparable.collect()
}

#[test]
fn keyfob_takes_credentials_from_where_botocore_takes_them() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let process = format!("'{}' -B '{}'", text(&python), text(&script("show_arguments.py")));
    let home = Home::new()
        .config(&CONFIG.replace("PROCESS", &process))
        .credentials(CREDENTIALS)
        .env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
        .env("AWS_SECRET_ACCESS_KEY", "x");
    let theirs = ask(&python, &home, "read_profiles.py", &PROFILES, "");
    for (profile, theirs) in PROFILES.iter().zip(theirs.as_array().expect("the script prints a list")) {
        let run = home.keyfob(["explain", "--profile", profile, "--json"]).any_stdout().run();
        assert_eq!(comparable(&json(&run.stdout)), *theirs, "{profile}");
    }
}

#[test]
fn botocore_reads_what_configure_sso_writes() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let home =
        Home::new().config("[profile moved]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n");
    let profiles = ["dev", "two words", "default", "moved"];
    for profile in profiles {
        let url = ["--start-url", "https://d-1.awsapps.com/start/#/", "--sso-region", "us-east-1"];
        let role = ["--account-id", "000011112222", "--role-name", "Admin", "--region", "eu-west-1"];
        let session = ["configure", "sso", profile, "--sso-session", "my corp"];
        home.keyfob([&session[..], &url, &role].concat()).any_stdout().run();
    }
    let theirs = ask(&python, &home, "read_profiles.py", &profiles, "");
    let link = serde_json::json!({
        "type": "sso",
        "sso_start_url": "https://d-1.awsapps.com/start",
        "sso_region": "us-east-1",
        "sso_account_id": "000011112222",
        "sso_role_name": "Admin",
    });
    assert_eq!(theirs, serde_json::json!([[link], [link], [link], [link]]));
}
