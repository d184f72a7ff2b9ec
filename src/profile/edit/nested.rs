//! The lines of a nested block, one for each sub-property.
//!
//! ```text
//! s3 =                                  s3 =
//!     max_queue_size = 10 # for now →   # for now
//!                                           max_queue_size = 20
//!                                           max_concurrent_requests = 5
//! ```
//!
//! A comment that has to move goes to the margin: the SDK for Rust takes an indented one for a sub-property.

use super::slot::Nested;
use super::splice::{indent, inline_comment, missing_newline, newline_at};
use crate::profile::Change;
use crate::profile::parse::{self, Line};
use std::ops::Range;

/// How much deeper than its block a sub-property stands in a new one.
const DEPTH: &[u8] = b"    ";

/// The sub-properties of a new block, whose own line has that indentation.
pub(super) fn block(block: &[u8], changes: &[Change<'_>], newline: &str) -> Vec<u8> {
    let lines =
        changes.iter().map(|Change { key, value }| line(&[block, DEPTH].concat(), key.as_bytes(), value, newline));
    lines.collect::<Vec<_>>().concat()
}

fn line(indent: &[u8], name: &[u8], value: &str, newline: &str) -> Vec<u8> {
    [indent, name, b" = ", value.as_bytes(), newline.as_bytes()].concat()
}

/// The lines below that of a block, which stands at that indentation, with changes.
pub(super) fn changed(text: &[u8], block: &[u8], range: Range<usize>, changes: &[Nested<'_>]) -> Vec<u8> {
    let lines: Vec<_> = parse::lines(text, range.clone()).map(|line| (sub_property(&line), line)).collect();
    let is = |name: Option<(&[u8], _)>, change: &Nested<'_>| {
        name.is_some_and(|(name, _): (&[u8], &[u8])| name.eq_ignore_ascii_case(change.name.as_bytes()))
    };
    // Of two lines with one name the last counts.
    let counting: Vec<_> =
        changes.iter().map(|change| lines.iter().rposition(|(found, _)| is(*found, change))).collect();
    let mut new = Vec::new();
    for (number, (found, line)) in lines.iter().enumerate() {
        let about = changes.iter().zip(&counting).find(|(change, _)| is(*found, change));
        match (found, about) {
            (Some(_), Some((Nested { value: None, .. }, _))) => {}
            (Some((name, old)), Some((Nested { value: Some(value), .. }, counts))) if *counts == Some(number) => {
                new.extend(with_value(text, line, (name, old), value));
            }
            _ => new.extend_from_slice(&text[line.at..line.end]),
        }
    }
    let last = lines.iter().rfind(|(found, _)| found.is_some());
    let indent = last.map_or_else(|| [block, DEPTH].concat(), |(_, line)| line.text[..indent(line.text)].to_vec());
    let newline = newline_at(text, range.end);
    for (change, _) in changes.iter().zip(counting).filter(|(_, line)| line.is_none()) {
        if let Some(value) = change.value {
            new.extend_from_slice(missing_newline(&new, newline).as_bytes());
            new.extend(self::line(&indent, change.name.as_bytes(), value, newline));
        }
    }
    new
}

/// The name and value of a line, `None` for a blank one and a comment.
fn sub_property<'a>(line: &Line<'a>) -> Option<(&'a [u8], &'a [u8])> {
    if parse::is_skipped(line.text) { None } else { parse::sub_property(parse::without_comment(line.text)) }
}

fn with_value(text: &[u8], line: &Line<'_>, (name, old): (&[u8], &[u8]), value: &str) -> Vec<u8> {
    let comment = inline_comment(line);
    if comment.is_empty() && old == value.as_bytes() {
        return text[line.at..line.end].to_vec();
    }
    let mut new = Vec::new();
    if !comment.is_empty() {
        new.extend([comment, newline_at(text, line.end).as_bytes()].concat());
    }
    new.extend(self::line(&line.text[..indent(line.text)], name, value, ""));
    new.extend_from_slice(&text[line.at + line.text.len()..line.end]);
    new
}
