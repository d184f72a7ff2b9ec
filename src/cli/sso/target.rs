//! What a command of this group acts on: one sign-in, and the settings that hold for its calls.

use super::super::Selection;
use crate::api::endpoint::Region;
use crate::assignments::{self, Assignments, Request, Reuse};
use crate::cache::SsoEntry;
use crate::chain::SsoSession;
use crate::context::Context;
use crate::error::Error;
use crate::plan;
use crate::profile::{Profile, Profiles};
use crate::provider::sso_token::SignIn;
use crate::settings::{Service, Settings};
use crate::shell;
use std::time::{Duration, Instant};

/// A sign-in: where, and the profile that says so or lends its settings.
pub(in crate::cli) struct Target<'a> {
    pub(in crate::cli) context: &'a Context,
    pub(in crate::cli) profiles: &'a Profiles,
    /// The selected profile, if it is there.
    pub(in crate::cli) profile: Option<Profile<'a>>,
    pub(in crate::cli) settings: Settings,
    pub(in crate::cli) session: SsoSession,
}

impl<'a> Target<'a> {
    /// The sign-in of `--sso-session`, else that of the selected profile.
    pub(in crate::cli) fn find(
        context: &'a Context,
        profiles: &'a Profiles,
        selection: &Selection,
        sso_session: Option<&str>,
    ) -> Result<Self, Error> {
        let (profile, session) = Self::which(context, profiles, selection, sso_session)?;
        let settings = Settings::read(&context.vars, profiles, profile.as_ref(), None)?;
        Ok(Self { context, profiles, profile, settings, session })
    }

    /// The selected profile, if it is there, and the sign-in; no setting for calls is read.
    pub(super) fn which(
        context: &'a Context,
        profiles: &'a Profiles,
        selection: &Selection,
        sso_session: Option<&str>,
    ) -> Result<(Option<Profile<'a>>, SsoSession), Error> {
        let vars = &context.vars;
        if sso_session.is_some_and(str::is_empty) {
            // A variable that is not set, most likely.
            return Err(Error::usage("the sso-session's name is empty"));
        }
        let name = selection.name(vars);
        let profile = profiles.profile(&name)?;
        if profile.is_none() && selection.profile.is_some() {
            return Err(profiles.no_such_profile(&name));
        }
        let own = profile.as_ref().map_or(Ok(None), |profile| SsoSession::of_profile(profile, profiles));
        let session = match sso_session {
            Some(named) => SsoSession::named(named, profiles)?,
            None => match own? {
                Some(own) => own,
                None if selection.profile.is_some() || plan::named_by_vars(vars).is_some() => {
                    return Err(says_nothing(&name, profile.as_ref(), profiles));
                }
                None => Self::only_session(&name, profile.as_ref(), profiles, context)?,
            },
        };
        Ok((profile, session))
    }

    /// The sso-session of the config file, where there is but one, and nobody has named a profile or a session.
    fn only_session(
        name: &str,
        profile: Option<&Profile<'_>>,
        profiles: &Profiles,
        context: &Context,
    ) -> Result<SsoSession, Error> {
        match profiles.sso_session_names()[..] {
            [] if profile.is_none() => Err(Error::new("nobody says where to sign in to IAM Identity Center")
                .cause(format!("the config file has no sso-session, and there is no profile \"{name}\""))
                .hint("make one: `keyfob configure sso`")),
            [] => Err(says_nothing(name, profile, profiles)),
            [only] => {
                context.terminal.note(&format!("sso-session \"{only}\" is the only one, so it is meant"));
                SsoSession::named(only, profiles)
            }
            ref several => Err(Error::usage("which sign-in to IAM Identity Center is meant?")
                .cause(format!("there are several sso-sessions: {}", several.join(", ")))
                .hint(format!("name one, like `--sso-session {}`, or a profile", shell::word(several[0])))),
        }
    }

    /// The region of the Identity Center instance.
    pub(in crate::cli) fn sso_region(&self) -> Result<Region, Error> {
        let title = self.session.title();
        let failed = || {
            Error::new(format!("nobody knows the region of {title}"))
                .hint("set sso_region to the region where Identity Center was enabled")
        };
        let named = self.session.sso_region.as_deref().ok_or_else(|| failed().cause("it has no sso_region"))?;
        let bad = || failed().cause(format!("sso_region is \"{named}\", which is not the name of a region"));
        Region::parse(named).ok_or_else(bad)
    }

    /// Where its token is kept.
    pub(in crate::cli) fn entry(&self) -> Result<SsoEntry, Error> {
        SsoEntry::of(self.session.named_after(), &self.context.vars)
    }

    /// Where a service is called.
    pub(in crate::cli) fn endpoint(&self, service: Service, region: &Region) -> Result<String, Error> {
        self.settings.endpoint(service, region, &self.context.vars, self.profiles, self.profile.as_ref())
    }

    /// Acts with the sign-in, whose token is read, and renewed where that is due, by [`SignIn::token`].
    pub(in crate::cli) fn with_sign_in<T>(
        &self,
        limit: Duration,
        act: impl FnOnce(&SignIn<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let sso_region = self.sso_region()?;
        let name = self.profile.as_ref().map(|profile| profile.name.as_str());
        act(&SignIn {
            entry: &self.entry()?,
            session: &self.session,
            sso_region: &sso_region,
            profile: name.unwrap_or(plan::DEFAULT_PROFILE),
            oidc_url: &self.endpoint(Service::SsoOidc, &sso_region)?,
            settings: &self.settings,
            deadline: Instant::now() + limit,
        })
    }

    /// The accounts and roles of whoever is signed in.
    pub(in crate::cli) fn assignments(&self, reuse: Reuse) -> Result<Assignments, Error> {
        const PATIENCE: Duration = Duration::from_secs(30);
        let portal_url = self.endpoint(Service::SsoPortal, &self.sso_region()?)?;
        self.with_sign_in(PATIENCE, |sign_in| {
            assignments::list(&Request { sign_in, portal_url: &portal_url, reuse }, self.context)
        })
    }
}

/// The error for a profile that leads to no Identity Center.
fn says_nothing(name: &str, profile: Option<&Profile<'_>>, profiles: &Profiles) -> Error {
    let Some(profile) = profile else { return profiles.no_such_profile(name) };
    let word = shell::word(name);
    let is_of_console = profile.get("login_session").is_ok_and(|setting| setting.is_some());
    let hint = if is_of_console {
        format!("it signs in with the console: `keyfob login {word}`")
    } else {
        format!("name another one, or an --sso-session, or make it one: `keyfob configure sso {word}`")
    };
    Error::new(format!("profile \"{name}\" says nothing of IAM Identity Center"))
        .cause("it has neither sso_session nor sso_start_url")
        .hint(hint)
}
