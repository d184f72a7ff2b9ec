//! Credentials that the machine itself offers: a container's, an instance's. They are asked for each time and never kept,
//! since another machine may have the same home.

use super::Walk;
use crate::cache::Budget;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::provider::{ec2_instance_metadata, ecs_container};
use crate::settings::{self, FULL_URI, RELATIVE_URI};
use std::time::{Duration, Instant};

/// How long the default order looks for an instance in all, where nobody has said. Mostly it is the machine of a person,
/// who waits.
const SEARCH: Duration = Duration::from_secs(2);

impl Walk<'_> {
    pub(super) fn ecs_container(&self, budget: Budget) -> Result<Credentials, Error> {
        let vars = &self.context.vars;
        let failed = || self.failed("the container's endpoint", "EcsContainer");
        let url = settings::container_url(vars)?.ok_or_else(|| {
            failed()
                .cause(format!("neither {RELATIVE_URI} nor {FULL_URI} is set"))
                .hint("Amazon ECS and EKS set them in containers that have a role")
        })?;
        let request = ecs_container::Request {
            client: &self.plan.settings.direct_client(vars, &url)?,
            url: &url,
            max_attempts: self.plan.settings.max_attempts,
            deadline: self.deadline(budget.0),
        };
        self.timed(|| ecs_container::credentials(&request, &failed, vars, &self.context.clock))
    }

    pub(super) fn ec2_instance_metadata(&self, budget: Budget) -> Result<Credentials, Error> {
        let selected = self.plan.selected()?;
        let settings = settings::instance_metadata(&self.context.vars, self.plan.profiles, selected.as_ref())?;
        let failed = || self.failed("EC2 instance metadata", "Ec2InstanceMetadata");
        let Some(settings) = settings else {
            let hint = "AWS_EC2_METADATA_DISABLED or the profile's disable_ec2_metadata is true";
            return Err(self.not_configured("EC2 instance metadata is disabled", hint, failed));
        };
        let is_searched = self.plan.chain.base.profile().is_none();
        let is_usual = settings.timeout.is_none() && settings.num_attempts.is_none();
        let limit = if is_searched && is_usual { budget.0.min(SEARCH) } else { budget.0 };
        let request = ec2_instance_metadata::Request {
            client: &self.plan.settings.direct_client(&self.context.vars, &settings.url)?,
            settings: &settings,
            deadline: self.deadline(limit),
        };
        self.timed(|| ec2_instance_metadata::credentials(&request, &failed, self.context))?
            .map_err(|none| self.not_configured(&none.why, none.hint, failed))
    }

    /// What a profile names has to be there. The default order has looked everywhere else before.
    fn not_configured(&self, why: &str, hint: &str, failed: impl Fn() -> Error) -> Error {
        match self.plan.chain.base.profile() {
            Some(_) => failed().cause(why).hint(hint),
            None => self.plan.found_nothing(why),
        }
    }

    fn failed(&self, source: &str, named: &str) -> Error {
        let of_profile = self.plan.chain.base.profile();
        let of_profile =
            of_profile.map(|name| format!(", which profile \"{name}\" names as credential_source {named}"));
        Error::new(format!("cannot get credentials from {source}{}", of_profile.unwrap_or_default()))
    }

    fn deadline(&self, limit: Duration) -> Instant {
        Instant::now() + limit.saturating_sub(self.spent.get())
    }
}
