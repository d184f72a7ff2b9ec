//! Making a call until the service answers, the tries are used up or the time is over.

use super::http::{Client, Request, Response};
use super::retry::{self, Retry};
use super::{Answer, Reason, ServiceError, endpoint};
use crate::context::Clock;
use crate::timestamp::Timestamp;
use std::time::{Duration, Instant};

/// How a call is made.
pub(super) struct Call<'a> {
    pub(super) clock: &'a Clock,
    /// Tries in all.
    pub(super) max_attempts: u32,
    /// All tries together end by then.
    pub(super) deadline: Instant,
    /// Not again once a request may have arrived: what it carries is good for one use.
    pub(super) once: bool,
    /// Whether a refusal comes from the local clock, given how far it is off.
    pub(super) blames_the_clock: fn(&ServiceError, Duration) -> bool,
}

/// Sends one request, within the time that is left.
pub(super) fn attempt<T>(
    action: &'static str,
    client: &Client,
    request: &Request<'_>,
    left: Duration,
    understand: impl FnOnce(&Response) -> Result<T, Reason>,
) -> Result<T, Box<Failure>> {
    const LONGEST: Duration = Duration::from_secs(15);
    let (reason, date, retry_after) = match client.send(request, left.min(LONGEST)) {
        Err(error) => (Reason::Transport(error), None, None),
        Ok(response) => match understand(&response) {
            Ok(value) => return Ok(value),
            Err(reason) => (reason, response.date, response.retry_after),
        },
    };
    let host = endpoint::host(request.url).to_owned();
    let error = ServiceError { action, host, reason, clock_off: None, retry_after };
    Err(Box::new(Failure { error, date }))
}

/// One attempt that failed, and what the answer's headers said.
pub(super) struct Failure {
    pub(super) error: ServiceError,
    pub(super) date: Option<Timestamp>,
}

impl Failure {
    /// The keys hold what no request can carry.
    pub(super) fn unsendable(action: &'static str, url: &str) -> Box<Self> {
        let host = endpoint::host(url).to_owned();
        let error = ServiceError { action, host, reason: Reason::Unsendable, clock_off: None, retry_after: None };
        Box::new(Self { error, date: None })
    }
}

impl Call<'_> {
    /// Attempts, each within the time that it is given.
    pub(super) fn make<T>(&self, mut attempt: impl FnMut(Duration) -> Result<T, Box<Failure>>) -> Answer<T> {
        let mut clock_off = None;
        let mut made = 0;
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            let Failure { mut error, date } = match attempt(left) {
                Ok(value) => return Ok(value),
                Err(failed) => *failed,
            };
            if clock_off.is_none() {
                clock_off = self.correct_clock(&error, date);
                if clock_off.is_some() {
                    continue;
                }
            }
            error.clock_off = clock_off;
            made += 1;
            let Some(retry) = retry::of(&error).filter(|retry| !self.once || *retry != Retry::Broken) else {
                return Err(Box::new(error));
            };
            let pause = retry::pause(retry, made - 1, error.retry_after);
            if made >= self.max_attempts || Instant::now() + pause >= self.deadline {
                return Err(Box::new(error));
            }
            std::thread::sleep(pause);
        }
    }

    /// Follows the server's clock when it refused a request for its time. Returns by how much ours was off.
    fn correct_clock(&self, error: &ServiceError, date: Option<Timestamp>) -> Option<Duration> {
        let (date, now) = (date?, self.clock.now());
        let off = now.until(date).max(date.until(now));
        (self.blames_the_clock)(error, off).then(|| self.clock.correct(date))
    }
}
