//! `keyfob sso list`: the accounts and roles that a person may use.

use super::super::Selection;
use super::target::Target;
use crate::api::sso::Account;
use crate::assignments::{Assigned, Reuse, Unread};
use crate::chain::{SignInName, SsoSession};
use crate::cli::columns::{EmptyColumns, columns};
use crate::context::Context;
use crate::error::{Error, Printable};
use crate::profile::{Profile, Profiles};
use argh::{ArgsInfo, FromArgs};
use serde::Serialize;
use std::collections::HashMap;

/// List the accounts and roles that one may use.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "list",
    help_triggers("--help"),
    note = "Each line is an account, its name, a role, and the profiles that are for it, if there are any."
)]
pub(super) struct List {
    /// profile whose sign-in is meant
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile whose sign-in is meant
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// sso-session of the config file, in place of a profile
    #[argh(option, arg_name = "name")]
    sso_session: Option<String>,

    /// print JSON
    #[argh(switch)]
    json: bool,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl List {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, sso_session, json, verbose } = self;
        let selection = Selection::new([profile, option, word], None, None, verbose)?;
        context.terminal.set_verbose(verbose);
        context.vars.refuse_what_is_not_text()?;
        let profiles = Profiles::load(&context.vars)?;
        let target = Target::find(context, &profiles, &selection, sso_session.as_deref())?;
        let assignments = target.assignments(Reuse::Never)?;
        let of_roles = profiles_of_roles(&profiles, &target.session);
        let listing = assignments.accounts.iter().map(|assigned| ListedAccount::of(assigned, &of_roles)).collect();
        let title = target.session.title();
        if json {
            return assignments.end(&title, to_json(&target.session, listing, &assignments.unread));
        }
        if assignments.accounts.is_empty() && assignments.unread.is_empty() {
            context.terminal.tell(&format!("Nobody has given you any account in {title}."));
        }
        assignments.end(&title, to_text(&listing))
    }
}

/// The profiles for each account and role of a sign-in, in the order of the files.
type OfRoles = HashMap<(String, String), Vec<String>>;

fn profiles_of_roles(profiles: &Profiles, session: &SsoSession) -> OfRoles {
    let mut of_roles = OfRoles::new();
    for name in profiles.names() {
        // A profile that cannot be read is for nothing.
        let role = profiles.profile(name).ok().flatten().and_then(|profile| role_of(&profile, session));
        if let Some(role) = role {
            of_roles.entry(role).or_default().push(name.to_owned());
        }
    }
    of_roles
}

/// The account and role that a profile is for, if it is for this sign-in.
fn role_of(profile: &Profile<'_>, session: &SsoSession) -> Option<(String, String)> {
    let text = |key| profile.get(key).ok().flatten().map(|setting| setting.value.into_owned());
    let is_of_session = SignInName::of_profile(profile).is_some_and(|name| session.is(&name));
    is_of_session.then_some((text("sso_account_id")?, text("sso_role_name")?))
}

/// What a line or an element is made of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedAccount<'a> {
    account_id: &'a str,
    account_name: Option<&'a str>,
    email_address: Option<&'a str>,
    #[serde(skip)]
    label: Option<&'a str>,
    roles: Vec<ListedRole<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedRole<'a> {
    role_name: &'a str,
    profiles: &'a [String],
}

impl<'a> ListedAccount<'a> {
    fn of(assigned: &'a Assigned, of_roles: &'a OfRoles) -> Self {
        let Assigned { account, role_names } = assigned;
        let Account { account_id, account_name, email_address } = account;
        let role = |role_name: &'a String| {
            let profiles = of_roles.get(&(account_id.clone(), role_name.clone()));
            ListedRole { role_name, profiles: profiles.map(Vec::as_slice).unwrap_or_default() }
        };
        Self {
            account_id,
            account_name: account_name.as_deref(),
            email_address: email_address.as_deref(),
            label: account.label(),
            roles: role_names.iter().map(role).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnreadAccount<'a> {
    account_id: &'a str,
    error: String,
}

fn to_json(session: &SsoSession, accounts: Vec<ListedAccount<'_>>, unread: &[Unread]) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Document<'a> {
        start_url: &'a str,
        region: Option<&'a str>,
        sso_session: Option<&'a str>,
        accounts: Vec<ListedAccount<'a>>,
        unread: Vec<UnreadAccount<'a>>,
    }
    let document = Document {
        start_url: &session.sso_start_url,
        region: session.sso_region.as_deref(),
        sso_session: session.name.as_deref(),
        accounts,
        unread: unread
            .iter()
            .map(|Unread { account, why }| UnreadAccount { account_id: &account.account_id, error: why.to_string() })
            .collect(),
    };
    let mut json = serde_json::to_string(&document).expect("texts always serialize");
    json.push('\n');
    json
}

/// A line for each role, and for an account without one, in columns.
fn to_text(accounts: &Vec<ListedAccount<'_>>) -> String {
    let mut rows: Vec<[String; 4]> = Vec::new();
    for account in accounts {
        let row = |role_name: &str, profiles: &[String]| {
            let cells = [account.account_id, account.label.unwrap_or_default(), role_name, &profiles.join(", ")];
            cells.map(|text| Printable(text).to_string())
        };
        rows.extend(account.roles.iter().map(|ListedRole { role_name, profiles }| row(role_name, profiles)));
        if account.roles.is_empty() {
            rows.push(row("(no role)", &[]));
        }
    }
    columns(&rows, EmptyColumns::Kept)
}
