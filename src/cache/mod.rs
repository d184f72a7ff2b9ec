//! Temporary credentials and tokens on disk: keyfob's own, and those that it shares with the AWS CLI and the SDKs.
//!
//! | file | what it holds | where |
//! |---|---|---|
//! | `login_entry`, `login_token` | console sign-ins | `~/.aws/login/cache` |
//! | `sso_token` | sign-ins to IAM Identity Center | `~/.aws/sso/cache` |
//! | `sso_registration` | what keyfob is registered as there | `~/.aws/sso/cache` |
//! | `shared_file`, `members`, `python` | what these have in common: files that other tools write, too | |
//! | `credentials` | credentials of roles and programs | keyfob's own folder |
//! | `listing` | accounts and roles of a run that was cut short | keyfob's own folder |
//! | `got_by` | forgetting what a sign-in brought, of both | keyfob's own folder |
//! | `glance` | what lies there at this moment, for those who wait for nobody | |
//! | `flight`, `note` | who renews any of these, and what the others are told | beside them |
//! | `tried` | what became of the last try of a stored password | keyfob's own folder |
//! | `uses` | how often profiles were used in shells | keyfob's own folder |
//!
//! In keyfob's own folder an entry is up to four files of one hashed name: `HASH.json` with the credentials, `HASH.lock`
//! for the process that renews them, `HASH.relief.lock` for the one that takes over when the first hangs, and
//! `HASH.note` with what went wrong last, for those who wait. The hash is the SHA-1, as in the AWS CLI's cache, of
//! everything that decides whose credentials they are.

mod credentials;
mod flight;
mod glance;
mod got_by;
mod listing;
mod login_entry;
mod login_token;
mod members;
mod note;
mod python;
mod shared_file;
mod sso_registration;
mod sso_token;
mod tried;
mod uses;

pub(crate) use credentials::Cached;
pub(crate) use flight::{Budget, Flight, Renewing, Sharing};
pub(crate) use glance::Glance;
pub(crate) use got_by::forget_got_by;
pub(crate) use listing::{Listed, Listing, ListingEntry};
pub(crate) use login_entry::{LoginEntry, folder as login_folder, remove_all as remove_all_logins};
pub(crate) use login_token::{Beginning, LoginToken, Renewal};
pub(crate) use sso_registration::{Kind as ClientKind, RegisteredFor, Registration, RegistrationEntry};
pub(crate) use sso_token::{Missing, Renewable, SsoBeginning, SsoEntry, SsoRenewal, SsoToken};
pub(crate) use tried::{Tried, Turn};
pub(crate) use uses::{Uses, record as record_use};

use crate::context::Vars;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::file::{self, LockFile};
use crate::paths;
use sha1::{Digest, Sha1};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// Something on disk that processes renew by turns, with what keyfob has beside it.
pub(crate) trait Companions {
    /// The path of a file that goes with it.
    fn beside(&self, file: Beside) -> PathBuf;

    /// What the last process that renewed it left for the others, when it was not that.
    fn left(&self) -> Option<Vec<u8>> {
        const LARGEST: u64 = 16 * 1024;
        file::read_private(&self.beside(Beside::Note), LARGEST).ok()
    }

    /// Leaves a note in the place of the last; `None` takes that away.
    fn leave(&self, note: Option<&[u8]>) -> io::Result<()> {
        let path = self.beside(Beside::Note);
        match note {
            Some(note) => file::write_private(&path, note),
            None => fs::remove_file(path),
        }
    }
}

/// Where one set of credentials is kept between processes.
pub(crate) trait Store: Companions {
    /// What is there; `None` when there is nothing that could be used.
    ///
    /// An error when there is something that stands in the way.
    fn load(&self) -> Result<Option<Cached>, Error>;

    /// Keeps renewed credentials.
    fn save(&self, cached: &Cached) -> io::Result<()>;

    /// The lock of whoever renews them. Where there is none to be had, or not in time, nobody is waited for.
    fn lock(&self, lock: Beside) -> Option<LockFile> {
        const PATIENCE: Duration = Duration::from_secs(30);
        let lock = LockFile::open(&self.beside(lock)).ok()?;
        lock.wait_exclusive(PATIENCE).is_ok_and(|taken| taken).then_some(lock)
    }
}

/// One cached set of credentials: where it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    folder: PathBuf,
    hash: String,
    /// What the sign-in's token is named after that they are got by.
    sign_in: Option<&'a str>,
    /// Whose they are, where what is asked for may be somebody else's by now; what is another's is not there.
    subject: Option<String>,
}

impl<'a> Entry<'a> {
    /// The entry for an identity: a text that tells apart what must not be shared.
    ///
    /// `None` where there is no folder for caches.
    pub(crate) fn of(identity: &str, vars: &Vars) -> Option<Self> {
        let hash = hex(&Sha1::digest(identity.as_bytes()));
        Some(Self { folder: paths::cache_folder(vars)?, hash, sign_in: None, subject: None })
    }

    /// The entry whose file bears this name.
    fn named(folder: &Path, hash: &str) -> Self {
        Self { folder: folder.to_owned(), hash: hash.to_owned(), sign_in: None, subject: None }
    }

    /// The same of what is got by a sign-in to IAM Identity Center, if it is: then it is forgotten with that.
    pub(crate) fn got_by(self, sign_in: Option<&'a str>) -> Self {
        Self { sign_in, ..self }
    }

    /// The same for this subject alone, in so many words; without any, for whomever.
    pub(crate) fn of_subject(self, subject: &[String]) -> Self {
        Self { subject: (!subject.is_empty()).then(|| hex(&Sha1::digest(subject.join("\n")))), ..self }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.hash))
    }

    /// The credentials that are there, if they are.
    pub(crate) fn read(&self) -> Option<Cached> {
        const LARGEST: u64 = 64 * 1024;
        let bytes = file::read_private(&self.path(), LARGEST).ok()?;
        let is_anothers = self.subject.is_some() && credentials::subject(&bytes) != self.subject;
        if is_anothers { None } else { Cached::parse(&bytes) }
    }

    /// Forgets what is there, once nobody renews it.
    pub(crate) fn remove(&self) -> io::Result<()> {
        // Whoever renews it has made them.
        let locks = [Beside::Lock, Beside::ReliefLock].into_iter().filter(|lock| self.beside(*lock).exists());
        let _locks: Vec<LockFile> = locks.filter_map(|lock| self.lock(lock)).collect();
        for path in [self.path(), self.beside(Beside::Note)] {
            file::remove(&path)?;
        }
        Ok(())
    }

    /// Forgets credentials that a service refused, unless another process has renewed them by now. `false` when
    /// there is nothing of the kind, so that asking again would bring the same.
    pub(crate) fn discard(&self, refused: &Credentials) -> bool {
        match self.read() {
            Some(cached) if cached.credentials.is_same_key(refused) => fs::remove_file(self.path()).is_ok(),
            renewed => renewed.is_some(),
        }
    }
}

impl Store for Entry<'_> {
    /// A file that is torn, not ours or no such thing counts as absent.
    fn load(&self) -> Result<Option<Cached>, Error> {
        Ok(self.read())
    }

    fn save(&self, cached: &Cached) -> io::Result<()> {
        file::write_private(
            &self.path(),
            cached.render(self.sign_in.map(sso_token::name), self.subject.clone()).as_bytes(),
        )?;
        sweep(&self.folder);
        Ok(())
    }
}

impl Companions for Entry<'_> {
    fn beside(&self, file: Beside) -> PathBuf {
        self.folder.join(format!("{}.{}", self.hash, file.suffix()))
    }
}

/// The files beside the credentials: the lock of the process whose turn it is, that of the one that takes over when it
/// hangs, and the note that they leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Lock,
    ReliefLock,
    Note,
}

impl Beside {
    fn suffix(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::ReliefLock => "relief.lock",
            Self::Note => "note",
        }
    }
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

/// The folder of sign-ins, or why there is none.
fn folder_of_sign_ins(folder: Option<PathBuf>) -> Result<PathBuf, Error> {
    folder.ok_or_else(|| Error::new("nobody knows where sign-ins are kept").hint("set HOME"))
}

/// Bytes in lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// How long before their end credentials stop being fresh.
///
/// Botocore runs its helper again at every request once less than 15 minutes remain, so it is a minute more than that;
/// short lives count as fresh for their first half.
fn margin(life: Duration) -> Duration {
    const ADVISORY: Duration = Duration::from_mins(16);
    ADVISORY.min(life / 2)
}

/// Removes what has been left behind: copies that a killed process did not finish, and credentials that have
/// ended. Locks stay. It is only tidiness, so what cannot be removed stays too.
fn sweep(folder: &Path) {
    const LONGEST_LIFE: Duration = Duration::from_hours(36);
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let too_old = if name.ends_with(file::UNFINISHED) {
            file::UNFINISHED_FOR
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
    fn names_are_the_sha1_of_the_identity() {
        let identity = r#"{"RoleArn": "arn:aws:iam::123456789012:role/Demo"}"#;
        let entry = Entry::of(identity, &Vars::from([("HOME", "/h")])).expect("there is a home");
        assert_eq!(entry.hash, "ecd91d7989471012b3d38d435d4d037a581676a5");
    }
}
