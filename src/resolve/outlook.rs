//! How long the road stays open before a person has to act, as far as the files of this machine tell: nobody is asked,
//! nothing is waited for, and nothing is written.

use super::{Hop, Walk};
use crate::api::jwt::Claims;
use crate::cache::{Entry, Glance, LoginEntry, SsoEntry};
use crate::chain::{AssertionFrom, Source, SsoSession, WebIdentity};
use crate::credentials::Credentials;
use crate::provider::{login_session, web_identity};
use crate::timestamp::Timestamp;
use std::time::Duration;

/// The settings by which programs that write session keys into a file say when these end; no SDK looks at them. The first
/// is that of saml2aws, the second of aws-azure-login, the third of aws-mfa.
const ENDS: [&str; 3] = ["x_security_token_expires", "aws_expiration", "expiration"];

/// When a person has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Never, as far as can be told.
    Open,
    /// Perhaps now, which only a try would tell.
    Unsure,
    Until(Timestamp, Act),
    Now(Act),
}

/// What that person has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    SignIn,
    /// Enter an MFA code, which the next command asks for.
    Code,
    /// Put new keys into the environment, or the file.
    NewKeys,
    /// Have the token of a web identity written anew.
    NewToken,
}

impl Act {
    /// How long before it is time to say so: a sign-in takes a browser, and ends for all profiles at once.
    pub(crate) fn notice(self) -> Duration {
        match self {
            Self::SignIn => Duration::from_mins(30),
            Self::Code | Self::NewKeys | Self::NewToken => Duration::from_mins(15),
        }
    }
}

impl Outlook {
    fn at(end: Timestamp, act: Act, now: Timestamp) -> Self {
        if end > now { Self::Until(end, act) } else { Self::Now(act) }
    }

    /// The same where a code is asked for, too: that comes last, and brings nobody past anything else that is due.
    fn and_a_code(self) -> Self {
        match self {
            Self::Now(act) => Self::Now(act),
            Self::Open | Self::Unsure | Self::Until(..) => Self::Now(Act::Code),
        }
    }
}

impl Walk<'_> {
    /// The outlook of the whole road.
    pub(crate) fn outlook(&self) -> Outlook {
        self.outlook_after(self.plan.chain.roles.len())
    }

    fn outlook_after(&self, depth: usize) -> Outlook {
        let Some(role) = depth.checked_sub(1).map(|index| &self.plan.chain.roles[index]) else {
            return self.outlook_of_base();
        };
        let asks = self.own_codes(Hop { depth, role }).is_some_and(|codes| codes.asks_a_person());
        let of_caller = self.outlook_of_caller(depth);
        self.prolonged(if asks { of_caller.and_a_code() } else { of_caller }, &self.identity(depth))
    }

    fn outlook_of_caller(&self, depth: usize) -> Outlook {
        match self.primed().filter(|_| depth == 1) {
            Some(codes) if codes.asks_a_person() => {
                self.prolonged(self.outlook_of_base().and_a_code(), &self.session_identity(codes.serial))
            }
            // A session that renews itself is as good as the keys that it is made of.
            Some(_) => self.outlook_of_base(),
            None => self.outlook_after(depth - 1),
        }
    }

    fn outlook_of_base(&self) -> Outlook {
        let now = self.context.clock.now();
        match &self.plan.chain.base.source {
            Source::Environment(keys) => outlook_of_keys(keys, keys.expiration, now),
            Source::Keys(keys) => outlook_of_keys(keys, self.end_in_file(), now),
            Source::LoginSession { login_session } => self.outlook_of_login(login_session, now),
            Source::Sso(role) => self.prolonged(self.outlook_of_sso(&role.session, now), &self.identity(0)),
            Source::Saml(role) => match &role.assertion {
                AssertionFrom::Endpoint { saml_user: Some(_), store: Some(_), .. } | AssertionFrom::Process { .. } => {
                    Outlook::Open
                }
                AssertionFrom::Endpoint { .. } => self.prolonged(Outlook::Now(Act::SignIn), &self.identity(0)),
            },
            Source::WebIdentity(identity) => self.prolonged(self.outlook_of_token(identity, now), &self.identity(0)),
            Source::Ec2InstanceMetadata if self.plan.is_last_resort() => Outlook::Unsure,
            Source::Store { .. }
            | Source::CredentialProcess { .. }
            | Source::EcsContainer
            | Source::Ec2InstanceMetadata => Outlook::Open,
        }
    }

    /// When the session keys of a profile end, if whatever wrote them has said so beside them.
    fn end_in_file(&self) -> Option<Timestamp> {
        let profile = self.plan.profiles.profile(self.plan.chain.base.profile()?).ok()??;
        let setting = ENDS.iter().find_map(|key| profile.get(key).ok()?)?;
        let text = setting.value.trim();
        // Without a zone it is UTC.
        Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{}Z", text.replacen(' ', "T", 1))))
    }

    /// Whatever issues the tokens writes the next one before the last has ended.
    fn outlook_of_token(&self, identity: &WebIdentity, now: Timestamp) -> Outlook {
        let Ok(token) = web_identity::token(identity, &self.plan.chain.base, &self.context.vars) else {
            return Outlook::Now(Act::NewToken);
        };
        match Claims::parse(token.expose()).and_then(|claims| claims.expiration) {
            Some(end) if end <= now => Outlook::Now(Act::NewToken),
            _ => Outlook::Open,
        }
    }

    /// The session renews itself until AWS ends it, which it does twelve hours after its beginning at the latest.
    fn outlook_of_login(&self, login_session: &str, now: Timestamp) -> Outlook {
        let entry = LoginEntry::of(login_session, self.plan.base_profile(), &self.context.vars);
        match entry.map(|entry| entry.glance()) {
            Err(_) | Ok(Glance::Nothing) => Outlook::Now(Act::SignIn),
            Ok(Glance::InMotion) => Outlook::Open,
            Ok(Glance::Token { token, has_ended }) => {
                let latest = login_session::latest_end(&token).filter(|_| !has_ended);
                let last_credentials = token.credentials.expiration.filter(|_| has_ended || latest.is_some());
                match latest.max(last_credentials) {
                    Some(end) => Outlook::at(end, Act::SignIn, now),
                    None => Outlook::Open,
                }
            }
        }
    }

    /// A token that renews itself does so until the service ends the sign-in, which nobody is told beforehand.
    fn outlook_of_sso(&self, session: &SsoSession, now: Timestamp) -> Outlook {
        let entry = SsoEntry::of(session.named_after(), &self.context.vars);
        match entry.map(|entry| entry.glance()) {
            Err(_) | Ok(Glance::Nothing) => Outlook::Now(Act::SignIn),
            Ok(Glance::InMotion) => Outlook::Open,
            Ok(Glance::Token { token, has_ended }) => {
                // Without an sso-session no tool renews it, and none once the client's registration is over.
                let is_alive = token.is_alive(now);
                let then = if is_alive { token.expiration } else { now };
                match session.name.is_some() && !has_ended && token.can_be_renewed(then) {
                    true if is_alive => Outlook::Open,
                    // The sign-in may have ended meanwhile.
                    true => Outlook::Unsure,
                    false => Outlook::at(token.expiration, Act::SignIn, now),
                }
            }
        }
    }

    /// The same where credentials of the link that are kept outlast what it takes to renew them.
    fn prolonged(&self, outlook: Outlook, identity: &str) -> Outlook {
        if matches!(outlook, Outlook::Open) {
            return outlook;
        }
        let now = self.context.clock.now();
        let cached = Entry::of(identity, &self.context.vars).and_then(|entry| entry.read());
        let Some(kept) = cached.and_then(|cached| cached.credentials.expiration) else { return outlook };
        match outlook {
            Outlook::Unsure if kept > now => Outlook::Open,
            Outlook::Open | Outlook::Unsure => outlook,
            Outlook::Until(end, act) => Outlook::at(end.max(kept), act, now),
            Outlook::Now(act) => Outlook::at(kept, act, now),
        }
    }
}

/// Long-term keys do not end. Those of a session do, and whoever handed them out may have said when.
fn outlook_of_keys(keys: &Credentials, end: Option<Timestamp>, now: Timestamp) -> Outlook {
    match (&keys.session_token, end) {
        (None, _) => Outlook::Open,
        (Some(_), Some(end)) => Outlook::at(end, Act::NewKeys, now),
        (Some(_), None) => Outlook::Unsure,
    }
}
