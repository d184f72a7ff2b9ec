//! `keyfob store move`: keys change their place, and are removed from the old one last.
//!
//! | from | to | in this order |
//! |---|---|---|
//! | file | store | put and read back; the config file names the store; the secrets leave the files |
//! | store | store | put and read back; the config file names the new store; the old one forgets them |
//! | store | file | written and read back; the old store forgets them |
//! | file | file | written; the secrets leave the other file |
//!
//! Whatever fails, the place that the files name has the keys. What was cut short between two files is ended by the same
//! command: a copy in a file of what the store has leaves it then.

use super::keys::{keys_in_files, place_of, refuse_others};
use super::password;
use crate::cli::Selection;
use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store::{self, Named, Opened};
use crate::cli::location::Location;
use crate::cli::place::Place;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::profile::{FileKind, Kind, Profile, Profiles, Written, kind};
use crate::secret::Secret;
use crate::store::{Kept, StoreName};
use argh::{ArgsInfo, FromArgs};

/// Move the keys or the password of a profile from one store to another, or keys out of the shared files and back.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "move", help_triggers("--help"))]
pub(super) struct Move {
    /// profile whose keys or password are moved
    #[argh(positional, arg_name = "name")]
    word: Option<String>,

    /// profile whose keys or password are moved
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// where to: credentials, config, auto, secret-service, keychain, sdk, sealed or exec:COMMAND; auto if not given
    #[argh(option, arg_name = "store")]
    to: Option<String>,

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

impl Move {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, to, dry_run, profile_location, verbose } = self;
        let selection = Selection::new([profile, option, word], None, None, verbose)?;
        context.terminal.set_verbose(verbose);
        let location = Location::of(profile_location.as_deref(), &context.vars)?;
        let name = selection.name(&location.vars);
        let to = Place::parse(to.as_deref().unwrap_or("auto"), "--to", context)?;
        let profiles = Profiles::load(&location.vars)?;
        let profile = profiles.profile(&name)?.ok_or_else(|| profiles.no_such_profile(&name))?;
        let is_password = match Kind::of(&profile, &context.vars)? {
            // A role may be assumed with what the profile itself gets by SAML.
            Some(Kind::Role | Kind::RoleWithMfa) => {
                matches!(keys_in_store::named(&profile)?, Some(Named::Password(_)))
            }
            kind => kind == Some(Kind::Saml),
        };
        if is_password {
            return password::relocate(&profile, &to, dry_run, &location, context);
        }
        let from = place_of(&profile, context)?;
        let journey = Journey { profile: &profile, from: &from, location: &location, context };
        match &to {
            _ if from == to && !journey.has_copies() => {
                Ok(format!("The keys of profile \"{name}\" are in {to} already.\n"))
            }
            _ if dry_run => journey.preview(&to),
            Place::Store(store) if from == to => journey.take_out_copies(store),
            Place::Store(store) => journey.to_store(store),
            Place::File(file) => journey.to_file(*file),
        }
    }
}

/// The keys of one profile on their way.
struct Journey<'a> {
    profile: &'a Profile<'a>,
    from: &'a Place,
    location: &'a Location,
    context: &'a Context,
}

impl Journey<'_> {
    fn name(&self) -> &str {
        &self.profile.name
    }

    /// What would change in the files. No store is opened for it.
    fn preview(&self, to: &Place) -> Result<String, Error> {
        let changes = match to {
            Place::Store(store) => {
                let access_key_id = match self.from {
                    Place::Store(_) => self.access_key_id()?,
                    Place::File(_) => self.keys_for_a_store()?.access_key_id,
                };
                self.changes_for_store(store, &access_key_id)?
            }
            Place::File(file) => self.changes_for_file(
                *file,
                &match self.from {
                    // A diff does not show the secret.
                    Place::Store(_) => Credentials {
                        access_key_id: self.access_key_id()?,
                        secret_access_key: Secret::new("secret"),
                        session_token: None,
                        expiration: None,
                        account_id: None,
                    },
                    Place::File(_) => keys_in_files(self.profile)?,
                },
            ),
        };
        let told = format!("The keys of profile \"{}\" would move from {} to {to}.", self.name(), self.from);
        self.context.terminal.tell(&told);
        changes.preview(self.location, self.context)
    }

    fn to_store(&self, store: &StoreName) -> Result<String, Error> {
        let keys = match self.from {
            Place::Store(from) => self.that_last(self.kept_in(from)?)?,
            Place::File(_) => self.keys_for_a_store()?,
        };
        refuse_others(self.profile, &keys)?;
        let changes = self.changes_for_store(store, &keys.access_key_id)?;
        let kept = Kept::Keys(keys);
        let new = Opened::new(store, self.context);
        let written = new.keep(self.name(), &kept, &changes, self.location)?;
        let to = Place::Store(store.clone());
        let moved = self.moved(&to, &changed(written));
        if let Place::Store(from) = self.from {
            let forgotten = self.forget(from, &to).and_then(|()| new.keep_still(self.name(), &kept, self.location));
            forgotten.map_err(|error| error.beside(moved.clone()))?;
        }
        Ok(moved)
    }

    /// Whether secrets of a profile whose keys are in a store stand in a file, too.
    fn has_copies(&self) -> bool {
        matches!(self.from, Place::Store(_))
            && FileKind::ALL.into_iter().any(|file| !self.profile.secrets_in(file).is_empty())
    }

    /// Ends a way into a store that was cut short: the store has the keys, and a file has them still.
    fn take_out_copies(&self, store: &StoreName) -> Result<String, Error> {
        let keys = self.kept_in(store)?;
        refuse_others(self.profile, &keys)?;
        let changes = self.changes_for_store(store, &keys.access_key_id)?;
        let written = changed(changes.apply(self.location, self.context)?);
        let (name, to) = (self.name(), self.from);
        Ok(format!("The keys of profile \"{name}\" are in {to} alone now; changed {}.\n", places(&written)))
    }

    fn to_file(&self, file: FileKind) -> Result<String, Error> {
        let keys = match self.from {
            Place::Store(from) => self.kept_in(from)?,
            Place::File(_) => keys_in_files(self.profile)?,
        };
        refuse_others(self.profile, &keys)?;
        let changes = self.changes_for_file(file, &keys);
        changes.rehearse(self.location)?;
        // The secrets are where they go before they leave where they were.
        let written = match file {
            FileKind::Credentials => changes.apply(self.location, self.context)?,
            FileKind::Config => {
                let mut written = Vec::new();
                changes.apply_config_first(self.location, self.context, &mut written)?;
                written
            }
        };
        let moved = self.moved(&Place::File(file), &changed(written));
        if let Place::Store(from) = self.from {
            let done = self.read_back(&keys).and_then(|()| self.forget(from, &Place::File(file)));
            done.map_err(|error| error.beside(moved.clone()))?;
        }
        Ok(moved)
    }

    fn moved(&self, to: &Place, written: &[Written]) -> String {
        let (name, from) = (self.name(), self.from);
        format!("Moved the keys of profile \"{name}\" from {from} to {to}; changed {}.\n", places(written))
    }

    /// The keys that a store has, which must be those that the profile names.
    fn kept_in(&self, store: &StoreName) -> Result<Credentials, Error> {
        let keys = Opened::new(store, self.context).keys(self.name())?;
        let named = self.access_key_id()?;
        if keys.access_key_id == named {
            return Ok(keys);
        }
        Err(self.refused().cause(format!(
            "{} has the access key \"{}\" for it, and the profile names \"{named}\"",
            self.from, keys.access_key_id
        )))
    }

    /// The id that the profile names beside its store.
    fn access_key_id(&self) -> Result<String, Error> {
        let id = self.profile.get("aws_access_key_id")?;
        id.map(|id| id.value.into_owned())
            .ok_or_else(|| self.refused().cause("`keyfob_aws_access_key_id` is missing beside `keyfob_store`"))
    }

    fn keys_for_a_store(&self) -> Result<Credentials, Error> {
        self.that_last(keys_in_files(self.profile)?)
    }

    fn that_last(&self, keys: Credentials) -> Result<Credentials, Error> {
        match keys.session_token {
            None => Ok(keys),
            Some(_) => Err(self
                .refused()
                .cause("they are temporary, and end by themselves; stores are for keys that last")
                .hint("leave them where they are, or remove them with the profile: `keyfob profile remove`")),
        }
    }

    fn changes_for_store(&self, store: &StoreName, access_key_id: &str) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        let profile = Some(self.profile);
        keys_in_store::note(store, self.name(), profile, access_key_id, self.location, &mut changes, self.context)?;
        Ok(changes)
    }

    fn changes_for_file(&self, file: FileKind, keys: &Credentials) -> Changes {
        let mut changes = Changes::default();
        for key in kind::KEYS {
            keys_in_store::unset_everywhere(self.profile, key, &mut changes);
        }
        keys_in_store::unset_own_keys(self.profile, &mut changes);
        keys_in_store::unnote(self.profile, &mut changes, self.context);
        changes.set_keys(file, self.name(), keys);
        changes
    }

    /// What every tool reads now must be the keys.
    fn read_back(&self, keys: &Credentials) -> Result<(), Error> {
        let profiles = Profiles::load(&self.location.vars)?;
        let found = profiles.profile(self.name())?.as_ref().map(keys_in_files).transpose()?;
        if found.is_some_and(|found| found.is_same_pair(keys)) {
            return Ok(());
        }
        let cause = format!("the file does not give back what was written; {} has them still", self.from);
        Err(self.refused().cause(cause))
    }

    /// Removes them from where they were. They are in their new place whatever becomes of this.
    fn forget(&self, from: &StoreName, to: &Place) -> Result<(), Error> {
        let forgotten = keys_in_store::forget(from, self.name(), &Named::Keys(self.access_key_id()?), self.context);
        forgotten.map(drop).map_err(|error| Error {
            message: format!("the keys of profile \"{}\" are in {to}, and in {} still", self.name(), self.from),
            ..error
        })
    }

    fn refused(&self) -> Error {
        Error::new(format!("cannot move the keys of profile \"{}\"", self.name()))
    }
}

/// The files that say something else now.
fn changed(written: Vec<Written>) -> Vec<Written> {
    written.into_iter().filter(|written| written.changed).collect()
}
