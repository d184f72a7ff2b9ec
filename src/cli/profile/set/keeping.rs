//! What becomes of stores when a profile is set: what they are given, and what they are to forget.

use super::draft::Draft;
use crate::cli::changes::Changes;
use crate::cli::keys_in_store::{self, Named, Opened};
use crate::cli::place::Place;
use crate::error::Error;
use crate::profile::{FileKind, Kind, Written};
use crate::store::StoreName;

impl Draft<'_> {
    /// The store that has something of the profile now and is to have it no more, and what; `None` where that only moves.
    pub(super) fn forgotten(&self, kind: Option<Kind>) -> Result<Option<(&StoreName, Named)>, Error> {
        let (Some(store), Some(profile)) = (&self.kept_in, self.profile) else { return Ok(None) };
        let given = self.kept.as_ref().map(Named::of);
        let named = keys_in_store::named(profile)?.filter(|named| {
            let is_left = match (&given, &self.place) {
                (Some(given), Some(Place::Store(place))) => place != store || given.noun() != named.noun(),
                (Some(_), _) => true,
                (None, _) => self.leaves_store(kind),
            };
            is_left && Some(named) != given.as_ref()
        });
        Ok(named.map(|named| (store, named)))
    }

    pub(super) fn tell_forgotten(&self, forgets: &str, forgotten: Option<&(&StoreName, Named)>) {
        let Some((store, named)) = forgotten else { return };
        self.context.terminal.tell(&format!("The store \"{}\" {forgets} {}.", store.shown(), named.shown()));
    }

    pub(super) fn write(&self, kind: Option<Kind>, changes: &Changes) -> Result<Vec<Written>, Error> {
        let Self { context, name, location, kept_in, .. } = self;
        let new = match &self.place {
            Some(Place::Store(store)) => Some(Opened::new(store, context)),
            _ => None,
        };
        let written = match (&self.kept, &new, &self.place) {
            (Some(kept), Some(new), _) => new.keep(name, kept, changes, location)?,
            // What it takes away from the credentials file is the only copy, until the config file has it.
            (_, _, Some(Place::File(FileKind::Config))) => {
                changes.rehearse(location)?;
                let mut written = Vec::new();
                changes.apply_config_first(location, context, &mut written)?;
                written
            }
            _ => match (kept_in, self.profile) {
                (Some(store), Some(profile)) if self.kept.is_none() && self.leaves_store(kind) => {
                    Opened::new(store, context).apply_and_forget(profile, changes, location)?
                }
                _ => changes.apply(location, context)?,
            },
        };
        self.leave_old_store(new.as_ref())?;
        Ok(written)
    }

    /// Lets the store that had something forget it, when what counts is elsewhere now: in a new one, or in a file.
    fn leave_old_store(&self, new: Option<&Opened<'_>>) -> Result<(), Error> {
        let Self { context, name, location, .. } = self;
        let (Some(before), Some(kept), Some(place)) = (&self.kept_in, &self.kept, &self.place) else { return Ok(()) };
        let Some(named) = self.profile.map_or(Ok(None), keys_in_store::named)? else { return Ok(()) };
        let old = Opened::new(before, context);
        match (place, new) {
            (Place::Store(store), _) if store == before => Ok(()),
            (_, Some(new)) => {
                // One store may have two names, and then has what it was given.
                if named != Named::of(kept) && old.has(name, kept) {
                    return Ok(());
                }
                old.forget_or_warn(name, &named);
                new.keep_still(name, kept, location)
            }
            (_, None) => {
                old.forget_or_warn(name, &named);
                Ok(())
            }
        }
    }
}
