//! Lines in the place of other lines.

use crate::profile::parse::{self, Line};
use crate::profile::render;
use std::ops::Range;

/// New bytes for a part of a text, both of whole lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) new: Vec<u8>,
}

/// The text with all splices made. No two of them may share a byte.
pub(super) fn spliced(text: &[u8], mut splices: Vec<Splice>) -> Vec<u8> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut new_text = Vec::with_capacity(text.len() + splices.iter().map(|splice| splice.new.len()).sum::<usize>());
    let mut done = 0;
    for Splice { range, new } in splices {
        new_text.extend_from_slice(&text[done..range.start]);
        new_text.extend(new);
        done = range.end;
    }
    new_text.extend_from_slice(&text[done..]);
    new_text
}

/// How many blanks a line begins with.
pub(super) fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|byte| parse::is_blank(**byte)).count()
}

/// How the line ends that ends here; where it is the last and does not, how the first one does.
pub(super) fn newline_at(text: &[u8], end: usize) -> &'static str {
    let first = || text.iter().position(|byte| *byte == b'\n').map(|newline| newline + 1);
    let end = if text[..end].ends_with(b"\n") { Some(end) } else { first() };
    match end {
        Some(end) if text[..end].ends_with(b"\r\n") => "\r\n",
        Some(_) => "\n",
        None => render::system_newline(),
    }
}

/// What the last line of a text lacks for another one to follow.
pub(super) fn missing_newline(text: &[u8], newline: &'static str) -> &'static str {
    match text {
        [] | [.., b'\n'] => "",
        [.., b'\r'] => "\n",
        _ => newline,
    }
}

/// The comment behind what a line says; empty where there is none.
pub(super) fn inline_comment<'a>(line: &Line<'a>) -> &'a [u8] {
    parse::trim(&line.text[parse::without_comment(line.text).len()..])
}

/// The comments and blank lines among lines, and no comment with blanks before it.
pub(super) fn at_the_margin(text: &[u8], lines: Range<usize>) -> Vec<u8> {
    let skipped = parse::lines(text, lines).filter(|line| parse::is_skipped(line.text));
    let start = |line: &Line<'_>| line.at + if is_comment(line) { indent(line.text) } else { 0 };
    skipped.flat_map(|line| &text[start(&line)..line.end]).copied().collect()
}

/// Whether a line without a property is no blank one.
pub(super) fn is_comment(line: &Line<'_>) -> bool {
    !parse::trim(line.text).is_empty()
}
