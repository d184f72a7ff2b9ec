//! Single flight: of all the processes that want the same credentials at once, one renews them.
//!
//! Fresh credentials are handed out without a look at any lock. In the soft window whoever gets the lock
//! without waiting renews them, and everybody else hands out what still lives. When nothing lives, the others
//! wait and look again and again at what the one that has the lock leaves: renewed credentials, or a note beside
//! them. A failure in the note is theirs too, so that a service in trouble is not asked by each of them in turn.

use super::note::{self, Failure, Note};
use super::{Beside, Cached, Freshness, Store};
use crate::context::Clock;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::file::LockFile;
use crate::terminal::Terminal;
use crate::timestamp::Timestamp;
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
    pub(crate) renewal: &'a dyn Fn() -> Renewing,
    /// For a renewal that somebody waits for.
    pub(crate) budget: Budget,
    pub(crate) started: Timestamp,
}

/// What renewing takes, as things stand now.
#[derive(Clone, Debug)]
pub(crate) struct Renewing {
    /// How long the one that renews may take before something is wrong with it.
    pub(crate) longest: Duration,
    /// Whether another process may take over from one that takes longer than usual, at the cost of one more call.
    pub(crate) may_be_repeated: bool,
    /// What to say where a person would have to be asked and cannot be; `None`: nobody has to be asked.
    pub(crate) without_a_person: Option<Error>,
    /// Whether it may be tried while there is something to hand out, in a short time and without a person.
    pub(crate) may_be_early: bool,
    pub(crate) sharing: Sharing,
}

/// What of a failure other processes are told that wait for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    All,
    /// The cause holds the words of some program, which are for its caller alone.
    WithoutCause,
    /// It failed with what this process alone was given: a code, or a person at its terminal.
    Nothing,
}

impl Renewing {
    /// Calls of a service that anybody could make.
    pub(crate) fn calls() -> Self {
        Self {
            longest: Budget::NEEDED.0,
            may_be_repeated: true,
            without_a_person: None,
            may_be_early: true,
            sharing: Sharing::All,
        }
    }
}

/// How long to wait for a process that usually takes a second, before another one makes its calls once more.
const USUAL: Duration = Duration::from_secs(10);
/// What may pass besides the renewal itself.
const MARGIN: Duration = Duration::from_secs(5);

type Renew<'a> = dyn FnMut(Budget) -> Result<Credentials, Error> + 'a;

impl Flight<'_> {
    /// The store's credentials, renewed by `renew` where that is due.
    pub(crate) fn credentials(&self, renew: &mut Renew<'_>) -> Result<Credentials, Error> {
        let Some(cached) = self.store.load()? else { return self.when_dead(renew) };
        match cached.freshness(self.clock.now()) {
            Freshness::Fresh => Ok(cached.credentials),
            Freshness::Soft => Ok(self.when_soft(cached, renew)),
            Freshness::Dead => self.when_dead(renew),
        }
    }

    /// Nobody is asked, and nothing is waited for, while there is something to hand out.
    fn when_soft(&self, cached: Cached, renew: &mut Renew<'_>) -> Credentials {
        if !(self.renewal)().may_be_early {
            return cached.credentials;
        }
        let Some(lock) = self.try_to_lead() else { return cached.credentials };
        let failed_lately = note::failed_lately(self.store);
        match self.store.load().ok().flatten() {
            Some(newer) if newer.freshness(self.clock.now()) == Freshness::Fresh => return newer.credentials,
            _ if failed_lately => return cached.credentials,
            _ => {}
        }
        let renewed = self.lead(Budget::SPARE.min(self.budget), renew);
        drop(lock);
        renewed.unwrap_or_else(|error| {
            self.terminal.note(&format!("the credentials still live, but renewing them failed: {}", error.message));
            cached.credentials
        })
    }

    fn try_to_lead(&self) -> Option<LockFile> {
        let lock = LockFile::open(&self.store.beside(Beside::Lock)).ok()?;
        lock.try_exclusive().ok()?.then_some(lock)
    }

    fn when_dead(&self, renew: &mut Renew<'_>) -> Result<Credentials, Error> {
        let renewing = (self.renewal)();
        if let Some(error) = renewing.without_a_person.filter(|_| !self.terminal.can_ask()) {
            return Err(error);
        }
        // Where there is still something to hand out further along the road, nobody waits for long.
        let longest = if self.budget < Budget::NEEDED { self.budget.0 } else { renewing.longest + MARGIN };
        let lanes: &[(Beside, Duration)] = if renewing.may_be_repeated {
            &[(Beside::Lock, USUAL.min(longest)), (Beside::ReliefLock, longest.saturating_sub(USUAL))]
        } else {
            &[(Beside::Lock, longest)]
        };
        for (lane, patience) in lanes {
            match self.in_lane(*lane, *patience, renew) {
                Ok(Some(settled)) => return settled,
                Ok(None) => self.terminal.note("another keyfob is at it for long"),
                Err(error) => {
                    self.terminal.note(&format!("no lock in the cache folder ({error}); renewing without one"));
                    return self.renew_and_save(self.budget, renew).0;
                }
            }
        }
        Err(Error::new("another keyfob process has been renewing these credentials for too long")
            .hint("look for a stopped keyfob with `ps`, and end it"))
    }

    /// Waits for a turn in one lane, or for what others leave meanwhile; `None` when patience ends first.
    fn in_lane(
        &self,
        lane: Beside,
        patience: Duration,
        renew: &mut Renew<'_>,
    ) -> io::Result<Option<Result<Credentials, Error>>> {
        const LONGEST_PAUSE: Duration = Duration::from_millis(20);
        // A look at two files costs more than one at a lock.
        const LOOK_EVERY: u32 = 8;
        let lock = LockFile::open(&self.store.beside(lane))?;
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        for turn in 1_u32.. {
            if lock.try_exclusive()? {
                return Ok(Some(self.settled(renew).unwrap_or_else(|| self.lead(self.budget, renew))));
            }
            // Shared, all that wait see at once that the one before them has ended.
            let ended = lock.try_shared()?;
            if ended || turn.is_multiple_of(LOOK_EVERY) {
                let settled = self.settled(renew);
                lock.unlock();
                if settled.is_some() {
                    return Ok(settled);
                }
            }
            if began.elapsed() >= patience {
                return Ok(None);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(None)
    }

    /// What another process has left for this one.
    fn settled(&self, renew: &mut Renew<'_>) -> Option<Result<Credentials, Error>> {
        let renewed = self.store.load().ok().flatten().filter(|cached| cached.is_alive(self.clock.now()));
        if let Some(cached) = renewed {
            return Some(Ok(cached.credentials));
        }
        match note::read(self.store)? {
            // There will be nothing to read, so to wait would only make a queue.
            Note::NotKept { at } if at >= self.started.unix_millis() => Some(self.renew_and_save(self.budget, renew).0),
            Note::Failed(failure) if (self.renewal)().sharing != Sharing::Nothing => {
                failure.take(self.store, self.started).map(Err)
            }
            _ => None,
        }
    }

    /// Renews, and leaves word for those who wait.
    fn lead(&self, budget: Budget, renew: &mut Renew<'_>) -> Result<Credentials, Error> {
        let (renewed, kept) = self.renew_and_save(budget, renew);
        let note = match &renewed {
            Ok(_) if kept => None,
            Ok(_) => Some(Note::NotKept { at: Clock::local().unix_millis() }),
            Err(error) => Failure::of(error, self.shared(budget)).map(Note::Failed),
        };
        note::leave(self.store, note.as_ref());
        renewed
    }

    /// What of a failure others are told. Even where none takes it for its own, none is to repeat at once what has just
    /// failed while there was something to hand out.
    fn shared(&self, budget: Budget) -> Sharing {
        match (self.renewal)().sharing {
            Sharing::Nothing if budget < Budget::NEEDED => Sharing::WithoutCause,
            sharing => sharing,
        }
    }

    /// Also says whether other processes find the credentials in the store.
    fn renew_and_save(&self, budget: Budget, renew: &mut Renew<'_>) -> (Result<Credentials, Error>, bool) {
        let credentials = match renew(budget) {
            Ok(credentials) => credentials,
            Err(error) => return (Err(error), false),
        };
        let Some(cached) = Cached::new(credentials.clone(), self.clock.now()) else { return (Ok(credentials), false) };
        let saved = self.store.save(&cached);
        if let Err(error) = &saved {
            self.terminal.note(&format!("cannot keep the credentials in the cache: {error}"));
        }
        // By a clock that is wrong they may look as if they had ended.
        (Ok(credentials), saved.is_ok() && cached.is_alive(Clock::local()))
    }
}
