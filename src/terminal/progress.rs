//! How far something has come that takes minutes: a bar on standard error, where a person sees it.
//!
//! The only door to kdam. The bar is drawn when it is told of progress, by no thread of its own.

use super::{NoAnswer, platform};
use kdam::{Animation, Bar, BarExt as _};
use std::io::Write as _;
use std::time::{Duration, Instant};

/// A bar. While it is there Ctrl-C is noted and ends nothing, so that what was begun can be put in order.
#[derive(Debug)]
pub(crate) struct Progress {
    watch: platform::Watch,
    /// `None` where nobody would see it.
    bar: Option<Bar>,
    drawn: Option<Instant>,
    /// How much was done when it was shown first; the bar is about the rest.
    first: Option<usize>,
}

impl Progress {
    /// `unit` is one of what is counted: `account`.
    pub(crate) fn begin(unit: &str) -> Result<Self, NoAnswer> {
        let watch = platform::Watch::begin().map_err(NoAnswer::Failed)?;
        let bar = platform::is_terminal(&std::io::stderr()).then(|| {
            let mut bar = Bar::new(0);
            bar.animation = Animation::Classic;
            bar.dynamic_ncols = true;
            bar.unit = format!(" {unit}");
            bar
        });
        Ok(Self { watch, bar, drawn: None, first: None })
    }

    pub(crate) fn was_interrupted(&self) -> bool {
        self.watch.was_interrupted()
    }

    /// Ends the watch; an error when a signal came before that.
    pub(crate) fn end(&mut self) -> Result<(), NoAnswer> {
        self.hush();
        self.watch.rest();
        if self.watch.was_interrupted() { Err(NoAnswer::Interrupted) } else { Ok(()) }
    }

    /// Does something that Ctrl-C may end at once, together with the process.
    pub(crate) fn meanwhile<T>(&mut self, act: impl FnOnce() -> T) -> T {
        self.hush();
        self.watch.rest();
        let done = act();
        self.watch.resume();
        done
    }

    /// Shows it, unless that was done just now.
    pub(crate) fn show(&mut self, done: usize, all: usize) {
        const PAUSE: Duration = Duration::from_millis(100);
        let Some(bar) = &mut self.bar else { return };
        // Else the rate would be that of two runs in the time of one.
        let first = *self.first.get_or_insert(done);
        let was_drawn_just_now = self.drawn.is_some_and(|drawn| drawn.elapsed() < PAUSE);
        // In the background it would be drawn over what somebody types.
        if was_drawn_just_now || all == first || !platform::can_ask() {
            return;
        }
        self.drawn = Some(Instant::now());
        (bar.counter, bar.total) = (done - first, all - first);
        // Nobody is left to tell when standard error is closed.
        let _ = bar.refresh();
    }

    /// Takes the bar away, so that something else can be said.
    pub(crate) fn hush(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.hush();
    }
}
