//! The one error for people: what failed, why, and what to do next.

use std::fmt;

/// A failure, as it is told to a person.
///
/// ```text
/// keyfob: cannot get credentials for profile "dev"
///   cause: no such file: "/run/token"
///   hint: run `keyfob explain dev`
/// ```
///
/// Nothing in it may hold a secret: callers and logs show it. Control characters are shown escaped, since
/// parts of the text come from files and from the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub(crate) message: String,
    pub(crate) cause: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) exit: Exit,
    /// What could be done all the same: the answer, as far as there is one.
    pub(crate) output: String,
}

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something failed.
    Failed = 1,
    /// The arguments were wrong.
    Usage = 2,
    /// A person has to sign in first.
    SignInNeeded = 3,
    /// There is no profile of that name.
    NoSuchProfile = 4,
    /// A command was found and could not be run, as shells say it.
    NotExecutable = 126,
    /// A command was not found, as shells say it.
    NotFound = 127,
    /// Ended by Ctrl-C.
    Interrupted = 130,
}

impl Exit {
    pub(crate) fn from_code(code: u8) -> Self {
        [Self::Usage, Self::SignInNeeded, Self::NoSuchProfile, Self::Interrupted]
            .into_iter()
            .find(|exit| *exit as u8 == code)
            .unwrap_or(Self::Failed)
    }
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), cause: None, hint: None, exit: Exit::Failed, output: String::new() }
    }

    /// Wrong arguments.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(message).exit(Exit::Usage)
    }

    pub(crate) fn cause(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(crate) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// The same for a command that has a part of its answer.
    pub(crate) fn beside(self, output: String) -> Self {
        Self { output, ..self }
    }

    /// What goes to standard output, before the words.
    #[must_use]
    pub fn output(&self) -> &str {
        &self.output
    }

    /// The process's exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.exit as u8
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keyfob: {}", Printable(&self.message))?;
        if let Some(cause) = &self.cause {
            write!(f, "\n  cause: {}", Printable(cause))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", Printable(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Text that came from a file or the network, safe for a terminal: control characters and those that
/// reorder text are shown as `\u{…}`.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if is_unprintable(character) {
                write!(f, "{}", character.escape_unicode())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

/// As many of several texts as fit, and how many more there are.
pub(crate) fn some_of<T: AsRef<str>>(texts: &[T], most: usize, between: &str) -> String {
    let shown: Vec<&str> = texts.iter().take(most).map(AsRef::as_ref).collect();
    match texts.len() - shown.len() {
        0 => shown.join(between),
        more => format!("{}{between}and {more} more", shown.join(between)),
    }
}

/// Whether a text is shown as it is.
pub(crate) fn is_printable(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~');
    text.bytes().all(is_plain) || !text.chars().any(is_unprintable)
}

/// Whether a character would do something to a terminal, or to the order of the others.
pub(crate) fn is_unprintable(character: char) -> bool {
    let reorders_text =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || reorders_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_what_why_and_what_next() {
        let error = Error::new("cannot read a").cause("b").hint("run `c`");
        assert_eq!(error.to_string(), "keyfob: cannot read a\n  cause: b\n  hint: run `c`");
        assert_eq!(error.exit_code(), 1);
    }

    #[test]
    fn of_many_a_few_are_named() {
        for (texts, shown) in [(&["a", "b"][..], "a, b"), (&["a", "b", "c", "d"], "a, b, and 2 more"), (&[], "")] {
            assert_eq!(some_of(texts, 2, ", "), shown);
        }
    }

    #[test]
    fn control_characters_never_reach_a_terminal() {
        let error = Error::new("a\u{1b}[31mb\rc\u{202e}d");
        assert_eq!(error.to_string(), r"keyfob: a\u{1b}[31mb\u{d}c\u{202e}d");
    }
}
