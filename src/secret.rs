//! The one type that holds secrets, and the names by which settings are told to be such.

use serde::{Deserialize, Deserializer};
use std::fmt;
use zeroize::Zeroizing;

/// Whether the value of a setting is nobody else's affair: AWS's own secrets, keyfob's, and what other tools keep beside
/// them under names that say so.
pub(crate) fn is_secret(key: &str) -> bool {
    const SIGNS: [&str; 3] = ["secret", "password", "passphrase"];
    let key = key.to_ascii_lowercase();
    key == "token" || key.ends_with("_token") || SIGNS.iter().any(|sign| key.contains(sign))
}

/// A secret access key, session token or one-time code.
///
/// It has no `Display` and a silent `Debug`, so it reaches an output only through
/// [`expose`](Self::expose), whose every use can be searched for. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names() {
        for (key, expected) in [
            ("aws_secret_access_key", true),
            ("AWS_Session_Token", true),
            ("aws_security_token", true),
            ("keyfob_aws_secret_access_key", true),
            ("keyfob_aws_session_token", true),
            ("saml_password", true),
            ("aws_access_key_id", false),
            ("web_identity_token_file", false),
            ("x_security_token_expires", false),
            ("region", false),
        ] {
            assert_eq!(is_secret(key), expected, "{key}");
        }
    }
}
