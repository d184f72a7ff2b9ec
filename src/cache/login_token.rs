//! The session file of a console sign-in, which the AWS CLI, botocore and the SDKs share:
//! `~/.aws/login/cache/SHA256.json`, named after the ARN that the profile's `login_session` holds.
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

use super::{Beside, Cached, Store, hex};
use crate::context::Vars;
use crate::credentials::{Credentials, account_of_arn};
use crate::error::{Error, Exit};
use crate::file::{self, Read};
use crate::paths;
use crate::secret::Secret;
use crate::shell;
use crate::timestamp::Timestamp;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, fs, io};

/// How long before their end the credentials of a session are renewed, in every SDK.
const MARGIN: Duration = Duration::from_mins(5);

/// Where one session is kept.
#[derive(Clone, Debug)]
pub(crate) struct LoginEntry {
    path: PathBuf,
    login_session: String,
    /// The profile that holds it.
    profile: String,
}

/// A session, as far as it is understood.
#[derive(Clone, Debug)]
pub(crate) struct LoginToken {
    pub(crate) client_id: String,
    pub(crate) refresh_token: Secret,
    /// PEM.
    pub(crate) dpop_key: Secret,
    /// Where the refresh token was issued, and is good.
    pub(crate) sign_in_region: Option<String>,
    pub(crate) credentials: Credentials,
    document: Members,
}

/// What a refresh brings.
#[derive(Clone, Debug)]
pub(crate) struct Renewal {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    pub(crate) refresh_token: Secret,
    /// By the local clock, which every reader compares with.
    pub(crate) expiration: Timestamp,
}

impl LoginEntry {
    /// `None` where there is no folder for sessions.
    pub(crate) fn of(login_session: &str, profile: &str, vars: &Vars) -> Option<Self> {
        let login_session = login_session.trim().to_owned();
        let name = hex(&Sha256::digest(login_session.as_bytes()));
        let path = paths::login_cache_folder(vars)?.join(format!("{name}.json"));
        Some(Self { path, login_session, profile: profile.to_owned() })
    }

    /// The session that is there.
    ///
    /// An error when there is none, or when a part is missing without which it cannot be renewed.
    pub(crate) fn read(&self) -> Result<LoginToken, Error> {
        // The AWS CLI writes in place: a file may be torn for a moment.
        const TRIES: u32 = 10;
        const PAUSE: Duration = Duration::from_millis(100);
        for _ in 1..TRIES {
            match self.read_once() {
                Err(Broken::Unreadable(_)) => std::thread::sleep(PAUSE),
                read => return read.map_err(|broken| self.error(&broken)),
            }
        }
        self.read_once().map_err(|broken| self.error(&broken))
    }

    fn read_once(&self) -> Result<LoginToken, Broken> {
        let bytes = match file::read_shared(&self.path) {
            Read::Bytes(bytes) => bytes,
            Read::Missing => return Err(Broken::Absent),
            Read::Refused(why) => return Err(Broken::Refused(why)),
        };
        LoginToken::parse(&bytes, &self.login_session)
    }

    fn error(&self, broken: &Broken) -> Error {
        let (session, path) = (&self.login_session, self.path.display());
        let error = Error::new(format!("no usable console sign-in for {session}")).exit(Exit::SignInNeeded);
        match broken {
            Broken::Absent => {
                let hint = format!("sign in: `aws login --profile {}`", shell::word(&self.profile));
                error.cause(format!("there is no session file \"{path}\"")).hint(hint)
            }
            Broken::Refused(why) => error.cause(format!("cannot read \"{path}\": {why}")).exit(Exit::Failed),
            Broken::Unreadable(why) => error.cause(format!("\"{path}\" is broken: {why}")).hint(self.advice()),
            Broken::Lacks(member) => error.cause(format!("\"{path}\" lacks {member}")).hint(self.advice()),
        }
    }

    /// What to do about a session that is of no use any more.
    pub(crate) fn advice(&self) -> String {
        format!("sign in again: `aws login --profile {}`", shell::word(&self.profile))
    }

    /// Replaces the session by its renewal: whole, or not at all.
    pub(crate) fn write(&self, token: &LoginToken) -> io::Result<()> {
        let target = self.target();
        file::write_private(&target, token.render().as_bytes())?;
        file::sweep_beside(&target);
        Ok(())
    }

    /// Whether a renewal could be written: found out before the old refresh token is spent.
    pub(crate) fn try_writing(&self) -> io::Result<()> {
        file::try_writing_beside(&self.target(), 8 * 1024)
    }

    /// A symbolic link is written through.
    fn target(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }
}

impl Store for LoginEntry {
    fn load(&self) -> Result<Option<Cached>, Error> {
        let credentials = self.read()?.credentials;
        Ok(Cached::new(credentials, Timestamp::from_unix_millis(0)).map(|cached| cached.with_margin(MARGIN)))
    }

    /// A session is written by its renewal, before anything is handed out.
    fn save(&self, _: &Cached) -> io::Result<()> {
        Ok(())
    }

    /// Beside the file, under a name that no other tool takes for a session.
    fn beside(&self, file: Beside) -> PathBuf {
        self.path.with_extension(format!("keyfob.{}", file.suffix()))
    }
}

/// Why a session cannot be used.
#[derive(Debug)]
enum Broken {
    Absent,
    Refused(String),
    Unreadable(&'static str),
    Lacks(&'static str),
}

impl LoginToken {
    fn parse(bytes: &[u8], login_session: &str) -> Result<Self, Broken> {
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
            credentials,
            document,
        })
    }

    /// Whether another tool has renewed the session since this was read.
    pub(crate) fn differs_from(&self, newer: &Self) -> bool {
        self.refresh_token != newer.refresh_token || self.credentials.expiration != newer.credentials.expiration
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
        self.document.set("accessToken", serde_json::value::to_raw_value(&access));
        self.document.set("refreshToken", serde_json::value::to_raw_value(refresh_token.expose()));
        let session_token = Some(session_token);
        let expiration = Some(expiration);
        self.credentials = Credentials { access_key_id, secret_access_key, session_token, expiration, account_id };
        self.refresh_token = refresh_token;
        self
    }

    fn render(&self) -> String {
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

/// A JSON object in the order and the very words in which it was written.
#[derive(Clone, Default)]
struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    fn get(&self, key: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| &**value)
    }

    /// A string that is not empty.
    fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?.get()).ok().filter(|text: &String| !text.is_empty())
    }

    fn set(&mut self, key: &str, value: serde_json::Result<Box<RawValue>>) {
        let value = value.expect("strings always serialize");
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }
}

/// The values are secrets.
impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(pair) = map.next_entry()? {
                    members.0.push(pair);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// The path of a session's file, for those who are to be told.
impl AsRef<Path> for LoginEntry {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}
