//! What a person should know about the shared files: lines that are broken, ignored, or read differently by
//! other AWS tools. Nobody asks for this on the way to credentials.

use super::header::{Header, SectionKind, Spelling};
use super::parse::{self, Oddity, Property, Section};
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
            Check { profiles: self, file, warnings: &mut warnings }.file();
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
    warnings: &'a mut Vec<Warning>,
}

impl<'a> Check<'a> {
    fn file(&mut self) {
        let mut seen = HashSet::new();
        for section in parse::sections(&self.file.text) {
            if let Some(damage) = section.damage {
                let warning = self.file.describe(damage);
                self.warnings.push(Warning(warning));
            }
            if let Some(text) = section.header {
                self.header(text, &section, &mut seen);
                self.body(&section);
            }
        }
    }

    fn warn(&mut self, at: usize, what: &str) {
        self.warnings.push(Warning(format!("{}: {what}", self.file.place(at))));
    }

    fn header(&mut self, text: &'a [u8], section: &Section<'a>, seen: &mut HashSet<(SectionKind, &'a [u8])>) {
        match Header::parse(self.file.kind, text) {
            Header::Ignored(Some(why)) => self.warn(section.at, why),
            Header::Ignored(None) => {}
            Header::Section { kind, name, spelling } => {
                if !seen.insert((kind, name)) {
                    self.warn(section.at, "a second section of this name, which the AWS CLI refuses; both are merged");
                }
                self.spelling(section.at, name, spelling);
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
                    self.warn(at, "ignored: profiles here are written [NAME], without a prefix");
                }
            }
        }
    }

    fn body(&mut self, section: &Section<'a>) {
        let mut odd = Vec::new();
        match parse::properties(&self.file.text, section.body.clone(), &mut odd) {
            Ok(properties) => self.duplicates(&properties),
            Err(damage) => {
                let warning = self.file.describe(damage);
                self.warnings.push(Warning(warning));
            }
        }
        for Oddity { at, what } in odd {
            self.warn(at, what);
        }
    }

    fn duplicates(&mut self, properties: &[Property<'_>]) {
        for (index, property) in properties.iter().enumerate() {
            if properties[..index].iter().any(|earlier| earlier.key.eq_ignore_ascii_case(property.key)) {
                self.warn(property.at, "a second line for this key, which the AWS CLI refuses; the last one counts");
            }
        }
    }
}
