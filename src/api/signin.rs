//! The console's sign-in service: tokens for command lines.
//! <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>

use super::call::{self, Call, Failure};
use super::dpop::DpopKey;
use super::http::{Client, Request, Response};
use super::json::{self, Names};
use super::{Answer, Reason, ServiceError};
use crate::context::Clock;
use crate::random;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The service at one endpoint.
pub(crate) struct SignIn<'a> {
    pub(crate) client: &'a Client,
    /// Where tokens are made: the endpoint and `/v1/token`.
    pub(crate) token_url: &'a str,
    pub(crate) clock: &'a Clock,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    /// No try begins after that.
    pub(crate) budget: Duration,
    /// All tries together end by then.
    pub(crate) patience: Duration,
}

/// What is traded for tokens: the request's body.
#[derive(Serialize)]
#[serde(tag = "grantType", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(crate) enum Grant<'a> {
    /// A sign-in that a person has just allowed.
    AuthorizationCode { client_id: &'a str, code: &'a str, code_verifier: &'a str, redirect_uri: &'a str },
    /// A session that is renewed.
    RefreshToken { client_id: &'a str, refresh_token: &'a str },
}

impl Grant<'_> {
    fn secrets(&self) -> [&str; 2] {
        match self {
            Self::AuthorizationCode { client_id: _, code, code_verifier, redirect_uri: _ } => [code, code_verifier],
            Self::RefreshToken { client_id: _, refresh_token } => [refresh_token, ""],
        }
    }
}

/// What a grant is traded for.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    /// The next one; the one that was sent is spent.
    pub(crate) refresh_token: Secret,
    pub(crate) expires_in: Duration,
    pub(crate) token_type: Option<String>,
    /// Who signed in, as a JSON Web Token. Comes with a sign-in, not with a refresh.
    pub(crate) id_token: Option<Secret>,
}

impl SignIn<'_> {
    /// Trades a grant for tokens. Every attempt carries a proof of its own.
    pub(crate) fn create_oauth2_token(&self, grant: &Grant<'_>, key: &DpopKey) -> Answer<Tokens> {
        let body = Zeroizing::new(serde_json::to_string(grant).expect("strings always serialize"));
        let began = Instant::now();
        let call = Call {
            clock: self.clock,
            max_attempts: self.max_attempts,
            deadline: began + self.budget,
            once: false,
            blames_the_clock,
        };
        let secrets = grant.secrets();
        call.make(|_| self.attempt(&body, &secrets, key, self.patience.saturating_sub(began.elapsed())))
    }

    fn attempt(&self, body: &str, secrets: &[&str], key: &DpopKey, left: Duration) -> Result<Tokens, Box<Failure>> {
        let proof = key.proof(self.token_url, self.clock.now().unix_seconds(), &random::name());
        let headers = [("content-type", "application/json"), ("dpop", proof.as_str())];
        let request = Request { url: self.token_url, headers: &headers, body: Some(body.as_bytes()) };
        call::attempt("CreateOAuth2Token", self.client, &request, left, |response| understand(response, secrets))
    }
}

/// A refusal is named by its `error`; where that is missing, by the exception, and by the status last.
fn understand(response: &Response, secrets: &[&str]) -> Result<Tokens, Reason> {
    json::understand(response, Names::OfOAuth, secrets, tokens).map_err(|reason| {
        let (status, exception, message, request_id) = match reason {
            Reason::Refused { status, code, message, request_id, key_trouble: _ } => {
                (status, code, message, request_id)
            }
            Reason::Unreadable { status, why, request_id } => (status, String::new(), why, request_id),
            other => return other,
        };
        let code = match (exception.as_str(), status) {
            ("AccessDeniedException" | "", 401) => "TOKEN_EXPIRED".to_owned(),
            ("ValidationException", _) => "INVALID_REQUEST".to_owned(),
            ("", _) => return Reason::Unreadable { status, why: message, request_id },
            _ => exception,
        };
        Reason::Refused { status, code, message, key_trouble: None, request_id }
    })
}

/// A proof that is too old is answered as if the session were over.
fn blames_the_clock(error: &ServiceError, off: Duration) -> bool {
    const TOLERATED: Duration = Duration::from_mins(1);
    matches!(error.code(), "TOKEN_EXPIRED" | "INVALID_REQUEST") && off > TOLERATED
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Success {
    access_token: AccessToken,
    expires_in: Seconds,
    refresh_token: Secret,
    token_type: Option<String>,
    id_token: Option<Secret>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessToken {
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Secret,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u32),
    Text(String),
}

fn tokens(body: &[u8]) -> Option<Tokens> {
    let Success { access_token, expires_in, refresh_token, token_type, id_token } =
        serde_json::from_slice(body).ok()?;
    let AccessToken { access_key_id, secret_access_key, session_token } = access_token;
    let seconds = match expires_in {
        Seconds::Number(seconds) => seconds,
        Seconds::Text(text) => text.parse().ok()?,
    };
    let complete = !access_key_id.is_empty() && !refresh_token.expose().is_empty() && seconds > 0;
    let expires_in = Duration::from_secs(seconds.into());
    let tokens =
        Tokens { access_key_id, secret_access_key, session_token, refresh_token, expires_in, token_type, id_token };
    complete.then_some(tokens)
}
