//! A section, merged from everywhere it stands, and its settings.

use super::header::{FileKind, SectionName};
use super::kind;
use super::parse::{self, Damage, Property, Section};
use super::shared_file::{Place, SharedFile};
use crate::error::Error;
use std::borrow::Cow;
use std::collections::HashSet;

/// One profile, merged from every section that bears its name in either file. Other named sections have the
/// same form.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub(crate) name: String,
    /// What errors call it: `profile "dev"`, `[services local]`.
    title: String,
    /// In the order of their rank: of two with one key the later counts.
    pub(super) settings: Vec<(&'a SharedFile, Property<'a>)>,
    /// Its first header.
    declared: Option<Place<'a>>,
}

/// The error for a section with a line that cannot be read.
pub(super) fn damaged(title: &str, file: &SharedFile, damage: Damage) -> Error {
    Error::new(format!("cannot read {title}"))
        .cause(file.describe(damage))
        .hint("mend that line; the other profiles in the file work on")
}

/// Whether a name is `keyfob_KEY`.
fn is_own_key(name: &[u8], key: &str) -> bool {
    let (prefix, rest) = name.split_at(name.len() - key.len());
    prefix.eq_ignore_ascii_case(b"keyfob_") && rest.eq_ignore_ascii_case(key.as_bytes())
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Setting<'a> {
    key: &'a [u8],
    pub(crate) value: Cow<'a, str>,
    pub(crate) place: Place<'a>,
}

impl<'a> Setting<'a> {
    /// The name as it is spelled: perhaps `keyfob_KEY`.
    pub(crate) fn key(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.key)
    }

    /// Names and values of a nested block, in order, the names as they are spelled; `None` for a plain value.
    pub(crate) fn sub_properties(&self) -> Option<Vec<(&str, &str)>> {
        let block = self.value.strip_prefix('\n')?;
        Some(block.split('\n').filter_map(sub_property).collect())
    }
}

fn sub_property(line: &str) -> Option<(&str, &str)> {
    let text = |bytes| str::from_utf8(bytes).expect("text is cut at ASCII signs");
    let (name, value) = parse::sub_property(parse::without_comment(line.as_bytes()))?;
    Some((text(name), text(value)))
}

impl<'a> Profile<'a> {
    pub(super) fn new(section: SectionName<'_>) -> Self {
        Self { name: section.name.to_owned(), title: section.to_string(), settings: Vec::new(), declared: None }
    }

    /// Whether any section bears the name, with settings or without.
    pub(super) fn exists(&self) -> bool {
        self.declared.is_some()
    }

    pub(super) fn add(&mut self, file: &'a SharedFile, section: &Section<'a>) -> Result<(), Error> {
        let damaged = |damage| damaged(&self.title, file, damage);
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
    /// file, the last line before earlier ones. An empty value is none; an empty `keyfob_KEY` hides `KEY`.
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

    /// Every setting that counts, empty ones too, in the order of the files: of several lines for one key the last.
    ///
    /// An error when one of them is not text.
    pub(crate) fn effective(&self) -> Result<Vec<Setting<'a>>, Error> {
        let mut seen = HashSet::new();
        let last = self.settings.iter().rev().filter(|(_, property)| seen.insert(property.key.to_ascii_lowercase()));
        let mut found = last.map(|(file, property)| self.text_of(file, property)).collect::<Result<Vec<_>, _>>()?;
        found.reverse();
        Ok(found)
    }

    /// The keys of one file, as they are spelt there.
    pub(crate) fn keys(&self, file: FileKind) -> impl Iterator<Item = &str> {
        let here = self.settings.iter().filter(move |(in_file, _)| in_file.kind == file);
        here.filter_map(|(_, property)| str::from_utf8(property.key).ok())
    }

    /// Whether a line of one file has exactly this key.
    pub(crate) fn has(&self, file: FileKind, key: &str) -> bool {
        self.keys(file).any(|found| found.eq_ignore_ascii_case(key))
    }

    /// What the lines of one file say for exactly this key, the last of them.
    pub(crate) fn line(&self, file: FileKind, key: &str) -> Option<&str> {
        let lines = self.settings.iter().rev().filter(|(in_file, _)| in_file.kind == file);
        let mut values = lines.filter(|(_, found)| found.key.eq_ignore_ascii_case(key.as_bytes()));
        values.next().and_then(|(_, found)| str::from_utf8(&found.value).ok())
    }

    /// The secrets that one file holds of it: their keys as they are spelled, and where they stand. When one is written to
    /// the other file, a copy stays here.
    pub(crate) fn secrets_in(&self, file: FileKind) -> Vec<(Cow<'a, str>, Place<'a>)> {
        let is_secret = |key: &[u8]| {
            kind::KEYS[1..].iter().any(|secret| match key.len().checked_sub(secret.len()) {
                Some(0) => key.eq_ignore_ascii_case(secret.as_bytes()),
                Some(7) => is_own_key(key, secret),
                _ => false,
            })
        };
        let lines = self.settings.iter().filter(|(in_file, found)| in_file.kind == file && is_secret(found.key));
        lines.map(|(file, found)| (String::from_utf8_lossy(found.key), file.place(found.at))).collect()
    }

    /// Whether a file has a line for this sub-property, in the block of that key that counts.
    pub(crate) fn has_nested_line(&self, file: FileKind, block: &str, name: &str) -> bool {
        let lines = self.line(file, block).unwrap_or_default().lines();
        let mut names = lines.filter_map(|line| parse::sub_property(parse::without_comment(line.as_bytes())));
        names.any(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
    }

    fn text_of(&self, file: &'a SharedFile, property: &Property<'a>) -> Result<Setting<'a>, Error> {
        let place = file.place(property.at);
        let bad = |why: &str| {
            let key = String::from_utf8_lossy(property.key);
            Error::new(format!("cannot read \"{key}\" of {}", self.title)).cause(format!("{place}: {why}"))
        };
        let not_text = |_| bad("the value is not UTF-8");
        let value = match &property.value {
            Cow::Borrowed(bytes) => Cow::Borrowed(str::from_utf8(bytes).map_err(not_text)?),
            Cow::Owned(bytes) => Cow::Owned(str::from_utf8(bytes).map_err(not_text)?.to_owned()),
        };
        if value.contains('\0') {
            return Err(bad("the value holds a NUL"));
        }
        Ok(Setting { key: property.key, value, place })
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
