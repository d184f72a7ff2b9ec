//! `keyfob configure`: makes profiles, step by step.

mod sso;

use crate::context::Context;
use crate::error::Error;
use argh::{ArgsInfo, FromArgs};

/// Make or change profiles, by questions or from options.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "configure", help_triggers("--help"))]
pub(super) struct Configure {
    #[argh(subcommand)]
    command: Option<ConfigureCommand>,
}

#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand)]
enum ConfigureCommand {
    Sso(sso::Sso),
}

impl Configure {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        match self.command {
            None => Err(Error::usage("no command").hint("run `keyfob configure --help`")),
            Some(ConfigureCommand::Sso(command)) => command.run(profile, context),
        }
    }
}
