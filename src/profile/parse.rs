//! The scanner that knows the dialect of the shared files.
//!
//! It works on bytes, in two steps that can be told apart by their cost: [`sections`] runs through a whole
//! file and only looks for headers, [`properties`] reads the lines of one section that somebody asked for.
//! A broken line therefore costs its own section and no other.
//!
//! ```text
//! [profile dev]            # a header: prefix, name, comment
//! region = eu-west-1       # a property; the comment needs a blank before it
//! s3 =                     # a nested block: an empty value, then indented sub-properties
//!     max_queue_size = 10
//! ```
//!
//! The rules are those of the AWS SDKs' shared conformance suite; where another mainstream reader accepts
//! more and the suite is silent, so does this one.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

mod bytes;

pub(super) use bytes::{Line, is_blank, is_skipped, lines, trim, trim_end};
use bytes::{end_of_line, find, is_comment_sign, trim_newline, trim_start};
use std::borrow::Cow;
use std::ops::Range;

/// Why a line cannot be read. The phrases are those of the AWS SDKs; the text of the line is never shown,
/// since it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Where in the file, in bytes.
    pub(crate) at: usize,
    pub(crate) phrase: &'static str,
}

const NO_SECTION_YET: &str = "Expected a profile definition";
const UNCLOSED_HEADER: &str = "Profile definition must end with ']'";
const NO_EQUALS: &str = "Expected an '=' sign defining a property";
const NO_NAME: &str = "Property did not have a name";
const LONE_CONTINUATION: &str = "Expected a property definition, found continuation";
const NO_EQUALS_NESTED: &str = "Expected an '=' sign defining a sub-property";
const NO_NAME_NESTED: &str = "Sub-property did not have a name";

/// A header and the lines below it, up to the next header.
#[derive(Clone, Debug)]
pub(crate) struct Section<'a> {
    /// The text between the brackets, trimmed. Of a header that is not closed, the text after the bracket.
    /// `None` for what stands before the first header.
    pub(crate) header: Option<&'a [u8]>,
    /// Where the header's line begins, in bytes.
    pub(crate) at: usize,
    pub(crate) body: Range<usize>,
    /// What is wrong with the header itself.
    pub(crate) damage: Option<Damage>,
}

/// Where the brackets of all headers open, in bytes: all that has to be known of a file before a question comes.
///
/// As short numbers in one piece, since a large file has thousands.
pub(crate) fn headers(text: &[u8]) -> Vec<u32> {
    const USUAL_SECTION: usize = 128;
    let mut headers: Vec<u32> = Vec::with_capacity(text.len() / USUAL_SECTION);
    let mut searched = 0;
    while let Some(found) = find(b'[', &text[searched..]) {
        let bracket = searched + found;
        if bracket == 0
            || text[bracket - 1] == b'\n'
            || opens_indented_header(text, headers.last().map_or(0, |last| *last as usize), bracket)
        {
            headers.push(u32::try_from(bracket).expect("larger files are not read"));
        }
        searched = bracket + 1;
    }
    headers
}

/// Whether a bracket inside a line opens a header all the same: after nothing but blanks, and where no property
/// is there that the line could continue.
fn opens_indented_header(text: &[u8], section: usize, bracket: usize) -> bool {
    let line = start_of_line(text, bracket);
    let is_header = |line: &Line<'_>| trim(line.text).starts_with(b"[");
    let no_property = || lines(text, section..line).all(|line| is_skipped(line.text) || is_header(&line));
    line < bracket && (line == 0 || text[line - 1] == b'\n') && no_property()
}

/// Where the blanks before a bracket begin.
fn start_of_line(text: &[u8], bracket: usize) -> usize {
    bracket - text[..bracket].iter().rev().take_while(|byte| is_blank(**byte)).count()
}

/// All sections of a file, in order; first, without a header, what stands before them.
pub(crate) fn sections<'a>(text: &'a [u8], headers: &'a [u32]) -> impl Iterator<Item = Section<'a>> {
    let first = headers.first().map_or(text.len(), |bracket| start_of_line(text, *bracket as usize));
    let before = Section { header: None, at: 0, body: 0..first, damage: lost_line(text, 0..first) };
    std::iter::once(before).chain((0..headers.len()).map(|number| section(text, headers, number)))
}

/// The sections whose header may bear a name, by a glance at its beginning: all that do, and few others.
/// A prefix is told by its first letter.
///
/// To read every header closely would cost more than to read the file.
pub(crate) fn sections_named<'a>(
    text: &'a [u8],
    headers: &'a [u32],
    prefix: &[u8],
    name: &[u8],
) -> impl Iterator<Item = Section<'a>> {
    let may_bear_it = move |number: &usize| {
        let mut inner = trim_start(&text[headers[*number] as usize + 1..]);
        if inner.first() == prefix.first() {
            inner = trim_start(inner.get(prefix.len()..).unwrap_or_default());
        }
        if let [b'"' | b'\'', quoted @ ..] = inner {
            inner = quoted;
        }
        // The last letter tells most names apart.
        inner.get(name.len().wrapping_sub(1)) == name.last() && inner.starts_with(name)
    };
    (0..headers.len()).filter(may_bear_it).map(|number| section(text, headers, number))
}

pub(super) fn section<'a>(text: &'a [u8], headers: &[u32], number: usize) -> Section<'a> {
    let bracket = headers[number] as usize;
    let at = start_of_line(text, bracket);
    let line_end = end_of_line(text, bracket);
    let body = line_end..headers.get(number + 1).map_or(text.len(), |next| start_of_line(text, *next as usize));
    let inner = trim_newline(&text[bracket + 1..line_end]);
    let inner = trim(inner.split(|byte| is_comment_sign(*byte)).next().unwrap_or(inner));
    match inner.strip_suffix(b"]") {
        Some(name) => Section { header: Some(trim(name)), at, body, damage: None },
        None => {
            let name = inner.split(|byte| *byte == b']').next().unwrap_or(inner);
            Section { header: Some(trim(name)), at, body, damage: Some(Damage { at, phrase: UNCLOSED_HEADER }) }
        }
    }
}

/// The first line before any header that is neither blank nor a comment.
fn lost_line(text: &[u8], before: Range<usize>) -> Option<Damage> {
    let lost = lines(text, before).find(|line| !is_skipped(line.text))?;
    Some(Damage { at: lost.at, phrase: NO_SECTION_YET })
}

/// A property as it stands in a file.
#[derive(Clone, Debug)]
pub(crate) struct Property<'a> {
    /// The name as it is spelled; names are compared without case.
    pub(crate) key: &'a [u8],
    pub(crate) value: Cow<'a, [u8]>,
    /// Where its line begins, in bytes.
    pub(crate) at: usize,
    /// Where the last of the lines that continue it ends.
    pub(crate) end: usize,
}

impl Property<'_> {
    /// Whether it is the one of that name.
    pub(crate) fn is(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key.as_bytes())
    }
}

/// What a reader other than this one may see differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oddity {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

/// The properties of one section's body, in order, duplicates and all.
pub(crate) fn properties<'a>(
    text: &'a [u8],
    body: Range<usize>,
    odd: &mut Vec<Oddity>,
) -> Result<Vec<Property<'a>>, Damage> {
    let mut found = all_properties(text, body, odd)?;
    found.retain(|property| {
        let valid = is_name(property.key);
        if !valid {
            odd.push(Oddity {
                at: property.at,
                what: "ignored: the property's name has characters that names cannot have",
            });
        }
        valid
    });
    Ok(found)
}

/// The same with those that nobody reads, since their names are none.
pub(super) fn all_properties<'a>(
    text: &'a [u8],
    body: Range<usize>,
    odd: &mut Vec<Oddity>,
) -> Result<Vec<Property<'a>>, Damage> {
    let mut found: Vec<Property<'a>> = Vec::new();
    let mut base_indent = 0;
    let mut nested = None;
    for line in lines(text, body).filter(|line| !is_skipped(line.text)) {
        let indent = line.text.iter().take_while(|byte| is_blank(**byte)).count();
        match nested {
            Some(nested) if indent > base_indent => {
                let property = found.last_mut().expect("a line continues the property before it");
                continue_property(property, nested, &line, odd)?;
                continue;
            }
            None if indent > 0 => {
                if !line.text.contains(&b'=') {
                    return Err(Damage { at: line.at, phrase: LONE_CONTINUATION });
                }
                base_indent = indent;
                odd.push(Oddity { at: line.at, what: "some SDKs cannot read a section whose lines are all indented" });
            }
            _ => {}
        }
        let property = property(&line)?;
        nested = Some(property.value.is_empty());
        found.push(property);
    }
    Ok(found)
}

fn property<'a>(line: &Line<'a>) -> Result<Property<'a>, Damage> {
    let text = trim(without_comment(line.text));
    let equals = find(b'=', text).ok_or(Damage { at: line.at, phrase: NO_EQUALS })?;
    let (key, value) = (trim(&text[..equals]), trim(&text[equals + 1..]));
    if key.is_empty() {
        return Err(Damage { at: line.at, phrase: NO_NAME });
    }
    Ok(Property { key, value: Cow::Borrowed(value), at: line.at, end: line.end })
}

/// Adds an indented line to the property above it. Below an empty value it is a sub-property and must look
/// like one; elsewhere it goes on with the value. Comments in it stay part of the text.
fn continue_property(
    property: &mut Property<'_>,
    nested: bool,
    line: &Line<'_>,
    odd: &mut Vec<Oddity>,
) -> Result<(), Damage> {
    let text = trim(line.text);
    if nested {
        let (name, _) = sub_property(without_comment(text)).ok_or(Damage { at: line.at, phrase: NO_EQUALS_NESTED })?;
        if name.is_empty() {
            return Err(Damage { at: line.at, phrase: NO_NAME_NESTED });
        }
    } else if text.starts_with(b"[") {
        odd.push(Oddity { at: line.at, what: "this looks like a header, but it continues the line above" });
    }
    let value = property.value.to_mut();
    value.push(b'\n');
    value.extend_from_slice(text);
    property.end = line.end;
    Ok(())
}

/// A line of a nested block, cut at its first `=`.
pub(crate) fn sub_property(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = find(b'=', line)?;
    Some((trim(&line[..equals]), trim(&line[equals + 1..])))
}

/// Up to an inline comment: the first comment sign that follows a blank.
pub(crate) fn without_comment(line: &[u8]) -> &[u8] {
    let sign = line.windows(2).position(|pair| is_blank(pair[0]) && is_comment_sign(pair[1]));
    sign.map_or(line, |blank| &line[..blank])
}

/// Whether a text can name a profile or a property without quotes.
pub(crate) fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| IN_NAMES[usize::from(*byte)])
}

/// The letters that names are made of.
const IN_NAMES: [bool; 256] = {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/.%@:+";
    let mut found = [false; 256];
    let mut number = 0;
    while number < letters.len() {
        found[letters[number] as usize] = true;
        number += 1;
    }
    found
};

/// The name that a text begins with, where a bracket and the end of the line follow.
pub(super) fn name_in_brackets(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| !IN_NAMES[usize::from(*byte)])?;
    let is_whole = end > 0 && matches!(text[end..], [b']'] | [b']', b'\n', ..] | [b']', b'\r', b'\n', ..]);
    is_whole.then(|| &text[..end])
}
