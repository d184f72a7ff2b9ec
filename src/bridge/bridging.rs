//! What has to change in a profile for it to be bridged, and not to be. Pure.
//!
//! Keys get other names where they are, in either file, and the line comes above all others: so nothing that stands
//! between, below or after them has to move, and the way back leads to the same bytes.

use crate::context::Vars;
use crate::error::Error;
use crate::profile::{Change, Edit, Edits, FileKind, Profile, SectionKind, SectionName, kind};
use crate::recursion;

/// The key of the line.
pub(crate) const LINE: &str = "credential_process";
/// Before the names of keys that only keyfob is to read.
const OWN: &str = "keyfob_";

/// What is to become of a profile.
#[derive(Debug)]
pub(crate) struct Bridging<'a> {
    profile: &'a str,
    renamed: Vec<Renamed>,
    set: Option<(FileKind, String)>,
    /// Where the line goes.
    unset: Option<FileKind>,
}

/// A key of a file, and what it is called from now on. However it is spelt there, so it stays.
#[derive(Debug)]
struct Renamed {
    file: FileKind,
    from: String,
    to: String,
}

/// The line of a bridge in a profile, and its file.
pub(crate) fn line_of<'a>(profile: &'a Profile<'_>, vars: &Vars) -> Option<(FileKind, &'a str)> {
    let line = |file| Some((file, profile.line(file, LINE)?));
    FileKind::ALL.into_iter().find_map(line).filter(|(_, line)| recursion::is_keyfob_for(line, &profile.name, vars))
}

impl<'a> Bridging<'a> {
    /// Makes every program come to keyfob by this line. What is a bridge already stays, whatever its line.
    ///
    /// An error when a key stands there twice, in ways that make different things of it.
    pub(crate) fn make(profile: &'a Profile<'_>, line: String, vars: &Vars) -> Result<Self, Error> {
        let bridge = line_of(profile, vars);
        let mut renamed = Vec::new();
        for file in FileKind::ALL {
            let is_bridge = |key: &str| key == LINE && bridge.is_some_and(|(of, _)| of == file);
            for key in kind::bridged_keys().into_iter().filter(|key| profile.has(file, key) && !is_bridge(key)) {
                let own = format!("{OWN}{key}");
                if FileKind::ALL.into_iter().any(|file| profile.has(file, &own)) {
                    return Err(twice(profile, key, &own));
                }
                renamed.push(Renamed { file, from: key.to_owned(), to: own });
            }
        }
        // Where a section is made or a last line gets its end, no way would lead back.
        let has_keys = |file: &FileKind| profile.keys(*file).next().is_some();
        let file = FileKind::ALL.into_iter().rev().find(has_keys).unwrap_or(FileKind::Config);
        let set = bridge.is_none().then_some((file, line));
        Ok(Self { profile: &profile.name, renamed, set, unset: None })
    }

    /// Gives an existing bridge another line.
    pub(crate) fn renew(profile: &'a Profile<'_>, file: FileKind, line: String) -> Self {
        Self { profile: &profile.name, renamed: Vec::new(), set: Some((file, line)), unset: None }
    }

    /// Makes a profile what it was.
    pub(crate) fn undo(profile: &'a Profile<'_>, vars: &Vars) -> Result<Self, Error> {
        let unset = line_of(profile, vars).map(|(file, _)| file);
        let mut renamed = Vec::new();
        for file in FileKind::ALL {
            for key in kind::bridged_keys() {
                let own = format!("{OWN}{key}");
                if !profile.has(file, &own) {
                    continue;
                }
                if FileKind::ALL.into_iter().any(|file| profile.has(file, key) && (key != LINE || unset != Some(file)))
                {
                    return Err(twice(profile, key, &own));
                }
                renamed.push(Renamed { file, from: own, to: key.to_owned() });
            }
        }
        Ok(Self { profile: &profile.name, renamed, set: None, unset })
    }

    pub(crate) fn are_none(&self) -> bool {
        let Self { profile: _, renamed, set, unset } = self;
        renamed.is_empty() && set.is_none() && unset.is_none()
    }

    /// Whether one of these keys gets another name.
    pub(crate) fn rename(&self, key: &str) -> bool {
        self.renamed.iter().any(|renamed| renamed.from == key)
    }

    /// The same for the files.
    pub(crate) fn edits(&self) -> Edits<'_> {
        let section = SectionName { kind: SectionKind::Profile, name: self.profile };
        let mut edits = Edits::default();
        if let Some(file) = self.unset {
            edits.of(file).push(Edit::unset(section, vec![LINE]));
        }
        for file in FileKind::ALL {
            let here = self.renamed.iter().filter(|renamed| renamed.file == file);
            let names: Vec<_> = here.map(|Renamed { from, to, .. }| (from.as_str(), to.as_str())).collect();
            if !names.is_empty() {
                edits.of(file).push(Edit::rename_keys(section, names));
            }
        }
        if let Some((file, line)) = &self.set {
            edits.of(*file).push(Edit::set_first(section, vec![Change { key: LINE, value: line }]));
        }
        edits
    }
}

fn twice(profile: &Profile<'_>, one: &str, other: &str) -> Error {
    Error::new(format!("cannot change profile \"{}\"", profile.name))
        .cause(format!("it has both {one} and {other}"))
        .hint(format!("to keep {one} alone: `keyfob profile unset {} {other}`", crate::shell::word(&profile.name)))
}

#[cfg(test)]
mod tests;
