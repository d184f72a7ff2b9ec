//! Changes the text of a shared file. Only the lines that must change do; every other byte stays, and so does what
//! every other line means.
//!
//! ```text
//! [profile dev]                         [profile dev]
//! region=eu-west-1 # for now     →      # for now
//! s3 =                                  region = us-east-1
//!     max_queue_size = 10               s3 =
//! # the next one                            max_queue_size = 10
//!                                       output = json
//!                                       # the next one
//! ```
//!
//! Keys go where the AWS CLI puts them, in its form, as far as it keeps the file's meaning: it loses comments, and
//! takes the lines that continue a value for values of their own.

use super::header::{FileKind, SectionName};
use super::parse::{self, Damage, Property, Section};
use super::section::damaged;
use super::shared_file::SharedFile;
use super::{Change, render};
use crate::error::Error;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// The bytes of a file after keys of one section were set. The path is for errors alone.
pub(super) fn set(
    kind: FileKind,
    path: &Path,
    bytes: &[u8],
    section: SectionName<'_>,
    changes: &[Change<'_>],
) -> Result<Vec<u8>, Error> {
    changes.iter().try_for_each(|change| change.check())?;
    let file = SharedFile::parse(kind, path.to_owned(), bytes.to_vec(), Vec::new())?;
    let with_text = |text| SharedFile::new(kind, path.to_owned(), text, Vec::new());
    let before = Reading::of(&file, section)?;
    let edited = if file.counted(section).is_empty() {
        with_section(&file, section, changes)?
    } else {
        let set_next = |text, change: &Change<'_>| with_setting(&with_text(text), section, *change);
        changes.iter().try_fold(file.text.clone(), set_next)?
    };
    let edited = with_text(edited);
    if !Reading::of(&edited, section).is_ok_and(|after| after == before.with(changes)) {
        return Err(Error::new(format!("cannot change {section}"))
            .cause(format!("other lines of \"{}\" would mean something else then", path.display()))
            .hint("change the file in an editor"));
    }
    let byte_order_mark = &bytes[..bytes.len() - file.text.len()];
    Ok([byte_order_mark, &edited.text].concat())
}

/// The text with a new section at its end.
fn with_section(file: &SharedFile, section: SectionName<'_>, changes: &[Change<'_>]) -> Result<Vec<u8>, Error> {
    let header = section.header(file.kind).ok_or_else(|| {
        Error::new(format!("cannot add {section} to \"{}\"", file.path.display()))
            .cause("the name has characters that not every AWS tool reads alike")
            .hint("choose a name of letters, digits, and _-/.%@:+")
    })?;
    let end = file.text.len();
    let section = render::section(&header, changes, newline_at(&file.text, end));
    Ok([&file.text, missing_newline(&file.text, end).as_bytes(), &section].concat())
}

/// The text with one key of a section set that is there: at its last line, which is the one that counts, else below
/// the last of the section's properties.
fn with_setting(file: &SharedFile, section: SectionName<'_>, change: Change<'_>) -> Result<Vec<u8>, Error> {
    let text = &file.text;
    let (mut counts, mut end, mut indent) = (None, 0, &text[..0]);
    for found in file.counted(section) {
        let properties = properties(file, &found.section).map_err(|damage| damaged_section(file, section, damage))?;
        (end, indent) = match properties.last() {
            Some(last) => (last.end, indent_at(text, last.at)),
            None => (found.section.body.start, &text[..0]),
        };
        let of_key = |property: &Property<'_>| property.key.eq_ignore_ascii_case(change.key.as_bytes());
        counts = properties.into_iter().rfind(of_key).or(counts);
    }
    match counts {
        Some(property) if property.value.starts_with(b"\n") => {
            Err(Error::new(format!("cannot set \"{}\" of {section}", change.key))
                .cause(format!("{}: it holds nested settings, which would be lost", file.place(property.at)))
                .hint("remove them first"))
        }
        Some(property) => Ok(spliced(text, property.at..property.end, &rewritten(text, &property, change))),
        None => {
            let newline = newline_at(text, end);
            let line = [indent, change.key.as_bytes(), b" = ", change.value.as_bytes(), newline.as_bytes()].concat();
            Ok(spliced(text, end..end, &[missing_newline(text, end).as_bytes(), &line].concat()))
        }
    }
}

/// A property's lines with another value. A comment behind the old one moves above, since the AWS CLI would take it
/// for a part of the new one. Lines that continued the old value go; comments between them stay, at the margin, where
/// no tool takes them for a part of a value.
fn rewritten(text: &[u8], property: &Property<'_>, change: Change<'_>) -> Vec<u8> {
    let mut lines = parse::lines(text, property.at..property.end);
    let first = lines.next().expect("a property has a line");
    let comment = parse::trim(&first.text[parse::without_comment(first.text).len()..]);
    if comment.is_empty() && *property.value == *change.value.as_bytes() {
        return text[property.at..property.end].to_vec();
    }
    let indent = indent_at(text, first.at);
    let mut new = Vec::new();
    if !comment.is_empty() {
        new.extend([indent, comment, newline_at(text, first.end).as_bytes()].concat());
    }
    let line_end = &text[first.at + first.text.len()..first.end];
    new.extend([indent, property.key, b" = ", change.value.as_bytes(), line_end].concat());
    for line in lines.filter(|line| parse::is_skipped(line.text)) {
        new.extend_from_slice(&text[line.at + indent_at(text, line.at).len()..line.end]);
    }
    new
}

fn spliced(text: &[u8], range: Range<usize>, new: &[u8]) -> Vec<u8> {
    [&text[..range.start], new, &text[range.end..]].concat()
}

/// The blanks that a line begins with.
fn indent_at(text: &[u8], line: usize) -> &[u8] {
    let blanks = text[line..].iter().take_while(|byte| parse::is_blank(**byte)).count();
    &text[line..line + blanks]
}

/// How the line ends that ends here; where it is the last and does not, how the first one does.
fn newline_at(text: &[u8], end: usize) -> &'static str {
    let first = || text.iter().position(|byte| *byte == b'\n').map(|newline| newline + 1);
    let end = if text[..end].ends_with(b"\n") { Some(end) } else { first() };
    match end {
        Some(end) if text[..end].ends_with(b"\r\n") => "\r\n",
        Some(_) => "\n",
        None => render::system_newline(),
    }
}

/// What the line that ends here lacks for another one to follow.
fn missing_newline(text: &[u8], end: usize) -> &'static str {
    match &text[..end] {
        [] | [.., b'\n'] => "",
        [.., b'\r'] => "\n",
        _ => newline_at(text, end),
    }
}

/// What a file says, to compare it before and after.
#[derive(PartialEq)]
struct Reading<'a> {
    /// What counts of the section in question, by lower-cased key.
    settings: BTreeMap<Vec<u8>, Cow<'a, [u8]>>,
    others: Vec<OtherSection<'a>>,
}

#[derive(PartialEq)]
struct OtherSection<'a> {
    header: Option<&'a [u8]>,
    damage: Option<&'static str>,
    properties: Vec<(&'a [u8], Cow<'a, [u8]>)>,
}

impl<'a> Reading<'a> {
    /// An error when the section in question cannot be read.
    fn of(file: &'a SharedFile, section: SectionName<'_>) -> Result<Self, Error> {
        let mut reading = Self { settings: BTreeMap::new(), others: Vec::new() };
        let counted: Vec<usize> = file.counted(section).iter().map(|found| found.section.at).collect();
        for found in file.sections() {
            let properties = properties(file, &found);
            if found.header.is_some() && counted.contains(&found.at) {
                let properties = properties.map_err(|damage| damaged_section(file, section, damage))?;
                let settings =
                    properties.into_iter().map(|property| (property.key.to_ascii_lowercase(), property.value));
                reading.settings.extend(settings);
            } else {
                reading.others.push(OtherSection {
                    header: found.header,
                    damage: properties.as_ref().err().map(|damage| damage.phrase),
                    properties: properties.into_iter().flatten().map(|found| (found.key, found.value)).collect(),
                });
            }
        }
        Ok(reading)
    }

    /// What the file should say afterwards.
    fn with(mut self, changes: &[Change<'a>]) -> Self {
        let settings =
            changes.iter().map(|change| (change.key.to_ascii_lowercase().into(), change.value.as_bytes().into()));
        self.settings.extend(settings);
        self
    }
}

/// All properties of a section, those that nobody reads, too.
fn properties<'a>(file: &'a SharedFile, section: &Section<'a>) -> Result<Vec<Property<'a>>, Damage> {
    match section.damage {
        Some(damage) => Err(damage),
        None => parse::all_properties(&file.text, section.body.clone(), &mut Vec::new()),
    }
}

fn damaged_section(file: &SharedFile, section: SectionName<'_>, damage: Damage) -> Error {
    damaged(&section.to_string(), file, damage)
}
