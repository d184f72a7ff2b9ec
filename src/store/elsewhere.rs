//! Stores of other systems than this one.

use super::{Kept, SecretStore, StoreName, Trouble};

/// A store that this system does not have.
pub(super) struct Elsewhere(&'static str);

impl Elsewhere {
    pub(super) fn new(name: &StoreName) -> Self {
        Self(match name {
            StoreName::SecretService => "it exists on Linux and other systems with a D-Bus desktop",
            StoreName::Keychain => "it exists on macOS alone",
            _ => "it exists on Windows alone",
        })
    }

    fn absent<T>(&self) -> Result<T, Trouble> {
        Err(Trouble::Absent(self.0.to_owned()))
    }
}

impl SecretStore for Elsewhere {
    fn get(&self, _: &str) -> Result<Option<Kept>, Trouble> {
        self.absent()
    }

    fn put(&self, _: &str, _: &Kept) -> Result<(), Trouble> {
        self.absent()
    }

    fn remove(&self, _: &str) -> Result<bool, Trouble> {
        self.absent()
    }

    fn list(&self) -> Result<Option<Vec<String>>, Trouble> {
        self.absent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_store_of_another_system_is_absent_whatever_is_wanted() {
        let password = Kept::Password(Secret::new("s").into());
        for (name, why) in [
            (StoreName::SecretService, "it exists on Linux and other systems with a D-Bus desktop"),
            (StoreName::Keychain, "it exists on macOS alone"),
            (StoreName::Sdk, "it exists on Windows alone"),
        ] {
            let store = Elsewhere::new(&name);
            let absent = || Trouble::Absent(why.to_owned());
            assert_eq!(store.get("dev"), Err(absent()));
            assert_eq!(store.put("dev", &password), Err(absent()));
            assert_eq!(store.password("dev"), Err(absent()));
            assert_eq!(store.keys("dev"), Err(absent()));
            assert_eq!(store.remove("dev"), Err(absent()));
            assert_eq!(store.list(), Err(absent()));
        }
    }
}
