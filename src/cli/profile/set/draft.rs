//! What a profile is to become: all that is known before anything is written.

use super::key_pair::Before;
use super::values;
use crate::cli::changes::{Changes, places};
use crate::cli::keys_in_store;
use crate::cli::location::Location;
use crate::cli::place::Place;
use crate::cli::profile::key::{Key, refuse_parts_of_kept_keys};
use crate::cli::profile::names;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::profile::{FileKind, Profile, Profiles, Written, kind};
use crate::secret::Secret;
use crate::shell;
use crate::store::{Kept, StoreName};

/// A profile, and what is to be set in it.
pub(super) struct Draft<'a> {
    pub(super) context: &'a Context,
    pub(super) name: &'a str,
    pub(super) profiles: &'a Profiles,
    /// `None`: it is made.
    pub(super) profile: Option<&'a Profile<'a>>,
    pub(super) location: &'a Location,
    pub(super) settings: Vec<(Key, Secret)>,
    /// A pair that is stored as a whole, or a password.
    pub(super) kept: Option<Kept>,
    /// Where that is to be kept, if somebody said so.
    pub(super) place: Option<Place>,
    /// The store that has the profile's keys or its password now.
    pub(super) kept_in: Option<StoreName>,
    /// Whether the profile signs in with SAML now: then it is the password.
    pub(super) was_saml: bool,
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
        if profile.is_none() {
            names::refuse_new(name)?;
        }
        // A store that nobody knows keeps nothing.
        let kept_in = profile.and_then(|profile| keys_in_store::store_of(profile).unwrap_or(None));
        let was_saml = profile.map_or(Ok(false), Profile::is_saml)?;
        let (settings, kept, place) = (Vec::new(), None, None);
        Ok(Self {
            context,
            name,
            profiles,
            profile,
            location,
            settings,
            kept,
            place,
            kept_in,
            was_saml,
            merge: false,
            force: false,
        })
    }

    /// A pair goes where the one before was, if nobody said otherwise: into its store, else into the credentials file.
    /// Temporary keys go into no store.
    pub(super) fn with_keys(self, keys: Credentials) -> Self {
        let kept_in = self.kept_in.clone().filter(|_| keys.session_token.is_none() && !self.was_saml);
        let usual = || kept_in.map_or(Place::File(FileKind::Credentials), Place::Store);
        let place = Some(self.place.unwrap_or_else(usual));
        Self { kept: Some(Kept::Keys(keys)), place, ..self }
    }

    /// The pair that is stored as a whole.
    pub(super) fn keys(&self) -> Option<&Credentials> {
        match &self.kept {
            Some(Kept::Keys(keys)) => Some(keys),
            Some(Kept::Password(_)) | None => None,
        }
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
        if self.given("saml_endpoint").and(self.given("saml_process")).is_some() {
            return Err(Error::usage("an assertion comes from one source")
                .cause("both saml_endpoint and saml_process are given"));
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
            return self.location.refuse_store(self.name, "keys");
        }
        Err(Error::usage(format!("the store \"{}\" is for keys that last", store.shown()))
            .cause("temporary ones end by themselves")
            .hint("leave out --store: they go to the credentials file"))
    }

    /// Writes it, or shows what would be written.
    pub(super) fn carry_out(&self, is_dry_run: bool) -> Result<String, Error> {
        let kind = if self.merge { None } else { self.kind()? };
        self.refuse_other_person(kind)?;
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
        let kept = match (&self.kept, &self.place) {
            (Some(Kept::Keys(_)), Some(Place::Store(store))) => {
                format!("Its keys are in the store \"{}\".\n", store.shown())
            }
            (Some(Kept::Password(_)), Some(Place::Store(store))) => {
                format!("Its password is in the store \"{}\".\n", store.shown())
            }
            _ => String::new(),
        };
        format!("Profile \"{name}\" is in {}{already}.\n{kept}", places(written))
    }
}
