//! What a person is told where there is no profile of a name.

use super::header::{self, FileKind, SectionKind, SectionName};
use super::shared_file::Place;
use super::{Profiles, ways_to_begin};
use crate::error::{Error, Exit, some_of};
use crate::likeness;

impl Profiles {
    /// The error for a profile that is in neither file.
    pub(crate) fn no_such_profile(&self, name: &str) -> Error {
        let mut notes: Vec<String> = self.notes().map(str::to_owned).collect();
        let passed_over = self.passed_over(name);
        let cause = match &passed_over {
            Some((place, why)) => format!("{place}: {why}"),
            None if !self.names().is_empty() => {
                let (config, credentials) = (self.config.path.display(), self.credentials.path.display());
                format!("neither \"{config}\" nor \"{credentials}\" has it")
            }
            None if notes.is_empty() => format!("No profiles were defined in {}", self.places()),
            None => std::mem::take(&mut notes).join("; "),
        };
        // It may be what is left of the one that is missing.
        let also: Vec<String> = self.first_damage().into_iter().chain(notes).collect();
        let cause = if also.is_empty() { cause } else { format!("{cause}; also: {}", also.join("; ")) };
        let hint = passed_over.map_or_else(|| self.known_names(name), |(place, _)| self.other_header(name, place));
        Error::new(format!("no profile \"{name}\"")).cause(cause).hint(hint).exit(Exit::NoSuchProfile)
    }

    /// A hint at the names that could have been meant.
    pub(crate) fn known_names(&self, name: &str) -> String {
        const SHOWN: usize = 8;
        const LIKE_IT: usize = 3;
        let names = self.names();
        if names.is_empty() {
            return format!("make one: {}", ways_to_begin(name));
        }
        let there = format!("the profiles there: {}", some_of(&names, SHOWN, ", "));
        let meant: Vec<String> = likeness::meant(name, names.iter().copied())
            .iter()
            .take(LIKE_IT)
            .map(|name| format!("\"{name}\""))
            .collect();
        match meant.join(" or ") {
            meant if meant.is_empty() => there,
            meant if names.len() > SHOWN => format!("was {meant} meant? `keyfob profile list` shows all"),
            meant => format!("was {meant} meant? {there}"),
        }
    }

    /// The section that would be the profile if its header were another, and why it is none.
    fn passed_over(&self, name: &str) -> Option<(Place<'_>, &'static str)> {
        self.files().into_iter().find_map(|file| {
            file.sections().find_map(|section| {
                let why = header::why_passed_over(file.kind, section.header?, name.as_bytes())?;
                Some((file.place(section.at), why))
            })
        })
    }

    /// The header that would make a profile of it.
    fn other_header(&self, name: &str, place: Place<'_>) -> String {
        let section = SectionName { kind: SectionKind::Profile, name };
        let in_config = section.header(FileKind::Config).or_else(|| header::in_quotes(name));
        let own = if place.file.kind == FileKind::Config { in_config.clone() } else { section.header(place.file.kind) };
        match (own, in_config) {
            (Some(own), _) => format!("write [{own}] there"),
            (None, Some(other)) => format!("add [{other}] to \"{}\"", self.config.path.display()),
            (None, None) => SectionName::ADVICE.to_owned(),
        }
    }
}
