//! `keyfob login`: signs in with the AWS console, for a profile.

mod questions;
mod target;

use super::{Selection, timeout};
use crate::api::endpoint::Region;
use crate::context::Context;
use crate::error::Error;
use crate::login::console::{self, Request, SignedIn};
use crate::login::{Wanted, Wishes, refuse_conflict};
use crate::profile::{Profile, Profiles};
use crate::settings::Settings;
use argh::{ArgsInfo, FromArgs};
use target::{Target, on_bridge};

/// Sign in with the AWS console, in the browser.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "login",
    help_triggers("--help"),
    note = "The session lasts for up to 12 hours and renews its credentials by itself. The AWS CLI and the SDKs share it."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Login {
    /// profile to sign in to; made where it is missing
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to sign in to
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// region to sign in to
    #[argh(option)]
    region: Option<String>,

    /// sign in on any device, and carry a code over
    #[argh(switch)]
    remote: bool,

    /// port of 127.0.0.1 that the browser comes back to
    #[argh(option, arg_name = "port")]
    redirect_port: Option<u16>,

    /// only show the URL
    #[argh(switch)]
    no_browser: bool,

    /// command that opens the URL; %s stands for it, which else comes last
    #[argh(option, arg_name = "command")]
    browser: Option<String>,

    /// sign in even where a session still works
    #[argh(switch)]
    force: bool,

    /// let every program have the credentials, by way of `credential_process`
    #[argh(switch)]
    bridge: bool,

    /// do not, and do not ask
    #[argh(switch)]
    no_bridge: bool,

    /// how long to wait for the sign-in, like 90s or 5m; 10m if not given
    #[argh(option, arg_name = "time")]
    timeout: Option<String>,

    /// let the profile change from one identity to another
    #[argh(switch, short = 'y')]
    yes: bool,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Login {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let wishes = self.wishes();
        self.refuse_contradictions(&wishes)?;
        let limit = timeout::limit(self.timeout.as_deref())?;
        let places = [profile, self.profile.clone(), self.word.clone()];
        let selection = Selection::new(places, self.region.clone(), None, self.verbose)?;
        context.terminal.set_verbose(self.verbose);
        context.vars.refuse_what_is_not_text()?;
        let name = selection.name(&context.vars);
        let profiles = Profiles::load(&context.vars)?;
        let profile = unopposed(&profiles, &name, context)?;
        let settings = Settings::read(&context.vars, &profiles, profile.as_ref(), selection.region.as_deref())?;
        let target =
            Target { context, name: &name, profiles: &profiles, profile: profile.as_ref(), settings: &settings };
        let bridge = target.bridge(self.bridge)?;
        let wanted = settings.region.as_ref().filter(|_| selection.region.is_some());
        if !self.force
            && let Some(text) = target.already(wanted)?
        {
            bridge.as_ref().map_or(Ok(()), |line| target.write_bridge(line))?;
            return Ok(text + on_bridge(bridge.is_some()));
        }
        let region = target.region()?;
        target.try_writing(&region, bridge.as_deref())?;
        let way = wishes.way(context);
        let token_url = settings.token_url(&region, &context.vars, &profiles, profile.as_ref())?;
        let request =
            Request { profile: &name, region: &region, token_url: &token_url, settings: &settings, way: &way, limit };
        let signed_in = console::sign_in(&request, context)?;
        // That took a person's time, in which the profile may have been changed.
        let profiles = Profiles::load(&context.vars)?;
        let profile = unopposed(&profiles, &name, context)?;
        self.settle(&Target { profiles: &profiles, profile: profile.as_ref(), ..target }, &signed_in, &region)
    }

    /// Writes what a sign-in brought.
    fn settle(&self, target: &Target<'_>, signed_in: &SignedIn, region: &Region) -> Result<String, Error> {
        let login_session = &signed_in.login_session;
        if !target.may_become(login_session, self.yes)? {
            return Ok(format!("Nothing was changed: profile \"{}\" keeps its identity.\n", target.name));
        }
        let bridge = target.bridge(self.bridge)?;
        target.keep(signed_in)?;
        target.write_profile(login_session, region, bridge.as_deref())?;
        target.warn_of_regions(region)?;
        let asks = !self.bridge && !self.no_bridge && target.login_session()?.is_none();
        let bridged = bridge.is_some() || (asks && target.offer_bridge()?);
        Ok(target.success(login_session, bridged))
    }

    fn wishes(&self) -> Wishes {
        Wishes {
            any_device: self.remote,
            any_device_is_easy: false,
            no_browser: self.no_browser,
            browser: self.browser.clone(),
            redirect_port: self.redirect_port,
        }
    }

    fn refuse_contradictions(&self, wishes: &Wishes) -> Result<(), Error> {
        wishes.refuse_contradictions("--remote")?;
        for (both, one, other) in [
            (self.remote && self.browser.is_some(), "--remote", "--browser"),
            (self.bridge && self.no_bridge, "--bridge", "--no-bridge"),
        ] {
            if both {
                return Err(Error::usage(format!("{one} and {other} exclude each other")));
            }
        }
        Ok(())
    }
}

/// The profile of that name, if there is one, without credentials of another kind.
fn unopposed<'a>(profiles: &'a Profiles, name: &str, context: &Context) -> Result<Option<Profile<'a>>, Error> {
    let profile = profiles.profile(name)?;
    if let Some(profile) = &profile {
        refuse_conflict(profile, Wanted::Console, &context.vars)?;
    }
    Ok(profile)
}
