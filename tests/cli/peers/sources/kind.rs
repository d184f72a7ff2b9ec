//! Kinds of keys that a profile can have.

use super::{
    super::super::fake::{DpopKey, MARKER, token_path},
    environment::all,
    layout::{FileKind, Layout, header},
    section::role_arn,
};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

all! {
    /// A kind of keys that a profile can have, or a way of having them by halves. Those of one [`Group`] write the
    /// same settings.
    Kind {
        KeysInCredentials,
        SessionInCredentials,
        IdInCredentials,
        SecretInCredentials,
        /// The access key in the credentials file, the secret in the config file.
        SplitKeys,
        KeysInConfig,
        IdInConfig,
        SecretInConfig,
        EmptyKeysInConfig,
        WebIdentity,
        WebIdentityMissing,
        WebIdentityWithoutRole,
        Sso,
        SsoOfProfile,
        SsoWithoutToken,
        SsoWithoutRole,
        SsoUnknownSession,
        SsoSessionAlone,
        Login,
        LoginMissing,
        Process,
        ProcessFails,
        ProcessExpired,
        /// Nothing but a region.
        Region,
        /// A region, and that instances are not to be asked.
        RegionWithoutMetadata,
        /// Keys of a role without the role.
        SourceProfileAlone,
        CredentialSourceAlone,
        MfaWithoutCode,
        MfaProcess,
        OddDuration,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Credentials,
    Config,
    WebIdentity,
    Sso,
    Login,
    Process,
    Region,
    Role,
    OfRole,
}

impl Kind {
    pub(super) fn group(self) -> Group {
        match self {
            Self::KeysInCredentials
            | Self::SessionInCredentials
            | Self::IdInCredentials
            | Self::SecretInCredentials
            | Self::SplitKeys => Group::Credentials,
            Self::KeysInConfig | Self::IdInConfig | Self::SecretInConfig | Self::EmptyKeysInConfig => Group::Config,
            Self::WebIdentity | Self::WebIdentityMissing | Self::WebIdentityWithoutRole => Group::WebIdentity,
            Self::Sso
            | Self::SsoOfProfile
            | Self::SsoWithoutToken
            | Self::SsoWithoutRole
            | Self::SsoUnknownSession
            | Self::SsoSessionAlone => Group::Sso,
            Self::Login | Self::LoginMissing => Group::Login,
            Self::Process | Self::ProcessFails | Self::ProcessExpired => Group::Process,
            Self::Region | Self::RegionWithoutMetadata => Group::Region,
            Self::SourceProfileAlone | Self::CredentialSourceAlone => Group::Role,
            Self::MfaWithoutCode | Self::MfaProcess | Self::OddDuration => Group::OfRole,
        }
    }

    pub(super) fn lay(self, name: &str, layout: &mut Layout<'_>) {
        use FileKind::{Config, Credentials};
        let mut line = |file, key: &str, value: &str| layout.line(file, name, key, value);
        match self {
            Self::KeysInCredentials => layout.keys(Credentials, name),
            Self::SessionInCredentials => {
                line(Credentials, "aws_session_token", &format!("{MARKER}-credentials({name})"));
                layout.keys(Credentials, name);
            }
            Self::IdInCredentials => line(Credentials, "aws_access_key_id", &format!("half({name})")),
            Self::SecretInCredentials => line(Credentials, "aws_secret_access_key", &format!("{MARKER}-half")),
            Self::SplitKeys => {
                line(Credentials, "aws_access_key_id", &format!("split({name})"));
                line(Config, "aws_secret_access_key", MARKER);
            }
            Self::KeysInConfig => layout.keys(Config, name),
            Self::IdInConfig => line(Config, "aws_access_key_id", &format!("half({name})")),
            Self::SecretInConfig => line(Config, "aws_secret_access_key", &format!("{MARKER}-half")),
            Self::EmptyKeysInConfig => {
                line(Config, "aws_access_key_id", "");
                line(Config, "aws_secret_access_key", "");
            }
            Self::Region => line(Config, "region", "us-east-1"),
            Self::RegionWithoutMetadata => {
                line(Config, "region", "us-east-1");
                line(Config, "disable_ec2_metadata", "true");
            }
            Self::SourceProfileAlone => {
                line(Config, "source_profile", &format!("{name}-source"));
                layout.keys(Credentials, &format!("{name}-source"));
            }
            Self::CredentialSourceAlone => line(Config, "credential_source", "Environment"),
            Self::MfaWithoutCode => line(Config, "mfa_serial", "arn:aws:iam::123456789012:mfa/jane"),
            Self::MfaProcess => {
                line(Config, "mfa_serial", "arn:aws:iam::123456789012:mfa/jane");
                line(Config, "mfa_process", "echo 123456");
            }
            Self::OddDuration => line(Config, "duration_seconds", "soon"),
            Self::WebIdentity | Self::WebIdentityMissing | Self::WebIdentityWithoutRole => self.web(name, layout),
            Self::Sso
            | Self::SsoOfProfile
            | Self::SsoWithoutToken
            | Self::SsoWithoutRole
            | Self::SsoUnknownSession
            | Self::SsoSessionAlone => self.sso(name, layout),
            Self::Login | Self::LoginMissing => {
                let login_session = format!("arn:aws:iam::123456789012:user/{name}");
                layout.line(Config, name, "login_session", &login_session);
                if self == Self::Login {
                    lay_login(&login_session, name, layout);
                }
            }
            Self::Process | Self::ProcessFails | Self::ProcessExpired => {
                let command = self.process(name, layout);
                layout.line(Config, name, "credential_process", &command);
            }
        }
    }

    fn web(self, name: &str, layout: &mut Layout<'_>) {
        let path = match self {
            Self::WebIdentityMissing => layout.path("missing.jwt"),
            _ => layout.file(&format!("{name}.jwt"), &format!("{MARKER}-{name}")),
        };
        layout.line(FileKind::Config, name, "web_identity_token_file", &path);
        if self != Self::WebIdentityWithoutRole {
            layout.line(FileKind::Config, name, "role_arn", &role_arn(name));
            layout.line(FileKind::Config, name, "role_session_name", name);
        }
    }

    fn sso(self, name: &str, layout: &mut Layout<'_>) {
        let start_url = format!("https://{name}.awsapps.com/start");
        let session = if self == Self::SsoOfProfile { None } else { Some(format!("session-{name}")) };
        let mut line = |key: &str, value: &str| layout.line(FileKind::Config, name, key, value);
        if self != Self::SsoSessionAlone {
            line("sso_account_id", "012345678901");
        }
        if !matches!(self, Self::SsoSessionAlone | Self::SsoWithoutRole) {
            line("sso_role_name", name);
        }
        let header = match &session {
            Some(session) => {
                line("sso_session", session);
                format!("sso-session {session}")
            }
            None => header(name),
        };
        if self != Self::SsoUnknownSession {
            layout.config_line(&header, "sso_start_url", &start_url);
            layout.config_line(&header, "sso_region", "us-east-1");
        }
        if self != Self::SsoWithoutToken {
            let token = format!(
                r#"{{"startUrl": "{start_url}", "region": "us-east-1", "accessToken": "{MARKER}-{name}", "expiresAt": "2099-01-02T03:04:05Z"}}"#
            );
            layout.file(&token_path(session.as_deref().unwrap_or(&start_url)), &token);
        }
    }

    fn process(self, name: &str, layout: &Layout<'_>) -> String {
        let expiration = match self {
            Self::ProcessFails => return "false".to_owned(),
            Self::ProcessExpired => r#", "Expiration": "2020-01-02T03:04:05Z""#,
            _ => "",
        };
        let keys = format!(
            r#"{{"Version": 1, "AccessKeyId": "process({name})", "SecretAccessKey": "{MARKER}", "SessionToken": "{MARKER}-process({name})"{expiration}}}"#
        );
        format!("cat {}", layout.file(&format!("{name}.json"), &keys))
    }
}

/// A session as `aws login` leaves it.
fn lay_login(login_session: &str, name: &str, layout: &Layout<'_>) {
    let mut file = ".aws/login/cache/".to_owned();
    for byte in Sha256::digest(login_session.as_bytes()) {
        write!(file, "{byte:02x}").expect("a String takes all");
    }
    let document = format!(
        r#"{{"accessToken": {{"accessKeyId": "login({name})", "secretAccessKey": "{MARKER}", "sessionToken": "{MARKER}-login({name})", "accountId": "123456789012", "expiresAt": "2099-01-02T03:04:05Z"}}, "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4", "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "{MARKER}", "dpopKey": {}}}"#,
        DpopKey::USUAL.json()
    );
    layout.file(&format!("{file}.json"), &document);
}
