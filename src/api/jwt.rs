//! JSON Web Tokens (RFC 7519), as far as they can be read without their key.
//!
//! Nobody checks the signature here: that is the matter of whoever a token is meant for.

use super::shortened;
use crate::timestamp::Timestamp;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde_json::Value;

/// What a token says of itself. Anybody may have written it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) issuer: String,
    /// Whom the token is for.
    pub(crate) audience: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) expiration: Option<Timestamp>,
}

impl Claims {
    /// `None` for what is no such token, or names no issuer.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Payload {
            iss: String,
            #[serde(default)]
            aud: Value,
            sub: Option<String>,
            /// Seconds since 1970; a fraction is allowed.
            exp: Option<f64>,
        }
        let Payload { iss, aud, sub, exp } = serde_json::from_slice(&payload(token)?).ok()?;
        let audience = match &aud {
            Value::Array(several) => several.iter().filter_map(Value::as_str).map(shortened).collect(),
            one => one.as_str().map(shortened).into_iter().collect(),
        };
        let subject = sub.as_deref().map(shortened);
        Some(Self { issuer: shortened(&iss), audience, subject, expiration: exp.and_then(timestamp) })
    }
}

fn timestamp(seconds: f64) -> Option<Timestamp> {
    const YEAR_9999: f64 = 253_402_300_800.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds of four-digit years")]
    let seconds = (0.0..YEAR_9999).contains(&seconds).then_some(seconds as i64)?;
    Some(Timestamp::from_unix_millis(seconds * 1000))
}

/// The JSON in the middle of a token's three parts.
pub(super) fn payload(token: &str) -> Option<Vec<u8>> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = parts.next().is_none();
    Base64UrlUnpadded::decode_vec(payload.trim_end_matches('=')).ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(payload: &str) -> Option<Claims> {
        Claims::parse(&format!("e30.{}.c2ln", Base64UrlUnpadded::encode_string(payload.as_bytes())))
    }

    #[test]
    fn claims_are_read_whatever_their_shape() {
        let claims = |audience: &[&str], subject: Option<&str>, expiration: Option<i64>| {
            Some(Claims {
                issuer: "https://i".into(),
                audience: audience.iter().map(ToString::to_string).collect(),
                subject: subject.map(str::to_owned),
                expiration: expiration.map(Timestamp::from_unix_millis),
            })
        };
        for (payload, expected) in [
            (r#"{"iss":"https://i"}"#, claims(&[], None, None)),
            (
                r#"{"iss":"https://i","aud":"a","sub":"s","exp":1767225600}"#,
                claims(&["a"], Some("s"), Some(1_767_225_600_000)),
            ),
            (
                r#"{"iss":"https://i","aud":["a","b"],"exp":1767225600.5}"#,
                claims(&["a", "b"], None, Some(1_767_225_600_000)),
            ),
            (r#"{"iss":"https://i","aud":{"a":1},"exp":1e300,"more":[1]}"#, claims(&[], None, None)),
            (r#"{"iss":"https://i","exp":-1}"#, claims(&[], None, None)),
            (r#"{"aud":"a"}"#, None),
            (r#"{"iss":1}"#, None),
            ("[]", None),
            ("text", None),
        ] {
            assert_eq!(parse(payload), expected, "{payload}");
        }
    }

    #[test]
    fn what_has_other_than_three_parts_is_no_token() {
        for text in ["", "a.b", "..", "a.e30.c.d", "a.!.c", "opaque-token"] {
            assert_eq!(Claims::parse(text), None, "{text}");
        }
    }
}
