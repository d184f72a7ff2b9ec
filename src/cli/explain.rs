//! `keyfob explain`: where the answer comes from, without asking anybody.

use super::Selection;
use crate::api::jwt::Claims;
use crate::cache::{Entry, LoginEntry, Missing, SsoEntry};
use crate::chain::{Link, Source, SsoSession, WebIdentity};
use crate::context::{Context, Vars};
use crate::error::{Error, Printable};
use crate::plan::{Plan, WEB_IDENTITY};
use crate::profile::Profiles;
use crate::provider::advice;
use crate::provider::web_identity;
use crate::shell;
use crate::timestamp::{Timestamp, spoken};
use argh::{ArgsInfo, FromArgs};
use serde::Serialize;
use serde_json::Value;

/// Show which profiles, files and links the credentials come from. Nothing is fetched, nothing secret shown.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "explain", help_triggers("--help"))]
pub(super) struct Explain {
    /// profile to use
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// print JSON
    #[argh(switch)]
    json: bool,

    /// region whose STS would be called
    #[argh(option)]
    region: Option<String>,
}

impl Explain {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, json, region } = self;
        let selection = Selection::new([profile, option, word], region, None, false)?;
        let named = selection.profile.is_some();
        selection.with_plan(context, |plan, profiles| {
            Ok(if json { to_json(plan) } else { to_text(plan, profiles, context, named) })
        })
    }
}

fn to_json(plan: &Plan<'_>) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        profile: &'a str,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        looked_at: &'a [String],
        chain: Vec<Link<'a>>,
    }
    let document = Document { profile: &plan.profile, looked_at: looked_at(plan), chain: plan.chain.links() };
    let mut json = serde_json::to_string(&document).expect("settings always serialize");
    json.push('\n');
    json
}

fn to_text(plan: &Plan<'_>, profiles: &Profiles, context: &Context, named: bool) -> String {
    let mut lines = vec![format!("profile \"{}\"", plan.profile)];
    for (number, link) in (1..).zip(plan.chain.links()) {
        lines.push(format!("{number}. {}{}", link.kind, place(&link)));
        lines.extend(settings(&link));
    }
    if plan.is_last_resort() {
        lines.push("   asked only when credentials are needed".to_owned());
    }
    if !looked_at(plan).is_empty() {
        lines.extend([String::new(), format!("looked at before: {}", looked_at(plan).join("; "))]);
    }
    lines.push(String::new());
    lines.push(match &plan.settings.region {
        Some(region) => format!("region: {region}"),
        None => "region: none is set".into(),
    });
    lines.push(match plan.settings.sts(plan.chain.role_arn()) {
        Ok(endpoint) => format!("sts: {}", endpoint.url),
        Err(error) => format!("sts: {}", error.message),
    });
    if let Source::Sso(role) = &plan.chain.base.source {
        lines.push(format!("sign-in: {}", sign_in(&role.session, plan, context)));
    }
    if let Source::WebIdentity(identity) = &plan.chain.base.source {
        lines.push(format!("token file: {}", token_file(identity, plan, context)));
    }
    lines.push(format!("cache: {}", cached(plan, context)));
    let notes = notes(plan, profiles, context, named);
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes.iter().map(|note| format!("note: {note}")));
    }
    lines.iter().flat_map(|line| [Printable(line).to_string(), "\n".to_owned()]).collect()
}

/// What was looked at before, where that is more than the environment's keys.
fn looked_at<'a>(plan: &'a Plan<'_>) -> &'a [String] {
    if plan.goes_past_the_profile() { &plan.looked_at } else { &[] }
}

fn place(link: &Link<'_>) -> String {
    let profile = link.profile.map(|name| format!(" of profile \"{name}\"")).unwrap_or_default();
    match (&link.file, link.line) {
        (Some(path), Some(number)) => format!("{profile}, {path}:{number}"),
        (Some(path), None) => format!("{profile}, {path}"),
        _ => profile,
    }
}

/// `   role_arn = arn:…`, as the settings stand in the file.
fn settings(link: &Link<'_>) -> Vec<String> {
    let value = serde_json::to_value(&link.settings).expect("settings always serialize");
    let Value::Object(members) = value else { return Vec::new() };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    members.iter().map(|(key, value)| format!("   {key} = {}", text(value))).collect()
}

/// What there is of a person's sign-in to IAM Identity Center.
fn sign_in(session: &SsoSession, plan: &Plan<'_>, context: &Context) -> String {
    let now = context.clock.now();
    let profile = plan.base_profile();
    let advice = format!("sign in: `keyfob sso login {}`", shell::word(profile));
    let entry = match SsoEntry::of(session.named_after(), &context.vars) {
        Ok(entry) => entry,
        Err(error) => return error.message,
    };
    let path = entry.path().display();
    let token = match entry.read() {
        Ok(token) => token,
        Err(Missing::Absent) => return format!("none; {advice}"),
        Err(Missing::Refused(why)) => return format!("cannot read \"{path}\": {why}"),
        Err(Missing::Damaged(why)) => return format!("\"{path}\" cannot be used, {why}; {advice}"),
    };
    let end = token.expiration;
    // Without an sso-session no tool renews it.
    let is_renewed = session.name.is_some() && token.can_be_renewed(now);
    match (token.is_alive(now), is_renewed) {
        (true, true) => format!("until {end}, {} from now, and renewed then", spoken(now.until(end))),
        (true, false) => format!("until {end}, {} from now, and not renewed then", spoken(now.until(end))),
        (false, true) => format!("ended at {end}, and renewed when it is needed"),
        (false, false) => format!("ended at {end}; {advice}"),
    }
}

/// What the token of a web identity says of itself, or why there is none.
fn token_file(identity: &WebIdentity, plan: &Plan<'_>, context: &Context) -> String {
    match web_identity::token(identity, &plan.chain.base, &context.vars) {
        Ok(token) => advice::web_identity::described(Claims::parse(token.expose()).as_ref(), context.clock.now()),
        Err(error) => error.cause.unwrap_or(error.message),
    }
}

fn cached(plan: &Plan<'_>, context: &Context) -> String {
    let depth = plan.chain.roles.len();
    if let (0, Source::LoginSession { login_session }) = (depth, &plan.chain.base.source) {
        let profile = plan.base_profile();
        let session = LoginEntry::of(login_session, profile, &context.vars).and_then(|entry| entry.read()).ok();
        return told(session.and_then(|session| session.credentials.expiration), context);
    }
    let entry = Entry::of(&plan.identity(depth, &context.vars), &context.vars);
    let expiration = entry.and_then(|entry| entry.read()).and_then(|cached| cached.credentials.expiration);
    told(expiration, context)
}

fn told(expiration: Option<Timestamp>, context: &Context) -> String {
    let now = context.clock.now();
    match expiration {
        Some(end) if end > now => format!("credentials until {end}, {} from now", spoken(now.until(end))),
        Some(end) => format!("credentials that ended at {end}"),
        None => "nothing".into(),
    }
}

/// The lines of the selected profile's web identity that variables go before.
fn overridden<'a>(plan: &'a Plan<'_>, vars: &'a Vars) -> impl Iterator<Item = String> {
    let is_alone = matches!(plan.chain.base.source, Source::WebIdentity(_)) && plan.chain.roles.is_empty();
    let profile = plan.selected().ok().flatten().filter(|_| is_alone);
    WEB_IDENTITY.into_iter().filter_map(move |(variable, key)| {
        let line = profile.as_ref()?.get(key).ok()??;
        let differs = vars.get(variable).is_some_and(|value| value.trim() != line.value);
        differs.then(|| format!("{variable} is set, and goes before {key} ({})", line.place))
    })
}

/// What may surprise: the environment beside the profile, and oddities of the files.
fn notes(plan: &Plan<'_>, profiles: &Profiles, context: &Context, named: bool) -> Vec<String> {
    let vars = &context.vars;
    let mut notes = Vec::new();
    if named && vars.get("AWS_ACCESS_KEY_ID").is_some() {
        notes.push("AWS_ACCESS_KEY_ID is set; keyfob ignores it for a named profile, other tools may not".into());
    }
    if matches!(plan.chain.base.source, Source::Environment(_))
        && plan.chain.roles.is_empty()
        && vars.get("AWS_PROFILE").is_some()
    {
        notes.push("the environment's keys go before AWS_PROFILE; name the profile to have its credentials".into());
    }
    notes.extend(overridden(plan, vars).filter(|_| !named));
    let (own, region) = (&plan.settings.profile_region, &plan.settings.region);
    if let (true, Some(own), Some(region)) = (named && own != region, own, region) {
        notes.push(format!("env and exec set the profile's own region, {own}; STS is called in {region}"));
    }
    if let (Some(profile), Some(default)) = (vars.get("AWS_PROFILE"), vars.get("AWS_DEFAULT_PROFILE"))
        && profile != default
    {
        notes.push("AWS_PROFILE and AWS_DEFAULT_PROFILE differ; boto goes by the second".into());
    }
    notes.extend(profiles.warnings().iter().map(ToString::to_string));
    notes
}
