//! Bytes from and to disk: reading what others wrote with care, writing what is ours privately and whole.

#[cfg(target_os = "linux")]
mod attributes;
mod lock;
mod shared;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

pub(crate) use lock::LockFile;
pub(crate) use platform::is_open_to_others;
pub(crate) use shared::{Original, PATIENCE, create_shared_folder, follow_links};
#[cfg(unix)]
use unix as platform;
#[cfg(not(unix))]
use windows as platform;

use platform::{
    is_ours, is_running, no_following, no_waiting, private_folder, private_from_birth, rename, sync_folder,
};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
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

/// Whether somebody may be in the middle of writing a file.
pub(crate) fn changed_just_now(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| is_younger(&metadata, JUST_NOW))
}

const JUST_NOW: Duration = Duration::from_millis(100);

fn is_younger(metadata: &Metadata, than: Duration) -> bool {
    metadata.modified().is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age < than))
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
    let written = write_irreplaceable(path, bytes);
    if written.is_err() {
        // The error to tell is the one above; what is left behind is swept up later.
        let _ = fs::remove_file(beside(path));
    }
    written
}

/// The same for what must not be lost: a copy that is whole and finds no way to its place stays beside it.
pub(crate) fn write_irreplaceable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_private_folder(path.parent().ok_or(io::ErrorKind::InvalidFilename)?)?;
    let beside = beside(path);
    if let Err(error) = write_new(&beside, bytes) {
        // As above.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    finish(&beside, path)
}

/// The same for what may be lost when the machine crashes: no disk is waited for.
pub(crate) fn write_expendable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_private_folder(path.parent().ok_or(io::ErrorKind::InvalidFilename)?)?;
    let beside = beside(path);
    let written = create_new(&beside).and_then(|mut file| file.write_all(bytes)).and_then(|()| rename(&beside, path));
    if written.is_err() {
        // As above.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Finds out whether `write_private` of so many bytes would do, without changing anything.
pub(crate) fn try_writing_beside(path: &Path, length: usize) -> io::Result<()> {
    create_private_folder(path.parent().ok_or(io::ErrorKind::InvalidFilename)?)?;
    let beside = beside(path);
    let written = write_new(&beside, &vec![b' '; length]);
    // The error to tell is the one above; what is left behind is swept up later.
    let _ = fs::remove_file(&beside);
    sweep_beside(path);
    written
}

/// Removes what killed processes left of one file: copies beside it that they did not finish.
pub(crate) fn sweep_beside(path: &Path) {
    for copy in unfinished_copies(path) {
        if age(&copy).is_some_and(|age| age > UNFINISHED_FOR) {
            let _ = fs::remove_file(copy);
        }
    }
}

/// The same at once for what processes left that are no more. For whoever has the lock of a file that nobody writes
/// without it: a copy of a killed process is no use to anyone, and may hold secrets.
fn sweep_abandoned(path: &Path) {
    sweep_beside(path);
    for copy in unfinished_copies(path) {
        if parts_of_copy(&copy).is_some_and(|(_, process)| !is_running(process)) {
            let _ = fs::remove_file(copy);
        }
    }
}

/// No process writes for that long.
pub(crate) const UNFINISHED_FOR: Duration = Duration::from_mins(5);

/// The unfinished copies end in this; they are named after the process that writes them.
pub(crate) const UNFINISHED: &str = ".tmp";

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}{UNFINISHED}", std::process::id()));
    PathBuf::from(name)
}

/// What processes that were killed while they wrote a file have left beside it.
pub(crate) fn unfinished_copies(path: &Path) -> impl Iterator<Item = PathBuf> {
    let name = path.file_name().unwrap_or_default().to_owned();
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    let beside = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    beside.filter(move |beside| original(beside).is_some_and(|original| original == name.as_encoded_bytes()))
}

/// Whether the name of a file is that of an unfinished copy.
pub(crate) fn is_unfinished(path: &Path) -> bool {
    original(path).is_some()
}

/// The name of the file whose unfinished copy this is, by its name: other files may end in `.tmp`, too.
fn original(copy: &Path) -> Option<&[u8]> {
    Some(parts_of_copy(copy)?.0)
}

/// The name of the file whose unfinished copy this is, and the number of the process that wrote it.
fn parts_of_copy(copy: &Path) -> Option<(&[u8], u32)> {
    let name = copy.file_name()?.as_encoded_bytes().strip_suffix(UNFINISHED.as_bytes())?;
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (original, process) = name.split_at(name.len() - digits);
    let original = original.strip_suffix(b".").filter(|original| !original.is_empty())?;
    Some((original, str::from_utf8(process).ok()?.parse().ok()?))
}

/// Puts an unfinished copy, which its process had written whole, in the place it was made for.
pub(crate) fn finish(copy: &Path, path: &Path) -> io::Result<()> {
    rename(copy, path)?;
    // The new bytes are in place. At worst a crash of the machine brings the old ones back, whole.
    let _ = path.parent().map(sync_folder);
    Ok(())
}

/// Removes a file; `false` when there was none.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn create_new(path: &Path) -> io::Result<File> {
    // Left by a process that had this number before and was killed while it wrote.
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private_from_birth(&mut options);
    options.open(path)
}

pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    private_folder(&mut builder);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_copies_are_told_by_their_names() {
        for (name, file) in [
            ("config.4711.tmp", Some("config")),
            ("0a1b.json.1.tmp", Some("0a1b.json")),
            ("config.tmp", None),
            ("config.old.tmp", None),
            ("config4711.tmp", None),
            ("config.4711", None),
            (".4711.tmp", None),
        ] {
            assert_eq!(original(Path::new(name)), file.map(str::as_bytes), "{name}");
        }
    }
}
