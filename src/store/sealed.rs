//! `sealed`: a file that a passphrase opens, for machines without a keyring of their own.
//!
//! The passphrase is what the program in `KEYFOB_PASSPHRASE_COMMAND` prints, or typed at the terminal; it is never an
//! argument or the value of a variable, which other processes see. On Linux the key of an opened file can rest in the
//! kernel for a stated time: `keyfob store unlock`, or `KEYFOB_UNLOCKED_FOR=15m`.

mod entries;
mod format;
#[cfg_attr(not(target_os = "linux"), path = "sealed/no_kernel.rs")]
mod kernel;
mod passphrase;
#[cfg(test)]
mod tests;

use super::{Kept, Patience, SecretStore, Trouble};
use crate::context::Context;
use crate::file::{self, LockFile};
use crate::paths;
use crate::secret::Secret;
use crate::timestamp::span;
use entries::Entries;
use format::{Key, Recipe, Refused};
use passphrase::{Passphrases, Why};
use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A file of keys and passwords has a few of them. What is larger is neither read nor written.
const LARGEST: u64 = 1024 * 1024;
/// How long to wait for other processes that write.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a file may be made anew by others while a passphrase for it is typed.
const ATTEMPTS: usize = 3;

pub(super) struct Sealed<'a> {
    patience: Patience,
    context: &'a Context,
    /// Nobody is asked twice in one run.
    key: RefCell<Option<(Recipe, Key)>>,
}

impl<'a> Sealed<'a> {
    pub(super) fn new(patience: Patience, context: &'a Context) -> Self {
        Self { patience, context, key: RefCell::default() }
    }

    /// Lets the key rest in the kernel for so long.
    pub(super) fn unlock(&self, time: Duration) -> Result<(), Trouble> {
        let path = self.path()?;
        let Some(bytes) = read(&path)? else {
            return Err(Trouble::Absent(format!("there is no \"{}\"", path.display())));
        };
        self.open(&path, &bytes)?;
        let key = self.key.borrow();
        let (recipe, key) = key.as_ref().expect("what is open has been opened with a key");
        kernel::keep(recipe, key, time).map_err(Trouble::Failed)
    }

    /// Takes the key from the kernel; `false` when there was none, `None` when there is no file.
    pub(super) fn lock(&self) -> Result<Option<bool>, Trouble> {
        let path = self.path()?;
        let Some(bytes) = read(&path)? else { return Ok(None) };
        let recipe = format::recipe(&bytes).map_err(|refused| unreadable(&path, refused))?;
        kernel::forget(&recipe).map(Some).map_err(Trouble::Failed)
    }

    fn path(&self) -> Result<PathBuf, Trouble> {
        paths::sealed_file(&self.context.vars).ok_or_else(|| Trouble::Absent("there is no home".into()))
    }

    /// All that is in the file; `None` when there is no file.
    fn entries(&self) -> Result<Option<Entries>, Trouble> {
        let path = self.path()?;
        read(&path)?.map(|bytes| self.open(&path, &bytes)).transpose()
    }

    /// Opens a file with the key of this run, else with the one in the kernel, else with the passphrase.
    fn open(&self, path: &Path, bytes: &[u8]) -> Result<Entries, Trouble> {
        let recipe = format::recipe(bytes).map_err(|refused| unreadable(path, refused))?;
        if let Some(entries) = self.open_with_known_key(path, &recipe, bytes)? {
            return Ok(entries);
        }
        if let Some(key) = kernel::find(&recipe)
            && let Some(text) = format::unseal(bytes, &key)
        {
            self.key.replace(Some((recipe, key)));
            return Entries::parse(&text).map_err(|why| damaged(path, why));
        }
        if self.patience != Patience::OfAPerson {
            return Err(Trouble::Locked("its passphrase is not asked for now".into()));
        }
        // Before anybody types anything.
        self.resting_time()?;
        let passphrases = Passphrases { path, context: self.context };
        let mut why = Why::Needed;
        for _ in 0..passphrases.tries() {
            let key = derive(&recipe, &passphrases.get(why)?)?;
            if let Some(text) = format::unseal(bytes, &key) {
                self.opened(recipe, key)?;
                return Entries::parse(&text).map_err(|why| damaged(path, why));
            }
            why = Why::WasWrong;
        }
        Err(Trouble::Denied(format!("the passphrase is wrong, or \"{}\" is damaged", path.display())))
    }

    fn open_with_known_key(&self, path: &Path, recipe: &Recipe, bytes: &[u8]) -> Result<Option<Entries>, Trouble> {
        let known = self.key.borrow();
        let Some((_, key)) = known.as_ref().filter(|(known, _)| known == recipe) else { return Ok(None) };
        let Some(text) = format::unseal(bytes, key) else { return Ok(None) };
        Entries::parse(&text).map(Some).map_err(|why| damaged(path, why))
    }

    /// Keeps a key that fits for the rest of the run, and in the kernel if that is asked for.
    fn opened(&self, recipe: Recipe, key: Key) -> Result<(), Trouble> {
        if let Some(time) = self.resting_time()?
            && let Err(why) = kernel::keep(&recipe, &key, time)
        {
            self.context.terminal.note(&format!("the sealed file stays locked: {why}"));
        }
        self.key.replace(Some((recipe, key)));
        Ok(())
    }

    /// How long a key that fits is to rest in the kernel; `None`: not at all.
    fn resting_time(&self) -> Result<Option<Duration>, Trouble> {
        let wrong = || Trouble::Failed("KEYFOB_UNLOCKED_FOR is no time from 1s to 12h, such as 15m".into());
        let text = self.context.vars.get("KEYFOB_UNLOCKED_FOR");
        text.map(|text| span(text.trim()).ok_or_else(wrong)).transpose()
    }

    /// Changes the file under its lock, as it is then: whatever others have written meanwhile stays.
    ///
    /// No one is asked while others wait for the lock.
    fn change<T>(&self, change: &dyn Fn(&mut Entries) -> T) -> Result<T, Trouble> {
        let path = self.path()?;
        for _ in 0..ATTEMPTS {
            match read(&path)? {
                Some(bytes) => drop(self.open(&path, &bytes)?),
                None => self.begin(&path)?,
            }
            let lock = LockFile::open(&path.with_extension("lock")).map_err(|error| unwritable(&path, &error))?;
            if !lock.wait_exclusive(PATIENCE).map_err(|error| unwritable(&path, &error))? {
                return Err(Trouble::TimedOut(format!("another process keeps \"{}\" locked", path.display())));
            }
            let entries = match read(&path)? {
                Some(bytes) => {
                    let recipe = format::recipe(&bytes).map_err(|refused| unreadable(&path, refused))?;
                    self.open_with_known_key(&path, &recipe, &bytes)?
                }
                None => Some(Entries::default()),
            };
            // Another process has made a file of its own.
            let Some(mut entries) = entries else { continue };
            let changed = change(&mut entries);
            self.write(&path, &entries)?;
            return Ok(changed);
        }
        Err(Trouble::Failed(format!("other processes keep making \"{}\" anew", path.display())))
    }

    /// The key of a file that is yet to be made.
    fn begin(&self, path: &Path) -> Result<(), Trouble> {
        if self.key.borrow().is_some() {
            return Ok(());
        }
        self.resting_time()?;
        let passphrase = Passphrases { path, context: self.context }.get_new()?;
        let recipe = Recipe::new();
        let key = derive(&recipe, &passphrase)?;
        self.opened(recipe, key)
    }

    fn write(&self, path: &Path, entries: &Entries) -> Result<(), Trouble> {
        let key = self.key.borrow();
        let (recipe, key) = key.as_ref().expect("what is written has been opened or begun");
        let bytes = format::seal(recipe, key, &entries.render());
        if bytes.len() as u64 > LARGEST {
            let path = path.display();
            let why = format!("\"{path}\" would be larger than {} KiB, and is left as it was", LARGEST / 1024);
            return Err(Trouble::Failed(why));
        }
        file::sweep_beside(path);
        file::write_private(path, &bytes).map_err(|error| unwritable(path, &error))
    }
}

impl SecretStore for Sealed<'_> {
    fn get(&self, profile: &str) -> Result<Option<Kept>, Trouble> {
        let Some(entries) = self.entries()? else { return Ok(None) };
        entries.get(profile).map_err(|why| Trouble::Failed(why.to_owned()))
    }

    fn put(&self, profile: &str, kept: &Kept) -> Result<(), Trouble> {
        self.change(&|entries| entries.put(profile, kept))
    }

    fn remove(&self, profile: &str) -> Result<bool, Trouble> {
        match self.entries()? {
            Some(entries) if entries.has(profile) => self.change(&|entries| entries.remove(profile)),
            _ => Ok(false),
        }
    }

    fn list(&self) -> Result<Option<Vec<String>>, Trouble> {
        Ok(Some(self.entries()?.map(|entries| entries.names()).unwrap_or_default()))
    }
}

fn derive(recipe: &Recipe, passphrase: &Secret) -> Result<Key, Trouble> {
    recipe.derive(passphrase).map_err(|why| Trouble::Failed(format!("no key can be made of the passphrase: {why}")))
}

/// The bytes of the file; `None` when there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    match file::read_private(path, LARGEST) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Trouble::Failed(format!("cannot read \"{}\": {error}", path.display()))),
    }
}

fn unreadable(path: &Path, refused: Refused) -> Trouble {
    damaged(
        path,
        match refused {
            Refused::NotSealed => "it is no sealed file, or damaged",
            Refused::Newer => "a later version of keyfob has written it",
            Refused::Absurd => "it asks for more memory or time than any file of keyfob's does",
        },
    )
}

fn damaged(path: &Path, why: &str) -> Trouble {
    Trouble::Failed(format!("cannot use \"{}\": {why}", path.display()))
}

fn unwritable(path: &Path, error: &io::Error) -> Trouble {
    Trouble::Failed(format!("cannot write \"{}\": {error}", path.display()))
}
