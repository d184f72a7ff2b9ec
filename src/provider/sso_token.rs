//! The token of a person's sign-in to IAM Identity Center: found, and renewed where that is due.
//!
//! The AWS CLI, the SDKs and keyfob share the tokens and renew them in turn, as OAuth 2.0 has it (RFC 6749, section 6).
//! Others know no lock, so a file that did not help is looked at once more: another tool may have renewed it meanwhile.
//! Tokens of profiles that name their start URL themselves are never renewed, by no tool.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html>

use super::{advice, look_again};
use crate::api::endpoint::Region;
use crate::api::rest_json::RestJson;
use crate::api::sso_oidc::{Grant, SsoOidc, Token};
use crate::api::{Answer, Reason, ServiceError};
use crate::cache::{Missing, Renewable, SsoEntry, SsoRenewal, SsoToken};
use crate::chain::SsoSession;
use crate::context::{Clock, Context};
use crate::error::{Error, Exit};
use crate::file::{self, LockFile};
use crate::settings::Settings;
use crate::shell;
use crate::timestamp::{Timestamp, spoken};
use std::time::{Duration, Instant};

/// A person's sign-in: where its token is, and by which settings it is renewed.
pub(crate) struct SignIn<'a> {
    pub(crate) entry: &'a SsoEntry,
    pub(crate) session: &'a SsoSession,
    /// The session's, as a name that can be part of a host's.
    pub(crate) sso_region: &'a Region,
    /// The profile that says all this.
    pub(crate) profile: &'a str,
    pub(crate) oidc_url: &'a str,
    pub(crate) settings: &'a Settings,
    /// All calls end by then.
    pub(crate) deadline: Instant,
}

/// A token, and whether a renewal was tried just now, by this process or by another that failed: to try again would
/// bring the same.
pub(crate) struct Held {
    pub(crate) token: SsoToken,
    pub(crate) was_tried: bool,
}

impl SignIn<'_> {
    /// The token. While it lives nobody waits for long, and a renewal that fails does no harm.
    pub(crate) fn token(&self, context: &Context) -> Result<Held, Error> {
        const SPARE: Duration = Duration::from_secs(5);
        let started = Clock::local();
        let token = self.read(context)?;
        let now = context.clock.now();
        if token.is_fresh(now) || (token.is_alive(now) && self.renewable(&token, now).is_err()) {
            return Ok(Held { token, was_tried: false });
        }
        if !token.is_alive(now) {
            let _lock = self.lock(self.patience());
            return self.renew(&token, started, self.deadline, context);
        }
        let Some(_lock) = self.lock(Duration::ZERO) else { return Ok(Held { token, was_tried: false }) };
        if self.entry.failed_lately() {
            return Ok(Held { token, was_tried: true });
        }
        let deadline = self.deadline.min(Instant::now() + SPARE);
        self.renew(&token, started, deadline, context).or_else(|error| {
            let why = error.cause.unwrap_or(error.message);
            context.terminal.note(&format!("the sign-in still lives, but renewing it failed: {why}"));
            Ok(Held { token, was_tried: true })
        })
    }

    /// Another token than one that was refused before its time.
    pub(crate) fn newer_token(&self, refused: &SsoToken, context: &Context) -> Result<SsoToken, Error> {
        let started = Clock::local();
        let _lock = self.lock(self.patience());
        self.renew(refused, started, self.deadline, context).map(|held| held.token)
    }

    /// Another token than one that has ended. To be called under the lock.
    pub(crate) fn renewed(&self, ended: &SsoToken, context: &Context) -> Result<SsoToken, Error> {
        self.renew(ended, Clock::local(), self.deadline, context).map(|held| held.token)
    }

    /// How long others are waited for.
    fn patience(&self) -> Duration {
        file::PATIENCE.min(self.deadline.saturating_duration_since(Instant::now()))
    }

    fn read(&self, context: &Context) -> Result<SsoToken, Error> {
        self.entry.read().map_err(|missing| self.not_there(&missing, context))
    }

    /// What is never renewed needs no lock.
    fn lock(&self, patience: Duration) -> Option<LockFile> {
        self.session.name.as_ref().and_then(|_| self.entry.lock(patience))
    }

    /// Renews the token, or adopts what another process or tool has made of it; a failure, too, where this process has
    /// wanted the token since `started`. To be called under the lock.
    fn renew(&self, token: &SsoToken, started: Timestamp, deadline: Instant, context: &Context) -> Result<Held, Error> {
        let read = self.read(context)?;
        let now = context.clock.now();
        if read.differs_from(token) && read.is_fresh(now) {
            return Ok(Held { token: read, was_tried: false });
        }
        let current = match self.entry.finish_renewal(&read) {
            Some(left_behind) if left_behind.is_fresh(now) => return Ok(Held { token: left_behind, was_tried: false }),
            left_behind => left_behind.unwrap_or_else(|| read.clone()),
        };
        let renewable = self.renewable(&current, now).map_err(|why| self.ended(&current, now, why))?;
        if let Some(failure) = self.entry.failure_of_others(started) {
            // The roles of a session are many profiles'.
            return Err(Error { message: self.failed().message, ..failure });
        }
        self.entry.try_writing().map_err(|error| {
            self.failed().cause(format!("the token's file could not be written, which would lose the sign-in: {error}"))
        })?;
        let token = match self.create_token(renewable, deadline, context)? {
            Ok(answer) => Ok(self.keep([&read, &current], answer, context)),
            Err(refusal) => {
                self.adopted(&current, &refusal, now).ok_or_else(|| self.explain(&refusal, current.is_alive(now)))
            }
        };
        self.entry.tell_others(token.as_ref().err());
        Ok(Held { token: token?, was_tried: true })
    }

    /// What a renewal takes, or why there can be none.
    fn renewable<'t>(&self, token: &'t SsoToken, now: Timestamp) -> Result<&'t Renewable, &'static str> {
        let renewable = token.renewal.as_ref().filter(|_| self.session.name.is_some());
        let renewable = renewable.ok_or("it cannot be renewed")?;
        if renewable.registration_expiration > now { Ok(renewable) } else { Err("so has the client's registration") }
    }

    fn create_token(
        &self,
        renewable: &Renewable,
        deadline: Instant,
        context: &Context,
    ) -> Result<Answer<Token>, Error> {
        let client = self.settings.client(&context.vars, self.oidc_url)?;
        let service = SsoOidc {
            service: RestJson {
                client: &client,
                endpoint: self.oidc_url,
                clock: &context.clock,
                max_attempts: self.settings.max_attempts,
                deadline,
            },
        };
        let Renewable { refresh_token, client_id, client_secret, registration_expiration: _ } = renewable;
        let grant = Grant::RefreshToken { refresh_token: refresh_token.expose() };
        Ok(service.create_token(client_id, client_secret, &grant))
    }

    /// Renews the second of these tokens, and writes it in the place of either before it is used.
    fn keep(&self, [read, current]: [&SsoToken; 2], answer: Token, context: &Context) -> SsoToken {
        // Every reader compares with its own clock.
        let expiration = Clock::local() + answer.life();
        let Token { access_token, refresh_token, .. } = answer;
        let (sso_start_url, sso_region) = (self.session.sso_start_url.as_str(), self.sso_region.as_str());
        let renewed =
            current.clone().renewed(SsoRenewal { access_token, expiration, refresh_token, sso_start_url, sso_region });
        let terminal = &context.terminal;
        match self.entry.write_renewal([read, current], &renewed) {
            Ok(true) => {}
            Ok(false) => terminal.note("the token is not there any more that was renewed, so the new one is not kept"),
            // The old refresh token is spent, so what is in hand is the last that there is.
            Err(error) => terminal.warn(&format!("cannot write the renewed token, it ends with this run: {error}")),
        }
        renewed
    }

    /// What another tool, which does not know our lock, has made of the token meanwhile.
    fn adopted(&self, token: &SsoToken, refusal: &ServiceError, now: Timestamp) -> Option<SsoToken> {
        // The refresh token is spent, perhaps by one that has yet to write the next.
        let looks = if refusal.code() == SPENT && !token.is_alive(now) { 4 } else { 1 };
        look_again(looks, || {
            self.entry.read().ok().filter(|newer| newer.differs_from(token) && newer.is_alive(Clock::local()))
        })
    }
}

/// The service's word for a refresh token that was used already, or whose sign-in is over.
const SPENT: &str = "invalid_grant";

/// The texts.
impl SignIn<'_> {
    pub(crate) fn failed(&self) -> Error {
        Error::new(format!("cannot get credentials for profile \"{}\"", self.profile))
    }

    /// How to sign in.
    pub(crate) fn advice(&self) -> String {
        format!("sign in: `keyfob sso login {}`", self.words())
    }

    /// How to sign in although a token is there that looks as if it were good: AWS has refused it.
    pub(crate) fn advice_against_the_token(&self) -> String {
        format!("sign in: `keyfob sso login --force {}`", self.words())
    }

    /// What names it on the command line.
    pub(super) fn words(&self) -> String {
        match &self.session.name {
            Some(name) => format!("--sso-session {}", shell::word(name)),
            None => shell::word(self.profile).to_string(),
        }
    }

    fn not_there(&self, missing: &Missing, context: &Context) -> Error {
        let (place, path) = (self.session.title(), self.entry.path().display());
        match missing {
            Missing::Absent => {
                let advice = match self.other_spelling(context) {
                    Some(url) => format!("a sign-in to {url} is there: spell sso_start_url so, or {}", self.advice()),
                    None => self.advice(),
                };
                let cause = format!("nobody is signed in to {place}: there is no \"{path}\"");
                self.failed().cause(cause).hint(advice).exit(Exit::SignInNeeded)
            }
            Missing::Refused(why) => self.failed().cause(format!("cannot read \"{path}\": {why}")),
            Missing::Damaged(why) => {
                let cause = format!("the sign-in to {place} cannot be used: \"{path}\": {why}");
                self.failed().cause(cause).hint(self.advice()).exit(Exit::SignInNeeded)
            }
        }
    }

    /// The same start URL, spelt in another way and with a token of its own: names of files follow the letter.
    fn other_spelling(&self, context: &Context) -> Option<String> {
        let start_url = &self.session.sso_start_url;
        let bare = start_url.trim_end_matches(['/', '#']);
        let spellings = ["", "/", "#", "#/"].map(|end| format!("{bare}{end}"));
        let has_token = |url: &String| SsoEntry::of(url, &context.vars).is_ok_and(|entry| entry.read().is_ok());
        let others = spellings.into_iter().filter(|url| url != start_url);
        others.filter(|_| self.session.name.is_none()).find(has_token)
    }

    fn ended(&self, token: &SsoToken, now: Timestamp, why: &str) -> Error {
        let age = spoken(token.expiration.until(now));
        let hint = match self.session.name {
            Some(_) => self.advice(),
            None => format!("{}; that of an sso-session in the config file would renew itself", self.advice()),
        };
        let cause = format!("the sign-in to {} ended {age} ago, and {why}", self.session.title());
        self.failed().cause(cause).hint(hint).exit(Exit::SignInNeeded)
    }

    /// What the service said to a renewal.
    fn explain(&self, refusal: &ServiceError, looks_alive: bool) -> Error {
        let error = self.failed().cause(refusal.to_string());
        let signed_out = match refusal.code() {
            // No sign-in helps against that.
            _ if refusal.is_about_keys() => return error.hint(self.hint(refusal)),
            SPENT | "expired_token" | "access_denied" | "unauthorized_client" => "AWS has ended the sign-in",
            "invalid_client" => "the client that signed in is not registered any more",
            _ => return error.hint(self.hint(refusal)),
        };
        let advice = if looks_alive { self.advice_against_the_token() } else { self.advice() };
        error.hint(format!("{signed_out}; {advice}")).exit(Exit::SignInNeeded)
    }

    /// For refusals that a new sign-in does not help.
    fn hint(&self, refusal: &ServiceError) -> String {
        match &refusal.reason {
            _ if refusal.is_about_keys() => {
                "the KMS key that Identity Center is encrypted with stands in the way; ask whoever manages it".into()
            }
            Reason::Refused { status: 400, code, .. } if code.starts_with("invalid_request") => format!(
                "check sso_region, which is {}: it is the region where Identity Center was enabled",
                self.sso_region
            ),
            Reason::Refused { status: 429, .. } => "too many calls; wait a moment".into(),
            Reason::Refused { .. } => "try again in a moment".into(),
            Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => advice::no_answer(refusal),
        }
    }
}
