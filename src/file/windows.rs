//! What other systems than Unix do in its place.

#![expect(clippy::unnecessary_wraps, reason = "on Unix these can fail")]

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
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

/// Nobody asks here: a copy goes when it is old.
pub(super) fn is_running(_: u32) -> bool {
    true
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

/// What takes the lock of a folder: a file in it, since a folder cannot be locked.
pub(super) fn open_lock_of(folder: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(".keyfob.lock"))
}

/// What changes when a file is replaced or written to.
pub(super) fn identity(metadata: &Metadata) -> impl PartialEq + use<> {
    (metadata.len(), metadata.modified().ok())
}

/// Nothing tells it from what was renamed.
pub(super) fn is_written_in_place(_: &Metadata) -> bool {
    true
}

// Owners and access lists come from the folder.
pub(super) fn has_other_names(_: &Metadata) -> bool {
    false
}

pub(super) fn dress(_: &File, _: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn adopt_file(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn adopt_folder(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn set_length(file: &File, length: u64) -> io::Result<()> {
    file.set_len(length)
}
