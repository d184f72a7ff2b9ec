//! What a person should know about the shared files: lines that are broken, ignored, or read differently by
//! other AWS tools. Nobody asks for this on the way to credentials.

use super::header::{Header, NOT_A_BARE_NAME, SectionKind, Spelling};
use super::parse::{self, Damage, Oddity, Property, Section};
use super::{FileKind, Profiles, SharedFile};
use crate::file;
use std::collections::HashSet;
use std::{fmt, fs};

/// One line of advice, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning(String);

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Profiles {
    /// Everything in both files that deserves a word.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for file in self.files() {
            warnings.extend(file.notes.iter().cloned().map(Warning));
            warnings.extend(open_to_others(file));
            warnings.extend(Check { profiles: self, file, found: Vec::new() }.warnings());
        }
        warnings
    }
}

/// The AWS CLI's own words.
fn open_to_others(file: &SharedFile) -> Option<Warning> {
    let holds_secrets = file.kind == FileKind::Credentials;
    let is_open = holds_secrets && fs::metadata(&file.path).is_ok_and(|metadata| file::is_open_to_others(&metadata));
    let path = file.path.display();
    is_open.then(|| {
        Warning(format!("The file '{path}' is accessible by other users. Consider running 'chmod 600 {path}'"))
    })
}

struct Check<'a> {
    profiles: &'a Profiles,
    file: &'a SharedFile,
    /// Where in the file, in bytes, and what follows `PATH:LINE:`.
    found: Vec<(usize, String)>,
}

impl<'a> Check<'a> {
    /// What was found, in the order of the lines, which are counted in one pass: of a large file every section
    /// may deserve a word.
    fn warnings(mut self) -> Vec<Warning> {
        self.file();
        self.found.sort_by_key(|(at, _)| *at);
        let (mut counted, mut line) = (0, 1);
        let mut warning = |(at, what): (usize, String)| {
            line += self.file.text[counted..at].split(|byte| *byte == b'\n').count() - 1;
            counted = at;
            Warning(format!("{}:{line}:{what}", self.file.path.display()))
        };
        self.found.into_iter().map(&mut warning).collect()
    }

    fn file(&mut self) {
        let mut seen = HashSet::new();
        for section in self.file.sections() {
            if let Some(damage) = section.damage {
                self.damage(damage);
            }
            if let Some(text) = section.header {
                let kind = self.header(text, &section, &mut seen);
                self.body(&section, kind);
            }
        }
    }

    fn warn(&mut self, at: usize, what: &str) {
        self.found.push((at, format!(" {what}")));
    }

    fn damage(&mut self, damage: Damage) {
        self.found.push((damage.at, self.file.describe_in_line(damage)));
    }

    /// Returns of which kind the section is, if of any.
    fn header(
        &mut self,
        text: &'a [u8],
        section: &Section<'a>,
        seen: &mut HashSet<(SectionKind, &'a [u8])>,
    ) -> Option<SectionKind> {
        match Header::parse(self.file.kind, text) {
            Header::Ignored(why) => {
                if let Some(why) = why {
                    self.warn(section.at, why);
                }
                None
            }
            Header::Section { kind, name, spelling } => {
                if !seen.insert((kind, name)) {
                    self.warn(section.at, "a second section of this name, which the AWS CLI refuses; both are merged");
                }
                self.spelling(section.at, name, spelling);
                Some(kind)
            }
        }
    }

    fn spelling(&mut self, at: usize, name: &[u8], spelling: Spelling) {
        match spelling {
            Spelling::Plain => {}
            Spelling::Quoted if parse::is_name(name) => {}
            Spelling::Quoted => self.warn(at, "some SDKs do not find a profile whose name needs quotes"),
            Spelling::BareDefault => {
                let sections = self.file.named(SectionKind::Profile, b"default");
                if sections.iter().any(|found| found.spelling != Spelling::BareDefault) {
                    self.warn(at, "ignored, since there is a [profile default] too");
                }
            }
            Spelling::Spaced => {
                if self.profiles.config.named(SectionKind::Profile, name).is_empty() {
                    self.warn(at, NOT_A_BARE_NAME);
                }
            }
        }
    }

    fn body(&mut self, section: &Section<'a>, kind: Option<SectionKind>) {
        let mut odd = Vec::new();
        match parse::properties(&self.file.text, section.body.clone(), &mut odd) {
            Ok(properties) => {
                self.duplicates(&properties);
                self.split_pair(section, &properties);
                match kind {
                    Some(SectionKind::Profile) => self.repeated_sign_in(&properties),
                    Some(SectionKind::SsoSession) => self.strange_to_sessions(&properties),
                    Some(SectionKind::Services) | None => {}
                }
            }
            Err(damage) => self.damage(damage),
        }
        for Oddity { at, what } in odd {
            self.warn(at, what);
        }
    }

    fn duplicates(&mut self, properties: &[Property<'_>]) {
        let mut seen = HashSet::new();
        for property in properties {
            if !seen.insert(property.key.to_ascii_lowercase()) {
                self.warn(property.at, "a second line for this key, which the AWS CLI refuses; the last one counts");
            }
        }
    }

    /// Where to sign in, in a profile that leaves this to its sso-session.
    fn repeated_sign_in(&mut self, properties: &[Property<'_>]) {
        const REPEATED: [&str; 2] = ["sso_start_url", "sso_region"];
        let is = |property: &Property<'_>, key: &str| property.key.eq_ignore_ascii_case(key.as_bytes());
        if !properties.iter().any(|property| is(property, "sso_session") && !property.value.is_empty()) {
            return;
        }
        for property in properties.iter().filter(|property| REPEATED.iter().any(|key| is(property, key))) {
            self.warn(
                property.at,
                "tools written in Rust refuse a profile that says beside sso_session where to sign in, even when it is the same",
            );
        }
    }

    /// Settings that botocore would take for those of every profile of the session.
    fn strange_to_sessions(&mut self, properties: &[Property<'_>]) {
        let belongs = |key: &[u8]| [b"sso_".as_slice(), b"keyfob_"].iter().any(|prefix| starts_with(key, prefix));
        for property in properties.iter().filter(|property| !belongs(property.key)) {
            self.warn(
                property.at,
                "no setting of an sso-session; the AWS CLI refuses a profile of it that has another value",
            );
        }
    }

    /// Half a pair of keys in the credentials file, and the other half in the config file.
    fn split_pair(&mut self, section: &Section<'a>, properties: &[Property<'_>]) {
        const PAIR: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];
        let has = |key: &str| properties.iter().any(|property| property.key.eq_ignore_ascii_case(key.as_bytes()));
        let missing = match PAIR.map(has) {
            [true, false] if self.file.kind == FileKind::Credentials => PAIR[1],
            [false, true] if self.file.kind == FileKind::Credentials => PAIR[0],
            _ => return,
        };
        let name = section.header.and_then(|text| str::from_utf8(text).ok());
        let profile = name.and_then(|name| self.profiles.profile(name).ok().flatten());
        let found = profile.and_then(|profile| profile.get(missing).ok().flatten());
        if found.is_some_and(|key| key.place.file.kind == FileKind::Config) {
            self.warn(
                section.at,
                "half a pair of keys, which the AWS CLI refuses; the other half is in the config file",
            );
        }
    }
}

fn starts_with(key: &[u8], prefix: &[u8]) -> bool {
    key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
