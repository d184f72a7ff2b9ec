//! What a store has under the name of a profile.

use super::{Password, Trouble};
use crate::credentials::Credentials;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// A long-term key pair.
    Keys(Credentials),
    /// That of a person who signs in with SAML.
    Password(Password),
}

impl Kept {
    /// Whether both are the same secrets.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Keys(keys), Self::Keys(others)) => keys.is_same_pair(others),
            (Self::Password(password), Self::Password(other)) => password.is_same(other),
            (Self::Keys(_), Self::Password(_)) | (Self::Password(_), Self::Keys(_)) => false,
        }
    }

    /// What it is, in a word.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Keys(_) => "keys",
            Self::Password(_) => "password",
        }
    }

    /// As it may be shown.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Keys(keys) => format!("the access key \"{}\"", keys.access_key_id),
            Self::Password(_) => "a password".to_owned(),
        }
    }

    /// The trouble of a store that has this where something else is wanted.
    pub(super) fn instead(&self, wanted: &str) -> Trouble {
        Trouble::Failed(format!("it has {} of that name, and no {wanted}", self.shown()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn what_is_kept_is_shown_without_its_secrets() {
        let keys = Credentials {
            access_key_id: "AKIA".into(),
            secret_access_key: Secret::new("hidden"),
            session_token: None,
            expiration: None,
            account_id: None,
        };
        let (keys, password) = (Kept::Keys(keys), Kept::Password(Secret::new("hidden").into()));
        assert_eq!(keys.shown(), "the access key \"AKIA\"");
        assert_eq!(password.shown(), "a password");
        assert!(!format!("{keys:?} {password:?}").contains("hidden"));
        assert!(password.is_same(&Kept::Password(Secret::new("hidden").into())));
        assert!(!password.is_same(&Kept::Password(Secret::new("other").into())));
        assert!(!password.is_same(&keys) && keys.is_same(&keys));
    }
}
