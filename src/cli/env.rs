//! `keyfob env`: lines that fill a shell.

use super::{Resolved, Selection, regions};
use crate::context::{Context, Vars};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::export_format::{Format, TAKES_ALL};
use crate::profile::named_by_vars;
use crate::secret::Secret;
use crate::shell::{Change, Shell};
use argh::{ArgsInfo, FromArgs};

/// Print the lines that set credentials in a shell, and clear what would stand in their way.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "env",
    help_triggers("--help"),
    example = "eval \"$(keyfob env dev)\"                           bash, zsh, sh\nkeyfob env dev | source                            fish\nkeyfob env dev | Out-String | Invoke-Expression    PowerShell\nkeyfob env dev | from json | load-env              Nushell\neval (keyfob env dev | slurp)                      elvish\nexecx($(keyfob env dev))                           xonsh\neval \"`keyfob env dev`\"                            tcsh\nfor /f \"tokens=1* delims==\" %i in ('keyfob env dev --shell cmd') do @set \"%i=%j\"\nkeyfob env dev --format github-mask && keyfob env dev --format github >> \"$GITHUB_ENV\"",
    note = "Without --shell it is the shell that runs keyfob, else that of SHELL.\nThe formats up to process are those of `aws configure export-credentials`.\nIn json, null is a variable to unset; docker quotes nothing; github and azure are for their own CI."
)]
pub(super) struct Env {
    /// profile to use
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// shell to print for: bash, zsh, sh, dash, ksh, fish, powershell, cmd, nushell, elvish, xonsh, tcsh
    #[argh(option, arg_name = "name")]
    shell: Option<String>,

    /// format to print in: env, env-no-export, powershell, windows-cmd, fish, process, json, dotenv, docker, github, github-mask, azure
    #[argh(option, arg_name = "format")]
    format: Option<String>,

    /// print what takes everything away again, for a shell or as json
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
        let selection = Selection::new([profile, option, word], region, mfa_code, verbose)?.telling_what_is_unread();
        if format.is_some() && shell.is_some() {
            return Err(Error::usage("--format and --shell exclude each other"));
        }
        if unset && selection.profile.is_some() {
            return Err(Error::usage("--unset and a profile exclude each other"));
        }
        if unset && selection.region.is_some() {
            return Err(Error::usage("--unset and --region exclude each other"));
        }
        let Some(format) = format else {
            let shell = Shell::named_or_around(shell.as_deref(), &context.vars)?;
            let vars = &context.vars;
            let changes = if unset { taking_away(vars) } else { giving_in_turn(&selection.resolve(context)?, vars) };
            return shell.print(&changes).map_err(|error| error.hint(TAKES_ALL));
        };
        match Format::named(&format)? {
            Format::Variables(format) if unset && format.can_unset() => format.print(&taking_all_away()),
            _ if unset => Err(Error::usage(format!("--format {format} cannot unset anything"))
                .hint("use --unset with a shell, or with --format json")),
            Format::Variables(format) => format.print(&giving(&selection.resolve(context)?)),
            Format::Credentials(format) => format.print(&selection.resolve(context)?.credentials),
        }
    }
}

/// Keys, which go before a profile in every SDK, and what belongs to them.
pub(super) const KEYS: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
];

/// The variables that a process with these credentials has, and those that it must not have.
fn giving(resolved: &Resolved) -> Vec<Change> {
    giving_with(resolved, regions::staying(resolved.region.as_deref()))
}

/// The same where `use` may have been before, and a person's own region must not be lost.
pub(super) fn giving_in_turn(resolved: &Resolved, vars: &Vars) -> Vec<Change> {
    if regions::is_remembered(vars) {
        giving_with(resolved, regions::taking_turns(resolved.region.as_deref(), vars))
    } else {
        giving(resolved)
    }
}

/// What `exec` clears beside, for a command of its own, stays in a shell: web identities and containers come after keys in
/// every SDK, and a shell that lost them could not go back to them.
fn giving_with(resolved: &Resolved, regions: Vec<Change>) -> Vec<Change> {
    let Credentials { access_key_id, secret_access_key, session_token, expiration, account_id } = &resolved.credentials;
    let mut changes = vec![
        Change::set("AWS_ACCESS_KEY_ID", access_key_id),
        Change::set("AWS_SECRET_ACCESS_KEY", secret_access_key.expose()),
        Change::to("AWS_SESSION_TOKEN", session_token.as_ref().map(Secret::expose)),
        Change::to("AWS_CREDENTIAL_EXPIRATION", expiration.map(|time| time.to_string()).as_deref()),
        Change::to("AWS_ACCOUNT_ID", account_id.as_deref()),
    ];
    changes.extend(regions);
    changes.extend([
        // Botocore prefers it to the session token.
        Change::unset("AWS_SECURITY_TOKEN"),
        // The JavaScript SDK ignores keys while a profile is named.
        Change::unset("AWS_PROFILE"),
        Change::unset("AWS_DEFAULT_PROFILE"),
    ]);
    changes
}

/// The way back.
fn taking_away(vars: &Vars) -> Vec<Change> {
    let regions = match named_by_vars(vars) {
        _ if !regions::is_remembered(vars) => return taking_all_away(),
        // It is in use, and the region is its own: keys would have taken the place of both.
        Some(_) => Vec::new(),
        None => regions::taking_turns(None, vars),
    };
    KEYS.into_iter().map(Change::unset).chain(regions).collect()
}

/// The same where nothing is remembered.
fn taking_all_away() -> Vec<Change> {
    KEYS.into_iter().map(Change::unset).chain(regions::none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_say_how_each_shell_takes_the_lines() {
        let examples = Env::get_args_info().examples.concat();
        for shell in Shell::ALL {
            let command = if shell == Shell::Cmd { "keyfob env dev --shell cmd" } else { "keyfob env dev" };
            let line = shell.evaluating(command);
            assert!(examples.lines().any(|example| example.starts_with(&line)), "{shell:?}: {line}");
        }
    }
}
