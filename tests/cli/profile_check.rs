//! `keyfob profile check`: findings are lines of output, and tell by the exit code that they are there.

use super::keyfob::Home;

const KEYS: &str = "aws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret\n";

/// The text with the home's path in the place of `~`.
fn at(home: &Home, text: &str) -> String {
    text.replace('~', &home.path().display().to_string())
}

/// Expects these findings, and the words about their count.
#[track_caller]
fn expect(home: &Home, findings: &[&str]) {
    let lines: String = findings.iter().map(|finding| at(home, finding) + "\n").collect();
    let things = if findings.len() == 1 { "1 thing".to_owned() } else { format!("{} things", findings.len()) };
    home.keyfob(["profile", "check"])
        .code(1)
        .stdout(lines)
        .stderr(format!("keyfob: found {things} that AWS tools refuse, pass over or read differently\n"))
        .run();
}

#[test]
fn files_in_order_are_no_failure() {
    let home = Home::new()
        .config(
            "[default]\nregion = eu-west-1\n[profile role]\nrole_arn = arn:aws:iam::111122223333:role/Demo\n\
             source_profile = base\n[profile env]\nrole_arn = arn:aws:iam::111122223333:role/Demo\n\
             credential_source = Environment\n[profile token]\nsso_session = corp\n[sso-session corp]\n\
             sso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = us-east-1\n\
             [profile bridged]\nlogin_session = x\ncredential_process = keyfob process --profile bridged\n",
        )
        .credentials(&format!("[base]\n{KEYS}"));
    let said = "Nothing was found in \"~/.aws/config\" or \"~/.aws/credentials\".\n";
    home.keyfob(["profile", "check"]).stderr(at(&home, said)).run();
    home.keyfob(["profile", "check"]).env("AWS_ACCESS_KEY_ID", "half").stderr(at(&home, said)).run();
}

#[test]
fn lines_that_tools_read_differently_are_found_with_their_places() {
    let home = Home::new()
        .config(
            "[default]\nregion = eu-west-1 # near\n[profile a]\nOutput = json\nnonsense\n[profile \"b\"]\nx = \"y\"\n",
        )
        .credentials("[profile c]\n");
    expect(
        &home,
        &[
            "~/.aws/config:2: the AWS CLI and the .NET SDK take the comment for a part of the value",
            "~/.aws/config:5:1: Expected an '=' sign defining a property",
            "~/.aws/config:6: the AWS CLI and the JavaScript SDK take these quotes away; the Rust SDK ignores the section, \
             and the SDKs for Go and .NET take them for a part of the name",
            "~/.aws/config:7: the Go SDK takes these quotes away, all others keep them",
            "~/.aws/credentials:1: ignored: profiles here are written [NAME], without a prefix",
        ],
    );
}

#[test]
fn keys_of_two_kinds_in_one_profile_are_found() {
    let home = Home::new()
        .config("[profile a]\nlogin_session = x\ncredential_process = /bin/print\n[profile b]\naws_access_key_id = A\n")
        .credentials(&format!("[b]\n{KEYS}"));
    expect(
        &home,
        &[
            "~/.aws/config:3: credential_process does not count, since login_session (~/.aws/config:2) goes before it",
            "~/.aws/config:5: aws_access_key_id does not count, since that of ~/.aws/credentials:2 goes before it",
        ],
    );
}

#[test]
fn a_pair_of_keys_in_two_files_is_found() {
    let home = Home::new()
        .config("[profile a]\naws_access_key_id = AKIA\n")
        .credentials("[a]\naws_secret_access_key = MARKERsecret\n");
    expect(
        &home,
        &["~/.aws/credentials:1: its access key (~/.aws/config:2) and its secret (~/.aws/credentials:2) stand in two \
           files, which the AWS CLI refuses"],
    );
}

#[test]
fn profiles_that_lead_nowhere_are_found_once() {
    let home = Home::new().config(
        "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = gone\n\
         [profile b]\nrole_arn = arn:aws:iam::111122223333:role/B\nsource_profile = a\n\
         [profile c]\nrole_arn = arn:aws:iam::111122223333:role/C\n\
         [profile d]\naws_access_key_id = AKIA\nservices = gone\n\
         [profile e]\nsso_session = gone\nsso_account_id = 111122223333\nsso_role_name = Admin\n\
         [profile f]\nrole_arn = arn:aws:iam::111122223333:role/F\nsource_profile = f\n",
    );
    expect(
        &home,
        &[
            "~/.aws/config:3: could not find source profile gone referenced from a",
            "~/.aws/config:8: profile must contain `source_profile` or `credential_source` beside `role_arn`",
            "~/.aws/config:11: there is no section [services gone]",
            "~/.aws/config:10: profile missing aws_secret_access_key",
            "~/.aws/config:13: sso-session named `gone` (referenced by profile `e`) was not found",
            "~/.aws/config:16: profile `f` did not contain credential information: expected `aws_access_key_id` and \
             `aws_secret_access_key` to be defined",
        ],
    );
}

#[test]
#[cfg(unix)]
fn secrets_that_others_can_read_are_found() {
    use std::{fs, os::unix::fs::PermissionsExt};
    let home = Home::new().config(&format!("[profile a]\n{KEYS}")).credentials("[b]\n");
    for name in ["config", "credentials"] {
        let path = home.path().join(".aws").join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("the file is ours");
    }
    let open = |name: &str| {
        format!("The file '~/.aws/{name}' is accessible by other users. Consider running 'chmod 600 ~/.aws/{name}'")
    };
    expect(&home, &[&open("config"), &open("credentials")]);
    home.write(".aws/config", "[profile a]\nregion = x\n");
    fs::set_permissions(home.path().join(".aws/config"), fs::Permissions::from_mode(0o644)).expect("the file is ours");
    expect(&home, &[&open("credentials")]);
}

#[test]
fn a_file_that_is_no_text_is_a_finding() {
    let home = Home::new().credentials("[b]\nx:y = 1\n");
    home.write(".aws/config", b"\xff\xfe[\0");
    expect(
        &home,
        &[
            "cannot read \"~/.aws/config\": file is UTF-16; re-save as UTF-8",
            "~/.aws/credentials:2: the AWS CLI ends a key at its colon",
        ],
    );
}

#[test]
fn a_check_is_of_all_profiles_and_of_any_location() {
    let home = Home::new();
    home.write("team/keys", "[c]\nx =\n");
    home.keyfob(["profile", "check", "--profile-location", "~/team/keys"])
        .code(1)
        .stdout(at(&home, "~/team/keys:2: the JavaScript SDK passes over a key without a value\n"))
        .stderr("keyfob: found 1 thing that AWS tools refuse, pass over or read differently\n")
        .run();
    home.keyfob(["-p", "dev", "profile", "check"])
        .code(2)
        .stderr("keyfob: `keyfob profile check` is about all profiles, and \"dev\" is named\n")
        .run();
}

#[test]
fn settings_for_saml_that_will_not_do_are_found() {
    let home = Home::new().config(
        "[profile a]\nsaml_endpoint = http://adfs.example.com/\nsaml_authentication = kerberos\nsaml_role_arn = Dev\n\
         saml_principal_arn = ADFS\nsaml_password = MARKERpassword\n\
         [profile b]\nsaml_endpoint = https://adfs.example.com/\nkeyfob_store = nowhere\n\
         [profile c]\nsaml_endpoint = https://adfs.example.com/\nsaml_process = get-assertion\n\
         [profile d]\nsaml_process = get-assertion\nkeyfob_store = sealed\n\
         [profile e]\nsaml_endpoint = https://adfs.example.com/\nsaml_authentication = NTLM\nkeyfob_store = sealed\n\
         [profile f]\nsaml_endpoint = https://adfs.example.com/\nsaml_user = jane\nkeyfob_store = sealed\n",
    );
    let role = "a role looks like arn:aws:iam::111122223333:role/NAME";
    let provider = "an identity provider looks like arn:aws:iam::111122223333:saml-provider/NAME";
    expect(
        &home,
        &[
            "~/.aws/config:2: `saml_endpoint` will not do: it is no page with https://, or has a name or password in it",
            "~/.aws/config:3: `saml_authentication` will not do: there are form, basic, ntlm and negotiate",
            &format!("~/.aws/config:4: `saml_role_arn` will not do: {role}"),
            &format!("~/.aws/config:5: `saml_principal_arn` will not do: {provider}"),
            "~/.aws/config:6: `saml_password` will not do: passwords are kept in stores, and never in these files",
            "~/.aws/config:9: there is no store of this name; the stores are secret-service, keychain, sdk, sealed and \
             exec:COMMAND",
            "~/.aws/config:12: profile contained both saml_endpoint and saml_process",
            "~/.aws/config:15: it says where a password is, and saml_process needs none",
            "~/.aws/config:19: it says where a password is, which is used together with `saml_user` alone",
        ],
    );
}
