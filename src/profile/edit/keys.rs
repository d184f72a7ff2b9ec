//! Sets and unsets keys of a section that is there.
//!
//! A key is set at its last line, which is the one that counts, else below the last of the section's properties; it is
//! unset wherever it stands. The lines that continued an old value go with it. Comments stay, but at the margin, where
//! no tool takes them for a part of a value: some take every deeper line below a property for one.

use super::plan::{SectionEdit, Wish};
use super::sections::Found;
use super::splice::{Splice, indent, missing_newline, newline_at};
use crate::error::Error;
use crate::profile::Change;
use crate::profile::parse::{self, Line, Property};
use crate::profile::shared_file::SharedFile;
use std::ops::Range;

/// What becomes of a property.
#[derive(Clone, Copy)]
enum Fate<'a> {
    Stays,
    Gets(&'a str),
    Goes,
}

/// What a plan changes in its sections; nothing where there is none.
pub(super) fn splices(file: &SharedFile, plan: &SectionEdit<'_>, found: &[Found<'_>]) -> Result<Vec<Splice>, Error> {
    let Some(last) = found.last() else { return Ok(Vec::new()) };
    let properties: Vec<&Property<'_>> = found.iter().flat_map(|found| &found.properties).collect();
    let (fates, added) = fates(file, plan, &properties)?;

    let mut fates = fates.into_iter();
    let mut splices = Vec::new();
    for Found { section, properties } in found {
        for (property, fate) in properties.iter().zip(&mut fates) {
            let is_last = property.at == last.properties.last().map_or(0, |last| last.at);
            let added = if is_last { &*added } else { &[] };
            if !matches!(fate, Fate::Stays) || !added.is_empty() {
                splices.push(with_property(&file.text, property, section.body.end, fate, added));
            }
        }
    }
    if last.properties.is_empty() && !added.is_empty() {
        splices.push(below_header(&file.text, last.section.body.clone(), &added));
    }
    Ok(splices)
}

/// What becomes of each property, and which are new.
fn fates<'a>(
    file: &SharedFile,
    plan: &SectionEdit<'a>,
    properties: &[&Property<'_>],
) -> Result<(Vec<Fate<'a>>, Vec<Change<'a>>), Error> {
    let mut fates = vec![Fate::Stays; properties.len()];
    let mut added = Vec::new();
    for wish in &plan.wishes {
        let mut same = (0..properties.len()).filter(|number| wish.is_about(properties[*number].key));
        match wish.value {
            None => same.for_each(|number| fates[number] = Fate::Goes),
            Some(value) => match same.next_back() {
                Some(number) => fates[number] = fate(file, plan, wish, properties[number], value)?,
                None => added.push(Change { key: wish.key, value }),
            },
        }
    }
    Ok((fates, added))
}

/// What becomes of a property that is to have a value.
fn fate<'a>(
    file: &SharedFile,
    plan: &SectionEdit<'_>,
    wish: &Wish<'_>,
    property: &Property<'_>,
    value: &'a str,
) -> Result<Fate<'a>, Error> {
    if property.value.starts_with(b"\n") && !wish.unsets {
        return Err(Error::new(format!("cannot set \"{}\" of {}", wish.key, plan.section))
            .cause(format!("{}: it holds nested settings, which would be lost", file.place(property.at)))
            .hint("remove them first"));
    }
    let has_it = *property.value == *value.as_bytes() && inline_comment(&first_line(&file.text, property)).is_empty();
    Ok(if has_it { Fate::Stays } else { Fate::Gets(value) })
}

/// A property and what becomes of it, new ones below it, and the comments up to `limit` that would continue it.
fn with_property(text: &[u8], property: &Property<'_>, limit: usize, fate: Fate<'_>, added: &[Change<'_>]) -> Splice {
    let first = first_line(text, property);
    let indent = &first.text[..indent(first.text)];
    let (mut new, comments) = match fate {
        Fate::Stays => (text[property.at..property.end].to_vec(), property.end),
        Fate::Gets(value) => (rewritten(text, &first, property.key, value), first.end),
        Fate::Goes => (Vec::new(), first.end),
    };
    add(&mut new, indent, added, newline_at(text, property.end));
    let end = end_of_comments(text, property.end..limit, indent.len());
    new.extend(at_the_margin(text, comments..end));
    Splice { range: property.at..end, new }
}

/// The first properties of a section.
fn below_header(text: &[u8], body: Range<usize>, added: &[Change<'_>]) -> Splice {
    let newline = newline_at(text, body.start);
    let mut new = missing_newline(&text[..body.start], newline).as_bytes().to_vec();
    add(&mut new, b"", added, newline);
    let end = end_of_comments(text, body.clone(), 0);
    new.extend(at_the_margin(text, body.start..end));
    Splice { range: body.start..end, new }
}

fn first_line<'a>(text: &'a [u8], property: &Property<'_>) -> Line<'a> {
    parse::lines(text, property.at..property.end).next().expect("a property has a line")
}

fn inline_comment<'a>(line: &Line<'a>) -> &'a [u8] {
    parse::trim(&line.text[parse::without_comment(line.text).len()..])
}

/// A property's line with another value. A comment behind the old one moves above, since the AWS CLI would take it for
/// a part of the new one.
fn rewritten(text: &[u8], line: &Line<'_>, key: &[u8], value: &str) -> Vec<u8> {
    let indent = &line.text[..indent(line.text)];
    let mut new = match inline_comment(line) {
        [] => Vec::new(),
        comment => [indent, comment, newline_at(text, line.end).as_bytes()].concat(),
    };
    let line_end = &text[line.at + line.text.len()..line.end];
    new.extend([indent, key, b" = ", value.as_bytes(), line_end].concat());
    new
}

fn add(lines: &mut Vec<u8>, indent: &[u8], added: &[Change<'_>], newline: &'static str) {
    for Change { key, value } in added {
        lines.extend_from_slice(missing_newline(lines, newline).as_bytes());
        lines.extend([indent, key.as_bytes(), b" = ", value.as_bytes(), newline.as_bytes()].concat());
    }
}

/// Where the last of the comments ends that stand deeper than the property above them.
fn end_of_comments(text: &[u8], below: Range<usize>, property: usize) -> usize {
    let start = below.start;
    let skipped = parse::lines(text, below).take_while(|line| parse::is_skipped(line.text));
    let deeper = skipped.filter(|line| is_comment(line) && indent(line.text) > property);
    deeper.last().map_or(start, |line| line.end)
}

/// The comments and blank lines among lines, and no comment with blanks before it.
fn at_the_margin(text: &[u8], lines: Range<usize>) -> Vec<u8> {
    let skipped = parse::lines(text, lines).filter(|line| parse::is_skipped(line.text));
    let start = |line: &Line<'_>| line.at + if is_comment(line) { indent(line.text) } else { 0 };
    skipped.flat_map(|line| &text[start(&line)..line.end]).copied().collect()
}

/// Whether a line without a property is no blank one.
fn is_comment(line: &Line<'_>) -> bool {
    !parse::trim(line.text).is_empty()
}
