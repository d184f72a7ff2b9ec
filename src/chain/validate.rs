//! Settings that STS would refuse, found before any call. The limits are those of the API reference, except
//! that an ARN's shape is left to the service: test endpoints take ARNs that AWS would not.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::{Chain, Role};
use crate::error::Error;
use std::ops::RangeInclusive;

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
        let length = |text: &str| text.chars().count();
        if self.session_tags.len() > MOST {
            return Err(self.invalid("session_tags", "has at most 50 tags"));
        }
        if self.session_tags.iter().any(|(key, value)| !(1..=128).contains(&length(key)) || length(value) > 256) {
            return Err(self.invalid("session_tags", "has keys of 1 to 128 characters and values of at most 256"));
        }
        if self.transitive_session_tags.len() > MOST {
            return Err(self.invalid("transitive_session_tags", "has at most 50 keys"));
        }
        Ok(())
    }

    fn invalid(&self, key: &str, rule: &str) -> Error {
        Error::new(format!("profile \"{}\" cannot be used", self.profile))
            .cause(format!("{}: `{key}` of this role {rule}", self.place))
    }
}

/// `\w`, which in AWS's patterns is ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
