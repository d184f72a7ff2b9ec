//! Where somebody is signed in already, the account and the role that were named are looked at.

use super::*;

const SAID: [&str; 7] = ["dev", "--sso-session", "corp", "--account-id", ACCOUNT, "--role-name", ROLE];

fn desk() -> Desk {
    let desk = Desk::new("").signed_in(Some("corp"));
    let session = desk.center.sso_session("corp");
    desk.home.write(".aws/config", session);
    desk
}

#[test]
fn role_that_is_there_is_written_and_ready() {
    let desk = desk();
    desk.center.portal.expect(list_account_roles(ACCOUNT));
    desk.configure(&SAID).stdout(desk.told("dev", "corp")).run();
    assert!(desk.config().contains("[profile dev]\nsso_session = corp\n"), "{}", desk.config());
}

#[test]
fn role_that_is_not_there_leads_to_those_that_are() {
    let desk = desk();
    let before = desk.config();
    desk.center.portal.expect(list_account_roles(ACCOUNT));
    let told = format!(
        "keyfob: there is no role \"Admin\" for you in account {ACCOUNT}\n  hint: the roles there: AdministratorAccess\n"
    );
    let said = SAID.map(|word| if word == ROLE { "Admin" } else { word });
    desk.configure(&said).code(1).stderr(told).run();
    assert_eq!(desk.config(), before);
}

#[test]
fn account_that_is_not_there_leads_to_those_that_are() {
    let desk = desk();
    desk.center.portal.expect(list_account_roles("111122223333").refused("ResourceNotFoundException"));
    desk.center.portal.expect(list_accounts());
    let said = SAID.map(|word| if word == ACCOUNT { "111122223333" } else { word });
    let told = desk.configure(&said).code(1).any_stderr().run().stderr;
    assert!(
        told.starts_with("keyfob: there is no role for you in account 111122223333\n  cause: ListAccountRoles at ")
    );
    let hint =
        "\n  hint: the accounts that you have: Account 444455556666, aws+444455556666@example.com (444455556666)\n";
    assert!(told.ends_with(hint), "{told}");
}

#[test]
fn sign_in_that_has_ended_is_no_obstacle() {
    let desk = desk();
    desk.center.end_sessions();
    desk.center.portal.expect(list_account_roles(ACCOUNT).refused("UnauthorizedException"));
    desk.configure(&SAID).stdout(desk.told_to_sign_in("dev", "corp")).run();
}

#[test]
fn service_that_fails_is_no_obstacle() {
    let desk = desk();
    desk.center.portal.expect(list_account_roles(ACCOUNT).fails(429, "TooManyRequestsException", "HTTP 429"));
    let run = desk.configure(&SAID).env("AWS_MAX_ATTEMPTS", "1").stdout(desk.told("dev", "corp")).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: the account and the role were not checked: ListAccountRoles at "));
}

#[test]
fn sign_in_to_another_place_says_nothing_of_this_one() {
    for option in [["--start-url", "https://x.awsapps.com/start"], ["--sso-region", "eu-west-1"], ["--scopes", "a,b"]] {
        let desk = desk();
        desk.configure(&[&SAID[..], &option].concat()).stdout(desk.told_to_sign_in("dev", "corp")).run();
        desk.was_not_called();
    }
}
