//! `keyfob whoami`: whose credentials these are, as AWS sees it.

use super::Selection;
use crate::api::sts::CallerIdentity;
use crate::cache::Budget;
use crate::context::Context;
use crate::error::Error;
use crate::provider::advice::{self, Attempt};
use crate::resolve::Walk;
use argh::{ArgsInfo, FromArgs};
use serde::Serialize;

/// Ask AWS whose credentials a profile has: account, ARN, user id.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "whoami", help_triggers("--help"))]
pub(super) struct Whoami {
    /// profile to use
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// print JSON with the members of `aws sts get-caller-identity`
    #[argh(switch)]
    json: bool,

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

impl Whoami {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, json, region, mfa_code, verbose } = self;
        let selection = Selection::new([profile, option, word], region, mfa_code, verbose)?;
        let identity = selection
            .with_plan(context, |plan, _| ask(&Walk::new(context, plan, selection.mfa_code.as_ref()), &plan.profile))?;
        Ok(if json { to_json(&identity) } else { to_text(&identity) })
    }
}

/// Asks STS; credentials from the cache that it refuses are renewed once.
fn ask(walk: &Walk<'_>, profile: &str) -> Result<CallerIdentity, Error> {
    let sts = walk.sts(Budget::NEEDED)?;
    let mut caller = walk.credentials()?;
    let mut answer = sts.get_caller_identity(&caller);
    if answer.as_ref().is_err_and(|refusal| refusal.refuses_the_caller()) && walk.discard(&caller) {
        caller = walk.credentials()?;
        answer = sts.get_caller_identity(&caller);
    }
    answer
        .map_err(|refusal| advice::explain(&refusal, Attempt { profile, caller: &caller, source: profile, role: None }))
}

fn to_text(identity: &CallerIdentity) -> String {
    let CallerIdentity { account, arn, user_id } = identity;
    format!("account  {account}\narn      {arn}\nuser id  {user_id}\n")
}

fn to_json(identity: &CallerIdentity) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Document<'a> {
        user_id: &'a str,
        account: &'a str,
        arn: &'a str,
    }
    let CallerIdentity { account, arn, user_id } = identity;
    let document = Document { user_id, account, arn };
    let mut json = serde_json::to_string(&document).expect("strings always serialize");
    json.push('\n');
    json
}
