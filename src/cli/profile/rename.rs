//! `keyfob profile rename`: gives a profile another name.

use super::names::{self, First, Reference};
use crate::cli::changes::{Changes, places};
use crate::cli::location::Location;
use crate::context::Context;
use crate::error::{Error, some_of};
use crate::profile::Profiles;
use crate::shell;
use crate::sync;
use argh::{ArgsInfo, FromArgs};

/// Give a profile another name.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "rename", help_triggers("--help"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Rename {
    /// profile as it is
    #[argh(positional, arg_name = "name")]
    from: String,

    /// name of the other
    #[argh(positional, arg_name = "new-name")]
    to: String,

    /// replace a profile that has that name already
    #[argh(switch)]
    force: bool,

    /// let the profiles that lead to it, by `source_profile` or keyfob, lead to the new name
    #[argh(switch)]
    update_references: bool,

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

impl Rename {
    pub(super) fn run(self, profile: Option<&str>, context: &Context) -> Result<String, Error> {
        names::refuse_option(profile)?;
        context.terminal.set_verbose(self.verbose);
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load(&location.vars)?;
        let (from, to) = (&*self.from, &*self.to);
        let profile = names::checked(&profiles, (from, to), self.force)?;
        let references = names::references(&profiles, from, &context.vars);
        let changes = self.changes(&profiles, &references, context)?;
        self.warn(&references, &location.option, context);
        if self.dry_run {
            return changes.preview(&location, context);
        }
        let written = names::write(&profiles, (&profile, First::LosesThem), to, &changes, &location, context)?;
        Ok(format!("Profile \"{from}\" is \"{to}\" now, in {}.\n", places(&written)))
    }

    fn changes(&self, profiles: &Profiles, references: &[Reference], context: &Context) -> Result<Changes, Error> {
        let (from, to) = (&self.from, &self.to);
        let mut changes = Changes::default();
        for file in profiles.files_with(to) {
            changes.remove(file, to, false);
        }
        for reference in references.iter().filter(|reference| self.changes_with(reference)) {
            reference.lead_to(to, &mut changes, context)?;
        }
        for file in profiles.files_with(from) {
            // What `sso sync` made has a name of its making, or is not its own.
            changes.unset(file, from, sync::MARKER);
            changes.rename(file, from, to);
        }
        Ok(changes)
    }

    /// Its own lines lead to itself afterwards, too; one that is replaced has none any more.
    fn changes_with(&self, reference: &Reference) -> bool {
        reference.profile == self.from || (self.update_references && reference.profile != self.to)
    }

    fn warn(&self, references: &[Reference], option: &str, context: &Context) {
        const SHOWN: usize = 8;
        let left = references.iter().filter(|reference| !self.changes_with(reference) && reference.profile != self.to);
        let mut left: Vec<&str> = left.map(|reference| reference.profile.as_str()).collect();
        left.dedup();
        if !left.is_empty() {
            let from = &self.from;
            let (old, new) = (shell::word(from), shell::word(&self.to));
            let way = if self.dry_run {
                "--update-references changes them, too".to_owned()
            } else {
                format!(
                    "to change them, too: `keyfob profile rename {new} {old}{option}`, and then `keyfob profile rename \
                     {old} {new} --update-references{option}`"
                )
            };
            context.terminal.warn(&format!(
                "these lead to \"{from}\" and no more to any profile: {}; {way}",
                some_of(&left, SHOWN, ", ")
            ));
        }
        for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
            if context.vars.get(variable).is_some_and(|name| name == self.from) {
                context.terminal.warn(&format!("{variable} names \"{}\" in this shell", self.from));
            }
        }
    }
}
