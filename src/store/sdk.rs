//! `sdk`: the encrypted store of the AWS SDK for .NET on Windows, shared with AWS Tools for PowerShell and Visual Studio.
//!
//! A JSON object of profiles under GUIDs. What is secret in them is sealed by Windows for its user (DPAPI):
//!
//! ```json
//! {
//!   "8f1d0c0e-5a0b-4c55-9f0e-2f6f6f0f7a11": {
//!     "AWSAccessKey": "01000000D08C9DDF…",
//!     "AWSSecretKey": "01000000D08C9DDF…",
//!     "ProfileType": "AWS",
//!     "Region": "eu-west-1",
//!     "DisplayName": "build"
//!   }
//! }
//! ```
//!
//! .NET keeps no passwords, and has no field for one.
//!
//! .NET writes the whole file anew, and drops what it cannot unseal. Here one profile is edited, and every other byte kept.

mod accounts;
mod fields;
mod json;
mod sealing;
#[cfg(test)]
mod tests;

use self::accounts::Accounts;
use self::sealing::Sealing;
use super::{Kept, SecretStore, Trouble};
use crate::context::Vars;
use crate::file::{self, LockFile, Original};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub(super) struct Sdk<'a, S> {
    vars: &'a Vars,
    sealing: S,
}

#[cfg(windows)]
impl<'a> Sdk<'a, sealing::Dpapi> {
    pub(super) fn new(vars: &'a Vars) -> Self {
        Self { vars, sealing: sealing::Dpapi }
    }
}

impl<S: Sealing> SecretStore for Sdk<'_, S> {
    fn get(&self, profile: &str) -> Result<Option<Kept>, Trouble> {
        match self.read()?.find(profile) {
            Some(account) => Ok(fields::keys_of(&account, &self.sealing)?.map(Kept::Keys)),
            None => Ok(None),
        }
    }

    fn put(&self, profile: &str, kept: &Kept) -> Result<(), Trouble> {
        let Kept::Keys(keys) = kept else {
            return Err(Trouble::Failed("it has no room for passwords, since .NET keeps none".to_owned()));
        };
        // Sealed once, since the text may have to be edited again.
        let sealed = fields::Sealed::new(keys, &self.sealing)?;
        self.edit(|accounts| match accounts.find(profile) {
            Some(account) => sealed.over(&account).map(Some),
            None => Ok(Some(accounts.with(&crate::random::name(), &sealed.account(profile)))),
        })
        .map(drop)
    }

    fn remove(&self, profile: &str) -> Result<bool, Trouble> {
        if self.read()?.find(profile).is_none() {
            return Ok(false);
        }
        self.edit(|accounts| match accounts.find(profile) {
            Some(account) if fields::has_keys(&account) => Ok(Some(account.removed())),
            _ => Ok(None),
        })
    }

    fn list(&self) -> Result<Option<Vec<String>>, Trouble> {
        let accounts = self.read()?;
        let with_keys = accounts.iter().filter(fields::has_keys);
        Ok(Some(with_keys.filter_map(|account| account.name()).collect()))
    }
}

impl<S> Sdk<'_, S> {
    fn read(&self) -> Result<Accounts, Trouble> {
        let path = place(self.vars)?;
        patiently(|is_last| {
            let Some(original) = original(path.clone())? else { return Ok(None) };
            let changed_just_now = original.changed_just_now();
            match Accounts::parse(original.bytes) {
                // Half a file may be all that is wrong with it.
                None if !is_last && changed_just_now => Ok(None),
                parsed => parsed.map(Some).ok_or_else(|| unreadable(&path)),
            }
        })
    }

    /// Edits the file; `false` when there is nothing to edit. A store without profiles is no file.
    fn edit(&self, edit: impl Fn(&Accounts) -> Result<Option<Accounts>, Trouble>) -> Result<bool, Trouble> {
        let path = place(self.vars)?;
        let failed = |error: io::Error| failed("write", &error);
        let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename).map_err(|kind| failed(kind.into()))?;
        file::create_shared_folder(folder).map_err(failed)?;
        let lock = LockFile::of_folder(folder).map_err(failed)?;
        if !lock.wait_exclusive(file::PATIENCE).map_err(failed)? {
            return Err(busy());
        }
        patiently(|is_last| {
            let Some(original) = original(path.clone())? else { return Ok(None) };
            let Some(accounts) = Accounts::parse(original.bytes.clone()) else {
                let may_be_half = !is_last && original.changed_just_now();
                return if may_be_half { Ok(None) } else { Err(unreadable(&path)) };
            };
            let Some(edited) = edit(&accounts)? else { return Ok(Some(false)) };
            let is_empty = edited.is_empty();
            let done = if is_empty { original.remove() } else { original.replace(edited.text().as_bytes()) };
            // Else somebody was faster.
            Ok(unless_busy(done, "write")?.filter(|done| *done))
        })
    }
}

/// Where the store is: where .NET says, and where it says on systems that do not.
fn place(vars: &Vars) -> Result<PathBuf, Trouble> {
    let local = vars.os("LOCALAPPDATA").map(PathBuf::from);
    let homes = ["HOME", "USERPROFILE"].iter().filter_map(|name| vars.os(name).map(PathBuf::from));
    let below_home = homes.map(|home| home.join("AppData").join("Local"));
    let paths: Vec<_> = local
        .into_iter()
        .chain(below_home)
        .map(|folder| folder.join("AWSToolkit").join("RegisteredAccounts.json"))
        .collect();
    let there = paths.iter().find(|path| path.exists()).or(paths.first());
    there.cloned().ok_or_else(|| Trouble::Absent("LOCALAPPDATA and USERPROFILE are not set".to_owned()))
}

/// Tries again until something is done, as long as .NET tries: it opens the file for itself alone. The last try is told
/// that it is.
fn patiently<T>(mut attempt: impl FnMut(bool) -> Result<Option<T>, Trouble>) -> Result<T, Trouble> {
    const TRIES: u32 = 50;
    const PAUSE: Duration = Duration::from_millis(100);
    for left in (0..TRIES).rev() {
        if let Some(done) = attempt(left == 0)? {
            return Ok(done);
        }
        thread::sleep(PAUSE);
    }
    Err(busy())
}

/// `None` while another program has the file for itself.
fn original(path: PathBuf) -> Result<Option<Original>, Trouble> {
    unless_busy(Original::read(path), "read").map(Option::flatten)
}

/// What was done; `None` while another program has the file for itself.
fn unless_busy<T>(done: io::Result<T>, what: &str) -> Result<Option<T>, Trouble> {
    /// Windows's name for that is `ERROR_SHARING_VIOLATION`.
    const SHARING_VIOLATION: i32 = 32;
    match done {
        Err(error) if cfg!(windows) && error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        done => done.map(Some).map_err(|error| failed(what, &error)),
    }
}

fn failed(what: &str, error: &io::Error) -> Trouble {
    Trouble::Failed(format!("cannot {what} its file: {error}"))
}

fn busy() -> Trouble {
    Trouble::TimedOut("another program keeps writing its file".to_owned())
}

fn unreadable(path: &Path) -> Trouble {
    Trouble::Failed(format!("\"{}\" is not the JSON that .NET writes", path.display()))
}
