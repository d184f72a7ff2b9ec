//! Arguments that are wrong, and what they are to name: told before anybody is asked.

use super::*;

/// What is told; nothing has happened.
#[track_caller]
fn refusal(desk: &Desk, arguments: &[&str], code: i32) -> String {
    let run = desk.run(arguments).code(code).any_stderr().run();
    assert_eq!((desk.center.oidc.connections(), desk.files().len()), (0, 0), "{arguments:?}");
    run.stderr
}

#[test]
fn arguments_that_contradict_each_other_are_named() {
    for (arguments, one, other) in [
        (&["--use-device-code", "--redirect-port", "8080"][..], "--use-device-code", "--redirect-port"),
        (&["--no-browser", "--browser", "firefox"], "--no-browser", "--browser"),
    ] {
        let told = refusal(&Desk::new(), &[&["dev"], arguments].concat(), 2);
        assert_eq!(told, format!("keyfob: {one} and {other} exclude each other\n"));
    }
}

#[test]
fn values_that_are_none_are_refused() {
    for (argument, told) in [
        ("--timeout=0", "keyfob: --timeout is no time from 1s to 12h\n  hint: write it like 90s or 5m\n"),
        ("--browser= ", "keyfob: --browser names no command\n"),
        ("--profile=", "keyfob: the profile's name is empty\n  hint: name one, or leave it out\n"),
        ("--sso-session=", "keyfob: the sso-session's name is empty\n"),
    ] {
        assert_eq!(refusal(&Desk::new(), &[argument], 2), told);
    }
    let told = refusal(&Desk::new(), &["--redirect-port=70000"], 2);
    assert!(told.contains("--redirect-port"), "{told}");
}

#[test]
fn port_is_of_no_use_to_a_device_code() {
    let told = format!(
        "keyfob: --redirect-port has no use here\n  \
         cause: without an sso-session, a sign-in to {START_URL} is by device code\n  \
         hint: leave it out, or make an sso-session: `keyfob configure sso`\n"
    );
    assert_eq!(refusal(&Desk::legacy(), &["dev", "--redirect-port", "8080"], 2), told);
}

#[test]
fn profiles_and_sessions_that_are_not_there_are_told() {
    for arguments in [&["other"][..], &["other", "--sso-session", "corp"]] {
        let told = refusal(&Desk::new(), arguments, 4);
        assert!(told.starts_with("keyfob: no profile \"other\"\n"), "{told}");
    }
    let told = refusal(&Desk::new(), &["--sso-session", "other"], 1);
    assert!(told.starts_with("keyfob: there is no sso-session \"other\"\n"), "{told}");
}

#[test]
fn profiles_of_another_kind_are_told_what_signs_them_in() {
    let message = "keyfob: profile \"keys\" says nothing of IAM Identity Center\n  \
                   cause: it has neither sso_session nor sso_start_url\n  hint: ";
    for (lines, hint) in [
        ("region = eu-west-1\n", "name another one, or an --sso-session, or make it one: `keyfob configure sso keys`"),
        ("login_session = arn:aws:iam::1:user/x\n", "it signs in with the console: `keyfob login keys`"),
    ] {
        let desk = Desk::with(IdentityCenter::start(), &format!("[profile keys]\n{lines}"));
        assert_eq!(refusal(&desk, &["keys"], 1), format!("{message}{hint}\n"));
        // Named by the variable, it is as good as named here.
        let run = desk.run(&[]).env("AWS_PROFILE", "keys").code(1).any_stderr().run();
        assert_eq!(run.stderr, format!("{message}{hint}\n"));
    }
}

#[test]
fn one_of_several_sessions_has_to_be_named() {
    let center = IdentityCenter::start();
    let config = "[default]\nregion = eu-west-1\n".to_owned()
        + &center.sso_session("corp")
        + &center.sso_session("\"my other\"");
    let desk = Desk::with(center, &config);
    let told = "keyfob: which sign-in to IAM Identity Center is meant?\n  \
                cause: there are several sso-sessions: corp, my other\n  \
                hint: name one, like `--sso-session corp`, or a profile\n";
    assert_eq!(refusal(&desk, &[], 2), told);
}

#[test]
fn region_has_to_be_known() {
    let desk = Desk::new();
    let config = desk.home.read(".aws/config").replace("sso_region = us-east-1\n", "");
    desk.home.write(".aws/config", config);
    let told = "keyfob: nobody knows the region of sso-session \"corp\"\n  cause: it has no sso_region\n  \
                hint: set sso_region to the region where Identity Center was enabled\n";
    assert_eq!(refusal(&desk, &["dev", "--no-browser"], 1), told);
}
