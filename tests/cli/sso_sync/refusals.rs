//! What ends before anything is written.

use super::*;
use crate::fake::list_account_roles;

#[test]
fn options_that_mean_nothing_are_told_at_once() {
    let desk = Desk::new();
    let fields = "the fields are {account_name} {account_id} {role_name} {email} {session} {region}";
    for (options, error) in [
        (
            ["--template", "{role}"],
            format!("keyfob: cannot use --template\n  cause: there is no field {{role}}\n  hint: {fields}\n"),
        ),
        (
            ["--template", "{role_name"],
            format!("keyfob: cannot use --template\n  cause: its braces do not pair\n  hint: {fields}\n"),
        ),
        (
            ["--template", "{role_name}{region}"],
            "keyfob: cannot use --template\n  \
               cause: it has {region}, and names must not depend on the shell that one is in\n  \
             hint: name one with --region\n"
                .to_owned(),
        ),
        (
            ["--region", "Europe"],
            "keyfob: cannot use --region\n  cause: \"Europe\" is not the name of a region\n".to_owned(),
        ),
    ] {
        desk.sync_with(options).env("AWS_REGION", "eu-west-1").code(2).stderr(error).run();
    }
    assert_eq!(desk.calls(), 0);
}

#[test]
fn profiles_without_an_sso_session_are_sent_to_get_one() {
    let center = IdentityCenter::start();
    let token = center.sign_in_legacy();
    let legacy = center.sso_session("corp").replace("[sso-session corp]", "[profile dev]");
    let home = Home::new().identity_center(&center).config(&legacy);
    home.write(&token.path(), token.document(Timestamp::now()));
    home.keyfob(["sso", "sync", "dev"])
        .code(1)
        .stderr(
            "keyfob: cannot make profiles for https://d-1234567890.awsapps.com/start\n  \
               cause: profile \"dev\" names the start URL itself; profiles share an sso-session\n  \
               hint: make one: `keyfob configure sso`\n",
        )
        .run();
}

#[test]
fn accounts_that_are_refused_for_good_keep_their_profiles_and_stop_no_other() {
    // Had nobody told of the first account, the second would need no number.
    let kept = made("Prod/Admin-000000000001", 1, "Admin") + &made("Prod/Gone", 1, "Gone");
    let gone = made("Old/Admin", 9, "Admin");
    let desk = Desk::with(&format!("{kept}{gone}"));
    for number in [1, 2] {
        desk.center.add_account(Account::new(&id(number), &["Admin"]).named("Prod"));
    }
    desk.center.portal.expect(list_account_roles(&id(1)).fails(403, "ForbiddenException", "No access"));
    desk.center.serve_all();
    let told = result([1, 0, 1, 0, 0], "", "Prod/Admin-000000000002");
    let run = desk.sync_with(["--prune"]).stdout(told).code(1).any_stderr().run();
    let error = "keyfob: cannot list all accounts of sso-session \"corp\"\n  \
                   cause: 1 of 2 accounts could not be read, 000000000001; of 000000000001: ";
    assert!(run.stderr.starts_with(error), "{}", run.stderr);
    assert_eq!(desk.profiles(), kept + &made("Prod/Admin-000000000002", 2, "Admin"));
}

#[test]
fn nothing_is_written_while_asking_again_may_tell_more() {
    let desk = desk("");
    for _ in 0..6 {
        desk.center.portal.expect(list_account_roles(&id(2)).fails(500, "InternalFailure", ""));
    }
    let before = desk.home.read(CONFIG);
    let run = desk.sync_with(["--prune"]).code(1).any_stderr().run();
    assert!(run.stderr.contains("\n  cause: 1 of 2 accounts could not be read, 000000000002; "), "{}", run.stderr);
    assert_eq!(desk.home.read(CONFIG), before);
    let before = desk.calls();
    desk.sync().any_stdout().run();
    assert_eq!(desk.calls() - before, 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_told_before_the_accounts_are_listed() {
    use std::os::unix::fs::PermissionsExt as _;
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: nothing is read-only to root");
        return;
    }
    let desk = Desk::new();
    let config = desk.home.path().join(CONFIG);
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o400)).expect("it is ours");
    let run = desk.sync().code(1).any_stderr().run();
    let error = format!("keyfob: cannot write \"{}\"\n  cause: ", config.display());
    assert!(run.stderr.starts_with(&error), "{}", run.stderr);
    assert_eq!(desk.calls(), 0);
}
