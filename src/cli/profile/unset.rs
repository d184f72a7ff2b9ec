//! `keyfob profile unset`: takes settings away.

use super::key::{Key, refuse_parts_of_kept_keys};
use crate::bridge;
use crate::cli::Selection;
use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store::{self, Named};
use crate::cli::location::Location;
use crate::context::Context;
use crate::error::Error;
use crate::profile::{FileKind, Kind, Profile, Profiles, kind};
use crate::shell;
use crate::store::Whose;
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
            refuse_to_lose_password(&profile, &keys)?;
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
        if loses_saml(&profile, &keys)?
            && let Some((file, _)) = bridge::line_of(&profile, &context.vars)
        {
            // It would lead to nothing.
            changes.unset(file, &name, bridge::LINE);
        }
        if self.dry_run {
            return changes.preview(&location, context);
        }
        let written = changes.apply(&location, context)?;
        if let Some(store) = store {
            let (store, noun) = (store.shown(), if profile.is_saml()? { "password" } else { "keys" });
            context.terminal.warn(&format!(
                "the store \"{store}\" still has the {noun} of profile \"{name}\"; a profile of this name that names \
                 the store again takes them along when it is removed"
            ));
        }
        Ok(match written.as_slice() {
            [] => "Nothing was changed.\n".to_owned(),
            written => format!("Profile \"{name}\" is changed in {}.\n", places(written)),
        })
    }
}

/// Without its page and its person nobody would know what the password in the store is for.
fn refuse_to_lose_password(profile: &Profile<'_>, keys: &[Key]) -> Result<(), Error> {
    let Some((_, Named::Password(whose))) = keys_in_store::place_of(profile)? else { return Ok(()) };
    let is_unset = |name: &&str| keys.iter().any(|key| key.is(name));
    let lost = match ["saml_endpoint", "saml_user"].into_iter().find(is_unset) {
        Some(lost) => lost,
        None if is_unset(&"saml_domain") && whose != without_domain(profile)? => "saml_domain",
        None => return Ok(()),
    };
    let word = shell::word(&profile.name);
    let store = profile.get("keyfob_store")?.map(|store| format!("{}: ", store.place)).unwrap_or_default();
    Err(Error::new(format!("cannot take \"{lost}\" away from profile \"{}\"", profile.name))
        .cause(format!("{store}its password is in a store"))
        .hint(format!(
            "remove both with the profile: `keyfob profile remove {word}`, or leave the password where it is: `keyfob \
             profile unset {word} {lost} keyfob_store`"
        )))
}

/// Who signs in where no domain is named.
fn without_domain(profile: &Profile<'_>) -> Result<Option<Whose>, Error> {
    let (page, user) = (profile.get("saml_endpoint")?, profile.get("saml_user")?);
    Ok(page.and_then(|page| keys_in_store::whose(&page.value, user.as_ref().map(|user| &*user.value), None)))
}

/// Whether nothing about SAML is left without these.
fn loses_saml(profile: &Profile<'_>, keys: &[Key]) -> Result<bool, Error> {
    let mut deciding = ["saml_endpoint", "saml_process"].into_iter();
    let stays = |key: &str| Ok::<_, Error>(profile.get(key)?.is_some() && !keys.iter().any(|unset| unset.is(key)));
    Ok(profile.is_saml()? && !deciding.try_fold(false, |any, key| Ok::<_, Error>(any || stays(key)?))?)
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
