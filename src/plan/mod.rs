//! Which road to take: that of the profile somebody named, or the SDKs' default order.
//!
//! Nothing is fetched here. `explain` shows a plan, `resolve` carries it out.

mod default_order;
mod identity;

use crate::chain::{self, Chain, Origin, Source};
use crate::context::{Context, Vars};
use crate::error::Error;
use crate::profile::{self, Profile, Profiles};
use crate::recursion;
use crate::settings::Settings;
use crate::shell;

pub(crate) use default_order::WEB_IDENTITY;

pub(crate) use crate::profile::{DEFAULT_PROFILE, named_by_vars};

/// What a command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// A profile that was named: then it is that profile alone, whatever keys the environment holds.
    pub(crate) profile: Option<&'a str>,
    pub(crate) region: Option<&'a str>,
}

/// A road, and the settings that hold on it.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// The selected profile; its settings hold even where the keys come from elsewhere.
    pub(crate) profile: String,
    pub(crate) chain: Chain<'a>,
    pub(crate) settings: Settings,
    pub(crate) profiles: &'a Profiles,
    /// What was looked at before the chain was found, in order, and why there are no credentials. Empty where a profile
    /// was named.
    pub(crate) looked_at: Vec<String>,
}

impl Plan<'_> {
    /// The profile that the first credentials stand in; the selected one, where they stand in none.
    pub(crate) fn base_profile(&self) -> &str {
        self.chain.base.profile().unwrap_or(&self.profile)
    }

    /// The selected profile's section.
    pub(crate) fn selected(&self) -> Result<Option<Profile<'_>>, Error> {
        self.profiles.profile(&self.profile)
    }

    /// Whether the default order went past the profile, which may be there a moment later.
    pub(crate) fn goes_past_the_profile(&self) -> bool {
        self.chain.base.profile().is_none() && !matches!(self.chain.base.source, Source::Environment(_))
    }

    /// Whether the source is asked only because nothing is configured.
    pub(crate) fn is_last_resort(&self) -> bool {
        matches!(self.chain.base.origin, Origin::LastResort)
    }

    /// The error where the last resort has nothing, either: EC2 instance metadata, of which `why` says
    /// something like `no answer at 169.254.169.254`.
    pub(crate) fn found_nothing(&self, why: &str) -> Error {
        let last = format!("{}: {why}", default_order::LAST_RESORT);
        let looked_at: Vec<String> = self.looked_at.iter().cloned().chain([last]).collect();
        default_order::found_nothing(self.profiles, &self.profile, &looked_at)
    }
}

/// Decides.
pub(crate) fn make<'a>(context: &Context, profiles: &'a Profiles, wanted: &Wanted<'_>) -> Result<Plan<'a>, Error> {
    let vars = &context.vars;
    vars.refuse_what_is_not_text()?;
    let name = wanted.profile.map_or_else(|| selected_name(vars), str::to_owned);
    let profile = profiles.profile(&name)?;
    let settings = Settings::read(vars, profiles, profile.as_ref(), wanted.region)?;
    let (chain, looked_at) = match (wanted.profile, profile) {
        (Some(_), Some(profile)) => {
            refuse_recursion(vars, &name)?;
            let is_bridge = profile.get("credential_process")?.is_some();
            let chain = chain::of_profile(profile, profiles, vars)?;
            (chain.ok_or_else(|| has_nothing(profiles, &name, is_bridge))?, Vec::new())
        }
        (Some(_), None) => return Err(profiles.no_such_profile(&name)),
        (None, profile) => default_order::find(vars, profiles, profile, &name)?,
    };
    // In the default order alone a variable goes before the profile's line.
    let is_mixed = wanted.profile.is_none() && chain.roles.is_empty();
    let said = |key: &str| WEB_IDENTITY.into_iter().find(|(variable, of)| *of == key && vars.get(variable).is_some());
    chain.validate(profiles, &name, |key| said(key).map(|(variable, _)| variable).filter(|_| is_mixed))?;
    Ok(Plan { profile: name, chain, settings, profiles, looked_at })
}

/// The profile that the environment selects.
pub(crate) fn selected_name(vars: &Vars) -> String {
    named_by_vars(vars).unwrap_or(DEFAULT_PROFILE).to_owned()
}

/// Another keyfob that is resolving this profile runs us, by way of some program.
fn refuse_recursion(vars: &Vars, name: &str) -> Result<(), Error> {
    if !recursion::profiles_being_resolved(vars).iter().any(|resolving| resolving == name) {
        return Ok(());
    }
    Err(Error::new(format!("profile \"{name}\" leads back to itself"))
        .cause("its credential_process runs a program that asks keyfob for the same profile")
        .hint("let that program use another profile"))
}

fn has_nothing(profiles: &Profiles, name: &str, is_bridge: bool) -> Error {
    let error = Error::new(format!("profile \"{name}\" has no credentials"));
    if is_bridge {
        return error
            .cause("its credential_process is keyfob itself, and nothing else in it says where they come from")
            .hint("add keyfob_role_arn and keyfob_source_profile, or whatever gets them, beside it");
    }
    let word = shell::word(name);
    match profiles.profile(name).ok().flatten().and_then(|profile| half_of_something(&profile)) {
        Some((alone, wanted)) => error
            .cause(format!("`{alone}` means nothing without `{wanted}`"))
            .hint(format!("set that, too: `keyfob profile set {word} {wanted}=VALUE`")),
        None => error.cause("none of its settings leads to any").hint(profile::ways_to_begin(name)),
    }
}

/// A setting that leads to credentials only beside another one, and that other one.
fn half_of_something(profile: &Profile<'_>) -> Option<(&'static str, &'static str)> {
    const HALVES: [(&str, &str); 8] = [
        ("credential_source", "role_arn"),
        ("source_profile", "role_arn"),
        ("saml_user", "saml_endpoint"),
        ("saml_domain", "saml_endpoint"),
        ("saml_authentication", "saml_endpoint"),
        ("saml_role_arn", "saml_endpoint"),
        ("saml_principal_arn", "saml_endpoint"),
        ("role_session_name", "role_arn"),
    ];
    HALVES.into_iter().find(|(alone, _)| profile.get(alone).is_ok_and(|setting| setting.is_some()))
}
