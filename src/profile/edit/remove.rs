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
use super::sections::Sections;
use super::splice::Splice;
use crate::profile::parse;

/// What goes with the sections that plans remove. Where nothing comes after the last of them, `ends` says, neither do
/// the blank lines before it.
pub(super) fn splices(sections: &Sections<'_>, plans: &[SectionEdit<'_>], ends: bool) -> Vec<Splice> {
    let (text, all) = (&*sections.file.text, &sections.all);
    let mut splices = Vec::new();
    let pairs = all.iter().zip(all.iter().skip(1)).enumerate();
    for (number, ((above, _), (section, plan))) in pairs {
        if plan.is_some_and(|plan| plans[plan].removes) {
            let next = all.get(number + 2).map(|(next, _)| beginning(text, section.body.start, next.at));
            let range = beginning(text, above.body.start, section.at)..next.unwrap_or(text.len());
            let lines = parse::lines(text, range.clone());
            let markers = lines.filter(|line| is_marker(line.text)).flat_map(|line| &text[line.at..line.end]);
            splices.push(Splice { new: markers.copied().collect(), range });
        }
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

/// Whether a line bounds what aws-sso-cli takes for its own part of the file. Without them it would write that a second
/// time.
fn is_marker(line: &[u8]) -> bool {
    line.starts_with(b"# BEGIN_AWS_SSO_CLI") || line.starts_with(b"# END_AWS_SSO_CLI")
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
