//! What is to become of one section, put together from all edits that name it.

use super::{Change, Edit};
use crate::error::Error;
use crate::profile::change::What;
use crate::profile::header::{SectionKind, SectionName};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The sum of the edits of one section.
pub(super) struct SectionEdit<'a> {
    pub(super) section: SectionName<'a>,
    /// Whether what is there goes.
    pub(super) removes: bool,
    /// Whether the section is to be there afterwards, even if it is not now.
    pub(super) makes: bool,
    /// One for each key.
    pub(super) wishes: Vec<Wish<'a>>,
}

/// What is to become of one key.
pub(super) struct Wish<'a> {
    pub(super) key: &'a str,
    /// `None` to be without it.
    pub(super) value: Option<&'a str>,
    /// Whether somebody asked that the old value go, were it nested settings.
    pub(super) unsets: bool,
}

impl Wish<'_> {
    pub(super) fn is_about(&self, key: &[u8]) -> bool {
        self.key.as_bytes().eq_ignore_ascii_case(key)
    }
}

/// The plans of all sections that edits name, in the order of their first edits. The later of two edits counts.
///
/// An error when some tool would read a value otherwise.
pub(super) fn plans<'a>(edits: &[Edit<'a>]) -> Result<Vec<SectionEdit<'a>>, Error> {
    let mut plans: Vec<SectionEdit<'a>> = Vec::new();
    let mut numbers: HashMap<(SectionKind, &str), usize> = HashMap::new();
    for edit in edits {
        let section = edit.section;
        let number = match numbers.entry((section.kind, section.name)) {
            Entry::Occupied(number) => *number.get(),
            Entry::Vacant(place) => {
                plans.push(SectionEdit { section, removes: false, makes: false, wishes: Vec::new() });
                *place.insert(plans.len() - 1)
            }
        };
        plans[number].add(edit)?;
    }
    Ok(plans)
}

impl<'a> SectionEdit<'a> {
    fn add(&mut self, edit: &Edit<'a>) -> Result<(), Error> {
        match &edit.what {
            What::Set(changes) => {
                self.makes = true;
                for change in changes {
                    change.check()?;
                    self.wish(change.key).value = Some(change.value);
                }
            }
            What::Unset(keys) => {
                for key in keys {
                    let wish = self.wish(key);
                    (wish.value, wish.unsets) = (None, true);
                }
            }
            What::Remove => {
                (self.removes, self.makes) = (true, false);
                self.wishes.clear();
            }
        }
        Ok(())
    }

    fn wish(&mut self, key: &'a str) -> &mut Wish<'a> {
        let known = self.wishes.iter().position(|wish| wish.is_about(key.as_bytes()));
        let number = known.unwrap_or_else(|| {
            self.wishes.push(Wish { key, value: None, unsets: false });
            self.wishes.len() - 1
        });
        &mut self.wishes[number]
    }

    /// The keys that are to be there.
    pub(super) fn settings(&self) -> Vec<Change<'a>> {
        let settings = self.wishes.iter().filter_map(|wish| Some(Change { key: wish.key, value: wish.value? }));
        settings.collect()
    }
}
