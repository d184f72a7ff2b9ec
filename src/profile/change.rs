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
    Unset(Vec<&'a str>),
    Remove,
}

impl<'a> Edit<'a> {
    /// Sets keys of a section; makes it where it is missing.
    pub(crate) fn set(section: SectionName<'a>, changes: Vec<Change<'a>>) -> Self {
        Self { section, what: What::Set(changes) }
    }

    /// Takes keys away where they are, nested settings and all.
    pub(crate) fn unset(section: SectionName<'a>, keys: Vec<&'a str>) -> Self {
        Self { section, what: What::Unset(keys) }
    }

    /// Takes a section away, wherever and however often it stands, with the comments that are about it.
    pub(crate) fn remove(section: SectionName<'a>) -> Self {
        Self { section, what: What::Remove }
    }
}

/// A key of a section, and the value that it is to have.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    pub(crate) key: &'a str,
    /// It may be a secret.
    pub(crate) value: &'a str,
}

impl Change<'_> {
    /// An error when some tool would read it otherwise. It does not show the value.
    pub(super) fn check(self) -> Result<(), Error> {
        let refused = |why| Error::new(format!("cannot write \"{}\" to a shared file", self.key)).cause(why);
        self.obstacle().map_or(Ok(()), |why| Err(refused(why)))
    }

    /// What some tool would read otherwise, in words that do not show the value; `None` where all read it alike.
    pub(crate) fn obstacle(self) -> Option<&'static str> {
        let Self { key, value } = self;
        // The AWS CLI ends a key at a colon, too.
        if !is_name(key.as_bytes()) || key.contains(':') {
            Some("the name has characters that names cannot have")
        } else if value.is_empty() {
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
            let error = Change { key, value }.check().expect_err("it must be refused");
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
            assert_eq!(Change { key: "x", value }.check(), Ok(()), "{value}");
        }
    }
}
