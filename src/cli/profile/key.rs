//! Settings as a command line names them: `region`, and `s3.max_queue_size` in a nested block.

use crate::cli::changes::Changes;
use crate::error::Error;
use crate::profile::{FileKind, Profile, kind};
use crate::shell;
use crate::store::StoreName;
use std::fmt;

/// The name of a setting, in small letters as every SDK reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Plain(String),
    /// A sub-property, after the name of its block.
    Nested(String, String),
}

impl Key {
    /// An error when there is no such name.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let refused = |why| Error::usage(format!("\"{text}\" is no name of a setting")).cause(why);
        let key = text.to_ascii_lowercase();
        match key.split('.').collect::<Vec<_>>().as_slice() {
            [""] => Err(refused("it is empty")),
            [_] => Ok(Self::Plain(key)),
            ["", _] | [_, ""] => Err(refused("nothing stands beside its dot")),
            [block, key] => Ok(Self::Nested((*block).into(), (*key).into())),
            _ => Err(refused("settings are nested once at most, like s3.max_queue_size")),
        }
    }

    /// Whether a file has a line for it.
    pub(super) fn stands_in(&self, profile: &Profile<'_>, file: FileKind) -> bool {
        match self {
            Self::Plain(key) => profile.has(file, key),
            Self::Nested(block, key) => profile.has_nested_line(file, block, key),
        }
    }

    pub(super) fn unset(&self, file: FileKind, name: &str, changes: &mut Changes) {
        match self {
            Self::Plain(key) => changes.unset(file, name, key),
            Self::Nested(block, key) => changes.unset_nested(file, name, block, key),
        }
    }

    /// The same for keyfob alone: `keyfob_KEY`.
    pub(super) fn own(&self) -> Option<Self> {
        match self {
            Self::Plain(key) => Some(Self::Plain(format!("keyfob_{key}"))),
            Self::Nested(..) => None,
        }
    }

    pub(super) fn is(&self, name: &str) -> bool {
        matches!(self, Self::Plain(key) if key == name)
    }

    /// Whether it is a part of static keys, or says where they are.
    fn is_of_keys(&self) -> bool {
        kind::KEYS.iter().chain(&["keyfob_store", "keyfob_aws_access_key_id"]).any(|key| self.is(key))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(key) => f.write_str(key),
            Self::Nested(block, key) => write!(f, "{block}.{key}"),
        }
    }
}

/// Keys that are in a store change together, or not at all. A password does not come by naming its store.
pub(super) fn refuse_parts_of_kept_keys<'a>(
    profile: &Profile<'_>,
    keys: impl IntoIterator<Item = &'a Key>,
) -> Result<(), Error> {
    let Some(store) = profile.get("keyfob_store")? else { return Ok(()) };
    let is_known = StoreName::parse(&store.value).is_some();
    let is_saml = profile.is_saml()?;
    let is_part = |key: &&Key| {
        let names_store = key.is("keyfob_store");
        if is_saml { names_store && is_known } else { key.is_of_keys() && (is_known || !names_store) }
    };
    let Some(key) = keys.into_iter().find(is_part) else { return Ok(()) };
    let word = shell::word(&profile.name);
    let error = Error::new(format!("cannot change \"{key}\" of profile \"{}\"", profile.name));
    if is_saml {
        return Err(error.cause(format!("{}: its password is in a store", store.place)).hint(format!(
            "move it with `keyfob store move {word} --to STORE`, or keep another one with `keyfob profile set {word} \
             --store STORE`"
        )));
    }
    Err(error.cause(format!("{}: its keys are in a store", store.place)).hint(format!(
        "store others with `keyfob profile set {word} --access-key ID`, or take these out with \
             `keyfob store move {word} --to credentials`"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_or_nested_once() {
        for (text, key) in [
            ("region", Some(Key::Plain("region".into()))),
            ("Region", Some(Key::Plain("region".into()))),
            ("s3.Max_queue_size", Some(Key::Nested("s3".into(), "max_queue_size".into()))),
            ("", None),
            (".", None),
            ("s3.", None),
            (".x", None),
            ("a.b.c", None),
        ] {
            assert_eq!(Key::parse(text).ok(), key, "{text}");
        }
    }
}
