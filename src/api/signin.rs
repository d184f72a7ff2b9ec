//! The console's sign-in service: tokens for command lines.
//! <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>

use super::call::{Call, Failure};
use super::dpop::DpopKey;
use super::http::{Client, Response};
use super::{Answer, Reason, ServiceError, endpoint, shortened};
use crate::context::Clock;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use uuid::Uuid;

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

/// What a refresh token is traded for.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    /// The next one; the one that was sent is spent.
    pub(crate) refresh_token: Secret,
    pub(crate) expires_in: Duration,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefreshRequest<'a> {
    client_id: &'a str,
    refresh_token: &'a str,
    grant_type: &'static str,
}

impl SignIn<'_> {
    /// Refreshes a session. Every attempt carries a proof of its own.
    pub(crate) fn create_oauth2_token(&self, client_id: &str, refresh_token: &Secret, key: &DpopKey) -> Answer<Tokens> {
        let request = RefreshRequest { client_id, refresh_token: refresh_token.expose(), grant_type: "refresh_token" };
        let body = serde_json::to_string(&request).expect("strings always serialize");
        let call = Call {
            clock: self.clock,
            max_attempts: self.max_attempts,
            budget: self.budget,
            once: false,
            blames_the_clock,
        };
        let began = Instant::now();
        call.make(|_| self.attempt(&body, key, self.patience.saturating_sub(began.elapsed())))
    }

    fn attempt(&self, body: &str, key: &DpopKey, left: Duration) -> Result<Tokens, Box<Failure>> {
        const LONGEST: Duration = Duration::from_secs(15);
        let proof = key.proof(self.token_url, self.clock.now().unix_seconds(), &Uuid::new_v4().to_string());
        let headers = [("content-type".into(), "application/json".into()), ("dpop".into(), proof)];
        let (reason, date, retry_after) =
            match self.client.post(self.token_url, &headers, body.as_bytes(), left.min(LONGEST)) {
                Err(error) => (Reason::Transport(error), None, None),
                Ok(response) => match understand(&response) {
                    Ok(tokens) => return Ok(tokens),
                    Err(reason) => (reason, response.date, response.retry_after),
                },
            };
        let host = endpoint::host(self.token_url).to_owned();
        let error = ServiceError { action: "CreateOAuth2Token", host, reason, clock_off: None };
        Err(Box::new(Failure { error, date, retry_after }))
    }
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

#[derive(Deserialize)]
struct Refusal {
    error: Option<String>,
    #[serde(alias = "error_description")]
    message: Option<String>,
}

fn understand(response: &Response) -> Result<Tokens, Reason> {
    let status = response.status;
    let unreadable = |why: &str| {
        let request_id = response.request_id.clone();
        Reason::Unreadable { status, why: why.to_owned(), request_id }
    };
    let body = response.body.as_deref().map_err(|why| unreadable(why))?;
    if status == 200 {
        return tokens(body).ok_or_else(|| unreadable("the answer lacks what was asked for"));
    }
    let refusal = serde_json::from_slice(body).unwrap_or(Refusal { error: None, message: None });
    let Some(code) = refusal.error.or_else(|| response.error_type.clone()) else {
        return Err(unreadable("the answer is not one of AWS's"));
    };
    let (code, message) = (shortened(&code), shortened(&refusal.message.unwrap_or_default()));
    Err(Reason::Refused { status, code, message, request_id: response.request_id.clone() })
}

fn tokens(body: &[u8]) -> Option<Tokens> {
    let Success { access_token, expires_in, refresh_token } = serde_json::from_slice(body).ok()?;
    let AccessToken { access_key_id, secret_access_key, session_token } = access_token;
    let seconds = match expires_in {
        Seconds::Number(seconds) => seconds,
        Seconds::Text(text) => text.parse().ok()?,
    };
    let complete = !access_key_id.is_empty() && !refresh_token.expose().is_empty() && seconds > 0;
    let expires_in = Duration::from_secs(seconds.into());
    complete.then_some(Tokens { access_key_id, secret_access_key, session_token, refresh_token, expires_in })
}
