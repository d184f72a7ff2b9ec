//! `keyfob store move` for the password of a profile that signs in with SAML: from one store to another, and never into
//! a file that is plain text.

use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store::{self, Opened};
use crate::cli::location::Location;
use crate::cli::place::{self, Place};
use crate::context::Context;
use crate::error::Error;
use crate::profile::Profile;
use crate::shell;

/// Puts it into the new store and reads it back; the config file names that; the old one forgets it.
pub(super) fn relocate(
    profile: &Profile<'_>,
    to: &Place,
    is_dry_run: bool,
    location: &Location,
    context: &Context,
) -> Result<String, Error> {
    let name = &*profile.name;
    let refused = || Error::new(format!("cannot move the password of profile \"{name}\""));
    let to_store = place::for_passwords(to)?;
    let Some((from, named)) = keys_in_store::store_of(profile)?.zip(keys_in_store::named(profile)?) else {
        let word = shell::word(name);
        return Err(refused()
            .cause("no store has one")
            .hint(format!("`keyfob profile set {word} --store STORE` asks for it, and keeps it")));
    };
    if from == *to_store {
        return Ok(format!("The password of profile \"{name}\" is in {to} already.\n"));
    }
    let mut changes = Changes::default();
    keys_in_store::note_password(to_store, name, Some(profile), location, &mut changes)?;
    let old = Place::Store(from.clone());
    if is_dry_run {
        context.terminal.tell(&format!("The password of profile \"{name}\" would move from {old} to {to}."));
        return changes.preview(location, context);
    }
    let (before, after) = (Opened::new(&from, context), Opened::new(to_store, context));
    let kept = before.own(profile)?;
    let written = after.keep(name, &kept, &changes, location)?;
    let written: Vec<_> = written.into_iter().filter(|written| written.changed).collect();
    let moved = format!("Moved the password of profile \"{name}\" from {old} to {to}; changed {}.\n", places(&written));
    let forgotten = before.forget(name, &named).map_err(|error| Error {
        message: format!("the password of profile \"{name}\" is in {to}, and in {old} still"),
        ..error
    });
    forgotten.and_then(|_| after.keep_still(name, &kept, location)).map_err(|error| error.beside(moved.clone()))?;
    Ok(moved)
}
