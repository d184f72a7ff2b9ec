//! What is to change in a profile, in both shared files, before it becomes edits.

use super::location::Location;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Printable};
use crate::profile::{Change, Edit, Edits, FileKind, SectionKind, SectionName, Written, kind};
use crate::secret::Secret;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// What is to change in one or more profiles.
#[derive(Default)]
pub(super) struct Changes {
    steps: Vec<Step>,
}

struct Step {
    file: FileKind,
    /// The profile's name.
    name: String,
    what: What,
}

enum What {
    /// The section itself, perhaps without settings.
    Make,
    Set(String, Secret),
    SetNested(String, String, Secret),
    Unset(String),
    UnsetNested(String, String),
    Rename(String),
    Remove {
        keeps_comments: bool,
    },
}

impl Changes {
    pub(super) fn make(&mut self, file: FileKind, name: &str) {
        self.add(file, name, What::Make);
    }

    pub(super) fn set(&mut self, file: FileKind, name: &str, key: &str, value: &str) {
        self.add(file, name, What::Set(key.into(), Secret::new(value)));
    }

    /// Sets a pair, and its token if it has one.
    pub(super) fn set_keys(&mut self, file: FileKind, name: &str, keys: &Credentials) {
        let Credentials { access_key_id, secret_access_key, session_token, expiration: _, account_id: _ } = keys;
        let [id_key, secret_key, token_key, _] = kind::KEYS;
        self.set(file, name, id_key, access_key_id);
        self.set(file, name, secret_key, secret_access_key.expose());
        if let Some(token) = session_token {
            self.set(file, name, token_key, token.expose());
        }
    }

    pub(super) fn set_nested(&mut self, file: FileKind, name: &str, block: &str, key: &str, value: &str) {
        self.add(file, name, What::SetNested(block.into(), key.into(), Secret::new(value)));
    }

    pub(super) fn unset(&mut self, file: FileKind, name: &str, key: &str) {
        self.add(file, name, What::Unset(key.into()));
    }

    pub(super) fn unset_nested(&mut self, file: FileKind, name: &str, block: &str, key: &str) {
        self.add(file, name, What::UnsetNested(block.into(), key.into()));
    }

    pub(super) fn rename(&mut self, file: FileKind, name: &str, to: &str) {
        self.add(file, name, What::Rename(to.into()));
    }

    pub(super) fn remove(&mut self, file: FileKind, name: &str, keeps_comments: bool) {
        self.add(file, name, What::Remove { keeps_comments });
    }

    fn add(&mut self, file: FileKind, name: &str, what: What) {
        self.steps.push(Step { file, name: name.into(), what });
    }

    /// Where both files are one, a section that is the profile's in both roles is changed once.
    fn edits(&self, location: &Location) -> Edits<'_> {
        let mut edits = Edits::default();
        let mut shared: HashMap<&str, bool> = HashMap::new();
        let mut done = HashSet::new();
        for Step { file, name, what } in &self.steps {
            let is_shared = *shared.entry(name).or_insert_with(|| location.shares_section(name));
            if is_shared && matches!(what, What::Rename(_) | What::Remove { .. }) && !done.insert(name) {
                continue;
            }
            let file = if is_shared { FileKind::Config } else { *file };
            let section = SectionName { kind: SectionKind::Profile, name };
            edits.of(file).push(match what {
                What::Make => Edit::set(section, Vec::new()),
                What::Set(key, value) => Edit::set(section, vec![Change { key, value: value.expose() }]),
                What::SetNested(block, key, value) => {
                    Edit::set_nested(section, block, vec![Change { key, value: value.expose() }])
                }
                What::Unset(key) => Edit::unset(section, vec![key]),
                What::UnsetNested(block, key) => Edit::unset_nested(section, block, vec![key]),
                What::Rename(to) => Edit::rename(section, to),
                What::Remove { keeps_comments: false } => Edit::remove(section),
                What::Remove { keeps_comments: true } => Edit::remove_but_comments(section),
            });
        }
        edits
    }

    /// Makes them, all or none.
    pub(super) fn apply(&self, location: &Location, context: &Context) -> Result<Vec<Written>, Error> {
        let written = self.edits(location).apply(&location.vars)?;
        warn(&written, context);
        Ok(written)
    }

    /// Makes them, the config file's first: secrets leave the credentials file last. What is done is in `written`, even
    /// when the rest fails.
    pub(super) fn apply_config_first(
        &self,
        location: &Location,
        context: &Context,
        written: &mut Vec<Written>,
    ) -> Result<(), Error> {
        let order = [FileKind::Config, FileKind::Credentials];
        let done = self.edits(location).apply_in(order, &location.vars, written);
        warn(written, context);
        done
    }

    /// The error that making them would end in.
    pub(super) fn rehearse(&self, location: &Location) -> Result<(), Error> {
        self.edits(location).rehearse(&location.vars)
    }

    /// What they would change, as a diff; that there is nothing is told.
    pub(super) fn preview(&self, location: &Location, context: &Context) -> Result<String, Error> {
        let diff = self.edits(location).diff(&location.vars)?;
        if diff.is_empty() {
            context.terminal.tell("Nothing would change.");
        }
        Ok(diff)
    }
}

fn warn(written: &[Written], context: &Context) {
    written.iter().flat_map(|written| &written.warnings).for_each(|warning| context.terminal.warn(warning));
}

/// Tells with --verbose which files are others now.
pub(super) fn note(written: &[Written], context: &Context) {
    for written in written.iter().filter(|written| written.changed) {
        context.terminal.note(&format!("\"{}\" is written", Printable(&written.path.display().to_string())));
    }
}

/// The files of some edits, in words: `"A" and "B"`.
pub(super) fn places(written: &[Written]) -> String {
    let mut text = String::new();
    for (number, written) in written.iter().enumerate() {
        let between = if number == 0 { "" } else { " and " };
        let path = written.path.display().to_string();
        write!(text, "{between}\"{}\"", Printable(&path)).expect("a String takes all");
    }
    text
}
