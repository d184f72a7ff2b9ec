//! The calls of the Security framework that keyfob makes, each with a limit: the system may ask the person meanwhile.

use super::{ITEM_NOT_FOUND, trouble_of};
use crate::store::{Kept, Patience, SecretStore, Trouble, entry};
use security_framework::base::Error;
use security_framework::item::{ItemClass, ItemSearchOptions, Limit};
use security_framework::passwords::{PasswordOptions, delete_generic_password, generic_password, set_generic_password};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// What the entries of keyfob have in common.
const SERVICE: &str = "keyfob";

pub(in crate::store) struct Keychain {
    patience: Patience,
}

impl Keychain {
    pub(in crate::store) fn new(patience: Patience) -> Self {
        Self { patience }
    }

    /// Nobody knows before a call whether the system will ask.
    fn refuse_haste(&self) -> Result<(), Trouble> {
        match self.patience {
            Patience::OfAPerson => Ok(()),
            Patience::Short(_) => Err(Trouble::Locked("its question is not asked now".to_owned())),
        }
    }
}

impl SecretStore for Keychain {
    fn get(&self, profile: &str) -> Result<Option<Kept>, Trouble> {
        self.refuse_haste()?;
        let account = profile.to_owned();
        let found = within_limit(move || {
            generic_password(PasswordOptions::new_generic_password(SERVICE, &account)).map(Zeroizing::new)
        })?;
        found.map(|document| entry::parse(&document, profile)).transpose()
    }

    fn put(&self, profile: &str, kept: &Kept) -> Result<(), Trouble> {
        let (account, document) = (profile.to_owned(), entry::render(kept));
        let put = within_limit(move || set_generic_password(SERVICE, &account, &document))?;
        put.ok_or_else(|| trouble_of(ITEM_NOT_FOUND, None))
    }

    fn remove(&self, profile: &str) -> Result<bool, Trouble> {
        let account = profile.to_owned();
        let removed = within_limit(move || delete_generic_password(SERVICE, &account))?;
        Ok(removed.is_some())
    }

    fn list(&self) -> Result<Option<Vec<String>>, Trouble> {
        let accounts = within_limit(|| {
            let mut search = ItemSearchOptions::new();
            search.class(ItemClass::generic_password()).service(SERVICE).load_attributes(true).limit(Limit::All);
            let entries = search.search()?;
            Ok(entries.iter().filter_map(|entry| entry.simplify_dict()?.remove("acct")).collect::<Vec<_>>())
        })?;
        let mut profiles = accounts.unwrap_or_default();
        profiles.sort();
        profiles.dedup();
        Ok(Some(profiles))
    }
}

/// Makes a call that may end in a question on the desktop; `None` when there is no such entry.
fn within_limit<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<Option<T>, Trouble> {
    const LIMIT: Duration = Duration::from_mins(1);
    let (sender, answer) = mpsc::channel();
    // The framework cannot be told to give up: its question goes when this process ends.
    thread::spawn(move || {
        // Nobody waits for it any more, if that fails.
        let _ = sender.send(call().map_err(|error| (error.code(), error.message())));
    });
    match answer.recv_timeout(LIMIT) {
        Ok(Ok(done)) => Ok(Some(done)),
        Ok(Err((ITEM_NOT_FOUND, _))) => Ok(None),
        Ok(Err((status, said))) => Err(trouble_of(status, said)),
        Err(RecvTimeoutError::Timeout) => {
            Err(Trouble::TimedOut("nobody answered its question on the desktop".to_owned()))
        }
        Err(RecvTimeoutError::Disconnected) => Err(Trouble::Failed("its call ended without an answer".to_owned())),
    }
}
