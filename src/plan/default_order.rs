//! The default order, for whoever names no profile: environment, profile, web identity, legacy files, container,
//! instance. It is that of the SDKs, and where they differ that of AWS's SDK for Rust.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
//!
//! What is not configured is passed over, and what is configured and broken is an error: other credentials than those
//! that were meant may do harm.

use super::refuse_recursion;
use crate::chain::{self, Chain, Origin, Source, WebIdentity, environment_keys};
use crate::context::Vars;
use crate::credentials::Credentials;
use crate::error::{Error, some_of};
use crate::profile::{self, Place, Profile, Profiles, legacy, named_by_vars};
use crate::settings::{self, FULL_URI, RELATIVE_URI};
use std::ops::ControlFlow::{self, Break, Continue};

/// A look at one place: the search ends there, or goes on, and why.
type Look<'a> = ControlFlow<Chain<'a>, String>;

/// The variables of a web identity, each with the setting that says the same in a profile.
pub(crate) const WEB_IDENTITY: [(&str, &str); 3] = [
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"),
    ("AWS_ROLE_ARN", "role_arn"),
    ("AWS_ROLE_SESSION_NAME", "role_session_name"),
];

/// The name by which the last resort goes in texts.
pub(super) const LAST_RESORT: &str = "EC2 instance metadata";

/// The first that is configured, and what was looked at before.
pub(super) fn find<'a>(
    vars: &Vars,
    profiles: &'a Profiles,
    mut profile: Option<Profile<'a>>,
    name: &str,
) -> Result<(Chain<'a>, Vec<String>), Error> {
    let looks: [&mut dyn FnMut() -> Result<Look<'a>, Error>; 6] = [
        &mut || keys(vars),
        &mut || selected(vars, profiles, profile.take(), name),
        &mut || web_identity(vars, profiles, name),
        &mut || Ok(legacy_keys(vars)),
        &mut || Ok(container(vars)),
        &mut || instance(vars, profiles, name),
    ];
    let mut looked_at = Vec::new();
    for look in looks {
        match look()? {
            Break(chain) => return Ok((chain, looked_at)),
            Continue(why) => looked_at.push(why),
        }
    }
    Err(found_nothing(profiles, name, &looked_at))
}

fn keys<'a>(vars: &Vars) -> Result<Look<'a>, Error> {
    if let Some(keys) = environment_keys(vars)? {
        return Ok(Break(Chain::of_base(Source::Environment(keys), Origin::Environment)));
    }
    Ok(Continue(match vars.get("AWS_SECRET_ACCESS_KEY") {
        Some(_) => "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not set".to_owned(),
        None => "AWS_ACCESS_KEY_ID is not set".to_owned(),
    }))
}

/// The profile that the environment names, or the default one; that alone may be missing.
fn selected<'a>(
    vars: &Vars,
    profiles: &'a Profiles,
    profile: Option<Profile<'a>>,
    name: &str,
) -> Result<Look<'a>, Error> {
    let Some(profile) = profile else {
        return match named_by_vars(vars) {
            Some(_) => Err(profiles.no_such_profile(name)),
            None => Ok(Continue(format!("profile \"{name}\" does not exist"))),
        };
    };
    refuse_recursion(vars, name)?;
    if let Some(file) = profile.get("web_identity_token_file")?
        && let Some(chain) = web_identity_of(vars, &profile, file.place)?
    {
        return Ok(Break(chain));
    }
    if let Some(chain) = chain::of_profile(profile, profiles, vars)? {
        return Ok(Break(chain));
    }
    let line = profiles.profile(name)?.map(|profile| profile.get("credential_process")).transpose()?.flatten();
    Ok(Continue(if line.is_some() {
        format!("profile \"{name}\" leads to keyfob itself, and to nothing else")
    } else {
        format!("profile \"{name}\" has settings, but no credentials")
    }))
}

/// A profile's web identity. Since nobody named the profile on the command line, a variable goes before the line of
/// the same meaning, as botocore has it. `None` where there is no role.
fn web_identity_of<'a>(vars: &Vars, profile: &Profile<'a>, place: Place<'a>) -> Result<Option<Chain<'a>>, Error> {
    let [Some(web_identity_token_file), Some(role_arn), role_session_name] =
        web_identity_settings(vars, Some(profile))?
    else {
        return Ok(None);
    };
    let origin = match vars.get(WEB_IDENTITY[0].0) {
        Some(_) => Origin::Environment,
        None => Origin::Profile { name: profile.name.clone(), place },
    };
    let identity = WebIdentity { web_identity_token_file, role_arn, role_session_name };
    Ok(Some(Chain::of_base(Source::WebIdentity(identity), origin)))
}

/// The environment's web identity. A profile that has none itself may still name the session.
fn web_identity<'a>(vars: &Vars, profiles: &'a Profiles, name: &str) -> Result<Look<'a>, Error> {
    let [(token_file, _), (role_arn, _), _] = WEB_IDENTITY;
    Ok(match web_identity_settings(vars, None)? {
        [Some(web_identity_token_file), Some(role_arn), _] => {
            let [.., role_session_name] = web_identity_settings(vars, profiles.profile(name)?.as_ref())?;
            let identity = WebIdentity { web_identity_token_file, role_arn, role_session_name };
            Break(Chain::of_base(Source::WebIdentity(identity), Origin::Environment))
        }
        [Some(_), None, _] => Continue(format!("{token_file} is set, but {role_arn} is not set")),
        [None, Some(_), _] => Continue(format!("{role_arn} is set, but {token_file} is not set")),
        [None, None, _] => Continue(format!("{token_file} is not set")),
    })
}

/// What the variables say of a web identity, and then the profile.
fn web_identity_settings(vars: &Vars, profile: Option<&Profile<'_>>) -> Result<[Option<String>; 3], Error> {
    let (token_file, _) = WEB_IDENTITY[0];
    if vars.os(token_file).is_some_and(|path| path.to_str().is_none()) {
        return Err(Vars::is_not_text(token_file));
    }
    let text = |(variable, key): (&str, &str)| match (vars.get(variable), profile) {
        (Some(text), _) => Ok(Some(text.trim().to_owned())),
        (None, Some(profile)) => Ok(profile.get(key)?.map(|setting| setting.value.into())),
        (None, None) => Ok(None),
    };
    let [token_file, role_arn, role_session_name] = WEB_IDENTITY.map(text);
    Ok([token_file?, role_arn?, role_session_name?])
}

fn legacy_keys<'a>(vars: &Vars) -> Look<'a> {
    let Some(legacy::LegacyKeys { path, access_key_id, secret_access_key }) = legacy::keys(vars) else {
        return Continue("no boto file has keys".into());
    };
    let keys =
        Credentials { access_key_id, secret_access_key, session_token: None, expiration: None, account_id: None };
    Break(Chain::of_base(Source::Keys(keys), Origin::LegacyFile(path)))
}

/// What runs containers says so.
fn container<'a>(vars: &Vars) -> Look<'a> {
    if [RELATIVE_URI, FULL_URI].iter().any(|name| vars.get(name).is_some()) {
        return Break(Chain::of_base(Source::EcsContainer, Origin::Environment));
    }
    Continue(format!("neither {RELATIVE_URI} nor {FULL_URI} is set"))
}

/// Whether this machine is an instance is known only once it is asked, which may be forbidden.
fn instance<'a>(vars: &Vars, profiles: &'a Profiles, name: &str) -> Result<Look<'a>, Error> {
    Ok(match settings::metadata_disabled_by(vars, profiles, profiles.profile(name)?.as_ref())? {
        Some(by) => Continue(format!("{LAST_RESORT} is disabled by {by}")),
        None => Break(Chain::of_base(Source::Ec2InstanceMetadata, Origin::LastResort)),
    })
}

/// The error that says what was looked at, and how to begin.
pub(super) fn found_nothing(profiles: &Profiles, name: &str, looked_at: &[String]) -> Error {
    const SHOWN: usize = 8;
    let others: Vec<&str> = profiles.names().into_iter().filter(|other| *other != name).collect();
    let ways = profile::ways_to_begin(name);
    let hint = if others.is_empty() {
        ways
    } else {
        let others = some_of(&others, SHOWN, ", ");
        format!("name a profile with --profile or AWS_PROFILE ({others}), or begin: {ways}")
    };
    Error::new("no credentials found").cause(looked_at.join("; ")).hint(hint)
}
