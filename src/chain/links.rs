//! A chain's links as settings, under the names that the shared files have for them: what `explain` prints, and
//! what tells one cached set of credentials from another.

use super::{AssertionFrom, Base, Chain, Origin, Role, SamlRole, Source, SsoRole, WebIdentity};
use crate::command_line::Invocation;
use crate::context::Vars;
use crate::store::StoreName;
use serde::Serialize;

/// One link, described without secrets. What does not apply is absent.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Link<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) settings: Settings<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
}

/// The settings that decide whose credentials a link yields.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Settings<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyfob_store: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_session_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_serial: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transitive_session_tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_identity_token_file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sso_session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sso_start_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sso_region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sso_account_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sso_role_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_endpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_authentication: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_process: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_role_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saml_principal_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_process: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_account_id: Option<&'a str>,
}

/// What the settings of a base are wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Telling credentials apart: by whole command lines, and not by the place that keys are kept in.
    Identity,
    /// Showing them: the arguments of a command may hold a secret.
    Showing,
}

impl Chain<'_> {
    /// The links for people, base first.
    pub(crate) fn links(&self) -> Vec<Link<'_>> {
        std::iter::once(self.base.link()).chain(self.roles.iter().map(Role::link)).collect()
    }

    /// A text that tells apart the credentials after `depth` roles from all others: what every link up to
    /// there says, and the endpoint that was asked, where it is not AWS's own. A program may answer by whatever
    /// surrounds it, so that counts too. What the machine adds is the plan's affair.
    pub(crate) fn identity(&self, depth: usize, endpoint_url: Option<&str>, vars: &Vars) -> String {
        let source = &self.base.source;
        let base = (source.kind(), source.settings(Purpose::Identity));
        let roles: Vec<Settings<'_>> = self.roles[..depth].iter().map(Role::settings).collect();
        let links = serde_json::to_string(&(endpoint_url, base, roles)).expect("settings always serialize");
        match source {
            Source::CredentialProcess { .. }
            | Source::Saml(SamlRole { assertion: AssertionFrom::Process { .. }, .. }) => {
                format!("{links} {:?} {}", self.base.profile(), vars.surroundings())
            }
            _ => links,
        }
    }
}

impl Base<'_> {
    fn link(&self) -> Link<'_> {
        let link =
            Link { kind: self.source.kind(), settings: self.source.settings(Purpose::Showing), ..Link::default() };
        match &self.origin {
            Origin::Environment | Origin::LastResort => link,
            Origin::LegacyFile(path) => Link { file: Some(path.display().to_string()), ..link },
            Origin::Profile { name, place } => Link {
                profile: Some(name),
                file: Some(place.path().display().to_string()),
                line: Some(place.line()),
                ..link
            },
        }
    }
}

impl Source {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Keys(keys) if keys.session_token.is_some() => "session",
            Self::Keys(_) | Self::Store { .. } => "static",
            Self::Environment(_) => "environment",
            Self::Ec2InstanceMetadata => "ec2_instance_metadata",
            Self::EcsContainer => "ecs_container",
            Self::WebIdentity { .. } => "web_identity",
            Self::Sso(_) => "sso",
            Self::Saml(_) => "saml",
            Self::LoginSession { .. } => "login_session",
            Self::CredentialProcess { .. } => "credential_process",
        }
    }

    fn settings(&self, purpose: Purpose) -> Settings<'_> {
        let none = Settings::default();
        match self {
            Self::Keys(keys) | Self::Environment(keys) => {
                let aws_account_id = keys.account_id.as_deref();
                Settings { access_key_id: Some(&keys.access_key_id), aws_account_id, ..none }
            }
            Self::Store { store, profile: _, access_key_id, aws_account_id } => Settings {
                access_key_id: Some(access_key_id),
                keyfob_store: (purpose == Purpose::Showing).then(|| store.shown()),
                aws_account_id: aws_account_id.as_deref(),
                ..none
            },
            Self::Ec2InstanceMetadata | Self::EcsContainer => none,
            Self::WebIdentity(WebIdentity { web_identity_token_file, role_arn, role_session_name }) => Settings {
                web_identity_token_file: Some(web_identity_token_file),
                role_arn: Some(role_arn),
                role_session_name: role_session_name.as_deref(),
                ..none
            },
            Self::Sso(SsoRole { session, sso_region, sso_account_id, sso_role_name }) => Settings {
                sso_session: session.name.as_deref(),
                sso_start_url: Some(&session.sso_start_url),
                sso_region: Some(sso_region.as_str()),
                sso_account_id: Some(sso_account_id),
                sso_role_name: Some(sso_role_name),
                ..none
            },
            Self::Saml(role) => role.settings(purpose),
            Self::LoginSession { login_session } => Settings { login_session: Some(login_session), ..none },
            Self::CredentialProcess { credential_process, aws_account_id } => Settings {
                credential_process: Some(purpose.command(credential_process)),
                aws_account_id: aws_account_id.as_deref(),
                ..none
            },
        }
    }
}

impl Purpose {
    fn command(self, line: &str) -> String {
        match self {
            Self::Identity => line.to_owned(),
            Self::Showing => Invocation::parse(line).program().to_owned(),
        }
    }
}

impl SamlRole {
    fn settings(&self, purpose: Purpose) -> Settings<'_> {
        let Self { assertion, saml_role_arn, saml_principal_arn, duration_seconds } = self;
        let settings = Settings {
            saml_role_arn: saml_role_arn.as_deref(),
            saml_principal_arn: saml_principal_arn.as_deref(),
            duration_seconds: *duration_seconds,
            ..Settings::default()
        };
        match assertion {
            AssertionFrom::Process { saml_process } => {
                Settings { saml_process: Some(purpose.command(saml_process)), ..settings }
            }
            AssertionFrom::Endpoint { saml_endpoint, saml_authentication, saml_user, saml_domain, store } => Settings {
                saml_endpoint: Some(saml_endpoint),
                saml_authentication: saml_authentication.as_deref(),
                saml_user: saml_user.as_deref(),
                saml_domain: saml_domain.as_deref(),
                keyfob_store: store.as_ref().filter(|_| purpose == Purpose::Showing).map(StoreName::shown),
                ..settings
            },
        }
    }
}

impl Role<'_> {
    fn link(&self) -> Link<'_> {
        Link {
            kind: "assume_role",
            profile: Some(&self.profile),
            settings: self.settings(),
            file: Some(self.place.path().display().to_string()),
            line: Some(self.place.line()),
        }
    }

    fn settings(&self) -> Settings<'_> {
        let tags: Vec<String> = self.session_tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let listed = |items: &[String]| (!items.is_empty()).then(|| items.join(","));
        Settings {
            role_arn: Some(&self.role_arn),
            role_session_name: self.role_session_name.as_deref(),
            external_id: self.external_id.as_deref(),
            mfa_serial: self.mfa_serial.as_deref(),
            duration_seconds: self.duration_seconds,
            session_tags: listed(&tags),
            transitive_session_tags: listed(&self.transitive_session_tags),
            source_identity: self.source_identity.as_deref(),
            ..Settings::default()
        }
    }
}
