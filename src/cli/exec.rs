//! `keyfob exec`: a command with keys in its environment.

use super::{Selection, env};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::shell::Change;
use argh::{ArgsInfo, FromArgs};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Command;

/// Run a command with credentials in its environment.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "exec",
    help_triggers("--help"),
    usage = "[-p <name>] [--region <region>] [--mfa-code <code>] [-v] [<profile>] [--] <command> [<arguments>]",
    example = "keyfob exec dev -- terraform plan",
    note = "The exit code is the command's; 126 when it cannot be run, 127 when it is not found."
)]
pub(super) struct Exec {
    /// profile to use; what follows, best after --, is the command
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// region to set, and whose STS is called
    #[argh(option)]
    region: Option<String>,

    /// one-time code of the profile's MFA device
    #[argh(option, arg_name = "code")]
    mfa_code: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

/// What would lead an SDK past the keys that we give.
const IN_THE_WAY: [&str; 8] = [
    "AWS_CREDENTIAL_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

impl Exec {
    pub(super) fn run(self, profile: Option<String>, command: &[OsString], context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, region, mfa_code, verbose } = self;
        let Some((program, arguments)) = command.split_first() else {
            return Err(Error::usage("no command to run").hint("type it after --: `keyfob exec dev -- terraform plan`"));
        };
        let selection = Selection::new([profile, option, word], region, mfa_code, verbose)?;
        let mut command = Command::new(program);
        command.args(arguments);
        for change in env::giving_in_turn(&selection.resolve(context)?, &context.vars) {
            match change {
                Change::Set(name, value) => command.env(name, value.expose()),
                Change::Unset(name) => command.env_remove(name),
                Change::Keep => &mut command,
            };
        }
        for name in IN_THE_WAY {
            command.env_remove(name);
        }
        become_command(&mut command).map_err(|error| cannot_run(program, &error))
    }
}

/// The command takes this process's place: its signals, its terminal, its exit code.
#[cfg(unix)]
fn become_command(command: &mut Command) -> io::Result<String> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "where a process cannot be replaced, it ends as its child did")]
fn become_command(command: &mut Command) -> io::Result<String> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}

fn cannot_run(program: &OsString, error: &io::Error) -> Error {
    // It is there, so it is what it needs that is not: the interpreter in its first line.
    let is_there = Path::new(program).components().count() > 1 && Path::new(program).exists();
    let exit = match error.kind() {
        io::ErrorKind::NotFound if !is_there => Exit::NotFound,
        _ => Exit::NotExecutable,
    };
    Error::new(format!("cannot run \"{}\"", program.to_string_lossy())).cause(error.to_string()).exit(exit)
}
