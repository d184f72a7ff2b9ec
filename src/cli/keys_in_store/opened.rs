//! A store that is open for what it keeps of profiles. A person is asked for its passphrase once.

use super::{Changes, Location, Named, named, store_of};
use crate::cli::place::Place;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::profile::{Profile, Profiles, Written};
use crate::shell;
use crate::store::{self, Kept, Password, SecretStore, StoreName, Trouble};

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
    pub(in crate::cli) fn keys(&self, name: &str) -> Result<Credentials, Error> {
        let failed = || Error::new(format!("cannot get the keys of profile \"{name}\" from their store"));
        let found = self.store.keys(name).map_err(|trouble| trouble.explain(self.name, failed()))?;
        found.ok_or_else(|| {
            failed()
                .cause(format!("the store \"{}\" has none of that name", self.name.shown()))
                .hint(format!("store them again: `keyfob profile set {} --access-key ID`", shell::word(name)))
        })
    }

    /// The password that a store has of a profile. An error when it has none.
    fn password(&self, name: &str) -> Result<Password, Error> {
        let failed = || Error::new(format!("cannot get the password of profile \"{name}\" from its store"));
        let found = self.store.password(name).map_err(|trouble| trouble.explain(self.name, failed()))?;
        found.ok_or_else(|| {
            let option = Place::Store(self.name.clone()).option();
            failed()
                .cause(format!("the store \"{}\" has none of that name", self.name.shown()))
                .hint(format!("store it again: `keyfob profile set {}{option}`", shell::word(name)))
        })
    }

    /// What the profile says that the store has. An error when it has keys of another id, or the password of somebody else:
    /// they would be of a profile in other files.
    pub(in crate::cli) fn own(&self, profile: &Profile<'_>) -> Result<Kept, Error> {
        let named = named(profile)?;
        if let Some(Named::Password(person)) = &named {
            let password = self.password(&profile.name)?;
            return match password.objection(person.as_ref()) {
                None => Ok(Kept::Password(password)),
                Some(other) => {
                    Err(Error::new(format!("cannot get the password of profile \"{}\" from its store", profile.name))
                        .cause(format!("the store \"{}\" has {other}", self.name.shown()))
                        .hint(format!(
                            "keep the right one: `keyfob profile set {} --stdin` asks for it",
                            shell::word(&profile.name)
                        )))
                }
            };
        }
        let keys = self.keys(&profile.name)?;
        match named {
            Some(Named::Keys(named)) if named != keys.access_key_id => {
                Err(Error::new(format!("cannot get the keys of profile \"{}\" from their store", profile.name)).cause(
                    format!(
                        "the store \"{}\" has the access key \"{}\" for it, and the profile names \"{named}\"",
                        self.name.shown(),
                        keys.access_key_id
                    ),
                ))
            }
            _ => Ok(Kept::Keys(keys)),
        }
    }

    /// Whether the store has these very secrets.
    pub(in crate::cli) fn has(&self, name: &str, kept: &Kept) -> bool {
        matches!(self.store.get(name), Ok(Some(there)) if there.is_same(kept))
    }

    /// Puts keys or a password into a store and reads them back, and then makes the changes that [`note`](super::note) is
    /// a part of. When none could be made the store has what it had before.
    ///
    /// An error when the store has something of that name that is not the profile's in these files.
    pub(in crate::cli) fn keep(
        &self,
        name: &str,
        kept: &Kept,
        changes: &Changes,
        location: &Location,
    ) -> Result<Vec<Written>, Error> {
        changes.rehearse(location)?;
        let failed = || Error::new(format!("cannot keep the {} of profile \"{name}\" in a store", kept.noun()));
        let explain = |trouble: Trouble| trouble.explain(self.name, failed());
        let profiles = Profiles::load(&location.vars)?;
        let named = profiles.profile(name)?.map_or(Ok(None), |profile| self.named(&profile))?;
        let before = match self.store.get(name) {
            Ok(Some(before)) if !may_go(&before, named.as_ref(), kept) => {
                return Err(self.taken(name, &before, kept, failed()));
            }
            Ok(before) => Before::Known(before),
            // They are the profile's, and no one can use them as they are.
            Err(Trouble::Failed(_)) if named.is_some() => Before::Unknown,
            Err(trouble) => return Err(explain(trouble)),
        };
        let put = self.clear(name, &before, kept).and_then(|()| self.store.put(name, kept)).map_err(explain);
        let checked = put.and_then(|()| match self.store.get(name).map_err(explain)? {
            Some(there) if there.is_same(kept) => Ok(()),
            _ => {
                Err(failed().cause(format!("the store \"{}\" does not give back what it was given", self.name.shown())))
            }
        });
        let mut written = Vec::new();
        let done = checked.and_then(|()| changes.apply_config_first(location, self.context, &mut written));
        // Where the config file names the store already, what it has is what counts.
        if done.is_err() && written.is_empty() {
            self.put_back(name, kept, before);
        } else if let Before::Known(Some(before)) = &before {
            self.warn_of_a_stranger(name, before, named.as_ref());
        }
        done.map(|()| written)
    }

    /// Keeps what another store has forgotten just now, should that be this one under another name.
    pub(in crate::cli) fn keep_still(&self, name: &str, kept: &Kept, location: &Location) -> Result<(), Error> {
        if self.has(name, kept) { Ok(()) } else { self.keep(name, kept, &Changes::default(), location).map(drop) }
    }

    /// What a profile says that this store has: keys are known by their id, wherever they are.
    fn named(&self, profile: &Profile<'_>) -> Result<Option<Named>, Error> {
        Ok(match named(profile)? {
            Some(Named::Password(_)) if store_of(profile).unwrap_or(None).as_ref() != Some(self.name) => None,
            named => named,
        })
    }

    /// What is of another kind has a label in some keyrings that says so, and goes before the new comes.
    fn clear(&self, name: &str, before: &Before, kept: &Kept) -> Result<(), Trouble> {
        match before {
            Before::Known(Some(before)) if before.noun() != kept.noun() => self.store.remove(name).map(drop),
            _ => Ok(()),
        }
    }

    /// The error for what would be lost.
    fn taken(&self, name: &str, there: &Kept, kept: &Kept, error: Error) -> Error {
        let shown = match self.name {
            // What the line says besides its program may be secret.
            StoreName::Exec(_) => "exec:COMMAND".to_owned(),
            _ => self.name.to_string(),
        };
        let word = shell::word(name);
        let other = "choose another name or another store";
        let hint = match (there, kept) {
            (Kept::Keys(there), Kept::Keys(_)) => {
                let id = shell::word(&there.access_key_id);
                format!(
                    "{other}; if no other profile has it, let this one name it before: `keyfob profile set {word} \
                     keyfob_store={shown} keyfob_aws_access_key_id={id}`"
                )
            }
            (Kept::Password(_), Kept::Password(_)) => format!(
                "{other}; if no other profile has it, make this one without --store, and let it name the store before: \
                 `keyfob profile set {word} keyfob_store={shown}`"
            ),
            _ => other.to_owned(),
        };
        let (store, there) = (self.name.shown(), there.shown());
        error
            .cause(format!(
                "the store \"{store}\" has {there} of that name already, which may be of a profile in other files"
            ))
            .hint(hint)
    }

    fn put_back(&self, name: &str, kept: &Kept, before: Before) {
        let done = match before {
            Before::Known(Some(before)) => self.store.put(name, &before).is_ok(),
            Before::Known(None) => self.store.remove(name).is_ok(),
            Before::Unknown => false,
        };
        if !done {
            let what = match kept {
                Kept::Keys(_) => "keys",
                Kept::Password(_) => "a password",
            };
            self.context
                .terminal
                .warn(&format!("the store may have {what} of profile \"{name}\" now that no profile speaks of"));
        }
    }

    /// Makes changes by which a profile has something in a store no more, and lets the store forget it. When the changes
    /// cannot be made the store has it still.
    pub(in crate::cli) fn apply_and_forget(
        &self,
        profile: &Profile<'_>,
        changes: &Changes,
        location: &Location,
    ) -> Result<Vec<Written>, Error> {
        let name = &profile.name;
        changes.rehearse(location)?;
        let named = named(profile)?;
        let (word, option) = (shell::word(name), &location.option);
        let them = if matches!(named, Some(Named::Password(_))) { "it" } else { "them" };
        let way = format!(
            "to leave {them} there for good: `keyfob profile unset {word} keyfob_store{option}`, and then the same again"
        );
        let trouble = |trouble: Trouble| trouble.explain(self.name, cannot_remove(name, named.as_ref()).hint(&*way));
        let before = self.store.get(name).map_err(trouble)?;
        let is_own = named.as_ref().zip(before.as_ref()).is_some_and(|(named, before)| named.is(before));
        if is_own {
            self.store.remove(name).map_err(trouble)?;
        } else if let Some(before) = &before {
            self.warn_of_others(name, before);
        }
        let done = changes.apply(location, self.context);
        if let Some(before) = before.filter(|_| done.is_err() && is_own) {
            let kept = before.clone();
            self.put_back(name, &kept, Before::Known(Some(before)));
        }
        done
    }

    /// Lets a store forget what it has of a profile, if it is this: anything else may be of a profile in other files.
    /// Returns whether it had it.
    pub(in crate::cli) fn forget(&self, name: &str, named: &Named) -> Result<bool, Error> {
        let trouble = |trouble: Trouble| trouble.explain(self.name, cannot_remove(name, Some(named)));
        match self.store.get(name).map_err(trouble)? {
            Some(kept) if named.is(&kept) => self.store.remove(name).map_err(trouble),
            Some(kept) => {
                self.warn_of_others(name, &kept);
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// Says whose password goes where a person gives the one that the profile names.
    fn warn_of_a_stranger(&self, name: &str, before: &Kept, named: Option<&Named>) {
        if let (Kept::Password(Password { whose: Some(whose), .. }), Some(named)) = (before, named)
            && !named.is(before)
        {
            let store = self.name.shown();
            self.context.terminal.warn(&format!(
                "the store \"{store}\" had the password of {whose} under the name \"{name}\", and has it no more"
            ));
        }
    }

    fn warn_of_others(&self, name: &str, kept: &Kept) {
        let (store, kept) = (self.name.shown(), kept.shown());
        self.context.terminal.warn(&format!(
            "the store \"{store}\" has {kept} of the name \"{name}\", which this profile does not name; it stays"
        ));
    }

    /// The same where it is the last thing to do: what else was done stays done.
    pub(in crate::cli) fn forget_or_warn(&self, name: &str, named: &Named) {
        if let Err(error) = self.forget(name, named) {
            let (noun, why) = (named.noun(), error.cause.unwrap_or_default());
            self.context.terminal.warn(&format!("the store still has the {noun} of profile \"{name}\": {why}"));
        }
    }
}

/// Whether what a store has may go for what it is given: it is what the profile names, or the same, or a password of
/// somebody else where the profile names the one that is given.
fn may_go(before: &Kept, named: Option<&Named>, kept: &Kept) -> bool {
    let is_given = |named: &Named| matches!((before, kept), (Kept::Password(_), Kept::Password(_))) && named.is(kept);
    named.is_some_and(|named| named.is(before) || is_given(named)) || is_renewed(before, kept)
}

/// Whether new keys are a pair of the same id, or the same password.
fn is_renewed(before: &Kept, kept: &Kept) -> bool {
    match (before, kept) {
        (Kept::Keys(before), Kept::Keys(keys)) => before.access_key_id == keys.access_key_id,
        _ => before.is_same(kept),
    }
}

fn cannot_remove(name: &str, named: Option<&Named>) -> Error {
    let (noun, whose) = match named {
        Some(Named::Password(_)) => ("password", "its"),
        _ => ("keys", "their"),
    };
    Error::new(format!("cannot remove the {noun} of profile \"{name}\" from {whose} store"))
}

/// What a store had of a profile.
enum Before {
    Known(Option<Kept>),
    /// It could not be read.
    Unknown,
}
