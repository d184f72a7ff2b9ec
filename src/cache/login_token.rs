//! The session of a console sign-in, in the form that the AWS CLI, botocore and the SDKs share.
//!
//! ```json
//! {"accessToken": {"accessKeyId": "ASIA…", "secretAccessKey": "…", "sessionToken": "…",
//!                  "accountId": "123456789012", "expiresAt": "2026-01-01T00:15:00Z"},
//!  "tokenType": "…", "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "…",
//!  "idToken": "…", "dpopKey": "-----BEGIN EC PRIVATE KEY-----\n…", "signInRegion": "us-east-1"}
//! ```
//!
//! The format is botocore's (`botocore/credentials.py`, `LoginCredentialFetcher`). What is in a file and not
//! understood here stays in it, byte for byte.

use super::members::Members;
use crate::credentials::{Credentials, account_of_arn};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::time::Duration;

/// How long before their end the credentials of a session are renewed, in every SDK.
pub(super) const MARGIN: Duration = Duration::from_mins(5);

/// A session, as far as it is understood.
#[derive(Clone, Debug)]
pub(crate) struct LoginToken {
    pub(crate) client_id: String,
    pub(crate) refresh_token: Secret,
    /// PEM.
    pub(crate) dpop_key: Secret,
    /// Where the refresh token was issued, and is good.
    pub(crate) sign_in_region: Option<String>,
    /// Who signed in and when, as the service said it.
    pub(crate) id_token: Option<Secret>,
    pub(crate) credentials: Credentials,
    document: Members,
}

/// What stays the same as long as a session lasts.
#[derive(Clone, Debug)]
pub(crate) struct Beginning<'a> {
    /// The ARN of whoever signed in.
    pub(crate) login_session: &'a str,
    pub(crate) client_id: &'a str,
    /// PEM.
    pub(crate) dpop_key: Secret,
    pub(crate) sign_in_region: &'a str,
    pub(crate) token_type: String,
    pub(crate) id_token: Secret,
}

/// What a sign-in brings, and every refresh anew.
#[derive(Clone, Debug)]
pub(crate) struct Renewal {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    pub(crate) refresh_token: Secret,
    /// By the local clock, which every reader compares with.
    pub(crate) expiration: Timestamp,
}

/// Why a session cannot be used.
#[derive(Debug)]
pub(super) enum Broken {
    Absent,
    Refused(String),
    Unreadable(&'static str),
    Lacks(&'static str),
}

impl LoginToken {
    /// A session that has just begun, its members in the order of the AWS CLI.
    pub(crate) fn begin(beginning: Beginning<'_>, renewal: Renewal) -> Self {
        let Beginning { login_session, client_id, dpop_key, sign_in_region, token_type, id_token } = beginning;
        let mut document = Members::default();
        document.set("accessToken", &());
        document.set("tokenType", &token_type);
        document.set("clientId", &client_id);
        document.set("refreshToken", &());
        document.set("idToken", &id_token.expose());
        document.set("dpopKey", &dpop_key.expose());
        document.set("signInRegion", &sign_in_region);
        let credentials = Credentials {
            access_key_id: String::new(),
            secret_access_key: Secret::new(""),
            session_token: None,
            expiration: None,
            account_id: account_of_arn(login_session).map(str::to_owned),
        };
        let blank = Self {
            client_id: client_id.to_owned(),
            refresh_token: Secret::new(""),
            dpop_key,
            sign_in_region: Some(sign_in_region.to_owned()),
            id_token: Some(id_token),
            credentials,
            document,
        };
        blank.renewed(renewal)
    }

    pub(super) fn parse(bytes: &[u8], login_session: &str) -> Result<Self, Broken> {
        let document: Members =
            serde_json::from_slice(bytes).map_err(|_| Broken::Unreadable("it is not one JSON object"))?;
        let access: Members = match document.get("accessToken") {
            Some(raw) => serde_json::from_str(raw.get()).map_err(|_| Broken::Lacks("accessToken"))?,
            None => return Err(Broken::Lacks("accessToken")),
        };
        let text = |members: &Members, key| members.text(key).ok_or(Broken::Lacks(key));
        let expiration = access.text("expiresAt").and_then(|text| Timestamp::parse(&text));
        let account_id = access.text("accountId").or_else(|| account_of_arn(login_session).map(str::to_owned));
        let credentials = Credentials {
            access_key_id: text(&access, "accessKeyId")?,
            secret_access_key: Secret::new(text(&access, "secretAccessKey")?),
            session_token: Some(Secret::new(text(&access, "sessionToken")?)),
            // Without a time that can be read they count as ended.
            expiration: Some(expiration.unwrap_or(Timestamp::from_unix_millis(0))),
            account_id,
        };
        Ok(Self {
            client_id: text(&document, "clientId")?,
            refresh_token: Secret::new(text(&document, "refreshToken")?),
            dpop_key: Secret::new(text(&document, "dpopKey")?),
            sign_in_region: document.text("signInRegion"),
            // Two SDKs have a name of their own for it.
            id_token: document.text("idToken").or_else(|| document.text("identityToken")).map(Secret::new),
            credentials,
            document,
        })
    }

    /// Whether another tool has renewed the session since this was read.
    pub(crate) fn differs_from(&self, newer: &Self) -> bool {
        self.refresh_token != newer.refresh_token || self.credentials.expiration != newer.credentials.expiration
    }

    /// Whether this is the same session with newer tokens.
    pub(super) fn is_renewal_of(&self, older: &Self) -> bool {
        self.dpop_key == older.dpop_key && self.client_id == older.client_id && self.differs_from(older)
    }

    /// Whether they need no renewal yet.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        self.credentials.expiration.is_some_and(|end| now.until(end) > MARGIN)
    }

    /// The session with what a refresh brought; all else stays as it was read.
    pub(crate) fn renewed(mut self, renewal: Renewal) -> Self {
        let Renewal { access_key_id, secret_access_key, session_token, refresh_token, expiration } = renewal;
        let account_id = self.credentials.account_id.take();
        let access = AccessToken {
            access_key_id: &access_key_id,
            secret_access_key: secret_access_key.expose(),
            session_token: session_token.expose(),
            account_id: account_id.as_deref().unwrap_or_default(),
            expires_at: expiration.to_string(),
        };
        self.document.set("accessToken", &access);
        self.document.set("refreshToken", &refresh_token.expose());
        let session_token = Some(session_token);
        let expiration = Some(expiration);
        self.credentials = Credentials { access_key_id, secret_access_key, session_token, expiration, account_id };
        self.refresh_token = refresh_token;
        self
    }

    pub(super) fn render(&self) -> String {
        serde_json::to_string(&self.document).expect("members always serialize")
    }
}

/// The five members that every SDK wants.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessToken<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    account_id: &'a str,
    expires_at: String,
}
