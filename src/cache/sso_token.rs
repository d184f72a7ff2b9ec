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
use super::note::{self, Failure, Note};
use super::sso_registration::Registration;
use super::{Beside, Companions, Sharing, folder_of_sign_ins, hex, python, shared_file};
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

/// What a sign-in brought, and where.
#[derive(Debug)]
pub(crate) struct SsoBeginning<'a> {
    pub(crate) access_token: Secret,
    pub(crate) expiration: Timestamp,
    /// `None`: there is no renewing it.
    pub(crate) refresh_token: Option<Secret>,
    /// The client that was given them.
    pub(crate) client: Registration,
    /// As it is configured.
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
    /// The entry of what a token is named after: a session, or a start URL exactly as it is configured.
    ///
    /// An error where there is no home.
    pub(crate) fn of(named_after: &str, vars: &Vars) -> Result<Self, Error> {
        let name = name(named_after);
        let folder = folder_of_sign_ins(paths::sso_cache_folder(vars))?;
        Ok(Self { path: folder.join(format!("{name}.json")) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the token's file, without its ending.
    pub(super) fn name(&self) -> &str {
        self.path.file_stem().and_then(|name| name.to_str()).unwrap_or_default()
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

    pub(super) fn read_once(&self) -> Result<SsoToken, Missing> {
        match file::read_shared(&self.path) {
            Read::Bytes(bytes) => SsoToken::parse(&bytes).map_err(Missing::Damaged),
            Read::Missing => Err(Missing::Absent),
            Read::Refused(why) => Err(Missing::Refused(why)),
        }
    }

    /// Begins a sign-in, in the place of whatever is there, once nobody renews that.
    pub(crate) fn begin(&self, beginning: SsoBeginning<'_>) -> io::Result<SsoToken> {
        let _lock = self.lock(file::PATIENCE);
        let token = SsoToken::begin(beginning, self.read().ok().as_ref());
        shared_file::replace(&self.path, &token.render(), file::write_irreplaceable)?;
        Ok(token)
    }

    /// Replaces any of these tokens by their renewal: whole, or not at all. A symbolic link is written through.
    ///
    /// `false` where none of them is there any more: whoever has signed in meanwhile, or out, meant it so.
    pub(crate) fn write_renewal(&self, of: [&SsoToken; 2], renewal: &SsoToken) -> io::Result<bool> {
        match self.read() {
            Ok(current) if of.iter().any(|token| !token.differs_from(&current)) => {}
            Err(Missing::Refused(why)) => return Err(io::Error::other(why)),
            Ok(_) | Err(Missing::Absent | Missing::Damaged(_)) => return Ok(false),
        }
        shared_file::replace(&self.path, &renewal.render(), file::write_irreplaceable)?;
        Ok(true)
    }

    /// Whether a renewal could be written: found out before the old refresh token is spent.
    pub(crate) fn try_writing(&self) -> io::Result<()> {
        shared_file::try_writing(&self.path)
    }

    /// Puts in its place a renewal of `token` that a killed process left; see [`shared_file::finish_renewal`].
    pub(crate) fn finish_renewal(&self, token: &SsoToken) -> Option<SsoToken> {
        shared_file::finish_renewal(&self.path, |bytes| {
            SsoToken::parse(bytes).ok().filter(|renewal| renewal.is_renewal_of(token))
        })
    }

    /// Forgets the sign-in once nobody renews it, after a last use of its token; `false` when there was none.
    pub(crate) fn end(&self, last_use: impl FnOnce(&SsoToken)) -> io::Result<bool> {
        // A lock is a file, too, and none is made for nothing.
        let _lock = self.path.exists().then(|| self.lock(file::PATIENCE));
        // What is no token is of no use, and is forgotten none the less.
        if let Ok(token) = self.read() {
            last_use(&token);
        }
        shared_file::remove(&self.path, &self.beside(Beside::Note))
    }

    /// The lock of whoever renews the token. Other tools know none, so nobody is waited for beyond patience; `None`
    /// then, and where there is none to be had.
    pub(crate) fn lock(&self, patience: Duration) -> Option<LockFile> {
        let lock = LockFile::open(&self.beside(Beside::Lock)).ok()?;
        lock.wait_exclusive(patience).is_ok_and(|taken| taken).then_some(lock)
    }

    /// The failure of another process's renewal, for one that started at `started` and whose it is, too.
    pub(crate) fn failure_of_others(&self, started: Timestamp) -> Option<Error> {
        match note::read(self)? {
            Note::Failed(failure) => failure.take(self, started),
            Note::NotKept { .. } => None,
        }
    }

    /// Whether a renewal failed just now.
    pub(crate) fn failed_lately(&self) -> bool {
        note::failed_lately(self)
    }

    /// Tells those who wait for a renewal what became of it; `None`: it is there.
    pub(crate) fn tell_others(&self, error: Option<&Error>) {
        let failure = error.and_then(|error| Failure::of(error, Sharing::All));
        note::leave(self, failure.map(Note::Failed).as_ref());
    }
}

impl Companions for SsoEntry {
    /// Under a name that no other tool takes for a token.
    fn beside(&self, file: Beside) -> PathBuf {
        self.path.with_extension(format!("keyfob.{}", file.suffix()))
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

    /// A token that has just been got. What other tools have added to the one before stays.
    fn begin(beginning: SsoBeginning<'_>, before: Option<&Self>) -> Self {
        let SsoBeginning { access_token, expiration, refresh_token, client, sso_start_url, sso_region } = beginning;
        let Registration { client_id, client_secret, expiration: registration_expiration, scopes: _, kind: _ } = client;
        let mut document = issued(sso_start_url, sso_region, &access_token, expiration);
        // Also where there is no renewing it, as the AWS CLI has it.
        let refreshed = refresh_token.as_ref();
        set_client(&mut document, &client_id, &client_secret, registration_expiration, refreshed);
        if let Some(before) = before {
            let mut others = before.document.clone();
            // That of another sign-in is of no use in this one.
            others.remove_of_any_case("refreshToken");
            document.adopt_others_of(&others);
        }
        let renewal = refresh_token.map(|refresh_token| Renewable {
            refresh_token,
            client_id,
            client_secret,
            registration_expiration,
        });
        Self { access_token, expiration, renewal, document }
    }

    /// Where it was issued.
    pub(crate) fn sso_region(&self) -> Option<String> {
        self.document.text_of_any_case("region")
    }

    /// Where its person signed in.
    pub(crate) fn sso_start_url(&self) -> Option<String> {
        self.document.text_of_any_case("startUrl")
    }

    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now.until(self.expiration) > MARGIN
    }

    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        self.expiration > now
    }

    /// Whether whoever may renew it can.
    pub(crate) fn can_be_renewed(&self, now: Timestamp) -> bool {
        self.renewal.as_ref().is_some_and(|renewable| renewable.registration_expiration > now)
    }

    pub(crate) fn differs_from(&self, newer: &Self) -> bool {
        self.access_token != newer.access_token
    }

    /// Whether this is the same client's sign-in with newer tokens.
    fn is_renewal_of(&self, older: &Self) -> bool {
        let client = |token: &Self| token.renewal.as_ref().map(|renewable| renewable.client_id.clone());
        client(older).is_some() && client(self) == client(older) && older.differs_from(self)
    }

    /// The token with what a renewal brought: known members first, in the order of the AWS CLI.
    pub(crate) fn renewed(mut self, renewal: SsoRenewal<'_>) -> Self {
        let SsoRenewal { access_token, expiration, refresh_token, sso_start_url, sso_region } = renewal;
        if let (Some(renewable), Some(refresh_token)) = (&mut self.renewal, refresh_token) {
            renewable.refresh_token = refresh_token;
        }
        let mut document = issued(sso_start_url, sso_region, &access_token, expiration);
        if let Some(Renewable { refresh_token, client_id, client_secret, registration_expiration }) = &self.renewal {
            let refreshed = Some(refresh_token);
            set_client(&mut document, client_id, client_secret, *registration_expiration, refreshed);
        }
        document.adopt_others_of(&self.document);
        Self { access_token, expiration, document, ..self }
    }

    fn render(&self) -> String {
        python::render(&self.document)
    }
}

/// The members of a token alone, in the order of the AWS CLI.
fn issued(sso_start_url: &str, sso_region: &str, access_token: &Secret, expiration: Timestamp) -> Members {
    let mut document = Members::default();
    document.set("startUrl", &sso_start_url);
    document.set("region", &sso_region);
    document.set("accessToken", &access_token.expose());
    document.set("expiresAt", &expiration.to_string());
    document
}

/// The members that follow: the client's, and by what it renews the token.
fn set_client(
    document: &mut Members,
    client_id: &str,
    client_secret: &Secret,
    expiration: Timestamp,
    refresh_token: Option<&Secret>,
) {
    document.set("clientId", &client_id);
    document.set("clientSecret", &client_secret.expose());
    document.set("registrationExpiresAt", &expiration.to_string());
    if let Some(refresh_token) = refresh_token {
        document.set("refreshToken", &refresh_token.expose());
    }
}

/// What the file of a token is called, by the sso-session, or by the start URL where a profile has none.
pub(super) fn name(named_after: &str) -> String {
    hex(&Sha1::digest(named_after.as_bytes()))
}

/// Some tools leave the zone out, and mean UTC.
fn read_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}Z")))
}

#[cfg(test)]
mod tests {
    use super::super::sso_registration::Kind;
    use super::*;

    #[track_caller]
    fn assert_name(named_after: &str, hash: &str) {
        let entry = SsoEntry::of(named_after, &Vars::from([("HOME", "/h")])).expect("there is a home");
        assert_eq!(entry.name(), hash, "{named_after}");
    }

    #[test]
    fn names_are_those_of_the_aws_cli() {
        for (session, hash) in [
            ("my-sso", "0ad374308c5a4e22f723adf10145eafad7c4031c"),
            ("admin", "d033e22ae348aeb5660fc2140aec35850c4da997"),
            ("dev-scopes", "75e4d41276d8bd17f85986fc6cccef29fd725ce3"),
            ("dev", "34c6fceca75e456f25e7e99531e2425c6c1de443"),
            ("test", "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"),
            ("my corp", "2603e49e9877a1061664a5a7f900ffb84f872d49"),
            ("sso-é", "0f34d5e6ea6da0cdad4454541d6599cccd181a79"),
        ] {
            assert_name(session, hash);
        }
        for (start_url, hash) in [
            ("https://d-1234567890.awsapps.com/start", "7487b5b67d5fa1132cf33fa93ae51ef38cc37752"),
            ("https://d-1234567890.awsapps.com/start/", "ae4321de83751a696d13fbefb87d776773c41e1c"),
            ("https://d-1234567890.awsapps.com/start#", "7158d12dd6cc6cae0937b06a2c5fef7177265b27"),
            ("https://d-1234567890.awsapps.com/start#/", "a1c75994a810c1c468d3bd565eda2836303e6659"),
            ("https://d-abc123.awsapps.com/start", "40a89917e3175433e361b710a9d43528d7f1890a"),
            ("https://d-92671207e4.awsapps.com/start", "13f9d35043871d073ab260e020f0ffde092cb14b"),
            ("https://ssotest.awsapps.com/start", "dace00cba5f8355ec9d274ceb2bcebdfbeed0e12"),
        ] {
            assert_name(start_url, hash);
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
            r#"{"startUrl": "https://example.awsapps.com/start", "region": "eu-west-1", "accessToken": "at-2", "expiresAt": "2030-01-01T00:00:00Z", "clientId": "cid", "clientSecret": "csecret", "registrationExpiresAt": "2030-01-01T00:00:00Z", "refreshToken": "rt-1", "theirs": [1,  2]}"#
        );
    }

    fn begun(refresh_token: Option<&str>, before: Option<&SsoToken>) -> String {
        let time = |text| Timestamp::parse(text).expect("RFC 3339");
        let client = Registration {
            client_id: "cid".into(),
            client_secret: Secret::new("csecret"),
            expiration: time("2030-01-01T00:00:00.999Z"),
            scopes: Vec::new(),
            kind: Kind::Codes,
        };
        let beginning = SsoBeginning {
            access_token: Secret::new("at-1"),
            expiration: time("2026-11-21T01:56:34.999Z"),
            refresh_token: refresh_token.map(Secret::new),
            client,
            sso_start_url: "https://d-1234567890.awsapps.com/start",
            sso_region: "us-east-1",
        };
        SsoToken::begin(beginning, before).render()
    }

    #[test]
    fn a_token_begins_as_the_aws_cli_writes_it() {
        assert_eq!(begun(Some("rt-1"), None), WRITTEN);
        assert_eq!(WRITTEN.len(), 256);
        assert_eq!(begun(None, None), WRITTEN.replace(", \"refreshToken\": \"rt-1\"", ""));
    }

    #[test]
    fn a_token_that_begins_keeps_what_others_wrote_but_nothing_of_the_sign_in_before() {
        let before = WRITTEN.replace("at-1", "at-0").replace("refreshToken", "RefreshToken");
        let before = before.replace('{', r#"{"theirs": [1,  2], "#);
        let before = SsoToken::parse(before.as_bytes()).expect("a token");
        let bare = WRITTEN.replace(", \"refreshToken\": \"rt-1\"", "");
        assert_eq!(begun(None, Some(&before)), bare.replace('}', r#", "theirs": [1,  2]}"#));
    }
}
