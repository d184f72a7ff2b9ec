//! Command lines that stand in a profile: how each is to be run.
//!
//! AWS's tools disagree about such lines: botocore splits them and uses no shell, all others hand them to one.
//! Where both would run the same thing, it is run directly; a line that means something to a shell goes to
//! the shell.

use std::path::Path;

/// How a line is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invocation {
    /// A program and its arguments.
    Direct(Vec<String>),
    /// For `sh -c`, or `cmd.exe /c`.
    Shell(String),
}

impl Invocation {
    pub(crate) fn parse(line: &str) -> Self {
        let words = if cfg!(windows) { split_windows(line) } else { split_posix(line) };
        words.map_or_else(|| Self::Shell(line.to_owned()), Self::Direct)
    }

    /// The program's name, which may be told; what else the line says may be secret.
    pub(crate) fn program(&self) -> &str {
        match self {
            Self::Direct(words) => &words[0],
            Self::Shell(line) => line.split_whitespace().next().filter(|word| is_plain_path(word)).unwrap_or("sh"),
        }
    }
}

/// What looks like a program and nothing else: `NAME=value program` would tell the value.
fn is_plain_path(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./\\:~".contains(&byte))
}

/// Splits as Python's `shlex` does. `None` when a shell would see more in the line than words.
fn split_posix(line: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        quoted => word.push(quoted),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '$' | '`' => return None,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            '$' | '`' | '\n' => return None,
                            other => word.extend(['\\', other]),
                        },
                        quoted => word.push(quoted),
                    }
                }
            }
            '\\' => match characters.next()? {
                '\n' => return None,
                escaped => word.get_or_insert_default().push(escaped),
            },
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '$' | '`' | '*' | '?' | '[' | '{' | '#' | '~' | '\n' | '\r' => {
                return None;
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    // `NAME=value program` sets a variable for a shell, and names a program for everybody else.
    let is_program = |word: &String| !word.is_empty() && !word.contains('=');
    words.first().is_some_and(is_program).then_some(words)
}

/// Splits by the rules of the Windows C runtime. `None` when cmd.exe would see more in the line than words.
fn split_windows(line: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut in_quotes = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' if !in_quotes => words.extend(word.take()),
            '|' | '&' | '<' | '>' | '^' | '%' if !in_quotes => return None,
            '"' => {
                in_quotes = !in_quotes;
                word.get_or_insert_default();
            }
            '\\' => {
                let mut run = 1;
                while characters.next_if_eq(&'\\').is_some() {
                    run += 1;
                }
                let before_quote = characters.peek() == Some(&'"');
                let word = word.get_or_insert_default();
                word.extend(std::iter::repeat_n('\\', if before_quote { run / 2 } else { run }));
                if before_quote && run % 2 == 1 {
                    characters.next();
                    word.push('"');
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    let is_batch_file = |word: &str| {
        let extension = Path::new(word).extension();
        extension
            .is_some_and(|extension| extension.eq_ignore_ascii_case("cmd") || extension.eq_ignore_ascii_case("bat"))
    };
    let is_program = |word: &String| !word.is_empty() && !is_batch_file(word);
    (!in_quotes && words.first().is_some_and(is_program)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "tables of what splitting returns read better so")]
    fn words<const N: usize>(words: [&str; N]) -> Option<Vec<String>> {
        Some(words.map(str::to_owned).into())
    }

    #[test]
    fn plain_lines_are_split_as_shlex_does() {
        for (line, expected) in [
            (
                r#""/opt/my tools/keyfob" process --profile "dev admin""#,
                words(["/opt/my tools/keyfob", "process", "--profile", "dev admin"]),
            ),
            ("keyfob process --profile 'dev admin'", words(["keyfob", "process", "--profile", "dev admin"])),
            (r"C:\x\y z", words(["C:xy", "z"])),
            (r#"a "b\"c" "d\e""#, words(["a", "b\"c", r"d\e"])),
            ("a '' \"\" b", words(["a", "", "", "b"])),
            (" a\tb ", words(["a", "b"])),
            (r"a\ b", words(["a b"])),
        ] {
            assert_eq!(split_posix(line), expected, "{line}");
        }
    }

    #[test]
    fn lines_that_mean_something_to_a_shell_go_to_the_shell() {
        for line in [
            "a | b",
            "a && b",
            "a; b",
            "a > b",
            "$HOME/a",
            "a \"$X\"",
            "a `b`",
            "a \"`b`\"",
            "~/a",
            "a *",
            "a # b",
            "a\nb",
            "X=1 a",
            "a 'b",
            "a \"b",
            "a \\",
            "",
            "''",
        ] {
            assert_eq!(split_posix(line), None, "{line:?}");
        }
    }

    #[test]
    fn windows_lines_are_split_by_the_c_runtimes_rules() {
        for (line, expected) in [
            (
                r#""/opt/my tools/keyfob" process --profile "dev admin""#,
                words(["/opt/my tools/keyfob", "process", "--profile", "dev admin"]),
            ),
            ("keyfob process --profile 'dev admin'", words(["keyfob", "process", "--profile", "'dev", "admin'"])),
            (r"C:\x\y z", words([r"C:\x\y", "z"])),
            (r#"a "b\"c" "d\e""#, words(["a", "b\"c", r"d\e"])),
            ("keyfob p # c", words(["keyfob", "p", "#", "c"])),
            (r#"a\\"b c""#, words([r"a\b c"])),
            (r#"a """#, words(["a", ""])),
            (r#"a "b"#, None),
            ("a & b", None),
            ("a %X%", None),
            ("a.cmd b", None),
        ] {
            assert_eq!(split_windows(line), expected, "{line}");
        }
    }
}
