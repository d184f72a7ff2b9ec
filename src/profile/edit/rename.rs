//! Gives sections other names.
//!
//! Of a header only the name changes: the blanks around it and the comment behind stay. `[default]` is a name without
//! the word before it, so that one comes and goes.

use super::plan::{SectionEdit, taken};
use super::sections::{Found, Sections};
use super::splice::{Splice, indent};
use super::unwritable;
use crate::error::Error;
use crate::profile::header::{FileKind, Header, SectionKind};
use crate::profile::parse::{self, Section, is_name};
use crate::profile::shared_file::SharedFile;
use std::collections::HashMap;

/// An error when a new name has been taken: by a section that neither goes nor gets another name itself.
pub(super) fn refuse_taken(sections: &Sections<'_>, plans: &[SectionEdit<'_>]) -> Result<(), Error> {
    let renamed = plans.iter().filter(|plan| plan.is_renamed());
    let new: HashMap<(SectionKind, &[u8]), &SectionEdit<'_>> =
        renamed.map(|plan| ((plan.section.kind, plan.name.as_bytes()), plan)).collect();
    if new.is_empty() {
        return Ok(());
    }
    for (section, number) in &sections.all {
        if let Some(Header::Section { kind, name, .. }) =
            section.header.map(|text| Header::parse(sections.file.kind, text))
            && let Some(plan) = new.get(&(kind, name))
            && !number.is_some_and(|number| plans[number].ends() || plans[number].is_renamed())
        {
            return Err(taken(plan.section, plan.name, Some(sections.file.place(section.at).to_string())));
        }
    }
    Ok(())
}

/// The new headers of a plan's sections, as far as they are there.
pub(super) fn splices(file: &SharedFile, plan: &SectionEdit<'_>, found: &[Found<'_>]) -> Result<Vec<Splice>, Error> {
    if !plan.is_renamed() || found.is_empty() {
        return Ok(Vec::new());
    }
    let is_bare = |found: &&Found<'_>| file.kind == FileKind::Config && found.section.header == Some(b"default");
    if let Some(bare) = found.iter().find(is_bare)
        && !found.iter().all(|found| is_bare(&found))
    {
        return Err(Error::new(format!("cannot rename {} to \"{}\"", plan.section, plan.name))
            .cause(format!("{}: ignored, since there is a [profile default] too", file.place(bare.section.at)))
            .hint("take one of the two away in an editor first"));
    }
    let header = plan.section_after().header(file.kind).ok_or_else(|| unwritable(file, plan.section_after()))?;
    Ok(found.iter().filter_map(|found| splice(&file.text, &found.section, &header)).collect())
}

/// Another text between the brackets of a header; of one with a prefix only what comes after that and its blanks.
///
/// Quotes stay, but those that the old name needed and the new one does not: not every tool reads them.
fn splice(text: &[u8], section: &Section<'_>, header: &str) -> Option<Splice> {
    let old = section.header?;
    let bracket = section.at + indent(&text[section.at..]);
    let start = bracket + 1 + indent(&text[bracket + 1..]);
    let whole = start..start + old.len();
    let kept = old.iter().position(|byte| parse::is_blank(*byte)).zip(header.find(' '));
    Some(match kept.filter(|(old_end, new_end)| old[..*old_end] == header.as_bytes()[..*new_end]) {
        Some((old_end, new_end)) => {
            let at = start + old_end + indent(&old[old_end..]);
            let name = &header.as_bytes()[new_end + 1..];
            let new = match text[at..whole.end] {
                [quote @ (b'"' | b'\''), ref old @ .., _] if is_name(old) || !is_name(name) => {
                    [&[quote], bare(name), &[quote]].concat()
                }
                _ => name.to_vec(),
            };
            Splice { range: at..whole.end, new }
        }
        None => Splice { range: whole, new: header.as_bytes().to_vec() },
    })
}

/// Without the quotes around it; inside there are none.
fn bare(name: &[u8]) -> &[u8] {
    name.strip_prefix(b"'").and_then(|name| name.strip_suffix(b"'")).unwrap_or(name)
}
