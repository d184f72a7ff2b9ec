//! `login_session`: a console sign-in, whose session the AWS CLI, the SDKs and keyfob share and renew in turn.
//!
//! A refresh token is good for one use, in the region where it was issued. So a session is renewed under its lock,
//! after another look at the file, and nothing is handed out before the next token is safely on disk.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html>

use super::{advice, look_again};
use crate::api::dpop::DpopKey;
use crate::api::id_token::IdToken;
use crate::api::signin::{Grant, SignIn, Tokens};
use crate::api::{Answer, Reason, ServiceError};
use crate::cache::{LoginEntry, LoginToken, Renewal};
use crate::context::{Clock, Context};
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::settings::Settings;
use crate::timestamp::Timestamp;
use std::path::Path;
use std::time::{Duration, Instant};

/// When a session has ended at the latest. `None` where it does not say when it began.
pub(crate) fn latest_end(token: &LoginToken) -> Option<Timestamp> {
    /// No session of the service outlasts it.
    const LONGEST: Duration = Duration::from_hours(12);
    let id_token = IdToken::parse(token.id_token.as_ref()?.expose())?;
    Some(id_token.issued? + LONGEST)
}

/// One renewal: of what, for whom, and by which settings.
pub(crate) struct Request<'a> {
    pub(crate) entry: &'a LoginEntry,
    /// The profile that holds the `login_session`.
    pub(crate) profile: &'a str,
    /// Where it may have been issued, in the order in which to ask.
    pub(crate) token_urls: &'a [String],
    pub(crate) settings: &'a Settings,
    /// No try begins after that.
    pub(crate) budget: Duration,
    /// All tries together end by then.
    pub(crate) patience: Duration,
}

/// Renews a session, or adopts the renewal of another tool. To be called under the session's lock.
pub(crate) fn renew(request: &Request<'_>, context: &Context) -> Result<Credentials, Error> {
    let read = request.entry.read()?;
    let left_behind = if read.is_fresh(context.clock.now()) { None } else { request.entry.finish_renewal(&read) };
    let token = left_behind.unwrap_or_else(|| read.clone());
    if token.is_fresh(context.clock.now()) {
        return Ok(token.credentials);
    }
    let key = DpopKey::from_pem(token.dpop_key.expose()).ok_or_else(|| {
        let path: &Path = request.entry.as_ref();
        failed(request)
            .cause(format!("\"{}\": dpopKey is no pair of keys of the P-256 curve", path.display()))
            .hint(request.entry.advice())
    })?;
    request.entry.try_writing().map_err(|error| {
        let why = format!("the session's file could not be written, which would lose it: {error}");
        failed(request).cause(why).exit(Exit::Failed)
    })?;
    match refresh(request, &token, &key, context)? {
        Ok(tokens) => Ok(keep(request, [&read, &token], tokens, context)),
        Err(refusal) => match adopted(request, &token, &refusal) {
            Some(newer) => Ok(newer.credentials),
            None => Err(explain(request, &refusal)),
        },
    }
}

/// Asks in one region after the other, as long as the answer may come from asking in the wrong one.
fn refresh(
    request: &Request<'_>,
    token: &LoginToken,
    key: &DpopKey,
    context: &Context,
) -> Result<Answer<Tokens>, Error> {
    let max_attempts = request.settings.max_attempts;
    let began = Instant::now();
    let mut answer = None;
    for token_url in request.token_urls {
        context.terminal.note(&format!("renewing the session of profile \"{}\" at {token_url}", request.profile));
        let client = request.settings.client(&context.vars, token_url)?;
        let left = |span: Duration| span.saturating_sub(began.elapsed());
        let (budget, patience) = (left(request.budget), left(request.patience));
        let clock = &context.clock;
        let service = SignIn { client: &client, token_url, clock, max_attempts, budget, patience };
        let refresh_token = token.refresh_token.expose();
        let grant = Grant::RefreshToken { client_id: &token.client_id, refresh_token };
        let refreshed = service.create_oauth2_token(&grant, key);
        let may_be_elsewhere = refreshed.as_ref().is_err_and(|refusal| is_invalid(refusal));
        answer = Some(refreshed);
        if !may_be_elsewhere {
            break;
        }
    }
    answer.ok_or_else(|| {
        failed(request)
            .cause("the session does not say in which region it was signed in, and no region is set")
            .hint(format!("add `region` to profile \"{}\"", request.profile))
            .exit(Exit::Failed)
    })
}

/// Throttling is told under the same name.
fn is_invalid(refusal: &ServiceError) -> bool {
    matches!(&refusal.reason, Reason::Refused { status, code, .. } if code == "INVALID_REQUEST" && *status != 429)
}

/// Renews the second of these states of a session, and writes it in the place of either before its credentials are
/// handed out.
fn keep(request: &Request<'_>, [read, current]: [&LoginToken; 2], tokens: Tokens, context: &Context) -> Credentials {
    let renewed = current.clone().renewed(renewal(tokens));
    let terminal = &context.terminal;
    match request.entry.write_renewal([read, current], &renewed) {
        Ok(true) => {}
        Ok(false) => terminal.note("the session is not there any more that was renewed, so the new one is not kept"),
        // The old refresh token is spent, so what is in hand is the last that there is.
        Err(error) => {
            terminal.warn(&format!("cannot write the renewed session, it ends with these credentials: {error}"));
        }
    }
    renewed.credentials
}

/// The part of an answer that a session keeps until the next one.
pub(crate) fn renewal(tokens: Tokens) -> Renewal {
    let Tokens { access_key_id, secret_access_key, session_token, refresh_token, expires_in, .. } = tokens;
    // Every reader compares with its own clock.
    let expiration = Clock::local() + expires_in;
    Renewal { access_key_id, secret_access_key, session_token, refresh_token, expiration }
}

/// What another tool, which does not know our lock, has made of the session meanwhile.
fn adopted(request: &Request<'_>, token: &LoginToken, refusal: &ServiceError) -> Option<LoginToken> {
    const LOOKS: u32 = 4;
    if refusal.code() != "TOKEN_EXPIRED" && !is_invalid(refusal) {
        return None;
    }
    look_again(LOOKS, || {
        request.entry.read().ok().filter(|newer| token.differs_from(newer) && newer.is_fresh(Clock::local()))
    })
}

fn failed(request: &Request<'_>) -> Error {
    Error::new(format!("cannot renew the console sign-in of profile \"{}\"", request.profile)).exit(Exit::SignInNeeded)
}

fn explain(request: &Request<'_>, refusal: &ServiceError) -> Error {
    let error = failed(request).cause(refusal.to_string());
    let advice = request.entry.advice();
    match (&refusal.reason, refusal.code()) {
        (_, "TOKEN_EXPIRED" | "AUTHCODE_EXPIRED") if refusal.clock_off.is_some() => {
            error.hint(format!("set this machine's clock; if that does not help, {advice}"))
        }
        (_, "TOKEN_EXPIRED" | "AUTHCODE_EXPIRED") => error.hint(format!("the session is over; {advice}")),
        (_, "USER_CREDENTIALS_CHANGED") => error.hint(format!("the user's password has changed; {advice}")),
        (_, "INSUFFICIENT_PERMISSIONS") => error
            .hint("the user needs signin:CreateOAuth2Token; a new sign-in does not help by itself")
            .exit(Exit::Failed),
        (Reason::Refused { status: 429, .. }, _) => error.hint("too many calls; wait a moment").exit(Exit::Failed),
        (_, "INVALID_REQUEST") => error.hint(format!(
            "the session ended, or was signed in in another region than profile \"{}\" says; {advice}",
            request.profile
        )),
        (Reason::Transport(_) | Reason::Unreadable { status: ..500, .. }, _) => {
            error.hint(advice::no_answer(refusal)).exit(Exit::Failed)
        }
        _ => error.hint("try again in a moment").exit(Exit::Failed),
    }
}
