//! `keyfob sso`: what a person does with IAM Identity Center, from signing in to having all profiles.

mod list;
pub(super) mod login;
mod logout;
mod sync;
pub(super) mod target;

use crate::context::Context;
use crate::error::Error;
use argh::{ArgsInfo, FromArgs};

/// Sign in to IAM Identity Center and out, list what one may use, and make profiles for it.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "sso", help_triggers("--help"))]
pub(super) struct Sso {
    #[argh(subcommand)]
    command: Option<SsoCommand>,
}

#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand)]
enum SsoCommand {
    Login(login::Login),
    Logout(logout::Logout),
    List(list::List),
    Sync(sync::Sync),
}

impl Sso {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        match self.command {
            None => Err(Error::usage("no command").hint("run `keyfob sso --help`")),
            Some(SsoCommand::Login(command)) => command.run(profile, context),
            Some(SsoCommand::Logout(command)) => command.run(profile, context),
            Some(SsoCommand::List(command)) => command.run(profile, context),
            Some(SsoCommand::Sync(command)) => command.run(profile, context),
        }
    }
}
