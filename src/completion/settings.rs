//! The settings of a profile that a person may set on a command line, and what kind of value each takes.

use super::entry::Entry;

const TEXT: &str = include_str!("settings.txt");

/// Before the names of settings that nobody but keyfob is to read.
pub(super) const OWN: &str = "keyfob_";

pub(super) fn all() -> impl Iterator<Item = Entry> {
    lines(2)
}

/// Those that keyfob reads.
pub(super) fn of_keyfob() -> impl Iterator<Item = Entry> {
    lines(1)
}

/// The settings of so many blocks behind the first, which says what the text is.
fn lines(blocks: usize) -> impl Iterator<Item = Entry> {
    TEXT.split("\n\n").skip(1).take(blocks).flat_map(str::lines).map(Entry::parse)
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::*;
    use crate::profile::kind;
    use crate::saml::Way;
    use crate::secret::is_secret;

    #[test]
    fn every_setting_of_a_kind_of_profiles_is_there_but_no_secret() {
        let is_there = |key: &str| all().any(|setting| setting.name == key);
        for key in kind::all_keys() {
            assert_eq!(is_there(key), !is_secret(key), "{key}");
        }
        assert!(!all().any(|setting| is_secret(setting.name)));
    }

    #[test]
    fn every_setting_has_a_kind_that_is_known_and_a_description() {
        for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (_, rest) = line.split_once(" = ").expect(line);
            let (kind, _) = rest.split_once(": ").expect(line);
            assert!(Kind::named(kind).is_some(), "{line}");
        }
    }

    #[test]
    fn the_ways_of_signing_in_are_known() {
        let way = all().find(|setting| setting.name == "saml_authentication").expect("it is there");
        let Some(Kind::OneOf(ways)) = way.kind else { panic!("it takes one of a few") };
        assert!(ways.split('|').all(|way| Way::parse(way).is_some()));
        assert_eq!(Way::ALL.replace(" and ", ", "), ways.replace('|', ", "));
    }
}
