//! What is to become of one section, put together from all edits that name it.

use super::Edit;
use crate::error::Error;
use crate::profile::change::What;
use crate::profile::header::{SectionKind, SectionName};
use std::collections::HashMap;

/// The sum of the edits of one section.
pub(super) struct SectionEdit<'a> {
    /// What it is called in the file.
    pub(super) section: SectionName<'a>,
    /// What it is to be called.
    pub(super) name: &'a str,
    /// Whether what is there goes.
    pub(super) removes: bool,
    /// Whether the comments of what goes stay.
    pub(super) keeps_comments: bool,
    /// Whether the section is to be there afterwards, even if it is not now.
    pub(super) makes: bool,
    /// What becomes of its keys, in order.
    pub(super) steps: Vec<&'a What<'a>>,
}

/// The plans of all sections that edits name, in the order of their first edits. A section that was given another name
/// may be named by either from then on.
///
/// An error when some tool would read a key or a value otherwise.
pub(super) fn plans<'a>(edits: &'a [Edit<'a>]) -> Result<Vec<SectionEdit<'a>>, Error> {
    let mut plans: Vec<SectionEdit<'a>> = Vec::new();
    let mut numbers: HashMap<(SectionKind, &str), usize> = HashMap::new();
    for Edit { section, what } in edits {
        what.check()?;
        let number = *numbers.entry((section.kind, section.name)).or_insert_with(|| {
            plans.push(SectionEdit::of(*section));
            plans.len() - 1
        });
        if let What::Rename(name) = *what {
            let other = numbers.insert((section.kind, name), number).filter(|other| *other != number);
            if let Some(other) = other.map(|other| &plans[other])
                && other.name == name
                && (other.makes || other.is_renamed())
            {
                return Err(taken(*section, name, None));
            }
        }
        plans[number].add(what);
    }
    Ok(plans)
}

/// The error for a new name that a section has already: where, if it is in the file yet.
pub(super) fn taken(section: SectionName<'_>, name: &str, place: Option<String>) -> Error {
    let new = SectionName { name, ..section };
    let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
    Error::new(format!("cannot rename {section} to \"{name}\""))
        .cause(format!("{place}there is a {new} already"))
        .hint("remove that one first, or choose another name")
}

impl<'a> SectionEdit<'a> {
    fn of(section: SectionName<'a>) -> Self {
        let (name, steps) = (section.name, Vec::new());
        Self { section, name, removes: false, keeps_comments: false, makes: false, steps }
    }

    fn add(&mut self, what: &'a What<'a>) {
        match *what {
            What::Rename(name) => self.name = name,
            What::Remove { keeps_comments } => {
                self.keeps_comments = keeps_comments && (self.keeps_comments || !self.removes);
                (self.removes, self.makes) = (true, false);
                self.steps.clear();
            }
            What::Set(_) | What::SetFirst(_) | What::SetNested(..) => {
                self.makes = true;
                self.steps.push(what);
            }
            What::Unset(_) | What::UnsetNested(..) | What::RenameKeys(_) => self.steps.push(what),
        }
    }

    pub(super) fn is_renamed(&self) -> bool {
        self.name != self.section.name
    }

    /// Whether nothing of it is to be there afterwards.
    pub(super) fn ends(&self) -> bool {
        self.removes && !self.makes
    }

    /// What it is to be called.
    pub(super) fn section_after(&self) -> SectionName<'a> {
        SectionName { name: self.name, ..self.section }
    }

    /// What is to be looked for in the file: for what is to go or to be called otherwise also the sections that do not
    /// count, lest they count then.
    pub(super) fn before(&self) -> Wanted<'a> {
        Wanted { section: self.section, every: self.removes || self.is_renamed() }
    }

    /// What is to be looked for afterwards.
    pub(super) fn after(&self) -> Wanted<'a> {
        Wanted { section: self.section_after(), every: self.removes }
    }
}

/// A section to be found.
pub(super) struct Wanted<'a> {
    pub(super) section: SectionName<'a>,
    /// Whether those are wanted, too, that do not count.
    pub(super) every: bool,
}
