//! JSON objects that other tools write into, too: what is not understood in them stays, byte for byte.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// A JSON object in the order and the very words in which it was written.
#[derive(Clone, Default)]
pub(super) struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    pub(super) fn get(&self, key: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| &**value)
    }

    /// A string that is not empty.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?.get()).ok().filter(|text: &String| !text.is_empty())
    }

    /// The same for tools that do not mind the case of names.
    pub(super) fn text_of_any_case(&self, key: &str) -> Option<String> {
        let names = self.0.iter().map(|(name, _)| name.as_str());
        let any_case = names.filter(|name| name.eq_ignore_ascii_case(key));
        self.text(key).or_else(|| any_case.filter(|name| *name != key).find_map(|name| self.text(name)))
    }

    /// Adds every member of another object whose name is not among these.
    pub(super) fn adopt_others_of(&mut self, other: &Self) {
        for (name, value) in &other.0 {
            if !self.0.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
                self.0.push((name.clone(), value.clone()));
            }
        }
    }

    /// Takes a member away, whatever the case of its name.
    pub(super) fn remove_of_any_case(&mut self, key: &str) {
        self.0.retain(|(name, _)| !name.eq_ignore_ascii_case(key));
    }

    /// Sets a member in its place, or adds it.
    pub(super) fn set(&mut self, key: &str, value: &impl Serialize) {
        let value = serde_json::value::to_raw_value(value).expect("strings always serialize");
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }
}

/// The values are secrets.
impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(pair) = map.next_entry()? {
                    members.0.push(pair);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
