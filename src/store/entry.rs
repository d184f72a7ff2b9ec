//! Keys as stores keep them: JSON under the names that the shared files have for them, which people and other programs
//! can read and write. In a keyring it is one line.
//!
//! ```json
//! {"aws_access_key_id":"…","aws_secret_access_key":"…","aws_session_token":"…"}
//! ```

#[cfg(unix)]
use super::Trouble;
use crate::credentials::{Credentials, is_key_text};
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What else a document says is passed over: a program may print what it was told to keep.
#[derive(Clone, Deserialize)]
pub(super) struct Entry {
    aws_access_key_id: String,
    aws_secret_access_key: Secret,
    aws_session_token: Option<Secret>,
}

/// The same, on its way out.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    aws_access_key_id: &'a str,
    aws_secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_session_token: Option<&'a str>,
}

impl Entry {
    pub(super) fn of(keys: &Credentials) -> Self {
        let Credentials { access_key_id, secret_access_key, session_token, expiration: _, account_id: _ } = keys;
        Self {
            aws_access_key_id: access_key_id.clone(),
            aws_secret_access_key: secret_access_key.clone(),
            aws_session_token: session_token.clone(),
        }
    }

    pub(super) fn shown(&self) -> Shown<'_> {
        let Self { aws_access_key_id, aws_secret_access_key, aws_session_token } = self;
        Shown {
            aws_access_key_id,
            aws_secret_access_key: aws_secret_access_key.expose(),
            aws_session_token: aws_session_token.as_ref().map(Secret::expose),
        }
    }

    /// A text without these secrets, as they are or as JSON has them.
    pub(super) fn masked(&self, text: &str) -> String {
        let secrets = [Some(&self.aws_secret_access_key), self.aws_session_token.as_ref()].into_iter().flatten();
        secrets.map(Secret::expose).filter(|secret| !secret.is_empty()).fold(text.to_owned(), |text, secret| {
            let json = to_json(&secret, self.room());
            let escaped = str::from_utf8(&json).map_or(secret, |json| json.trim_matches('"'));
            text.replace(secret, "***").replace(escaped, "***")
        })
    }

    /// How many bytes of JSON it is at the most, were each of its characters escaped in the longest way.
    pub(super) fn room(&self) -> usize {
        /// The names of the members and what is around them.
        const AROUND: usize = 256;
        const LONGEST_ESCAPE: usize = r"\u0000".len();
        let Self { aws_access_key_id, aws_secret_access_key, aws_session_token } = self;
        let token = aws_session_token.as_ref().map_or(0, |token| token.expose().len());
        AROUND + LONGEST_ESCAPE * (aws_access_key_id.len() + aws_secret_access_key.expose().len() + token)
    }

    /// The keys; an error when they can be none. It does not show them.
    pub(super) fn keys(self) -> Result<Credentials, &'static str> {
        let Self { aws_access_key_id, aws_secret_access_key, aws_session_token } = self;
        let session_token = aws_session_token.filter(|token| !token.expose().is_empty());
        let texts = [aws_access_key_id.as_str(), aws_secret_access_key.expose()];
        if texts.iter().any(|text| text.is_empty()) {
            return Err("a key is empty");
        }
        if !texts.into_iter().chain(session_token.as_ref().map(Secret::expose)).all(is_key_text) {
            return Err("a key or the token holds a control character");
        }
        Ok(Credentials {
            access_key_id: aws_access_key_id,
            secret_access_key: aws_secret_access_key,
            session_token,
            expiration: None,
            account_id: None,
        })
    }
}

/// The keys of a profile as a document. Its account and the end of its keys are settings, and not in it.
#[cfg(unix)]
pub(super) fn render(keys: &Credentials) -> Zeroizing<Vec<u8>> {
    let entry = Entry::of(keys);
    to_json(&entry.shown(), entry.room())
}

/// The keys in a document. Members of other names are passed over.
#[cfg(unix)]
pub(super) fn parse(document: &[u8], profile: &str) -> Result<Credentials, Trouble> {
    // serde's own words would quote values.
    let entry: Result<Entry, _> = serde_json::from_slice(document).map_err(|_| "it is not the JSON that keyfob writes");
    let keys = entry.and_then(Entry::keys);
    keys.map_err(|why| Trouble::Failed(format!("the entry of profile \"{profile}\" cannot be used: {why}")))
}

/// A JSON document that may hold secrets, written into room enough that no part of it stays behind elsewhere.
pub(super) fn to_json(document: &impl Serialize, room: usize) -> Zeroizing<Vec<u8>> {
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *json, document).expect("strings always serialize");
    json
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn keys(token: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: "AKIAEXAMPLE".into(),
            secret_access_key: Secret::new("a\"b\\c/é"),
            session_token: token.map(Secret::new),
            expiration: None,
            account_id: None,
        }
    }

    #[test]
    fn keys_come_back_as_they_were() {
        for keys in [keys(None), keys(Some("token//+=="))] {
            assert_eq!(parse(&render(&keys), "dev"), Ok(keys));
        }
    }

    #[test]
    fn a_document_is_one_line_that_a_person_can_write() {
        let text = r#"{"aws_access_key_id":"AKIAEXAMPLE","aws_secret_access_key":"a\"b\\c/é","aws_session_token":"t"}"#;
        assert_eq!(render(&keys(Some("t"))).as_slice(), text.as_bytes());
        let typed = "\n{\"note\": 1, \"aws_secret_access_key\": \"s\", \"aws_access_key_id\": \"A\"}\n";
        let read = parse(typed.as_bytes(), "dev").map(|keys| (keys.access_key_id, keys.session_token));
        assert_eq!(read, Ok(("A".to_owned(), None)));
    }

    #[test]
    fn what_is_no_document_is_refused_without_its_text() {
        let no_json = "it is not the JSON that keyfob writes";
        for (document, why) in [
            ("hidden", no_json),
            (r#"{"aws_access_key_id":"hidden"}"#, no_json),
            (r#"{"aws_access_key_id":"A","aws_secret_access_key":7}"#, no_json),
            (r#"{"aws_access_key_id":"","aws_secret_access_key":"hidden"}"#, "a key is empty"),
            (
                r#"{"aws_access_key_id":"A","aws_secret_access_key":"hidden\n"}"#,
                "a key or the token holds a control character",
            ),
        ] {
            let expected = Trouble::Failed(format!("the entry of profile \"dev\" cannot be used: {why}"));
            assert_eq!(parse(document.as_bytes(), "dev"), Err(expected), "{document}");
        }
    }
}
