//! What Unix has of its own: modes, owners, and folders that can be locked and synced.
//!
//! Modes, owners and lengths are set by rustix, which calls the kernel itself: every function of the C library that is
//! called by name costs each start of the program a search for that name.

use rustix::fs::{Gid, Mode, OFlags, Uid, fchmod, fchown, ftruncate};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
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

/// Whether there is a process of this number.
pub(super) fn is_running(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
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

/// What takes the lock of a folder: the folder itself.
pub(super) fn open_lock_of(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// What changes when a file is replaced or written to.
pub(super) fn identity(metadata: &Metadata) -> impl PartialEq + use<> {
    let modified = (metadata.mtime(), metadata.mtime_nsec());
    (metadata.dev(), metadata.ino(), metadata.size(), modified)
}

/// Whether it has been written to since it has its place and its mode: what is renamed changes in another way after it is
/// written.
pub(super) fn is_written_in_place(metadata: &Metadata) -> bool {
    (metadata.mtime(), metadata.mtime_nsec()) == (metadata.ctime(), metadata.ctime_nsec())
}

pub(super) fn has_other_names(metadata: &Metadata) -> bool {
    metadata.nlink() > 1
}

/// Gives a new file the owner, the attributes and the mode of the one that it is to replace.
pub(super) fn dress(new: &File, original: &Path, metadata: &Metadata) -> io::Result<()> {
    let given = new.metadata()?;
    if (given.uid(), given.gid()) != (metadata.uid(), metadata.gid()) {
        give(new, (metadata.uid(), metadata.gid()))?;
    }
    #[cfg(target_os = "linux")]
    super::attributes::copy(&File::open(original)?, new)?;
    #[cfg(not(target_os = "linux"))]
    let _ = original;
    // The bits of a mode fit into the shortest of what the systems have for it.
    let bits = u16::try_from(metadata.mode() & 0o7777).unwrap_or(0o600);
    Ok(fchmod(new, Mode::from_raw_mode(bits.into()))?)
}

/// Under sudo, a new file belongs to whom its folder belongs to.
pub(super) fn adopt_file(new: &File, folder: &Path) -> io::Result<()> {
    owner_under_sudo(folder)?.map_or(Ok(()), |owner| give(new, owner))
}

/// Under sudo, a new folder belongs to whom the one above it belongs to.
pub(super) fn adopt_folder(new: &Path, above: &Path) -> io::Result<()> {
    owner_under_sudo(above)?.map_or(Ok(()), |owner| give(&File::open(new)?, owner))
}

pub(super) fn set_length(file: &File, length: u64) -> io::Result<()> {
    Ok(ftruncate(file, length)?)
}

fn give(file: &File, (user, group): (u32, u32)) -> io::Result<()> {
    Ok(fchown(file, Some(Uid::from_raw(user)), Some(Gid::from_raw(group)))?)
}

fn owner_under_sudo(folder: &Path) -> io::Result<Option<(u32, u32)>> {
    let metadata = fs::metadata(folder)?;
    let is_sudo = rustix::process::geteuid().is_root() && metadata.uid() != 0;
    Ok(is_sudo.then(|| (metadata.uid(), metadata.gid())))
}
