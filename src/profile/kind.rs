//! The kinds of profiles: what their credentials come from, told by their keys.
//!
//! Which kind a profile is where it has the keys of several is told by `chain`.

/// What a profile's credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Role,
    RoleWithMfa,
    WebIdentity,
    Sso,
    Saml,
    Login,
    Process,
    /// Long-term keys, in a shared file or in a store.
    Static,
    /// Temporary keys, which have a token.
    Session,
}

/// The settings that belong to static keys, and to sessions.
pub(crate) const KEYS: [&str; 4] = ["aws_access_key_id", "aws_secret_access_key", TOKENS[0], TOKENS[1]];
/// The settings for a session token, the older name last. botocore goes by that first.
pub(crate) const TOKENS: [&str; 2] = ["aws_session_token", "aws_security_token"];
/// What `output` may say, the output formats of the AWS CLI.
pub(crate) const OUTPUTS: [&str; 6] = ["json", "text", "table", "yaml", "yaml-stream", "off"];
/// What `credential_source` may say.
pub(crate) const CREDENTIAL_SOURCES: [&str; 3] = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];
const ROLE: [&str; 7] = [
    "role_arn",
    "source_profile",
    "credential_source",
    "external_id",
    "mfa_serial",
    "role_session_name",
    "duration_seconds",
];
const WEB_IDENTITY: [&str; 3] = ["role_arn", "web_identity_token_file", "role_session_name"];
const SSO: [&str; 6] =
    ["sso_session", "sso_account_id", "sso_role_name", "sso_start_url", "sso_region", "sso_registration_scopes"];
/// keyfob's own.
const SAML: [&str; 8] = [
    "saml_endpoint",
    "saml_authentication",
    "saml_user",
    "saml_domain",
    "saml_role_arn",
    "saml_principal_arn",
    "saml_process",
    "duration_seconds",
];
const LOGIN: [&str; 1] = ["login_session"];
const PROCESS: [&str; 1] = ["credential_process"];

impl Kind {
    /// As lists and JSON have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::RoleWithMfa => "role with MFA",
            Self::WebIdentity => "web identity",
            Self::Sso => "sso",
            Self::Saml => "saml",
            Self::Login => "login",
            Self::Process => "process",
            Self::Static => "static",
            Self::Session => "session",
        }
    }

    /// The settings that make a profile one of this kind.
    pub(crate) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Role | Self::RoleWithMfa => &ROLE,
            Self::WebIdentity => &WEB_IDENTITY,
            Self::Sso => &SSO,
            Self::Saml => &SAML,
            Self::Login => &LOGIN,
            Self::Process => &PROCESS,
            Self::Static | Self::Session => &KEYS,
        }
    }

    /// The settings that a profile must not keep when it becomes one of this kind: those of all others.
    pub(crate) fn keys_of_others(self) -> Vec<&'static str> {
        let mut others: Vec<&str> = all_keys().filter(|key| !self.keys().contains(key)).collect();
        others.sort_unstable();
        others.dedup();
        others
    }
}

/// The settings of all kinds, some of them twice.
pub(crate) fn all_keys() -> impl Iterator<Item = &'static str> {
    KEYS.iter().chain(&ROLE).chain(&WEB_IDENTITY).chain(&SSO).chain(&SAML).chain(&LOGIN).chain(&PROCESS).copied()
}

/// The kinds of profiles that SDKs would not come to keyfob for, since they know the settings themselves or take them for
/// another kind of profile. Not those of console sign-ins: with them an SDK that knows them does what keyfob does. Nor those
/// of SAML, whose settings no SDK looks at.
pub(crate) const BRIDGED: [Kind; 4] = [Kind::Role, Kind::WebIdentity, Kind::Sso, Kind::Process];

/// The settings of these kinds, each once.
pub(crate) fn bridged_keys() -> Vec<&'static str> {
    let mut keys: Vec<&str> = Vec::new();
    for key in BRIDGED.into_iter().flat_map(Kind::keys) {
        if !keys.contains(key) {
            keys.push(key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_kind_are_none_of_the_others() {
        assert_eq!(
            Kind::WebIdentity.keys_of_others(),
            [
                "aws_access_key_id",
                "aws_secret_access_key",
                "aws_security_token",
                "aws_session_token",
                "credential_process",
                "credential_source",
                "duration_seconds",
                "external_id",
                "login_session",
                "mfa_serial",
                "saml_authentication",
                "saml_domain",
                "saml_endpoint",
                "saml_principal_arn",
                "saml_process",
                "saml_role_arn",
                "saml_user",
                "source_profile",
                "sso_account_id",
                "sso_region",
                "sso_registration_scopes",
                "sso_role_name",
                "sso_session",
                "sso_start_url",
            ]
        );
    }
}
