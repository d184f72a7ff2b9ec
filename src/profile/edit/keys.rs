//! Sets, unsets and renames keys of a section that is there.
//!
//! A key is set at its last line, which is the one that counts, else below the last of the section's properties; it is
//! unset and renamed wherever it stands. The lines that continued an old value go with it. Comments stay, but at the
//! margin, where no tool takes them for a part of a value: some take every deeper line below a property for one.

use super::draft::{Draft, New};
use super::nested;
use super::plan::SectionEdit;
use super::sections::Found;
use super::slot::{Fate, Slot, Value};
use super::splice::{Splice, at_the_margin, indent, inline_comment, is_comment, missing_newline, newline_at};
use crate::error::Error;
use crate::profile::parse::{self, Line, Property};
use crate::profile::shared_file::SharedFile;
use std::ops::Range;

/// What a plan changes in the keys of its sections; nothing where there is none.
pub(super) fn splices<'a>(
    file: &'a SharedFile,
    plan: &SectionEdit<'a>,
    found: &'a [Found<'a>],
) -> Result<Vec<Splice>, Error> {
    let Some(last) = found.last().filter(|_| !plan.steps.is_empty()) else { return Ok(Vec::new()) };
    let properties = found.iter().flat_map(|found| &found.properties);
    let Draft { slots, added, .. } = Draft::of(file, plan.section, properties, &plan.steps)?;
    if found.iter().all(|found| found.properties.is_empty()) {
        let below = (!added.is_empty()).then(|| below_header(&file.text, last.section.body.clone(), &added));
        return Ok(below.into_iter().collect());
    }
    let (first, added): (Vec<New<'_>>, Vec<New<'_>>) = added.into_iter().partition(|new| new.is_first);

    let ends = found.iter().flat_map(|found| found.properties.iter().map(|_| found.section.body.end));
    let mut splices: Vec<Splice> =
        slots.first().and_then(|slot| above(&file.text, slot.property, &first)).into_iter().collect();
    for (slot, limit) in slots.iter().zip(ends) {
        let is_last = slot.property.at == last.properties.last().map_or(0, |last| last.at);
        let added = if is_last { &*added } else { &[] };
        splices.extend(with_slot(&file.text, slot, limit, added));
    }
    if last.properties.is_empty() && !added.is_empty() {
        splices.push(below_header(&file.text, last.section.body.clone(), &added));
    }
    Ok(splices)
}

/// A property and what becomes of it, new ones below it, and the comments up to `limit` that would continue it.
fn with_slot(text: &[u8], Slot { property, key, fate }: &Slot<'_>, limit: usize, added: &[New<'_>]) -> Option<Splice> {
    let first = parse::lines(text, property.at..property.end).next().expect("a property has a line");
    let indent = &first.text[..indent(first.text)];
    let newline = newline_at(text, first.end);
    let key_at = property.at + indent.len();
    let key_range = key_at..key_at + property.key.len();
    let spelled = || [indent, key, &text[key_range.end..property.end]].concat();
    let (mut new, comments) = match fate {
        Fate::Stays if added.is_empty() => {
            let is_new = **key != *property.key;
            return is_new.then(|| Splice { range: key_range, new: key.to_vec() });
        }
        Fate::Stays => (spelled(), property.end),
        Fate::Changes(changes) => {
            let mut new = match inline_comment(&first) {
                // The AWS CLI would take a comment there for the value.
                comment if !comment.is_empty() && changes.iter().any(|change| change.value.is_some()) => {
                    let line = parse::trim_end(parse::without_comment(first.text));
                    let line = [key, &line[indent.len() + property.key.len()..]].concat();
                    [indent, comment, newline.as_bytes(), indent, &line, line_end(text, &first)].concat()
                }
                _ => [indent, key, &text[key_range.end..first.end]].concat(),
            };
            let lines = nested::changed(text, indent, first.end..property.end, changes);
            if !lines.is_empty() {
                new.extend_from_slice(missing_newline(&new, newline).as_bytes());
            }
            new.extend(lines);
            if added.is_empty() {
                return Some(Splice { range: property.at..property.end, new });
            }
            (new, property.end)
        }
        Fate::Gets(value) => (rewritten(text, &first, key, value), first.end),
        Fate::Goes => (Vec::new(), first.end),
    };
    add(&mut new, indent, added, newline_at(text, property.end));
    let end = end_of_comments(text, property.end..limit, indent.len());
    new.extend(at_the_margin(text, comments..end));
    Some(Splice { range: property.at..end, new })
}

/// New properties above the first that is there. Nothing else has to move for them: what follows is no deeper.
fn above(text: &[u8], property: &Property<'_>, added: &[New<'_>]) -> Option<Splice> {
    let first = parse::lines(text, property.at..property.end).next().expect("a property has a line");
    let mut new = Vec::new();
    add(&mut new, &first.text[..indent(first.text)], added, newline_at(text, first.end));
    if new.is_empty() { None } else { Some(Splice { range: property.at..property.at, new }) }
}

/// The first properties of a section.
fn below_header(text: &[u8], body: Range<usize>, added: &[New<'_>]) -> Splice {
    let newline = newline_at(text, body.start);
    let mut new = missing_newline(&text[..body.start], newline).as_bytes().to_vec();
    add(&mut new, b"", added, newline);
    let end = end_of_comments(text, body.clone(), 0);
    new.extend(at_the_margin(text, body.start..end));
    Splice { range: body.start..end, new }
}

fn line_end<'a>(text: &'a [u8], line: &Line<'_>) -> &'a [u8] {
    &text[line.at + line.text.len()..line.end]
}

/// A property's line with another value. A comment behind the old one moves above, since the AWS CLI would take it for
/// a part of the new one.
fn rewritten(text: &[u8], line: &Line<'_>, key: &[u8], value: &Value<'_>) -> Vec<u8> {
    let (indent, newline) = (&line.text[..indent(line.text)], newline_at(text, line.end));
    let mut new = match inline_comment(line) {
        [] => Vec::new(),
        comment => [indent, comment, newline.as_bytes()].concat(),
    };
    match value {
        Value::Text(value) => new.extend([indent, key, b" = ", value.as_bytes(), line_end(text, line)].concat()),
        Value::Block(changes) => {
            new.extend([indent, key, b" =", newline.as_bytes()].concat());
            new.extend(nested::block(indent, changes, newline));
        }
    }
    new
}

/// Puts new properties below lines.
pub(super) fn add<'a>(
    lines: &mut Vec<u8>,
    indent: &[u8],
    added: impl IntoIterator<Item = &'a New<'a>>,
    newline: &'static str,
) {
    for New { key, value, .. } in added {
        lines.extend_from_slice(missing_newline(lines, newline).as_bytes());
        lines.extend([indent, key.as_bytes(), b" ="].concat());
        match value {
            Value::Text(value) => lines.extend([b" ", value.as_bytes(), newline.as_bytes()].concat()),
            Value::Block(changes) => {
                lines.extend_from_slice(newline.as_bytes());
                lines.extend(nested::block(indent, changes, newline));
            }
        }
    }
}

/// Where the last of the comments ends that stand deeper than the property above them.
fn end_of_comments(text: &[u8], below: Range<usize>, property: usize) -> usize {
    let start = below.start;
    let skipped = parse::lines(text, below).take_while(|line| parse::is_skipped(line.text));
    let deeper = skipped.filter(|line| is_comment(line) && indent(line.text) > property);
    deeper.last().map_or(start, |line| line.end)
}
