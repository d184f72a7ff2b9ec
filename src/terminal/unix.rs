//! The controlling terminal of a Unix process.

use super::pick::{self, Pick};
use super::{NoAnswer, Question, Typing, turn};
use crate::secret::Secret;
use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

pub(super) fn can_ask() -> bool {
    open_terminal().is_some()
}

pub(super) fn is_terminal(stream: &impl AsFd) -> bool {
    termios::isatty(stream)
}

/// The controlling terminal, unless this process is in its background, where asking would stop it.
pub(super) fn open_terminal() -> Option<File> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    let foreground = termios::tcgetpgrp(&terminal).ok()?;
    (foreground == rustix::process::getpgrp()).then_some(terminal)
}

/// In a process group of its own, a program gets no signal that is typed.
pub(super) fn set_apart(command: &mut Command) {
    command.process_group(0);
}

pub(super) fn ask(question: &Question<'_>) -> Result<Secret, NoAnswer> {
    let Question { text, typing, limit, lock } = *question;
    let terminal = open_terminal().ok_or(NoAnswer::NoTerminal)?;
    let began = Instant::now();
    let _turn = turn(lock, limit)?;
    let watch = Watch::begin().map_err(NoAnswer::Failed)?;
    let silent = Silent::new(&terminal)?;
    (&terminal).write_all(text.as_bytes()).map_err(NoAnswer::Failed)?;
    let line = Line { terminal: &terminal, typing, bytes: Zeroizing::default() };
    let answer = line.read(&watch, limit.saturating_sub(began.elapsed()));
    drop(silent);
    drop(watch);
    // The Enter key was not shown either.
    (&terminal).write_all(b"\n").map_err(NoAnswer::Failed)?;
    answer
}

pub(super) fn pick(pick: &Pick<'_>) -> Result<usize, NoAnswer> {
    if pick.moves { pick::pick_live(pick) } else { pick::pick_by_number(pick) }
}

/// The terminal without echo, and with every key as a byte: Ctrl-C too, so that it cannot end the process
/// before the terminal is put back.
pub(super) struct Silent<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Silent<'a> {
    pub(super) fn new(terminal: &'a File) -> Result<Self, NoAnswer> {
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

/// The signals that would end the process. While one watches they are only noted, so that the terminal is put back
/// first; at all other times they do what they always do.
struct Signals {
    came: Arc<AtomicBool>,
    nobody_watches: Arc<AtomicBool>,
}

impl Signals {
    fn register() -> std::io::Result<&'static Self> {
        static REGISTERED: OnceLock<Signals> = OnceLock::new();
        if let Some(registered) = REGISTERED.get() {
            return Ok(registered);
        }
        let signals = Self { came: Arc::default(), nobody_watches: Arc::default() };
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            flag::register_conditional_default(signal, Arc::clone(&signals.nobody_watches))?;
            flag::register(signal, Arc::clone(&signals.came))?;
        }
        Ok(REGISTERED.get_or_init(|| signals))
    }
}

/// A time in which signals are noted. One at a time: the end of it is the end of all.
#[derive(Debug)]
pub(super) struct Watch(());

impl Watch {
    pub(super) fn begin() -> std::io::Result<Self> {
        let signals = Signals::register()?;
        signals.came.store(false, Ordering::SeqCst);
        signals.nobody_watches.store(false, Ordering::SeqCst);
        Ok(Self(()))
    }

    pub(super) fn was_interrupted(&self) -> bool {
        let Self(()) = self;
        Signals::register().is_ok_and(|signals| signals.came.load(Ordering::SeqCst))
    }
}

impl Watch {
    /// Lets signals do what they always do, until it watches again.
    pub(super) fn rest(&self) {
        self.set_resting(true);
    }

    pub(super) fn resume(&self) {
        self.set_resting(false);
    }

    fn set_resting(&self, rests: bool) {
        let Self(()) = self;
        if let Ok(signals) = Signals::register() {
            signals.nobody_watches.store(rests, Ordering::SeqCst);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.rest();
    }
}

/// What is typed until Enter.
struct Line<'a> {
    terminal: &'a File,
    typing: Typing,
    bytes: Zeroizing<Vec<u8>>,
}

impl Line<'_> {
    fn read(mut self, watch: &Watch, limit: Duration) -> Result<Secret, NoAnswer> {
        const CTRL_C: u8 = 3;
        const CTRL_D: u8 = 4;
        const BACKSPACE: u8 = 8;
        const CTRL_U: u8 = 21;
        const DELETE: u8 = 127;
        /// For so long a text that is pasted may stop on its way, as through SSH.
        const PAUSE: Duration = Duration::from_millis(300);
        let began = Instant::now();
        let mut last = began;
        let mut ended = false;
        while began.elapsed() < limit && !watch.was_interrupted() {
            let mut key = [0];
            let read = self.terminal.read(&mut key);
            if matches!(read, Ok(1..)) {
                last = Instant::now();
            }
            match read {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(NoAnswer::Failed(error)),
                // Nothing more came with the Enter.
                Ok(0) if ended && last.elapsed() >= PAUSE => return Ok(self.answer()),
                // A terminal that was hung up answers like this at once.
                Ok(0) => std::thread::sleep(Duration::from_millis(10)),
                Ok(_) => match key[0] {
                    // A pasted text may go on after a line's end; it then follows without a long pause.
                    b'\r' | b'\n' if self.typing == Typing::Pasted => ended = true,
                    b'\r' | b'\n' => return Ok(self.answer()),
                    CTRL_C => return Err(NoAnswer::Interrupted),
                    CTRL_D if self.bytes.is_empty() => return Err(NoAnswer::Interrupted),
                    CTRL_U => while self.take_back()? {},
                    BACKSPACE | DELETE => drop(self.take_back()?),
                    typed => self.put(typed)?,
                },
            }
        }
        Err(if watch.was_interrupted() { NoAnswer::Interrupted } else { NoAnswer::TimedOut })
    }

    fn answer(&self) -> Secret {
        Secret::new(String::from_utf8_lossy(&self.bytes))
    }

    fn put(&mut self, typed: u8) -> Result<(), NoAnswer> {
        const LONGEST: usize = 1024;
        const LONGEST_PASTE: usize = 64 * 1024;
        let longest = if self.typing == Typing::Pasted { LONGEST_PASTE } else { LONGEST };
        if self.bytes.len() >= longest || (self.typing == Typing::Shown && typed < b' ') {
            return Ok(());
        }
        self.bytes.push(typed);
        self.show(&[typed])
    }

    /// Takes the last character back; `false` when there is none.
    fn take_back(&mut self) -> Result<bool, NoAnswer> {
        let is_inside_character = |byte: &u8| byte & 0xc0 == 0x80;
        while self.bytes.pop_if(|byte| is_inside_character(byte)).is_some() {}
        if self.bytes.pop().is_none() {
            return Ok(false);
        }
        self.show(b"\x08 \x08")?;
        Ok(true)
    }

    fn show(&mut self, bytes: &[u8]) -> Result<(), NoAnswer> {
        if self.typing != Typing::Shown {
            return Ok(());
        }
        self.terminal.write_all(bytes).map_err(NoAnswer::Failed)
    }
}
