//! All profiles at once. To look them up one by one would go through both files for each.

use super::header::{Header, SectionKind};
use super::shared_file::{self, Named, Place, SharedFile};
use super::{FileKind, Profile, Profiles};
use crate::error::Error;
use std::collections::HashMap;

/// A profile among all.
#[derive(Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) name: &'a str,
    /// Its first header.
    pub(crate) place: Place<'a>,
    /// An error when a line of it cannot be read.
    pub(crate) profile: Result<Profile<'a>, Error>,
}

/// The sections of one profile, in either file.
#[derive(Default)]
struct Sections<'a> {
    in_config: Vec<Named<'a>>,
    in_credentials: Vec<Named<'a>>,
}

impl Profiles {
    /// Every profile, in the order of [`names`](Self::names).
    pub(crate) fn all(&self) -> Vec<Listed<'_>> {
        let mut sections = self.sections_by_name();
        let listed = |name| self.listed(name, sections.remove(name)?);
        self.names().into_iter().filter_map(listed).collect()
    }

    fn sections_by_name(&self) -> HashMap<&str, Sections<'_>> {
        let mut by_name: HashMap<&str, Sections<'_>> = HashMap::new();
        for file in self.files() {
            for (header, section) in file.understood() {
                if let Header::Section { kind: SectionKind::Profile, name, spelling } = header
                    && let Ok(name) = str::from_utf8(name)
                {
                    let Sections { in_config, in_credentials } = by_name.entry(name).or_default();
                    let of_file = if file.kind == FileKind::Config { in_config } else { in_credentials };
                    of_file.push(Named { section, spelling });
                }
            }
        }
        by_name
    }

    fn listed<'a>(&'a self, name: &'a str, sections: Sections<'a>) -> Option<Listed<'a>> {
        let Sections { mut in_config, in_credentials } = sections;
        shared_file::keep_counted(&mut in_config);
        let first = |file: &'a SharedFile, found: &[Named<'_>]| Some(file.place(found.first()?.section.at));
        let place = first(&self.config, &in_config).or_else(|| first(&self.credentials, &in_credentials))?;
        let profile = self.merged(name, &in_config, &in_credentials).transpose()?;
        Some(Listed { name, place, profile })
    }

    /// Counts the lines of both files, for those who ask about many places.
    pub(crate) fn lines(&self) -> Lines {
        Lines(self.files().map(SharedFile::line_ends))
    }
}

/// Where the lines of both files end, in bytes.
pub(crate) struct Lines([Vec<usize>; 2]);

impl Lines {
    /// What [`Place::line`] says, without a look at the file.
    pub(crate) fn line(&self, place: Place<'_>) -> usize {
        let [config, credentials] = &self.0;
        let ends = if place.file.kind == FileKind::Config { config } else { credentials };
        ends.partition_point(|end| *end < place.at) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_profiles_are_what_each_of_them_is() {
        let config = "[default]\nx = 1\n[profile a]\nx = 1\n\n[profile broken]\nnonsense\n[profile default]\ny = 2\n\
                      [profile 'two words']\n[profile a]\r\ny = 3\n";
        let credentials = "\n[two words]\nx = 4\n[no bare name]\n[b]\nx = 5\n[a]\nz = 6\n[b]\n";
        let profiles = Profiles::from_texts(config, credentials);
        let lines = profiles.lines();
        let all = profiles.all();
        let names: Vec<&str> = all.iter().map(|listed| listed.name).collect();
        assert_eq!(names, profiles.names());
        let numbers: Vec<usize> = all.iter().map(|listed| lines.line(listed.place)).collect();
        assert_eq!(numbers, [8, 3, 6, 10, 5]);
        for Listed { name, place, profile } in all {
            assert_eq!(lines.line(place), place.line(), "{name}");
            let said = |profile: Result<Option<Profile<'_>>, Error>| {
                profile.map(|profile| format!("{:?}", profile.expect(name).settings))
            };
            assert_eq!(said(profile.map(Some)), said(profiles.profile(name)), "{name}");
        }
    }
}
