//! Files of tokens that other tools share: replaced whole, recovered, and removed with all that belongs to them.
//!
//! Such a file may be a symbolic link. Beside it are copies that killed processes left unfinished, and keyfob's own
//! locks and notes.

use crate::file;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Larger files are no tokens.
const LARGEST: u64 = 64 * 1024;

/// The file itself, where the path is a symbolic link.
fn behind_links(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Replaces a file by means of `write`, and tidies up beside it. A symbolic link is written through.
pub(super) fn replace(path: &Path, text: &str, write: fn(&Path, &[u8]) -> io::Result<()>) -> io::Result<()> {
    let target = behind_links(path);
    write(&target, text.as_bytes())?;
    file::sweep_beside(&target);
    Ok(())
}

/// Whether a renewal could be written: found out before the old refresh token is spent.
pub(super) fn try_writing(path: &Path) -> io::Result<()> {
    /// What an answer may bring more than is there.
    const MORE: usize = 8 * 1024;
    let target = behind_links(path);
    let length = fs::metadata(&target).map_or(0, |metadata| metadata.len());
    file::try_writing_beside(&target, usize::try_from(length).unwrap_or(0) + MORE)
}

/// Puts in its place a renewal that a killed process had written whole, and had not put there: the refresh token in
/// the file is spent by then, and the next one is in that copy alone. `parse` takes nothing but a renewal of what is in
/// the file.
///
/// To be called under the lock of whoever renews it.
pub(super) fn finish_renewal<T>(path: &Path, parse: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    let target = behind_links(path);
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let newer = file::unfinished_copies(&target).filter(|copy| changed(copy) > changed(&target));
    let renewals = newer.filter_map(|copy| {
        let renewal = parse(&file::read_private(&copy, LARGEST).ok()?)?;
        Some((copy, renewal))
    });
    let (copy, renewal) = renewals.max_by_key(|(copy, _)| changed(copy))?;
    // Where it finds no way to its place, it is used from where it is.
    let _ = file::finish(&copy, &target);
    Some(renewal)
}

/// Removes a file with its unfinished copies, and the note that keyfob has beside it; `false` when there was none.
///
/// To be called under the lock of whoever renews it, which stays, as all locks do.
pub(super) fn remove(path: &Path, note: &Path) -> io::Result<bool> {
    // Behind a symbolic link the file itself is meant.
    let target = behind_links(path);
    let existed = file::remove(&target)?;
    file::remove(path)?;
    // They hold tokens, too.
    for copy in file::unfinished_copies(&target) {
        file::remove(&copy)?;
    }
    file::remove(note)?;
    Ok(existed)
}
