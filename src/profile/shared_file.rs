//! One of the two shared files: its bytes, where its headers stand, and the places in it that messages name.

use super::header::{FileKind, Header, SectionKind, SectionName, Spelling};
use super::parse::{self, Damage, Section};
use crate::context::Vars;
use crate::error::Error;
use crate::file::{self, Read};
use crate::paths;
use std::fmt;
use std::path::{Path, PathBuf};

/// One of the shared files, as it was read.
#[derive(Debug)]
pub(crate) struct SharedFile {
    pub(crate) kind: FileKind,
    pub(crate) path: PathBuf,
    /// Without a byte order mark; empty where there is no file.
    pub(super) text: Vec<u8>,
    /// Where its headers begin.
    pub(super) headers: Vec<u32>,
    /// What a person should know about the file as a whole.
    pub(super) notes: Vec<String>,
    /// Whether it is there and could not be read, which is its note.
    pub(super) is_unread: bool,
}

/// A line of a shared file, as messages name it: `PATH:LINE`.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a SharedFile,
    /// In bytes.
    pub(super) at: usize,
}

impl SharedFile {
    pub(super) fn load(vars: &Vars, kind: FileKind) -> Result<Self, Error> {
        let variable = kind.variable();
        let path = paths::shared_file(vars, variable, kind.default_name());
        let mut notes = Vec::new();
        let mut is_unread = false;
        let bytes = match file::read_shared(&path) {
            Read::Bytes(bytes) => bytes,
            Read::Missing if vars.is_set_by_person(variable) => {
                notes.push(format!("{variable} names a file that does not exist: \"{}\"", path.display()));
                if path.as_os_str().as_encoded_bytes().iter().any(|byte| b"$%".contains(byte)) {
                    notes.push(format!("variables inside {variable} are not expanded"));
                }
                Vec::new()
            }
            Read::Missing => {
                // The file of an option; beside it there need not be another one.
                if vars.os(variable).is_some() && kind == FileKind::Credentials {
                    notes.push(format!("there is no file \"{}\"", path.display()));
                }
                Vec::new()
            }
            Read::Refused(why) => {
                notes.push(format!("cannot read \"{}\": {why}", path.display()));
                // This one is named by who wants none.
                is_unread = path != Path::new("/dev/null");
                Vec::new()
            }
        };
        Ok(Self { is_unread, ..Self::parse(kind, path, bytes, notes)? })
    }

    /// The same; a file that is no text is empty, and a note says why.
    pub(super) fn load_or_note(vars: &Vars, kind: FileKind) -> Self {
        Self::load(vars, kind).unwrap_or_else(|error| {
            let path = paths::shared_file(vars, kind.variable(), kind.default_name());
            let note = [Some(error.message), error.cause].into_iter().flatten().collect::<Vec<_>>().join(": ");
            Self::new(kind, path, Vec::new(), vec![note])
        })
    }

    /// Reads the bytes of a file, as far as they are text.
    pub(super) fn parse(
        kind: FileKind,
        path: PathBuf,
        mut text: Vec<u8>,
        mut notes: Vec<String>,
    ) -> Result<Self, Error> {
        if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
            return Err(Error::new(format!("cannot read \"{}\"", path.display()))
                .cause("file is UTF-16; re-save as UTF-8")
                .hint("PowerShell's `>` writes UTF-16; use `Set-Content -Encoding utf8`"));
        }
        if text.starts_with(b"\xef\xbb\xbf") {
            notes.push(format!("\"{}\" begins with a byte order mark, which the AWS CLI refuses", path.display()));
            text.drain(..3);
        }
        Ok(Self::new(kind, path, text, notes))
    }

    pub(super) fn new(kind: FileKind, path: PathBuf, text: Vec<u8>, notes: Vec<String>) -> Self {
        Self { kind, path, headers: parse::headers(&text), text, notes, is_unread: false }
    }

    pub(super) fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        parse::sections(&self.text, &self.headers)
    }

    /// Every section with its header understood.
    pub(super) fn understood(&self) -> impl Iterator<Item = (Header<'_>, Section<'_>)> {
        self.sections().filter_map(|section| section.header.map(|text| (Header::parse(self.kind, text), section)))
    }

    /// All sections of one kind and name, in order.
    pub(super) fn named(&self, wanted: SectionKind, wanted_name: &[u8]) -> Vec<Named<'_>> {
        let prefix = match self.kind {
            FileKind::Config => wanted.prefix(),
            FileKind::Credentials => "",
        };
        let candidates = parse::sections_named(&self.text, &self.headers, prefix.as_bytes(), wanted_name);
        candidates
            .filter_map(|section| match Header::parse(self.kind, section.header?) {
                Header::Section { kind, name, spelling } if kind == wanted && name == wanted_name => {
                    Some(Named { section, spelling })
                }
                _ => None,
            })
            .collect()
    }

    /// The sections that count of one kind and name: in the config file, `[default]` gives way to `[profile default]`.
    pub(super) fn counted(&self, section: SectionName<'_>) -> Vec<Named<'_>> {
        let mut sections = self.named(section.kind, section.name.as_bytes());
        keep_counted(&mut sections);
        sections
    }

    /// Where its lines end, in bytes.
    pub(super) fn line_ends(&self) -> Vec<usize> {
        let newlines = self.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        newlines.map(|(at, _)| at).collect()
    }

    pub(super) fn place(&self, at: usize) -> Place<'_> {
        Place { file: self, at }
    }

    /// `PATH:LINE:COLUMN: PHRASE`.
    pub(super) fn describe(&self, damage: Damage) -> String {
        format!("{}:{}", self.place(damage.at), self.describe_in_line(damage))
    }

    /// `COLUMN: PHRASE`.
    pub(super) fn describe_in_line(&self, damage: Damage) -> String {
        let line = &self.text[damage.at..];
        let column = line.iter().take_while(|byte| parse::is_blank(**byte)).count() + 1;
        format!("{column}: {}", damage.phrase)
    }
}

/// Of sections of one name, leaves those that count.
pub(super) fn keep_counted(sections: &mut Vec<Named<'_>>) {
    if sections.iter().any(|found| found.spelling != Spelling::BareDefault) {
        sections.retain(|found| found.spelling != Spelling::BareDefault);
    }
}

/// A section that bears the name in question.
pub(super) struct Named<'a> {
    pub(super) section: Section<'a>,
    pub(super) spelling: Spelling,
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

impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.file, other.file) && self.at == other.at
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
