//! Settings that STS would refuse, found before any call. The limits are those of the API reference, except
//! that an ARN's shape is left to the service: test endpoints take ARNs that AWS would not.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::{Chain, Origin, Role, Source, WebIdentity, unusable};
use crate::error::Error;
use crate::profile::{Place, Profiles};
use std::ops::RangeInclusive;

impl Chain<'_> {
    /// Checks every role's settings, and those of a web identity, of which `variable` knows what a variable says, and
    /// the profile `selected` may say the rest.
    pub(crate) fn validate(
        &self,
        profiles: &Profiles,
        selected: &str,
        variable: impl Fn(&str) -> Option<&'static str>,
    ) -> Result<(), Error> {
        if let Source::WebIdentity(identity) = &self.base.source {
            identity.validate().map_err(|invalid| match (variable(invalid.key), &self.base.origin) {
                (Some(variable), _) => invalid.in_environment(variable),
                (None, Origin::Profile { name, place }) => {
                    invalid.in_profile(name, Some(*place), profiles, unusable(name, None))
                }
                (None, _) => invalid.in_profile(selected, None, profiles, unusable(selected, None)),
            })?;
        }
        self.roles.iter().try_for_each(|role| role.validate().map_err(|invalid| invalid.in_role(role, profiles)))
    }
}

impl Role<'_> {
    fn validate(&self) -> Result<(), Invalid> {
        validate_role(&self.role_arn, self.role_session_name.as_deref())?;
        text("external_id", self.external_id.as_deref(), 2..=1224, "+=,.@:/-")?;
        text("mfa_serial", self.mfa_serial.as_deref(), 9..=256, "+=/:,.@-")?;
        text("source_identity", self.source_identity.as_deref(), 2..=64, "+=,.@-")?;
        if self.duration_seconds.is_some_and(|seconds| !(900..=43_200).contains(&seconds)) {
            return Err(Invalid::new("duration_seconds", "is between 900 and 43200"));
        }
        self.validate_tags()
    }

    fn validate_tags(&self) -> Result<(), Invalid> {
        const MOST: usize = 50;
        let is_key = |key: &str| is_tag_text(key, 1..=128);
        if self.session_tags.len() > MOST {
            return Err(Invalid::new("session_tags", "has at most 50 tags"));
        }
        if !self.session_tags.iter().all(|(key, value)| is_key(key) && is_tag_text(value, 0..=256)) {
            let rule =
                "has keys of 1 to 128 characters and values of at most 256: letters, digits, blanks and _.:/=+-@";
            return Err(Invalid::new("session_tags", rule));
        }
        if self.transitive_session_tags.len() > MOST || !self.transitive_session_tags.iter().all(|key| is_key(key)) {
            return Err(Invalid::new("transitive_session_tags", "has at most 50 keys of session_tags"));
        }
        Ok(())
    }
}

impl WebIdentity {
    fn validate(&self) -> Result<(), Invalid> {
        validate_role(&self.role_arn, self.role_session_name.as_deref())
    }
}

fn validate_role(role_arn: &str, role_session_name: Option<&str>) -> Result<(), Invalid> {
    if role_arn.chars().any(char::is_whitespace) || role_arn.len() > 2048 {
        return Err(Invalid::new("role_arn", "is an ARN of at most 2048 characters, without blanks"));
    }
    text("role_session_name", role_session_name, 2..=64, "+=,.@-")
}

/// Checks a text of `length` characters, all of them letters, digits, `_` or one of `others`.
fn text(key: &'static str, value: Option<&str>, length: RangeInclusive<usize>, others: &str) -> Result<(), Invalid> {
    match value {
        Some(value) if !length.contains(&value.chars().count()) => {
            Err(Invalid::new(key, format!("has {} to {} characters", length.start(), length.end())))
        }
        Some(value) if !value.bytes().all(|byte| is_word(byte) || others.as_bytes().contains(&byte)) => {
            Err(Invalid::new(key, format!("is made of letters, digits and _{others}")))
        }
        _ => Ok(()),
    }
}

/// A setting that breaks a rule.
struct Invalid {
    key: &'static str,
    rule: String,
}

impl Invalid {
    fn new(key: &'static str, rule: impl Into<String>) -> Self {
        Self { key, rule: rule.into() }
    }

    fn in_role(self, role: &Role<'_>, profiles: &Profiles) -> Error {
        self.in_profile(&role.profile, Some(role.place), profiles, unusable(&role.profile, role.referrer.as_ref()))
    }

    fn in_environment(self, variable: &str) -> Error {
        Error::new("cannot use the web identity of the environment").cause(format!("{variable} {}", self.rule))
    }

    /// The error for a person; only now is it of interest where the setting stands.
    fn in_profile(self, name: &str, place: Option<Place<'_>>, profiles: &Profiles, error: Error) -> Error {
        let Self { key, rule } = self;
        let profile = profiles.profile(name).ok().flatten();
        let setting = profile.and_then(|profile| profile.get(key).ok().flatten());
        let place = setting.map(|setting| setting.place).or(place);
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        error.cause(format!("{place}`{key}` {rule}"))
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
