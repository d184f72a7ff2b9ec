//! keyfob's own folder of temporary credentials: the names of its files, and how fresh they are.
//!
//! An entry is three files of one hashed name: `HASH.json` with the credentials, `HASH.lock` for the process
//! that renews them, `HASH.relief.lock` for the one that takes over when the first hangs. The hash is the
//! SHA-1, as in the AWS CLI's cache, of everything that decides whose credentials they are.

mod credentials;
mod flight;

pub(crate) use credentials::Cached;
pub(crate) use flight::{Budget, Flight};

use crate::context::Vars;
use crate::credentials::Credentials;
use crate::file;
use crate::paths;
use crate::timestamp::Timestamp;
use sha1::{Digest, Sha1};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One cached set of credentials: where it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    folder: PathBuf,
    hash: String,
}

impl Entry {
    /// The entry for an identity: a text that tells apart what must not be shared.
    ///
    /// `None` where there is no folder for caches.
    pub(crate) fn of(identity: &str, vars: &Vars) -> Option<Self> {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let digest = Sha1::digest(identity.as_bytes());
        let hash =
            digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(HEX[usize::from(nibble)]));
        let hash = hash.collect();
        Some(Self { folder: paths::cache_folder(vars)?, hash })
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.hash))
    }

    fn lock_path(&self, lane: Lane) -> PathBuf {
        let suffix = match lane {
            Lane::Main => "lock",
            Lane::Relief => "relief.lock",
        };
        self.folder.join(format!("{}.{suffix}", self.hash))
    }

    /// The credentials that are there. A file that is torn, not ours or no such thing counts as absent.
    pub(crate) fn load(&self) -> Option<Cached> {
        const LARGEST: u64 = 64 * 1024;
        Cached::parse(&file::read_private(&self.path(), LARGEST).ok()?)
    }

    pub(crate) fn save(&self, cached: &Cached) -> std::io::Result<()> {
        file::write_private(&self.path(), cached.render().as_bytes())?;
        sweep(&self.folder);
        Ok(())
    }

    /// Forgets credentials that a service refused, unless another process has renewed them by now. `false` when
    /// there is nothing of the kind, so that asking again would bring the same.
    pub(crate) fn discard(&self, refused: &Credentials) -> bool {
        match self.load() {
            Some(cached) if cached.credentials == *refused => fs::remove_file(self.path()).is_ok(),
            renewed => renewed.is_some(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Main,
    Relief,
}

/// How far credentials are from their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Hand them out.
    Fresh,
    /// They still work, but SDKs would come back at every call: renew them, hand them out meanwhile.
    Soft,
    /// They have ended.
    Dead,
}

impl Freshness {
    /// Botocore runs its helper again at every request once less than 15 minutes remain, so fresh means a
    /// minute more than that; short lives count as fresh for their first half.
    pub(crate) fn of(issued: Timestamp, expiration: Timestamp, now: Timestamp) -> Self {
        const ADVISORY: Duration = Duration::from_mins(16);
        let margin = ADVISORY.min(issued.until(expiration) / 2);
        match now.until(expiration) {
            Duration::ZERO => Self::Dead,
            left if left > margin => Self::Fresh,
            _ => Self::Soft,
        }
    }
}

/// Removes what has been left behind: copies that a killed process did not finish, and credentials that have
/// ended. Locks stay. It is only tidiness, so what cannot be removed stays too.
fn sweep(folder: &Path) {
    const UNFINISHED_FOR: Duration = Duration::from_hours(1);
    const LONGEST_LIFE: Duration = Duration::from_hours(36);
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let too_old = if name.ends_with(file::UNFINISHED) {
            UNFINISHED_FOR
        } else if name.ends_with(".json") {
            LONGEST_LIFE
        } else {
            continue;
        };
        if file::age(&entry.path()).is_some_and(|age| age > too_old) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lives_are_fresh_until_sixteen_minutes_remain_short_ones_for_half() {
        let issued = Timestamp::from_unix_millis(0);
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        for (life, age, freshness) in [
            (60, 0, Freshness::Fresh),
            (60, 43, Freshness::Fresh),
            (60, 44, Freshness::Soft),
            (60, 59, Freshness::Soft),
            (60, 60, Freshness::Dead),
            (60, 61, Freshness::Dead),
            (32, 15, Freshness::Fresh),
            (32, 16, Freshness::Soft),
            (15, 7, Freshness::Fresh),
            (15, 8, Freshness::Soft),
            (15, 15, Freshness::Dead),
        ] {
            let got = Freshness::of(issued, issued + minutes(life), issued + minutes(age));
            assert_eq!(got, freshness, "{age} of {life} min");
        }
    }

    #[test]
    fn names_are_the_sha1_of_the_identity() {
        let identity = r#"{"RoleArn": "arn:aws:iam::123456789012:role/Demo"}"#;
        let entry = Entry::of(identity, &Vars::from([("HOME", "/h")])).expect("there is a home");
        assert_eq!(entry.hash, "ecd91d7989471012b3d38d435d4d037a581676a5");
    }
}
