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
//!
//! The edits of one section are one [`SectionEdit`]. All plans find their lines in the same old text and are carried out
//! together, so that thousands of them take little more than one; then the new text is read as a whole, and it must say
//! what the old one did but for the plans.

mod draft;
mod keys;
mod nested;
mod plan;
mod regions;
mod remove;
mod rename;
mod sections;
mod slot;
mod splice;
mod verify;

use super::header::{FileKind, SectionName};
use super::parse::{Damage, Property, Section};
use super::section::damaged;
use super::shared_file::SharedFile;
use super::{Change, Edit, parse, render};
use crate::error::Error;
use draft::Draft;
use plan::{SectionEdit, plans};
use regions::regions;
use sections::Sections;
use slot::Value;
use splice::{missing_newline, newline_at, spliced};
use std::path::Path;

/// A file after edits.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) bytes: Vec<u8>,
    /// What a person should know when this is written.
    pub(super) warnings: Vec<String>,
}

/// A file after edits. The path is for words alone.
pub(super) fn edited(kind: FileKind, path: &Path, bytes: &[u8], edits: &[Edit<'_>]) -> Result<Edited, Error> {
    let plans = plans(edits)?;
    let file = SharedFile::parse(kind, path.to_owned(), bytes.to_vec(), Vec::new())?;
    let sections = Sections::find(&file, &plans.iter().map(SectionEdit::before).collect::<Vec<_>>())?;
    rename::refuse_taken(&sections, &plans)?;

    let (mut splices, mut new, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for (plan, found) in plans.iter().zip(&sections.planned) {
        let already = splices.len();
        if !plan.removes {
            splices.extend(keys::splices(&file, plan, found)?);
            splices.extend(rename::splices(&file, plan, found)?);
        }
        if plan.makes && (plan.removes || found.is_empty()) {
            new.push(plan);
        }
        if plan.removes || already < splices.len() {
            changed.push((plan.section, found));
        }
    }
    splices.extend(remove::splices(&sections, &plans, new.is_empty()));
    let mut text = spliced(&file.text, splices);
    if !new.is_empty() {
        add(&mut text, &file, &new)?;
    }

    let after = SharedFile::new(kind, path.to_owned(), text, Vec::new());
    verify::verify(&sections, &after, &plans)?;
    let byte_order_mark = &bytes[..bytes.len() - file.text.len()];
    let bytes = [byte_order_mark, &after.text].concat();

    let regions = regions(&file.text);
    let warn = |(section, at): (SectionName<'_>, usize)| {
        let region = regions.iter().find(|region| region.range.contains(&at))?;
        let (place, tool) = (file.place(at), region.tool);
        Some(format!("{place}: {section} stands in a part of the file that {tool} writes, which may undo the change"))
    };
    let changed = changed.iter().flat_map(|(section, found)| found.iter().map(|found| (*section, found.section.at)));
    Ok(Edited { bytes, warnings: changed.filter_map(warn).collect() })
}

/// Puts new sections into a text that comes from a file.
fn add(text: &mut Vec<u8>, file: &SharedFile, plans: &[&SectionEdit<'_>]) -> Result<(), Error> {
    let rest = text.split_off(regions::place_for_new(text));
    for plan in plans {
        append(text, file, plan)?;
    }
    text.extend(rest);
    Ok(())
}

/// Puts a new section at the end of a text that comes from a file.
fn append(text: &mut Vec<u8>, file: &SharedFile, plan: &SectionEdit<'_>) -> Result<(), Error> {
    let section = plan.section_after();
    let header = section.header(file.kind).ok_or_else(|| unwritable(file, section))?;
    let newline = match text.len() {
        0 => newline_at(&file.text, 0),
        end => newline_at(text, end),
    };
    text.extend_from_slice(missing_newline(text, newline).as_bytes());
    let draft = Draft::of(file, section, std::iter::empty(), &plan.steps)?;
    let (mut settings, mut blocks) = (Vec::new(), Vec::new());
    for new in &draft.added {
        match new.value {
            Value::Text(value) => settings.push(Change { key: &new.key, value }),
            Value::Block(_) => blocks.push(new),
        }
    }
    text.extend(render::section(&header, &settings, newline));
    keys::add(text, b"", blocks, newline);
    Ok(())
}

/// The error for a section whose name has no place in a file.
fn unwritable(file: &SharedFile, section: SectionName<'_>) -> Error {
    Error::new(format!("cannot add {section} to \"{}\"", file.path.display()))
        .cause("the name has characters that not every AWS tool reads alike")
        .hint(SectionName::ADVICE)
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
