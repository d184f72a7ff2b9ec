//! Which road to take: that of the profile somebody named, or the SDKs' default order.
//!
//! Nothing is fetched here. `explain` shows a plan, `resolve` carries it out.

use crate::chain::{self, Chain, Origin, Source, environment_keys};
use crate::context::{Context, Vars};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::profile::{self, Profile, Profiles, legacy};
use crate::recursion;
use crate::settings::{self, Service, Settings};

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
}

impl Plan<'_> {
    /// A text that tells the credentials after `depth` roles from all others; see [`Chain::identity`].
    pub(crate) fn identity(&self, depth: usize, vars: &Vars) -> String {
        let links = self.chain.identity(depth, self.settings.sts_endpoint_url.as_deref(), vars);
        let Source::Sso(_) = self.chain.base.source else { return links };
        // An emulator's roles are not AWS's.
        match self
            .selected()
            .and_then(|profile| settings::custom_endpoint(Service::SsoPortal, vars, self.profiles, profile.as_ref()))
        {
            Ok(Some(url)) => format!("{links} {url}"),
            // What cannot be read is an error once it is needed.
            Ok(None) | Err(_) => links,
        }
    }

    /// The selected profile's section.
    pub(crate) fn selected(&self) -> Result<Option<Profile<'_>>, Error> {
        self.profiles.profile(&self.profile)
    }
}

/// Decides.
pub(crate) fn make<'a>(context: &Context, profiles: &'a Profiles, wanted: &Wanted<'_>) -> Result<Plan<'a>, Error> {
    let vars = &context.vars;
    vars.refuse_what_is_not_text()?;
    let name = wanted.profile.map_or_else(|| selected_name(vars), str::to_owned);
    let profile = profiles.profile(&name)?;
    let settings = Settings::read(vars, profiles, profile.as_ref(), wanted.region)?;
    let chain = match (wanted.profile, profile) {
        (Some(_), Some(profile)) => {
            refuse_recursion(vars, &name)?;
            let is_bridge = profile.get("credential_process")?.is_some();
            chain::of_profile(profile, profiles, vars)?.ok_or_else(|| has_nothing(&name, is_bridge))?
        }
        (Some(_), None) => return Err(profiles.no_such_profile(&name)),
        (None, profile) => default_order(vars, profiles, profile, &name)?,
    };
    chain.validate(profiles)?;
    Ok(Plan { profile: name, chain, settings, profiles })
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

/// Environment, profile, web identity, legacy files, container, instance: the first that is configured.
fn default_order<'a>(
    vars: &Vars,
    profiles: &'a Profiles,
    profile: Option<Profile<'a>>,
    name: &str,
) -> Result<Chain<'a>, Error> {
    if let Some(keys) = environment_keys(vars)? {
        return Ok(Chain::of_base(Source::Environment(keys), Origin::Environment));
    }
    let profile_exists = profile.is_some();
    match profile {
        Some(profile) => {
            refuse_recursion(vars, name)?;
            if let Some(chain) = chain::of_profile(profile, profiles, vars)? {
                return Ok(chain);
            }
        }
        None if named_by_vars(vars).is_some() => return Err(profiles.no_such_profile(name)),
        None => {}
    }
    let found = web_identity(vars).or_else(|| legacy_keys(vars)).or_else(|| machine(vars));
    found.ok_or_else(|| found_nothing(vars, name, profile_exists))
}

fn web_identity<'a>(vars: &Vars) -> Option<Chain<'a>> {
    let source = Source::WebIdentity {
        web_identity_token_file: vars.get("AWS_WEB_IDENTITY_TOKEN_FILE")?.to_owned(),
        role_arn: vars.get("AWS_ROLE_ARN")?.to_owned(),
        role_session_name: vars.get("AWS_ROLE_SESSION_NAME").map(str::to_owned),
    };
    Some(Chain::of_base(source, Origin::Environment))
}

fn legacy_keys<'a>(vars: &Vars) -> Option<Chain<'a>> {
    let legacy::LegacyKeys { path, access_key_id, secret_access_key } = legacy::keys(vars)?;
    let keys =
        Credentials { access_key_id, secret_access_key, session_token: None, expiration: None, account_id: None };
    Some(Chain::of_base(Source::Keys(keys), Origin::LegacyFile(path)))
}

/// What the machine itself offers, where it says so.
fn machine<'a>(vars: &Vars) -> Option<Chain<'a>> {
    let uris = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    let in_container = uris.iter().any(|name| vars.get(name).is_some());
    in_container.then(|| Chain::of_base(Source::EcsContainer, Origin::Environment))
}

fn has_nothing(name: &str, is_bridge: bool) -> Error {
    let error = Error::new(format!("profile \"{name}\" has no credentials"));
    if is_bridge {
        return error
            .cause("its credential_process is keyfob itself, and nothing else in it says where they come from")
            .hint("add keyfob_role_arn and keyfob_source_profile, or whatever gets them, beside it");
    }
    error
        .cause("it has none of aws_access_key_id, role_arn, credential_process, sso_session, login_session")
        .hint(profile::ways_to_begin(name))
}

fn found_nothing(vars: &Vars, name: &str, profile_exists: bool) -> Error {
    let profile = if profile_exists { "has no credentials" } else { "does not exist" };
    let token_file = vars.get("AWS_WEB_IDENTITY_TOKEN_FILE").map_or("AWS_WEB_IDENTITY_TOKEN_FILE", |_| "AWS_ROLE_ARN");
    let instance = if vars.is_true("AWS_EC2_METADATA_DISABLED") { "is disabled" } else { "is not supported yet" };
    Error::new("no credentials found")
        .cause(format!(
            "AWS_ACCESS_KEY_ID is not set; profile \"{name}\" {profile}; {token_file} is not set; \
             no boto file has keys; no container variables are set; EC2 instance metadata {instance}"
        ))
        .hint("name a profile with --profile or AWS_PROFILE, or sign in: `keyfob configure sso` or `keyfob login`")
}
