//! From a program's request to what it [`Asked`], or to the rule of the protocol that it breaks.

use std::fmt;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::super::{
    MARKER,
    authorization::check_verifier,
    http::Request,
    identity_center::desk::{Endpoint, check_headers},
};

/// The redirect of every registration; the port is told when one is known.
pub(super) const REDIRECT_URI: &str = "http://127.0.0.1/oauth/callback";

#[derive(Clone, Debug)]
pub(crate) enum Asked {
    RegisterClient(Registration),
    StartDeviceAuthorization(Start),
    CreateToken(Grant),
}

/// A body of `RegisterClient`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Registration {
    pub(crate) client_name: String,
    pub(crate) client_type: String,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) grant_types: Option<Vec<String>>,
    pub(crate) redirect_uris: Option<Vec<String>>,
    pub(crate) issuer_url: Option<String>,
}

/// A body of `StartDeviceAuthorization`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Start {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) start_url: String,
}

/// A body of `CreateToken`; each member once and no other.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "grantType", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Grant {
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode { client_id: String, client_secret: String, device_code: String },
    #[serde(rename = "authorization_code")]
    AuthorizationCode {
        client_id: String,
        client_secret: String,
        redirect_uri: String,
        code_verifier: String,
        code: String,
    },
    #[serde(rename = "refresh_token")]
    RefreshToken { client_id: String, client_secret: String, refresh_token: String },
}

impl Asked {
    /// Reads a request to the service; the error says what is wrong with it.
    pub(super) fn read(request: &Request, endpoint: &Endpoint) -> Result<Self, String> {
        let (path, query) = endpoint.check(request)?;
        if request.method != "POST" || !query.is_empty() {
            return Err(format!("{} {path} with the query {query:?} is no operation", request.method));
        }
        check_headers(request, &[("Content-Type", Some("application/json"))])?;
        match path {
            "/client/register" => {
                let registration: Registration = body(request)?;
                registration.check()?;
                Ok(Self::RegisterClient(registration))
            }
            "/device_authorization" => Ok(Self::StartDeviceAuthorization(body(request)?)),
            "/token" => {
                let grant: Grant = body(request)?;
                if let Grant::AuthorizationCode { code_verifier, .. } = &grant {
                    check_verifier(code_verifier)?;
                }
                Ok(Self::CreateToken(grant))
            }
            _ => Err(format!("the target is {path:?}, which is no operation's")),
        }
    }
}

impl Registration {
    pub(crate) fn is_for_codes(&self) -> bool {
        self.grant_types.is_some()
    }

    /// Registrations are of two kinds, and a member of one is none of the other's.
    fn check(&self) -> Result<(), String> {
        let Self { client_name, client_type, scopes, grant_types, redirect_uris, issuer_url } = self;
        if client_type != "public" {
            return Err(format!("clientType is {client_type:?}"));
        }
        let is_ours = client_name.strip_prefix("keyfob").is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        if !is_ours && !client_name.starts_with("botocore-client-") {
            return Err(format!("clientName is {client_name:?}, by which nobody knows who asks"));
        }
        if client_name.contains(MARKER) || client_name.chars().any(char::is_control) {
            return Err("clientName holds a secret or a control character".to_owned());
        }
        if scopes.as_ref().is_some_and(|scopes| scopes.iter().all(String::is_empty)) {
            return Err("scopes holds none".to_owned());
        }
        match (grant_types.as_deref(), redirect_uris.as_deref(), issuer_url, scopes) {
            (None, None, None, _) => Ok(()),
            (Some([code, refresh]), Some([uri]), Some(_), Some(_))
                if code == "authorization_code" && refresh == "refresh_token" && uri == REDIRECT_URI =>
            {
                Ok(())
            }
            (grant_types, redirect_uris, ..) => Err(format!(
                "grantTypes {grant_types:?}, redirectUris {redirect_uris:?}, issuerUrl {issuer_url:?} and scopes \
                 {scopes:?} are of neither kind of client"
            )),
        }
    }
}

impl Grant {
    /// The client's id and secret.
    pub(super) fn client(&self) -> (&str, &str) {
        match self {
            Self::DeviceCode { client_id, client_secret, .. }
            | Self::AuthorizationCode { client_id, client_secret, .. }
            | Self::RefreshToken { client_id, client_secret, .. } => (client_id, client_secret),
        }
    }
}

/// Reads an object without a `null`, an empty text or a member twice.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, String> {
    let wrong = |error: serde_json::Error| format!("the body: {error}");
    let members: Map<String, Value> = serde_json::from_slice(&request.body).map_err(wrong)?;
    if let Some((name, _)) = members.iter().find(|(_, value)| value.is_null() || *value == "") {
        return Err(format!("{name} is there, but empty"));
    }
    serde_json::from_slice(&request.body).map_err(wrong)
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RegisterClient(_) => "RegisterClient",
            Self::StartDeviceAuthorization(_) => "StartDeviceAuthorization",
            Self::CreateToken(Grant::DeviceCode { .. }) => "CreateToken for a device code",
            Self::CreateToken(Grant::AuthorizationCode { .. }) => "CreateToken for an authorization code",
            Self::CreateToken(Grant::RefreshToken { .. }) => "CreateToken for a refresh token",
        })
    }
}
