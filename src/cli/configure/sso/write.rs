//! What is written: the profile's lines, then those of its session, in the AWS CLI's order and all at once.
//!
//! ```text
//! [profile Admin-111122223333]
//! sso_session = corp
//! sso_account_id = 111122223333
//! sso_role_name = Admin
//! region = eu-west-1
//! [sso-session corp]
//! sso_start_url = https://d-1234567890.awsapps.com/start
//! sso_region = us-east-1
//! sso_registration_scopes = sso:account:access
//! ```

use super::roles::Role;
use crate::chain::SsoSession;
use crate::cli::keys_that_go_first;
use crate::context::Vars;
use crate::error::Error;
use crate::profile::{self, Change, Edit, FileKind, Profile, Profiles, SectionKind, SectionName, Written};
use crate::shell;

/// What the config file is to say.
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    pub(super) session: &'a SsoSession,
    /// `None`: not known yet, or AWS told nobody.
    pub(super) role: Option<&'a Role>,
    pub(super) region: Option<&'a str>,
    pub(super) output: Option<&'a str>,
}

/// What changes in one section.
struct Lines<'a> {
    section: SectionName<'a>,
    set: Vec<(String, &'a str)>,
    unset: Vec<String>,
}

impl<'a> Draft<'a> {
    /// Writes it. A file that says all that already stays as it is.
    pub(super) fn write(&self, profiles: &Profiles, vars: &Vars) -> Result<Written, Error> {
        profile::apply(vars, FileKind::Config, &edits(&self.lines(profiles)?))
    }

    /// The error that writing would end in.
    pub(super) fn rehearse(&self, profiles: &Profiles, vars: &Vars) -> Result<(), Error> {
        profile::rehearse(vars, FileKind::Config, &edits(&self.lines(profiles)?))
    }

    /// What was done, and what to do next. `before` is the role that the profile was for.
    pub(super) fn told(&self, written: &Written, before: Option<&Role>, is_signed_in: bool, vars: &Vars) -> String {
        let Self { name, session, role, .. } = self;
        let word = shell::word(name);
        let (what, verb) = match &session.name {
            Some(session) => (format!("Profile \"{name}\" and sso-session \"{session}\""), "are"),
            None => (format!("Profile \"{name}\""), "is"),
        };
        let already = if written.changed { "" } else { " already, as they should be" };
        let moved = match before.zip(*role).filter(|(before, role)| before != role) {
            Some((before, role)) => format!("It was for {before}, and now is for {role}.\n"),
            None => String::new(),
        };
        let next = match (role, is_signed_in) {
            (None, _) => format!("It has no role yet; to choose one: keyfob configure sso {word}\n"),
            (Some(_), true) => String::new(),
            (Some(_), false) => format!("Sign in first: keyfob sso login {word}\n"),
        };
        let usage = format!(
            "See who it is: keyfob whoami --profile {word}\n\
             Use it with --profile {word}, or for this shell: eval \"$(keyfob env {word})\"\n"
        );
        let usage = role.map(|_| keys_that_go_first(vars).to_owned() + &usage).unwrap_or_default();
        format!("{what} {verb} in \"{}\"{already}.\n{moved}{next}{usage}", written.path.display())
    }

    fn lines(&self, profiles: &Profiles) -> Result<[Lines<'a>; 2], Error> {
        let SsoSession { name, sso_start_url, sso_region, sso_registration_scopes } = self.session;
        let where_to = [
            ("sso_start_url", Some(sso_start_url.as_str())),
            ("sso_region", sso_region.as_deref()),
            ("sso_registration_scopes", sso_registration_scopes.as_deref()),
        ];
        let role = [
            ("sso_account_id", self.role.map(|role| role.account_id.as_str())),
            ("sso_role_name", self.role.map(|role| role.role_name.as_str())),
            ("region", self.region),
            ("output", self.output),
        ];
        let profile = profiles.profile(self.name)?;
        let section = |kind, name| SectionName { kind, name };
        let own = section(SectionKind::Profile, self.name);
        let Some(session) = name.as_deref() else {
            let settings = where_to.into_iter().take(2).chain(role);
            return Ok([Lines::of(own, profile.as_ref(), settings)?, Lines::none(own)]);
        };
        let settings = std::iter::once(("sso_session", Some(session))).chain(role);
        let mut lines = Lines::of(own, profile.as_ref(), settings)?;
        if let Some(profile) = &profile {
            // Beside a session the SDK for Rust refuses them, and botocore does where they differ.
            for (key, _) in where_to {
                lines.unset.extend(profile.get(key)?.map(|setting| setting.key().into_owned()));
            }
        }
        let there = profiles.sso_session(session)?;
        Ok([lines, Lines::of(section(SectionKind::SsoSession, session), there.as_ref(), where_to)?])
    }
}

impl<'a> Lines<'a> {
    fn none(section: SectionName<'a>) -> Self {
        Self { section, set: Vec::new(), unset: Vec::new() }
    }

    /// What has to be set of these for the section to say it.
    fn of(
        section: SectionName<'a>,
        there: Option<&Profile<'_>>,
        settings: impl IntoIterator<Item = (&'static str, Option<&'a str>)>,
    ) -> Result<Self, Error> {
        let mut lines = Self::none(section);
        let prefix = there.map_or(Ok(""), own_prefix)?;
        for (key, value) in settings {
            let Some(value) = value else { continue };
            let setting = there.map_or(Ok(None), |there| there.get(key))?;
            match setting {
                Some(setting) if setting.value == value => {}
                Some(setting) => lines.set.push((setting.key().into_owned(), value)),
                None if key.starts_with("sso_") => lines.set.push((format!("{prefix}{key}"), value)),
                None => lines.set.push((key.to_owned(), value)),
            }
        }
        Ok(lines)
    }
}

/// Before the keys of a profile that other programs reach through keyfob alone: `keyfob_`.
fn own_prefix(profile: &Profile<'_>) -> Result<&'static str, Error> {
    for key in ["sso_session", "sso_start_url", "sso_account_id"] {
        if let Some(setting) = profile.get(key)? {
            return Ok(if setting.key().eq_ignore_ascii_case(key) { "" } else { "keyfob_" });
        }
    }
    Ok("")
}

fn edits<'a>(all: &'a [Lines<'a>]) -> Vec<Edit<'a>> {
    let mut edits = Vec::new();
    for Lines { section, set, unset } in all {
        if !unset.is_empty() {
            edits.push(Edit::unset(*section, unset.iter().map(String::as_str).collect()));
        }
        if !set.is_empty() {
            let changes = set.iter().map(|(key, value)| Change { key, value }).collect();
            edits.push(Edit::set(*section, changes));
        }
    }
    edits
}
