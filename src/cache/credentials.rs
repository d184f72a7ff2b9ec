//! The format of a cached set of credentials.
//!
//! ```json
//! {"Version":1,"AccessKeyId":"ASIA…","SecretAccessKey":"…","SessionToken":"…",
//!  "Expiration":"2026-01-15T13:00:00Z","AccountId":"123456789012","Issued":"2026-01-15T12:00:00Z",
//!  "SignIn":"0ad374308c5a4e22f723adf10145eafad7c4031c"}
//! ```
//!
//! The last member is for [`got_by`](super::got_by) alone. In its place there may be a `Subject`: whose token gave the role.

use super::{Freshness, margin};
use crate::credentials::{Credentials, is_key_text};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

/// Temporary credentials, and how long they count as fresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cached {
    pub(crate) credentials: Credentials,
    expiration: Timestamp,
    issued: Timestamp,
    /// How long before their end they are to be renewed.
    margin: Duration,
}

impl Cached {
    /// `None` for credentials that do not say when they end: those are never kept.
    pub(crate) fn new(credentials: Credentials, issued: Timestamp) -> Option<Self> {
        let expiration = credentials.expiration?;
        Some(Self { expiration, margin: margin(issued.until(expiration)), credentials, issued })
    }

    /// The same with another margin than that of most.
    pub(super) fn with_margin(self, margin: Duration) -> Self {
        Self { margin, ..self }
    }

    pub(crate) fn freshness(&self, now: Timestamp) -> Freshness {
        // Issued in the future, by some clock: then nobody knows how long their life is.
        let margin = if self.issued > now { margin(Duration::MAX) } else { self.margin };
        match now.until(self.expiration) {
            Duration::ZERO => Freshness::Dead,
            left if left > margin => Freshness::Fresh,
            _ => Freshness::Soft,
        }
    }

    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        self.freshness(now) != Freshness::Dead
    }

    /// Reads a file's bytes. Whatever they are but one whole document of this version is `None`.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let document: Document<'_> = serde_json::from_slice(bytes).ok()?;
        let Document {
            version,
            access_key_id,
            secret_access_key,
            session_token,
            expiration,
            account_id,
            issued,
            sign_in: _,
            subject: _,
        } = document;
        let keys = [Some(&access_key_id), Some(&secret_access_key), session_token.as_ref()];
        let is_sound = keys.into_iter().flatten().all(|text| is_key_text(text));
        if version != VERSION || access_key_id.is_empty() || secret_access_key.is_empty() || !is_sound {
            return None;
        }
        let expiration = Timestamp::parse(&expiration)?;
        let credentials = Credentials {
            access_key_id: access_key_id.into_owned(),
            secret_access_key: Secret::new(secret_access_key),
            session_token: session_token.filter(|token| !token.is_empty()).map(Secret::new),
            expiration: Some(expiration),
            account_id: account_id.map(Cow::into_owned),
        };
        Self::new(credentials, Timestamp::parse(&issued)?)
    }

    /// The file's text, which names the sign-in by which they were got, if they were, and whose they are.
    pub(super) fn render(&self, sign_in: Option<String>, subject: Option<String>) -> String {
        let Credentials { access_key_id, secret_access_key, session_token, expiration: _, account_id } =
            &self.credentials;
        let document = Document {
            version: VERSION,
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.expose().into(),
            session_token: session_token.as_ref().map(|token| token.expose().into()),
            expiration: self.expiration.to_string().into(),
            account_id: account_id.as_ref().map(Into::into),
            issued: self.issued.to_string().into(),
            sign_in,
            subject,
        };
        serde_json::to_string(&document).expect("strings and a number always serialize")
    }
}

/// Whose the credentials in a file are, where it says so.
pub(super) fn subject(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Named {
        subject: String,
    }
    Some(serde_json::from_slice::<Named>(bytes).ok()?.subject)
}

const VERSION: u8 = 1;

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    version: u8,
    #[serde(borrow)]
    access_key_id: Cow<'a, str>,
    #[serde(borrow)]
    secret_access_key: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    session_token: Option<Cow<'a, str>>,
    #[serde(borrow)]
    expiration: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    issued: Cow<'a, str>,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    sign_in: Option<String>,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cached() -> Cached {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: Secret::new("se\"cret"),
            session_token: Some(Secret::new("token")),
            expiration: Timestamp::parse("2026-01-15T13:00:00Z"),
            account_id: Some("123456789012".into()),
        };
        Cached::new(credentials, Timestamp::from_unix_millis(1_768_478_400_000)).expect("it has an expiration")
    }

    #[test]
    fn what_is_rendered_is_parsed_again() {
        for sign_in in [None, Some("0ad3".to_owned())] {
            assert_eq!(Cached::parse(cached().render(sign_in, None).as_bytes()), Some(cached()));
        }
    }

    #[test]
    fn every_torn_copy_counts_as_absent() {
        let whole = cached().render(None, None);
        for length in 0..whole.len() {
            assert_eq!(Cached::parse(&whole.as_bytes()[..length]), None, "cut at {length}");
        }
    }

    #[test]
    fn foreign_documents_count_as_absent() {
        let whole = cached().render(None, None);
        for (from, to) in [
            ("\"Version\":1", "\"Version\":2"),
            ("\"ASIAEXAMPLE\"", "\"\""),
            ("\"ASIAEXAMPLE\"", "7"),
            ("2026-01-15T13:00:00Z", "soon"),
            ("\"SecretAccessKey\"", "\"Secret\""),
        ] {
            assert_eq!(Cached::parse(whole.replace(from, to).as_bytes()), None, "{to}");
        }
        assert_eq!(Cached::parse(b"[]"), None);
        assert_eq!(Cached::parse(b"\xff\xfe"), None);
    }

    #[test]
    fn credentials_without_an_end_are_not_kept() {
        let Cached { credentials, issued, .. } = cached();
        assert_eq!(Cached::new(Credentials { expiration: None, ..credentials }, issued), None);
    }

    #[test]
    fn long_lives_are_fresh_until_sixteen_minutes_remain_short_ones_for_half() {
        let issued = Timestamp::from_unix_millis(0);
        let lasting = |life| {
            let credentials = Credentials { expiration: Some(issued + life), ..cached().credentials };
            Cached::new(credentials, issued).expect("it has an expiration")
        };
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        for (life, age, freshness) in [
            (60, 0, Freshness::Fresh),
            (60, 43, Freshness::Fresh),
            (60, 44, Freshness::Soft),
            (60, 59, Freshness::Soft),
            (60, 60, Freshness::Dead),
            (60, 61, Freshness::Dead),
            (32, 15, Freshness::Fresh),
            (32, 16, Freshness::Soft),
            (15, 7, Freshness::Fresh),
            (15, 8, Freshness::Soft),
            (15, 15, Freshness::Dead),
        ] {
            let got = lasting(minutes(life)).freshness(issued + minutes(age));
            assert_eq!(got, freshness, "{age} of {life} min");
        }
    }
}
