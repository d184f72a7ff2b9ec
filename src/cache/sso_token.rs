//! The tokens of IAM Identity Center, which the AWS CLI, botocore and the SDKs share:
//! `~/.aws/sso/cache/SHA1.json`, named after the sso-session, or after the start URL where a profile has none.
//!
//! ```json
//! {"startUrl": "https://d-1234567890.awsapps.com/start", "region": "us-east-1", "accessToken": "…",
//!  "expiresAt": "2026-11-21T01:56:34Z", "clientId": "…", "clientSecret": "…",
//!  "registrationExpiresAt": "2030-01-01T00:00:00Z", "refreshToken": "…"}
//! ```
//!
//! The format is that of the AWS CLI (`awscli/botocore/tokens.py`). What is in a file and not understood here stays in
//! it, after the members that are.

use super::members::Members;
use super::{behind_links, hex, replace};
use crate::context::Vars;
use crate::error::Error;
use crate::file::{self, LockFile, Read};
use crate::paths;
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use sha1::{Digest, Sha1};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long before its end a token is renewed, in most SDKs.
pub(crate) const MARGIN: Duration = Duration::from_mins(5);

/// Where one token is kept.
#[derive(Clone, Debug)]
pub(crate) struct SsoEntry {
    path: PathBuf,
}

/// A token, as far as it is understood.
#[derive(Clone, Debug)]
pub(crate) struct SsoToken {
    pub(crate) access_token: Secret,
    pub(crate) expiration: Timestamp,
    /// `None`: it is used until its end, and no longer.
    pub(crate) renewal: Option<Renewable>,
    document: Members,
}

/// What it takes to renew a token.
#[derive(Clone, Debug)]
pub(crate) struct Renewable {
    pub(crate) refresh_token: Secret,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    /// When the registration of the client ends.
    pub(crate) registration_expiration: Timestamp,
}

/// What a renewal brought, and where.
#[derive(Debug)]
pub(crate) struct SsoRenewal<'a> {
    pub(crate) access_token: Secret,
    pub(crate) expiration: Timestamp,
    /// `None`: the one before stays good.
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) sso_start_url: &'a str,
    pub(crate) sso_region: &'a str,
}

/// Why there is no token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Absent,
    /// Nobody may read what is there; why.
    Refused(String),
    /// There is something else; in what it is no token.
    Damaged(&'static str),
}

impl SsoEntry {
    /// The entry of a session, else of a start URL exactly as it is configured.
    ///
    /// An error where there is no home.
    pub(crate) fn of(sso_session: Option<&str>, sso_start_url: &str, vars: &Vars) -> Result<Self, Error> {
        let name = hex(&Sha1::digest(sso_session.unwrap_or(sso_start_url).as_bytes()));
        let folder = paths::sso_cache_folder(vars)
            .ok_or_else(|| Error::new("nobody knows where sign-ins are kept").hint("set HOME"))?;
        Ok(Self { path: folder.join(format!("{name}.json")) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The token that is there.
    pub(crate) fn read(&self) -> Result<SsoToken, Missing> {
        // The AWS CLI writes in place: a file may be torn for a moment.
        const TRIES: u32 = 5;
        const PAUSE: Duration = Duration::from_millis(50);
        for _ in 1..TRIES {
            match self.read_once() {
                Err(Missing::Damaged(_)) if file::changed_just_now(&self.path) => std::thread::sleep(PAUSE),
                read => return read,
            }
        }
        self.read_once()
    }

    fn read_once(&self) -> Result<SsoToken, Missing> {
        match file::read_shared(&self.path) {
            Read::Bytes(bytes) => SsoToken::parse(&bytes).map_err(Missing::Damaged),
            Read::Missing => Err(Missing::Absent),
            Read::Refused(why) => Err(Missing::Refused(why)),
        }
    }

    /// Replaces the token: whole, or not at all. A symbolic link is written through.
    pub(crate) fn write(&self, token: &SsoToken) -> io::Result<()> {
        replace(&self.path, &token.render(), file::write_private)
    }

    /// Whether a renewal could be written: found out before the old refresh token is spent.
    pub(crate) fn try_writing(&self) -> io::Result<()> {
        file::try_writing_beside(&behind_links(&self.path), 16 * 1024)
    }

    /// The lock of whoever renews the token. Other tools know none, so nobody is waited for beyond patience; `None`
    /// then, and where there is none to be had.
    pub(crate) fn lock(&self, patience: Duration) -> Option<LockFile> {
        let lock = LockFile::open(&self.lock_path()).ok()?;
        lock.wait_exclusive(patience).is_ok_and(|taken| taken).then_some(lock)
    }

    /// Under a name that no other tool takes for a token.
    fn lock_path(&self) -> PathBuf {
        self.path.with_extension("keyfob.lock")
    }
}

impl SsoToken {
    /// The error says what is missing.
    fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        // Two writers that do not know of each other leave a whole object, and the end of another.
        let first = serde_json::Deserializer::from_slice(bytes).into_iter::<Members>().next();
        let document = first.and_then(Result::ok).ok_or("it is not a JSON object")?;
        let time = |name| document.text_of_any_case(name).and_then(|text| read_time(&text));
        let text = |name| document.text_of_any_case(name);
        let renewal = || {
            Some(Renewable {
                refresh_token: Secret::new(text("refreshToken")?),
                client_id: text("clientId")?,
                client_secret: Secret::new(text("clientSecret")?),
                registration_expiration: time("registrationExpiresAt")?,
            })
        };
        Ok(Self {
            access_token: Secret::new(text("accessToken").ok_or("it lacks accessToken")?),
            expiration: time("expiresAt").ok_or("it lacks expiresAt, or that is not a time")?,
            renewal: renewal(),
            document,
        })
    }

    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now.until(self.expiration) > MARGIN
    }

    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        self.expiration > now
    }

    pub(crate) fn differs_from(&self, newer: &Self) -> bool {
        self.access_token != newer.access_token
    }

    /// The token with what a renewal brought: known members first, in the order of the AWS CLI.
    pub(crate) fn renewed(mut self, renewal: SsoRenewal<'_>) -> Self {
        let SsoRenewal { access_token, expiration, refresh_token, sso_start_url, sso_region } = renewal;
        if let (Some(renewable), Some(refresh_token)) = (&mut self.renewal, refresh_token) {
            renewable.refresh_token = refresh_token;
        }
        let mut document = Members::default();
        document.set("startUrl", &sso_start_url);
        document.set("region", &sso_region);
        document.set("accessToken", &access_token.expose());
        document.set("expiresAt", &expiration.to_string());
        if let Some(Renewable { refresh_token, client_id, client_secret, registration_expiration }) = &self.renewal {
            document.set("clientId", client_id);
            document.set("clientSecret", &client_secret.expose());
            document.set("registrationExpiresAt", &registration_expiration.to_string());
            document.set("refreshToken", &refresh_token.expose());
        }
        document.adopt_others_of(&self.document);
        Self { access_token, expiration, document, ..self }
    }

    fn render(&self) -> String {
        serde_json::to_string(&self.document).expect("members always serialize")
    }
}

/// Some tools leave the zone out, and mean UTC.
fn read_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}Z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(session: Option<&str>, start_url: &str) -> String {
        let entry = SsoEntry::of(session, start_url, &Vars::from([("HOME", "/h")])).expect("there is a home");
        entry.path().file_stem().and_then(|name| name.to_str()).expect("a hash").to_owned()
    }

    #[test]
    fn names_are_those_of_the_aws_cli() {
        for (session, hash) in [
            ("my-sso", "0ad374308c5a4e22f723adf10145eafad7c4031c"),
            ("admin", "d033e22ae348aeb5660fc2140aec35850c4da997"),
            ("dev-scopes", "75e4d41276d8bd17f85986fc6cccef29fd725ce3"),
            ("my corp", "2603e49e9877a1061664a5a7f900ffb84f872d49"),
            ("sso-é", "0f34d5e6ea6da0cdad4454541d6599cccd181a79"),
        ] {
            assert_eq!(name(Some(session), "https://x"), hash, "{session}");
        }
        for (start_url, hash) in [
            ("https://d-1234567890.awsapps.com/start", "7487b5b67d5fa1132cf33fa93ae51ef38cc37752"),
            ("https://d-1234567890.awsapps.com/start/", "ae4321de83751a696d13fbefb87d776773c41e1c"),
            ("https://d-1234567890.awsapps.com/start#", "7158d12dd6cc6cae0937b06a2c5fef7177265b27"),
            ("https://d-1234567890.awsapps.com/start#/", "a1c75994a810c1c468d3bd565eda2836303e6659"),
        ] {
            assert_eq!(name(None, start_url), hash, "{start_url}");
        }
    }

    const WRITTEN: &str = r#"{"startUrl": "https://d-1234567890.awsapps.com/start", "region": "us-east-1", "accessToken": "at-1", "expiresAt": "2026-11-21T01:56:34Z", "clientId": "cid", "clientSecret": "csecret", "registrationExpiresAt": "2030-01-01T00:00:00Z", "refreshToken": "rt-1"}"#;

    #[test]
    fn files_of_every_tool_are_read() {
        let pretty = WRITTEN.replace(", ", ",\n  ").replace("34Z", "34.000Z");
        let others = WRITTEN.replace("\"accessToken\"", "\"AccessToken\"").replace("34Z\"", "34UTC\", \"x\": null");
        for text in [WRITTEN, &pretty, &others, &format!("{WRITTEN}\"}}"), &WRITTEN.replace("34Z", "34")] {
            let token = SsoToken::parse(text.as_bytes()).expect(text);
            assert_eq!(token.expiration.to_string(), "2026-11-21T01:56:34Z", "{text}");
            assert_eq!(token.access_token.expose(), "at-1");
            assert!(token.renewal.is_some());
        }
        let (no_object, no_token) = ("it is not a JSON object", "it lacks accessToken");
        for (text, why) in [
            ("", no_object),
            ("{", no_object),
            ("[]", no_object),
            ("{}", no_token),
            (&WRITTEN.replace("at-1", ""), no_token),
            (&WRITTEN.replace("\"at-1\"", "null"), no_token),
            (&WRITTEN.replace("2026-", "soon-"), "it lacks expiresAt, or that is not a time"),
        ] {
            assert_eq!(SsoToken::parse(text.as_bytes()).err(), Some(why), "{text}");
        }
    }

    #[test]
    fn a_token_is_renewed_in_the_order_of_the_aws_cli_and_keeps_what_others_wrote() {
        let token = SsoToken::parse(WRITTEN.replace('{', r#"{"theirs": [1,  2], "#).as_bytes()).expect("a token");
        let renewed = token.renewed(SsoRenewal {
            access_token: Secret::new("at-2"),
            expiration: Timestamp::from_unix_millis(1_893_456_000_123),
            refresh_token: None,
            sso_start_url: "https://example.awsapps.com/start",
            sso_region: "eu-west-1",
        });
        assert_eq!(
            renewed.render(),
            r#"{"startUrl":"https://example.awsapps.com/start","region":"eu-west-1","accessToken":"at-2","expiresAt":"2030-01-01T00:00:00Z","clientId":"cid","clientSecret":"csecret","registrationExpiresAt":"2030-01-01T00:00:00Z","refreshToken":"rt-1","theirs":[1,  2]}"#
        );
    }
}
