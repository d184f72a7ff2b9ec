//! What deserves a word about the lines below a header.

use super::super::parse::{self, Oddity, Property, Section};
use super::super::{FileKind, SectionKind, kind};
use super::Check;
use crate::secret::is_secret;
use std::collections::HashSet;

const COMMENT: &str = "the AWS CLI and the .NET SDK take the comment for a part of the value";
const INDENTED_COMMENT: &str = "an indented comment, which the Rust SDK takes for a part of what stands above";
const LINES: &str = "a value of several lines, which the JavaScript SDK cuts, and for which AWS's tools for .NET and \
                     PowerShell refuse the whole file";
const COLON: &str = "the AWS CLI ends a key at its colon";
const CAPITALS: &str = "the JavaScript SDK knows keys in small letters only";
const EMPTY: &str = "the JavaScript SDK passes over a key without a value";
const QUOTES: &str = "the Go SDK takes these quotes away, all others keep them";
const NOT_TEXT: &str = "the value is not UTF-8; the AWS CLI refuses the whole file";
const NUL: &str = "the value holds a NUL";

impl<'a> Check<'a> {
    pub(super) fn body(&mut self, section: &Section<'a>, kind: Option<SectionKind>) {
        let mut odd = Vec::new();
        match parse::properties(&self.file.text, section.body.clone(), &mut odd) {
            Ok(properties) => {
                self.duplicates(&properties);
                self.split_pair(section, &properties);
                for property in &properties {
                    self.lines(property);
                    if kind.is_some() {
                        self.key_and_value(property);
                    }
                }
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

    /// What the lines of a setting are made of.
    fn lines(&mut self, property: &Property<'_>) {
        let has_comment = |line: &[u8]| parse::without_comment(line).len() < line.len();
        let mut lines = parse::lines(&self.file.text, property.at..property.end);
        if lines.next().is_some_and(|first| has_comment(first.text)) {
            self.remark(property.at, COMMENT);
        }
        let is_nested = property.value.starts_with(b"\n");
        let more: Vec<_> = lines.filter(|line| !parse::is_skipped(line.text)).collect();
        for line in more.iter().filter(|line| is_nested && has_comment(line.text)) {
            self.remark(line.at, COMMENT);
        }
        if let Some(line) = more.first().filter(|_| !is_nested) {
            self.remark(line.at, LINES);
        }
    }

    fn key_and_value(&mut self, property: &Property<'_>) {
        let value = &property.value[..];
        self.holds_secrets |= is_secret(&String::from_utf8_lossy(property.key)) && !value.is_empty();
        if str::from_utf8(value).is_err() {
            self.warn(property.at, NOT_TEXT);
        } else if value.contains(&0) {
            self.warn(property.at, NUL);
        }
        if property.key.contains(&b':') {
            self.remark(property.at, COLON);
        }
        if property.key.iter().any(u8::is_ascii_uppercase) {
            self.remark(property.at, CAPITALS);
        }
        match value {
            [] => self.remark(property.at, EMPTY),
            [first @ (b'"' | b'\''), .., last] if first == last => self.remark(property.at, QUOTES),
            _ => {}
        }
    }

    /// Comments that are not at the beginning of their line.
    pub(super) fn comments(&mut self) {
        for line in parse::lines(&self.file.text, 0..self.file.text.len()) {
            let is_indented = line.text.first().is_some_and(|first| parse::is_blank(*first));
            if is_indented && parse::is_skipped(line.text) && !parse::trim(line.text).is_empty() {
                self.remark(line.at, INDENTED_COMMENT);
            }
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
        if !properties.iter().any(|property| property.is("sso_session") && !property.value.is_empty()) {
            return;
        }
        for property in properties.iter().filter(|property| REPEATED.iter().any(|key| property.is(key))) {
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
        let is_of_pair = |property: &Property<'_>| kind::KEYS[..2].iter().any(|key| property.is(key));
        if self.file.kind == FileKind::Config || !properties.iter().any(is_of_pair) {
            return;
        }
        let name = section.header.and_then(|text| str::from_utf8(text).ok());
        let profile = name.and_then(|name| self.profiles.profile(name).ok().flatten());
        if let Some(pair) = profile.and_then(|profile| profile.split_pair()) {
            self.warn(section.at, &pair.to_string());
        }
    }
}

fn starts_with(key: &[u8], prefix: &[u8]) -> bool {
    key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
