//! What may be written to a shared file: keys and values that every AWS tool reads alike.
//!
//! | tool | what it makes of a value |
//! |---|---|
//! | all SDKs but those for Python and .NET | cut it at a blank before `#` or `;` |
//! | the SDK for Go | takes the quotes off when it begins and ends with one |
//! | the SDK for JavaScript | drops an empty one |

use super::header::SectionName;
use super::parse::is_name;
use crate::error::Error;

/// One change of a shared file. Of several the later counts; new sections come in the order of their first edits.
pub(crate) struct Edit<'a> {
    pub(super) section: SectionName<'a>,
    pub(super) what: What<'a>,
}

/// What becomes of a section.
pub(super) enum What<'a> {
    Set(Vec<Change<'a>>),
    SetFirst(Vec<Change<'a>>),
    SetNested(&'a str, Vec<Change<'a>>),
    Unset(Vec<&'a str>),
    UnsetNested(&'a str, Vec<&'a str>),
    RenameKeys(Vec<(&'a str, &'a str)>),
    Rename(&'a str),
    Remove { keeps_comments: bool },
}

impl<'a> Edit<'a> {
    /// Sets keys of a section; makes it where it is missing.
    pub(crate) fn set(section: SectionName<'a>, changes: Vec<Change<'a>>) -> Self {
        Self { section, what: What::Set(changes) }
    }

    /// The same with new keys above all others of the section, where no other line is touched: to unset them leads back
    /// to the same bytes.
    pub(crate) fn set_first(section: SectionName<'a>, changes: Vec<Change<'a>>) -> Self {
        Self { section, what: What::SetFirst(changes) }
    }

    /// Takes keys away where they are, nested settings and all.
    pub(crate) fn unset(section: SectionName<'a>, keys: Vec<&'a str>) -> Self {
        Self { section, what: What::Unset(keys) }
    }

    /// Sets sub-properties of a nested block, as `s3 =` begins one; makes the block and the section where they are
    /// missing.
    pub(crate) fn set_nested(section: SectionName<'a>, block: &'a str, changes: Vec<Change<'a>>) -> Self {
        Self { section, what: What::SetNested(block, changes) }
    }

    /// Takes sub-properties of a nested block away where they are, and with the last of them the block.
    pub(crate) fn unset_nested(section: SectionName<'a>, block: &'a str, keys: Vec<&'a str>) -> Self {
        Self { section, what: What::UnsetNested(block, keys) }
    }

    /// Gives keys other names, in place and wherever they stand: values, comments and all other bytes of their lines
    /// stay.
    pub(crate) fn rename_keys(section: SectionName<'a>, names: Vec<(&'a str, &'a str)>) -> Self {
        Self { section, what: What::RenameKeys(names) }
    }

    /// Gives a section another name, which none may have yet: of its headers only the name changes.
    pub(crate) fn rename(section: SectionName<'a>, name: &'a str) -> Self {
        Self { section, what: What::Rename(name) }
    }

    /// Takes a section away, wherever and however often it stands, with the comments that are about it.
    pub(crate) fn remove(section: SectionName<'a>) -> Self {
        Self { section, what: What::Remove { keeps_comments: false } }
    }

    /// The same without the comments inside it, which stay.
    pub(crate) fn remove_but_comments(section: SectionName<'a>) -> Self {
        Self { section, what: What::Remove { keeps_comments: true } }
    }
}

/// A key of a section, and the value that it is to have.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    pub(crate) key: &'a str,
    /// It may be a secret.
    pub(crate) value: &'a str,
}

impl Edit<'_> {
    /// What some tool on some system will read otherwise all the same.
    pub(super) fn warnings(&self) -> impl Iterator<Item = String> {
        let (block, changes) = match &self.what {
            What::Set(changes) | What::SetFirst(changes) => ("", &**changes),
            What::SetNested(block, changes) => (*block, &**changes),
            _ => ("", &[][..]),
        };
        let dot = if block.is_empty() { "" } else { "." };
        let remarks = changes.iter().filter_map(|change| Some((change.key, change.remark()?)));
        remarks.map(move |(key, remark)| format!("\"{block}{dot}{key}\" of {}: {remark}", self.section))
    }
}

impl What<'_> {
    /// An error when some tool would read a key or a value otherwise. It does not show the value.
    pub(super) fn check(&self) -> Result<(), Error> {
        let refused = |name: &str, why| Err(Error::new(format!("cannot write \"{name}\" to a shared file")).cause(why));
        let found = match self {
            Self::Set(changes) | Self::SetFirst(changes) => {
                changes.iter().find_map(|change| Some((change.key.to_owned(), change.obstacle()?)))
            }
            Self::SetNested(block, changes) => {
                changes.iter().find_map(|change| Some((format!("{block}.{}", change.key), change.obstacle_in(block)?)))
            }
            Self::RenameKeys(names) => names.iter().find_map(|(_, to)| Some(((*to).to_owned(), obstacle_of_key(to)?))),
            Self::Unset(_) | Self::UnsetNested(..) | Self::Rename(_) | Self::Remove { .. } => None,
        };
        found.map_or(Ok(()), |(name, why)| refused(&name, why))
    }
}

impl Change<'_> {
    /// What some tool would read otherwise, in words that do not show the value; `None` where all read it alike.
    pub(crate) fn obstacle(self) -> Option<&'static str> {
        obstacle_of_key(self.key).or_else(|| obstacle_of_value(self.value))
    }

    /// The same for a sub-property of a nested block.
    pub(crate) fn obstacle_in(self, block: &str) -> Option<&'static str> {
        if [block, self.key].iter().any(|name| name.contains('.')) {
            return Some("settings are nested no deeper than name.name");
        }
        obstacle_of_key(block).or_else(|| self.obstacle())
    }

    /// What to know of a value that may be written, in words that do not show it.
    pub(crate) fn remark(self) -> Option<&'static str> {
        let remark = "the value has letters that are not ASCII, which the AWS CLI on Windows may read otherwise";
        (!self.value.is_ascii()).then_some(remark)
    }
}

fn obstacle_of_key(key: &str) -> Option<&'static str> {
    // The AWS CLI ends a key at a colon, too.
    let is_good = is_name(key.as_bytes()) && !key.contains(':');
    (!is_good).then_some("the name has characters that names cannot have")
}

fn obstacle_of_value(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("the value is empty")
    } else if value.contains(|letter: char| letter.is_control() && letter != '\t') {
        Some("the value holds a line break or another control character")
    } else if value.trim() != value {
        Some("the value begins or ends with a blank")
    } else if holds_comment(value) {
        Some("the value holds a blank and a comment sign, where many tools end it")
    } else if ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote)) {
        Some("the value begins and ends with a quote, which some tools take off")
    } else {
        None
    }
}

/// Whether a comment sign stands after a blank; there is one before the value.
fn holds_comment(value: &str) -> bool {
    let mut before = value.match_indices(['#', ';']).map(|(at, _)| &value[..at]);
    before.any(|before| before.is_empty() || before.ends_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_tool_would_read_otherwise_is_refused_without_showing_it() {
        for (key, value, why) in [
            ("x", "", "the value is empty"),
            ("x", "hidden\n[y]", "the value holds a line break or another control character"),
            ("x", "hidden\r", "the value holds a line break or another control character"),
            ("x", "hidden\0", "the value holds a line break or another control character"),
            ("x", " hidden", "the value begins or ends with a blank"),
            ("x", "hidden\t", "the value begins or ends with a blank"),
            ("x", "hidden\u{a0}", "the value begins or ends with a blank"),
            ("x", "hidden #1", "the value holds a blank and a comment sign, where many tools end it"),
            ("x", "hidden\t;", "the value holds a blank and a comment sign, where many tools end it"),
            ("x", "#hidden", "the value holds a blank and a comment sign, where many tools end it"),
            ("x", "\"hid\" \"den\"", "the value begins and ends with a quote, which some tools take off"),
            ("x", "'hidden'", "the value begins and ends with a quote, which some tools take off"),
            ("", "hidden", "the name has characters that names cannot have"),
            ("x y", "hidden", "the name has characters that names cannot have"),
            ("x=", "hidden", "the name has characters that names cannot have"),
            ("x:y", "hidden", "the name has characters that names cannot have"),
            ("[x]", "hidden", "the name has characters that names cannot have"),
        ] {
            let error = What::Set(vec![Change { key, value }]).check().expect_err("it must be refused");
            assert_eq!(error.cause.as_deref(), Some(why), "{key} = {value:?}");
            assert!(!error.to_string().contains("hid"), "{error}");
        }
    }

    #[test]
    fn what_all_tools_read_alike_may_be_written() {
        for value in [
            "1",
            "eu-west-1",
            "arn:aws:sts::123456789012:assumed-role/Admin/jane@example.com",
            "\"C:\\Program Files\\keyfob.exe\" process --profile dev",
            "https://d-1.awsapps.com/start/#/",
            "a;b##c=%d",
            "a\tb",
            "\"a\" 'b'",
            "größe",
        ] {
            assert_eq!(Change { key: "x", value }.obstacle(), None, "{value}");
        }
    }

    #[test]
    fn nested_settings_are_as_deep_as_all_tools_read_them() {
        let depth = "settings are nested no deeper than name.name";
        let name = "the name has characters that names cannot have";
        for (block, key, value, why) in [
            ("s3", "addressing_style", "path", None),
            ("s3", "x", "a b=c", None),
            ("s3", "a.b", "hidden", Some(depth)),
            ("a.b", "c", "hidden", Some(depth)),
            ("s 3", "x", "hidden", Some(name)),
            ("s3", "x y", "hidden", Some(name)),
            ("s3", "#x", "hidden", Some(name)),
            ("s3", "x=", "hidden", Some(name)),
            ("s3", "", "hidden", Some(name)),
            ("", "x", "hidden", Some(name)),
            ("s3", "x", "", Some("the value is empty")),
            ("s3", "x", "hidden ;", Some("the value holds a blank and a comment sign, where many tools end it")),
        ] {
            let checked = What::SetNested(block, vec![Change { key, value }]).check();
            let error = checked.err();
            assert_eq!(error.as_ref().and_then(|error| error.cause.as_deref()), why, "{block}.{key} = {value:?}");
            if let Some(error) = error {
                assert_eq!(error.message, format!("cannot write \"{block}.{key}\" to a shared file"));
                assert!(!error.to_string().contains("hid"), "{error}");
            }
        }
    }
}
