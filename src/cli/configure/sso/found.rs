//! Whoever signs in finds an account and a role.

use super::Setup;
use super::answers::Answers;
use super::roles::{NoRole, Portal, Role};
use crate::api::endpoint::Region;
use crate::cache::SsoToken;
use crate::chain::SsoSession;
use crate::cli::sso::login::{SignedIn, sign_in};
use crate::cli::sso::target::Target;
use crate::error::Error;
use crate::login::Wishes;
use crate::settings::Service;
use std::time::Duration;

/// What came of a sign-in.
pub(super) struct Found {
    /// `None`: AWS told nobody which there are.
    pub(super) role: Option<Role>,
    /// Where a start URL of one's own domain led to, or what was said before.
    pub(super) sso_region: Option<String>,
    pub(super) is_signed_in: bool,
}

impl Setup<'_> {
    /// Has the person sign in, within `limit`, and choose. A sign-in to what has changed is of no use.
    pub(super) fn found(
        &self,
        session: &SsoSession,
        is_changed: bool,
        wishes: &Wishes,
        limit: Duration,
    ) -> Result<Found, Error> {
        let Self { context, profiles, .. } = *self;
        let profile = self.name.map_or(Ok(None), |name| profiles.profile(name))?;
        let settings = self.settings()?;
        let target = Target { context, profiles, profile, settings, session: session.clone() };
        if !self.has_person {
            return self.found_without_asking(&target, is_changed);
        }
        let mut signed_in = sign_in(&target, wishes, limit, is_changed)?;
        loop {
            let SignedIn { token, sso_region, is_new } = &signed_in;
            let role = match self.portal(&target, sso_region, token)?.role() {
                Ok(role) => Some(role),
                // One that was there before may have been ended elsewhere.
                Err(NoRole::Unauthorized(_)) if !is_new => {
                    signed_in = sign_in(&target, wishes, limit, true)?;
                    continue;
                }
                Err(NoRole::Unauthorized(refusal)) => {
                    context.terminal.warn(&format!("no account and no role can be listed: {refusal}"));
                    self.role_that_was_said()
                }
                Err(NoRole::Unlisted(error) | NoRole::Failed(error)) => return Err(error),
            };
            return Ok(Found { role, sso_region: Some(sso_region.to_string()), is_signed_in: true });
        }
    }

    fn role_that_was_said(&self) -> Option<Role> {
        let Answers { account_id, role_name, .. } = self.answers;
        let (account_id, role_name) = account_id.clone().zip(role_name.clone())?;
        Some(Role { account_id, role_name })
    }

    /// All was said. Where a sign-in is at hand, whether it is true can be found out.
    fn found_without_asking(&self, target: &Target<'_>, is_changed: bool) -> Result<Found, Error> {
        const LIMIT: Duration = Duration::from_secs(30);
        let terminal = &self.context.terminal;
        let sso_region = target.session.sso_region.clone();
        let found = |is_signed_in| Found { role: self.role_that_was_said(), sso_region, is_signed_in };
        if is_changed {
            return Ok(found(false));
        }
        let held = match target.with_sign_in(LIMIT, |sign_in| sign_in.token(self.context)) {
            Ok(held) => held,
            Err(error) => {
                terminal.note(&format!("not checked: {}: {}", error.message, error.cause.unwrap_or_default()));
                return Ok(found(false));
            }
        };
        match self.portal(target, &target.sso_region()?, &held.token)?.role() {
            Ok(_) => Ok(found(true)),
            Err(NoRole::Unauthorized(_)) => Ok(found(false)),
            Err(NoRole::Unlisted(error)) => {
                let cause = error.cause.unwrap_or_default();
                terminal.warn(&format!("the account and the role were not checked: {cause}"));
                Ok(found(true))
            }
            Err(NoRole::Failed(error)) => Err(error),
        }
    }

    fn portal<'p>(
        &'p self,
        target: &'p Target<'p>,
        sso_region: &Region,
        token: &'p SsoToken,
    ) -> Result<Portal<'p>, Error> {
        let url = target.endpoint(Service::SsoPortal, sso_region)?;
        let client = target.settings.client(&self.context.vars, &url)?;
        Ok(Portal { setup: self, target, client, url, access_token: &token.access_token })
    }
}
