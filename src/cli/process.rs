//! `keyfob process`: the answer to the `credential_process` line of a profile.

use super::Selection;
use crate::context::Context;
use crate::error::Error;
use argh::{ArgsInfo, FromArgs};

/// Print credentials for an SDK, as `credential_process` wants them: one line of JSON.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "process", help_triggers("--help"))]
pub(super) struct Process {
    /// profile to use
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// region whose STS is called
    #[argh(option)]
    region: Option<String>,

    /// one-time code of the profile's MFA device
    #[argh(option, arg_name = "code")]
    mfa_code: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Process {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, region, mfa_code, verbose } = self;
        let selection = Selection::new([profile, option, word], region, mfa_code, verbose)?;
        Ok(selection.resolve(context)?.credentials.to_process_json())
    }
}
