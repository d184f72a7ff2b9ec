//! Keys and passwords as stores keep them: JSON under the names that the shared files have for keys, which people and
//! other programs can read and write. In a keyring it is one line.
//!
//! ```json
//! {"aws_access_key_id":"…","aws_secret_access_key":"…","aws_session_token":"…"}
//! {"saml_password":"…","saml_host":"https://adfs.example.com","saml_user":"CORP\\jane"}
//! ```
//!
//! A password without the two members after it, typed by hand or kept by a program that passes them over, is the profile's.

#[cfg(unix)]
use super::Trouble;
use super::{Kept, Password, Whose};
use crate::credentials::{Credentials, is_key_text};
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What else a document says is passed over: a program may print what it was told to keep.
#[derive(Clone, Deserialize)]
pub(super) struct Entry {
    aws_access_key_id: Option<String>,
    aws_secret_access_key: Option<Secret>,
    aws_session_token: Option<Secret>,
    saml_password: Option<Secret>,
    saml_host: Option<String>,
    saml_user: Option<String>,
}

/// The same, on its way out.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_secret_access_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_host: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_user: Option<&'a str>,
}

impl Entry {
    pub(super) fn of(kept: &Kept) -> Self {
        let nothing = Self {
            aws_access_key_id: None,
            aws_secret_access_key: None,
            aws_session_token: None,
            saml_password: None,
            saml_host: None,
            saml_user: None,
        };
        match kept {
            Kept::Keys(keys) => {
                let Credentials { access_key_id, secret_access_key, session_token, expiration: _, account_id: _ } =
                    keys;
                Self {
                    aws_access_key_id: Some(access_key_id.clone()),
                    aws_secret_access_key: Some(secret_access_key.clone()),
                    aws_session_token: session_token.clone(),
                    ..nothing
                }
            }
            Kept::Password(Password { secret, whose }) => Self {
                saml_password: Some(secret.clone()),
                saml_host: whose.as_ref().map(|whose| whose.host.clone()),
                saml_user: whose.as_ref().map(|whose| whose.user.clone()),
                ..nothing
            },
        }
    }

    pub(super) fn shown(&self) -> Shown<'_> {
        let Self { aws_access_key_id, aws_secret_access_key, aws_session_token, saml_password, saml_host, saml_user } =
            self;
        Shown {
            aws_access_key_id: aws_access_key_id.as_deref(),
            aws_secret_access_key: aws_secret_access_key.as_ref().map(Secret::expose),
            aws_session_token: aws_session_token.as_ref().map(Secret::expose),
            saml_password: saml_password.as_ref().map(Secret::expose),
            saml_host: saml_host.as_deref(),
            saml_user: saml_user.as_deref(),
        }
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        let Self {
            aws_access_key_id: _,
            aws_secret_access_key,
            aws_session_token,
            saml_password,
            saml_host: _,
            saml_user: _,
        } = self;
        [aws_secret_access_key, aws_session_token, saml_password].into_iter().flatten().map(Secret::expose)
    }

    /// A text without these secrets, as they are or as JSON has them.
    pub(super) fn masked(&self, text: &str) -> String {
        self.secrets().filter(|secret| !secret.is_empty()).fold(text.to_owned(), |text, secret| {
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
        let others = [&self.aws_access_key_id, &self.saml_host, &self.saml_user].into_iter().flatten();
        let length = others.map(String::len).chain(self.secrets().map(str::len)).sum::<usize>();
        AROUND + LONGEST_ESCAPE * length
    }

    /// Whether it has the members of a pair, or of a password, and not of both.
    pub(super) fn is_whole(&self) -> bool {
        let Self { aws_access_key_id, aws_secret_access_key, aws_session_token, saml_password, .. } = self;
        match saml_password {
            Some(_) => aws_access_key_id.is_none() && aws_secret_access_key.is_none() && aws_session_token.is_none(),
            None => aws_access_key_id.is_some() && aws_secret_access_key.is_some(),
        }
    }

    /// What it has; an error when that can be neither keys nor a password. It does not show them.
    pub(super) fn kept(self) -> Result<Kept, &'static str> {
        let Self { aws_access_key_id, aws_secret_access_key, aws_session_token, saml_password, saml_host, saml_user } =
            self;
        match (aws_access_key_id, aws_secret_access_key, aws_session_token, saml_password) {
            (Some(id), Some(secret), token, None) => keys(id, secret, token).map(Kept::Keys),
            (None, None, None, Some(password)) => {
                let whose = whose(saml_host, saml_user)?;
                password_of(password).map(|secret| Kept::Password(Password { secret, whose }))
            }
            _ => Err("it is neither a pair of keys nor a password"),
        }
    }
}

fn keys(
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Option<Secret>,
) -> Result<Credentials, &'static str> {
    let session_token = session_token.filter(|token| !token.expose().is_empty());
    let texts = [access_key_id.as_str(), secret_access_key.expose()];
    if texts.iter().any(|text| text.is_empty()) {
        return Err("a key is empty");
    }
    if !texts.into_iter().chain(session_token.as_ref().map(Secret::expose)).all(is_key_text) {
        return Err("a key or the token holds a control character");
    }
    Ok(Credentials { access_key_id, secret_access_key, session_token, expiration: None, account_id: None })
}

fn password_of(password: Secret) -> Result<Secret, &'static str> {
    match password.expose() {
        "" => Err("the password is empty"),
        text if text.contains(char::is_control) => Err("the password holds a control character"),
        _ => Ok(password),
    }
}

fn whose(host: Option<String>, user: Option<String>) -> Result<Option<Whose>, &'static str> {
    match (host, user) {
        (None, None) => Ok(None),
        (Some(host), Some(user)) if [&host, &user].iter().any(|text| text.contains(char::is_control)) => {
            Err("whose the password is holds a control character")
        }
        (Some(host), Some(user)) => Ok(Some(Whose { host, user })),
        _ => Err("it has one of saml_host and saml_user, and not the other"),
    }
}

/// What is kept for a profile as a document. The account and the end of its keys are settings, and not in it.
#[cfg(unix)]
pub(super) fn render(kept: &Kept) -> Zeroizing<Vec<u8>> {
    let entry = Entry::of(kept);
    to_json(&entry.shown(), entry.room())
}

/// The keys or the password in a document. Members of other names are passed over.
#[cfg(unix)]
pub(super) fn parse(document: &[u8], profile: &str) -> Result<Kept, Trouble> {
    // serde's own words would quote values.
    let entry: Result<Entry, _> = serde_json::from_slice(document).map_err(|_| "it is not the JSON that keyfob writes");
    let kept = entry.and_then(Entry::kept);
    kept.map_err(|why| Trouble::Failed(format!("the entry of profile \"{profile}\" cannot be used: {why}")))
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

    fn keys(token: Option<&str>) -> Kept {
        Kept::Keys(Credentials {
            access_key_id: "AKIAEXAMPLE".into(),
            secret_access_key: Secret::new("a\"b\\c/é"),
            session_token: token.map(Secret::new),
            expiration: None,
            account_id: None,
        })
    }

    fn password(text: &str) -> Kept {
        Kept::Password(Secret::new(text).into())
    }

    fn password_of_jane() -> Kept {
        let whose = Whose { host: "https://adfs.example.com".into(), user: "CORP\\jane".into() };
        Kept::Password(Password { secret: Secret::new("s"), whose: Some(whose) })
    }

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        for kept in
            [keys(None), keys(Some("token//+==")), password(" \"hidden\" \\ é"), password(" "), password_of_jane()]
        {
            assert_eq!(parse(&render(&kept), "dev"), Ok(kept));
        }
    }

    #[test]
    fn a_document_is_one_line_that_a_person_can_write() {
        let text = r#"{"aws_access_key_id":"AKIAEXAMPLE","aws_secret_access_key":"a\"b\\c/é","aws_session_token":"t"}"#;
        assert_eq!(render(&keys(Some("t"))).as_slice(), text.as_bytes());
        let typed = "\n{\"note\": 1, \"aws_secret_access_key\": \"s\", \"aws_access_key_id\": \"A\"}\n";
        let Ok(Kept::Keys(read)) = parse(typed.as_bytes(), "dev") else { panic!("they are keys") };
        assert_eq!((read.access_key_id.as_str(), read.session_token), ("A", None));
        assert_eq!(render(&password("a\"b\\c/é")).as_slice(), r#"{"saml_password":"a\"b\\c/é"}"#.as_bytes());
        let text = r#"{"saml_password":"s","saml_host":"https://adfs.example.com","saml_user":"CORP\\jane"}"#;
        assert_eq!(render(&password_of_jane()).as_slice(), text.as_bytes());
    }

    #[test]
    fn what_is_no_document_is_refused_without_its_text() {
        let no_json = "it is not the JSON that keyfob writes";
        let neither = "it is neither a pair of keys nor a password";
        for (document, why) in [
            ("hidden", no_json),
            (r#"{"aws_access_key_id":"hidden"}"#, neither),
            (r#"{"saml_password":"hidden","aws_access_key_id":"A","aws_secret_access_key":"B"}"#, neither),
            (r#"{"saml_password":"hidden","aws_session_token":"t"}"#, neither),
            ("{}", neither),
            (r#"{"saml_password":""}"#, "the password is empty"),
            (r#"{"saml_password":"hidden\t"}"#, "the password holds a control character"),
            (
                r#"{"saml_password":"hidden","saml_user":"jane"}"#,
                "it has one of saml_host and saml_user, and not the other",
            ),
            (
                r#"{"saml_password":"hidden","saml_host":"https://a","saml_user":"jane\u001b"}"#,
                "whose the password is holds a control character",
            ),
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
