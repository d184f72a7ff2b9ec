//! From an HTTP request to a [`TokenCall`], or to the rule of the protocol that it breaks.

use std::fmt;

use serde::Deserialize;

use super::{
    super::{MARKER, http::Request},
    proof::Proof,
};

/// One well-formed refresh.
#[derive(Clone, Debug)]
pub(crate) struct TokenCall {
    pub(crate) client_id: String,
    pub(crate) refresh_token: String,
    pub(crate) proof: Proof,
    pub(crate) body: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// The grant `refresh_token`, each member once and no other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    client_id: String,
    refresh_token: String,
    grant_type: String,
}

const CLIENT_IDS: [&str; 2] = ["arn:aws:signin:::devtools/same-device", "arn:aws:signin:::devtools/cross-device"];

impl TokenCall {
    /// Reads a request that must be sent to `token_url`; the error says what is wrong with it.
    pub(super) fn read(request: &Request, token_url: &str) -> Result<Self, String> {
        check_envelope(request, token_url)?;
        let body = std::str::from_utf8(&request.body).map_err(|error| format!("the body: {error}"))?;
        let Body { client_id, refresh_token, grant_type } =
            serde_json::from_str(body).map_err(|error| format!("the body: {error}"))?;
        if !CLIENT_IDS.contains(&client_id.as_str()) {
            return Err(format!("clientId is {client_id:?}"));
        }
        if grant_type != "refresh_token" {
            return Err(format!("grantType is {grant_type:?}"));
        }
        if !(1..=2048).contains(&refresh_token.len()) {
            return Err(format!("refreshToken has {} characters", refresh_token.len()));
        }
        let proof = Proof::read(request.header("DPoP").ok_or("the header DPoP is missing")?, token_url)?;
        Ok(Self { client_id, refresh_token, proof, body: body.to_owned(), headers: request.headers.clone() })
    }
}

impl fmt::Display for TokenCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refresh by {}", self.client_id)
    }
}

fn check_envelope(request: &Request, token_url: &str) -> Result<(), String> {
    let (_, rest) = token_url.split_once("://").expect("a URL has a scheme");
    let (host, path) = rest.split_at(rest.find('/').expect("the token URL has a path"));
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
