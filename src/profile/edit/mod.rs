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

mod keys;
mod plan;
mod remove;
mod sections;
mod splice;
mod verify;

use super::header::{FileKind, SectionName};
use super::parse::{Damage, Property, Section};
use super::section::damaged;
use super::shared_file::SharedFile;
use super::{Change, Edit, parse, render};
use crate::error::Error;
use plan::{SectionEdit, plans};
use sections::Sections;
use splice::{missing_newline, newline_at, spliced};
use std::path::Path;

/// The bytes of a file after edits. The path is for errors alone.
pub(super) fn edited(kind: FileKind, path: &Path, bytes: &[u8], edits: &[Edit<'_>]) -> Result<Vec<u8>, Error> {
    let plans = plans(edits)?;
    let file = SharedFile::parse(kind, path.to_owned(), bytes.to_vec(), Vec::new())?;
    let sections = Sections::find(&file, &plans)?;

    let (mut splices, mut new) = (Vec::new(), Vec::new());
    for (plan, found) in plans.iter().zip(&sections.planned) {
        if !plan.removes {
            splices.extend(keys::splices(&file, plan, found)?);
        }
        if plan.makes && (plan.removes || found.is_empty()) {
            new.push(plan);
        }
    }
    splices.extend(remove::splices(&sections, &plans, new.is_empty()));
    let mut text = spliced(&file.text, splices);
    for plan in new {
        append(&mut text, &file, plan)?;
    }

    let after = SharedFile::new(kind, path.to_owned(), text, Vec::new());
    verify::verify(&sections, &after, &plans)?;
    let byte_order_mark = &bytes[..bytes.len() - file.text.len()];
    Ok([byte_order_mark, &after.text].concat())
}

/// Puts a new section at the end of a text that comes from a file.
fn append(text: &mut Vec<u8>, file: &SharedFile, plan: &SectionEdit<'_>) -> Result<(), Error> {
    let section = plan.section;
    let header = section.header(file.kind).ok_or_else(|| {
        Error::new(format!("cannot add {section} to \"{}\"", file.path.display()))
            .cause("the name has characters that not every AWS tool reads alike")
            .hint("choose a name of letters, digits, and _-/.%@:+")
    })?;
    let newline = match text.len() {
        0 => newline_at(&file.text, 0),
        end => newline_at(text, end),
    };
    text.extend_from_slice(missing_newline(text, newline).as_bytes());
    text.extend(render::section(&header, &plan.settings(), newline));
    Ok(())
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
