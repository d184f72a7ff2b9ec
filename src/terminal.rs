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
    #[expect(clippy::print_stderr, reason = "the door for notices")]
    #[expect(clippy::unused_self, reason = "who may speak is decided by who has a Terminal")]
    pub(crate) fn warn(&self, text: &str) {
        eprintln!("keyfob: {}", Printable(text));
    }

    /// Whether there is a terminal to ask on.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn can_ask(&self) -> bool {
        platform::can_ask()
    }

    /// Asks for a line that is not shown while it is typed.
    #[expect(clippy::unused_self, reason = "who may ask is decided by who has a Terminal")]
    pub(crate) fn ask_hidden(&self, question: &str, limit: Duration) -> Result<Secret, NoAnswer> {
        platform::ask_hidden(&Printable(question).to_string(), limit)
    }
}

#[cfg(unix)]
mod platform {
    use super::NoAnswer;
    use crate::secret::Secret;
    use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use std::fs::{File, OpenOptions};
    use std::io::{ErrorKind, Read, Write};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
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

    pub(super) fn ask_hidden(question: &str, limit: Duration) -> Result<Secret, NoAnswer> {
        let terminal = open_terminal().ok_or(NoAnswer::NoTerminal)?;
        let silent = Silent::new(&terminal)?;
        (&terminal).write_all(question.as_bytes()).map_err(NoAnswer::Failed)?;
        let answer = read_line(&terminal, limit);
        drop(silent);
        // The Enter key was not shown either.
        (&terminal).write_all(b"\n").map_err(NoAnswer::Failed)?;
        answer
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

    /// Whether a signal came that would have ended the process: while this lives it only ends the question, so that
    /// the terminal is put back first.
    struct Ended {
        came: Arc<AtomicBool>,
        is_over: Arc<AtomicBool>,
    }

    impl Ended {
        fn new() -> std::io::Result<Self> {
            let ended = Self { came: Arc::default(), is_over: Arc::default() };
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                flag::register_conditional_default(signal, Arc::clone(&ended.is_over))?;
                flag::register(signal, Arc::clone(&ended.came))?;
            }
            Ok(ended)
        }
    }

    impl Drop for Ended {
        fn drop(&mut self) {
            self.is_over.store(true, Ordering::SeqCst);
        }
    }

    fn read_line(mut terminal: &File, limit: Duration) -> Result<Secret, NoAnswer> {
        const LONGEST: usize = 1024;
        const CTRL_C: u8 = 3;
        const CTRL_D: u8 = 4;
        const BACKSPACE: u8 = 8;
        const CTRL_U: u8 = 21;
        const DELETE: u8 = 127;
        let began = Instant::now();
        let ended = Ended::new().map_err(NoAnswer::Failed)?;
        let mut line = Vec::new();
        while began.elapsed() < limit && !ended.came.load(Ordering::SeqCst) {
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
        Err(if ended.came.load(Ordering::SeqCst) { NoAnswer::Interrupted } else { NoAnswer::TimedOut })
    }
}

#[cfg(not(unix))]
mod platform {
    use super::NoAnswer;
    use crate::secret::Secret;
    use std::fs::OpenOptions;
    use std::time::Duration;

    pub(super) fn can_ask() -> bool {
        OpenOptions::new().read(true).write(true).open("CONIN$").is_ok()
    }

    /// The console offers no reading with a limit; Ctrl-C ends the wait.
    pub(super) fn ask_hidden(question: &str, _: Duration) -> Result<Secret, NoAnswer> {
        if !can_ask() {
            return Err(NoAnswer::NoTerminal);
        }
        rpassword::prompt_password(question).map(Secret::new).map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => NoAnswer::Interrupted,
            _ => NoAnswer::Failed(error),
        })
    }
}
