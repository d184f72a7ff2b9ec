//! `keyfob configure sso`: a profile for a role of IAM Identity Center.
//!
//! It goes as `aws configure sso` goes: where to sign in, the sign-in, which account and role, and what else the profile
//! says. Whatever an option answers is not asked, and without a terminal nothing is.

mod answers;
mod found;
mod questions;
mod roles;
mod session;
mod write;

use crate::chain::SsoSession;
use crate::cli::{Selection, timeout};
use crate::context::Context;
use crate::error::Error;
use crate::login::{Wanted, Wishes, refuse_conflict};
use crate::plan;
use crate::profile::{FileKind, Profile, Profiles, SectionKind, SectionName};
use crate::settings::Settings;
use answers::Answers;
pub(super) use answers::output as checked_output;
use argh::{ArgsInfo, FromArgs};
use found::Found;
use roles::Role;
use session::Session;
use std::borrow::Cow;
use write::Draft;

/// Make a profile for a role of IAM Identity Center.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "sso",
    help_triggers("--help"),
    note = "What no option answers is asked. Without a terminal nothing is, and options have to say all."
)]
pub(super) struct Sso {
    /// profile to make or change
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to make or change
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// sso-session of the config file; made where it is missing
    #[argh(option, arg_name = "name")]
    sso_session: Option<String>,

    /// start URL of the access portal
    #[argh(option, arg_name = "url")]
    start_url: Option<String>,

    /// region where Identity Center was enabled
    #[argh(option, arg_name = "region")]
    sso_region: Option<String>,

    /// scopes of the sign-in, with commas between them
    #[argh(option, arg_name = "list")]
    scopes: Option<String>,

    /// number of the account
    #[argh(option, arg_name = "id")]
    account_id: Option<String>,

    /// role in the account
    #[argh(option, arg_name = "name")]
    role_name: Option<String>,

    /// region of the profile
    #[argh(option)]
    region: Option<String>,

    /// output format of the AWS CLI for the profile
    #[argh(option, arg_name = "format")]
    output: Option<String>,

    /// sign in with a code, on any device
    #[argh(switch)]
    use_device_code: bool,

    /// only show the URL
    #[argh(switch)]
    no_browser: bool,

    /// command that opens the URL; %s stands for it, which else comes last
    #[argh(option, arg_name = "command")]
    browser: Option<String>,

    /// port of 127.0.0.1 that the browser comes back to
    #[argh(option, arg_name = "port")]
    redirect_port: Option<u16>,

    /// how long to wait for the sign-in, like 90s or 5m; 10m if not given
    #[argh(option, arg_name = "time")]
    timeout: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

/// A profile in the making.
struct Setup<'a> {
    context: &'a Context,
    answers: &'a Answers,
    profiles: &'a Profiles,
    /// `None`: nobody has named the profile yet.
    name: Option<&'a str>,
    /// That of the name, if it is there.
    profile: Option<Profile<'a>>,
    /// Whether there is somebody to ask.
    has_person: bool,
}

impl Sso {
    pub(super) fn run(&self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let wishes = self.wishes();
        wishes.refuse_contradictions("--use-device-code")?;
        let limit = timeout::limit(self.timeout.as_deref())?;
        let places = [profile, self.profile.clone(), self.word.clone()];
        let named = Selection::new(places, None, None, self.verbose)?.profile;
        context.terminal.set_verbose(self.verbose);
        context.vars.refuse_what_is_not_text()?;
        let answers = self.answers().check()?;
        let profiles = Profiles::load(&context.vars)?;
        let name = named.or_else(|| plan::named_by_vars(&context.vars).map(str::to_owned));
        let setup = Setup::new(context, &answers, &profiles, name.as_deref())?;
        if !setup.has_person {
            setup.refuse_missing()?;
        }
        let Session { sso: mut session, is_changed } = setup.session()?;
        setup.try_writing(&session)?;
        let found = setup.found(&session, is_changed, &wishes, limit)?;
        session.sso_region.clone_from(&found.sso_region);
        setup.settle(&session, &found)
    }

    fn wishes(&self) -> Wishes {
        Wishes {
            any_device: self.use_device_code,
            any_device_is_easy: true,
            no_browser: self.no_browser,
            browser: self.browser.clone(),
            redirect_port: self.redirect_port,
        }
    }

    fn answers(&self) -> Answers {
        Answers {
            sso_session: self.sso_session.clone(),
            start_url: self.start_url.clone(),
            sso_region: self.sso_region.clone(),
            scopes: self.scopes.clone(),
            account_id: self.account_id.clone(),
            role_name: self.role_name.clone(),
            region: self.region.clone(),
            output: self.output.clone(),
        }
    }
}

impl<'a> Setup<'a> {
    fn new(
        context: &'a Context,
        answers: &'a Answers,
        profiles: &'a Profiles,
        name: Option<&'a str>,
    ) -> Result<Self, Error> {
        let profile = name.map_or(Ok(None), |name| profiles.profile(name))?;
        let has_person = context.terminal.can_ask();
        let setup = Self { context, answers, profiles, name, profile, has_person };
        // Before anybody is asked for anything.
        setup.name_to_be().map_or(Ok(()), |name| setup.refuse_profile(&name))?;
        Ok(setup)
    }

    /// By which calls are made.
    fn settings(&self) -> Result<Settings, Error> {
        Settings::read(&self.context.vars, self.profiles, self.profile.as_ref(), None)
    }

    /// The name, where it is certain already.
    fn name_to_be(&self) -> Option<Cow<'a, str>> {
        let by_role = || {
            let (account_id, role_name) = (self.answers.account_id.as_ref()?, self.answers.role_name.as_ref()?);
            (!self.has_person).then(|| Cow::Owned(usual_name(role_name, account_id)))
        };
        self.name.map(Cow::Borrowed).or_else(by_role)
    }

    /// An error when a profile can not be made, or has other credentials.
    fn refuse_profile(&self, name: &str) -> Result<(), Error> {
        match self.profiles.profile(name)? {
            Some(profile) => refuse_conflict(&profile, Wanted::IdentityCenter, &self.context.vars),
            None => answers::refuse_new(SectionName { kind: SectionKind::Profile, name }).map_err(|why| {
                Error::usage(format!("cannot make profile \"{name}\"")).cause(why).hint("choose another name")
            }),
        }
    }

    /// Finds out whether it could be written, before anybody is sent to a browser.
    fn try_writing(&self, session: &SsoSession) -> Result<(), Error> {
        let likely = Role {
            account_id: self.answers.account_id.clone().unwrap_or_else(|| answers::ACCOUNT_ID.1.to_owned()),
            role_name: self.answers.role_name.clone().unwrap_or_else(|| answers::ROLE_NAME.1.to_owned()),
        };
        let name = self.name_to_be().unwrap_or_else(|| usual_name(&likely.role_name, &likely.account_id).into());
        let Answers { region, output, .. } = self.answers;
        let (region, output) = (region.as_deref(), output.as_deref());
        Draft { name: &name, session, role: Some(&likely), region, output }.rehearse(self.profiles, &self.context.vars)
    }

    /// Asks for the rest, and writes.
    fn settle(&self, session: &SsoSession, found: &Found) -> Result<String, Error> {
        let Self { context, name, .. } = *self;
        let role = found.role.as_ref();
        let (region, output) = (self.region()?, self.output()?);
        let usually = match role {
            Some(Role { account_id, role_name }) => usual_name(role_name, account_id),
            None => session.name.clone().unwrap_or_else(|| plan::DEFAULT_PROFILE.to_owned()),
        };
        let name = name.map_or_else(|| self.profile_name(&usually), |name| Ok(name.to_owned()))?;
        // All that took a person's time, in which the file may have been changed.
        let profiles = Profiles::load(&context.vars)?;
        let setup = Setup::new(context, self.answers, &profiles, Some(&name))?;
        let (region, output) = (region.as_deref(), output.as_deref());
        let before = setup.role_of_profile()?;
        let draft = Draft { name: &name, session, role, region, output };
        let elsewhere = setup.led_elsewhere(session)?;
        let written = draft.write(&profiles, &context.vars)?;
        written.warn(&context.terminal);
        setup.warn_of_hidden([("region", region), ("output", output)])?;
        if let Some(elsewhere) = elsewhere {
            context.terminal.warn(&elsewhere);
        }
        Ok(draft.told(&written, before.as_ref(), found.is_signed_in, &context.vars))
    }

    /// What to know where nobody has named the profile's session, and it leads to another start URL than before.
    fn led_elsewhere(&self, session: &SsoSession) -> Result<Option<String>, Error> {
        let Some(name) = session.name.as_deref().filter(|_| self.answers.sso_session.is_none()) else {
            return Ok(None);
        };
        let Some(section) = self.profiles.sso_session(name)? else { return Ok(None) };
        let before = section.get("sso_start_url")?.filter(|before| before.value != session.sso_start_url.as_str());
        Ok(before.map(|before| {
            let (before, now) = (&before.value, &session.sso_start_url);
            format!("sso-session \"{name}\" led to {before}, and leads to {now} now, for all profiles that name it")
        }))
    }

    /// The credentials file goes before the config file.
    fn warn_of_hidden(&self, settings: [(&str, Option<&str>); 2]) -> Result<(), Error> {
        let Some(profile) = &self.profile else { return Ok(()) };
        for (key, wanted) in settings {
            let setting = profile.get(key)?.filter(|setting| setting.place.file.kind == FileKind::Credentials);
            if let Some(setting) = setting.filter(|setting| wanted.is_some_and(|wanted| setting.value != wanted)) {
                self.context.terminal.warn(&format!("{key} of {} stays in force; remove that line", setting.place));
            }
        }
        Ok(())
    }
}

/// What the AWS CLI calls a profile.
fn usual_name(role_name: &str, account_id: &str) -> String {
    format!("{role_name}-{account_id}")
}
