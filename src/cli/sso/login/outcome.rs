//! What a sign-in has led to: what is said of it, and what is written of a region.

use super::super::target::Target;
use crate::api::endpoint::Region;
use crate::cache::SsoToken;
use crate::cli::keys_that_go_first;
use crate::context::Clock;
use crate::error::Error;
use crate::plan::DEFAULT_PROFILE;
use crate::profile::{self, Change, Edit, FileKind, SectionKind, SectionName, Setting};
use crate::shell;
use crate::timestamp::spoken;
use std::fmt::{self, Write as _};
use std::time::Duration;

impl Target<'_> {
    pub(super) fn until_when(&self, done: &str, token: &SsoToken) -> String {
        /// What has gone since the token came is not of interest.
        const ROUNDING: Duration = Duration::from_secs(30);
        let end = token.expiration;
        let left = spoken(Clock::local().until(end) + ROUNDING);
        let has_scopes = self.session.scopes().is_some_and(|scopes| !scopes.is_empty());
        let then = match (&token.renewal, &self.session.name) {
            (Some(_), _) => "it renews itself",
            (None, Some(_)) if has_scopes => "it does not renew itself, as it came without a refresh token",
            (None, Some(_)) => "it does not renew itself, which takes sso_registration_scopes",
            (None, None) => "it does not renew itself, as that of an sso-session would",
        };
        format!("{done} to {} until {end}, {left} from now; {then}.\n", self.session.title())
    }

    /// Has the config file name the region that a start URL of one's own domain has led to: the other tools go by it.
    pub(super) fn follow(&self, sso_region: &Region) {
        if self.session.sso_region.as_deref() == Some(sso_region.as_str()) {
            return;
        }
        let terminal = &self.context.terminal;
        let title = self.session.title();
        match self.set_region(sso_region) {
            Ok(()) => terminal.warn(&format!("sso_region of {title} is {sso_region} now, where its start URL leads")),
            Err(error) => terminal.warn(&format!(
                "set sso_region of {title} to {sso_region}, where its start URL leads; it could not be written: {}",
                error.cause.unwrap_or(error.message)
            )),
        }
    }

    fn set_region(&self, sso_region: &Region) -> Result<(), Error> {
        let holder = match &self.session.name {
            Some(name) => self.profiles.sso_session(name)?,
            None => None,
        };
        let setting = holder.as_ref().or(self.profile.as_ref()).map_or(Ok(None), |holder| holder.get("sso_region"))?;
        let file = setting.as_ref().map_or(FileKind::Config, |setting| setting.place.file.kind);
        let key = setting.as_ref().map_or("sso_region".into(), Setting::key);
        let section = match (&self.session.name, &self.profile) {
            (Some(name), _) => SectionName { kind: SectionKind::SsoSession, name },
            (None, Some(profile)) => SectionName { kind: SectionKind::Profile, name: &profile.name },
            (None, None) => return Ok(()),
        };
        let changes = vec![Change { key: &key, value: sso_region.as_str() }];
        let written = profile::apply(&self.context.vars, file, &[Edit::set(section, changes)])?;
        written.warn(&self.context.terminal);
        Ok(())
    }

    /// What names this sign-in, of which the command line has named this session.
    pub(super) fn named<'b>(&'b self, sso_session: Option<&'b str>) -> Named<'b> {
        match (sso_session, &self.profile, self.session.name.as_deref()) {
            (Some(name), _, _) | (None, None, Some(name)) => Named::Session(name),
            (None, Some(profile), _) if profile.name != DEFAULT_PROFILE => Named::Profile(&profile.name),
            _ => Named::Nobody,
        }
    }

    pub(super) fn what_next(&self, named: Named<'_>) -> Result<String, Error> {
        let mut text = keys_that_go_first(&self.context.vars).to_owned();
        let role = match (named, &self.profile) {
            (Named::Profile(_) | Named::Nobody, Some(profile)) => {
                let has_role = profile.get("sso_account_id")?.is_some() && profile.get("sso_role_name")?.is_some();
                has_role.then_some(&profile.name)
            }
            _ => None,
        };
        match role {
            Some(name) if name == DEFAULT_PROFILE => {}
            Some(name) => {
                let word = shell::word(name);
                writeln!(text, "Use it with --profile {word}, or for this shell: eval \"$(keyfob env {word})\"")
                    .expect("a String takes all");
            }
            None => {
                writeln!(text, "See which roles there are: keyfob sso list{named}").expect("a String takes all");
                if let Some(name) = &self.session.name {
                    writeln!(text, "Make a profile for one: keyfob configure sso{}", Named::Session(name))
                        .expect("a String takes all");
                }
            }
        }
        Ok(text)
    }
}

/// What names a sign-in on a command line. Displayed, it has a blank before it.
#[derive(Clone, Copy)]
pub(super) enum Named<'a> {
    Profile(&'a str),
    Session(&'a str),
    /// It is meant where nothing is named.
    Nobody,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(name) => write!(f, " {}", shell::word(name)),
            Self::Session(name) => write!(f, " --sso-session {}", shell::word(name)),
            Self::Nobody => Ok(()),
        }
    }
}
