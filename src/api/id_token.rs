//! Who signed in, as the sign-in service says it in a JSON Web Token (RFC 7519).
//!
//! Nobody checks the signature, the AWS CLI and the SDKs neither: the token came from the service itself, over TLS.

use super::jwt;
use crate::error::Printable;
use crate::timestamp::Timestamp;
use serde::Deserialize;

/// What such a token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IdToken {
    /// The ARN of whoever signed in: the name of the session.
    pub(crate) login_session: String,
    /// When that was.
    pub(crate) issued: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// Seconds since 1970.
    iat: Option<i64>,
}

impl IdToken {
    /// `None` for what is no such token, and for a subject that is no ARN or could not stand in a file of settings.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        let Claims { sub, iat } = serde_json::from_slice(&jwt::payload(token)?).ok()?;
        let is_arn = sub.starts_with("arn:") && sub.splitn(6, ':').nth(5).is_some_and(|resource| !resource.is_empty());
        let is_printable = Printable(&sub).to_string() == sub;
        let is_one_word = is_printable && !sub.chars().any(char::is_whitespace);
        let issued = iat.and_then(|seconds| seconds.checked_mul(1000)).map(Timestamp::from_unix_millis);
        (is_arn && is_one_word).then_some(Self { login_session: sub, issued })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};

    fn token(payload: &str) -> String {
        format!(
            "eyJhbGciOiJFUzM4NCJ9.{}.bm90LWEtcmVhbC1zaWduYXR1cmU",
            Base64UrlUnpadded::encode_string(payload.as_bytes())
        )
    }

    #[test]
    fn the_session_is_the_subject_whatever_else_the_token_says() {
        for arn in [
            "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com",
            "arn:aws:iam::012345678910:root",
            "arn:aws-cn:iam::123456789012:user/division/été",
        ] {
            let payload = format!(r#"{{"sub":"{}","aud":"x","iat":1767225600}}"#, arn.replace('/', "\\/"));
            let issued = Some(Timestamp::from_unix_millis(1_767_225_600_000));
            assert_eq!(IdToken::parse(&token(&payload)), Some(IdToken { login_session: arn.into(), issued }));
        }
    }

    #[test]
    fn a_subject_that_is_no_arn_is_refused() {
        for subject in [
            "",
            "alice",
            "arn:aws:iam::123456789012",
            "arn:aws:iam:123456789012:root",
            r"arn:a:b:c:d:e\n[x]",
            "arn:a:b:c:d:\u{202e}e",
            "arn:a:b:c:d:e #",
        ] {
            assert_eq!(IdToken::parse(&token(&format!(r#"{{"sub":"{subject}"}}"#))), None, "{subject}");
        }
        for text in ["", "a.b", "a.b.c.d", "..", "a.e30.c", &token("{}"), &token("[]")] {
            assert_eq!(IdToken::parse(text), None, "{text}");
        }
    }
}
