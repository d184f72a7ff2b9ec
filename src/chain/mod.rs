//! The road that leads to credentials: a base, and the roles assumed on the way.
//!
//! Pure: no file is read here, no clock, no network. What comes out is plain data, which `explain` prints and
//! `resolve` walks.

mod account;
mod build;
mod kind;
mod links;
mod saml;
mod sso;
#[cfg(test)]
mod tests;
mod validate;

pub(crate) use build::of_profile;
pub(crate) use links::Link;
pub(crate) use saml::{AssertionFrom, SamlRole};
pub(crate) use sso::{SignInName, SsoRole, SsoSession};

use crate::context::Vars;
use crate::credentials::{Credentials, is_account_id, is_key_text};
use crate::error::Error;
use crate::profile::Place;
use crate::secret::Secret;
use crate::store::StoreName;
use crate::timestamp::Timestamp;
use std::path::PathBuf;

/// The road to a profile's credentials.
#[derive(Debug)]
pub(crate) struct Chain<'a> {
    pub(crate) base: Base<'a>,
    /// In the order in which they are assumed, each with the credentials of the one before.
    pub(crate) roles: Vec<Role<'a>>,
}

/// Where the first credentials come from.
#[derive(Debug)]
pub(crate) struct Base<'a> {
    pub(crate) source: Source,
    pub(crate) origin: Origin<'a>,
}

/// The kinds of first credentials. Members are named after their settings.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Keys that stand in a file; with a token they are a session's.
    Keys(Credentials),
    /// Long-term keys that a store keeps for a profile. Of the pair, only the id is known before the store is opened.
    Store {
        store: StoreName,
        profile: String,
        access_key_id: String,
        aws_account_id: Option<String>,
    },
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment(Credentials),
    Ec2InstanceMetadata,
    EcsContainer,
    WebIdentity(WebIdentity),
    Sso(SsoRole),
    Saml(SamlRole),
    LoginSession {
        login_session: String,
    },
    CredentialProcess {
        credential_process: String,
        aws_account_id: Option<String>,
    },
}

/// A role that a token of another identity provider gives. Members are named after their settings.
#[derive(Clone, Debug)]
pub(crate) struct WebIdentity {
    pub(crate) web_identity_token_file: String,
    pub(crate) role_arn: String,
    pub(crate) role_session_name: Option<String>,
}

/// Who said so.
#[derive(Clone, Debug)]
pub(crate) enum Origin<'a> {
    Profile {
        name: String,
        place: Place<'a>,
    },
    LegacyFile(PathBuf),
    Environment,
    /// Nobody: it is asked because nothing else is configured.
    LastResort,
}

/// A role to assume. Members are named after their settings.
#[derive(Debug)]
pub(crate) struct Role<'a> {
    pub(crate) role_arn: String,
    pub(crate) role_session_name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) mfa_serial: Option<String>,
    /// A command that prints the code; what aws-vault reads too.
    pub(crate) mfa_process: Option<String>,
    /// In seconds; `None`: the service's hour.
    pub(crate) duration_seconds: Option<u32>,
    pub(crate) session_tags: Vec<(String, String)>,
    pub(crate) transitive_session_tags: Vec<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) profile: String,
    referrer: Option<Referrer<'a>>,
    pub(crate) place: Place<'a>,
}

/// The profile whose `source_profile` another one is, and where it says so.
#[derive(Clone, Debug)]
struct Referrer<'a> {
    profile: String,
    place: Place<'a>,
}

/// The head of every error about a profile's part in a chain.
fn unusable(profile: &str, referrer: Option<&Referrer<'_>>) -> Error {
    Error::new(match referrer {
        Some(Referrer { profile: other, place }) => {
            format!("profile \"{profile}\", the source_profile of \"{other}\" ({place}), cannot be used")
        }
        None => format!("profile \"{profile}\" cannot be used"),
    })
}

impl Base<'_> {
    /// The profile that it stands in.
    pub(crate) fn profile(&self) -> Option<&str> {
        match &self.origin {
            Origin::Profile { name, .. } => Some(name),
            Origin::LegacyFile(_) | Origin::Environment | Origin::LastResort => None,
        }
    }
}

impl Chain<'_> {
    /// A chain without roles.
    pub(crate) fn of_base(source: Source, origin: Origin<'_>) -> Chain<'_> {
        Chain { base: Base { source, origin }, roles: Vec::new() }
    }

    /// The last role, be it that of the base itself. `None` where there is none, or nobody knows it yet.
    pub(crate) fn role_arn(&self) -> Option<&str> {
        let of_base = || match &self.base.source {
            Source::WebIdentity(identity) => Some(identity.role_arn.as_str()),
            Source::Saml(role) => role.saml_role_arn.as_deref(),
            _ => None,
        };
        self.roles.last().map(|role| role.role_arn.as_str()).or_else(of_base)
    }
}

/// The keys that the environment holds.
///
/// An error when there is an access key without its secret; a secret alone counts as nothing.
pub(crate) fn environment_keys(vars: &Vars) -> Result<Option<Credentials>, Error> {
    let Some(access_key_id) = vars.get("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let Some(secret) = vars.get("AWS_SECRET_ACCESS_KEY") else {
        return Err(Error::new("the environment holds half a key pair")
            .cause("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not")
            .hint("set both or neither, or name a profile"));
    };
    let token = vars.get("AWS_SESSION_TOKEN").or_else(|| vars.get("AWS_SECURITY_TOKEN")).map(str::trim);
    if ![Some(access_key_id.trim()), Some(secret.trim()), token].into_iter().flatten().all(is_key_text) {
        return Err(Error::new("cannot use the keys in the environment")
            .cause("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN holds a control character")
            .hint("set them anew, or name a profile"));
    }
    let expiration = vars.get("AWS_CREDENTIAL_EXPIRATION").and_then(Timestamp::parse);
    Ok(Some(Credentials {
        access_key_id: access_key_id.trim().to_owned(),
        secret_access_key: Secret::new(secret.trim()),
        session_token: token.map(Secret::new),
        expiration,
        account_id: vars
            .get("AWS_ACCOUNT_ID")
            .map(str::trim)
            .filter(|account| is_account_id(account))
            .map(str::to_owned),
    }))
}
