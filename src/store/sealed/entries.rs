//! What is in a sealed file: the keys of profiles, as JSON.
//!
//! ```json
//! {"profiles":{"dev":{"aws_access_key_id":"…","aws_secret_access_key":"…"}}}
//! ```

use crate::credentials::Credentials;
use crate::store::entry::{Entry, Shown, to_json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entries {
    profiles: BTreeMap<String, Entry>,
}

#[derive(Serialize)]
struct Document<'a> {
    profiles: BTreeMap<&'a str, Shown<'a>>,
}

impl Entries {
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        // serde's own words may quote a value.
        serde_json::from_slice(text).map_err(|_| "what is sealed in it is not what keyfob seals")
    }

    pub(super) fn render(&self) -> Zeroizing<Vec<u8>> {
        const AROUND: usize = 64;
        let room = |(name, entry): (&String, &Entry)| 6 * name.len() + entry.room();
        let profiles = self.profiles.iter().map(|(name, entry)| (name.as_str(), entry.shown())).collect();
        to_json(&Document { profiles }, AROUND + self.profiles.iter().map(room).sum::<usize>())
    }

    pub(super) fn get(&self, profile: &str) -> Result<Option<Credentials>, &'static str> {
        self.profiles.get(profile).cloned().map(Entry::keys).transpose()
    }

    pub(super) fn has(&self, profile: &str) -> bool {
        self.profiles.contains_key(profile)
    }

    pub(super) fn put(&mut self, profile: &str, keys: &Credentials) {
        self.profiles.insert(profile.to_owned(), Entry::of(keys));
    }

    pub(super) fn remove(&mut self, profile: &str) -> bool {
        self.profiles.remove(profile).is_some()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.profiles.keys().cloned().collect()
    }
}
