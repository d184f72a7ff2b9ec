//! The parts of a shared file that another tool writes anew whenever it likes.
//!
//! ```text
//! # BEGIN_AWS_SSO_CLI_corp             aws-sso-cli, between comments
//! [profile admin]
//! # END_AWS_SSO_CLI_corp
//! [granted_registry_start corp]        granted, between sections
//! [profile work]
//! [granted_registry_end corp]
//! ```

use super::splice::indent;
use crate::profile::parse;
use std::ops::Range;

/// A tool, and what begins the lines around its part; what follows there is the part's name.
struct Tool {
    name: &'static str,
    begin: &'static [u8],
    end: &'static [u8],
}

const TOOLS: [Tool; 2] = [
    Tool { name: "aws-sso-cli", begin: b"# BEGIN_AWS_SSO_CLI", end: b"# END_AWS_SSO_CLI" },
    Tool { name: "granted", begin: b"[granted_registry_start", end: b"[granted_registry_end" },
];

/// A part of a file that another tool writes.
pub(super) struct Region {
    pub(super) tool: &'static str,
    /// With the lines that bound it.
    pub(super) range: Range<usize>,
    is_closed: bool,
}

/// All of them.
pub(super) fn regions(text: &[u8]) -> Vec<Region> {
    let mut open: Vec<(&Tool, &[u8], usize)> = Vec::new();
    let mut regions = Vec::new();
    for line in parse::lines(text, 0..text.len()) {
        let text = &line.text[indent(line.text)..];
        if !matches!(text.first(), Some(b'#' | b'[')) {
            continue;
        }
        for tool in &TOOLS {
            if let Some(name) = text.strip_prefix(tool.begin) {
                open.push((tool, parse::trim_end(name), line.at));
            } else if let Some(name) = text.strip_prefix(tool.end).map(parse::trim_end)
                && let Some(number) = open.iter().rposition(|(of, begun, _)| of.name == tool.name && *begun == name)
            {
                let (_, _, begin) = open.remove(number);
                regions.push(Region { tool: tool.name, range: begin..line.end, is_closed: true });
            }
        }
    }
    let unclosed =
        |(tool, _, begin): (&Tool, _, _)| Region { tool: tool.name, range: begin..text.len(), is_closed: false };
    regions.extend(open.into_iter().map(unclosed));
    regions
}

/// Where a new section goes: to the end, but before a part that does not end. Its tool takes all that follows for its
/// own, and drops it the next time.
pub(super) fn place_for_new(text: &[u8]) -> usize {
    let unclosed = regions(text).into_iter().filter(|region| !region.is_closed);
    unclosed.map(|region| region.range.start).min().unwrap_or(text.len())
}

/// Whether a line bounds what aws-sso-cli takes for its own part of the file. Without them it would write that a second
/// time.
pub(super) fn is_marker(line: &[u8]) -> bool {
    let [Tool { begin, end, .. }, _] = &TOOLS;
    line.starts_with(begin) || line.starts_with(end)
}
