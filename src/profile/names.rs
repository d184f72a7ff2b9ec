//! The names of all profiles, for lists and for completion at every press of a key: nothing but headers is read.

use super::Profiles;
use super::header::{Header, SectionKind, Spelling};
use super::parse;
use super::shared_file::SharedFile;
use crate::context::Vars;
use foldhash::fast::FixedState;
use std::collections::HashSet;

/// The profile that is meant where nobody names one.
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// The profile that a variable names.
pub(crate) fn named_by_vars(vars: &Vars) -> Option<&str> {
    vars.get("AWS_PROFILE").or_else(|| vars.get("AWS_DEFAULT_PROFILE"))
}

impl Profiles {
    /// The names of all profiles: those of the config file in its order, then the others.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.names_and_form().0.into_iter().filter_map(|name| str::from_utf8(name).ok()).collect()
    }

    /// The same, one in a line. `form` makes a line of a name that needed quotes, of which anything may be a part.
    pub(crate) fn name_lines(&self, form: impl Fn(&str) -> String) -> String {
        let (names, are_plain) = self.names_and_form();
        let mut lines = Vec::with_capacity(names.iter().map(|name| name.len() + 1).sum());
        for name in names {
            if are_plain {
                lines.extend_from_slice(name);
            } else if let Ok(name) = str::from_utf8(name) {
                lines.extend(form(name).into_bytes());
            } else {
                continue;
            }
            lines.push(b'\n');
        }
        String::from_utf8(lines).unwrap_or_default()
    }

    /// Each name once, and whether all of them can be written without quotes.
    fn names_and_form(&self) -> (Vec<&[u8]>, bool) {
        let most = self.files().into_iter().map(SharedFile::count_headers).sum();
        let mut names: Vec<&[u8]> = Vec::with_capacity(most);
        let mut seen = HashSet::with_capacity_and_hasher(most, FixedState::default());
        let mut are_plain = true;
        for file in self.files() {
            for header in file.headers_at_a_glance() {
                if let Header::Section { kind: SectionKind::Profile, name, spelling } = header
                    && spelling != Spelling::Spaced
                    && seen.insert(name)
                {
                    names.push(name);
                    are_plain &= spelling != Spelling::Quoted;
                }
            }
        }
        (names, are_plain)
    }
}

impl SharedFile {
    /// Every header. Nearly all are `[profile NAME]` and the end of their line, which takes a glance.
    fn headers_at_a_glance(&self) -> impl Iterator<Item = Header<'_>> {
        let prefix = self.kind.profile_prefix();
        self.headers.iter().enumerate().filter_map(move |(number, bracket)| {
            let inner = &self.text[*bracket as usize + 1..];
            if let Some(name) = inner.strip_prefix(prefix.as_bytes()).and_then(parse::name_in_brackets) {
                return Some(Header::Section { kind: SectionKind::Profile, name, spelling: Spelling::Plain });
            }
            let header = parse::section(&self.text, &self.headers, number).header?;
            Some(Header::parse(self.kind, header))
        })
    }

    fn count_headers(&self) -> usize {
        self.headers.len()
    }
}
