//! Puts an edited text in the place of a shared file: whole or not at all, and upon nobody else's change.

use super::header::FileKind;
use crate::error::Error;
use crate::file::{self, LockFile, Original};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// A shared file that says now what it should.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) path: PathBuf,
    /// `false` when it did before.
    pub(crate) changed: bool,
}

/// Replaces a file by what an edit makes of its bytes, none where there is no file yet.
pub(super) fn edit(
    kind: FileKind,
    path: &Path,
    edit: impl Fn(&[u8]) -> Result<Vec<u8>, Error>,
) -> Result<Written, Error> {
    const TRIES: u32 = 6;
    const PAUSE: Duration = Duration::from_millis(50);
    let failed = |error: io::Error| cannot_write(kind, path, &error);
    let target = file::follow_links(path).map_err(failed)?;
    let _turn = turn(&target).map_err(failed)?;
    for left in (0..TRIES).rev() {
        if let Some(original) = Original::read(target.clone()).map_err(failed)? {
            match edit(&original.bytes) {
                // Half a file may be all that is wrong with it.
                Err(_) if left > 0 && original.changed_just_now() => {}
                Err(error) => return Err(error),
                Ok(new) if original.exists() && new == original.bytes => {
                    return Ok(Written { path: path.to_owned(), changed: false });
                }
                Ok(new) if original.replace(&new).map_err(failed)? => {
                    return Ok(Written { path: path.to_owned(), changed: true });
                }
                // Somebody was faster.
                Ok(_) => {}
            }
        }
        thread::sleep(PAUSE);
    }
    Err(cannot(path).cause("another program keeps writing it").hint("try again when that has ended"))
}

/// Finds out whether an edit could be made now, without making it.
pub(super) fn rehearse(
    kind: FileKind,
    path: &Path,
    edit: impl Fn(&[u8]) -> Result<Vec<u8>, Error>,
) -> Result<(), Error> {
    let failed = |error: io::Error| cannot_write(kind, path, &error);
    let target = file::follow_links(path).map_err(failed)?;
    file::create_shared_folder(target.parent().unwrap_or(&target)).map_err(failed)?;
    // One that is being written at this moment will be read again when it matters.
    let Some(original) = Original::read(target).map_err(failed)? else { return Ok(()) };
    edit(&original.bytes)?;
    original.try_replacing().map_err(failed)
}

/// Waits for the turn of this process in the file's folder, which is made where it is missing. Some file systems
/// have no locks; there nothing is waited for.
fn turn(target: &Path) -> io::Result<Option<LockFile>> {
    let folder = target.parent().ok_or(ErrorKind::InvalidFilename)?;
    file::create_shared_folder(folder)?;
    let Ok(lock) = LockFile::of_folder(folder) else { return Ok(None) };
    match lock.wait_exclusive(file::PATIENCE) {
        Ok(true) => Ok(Some(lock)),
        Ok(false) => Err(ErrorKind::TimedOut.into()),
        Err(_) => Ok(None),
    }
}

fn cannot(path: &Path) -> Error {
    Error::new(format!("cannot write \"{}\"", path.display()))
}

fn cannot_write(kind: FileKind, path: &Path, error: &io::Error) -> Error {
    let variable = kind.variable();
    match error.kind() {
        ErrorKind::TimedOut => cannot(path)
            .cause("another program has held its lock for too long")
            .hint("look for a stopped keyfob with `ps`, and end it"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            cannot(path).cause(error.to_string()).hint("make room on that disk")
        }
        _ => cannot(path)
            .cause(error.to_string())
            .hint(format!("make it a file that can be written, or name another one in {variable}")),
    }
}
