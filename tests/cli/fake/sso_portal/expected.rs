//! What a test awaits of the service.

use std::fmt;

use super::{
    super::{
        Timestamp,
        identity_center::{Expected, expected},
    },
    request::{Asked, Operation},
};

#[derive(Clone, Debug)]
pub(crate) struct Wish {
    target: Target,
    /// `None` for an hour after the call.
    pub(super) expiration: Option<Timestamp>,
}

/// The operation, and on what if the test cares.
#[derive(Clone, Debug)]
pub(super) enum Target {
    RoleCredentials(Option<(String, String)>),
    Accounts,
    AccountRoles(Option<String>),
    Logout,
}

impl Target {
    pub(super) fn expected(self) -> Expected<Wish> {
        Expected::new(Wish { target: self, expiration: None })
    }
}

pub(crate) fn get_role_credentials(account_id: &str, role_name: &str) -> Expected<Wish> {
    Target::RoleCredentials(Some((account_id.to_owned(), role_name.to_owned()))).expected()
}

pub(crate) fn list_accounts() -> Expected<Wish> {
    Target::Accounts.expected()
}

pub(crate) fn list_account_roles(account_id: &str) -> Expected<Wish> {
    Target::AccountRoles(Some(account_id.to_owned())).expected()
}

pub(crate) fn logout() -> Expected<Wish> {
    Target::Logout.expected()
}

impl Expected<Wish> {
    /// Lets the credentials end at this second, and a few milliseconds after it.
    #[track_caller]
    pub(crate) fn ending(mut self, rfc3339: &str) -> Self {
        let end = Timestamp::parse_rfc3339(rfc3339);
        self.wish.expiration = Some(end.expect("a time is spelt as 2026-01-15T12:00:00Z"));
        self
    }
}

impl expected::Wish for Wish {
    type Asked = Asked;

    fn fits(&self, asked: &Asked) -> bool {
        match (&self.target, &asked.operation) {
            (Target::RoleCredentials(wanted), Operation::GetRoleCredentials { account_id, role_name }) => {
                wanted.as_ref().is_none_or(|(account, role)| account == account_id && role == role_name)
            }
            (Target::AccountRoles(wanted), Operation::ListAccountRoles { account_id, .. }) => {
                wanted.as_ref().is_none_or(|account| account == account_id)
            }
            (Target::Accounts, Operation::ListAccounts { .. }) | (Target::Logout, Operation::Logout) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::RoleCredentials(Some((account_id, role_name))) => {
                write!(f, "GetRoleCredentials for {role_name:?} in {account_id:?}")
            }
            Target::RoleCredentials(None) => f.write_str("GetRoleCredentials"),
            Target::Accounts => f.write_str("ListAccounts"),
            Target::AccountRoles(Some(account_id)) => write!(f, "ListAccountRoles for {account_id:?}"),
            Target::AccountRoles(None) => f.write_str("ListAccountRoles"),
            Target::Logout => f.write_str("Logout"),
        }
    }
}
