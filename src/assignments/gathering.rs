//! What is asked for, and what becomes of the answers.

use super::crew::{Crew, Found, Job, Report, SIZE, Trouble};
use super::pace::LONGEST_REST;
use super::{Assigned, Assignments, Request, Reuse, Unread, words};
use crate::api::sso::Account;
use crate::api::{Reason, ServiceError};
use crate::cache::{Listed, Listing, ListingEntry, SsoToken};
use crate::context::{Clock, Context};
use crate::error::{Error, Exit};
use crate::provider::sso_token::{Held, SignIn};
use crate::terminal::Progress;
use crate::timestamp::{Timestamp, spoken};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a signal may go unnoticed.
const MOMENT: Duration = Duration::from_millis(50);
/// So many accounts may fail after many tries before the service as a whole counts as broken.
const MOST_EXHAUSTED: usize = 2 * SIZE;

/// A listing on its way.
pub(super) struct Gathering<'a> {
    request: &'a Request<'a>,
    context: &'a Context,
    token: SsoToken,
    /// The portal's first refusal of the token is its last: another one is not to be had.
    was_renewed: bool,
    crew: Crew,
    progress: Progress,
    /// By account; `None`: nobody has listed them yet.
    known: Option<BTreeMap<String, Listed>>,
    /// When they were.
    listed: Timestamp,
    /// Whether nothing is left to ask for, and that came from another run.
    is_adopted: bool,
    done: usize,
    /// By account, why it is of no use to ask again.
    refused: BTreeMap<String, Box<ServiceError>>,
    /// Why asking again and again did not help.
    exhausted: BTreeMap<String, Box<ServiceError>>,
    has_told: bool,
    entry: Option<ListingEntry>,
    kept: Instant,
}

impl<'a> Gathering<'a> {
    /// Begins where the last one stopped, if that was just now.
    pub(super) fn begin(request: &'a Request<'a>, context: &'a Context, held: Held) -> Result<Self, Error> {
        let Request { sign_in, portal_url, reuse } = request;
        let failed = || words::failed(&sign_in.session.title());
        let Held { token, was_tried } = held;
        let clients = (0..SIZE).map(|_| sign_in.settings.client(&context.vars, portal_url));
        let clients = clients.collect::<Result<_, _>>()?;
        let progress = Progress::begin("account").map_err(|error| error.explain(failed()))?;
        let identity = format!(
            "accounts {:?}",
            (&sign_in.session.sso_start_url, sign_in.sso_region, &sign_in.session.name, portal_url)
        );
        let entry = ListingEntry::of(&identity, sign_in.entry, &context.vars);
        let now = Clock::local();
        let read = entry.as_ref().and_then(|entry| entry.read(&token.access_token, now));
        let read = read.filter(|listing| !listing.is_whole || *reuse != Reuse::Never);
        let is_adopted = read.as_ref().is_some_and(|listing| listing.is_whole);
        let listed = read.as_ref().map_or(now, |listing| listing.listed);
        let known = read.map(|Listing { accounts, .. }| by_id(accounts));
        let done = known.iter().flat_map(BTreeMap::values).filter(|listed| listed.role_names.is_some()).count();
        if is_adopted {
            let when = match listed.until(now) {
                ago if ago < Duration::from_mins(1) => "just now".to_owned(),
                ago => format!("{} ago", spoken(ago)),
            };
            context.terminal.tell(&format!("Accounts and roles are as the dry run listed them {when}."));
        } else if done > 0 {
            context.terminal.note(&format!("{done} accounts are known from a listing that was cut short"));
        }
        let crew = Crew::begin(clients, portal_url, token.access_token.clone())
            .map_err(|error| failed().cause(format!("the machine allows no threads: {error}")))?;
        Ok(Self {
            request,
            context,
            was_renewed: was_tried,
            crew,
            token,
            progress,
            known,
            listed,
            is_adopted,
            done,
            refused: BTreeMap::new(),
            exhausted: BTreeMap::new(),
            has_told: false,
            entry,
            kept: Instant::now(),
        })
    }

    /// Everything, or what stood in the way; then what was read is kept.
    pub(super) fn finish(mut self) -> Result<Assignments, Error> {
        let gathered = self.gather().and_then(|()| self.refuse_gaps());
        // From here on a signal ends the process: what it came too late for is done.
        let gathered = match self.progress.end() {
            Err(_) if gathered.is_ok() => Err(self.interrupted()),
            _ => gathered,
        };
        match &gathered {
            Err(_) => self.keep(false),
            Ok(()) if self.is_adopted && self.request.reuse == Reuse::TakesAndLeaves => {}
            Ok(()) if self.request.reuse == Reuse::TakesAndLeaves => self.keep(true),
            // Whoever asks again does so because something has changed. What stays behind ends soon.
            Ok(()) => drop(self.entry.as_ref().map(ListingEntry::remove)),
        }
        gathered?;
        let (mut accounts, mut unread) = (Vec::new(), Vec::new());
        for (account_id, Listed { account, role_names, .. }) in self.known.unwrap_or_default() {
            match self.refused.remove(&account_id) {
                Some(why) => unread.push(Unread { account, why }),
                None => accounts.push(assigned(account, role_names)),
            }
        }
        Ok(Assignments { accounts, unread })
    }

    fn gather(&mut self) -> Result<(), Error> {
        match &self.known {
            None => self.crew.ask(Job::Accounts),
            Some(_) => self.ask_for_roles(),
        }
        while !self.crew.is_done() {
            match self.crew.next(MOMENT) {
                Some(Report::Done(job, found)) => self.take(job, found)?,
                Some(Report::Again(why, rest)) => self.tell(&why, rest),
                None => {}
            }
            if self.progress.was_interrupted() {
                return Err(self.interrupted());
            }
            if let Some(known) = &self.known {
                self.progress.show(self.done, known.len());
            }
            self.keep_now_and_then();
        }
        Ok(())
    }

    /// Tells once why it takes so long.
    fn tell(&mut self, why: &ServiceError, rest: Option<Duration>) {
        if !std::mem::replace(&mut self.has_told, true) {
            self.progress.hush();
            let when = rest.map(|rest| format!(" in {}", spoken(rest.min(LONGEST_REST)))).unwrap_or_default();
            self.context.terminal.warn(&format!("{why}; asking again{when}"));
        }
    }

    fn ask_for_roles(&mut self) {
        let open = self.known.iter().flatten().filter(|(_, listed)| listed.role_names.is_none());
        let jobs: Vec<Job> = open.map(|(account_id, _)| Job::RolesIn { account_id: account_id.clone() }).collect();
        for job in jobs {
            self.crew.ask(job);
        }
    }

    fn take(&mut self, job: Job, found: Result<Found, Trouble>) -> Result<(), Error> {
        match found {
            Ok(Found::Accounts(accounts)) => {
                self.known = Some(by_id(accounts.into_iter().map(Listed::new)));
                self.listed = Clock::local();
                self.ask_for_roles();
            }
            Ok(Found::RolesIn { account_id, role_names }) => {
                if let Some(listed) = self.known.as_mut().and_then(|known| known.get_mut(&account_id)) {
                    listed.set_role_names(role_names, Clock::local());
                    self.done += 1;
                }
            }
            Err(Trouble::Unauthorized { token, refusal }) => self.renew(token, &refusal, job)?,
            Err(Trouble::Refused(why)) => match job {
                Job::RolesIn { account_id } if !is_everywhere(&why) => drop(self.refused.insert(account_id, why)),
                _ => return Err(self.without_answer(&why)),
            },
            Err(Trouble::Exhausted(why)) => match job {
                Job::RolesIn { account_id } if !is_everywhere(&why) && self.exhausted.len() < MOST_EXHAUSTED => {
                    self.exhausted.insert(account_id, why);
                }
                _ => return Err(self.without_answer(&why)),
            },
        }
        Ok(())
    }

    /// Gets another token, once, and has the job done again.
    fn renew(&mut self, number: u32, refusal: &ServiceError, job: Job) -> Result<(), Error> {
        const PATIENCE: Duration = Duration::from_secs(30);
        if !self.crew.has_newer_token(number) {
            let refused = |listing: &Self| {
                let sign_in = listing.request.sign_in;
                let advice = sign_in.advice_against_the_token();
                let hint = format!("the sign-in to {} is not valid any more; {advice}", sign_in.session.title());
                listing.stopped(&refusal.to_string()).hint(hint).exit(Exit::SignInNeeded)
            };
            if self.was_renewed {
                return Err(refused(self));
            }
            self.was_renewed = true;
            if self.done > 0 {
                self.keep(false);
            }
            let sign_in = SignIn { deadline: Instant::now() + PATIENCE, ..*self.request.sign_in };
            let mut newer = None;
            let renew = || {
                let token = sign_in.newer_token(&self.token, self.context)?;
                let access_token = token.access_token.clone();
                newer = Some(token);
                Ok(access_token)
            };
            // That may take long, and nothing has to be put in order.
            self.progress.meanwhile(|| self.crew.renew(renew)).map_err(|error: Error| match error.exit {
                // The portal's word says why.
                Exit::SignInNeeded => refused(self),
                _ => Error { message: words::failed(&sign_in.session.title()).message, ..error },
            })?;
            self.token = newer.unwrap_or_else(|| self.token.clone());
        }
        self.crew.ask(job);
        Ok(())
    }

    fn keep_now_and_then(&mut self) {
        const PAUSE: Duration = Duration::from_secs(2);
        if self.done > 0 && self.kept.elapsed() >= PAUSE {
            self.keep(false);
        }
    }

    fn keep(&mut self, is_whole: bool) {
        self.kept = Instant::now();
        let (Some(entry), Some(known)) = (&self.entry, &self.known) else { return };
        let times = [self.listed, Clock::local()];
        if let Err(error) = entry.write(&self.token.access_token, known.values(), times, is_whole) {
            self.progress.hush();
            self.context.terminal.note(&format!("cannot keep what was listed, the next run begins anew: {error}"));
        }
    }
}

/// The errors.
impl Gathering<'_> {
    /// The error of a listing that ended before its time.
    fn stopped(&self, why: &str) -> Error {
        words::stopped(
            &self.request.sign_in.session.title(),
            why,
            self.known.as_ref().map(|known| (self.done, known.len())),
        )
    }

    fn interrupted(&self) -> Error {
        self.stopped("interrupted").exit(Exit::Interrupted)
    }

    fn without_answer(&self, why: &ServiceError) -> Error {
        let hint = words::hint(why, self.request.sign_in.sso_region, self.known.is_some());
        self.stopped(&why.to_string()).hint(hint)
    }

    fn refuse_gaps(&self) -> Result<(), Error> {
        if self.exhausted.is_empty() {
            return Ok(());
        }
        let all = self.known.as_ref().map_or(0, BTreeMap::len);
        let unread: BTreeMap<_, _> = self.exhausted.iter().chain(&self.refused).collect();
        let unread = unread.into_iter().map(|(account_id, why)| (account_id.as_str(), &**why));
        Err(words::gaps(&self.request.sign_in.session.title(), unread, all)
            .hint("run it again within 15 minutes, and it asks for these alone"))
    }
}

/// Whether other accounts would fare no better.
fn is_everywhere(why: &ServiceError) -> bool {
    match &why.reason {
        Reason::Transport(_) | Reason::Unsendable => true,
        Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => *status == 429,
    }
}

fn by_id(accounts: impl IntoIterator<Item = Listed>) -> BTreeMap<String, Listed> {
    accounts.into_iter().map(|listed| (listed.account.account_id.clone(), listed)).collect()
}

fn assigned(account: Account, role_names: Option<Vec<String>>) -> Assigned {
    let mut role_names = role_names.unwrap_or_default();
    role_names.sort_unstable();
    role_names.dedup();
    Assigned { account, role_names }
}
