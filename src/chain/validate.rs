//! Settings that STS would refuse, found before any call. The limits are those of the API reference, except
//! that an ARN's shape is left to the service: test endpoints take ARNs that AWS would not.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::{Chain, Role, unusable};
use crate::error::Error;
use std::ops::RangeInclusive;

/// The settings with rules of their own; the role's ARN is another.
pub(super) const CHECKED: [&str; 7] = [
    "role_session_name",
    "external_id",
    "mfa_serial",
    "source_identity",
    "duration_seconds",
    "session_tags",
    "transitive_session_tags",
];

impl Chain<'_> {
    /// Checks every role's settings.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        self.roles.iter().try_for_each(Role::validate)
    }
}

impl Role<'_> {
    fn validate(&self) -> Result<(), Error> {
        let text = |key, value: Option<&str>, length: RangeInclusive<usize>, others: &str| match value {
            Some(value) if !length.contains(&value.chars().count()) => {
                Err(self.invalid(key, &format!("has {} to {} characters", length.start(), length.end())))
            }
            Some(value) if !value.bytes().all(|byte| is_word(byte) || others.as_bytes().contains(&byte)) => {
                Err(self.invalid(key, &format!("is made of letters, digits and _{others}")))
            }
            _ => Ok(()),
        };
        if self.role_arn.chars().any(char::is_whitespace) || self.role_arn.len() > 2048 {
            return Err(self.invalid("role_arn", "is an ARN of at most 2048 characters, without blanks"));
        }
        text("role_session_name", self.role_session_name.as_deref(), 2..=64, "+=,.@-")?;
        text("external_id", self.external_id.as_deref(), 2..=1224, "+=,.@:/-")?;
        text("mfa_serial", self.mfa_serial.as_deref(), 9..=256, "+=/:,.@-")?;
        text("source_identity", self.source_identity.as_deref(), 2..=64, "+=,.@-")?;
        if self.duration_seconds.is_some_and(|seconds| !(900..=43_200).contains(&seconds)) {
            return Err(self.invalid("duration_seconds", "is between 900 and 43200"));
        }
        self.validate_tags()
    }

    fn validate_tags(&self) -> Result<(), Error> {
        const MOST: usize = 50;
        let is_key = |key: &str| is_tag_text(key, 1..=128);
        if self.session_tags.len() > MOST {
            return Err(self.invalid("session_tags", "has at most 50 tags"));
        }
        if !self.session_tags.iter().all(|(key, value)| is_key(key) && is_tag_text(value, 0..=256)) {
            let rule =
                "has keys of 1 to 128 characters and values of at most 256: letters, digits, blanks and _.:/=+-@";
            return Err(self.invalid("session_tags", rule));
        }
        if self.transitive_session_tags.len() > MOST || !self.transitive_session_tags.iter().all(|key| is_key(key)) {
            return Err(self.invalid("transitive_session_tags", "has at most 50 keys of session_tags"));
        }
        Ok(())
    }

    fn invalid(&self, key: &str, rule: &str) -> Error {
        let place = self.places.iter().find(|(name, _)| *name == key).map_or(self.place, |(_, place)| *place);
        unusable(&self.profile, self.referrer.as_ref()).cause(format!("{place}: `{key}` {rule}"))
    }
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
fn is_tag_text(text: &str, length: RangeInclusive<usize>) -> bool {
    let is_allowed = |letter: char| letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter);
    length.contains(&text.chars().count()) && text.chars().all(is_allowed)
}

/// `\w`, which in AWS's patterns is ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
