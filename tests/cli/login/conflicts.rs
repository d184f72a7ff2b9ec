//! Profiles that have other credentials: refused before anything happens.

use super::*;

/// What is told of profile `dev`, whose trouble is in this file and line; nothing has happened.
#[track_caller]
fn is_refused(desk: &Desk, what: &str, key: &str, place: &str) {
    let before = desk.files();
    let told = format!(
        "keyfob: cannot sign in to profile \"dev\", which has {what} already\n  cause: {key} stands in {}\n  \
         hint: sign in to a profile of its own, like `keyfob login dev-console`, or remove that setting\n",
        desk.home.path().join(".aws").join(place).display()
    );
    for arguments in [&["dev"][..], &["dev", "--force", "--yes", "--bridge"]] {
        desk.login(arguments).code(1).stderr(told.clone()).run();
    }
    assert_eq!((desk.signin.connections(), desk.files()), (0, before));
}

#[test]
fn every_kind_of_other_credentials_is_refused_with_its_line() {
    each(
        [
            ("web_identity_token_file = t\nrole_arn = r\n", "a web identity", "web_identity_token_file", 3),
            ("sso_role_name = r\n", "an IAM Identity Center role", "sso_role_name", 3),
            ("sso_session = s\nsso_account_id = a\n", "an IAM Identity Center role", "sso_account_id", 4),
            ("aws_access_key_id = k\naws_secret_access_key = s\n", "an access key", "aws_access_key_id", 3),
            ("role_arn = r\ncredential_source = Environment\n", "a role", "role_arn", 3),
            ("keyfob_role_arn = r\ncredential_source = Environment\n", "a role", "keyfob_role_arn", 3),
            ("saml_endpoint = https://adfs/x\n", "a sign-in with SAML", "saml_endpoint", 3),
            ("saml_process = get\n", "a sign-in with SAML", "saml_process", 3),
            ("credential_process = other\n", "the credentials of a program", "credential_process", 3),
            // The one that the AWS CLI names first.
            ("credential_process = x\nrole_arn = r\naws_access_key_id = k\n", "an access key", "aws_access_key_id", 5),
        ],
        |(settings, what, key, line)| {
            let desk = Desk::with_config(&format!("# mine\n[profile dev]\n{settings}"));
            is_refused(&desk, what, key, &format!("config:{line}"));
        },
    );
}

#[test]
fn other_credentials_in_the_credentials_file_are_refused_as_well() {
    let desk = Desk::new();
    desk.home.write(".aws/credentials", "[other]\n[dev]\naws_access_key_id = k\n");
    is_refused(&desk, "an access key", "aws_access_key_id", "credentials:3");
}

#[test]
fn session_that_had_come_before_is_no_excuse() {
    let desk = Desk::signed_in();
    let config = desk.config() + "role_arn = r\n";
    desk.home.write(".aws/config", &config);
    let connections = desk.signin.connections();
    desk.login(&["dev", "--force"]).code(1).any_stderr().run();
    assert_eq!((desk.config(), desk.signin.connections()), (config, connections));
}

#[test]
fn bridge_of_another_profile_is_refused() {
    let desk = Desk::with_config("[profile dev]\ncredential_process = keyfob process --profile other\n");
    is_refused(&desk, "the credentials of a program", "credential_process", "config:2");
}

#[test]
fn settings_that_bring_no_credentials_of_their_own_are_no_conflict() {
    each(["sso_session = s\n", "credential_process = keyfob process --profile dev\n", "role_arn =\n"], |settings| {
        let before = format!("[profile dev]\nregion = us-east-1\n{settings}");
        let desk = Desk::with_config(&before);
        desk.signs_in(desk.login(&["dev"]), ALICE);
        assert_eq!(desk.config(), format!("{before}login_session = {ALICE}\n"));
    });
}

#[test]
fn a_role_is_refused_with_the_profile_that_it_comes_from() {
    let desk = Desk::with_config("[profile dev]\nrole_arn = r\nsource_profile = my console\n");
    let told = format!(
        "keyfob: cannot sign in to profile \"dev\", which has a role already\n  cause: role_arn stands in {}:2\n  \
         hint: sign in to where the role comes from: `keyfob login 'my console'`\n",
        desk.home.path().join(".aws/config").display()
    );
    desk.login(&["dev"]).code(1).stderr(told).run();
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn default_profile_is_shown_another_name() {
    let desk = Desk::with_config("[default]\nrole_arn = r\ncredential_source = Environment\n");
    let told = format!(
        "keyfob: cannot sign in to profile \"default\", which has a role already\n  cause: role_arn stands in {}:2\n  \
         hint: sign in to a profile of its own, like `keyfob login console`, or remove that setting\n",
        desk.home.path().join(".aws/config").display()
    );
    desk.login(&[]).code(1).stderr(told).run();
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn session_in_the_credentials_file_is_refused_since_it_would_stay() {
    let desk = Desk::with_config("[profile dev]\nregion = us-east-1\n");
    let path = desk.home.write(".aws/credentials", format!("[dev]\nlogin_session = {ALICE}\n"));
    let before = desk.files();
    let told = format!(
        "keyfob: cannot sign in to profile \"dev\"\n  cause: login_session stands in {}:2, where it hides what the \
         config file says\n  hint: move that line to the config file\n",
        path.display()
    );
    desk.login(&["dev"]).code(1).stderr(told).run();
    assert_eq!((desk.signin.connections(), desk.files()), (0, before));
}

#[test]
fn profile_that_cannot_be_read_is_refused() {
    let desk = Desk::with_config("[profile dev]\nregion = us-east-1\nbroken\n");
    let before = desk.files();
    let told = desk.login(&["dev"]).code(1).any_stderr().run().stderr;
    assert!(told.contains(&format!("{}:3", desk.home.path().join(".aws/config").display())), "{told}");
    assert_eq!((desk.signin.connections(), desk.files()), (0, before));
}
