//! Where a person signs in to IAM Identity Center: an sso-session of the config file, or what a profile itself says.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>
//!
//! ```text
//! [profile dev]                 [sso-session corp]
//! sso_session = corp            sso_start_url = https://d-1234567890.awsapps.com/start
//! sso_account_id = 111122223333 sso_region = us-east-1
//! sso_role_name = Admin         sso_registration_scopes = sso:account:access
//! ```

use super::unusable;
use crate::api::endpoint::Region;
use crate::error::Error;
use crate::profile::{Place, Profile, Profiles, Setting};
use crate::shell;

/// Where a person signs in. Members are named after their settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SsoSession {
    /// Of the sso-session. `None`: the profile itself says where to sign in.
    pub(crate) name: Option<String>,
    pub(crate) sso_start_url: String,
    /// `None`: nobody says; some start URLs do.
    pub(crate) sso_region: Option<String>,
    /// As it is written; a list with commas.
    pub(crate) sso_registration_scopes: Option<String>,
}

/// A role of IAM Identity Center. Members are named after their settings.
#[derive(Clone, Debug)]
pub(crate) struct SsoRole {
    pub(crate) session: SsoSession,
    /// The session's, without which nobody gets a role.
    pub(crate) sso_region: Region,
    /// Text, since it may begin with zeros.
    pub(crate) sso_account_id: String,
    pub(crate) sso_role_name: String,
}

/// What a sign-in is known by: its token is named after that, whatever else the config file says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignInName {
    Session(String),
    /// Of a profile that names no sso-session.
    StartUrl(String),
}

impl SignInName {
    /// Of the sign-in that a profile uses; `None` when it says nothing of one that can be read.
    pub(crate) fn of_profile(profile: &Profile<'_>) -> Option<Self> {
        let text = |key| profile.get(key).ok().flatten().map(|setting| setting.value.into_owned());
        text(SESSION).map(Self::Session).or_else(|| text(START_URL).map(Self::StartUrl))
    }

    pub(crate) fn session(&self) -> Option<&str> {
        match self {
            Self::Session(name) => Some(name),
            Self::StartUrl(_) => None,
        }
    }
}

const SESSION: &str = "sso_session";
const START_URL: &str = "sso_start_url";
const REGION: &str = "sso_region";
const SCOPES: &str = "sso_registration_scopes";
const ACCOUNT: &str = "sso_account_id";
const ROLE: &str = "sso_role_name";

/// Makes the error about a line of the shared files.
pub(super) type Broken<'b> = dyn Fn(Place<'_>, &str) -> Error + 'b;

impl SsoSession {
    /// The sso-session of that name.
    ///
    /// An error when there is none, or it does not say where to sign in.
    pub(crate) fn named(name: &str, profiles: &Profiles) -> Result<Self, Error> {
        let section = profiles.sso_session(name)?.and_then(|section| Some((section.declared()?, section)));
        let (place, section) = section.ok_or_else(|| {
            Error::new(format!("there is no sso-session \"{name}\""))
                .cause(format!("the config file has no section [sso-session {name}]"))
                .hint(format!(
                    "make it: `keyfob configure sso --sso-session {}`{}",
                    shell::word(name),
                    others(profiles)
                ))
        })?;
        Draft::read(Some(name.to_owned()), &section, place)?.session(&|place, why| {
            Error::new(format!("nobody can sign in to sso-session \"{name}\"")).cause(format!("{place}: {why}"))
        })
    }

    /// Where a profile's person signs in; `None` when the profile says nothing of it.
    pub(crate) fn of_profile(profile: &Profile<'_>, profiles: &Profiles) -> Result<Option<Self>, Error> {
        let Some(setting) = profile.get(SESSION)?.map_or_else(|| profile.get(START_URL), |named| Ok(Some(named)))?
        else {
            return Ok(None);
        };
        let broken = |place: Place<'_>, why: &str| unusable(&profile.name, None).cause(format!("{place}: {why}"));
        Draft::of(profile, profiles, setting.place, &broken)?.session(&broken).map(Some)
    }

    /// What a client asks to be registered for. `None`: nothing is said of it, and the service decides.
    pub(crate) fn scopes(&self) -> Option<Vec<String>> {
        let scopes = self.sso_registration_scopes.as_deref()?.split(',').map(str::trim);
        Some(scopes.filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
    }

    /// What its token is named after.
    pub(crate) fn named_after(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.sso_start_url)
    }

    /// Whether this is the sign-in of that name.
    pub(crate) fn is(&self, name: &SignInName) -> bool {
        match name {
            SignInName::Session(name) => self.name.as_ref() == Some(name),
            SignInName::StartUrl(url) => self.name.is_none() && self.sso_start_url == *url,
        }
    }

    /// What it is called in messages.
    pub(crate) fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("sso-session \"{name}\""),
            None => self.sso_start_url.clone(),
        }
    }
}

impl SsoRole {
    /// The role of a profile, and where the profile says so; `None` when it names none.
    pub(super) fn of<'a>(
        profile: &Profile<'a>,
        profiles: &'a Profiles,
        broken: &Broken<'_>,
    ) -> Result<Option<(Self, Place<'a>)>, Error> {
        let half = |one: &Setting<'_>, is_set, is_missing| {
            let why = format!("if `{is_set}` is set, then `{is_missing}` must also be set");
            Err(broken(one.place, &why).hint(choose(profile)))
        };
        let (account, role) = match (profile.get(ACCOUNT)?, profile.get(ROLE)?) {
            (None, None) => return Ok(None),
            (Some(account), Some(role)) => (account, role),
            (Some(one), None) => return half(&one, ACCOUNT, ROLE),
            (None, Some(one)) => return half(&one, ROLE, ACCOUNT),
        };
        let draft = Draft::of(profile, profiles, account.place, broken)?;
        let Some(region) = &draft.sso_region else { return Err(draft.lacks(broken)) };
        let sso_region = Region::parse(&region.value).ok_or_else(|| {
            let why = format!("`{REGION}` is \"{}\", which is not the name of a region", region.value);
            broken(region.place, &why).hint("set it to the region where Identity Center was enabled")
        })?;
        let session = draft.session(broken)?;
        let (sso_account_id, sso_role_name) = (account.value.into(), role.value.into());
        Ok(Some((Self { session, sso_region, sso_account_id, sso_role_name }, account.place)))
    }
}

/// The error for a profile that says where to sign in, and not for which account and role.
pub(super) fn token_only(profile: &Profile<'_>, broken: &Broken<'_>) -> Option<Error> {
    let setting = [SESSION, START_URL, REGION].into_iter().find_map(|key| profile.get(key).ok()?)?;
    let why = "the profile yields a token, not credentials: `sso_account_id` and `sso_role_name` are missing";
    Some(broken(setting.place, why).hint(choose(profile)))
}

/// How a profile gets an account and a role.
fn choose(profile: &Profile<'_>) -> String {
    format!("choose account and role: `keyfob configure sso {}`", shell::word(&profile.name))
}

/// The sessions that could have been meant, as the end of a hint.
fn others(profiles: &Profiles) -> String {
    const SHOWN: usize = 8;
    let names = profiles.sso_session_names();
    match names.len() {
        0 => String::new(),
        1..=SHOWN => format!("; the sso-sessions there: {}", names.join(", ")),
        all => format!("; the sso-sessions there: {}, and {} more", names[..SHOWN].join(", "), all - SHOWN),
    }
}

/// A sign-in as it is written, be it complete or not.
struct Draft<'a> {
    name: Option<String>,
    sso_start_url: Option<Setting<'a>>,
    sso_region: Option<Setting<'a>>,
    sso_registration_scopes: Option<Setting<'a>>,
    /// Where to look for what is missing.
    place: Place<'a>,
}

impl<'a> Draft<'a> {
    fn read(name: Option<String>, section: &Profile<'a>, place: Place<'a>) -> Result<Self, Error> {
        Ok(Self {
            name,
            sso_start_url: section.get(START_URL)?,
            sso_region: section.get(REGION)?,
            sso_registration_scopes: section.get(SCOPES)?,
            place,
        })
    }

    /// What a profile says, or the sso-session that it names; `place` is where it speaks of either.
    fn of(profile: &Profile<'a>, profiles: &'a Profiles, place: Place<'a>, broken: &Broken<'_>) -> Result<Self, Error> {
        let Some(session) = profile.get(SESSION)? else {
            // Without an sso-session no scopes are asked for, by no tool.
            return Ok(Self { sso_registration_scopes: None, ..Self::read(None, profile, place)? });
        };
        let name = &session.value;
        let Some(section) = profiles.sso_session(name)? else {
            let why = format!("sso-session named `{name}` (referenced by profile `{}`) was not found", profile.name);
            let word = shell::word(&profile.name);
            let hint = format!("add it to the config file: `keyfob configure sso {word}`{}", others(profiles));
            return Err(broken(session.place, &why).hint(hint));
        };
        let draft = Self::read(Some(name.clone().into()), &section, section.declared().unwrap_or(session.place))?;
        for (key, of_session) in [(START_URL, &draft.sso_start_url), (REGION, &draft.sso_region)] {
            match (profile.get(key)?, of_session) {
                (Some(own), Some(of_session)) if own.value != of_session.value => {
                    return Err(contradicts(key, &own, of_session, broken));
                }
                _ => {}
            }
        }
        Ok(draft)
    }

    /// An error when the start URL is missing.
    fn session(self, broken: &Broken<'_>) -> Result<SsoSession, Error> {
        let Some(start_url) = &self.sso_start_url else { return Err(self.lacks(broken)) };
        let sso_start_url = start_url.value.clone().into();
        let text = |setting: Option<Setting<'_>>| setting.map(|setting| setting.value.into_owned());
        let (sso_region, sso_registration_scopes) = (text(self.sso_region), text(self.sso_registration_scopes));
        Ok(SsoSession { name: self.name, sso_start_url, sso_region, sso_registration_scopes })
    }

    /// The error for all that is missing.
    fn lacks(&self, broken: &Broken<'_>) -> Error {
        let keys = [(START_URL, &self.sso_start_url), (REGION, &self.sso_region)];
        let missing = keys.into_iter().filter(|(_, setting)| setting.is_none()).map(|(key, _)| format!("`{key}`"));
        let missing: Vec<String> = missing.collect();
        let [is, was] = if missing.len() == 1 { ["is", "was"] } else { ["are", "were"] };
        let missing = missing.join(" and ");
        let why = match &self.name {
            Some(name) => format!("{missing} {is} missing in [sso-session {name}]"),
            None => format!("{missing} {was} missing, and there is no `sso_session`"),
        };
        broken(self.place, &why)
    }
}

/// The error for a profile that says otherwise than its sso-session.
fn contradicts(key: &str, own: &Setting<'_>, of_session: &Setting<'_>, broken: &Broken<'_>) -> Error {
    let rule = "can only be specified in the [sso-session] config when a session name is given";
    let values = format!("it is \"{}\" here, and \"{}\" there ({})", own.value, of_session.value, of_session.place);
    broken(own.place, &format!("`{key}` {rule}: {values}")).hint("remove that line from the profile")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(name: Option<&str>, sso_start_url: &str, scopes: Option<&str>) -> SsoSession {
        SsoSession {
            name: name.map(str::to_owned),
            sso_start_url: sso_start_url.to_owned(),
            sso_region: None,
            sso_registration_scopes: scopes.map(str::to_owned),
        }
    }

    #[test]
    fn tokens_are_named_after_the_session_before_the_start_url() {
        assert_eq!(session(Some("corp"), "https://x", None).named_after(), "corp");
        assert_eq!(session(None, "https://x/", None).named_after(), "https://x/");
    }

    #[test]
    fn scopes_are_the_texts_between_commas() {
        let session = |scopes: Option<&str>| session(None, "", scopes);
        assert_eq!(session(None).scopes(), None);
        for (text, scopes) in
            [("", &[][..]), (",", &[]), ("a, ", &["a"]), (" a, b ", &["a", "b"]), ("a,a", &["a", "a"])]
        {
            assert_eq!(session(Some(text)).scopes(), Some(scopes.iter().map(ToString::to_string).collect()), "{text}");
        }
    }
}
