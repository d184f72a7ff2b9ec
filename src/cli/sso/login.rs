//! `keyfob sso login`: signs in to IAM Identity Center, where that is needed.

mod outcome;

use super::super::{Selection, timeout};
use super::target::Target;
use crate::api::endpoint::Region;
use crate::cache::{Missing, SsoEntry, SsoToken};
use crate::chain::SsoSession;
use crate::context::Context;
use crate::error::Error;
use crate::login::sso::{self, Request};
use crate::login::{Wishes, start_url};
use crate::profile::Profiles;
use crate::settings::Service;
use argh::{ArgsInfo, FromArgs};
use std::time::Duration;

/// Sign in to IAM Identity Center, in the browser.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "login",
    help_triggers("--help"),
    note = "It is one sign-in for all profiles of the same sso-session. The AWS CLI and the SDKs share it."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Login {
    /// profile whose sign-in is meant
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile whose sign-in is meant
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// sso-session of the config file, in place of a profile
    #[argh(option, arg_name = "name")]
    sso_session: Option<String>,

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

    /// sign in even where a sign-in still works
    #[argh(switch)]
    force: bool,

    /// how long to wait for the sign-in, like 90s or 5m; 10m if not given
    #[argh(option, arg_name = "time")]
    timeout: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Login {
    fn wishes(&self) -> Wishes {
        Wishes {
            any_device: self.use_device_code,
            any_device_is_easy: true,
            no_browser: self.no_browser,
            browser: self.browser.clone(),
            redirect_port: self.redirect_port,
        }
    }

    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let wishes = self.wishes();
        wishes.refuse_contradictions("--use-device-code")?;
        let limit = timeout::limit(self.timeout.as_deref())?;
        let selection = Selection::new([profile, self.profile, self.word], None, None, self.verbose)?;
        context.terminal.set_verbose(self.verbose);
        context.vars.refuse_what_is_not_text()?;
        let profiles = Profiles::load(&context.vars)?;
        let target = Target::find(context, &profiles, &selection, self.sso_session.as_deref())?;
        let signed_in = sign_in(&target, &wishes, limit, self.force)?;
        let named = target.named(self.sso_session.as_deref());
        if !signed_in.is_new {
            let text = target.until_when("Already signed in", &signed_in.token);
            return Ok(format!("{text}To sign in anew: keyfob sso login --force{named}\n"));
        }
        target.follow(&signed_in.sso_region);
        Ok(target.until_when("Signed in", &signed_in.token) + &target.what_next(named)?)
    }
}

/// A person who is signed in.
pub(in crate::cli) struct SignedIn {
    pub(in crate::cli) token: SsoToken,
    /// Where: that of the session, or the one that a start URL of one's own domain led to.
    pub(in crate::cli) sso_region: Region,
    /// Just now; else it was so before.
    pub(in crate::cli) is_new: bool,
}

/// Has a person sign in within `limit`, where that is needed or `force` wants it, and keeps the token.
///
/// The session need not be in the config file, and nothing is written there.
pub(in crate::cli) fn sign_in(
    target: &Target<'_>,
    wishes: &Wishes,
    limit: Duration,
    force: bool,
) -> Result<SignedIn, Error> {
    let Target { context, session, settings, .. } = target;
    if wishes.redirect_port.is_some() && session.name.is_none() {
        return Err(Error::usage("--redirect-port has no use here")
            .cause(format!("without an sso-session, a sign-in to {} is by device code", session.title()))
            .hint("leave it out, or make an sso-session: `keyfob configure sso`"));
    }
    let entry = target.entry()?;
    let before = target.token_before(&entry)?.filter(|token| target.is_its(token));
    if let Some(token) = before.filter(|_| !force).and_then(|token| target.renewed(token))
        && let Ok(sso_region) = target.sso_region()
    {
        return Ok(SignedIn { token, sso_region, is_new: false });
    }
    entry.try_writing().map_err(|error| cannot_keep(&entry, &error))?;
    let resolved = start_url::resolve(&session.sso_start_url, settings, context)?;
    let sso_region = resolved.sso_region.map_or_else(|| target.sso_region(), Ok)?;
    let request = Request {
        session,
        start_url: &resolved.start_url,
        sso_region: &sso_region,
        oidc_url: &target.endpoint(Service::SsoOidc, &sso_region)?,
        settings,
        wishes,
        limit,
    };
    let beginning = sso::sign_in(&request, context)?;
    let token = entry.begin(beginning).map_err(|error| cannot_keep(&entry, &error))?;
    context.terminal.note(&format!("the token is in \"{}\"", entry.path().display()));
    Ok(SignedIn { token, sso_region, is_new: true })
}

impl Target<'_> {
    /// The token that is there. One that is damaged is as good as none, as it gives way to the next.
    fn token_before(&self, entry: &SsoEntry) -> Result<Option<SsoToken>, Error> {
        match entry.read() {
            Ok(token) => Ok(Some(token)),
            Err(Missing::Absent) => Ok(None),
            Err(Missing::Damaged(why)) => {
                self.context.terminal.note(&format!("\"{}\" gives way: {why}", entry.path().display()));
                Ok(None)
            }
            Err(Missing::Refused(why)) => Err(Error::new("cannot keep a sign-in to IAM Identity Center")
                .cause(format!("cannot read \"{}\": {why}", entry.path().display()))
                .hint("move what is there out of the way")),
        }
    }

    /// Whether the token is of the portal that is configured, as far as it says: a session may move and keep its name.
    fn is_its(&self, token: &SsoToken) -> bool {
        let SsoSession { sso_start_url, sso_region, .. } = &self.session;
        let pairs = [(token.sso_start_url(), Some(sso_start_url)), (token.sso_region(), sso_region.as_ref())];
        let differing =
            pairs.iter().find_map(|(has, wants)| has.as_ref().zip(*wants).filter(|(has, wants)| has != wants));
        if let Some((has, wants)) = differing {
            self.context.terminal.note(&format!("the token is of {has}, and {wants} is configured"));
        }
        differing.is_none()
    }

    /// The token, renewed where that is due, if that will do for some time.
    fn renewed(&self, token: SsoToken) -> Option<SsoToken> {
        const LIMIT: Duration = Duration::from_secs(30);
        let Context { clock, terminal, .. } = self.context;
        if token.is_fresh(clock.now()) {
            return Some(token);
        }
        match self.with_sign_in(LIMIT, |sign_in| sign_in.token(self.context)) {
            Ok(held) => Some(held.token).filter(|token| token.is_fresh(clock.now())),
            Err(error) => {
                // That is what a new sign-in is for.
                terminal.note(&error.cause.unwrap_or(error.message));
                None
            }
        }
    }
}

fn cannot_keep(entry: &SsoEntry, error: &std::io::Error) -> Error {
    Error::new("cannot keep a sign-in to IAM Identity Center")
        .cause(format!("cannot write \"{}\": {error}", entry.path().display()))
        .hint("make the folder writable and the disk less full")
}
