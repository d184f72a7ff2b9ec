//! What tells the credentials of one road from those of every other, so that none are taken for them.

use super::Plan;
use crate::chain::{Source, WebIdentity};
use crate::context::Vars;
use crate::paths;
use crate::settings::{self, CONTAINER_VARIABLES, Service};
use std::path::Path;

impl Plan<'_> {
    /// A text that tells the credentials after `depth` roles from all others: what its links say, and what they are told
    /// by around them. Never shown, only hashed.
    pub(crate) fn identity(&self, depth: usize, vars: &Vars) -> String {
        let links = self.chain.identity(depth, self.settings.sts_endpoint_url.as_deref(), vars);
        // Machines may share a home. Each of them is asked at the same address and finds its token in the same place, and
        // yet has a role of its own.
        let of_machine = |rest: String| format!("{links} {rest} on {}", vars.machine().display());
        match &self.chain.base.source {
            Source::Sso(_) => self.of_portal(&links, vars),
            Source::WebIdentity(identity) => of_machine(token_file(identity, vars)),
            Source::EcsContainer => of_machine(format!("{:?}", CONTAINER_VARIABLES.map(|name| vars.os(name)))),
            Source::Ec2InstanceMetadata => of_machine(self.instance(vars)),
            _ => links,
        }
    }

    /// An emulator's roles are not AWS's.
    fn of_portal(&self, links: &str, vars: &Vars) -> String {
        let url = self
            .selected()
            .and_then(|profile| settings::custom_endpoint(Service::SsoPortal, vars, self.profiles, profile.as_ref()));
        // What cannot be read is an error once it is needed.
        url.ok().flatten().map_or_else(|| links.to_owned(), |url| format!("{links} {url}"))
    }

    /// Where the instance is asked, and for which role.
    fn instance(&self, vars: &Vars) -> String {
        let settings =
            self.selected().and_then(|profile| settings::instance_metadata(vars, self.profiles, profile.as_ref()));
        let settings = settings.ok().flatten();
        format!("{:?}", settings.map(|settings| (settings.url, settings.instance_profile_name)))
    }
}

/// A file of the same name in another folder is another one.
fn token_file(identity: &WebIdentity, vars: &Vars) -> String {
    let file = paths::expand_tilde(vars, Path::new(&identity.web_identity_token_file));
    format!("{:?}", std::path::absolute(file).ok())
}
