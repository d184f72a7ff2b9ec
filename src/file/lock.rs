//! Locks that the kernel keeps: the death of a process frees them, in whatever way it died.

use super::{create_private_folder, open_private, platform};
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// An open file or folder that can be locked.
///
/// A file made for that stays, since removing it would let two processes lock two different files of one name.
#[derive(Debug)]
pub(crate) struct LockFile(File);

impl LockFile {
    /// Opens the file to lock, and makes it and its folder where they are missing.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        platform::private_from_birth(&mut options);
        match open_private(path, &mut options) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create_private_folder(path.parent().ok_or(error)?)?;
                open_private(path, &mut options)
            }
            opened => opened,
        }
        .map(Self)
    }

    /// The lock of a folder that others use, too; it leaves no trace there if the system allows.
    pub(crate) fn of_folder(folder: &Path) -> io::Result<Self> {
        platform::open_lock_of(folder).map(Self)
    }

    /// The lock of a file that is open already.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        file.try_clone().map(Self)
    }

    /// Takes the lock for this process alone, unless any other has it. Closing the file gives it back.
    pub(crate) fn try_exclusive(&self) -> io::Result<bool> {
        taken(self.0.try_lock())
    }

    /// Takes the lock for this process alone; `false` when patience ends first.
    pub(crate) fn wait_exclusive(&self, patience: Duration) -> io::Result<bool> {
        const PAUSE: Duration = Duration::from_millis(10);
        let began = Instant::now();
        loop {
            if self.try_exclusive()? {
                return Ok(true);
            }
            if began.elapsed() >= patience {
                return Ok(false);
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes the lock together with others that share it, unless one has it alone.
    pub(crate) fn try_shared(&self) -> io::Result<bool> {
        taken(self.0.try_lock_shared())
    }

    /// Gives the lock back. The one failure there is says that it was not held.
    pub(crate) fn unlock(&self) {
        let _ = self.0.unlock();
    }
}

fn taken(result: Result<(), TryLockError>) -> io::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
