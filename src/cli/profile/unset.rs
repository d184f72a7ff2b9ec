//! `keyfob profile unset`: takes settings away.

use super::key::{Key, refuse_parts_of_kept_keys};
use crate::cli::Selection;
use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store;
use crate::cli::location::Location;
use crate::context::Context;
use crate::error::Error;
use crate::profile::{FileKind, Kind, Profile, Profiles, kind};
use crate::shell;
use argh::{ArgsInfo, FromArgs};

/// Take settings away from a profile.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "unset", help_triggers("--help"))]
pub(super) struct Unset {
    /// profile to change
    #[argh(positional, arg_name = "name")]
    name: String,

    /// settings to take away; `s3.max_queue_size` is one of a nested block
    #[argh(positional, arg_name = "key")]
    keys: Vec<String>,

    /// only show what would change
    #[argh(switch)]
    dry_run: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Unset {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        context.terminal.set_verbose(self.verbose);
        let name = Selection::new([profile, None, Some(self.name)], None, None, self.verbose)?.name(&context.vars);
        let keys = self.keys.iter().map(|key| Key::parse(key)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            let example = format!("keyfob profile unset {} region", shell::word(&name));
            return Err(Error::usage("no settings to take away").hint(format!("name them, like `{example}`")));
        }
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load(&location.vars)?;
        let profile = profiles.profile(&name)?.ok_or_else(|| profiles.no_such_profile(&name))?;
        let forgets_store = keys.iter().any(|key| key.is("keyfob_store"));
        if !forgets_store {
            refuse_parts_of_kept_keys(&profile, &keys)?;
        }
        for key in &keys {
            refuse_one_of_two(&profile, key, &keys)?;
        }
        // A store that nobody knows keeps nothing.
        let store = if forgets_store { keys_in_store::store_of(&profile).unwrap_or(None) } else { None };
        let mut changes = Changes::default();
        for key in &keys {
            if !unset(&profile, key, &mut changes) {
                context.terminal.tell(&format!("Profile \"{name}\" has no \"{key}\"."));
            }
        }
        if forgets_store {
            // Without the store the rest leads to nothing.
            let is_of_keys = matches!(Kind::of(&profile, &context.vars)?, Some(Kind::Static | Kind::Session));
            keys_in_store::unnote_id(&profile, &mut changes);
            if is_of_keys {
                keys_in_store::unnote(&profile, &mut changes, context);
            }
        }
        if self.dry_run {
            return changes.preview(&location, context);
        }
        let written = changes.apply(&location, context)?;
        if let Some(store) = store {
            let store = store.shown();
            context.terminal.warn(&format!("the store \"{store}\" still has the keys of profile \"{name}\""));
        }
        Ok(match written.as_slice() {
            [] => "Nothing was changed.\n".to_owned(),
            written => format!("Profile \"{name}\" is changed in {}.\n", places(written)),
        })
    }
}

/// Of a key that says what credentials come from and the one for keyfob alone, one may be what should stay.
fn refuse_one_of_two(profile: &Profile<'_>, key: &Key, keys: &[Key]) -> Result<(), Error> {
    let stands = |key: &Key| FileKind::ALL.into_iter().any(|file| key.stands_in(profile, file));
    let decides = kind::bridged_keys().into_iter().any(|name| key.is(name));
    let Some(own) = key.own().filter(|_| decides).filter(|own| stands(own) && stands(key) && !keys.contains(own))
    else {
        return Ok(());
    };
    let word = shell::word(&profile.name);
    Err(Error::usage(format!("profile \"{}\" has both {key} and {own}", profile.name)).hint(format!(
        "name the one that keyfob alone reads, `keyfob profile unset {word} {own}`, or both: `keyfob profile unset \
         {word} {key} {own}`"
    )))
}

/// Takes a setting away wherever it stands: what is left in one file would come to light when it goes from the other.
/// Returns whether there was one.
fn unset(profile: &Profile<'_>, key: &Key, changes: &mut Changes) -> bool {
    let mut found = false;
    for key in [Some(key.clone()), key.own()].into_iter().flatten() {
        for file in FileKind::ALL.into_iter().filter(|file| key.stands_in(profile, *file)) {
            key.unset(file, &profile.name, changes);
            found = true;
        }
    }
    found
}
