//! `keyfob bridge`: what it makes of a profile, and that the way back leads to the same bytes.

mod refusals;
mod second;

use super::{
    keyfob::{Home, program},
    scene::{Scene, demo_role, issued_document},
};

const SSO: &str = "[sso-session corp]\n\
                   sso_start_url = https://d-1234567890.awsapps.com/start\n\
                   sso_region = us-east-1\n\
                   sso_registration_scopes = sso:account:access\n\
                   [profile dev]\n\
                   # ours\n\
                   sso_session=corp\n\
                   sso_account_id = 111122223333\n\
                   sso_role_name = Admin # for now\n\
                   region = eu-west-1";

const READERS: &str =
    "Tools that read such settings themselves (aws-vault, Granted, toolkits of editors) do not, either.\n";

/// The line of profile `dev`.
fn line() -> String {
    format!("credential_process = {} process --profile dev\n", program())
}

fn bridged(more: &str) -> String {
    format!(
        "Every program gets the credentials of profile \"dev\" through keyfob now.\n{more}\
         To undo that: keyfob bridge --undo dev\n"
    )
}

const UNDONE: &str = "Profile \"dev\" is not bridged any more: programs read its settings themselves.\n";

#[test]
fn role_is_bridged_and_got_as_before() {
    let scene = Scene::with("external_id = x1\r\nregion = eu-west-1");
    let before = scene.home.read(".aws/config");
    let readers = READERS.replace(" do not, either", " do not know it any more");
    scene.home.keyfob(["bridge", "dev"]).stdout(bridged(&readers)).run();
    let after = before.replace("role_arn", "keyfob_role_arn").replace("source_profile", "keyfob_source_profile");
    let after = after
        .replace("external_id", "keyfob_external_id")
        .replace("[profile dev]\n", &format!("[profile dev]\n{}", line()));
    assert_eq!(scene.home.read(".aws/config"), after);
    scene.sts.expect(demo_role().field("ExternalId", "x1"));
    scene.process().stdout(issued_document(1)).run();
    scene.home.keyfob(["bridge", "--undo", "dev"]).stdout(UNDONE).run();
    assert_eq!(scene.home.read(".aws/config"), before);
    // What is kept of it goes by what the settings say.
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn sign_in_of_identity_center_is_bridged() {
    let home = Home::new().config(SSO);
    let aws = "`aws sso login --profile dev` does not know it any more: keyfob sso login dev, or aws sso login \
               --sso-session corp\n";
    home.keyfob(["bridge", "dev"]).stdout(bridged(&format!("{aws}{READERS}"))).run();
    let (session, profile) = SSO.split_at(SSO.find("# ours").expect("it is there"));
    let profile = profile.replace("# ours\n", &format!("# ours\n{}", line())).replace("\nsso_", "\nkeyfob_sso_");
    assert_eq!(home.read(".aws/config"), format!("{session}{profile}"));
    let listed = home.keyfob(["explain", "dev"]).any_stdout().run().stdout;
    assert!(listed.contains("sso_role_name = Admin"), "{listed}");
    home.keyfob(["bridge", "dev", "--undo"]).stdout(UNDONE).run();
    assert_eq!(home.read(".aws/config"), SSO);
}

#[test]
fn console_sign_in_only_gets_the_line() {
    let config = "[profile dev]\r\nlogin_session = arn:aws:iam::123456789012:user/jane\r\n";
    let home = Home::new().config(config);
    home.keyfob(["bridge", "dev"]).stdout(bridged("")).run();
    let line = line().replace('\n', "\r\n");
    assert_eq!(home.read(".aws/config"), config.replace("login", &format!("{line}login")));
    home.keyfob(["bridge", "dev", "--undo"]).stdout(UNDONE).run();
    assert_eq!(home.read(".aws/config"), config);
}

#[test]
fn keys_in_a_store_only_get_the_line() {
    let config = "[profile dev]\nkeyfob_store = secret-service\nkeyfob_aws_access_key_id = AKIA";
    let home = Home::new().config(config);
    home.keyfob(["bridge", "dev"]).stdout(bridged("")).run();
    assert_eq!(home.read(".aws/config"), config.replace("keyfob_store", &format!("{}keyfob_store", line())));
    let undone = UNDONE
        .replace("programs read its settings themselves", "keyfob alone has a way to its keys, which are in a store");
    home.keyfob(["bridge", "dev", "--undo"]).stdout(undone).run();
    assert_eq!(home.read(".aws/config"), config);
}

#[test]
fn profile_of_sync_is_said_to_be_one() {
    let home = Home::new().config(&format!("{SSO}\nkeyfob_sync = corp\n"));
    let told = home.keyfob(["bridge", "dev"]).any_stdout().run().stdout;
    assert!(told.contains("\nThe next `keyfob sso sync` undoes that, unless it is run with --bridge.\n"), "{told}");
}

#[test]
fn command_of_ones_own_is_run_by_keyfob() {
    let config =
        "[profile dev]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"B\"}'\n";
    let home = Home::new().config(config);
    let told = "Its own command is keyfob_credential_process now, and its answers are kept until they expire.\n";
    home.keyfob(["bridge", "dev"]).stdout(bridged(told)).run();
    assert_eq!(home.read(".aws/config"), config.replace("cred", &format!("{}keyfob_cred", line())));
    let keys = "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"B\"}\n";
    home.keyfob(["process", "dev"]).stdout(keys).run();
    home.keyfob(["bridge", "dev", "--undo"]).stdout(UNDONE).run();
    assert_eq!(home.read(".aws/config"), config);
    home.keyfob(["process", "dev"]).stdout(keys).run();
}

#[test]
fn profile_of_the_credentials_file_is_bridged_there() {
    let credentials = "[base]\naws_access_key_id = A\naws_secret_access_key = B\n\
                       [dev]\nrole_arn = arn:aws:iam::123456789012:role/Demo\nsource_profile = base\nmfa_serial = m";
    let home = Home::new().credentials(credentials);
    let mfa = "keyfob asks for the MFA code, at the terminal, where programs asked themselves.\n";
    let readers = READERS.replace(" do not, either", " do not know it any more");
    home.keyfob(["bridge", "dev"]).stdout(bridged(&format!("{readers}{mfa}"))).run();
    let after = credentials.replace("role_arn", "keyfob_role_arn").replace("source_", "keyfob_source_");
    let after = after.replace("mfa_serial", "keyfob_mfa_serial").replace("[dev]\n", &format!("[dev]\n{}", line()));
    assert_eq!(home.read(".aws/credentials"), after);
    assert!(!home.path().join(".aws/config").exists());
    home.keyfob(["bridge", "dev", "--undo"]).stdout(UNDONE).run();
    assert_eq!(home.read(".aws/credentials"), credentials);
}

#[test]
fn to_bridge_twice_says_so() {
    let home = Home::new().config(SSO);
    home.keyfob(["bridge", "dev"]).any_stdout().run();
    let config = home.read(".aws/config");
    let told = "Profile \"dev\" is bridged already. To undo that: keyfob bridge --undo dev\n";
    home.keyfob(["bridge", "dev"]).stdout(told).run();
    assert_eq!(home.read(".aws/config"), config);
    home.keyfob(["bridge", "dev", "--undo"]).any_stdout().run();
    home.keyfob(["bridge", "dev", "--undo"]).stdout("Profile \"dev\" is not bridged.\n").run();
    assert_eq!(home.read(".aws/config"), SSO);
}

#[test]
fn line_of_ones_own_stays_unless_its_program_is_gone() {
    for (line, stays) in
        [("keyfob process -p dev 2>/dev/null", true), ("/gone/bin/keyfob process --profile dev", false)]
    {
        let config =
            format!("[profile dev]\nkeyfob_role_arn = a\nkeyfob_source_profile = base\ncredential_process = {line}\n");
        let home =
            Home::new().config(&config).credentials("[base]\naws_access_key_id = A\naws_secret_access_key = B\n");
        home.keyfob(["bridge", "dev"]).any_stdout().run();
        let after = if stays { config } else { config.replace("/gone/bin/keyfob", &program()) };
        assert_eq!(home.read(".aws/config"), after);
    }
}

#[test]
fn dry_run_shows_the_difference_and_changes_nothing() {
    let home = Home::new().config("[profile dev]\nlogin_session = arn:x\n");
    let path = home.path().join(".aws/config").display().to_string();
    let diff = format!("--- {path}\n+++ {path}\n@@ -1,2 +1,3 @@\n [profile dev]\n+{} login_session = arn:x\n", line());
    home.keyfob(["bridge", "dev", "--dry-run"]).stdout(diff).run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\nlogin_session = arn:x\n");
}
