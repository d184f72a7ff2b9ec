//! What would change in a shared file, as a unified diff without the secrets that stand around.
//!
//! The only door to diffy. Secrets are taken out before it sees the texts: what continues a value is told by the lines
//! above it, which a diff does not show.

use crate::secret::is_secret;
use diffy::DiffOptions;
use std::collections::HashMap;
use std::path::Path;

/// The differences between two texts of a file; empty where there are none.
pub(crate) fn unified(path: &Path, before: &[u8], after: &[u8]) -> String {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    if before == after {
        return String::new();
    }
    let path = path.display().to_string();
    let mut options = DiffOptions::new();
    options.set_original_filename(path.clone()).set_modified_filename(path);
    let (before, after) = (lines(&before), lines(&after));
    let (old, new) = (values(&before), values(&after));
    let is_changed = |secret: &Secret<'_>| old.get(secret).is_some_and(|value| new.get(secret) != Some(value));
    options.create_patch(&masked(&before, |_| false), &masked(&after, is_changed)).to_string()
}

/// Which secret: its section, its key, and how many of that key stand above it there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Secret<'a> {
    section: &'a str,
    key: String,
    number: usize,
}

/// A line; of a secret it shows so many bytes.
struct Line<'a> {
    text: &'a str,
    secret: Option<(usize, Secret<'a>)>,
}

impl<'a> Line<'a> {
    /// The line's end.
    fn end(&self) -> &'a str {
        &self.text[self.text.trim_end_matches(['\r', '\n']).len()..]
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut section = "";
    let mut counts: HashMap<(&str, String), usize> = HashMap::new();
    let mut last: Option<Secret<'_>> = None;
    for text in text.split_inclusive('\n') {
        let indent = text.len() - text.trim_start().len();
        // Some tools let a value go on below blank lines.
        let secret = if indent == text.len() {
            None
        } else if let Some(secret) = last.as_ref().filter(|_| indent > 0) {
            Some((indent, secret.clone()))
        } else {
            let is_header = text.starts_with('[');
            if is_header {
                section = text.trim_end();
            }
            let found = secret_key(text).filter(|_| !is_header).map(|(shown, key)| {
                let count = counts.entry((section, key.clone())).or_default();
                *count += 1;
                (shown, Secret { section, key, number: *count })
            });
            last = found.as_ref().map(|(_, secret)| secret.clone());
            found
        };
        lines.push(Line { text, secret });
    }
    lines
}

/// The key of a secret, in a comment too, and where it and its sign end. Some tools end a key at a colon.
fn secret_key(line: &str) -> Option<(usize, String)> {
    let sign = line.find(['=', ':'])?;
    let key = line[..sign].trim_start_matches(['#', ';', ' ', '\t']).trim_end().to_ascii_lowercase();
    is_secret(&key).then_some((sign + 1, key))
}

/// The values of all secrets, with what continues them.
fn values<'a>(lines: &[Line<'a>]) -> HashMap<Secret<'a>, String> {
    let mut values: HashMap<Secret<'a>, String> = HashMap::new();
    for line in lines {
        if let Some((shown, secret)) = &line.secret {
            let value = values.entry(secret.clone()).or_default();
            value.push_str(line.text[*shown..].trim());
            value.push('\n');
        }
    }
    values
}

/// The text with asterisks in the place of secrets.
fn masked<'a>(lines: &[Line<'a>], is_changed: impl Fn(&Secret<'a>) -> bool) -> String {
    let mut text = String::new();
    for line in lines {
        let Some((shown, secret)) = &line.secret else {
            text.push_str(line.text);
            continue;
        };
        let shown = &line.text[..*shown];
        let gap = if shown.trim().is_empty() { "" } else { " " };
        let stars = if is_changed(secret) { "*** (changed)" } else { "***" };
        text.extend([shown, gap, stars, line.end()]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown_wherever_they_stand() {
        let before = "[profile a]\n# aws_secret_access_key = hidden\nAWS_Secret_Access_Key=hidden=\n\
                      [profile b]\r\naws_session_token\t= hidden\r\nregion = eu-west-1";
        let after = before.replace("eu-west-1", "us-east-1") + "\nkeyfob_aws_security_token = hidden\n";
        assert_eq!(
            unified(Path::new("/h/config"), before.as_bytes(), after.as_bytes()),
            "--- /h/config\n+++ /h/config\n@@ -3,4 +3,5 @@\n AWS_Secret_Access_Key= ***\n [profile b]\r\n \
             aws_session_token\t= ***\r\n-region = eu-west-1\n\\ No newline at end of file\n+region = us-east-1\n\
             +keyfob_aws_security_token = ***\n"
        );
    }

    #[test]
    fn nothing_that_some_tool_takes_for_a_part_of_a_secret_is_shown() {
        for (before, shown) in [
            (
                "aws_secret_access_key =\n  hidden\n\n\thidden=\nx = 1",
                "aws_secret_access_key = ***\n  ***\n\n\t***\nx = 1",
            ),
            ("saml_password = hidden\n", "saml_password = ***\n"),
            ("[profile secret:x=y]\n", "[profile secret:x=y]\n"),
            ("aws_session_token: hidden\n", "aws_session_token: ***\n"),
            ("aws_session_token:hidden=\n # hidden\n", "aws_session_token: ***\n ***\n"),
            ("# aws_secret_access_key = hidden\n", "# aws_secret_access_key = ***\n"),
            ("s3 =\n  aws_security_token = hidden\n", "s3 =\n  aws_security_token = ***\n"),
        ] {
            assert_eq!(masked(&lines(before), |_| false), shown);
        }
    }

    #[test]
    fn a_secret_that_changes_is_said_to_and_not_shown() {
        let before = "[a]\naws_session_token = hidden\n  hidden\n[b]\naws_session_token = hidden\n";
        let after = before.replacen("  hidden", "  other", 1);
        assert_eq!(
            unified(Path::new("x"), before.as_bytes(), after.as_bytes()),
            "--- x\n+++ x\n@@ -1,5 +1,5 @@\n [a]\n-aws_session_token = ***\n-  ***\n\
             +aws_session_token = *** (changed)\n+  *** (changed)\n [b]\n aws_session_token = ***\n"
        );
    }

    #[test]
    fn texts_that_are_the_same_have_no_differences() {
        assert_eq!(unified(Path::new("x"), b"a\n", b"a\n"), "");
    }
}
