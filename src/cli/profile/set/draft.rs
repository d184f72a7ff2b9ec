//! What a profile is to become: all that is known before anything is written.

use super::key_pair::Before;
use super::values;
use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store::{self, Opened};
use crate::cli::location::Location;
use crate::cli::place::Place;
use crate::cli::profile::key::{Key, refuse_parts_of_kept_keys};
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::profile::{FileKind, Kind, Profile, Profiles, SectionKind, SectionName, Written, kind};
use crate::secret::Secret;
use crate::shell;
use crate::store::StoreName;

/// A profile, and what is to be set in it.
pub(super) struct Draft<'a> {
    pub(super) context: &'a Context,
    pub(super) name: &'a str,
    pub(super) profiles: &'a Profiles,
    /// `None`: it is made.
    pub(super) profile: Option<&'a Profile<'a>>,
    pub(super) location: &'a Location,
    pub(super) settings: Vec<(Key, Secret)>,
    /// Those of a pair that is stored as a whole.
    pub(super) keys: Option<Credentials>,
    /// Where that pair is to be kept, if somebody said so.
    pub(super) place: Option<Place>,
    /// The store that has the profile's keys now.
    pub(super) kept_in: Option<StoreName>,
    pub(super) merge: bool,
    pub(super) force: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        context: &'a Context,
        name: &'a str,
        profiles: &'a Profiles,
        profile: Option<&'a Profile<'a>>,
        location: &'a Location,
    ) -> Result<Self, Error> {
        let section = SectionName { kind: SectionKind::Profile, name };
        if let Some(why) = section.objection().filter(|_| profile.is_none()) {
            return Err(Error::usage(format!("there can be no profile \"{name}\""))
                .cause(why)
                .hint("choose a name of letters, digits, and _-/.%@:+"));
        }
        // A store that nobody knows keeps nothing.
        let kept_in = profile.and_then(|profile| keys_in_store::store_of(profile).unwrap_or(None));
        let (settings, keys, place) = (Vec::new(), None, None);
        Ok(Self {
            context,
            name,
            profiles,
            profile,
            location,
            settings,
            keys,
            place,
            kept_in,
            merge: false,
            force: false,
        })
    }

    /// A pair goes where the one before was, if nobody said otherwise: into its store, else into the credentials file.
    /// Temporary keys go into no store.
    pub(super) fn with_keys(self, keys: Credentials) -> Self {
        let kept_in = self.kept_in.clone().filter(|_| keys.session_token.is_none());
        let usual = || kept_in.map_or(Place::File(FileKind::Credentials), Place::Store);
        let place = Some(self.place.unwrap_or_else(usual));
        Self { keys: Some(keys), place, ..self }
    }

    /// The value that is to be set for a key.
    pub(super) fn given(&self, key: &str) -> Option<&str> {
        let found = self.settings.iter().find(|(given, _)| given.is(key) || given.is(&format!("keyfob_{key}")));
        found.map(|(_, value)| value.expose())
    }

    /// The value that counts now.
    pub(super) fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let setting = self.profile.map_or(Ok(None), |profile| profile.get(key))?;
        Ok(setting.map(|setting| setting.value.into_owned()))
    }

    /// The rest of the pair of this id, as far as the files have it.
    pub(super) fn keys_of(&self, id: &str) -> Result<Before, Error> {
        if self.kept_in.is_some() || self.setting("aws_access_key_id")?.as_deref() != Some(id) {
            return Ok(Before::default());
        }
        let secret = |key| self.setting(key).map(|value| value.map(Secret::new));
        Ok(Before { secret: secret("aws_secret_access_key")?, token: secret("aws_session_token")? })
    }

    /// Whether the profile will have a key.
    pub(super) fn has(&self, key: &str) -> Result<bool, Error> {
        Ok(self.given(key).is_some() || self.setting(key)?.is_some())
    }

    /// An error when what is given will not do.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (key, value) in &self.settings {
            let value = value.expose();
            if value.is_empty() {
                return Err(Error::usage(format!("the value of \"{key}\" is empty")).hint(format!(
                    "take it away with `keyfob profile unset {} {key}{}`",
                    shell::word(self.name),
                    self.location.option
                )));
            }
            match key {
                Key::Plain(key) => values::check(key, value)?,
                Key::Nested(block, key) => values::check_nested(block, key, value)?,
            }
        }
        if let Some(profile) = self.profile {
            refuse_parts_of_kept_keys(profile, self.settings.iter().map(|(key, _)| key))?;
        }
        self.check_role()
    }

    fn check_role(&self) -> Result<(), Error> {
        if self.given("source_profile").and(self.given("credential_source")).is_some() {
            return Err(Error::usage("a role has one source of credentials")
                .cause("both source_profile and credential_source are given"));
        }
        let Some(source) = self.given("source_profile").filter(|source| *source != self.name) else { return Ok(()) };
        match self.profiles.profile(source)? {
            Some(_) => Ok(()),
            None => Err(Error::new("cannot set \"source_profile\"")
                .cause(format!("there is no profile \"{source}\""))
                .hint(self.profiles.known_names(source))
                .exit(Exit::NoSuchProfile)),
        }
    }

    /// An error when parts of a pair are settings, too.
    pub(super) fn refuse_keys_twice(&self) -> Result<(), Error> {
        match kind::KEYS.into_iter().find(|key| self.given(key).is_some()) {
            Some(key) => Err(Error::usage(format!("--access-key and \"{key}\" exclude each other"))),
            None => Ok(()),
        }
    }

    /// An error when keys are meant for a store that cannot be theirs: temporary ones, or those of other files.
    pub(super) fn refuse_store(&self, is_session: bool) -> Result<(), Error> {
        let Some(Place::Store(store)) = &self.place else { return Ok(()) };
        if !is_session {
            return self.location.refuse_store(self.name);
        }
        Err(Error::usage(format!("the store \"{}\" is for keys that last", store.shown()))
            .cause("temporary ones end by themselves")
            .hint("leave out --store: they go to the credentials file"))
    }

    /// Writes it, or shows what would be written.
    pub(super) fn carry_out(&self, is_dry_run: bool) -> Result<String, Error> {
        let kind = if self.merge { None } else { self.kind()? };
        self.warn_of_role()?;
        let mut changes = Changes::default();
        let dropped = self.drop_others(kind, &mut changes)?;
        self.set_all(kind, &mut changes)?;
        let shadowed = self.drop_shadowed(&mut changes);
        let forgotten = self.forgotten(kind)?;
        if is_dry_run {
            self.tell_forgotten("would forget", forgotten.as_ref());
            return changes.preview(self.location, self.context);
        }
        let written = self.write(kind, &changes)?;
        self.tell(&dropped, &shadowed);
        self.tell_forgotten("has forgotten", forgotten.as_ref());
        Ok(self.told(&written))
    }

    /// The store that has keys of the profile now and is to have none, and their id; `None` where they only move.
    fn forgotten(&self, kind: Option<Kind>) -> Result<Option<(&StoreName, String)>, Error> {
        let (Some(store), Some(profile)) = (&self.kept_in, self.profile) else { return Ok(None) };
        let is_left = match (&self.keys, &self.place) {
            (Some(_), Some(Place::Store(place))) => place != store,
            (Some(_), _) => true,
            (None, _) => self.leaves_store(kind),
        };
        let given = self.keys.as_ref().map(|keys| &keys.access_key_id);
        let named = keys_in_store::named_id(profile)?.filter(|id| is_left && Some(id) != given);
        Ok(named.map(|id| (store, id)))
    }

    fn tell_forgotten(&self, forgets: &str, forgotten: Option<&(&StoreName, String)>) {
        let Some((store, id)) = forgotten else { return };
        self.context.terminal.tell(&format!("The store \"{}\" {forgets} the access key \"{id}\".", store.shown()));
    }

    fn write(&self, kind: Option<Kind>, changes: &Changes) -> Result<Vec<Written>, Error> {
        let Self { context, name, location, kept_in, .. } = self;
        let written = match (&self.keys, &self.place) {
            (Some(keys), Some(Place::Store(store))) => {
                keys_in_store::keep(store, name, keys, changes, location, context)?
            }
            // What it takes away from the credentials file is the only copy, until the config file has it.
            (_, Some(Place::File(FileKind::Config))) => {
                changes.rehearse(location)?;
                let mut written = Vec::new();
                changes.apply_config_first(location, context, &mut written)?;
                written
            }
            _ => match (kept_in, self.profile) {
                (Some(store), Some(profile)) if self.keys.is_none() && self.leaves_store(kind) => {
                    Opened::new(store, context).apply_and_forget(profile, changes, location)?
                }
                _ => changes.apply(location, context)?,
            },
        };
        self.leave_old_store()?;
        Ok(written)
    }

    /// Lets the store that had the keys forget them, when others are elsewhere now.
    fn leave_old_store(&self) -> Result<(), Error> {
        let Self { context, name, location, .. } = self;
        let (Some(before), Some(keys), Some(place)) = (&self.kept_in, &self.keys, &self.place) else { return Ok(()) };
        let Some(named) = self.profile.map_or(Ok(None), keys_in_store::named_id)? else { return Ok(()) };
        match place {
            Place::Store(store) if store == before => Ok(()),
            Place::Store(store) => {
                // One store may have two names, and then has what it was given.
                let kept = keys_in_store::get(before, name, context).map(|kept| kept.access_key_id);
                if named != keys.access_key_id && kept.is_ok_and(|kept| kept == keys.access_key_id) {
                    return Ok(());
                }
                Opened::new(before, context).forget_or_warn(name, &named);
                if keys_in_store::get(store, name, context).is_ok() {
                    return Ok(());
                }
                keys_in_store::keep(store, name, keys, &Changes::default(), location, context).map(drop)
            }
            Place::File(_) => {
                Opened::new(before, context).forget_or_warn(name, &named);
                Ok(())
            }
        }
    }

    /// Whether a role is given that cannot be assumed yet.
    pub(super) fn lacks_source(&self) -> Result<bool, Error> {
        let mut lacks = self.given("role_arn").is_some();
        for key in ["source_profile", "credential_source", "web_identity_token_file"] {
            lacks = lacks && !self.has(key)?;
        }
        Ok(lacks)
    }

    fn warn_of_role(&self) -> Result<(), Error> {
        if !self.lacks_source()? {
            return Ok(());
        }
        self.context.terminal.warn(&format!(
            "profile \"{}\" has a role, and nothing to assume it with: set source_profile, credential_source or \
             web_identity_token_file, too",
            self.name
        ));
        Ok(())
    }

    fn tell(&self, dropped: &[String], shadowed: &[&str]) {
        let Self { name, context, .. } = self;
        if !dropped.is_empty() {
            let dropped = dropped.join(", ");
            context
                .terminal
                .tell(&format!("Removed from profile \"{name}\", since it belongs to other credentials: {dropped}"));
        }
        if !shadowed.is_empty() {
            context.terminal.warn(&format!(
                "the config file has an older copy, which does not count: {}; --force removes it",
                shadowed.join(", ")
            ));
        }
    }

    fn told(&self, written: &[Written]) -> String {
        let Self { name, .. } = self;
        let already = if written.iter().any(|written| written.changed) { "" } else { " already, as it should be" };
        let kept = match &self.place {
            Some(Place::Store(store)) if self.keys.is_some() => {
                format!("Its keys are in the store \"{}\".\n", store.shown())
            }
            _ => String::new(),
        };
        format!("Profile \"{name}\" is in {}{already}.\n{kept}", places(written))
    }
}
