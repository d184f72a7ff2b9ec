//! IAM Identity Center's access portal: which accounts and roles a person has, and their credentials.
//! <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/welcome.html>

use super::rest_json::{Question, RestJson};
use super::{Answer, RESERVED};
use crate::credentials::{Credentials, is_key_text};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use std::collections::HashSet;

/// The portal at one endpoint, for one person.
pub(crate) struct Sso<'a> {
    pub(crate) service: RestJson<'a>,
    pub(crate) access_token: &'a Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleCredentialsAnswer {
    role_credentials: RoleCredentials,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleCredentials {
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Secret,
    /// Milliseconds since 1970.
    expiration: i64,
}

/// A part of a list, and where it goes on; `None`: it is the last.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

impl<T> Page<T> {
    fn new(items: Vec<T>, next_token: Option<String>) -> Self {
        Self { items, next_token: next_token.filter(|token| !token.is_empty()) }
    }
}

/// All pages of a list; `endless` is the error for one whose page leads back to one before it.
pub(crate) fn all_pages<T, E>(
    page: impl Fn(Option<&str>) -> Result<Page<T>, E>,
    endless: impl FnOnce() -> E,
) -> Result<Vec<T>, E> {
    let (mut all, mut seen, mut from) = (Vec::new(), HashSet::new(), None::<String>);
    loop {
        let Page { items, next_token } = page(from.as_deref())?;
        all.extend(items);
        match next_token {
            None => return Ok(all),
            Some(token) if seen.insert(token.clone()) => from = Some(token),
            Some(_) => return Err(endless()),
        }
    }
}

/// An account in which a person has a role.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) account_id: String,
    pub(crate) account_name: Option<String>,
    pub(crate) email_address: Option<String>,
}

impl Account {
    /// Its name, or else its address; `None` where AWS tells neither.
    pub(crate) fn label(&self) -> Option<&str> {
        let texts = [&self.account_name, &self.email_address];
        texts.into_iter().flatten().map(|text| text.trim()).find(|text| !text.is_empty())
    }

    /// `Name, address (number)`, without what is not known.
    pub(crate) fn title(&self) -> String {
        let texts = [&self.account_name, &self.email_address].map(|text| text.as_deref().unwrap_or("").trim());
        let known: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        match known.as_slice() {
            [] => self.account_id.clone(),
            known => format!("{} ({})", known.join(", "), self.account_id),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountsAnswer {
    account_list: Vec<Account>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RolesAnswer {
    role_list: Vec<RoleAnswer>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleAnswer {
    role_name: String,
}

/// The most that one answer may list.
const MAX_RESULT: &str = "max_result=100";

impl Sso<'_> {
    /// The accounts in which the person has roles.
    pub(crate) fn list_accounts(&self, next_token: Option<&str>) -> Answer<Page<Account>> {
        let path = format!("/assignment/accounts?{MAX_RESULT}{}", from(next_token));
        self.get("ListAccounts", &path, |body| {
            let AccountsAnswer { account_list, next_token } = serde_json::from_slice(body).ok()?;
            Some(Page::new(account_list, next_token))
        })
    }

    /// The names of the roles that the person has in an account.
    pub(crate) fn list_account_roles(&self, account_id: &str, next_token: Option<&str>) -> Answer<Page<String>> {
        let account = utf8_percent_encode(account_id, RESERVED);
        let path = format!("/assignment/roles?account_id={account}&{MAX_RESULT}{}", from(next_token));
        self.get("ListAccountRoles", &path, |body| {
            let RolesAnswer { role_list, next_token } = serde_json::from_slice(body).ok()?;
            Some(Page::new(role_list.into_iter().map(|role| role.role_name).collect(), next_token))
        })
    }

    /// Ends the sign-in at the service. Credentials that were handed out live on.
    pub(crate) fn logout(&self) -> Answer<()> {
        self.call("Logout", "/logout", Some(&[]), |_| Some(()))
    }

    pub(crate) fn get_role_credentials(&self, account_id: &str, role_name: &str) -> Answer<Credentials> {
        let path = format!(
            "/federation/credentials?role_name={}&account_id={}",
            utf8_percent_encode(role_name, RESERVED),
            utf8_percent_encode(account_id, RESERVED)
        );
        let credentials = self.get("GetRoleCredentials", &path, role_credentials)?;
        Ok(Credentials { account_id: Some(account_id.to_owned()), ..credentials })
    }

    fn get<T>(&self, action: &'static str, path: &str, read: fn(&[u8]) -> Option<T>) -> Answer<T> {
        self.call(action, path, None, read)
    }

    fn call<T>(
        &self,
        action: &'static str,
        path: &str,
        body: Option<&[u8]>,
        read: fn(&[u8]) -> Option<T>,
    ) -> Answer<T> {
        let token = self.access_token.expose();
        let header = ("x-amz-sso_bearer_token", token);
        self.service.ask(&Question { action, path, header, body, once: false, secrets: &[token] }, read)
    }
}

fn from(next_token: Option<&str>) -> String {
    next_token.map(|token| format!("&next_token={}", utf8_percent_encode(token, RESERVED))).unwrap_or_default()
}

/// `None` unless all members are there: some failures come as successes without them.
fn role_credentials(body: &[u8]) -> Option<Credentials> {
    let RoleCredentialsAnswer { role_credentials } = serde_json::from_slice(body).ok()?;
    let RoleCredentials { access_key_id, secret_access_key, session_token, expiration } = role_credentials;
    let texts = [access_key_id.as_str(), secret_access_key.expose(), session_token.expose()];
    texts.iter().all(|text| !text.is_empty() && is_key_text(text)).then_some(())?;
    Some(Credentials {
        access_key_id,
        secret_access_key,
        session_token: Some(session_token),
        expiration: Some(Timestamp::from_unix_millis(expiration)),
        account_id: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_shown_by_what_is_known_of_them() {
        for (name, address, label, title) in [
            (Some("Production"), Some("a@b.c"), Some("Production"), "Production, a@b.c (1)"),
            (Some("Production"), None, Some("Production"), "Production (1)"),
            (Some(" "), Some("a@b.c"), Some("a@b.c"), "a@b.c (1)"),
            (None, Some(""), None, "1"),
        ] {
            let [account_name, email_address] = [name, address].map(|text| text.map(str::to_owned));
            let account = Account { account_id: "1".into(), account_name, email_address };
            assert_eq!((account.label(), account.title().as_str()), (label, title));
        }
    }
}
