//! A role that an assertion of somebody's own identity provider gives.

use super::Walk;
use crate::api::sts::{AssumeRoleWithSaml, Sts};
use crate::cache::{Budget, Renewing, Sharing};
use crate::chain::{AssertionFrom, SamlRole};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::provider::saml::{self, Granted};
use std::time::Instant;

impl Walk<'_> {
    pub(super) fn saml(&self, role: &SamlRole, budget: Budget) -> Result<Credentials, Error> {
        let renewal = || self.renewing_saml(role);
        self.cached(&self.identity(0), &renewal, budget, &mut |budget| self.assume_with_saml(role, budget))
    }

    /// What a sign-in with the identity provider takes: a person, or a program that may ask one, or a stored password.
    pub(super) fn renewing_saml(&self, role: &SamlRole) -> Renewing {
        let profile = self.plan.base_profile();
        let is_process = matches!(&role.assertion, AssertionFrom::Process { .. });
        let has_password =
            matches!(&role.assertion, AssertionFrom::Endpoint { store: Some(_), saml_user: Some(_), .. });
        Renewing {
            // A name, three passwords and a role, with the calls before and after each.
            longest: Budget::NEEDED.for_a_program() * 5 + Budget::NEEDED.0 * 5,
            may_be_repeated: false,
            without_a_person: saml::nobody_to_ask(role, profile, self.context),
            may_be_early: has_password,
            sharing: if is_process {
                Sharing::WithoutCause
            } else if has_password && !self.context.terminal.can_ask() {
                // The same password would be refused to each of them.
                Sharing::All
            } else {
                Sharing::Nothing
            },
        }
    }

    fn assume_with_saml(&self, role: &SamlRole, budget: Budget) -> Result<Credentials, Error> {
        let settings = &self.plan.settings;
        let vars = &self.context.vars;
        let profile = self.plan.base_profile();
        let request = saml::Request {
            role,
            profile,
            connect: &|url| settings.client(vars, url),
            limit: budget.0.saturating_sub(self.spent.get()),
            program_limit: budget.for_a_program(),
            is_waited_for: budget >= Budget::NEEDED,
        };
        let Granted { assertion, offer, deadline } = saml::assertion(&request, self.context)?;
        let left = deadline.saturating_duration_since(Instant::now());
        self.spent.set(budget.0.saturating_sub(left));
        let endpoint = settings.sts(Some(&offer.role_arn))?;
        let sts = Sts {
            client: &settings.client(vars, &endpoint.url)?,
            endpoint: &endpoint,
            clock: &self.context.clock,
            max_attempts: settings.max_attempts,
            budget: left,
        };
        let call = AssumeRoleWithSaml {
            role_arn: &offer.role_arn,
            principal_arn: &offer.principal_arn,
            saml_assertion: &assertion,
            duration_seconds: role.duration_seconds,
        };
        let assumed = self.timed(|| sts.assume_role_with_saml(&call));
        let credentials = assumed.map_err(|refusal| saml::explain(&refusal, &offer, profile))?;
        self.refuse_expired(&credentials)?;
        Ok(credentials)
    }
}
