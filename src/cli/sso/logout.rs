//! `keyfob sso logout`: ends sign-ins to IAM Identity Center, at AWS and here.
//!
//! A sign-in is forgotten here whatever AWS says, and whatever is wrong with settings that only calls need. Of the files
//! in the folder of tokens, which many products share, only those go that bear the name of one sign-in.

use super::super::{Selection, forget};
use super::target::Target;
use crate::api::endpoint::Region;
use crate::api::rest_json::RestJson;
use crate::api::sso::Sso;
use crate::cache::{Missing, SsoEntry, SsoToken};
use crate::chain::{SignInName, Source, SsoSession};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::profile::{Profile, Profiles};
use crate::settings::{Service, Settings};
use argh::{ArgsInfo, FromArgs};
use std::io;
use std::time::{Duration, Instant};

/// Sign out of IAM Identity Center, and forget the credentials that were got there.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "logout",
    help_triggers("--help"),
    note = "All profiles of the same sso-session are signed out. Credentials that were handed out live on until they end."
)]
pub(super) struct Logout {
    /// profile whose sign-in is meant
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile whose sign-in is meant
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// sso-session of the config file, in place of a profile
    #[argh(option, arg_name = "name")]
    sso_session: Option<String>,

    /// end every sign-in of the config file
    #[argh(switch)]
    all: bool,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

/// For all that AWS is asked of one sign-in.
const LIMIT: Duration = Duration::from_secs(5);

impl Logout {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, sso_session, all, verbose } = self;
        let selection = Selection::new([profile, option, word], None, None, verbose)?;
        context.terminal.set_verbose(verbose);
        context.vars.refuse_what_is_not_text()?;
        match (&selection.profile, &sso_session) {
            (Some(_), _) if all => return Err(Error::usage("--all and a profile exclude each other")),
            (_, Some(_)) if all => return Err(Error::usage("--all and --sso-session exclude each other")),
            _ => {}
        }
        let profiles = Profiles::load(&context.vars)?;
        if all {
            return sign_out_of_all(context, &profiles);
        }
        let meant = Meant::find(context, &profiles, &selection, sso_session.as_deref())?;
        let entry = meant.entry()?;
        let (title, named_after) = (meant.session.title(), meant.session.named_after().to_owned());
        let removed = meant.sign_out(&entry);
        // Whoever gets a role from now on finds no token; whoever is at it is waited for.
        let is_meant =
            |source: &Source| matches!(source, Source::Sso(role) if role.session.named_after() == named_after);
        forget::credentials_of(context, &profiles, &is_meant);
        forget::got_by(Some(&entry), context);
        match removed {
            Ok(true) => Ok(format!("{}{LIVE_ON}", signed_out(&title))),
            Ok(false) => Ok(format!("Nobody was signed in to {title}.\n")),
            Err(error) => {
                Err(forget::cannot_forget(&format!("the sign-in to {title}"), &[(entry.path().to_owned(), error)]))
            }
        }
    }
}

const LIVE_ON: &str = "Credentials that were handed out live on until they end.\n";

fn signed_out(title: &str) -> String {
    format!("Signed out of {title}, for all of its profiles.\n")
}

/// Every sign-in that the shared files speak of, and none of other products.
fn sign_out_of_all(context: &Context, profiles: &Profiles) -> Result<String, Error> {
    let mut told = String::new();
    let mut failures = Vec::new();
    for (name, profile) in sign_ins(profiles) {
        let selection = Selection { profile, ..Selection::default() };
        let meant = match Meant::find(context, profiles, &selection, name.session()) {
            Ok(meant) => meant,
            // Nobody is signed in there.
            Err(error) => {
                let why = error.cause.map(|cause| format!(": {cause}")).unwrap_or_default();
                context.terminal.warn(&format!("{}{why}", error.message));
                continue;
            }
        };
        let (entry, title) = (meant.entry()?, meant.session.title());
        match meant.sign_out(&entry) {
            Ok(true) => told += &signed_out(&title),
            Ok(false) => {}
            Err(error) => failures.push((entry.path().to_owned(), error)),
        }
    }
    forget::credentials_of(context, profiles, &|source| matches!(source, Source::Sso(_)));
    forget::got_by(None, context);
    if !failures.is_empty() {
        return Err(forget::cannot_forget("a sign-in to IAM Identity Center", &failures));
    }
    Ok(if told.is_empty() { "There was no sign-in to IAM Identity Center.\n".into() } else { told + LIVE_ON })
}

/// The sso-sessions that have a section or that profiles name, and start URLs, each of these with the first profile that
/// names it itself.
fn sign_ins(profiles: &Profiles) -> Vec<(SignInName, Option<String>)> {
    let sections = profiles.sso_session_names().into_iter();
    let mut sessions: Vec<_> = sections.map(|name| (SignInName::Session(name.to_owned()), None)).collect();
    let mut start_urls = Vec::new();
    for name in profiles.names() {
        // What cannot be read says of no sign-in.
        let profile = profiles.profile(name).ok().flatten();
        let Some(named) = profile.and_then(|profile| SignInName::of_profile(&profile)) else { continue };
        let (found, profile) = match named {
            SignInName::Session(_) => (&mut sessions, None),
            SignInName::StartUrl(_) => (&mut start_urls, Some(name.to_owned())),
        };
        if found.iter().all(|(known, _)| *known != named) {
            found.push((named, profile));
        }
    }
    sessions.extend(start_urls);
    sessions
}

/// The sign-in that is to end, and the profile whose settings hold for the calls, if there is one.
struct Meant<'a> {
    context: &'a Context,
    profiles: &'a Profiles,
    profile: Option<Profile<'a>>,
    session: SsoSession,
}

impl<'a> Meant<'a> {
    /// The one that is meant. Where the configuration does not say enough of it any more, its token does: people take
    /// the section away first.
    fn find(
        context: &'a Context,
        profiles: &'a Profiles,
        selection: &Selection,
        sso_session: Option<&str>,
    ) -> Result<Self, Error> {
        let error = match Target::which(context, profiles, selection, sso_session) {
            Ok((profile, session)) => return Ok(Self { context, profiles, profile, session }),
            Err(error) => error,
        };
        let name = selection.name(&context.vars);
        let profile = profiles.profile(&name).unwrap_or_default();
        if profile.is_none() && selection.profile.is_some() {
            return Err(error);
        }
        let named = sso_session.map(|name| SignInName::Session(name.to_owned()));
        let named = named.or_else(|| SignInName::of_profile(profile.as_ref()?));
        let session = named.and_then(|named| by_token(&named, context)).ok_or(error)?;
        Ok(Self { context, profiles, profile, session })
    }

    fn entry(&self) -> Result<SsoEntry, Error> {
        SsoEntry::of(self.session.named_after(), &self.context.vars)
    }

    /// Ends the sign-in; `false` when there was none.
    fn sign_out(self, entry: &SsoEntry) -> io::Result<bool> {
        let Self { context, profiles, profile, session } = self;
        let title = session.title();
        entry.end(|token| {
            let settings = Settings::read(&context.vars, profiles, profile.as_ref(), None);
            let target =
                settings.map_err(with_setting).map(|settings| Target { context, profiles, profile, settings, session });
            if let Err(error) = target.and_then(|target| tell_aws(&target, token)) {
                let why = error.cause.unwrap_or(error.message);
                context.terminal.warn(&format!("AWS could not be told that the sign-in to {title} is over: {why}"));
            }
        })
    }
}

/// The sign-in of that name, as far as its token tells; `None` where there is nothing that bears the name.
fn by_token(name: &SignInName, context: &Context) -> Option<SsoSession> {
    let (name, sso_start_url) = match name {
        SignInName::Session(name) => (Some(name.clone()), None),
        SignInName::StartUrl(url) => (None, Some(url.clone())),
    };
    let entry = SsoEntry::of(name.as_ref().or(sso_start_url.as_ref())?, &context.vars).ok()?;
    let token = match entry.read() {
        Err(Missing::Absent) => return None,
        read => read.ok(),
    };
    let of_token = |text: fn(&SsoToken) -> Option<String>| token.as_ref().and_then(text);
    Some(SsoSession {
        name,
        sso_start_url: sso_start_url.or_else(|| of_token(SsoToken::sso_start_url)).unwrap_or_default(),
        sso_region: of_token(SsoToken::sso_region),
        sso_registration_scopes: None,
    })
}

/// Ends the sign-in at AWS, which takes no sign-out from a token that has ended: that is renewed for it. To be called
/// under the lock of whoever renews it.
fn tell_aws(target: &Target<'_>, token: &SsoToken) -> Result<(), Error> {
    let deadline = Instant::now() + LIMIT;
    let now = target.context.clock.now();
    if token.is_alive(now) {
        return revoke(target, token, deadline);
    }
    if target.session.name.is_none() || !token.can_be_renewed(now) {
        return Ok(());
    }
    let left = deadline.saturating_duration_since(Instant::now());
    match target.with_sign_in(left, |sign_in| sign_in.renewed(token, target.context)) {
        Ok(renewed) => revoke(target, &renewed, deadline),
        // It is over already.
        Err(error) if error.exit == Exit::SignInNeeded => Ok(()),
        Err(error) => Err(error),
    }
}

/// An error of which only the cause is told; what names the setting is the message.
fn with_setting(error: Error) -> Error {
    Error { cause: error.cause.as_ref().map(|why| format!("{}: {why}", error.message)), ..error }
}

/// Ends the sign-in at AWS, in the region where the token was issued.
fn revoke(target: &Target<'_>, token: &SsoToken, deadline: Instant) -> Result<(), Error> {
    let Context { vars, clock, .. } = target.context;
    let issued_in = token.sso_region().and_then(|region| Region::parse(&region));
    let region = issued_in.map_or_else(|| target.sso_region(), Ok)?;
    let endpoint = target.endpoint(Service::SsoPortal, &region).map_err(with_setting)?;
    let portal = Sso {
        service: RestJson {
            client: &target.settings.client(vars, &endpoint)?,
            endpoint: &endpoint,
            clock,
            max_attempts: target.settings.max_attempts,
            deadline,
        },
        access_token: &token.access_token,
    };
    match portal.logout() {
        Err(refusal) if !refusal.is_unauthorized() => Err(Error::new(refusal.to_string())),
        // It is over, by this or by something before.
        Ok(()) | Err(_) => Ok(()),
    }
}
