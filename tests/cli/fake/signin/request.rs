//! From an HTTP request to a [`TokenCall`], or to the rule of the protocol that it breaks.

use std::fmt;

use serde::Deserialize;

use super::{
    super::{MARKER, answer, authorization::check_verifier, http::Request},
    authorize::{CROSS_DEVICE, SAME_DEVICE},
    proof::Proof,
};

/// One well-formed call for tokens.
#[derive(Clone, Debug)]
pub(crate) struct TokenCall {
    pub(crate) grant: Grant,
    pub(crate) proof: Proof,
    pub(crate) body: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// What tokens are wanted for; each member once and no other.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "grantType", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Grant {
    RefreshToken { client_id: String, refresh_token: String },
    AuthorizationCode { client_id: String, code: String, code_verifier: String, redirect_uri: String },
}

impl TokenCall {
    /// Reads a request that must be sent to `token_url`; the error says what is wrong with it.
    pub(super) fn read(request: &Request, token_url: &str) -> Result<Self, String> {
        check_envelope(request, token_url)?;
        let body = std::str::from_utf8(&request.body).map_err(|error| format!("the body: {error}"))?;
        let grant: Grant = serde_json::from_str(body).map_err(|error| format!("the body: {error}"))?;
        grant.check()?;
        let proof = Proof::read(request.header("DPoP").ok_or("the header DPoP is missing")?, token_url)?;
        Ok(Self { grant, proof, body: body.to_owned(), headers: request.headers.clone() })
    }

    /// The token that a refresh spends.
    #[track_caller]
    pub(crate) fn refresh_token(&self) -> &str {
        match &self.grant {
            Grant::RefreshToken { refresh_token, .. } => refresh_token,
            Grant::AuthorizationCode { .. } => panic!("a sign-in has no refresh token yet"),
        }
    }
}

impl Grant {
    fn check(&self) -> Result<(), String> {
        let client_id = match self {
            Self::RefreshToken { client_id, refresh_token } => {
                check_length("refreshToken", refresh_token, 2048)?;
                client_id
            }
            Self::AuthorizationCode { client_id, code, code_verifier, redirect_uri } => {
                check_length("code", code, 512)?;
                check_length("redirectUri", redirect_uri, 2048)?;
                check_verifier(code_verifier)?;
                client_id
            }
        };
        if ![SAME_DEVICE, CROSS_DEVICE].contains(&client_id.as_str()) {
            return Err(format!("clientId is {client_id:?}"));
        }
        Ok(())
    }
}

fn check_length(what: &str, text: &str, most: usize) -> Result<(), String> {
    match text.len() {
        length if (1..=most).contains(&length) => Ok(()),
        length => Err(format!("{what} has {length} characters")),
    }
}

impl fmt::Display for TokenCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.grant {
            Grant::RefreshToken { client_id, .. } => write!(f, "refresh by {client_id}"),
            Grant::AuthorizationCode { client_id, .. } => write!(f, "sign-in by {client_id}"),
        }
    }
}

fn check_envelope(request: &Request, token_url: &str) -> Result<(), String> {
    let (host, path) = answer::split(token_url);
    for (what, found, wanted) in [
        ("the method", Some(request.method.as_str()), Some("POST")),
        ("the target", Some(request.target.as_str()), Some(path)),
        ("Host", request.header("Host"), Some(host)),
        ("Content-Type", request.header("Content-Type"), Some("application/json")),
        // Nothing is signed here but the proof.
        ("Authorization", request.header("Authorization"), None),
        ("Cookie", request.header("Cookie"), None),
    ] {
        if found != wanted {
            return Err(format!("{what} is {found:?}, not {wanted:?}"));
        }
    }
    match request.headers.iter().find(|(_, value)| value.contains(MARKER)) {
        Some((name, _)) => Err(format!("the header {name} holds a secret")),
        None => Ok(()),
    }
}
