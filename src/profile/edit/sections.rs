//! Finds the sections that plans are about, in one walk over all of a file.

use super::plan::Wanted;
use super::{damaged_section, properties};
use crate::error::Error;
use crate::profile::header::{Header, Spelling};
use crate::profile::parse::{Property, Section};
use crate::profile::shared_file::SharedFile;
use std::collections::HashMap;

/// The sections of a file, as plans see them.
pub(super) struct Sections<'a> {
    pub(super) file: &'a SharedFile,
    /// All of them in order, each with the number of the plan that is about it.
    pub(super) all: Vec<(Section<'a>, Option<usize>)>,
    /// For each plan the sections that it is about.
    pub(super) planned: Vec<Vec<Found<'a>>>,
}

/// A section that a plan is about, read.
pub(super) struct Found<'a> {
    pub(super) section: Section<'a>,
    pub(super) properties: Vec<Property<'a>>,
}

impl<'a> Sections<'a> {
    /// Finds what each plan wants, of those that want the same what the first of them does.
    ///
    /// An error when one of them cannot be read.
    pub(super) fn find(file: &'a SharedFile, wanted: &[Wanted<'_>]) -> Result<Self, Error> {
        let all = numbered(file, wanted);
        let mut planned: Vec<Vec<Found<'a>>> = wanted.iter().map(|_| Vec::new()).collect();
        for (section, number) in &all {
            if let Some(number) = *number {
                let properties = properties(file, section)
                    .map_err(|damage| damaged_section(file, wanted[number].section, damage))?;
                planned[number].push(Found { section: section.clone(), properties });
            }
        }
        Ok(Self { file, all, planned })
    }

    /// The sections that no plan is about.
    pub(super) fn others(&self) -> impl Iterator<Item = &Section<'a>> {
        self.all.iter().filter(|(_, plan)| plan.is_none()).map(|(section, _)| section)
    }
}

/// All sections, each with the number of the plan that is about it.
fn numbered<'a>(file: &'a SharedFile, wanted: &[Wanted<'_>]) -> Vec<(Section<'a>, Option<usize>)> {
    let mut numbers: HashMap<_, usize> = HashMap::new();
    for (number, Wanted { section, .. }) in wanted.iter().enumerate() {
        numbers.entry((section.kind, section.name.as_bytes())).or_insert(number);
    }
    let number_of = |header| match Header::parse(file.kind, header) {
        Header::Section { kind, name, spelling } => numbers.get(&(kind, name)).map(|number| (*number, spelling)),
        Header::Ignored(_) => None,
    };
    let found: Vec<_> = file.sections().map(|section| (section.header.and_then(number_of), section)).collect();

    // As in `SharedFile::counted`, of two spellings one gives way.
    let mut has_other = vec![false; wanted.len()];
    for (number, spelling) in found.iter().filter_map(|(number, _)| *number) {
        has_other[number] |= spelling != Spelling::BareDefault;
    }
    let counts = |(number, spelling): &(usize, Spelling)| {
        *spelling != Spelling::BareDefault || !has_other[*number] || wanted[*number].every
    };
    found.into_iter().map(|(number, section)| (section, number.filter(counts).map(|(number, _)| number))).collect()
}
