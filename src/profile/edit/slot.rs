//! A property that is there, and what becomes of it.

use crate::profile::Change;
use crate::profile::parse::{self, Property};
use std::borrow::Cow;

/// It keeps its place.
pub(super) struct Slot<'a> {
    pub(super) property: &'a Property<'a>,
    /// Its name from now on, as it is to be spelled.
    pub(super) key: Cow<'a, [u8]>,
    pub(super) fate: Fate<'a>,
}

pub(super) enum Fate<'a> {
    Stays,
    Gets(Value<'a>),
    /// It is a nested block, and these of its sub-properties change; each is named once.
    Changes(Vec<Nested<'a>>),
    Goes,
}

pub(super) enum Value<'a> {
    Text(&'a str),
    /// The sub-properties of a nested block.
    Block(Vec<Change<'a>>),
}

/// What becomes of a sub-property; without a value it goes.
pub(super) struct Nested<'a> {
    pub(super) name: &'a str,
    pub(super) value: Option<&'a str>,
}

impl<'a> Slot<'a> {
    pub(super) fn bears(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key.as_bytes())
    }

    pub(super) fn is_there(&self) -> bool {
        !matches!(self.fate, Fate::Goes)
    }

    /// Whether it holds nested settings.
    pub(super) fn is_block(&self) -> bool {
        match &self.fate {
            Fate::Stays => self.property.value.starts_with(b"\n"),
            Fate::Gets(Value::Block(_)) | Fate::Changes(_) => true,
            Fate::Gets(Value::Text(_)) | Fate::Goes => false,
        }
    }

    pub(super) fn can_be_block(&self) -> bool {
        self.is_block() || (matches!(self.fate, Fate::Stays) && self.property.value.is_empty())
    }

    pub(super) fn set_nested(&mut self, change: Change<'a>) {
        match &mut self.fate {
            Fate::Gets(Value::Block(changes)) => put_change(changes, change),
            _ => self.change(change.key, Some(change.value)),
        }
    }

    pub(super) fn unset_nested(&mut self, name: &'a str) {
        if let Fate::Gets(Value::Block(changes)) = &mut self.fate {
            changes.retain(|change| !change.key.eq_ignore_ascii_case(name));
        } else if self.is_block() && self.holds(name) {
            self.change(name, None);
        }
        if self.holds_nothing() {
            self.fate = Fate::Goes;
        }
    }

    /// Whether it is a block that has a sub-property of that name, or is to have it.
    fn holds(&self, name: &str) -> bool {
        let is_new = |change: &Nested<'_>| change.name.eq_ignore_ascii_case(name);
        self.names().any(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            || matches!(&self.fate, Fate::Changes(changes) if changes.iter().any(is_new))
    }

    fn change(&mut self, name: &'a str, value: Option<&'a str>) {
        if matches!(self.fate, Fate::Stays) {
            self.fate = Fate::Changes(Vec::new());
        }
        let Fate::Changes(changes) = &mut self.fate else { return };
        match changes.iter_mut().find(|change| change.name.eq_ignore_ascii_case(name)) {
            Some(change) => change.value = value,
            None => changes.push(Nested { name, value }),
        }
    }

    /// The sub-properties that are there now.
    fn names(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.property.value.split(|byte| *byte == b'\n').skip(1);
        lines.filter_map(|line| Some(parse::sub_property(parse::without_comment(line))?.0))
    }

    fn holds_nothing(&self) -> bool {
        let changes = match &self.fate {
            Fate::Changes(changes) => changes,
            Fate::Gets(Value::Block(changes)) => return changes.is_empty(),
            Fate::Stays | Fate::Gets(Value::Text(_)) | Fate::Goes => return false,
        };
        let goes = |name: &[u8]| {
            changes.iter().any(|change| change.value.is_none() && name.eq_ignore_ascii_case(change.name.as_bytes()))
        };
        changes.iter().all(|change| change.value.is_none()) && self.names().all(goes)
    }
}

pub(super) fn put_change<'a>(changes: &mut Vec<Change<'a>>, change: Change<'a>) {
    match changes.iter_mut().find(|known| known.key.eq_ignore_ascii_case(change.key)) {
        Some(known) => known.value = change.value,
        None => changes.push(change),
    }
}
