//! What becomes of each property of a section, step by step. Nothing is written here.
//!
//! A property that is there keeps its slot through all steps, so that what takes its place stands where it stood.

use super::slot::{Fate, Slot, Value, put_change};
use super::splice::inline_comment;
use crate::error::Error;
use crate::profile::Change;
use crate::profile::change::What;
use crate::profile::header::SectionName;
use crate::profile::parse::{self, Property};
use crate::profile::shared_file::SharedFile;
use std::borrow::Cow;

/// A section on its way.
pub(super) struct Draft<'a> {
    file: &'a SharedFile,
    section: SectionName<'a>,
    /// The properties that are there, in order.
    pub(super) slots: Vec<Slot<'a>>,
    /// Those to come.
    pub(super) added: Vec<New<'a>>,
}

/// A property to come.
pub(super) struct New<'a> {
    /// Whether it comes above all that is there.
    pub(super) is_first: bool,
    pub(super) key: Cow<'a, str>,
    pub(super) value: Value<'a>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(
        file: &'a SharedFile,
        section: SectionName<'a>,
        properties: impl Iterator<Item = &'a Property<'a>>,
        steps: &[&'a What<'a>],
    ) -> Result<Self, Error> {
        let slot = |property: &'a Property<'a>| Slot { property, key: property.key.into(), fate: Fate::Stays };
        let mut draft = Self { file, section, slots: properties.map(slot).collect(), added: Vec::new() };
        for step in steps {
            draft.take(step)?;
        }
        Ok(draft)
    }

    fn take(&mut self, step: &'a What<'a>) -> Result<(), Error> {
        match step {
            What::Set(changes) => changes.iter().try_for_each(|change| self.set(*change)),
            What::SetFirst(changes) => changes.iter().try_for_each(|change| self.set_first(*change)),
            What::SetNested(block, changes) => changes.iter().try_for_each(|change| self.set_nested(block, *change)),
            What::RenameKeys(names) => names.iter().try_for_each(|(from, to)| self.rename(from, to)),
            What::Unset(keys) => {
                for key in keys {
                    self.unset(key);
                }
                Ok(())
            }
            What::UnsetNested(block, names) => {
                for name in names {
                    self.unset_nested(block, name);
                }
                Ok(())
            }
            What::Rename(_) | What::Remove { .. } => unreachable!("no step of a section's keys"),
        }
    }

    /// The slot that counts for a key.
    fn slot(&self, key: &str) -> Option<usize> {
        self.slots.iter().rposition(|slot| slot.is_there() && slot.bears(key))
    }

    /// The last slot whose property bore a key and goes.
    fn free_slot(&self, key: &str) -> Option<usize> {
        self.slots.iter().rposition(|slot| !slot.is_there() && slot.bears(key))
    }

    fn added(&self, key: &str) -> Option<usize> {
        self.added.iter().position(|new| new.key.eq_ignore_ascii_case(key))
    }

    fn set(&mut self, Change { key, value }: Change<'a>) -> Result<(), Error> {
        let found = self.slot(key);
        let added = self.added(key);
        let is_block = found.is_some_and(|slot| self.slots[slot].is_block())
            || added.is_some_and(|new| matches!(self.added[new].value, Value::Block(_)));
        if is_block {
            return Err(self.refused(key, found, "it holds nested settings, which would be lost"));
        }
        if let Some(slot) = found {
            let slot = &mut self.slots[slot];
            let has_it = *slot.property.value == *value.as_bytes() && !has_comment(self.file, slot.property);
            slot.fate = if has_it { Fate::Stays } else { Fate::Gets(Value::Text(value)) };
        } else {
            self.put(key, Value::Text(value));
        }
        Ok(())
    }

    fn set_first(&mut self, change: Change<'a>) -> Result<(), Error> {
        let is_new = self.slot(change.key).is_none() && self.added(change.key).is_none();
        if is_new {
            let value = Value::Text(change.value);
            self.added.push(New { is_first: true, key: change.key.into(), value });
            return Ok(());
        }
        self.set(change)
    }

    fn set_nested(&mut self, block: &'a str, change: Change<'a>) -> Result<(), Error> {
        let found = self.slot(block);
        let refused = "it has a value of its own, beside which there are no nested settings";
        match (found, self.added(block)) {
            (Some(slot), _) if !self.slots[slot].can_be_block() => return Err(self.refused(block, found, refused)),
            (Some(slot), _) => self.slots[slot].set_nested(change),
            (None, Some(new)) => match &mut self.added[new].value {
                Value::Text(_) => return Err(self.refused(block, None, refused)),
                Value::Block(changes) => put_change(changes, change),
            },
            (None, None) => self.put(block, Value::Block(vec![change])),
        }
        Ok(())
    }

    /// Puts what is not there yet where it was before, else at the end.
    fn put(&mut self, key: &'a str, value: Value<'a>) {
        match (self.free_slot(key), self.added(key)) {
            (_, Some(new)) => self.added[new].value = value,
            (Some(slot), None) => self.slots[slot].fate = Fate::Gets(value),
            (None, None) => self.added.push(New { is_first: false, key: key.into(), value }),
        }
    }

    fn unset(&mut self, key: &str) {
        for slot in self.slots.iter_mut().filter(|slot| slot.bears(key)) {
            slot.fate = Fate::Goes;
        }
        self.added.retain(|new| !new.key.eq_ignore_ascii_case(key));
    }

    fn unset_nested(&mut self, block: &'a str, name: &'a str) {
        let counting = self.slot(block);
        for slot in self.slots.iter_mut().filter(|slot| slot.is_there() && slot.bears(block)) {
            slot.unset_nested(name);
        }
        // Else an earlier block of the name, which did not count, would count now.
        if counting.is_some_and(|slot| !self.slots[slot].is_there()) {
            self.unset(block);
        }
        if let Some(new) = self.added(block)
            && let Value::Block(changes) = &mut self.added[new].value
        {
            changes.retain(|change| !change.key.eq_ignore_ascii_case(name));
            if changes.is_empty() {
                self.added.remove(new);
            }
        }
    }

    fn rename(&mut self, from: &str, to: &'a str) -> Result<(), Error> {
        let is_there = self.slot(from).is_some() || self.added(from).is_some();
        if !is_there || from.eq_ignore_ascii_case(to) {
            return Ok(());
        }
        let (other, new) = (self.slot(to), self.added(to));
        if other.is_some() || new.is_some() {
            let place = other.map(|slot| format!("{}: ", self.file.place(self.slots[slot].property.at)));
            return Err(Error::new(format!("cannot rename \"{from}\" of {} to \"{to}\"", self.section))
                .cause(format!("{}there is a \"{to}\" already", place.unwrap_or_default()))
                .hint("unset one of them first"));
        }
        for slot in self.slots.iter_mut().filter(|slot| slot.is_there() && slot.bears(from)) {
            slot.key = renamed(&slot.key, from, to).into();
        }
        for new in self.added.iter_mut().filter(|new| new.key.eq_ignore_ascii_case(from)) {
            new.key = to.into();
        }
        Ok(())
    }

    fn refused(&self, key: &str, slot: Option<usize>, why: &str) -> Error {
        let place = slot.map(|slot| format!("{}: ", self.file.place(self.slots[slot].property.at)));
        Error::new(format!("cannot set \"{key}\" of {}", self.section))
            .cause(format!("{}{why}", place.unwrap_or_default()))
            .hint("unset it first")
    }
}

/// Whether one stands behind the value.
fn has_comment(file: &SharedFile, property: &Property<'_>) -> bool {
    let first = parse::lines(&file.text, property.at..property.end).next();
    first.is_some_and(|line| !inline_comment(&line).is_empty())
}

/// A key by its new name. Where that has only more or fewer letters before the old name, the others stay as they are
/// spelled, so that whoever renames it back gets the same.
fn renamed(key: &[u8], from: &str, to: &str) -> Vec<u8> {
    let ends_with = |long: &str, short: &str| {
        long.len()
            .checked_sub(short.len())
            .filter(|more| long.as_bytes()[*more..].eq_ignore_ascii_case(short.as_bytes()))
    };
    if let Some(more) = ends_with(to, from) {
        [&to.as_bytes()[..more], key].concat()
    } else if let Some(more) = ends_with(from, to) {
        key[more..].to_vec()
    } else {
        to.as_bytes().to_vec()
    }
}
