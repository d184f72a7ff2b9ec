//! Takes sections away, and with each what was written for it alone.
//!
//! ```text
//! # for tests                  goes: it stands right above the header
//! [profile dev]                goes
//! region = eu-west-1           goes
//! # region = us-east-1         goes: it may be a secret that somebody switched off
//!                              goes
//! # for work                   stays: it stands right above the next header
//! [profile work]
//! ```

use super::plan::SectionEdit;
use super::regions::is_marker;
use super::sections::{Found, Sections};
use super::splice::{Splice, inline_comment, newline_at};
use crate::profile::parse;

/// What goes with the sections that plans remove. Where nothing comes after the last of them, `ends` says, neither do
/// the blank lines before it.
pub(super) fn splices(sections: &Sections<'_>, plans: &[SectionEdit<'_>], ends: bool) -> Vec<Splice> {
    let (text, all) = (&*sections.file.text, &sections.all);
    let mut splices = Vec::new();
    let pairs = all.iter().zip(all.iter().skip(1)).enumerate();
    for (number, ((above, _), (section, plan))) in pairs {
        let Some((plan, found)) = plan.map(|plan| (&plans[plan], &sections.planned[plan])) else { continue };
        if !plan.removes {
            continue;
        }
        let next = all.get(number + 2).map(|(next, _)| beginning(text, section.body.start, next.at));
        let end = next.unwrap_or(text.len());
        let found = found.iter().find(|found| found.section.at == section.at);
        splices.push(if let Some(found) = found.filter(|_| plan.keeps_comments) {
            Splice { new: comments(text, found, end, next.is_none() && ends), range: section.at..end }
        } else {
            let range = beginning(text, above.body.start, section.at)..end;
            let lines = parse::lines(text, range.clone());
            let markers = lines.filter(|line| is_marker(line.text)).flat_map(|line| &text[line.at..line.end]);
            Splice { new: markers.copied().collect(), range }
        });
    }
    if ends {
        trim_end(text, &mut splices);
    }
    splices
}

/// Where a section begins: with the comments right above its header. But comments at the head of the file are about the
/// file, and those right below another header about that one; `above` is where either would begin.
fn beginning(text: &[u8], above: usize, header: usize) -> usize {
    let mut start = header;
    while let Some(line) = line_before(text, above, start)
        && matches!(text[line], b'#' | b';')
        && !is_marker(&text[line..start])
    {
        start = line;
    }
    if start == above { header } else { start }
}

/// Where the line begins that ends at a place, unless that is the limit.
fn line_before(text: &[u8], limit: usize, end: usize) -> Option<usize> {
    let inner = text[limit..end].split_last()?.1;
    Some(limit + inner.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1))
}

/// The comments from a section's header to a place, those behind other text, too, each at the margin; and the blank lines
/// below them, but not at the end of the file.
fn comments(text: &[u8], Found { section, properties }: &Found<'_>, end: usize, is_end: bool) -> Vec<u8> {
    let (mut kept, mut end_of_last) = (Vec::new(), 0);
    let mut is_below_kept = false;
    let mut properties = properties.iter().peekable();
    for line in parse::lines(text, section.at..end) {
        while properties.next_if(|property| property.end <= line.at).is_some() {}
        let is_blank = parse::trim(line.text).is_empty();
        let comment = match properties.peek().filter(|property| property.at <= line.at) {
            _ if parse::is_skipped(line.text) => parse::trim(line.text),
            // What continues a value has no comment behind it.
            Some(property) if property.at < line.at && !property.value.starts_with(b"\n") => &[],
            Some(_) => inline_comment(&line),
            None => behind_header(line.text),
        };
        if is_blank && is_below_kept {
            kept.extend_from_slice(&text[line.at..line.end]);
        } else if !is_blank {
            is_below_kept = !comment.is_empty();
            if is_below_kept {
                kept.extend([comment, newline_at(text, line.end).as_bytes()].concat());
                end_of_last = kept.len();
            }
        }
    }
    if is_end {
        kept.truncate(end_of_last);
    }
    kept
}

fn behind_header(line: &[u8]) -> &[u8] {
    let sign = line.iter().position(|byte| matches!(byte, b'#' | b';'));
    sign.map_or(&[], |sign| parse::trim(&line[sign..]))
}

/// Lets the last splice take the blank lines that the text would end with.
fn trim_end(text: &[u8], splices: &mut Vec<Splice>) {
    let Some(mut last) = splices.pop_if(|last| last.range.end == text.len() && last.new.is_empty()) else { return };
    loop {
        let limit = splices.last().map_or(0, |before| before.range.end);
        while let Some(line) = line_before(text, limit, last.range.start)
            && parse::lines(text, line..last.range.start).all(|line| parse::trim(line.text).is_empty())
        {
            last.range.start = line;
        }
        match splices.pop_if(|before| before.range.end == last.range.start && before.new.is_empty()) {
            Some(before) => last.range.start = before.range.start,
            None => break,
        }
    }
    splices.push(last);
}
