//! The person at the terminal: questions, and notices on standard error.
//!
//! - A question goes to the controlling terminal alone, never to standard output or error, which callers
//!   capture, and its answer is never read from standard input, which belongs to the caller.
//! - Without a terminal, or in the background of one, asking fails at once.
//! - Every question has a time limit, but on Windows, whose console offers none; there it is one of waiting for a turn.
//! - The terminal is put back as it was on every way out, Ctrl-C included.

mod pick;
#[cfg(unix)]
#[path = "unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "windows.rs"]
mod platform;
mod progress;
mod waiting;

pub(crate) use pick::Pick;
pub(crate) use progress::Progress;
pub(crate) use waiting::Waiting;

use crate::error::{Error, Exit, Printable};
use crate::file::LockFile;
use crate::secret::Secret;
use std::cell::{Cell, RefCell};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where notices go, and whether they are wanted.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    verbose: Cell<bool>,
    /// What is said below the answer.
    at_end: RefCell<Vec<String>>,
}

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) text: &'a str,
    pub(crate) typing: Typing,
    pub(crate) limit: Duration,
    /// A file that is locked meanwhile, so that two processes do not ask at once.
    pub(crate) lock: Option<&'a Path>,
}

/// How the answer comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typing {
    /// A line that is shown while it is typed.
    Shown,
    Hidden,
    /// Hidden, thousands of characters long, and perhaps of several lines.
    Pasted,
}

/// Why a question has no answer, or a wait no end.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// There is nobody to ask.
    NoTerminal,
    /// Ctrl-C or Ctrl-D.
    Interrupted,
    TimedOut,
    Failed(std::io::Error),
}

/// Whether standard input is a terminal, and not what a caller has for us.
pub(crate) fn stdin_is_terminal() -> bool {
    platform::is_terminal(&std::io::stdin())
}

/// Whether standard output is a terminal, and not what a shell evaluates.
pub(crate) fn stdout_is_terminal() -> bool {
    platform::is_terminal(&std::io::stdout())
}

/// Starts a program of its own, such as a browser: its words are not ours, and Ctrl-C here is not meant for it.
pub(crate) fn start_apart(words: &[String]) -> std::io::Result<Child> {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    platform::set_apart(&mut command);
    command.spawn()
}

/// Waits while another keyfob asks: two questions at once would take each other's answers, and the second would
/// find the terminal silent and leave it so. Without a place for the lock, nothing is waited for.
fn turn(lock: Option<&Path>, limit: Duration) -> Result<Option<LockFile>, NoAnswer> {
    let Some(lock) = lock.and_then(|path| LockFile::open(path).ok()) else { return Ok(None) };
    match lock.wait_exclusive(limit) {
        Ok(true) => Ok(Some(lock)),
        Ok(false) => Err(NoAnswer::TimedOut),
        Err(_) => Ok(None),
    }
}

impl NoAnswer {
    /// Why `error` came about.
    pub(crate) fn explain(self, error: Error) -> Error {
        match self {
            Self::NoTerminal => error.cause("there is no terminal to ask on"),
            Self::TimedOut => error.cause("nobody answered in time"),
            Self::Interrupted => error.cause("interrupted").exit(Exit::Interrupted),
            Self::Failed(why) => error.cause(format!("the terminal failed: {why}")),
        }
    }
}

/// One write: standard error has no buffer, and words of several processes must not mix.
fn write_line(line: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

impl Terminal {
    pub(crate) fn set_verbose(&self, verbose: bool) {
        self.verbose.set(verbose);
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose.get()
    }

    /// Says something that is of use to those who look into a matter: shown under `--verbose` alone.
    pub(crate) fn note(&self, text: &str) {
        if self.is_verbose() {
            self.warn(text);
        }
    }

    /// Says something on standard error. Not for `process`, whose callers may read it as the answer.
    #[expect(clippy::unused_self, reason = "who may speak is decided by who has a Terminal")]
    pub(crate) fn warn(&self, text: &str) {
        write_line(&format!("keyfob: {}", Printable(text)));
    }

    /// Says something on standard error once the answer is printed, which might be long enough to take it out of sight.
    pub(crate) fn warn_at_end(&self, text: String) {
        self.at_end.borrow_mut().push(text);
    }

    pub(crate) fn end(&self) {
        self.at_end.take().iter().for_each(|text| self.warn(text));
    }

    /// Tells a person what to do, on standard error, a line at a time.
    #[expect(clippy::unused_self, reason = "who may speak is decided by who has a Terminal")]
    pub(crate) fn tell(&self, line: &str) {
        write_line(&Printable(line).to_string());
    }

    /// Whether there is a terminal to ask on.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn can_ask(&self) -> bool {
        platform::can_ask()
    }

    /// Asks for a line.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn ask(&self, question: &Question<'_>) -> Result<Secret, NoAnswer> {
        platform::ask(&Question { text: &Printable(question.text).to_string(), ..*question })
    }

    /// Asks for one of many; its place among them.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn pick(&self, pick: &Pick<'_>) -> Result<usize, NoAnswer> {
        platform::pick(pick)
    }

    /// Asks until the answer is yes or no. An empty one is `usually`.
    pub(crate) fn ask_whether(&self, question: &str, usually: Option<bool>, limit: Duration) -> Result<bool, NoAnswer> {
        let choice = match usually {
            Some(true) => "[Y/n]",
            Some(false) => "[y/N]",
            None => "[y/n]",
        };
        let text = format!("{question} {choice} ");
        loop {
            let answer = self.ask(&Question { text: &text, typing: Typing::Shown, limit, lock: None })?;
            match (answer.expose().trim().to_lowercase().as_str(), usually) {
                ("y" | "yes", _) => return Ok(true),
                ("n" | "no", _) => return Ok(false),
                ("", Some(usually)) => return Ok(usually),
                _ => {}
            }
        }
    }
}
