//! Where a text that is carried over comes in: the terminal, or standard input for scripts.

use crate::secret::Secret;
use crate::terminal::{self, NoAnswer, Question, Terminal, Typing};
use std::io::BufRead as _;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// One of the two.
pub(super) enum Source {
    Terminal,
    Lines(Receiver<Zeroizing<String>>),
}

impl Source {
    /// Standard input belongs to the caller. It is read where the person asked for this way and it is no terminal, or
    /// where there is no terminal to ask on.
    pub(super) fn find(was_asked_for: bool, terminal: &Terminal) -> Self {
        const MOST_WAITING: usize = 64;
        if terminal::stdin_is_terminal() || (!was_asked_for && terminal.can_ask()) {
            return Self::Terminal;
        }
        let (sender, lines) = mpsc::sync_channel(MOST_WAITING);
        // A thread, since no reading of standard input has a time limit. It ends with the process.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if sender.send(Zeroizing::new(line)).is_err() {
                    return;
                }
            }
        });
        Self::Lines(lines)
    }

    /// The next text, within `limit`. When standard input has ended, the terminal is asked.
    pub(super) fn next(&mut self, question: &str, terminal: &Terminal, limit: Duration) -> Result<Secret, NoAnswer> {
        if let Self::Lines(lines) = self {
            match collect(lines, limit) {
                Ok(text) => return Ok(text),
                Err(RecvTimeoutError::Timeout) => return Err(NoAnswer::TimedOut),
                Err(RecvTimeoutError::Disconnected) => *self = Self::Terminal,
            }
        }
        terminal.ask(&Question { text: question, typing: Typing::Pasted, limit, lock: None })
    }
}

/// The lines that come together: a text may have been wrapped.
fn collect(lines: &Receiver<Zeroizing<String>>, limit: Duration) -> Result<Secret, RecvTimeoutError> {
    const PAUSE: Duration = Duration::from_millis(200);
    const LONGEST: usize = 64 * 1024;
    let deadline = Instant::now() + limit;
    let mut text = Zeroizing::new(String::new());
    loop {
        let is_blank = text.trim().is_empty();
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(RecvTimeoutError::Timeout);
        }
        match lines.recv_timeout(if is_blank { left } else { PAUSE.min(left) }) {
            Ok(line) if is_blank && line.trim().is_empty() => {}
            Ok(line) if text.len() + line.len() <= LONGEST => text.extend([line.as_str(), "\n"]),
            Ok(_) => {}
            Err(why) if is_blank => return Err(why),
            Err(_) => return Ok(Secret::new(text.as_str())),
        }
    }
}
