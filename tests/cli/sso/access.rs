//! A role that the portal refuses for good: what there is in its place is told.

use super::*;

const FORBIDDEN: &str = "ForbiddenException: No access (HTTP 403";
const NO_ACCOUNT: &str = "ResourceNotFoundException: The account does not exist (HTTP 404";
const ANEW: &str = "if it was assigned just now, sign out with `keyfob sso logout --sso-session corp`, and in with `keyfob \
                    sso login --sso-session corp`";
const ALL: &str = "`keyfob sso list --sso-session corp` shows all that is yours; ";

impl Desk {
    /// Profile `dev` wants another role, or one in another account.
    fn wanting(account: &str, role: &str) -> Self {
        let desk = Self::new(FRESH);
        let config = desk.home.read(".aws/config");
        let config = config.replace(&format!("= {ROLE}"), &format!("= {role}")).replace(ACCOUNT, account);
        desk.home.write(".aws/config", config);
        desk
    }

    #[track_caller]
    fn is_told(&self, refusal: &str, there_is: &str, hint: &str) {
        let address = self.center.portal.address();
        let error = format!(
            "{MESSAGE}  cause: GetRoleCredentials at {address}: {refusal}, request \
             00000000-0000-4000-8000-000000000001); {there_is}\n  hint: {hint}{ANEW}\n"
        );
        self.process().code(1).stderr(error).run();
        assert_eq!(self.center.oidc.connections(), 0);
    }
}

#[test]
fn roles_of_the_account_are_told() {
    let desk = Desk::wanting(ACCOUNT, "admin");
    desk.center.portal.expect(get_role_credentials(ACCOUNT, "admin").refused("ForbiddenException"));
    desk.center.portal.expect(list_account_roles(ACCOUNT));
    let there_is = "role \"admin\" is not one of yours in account 111122223333: Admin, Audit";
    desk.is_told(FORBIDDEN, there_is, ALL);
}

#[test]
fn accounts_are_told_where_the_one_is_not_there() {
    let desk = Desk::wanting("000000000012", ROLE);
    desk.center.add_account(Account::new("444455556666", &[ROLE]).nameless());
    desk.center.portal.expect(get_role_credentials("000000000012", ROLE).refused("ResourceNotFoundException"));
    desk.center.portal.expect(list_account_roles("000000000012").refused("ResourceNotFoundException"));
    desk.center.portal.expect(list_accounts());
    let there_is =
        "account 000000000012 is not one of yours; there are: 111122223333 (Account 111122223333), 444455556666";
    desk.is_told(NO_ACCOUNT, there_is, ALL);
}

#[test]
fn of_many_names_some_are_told() {
    for (count, rest) in [(8, ""), (20, ", and 12 more"), (120, ", and many more")] {
        let desk = Desk::wanting("444455556666", "Gone");
        let roles: Vec<String> = (0..count).map(|number| format!("r{number:03}")).collect();
        desk.center.add_account(Account::new("444455556666", &roles.iter().map(String::as_str).collect::<Vec<_>>()));
        desk.center.portal.expect(get_role_credentials("444455556666", "Gone").refused("ForbiddenException"));
        desk.center.portal.expect(list_account_roles("444455556666"));
        let shown = roles[..8].join(", ");
        let there_is = format!("role \"Gone\" is not one of yours in account 444455556666: {shown}{rest}");
        desk.is_told(FORBIDDEN, &there_is, ALL);
    }
}

#[test]
fn role_that_is_listed_and_refused_is_a_matter_for_administrators() {
    let desk = Desk::new(FRESH);
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).fails(403, "ForbiddenException", "No access"));
    desk.center.portal.expect(list_account_roles(ACCOUNT));
    let there_is = "the portal lists role \"Admin\" in account 111122223333 all the same";
    desk.is_told(FORBIDDEN, there_is, "ask whoever manages Identity Center; ");
}

/// The refusal is told in any case, and nobody waits for long.
#[test]
fn lists_that_do_not_come_change_nothing() {
    let there_is = "there is no access to role \"Gone\" in account 111122223333";
    let hint = "check both names, `keyfob sso list --sso-session corp` shows what is yours; ";
    for trouble in [
        list_account_roles(ACCOUNT).fails(429, "TooManyRequestsException", "HTTP 429 Unknown Code"),
        list_account_roles(ACCOUNT).fails(500, "InternalServerException", "later"),
        list_account_roles(ACCOUNT).replies(Reply::hang_up()),
        list_account_roles(ACCOUNT).replies(Reply::json(200, "{}")),
    ] {
        let desk = Desk::wanting(ACCOUNT, "Gone");
        desk.center.portal.expect(get_role_credentials(ACCOUNT, "Gone").refused("ForbiddenException"));
        desk.center.portal.expect(trouble);
        desk.is_told(FORBIDDEN, there_is, hint);
    }
    let desk = Desk::wanting(ACCOUNT, "Gone");
    desk.center.portal.expect(get_role_credentials(ACCOUNT, "Gone").refused("ForbiddenException"));
    desk.center.portal.expect(list_account_roles(ACCOUNT).fails(403, "ForbiddenException", "No access"));
    desk.center.portal.expect(list_accounts().fails(403, "ForbiddenException", "No access"));
    desk.is_told(FORBIDDEN, there_is, hint);
}

#[test]
fn who_has_no_account_at_all_is_told_so() {
    let desk = Desk::wanting("444455556666", ROLE);
    desk.center.portal.expect(get_role_credentials("444455556666", ROLE).refused("ResourceNotFoundException"));
    let empty = r#"{"nextToken": null, "roleList": []}"#;
    desk.center.portal.expect(list_account_roles("444455556666").replies(Reply::json(200, empty)));
    let empty = r#"{"nextToken": null, "accountList": []}"#;
    desk.center.portal.expect(list_accounts().replies(Reply::json(200, empty)));
    desk.is_told(NO_ACCOUNT, "no account is yours", "ask whoever manages Identity Center; ");
}

#[test]
fn names_from_the_portal_reach_no_terminal_as_they_are() {
    let desk = Desk::wanting(ACCOUNT, "Gone");
    desk.center.portal.expect(get_role_credentials(ACCOUNT, "Gone").refused("ForbiddenException"));
    let roles = r#"{"nextToken": null, "roleList": [{"roleName": "a\u001b[31mb", "accountId": "111122223333"}]}"#;
    desk.center.portal.expect(list_account_roles(ACCOUNT).replies(Reply::json(200, roles)));
    let there_is = "role \"Gone\" is not one of yours in account 111122223333: a\\u{1b}[31mb";
    desk.is_told(FORBIDDEN, there_is, ALL);
}
