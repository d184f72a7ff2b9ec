//! JSON as Python writes it, and so the AWS CLI: blanks after commas and colons, and nothing but ASCII. Names of files
//! are hashes of such texts.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// What `json.dumps` would make of it.
pub(super) fn render(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Python)).expect("texts and lists always serialize");
    String::from_utf8(text).expect("what is written is ASCII, or was text before")
}

struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        separate(writer, first)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if matches!(character, ' '..='~') {
                write!(writer, "{character}")?;
            } else {
                // Two of them where one has no room.
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

fn separate<W: ?Sized + Write>(writer: &mut W, first: bool) -> io::Result<()> {
    if first { Ok(()) } else { writer.write_all(b", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_those_of_pythons_json() {
        for (value, text) in [
            (json!({ "a": ["b", null, 1], "c": {} }), r#"{"a": ["b", null, 1], "c": {}}"#),
            (json!("\"\\/\n\r\t\u{8}\u{c}"), r#""\"\\/\n\r\t\b\f""#),
            (json!("\u{0}\u{1f}\u{7f}"), r#""\u0000\u001f\u007f""#),
            (json!("é\u{1f511}"), r#""\u00e9\ud83d\udd11""#),
        ] {
            assert_eq!(render(&value), text);
        }
    }
}
