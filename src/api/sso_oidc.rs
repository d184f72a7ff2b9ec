//! IAM Identity Center's service for tokens: OAuth 2.0, with clients that have registered themselves.
//! <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html>

use super::Answer;
use super::call::{self, Call};
use super::http::{Client, Request};
use super::json::{self, Names};
use crate::context::Clock;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use zeroize::Zeroizing;

/// The service at one endpoint.
pub(crate) struct SsoOidc<'a> {
    pub(crate) client: &'a Client,
    pub(crate) endpoint: &'a str,
    pub(crate) clock: &'a Clock,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    /// All tries together end by then.
    pub(crate) budget: Duration,
}

/// What is traded for a token.
#[derive(Serialize)]
#[serde(tag = "grantType", rename_all_fields = "camelCase")]
pub(crate) enum Grant<'a> {
    #[serde(rename = "refresh_token")]
    RefreshToken { refresh_token: &'a str },
}

/// A token that the access portal takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) access_token: Secret,
    expires_in: u64,
    pub(crate) refresh_token: Option<Secret>,
}

impl Token {
    pub(crate) fn life(&self) -> Duration {
        Duration::from_secs(self.expires_in)
    }
}

impl SsoOidc<'_> {
    pub(crate) fn create_token(&self, client_id: &str, client_secret: &Secret, grant: &Grant<'_>) -> Answer<Token> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            client_id: &'a str,
            client_secret: &'a str,
            #[serde(flatten)]
            grant: &'a Grant<'a>,
        }
        let body = Body { client_id, client_secret: client_secret.expose(), grant };
        self.call("CreateToken", "/token", &body, |body| {
            let token: Token = serde_json::from_slice(body).ok()?;
            (!token.access_token.expose().is_empty() && token.expires_in > 0).then_some(token)
        })
    }

    fn call<T>(
        &self,
        action: &'static str,
        path: &str,
        body: &impl Serialize,
        read: fn(&[u8]) -> Option<T>,
    ) -> Answer<T> {
        let body = Zeroizing::new(serde_json::to_string(body).expect("strings always serialize"));
        let url = format!("{}{path}", self.endpoint.trim_end_matches('/'));
        let headers = [("content-type".into(), "application/json".into())];
        let request = Request { url: &url, headers: &headers, body: Some(body.as_bytes()) };
        let (clock, max_attempts, budget) = (self.clock, self.max_attempts, self.budget);
        // What a grant holds is good for one use.
        let call = Call { clock, max_attempts, budget, once: true, blames_the_clock: |_, _| false };
        let mut answer = call.make(|left| {
            call::attempt(action, self.client, &request, left, |response| {
                json::understand(response, Names::OfAws, read)
            })
        });
        if let Err(error) = &mut answer {
            error.rename(in_snake_case);
        }
        answer
    }
}

/// `AuthorizationPendingException` as OAuth spells it: `authorization_pending`. Services differ in which they say.
fn in_snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.strip_suffix("Exception").unwrap_or(name).chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_an_error_are_one() {
        for (name, snake) in [
            ("AuthorizationPendingException", "authorization_pending"),
            ("SlowDownException", "slow_down"),
            ("InvalidGrantException", "invalid_grant"),
            ("invalid_grant", "invalid_grant"),
            ("AccessDeniedException", "access_denied"),
        ] {
            assert_eq!(in_snake_case(name), snake);
        }
    }
}
