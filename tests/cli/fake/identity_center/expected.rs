//! What a test awaits of either service, and the answer it shall get.

use std::{fmt, time::Duration};

use super::{
    super::{Reply, queue::Awaited},
    desk::Call,
};

/// What a call is recognized by, and how its answer differs from the usual one.
pub(crate) trait Wish: Clone + fmt::Display + Send + 'static {
    /// A well-formed request.
    type Asked: Clone + fmt::Debug + fmt::Display + Send;

    fn fits(&self, asked: &Self::Asked) -> bool;
}

#[derive(Clone, Debug)]
pub(crate) struct Expected<W> {
    pub(crate) wish: W,
    pub(super) outcome: Outcome,
    pub(super) delay: Duration,
    /// `None` for where the service names its errors.
    pub(super) named_in: Option<NamedIn>,
    /// More members of an error.
    pub(super) members: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The fake, by its own judgement, must grant the call.
    Succeeds,
    /// The fake, by its own judgement, must refuse the call with this exception.
    Refused(String),
    /// The fake's own judgement, whatever it is.
    Judged,
    /// An error, whatever the fake's judgement would be.
    Failed(Refusal),
    /// These bytes, whatever the fake's judgement would be.
    Replied(Reply),
}

/// An error of AWS's.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) exception: String,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, exception: &str, message: &str) -> Self {
        Self { status, exception: exception.to_owned(), message: message.to_owned() }
    }
}

/// Where an error says which exception it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedIn {
    /// `x-amzn-ErrorType`.
    Header,
    /// The body's `__type`.
    Type,
    Neither,
}

impl<W> Expected<W> {
    pub(crate) fn new(wish: W) -> Self {
        Self { wish, outcome: Outcome::Succeeds, delay: Duration::ZERO, named_in: None, members: Vec::new() }
    }

    /// The state of things is such that the service refuses the call, with this exception.
    pub(crate) fn refused(mut self, exception: &str) -> Self {
        self.outcome = Outcome::Refused(exception.to_owned());
        self
    }

    /// Leaves it to the service whether it grants the call.
    pub(crate) fn judged(mut self) -> Self {
        self.outcome = Outcome::Judged;
        self
    }

    /// Answers with this error, and spends nothing.
    pub(crate) fn fails(mut self, status: u16, exception: &str, message: &str) -> Self {
        self.outcome = Outcome::Failed(Refusal::new(status, exception, message));
        self
    }

    /// Answers with these bytes, and spends nothing.
    pub(crate) fn replies(mut self, reply: Reply) -> Self {
        self.outcome = Outcome::Replied(reply);
        self
    }

    /// Names the exception, if there is one, elsewhere than the service does.
    pub(crate) fn named_in(mut self, place: NamedIn) -> Self {
        self.named_in = Some(place);
        self
    }

    /// Adds a member to the error, if there is one, such as its `reason`.
    pub(crate) fn telling(mut self, name: &str, value: &str) -> Self {
        self.members.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets the client wait for the answer.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl<W: Wish> Awaited<Call<W::Asked>> for Expected<W> {
    fn mismatch(&self, call: &Call<W::Asked>) -> Option<String> {
        (!self.wish.fits(&call.asked)).then(|| format!("the next was to be {self}"))
    }
}

impl<W: fmt::Display> fmt::Display for Expected<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wish.fmt(f)
    }
}
