//! The user's shared files, `~/.aws/config` and `~/.aws/credentials`, and the profiles in them.
//!
//! [`Profiles`] holds the bytes of both files; a [`Profile`] is cut out of them when somebody asks for it,
//! merged from every section that bears its name. Nothing is looked up twice, and a file of thousands of
//! profiles costs little more than reading it.

mod check;
mod header;
pub(crate) mod legacy;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use header::FileKind;

use crate::context::Vars;
use crate::error::{Error, Exit};
use crate::file::{self, Read};
use crate::paths;
use header::{Header, SectionKind, Spelling};
use parse::{Damage, Property, Section};
use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Both shared files.
#[derive(Debug)]
pub(crate) struct Profiles {
    config: SharedFile,
    credentials: SharedFile,
}

/// One of the shared files, as it was read.
#[derive(Debug)]
pub(crate) struct SharedFile {
    pub(crate) kind: FileKind,
    pub(crate) path: PathBuf,
    /// Without a byte order mark; empty where there is no file.
    text: Vec<u8>,
    /// Where its headers begin.
    headers: Vec<usize>,
    /// What a person should know about the file as a whole.
    notes: Vec<String>,
}

/// A line of a shared file, as messages name it: `PATH:LINE`.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a SharedFile,
    at: usize,
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
        let file = |kind, path: &str, text: &[u8]| SharedFile {
            kind,
            path: path.into(),
            text: text.into(),
            headers: parse::headers(text),
            notes: Vec::new(),
        };
        Self {
            config: file(FileKind::Config, "config", config.as_ref()),
            credentials: file(FileKind::Credentials, "credentials", credentials.as_ref()),
        }
    }

    pub(crate) fn files(&self) -> [&SharedFile; 2] {
        [&self.config, &self.credentials]
    }

    /// The profile of that name: the config file's settings, and over them the credentials file's.
    ///
    /// `None` when neither file has it. An error when a line of it cannot be read.
    pub(crate) fn profile(&self, name: &str) -> Result<Option<Profile<'_>>, Error> {
        let mut profile = Profile { name: name.to_owned(), settings: Vec::new(), declared: None };
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
        Ok(profile.declared.is_some().then_some(profile))
    }

    /// The `[sso-session NAME]` or `[services NAME]` section of the config file.
    fn section(&self, kind: SectionKind, name: &str) -> Result<Option<Profile<'_>>, Error> {
        let mut profile = Profile { name: name.to_owned(), settings: Vec::new(), declared: None };
        for found in self.config.named(kind, name.as_bytes()) {
            profile.add(&self.config, &found.section)?;
        }
        Ok(profile.declared.is_some().then_some(profile))
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
        for file in self.files() {
            for (header, _) in file.headers() {
                if let Header::Section { kind: SectionKind::Profile, name, spelling } = header
                    && spelling != Spelling::Spaced
                    && let Ok(name) = str::from_utf8(name)
                    && !names.contains(&name)
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
        let cause = match self.first_damage() {
            Some(damage) => damage,
            None if self.names().is_empty() => format!("No profiles were defined in \"{config}\" or \"{credentials}\""),
            None => format!("neither \"{config}\" nor \"{credentials}\" has it"),
        };
        Error::new(format!("no profile \"{name}\"")).cause(cause).hint(self.known_names(name)).exit(Exit::NoSuchProfile)
    }

    /// A hint at the names that could have been meant.
    pub(crate) fn known_names(&self, name: &str) -> String {
        const SHOWN: usize = 8;
        let names = self.names();
        match names.len() {
            0 => format!("make one, for example with `aws configure --profile {name}`"),
            1..=SHOWN => format!("the profiles there: {}", names.join(", ")),
            all => format!("the profiles there: {}, and {} more", names[..SHOWN].join(", "), all - SHOWN),
        }
    }

    /// Whether somebody may be in the middle of writing one of the files.
    pub(crate) fn changed_just_now(&self) -> bool {
        const JUST_NOW: Duration = Duration::from_millis(100);
        self.files().into_iter().any(|file| file::age(&file.path).is_some_and(|age| age < JUST_NOW))
    }

    /// The first line that belongs to no section, which may be what is left of a missing one.
    fn first_damage(&self) -> Option<String> {
        self.files().into_iter().find_map(|file| {
            let damage = file.sections().find_map(|section| section.damage)?;
            Some(file.describe(damage))
        })
    }
}

impl SharedFile {
    fn load(vars: &Vars, kind: FileKind, variable: &str, default_name: &str) -> Result<Self, Error> {
        let path = paths::shared_file(vars, variable, default_name);
        let mut notes = Vec::new();
        let mut text = match file::read_shared(&path) {
            Read::Bytes(bytes) => bytes,
            Read::Missing if vars.os(variable).is_none() => Vec::new(),
            Read::Missing => {
                notes.push(format!("{variable} names a file that does not exist: \"{}\"", path.display()));
                Vec::new()
            }
            Read::Refused(why) => {
                notes.push(format!("cannot read \"{}\": {why}", path.display()));
                Vec::new()
            }
        };
        if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
            return Err(Error::new(format!("cannot read \"{}\"", path.display()))
                .cause("file is UTF-16; re-save as UTF-8")
                .hint("PowerShell's `>` writes UTF-16; use `Set-Content -Encoding utf8`"));
        }
        if text.starts_with(b"\xef\xbb\xbf") {
            notes.push(format!("\"{}\" begins with a byte order mark, which the AWS CLI refuses", path.display()));
            text.drain(..3);
        }
        Ok(Self { kind, path, headers: parse::headers(&text), text, notes })
    }

    fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        parse::sections(&self.text, &self.headers)
    }

    /// Every section with its header understood.
    fn headers(&self) -> impl Iterator<Item = (Header<'_>, Section<'_>)> {
        self.sections().filter_map(|section| section.header.map(|text| (Header::parse(self.kind, text), section)))
    }

    /// All sections of one kind and name, in order.
    fn named(&self, wanted: SectionKind, wanted_name: &[u8]) -> Vec<Named<'_>> {
        let prefix = match (self.kind, wanted) {
            (FileKind::Credentials, _) => b"".as_slice(),
            (FileKind::Config, SectionKind::Profile) => b"profile",
            (FileKind::Config, SectionKind::SsoSession) => b"sso-session",
            (FileKind::Config, SectionKind::Services) => b"services",
        };
        let candidates = parse::sections_named(&self.text, &self.headers, prefix, wanted_name);
        candidates
            .filter_map(|section| match Header::parse(self.kind, section.header?) {
                Header::Section { kind, name, spelling } if kind == wanted && name == wanted_name => {
                    Some(Named { section, spelling })
                }
                _ => None,
            })
            .collect()
    }

    fn place(&self, at: usize) -> Place<'_> {
        Place { file: self, at }
    }

    /// `PATH:LINE:COLUMN: PHRASE`.
    fn describe(&self, damage: Damage) -> String {
        format!("{}:{}", self.place(damage.at), self.describe_in_line(damage))
    }

    /// `COLUMN: PHRASE`.
    fn describe_in_line(&self, damage: Damage) -> String {
        let line = &self.text[damage.at..];
        let column = line.iter().take_while(|byte| parse::is_blank(**byte)).count() + 1;
        format!("{column}: {}", damage.phrase)
    }
}

struct Named<'a> {
    section: Section<'a>,
    spelling: Spelling,
}

impl Place<'_> {
    /// Counted from 1.
    pub(crate) fn line(self) -> usize {
        self.file.text[..self.at].split(|byte| *byte == b'\n').count()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.file.path
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path().display(), self.line())
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One profile, merged from every section that bears its name in either file. Other named sections have the
/// same form.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub(crate) name: String,
    /// In the order of their rank: of two with one key the later counts.
    settings: Vec<(&'a SharedFile, Property<'a>)>,
    /// Its first header.
    declared: Option<Place<'a>>,
}

/// Whether a name is `keyfob_KEY`.
fn is_own_key(name: &[u8], key: &str) -> bool {
    let (prefix, rest) = name.split_at(name.len() - key.len());
    prefix.eq_ignore_ascii_case(b"keyfob_") && rest.eq_ignore_ascii_case(key.as_bytes())
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) value: Cow<'a, str>,
    pub(crate) place: Place<'a>,
}

impl<'a> Profile<'a> {
    fn add(&mut self, file: &'a SharedFile, section: &Section<'a>) -> Result<(), Error> {
        let damaged = |damage| {
            Error::new(format!("cannot read profile \"{}\"", self.name))
                .cause(file.describe(damage))
                .hint("mend that line; the other profiles in the file work on")
        };
        if let Some(damage) = section.damage {
            return Err(damaged(damage));
        }
        let properties = parse::properties(&file.text, section.body.clone(), &mut Vec::new()).map_err(damaged)?;
        self.settings.extend(properties.into_iter().map(|property| (file, property)));
        self.declared = self.declared.or(Some(file.place(section.at)));
        Ok(())
    }

    /// Where the profile begins.
    pub(crate) fn declared(&self) -> Option<Place<'a>> {
        self.declared
    }

    /// The value that counts for keyfob: `keyfob_KEY` before `KEY`, the credentials file before the config
    /// file, the last line before earlier ones. An empty value is none.
    ///
    /// An error when the value is not text.
    pub(crate) fn get(&self, key: &str) -> Result<Option<Setting<'a>>, Error> {
        let (mut own, mut plain) = (None, None);
        for (file, property) in self.settings.iter().rev() {
            match property.key.len().checked_sub(key.len()) {
                Some(0) if plain.is_none() && property.key.eq_ignore_ascii_case(key.as_bytes()) => {
                    plain = Some((file, property));
                }
                Some(7) if own.is_none() && is_own_key(property.key, key) => own = Some((file, property)),
                _ => {}
            }
        }
        match own.or(plain) {
            Some((file, property)) if !property.value.is_empty() => self.text_of(file, property).map(Some),
            _ => Ok(None),
        }
    }

    fn text_of(&self, file: &'a SharedFile, property: &Property<'a>) -> Result<Setting<'a>, Error> {
        let place = file.place(property.at);
        let bad = |why: &str| {
            let key = String::from_utf8_lossy(property.key);
            Error::new(format!("cannot read \"{key}\" of profile \"{}\"", self.name)).cause(format!("{place}: {why}"))
        };
        let not_text = |_| bad("the value is not UTF-8");
        let value = match &property.value {
            Cow::Borrowed(bytes) => Cow::Borrowed(str::from_utf8(bytes).map_err(not_text)?),
            Cow::Owned(bytes) => Cow::Owned(str::from_utf8(bytes).map_err(not_text)?.to_owned()),
        };
        if value.contains('\0') {
            return Err(bad("the value holds a NUL"));
        }
        Ok(Setting { value, place })
    }

    /// A sub-property of a nested block, as `[services NAME]` has them; names are compared without case.
    pub(crate) fn nested(&self, key: &str, name: &str) -> Result<Option<String>, Error> {
        let Some(block) = self.get(key)?.filter(|setting| setting.value.starts_with('\n')) else { return Ok(None) };
        let mut values = block.value.lines().filter_map(|line| {
            let (found, value) = parse::sub_property(parse::without_comment(line.as_bytes()))?;
            found.eq_ignore_ascii_case(name.as_bytes()).then(|| String::from_utf8_lossy(value).into_owned())
        });
        Ok(values.next_back().filter(|value| !value.is_empty()))
    }
}
