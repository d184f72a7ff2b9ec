//! Whose a password is: it is sent for nobody else, and nowhere else, than it was stored for.

use crate::saml::{Address, Credential};
use crate::secret::Secret;
use std::fmt;

/// That of a person who signs in with SAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Password {
    pub(crate) secret: Secret,
    /// `None`: whoever put it into the store did not say; then it is the profile's.
    pub(crate) whose: Option<Whose>,
}

/// A person at a server; none of it is a secret.
#[derive(Clone, Debug)]
pub(crate) struct Whose {
    /// Its scheme, host and port: `https://adfs.example.com`.
    pub(super) host: String,
    /// With the domain: `CORP\jane`.
    pub(super) user: String,
}

impl Whose {
    pub(crate) fn new(endpoint: &Address, user: &str, domain: Option<&str>) -> Self {
        Self { host: endpoint.origin(), user: Credential::full_name(user, domain) }
    }
}

/// A server of Windows does not tell `Jane` from `jane`.
impl PartialEq for Whose {
    fn eq(&self, other: &Self) -> bool {
        self.host == other.host && self.user.to_lowercase() == other.user.to_lowercase()
    }
}

impl Eq for Whose {}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" at {}", self.user, self.host)
    }
}

impl Password {
    /// Why it is not what this person is to sign in with; `None` when it is.
    pub(crate) fn objection(&self, person: Option<&Whose>) -> Option<String> {
        let whose = self.whose.as_ref().filter(|whose| person != Some(whose))?;
        let person = person.map_or("nobody".to_owned(), Whose::to_string);
        Some(format!("the password of {whose} for it, and the profile names {person}"))
    }

    /// Whether both are the same, as far as both say whose they are: a program may keep no more than the secret.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let is_other = self.whose.as_ref().zip(other.whose.as_ref()).is_some_and(|(one, other)| one != other);
        self.secret == other.secret && !is_other
    }
}

#[cfg(test)]
impl From<Secret> for Password {
    fn from(secret: Secret) -> Self {
        Self { secret, whose: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(page: &str, user: &str, domain: Option<&str>) -> Whose {
        Whose::new(&Address::parse(page).expect("an address"), user, domain)
    }

    #[test]
    fn a_person_is_known_by_the_server_and_the_whole_name() {
        let jane = whose("https://adfs.example.com/adfs/ls", "jane", Some("CORP"));
        for (page, user, domain, is_same) in [
            ("https://ADFS.example.com:443/other?page", "Jane", Some("corp"), true),
            ("https://adfs.example.com/", "CORP\\jane", None, true),
            ("https://adfs.example.com/", "CORP\\jane", Some("OTHER"), true),
            ("https://adfs.example.com:8443/", "jane", Some("CORP"), false),
            ("https://other.example.com/", "jane", Some("CORP"), false),
            ("https://adfs.example.com/", "joe", Some("CORP"), false),
            ("https://adfs.example.com/", "jane", None, false),
        ] {
            let other = whose(page, user, domain);
            assert_eq!(jane == other, is_same, "{other}");
        }
        assert_eq!(jane.to_string(), "\"CORP\\jane\" at https://adfs.example.com");
    }

    #[test]
    fn a_password_is_for_whom_it_was_stored_or_for_the_profile_where_nobody_said() {
        let (jane, joe) = (whose("https://a/", "jane", None), whose("https://a/", "joe", None));
        let of_jane = Password { secret: Secret::new("hidden"), whose: Some(jane.clone()) };
        assert_eq!(of_jane.objection(Some(&jane)), None);
        let why = "the password of \"jane\" at https://a for it, and the profile names ";
        assert_eq!(of_jane.objection(Some(&joe)), Some(format!("{why}\"joe\" at https://a")));
        assert_eq!(of_jane.objection(None), Some(format!("{why}nobody")));
        let of_anybody = Password::from(Secret::new("hidden"));
        assert_eq!((of_anybody.objection(Some(&joe)), of_anybody.objection(None)), (None, None));
        assert!(of_jane.is_same(&of_anybody) && of_anybody.is_same(&of_jane));
        assert!(!of_jane.is_same(&Password { whose: Some(joe), ..of_anybody.clone() }));
        assert!(!of_anybody.is_same(&Password::from(Secret::new("other"))));
    }
}
