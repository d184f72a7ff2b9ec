//! A profile with other credentials is refused before anybody is asked or called.

use super::*;

#[test]
fn other_credentials_are_named_with_their_line() {
    for (settings, what, key) in [
        ("aws_access_key_id = k\naws_secret_access_key = s\n", "an access key", "aws_access_key_id"),
        ("role_arn = r\ncredential_source = Environment\n", "a role", "role_arn"),
        ("web_identity_token_file = t\nrole_arn = r\n", "a web identity", "web_identity_token_file"),
        ("credential_process = other\n", "the credentials of a program", "credential_process"),
        ("login_session = arn\n", "a console sign-in", "login_session"),
    ] {
        let before = format!("[profile dev]\n{settings}");
        let desk = Desk::new(&before);
        let told = format!(
            "keyfob: cannot configure profile \"dev\" for IAM Identity Center, which has {what} already\n  \
             cause: {key} stands in {}:2\n  hint: configure a profile of its own, like `keyfob configure sso dev-sso`, or \
             remove that setting\n",
            desk.config_path()
        );
        // Not even for what is missing.
        desk.configure(&["dev"]).code(1).stderr(told).run();
        assert_eq!(desk.config(), before);
        desk.was_not_called();
    }
}

#[test]
fn role_leads_to_where_it_comes_from() {
    let desk = Desk::new("[default]\nrole_arn = r\nsource_profile = base\n");
    let told = desk.configure(&["--profile", "default"]).code(1).any_stderr().run().stderr;
    assert!(told.ends_with("  hint: configure where the role comes from: `keyfob configure sso base`\n"), "{told}");
}

#[test]
fn settings_in_the_credentials_file_would_hide_what_is_written() {
    let desk = Desk::new("");
    let path = desk.home.write(".aws/credentials", "[dev]\nsso_account_id = 1\n");
    let told = format!(
        "keyfob: cannot configure profile \"dev\" for IAM Identity Center\n  cause: sso_account_id stands in {}:2, where it \
         hides what the config file says\n  hint: move that line to the config file\n",
        path.display()
    );
    desk.configure(&[&["dev"], &ALL[..]].concat()).code(1).stderr(told).run();
    desk.home.write(".aws/credentials", "[dev]\nregion = eu-west-1\n");
    let told = format!("keyfob: region of {}:2 stays in force; remove that line\n", path.display());
    let arguments = [&["dev", "--region", "us-east-1"], &ALL[..]].concat();
    desk.configure(&arguments).any_stdout().stderr(told).run();
}

#[test]
fn profile_that_would_be_called_so_is_refused_too() {
    let desk = Desk::new(&format!("[profile {PROFILE}]\nrole_arn = r\n"));
    let told = desk.configure(&ALL).code(1).any_stderr().run().stderr;
    assert!(told.starts_with(&format!("keyfob: cannot configure profile \"{PROFILE}\"")), "{told}");
}
