//! Walking a plan back from its last role: what the cache holds fresh is the answer; else the credentials of
//! the links before it, this link's provider, and into the cache.

mod machine;
mod mfa_session;
mod outlook;
mod saml;
mod web_identity;

pub(crate) use outlook::{Act, Outlook};

use crate::api::endpoint::{Endpoint, Region};
use crate::api::http::Client;
use crate::api::sts::Sts;
use crate::api::{Answer, ServiceError};
use crate::cache::{Budget, Entry, Flight, LoginEntry, Renewing, Sharing, SsoEntry};
use crate::chain::{Role, Source, SsoRole};
use crate::context::{Clock, Context};
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::plan::Plan;
use crate::provider::advice::{self, Attempt};
use crate::provider::mfa::{Again, Codes};
use crate::provider::sso_token::SignIn;
use crate::provider::{assume_role, credential_process, login_session, sso, store, web_identity as token_file};
use crate::secret::Secret;
use crate::settings::Service;
use crate::store::Patience;
use crate::timestamp::Timestamp;
use std::cell::{Cell, OnceCell};
use std::time::{Duration, Instant};

/// One walk along one plan.
pub(crate) struct Walk<'a> {
    context: &'a Context,
    plan: &'a Plan<'a>,
    /// `--mfa-code`.
    code: Option<&'a Secret>,
    started: Timestamp,
    service: OnceCell<(Endpoint, Client)>,
    /// How long the calls to STS took so far; the time of people and programs does not count.
    spent: Cell<Duration>,
}

/// A role with its number in the chain, counted from 1.
#[derive(Clone, Copy)]
struct Hop<'a> {
    depth: usize,
    role: &'a Role<'a>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(context: &'a Context, plan: &'a Plan<'a>, code: Option<&'a Secret>) -> Self {
        Self { context, plan, code, started: Clock::local(), service: OnceCell::new(), spent: Cell::default() }
    }

    /// The credentials at the end of the road.
    pub(crate) fn credentials(&self) -> Result<Credentials, Error> {
        self.link(self.plan.chain.roles.len(), Budget::NEEDED)
    }

    /// Forgets the last link's credentials, because a service refused them. `false` when they cannot be renewed.
    pub(crate) fn discard(&self, refused: &Credentials) -> bool {
        self.discard_link(self.plan.chain.roles.len(), refused)
    }

    /// STS, for calls that end within `budget` together with those before.
    pub(crate) fn sts(&self, budget: Budget) -> Result<Sts<'_>, Error> {
        let (endpoint, client) = match self.service.get() {
            Some(service) => service,
            None => {
                let settings = &self.plan.settings;
                let endpoint = settings.sts(self.plan.chain.role_arn())?;
                let client = settings.client(&self.context.vars, &endpoint.url)?;
                self.service.get_or_init(|| (endpoint, client))
            }
        };
        let max_attempts = self.plan.settings.max_attempts;
        let budget = budget.0.saturating_sub(self.spent.get());
        Ok(Sts { client, endpoint, clock: &self.context.clock, max_attempts, budget })
    }

    /// Makes a call, and counts its time.
    fn timed<T>(&self, call: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let answer = call();
        self.spent.set(self.spent.get() + began.elapsed());
        answer
    }

    /// The credentials after `depth` roles.
    fn link(&self, depth: usize, budget: Budget) -> Result<Credentials, Error> {
        let Some(role) = depth.checked_sub(1).map(|index| &self.plan.chain.roles[index]) else {
            return self.base(budget);
        };
        let hop = Hop { depth, role };
        self.cached(&self.identity(depth), &|| self.renewing(hop), budget, &mut |budget| self.assume(hop, budget))
    }

    fn identity(&self, depth: usize) -> String {
        self.plan.identity(depth, &self.context.vars)
    }

    fn cached(
        &self,
        identity: &str,
        renewal: &dyn Fn() -> Renewing,
        budget: Budget,
        renew: &mut dyn FnMut(Budget) -> Result<Credentials, Error>,
    ) -> Result<Credentials, Error> {
        let Some(entry) = Entry::of(identity, &self.context.vars) else { return renew(budget) };
        let entry = match &self.plan.chain.base.source {
            Source::WebIdentity(identity) => entry.of_subject(&token_file::subject(identity, &self.context.vars)),
            _ => entry,
        };
        let entry = entry.got_by(match &self.plan.chain.base.source {
            Source::Sso(role) => Some(role.session.named_after()),
            _ => None,
        });
        let Context { clock, terminal, .. } = self.context;
        Flight { store: &entry, clock, terminal, renewal, budget, started: self.started }.credentials(renew)
    }

    fn base(&self, budget: Budget) -> Result<Credentials, Error> {
        match &self.plan.chain.base.source {
            Source::Keys(keys) => Ok(keys.clone()),
            Source::Store { store, profile, access_key_id, aws_account_id } => {
                let request = store::Request {
                    store,
                    profile,
                    access_key_id,
                    aws_account_id: aws_account_id.as_deref(),
                    // While there is something to hand out, nobody is asked.
                    patience: if budget < Budget::NEEDED { Patience::Short(budget.0) } else { Patience::OfAPerson },
                };
                store::credentials(&request, self.context)
            }
            Source::Environment(keys) => self.environment(keys),
            Source::CredentialProcess { credential_process, aws_account_id } => {
                let program = || Renewing {
                    longest: Budget::NEEDED.for_a_program(),
                    may_be_repeated: false,
                    sharing: Sharing::WithoutCause,
                    ..Renewing::calls()
                };
                self.cached(&self.identity(0), &program, budget, &mut |budget| {
                    let Context { vars, clock, .. } = self.context;
                    let request = credential_process::Request {
                        command: credential_process,
                        profile: self.plan.base_profile(),
                        aws_account_id: aws_account_id.as_deref(),
                        limit: budget.for_a_program(),
                    };
                    credential_process::credentials(&request, vars, clock)
                })
            }
            Source::LoginSession { login_session } => self.login_session(login_session, budget),
            Source::Sso(role) => {
                self.cached(&self.identity(0), &Renewing::calls, budget, &mut |budget| self.sso(role, budget))
            }
            Source::WebIdentity(identity) => self.web_identity(identity, budget),
            Source::EcsContainer => self.ecs_container(budget),
            Source::Ec2InstanceMetadata => self.ec2_instance_metadata(budget),
            Source::Saml(role) => self.saml(role, budget),
        }
    }

    fn sso(&self, role: &SsoRole, budget: Budget) -> Result<Credentials, Error> {
        let SsoRole { session, sso_region, sso_account_id, sso_role_name } = role;
        let Plan { profiles, settings, .. } = self.plan;
        let vars = &self.context.vars;
        let profile = self.plan.base_profile();
        let entry = SsoEntry::of(session.named_after(), vars)?;
        let selected = self.plan.selected()?;
        let endpoint = |service| settings.endpoint(service, sso_region, vars, profiles, selected.as_ref());
        let sign_in = SignIn {
            entry: &entry,
            session,
            sso_region,
            profile,
            oidc_url: &endpoint(Service::SsoOidc)?,
            settings,
            deadline: Instant::now() + budget.0.saturating_sub(self.spent.get()),
        };
        let request =
            sso::Request { sign_in, sso_account_id, sso_role_name, portal_url: &endpoint(Service::SsoPortal)? };
        let credentials = self.timed(|| sso::credentials(&request, self.context))?;
        self.refuse_expired(&credentials)?;
        Ok(credentials)
    }

    fn login_session(&self, login_session: &str, budget: Budget) -> Result<Credentials, Error> {
        let Context { vars, clock, terminal, .. } = self.context;
        let profile = self.plan.base_profile();
        let entry = LoginEntry::of(login_session, profile, vars)?;
        // A refresh token is good for one use.
        let renewal = &|| Renewing { may_be_repeated: false, ..Renewing::calls() };
        let flight = Flight { store: &entry, clock, terminal, renewal, budget, started: self.started };
        flight.credentials(&mut |budget| {
            let left = |budget: Budget| budget.0.saturating_sub(self.spent.get());
            let request = login_session::Request {
                entry: &entry,
                profile,
                token_urls: &self.token_urls(&entry, profile)?,
                settings: &self.plan.settings,
                budget: left(budget),
                // Also while the old credentials live: the answer carries the next token.
                patience: left(Budget::NEEDED),
            };
            self.timed(|| login_session::renew(&request, self.context))
        })
    }

    /// Where a session may have been issued: where it says, else where its profile or this run is; then where its
    /// profile is.
    fn token_urls(&self, entry: &LoginEntry, profile: &str) -> Result<Vec<String>, Error> {
        let Plan { profiles, settings, .. } = self.plan;
        let section = profiles.profile(profile)?;
        let region = section.as_ref().map(|section| section.get("region")).transpose()?.flatten();
        let of_profile = region.and_then(|region| Region::parse(&region.value));
        let of_session = entry.read()?.sign_in_region.and_then(|region| Region::parse(&region));
        let of_run = if profile == self.plan.profile { settings.region.as_ref() } else { None };
        let first = of_session.as_ref().or(of_run).or(of_profile.as_ref()).or(settings.region.as_ref());
        let second = of_profile.as_ref().filter(|region| Some(*region) != first);
        let url = |region| settings.token_url(region, &self.context.vars, profiles, section.as_ref());
        let mut urls: Vec<String> = first.into_iter().chain(second).map(url).collect::<Result<_, _>>()?;
        // One endpoint may have been set for all regions.
        urls.dedup();
        Ok(urls)
    }

    /// Long-term keys do not expire, whatever an old `AWS_CREDENTIAL_EXPIRATION` says.
    fn environment(&self, keys: &Credentials) -> Result<Credentials, Error> {
        let expiration = keys.expiration.filter(|_| keys.session_token.is_some());
        match expiration {
            Some(end) if end <= self.context.clock.now() => {
                Err(Error::new("the credentials in the environment have expired")
                    .cause(format!("AWS_CREDENTIAL_EXPIRATION is {end}"))
                    .hint("get new ones, or unset AWS_ACCESS_KEY_ID and its companions: eval \"$(keyfob env --unset)\"")
                    .exit(Exit::SignInNeeded))
            }
            _ => Ok(Credentials { expiration, ..keys.clone() }),
        }
    }

    /// Assumes a role. Should the service find the credentials before it ended, they are renewed once.
    fn assume(&self, hop: Hop<'_>, budget: Budget) -> Result<Credentials, Error> {
        let caller = self.caller(hop, budget)?;
        match self.call(hop, &caller, budget)? {
            Err(refusal) if refusal.refuses_the_caller() && self.discard_caller(hop, &caller) => {
                self.context.terminal.note("the cached credentials of the link before were refused; renewing them");
                let caller = self.caller(hop, budget)?;
                self.call(hop, &caller, budget)?.map_err(|refusal| self.advise(&refusal, hop, &caller))
            }
            assumed => assumed.map_err(|refusal| self.advise(&refusal, hop, &caller)),
        }
    }

    fn advise(&self, refusal: &ServiceError, hop: Hop<'_>, caller: &Credentials) -> Error {
        let Hop { depth, role } = hop;
        let before = depth.checked_sub(2).map(|index| self.plan.chain.roles[index].profile.as_str());
        let source = before.or(self.plan.chain.base.profile()).unwrap_or(&role.profile);
        let attempt = Attempt { profile: &role.profile, caller, source, role: Some(assume_role::facts(role)) };
        advice::explain(refusal, attempt)
    }

    fn call(&self, hop: Hop<'_>, caller: &Credentials, budget: Budget) -> Result<Answer<Credentials>, Error> {
        let Context { vars, terminal, .. } = self.context;
        let sts = self.sts(budget)?;
        let call =
            |code: Option<&Secret>| self.timed(|| assume_role::call(&sts, caller, hop.role, code, vars, terminal));
        let assumed = match self.own_codes(hop) {
            None => call(None),
            Some(codes) => self.with_code(codes, &|code| call(Some(code)))?,
        };
        if let Ok(credentials) = &assumed {
            self.refuse_expired(credentials)?;
        }
        Ok(assumed)
    }

    /// Makes a call that takes a code; a person who mistyped it is asked once more.
    fn with_code(
        &self,
        codes: Codes<'_>,
        call: &dyn Fn(&Secret) -> Answer<Credentials>,
    ) -> Result<Answer<Credentials>, Error> {
        match call(&codes.get(&self.context.terminal, Again::No)?) {
            Err(refusal) if codes.asks_a_person() && refusal.message().contains("one time pass code") => {
                Ok(call(&codes.get(&self.context.terminal, Again::Refused)?))
            }
            answer => Ok(answer),
        }
    }

    /// SDKs reject expired credentials, each in its own words; these are ours.
    fn refuse_expired(&self, credentials: &Credentials) -> Result<(), Error> {
        match credentials.expiration {
            Some(end) if end <= self.context.clock.now() => Err(Error::new("AWS issued credentials that have expired")
                .cause(format!("they ended at {end}, and this machine's clock says {}", self.context.clock.now()))
                .hint("set this machine's clock")),
            _ => Ok(()),
        }
    }

    /// Whose credentials assume this role.
    fn caller(&self, hop: Hop<'_>, budget: Budget) -> Result<Credentials, Error> {
        if hop.depth > 1 {
            return self.link(hop.depth - 1, budget);
        }
        match self.primed() {
            Some(codes) => self.session(codes, budget),
            None => self.base(budget),
        }
    }

    fn discard_caller(&self, hop: Hop<'_>, refused: &Credentials) -> bool {
        match self.primed().filter(|_| hop.depth == 1) {
            Some(codes) => self.discard_entry(&self.session_identity(codes.serial), refused),
            None => self.discard_link(hop.depth - 1, refused),
        }
    }

    fn discard_link(&self, depth: usize, refused: &Credentials) -> bool {
        let base = &self.plan.chain.base.source;
        let renewable = depth > 0
            || matches!(
                base,
                Source::CredentialProcess { .. } | Source::Sso(_) | Source::WebIdentity(_) | Source::Saml(_)
            );
        renewable && self.discard_entry(&self.identity(depth), refused)
    }

    fn discard_entry(&self, identity: &str, refused: &Credentials) -> bool {
        Entry::of(identity, &self.context.vars).is_some_and(|entry| entry.discard(refused))
    }
}
