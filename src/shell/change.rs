//! What is to become of the variables of a shell.

use crate::secret::Secret;

/// What happens to one variable.
#[derive(Debug)]
pub(crate) enum Change {
    Set(&'static str, Secret),
    Unset(&'static str),
    /// Whatever it is, it stays.
    Keep,
}

impl Change {
    pub(crate) fn set(name: &'static str, value: &str) -> Self {
        Self::Set(name, Secret::new(value))
    }

    pub(crate) fn unset(name: &'static str) -> Self {
        Self::Unset(name)
    }

    /// Set to a value, or unset where there is none: a stale one would poison the rest.
    pub(crate) fn to(name: &'static str, value: Option<&str>) -> Self {
        value.map_or(Self::Unset(name), |value| Self::set(name, value))
    }

    pub(crate) fn keep_or_set(name: &'static str, value: Option<&str>) -> Self {
        value.map_or(Self::Keep, |value| Self::set(name, value))
    }
}
