//! Files that belong to the user: read with care, and replaced without losing anything of them.
//!
//! Whoever replaces one holds the lock of its folder. No other program knows of that lock, so a file is looked at
//! again before it is replaced; and since the AWS CLI writes in place, it may be found in the middle of being written.

use super::{JUST_NOW, LARGEST_SHARED_FILE, LockFile, beside, changed_just_now, create_new, create_private_folder};
use super::{is_younger, platform, read_whole, sweep_abandoned};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{self, Path, PathBuf};
use std::thread;
use std::time::Duration;

/// The file that a path leads to through all symbolic links, even where it is yet to be made.
pub(crate) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    const MOST_LINKS: usize = 40;
    let mut path = path::absolute(path)?;
    for _ in 0..MOST_LINKS {
        match fs::canonicalize(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            followed => return followed,
        }
        let (folder, name) = parts(&path)?;
        match fs::read_link(&path) {
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(follow_links(folder)?.join(name)),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn parts(path: &Path) -> io::Result<(&Path, &Path)> {
    path.parent().zip(path.file_name().map(Path::new)).ok_or_else(|| ErrorKind::InvalidFilename.into())
}

/// Makes a folder and those above it where they are missing.
pub(crate) fn create_shared_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let (above, _) = parts(folder)?;
    create_shared_folder(above)?;
    create_private_folder(folder)?;
    platform::adopt_folder(folder, above)
}

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
    /// Empty where there is no file.
    pub(crate) bytes: Vec<u8>,
    metadata: Option<Metadata>,
}

impl Original {
    /// Reads a file through no more links. `None` when somebody writes it at this moment, which is told by three signs:
    /// it changes while it is looked at; it was written in place just now, and does so a moment later; or it was
    /// emptied just now, as the AWS CLI does before it writes.
    ///
    /// What was renamed into its place is whole, so that keyfob's own edits do not wait for one another.
    pub(crate) fn read(path: PathBuf) -> io::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        let file = match open(&path, options.read(true)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Some(Self { path, bytes: Vec::new(), metadata: None }));
            }
            opened => opened?,
        };
        let before = file.metadata()?;
        let bytes = read_whole(&file, LARGEST_SHARED_FILE)?;
        if bytes.is_empty() && is_younger(&before, EMPTY_FOR) {
            return Ok(None);
        }
        if platform::is_written_in_place(&before) && is_younger(&before, JUST_NOW) {
            thread::sleep(SECOND_LOOK);
        }
        let is_steady = platform::identity(&before) == platform::identity(&file.metadata()?);
        Ok(is_steady.then_some(Self { path, bytes, metadata: Some(before) }))
    }

    pub(crate) fn exists(&self) -> bool {
        self.metadata.is_some()
    }

    /// Whether somebody may be in the middle of writing it.
    pub(crate) fn changed_just_now(&self) -> bool {
        changed_just_now(&self.path)
    }

    /// Puts other bytes in the place of the file, or makes it. `false` when somebody was faster.
    ///
    /// Mode, owner and attributes stay. Where they could not, or a second name would be left with the old bytes,
    /// or the folder takes no new file, the file is written in place.
    pub(crate) fn replace(&self, bytes: &[u8]) -> io::Result<bool> {
        let Some(metadata) = &self.metadata else { return self.rename_over(bytes) };
        // What may not be written is not to be replaced either.
        open(&self.path, OpenOptions::new().write(true))?;
        if platform::has_other_names(metadata) {
            return self.rewrite(bytes);
        }
        match self.rename_over(bytes) {
            Err(error) if is_no_obstacle_in_place(&error) => self.rewrite(bytes),
            replaced => replaced,
        }
    }

    /// Takes the file away. `false` when somebody was faster.
    #[cfg(any(windows, test))]
    pub(crate) fn remove(&self) -> io::Result<bool> {
        let is_still_there = self.is_still_there()?;
        if is_still_there && self.exists() {
            fs::remove_file(&self.path)?;
        }
        Ok(is_still_there)
    }

    /// Finds out whether it could be written now, without changing it.
    pub(crate) fn try_replacing(&self) -> io::Result<()> {
        if self.exists() {
            return open(&self.path, OpenOptions::new().read(true).write(true)).map(drop);
        }
        let beside = beside(&self.path);
        create_new(&beside)?;
        fs::remove_file(&beside)
    }

    fn rename_over(&self, bytes: &[u8]) -> io::Result<bool> {
        let (folder, _) = parts(&self.path)?;
        let beside = beside(&self.path);
        let replaced = self.write_beside(&beside, folder, bytes).and_then(|()| {
            let is_still_there = self.is_still_there()?;
            if is_still_there {
                platform::rename(&beside, &self.path)?;
            }
            Ok(is_still_there)
        });
        if matches!(replaced, Ok(true)) {
            // The new bytes are in place. At worst a crash of the machine brings the old ones back, whole.
            let _ = platform::sync_folder(folder);
            sweep_abandoned(&self.path);
        } else {
            // The error to tell is the one above; what is left behind is swept up later.
            let _ = fs::remove_file(&beside);
        }
        replaced
    }

    fn write_beside(&self, beside: &Path, folder: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = create_new(beside)?;
        file.write_all(bytes)?;
        match &self.metadata {
            Some(metadata) => platform::dress(&file, &self.path, metadata)?,
            None => platform::adopt_file(&file, folder)?,
        }
        file.sync_all()
    }

    /// Whether nobody has written, replaced or made the file since it was read.
    fn is_still_there(&self) -> io::Result<bool> {
        let now = match fs::metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            found => Some(found?),
        };
        Ok(now.as_ref().map(platform::identity) == self.metadata.as_ref().map(platform::identity))
    }

    fn rewrite(&self, bytes: &[u8]) -> io::Result<bool> {
        let file = open(&self.path, OpenOptions::new().write(true))?;
        // The .NET SDK takes this lock. Where the system has none, nothing is waited for.
        let lock = LockFile::of(&file)?;
        if let Ok(false) = lock.wait_exclusive(PATIENCE) {
            return Err(ErrorKind::TimedOut.into());
        }
        let is_still_there = self.is_still_there()?;
        if is_still_there {
            overwrite(&file, self.bytes.len(), bytes)?;
        }
        Ok(is_still_there)
    }
}

/// For so long an empty file may be one that somebody has emptied to write it. If it is not, nothing is lost but time.
const EMPTY_FOR: Duration = Duration::from_secs(1);

/// After so long a file that is written piece by piece has got another one.
const SECOND_LOOK: Duration = Duration::from_millis(20);

/// How long to wait for another program that is writing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    platform::no_waiting(options);
    options.open(path)
}

/// Whether an error lies with the folder or the new file alone: the folder takes no new file, the file is mounted at
/// its place, or a new one would have another owner or other attributes.
fn is_no_obstacle_in_place(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
            | ErrorKind::Unsupported
    )
}

/// Writes in place. Room is made first, of line ends, which no reader minds: a full disk says so while the old
/// bytes are still whole.
fn overwrite(mut file: &File, length: usize, bytes: &[u8]) -> io::Result<()> {
    let more = bytes.len().saturating_sub(length);
    if more > 0 {
        file.seek(SeekFrom::End(0))?;
        let room = file.write_all(&vec![b'\n'; more]).and_then(|()| file.sync_all());
        if room.is_err() {
            // The error to tell is the one above.
            let _ = platform::set_length(file, length as u64);
        }
        room?;
    }
    file.rewind()?;
    // What the old text has more must not be left behind the new one, not even until it is cut off.
    let mut covering = bytes.to_vec();
    covering.resize(bytes.len().max(length), b'\n');
    file.write_all(&covering)?;
    // Room that cannot be given back is line ends, too.
    let _ = platform::set_length(file, bytes.len() as u64);
    file.sync_all()
}
