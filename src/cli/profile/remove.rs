//! `keyfob profile remove`: takes a profile away.

use super::names;
use crate::cli::QUESTION_LIMIT;
use crate::cli::Selection;
use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store::{self, Opened};
use crate::cli::location::Location;
use crate::context::Context;
use crate::error::{Error, Printable, some_of};
use crate::profile::{Profile, Profiles};
use crate::shell;
use crate::store::StoreName;
use argh::{ArgsInfo, FromArgs};

/// Remove a profile from both files.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "remove", help_triggers("--help"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Remove {
    /// profile to remove
    #[argh(positional, arg_name = "name")]
    word: Option<String>,

    /// profile to remove
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// do not ask
    #[argh(switch, short = 'y')]
    yes: bool,

    /// leave the comments inside the profile in the files
    #[argh(switch)]
    keep_comments: bool,

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

impl Remove {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        context.terminal.set_verbose(self.verbose);
        let places = [profile, self.profile.clone(), self.word.clone()];
        if places.iter().all(Option::is_none) {
            // Whichever the environment names is too little to remove a profile by.
            return Err(Error::usage("no profile to remove").hint("name it: `keyfob profile remove NAME`"));
        }
        let name = Selection::new(places, None, None, self.verbose)?.name(&context.vars);
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load(&location.vars)?;
        let files = profiles.files_with(&name);
        if files.is_empty() {
            return Err(names::does_not_exist(&profiles, &name));
        }
        let mut changes = Changes::default();
        for file in files {
            changes.remove(file, &name, self.keep_comments);
        }
        let profile = profiles.profile(&name)?;
        warn_of_references(&profiles, &name, context);
        let store = profile.as_ref().and_then(|profile| store_of(profile, context));
        let stays = profile.as_ref().map_or(String::new(), what_stays);
        if self.dry_run {
            return changes.preview(&location, context);
        }
        if !self.yes && !Self::is_meant(&name, &location, context)? {
            return Ok("Nothing was removed.\n".to_owned());
        }
        let written = match (&profile, store) {
            // Without the profile nobody would know where they are.
            (Some(profile), Some(store)) => {
                Opened::new(&store, context).apply_and_forget(profile, &changes, &location)?
            }
            _ => changes.apply(&location, context)?,
        };
        Ok(format!("Profile \"{name}\" is removed from {}.\n{stays}", self::places(&written)))
    }

    fn is_meant(name: &str, location: &Location, context: &Context) -> Result<bool, Error> {
        let option = &location.option;
        let failed = Error::usage(format!("profile \"{name}\" was not removed"))
            .hint(format!("remove it without a question: `keyfob profile remove {} --yes{option}`", shell::word(name)));
        let question = format!("Remove profile \"{name}\"?");
        context.terminal.ask_whether(&question, Some(false), QUESTION_LIMIT).map_err(|why| why.explain(failed))
    }
}

/// The store that has its keys or its password. One that nobody knows keeps nothing.
fn store_of(profile: &Profile<'_>, context: &Context) -> Option<StoreName> {
    keys_in_store::store_of(profile).unwrap_or_else(|error| {
        context.terminal.warn(&error.cause.unwrap_or(error.message));
        None
    })
}

/// What is of the profile and is not removed with it.
fn what_stays(profile: &Profile<'_>) -> String {
    let setting = |key| profile.get(key).ok().flatten();
    if let Some(session) = setting("sso_session") {
        let session = Printable(&session.value).to_string();
        return format!("The sso-session \"{session}\" stays, and so does its sign-in.\n");
    }
    let is_signed_in = setting("sso_start_url").is_some() || setting("login_session").is_some();
    if is_signed_in { "Its sign-in stays in the cache until it ends.\n".into() } else { String::new() }
}

/// Profiles that lead to it have nothing to come from any more.
fn warn_of_references(profiles: &Profiles, name: &str, context: &Context) {
    const SHOWN: usize = 8;
    let mut references = names::references(profiles, name, &context.vars);
    references.retain(|reference| reference.profile != name);
    let (bridges, sources): (Vec<_>, Vec<_>) = references.iter().partition(|reference| reference.is_bridge());
    for (what, found) in [("is the source_profile of", sources), ("is what keyfob gets credentials of for", bridges)] {
        let mut names: Vec<&str> = found.into_iter().map(|reference| reference.profile.as_str()).collect();
        names.dedup();
        if !names.is_empty() {
            let names = some_of(&names, SHOWN, ", ");
            context.terminal.warn(&format!("it {what} {names}, which have no credentials without it"));
        }
    }
}
