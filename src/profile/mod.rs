//! The user's shared files, `~/.aws/config` and `~/.aws/credentials`, and the profiles in them.
//!
//! [`Profiles`] holds the bytes of both files; a [`Profile`] is cut out of them when somebody asks for it,
//! merged from every section that bears its name. Nothing is looked up twice, and a file of thousands of
//! profiles costs little more than reading it.

mod check;
mod header;
pub(crate) mod legacy;
mod parse;
mod section;
mod shared_file;
#[cfg(test)]
mod tests;

pub(crate) use header::FileKind;
pub(crate) use section::{Profile, Setting};
pub(crate) use shared_file::{Place, SharedFile};

use crate::context::Vars;
use crate::error::{Error, Exit};
use crate::file;
use crate::shell;
use header::{Header, SectionKind, Spelling};
use std::collections::HashSet;
use std::time::Duration;

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
            config: SharedFile::load(vars, FileKind::Config, "AWS_CONFIG_FILE", "config")?,
            credentials: SharedFile::load(vars, FileKind::Credentials, "AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
        })
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
        let mut profile = Profile::new(name, format!("profile \"{name}\""));
        let in_config = self.config.named(SectionKind::Profile, name.as_bytes());
        let declares_default = in_config.iter().any(|found| found.spelling != Spelling::BareDefault);
        for found in &in_config {
            if !(declares_default && found.spelling == Spelling::BareDefault) {
                profile.add(&self.config, &found.section)?;
            }
        }
        for found in self.credentials.named(SectionKind::Profile, name.as_bytes()) {
            if found.spelling != Spelling::Spaced || !in_config.is_empty() {
                profile.add(&self.credentials, &found.section)?;
            }
        }
        Ok(profile.exists().then_some(profile))
    }

    /// The `[sso-session NAME]` or `[services NAME]` section of the config file.
    fn section(&self, kind: SectionKind, name: &str) -> Result<Option<Profile<'_>>, Error> {
        let mut profile = Profile::new(name, format!("[{} {name}]", kind.prefix()));
        for found in self.config.named(kind, name.as_bytes()) {
            profile.add(&self.config, &found.section)?;
        }
        Ok(profile.exists().then_some(profile))
    }

    pub(crate) fn sso_session(&self, name: &str) -> Result<Option<Profile<'_>>, Error> {
        self.section(SectionKind::SsoSession, name)
    }

    pub(crate) fn services(&self, name: &str) -> Result<Option<Profile<'_>>, Error> {
        self.section(SectionKind::Services, name)
    }

    /// The names of all profiles: those of the config file in its order, then the others.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        for file in self.files() {
            for (header, _) in file.understood() {
                if let Header::Section { kind: SectionKind::Profile, name, spelling } = header
                    && spelling != Spelling::Spaced
                    && let Ok(name) = str::from_utf8(name)
                    && seen.insert(name)
                {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The error for a profile that is in neither file.
    pub(crate) fn no_such_profile(&self, name: &str) -> Error {
        let (config, credentials) = (self.config.path.display(), self.credentials.path.display());
        let notes = self.files().into_iter().flat_map(|file| file.notes.iter().cloned());
        let known: Vec<String> =
            self.first_damage().or_else(|| self.first_ignored()).into_iter().chain(notes).collect();
        let cause = match known.is_empty() {
            false => known.join("; "),
            true if self.names().is_empty() => format!("No profiles were defined in \"{config}\" or \"{credentials}\""),
            true => format!("neither \"{config}\" nor \"{credentials}\" has it"),
        };
        Error::new(format!("no profile \"{name}\"")).cause(cause).hint(self.known_names(name)).exit(Exit::NoSuchProfile)
    }

    /// A hint at the names that could have been meant.
    pub(crate) fn known_names(&self, name: &str) -> String {
        const SHOWN: usize = 8;
        let names = self.names();
        match names.len() {
            0 => format!("make one, for example with `aws configure --profile {}`", shell::word(name)),
            1..=SHOWN => format!("the profiles there: {}", names.join(", ")),
            all => format!("the profiles there: {}, and {} more", names[..SHOWN].join(", "), all - SHOWN),
        }
    }

    /// Whether somebody may be in the middle of writing one of the files.
    pub(crate) fn changed_just_now(&self) -> bool {
        const JUST_NOW: Duration = Duration::from_millis(100);
        self.files().into_iter().any(|file| file::age(&file.path).is_some_and(|age| age < JUST_NOW))
    }

    /// The first section that no profile is read from, which may be what was meant.
    fn first_ignored(&self) -> Option<String> {
        self.files().into_iter().find_map(|file| {
            let (ignored, section) = file.understood().find_map(|(header, section)| match header {
                Header::Ignored(Some(why)) => Some((why, section)),
                Header::Section { kind: SectionKind::Profile, name, spelling: Spelling::Spaced }
                    if self.config.named(SectionKind::Profile, name).is_empty() =>
                {
                    Some((header::NOT_A_BARE_NAME, section))
                }
                _ => None,
            })?;
            Some(format!("{}: {ignored}", file.place(section.at)))
        })
    }

    /// The first line that belongs to no section, which may be what is left of a missing one.
    fn first_damage(&self) -> Option<String> {
        self.files().into_iter().find_map(|file| {
            let damage = file.sections().find_map(|section| section.damage)?;
            Some(file.describe(damage))
        })
    }
}
