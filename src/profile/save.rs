//! Puts an edited text in the place of a shared file: whole or not at all, and upon nobody else's change.

use super::edit::Edited;
use super::header::FileKind;
use crate::error::Error;
use crate::file::{self, LockFile, Original};
use crate::terminal::Terminal;
use std::fs;
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
    /// What a person should know of the change.
    pub(crate) warnings: Vec<String>,
}

impl Written {
    /// Tells a person what there is to know of the change.
    pub(crate) fn warn(&self, terminal: &Terminal) {
        for warning in &self.warnings {
            terminal.warn(warning);
        }
    }
}

/// What a shared file says, and what it should.
pub(crate) struct Preview {
    pub(crate) path: PathBuf,
    /// Empty where there is no file yet.
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
}

/// Replaces a file by what an edit makes of its bytes, none where there is no file yet.
pub(super) fn edit(
    kind: FileKind,
    path: &Path,
    edit: impl Fn(&[u8]) -> Result<Edited, Error>,
) -> Result<Written, Error> {
    let failed = |error: io::Error| cannot_write(kind, path, &error);
    let target = file::follow_links(path).map_err(failed)?;
    let _turn = turn(&target).map_err(failed)?;
    patiently(path, |is_last| {
        let Some((original, new)) = edited(kind, path, &target, is_last, &edit)? else { return Ok(None) };
        let path = path.to_owned();
        if new.bytes == original.bytes {
            return Ok(Some(Written { path, changed: false, warnings: Vec::new() }));
        }
        // Else somebody was faster.
        let changed = original.replace(&new.bytes).map_err(failed)?;
        let mut warnings = new.warnings;
        warnings.extend(open_to_others(&path).filter(|_| kind == FileKind::Credentials));
        Ok(changed.then_some(Written { path, changed, warnings }))
    })
}

/// The AWS CLI's own words for a file that others can read.
pub(super) fn open_to_others(path: &Path) -> Option<String> {
    let is_open = fs::metadata(path).is_ok_and(|metadata| file::is_open_to_others(&metadata));
    let path = path.display();
    is_open.then(|| format!("The file '{path}' is accessible by other users. Consider running 'chmod 600 {path}'"))
}

/// What an edit would make of a file.
pub(super) fn preview(
    kind: FileKind,
    path: &Path,
    edit: impl Fn(&[u8]) -> Result<Edited, Error>,
) -> Result<Preview, Error> {
    let target = file::follow_links(path).map_err(|error| cannot_write(kind, path, &error))?;
    let preview = |(original, edited): (Original, Edited)| Preview {
        path: path.to_owned(),
        before: original.bytes,
        after: edited.bytes,
    };
    patiently(path, |is_last| Ok(edited(kind, path, &target, is_last, &edit)?.map(preview)))
}

/// Tries again until something is done, or nobody can be waited for any longer. The last try is told that it is.
fn patiently<T>(path: &Path, mut attempt: impl FnMut(bool) -> Result<Option<T>, Error>) -> Result<T, Error> {
    // Longer than a file that was emptied just now is waited for.
    const TRIES: u32 = 24;
    const PAUSE: Duration = Duration::from_millis(50);
    for left in (0..TRIES).rev() {
        if let Some(done) = attempt(left == 0)? {
            return Ok(done);
        }
        thread::sleep(PAUSE);
    }
    Err(cannot(path).cause("another program keeps writing it").hint("try again when that has ended"))
}

/// A file, and its bytes edited. `None` while somebody may be in the middle of writing it.
fn edited(
    kind: FileKind,
    path: &Path,
    target: &Path,
    is_last: bool,
    edit: impl Fn(&[u8]) -> Result<Edited, Error>,
) -> Result<Option<(Original, Edited)>, Error> {
    let read = Original::read(target.to_owned()).map_err(|error| cannot_write(kind, path, &error))?;
    let Some(original) = read else { return Ok(None) };
    match edit(&original.bytes) {
        Ok(new) => Ok(Some((original, new))),
        // Half a file may be all that is wrong with it.
        Err(_) if !is_last && original.changed_just_now() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Finds out whether an edit could be made now, without making it.
pub(super) fn rehearse(
    kind: FileKind,
    path: &Path,
    edit: impl Fn(&[u8]) -> Result<Edited, Error>,
) -> Result<(), Error> {
    let target = ready(kind, path)?;
    patiently(path, |is_last| match edited(kind, path, &target, is_last, &edit)? {
        Some((original, new)) if new.bytes != original.bytes => try_replacing(kind, path, &original).map(Some),
        found => Ok(found.map(drop)),
    })
}

/// Finds out whether anything at all could be changed now.
pub(super) fn refuse_unwritable(kind: FileKind, path: &Path) -> Result<(), Error> {
    let target = ready(kind, path)?;
    // Whoever is writing it at this moment can.
    let read = Original::read(target).map_err(|error| cannot_write(kind, path, &error))?;
    read.map_or(Ok(()), |original| try_replacing(kind, path, &original))
}

/// Where a file is, with a folder around it.
fn ready(kind: FileKind, path: &Path) -> Result<PathBuf, Error> {
    let failed = |error: io::Error| cannot_write(kind, path, &error);
    let target = file::follow_links(path).map_err(failed)?;
    file::create_shared_folder(target.parent().unwrap_or(&target)).map_err(failed)?;
    Ok(target)
}

fn try_replacing(kind: FileKind, path: &Path, original: &Original) -> Result<(), Error> {
    original.try_replacing().map_err(|error| cannot_write(kind, path, &error))
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
