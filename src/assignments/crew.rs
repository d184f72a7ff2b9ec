//! The threads that call the portal, and when they call it again.
//!
//! Nobody waits for them in the end: a call that hangs must not hold up the person who pressed Ctrl-C.

use super::pace::Pace;
use crate::api::http::Client;
use crate::api::rest_json::RestJson;
use crate::api::sso::{Account, Page, Sso, all_pages};
use crate::api::{Answer, Reason, Retry, ServiceError, endpoint, pause};
use crate::context::Clock;
use crate::secret::Secret;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many call at a time: enough for 20 calls a second where each takes a third of one.
pub(super) const SIZE: usize = 6;

/// What to ask for.
#[derive(Clone, Debug)]
pub(super) enum Job {
    Accounts,
    RolesIn { account_id: String },
}

/// What came of it.
pub(super) enum Found {
    Accounts(Vec<Account>),
    RolesIn { account_id: String, role_names: Vec<String> },
}

/// What came instead.
pub(super) enum Trouble {
    /// The portal does not know the token of that number, the first of which is 0.
    Unauthorized { token: u32, refusal: Box<ServiceError> },
    /// The same call would fail again.
    Refused(Box<ServiceError>),
    /// Calling again and again did not help.
    Exhausted(Box<ServiceError>),
}

/// What a thread has to say.
pub(super) enum Report {
    /// A job is done, one way or the other.
    Done(Job, Result<Found, Trouble>),
    /// A call goes on failing, and is made again: after this time, where the service asks for that.
    Again(Box<ServiceError>, Option<Duration>),
}

/// The threads, seen from the one that gives them work.
pub(super) struct Crew {
    jobs: Sender<Job>,
    reports: Receiver<Report>,
    open: usize,
    token: Arc<Mutex<Token>>,
}

/// The one that all call with.
struct Token {
    access_token: Secret,
    number: u32,
}

impl Crew {
    /// Begins with as many threads as there are clients, or as the machine allows; an error if it allows none.
    pub(super) fn begin(clients: Vec<Client>, portal_url: &str, access_token: Secret) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel();
        let (reported, reports) = mpsc::channel();
        let token = Arc::new(Mutex::new(Token { access_token, number: 0 }));
        let (waiting, pace) = (Arc::new(Mutex::new(waiting)), Arc::new(Pace::of(portal_url)));
        let mut refused = None;
        let mut begun = 0;
        for client in clients {
            let caller = Caller {
                client,
                portal_url: portal_url.to_owned(),
                pace: Arc::clone(&pace),
                token: Arc::clone(&token),
                clock: Clock::default(),
                reported: reported.clone(),
            };
            let waiting = Arc::clone(&waiting);
            match thread::Builder::new().spawn(move || caller.work(&waiting)) {
                Ok(_) => begun += 1,
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if begun == 0 => Err(error),
            _ => Ok(Self { jobs, reports, open: 0, token }),
        }
    }

    pub(super) fn ask(&mut self, job: Job) {
        self.open += 1;
        self.jobs.send(job).expect("threads wait for jobs as long as there is somebody to give them");
    }

    /// Whether all that was asked has been told.
    pub(super) fn is_done(&self) -> bool {
        self.open == 0
    }

    /// The next report, if one comes in time.
    pub(super) fn next(&mut self, limit: Duration) -> Option<Report> {
        match self.reports.recv_timeout(limit) {
            Ok(report) => {
                self.open -= usize::from(matches!(report, Report::Done(..)));
                Some(report)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => unreachable!("threads report as long as there are jobs"),
        }
    }

    /// Whether this is the number of a token that was replaced.
    pub(super) fn has_newer_token(&self, number: u32) -> bool {
        lock(&self.token).number != number
    }

    /// Replaces the token. Until that is done nobody calls.
    pub(super) fn renew<E>(&self, newer: impl FnOnce() -> Result<Secret, E>) -> Result<(), E> {
        let mut token = lock(&self.token);
        token.access_token = newer()?;
        token.number += 1;
        Ok(())
    }
}

/// What one thread calls with.
struct Caller {
    client: Client,
    portal_url: String,
    pace: Arc<Pace>,
    token: Arc<Mutex<Token>>,
    clock: Clock,
    reported: Sender<Report>,
}

impl Caller {
    /// Works until there is nobody any more who would give or take.
    fn work(&self, waiting: &Mutex<Receiver<Job>>) {
        loop {
            let Ok(job) = lock(waiting).recv() else { return };
            let found = self.find(&job);
            if self.reported.send(Report::Done(job, found)).is_err() {
                return;
            }
        }
    }

    fn find(&self, job: &Job) -> Result<Found, Trouble> {
        match job {
            Job::Accounts => {
                let page = |sso: &Sso<'_>, next_token: Option<&str>| sso.list_accounts(next_token);
                self.pages("ListAccounts", page).map(Found::Accounts)
            }
            Job::RolesIn { account_id } => {
                let page = |sso: &Sso<'_>, next_token: Option<&str>| sso.list_account_roles(account_id, next_token);
                let role_names = self.pages("ListAccountRoles", page)?;
                Ok(Found::RolesIn { account_id: account_id.clone(), role_names })
            }
        }
    }

    /// All pages of a list.
    fn pages<T>(
        &self,
        action: &'static str,
        page: impl Fn(&Sso<'_>, Option<&str>) -> Answer<Page<T>>,
    ) -> Result<Vec<T>, Trouble> {
        let endless = || Trouble::Refused(Box::new(self.endless(action)));
        all_pages(|from| self.call(|sso| page(sso, from)), endless)
    }

    /// The error for a list whose page leads back to one before it.
    fn endless(&self, action: &'static str) -> ServiceError {
        let why = "the list goes round in circles".to_owned();
        let reason = Reason::Unreadable { status: 200, why, request_id: None };
        let host = endpoint::host(&self.portal_url).to_owned();
        ServiceError { action, host, reason, clock_off: None, retry_after: None }
    }

    /// One answer, at the common pace, however many calls that takes.
    fn call<T>(&self, call: impl Fn(&Sso<'_>) -> Answer<T>) -> Result<T, Trouble> {
        /// A try is given up after that.
        const LIMIT: Duration = Duration::from_secs(15);
        let mut made = 0;
        loop {
            self.pace.wait();
            let (access_token, token) = self.token();
            let began = Instant::now();
            let sso = Sso {
                service: RestJson {
                    client: &self.client,
                    endpoint: &self.portal_url,
                    clock: &self.clock,
                    max_attempts: 1,
                    deadline: began + LIMIT,
                },
                access_token: &access_token,
            };
            let error = match call(&sso) {
                Ok(answer) => {
                    self.pace.answered();
                    return Ok(answer);
                }
                Err(error) if error.is_unauthorized() => return Err(Trouble::Unauthorized { token, refusal: error }),
                Err(error) => error,
            };
            let Some(retry) = error.retry() else { return Err(Trouble::Refused(error)) };
            if retry == Retry::Throttled {
                self.pace.refused(began, error.retry_after);
            }
            made += 1;
            if made >= most_tries(&error, retry) {
                return Err(Trouble::Exhausted(error));
            }
            // What a refusal for coming too early asks for, all threads keep.
            let asked_for = error.retry_after.filter(|_| retry != Retry::Throttled);
            self.tell(error, retry, made);
            thread::sleep(pause(retry, made - 1, asked_for));
        }
    }

    /// Tells of what a person would take for a command that hangs. A refusal or two for coming too early are no news.
    fn tell(&self, error: Box<ServiceError>, retry: Retry, made: u32) {
        const LONG: Duration = Duration::from_secs(5);
        let rest = error.retry_after.filter(|rest| retry == Retry::Throttled && *rest >= LONG);
        let usual = if retry == Retry::Throttled { 3 } else { 1 };
        if rest.is_some() || made > usual {
            // Nobody listens any more where the listing has ended.
            let _ = self.reported.send(Report::Again(error, rest));
        }
    }

    fn token(&self) -> (Secret, u32) {
        let Token { access_token, number } = &*lock(&self.token);
        (access_token.clone(), *number)
    }
}

/// A service that is busy is worth more patience than one that is broken, or not there.
fn most_tries(error: &ServiceError, retry: Retry) -> u32 {
    match error.reason {
        _ if retry == Retry::Throttled => 20,
        Reason::Unreadable { status: 200, .. } => 3,
        Reason::Refused { .. } | Reason::Unreadable { .. } => 6,
        Reason::Transport(_) | Reason::Unsendable => 4,
    }
}

/// Locks whether or not another thread panicked: what is locked here is whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
