//! Waiting for something that happens elsewhere: until when, and how long is left.

use super::{NoAnswer, platform};
use std::io::Write as _;
use std::time::{Duration, Instant};

/// A wait. While it lasts, Ctrl-C ends the wait and not the process, so that what was begun can be put in order.
#[derive(Debug)]
pub(crate) struct Waiting {
    what: &'static str,
    deadline: Instant,
    watch: platform::Watch,
    /// The seconds that were shown last; `None` where nobody would see them.
    shown: Option<u64>,
}

impl Waiting {
    /// `what` is waited for, until `limit` has passed. On a terminal a line tells how long is left.
    pub(crate) fn begin(what: &'static str, limit: Duration) -> Result<Self, NoAnswer> {
        let watch = platform::Watch::begin().map_err(NoAnswer::Failed)?;
        let shown = platform::is_terminal(&std::io::stderr()).then_some(u64::MAX);
        Ok(Self { what, deadline: Instant::now() + limit, watch, shown })
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// An error when the wait is over. To be called now and then.
    pub(crate) fn go_on(&mut self) -> Result<(), NoAnswer> {
        if self.watch.was_interrupted() {
            return Err(NoAnswer::Interrupted);
        }
        let left = self.left();
        if left.is_zero() {
            return Err(NoAnswer::TimedOut);
        }
        self.show(left.as_secs());
        Ok(())
    }

    fn show(&mut self, seconds: u64) {
        // In the background the line would be written over what somebody types.
        if self.shown.is_none_or(|shown| shown == seconds) || !platform::can_ask() {
            return;
        }
        self.shown = Some(seconds);
        // Nobody is left to tell when standard error is closed.
        let _ =
            write!(std::io::stderr(), "\r\x1b[KWaiting for {}, {}:{:02} left", self.what, seconds / 60, seconds % 60);
    }

    /// Does something that Ctrl-C may end at once, together with the process.
    pub(crate) fn meanwhile<T>(&self, act: impl FnOnce() -> T) -> T {
        self.watch.rest();
        let done = act();
        self.watch.resume();
        done
    }

    /// Takes the line away, so that something else can be said.
    pub(crate) fn hush(&mut self) {
        if self.shown.is_some() {
            self.shown = Some(u64::MAX);
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.hush();
    }
}
