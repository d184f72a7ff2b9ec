//! `keyfob profile`: what a person does with the profiles of the shared files.

mod check;
mod copy;
mod key;
mod list;
mod names;
mod remove;
mod rename;
mod row;
mod set;
mod show;
mod unset;

pub(super) use row::Row;

use crate::context::Context;
use crate::error::Error;
use argh::{ArgsInfo, FromArgs};

/// List, show, make, change and remove profiles.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "profile", help_triggers("--help"))]
pub(super) struct Profile {
    #[argh(subcommand)]
    command: Option<ProfileCommand>,
}

#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, made from a command line")]
enum ProfileCommand {
    Check(check::Check),
    Copy(copy::Copy),
    List(list::List),
    Remove(remove::Remove),
    Rename(rename::Rename),
    Set(set::Set),
    Show(show::Show),
    Unset(unset::Unset),
}

impl Profile {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        match self.command {
            None => Err(Error::usage("no command").hint("run `keyfob profile --help`")),
            Some(ProfileCommand::Check(command)) => command.run(profile, context),
            Some(ProfileCommand::Copy(command)) => command.run(profile.as_deref(), context),
            Some(ProfileCommand::List(command)) => command.run(profile, context),
            Some(ProfileCommand::Remove(command)) => command.run(profile, context),
            Some(ProfileCommand::Rename(command)) => command.run(profile.as_deref(), context),
            Some(ProfileCommand::Set(command)) => command.run(profile, context),
            Some(ProfileCommand::Show(command)) => command.run(profile, context),
            Some(ProfileCommand::Unset(command)) => command.run(profile, context),
        }
    }
}

/// Refuses a profile that is named before a command which is about all of them.
fn takes_no_profile(profile: Option<String>, command: &str) -> Result<(), Error> {
    let named = |name| format!("`keyfob profile {command}` is about all profiles, and \"{name}\" is named");
    profile.map_or(Ok(()), |name| Err(Error::usage(named(name))))
}
