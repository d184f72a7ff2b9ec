//! The region of a profile: the usual one, and whether one will do.

use super::Setup;
use crate::api::endpoint::Region;
use crate::api::imds::{Imds, Limits};
use crate::api::regions::REGIONS;
use crate::error::Error;
use crate::likeness;
use crate::settings::{self, InstanceMetadata};
use std::time::{Duration, Instant};

pub(super) const NO_REGION: &str = "not the name of a region, which looks like us-east-1";

impl Setup<'_> {
    /// The region that is there already: of the profile, of the environment, of the EC2 instance that this is.
    pub(super) fn usual_region(&self) -> Result<Option<String>, Error> {
        let vars = &self.context.vars;
        let of_vars = || vars.get("AWS_REGION").or_else(|| vars.get("AWS_DEFAULT_REGION")).map(str::to_owned);
        let there = self.setting("region")?.or_else(of_vars).map(|name| name.trim().to_owned());
        match there.filter(|name| Region::parse(name).is_some()) {
            Some(region) => Ok(Some(region)),
            None => self.region_of_instance(),
        }
    }

    fn region_of_instance(&self) -> Result<Option<String>, Error> {
        /// For one question, where nobody has said.
        const TIMEOUT: Duration = Duration::from_secs(1);
        /// For the token and the region.
        const QUESTIONS: u32 = 2;
        let terminal = &self.context.terminal;
        let Some(metadata) = settings::instance_metadata(&self.context.vars, self.profiles, self.profile)? else {
            return Ok(None);
        };
        let InstanceMetadata { url, timeout, .. } = &metadata;
        let timeout = timeout.unwrap_or(TIMEOUT);
        let client = settings::direct_client(&self.context.vars, self.setting("ca_bundle")?.as_deref(), url)?;
        let limits =
            Limits { timeout, max_attempts: 1, retries_silence: false, deadline: Instant::now() + QUESTIONS * timeout };
        match Imds::new(&client, url, limits).region() {
            Ok(region) => {
                terminal.tell(&format!("This EC2 instance is in {region}."));
                Ok(Some(region.to_string()))
            }
            Err(why) => {
                terminal.note(&format!("no EC2 instance metadata at {url}: {why}"));
                Ok(None)
            }
        }
    }

    /// The region that an option names.
    pub(super) fn checked_region(&self, name: &str) -> Result<String, Error> {
        let refused = || Error::usage("cannot use --region").cause(format!("\"{name}\" is {NO_REGION}"));
        let region = Region::parse(name.trim()).ok_or_else(refused)?;
        self.warn_of_region(&region);
        Ok(region.to_string())
    }

    /// AWS opens new ones, and others than AWS have their own: so it may be one after all.
    pub(super) fn warn_of_region(&self, region: &Region) {
        let is_known = REGIONS.iter().any(|(known, _)| *known == region.as_str());
        if !is_known && !region.is_isolated() {
            let like = nearest(region.as_str()).map(|known| format!("; was {known} meant?")).unwrap_or_default();
            self.context.terminal.warn(&format!("\"{region}\" is no region of AWS that keyfob knows{like}"));
        }
    }
}

/// The known region that is written most like this one, if any is.
fn nearest(name: &str) -> Option<&'static str> {
    const FARTHEST: usize = 2;
    let nearest = REGIONS.iter().map(|(known, _)| (likeness::distance(name, known), *known)).min();
    nearest.filter(|(distance, _)| *distance <= FARTHEST).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_region_that_was_meant() {
        for (name, meant) in [
            ("eu-wets-1", Some("eu-west-1")),
            ("useast-1", Some("us-east-1")),
            ("us-east1", Some("us-east-1")),
            ("eu-cental-1", Some("eu-central-1")),
            ("garage", None),
            ("xx-nowhere-9", None),
        ] {
            assert_eq!(nearest(name), meant, "{name}");
        }
    }
}
