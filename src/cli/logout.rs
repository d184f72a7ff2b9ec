//! `keyfob logout`: forgets console sign-ins, and what was got with them.

use super::Selection;
use crate::cache::{self, Entry, LoginEntry};
use crate::chain::Source;
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::plan::{self, Plan, Wanted};
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
            _ if all => forget_all(context),
            profile => {
                let name = profile.unwrap_or_else(|| plan::selected_name(&context.vars));
                forget(&name, context, &Profiles::load(&context.vars)?)
            }
        }
    }
}

fn forget(name: &str, context: &Context, profiles: &Profiles) -> Result<String, Error> {
    let profile = profiles.profile(name)?.ok_or_else(|| profiles.no_such_profile(name))?;
    let Some(login_session) = profile.get("login_session")?.map(|setting| setting.value) else {
        context.terminal.warn(&format!("profile \"{name}\" has no console sign-in (login_session); nothing to forget"));
        return Ok(String::new());
    };
    let entry = LoginEntry::of(&login_session, name, &context.vars)?;
    let removed = entry.remove();
    // Whoever gets a role from now on finds no session; whoever is at it is waited for.
    forget_roles(context, profiles, &|session| session == login_session);
    match removed {
        Ok(true) => Ok(format!("Profile \"{name}\" is signed out: {login_session}.\n")),
        Ok(false) => Ok(format!("Profile \"{name}\" was not signed in.\n")),
        Err(error) => Err(cannot_forget(&[(entry.as_ref(), &error)])),
    }
}

fn forget_all(context: &Context) -> Result<String, Error> {
    let (forgotten, failures) = cache::remove_all_logins(&context.vars);
    // Files of profiles that nobody can read say of no role where it is.
    if let Ok(profiles) = Profiles::load(&context.vars) {
        forget_roles(context, &profiles, &|_| true);
    }
    if !failures.is_empty() {
        let failures: Vec<_> = failures.iter().map(|(path, error)| (path.as_path(), error)).collect();
        return Err(cannot_forget(&failures));
    }
    Ok(match forgotten {
        0 => "There was no console sign-in.\n".into(),
        1 => "Forgot 1 console sign-in.\n".into(),
        many => format!("Forgot {many} console sign-ins.\n"),
    })
}

/// Forgets the roles that were assumed with a session: keyfob's own copies, for every profile that says how.
fn forget_roles(context: &Context, profiles: &Profiles, is_meant: &dyn Fn(&str) -> bool) {
    for name in profiles.names() {
        let wanted = Wanted { profile: Some(name), region: None };
        // A profile that cannot be resolved has nothing in the cache.
        let Ok(Plan { chain, settings, .. }) = plan::make(context, profiles, &wanted) else { continue };
        let Source::LoginSession { login_session } = &chain.base.source else { continue };
        if !is_meant(login_session) {
            continue;
        }
        for depth in 1..=chain.roles.len() {
            let identity = chain.identity(depth, settings.sts_endpoint_url.as_deref(), &context.vars);
            if let Some(Err(error)) = Entry::of(&identity, &context.vars).map(|entry| entry.remove()) {
                context.terminal.warn(&format!("cannot forget the role of profile \"{name}\": {error}"));
            }
        }
    }
}

fn cannot_forget(failures: &[(&Path, &std::io::Error)]) -> Error {
    let told: Vec<String> = failures.iter().map(|(path, error)| format!("\"{}\": {error}", path.display())).collect();
    Error::new("cannot forget a console sign-in")
        .cause(told.join("; "))
        .hint("remove the file, or make its folder writable")
        .exit(Exit::Failed)
}
