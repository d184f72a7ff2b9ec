//! `keyfob env`: lines that fill a shell.

use super::{Resolved, Selection};
use crate::context::{Context, Vars};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::export_format::Format;
use crate::secret::Secret;
use crate::shell::{Change, Shell};
use argh::{ArgsInfo, FromArgs};

/// Print the lines that set credentials in a shell, and clear what would stand in their way.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "env",
    help_triggers("--help"),
    example = "eval \"$(keyfob env dev)\"\nkeyfob env dev --shell fish | source",
    note = "Without --shell it is the shell that runs keyfob, else that of SHELL."
)]
pub(super) struct Env {
    /// profile to use
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// shell to print for: bash, zsh, sh, ksh, dash, fish, powershell, cmd
    #[argh(option, arg_name = "name")]
    shell: Option<String>,

    /// print as `aws configure export-credentials --format` does: env, env-no-export, powershell, windows-cmd, fish, process
    #[argh(option, arg_name = "format")]
    format: Option<String>,

    /// print the lines that take everything away again
    #[argh(switch)]
    unset: bool,

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

impl Env {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, shell, format, unset, region, mfa_code, verbose } = self;
        let selection = Selection::new([profile, option, word], region, mfa_code, verbose)?;
        match (format, unset) {
            (Some(_), true) => Err(Error::usage("--format and --unset exclude each other")),
            (Some(_), false) if shell.is_some() => Err(Error::usage("--format and --shell exclude each other")),
            (Some(format), false) => {
                let format = Format::named(&format)?;
                format.print(&selection.resolve(context)?.credentials)
            }
            (None, true) => shell_for(shell, &context.vars)?.print(&taking_away()),
            (None, false) => {
                let shell = shell_for(shell, &context.vars)?;
                shell.print(&giving(&selection.resolve(context)?))
            }
        }
    }
}

fn shell_for(named: Option<String>, vars: &Vars) -> Result<Shell, Error> {
    named.map_or_else(|| Shell::around(vars), |name| Shell::named(&name))
}

/// The variables that a process with these credentials has, and those that it must not have.
pub(super) fn giving(resolved: &Resolved) -> Vec<Change> {
    let Resolved { credentials, region } = resolved;
    let Credentials { access_key_id, secret_access_key, session_token, expiration, account_id } = credentials;
    vec![
        Change::set("AWS_ACCESS_KEY_ID", access_key_id),
        Change::set("AWS_SECRET_ACCESS_KEY", secret_access_key.expose()),
        Change::to("AWS_SESSION_TOKEN", session_token.as_ref().map(Secret::expose)),
        Change::to("AWS_CREDENTIAL_EXPIRATION", expiration.map(|time| time.to_string()).as_deref()),
        Change::to("AWS_ACCOUNT_ID", account_id.as_deref()),
        // Boto reads the second name alone, most SDKs the first alone.
        Change::keep_or_set("AWS_REGION", region.as_deref()),
        Change::keep_or_set("AWS_DEFAULT_REGION", region.as_deref()),
        // Botocore prefers it to the session token.
        Change::unset("AWS_SECURITY_TOKEN"),
        // The JavaScript SDK ignores keys while a profile is named.
        Change::unset("AWS_PROFILE"),
        Change::unset("AWS_DEFAULT_PROFILE"),
    ]
}

/// The way back.
fn taking_away() -> Vec<Change> {
    let names = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_ACCOUNT_ID",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ];
    names.map(Change::unset).into()
}
