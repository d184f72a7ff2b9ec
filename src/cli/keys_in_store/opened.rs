//! A store that is open for the keys of profiles. A person is asked for its passphrase once.

use super::{Changes, Location, named_id};
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::profile::{Profile, Profiles, Written};
use crate::shell;
use crate::store::{self, SecretStore, StoreName, Trouble};

pub(in crate::cli) struct Opened<'a> {
    name: &'a StoreName,
    store: Box<dyn SecretStore + 'a>,
    context: &'a Context,
}

impl<'a> Opened<'a> {
    /// Nothing is opened before it is needed.
    pub(in crate::cli) fn new(name: &'a StoreName, context: &'a Context) -> Self {
        Self { name, store: store::open(name, context), context }
    }

    /// The keys that a store has of a profile. An error when it has none.
    pub(in crate::cli) fn get(&self, name: &str) -> Result<Credentials, Error> {
        let failed = || Error::new(format!("cannot get the keys of profile \"{name}\" from their store"));
        let found = self.store.get(name).map_err(|trouble| trouble.explain(self.name, failed()))?;
        found.ok_or_else(|| {
            failed()
                .cause(format!("the store \"{}\" has none of that name", self.name.shown()))
                .hint(format!("store them again: `keyfob profile set {} --access-key ID`", shell::word(name)))
        })
    }

    /// The same, of which the profile names the id: others would be of a profile in other files.
    pub(in crate::cli) fn own(&self, profile: &Profile<'_>) -> Result<Credentials, Error> {
        let keys = self.get(&profile.name)?;
        match named_id(profile)? {
            Some(named) if named != keys.access_key_id => {
                Err(Error::new(format!("cannot get the keys of profile \"{}\" from their store", profile.name)).cause(
                    format!(
                        "the store \"{}\" has the access key \"{}\" for it, and the profile names \"{named}\"",
                        self.name.shown(),
                        keys.access_key_id
                    ),
                ))
            }
            _ => Ok(keys),
        }
    }

    /// Puts keys into a store and reads them back, and then makes the changes that [`note`](super::note) is a part of.
    /// When none could be made the store has what it had before.
    ///
    /// An error when the store has other keys of that name than those of the profile in these files.
    pub(in crate::cli) fn keep(
        &self,
        name: &str,
        keys: &Credentials,
        changes: &Changes,
        location: &Location,
    ) -> Result<Vec<Written>, Error> {
        changes.rehearse(location)?;
        let failed = || Error::new(format!("cannot keep the keys of profile \"{name}\" in a store"));
        let profiles = Profiles::load(&location.vars)?;
        let named = profiles.profile(name)?.map_or(Ok(None), |profile| named_id(&profile))?;
        let before = match self.store.get(name) {
            Ok(Some(before))
                if before.access_key_id != keys.access_key_id && Some(&before.access_key_id) != named.as_ref() =>
            {
                return Err(self.taken(name, &before, failed()));
            }
            Ok(before) => Before::Known(before),
            // They are the profile's, and no one can use them as they are.
            Err(Trouble::Failed(_)) if named.is_some() => Before::Unknown,
            Err(trouble) => return Err(trouble.explain(self.name, failed())),
        };
        let put = self.store.put(name, keys).map_err(|trouble| trouble.explain(self.name, failed()));
        let kept = put.and_then(|()| self.store.get(name).map_err(|trouble| trouble.explain(self.name, failed())));
        let checked = match kept {
            Ok(Some(kept)) if kept.is_same_pair(keys) => Ok(()),
            Ok(_) => {
                Err(failed().cause(format!("the store \"{}\" does not give back what it was given", self.name.shown())))
            }
            Err(error) => Err(error),
        };
        let mut written = Vec::new();
        let done = checked.and_then(|()| changes.apply_config_first(location, self.context, &mut written));
        // Where the config file names the store already, its keys are the ones that count.
        if done.is_err() && written.is_empty() {
            self.put_back(name, before);
        }
        done.map(|()| written)
    }

    /// The error for keys that would be lost.
    fn taken(&self, name: &str, there: &Credentials, error: Error) -> Error {
        let shown = match self.name {
            // What the line says besides its program may be secret.
            StoreName::Exec(_) => "exec:COMMAND".to_owned(),
            _ => self.name.to_string(),
        };
        let (word, id) = (shell::word(name), &there.access_key_id);
        error
        .cause(format!(
            "the store \"{}\" has the access key \"{id}\" of that name already, which may be of a profile in other files",
            self.name.shown()
        ))
        .hint(format!(
            "choose another name or another store; if no other profile has it, let this one name it before: `keyfob \
             profile set {word} keyfob_store={shown} keyfob_aws_access_key_id={}`",
            shell::word(id)
        ))
    }

    fn put_back(&self, name: &str, before: Before) {
        let done = match before {
            Before::Known(Some(before)) => self.store.put(name, &before).is_ok(),
            Before::Known(None) => self.store.remove(name).is_ok(),
            Before::Unknown => false,
        };
        if !done {
            self.context
                .terminal
                .warn(&format!("the store may have keys of profile \"{name}\" now that no profile speaks of"));
        }
    }

    /// Makes changes by which a profile has its keys in a store no more, and lets the store forget them. When the changes
    /// cannot be made the store has them still.
    pub(in crate::cli) fn apply_and_forget(
        &self,
        profile: &Profile<'_>,
        changes: &Changes,
        location: &Location,
    ) -> Result<Vec<Written>, Error> {
        let name = &profile.name;
        changes.rehearse(location)?;
        let failed = || Error::new(format!("cannot remove the keys of profile \"{name}\" from their store"));
        let (word, option) = (shell::word(name), &location.option);
        let way = format!(
            "to leave them there for good: `keyfob profile unset {word} keyfob_store{option}`, and then the same again"
        );
        let trouble = |trouble: Trouble| trouble.explain(self.name, failed().hint(way.as_str()));
        let before = self.store.get(name).map_err(trouble)?;
        let named = named_id(profile)?;
        let is_own = before.as_ref().is_some_and(|before| Some(&before.access_key_id) == named.as_ref());
        if is_own {
            self.store.remove(name).map_err(trouble)?;
        } else if let Some(before) = &before {
            self.warn_of_others(name, &before.access_key_id);
        }
        let done = changes.apply(location, self.context);
        if done.is_err() && is_own {
            self.put_back(name, Before::Known(before));
        }
        done
    }

    /// Lets a store forget the keys of a profile, if they have this id: others may be of a profile in other files. Returns
    /// whether it had them.
    pub(in crate::cli) fn forget(&self, name: &str, access_key_id: &str) -> Result<bool, Error> {
        let failed = || Error::new(format!("cannot remove the keys of profile \"{name}\" from their store"));
        let trouble = |trouble: Trouble| trouble.explain(self.name, failed());
        match self.store.get(name).map_err(trouble)? {
            Some(kept) if kept.access_key_id == access_key_id => self.store.remove(name).map_err(trouble),
            Some(kept) => {
                self.warn_of_others(name, &kept.access_key_id);
                Ok(false)
            }
            None => Ok(false),
        }
    }

    fn warn_of_others(&self, name: &str, id: &str) {
        self.context.terminal.warn(&format!(
        "the store \"{}\" has the access key \"{id}\" of the name \"{name}\", which this profile does not name; it stays",
        self.name.shown()
    ));
    }

    /// The same where it is the last thing to do: what else was done stays done.
    pub(in crate::cli) fn forget_or_warn(&self, name: &str, access_key_id: &str) {
        if let Err(error) = self.forget(name, access_key_id) {
            let why = error.cause.unwrap_or_default();
            self.context.terminal.warn(&format!("the store still has the keys of profile \"{name}\": {why}"));
        }
    }
}

/// What a store had of a profile.
enum Before {
    Known(Option<Credentials>),
    /// It could not be read.
    Unknown,
}
