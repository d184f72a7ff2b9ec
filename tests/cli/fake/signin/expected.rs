//! What a test awaits: a refresh, and the answer it shall get.

use std::{fmt, time::Duration};

use super::{
    super::{Reply, queue::Awaited},
    TokenCall,
};

#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(super) outcome: Outcome,
    pub(super) delay: Duration,
    /// In JSON.
    pub(super) expires_in: &'static str,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The fake, by its own judgement, must grant the call.
    Succeeds,
    /// The fake, by its own judgement, must refuse the call with this `error`.
    Refused(String),
    /// An error, whatever the fake's judgement would be.
    Failed { status: u16, exception: String, error: String, message: String },
    /// These bytes, whatever the fake's judgement would be.
    Replied(Reply),
}

pub(crate) fn refresh() -> Expected {
    Expected { outcome: Outcome::Succeeds, delay: Duration::ZERO, expires_in: "900" }
}

impl Expected {
    /// The session or the clock is such that the service refuses the call, with this `error`.
    pub(crate) fn refused(mut self, error: &str) -> Self {
        self.outcome = Outcome::Refused(error.to_owned());
        self
    }

    /// Answers with this error, and spends nothing. An empty exception leaves out the header, an empty `error` the
    /// body.
    pub(crate) fn fails(mut self, status: u16, exception: &str, error: &str, message: &str) -> Self {
        let (exception, error, message) = (exception.to_owned(), error.to_owned(), message.to_owned());
        self.outcome = Outcome::Failed { status, exception, error, message };
        self
    }

    /// Answers with these bytes, and spends nothing.
    pub(crate) fn replies(mut self, reply: Reply) -> Self {
        self.outcome = Outcome::Replied(reply);
        self
    }

    /// Spells `expiresIn` this way, in JSON.
    pub(crate) fn expiring_in(mut self, expires_in: &'static str) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// Lets the client wait for the answer.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl Awaited<TokenCall> for Expected {
    /// One refresh is like the other.
    fn mismatch(&self, _: &TokenCall) -> Option<String> {
        None
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a refresh")
    }
}
