//! A role that a token of another identity provider gives.

use super::Walk;
use crate::cache::{Budget, Renewing};
use crate::chain::WebIdentity;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::provider::web_identity;

impl Walk<'_> {
    pub(super) fn web_identity(&self, identity: &WebIdentity, budget: Budget) -> Result<Credentials, Error> {
        self.cached(&self.identity(0), &Renewing::calls, budget, &mut |budget| {
            let (base, vars) = (&self.plan.chain.base, &self.context.vars);
            let sts = self.sts(budget)?;
            let credentials = self.timed(|| web_identity::credentials(identity, base, &sts, vars))?;
            self.refuse_expired(&credentials)?;
            Ok(credentials)
        })
    }
}
