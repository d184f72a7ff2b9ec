//! Keys that a store keeps for a profile, and the lines in the shared files that say so.
//!
//! ```ini
//! [profile dev]
//! keyfob_store = secret-service
//! keyfob_aws_access_key_id = AKIAIOSFODNN7EXAMPLE
//! credential_process = keyfob process --profile dev
//! ```
//!
//! Nothing is lost on the way into a store: keys are put there and read back, and only then do the files change; when
//! they cannot, the store gets back what it had.

mod opened;

pub(super) use opened::Opened;

use super::changes::Changes;
use super::location::Location;
use crate::bridge::{self, Program};
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::profile::{FileKind, Profile, Written, kind};
use crate::store::StoreName;

/// What a profile says of its keys in a store; none of it is a secret.
pub(super) const SETTINGS: [&str; 2] = ["keyfob_store", "keyfob_aws_access_key_id"];

/// The store that keeps the keys of a profile; `None` when none does.
///
/// An error when there is no store of that name.
pub(super) fn store_of(profile: &Profile<'_>) -> Result<Option<StoreName>, Error> {
    let Some(setting) = profile.get("keyfob_store")? else { return Ok(None) };
    let unknown = || {
        Error::new(format!("cannot use the keys of profile \"{}\"", profile.name))
            .cause(format!("{}: there is no store \"{}\"", setting.place, setting.value))
            .hint(format!("there are {}", StoreName::ALL))
    };
    StoreName::parse(&setting.value).map(Some).ok_or_else(unknown)
}

/// Lets the files say that a store has the keys, and nothing else of them.
///
/// An error when no `credential_process` can lead other programs there.
pub(super) fn note(
    store: &StoreName,
    name: &str,
    profile: Option<&Profile<'_>>,
    access_key_id: &str,
    location: &Location,
    changes: &mut Changes,
    context: &Context,
) -> Result<(), Error> {
    location.refuse_store(name)?;
    let line = match profile.and_then(|profile| bridge::line_of(profile, &context.vars)) {
        Some((_, line)) => line.to_owned(),
        None => Program::of(context).line(name)?,
    };
    if let Some(profile) = profile {
        for key in kind::KEYS {
            unset_everywhere(profile, key, changes);
        }
        // The id beside the store is set below.
        unset_own_keys(profile, changes);
    }
    let [store_key, id_key] = SETTINGS;
    let settings = [(store_key, store.to_string()), (id_key, access_key_id.to_owned()), (bridge::LINE, line)];
    for (key, value) in settings {
        let has = |file| profile.is_some_and(|profile| profile.has(file, key));
        let file = FileKind::ALL.into_iter().find(|file| has(*file)).unwrap_or(location.file_of(key));
        changes.set(file, name, key, &value);
    }
    Ok(())
}

/// Lets the files no more say which keys a store has.
pub(super) fn unnote_id(profile: &Profile<'_>, changes: &mut Changes) {
    for key in SETTINGS {
        unset_everywhere(profile, key, changes);
    }
}

/// Lets the files no more say that a store has the keys, nor lead other programs there.
pub(super) fn unnote(profile: &Profile<'_>, changes: &mut Changes, context: &Context) {
    unnote_id(profile, changes);
    if let Some((file, _)) = bridge::line_of(profile, &context.vars) {
        changes.unset(file, &profile.name, bridge::LINE);
    }
}

/// Takes the keys that only keyfob reads away from both files.
pub(super) fn unset_own_keys(profile: &Profile<'_>, changes: &mut Changes) {
    for key in kind::KEYS {
        unset_everywhere(profile, &format!("keyfob_{key}"), changes);
    }
}

/// Takes a key away from both files.
pub(super) fn unset_everywhere(profile: &Profile<'_>, key: &str, changes: &mut Changes) {
    let files = FileKind::ALL.into_iter().filter(|file| profile.has(*file, key));
    files.for_each(|file| changes.unset(file, &profile.name, key));
}

/// The store that has the keys of a profile, and their id. A store that nobody knows has none.
pub(super) fn place_of(profile: &Profile<'_>) -> Result<Option<(StoreName, String)>, Error> {
    Ok(store_of(profile).unwrap_or(None).zip(named_id(profile)?))
}

/// The id of the keys that a profile of these files has in a store; `None` when it names none.
pub(super) fn named_id(profile: &Profile<'_>) -> Result<Option<String>, Error> {
    let is_kept = profile.get("keyfob_store")?.is_some();
    let id = profile.get("aws_access_key_id")?.filter(|_| is_kept);
    Ok(id.map(|id| id.value.into_owned()))
}

/// The same as [`Opened::get`], for one question.
pub(super) fn get(store: &StoreName, name: &str, context: &Context) -> Result<Credentials, Error> {
    Opened::new(store, context).get(name)
}

/// The same as [`Opened::keep`], where nothing else is asked of the store.
pub(super) fn keep(
    store: &StoreName,
    name: &str,
    keys: &Credentials,
    changes: &Changes,
    location: &Location,
    context: &Context,
) -> Result<Vec<Written>, Error> {
    Opened::new(store, context).keep(name, keys, changes, location)
}

/// The same as [`Opened::forget`], where nothing else is asked of the store.
pub(super) fn forget(store: &StoreName, name: &str, access_key_id: &str, context: &Context) -> Result<bool, Error> {
    Opened::new(store, context).forget(name, access_key_id)
}
