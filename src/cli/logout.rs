//! `keyfob logout`: forgets console sign-ins, and what was got with them.

use super::{Selection, forget};
use crate::cache::{self, LoginEntry};
use crate::chain::Source;
use crate::context::Context;
use crate::error::Error;
use crate::plan;
use crate::profile::Profiles;
use argh::{ArgsInfo, FromArgs};
use std::path::Path;

/// Forget a profile's console sign-in, and the credentials that were got with it.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "logout",
    help_triggers("--help"),
    note = "Credentials that were handed out live on until they end, 15 minutes at most."
)]
pub(super) struct Logout {
    /// profile to sign out
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to sign out
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// forget every console sign-in
    #[argh(switch)]
    all: bool,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Logout {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, all, verbose } = self;
        let selection = Selection::new([profile, option, word], None, None, verbose)?;
        context.terminal.set_verbose(verbose);
        context.vars.refuse_what_is_not_text()?;
        match selection.profile {
            Some(_) if all => Err(Error::usage("--all and a profile exclude each other")),
            _ if all => sign_out_all(context),
            profile => {
                let name = profile.unwrap_or_else(|| plan::selected_name(&context.vars));
                sign_out(&name, context, &Profiles::load(&context.vars)?)
            }
        }
    }
}

const SIGN_IN: &str = "a console sign-in";

fn sign_out(name: &str, context: &Context, profiles: &Profiles) -> Result<String, Error> {
    let profile = profiles.profile(name)?.ok_or_else(|| profiles.no_such_profile(name))?;
    let Some(login_session) = profile.get("login_session")?.map(|setting| setting.value) else {
        context.terminal.warn(&format!("profile \"{name}\" has no console sign-in (login_session); nothing to forget"));
        return Ok(String::new());
    };
    let entry = LoginEntry::of(&login_session, name, &context.vars)?;
    let removed = entry.remove();
    // Whoever gets a role from now on finds no session; whoever is at it is waited for.
    let is_meant =
        |source: &Source| matches!(source, Source::LoginSession { login_session: one } if *one == login_session);
    forget::credentials_of(context, profiles, &is_meant);
    match removed {
        Ok(true) => Ok(format!("Profile \"{name}\" is signed out: {login_session}.\n")),
        Ok(false) => Ok(format!("Profile \"{name}\" was not signed in.\n")),
        Err(error) => Err(forget::cannot_forget(SIGN_IN, &[(AsRef::<Path>::as_ref(&entry).to_owned(), error)])),
    }
}

fn sign_out_all(context: &Context) -> Result<String, Error> {
    let (forgotten, failures) = cache::remove_all_logins(&context.vars);
    // Files of profiles that nobody can read say of no role where it is.
    if let Ok(profiles) = Profiles::load(&context.vars) {
        forget::credentials_of(context, &profiles, &|source| matches!(source, Source::LoginSession { .. }));
    }
    if !failures.is_empty() {
        return Err(forget::cannot_forget(SIGN_IN, &failures));
    }
    Ok(match forgotten {
        0 => "There was no console sign-in.\n".into(),
        1 => "Forgot 1 console sign-in.\n".into(),
        many => format!("Forgot {many} console sign-ins.\n"),
    })
}
