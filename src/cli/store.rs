//! `keyfob store`: where keys that last are kept, and passwords.

mod keys;
mod list;
mod password;
mod relocate;
mod survey;
mod unlock;

use crate::context::Context;
use crate::error::Error;
use argh::{ArgsInfo, FromArgs};

/// See and change where long-term keys and passwords are kept.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "store", help_triggers("--help"))]
pub(super) struct Store {
    #[argh(subcommand)]
    command: Option<StoreCommand>,
}

#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand)]
enum StoreCommand {
    List(list::List),
    Move(relocate::Move),
    Unlock(unlock::Unlock),
    Lock(unlock::Lock),
}

impl Store {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        match self.command {
            None => Err(Error::usage("no command").hint("run `keyfob store --help`")),
            Some(StoreCommand::List(command)) => {
                refuse_named(profile, "list", "all profiles").and_then(|()| command.run(context))
            }
            Some(StoreCommand::Move(command)) => command.run(profile, context),
            Some(StoreCommand::Unlock(command)) => {
                refuse_named(profile, "unlock", "the sealed file").and_then(|()| command.run(context))
            }
            Some(StoreCommand::Lock(command)) => {
                refuse_named(profile, "lock", "the sealed file").and_then(|()| command.run(context))
            }
        }
    }
}

/// A profile that was named before a command, as `--profile` can be, must not be passed over in silence.
fn refuse_named(profile: Option<String>, command: &str, about: &str) -> Result<(), Error> {
    let named = |name| format!("`keyfob store {command}` is about {about}, and \"{name}\" is named");
    profile.map_or(Ok(()), |name| Err(Error::usage(named(name))))
}
