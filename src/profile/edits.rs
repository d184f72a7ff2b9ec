//! Edits of both shared files that belong together.

use super::edit::{Edited, edited};
use super::{Edit, FileKind, Written, path, save};
use crate::context::Vars;
use crate::diff;
use crate::error::Error;
use crate::file;
use std::path::{Path, PathBuf};

/// What is to change in which of the two files.
#[derive(Default)]
pub(crate) struct Edits<'a> {
    pub(crate) config: Vec<Edit<'a>>,
    pub(crate) credentials: Vec<Edit<'a>>,
}

impl<'a> Edits<'a> {
    pub(crate) fn of(&mut self, file: FileKind) -> &mut Vec<Edit<'a>> {
        match file {
            FileKind::Config => &mut self.config,
            FileKind::Credentials => &mut self.credentials,
        }
    }

    /// Makes them, the secrets first. Nothing is written unless all can be, as far as that can be known before.
    pub(crate) fn apply(&self, vars: &Vars) -> Result<Vec<Written>, Error> {
        let mut written = Vec::new();
        self.apply_in(FileKind::ALL, vars, &mut written)?;
        Ok(written)
    }

    /// The same in an order of one's own. What is done is in `written`, even when the rest fails.
    pub(crate) fn apply_in(&self, order: [FileKind; 2], vars: &Vars, written: &mut Vec<Written>) -> Result<(), Error> {
        self.rehearse(vars)?;
        for file in self.by_file(order, vars) {
            let applied = save::edit(file.kind, &file.path, |bytes| file.edited(bytes));
            written.push(applied.map_err(|error| half_done(error, written))?);
        }
        Ok(())
    }

    /// The error that [`Self::apply`] would end in, found out without changing anything.
    pub(crate) fn rehearse(&self, vars: &Vars) -> Result<(), Error> {
        let mut files = self.by_file(FileKind::ALL, vars).into_iter();
        files.try_for_each(|file| save::rehearse(file.kind, &file.path, |bytes| file.edited(bytes)))
    }

    /// The bytes of both files after them.
    #[cfg(test)]
    pub(crate) fn on(&self, config: &[u8], credentials: &[u8]) -> Result<[Vec<u8>; 2], Error> {
        let after = |file, bytes, edits| super::edit::edited(file, "file".as_ref(), bytes, edits);
        let config = after(FileKind::Config, config, &self.config)?;
        Ok([config.bytes, after(FileKind::Credentials, credentials, &self.credentials)?.bytes])
    }

    /// What they would change, as unified diffs without secrets; empty where nothing would.
    pub(crate) fn diff(&self, vars: &Vars) -> Result<String, Error> {
        let mut text = String::new();
        for file in self.by_file(FileKind::ALL, vars) {
            let preview = save::preview(file.kind, &file.path, |bytes| file.edited(bytes))?;
            text.push_str(&diff::unified(&preview.path, &preview.before, &preview.after));
        }
        Ok(text)
    }

    /// The files that have any. Two paths may lead to one file, which is then read and written once.
    fn by_file(&self, order: [FileKind; 2], vars: &Vars) -> Vec<OneFile<'_>> {
        let edits = order.map(|kind| match kind {
            FileKind::Config => (kind, &*self.config),
            FileKind::Credentials => (kind, &*self.credentials),
        });
        let mut files: Vec<OneFile<'_>> = Vec::new();
        for (kind, edits) in edits.into_iter().filter(|(_, edits)| !edits.is_empty()) {
            let path = path(vars, kind);
            match files.iter_mut().find(|file| is_one(&file.path, &path)) {
                Some(file) => {
                    file.kind = FileKind::Credentials;
                    file.edits.push((kind, edits));
                }
                None => files.push(OneFile { kind, path, edits: vec![(kind, edits)] }),
            }
        }
        files
    }
}

/// A file, and the edits of it in each of its roles.
struct OneFile<'e> {
    /// Its role; of two the one that holds secrets.
    kind: FileKind,
    path: PathBuf,
    edits: Vec<(FileKind, &'e [Edit<'e>])>,
}

impl OneFile<'_> {
    fn edited(&self, bytes: &[u8]) -> Result<Edited, Error> {
        let unchanged = Edited { bytes: bytes.to_vec(), warnings: Vec::new() };
        self.edits.iter().try_fold(unchanged, |Edited { bytes, mut warnings }, (kind, edits)| {
            let edited = edited(*kind, &self.path, &bytes, edits)?;
            warnings.extend(edited.warnings);
            // A person chose these values; what a sign-in writes has no choice.
            warnings.extend(edits.iter().flat_map(Edit::warnings));
            Ok(Edited { warnings, ..edited })
        })
    }
}

/// Whether two paths lead to one file.
pub(super) fn is_one(one: &Path, other: &Path) -> bool {
    let target = |path| file::follow_links(path).ok();
    target(one).is_some_and(|one| Some(one) == target(other))
}

/// A disk may fill up between one file and the next.
fn half_done(error: Error, written: &[Written]) -> Error {
    match written.iter().find(|written| written.changed) {
        Some(written) => {
            let path = written.path.display();
            let cause = error.cause.map(|cause| format!("{cause}; ")).unwrap_or_default();
            Error { cause: Some(format!("{cause}\"{path}\" has been changed already")), ..error }
        }
        None => error,
    }
}
