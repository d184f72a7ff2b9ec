//! Bytes from and to disk: reading what others wrote with care, writing what is ours privately and whole.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A user's file, as far as it can be read.
pub(crate) enum Read {
    Bytes(Vec<u8>),
    Missing,
    /// It is there and cannot be read; why.
    Refused(String),
}

/// Larger files are not what they claim to be.
const LARGEST_SHARED_FILE: u64 = 64 * 1024 * 1024;

/// Reads a file that belongs to the user. What is not a regular file is refused, never waited for.
pub(crate) fn read_shared(path: &Path) -> Read {
    let mut options = OpenOptions::new();
    options.read(true);
    no_waiting(&mut options);
    match options.open(path).and_then(|file| read_whole(&file, LARGEST_SHARED_FILE)) {
        Ok(bytes) => Read::Bytes(bytes),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Read::Missing,
        Err(error) => Read::Refused(error.to_string()),
    }
}

/// How long ago a file was changed last; `None` when nobody can tell.
pub(crate) fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Reads a file of our own: a regular one, not a link, that only we could have written.
pub(crate) fn read_private(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    read_whole(&open_private(path, &mut options)?, largest)
}

fn read_whole(file: &File, largest: u64) -> io::Result<Vec<u8>> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    if metadata.len() > largest {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    // One byte more than the file has, so that the second read already sees the end.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    file.take(largest).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    no_following(options);
    let file = options.open(path)?;
    if !is_ours(&file.metadata()?) {
        return Err(io::Error::other("not a private file of this user"));
    }
    Ok(file)
}

/// Writes a private file whole or not at all: beside its place, synced, then renamed over it.
///
/// The folder is made where it is missing.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    create_private_folder(folder)?;
    let beside = beside(path);
    let written = write_new(&beside, bytes).and_then(|()| rename(&beside, path));
    if written.is_err() {
        // The error to tell is the one above; what is left behind is swept up later.
        let _ = fs::remove_file(&beside);
    }
    written?;
    sync_folder(folder)
}

/// Finds out whether `write_private` of so many bytes would do, without changing anything.
pub(crate) fn try_writing_beside(path: &Path, length: usize) -> io::Result<()> {
    create_private_folder(path.parent().ok_or(io::ErrorKind::InvalidFilename)?)?;
    let beside = beside(path);
    let written = write_new(&beside, &vec![b' '; length]);
    // The error to tell is the one above; what is left behind is swept up later.
    let _ = fs::remove_file(&beside);
    written
}

/// The unfinished copies end in this; they are named after the process that writes them.
pub(crate) const UNFINISHED: &str = ".tmp";

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}{UNFINISHED}", std::process::id()));
    PathBuf::from(name)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Left by a process that had this number before and was killed while it wrote.
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private_from_birth(&mut options);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    private_folder(&mut builder);
    builder.create(folder)
}

/// A kernel lock on a file of its own. The death of a process frees it, in whatever way it died; the file
/// stays, since removing it would let two processes lock two different files of one name.
#[derive(Debug)]
pub(crate) struct LockFile(File);

impl LockFile {
    /// Opens the file to lock, and makes it and its folder where they are missing.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        private_from_birth(&mut options);
        match open_private(path, &mut options) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create_private_folder(path.parent().ok_or(error)?)?;
                open_private(path, &mut options)
            }
            opened => opened,
        }
        .map(Self)
    }

    /// Takes the lock for this process alone, unless any other has it. Closing the file gives it back.
    pub(crate) fn try_exclusive(&self) -> io::Result<bool> {
        taken(self.0.try_lock())
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

#[cfg(unix)]
mod platform {
    use rustix::fs::OFlags;
    use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    fn flags(flags: OFlags) -> i32 {
        flags.bits().cast_signed()
    }

    /// A pipe without a writer must not hold us up.
    pub(super) fn no_waiting(options: &mut OpenOptions) {
        options.custom_flags(flags(OFlags::NONBLOCK));
    }

    pub(super) fn no_following(options: &mut OpenOptions) {
        options.custom_flags(flags(OFlags::NONBLOCK | OFlags::NOFOLLOW));
    }

    pub(super) fn private_from_birth(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn private_folder(builder: &mut DirBuilder) {
        builder.mode(0o700);
    }

    /// Nobody else can have written it.
    pub(super) fn is_ours(metadata: &Metadata) -> bool {
        metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
    }

    /// Whether others can read it.
    pub(crate) fn is_open_to_others(metadata: &Metadata) -> bool {
        metadata.mode() & 0o077 != 0
    }

    pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs::{self, DirBuilder, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;
    use std::time::Duration;

    // A profile's folders are private to its user by their access lists, which new files inherit.
    pub(super) fn no_waiting(_: &mut OpenOptions) {}
    pub(super) fn no_following(_: &mut OpenOptions) {}
    pub(super) fn private_from_birth(_: &mut OpenOptions) {}
    pub(super) fn private_folder(_: &mut DirBuilder) {}

    pub(super) fn is_ours(_: &Metadata) -> bool {
        true
    }

    pub(crate) fn is_open_to_others(_: &Metadata) -> bool {
        false
    }

    /// A reader or a virus scanner that has the old file open makes the rename fail for a moment.
    pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
        const TRIES: u32 = 50;
        for _ in 1..TRIES {
            match fs::rename(from, to) {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                renamed => return renamed,
            }
        }
        fs::rename(from, to)
    }

    pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) use platform::is_open_to_others;
use platform::{is_ours, no_following, no_waiting, private_folder, private_from_birth, rename, sync_folder};
