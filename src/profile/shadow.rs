//! Lines of a profile that do not count, since others go before them: a key that stands in both files. Those of a kind
//! that the profile is not of are told by `chain`.

use super::kind;
use super::parse::Property;
use super::shared_file::{Place, SharedFile};
use super::{FileKind, Profile};
use std::fmt;

/// A line that does not count, and the one that goes before it. The keys are as they are spelled.
#[derive(Debug)]
pub(crate) struct Shadow<'a> {
    pub(crate) key: String,
    pub(crate) place: Place<'a>,
    pub(crate) by: String,
    pub(crate) by_place: Place<'a>,
}

impl fmt::Display for Shadow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, place: _, by, by_place } = self;
        write!(f, "{key} does not count, since ")?;
        if key.eq_ignore_ascii_case(by) {
            write!(f, "that of {by_place} goes before it")
        } else {
            write!(f, "{by} ({by_place}) goes before it")
        }
    }
}

/// An access key and its secret that stand in two files.
#[derive(Debug)]
pub(crate) struct SplitPair<'a> {
    id: Place<'a>,
    secret: Place<'a>,
}

impl fmt::Display for SplitPair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, secret } = self;
        write!(f, "its access key ({id}) and its secret ({secret}) stand in two files, which the AWS CLI refuses")
    }
}

impl<'a> Profile<'a> {
    /// What the config file says about credentials in vain, since the credentials file says otherwise.
    pub(crate) fn in_both_files(&self) -> Vec<Shadow<'a>> {
        let text = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
        let (of_config, of_credentials): (Vec<_>, Vec<_>) =
            self.settings.iter().partition(|(file, _)| file.kind == FileKind::Config);
        let shadow = |(file, property): &&(&'a SharedFile, Property<'a>)| {
            let is_about_credentials = kind::all_keys().any(|key| property.is(key));
            let (by_file, by) = of_credentials
                .iter()
                .rev()
                .find(|(_, other)| is_about_credentials && other.key.eq_ignore_ascii_case(property.key))?;
            Some(Shadow {
                key: text(property.key),
                place: file.place(property.at),
                by: text(by.key),
                by_place: by_file.place(by.at),
            })
        };
        of_config.iter().filter_map(shadow).collect()
    }

    /// The halves of a pair of keys, where they stand in two files. What only keyfob reads is none.
    pub(crate) fn split_pair(&self) -> Option<SplitPair<'a>> {
        let counts = |key: &str, property: &Property<'_>| property.is(key) && !property.value.is_empty();
        let place = |key: &str| {
            let (file, property) = self.settings.iter().rev().find(|(_, property)| counts(key, property))?;
            Some(file.place(property.at))
        };
        let (id, secret) = (place("aws_access_key_id")?, place("aws_secret_access_key")?);
        (id.file.kind != secret.file.kind).then_some(SplitPair { id, secret })
    }
}
