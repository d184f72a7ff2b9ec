//! What the portal does grant, for the person to whom it refused a role.
//!
//! The refusal itself says no more than "No access". So the portal is asked once for the roles of the account, and
//! where there are none for the accounts; whatever comes of that, the refusal stays what it was.

use super::sso_token::SignIn;
use crate::api::sso::{Account, Page, Sso};
use crate::api::{Answer, Reason, ServiceError};
use crate::error::{self, Error};

/// The error for a role that is not there, or not for this person.
pub(super) fn refused(
    sign_in: &SignIn<'_>,
    refusal: &ServiceError,
    (sso_account_id, sso_role_name): (&str, &str),
    portal: &Sso<'_>,
) -> Error {
    let found = look(portal, sso_account_id, sso_role_name);
    let there_is = match &found {
        Found::Roles(roles) => {
            format!("role \"{sso_role_name}\" is not one of yours in account {sso_account_id}: {roles}")
        }
        Found::Accounts(accounts) => format!("account {sso_account_id} is not one of yours; there are: {accounts}"),
        Found::NoAccounts => "no account is yours".into(),
        Found::TheRole => format!("the portal lists role \"{sso_role_name}\" in account {sso_account_id} all the same"),
        Found::Nothing => format!("there is no access to role \"{sso_role_name}\" in account {sso_account_id}"),
    };
    let list = format!("`keyfob sso list {}`", sign_in.words());
    let first = match found {
        Found::TheRole | Found::NoAccounts => "ask whoever manages Identity Center".to_owned(),
        Found::Roles(_) | Found::Accounts(_) => format!("{list} shows all that is yours"),
        Found::Nothing => format!("check both names, {list} shows what is yours"),
    };
    let anew = format!(
        "if it was assigned just now, sign out with `keyfob sso logout {0}`, and in with `keyfob sso login {0}`",
        sign_in.words()
    );
    sign_in.failed().cause(format!("{refusal}; {there_is}")).hint(format!("{first}; {anew}"))
}

/// What there is in the place of a role.
enum Found {
    /// The account has others.
    Roles(String),
    /// There are other accounts.
    Accounts(String),
    NoAccounts,
    /// The very role that was refused.
    TheRole,
    /// No answer that would help.
    Nothing,
}

fn look(portal: &Sso<'_>, account_id: &str, role_name: &str) -> Found {
    match portal.list_account_roles(account_id, None) {
        Ok(Page { items, .. }) if items.iter().any(|role| role == role_name) => Found::TheRole,
        Ok(Page { items, next_token }) if !items.is_empty() => Found::Roles(some_of(items, next_token.is_some())),
        Ok(_) => accounts(portal.list_accounts(None), account_id),
        Err(refusal) if is_final(&refusal) => accounts(portal.list_accounts(None), account_id),
        Err(_) => Found::Nothing,
    }
}

fn accounts(answer: Answer<Page<Account>>, account_id: &str) -> Found {
    match answer {
        Ok(Page { items, .. }) if items.is_empty() => Found::NoAccounts,
        Ok(Page { items, next_token }) if items.iter().all(|account| account.account_id != account_id) => {
            Found::Accounts(some_of(items.iter().map(shown).collect(), next_token.is_some()))
        }
        Ok(_) | Err(_) => Found::Nothing,
    }
}

/// The portal has understood, so that it will understand the next question, too.
fn is_final(refusal: &ServiceError) -> bool {
    matches!(refusal.reason, Reason::Refused { status: 400 | 403 | 404, .. })
}

/// `111122223333 (Production)`
fn shown(account: &Account) -> String {
    match account.label() {
        Some(label) => format!("{} ({label})", account.account_id),
        None => account.account_id.clone(),
    }
}

/// As many names as a person reads, and that there are more.
fn some_of(mut names: Vec<String>, goes_on: bool) -> String {
    const SHOWN: usize = 8;
    names.sort_by_cached_key(|name| name.to_lowercase());
    if goes_on {
        names.truncate(SHOWN);
        return format!("{}, and many more", names.join(", "));
    }
    error::some_of(&names, SHOWN, ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_until_there_are_too_many() {
        let some_of = |count, goes_on| some_of((1..=count).rev().map(|number| format!("r{number}")).collect(), goes_on);
        assert_eq!(some_of(1, false), "r1");
        assert_eq!(some_of(8, false), "r1, r2, r3, r4, r5, r6, r7, r8");
        assert_eq!(some_of(9, false), "r1, r2, r3, r4, r5, r6, r7, r8, and 1 more");
        assert_eq!(some_of(8, true), "r1, r2, r3, r4, r5, r6, r7, r8, and many more");
        assert_eq!(super::some_of(vec!["b".into(), "A".into(), "C".into()], false), "A, b, C");
    }
}
