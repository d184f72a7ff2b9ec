//! Which profiles are used in shells, how often and when: the order of the list that `keyfob use` shows.
//!
//! ```json
//! {"dev":{"uses":12,"at":1768478400000},"prod":{"uses":3,"at":1768392000000}}
//! ```
//!
//! What was used lately counts for more than what was used often, by the weights of z, zoxide and others. Once there are
//! many uses all of them fade, so that the file stays small and habits of last year give way. It is a convenience:
//! whatever is wrong with the file costs the order and nothing else, and nobody waits for it.

use crate::context::{Clock, Vars};
use crate::file::{self, LockFile};
use crate::paths;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// How each profile was used so far.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Uses(BTreeMap<String, Used>);

#[derive(Debug, Deserialize, Serialize)]
struct Used {
    uses: u32,
    /// Of the last one, in milliseconds since 1970.
    at: i64,
}

/// Uses are counted until there are so many in all.
const MOST: u32 = 1000;

/// Remembers that a profile is used. Those that are no more, by `names`, are forgotten.
pub(crate) fn record(name: &str, names: &[&str], vars: &Vars) {
    const PATIENCE: Duration = Duration::from_millis(100);
    let Some(path) = path(vars) else { return };
    let Ok(lock) = LockFile::open(&path.with_extension("lock")) else { return };
    if !lock.wait_exclusive(PATIENCE).unwrap_or(false) {
        return;
    }
    let mut uses = Uses::load(vars);
    uses.count(name, Clock::local());
    uses.0.retain(|name, _| names.contains(&name.as_str()));
    // What does not reach the disk costs a place in a list.
    let _ = file::write_expendable(&path, &serde_json::to_vec(&uses).expect("numbers always serialize"));
}

/// No name that ends in `.json`: those are credentials, and go when they are old.
fn path(vars: &Vars) -> Option<PathBuf> {
    paths::cache_folder(vars).map(|folder| folder.join("uses"))
}

impl Uses {
    pub(crate) fn load(vars: &Vars) -> Self {
        const LARGEST: u64 = 256 * 1024;
        let bytes = path(vars).and_then(|path| file::read_private(&path, LARGEST).ok());
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Where a name stands among others: sorted by it, the most used come first.
    pub(crate) fn place(&self, name: &str) -> impl Ord + use<> {
        Reverse(self.score(name, Clock::local()))
    }

    /// How much it was used, and when last.
    fn score(&self, name: &str, now: Timestamp) -> (u64, i64) {
        let Some(Used { uses, at }) = self.0.get(name) else { return (0, 0) };
        // One from the future says that some clock was set.
        let age = Timestamp::from_unix_millis((*at).clamp(0, now.unix_millis().max(0))).until(now);
        let weight = match age {
            age if age < Duration::from_hours(1) => 16,
            age if age < Duration::from_hours(24) => 8,
            age if age < Duration::from_hours(24 * 7) => 2,
            _ => 1,
        };
        (u64::from(*uses) * weight, *at)
    }

    fn count(&mut self, name: &str, now: Timestamp) {
        let used = self.0.entry(name.to_owned()).or_insert(Used { uses: 0, at: 0 });
        *used = Used { uses: used.uses.saturating_add(1), at: now.unix_millis() };
        let all: u64 = self.0.values().map(|used| u64::from(used.uses)).sum();
        if all > u64::from(MOST) {
            self.0.values_mut().for_each(|used| used.uses = used.uses.min(MOST) * 9 / 10);
            self.0.retain(|_, used| used.uses > 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn now() -> Timestamp {
        Timestamp::from_unix_millis(1_768_478_400_000)
    }

    fn uses(list: &[(&str, u32, i64)]) -> Uses {
        let used = |(name, uses, hours): &(&str, u32, i64)| {
            ((*name).to_owned(), Used { uses: *uses, at: now().unix_millis() - hours * HOUR })
        };
        Uses(list.iter().map(used).collect())
    }

    #[test]
    fn what_was_used_lately_and_often_comes_first() {
        let uses = uses(&[("old", 15, 1000), ("often", 9, 30), ("today", 3, 5), ("now", 2, 0), ("future", 1, -9)]);
        let mut names = ["never", "old", "often", "today", "now", "future"];
        names.sort_by_key(|name| Reverse(uses.score(name, now())));
        assert_eq!(names, ["now", "today", "often", "future", "old", "never"]);
    }

    #[test]
    fn many_uses_fade_and_the_rarest_go() {
        let mut uses = uses(&[("often", 900, 1), ("some", 99, 1), ("once", 1, 1)]);
        uses.count("some", now());
        let left: Vec<(&str, u32)> = uses.0.iter().map(|(name, used)| (name.as_str(), used.uses)).collect();
        assert_eq!(left, [("often", 810), ("some", 90)]);
    }

    #[test]
    fn counts_of_others_cannot_overflow() {
        let mut uses = uses(&[("a", u32::MAX, 0), ("b", u32::MAX, i64::MIN / HOUR / 4)]);
        uses.count("a", now());
        assert!(uses.0.values().all(|used| used.uses <= MOST), "{uses:?}");
        assert_eq!(uses.score("b", now()).0, 900 * 16);
    }
}
