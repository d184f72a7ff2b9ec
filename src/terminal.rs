//! The person at the terminal: questions, and notices on standard error.
//!
//! - A question goes to the controlling terminal alone, never to standard output or error, which callers
//!   capture, and its answer is never read from standard input, which belongs to the caller.
//! - Without a terminal, or in the background of one, asking fails at once.
//! - Every question has a time limit.
//! - The terminal is put back as it was on every way out, Ctrl-C included.

use crate::error::Printable;
use crate::secret::Secret;
use std::cell::Cell;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// Where notices go, and whether they are wanted.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    verbose: Cell<bool>,
}

/// Why a question has no answer.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "the Windows console offers no reading with a limit"))]
pub(crate) enum NoAnswer {
    /// There is nobody to ask.
    NoTerminal,
    /// Ctrl-C or Ctrl-D.
    Interrupted,
    TimedOut,
    Failed(std::io::Error),
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
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(std::io::stderr(), "keyfob: {}", Printable(text));
    }

    /// Whether there is a terminal to ask on.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn can_ask(&self) -> bool {
        platform::can_ask()
    }

    /// Asks for a line that is not shown while it is typed.
    ///
    /// `lock` names a file that is locked meanwhile, so that two processes do not ask at once.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn ask_hidden(&self, question: &str, limit: Duration, lock: Option<&Path>) -> Result<Secret, NoAnswer> {
        platform::ask_hidden(&Printable(question).to_string(), limit, lock)
    }
}

#[cfg(unix)]
mod platform {
    use super::NoAnswer;
    use crate::file::LockFile;
    use crate::secret::Secret;
    use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use std::fs::{File, OpenOptions};
    use std::io::{ErrorKind, Read, Write};
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};
    use std::time::{Duration, Instant};

    pub(super) fn can_ask() -> bool {
        open_terminal().is_some()
    }

    /// The controlling terminal, unless this process is in its background, where asking would stop it.
    fn open_terminal() -> Option<File> {
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
        let foreground = termios::tcgetpgrp(&terminal).ok()?;
        (foreground == rustix::process::getpgrp()).then_some(terminal)
    }

    pub(super) fn ask_hidden(question: &str, limit: Duration, lock: Option<&Path>) -> Result<Secret, NoAnswer> {
        let terminal = open_terminal().ok_or(NoAnswer::NoTerminal)?;
        let began = Instant::now();
        let _turn = turn(lock, limit)?;
        let asking = Question::begin().map_err(NoAnswer::Failed)?;
        let silent = Silent::new(&terminal)?;
        (&terminal).write_all(question.as_bytes()).map_err(NoAnswer::Failed)?;
        let answer = read_line(&terminal, &asking, limit.saturating_sub(began.elapsed()));
        drop(silent);
        drop(asking);
        // The Enter key was not shown either.
        (&terminal).write_all(b"\n").map_err(NoAnswer::Failed)?;
        answer
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

    /// The terminal without echo, and with every key as a byte: Ctrl-C too, so that it cannot end the process
    /// before the terminal is put back.
    struct Silent<'a> {
        terminal: &'a File,
        before: Termios,
    }

    impl<'a> Silent<'a> {
        fn new(terminal: &'a File) -> Result<Self, NoAnswer> {
            let failed = |error: rustix::io::Errno| NoAnswer::Failed(error.into());
            let before = termios::tcgetattr(terminal).map_err(failed)?;
            let mut silent = before.clone();
            silent.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
            // A read ends after a tenth of a second without a key.
            silent.special_codes[SpecialCodeIndex::VMIN] = 0;
            silent.special_codes[SpecialCodeIndex::VTIME] = 1;
            termios::tcsetattr(terminal, OptionalActions::Flush, &silent).map_err(failed)?;
            Ok(Self { terminal, before })
        }
    }

    impl Drop for Silent<'_> {
        fn drop(&mut self) {
            // Nobody is left to tell when it fails.
            let _ = termios::tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
        }
    }

    /// The signals that would end the process. While a question is asked they only end the question, so that the terminal
    /// is put back first; at all other times they do what they always do.
    struct Signals {
        came: Arc<AtomicBool>,
        nobody_is_asked: Arc<AtomicBool>,
    }

    impl Signals {
        fn watch() -> std::io::Result<&'static Self> {
            static WATCHED: OnceLock<Signals> = OnceLock::new();
            if let Some(watched) = WATCHED.get() {
                return Ok(watched);
            }
            let signals = Self { came: Arc::default(), nobody_is_asked: Arc::default() };
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                flag::register_conditional_default(signal, Arc::clone(&signals.nobody_is_asked))?;
                flag::register(signal, Arc::clone(&signals.came))?;
            }
            Ok(WATCHED.get_or_init(|| signals))
        }
    }

    /// The time of one question.
    struct Question(&'static Signals);

    impl Question {
        fn begin() -> std::io::Result<Self> {
            let signals = Signals::watch()?;
            signals.came.store(false, Ordering::SeqCst);
            signals.nobody_is_asked.store(false, Ordering::SeqCst);
            Ok(Self(signals))
        }

        fn was_interrupted(&self) -> bool {
            self.0.came.load(Ordering::SeqCst)
        }
    }

    impl Drop for Question {
        fn drop(&mut self) {
            self.0.nobody_is_asked.store(true, Ordering::SeqCst);
        }
    }

    fn read_line(mut terminal: &File, asking: &Question, limit: Duration) -> Result<Secret, NoAnswer> {
        const LONGEST: usize = 1024;
        const CTRL_C: u8 = 3;
        const CTRL_D: u8 = 4;
        const BACKSPACE: u8 = 8;
        const CTRL_U: u8 = 21;
        const DELETE: u8 = 127;
        let began = Instant::now();
        let mut line = Vec::new();
        while began.elapsed() < limit && !asking.was_interrupted() {
            let mut key = [0];
            match terminal.read(&mut key) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(NoAnswer::Failed(error)),
                // A terminal that was hung up answers like this at once.
                Ok(0) => std::thread::sleep(Duration::from_millis(10)),
                Ok(_) => match key[0] {
                    b'\r' | b'\n' => return Ok(Secret::new(String::from_utf8_lossy(&line))),
                    CTRL_C => return Err(NoAnswer::Interrupted),
                    CTRL_D if line.is_empty() => return Err(NoAnswer::Interrupted),
                    CTRL_U => line.clear(),
                    BACKSPACE | DELETE => drop(line.pop()),
                    typed if line.len() < LONGEST => line.push(typed),
                    _ => {}
                },
            }
        }
        Err(if asking.was_interrupted() { NoAnswer::Interrupted } else { NoAnswer::TimedOut })
    }
}

#[cfg(not(unix))]
mod platform {
    use super::NoAnswer;
    use crate::secret::Secret;
    use std::fs::OpenOptions;
    use std::path::Path;
    use std::time::Duration;

    pub(super) fn can_ask() -> bool {
        OpenOptions::new().read(true).write(true).open("CONIN$").is_ok()
    }

    /// The console offers no reading with a limit; Ctrl-C ends the wait.
    pub(super) fn ask_hidden(question: &str, _: Duration, _: Option<&Path>) -> Result<Secret, NoAnswer> {
        if !can_ask() {
            return Err(NoAnswer::NoTerminal);
        }
        rpassword::prompt_password(question).map(Secret::new).map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => NoAnswer::Interrupted,
            _ => NoAnswer::Failed(error),
        })
    }
}
