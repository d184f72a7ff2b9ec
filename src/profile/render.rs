//! The text of a section that is new, in the form that the AWS CLI gives it.
//!
//! ```text
//! [profile dev]
//! region = eu-west-1
//! ```

use super::Change;
use ini::{EscapePolicy, Ini, LineSeparator, Properties, WriteOption};

/// How lines end where there are no others yet.
pub(super) fn system_newline() -> &'static str {
    LineSeparator::SystemDefault.as_str()
}

/// A header and the keys below it: a pair of keys and their token first, then the others as they come.
pub(super) fn section(header: &str, changes: &[Change<'_>], newline: &str) -> Vec<u8> {
    const FIRST: [&str; 3] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];
    let mut changes = changes.to_vec();
    changes.sort_by_key(|change| FIRST.iter().position(|key| *key == change.key).unwrap_or(FIRST.len()));
    let mut ini = Ini::new();
    let section = ini.entry(Some(header.to_owned())).or_insert_with(Properties::new);
    for Change { key, value } in changes {
        section.insert(key, value);
    }
    let options = WriteOption {
        escape_policy: EscapePolicy::Nothing,
        line_separator: if newline == "\r\n" { LineSeparator::CRLF } else { LineSeparator::CR },
        kv_separator: " = ",
    };
    let mut text = Vec::new();
    ini.write_to_opt(&mut text, options).expect("a Vec takes all");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_section_is_written_as_the_aws_cli_writes_it() {
        let change = |key, value| Change { key, value };
        let token = change("aws_session_token", "T");
        let (id, secret) = (change("aws_access_key_id", "AK"), change("aws_secret_access_key", "a/b+c\\d=%"));
        for (header, changes, newline, text) in [
            ("profile dev", &[change("region", "r")] as &[_], "\n", "[profile dev]\nregion = r\n"),
            (
                "profile \"two words\"",
                &[change("z", "\"C:\\a b\" c"), change("a", "größe;#\t:")],
                "\r\n",
                "[profile \"two words\"]\r\nz = \"C:\\a b\" c\r\na = größe;#\t:\r\n",
            ),
            ("profile dev", &[], "\n", "[profile dev]\n"),
            (
                "default",
                &[change("region", "r"), token, secret, id],
                "\n",
                "[default]\naws_access_key_id = AK\naws_secret_access_key = a/b+c\\d=%\naws_session_token = T\nregion = r\n",
            ),
        ] {
            assert_eq!(String::from_utf8(section(header, changes, newline)).as_deref(), Ok(text));
        }
    }
}
