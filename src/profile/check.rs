//! What a person should know about the shared files: lines that are broken, ignored, or read differently by
//! other AWS tools. Nobody asks for this on the way to credentials.

mod body;
mod headers;

use super::parse::Damage;
use super::shared_file::SharedFile;
use super::{FileKind, Profiles, save};
use std::collections::HashSet;
use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Something is not read at all.
    Unread,
    /// Something is passed over, or some tool refuses it.
    Doubtful,
    /// Some other tool reads it in its own way.
    Portability,
}

/// One line of advice, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Profiles {
    /// Everything in both files that deserves a word.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for file in self.files() {
            findings.extend(file.notes.iter().cloned().map(|text| Finding { weight: Weight::Unread, text }));
            let of_lines = Check { profiles: self, file, found: Vec::new(), holds_secrets: false };
            findings.extend(of_lines.findings());
        }
        findings
    }

    /// The same without what only a person wants to know who goes through the files line by line.
    pub(crate) fn warnings(&self) -> Vec<Finding> {
        let mut findings = self.findings();
        findings.retain(|finding| finding.weight != Weight::Portability);
        findings
    }
}

struct Check<'a> {
    profiles: &'a Profiles,
    file: &'a SharedFile,
    found: Vec<Found>,
    holds_secrets: bool,
}

struct Found {
    weight: Weight,
    /// Where in the file, in bytes.
    at: usize,
    /// What follows `PATH:LINE:`.
    what: String,
}

impl Check<'_> {
    /// What was found, in the order of the lines, which are counted in one pass: of a large file every section
    /// may deserve a word.
    fn findings(mut self) -> Vec<Finding> {
        self.sections();
        self.comments();
        self.found.sort_by_key(|found| found.at);
        let (mut counted, mut line) = (0, 1);
        let mut finding = |Found { weight, at, what }: Found| {
            line += self.file.text[counted..at].split(|byte| *byte == b'\n').count() - 1;
            counted = at;
            Finding { weight, text: format!("{}:{line}:{what}", self.file.path.display()) }
        };
        let is_private = self.file.kind == FileKind::Credentials || self.holds_secrets;
        let open = is_private.then(|| save::open_to_others(&self.file.path)).flatten();
        let open = open.map(|text| Finding { weight: Weight::Doubtful, text });
        open.into_iter().chain(self.found.into_iter().map(&mut finding)).collect()
    }

    fn sections(&mut self) {
        let mut seen = HashSet::new();
        for section in self.file.sections() {
            if let Some(damage) = section.damage {
                self.damage(damage);
            }
            if let Some(text) = section.header {
                let kind = self.header(text, &section, &mut seen);
                self.body(&section, kind);
            }
        }
    }

    fn damage(&mut self, damage: Damage) {
        let what = self.file.describe_in_line(damage);
        self.found.push(Found { weight: Weight::Unread, at: damage.at, what });
    }

    fn warn(&mut self, at: usize, what: &str) {
        self.found.push(Found { weight: Weight::Doubtful, at, what: format!(" {what}") });
    }

    /// Tells of something that only some other tool reads in its own way.
    fn remark(&mut self, at: usize, what: &str) {
        self.found.push(Found { weight: Weight::Portability, at, what: format!(" {what}") });
    }
}
