//! All answers as options, without a terminal: nobody is asked, and nobody is called.

use super::*;

const MORE: [&str; 6] = ["--sso-session", "my-sso", "--region", "us-west-2", "--output", "json"];

#[test]
fn new_file_is_that_of_the_aws_cli_to_the_byte() {
    let desk = Desk::new("");
    desk.configure(&[&ALL[..], &MORE].concat()).stdout(desk.told_to_sign_in(PROFILE, "my-sso")).run();
    assert_eq!(desk.config(), WRITTEN);
    desk.was_not_called();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| desk.home.path().join(path).metadata().expect("it is there").permissions().mode();
        assert_eq!((mode(".aws/config") & 0o777, mode(".aws") & 0o777), (0o600, 0o700));
    }
}

#[test]
fn the_same_again_changes_no_byte() {
    for config in [WRITTEN.to_owned(), WRITTEN.replace('\n', "\r\n"), WRITTEN.replace(" = ", "=") + "\n# the end"] {
        let desk = Desk::new(&config);
        let run = desk.configure(&[&ALL[..], &MORE].concat()).any_stdout().run();
        assert!(run.stdout.contains(" already, as they should be.\n"), "{}", run.stdout);
        assert_eq!(desk.config(), config);
    }
}

#[test]
fn session_is_called_after_its_start_url_where_nobody_names_it() {
    let desk = Desk::new("");
    let session = "sso-session-d-1234567890";
    desk.configure(&[&["dev"], &ALL[..]].concat()).stdout(desk.told_to_sign_in("dev", session)).run();
    let lines = desk.config();
    assert!(lines.starts_with(&format!("[profile dev]\nsso_session = {session}\nsso_account_id = ")), "{lines}");
    assert!(lines.contains(&format!("\n[sso-session {session}]\nsso_start_url = {START_URL}\n")), "{lines}");
}

#[test]
fn session_that_is_there_for_the_start_url_is_taken() {
    let session = WRITTEN[WRITTEN.find("[sso-session").expect("it is there")..].replace("/start", "/start#/");
    let other = session.replace("my-sso", "other").replace("d-1234567890", "d-0000000000");
    let desk = Desk::new(&(other.clone() + &session));
    desk.configure(&[&["dev"], &ALL[..]].concat()).stdout(desk.told_to_sign_in("dev", "my-sso")).run();
    let profile = format!("[profile dev]\nsso_session = my-sso\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n");
    assert_eq!(desk.config(), other + &session + &profile);
}

#[test]
fn session_of_another_place_is_never_changed_unless_it_is_named() {
    for (there, said, session) in [
        ("https://sso.a.com", ["https://sso.b.com", "us-east-1"], "sso-session-sso"),
        ("https://sso.a.com", ["https://sso.a.com", "eu-west-1"], "sso-session-sso"),
        (
            "https://identitycenter.amazonaws.com",
            ["https://identitycenter.amazonaws.com/a%20b", "us-east-1"],
            "sso-session-identitycenter",
        ),
    ] {
        let before = format!("[sso-session {session}]\nsso_start_url = {there}\nsso_region = us-east-1\n");
        let desk = Desk::new(&before);
        let other = if said[0] == there { "us-east-1" } else { there };
        let told = format!(
            "keyfob: a new sso-session needs a name\n  cause: sso-session \"{session}\" is there already, for {other}\n  \
             hint: name it with --sso-session\n"
        );
        let [start_url, sso_region] = said;
        let said = ["dev", "--start-url", start_url, "--sso-region", sso_region];
        let arguments = [&said[..], &["--account-id", ACCOUNT, "--role-name", ROLE]].concat();
        desk.configure(&arguments).code(2).stderr(told).run();
        assert_eq!(desk.config(), before);
        desk.configure(&[&arguments[..], &["--sso-session", session]].concat()).any_stdout().run();
        assert!(desk.config().contains(&format!("sso_start_url = {start_url}\nsso_region = {sso_region}\n")));
    }
}

#[test]
fn sessions_of_two_organisations_at_one_host_are_two() {
    let desk = Desk::new("");
    for instance in ["ssoins-1", "ssoins-2"] {
        let url = format!("https://identitycenter.amazonaws.com/{instance}");
        let arguments = ALL.map(|word| if word == START_URL { &url } else { word });
        desk.configure(&[&[instance], &arguments[..]].concat()).any_stdout().run();
    }
    for instance in ["ssoins-1", "ssoins-2"] {
        let lines = format!(
            "[sso-session sso-session-{instance}]\nsso_start_url = https://identitycenter.amazonaws.com/{instance}\n"
        );
        assert!(desk.config().contains(&lines), "{}", desk.config());
    }
}

#[test]
fn other_bytes_of_a_file_stay() {
    let before = "# mine\r\n[default]\r\nregion=eu-west-1\r\n\r\n[profile dev]\r\n# later\r\noutput = text\r\n[plugins]\r\nx = y";
    let desk = Desk::new(before);
    desk.configure(&[&["dev", "--sso-session", "corp"], &ALL[..]].concat()).any_stdout().run();
    let lines =
        format!("sso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n").replace('\n', "\r\n");
    let session = WRITTEN[WRITTEN.find("[sso-session").expect("it is there")..].replace("my-sso", "corp");
    let after = before.replace("output = text\r\n", &format!("output = text\r\n{lines}"));
    assert_eq!(desk.config(), after + "\r\n" + &session.replace('\n', "\r\n"));
}

#[test]
fn names_with_blanks_are_found_again() {
    let desk = Desk::new("");
    let run = || desk.configure(&[&["my dev", "--sso-session", "my corp"], &ALL[..]].concat());
    let told = run().any_stdout().run().stdout;
    assert!(told.contains("eval \"$(keyfob env 'my dev')\""), "{told}");
    let before = desk.config();
    run().any_stdout().run();
    assert_eq!(desk.config(), before);
    assert_eq!(before.matches("my corp").count(), 2, "{before}");
}

#[test]
fn existing_session_is_left_alone_but_for_what_is_said_of_it() {
    let session = "[sso-session corp]\nsso_start_url = https://d-1234567890.awsapps.com/start#/\nsso_region = us-east-1 # \
                   ours\nsso_registration_scopes = sso:account:access, x\n";
    for (arguments, changed) in [
        (&[][..], session.to_owned()),
        // Other tools have named their files after the URL as it is spelt.
        (&["--start-url", START_URL], session.to_owned()),
        (&["--sso-region", "us-east-1"], session.to_owned()),
        (
            &["--sso-region", "eu-west-1"],
            session.replace("sso_region = us-east-1 # ours", "# ours\nsso_region = eu-west-1"),
        ),
        (&["--scopes", "a"], session.replace("sso:account:access, x", "a")),
        (&["--start-url", "https://x.awsapps.com/start/"], session.replace("d-1234567890", "x").replace("#/", "")),
    ] {
        let desk = Desk::new(session);
        desk.configure(
            &[&["dev", "--sso-session", "corp", "--account-id", ACCOUNT, "--role-name", ROLE], arguments].concat(),
        )
        .any_stdout()
        .run();
        let profile =
            format!("[profile dev]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n");
        assert_eq!(desk.config(), changed + &profile, "{arguments:?}");
    }
}

#[test]
fn profile_moves_to_a_session_and_keeps_no_line_that_would_contradict_it() {
    let desk = Desk::new(&format!(
        "[profile dev]\nsso_start_url = {START_URL}#/\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = x\n\
         region = eu-west-1\n"
    ));
    let arguments = ["dev", "--sso-session", "corp", "--account-id", ACCOUNT, "--role-name", ROLE];
    let moved = format!("It was for x in account 1, and now is for {ROLE} in account {ACCOUNT}.\nSign in first: ");
    let told = desk.told_to_sign_in("dev", "corp").replace("Sign in first: ", &moved);
    desk.configure(&arguments).stdout(told).run();
    assert_eq!(
        desk.config(),
        format!(
            "[profile dev]\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\nregion = eu-west-1\nsso_session = corp\n\
             [sso-session corp]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n\
             sso_registration_scopes = sso:account:access\n"
        )
    );
}

#[test]
fn profile_without_a_session_stays_one_unless_a_session_is_named() {
    let before = format!("[profile dev]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n");
    let desk = Desk::new(&before);
    let told = format!(
        "Profile \"dev\" is in \"{}\".\nSign in first: keyfob sso login dev\n{}",
        desk.config_path(),
        usage("dev")
    );
    desk.configure(&["dev", "--account-id", ACCOUNT, "--role-name", ROLE]).stdout(told).run();
    assert_eq!(desk.config(), before + &format!("sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"));
}

#[test]
fn profile_that_other_programs_reach_through_keyfob_alone_stays_so() {
    let bridge = "credential_process = keyfob process --profile dev\n";
    let desk = Desk::new(&format!("[profile dev]\nkeyfob_sso_session = corp\n{bridge}"));
    desk.configure(&[&["dev"], &ALL[..]].concat()).any_stdout().run();
    let lines = desk.config();
    let expected = format!(
        "[profile dev]\nkeyfob_sso_session = corp\n{bridge}keyfob_sso_account_id = {ACCOUNT}\n\
         keyfob_sso_role_name = {ROLE}\n[sso-session corp]\n"
    );
    assert!(lines.starts_with(&expected), "{lines}");
}

#[test]
fn variable_names_the_profile() {
    let desk = Desk::new("");
    desk.configure(&ALL).env("AWS_PROFILE", "dev").any_stdout().run();
    assert!(desk.config().starts_with("[profile dev]\n"), "{}", desk.config());
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let session = format!("[sso-session corp]\nsso_start_url = {START_URL}\n");
    for (config, arguments, missing, line) in [
        (
            "",
            &[][..],
            "--start-url, --sso-region, --account-id, --role-name",
            "--start-url https://d-1234567890.awsapps.com/start --sso-region us-east-1 --account-id 111122223333 \
             --role-name AdministratorAccess",
        ),
        (
            "",
            &["my dev", "--start-url", "https://x.awsapps.com/start", "--region", "eu-west-1", "--account-id", ACCOUNT],
            "--sso-region, --role-name",
            "'my dev' --start-url https://x.awsapps.com/start --sso-region us-east-1 --account-id 444455556666 \
             --role-name AdministratorAccess --region eu-west-1",
        ),
        (
            &session,
            &["--sso-session", "corp", "--role-name", "Admin"],
            "--sso-region, --account-id",
            "--sso-session corp --sso-region us-east-1 --account-id 111122223333 --role-name Admin",
        ),
        // This one says its region itself.
        (
            "",
            &["--start-url", "https://ssoins-1.portal.eu-west-1.app.aws", "--account-id", ACCOUNT],
            "--role-name",
            "--start-url https://ssoins-1.portal.eu-west-1.app.aws --account-id 444455556666 --role-name AdministratorAccess",
        ),
    ] {
        let desk = Desk::new(config);
        let told = format!(
            "keyfob: there is no terminal to ask on, and not all is said\n  cause: missing: {missing}\n  \
             hint: run it like `keyfob configure sso {line}`\n"
        );
        desk.configure(arguments).code(2).stderr(told).run();
        desk.was_not_called();
    }
}

#[test]
fn keys_in_the_environment_are_told_of() {
    let desk = Desk::new("");
    let told = desk.configure(&ALL).env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").any_stdout().run().stdout;
    assert!(told.contains("\nAWS_ACCESS_KEY_ID is set here, and goes before any profile: "), "{told}");
}

#[test]
fn session_that_its_profile_leads_elsewhere_is_told_of() {
    let led = |place: &str| {
        format!("[sso-session corp]\nsso_start_url = https://{place}.awsapps.com/start\nsso_region = us-east-1\n")
    };
    let desk = Desk::new(&("[profile dev]\nsso_session = corp\n".to_owned() + &led("a")));
    let told = "keyfob: sso-session \"corp\" led to https://a.awsapps.com/start, and leads to \
                https://b.awsapps.com/start now, for all profiles that name it\n";
    let arguments = ["dev", "--start-url", "https://b.awsapps.com/start", "--account-id", ACCOUNT, "--role-name", ROLE];
    desk.configure(&arguments).any_stdout().stderr(told).run();
    assert!(desk.config().ends_with(&led("b")), "{}", desk.config());
}
