//! A run that a test takes part in: it sees what the program shows, and then says something.
//!
//! ```ignore
//! let mut running = home.keyfob(["login", "dev"]).terminal(Terminal::new()).spawn();
//! let url = running.wait_for_line(|line| line.starts_with("http"));
//! running.wait_for_text("Paste it here: ");
//! running.type_in("…\n");
//! running.stderr(format!("…\n{url}\n")).wait();
//! ```

use std::{
    thread,
    time::{Duration, Instant},
};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;

use super::{Running, terminal};

/// How far a test has followed what a program shows; the second is the terminal.
pub(super) type Followed = [usize; 2];

impl Running {
    /// Waits for such a line on stderr or the terminal, after what was waited for before; without its end.
    #[track_caller]
    pub(crate) fn wait_for_line(&mut self, is_wanted: impl Fn(&str) -> bool) -> String {
        self.follow("such a line", |text| {
            let mut end = 0;
            text.split_inclusive('\n').find_map(|line| {
                end += line.len();
                let line = line.strip_suffix('\n').filter(|line| is_wanted(line))?;
                Some((line.to_owned(), end))
            })
        })
    }

    /// Waits for this text on stderr or the terminal, after what was waited for before.
    #[track_caller]
    pub(crate) fn wait_for_text(&mut self, wanted: &str) {
        self.follow(&format!("{wanted:?}"), |text| text.find(wanted).map(|begin| ((), begin + wanted.len())));
    }

    /// Looks for something in what is new, until it is there; `find` also tells where it ends.
    #[track_caller]
    fn follow<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<(T, usize)>) -> T {
        let deadline = Instant::now() + self.invocation.timeout;
        loop {
            let (shown, have_ended) = self.shown();
            for (text, followed) in shown.iter().zip(&mut self.followed) {
                if let Some((found, end)) = text.get(*followed..).and_then(&find) {
                    *followed += end;
                    return found;
                }
            }
            assert!(!have_ended, "the program ended without {what}: {shown:#?}");
            assert!(Instant::now() < deadline, "the program does not show {what}: {shown:#?}");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// What is on stderr and the terminal, and whether that is all.
    fn shown(&self) -> ([String; 2], bool) {
        let (stderr, have_ended) = {
            let output = self.pipes.output();
            (String::from_utf8_lossy(&output.stderr).into_owned(), output.have_ended())
        };
        ([stderr, terminal::screen(&self.invocation)], have_ended)
    }

    /// Types at the terminal if there is one, else writes to stdin, which has to be open for it.
    #[track_caller]
    pub(crate) fn type_in(&mut self, text: &str) {
        if self.invocation.terminal.is_some() {
            terminal::order(&self.invocation, &json!({ "type": text }));
            return;
        }
        let stdin = self.stdin.as_ref().expect("the test asks for `open_stdin`");
        // It fails when the program reads no more.
        let _ = stdin.send(text.into());
    }

    /// Gives the terminal's window this size.
    #[track_caller]
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        assert!(self.invocation.terminal.is_some(), "only a terminal has a window");
        terminal::order(&self.invocation, &json!({ "window": [rows, columns] }));
    }

    /// Ends an open stdin.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends the signal to the program and all that it started, as Ctrl-C does.
    #[cfg(unix)]
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.invocation.terminal.is_some() {
            terminal::order(&self.invocation, &json!({ "signal": signal.as_raw() }));
            return;
        }
        let group = i32::try_from(self.id()).ok().and_then(Pid::from_raw).expect("the child has an id");
        kill_process_group(group, signal).expect("the program leads a group of its own");
    }

    /// Expects exactly this, as [`super::Invocation::stderr`] does before the run.
    #[must_use]
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.invocation.stderr = Some(text.into());
        self
    }

    /// Expects exactly this, as [`super::Invocation::screen`] does before the run.
    #[must_use]
    pub(crate) fn screen(mut self, text: impl Into<String>) -> Self {
        self.invocation.screen = Some(text.into());
        self
    }
}
