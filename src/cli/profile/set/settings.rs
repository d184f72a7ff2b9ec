//! Settings, and the lines they go to.

use super::draft::Draft;
use crate::bridge::{self, Program};
use crate::cli::changes::Changes;
use crate::cli::keys_in_store;
use crate::cli::place::Place;
use crate::cli::profile::key::Key;
use crate::error::Error;
use crate::profile::{FileKind, Kind, kind};
use crate::recursion;
use crate::secret::Secret;
use crate::store::Kept;
use std::io::Read as _;
use zeroize::Zeroizing;

/// Reads `key=value`. An error does not show the value.
pub(super) fn parse(text: &str) -> Result<(Key, Secret), Error> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(Error::usage("a setting has no `=`").hint("write it as key=value, like region=eu-west-1"));
    };
    Ok((Key::parse(key)?, Secret::new(value)))
}

/// All of standard input, which is to be short; else why it cannot be read.
pub(super) fn read_stdin() -> Result<Zeroizing<String>, String> {
    const LONGEST: usize = 64 * 1024;
    let mut text = Zeroizing::new(String::with_capacity(LONGEST + 1));
    let mut stdin = std::io::stdin().lock().take(LONGEST as u64 + 1);
    stdin.read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() > LONGEST { Err("it is too long".to_owned()) } else { Ok(text) }
}

impl Draft<'_> {
    /// Sets everything. What is there already counts afterwards as well: a setting goes where it stands, else where such
    /// settings are kept.
    pub(super) fn set_all(&self, kind: Option<Kind>, changes: &mut Changes) -> Result<(), Error> {
        let is_bridged = self.stays_bridged(kind);
        for (key, value) in &self.settings {
            match key {
                Key::Plain(key) => self.set(key, value.expose(), is_bridged, changes)?,
                Key::Nested(block, key) => self.set_nested(block, key, value.expose(), changes)?,
            }
        }
        self.set_kept(changes)?;
        self.set_saml_line(kind, changes)
    }

    /// What says where a pair or a password is, or the pair itself.
    fn set_kept(&self, changes: &mut Changes) -> Result<(), Error> {
        let Self { name, profile, location, context, .. } = self;
        match (&self.kept, &self.place) {
            (Some(Kept::Password(_)), Some(Place::Store(store))) => {
                keys_in_store::note_password(store, name, *profile, location, changes)
            }
            (Some(Kept::Keys(keys)), Some(Place::Store(store))) => {
                keys_in_store::note(store, name, *profile, &keys.access_key_id, location, changes, context)
            }
            (Some(Kept::Keys(keys)), Some(Place::File(file))) => {
                if let Some(profile) = self.profile {
                    if profile.get("keyfob_store")?.is_some() {
                        keys_in_store::unnote(profile, changes, self.context);
                    }
                    // They would go before what is written.
                    keys_in_store::unset_own_keys(profile, changes);
                }
                changes.set_keys(*file, self.name, keys);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// No other program knows settings for SAML: a profile that gets some gets the line that leads to keyfob as well.
    fn set_saml_line(&self, kind: Option<Kind>, changes: &mut Changes) -> Result<(), Error> {
        let is_made = ["saml_endpoint", "saml_process"].iter().any(|key| self.given(key).is_some());
        let is_saml = is_made || matches!(self.kept, Some(Kept::Password(_)));
        let has_line = match (self.profile, kind) {
            (Some(profile), Some(Kind::Saml)) => bridge::line_of(profile, &self.context.vars).is_some(),
            _ => self.stands(bridge::LINE),
        };
        if !is_saml || has_line || self.given(bridge::LINE).is_some() {
            return Ok(());
        }
        if self.location.is_elsewhere() {
            self.context.terminal.warn(
                "other programs do not come to keyfob for it: a credential_process line cannot say --profile-location",
            );
            return Ok(());
        }
        let line = Program::of(self.context).line(self.name)?;
        changes.set(self.file_of(bridge::LINE), self.name, bridge::LINE, &line);
        Ok(())
    }

    fn set(&self, key: &str, value: &str, is_bridged: bool, changes: &mut Changes) -> Result<(), Error> {
        let own = format!("keyfob_{key}");
        if key == bridge::LINE && is_bridged {
            // The line itself is for the other programs.
            let is_bridge = recursion::is_keyfob_for(value, self.name, &self.context.vars);
            let name = if is_bridge { key } else { &own };
            changes.set(self.file_of(name), self.name, name, value);
            return Ok(());
        }
        let is_own = is_bridged && kind::bridged_keys().contains(&key);
        let names = match (self.stands(key), self.stands(&own)) {
            (true, true) => vec![own, key.to_owned()],
            (false, true) => vec![own],
            (false, false) if is_own => vec![own],
            (_, false) => vec![key.to_owned()],
        };
        for name in names {
            let file = self.file_of(&name);
            if self.is_nested(file, &name) {
                self.refuse_loss(&name, "it holds nested settings, which would be lost")?;
                changes.unset(file, self.name, &name);
            }
            changes.set(file, self.name, &name, value);
        }
        Ok(())
    }

    fn set_nested(&self, block: &str, key: &str, value: &str, changes: &mut Changes) -> Result<(), Error> {
        let file = self.file_of(block);
        let value_there = self.profile.and_then(|profile| profile.line(file, block)).unwrap_or_default();
        if !value_there.is_empty() && !value_there.starts_with('\n') {
            self.refuse_loss(block, "it has a value, which would be lost")?;
            changes.unset(file, self.name, block);
        }
        changes.set_nested(file, self.name, block, key, value);
        Ok(())
    }

    fn refuse_loss(&self, key: &str, why: &str) -> Result<(), Error> {
        if self.force {
            return Ok(());
        }
        Err(Error::new(format!("cannot set \"{key}\" of profile \"{}\"", self.name))
            .cause(why)
            .hint("replace it with --force"))
    }

    fn is_nested(&self, file: FileKind, key: &str) -> bool {
        self.profile.and_then(|profile| profile.line(file, key)).is_some_and(|value| value.starts_with('\n'))
    }

    fn stands(&self, key: &str) -> bool {
        FileKind::ALL.into_iter().any(|file| self.stands_in(file, key))
    }

    pub(super) fn stands_in(&self, file: FileKind, key: &str) -> bool {
        self.profile.is_some_and(|profile| profile.has(file, key))
    }

    /// The file in which a setting counts.
    fn file_of(&self, key: &str) -> FileKind {
        let usual = self.location.file_of(key);
        if kind::KEYS.contains(&key) {
            // A pair goes where pairs belong; half of one goes to the other half, which the AWS CLI would not look for.
            let is_pair = kind::KEYS[..2].iter().all(|key| self.given(key).is_some());
            let has_keys = |file: &FileKind| kind::KEYS.iter().any(|key| self.stands_in(*file, key));
            return FileKind::ALL.into_iter().find(has_keys).filter(|_| !is_pair).unwrap_or(usual);
        }
        FileKind::ALL.into_iter().find(|file| self.stands_in(*file, key)).unwrap_or(usual)
    }

    /// Copies of secrets in the other file, which no longer count and are secrets all the same. Returns their names.
    pub(super) fn drop_shadowed(&self, changes: &mut Changes) -> Vec<&'static str> {
        let is_written = |key: &str| match (&self.kept, &self.place) {
            (Some(_), Some(Place::File(_))) => kind::KEYS.contains(&key),
            _ => self.given(key).is_some() && self.file_of(key) == FileKind::Credentials,
        };
        // What the credentials file has would go before what is written to the config file.
        let (other, must_go) = match self.place {
            Some(Place::File(FileKind::Config)) => (FileKind::Credentials, true),
            _ => (FileKind::Config, self.force),
        };
        if self.location.shares_section(self.name) {
            return Vec::new();
        }
        let mut shadowed = kind::KEYS.to_vec();
        shadowed.retain(|key| is_written(key) && self.stands_in(other, key));
        if must_go {
            shadowed.drain(..).for_each(|key| changes.unset(other, self.name, key));
        }
        shadowed
    }
}
