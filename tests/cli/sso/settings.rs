//! What is wrong with a profile or its sso-session, and what deserves a word.

use super::*;

/// `dev` with these lines, and the session `corp` with those.
fn desk(profile: &str, session: &str) -> Desk {
    let desk = Desk::new(FRESH);
    desk.home.write(".aws/config", format!("[profile dev]\n{profile}\n[sso-session corp]\n{session}"));
    desk
}

const SESSION: &str = "sso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = us-east-1\n";

#[test]
fn every_fault_is_told_with_its_line_and_with_advice() {
    let choose = "choose account and role: `keyfob configure sso dev`";
    for (profile, session, line, why, hint) in [
        (
            "sso_session = corp",
            SESSION,
            2,
            "the profile yields a token, not credentials: `sso_account_id` and `sso_role_name` are missing",
            choose,
        ),
        (
            "sso_session = corp\nsso_account_id = 111122223333",
            SESSION,
            3,
            "if `sso_account_id` is set, then `sso_role_name` must also be set",
            choose,
        ),
        (
            "sso_session = Corp\nsso_account_id = 111122223333\nsso_role_name = Admin",
            SESSION,
            2,
            "sso-session named `Corp` (referenced by profile `dev`) was not found",
            "add it to the config file: `keyfob configure sso dev`; the sso-sessions there: corp",
        ),
    ] {
        let desk = desk(profile, session);
        let error = format!("{UNUSABLE}  cause: {}:{line}: {why}\n  hint: {hint}\n", desk.config().display());
        desk.process().code(1).stderr(error).run();
        desk.was_not_called();
    }
}

#[test]
fn session_that_says_nothing_is_told_with_all_that_it_lacks() {
    let desk = desk("sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin", "");
    let why = "`sso_start_url` and `sso_region` are missing in [sso-session corp]";
    let error = format!("{UNUSABLE}  cause: {}:5: {why}\n", desk.config().display());
    desk.process().code(1).stderr(error).run();
}

#[test]
fn profile_that_contradicts_its_session_is_told_both_values_and_places() {
    let role = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin";
    let desk = desk(&format!("{role}\nsso_start_url = https://other.awsapps.com/start"), SESSION);
    let config = desk.config().display().to_string();
    let error = format!(
        "{UNUSABLE}  cause: {config}:5: `sso_start_url` can only be specified in the [sso-session] config when a session \
         name is given: it is \"https://other.awsapps.com/start\" here, and \"https://d-1234567890.awsapps.com/start\" \
         there ({config}:7)\n  hint: remove that line from the profile\n"
    );
    desk.process().code(1).stderr(error).run();
}

#[test]
fn profile_that_repeats_its_session_works_and_deserves_a_word() {
    let role = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin";
    let desk = desk(&format!("{role}\nsso_region = us-east-1"), &format!("{SESSION}region = eu-west-1\n"));
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    let config = desk.config().display().to_string();
    let words = [
        format!(
            "{config}:5: tools written in Rust refuse a profile that says beside sso_session where to sign in, even when \
             it is the same\n"
        ),
        format!(
            "{config}:9: no setting of an sso-session; the AWS CLI refuses a profile of it that has another value\n"
        ),
    ];
    let explained = desk.home.keyfob(["explain", "dev"]).any_stdout().run().stdout;
    let told = desk.home.keyfob(["process", "dev", "-v"]).stdout(printed(1)).any_stderr().run().stderr;
    for word in words {
        assert!(explained.contains(&format!("note: {word}")), "{explained}");
        assert!(told.contains(&word), "{told}");
    }
}

#[test]
fn session_that_is_not_there_leads_to_those_that_are() {
    for (config, others) in [("", ""), ("[sso-session corp]\n", "; the sso-sessions there: corp")] {
        let told = format!(
            "keyfob: there is no sso-session \"my corp\"\n  cause: the config file has no section [sso-session my corp]\n  \
             hint: make it: `keyfob configure sso --sso-session 'my corp'`{others}\n"
        );
        Home::new().config(config).keyfob(["sso", "list", "--sso-session", "my corp"]).code(1).stderr(told).run();
    }
}

#[test]
fn home_without_any_session_is_sent_to_make_one() {
    let told = "keyfob: nobody says where to sign in to IAM Identity Center\n  cause: the config file has no sso-session, and \
                there is no profile \"default\"\n  hint: make one: `keyfob configure sso`\n";
    for command in ["sync", "list", "login"] {
        Home::new().keyfob(["sso", command]).code(1).stderr(told).run();
    }
}
