//! One MFA code for many roles: a `GetSessionToken` session of the long-term keys at the base, made with the
//! code and shared by every role behind them until it ends, as aws-vault has it.

use super::{Hop, Walk};
use crate::api::sts::Mfa;
use crate::cache::{Budget, Entry};
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
        Some(Codes { serial, given: self.code, process: role.mfa_process.as_deref(), profile: &role.profile })
    }

    /// Whether renewing a role's credentials now would ask a person.
    pub(super) fn asks_a_person(&self, hop: Hop<'_>) -> bool {
        let chain_asks = self.plan.chain.roles[..hop.depth]
            .iter()
            .zip(1..)
            .any(|(role, depth)| self.own_codes(Hop { depth, role }).is_some_and(|codes| codes.asks_a_person()));
        let session_asks = || {
            let codes = self.primed().filter(Codes::asks_a_person);
            codes.is_some_and(|codes| !self.is_alive(&self.session_identity(codes.serial)))
        };
        chain_asks || session_asks()
    }

    fn is_alive(&self, identity: &str) -> bool {
        let cached = Entry::of(identity, &self.context.vars).and_then(|entry| entry.read());
        cached.is_some_and(|cached| cached.is_alive(self.context.clock.now()))
    }

    pub(super) fn session(&self, base: &Credentials, codes: Codes<'_>, budget: Budget) -> Result<Credentials, Error> {
        // What AWS grants when nothing is asked for, said outright.
        const TWELVE_HOURS: u32 = 12 * 3600;
        let asks = || codes.asks_a_person();
        self.cached(&self.session_identity(codes.serial), &asks, budget, &mut |budget| {
            let sts = self.sts(budget)?;
            let call = |code: &Secret| {
                let mfa = Mfa { serial_number: codes.serial, token_code: code };
                self.timed(|| sts.get_session_token(base, mfa, TWELVE_HOURS))
            };
            let attempt = Attempt { profile: codes.profile, caller: base, role: None };
            let session = self.with_code(codes, &call)?.map_err(|refusal| advice::explain(&refusal, attempt))?;
            self.refuse_expired(&session)?;
            Ok(session)
        })
    }

    /// By key and device, not by profile: every role behind them shares the session.
    pub(super) fn session_identity(&self, serial: &str) -> String {
        format!("{} get_session_token {serial}", self.identity(0))
    }
}
