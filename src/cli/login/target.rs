//! The profile that somebody signs in to: what it says before the sign-in, and what is written of it.

use crate::api::endpoint::Region;
use crate::bridge::{self, Program};
use crate::cache::{self, LoginEntry, LoginToken};
use crate::cli::keys_that_go_first;
use crate::context::{Clock, Context};
use crate::error::{Error, Exit};
use crate::file;
use crate::login::console::SignedIn;
use crate::plan::{self, Wanted};
use crate::profile::{self, Change, Edit, FileKind, Profile, Profiles, SectionKind, SectionName};
use crate::provider::login_session;
use crate::resolve::Walk;
use crate::settings::Settings;
use crate::shell;
use crate::timestamp::{Timestamp, spoken};
use std::fmt::Write as _;
use std::path::Path;

/// The profile of a sign-in, before and after.
pub(super) struct Target<'a> {
    pub(super) context: &'a Context,
    pub(super) name: &'a str,
    pub(super) profiles: &'a Profiles,
    /// `None`: it is made when the sign-in succeeds.
    pub(super) profile: Option<&'a Profile<'a>>,
    pub(super) settings: &'a Settings,
}

impl Target<'_> {
    pub(super) fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let Some(profile) = self.profile else { return Ok(None) };
        Ok(profile.get(key)?.map(|setting| setting.value.into_owned()))
    }

    pub(super) fn login_session(&self) -> Result<Option<String>, Error> {
        self.setting("login_session")
    }

    fn entry(&self, login_session: &str) -> Result<LoginEntry, Error> {
        LoginEntry::of(login_session, self.name, &self.context.vars)
    }

    /// The line of a bridge that is wanted and not there yet.
    pub(super) fn bridge(&self, wanted: bool) -> Result<Option<String>, Error> {
        // Any other program would have been a conflict.
        if !wanted || self.setting(bridge::LINE)?.is_some() {
            return Ok(None);
        }
        Program::of(self.context).line(self.name).map(Some)
    }

    /// What to say where there is a session that still works, in the region that is wanted: renewed, where that is due.
    pub(super) fn already(&self, wanted: Option<&Region>) -> Result<Option<String>, Error> {
        let Some((login_session, token)) = self.session()? else { return Ok(None) };
        // The AWS CLI does not say where a session began; most often it is where the profile is.
        let began_in = token.sign_in_region.clone().or(self.setting("region")?);
        if wanted.is_some_and(|wanted| began_in.as_deref() != Some(wanted.as_str())) {
            return Ok(None);
        }
        let plan = plan::make(self.context, self.profiles, &Wanted { profile: Some(self.name), region: None })?;
        match Walk::new(self.context, &plan, None).credentials() {
            Ok(credentials) => Ok(Some(self.until_when(&login_session, &token, credentials.expiration))),
            Err(error) => {
                // That is what a new sign-in is for.
                self.context.terminal.note(&format!("{}: {}", error.message, error.cause.unwrap_or_default()));
                Ok(None)
            }
        }
    }

    /// The session that the profile had before, if it can be read.
    pub(super) fn session(&self) -> Result<Option<(String, LoginToken)>, Error> {
        let Some(login_session) = self.login_session()? else { return Ok(None) };
        let token = self.entry(&login_session)?.read().ok();
        Ok(token.map(|token| (login_session, token)))
    }

    fn until_when(&self, login_session: &str, token: &LoginToken, expiration: Option<Timestamp>) -> String {
        let now = Clock::local();
        let end = login_session::latest_end(token).filter(|end| *end > now);
        let until = match (end, expiration) {
            (Some(end), _) => format!("until {end} at the latest, {} from now", spoken(now.until(end))),
            (None, Some(end)) => format!("with credentials until {end}, which renew themselves"),
            (None, None) => "already".into(),
        };
        let word = shell::word(self.name);
        format!(
            "Profile \"{}\" is signed in as {login_session} {until}.\nTo sign in anew: keyfob login --force {word}\n",
            self.name
        )
    }

    /// Finds out whether a sign-in could be kept, before anybody is sent to a browser.
    pub(super) fn try_writing(&self, region: &Region, bridge: Option<&str>) -> Result<(), Error> {
        /// No session is larger: of its parts, AWS lets none be longer than 4 KiB.
        const LARGEST: usize = 16 * 1024;
        const LIKELY: &str = "arn:aws:sts::123456789012:assumed-role/Role/session";
        let vars = &self.context.vars;
        let key = self.session_key()?;
        let changes = self.changes(&key, LIKELY, region, bridge)?;
        profile::rehearse(vars, FileKind::Config, &[self.set(changes)])?;
        let folder = cache::login_folder(vars)?;
        file::try_writing_beside(&folder.join("session"), LARGEST).map_err(|error| cannot_keep(&folder, &error))
    }

    /// Writes the session where every tool finds it.
    pub(super) fn keep(&self, signed_in: &SignedIn) -> Result<(), Error> {
        let SignedIn { login_session, token } = signed_in;
        let entry = self.entry(login_session)?;
        let path: &Path = entry.as_ref();
        entry.begin(token).map_err(|error| cannot_keep(path, &error))?;
        self.context.terminal.note(&format!("the session is in \"{}\"", path.display()));
        Ok(())
    }

    pub(super) fn write_profile(
        &self,
        login_session: &str,
        region: &Region,
        bridge: Option<&str>,
    ) -> Result<(), Error> {
        let written = self.write(self.changes(&self.session_key()?, login_session, region, bridge)?);
        written.map_err(|error| {
            let cause = error.cause.unwrap_or_default();
            Error::new(format!("the sign-in is kept, but profile \"{}\" does not know of it", self.name))
                .cause(format!("{}: {cause}", error.message))
                .hint(format!("set `login_session = {login_session}` in that profile"))
        })
    }

    fn changes<'a>(
        &self,
        key: &'a str,
        login_session: &'a str,
        region: &'a Region,
        bridge: Option<&'a str>,
    ) -> Result<Vec<Change<'a>>, Error> {
        let mut changes = vec![Change { key, value: login_session }];
        if self.setting("region")?.is_none() {
            // A session is good in one region only, whatever AWS_REGION says when it is renewed.
            changes.push(Change { key: "region", value: region.as_str() });
        }
        changes.extend(bridge.map(|value| Change { key: bridge::LINE, value }));
        Ok(changes)
    }

    /// Some SDKs do not read where a session is good, and go by the profile.
    pub(super) fn warn_of_regions(&self, region: &Region) -> Result<(), Error> {
        let own = self.setting("region")?;
        if let Some(own) = own.filter(|own| own != region.as_str()) {
            self.context.terminal.warn(&format!(
                "the session is good in {region} alone, and profile \"{}\" has region {own}, where some SDKs would try to \
                 renew it",
                self.name
            ));
        }
        Ok(())
    }

    /// Under which name the profile has its session: perhaps `keyfob_login_session`.
    fn session_key(&self) -> Result<String, Error> {
        let setting = self.profile.map_or(Ok(None), |profile| profile.get("login_session"))?;
        Ok(setting.map_or_else(|| "login_session".to_owned(), |setting| setting.key().into_owned()))
    }

    fn set<'b>(&'b self, changes: Vec<Change<'b>>) -> Edit<'b> {
        Edit::set(SectionName { kind: SectionKind::Profile, name: self.name }, changes)
    }

    fn write(&self, changes: Vec<Change<'_>>) -> Result<(), Error> {
        let written = profile::apply(&self.context.vars, FileKind::Config, &[self.set(changes)])?;
        written.warn(&self.context.terminal);
        if written.changed {
            self.context.terminal.note(&format!("\"{}\" is written", written.path.display()));
        }
        Ok(())
    }

    pub(super) fn write_bridge(&self, line: &str) -> Result<(), Error> {
        self.write(vec![Change { key: bridge::LINE, value: line }])
    }

    pub(super) fn success(&self, login_session: &str, bridged: bool) -> String {
        let word = shell::word(self.name);
        let mut text = format!("Profile \"{}\" is signed in as {login_session}.\n", self.name);
        text.push_str(on_bridge(bridged));
        text.push_str(keys_that_go_first(&self.context.vars));
        if self.name != "default" {
            let line = format!("Use it with --profile {word}, or for this shell: eval \"$(keyfob env {word})\"");
            writeln!(text, "{line}").expect("a String takes all");
        }
        text
    }
}

/// What to know of a bridge that was made.
pub(super) fn on_bridge(was_made: bool) -> &'static str {
    if was_made { "Programs that know no console sign-ins get its credentials through keyfob.\n" } else { "" }
}

fn cannot_keep(path: &Path, error: &std::io::Error) -> Error {
    Error::new("cannot keep a console sign-in")
        .cause(format!("cannot write \"{}\": {error}", path.display()))
        .hint("make the folder writable and the disk less full, or set AWS_LOGIN_CACHE_DIRECTORY")
        .exit(Exit::Failed)
}
