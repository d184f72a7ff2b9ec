//! What deserves a word about a header.

use super::super::header::{Header, PROTOTYPE, Spelling, why_not_counted};
use super::super::parse::{self, Section};
use super::super::{FileKind, SectionKind};
use super::Check;
use std::collections::HashSet;

const DUPLICATE: &str = "a second section of this name, which the AWS CLI refuses; both are merged";
const COMMENT: &str = "a comment behind a header, for which AWS's tools for .NET and PowerShell refuse the whole file";
const BLANK_BESIDE: &str = "blanks beside the brackets, with which the AWS CLI and the JavaScript SDK find no profile";
const BLANKS_BETWEEN: &str = "more than one blank in a header, with which the JavaScript SDK finds no profile";
const IN_QUOTES: &str = "the AWS CLI and the JavaScript SDK take these quotes away; the Rust SDK ignores the section, and the \
                         SDKs for Go and .NET take them for a part of the name";
const REFUSED_NAME: &str = "the JavaScript SDK refuses every file that has this name";

impl<'a> Check<'a> {
    /// Returns of which kind the section is, if of any.
    pub(super) fn header(
        &mut self,
        text: &'a [u8],
        section: &Section<'a>,
        seen: &mut HashSet<(SectionKind, &'a [u8])>,
    ) -> Option<SectionKind> {
        if self.header_line(section).contains(&b'#') || self.header_line(section).contains(&b';') {
            self.remark(section.at, COMMENT);
        }
        match Header::parse(self.file.kind, text) {
            Header::Ignored(why) => {
                if let Some(why) = why {
                    self.warn(section.at, why);
                }
                None
            }
            Header::Section { kind, name, spelling } => {
                if !self.gives_way(spelling) && !seen.insert((kind, name)) {
                    self.warn(section.at, DUPLICATE);
                }
                self.spelling(section.at, name, spelling);
                self.blanks(section, text);
                Some(kind)
            }
        }
    }

    /// The whole line; of a header no name can hold a comment sign.
    fn header_line(&self, section: &Section<'a>) -> &'a [u8] {
        &self.file.text[section.at..section.body.start]
    }

    /// Blanks that are nothing to most readers.
    fn blanks(&mut self, section: &Section<'a>, text: &[u8]) {
        let line = parse::trim(self.header_line(section));
        let starts_at_once = line.strip_prefix(b"[").is_some_and(|line| line.starts_with(text));
        let ends_at_once = line.get(1 + text.len()) == Some(&b']');
        if !(starts_at_once && ends_at_once) && section.damage.is_none() {
            self.remark(section.at, BLANK_BESIDE);
        }
        let mut words = text.split(|byte| parse::is_blank(*byte)).skip(1);
        if self.file.kind == FileKind::Config && words.next().is_some_and(<[u8]>::is_empty) {
            self.remark(section.at, BLANKS_BETWEEN);
        }
    }

    /// Whether it is a `[default]` that does not count.
    fn gives_way(&self, spelling: Spelling) -> bool {
        let sections = || self.file.named(SectionKind::Profile, b"default");
        spelling == Spelling::BareDefault && sections().iter().any(|found| found.spelling != Spelling::BareDefault)
    }

    fn spelling(&mut self, at: usize, name: &[u8], spelling: Spelling) {
        if name == PROTOTYPE.as_bytes() {
            self.warn(at, REFUSED_NAME);
        }
        match spelling {
            Spelling::Plain => {}
            Spelling::Quoted if parse::is_name(name) => self.remark(at, IN_QUOTES),
            Spelling::Quoted => self.warn(at, "some SDKs do not find a profile whose name needs quotes"),
            Spelling::BareDefault => {
                if self.gives_way(spelling) {
                    self.warn(at, "ignored, since there is a [profile default] too");
                }
            }
            Spelling::Spaced => {
                if self.profiles.config.named(SectionKind::Profile, name).is_empty() {
                    self.warn(at, why_not_counted(name));
                }
            }
        }
    }
}
