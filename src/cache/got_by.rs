//! What keyfob has kept that was got by a sign-in to IAM Identity Center: credentials of roles, and listings.
//!
//! Each says by which one in a member `SignIn`, the name of the token's file: when the sign-in ends, no profile may lead
//! to them any more.

use super::{Entry, SsoEntry};
use crate::context::Vars;
use crate::file;
use crate::paths;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Forgets what was got by this sign-in, once nobody renews it; `None`: by any. Returns what could not be removed.
pub(crate) fn forget_got_by(sign_in: Option<&SsoEntry>, vars: &Vars) -> Vec<(PathBuf, io::Error)> {
    let Some(folder) = paths::cache_folder(vars) else { return Vec::new() };
    let paths = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_meant = |path: &Path| {
        let got_by = got_by(path);
        got_by.is_some_and(|name| sign_in.is_none_or(|sign_in| sign_in.name() == name))
    };
    let meant = paths.filter(|path| path.extension().is_some_and(|ending| ending == "json") && is_meant(path));
    meant.filter_map(|path| remove(&path, &folder).err().map(|error| (path, error))).collect()
}

/// The sign-in that a file names.
fn got_by(path: &Path) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Document {
        sign_in: String,
    }
    const LARGEST: u64 = 32 * 1024 * 1024;
    let document: Document = serde_json::from_slice(&file::read_private(path, LARGEST).ok()?).ok()?;
    Some(document.sign_in)
}

/// Listings are nobody's turn; credentials are somebody's.
fn remove(path: &Path, folder: &Path) -> io::Result<()> {
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some(hash) if !hash.contains('.') => Entry::named(folder, hash).remove(),
        _ => file::remove(path).map(drop),
    }
}
