//! What a test awaits: a refresh or a sign-in, and the answer it shall get.

use std::{fmt, time::Duration};

use super::{
    super::{Reply, queue::Awaited},
    request::{Grant, TokenCall},
};

#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(super) tokens: Tokens,
    pub(super) outcome: Outcome,
    pub(super) delay: Duration,
    /// In JSON.
    pub(super) expires_in: &'static str,
}

/// What is granted, if it is.
#[derive(Clone, Debug)]
pub(super) enum Tokens {
    /// For a refresh token, those of the same session.
    Refreshed,
    /// For an authorization code, those of this login session.
    SignedIn(String),
    /// The same with this in the place of the ID token.
    SignedInWith(Option<String>),
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
    Expected::new(Tokens::Refreshed)
}

/// The exchange of an authorization code, by which the user of this ARN signs in.
pub(crate) fn sign_in(login_session: &str) -> Expected {
    Expected::new(Tokens::SignedIn(login_session.to_owned()))
}

impl Expected {
    fn new(tokens: Tokens) -> Self {
        Self { tokens, outcome: Outcome::Succeeds, delay: Duration::ZERO, expires_in: "900" }
    }

    /// Signs in with this ID token, be it one or not.
    pub(crate) fn with_id_token(mut self, text: impl Into<String>) -> Self {
        self.tokens = Tokens::SignedInWith(Some(text.into()));
        self
    }

    /// Signs in without an ID token.
    pub(crate) fn without_id_token(mut self) -> Self {
        self.tokens = Tokens::SignedInWith(None);
        self
    }

    /// The session, the code or the clock is such that the service refuses the call, with this `error`.
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
    /// Calls are told apart by their grants; all else is the fake's to judge.
    fn mismatch(&self, call: &TokenCall) -> Option<String> {
        let is_refresh = matches!(call.grant, Grant::RefreshToken { .. });
        let awaits_refresh = matches!(self.tokens, Tokens::Refreshed);
        (is_refresh != awaits_refresh).then(|| format!("the next was to be {self}"))
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tokens {
            Tokens::Refreshed => f.write_str("a refresh"),
            Tokens::SignedIn(login_session) => write!(f, "a sign-in of {login_session}"),
            Tokens::SignedInWith(_) => f.write_str("a sign-in with an ID token of the test's"),
        }
    }
}
