//! Where the person signs in: what the files say, what options say, and what a person adds.
//!
//! | what is there | what is asked |
//! |---|---|
//! | an sso-session of that name | nothing |
//! | none of that name | start URL, region, scopes |
//! | the profile is to say it itself | start URL, region |

use super::Setup;
use super::answers::{self, ACCOUNT_ID, Missing, ROLE_NAME, SSO_REGION, START_URL, USUAL_SCOPES};
use super::questions::{Asked, text};
use crate::api::endpoint::Region;
use crate::chain::SsoSession;
use crate::error::Error;
use crate::login::start_url::{self, tidy};
use crate::profile::{SectionKind, SectionName};

/// Where the person signs in.
pub(super) struct Session {
    pub(super) sso: SsoSession,
    /// The config file says something else of it, or has no such section yet.
    pub(super) is_changed: bool,
}

/// What says where to sign in.
enum Holder {
    /// An sso-session of this name.
    Session(String),
    /// The profile itself, as it did before there were sessions.
    Profile,
}

/// What the files say already.
#[derive(Default)]
struct There {
    start_url: Option<String>,
    sso_region: Option<String>,
    scopes: Option<String>,
}

impl Setup<'_> {
    /// What has to be said by options where there is nobody to ask, all of it at once.
    pub(super) fn refuse_missing(&self) -> Result<(), Error> {
        let answers = self.answers;
        let there = match self.usual_holder()? {
            Some(holder) => self.there(holder.name())?,
            None => There::default(),
        };
        let start_url = answers.start_url.clone().or(there.start_url);
        let told = start_url.as_deref().and_then(start_url::region_in);
        let has_region = answers.sso_region.is_some() || there.sso_region.is_some() || told.is_some();
        let missing: Vec<Missing> = [
            (start_url.is_some(), START_URL),
            (has_region, SSO_REGION),
            (answers.account_id.is_some(), ACCOUNT_ID),
            (answers.role_name.is_some(), ROLE_NAME),
        ]
        .into_iter()
        .filter_map(|(is_said, option)| (!is_said).then_some(option))
        .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let options: Vec<&str> = missing.iter().map(|(option, _)| *option).collect();
        Err(Error::usage("there is no terminal to ask on, and not all is said")
            .cause(format!("missing: {}", options.join(", ")))
            .hint(format!("run it like `{}`", answers.example(self.name, &missing))))
    }

    /// Who says it where nobody is asked. `None`: that cannot be told.
    fn usual_holder(&self) -> Result<Option<Holder>, Error> {
        let said = self.answers.sso_session.clone();
        if let Some(name) = said.map_or_else(|| self.of_profile("sso_session"), |name| Ok(Some(name)))? {
            return Ok(Some(Holder::Session(name)));
        }
        if self.of_profile("sso_start_url")?.is_some() {
            return Ok(Some(Holder::Profile));
        }
        let Some(start_url) = &self.answers.start_url else { return Ok(None) };
        self.session_for(start_url).map(|name| Some(Holder::Session(name)))
    }

    /// The session of a start URL: the one that is there for it, else a new one.
    fn session_for(&self, start_url: &str) -> Result<String, Error> {
        for name in self.profiles.sso_session_names() {
            // One that cannot be read is not this one.
            let Ok(There { start_url: Some(there), .. }) = self.there(Some(name)) else { continue };
            if tidy(&there) == tidy(start_url) && self.leads_elsewhere(name)?.is_none() {
                return Ok(name.to_owned());
            }
        }
        let mut name = answers::usual_session(start_url);
        let mut number = 1;
        while let Some(why) = self.leads_elsewhere(&name)? {
            if !self.has_person {
                return Err(Error::usage("a new sso-session needs a name")
                    .cause(why)
                    .hint("name it with --sso-session"));
            }
            number += 1;
            name = format!("{}-{number}", answers::usual_session(start_url));
        }
        Ok(name)
    }

    /// Why a session is not the one that options describe. What is there changes only where it is named, by an option or
    /// by the profile.
    fn leads_elsewhere(&self, name: &str) -> Result<Option<String>, Error> {
        let said = self.answers;
        let is_named = [&said.sso_session, &self.of_profile("sso_session")?].contains(&&Some(name.to_owned()));
        if is_named || self.profiles.sso_session(name)?.is_none() {
            return Ok(None);
        }
        let there = self.there(Some(name))?;
        let is_other_url = |there: &String| said.start_url.as_deref().is_some_and(|said| tidy(said) != tidy(there));
        let is_other_region = |there: &String| said.sso_region.as_ref().is_some_and(|said| said != there);
        let other = there.start_url.filter(is_other_url).or_else(|| there.sso_region.filter(is_other_region));
        Ok(other.map(|other| format!("sso-session \"{name}\" is there already, for {other}")))
    }

    fn holder(&self) -> Result<Holder, Error> {
        let usual = self.usual_holder()?;
        if let Some(holder) = usual.as_ref().filter(|_| self.answers.sso_session.is_some() || !self.has_person) {
            return Ok(Holder::of(holder.name()));
        }
        let known = self.profiles.sso_session_names();
        let usually = match (&usual, &known[..]) {
            (None, [only]) if self.leads_elsewhere(only)?.is_none() => Some(*only),
            (usual, _) => usual.as_ref().and_then(Holder::name),
        };
        let text = match usually {
            Some(name) => format!("SSO session name [{name}]"),
            None => "SSO session name (Recommended)".to_owned(),
        };
        if usually.is_none() && !known.is_empty() {
            self.context.terminal.tell(&format!("The sso-sessions that are there: {}", known.join(", ")));
        }
        let name = self.ask(&Asked { text: &text, usually, check: answers::some_text })?;
        if name.is_none() {
            self.context.terminal.warn("sign-ins of a profile without an sso-session cannot be renewed");
        }
        Ok(Holder::of(name.as_deref()))
    }

    pub(super) fn session(&self) -> Result<Session, Error> {
        loop {
            let (holder, is_new) = self.settled_holder()?;
            let Some(sso) = self.answered(&holder, is_new)? else {
                self.context.terminal.tell("It is needed. Once more, from the first question:");
                continue;
            };
            let is_changed =
                is_new || holder.name().map_or(Ok(false), |name| Ok(!self.there(Some(name))?.says(&sso)))?;
            return Ok(Session { sso, is_changed });
        }
    }

    /// What says it, and whether that is a session to be made.
    fn settled_holder(&self) -> Result<(Holder, bool), Error> {
        loop {
            let holder = self.holder()?;
            let Some(name) = holder.name() else { return Ok((holder, false)) };
            let is_new = self.profiles.sso_session(name)?.is_none();
            let section = SectionName { kind: SectionKind::SsoSession, name };
            let why = if is_new { answers::refuse_new(section).err() } else { self.leads_elsewhere(name)? };
            match why {
                None => return Ok((holder, is_new)),
                Some(why) if self.has_person && self.answers.sso_session.is_none() => self.will_not_do(&why),
                Some(why) => return Err(Error::usage("cannot use --sso-session").cause(why)),
            }
        }
    }

    /// `None`: a question that needs an answer got none, and the one before may have been meant otherwise.
    fn answered(&self, holder: &Holder, is_new: bool) -> Result<Option<SsoSession>, Error> {
        let said = self.answers;
        let mut there = self.there(holder.name())?;
        if is_new {
            // Its sign-in will be kept under its name, whatever there is of the URL's.
            there.start_url = there.start_url.map(|start_url| tidy(&start_url).to_owned());
        }
        // Of a session that is there nothing is asked, and of a profile whatever may want to change.
        let stays = !self.has_person || (holder.name().is_some() && !is_new);
        let stays = |value: &Option<String>| value.clone().filter(|_| stays);
        // However it is spelt there, other tools have named their files after that.
        let is_said = |there: &&String| said.start_url.as_deref().is_some_and(|said| tidy(said) == tidy(there));
        let same = there.start_url.as_ref().filter(is_said).cloned();
        let given = same.or_else(|| said.start_url.clone()).or_else(|| stays(&there.start_url));
        let Some((sso_start_url, led_to)) = self.start_url(given.as_ref(), there.start_url.as_deref())? else {
            return Ok(None);
        };
        let told = start_url::region_in(&sso_start_url).map(|region| region.to_string());
        let usually = there.sso_region.as_deref().or(told.as_deref());
        let given = said.sso_region.clone().or(led_to).or_else(|| stays(&there.sso_region));
        let given = given.or_else(|| told.clone().filter(|_| !self.has_person));
        let Some(sso_region) = self.wanted(given.as_ref(), "SSO region", usually, answers::region)? else {
            return Ok(None);
        };
        if there.sso_region.as_ref() != Some(&sso_region) {
            self.warn_of_region(&sso_region);
        }
        Ok(Some(SsoSession {
            name: holder.name().map(str::to_owned),
            sso_start_url,
            sso_region: Some(sso_region),
            sso_registration_scopes: self.scopes(holder, is_new, there.scopes)?,
        }))
    }

    /// AWS opens new ones, so it may be one after all.
    fn warn_of_region(&self, sso_region: &str) {
        if Region::parse(sso_region).is_some_and(|region| !region.is_like_others()) {
            let why = "is not made like a region of AWS; sso_region is the one where Identity Center was enabled";
            self.context.terminal.warn(&format!("\"{sso_region}\" {why}"));
        }
    }

    /// The start URL, and the region where one of an organisation's own domain leads.
    fn start_url(
        &self,
        given: Option<&String>,
        usually: Option<&str>,
    ) -> Result<Option<(String, Option<String>)>, Error> {
        loop {
            let Some(start_url) = self.wanted(given, "SSO start URL", usually, answers::start_url)? else {
                return Ok(None);
            };
            // One that is configured was followed before, and is again at the next sign-in.
            if !self.has_person || given.is_some_and(|_| self.answers.start_url.is_none()) {
                return Ok(Some((start_url, None)));
            }
            match start_url::resolve(&start_url, &self.settings()?, self.context) {
                Ok(resolved) => return Ok(Some((start_url, resolved.sso_region.map(|region| region.to_string())))),
                Err(error) if given.is_some() => return Err(error),
                Err(error) => self.tell(&error),
            }
        }
    }

    /// A profile has none: without an sso-session no tool asks for any.
    fn scopes(&self, holder: &Holder, is_new: bool, there: Option<String>) -> Result<Option<String>, Error> {
        if holder.name().is_none() {
            return Ok(None);
        }
        let said = self.answers.scopes.as_ref();
        if !is_new {
            return Ok(said.cloned().or(there));
        }
        let asked = self.optional(said, "SSO registration scopes", Some(USUAL_SCOPES), answers::scopes)?;
        Ok(asked.or_else(|| Some(USUAL_SCOPES.to_owned())))
    }

    /// What the files say of a session, else of the profile, which may be about to move to one.
    fn there(&self, sso_session: Option<&str>) -> Result<There, Error> {
        let section = sso_session.map_or(Ok(None), |name| self.profiles.sso_session(name))?;
        let Some(section) = section.as_ref().or(self.profile.as_ref()) else { return Ok(There::default()) };
        let text = |key| text(section, key);
        Ok(There {
            start_url: text("sso_start_url")?,
            // One that is none is as good as missing.
            sso_region: text("sso_region")?.filter(|name| answers::region(name).is_ok()),
            scopes: text("sso_registration_scopes")?,
        })
    }
}

impl There {
    fn says(&self, sso: &SsoSession) -> bool {
        let Self { start_url, sso_region, scopes } = self;
        let same_place = start_url.as_ref() == Some(&sso.sso_start_url) && *sso_region == sso.sso_region;
        same_place && *scopes == sso.sso_registration_scopes
    }
}

impl Holder {
    fn of(sso_session: Option<&str>) -> Self {
        sso_session.map_or(Self::Profile, |name| Self::Session(name.to_owned()))
    }

    /// Of the sso-session.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Session(name) => Some(name),
            Self::Profile => None,
        }
    }
}
