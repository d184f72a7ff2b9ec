//! What a test awaits at a fake, what came, and what is held against the test in the end.

use std::{collections::VecDeque, fmt, thread};

/// A call that a test awaits, described in its `Display`, and the answer it shall get.
pub(super) trait Awaited<Call>: Clone + fmt::Display {
    /// How the call differs from the awaited one; `None` if it is the awaited one.
    fn mismatch(&self, call: &Call) -> Option<String>;
}

pub(super) struct Queue<Expected, Call> {
    awaited: VecDeque<Expected>,
    standing: Vec<Expected>,
    calls: Vec<Call>,
    faults: Vec<String>,
    forgives_torn_requests: bool,
}

impl<Expected, Call> Default for Queue<Expected, Call> {
    fn default() -> Self {
        Self {
            awaited: VecDeque::new(),
            standing: Vec::new(),
            calls: Vec::new(),
            faults: Vec::new(),
            forgives_torn_requests: false,
        }
    }
}

impl<Expected: Awaited<Call>, Call: Clone + fmt::Display> Queue<Expected, Call> {
    /// Awaits one call, after those queued before.
    pub(super) fn expect(&mut self, expected: Expected) {
        self.awaited.push_back(expected);
    }

    /// Answers such calls as often as they come, when the queue awaits another call or none.
    pub(super) fn always(&mut self, expected: Expected) {
        self.standing.push(expected);
    }

    /// Finds no fault with requests that end early, as those of a client that is killed do.
    pub(super) fn forgive_torn_requests(&mut self) {
        self.forgives_torn_requests = true;
    }

    /// The expectation that the call fulfils; notes the fault if there is none.
    pub(super) fn take(&mut self, call: &Call) -> Option<Expected> {
        let mismatch = match self.awaited.front().map(|front| front.mismatch(call)) {
            Some(None) => return self.awaited.pop_front(),
            Some(Some(mismatch)) => mismatch,
            None => "nothing was queued any more".to_owned(),
        };
        let standing = self.standing.iter().find(|standing| standing.mismatch(call).is_none()).cloned();
        if standing.is_none() {
            self.fault(format!("unexpected {call}: {mismatch}"));
        }
        standing
    }

    /// Notes that the call came, whatever became of it.
    pub(super) fn record(&mut self, call: Call) {
        self.calls.push(call);
    }

    /// The calls so far, in order.
    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Holds something against the test.
    pub(super) fn fault(&mut self, why: String) {
        self.faults.push(why);
    }

    /// Hears of bytes that were no HTTP request.
    pub(super) fn malformed(&mut self, why: &str) {
        if !self.forgives_torn_requests {
            self.fault(why.to_owned());
        }
    }

    /// Fails the test unless all went as queued, at the end of the fake of this name.
    pub(super) fn settle(&mut self, fake: &str) {
        let missing = self.awaited.drain(..).map(|expected| format!("{expected} was queued but never came"));
        self.faults.extend(missing);
        if self.faults.is_empty() {
            return;
        }
        let report = format!("{fake} saw:\n  {}", std::mem::take(&mut self.faults).join("\n  "));
        if thread::panicking() {
            eprintln!("{report}");
        } else {
            panic!("{report}");
        }
    }
}
