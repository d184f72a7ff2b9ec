//! Single flight: of all the processes that want the same credentials at once, one renews them.
//!
//! Fresh credentials are handed out without a look at any lock. In the soft window whoever gets the lock
//! without waiting renews them, and everybody else hands out what still lives. When nothing lives, the others
//! wait for the one that has the lock and read again; if it failed, its failure is theirs too, so that a
//! service in trouble is not asked by each of them in turn. A holder that hangs is relieved by a second lock.

use super::{Cached, Freshness, Lane, Store};
use crate::context::Clock;
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::file::LockFile;
use crate::terminal::Terminal;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::io;
use std::time::{Duration, Instant};

/// How long the calls of a renewal may take in all, retries and those for the links before included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Budget(pub(crate) Duration);

impl Budget {
    /// Somebody waits for the answer: less than the shortest limit of an SDK for its helper.
    pub(crate) const NEEDED: Self = Self(Duration::from_secs(20));
    /// There is still something to hand out.
    const SPARE: Self = Self(Duration::from_secs(5));

    /// How long a program may take: a minute where somebody waits, since it may ask a person.
    pub(crate) fn for_a_program(self) -> Duration {
        if self < Self::NEEDED { self.0 } else { Duration::from_mins(1) }
    }
}

/// One process's part in the race for one entry.
pub(crate) struct Flight<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) clock: &'a Clock,
    pub(crate) terminal: &'a Terminal,
    /// Whether renewing asks a person: then it waits until nothing is left, and nobody is relieved meanwhile.
    pub(crate) asks_a_person: &'a dyn Fn() -> bool,
    /// For a renewal that somebody waits for.
    pub(crate) budget: Budget,
    pub(crate) started: Timestamp,
}

/// How long to wait for another process before taking over: longer than any answer that is still worth
/// something, short enough for the SDK that waits for us.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a person may take to answer, and the call after it.
const PATIENCE_WITH_PEOPLE: Duration = Duration::from_secs(70);
/// In the soft window, how long a failed renewal is not tried again.
const SOFT_PAUSE: Duration = Duration::from_secs(10);
/// How long a failure that several processes were told of is told to those that come after them.
const STORM: Duration = Duration::from_secs(2);
/// What stands in the lock file after credentials that do not say when they end, and so were not kept.
const NOT_KEPT: &[u8] = b"not kept";
/// What a process leaves in the lock file is no longer than this, in bytes.
const LARGEST_NOTE: u64 = 16 * 1024;

impl Flight<'_> {
    /// The store's credentials, renewed by `renew` where that is due.
    pub(crate) fn credentials(
        &self,
        renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>,
    ) -> Result<Credentials, Error> {
        let Some(cached) = self.store.load()? else { return self.when_dead(renew) };
        match cached.freshness(self.clock.now()) {
            Freshness::Fresh => Ok(cached.credentials),
            Freshness::Soft if (self.asks_a_person)() => Ok(cached.credentials),
            Freshness::Soft => Ok(self.when_soft(cached, renew)),
            Freshness::Dead => self.when_dead(renew),
        }
    }

    fn when_soft(&self, cached: Cached, renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>) -> Credentials {
        let Some(lock) = self.try_to_lead() else { return cached.credentials };
        let failed_lately = Failure::read(&lock).is_some_and(|failure| failure.age() < SOFT_PAUSE);
        match self.store.load().ok().flatten() {
            Some(newer) if newer.freshness(self.clock.now()) == Freshness::Fresh => return newer.credentials,
            _ if failed_lately => return cached.credentials,
            _ => {}
        }
        self.lead(&lock, Budget::SPARE.min(self.budget), renew).unwrap_or_else(|error| {
            self.terminal.note(&format!("the credentials still live, but renewing them failed: {}", error.message));
            cached.credentials
        })
    }

    fn try_to_lead(&self) -> Option<LockFile> {
        let lock = LockFile::open(&self.store.lock_path(Lane::Main)).ok()?;
        lock.try_exclusive().ok()?.then_some(lock)
    }

    fn when_dead(&self, renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>) -> Result<Credentials, Error> {
        let asks = (self.asks_a_person)();
        if asks && !self.terminal.can_ask() {
            // It fails, and tells which command to type; waiting for others would only delay that.
            return renew(self.budget);
        }
        let (lanes, patience): (&[Lane], _) =
            if asks { (&[Lane::Main], PATIENCE_WITH_PEOPLE) } else { (&[Lane::Main, Lane::Relief], PATIENCE) };
        for lane in lanes {
            match self.in_lane(*lane, patience, renew) {
                Ok(Some(settled)) => return settled,
                Ok(None) => self.terminal.note("another keyfob holds the lock and does not end; not waiting for it"),
                Err(error) => {
                    self.terminal.note(&format!("no lock in the cache folder ({error}); renewing without one"));
                    return self.renew_and_save(self.budget, renew);
                }
            }
        }
        Err(Error::new("another keyfob process is renewing these credentials and does not end")
            .hint("look for it with `ps`, and end it"))
    }

    /// Waits for a turn in one lane; `None` when patience ends first.
    fn in_lane(
        &self,
        lane: Lane,
        patience: Duration,
        renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>,
    ) -> io::Result<Option<Result<Credentials, Error>>> {
        let lock = LockFile::open(&self.store.lock_path(lane))?;
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        while began.elapsed() < patience {
            if lock.read(LARGEST_NOTE)? == NOT_KEPT {
                // There will be nothing to read again, so waiting would only make a queue.
                let renewed = self.renew_and_save(self.budget, renew);
                if renewed.as_ref().is_ok_and(|credentials| credentials.expiration.is_some()) {
                    lock.write(b"")?;
                }
                return Ok(Some(renewed));
            }
            if lock.try_exclusive()? {
                return Ok(Some(self.settled(&lock).unwrap_or_else(|| self.lead(&lock, self.budget, renew))));
            }
            if lock.try_shared()? {
                if let Some(settled) = self.settled(&lock) {
                    return Ok(Some(settled));
                }
                // Its holder died; somebody else has to lead.
                lock.unlock();
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
        Ok(None)
    }

    /// What the process that had the lock before left for this one.
    fn settled(&self, lock: &LockFile) -> Option<Result<Credentials, Error>> {
        let renewed = self.store.load().ok().flatten().filter(|cached| cached.is_alive(self.clock.now()));
        if let Some(cached) = renewed {
            return Some(Ok(cached.credentials));
        }
        let failure = Failure::read(lock).filter(|failure| failure.concerns(self.started))?;
        // One mark for each process that was told.
        let _ = lock.append(b".");
        Some(Err(failure.error()))
    }

    fn lead(
        &self,
        lock: &LockFile,
        budget: Budget,
        renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>,
    ) -> Result<Credentials, Error> {
        let renewed = self.renew_and_save(budget, renew);
        // What does not reach the lock file only costs the others a call of their own.
        let _ = match &renewed {
            Ok(credentials) if credentials.expiration.is_none() => lock.write(NOT_KEPT),
            Ok(_) => lock.write(b""),
            Err(error) => lock.write(&Failure::of(error).render()),
        };
        renewed
    }

    fn renew_and_save(
        &self,
        budget: Budget,
        renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>,
    ) -> Result<Credentials, Error> {
        let credentials = renew(budget)?;
        if let Some(cached) = Cached::new(credentials.clone(), self.clock.now())
            && let Err(error) = self.store.save(&cached)
        {
            self.terminal.note(&format!("cannot keep the credentials in the cache: {error}"));
        }
        Ok(credentials)
    }
}

/// A failed renewal, as its process leaves it in the lock file: one line of JSON, and behind it a mark for
/// each process that was told.
#[derive(Debug)]
struct Failure {
    stamp: Stamp,
    told: usize,
}

#[derive(Debug, Deserialize, Serialize)]
struct Stamp {
    /// Milliseconds since 1970, by the local clock.
    at: i64,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
    exit: u8,
}

impl Failure {
    fn of(error: &Error) -> Self {
        let Error { message, cause, hint, exit } = error.clone();
        let stamp = Stamp { at: Clock::local().unix_millis(), message, cause, hint, exit: exit as u8 };
        Self { stamp, told: 0 }
    }

    fn read(lock: &LockFile) -> Option<Self> {
        let bytes = lock.read(LARGEST_NOTE).ok()?;
        let line_end = bytes.iter().position(|byte| *byte == b'\n')?;
        let stamp = serde_json::from_slice(&bytes[..line_end]).ok()?;
        Some(Self { stamp, told: bytes.len() - line_end - 1 })
    }

    fn render(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(&self.stamp).expect("strings and numbers always serialize");
        line.push(b'\n');
        line
    }

    fn age(&self) -> Duration {
        Timestamp::from_unix_millis(self.stamp.at).until(Clock::local())
    }

    /// Whether it is also the failure of a process that started at `started`: it waited for this outcome, or
    /// it came just after others that did. One that comes alone always asks for itself.
    fn concerns(&self, started: Timestamp) -> bool {
        let at = Timestamp::from_unix_millis(self.stamp.at);
        let is_past = at <= Clock::local();
        is_past && (at >= started || (self.told > 0 && self.age() < STORM))
    }

    fn error(self) -> Error {
        let Stamp { at: _, message, cause, hint, exit } = self.stamp;
        Error { message, cause, hint, exit: Exit::from_code(exit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(age: Duration, told: usize) -> Failure {
        let mut failure = Failure::of(&Error::new("x"));
        failure.stamp.at = (Clock::local() - age).unix_millis();
        failure.told = told;
        failure
    }

    #[test]
    fn a_failure_is_shared_with_those_who_waited_for_it() {
        let second = Duration::from_secs(1);
        assert!(failure(second, 0).concerns(Clock::local() - 2 * second));
        assert!(!failure(2 * second, 0).concerns(Clock::local() - second));
    }

    #[test]
    fn in_a_storm_a_failure_is_shared_with_latecomers_for_a_moment() {
        assert!(failure(Duration::from_secs(1), 1).concerns(Clock::local()));
        assert!(!failure(Duration::from_secs(3), 1).concerns(Clock::local()));
    }

    #[test]
    fn a_failure_keeps_its_words_and_exit_code() {
        let error = Error::new("m").cause("c").hint("h").exit(Exit::SignInNeeded);
        assert_eq!(Failure::of(&error).error(), error);
    }
}
