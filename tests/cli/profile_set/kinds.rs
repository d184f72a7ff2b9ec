//! From one kind of credentials to another: nothing of the former stays that some tool would go by.

use super::*;

const SSO: &str = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n";
const BASE: &str = "[profile base]\nregion = a\n";

fn dropped(keys: &str) -> String {
    format!("Removed from profile \"dev\", since it belongs to other credentials: {keys}\n")
}

#[test]
fn a_role_is_made_with_all_that_belongs_to_it() {
    let files = Files::new(BASE, "");
    let options = [
        "dev",
        "--role-arn",
        ROLE_ARN,
        "--source-profile",
        "base",
        "--external-id",
        "E-1",
        "--mfa-serial",
        "GAHT12345678",
        "--role-session-name",
        "me",
        "--duration-seconds",
        "3600",
        "--region",
        "eu-west-1",
        "--output",
        "text",
    ];
    files.set(options).stdout(files.is_in(&["config"])).run();
    let role = format!(
        "role_arn = {ROLE_ARN}\nsource_profile = base\nexternal_id = E-1\nmfa_serial = GAHT12345678\n\
         role_session_name = me\nduration_seconds = 3600\nregion = eu-west-1\noutput = text\n"
    );
    files.have(&format!("{BASE}[profile dev]\n{role}"), "");
}

#[test]
fn what_belongs_to_other_credentials_goes_from_both_files() {
    let role = format!("role_arn = {ROLE_ARN}\nsource_profile = base\n");
    for (config, credentials, options, gone, [new_config, new_credentials]) in [
        (
            "[profile dev]\nregion = a\n",
            format!("[dev]\n{KEYS}aws_session_token = MARKERsecret3\n[x]\n"),
            &["--role-arn", ROLE_ARN, "--source-profile", "base"][..],
            "aws_access_key_id, aws_secret_access_key, aws_session_token",
            [format!("[profile dev]\nregion = a\n{role}"), "[dev]\n[x]\n".to_owned()],
        ),
        (
            &format!("[profile dev]\n{SSO}x = 1\n"),
            String::new(),
            &["--credential-process", "/bin/creds a"],
            "sso_account_id, sso_role_name, sso_session",
            ["[profile dev]\nx = 1\ncredential_process = /bin/creds a\n".to_owned(), String::new()],
        ),
        (
            &format!("[profile dev]\n{role}mfa_serial = GAHT12345678\n"),
            String::new(),
            &["sso_session=corp", "sso_account_id=111122223333", "sso_role_name=Admin"],
            "mfa_serial, role_arn, source_profile",
            [format!("[profile dev]\n{SSO}"), String::new()],
        ),
        (
            &format!("[profile dev]\n{role}external_id = E-1\n"),
            String::new(),
            &["--web-identity-token-file", "/run/token"],
            "external_id, source_profile",
            [format!("[profile dev]\nrole_arn = {ROLE_ARN}\nweb_identity_token_file = /run/token\n"), String::new()],
        ),
        (
            &format!("[profile dev]\n{role}"),
            String::new(),
            &["--credential-source", "Environment"],
            "source_profile",
            [format!("[profile dev]\nrole_arn = {ROLE_ARN}\ncredential_source = Environment\n"), String::new()],
        ),
        (
            "",
            "[dev]\nsso_account_id=111122223333\nsso_region=a\nsso_role_name=x\nsso_start_url=https://x.y".to_owned(),
            &["--credential-process", "/bin/creds"],
            "sso_account_id, sso_region, sso_role_name, sso_start_url",
            ["[profile dev]\ncredential_process = /bin/creds\n".to_owned(), "[dev]\n".to_owned()],
        ),
    ] {
        let files = Files::new(&format!("{BASE}{config}"), &credentials);
        let words = ["dev"].into_iter().chain(options.iter().copied());
        files.set(words).any_stdout().stderr(dropped(gone)).run();
        let read = [files.home.read(".aws/config"), fs::read_to_string(files.path("credentials")).unwrap_or_default()];
        assert_eq!(read, [format!("{BASE}{new_config}"), new_credentials.clone()], "{options:?}");
    }
}

#[test]
fn static_keys_keep_what_other_tools_read_beside_them() {
    let files = Files::new("[profile dev]\nmfa_serial = GAHT12345678\n", &format!("[dev]\n{KEYS}"));
    let run = files.set(["dev", "--access-key", "AKIAOTHER", "--stdin"]).stdin("MARKERsecret2");
    run.stdout(files.is_in(&["credentials"])).run();
    files.have(
        "[profile dev]\nmfa_serial = GAHT12345678\n",
        "[dev]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = MARKERsecret2\n",
    );
}

#[test]
fn a_role_that_is_its_own_source_keeps_its_keys() {
    let files = Files::new("[profile dev]\nregion = a\n", &format!("[dev]\n{KEYS}"));
    files.set(["dev", "--role-arn", ROLE_ARN, "--source-profile", "dev"]).stdout(files.is_in(&["config"])).run();
    let role = format!("[profile dev]\nregion = a\nrole_arn = {ROLE_ARN}\nsource_profile = dev\n");
    files.have(&role, &format!("[dev]\n{KEYS}"));
    // New keys leave the role.
    let run = files.set(["dev", "--access-key", "AKIAOTHER", "--stdin", "--role-arn", ROLE_ARN]).stdin("MARKERsecret2");
    run.any_stdout().run();
    files.have(&role, "[dev]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = MARKERsecret2\n");
}

#[test]
fn merge_only_adds() {
    let files = Files::new("", &format!("[dev]\n{KEYS}"));
    files.set(["dev", "--credential-process", "/bin/creds", "--merge"]).stdout(files.is_in(&["config"])).run();
    files.have("[profile dev]\ncredential_process = /bin/creds\n", &format!("[dev]\n{KEYS}"));
}

#[test]
fn half_of_other_credentials_removes_nothing() {
    let files = Files::new("", &format!("[dev]\n{KEYS}"));
    let half = format!("role_arn={ROLE_ARN}");
    let warning = "keyfob: profile \"dev\" has a role, and nothing to assume it with: set source_profile, \
                   credential_source or web_identity_token_file, too\n";
    files.set(["dev", &half]).stdout(files.is_in(&["config"])).stderr(warning).run();
    files.have(&format!("[profile dev]\nrole_arn = {ROLE_ARN}\n"), &format!("[dev]\n{KEYS}"));
    let gone = dropped("aws_access_key_id, aws_secret_access_key");
    files.set(["dev", "credential_source=EcsContainer"]).any_stdout().stderr(gone).run();
    files.have(&format!("[profile dev]\nrole_arn = {ROLE_ARN}\ncredential_source = EcsContainer\n"), "[dev]\n");
}

#[test]
fn a_bridged_profile_stays_bridged() {
    const LINE: &str = "credential_process = /usr/bin/keyfob process --profile dev\n";
    let bridged = SSO.replace("sso_", "keyfob_sso_");
    let files = Files::new(&format!("{BASE}[profile dev]\n{LINE}{bridged}"), "");
    files.set(["dev", "sso_role_name=Audit"]).stdout(files.is_in(&["config"])).run();
    files.have(&format!("{BASE}[profile dev]\n{LINE}{}", bridged.replace("Admin", "Audit")), "");
    let gone = dropped("keyfob_sso_account_id, keyfob_sso_role_name, keyfob_sso_session");
    files.set(["dev", "--role-arn", ROLE_ARN, "--source-profile", "base"]).any_stdout().stderr(gone).run();
    let role = format!("keyfob_role_arn = {ROLE_ARN}\nkeyfob_source_profile = base\n");
    files.have(&format!("{BASE}[profile dev]\n{LINE}{role}"), "");
    let gone = dropped("keyfob_role_arn, keyfob_source_profile");
    files.set(["dev", "--credential-process", "/bin/creds"]).any_stdout().stderr(gone).run();
    files.have(&format!("{BASE}[profile dev]\n{LINE}keyfob_credential_process = /bin/creds\n"), "");
    let gone = dropped("credential_process, keyfob_credential_process");
    let run = files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).stdin("MARKERsecret/long");
    run.any_stdout().stderr(gone).run();
    files.have(&format!("{BASE}[profile dev]\n"), &format!("[dev]\n{KEYS}"));
}
