//! One MFA code for many roles: a `GetSessionToken` session of the long-term keys at the base, made with the
//! code and shared by every role behind them until it ends, as aws-vault has it.

use super::{Hop, Walk};
use crate::api::sts::Mfa;
use crate::cache::{Budget, Entry, Renewing, Sharing};
use crate::chain::{Role, Source};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::provider::advice::{self, Attempt};
use crate::provider::mfa::Codes;
use crate::secret::Secret;

impl Walk<'_> {
    /// The device whose code starts the session.
    ///
    /// `None` where a session cannot be used: the keys are temporary already, or the one role is to last
    /// longer than the hour that a session's role may.
    pub(super) fn primed(&self) -> Option<Codes<'_>> {
        const LONGEST_FROM_SESSION: u32 = 3600;
        let chain = &self.plan.chain;
        let long_term = match &chain.base.source {
            Source::Keys(keys) | Source::Environment(keys) => keys.session_token.is_none(),
            Source::Store { .. } => true,
            _ => false,
        };
        let first = chain.roles.first()?;
        let lasts_longer =
            chain.roles.len() == 1 && first.duration_seconds.is_some_and(|asked| asked > LONGEST_FROM_SESSION);
        (long_term && !lasts_longer).then(|| self.codes(first)).flatten()
    }

    /// Codes for a role's own call; none where the session at its base already carries that device's.
    pub(super) fn own_codes<'s>(&'s self, hop: Hop<'s>) -> Option<Codes<'s>> {
        let primed = self.primed().map(|codes| codes.serial);
        self.codes(hop.role).filter(|codes| primed != Some(codes.serial))
    }

    fn codes<'s>(&'s self, role: &'s Role<'_>) -> Option<Codes<'s>> {
        let serial = role.mfa_serial.as_deref()?;
        let process = role.mfa_process.as_deref();
        Some(Codes { serial, given: self.code, process, profile: &role.profile, vars: &self.context.vars })
    }

    /// What renewing a role's credentials takes now.
    pub(super) fn renewing(&self, hop: Hop<'_>) -> Renewing {
        if let Some(codes) = self.codes_needed(hop) {
            return with_code(codes);
        }
        match self.plan.chain.base.source {
            // To open it may take a person, and each process has one of its own, or none.
            Source::Store { .. } if self.goes_back_to_the_base(hop) => Renewing {
                longest: Budget::NEEDED.for_a_program() + Budget::NEEDED.0,
                may_be_repeated: false,
                sharing: Sharing::Nothing,
                ..Renewing::calls()
            },
            Source::CredentialProcess { .. } => Renewing {
                longest: Budget::NEEDED.for_a_program() + Budget::NEEDED.0,
                may_be_repeated: false,
                sharing: Sharing::WithoutCause,
                ..Renewing::calls()
            },
            Source::Saml(ref role) if self.goes_back_to_the_base(hop) && !self.is_alive(&self.identity(0)) => {
                self.renewing_saml(role)
            }
            _ => Renewing::calls(),
        }
    }

    /// The codes that renewing a role's credentials needs now: those of the role itself, or of a link before it down to
    /// the first one that still lives.
    fn codes_needed<'s>(&'s self, hop: Hop<'s>) -> Option<Codes<'s>> {
        for depth in (1..=hop.depth).rev() {
            let role = &self.plan.chain.roles[depth - 1];
            if depth < hop.depth && self.is_alive(&self.identity(depth)) {
                return None;
            }
            if let Some(codes) = self.own_codes(Hop { depth, role }) {
                return Some(codes);
            }
        }
        self.primed().filter(|codes| !self.is_alive(&self.session_identity(codes.serial)))
    }

    /// Whether no link before this one still lives.
    fn goes_back_to_the_base(&self, hop: Hop<'_>) -> bool {
        let lives = (1..hop.depth).any(|depth| self.is_alive(&self.identity(depth)));
        !lives && self.primed().is_none_or(|codes| !self.is_alive(&self.session_identity(codes.serial)))
    }

    fn is_alive(&self, identity: &str) -> bool {
        let cached = Entry::of(identity, &self.context.vars).and_then(|entry| entry.read());
        cached.is_some_and(|cached| cached.is_alive(self.context.clock.now()))
    }

    pub(super) fn session(&self, codes: Codes<'_>, budget: Budget) -> Result<Credentials, Error> {
        // What AWS grants when nothing is asked for, said outright.
        const TWELVE_HOURS: u32 = 12 * 3600;
        self.cached(&self.session_identity(codes.serial), &|| with_code(codes), budget, &mut |budget| {
            let base = self.base(budget)?;
            let sts = self.sts(budget)?;
            let call = |code: &Secret| {
                let mfa = Mfa { serial_number: codes.serial, token_code: code };
                self.timed(|| sts.get_session_token(&base, mfa, TWELVE_HOURS))
            };
            let source = self.plan.chain.base.profile().unwrap_or(codes.profile);
            let attempt = Attempt { profile: codes.profile, caller: &base, source, role: None };
            let session = self.with_code(codes, &call)?.map_err(|refusal| advice::explain(&refusal, attempt))?;
            self.refuse_expired(&session)?;
            Ok(session)
        })
    }

    /// By key and device, not by profile: every role behind them shares the session.
    pub(super) fn session_identity(&self, serial: &str) -> String {
        let key = match &self.plan.chain.base.source {
            Source::Keys(keys) | Source::Environment(keys) => keys.access_key_id.as_str(),
            Source::Store { access_key_id, .. } => access_key_id.as_str(),
            // Only long-term keys can have a session.
            _ => "",
        };
        format!("{:?} get_session_token {key} {serial}", self.plan.settings.sts_endpoint_url)
    }
}

/// A renewal for which a code is got, from wherever: then it is this process's own affair.
fn with_code(codes: Codes<'_>) -> Renewing {
    Renewing {
        longest: Budget::NEEDED.for_a_program() + Budget::NEEDED.0,
        may_be_repeated: false,
        without_a_person: codes.asks_a_person().then(|| codes.nobody_to_ask()),
        may_be_early: false,
        sharing: Sharing::Nothing,
    }
}
