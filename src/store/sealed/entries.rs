//! What is in a sealed file: the keys and passwords of profiles, as JSON.
//!
//! ```json
//! {"profiles":{"corp":{"saml_password":"…","saml_host":"…","saml_user":"…"},"dev":{"aws_access_key_id":"…","aws_secret_access_key":"…"}}}
//! ```

use crate::store::Kept;
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
        let entries: Option<Self> = serde_json::from_slice(text).ok();
        let whole = entries.filter(|entries| entries.profiles.values().all(Entry::is_whole));
        whole.ok_or("what is sealed in it is not what keyfob seals")
    }

    pub(super) fn render(&self) -> Zeroizing<Vec<u8>> {
        const AROUND: usize = 64;
        let room = |(name, entry): (&String, &Entry)| 6 * name.len() + entry.room();
        let profiles = self.profiles.iter().map(|(name, entry)| (name.as_str(), entry.shown())).collect();
        to_json(&Document { profiles }, AROUND + self.profiles.iter().map(room).sum::<usize>())
    }

    pub(super) fn get(&self, profile: &str) -> Result<Option<Kept>, &'static str> {
        self.profiles.get(profile).cloned().map(Entry::kept).transpose()
    }

    pub(super) fn has(&self, profile: &str) -> bool {
        self.profiles.contains_key(profile)
    }

    pub(super) fn put(&mut self, profile: &str, kept: &Kept) {
        self.profiles.insert(profile.to_owned(), Entry::of(kept));
    }

    pub(super) fn remove(&mut self, profile: &str) -> bool {
        self.profiles.remove(profile).is_some()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.profiles.keys().cloned().collect()
    }
}
