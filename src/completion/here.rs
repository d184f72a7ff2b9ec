//! The files and programs of this machine, for a shell that cannot be asked to find them itself.

use crate::context::Vars;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files that what is typed goes on to; folders end in a slash. What cannot be read is none.
pub(super) fn files(typed: &str, vars: &Vars) -> BTreeSet<String> {
    let found = files_in(typed, vars);
    // A shell takes the only word for a whole one, and goes on with a blank. A folder is not meant to end there.
    match found.first().filter(|only| found.len() == 1 && only.ends_with('/')) {
        Some(folder) => files_in(folder, vars).into_iter().chain([folder.clone()]).collect(),
        None => found,
    }
}

fn files_in(typed: &str, vars: &Vars) -> BTreeSet<String> {
    let (folder, begun) = typed.rfind('/').map_or(("", typed), |at| typed.split_at(at + 1));
    let place = match (folder.strip_prefix("~/"), vars.get("HOME")) {
        (Some(below), Some(home)) => Path::new(home).join(below),
        _ if folder.is_empty() => PathBuf::from("."),
        _ => PathBuf::from(folder),
    };
    let Ok(entries) = fs::read_dir(place) else { return BTreeSet::new() };
    let name = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        let is_hidden = name.starts_with('.') && !begun.starts_with('.');
        if is_hidden || !name.starts_with(begun) {
            return None;
        }
        let end = if entry.path().is_dir() { "/" } else { "" };
        Some(format!("{folder}{name}{end}"))
    };
    entries.flatten().filter_map(name).collect()
}

/// The programs that what is typed goes on to.
pub(super) fn programs(typed: &str, vars: &Vars) -> BTreeSet<String> {
    if typed.contains('/') {
        return files(typed, vars);
    }
    let folders = vars.os("PATH").map(std::env::split_paths).into_iter().flatten();
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok()).flat_map(Iterator::flatten);
    let name = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok().filter(|name| name.starts_with(typed))?;
        fs::metadata(entry.path()).is_ok_and(|about| is_program(&about)).then_some(name)
    };
    entries.filter_map(name).collect()
}

#[cfg(unix)]
fn is_program(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.is_file() && about.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(about: &fs::Metadata) -> bool {
    about.is_file()
}
