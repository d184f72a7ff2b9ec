//! What keyfob is registered as at IAM Identity Center: `~/.aws/sso/cache/SHA1.json`, beside the tokens and in the form
//! of the AWS CLI.
//!
//! ```json
//! {"clientId": "…", "clientSecret": "…", "expiresAt": "2030-01-01T00:00:00Z",
//!  "scopes": ["sso:account:access"], "grantTypes": ["authorization_code", "refresh_token"]}
//! ```
//!
//! The name is the hash of what the client was registered for and by which tool, so that nobody takes the AWS CLI's
//! client for ours, or writes over it: its name is what a person is asked to trust.

use super::{folder_of_sign_ins, hex, python};
use crate::api::sso_oidc::NewClient;
use crate::context::Vars;
use crate::error::Error;
use crate::file;
use crate::paths;
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A client that the service knows.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) expiration: Timestamp,
    /// Those that were asked for.
    pub(crate) scopes: Vec<String>,
    pub(crate) kind: Kind,
}

/// What a client may trade for tokens. The service takes no client of one kind for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Authorization codes, which a browser brings.
    Codes,
    /// Codes that a person enters on any device.
    Devices,
}

/// What a client is registered for, in the words of the file's name.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct RegisteredFor<'a> {
    /// Where the client is known.
    pub(crate) region: &'a str,
    /// Those of the config file; `None`: it says nothing of them.
    pub(crate) scopes: Option<&'a [String]>,
    /// `None`: a profile names the start URL itself.
    pub(crate) session_name: Option<&'a str>,
    /// As it is configured.
    #[serde(rename = "startUrl")]
    pub(crate) start_url: &'a str,
}

/// Where a registration is kept.
#[derive(Clone, Debug)]
pub(crate) struct RegistrationEntry {
    path: PathBuf,
}

impl RegistrationEntry {
    /// An error where there is no home.
    pub(crate) fn of(registered_for: &RegisteredFor<'_>, vars: &Vars) -> Result<Self, Error> {
        let folder = folder_of_sign_ins(paths::sso_cache_folder(vars))?;
        Ok(Self { path: folder.join(format!("{}.json", name(registered_for, "keyfob"))) })
    }

    /// The registration that is there, if it can be used, and long enough for a sign-in.
    pub(crate) fn read(&self, kind: Kind, now: Timestamp) -> Option<Registration> {
        const LARGEST: u64 = 64 * 1024;
        const LEAST: Duration = Duration::from_mins(15);
        let registration = parse(&file::read_private(&self.path, LARGEST).ok()?)?;
        (registration.kind == kind && now.until(registration.expiration) >= LEAST).then_some(registration)
    }

    pub(crate) fn write(&self, registration: &Registration) -> io::Result<()> {
        file::write_private(&self.path, render(registration).as_bytes())
    }

    /// Forgets a client that the service does not know any more.
    pub(crate) fn remove(&self) -> io::Result<()> {
        file::remove(&self.path).map(drop)
    }
}

/// The SHA-1 of everything that decides which client it is.
fn name(registered_for: &RegisteredFor<'_>, tool: &str) -> String {
    #[derive(Serialize)]
    struct Name<'a> {
        #[serde(flatten)]
        registered_for: &'a RegisteredFor<'a>,
        tool: &'a str,
    }
    hex(&Sha1::digest(python::render(&Name { registered_for, tool })))
}

fn parse(bytes: &[u8]) -> Option<Registration> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Document {
        client_id: String,
        client_secret: Secret,
        expires_at: String,
        #[serde(default)]
        scopes: Vec<String>,
        #[serde(default)]
        grant_types: Vec<String>,
    }
    let Document { client_id, client_secret, expires_at, scopes, grant_types } = serde_json::from_slice(bytes).ok()?;
    let kind =
        if grant_types.iter().any(|grant| grant == NewClient::CODE_GRANTS[0]) { Kind::Codes } else { Kind::Devices };
    let is_whole = !client_id.is_empty() && !client_secret.expose().is_empty();
    let expiration = Timestamp::parse(&expires_at).filter(|_| is_whole)?;
    Some(Registration { client_id, client_secret, expiration, scopes, kind })
}

fn render(registration: &Registration) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Document<'a> {
        client_id: &'a str,
        client_secret: &'a str,
        expires_at: String,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        scopes: &'a [String],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        grant_types: &'a [&'a str],
    }
    let Registration { client_id, client_secret, expiration, scopes, kind } = registration;
    // A client of devices is registered without any.
    let grant_types: &[&str] = if *kind == Kind::Codes { &NewClient::CODE_GRANTS } else { &[] };
    let (client_secret, expires_at) = (client_secret.expose(), expiration.to_string());
    python::render(&Document { client_id, client_secret, expires_at, scopes, grant_types })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_URL: &str = "https://d-1234567890.awsapps.com/start";
    const ACCESS: &str = "sso:account:access";

    #[test]
    fn names_are_those_that_the_aws_cli_gives() {
        let (access, two) = ([ACCESS.to_owned()], [ACCESS.to_owned(), "codewhisperer:completions".to_owned()]);
        for (region, scopes, session_name, start_url, hash) in [
            ("us-east-1", Some(&access[..]), Some("my-sso"), START_URL, "a8343d65418848d0bc13a5f25cbb32508ceec5d1"),
            ("us-east-1", None, Some("my-sso"), START_URL, "8b2cedd020fb181ad4cf906d1d27b232fd31557e"),
            ("us-east-1", Some(&two), Some("my-sso"), START_URL, "9e94e01ea9138dcff6b4c1caa09d3787e04b2b08"),
            ("us-east-1", None, None, START_URL, "365414a68be7c9bfc776c660981dbdbd942acea4"),
            ("us-east-1", Some(&access), Some("sso-é"), START_URL, "2396cead1d43f11f14efe4fa261df43b6573103f"),
            ("us-west-2", None, None, "https://d-abc123.awsapps.com/start", "d75f79f67bab3f92a2b1450471c0c2574de0dca4"),
        ] {
            let registered_for = RegisteredFor { region, scopes, session_name, start_url };
            assert_eq!(name(&registered_for, "botocore"), hash, "{registered_for:?}");
            assert_ne!(name(&registered_for, "keyfob"), hash);
        }
    }

    fn registration(kind: Kind, scopes: &[&str]) -> Registration {
        Registration {
            client_id: "cid".into(),
            client_secret: Secret::new("csecret"),
            expiration: Timestamp::from_unix_millis(1_893_456_000_999),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            kind,
        }
    }

    #[test]
    fn files_are_those_of_the_aws_cli_and_tell_both_kinds_apart() {
        for (kind, scopes, text) in [
            (
                Kind::Codes,
                &[ACCESS][..],
                r#"{"clientId": "cid", "clientSecret": "csecret", "expiresAt": "2030-01-01T00:00:00Z", "scopes": ["sso:account:access"], "grantTypes": ["authorization_code", "refresh_token"]}"#,
            ),
            (
                Kind::Devices,
                &[ACCESS],
                r#"{"clientId": "cid", "clientSecret": "csecret", "expiresAt": "2030-01-01T00:00:00Z", "scopes": ["sso:account:access"]}"#,
            ),
            (
                Kind::Devices,
                &[],
                r#"{"clientId": "cid", "clientSecret": "csecret", "expiresAt": "2030-01-01T00:00:00Z"}"#,
            ),
        ] {
            assert_eq!(render(&registration(kind, scopes)), text);
            let read = parse(text.as_bytes()).expect(text);
            assert_eq!((read.kind, read.scopes.len()), (kind, scopes.len()));
            assert_eq!((read.client_id.as_str(), read.client_secret.expose()), ("cid", "csecret"));
        }
    }

    #[test]
    fn what_is_no_registration_is_none() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"clientId": "", "clientSecret": "s", "expiresAt": "2030-01-01T00:00:00Z"}"#,
            r#"{"clientId": "c", "clientSecret": "", "expiresAt": "2030-01-01T00:00:00Z"}"#,
            r#"{"clientId": "c", "clientSecret": "s", "expiresAt": "soon"}"#,
            r#"{"clientId": "c", "clientSecret": "s", "expiresAt": 1893456000}"#,
        ] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
