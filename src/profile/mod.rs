//! The user's shared files, `~/.aws/config` and `~/.aws/credentials`, and the profiles in them.
//!
//! [`Profiles`] holds the bytes of both files; a [`Profile`] is cut out of them when somebody asks for it,
//! merged from every section that bears its name. Nothing is looked up twice, and a file of thousands of
//! profiles costs little more than reading it.

mod all;
mod change;
mod check;
mod edit;
mod edits;
mod header;
pub(crate) mod kind;
pub(crate) mod legacy;
mod missing;
mod names;
mod parse;
mod render;
mod save;
mod section;
mod shadow;
mod shared_file;
#[cfg(test)]
mod tests;

pub(crate) use all::{Lines, Listed};
pub(crate) use change::{Change, Edit};
pub(crate) use check::Weight;
pub(crate) use edits::Edits;
pub(crate) use header::{FileKind, SectionKind, SectionName};
pub(crate) use kind::Kind;
pub(crate) use names::{DEFAULT_PROFILE, named_by_vars};
pub(crate) use save::{Preview, Written};
pub(crate) use section::{Profile, Setting};
pub(crate) use shadow::{Shadow, SplitPair};
pub(crate) use shared_file::{Place, SharedFile};

use crate::context::Vars;
use crate::error::Error;
use crate::file;
use crate::paths;
use crate::shell;
use header::{Header, Spelling};
use shared_file::Named;
use std::collections::HashSet;
use std::path::PathBuf;

/// Makes edits in one of the shared files, all of them at once or none; makes the file where it is missing.
///
/// Every other byte of the file stays. An error when some AWS tool would read a value otherwise, when a section in
/// question cannot be read, or when the file cannot be written; then nothing has changed.
pub(crate) fn apply(vars: &Vars, file: FileKind, edits: &[Edit<'_>]) -> Result<Written, Error> {
    let path = path(vars, file);
    save::edit(file, &path, |bytes| edit::edited(file, &path, bytes, edits))
}

/// What [`apply`] would do, without doing it.
pub(crate) fn preview(vars: &Vars, file: FileKind, edits: &[Edit<'_>]) -> Result<Preview, Error> {
    let path = path(vars, file);
    save::preview(file, &path, |bytes| edit::edited(file, &path, bytes, edits))
}

/// The error that [`apply`] would end in, found out without changing anything.
pub(crate) fn rehearse(vars: &Vars, file: FileKind, edits: &[Edit<'_>]) -> Result<(), Error> {
    let path = path(vars, file);
    save::rehearse(file, &path, |bytes| edit::edited(file, &path, bytes, edits))
}

/// The error of an [`apply`] whose edits are not known yet, where the file itself is in the way.
pub(crate) fn refuse_unwritable(vars: &Vars, file: FileKind) -> Result<(), Error> {
    save::refuse_unwritable(file, &path(vars, file))
}

/// Whether two environments name the same files.
pub(crate) fn are_same_files(one: &Vars, other: &Vars) -> bool {
    let is_same = |file| edits::is_one(&path(one, file), &path(other, file));
    FileKind::ALL.into_iter().all(is_same)
}

/// Whether both shared files are one.
pub(crate) fn is_one_file(vars: &Vars) -> bool {
    edits::is_one(&path(vars, FileKind::Config), &path(vars, FileKind::Credentials))
}

fn path(vars: &Vars, file: FileKind) -> PathBuf {
    paths::shared_file(vars, file.variable(), file.default_name())
}

/// How a profile comes by credentials, for one that has none.
pub(crate) fn ways_to_begin(name: &str) -> String {
    let word = shell::word(name);
    format!(
        "`keyfob configure sso {word}` chooses a role of IAM Identity Center, `keyfob login {word}` signs in with the \
         console, `keyfob profile set {word} --access-key ID` keeps keys"
    )
}

/// Both shared files.
#[derive(Debug)]
pub(crate) struct Profiles {
    config: SharedFile,
    credentials: SharedFile,
}

impl Profiles {
    /// Reads both files. A file that is missing or cannot be read is empty, as it is for every SDK.
    pub(crate) fn load(vars: &Vars) -> Result<Self, Error> {
        Ok(Self {
            config: SharedFile::load(vars, FileKind::Config)?,
            credentials: SharedFile::load(vars, FileKind::Credentials)?,
        })
    }

    /// The same for those who ask for whatever there is: a file that is no text is empty, and a note says why.
    pub(crate) fn load_what_can_be_read(vars: &Vars) -> Self {
        Self {
            config: SharedFile::load_or_note(vars, FileKind::Config),
            credentials: SharedFile::load_or_note(vars, FileKind::Credentials),
        }
    }

    #[cfg(test)]
    pub(crate) fn from_texts(config: impl AsRef<[u8]>, credentials: impl AsRef<[u8]>) -> Self {
        Self {
            config: SharedFile::new(FileKind::Config, "config".into(), config.as_ref().to_vec(), Vec::new()),
            credentials: SharedFile::new(
                FileKind::Credentials,
                "credentials".into(),
                credentials.as_ref().to_vec(),
                Vec::new(),
            ),
        }
    }

    pub(crate) fn files(&self) -> [&SharedFile; 2] {
        [&self.config, &self.credentials]
    }

    /// The profile of that name: the config file's settings, and over them the credentials file's.
    ///
    /// `None` when neither file has it. An error when a line of it cannot be read.
    pub(crate) fn profile(&self, name: &str) -> Result<Option<Profile<'_>>, Error> {
        let section = SectionName { kind: SectionKind::Profile, name };
        self.merged(name, &self.config.counted(section), &self.credentials.counted(section))
    }

    /// A profile of the sections that bear its name and count.
    fn merged<'a>(
        &'a self,
        name: &str,
        in_config: &[Named<'a>],
        in_credentials: &[Named<'a>],
    ) -> Result<Option<Profile<'a>>, Error> {
        let mut profile = Profile::new(SectionName { kind: SectionKind::Profile, name });
        for found in in_config {
            profile.add(&self.config, &found.section)?;
        }
        for found in in_credentials {
            if found.spelling != Spelling::Spaced || !in_config.is_empty() {
                profile.add(&self.credentials, &found.section)?;
            }
        }
        Ok(profile.exists().then_some(profile))
    }

    /// The files that have a section of that name, be it one that does not count.
    pub(crate) fn files_with(&self, name: &str) -> Vec<FileKind> {
        let has = |file: &&SharedFile| !file.named(SectionKind::Profile, name.as_bytes()).is_empty();
        self.files().into_iter().filter(has).map(|file| file.kind).collect()
    }

    /// Whether both files have the profile's section at the same place: `[default]`, where they are one file.
    pub(crate) fn shares_section(&self, name: &str) -> bool {
        let section = SectionName { kind: SectionKind::Profile, name };
        let starts = |file: &SharedFile| file.counted(section).iter().map(|found| found.section.at).collect::<Vec<_>>();
        let (in_config, in_credentials) = (starts(&self.config), starts(&self.credentials));
        in_config.iter().any(|start| in_credentials.contains(start))
    }

    /// The `[sso-session NAME]` or `[services NAME]` section of the config file.
    fn section(&self, kind: SectionKind, name: &str) -> Result<Option<Profile<'_>>, Error> {
        let section = SectionName { kind, name };
        let mut profile = Profile::new(section);
        for found in self.config.counted(section) {
            profile.add(&self.config, &found.section)?;
        }
        Ok(profile.exists().then_some(profile))
    }

    pub(crate) fn sso_session(&self, name: &str) -> Result<Option<Profile<'_>>, Error> {
        self.section(SectionKind::SsoSession, name)
    }

    /// The names of all sso-sessions, in the order of the config file.
    pub(crate) fn sso_session_names(&self) -> Vec<&str> {
        self.section_names(SectionKind::SsoSession)
    }

    /// The same of all services sections.
    pub(crate) fn services_names(&self) -> Vec<&str> {
        self.section_names(SectionKind::Services)
    }

    fn section_names(&self, wanted: SectionKind) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        for (header, _) in self.config.understood() {
            if let Header::Section { kind, name, .. } = header
                && kind == wanted
                && let Ok(name) = str::from_utf8(name)
                && seen.insert(name)
            {
                names.push(name);
            }
        }
        names
    }

    pub(crate) fn services(&self, name: &str) -> Result<Option<Profile<'_>>, Error> {
        self.section(SectionKind::Services, name)
    }

    /// Whether somebody may be in the middle of writing one of the files.
    pub(crate) fn changed_just_now(&self) -> bool {
        self.files().into_iter().any(|file| file::changed_just_now(&file.path))
    }

    /// What a person should know about the files as a whole.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &str> {
        self.files().into_iter().flat_map(|file| file.notes.iter().map(String::as_str))
    }

    /// Those of the files that are there and could not be read, for what stands in them is missing in any answer.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &str> {
        let unread = self.files().into_iter().filter(|file| file.is_unread);
        unread.flat_map(|file| file.notes.iter().map(String::as_str))
    }

    /// An error when there are lines of which nobody can tell what they belong to.
    pub(crate) fn refuse_damage(&self) -> Result<(), Error> {
        let damaged = |cause| Error::new("cannot read all profiles").cause(cause);
        let hint = "mend that line; `keyfob profile check` shows every such one";
        self.first_damage().map_or(Ok(()), |cause| Err(damaged(cause).hint(hint)))
    }

    /// Both files by their names: `"~/.aws/config" or "~/.aws/credentials"`.
    pub(crate) fn places(&self) -> String {
        format!("\"{}\" or \"{}\"", self.config.path.display(), self.credentials.path.display())
    }

    /// The first line that belongs to no section, which may be what is left of a missing one.
    fn first_damage(&self) -> Option<String> {
        self.files().into_iter().find_map(|file| {
            let damage = file.sections().find_map(|section| section.damage)?;
            Some(file.describe(damage))
        })
    }
}
