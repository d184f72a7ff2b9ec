//! IAM Identity Center's access portal: which accounts and roles a person has, and their credentials.
//! <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/welcome.html>

use super::call::{self, Call};
use super::http::{Client, Request};
use super::json::{self, Names};
use super::{Answer, RESERVED};
use crate::context::Clock;
use crate::credentials::{Credentials, is_key_text};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use std::time::Duration;

/// The portal at one endpoint, for one person.
pub(crate) struct Sso<'a> {
    pub(crate) client: &'a Client,
    pub(crate) endpoint: &'a str,
    pub(crate) access_token: &'a Secret,
    pub(crate) clock: &'a Clock,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    /// All tries together end by then.
    pub(crate) budget: Duration,
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

impl Sso<'_> {
    pub(crate) fn get_role_credentials(&self, account_id: &str, role_name: &str) -> Answer<Credentials> {
        let path = format!(
            "/federation/credentials?role_name={}&account_id={}",
            utf8_percent_encode(role_name, RESERVED),
            utf8_percent_encode(account_id, RESERVED)
        );
        let credentials = self.call("GetRoleCredentials", &path, role_credentials)?;
        Ok(Credentials { account_id: Some(account_id.to_owned()), ..credentials })
    }

    fn call<T>(&self, action: &'static str, path: &str, read: fn(&[u8]) -> Option<T>) -> Answer<T> {
        let url = format!("{}{path}", self.endpoint.trim_end_matches('/'));
        let headers = [("x-amz-sso_bearer_token".into(), self.access_token.expose().to_owned())];
        let request = Request { url: &url, headers: &headers, body: None };
        let (clock, max_attempts, budget) = (self.clock, self.max_attempts, self.budget);
        let call = Call { clock, max_attempts, budget, once: false, blames_the_clock: |_, _| false };
        call.make(|left| {
            call::attempt(action, self.client, &request, left, |response| {
                json::understand(response, Names::OfAws, read)
            })
        })
    }
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
