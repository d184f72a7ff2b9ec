//! IAM Identity Center's service for tokens: OAuth 2.0, with clients that have registered themselves.
//! <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html>

use super::Answer;
use super::rest_json::{Question, RestJson};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use zeroize::Zeroizing;

/// The service at one endpoint.
pub(crate) struct SsoOidc<'a> {
    pub(crate) service: RestJson<'a>,
}

/// What is traded for a token.
#[derive(Serialize)]
#[serde(tag = "grantType", rename_all_fields = "camelCase")]
pub(crate) enum Grant<'a> {
    #[serde(rename = "authorization_code")]
    AuthorizationCode { redirect_uri: &'a str, code_verifier: &'a str, code: &'a str },
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode { device_code: &'a str },
    #[serde(rename = "refresh_token")]
    RefreshToken { refresh_token: &'a str },
}

impl Grant<'_> {
    fn secrets(&self) -> [&str; 2] {
        match self {
            Self::AuthorizationCode { redirect_uri: _, code_verifier, code } => [code, code_verifier],
            Self::DeviceCode { device_code: code } | Self::RefreshToken { refresh_token: code } => [code, ""],
        }
    }
}

/// A client that wants to be known to the service.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewClient<'a> {
    client_name: &'a str,
    client_type: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    grant_types: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    redirect_uris: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_url: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    scopes: &'a [String],
}

impl<'a> NewClient<'a> {
    /// What a client may be granted that signs in by a browser which comes back.
    pub(crate) const CODE_GRANTS: [&'static str; 2] = ["authorization_code", "refresh_token"];

    /// One that signs in with an authorization code.
    pub(crate) fn for_codes(
        client_name: &'a str,
        redirect_uris: &'a [&'a str],
        issuer_url: &'a str,
        scopes: &'a [String],
    ) -> Self {
        let grant_types = &Self::CODE_GRANTS;
        Self { client_name, client_type: "public", grant_types, redirect_uris, issuer_url: Some(issuer_url), scopes }
    }

    /// One that signs in with a device code; without scopes its tokens cannot be renewed.
    pub(crate) fn for_devices(client_name: &'a str, scopes: &'a [String]) -> Self {
        Self { client_name, client_type: "public", grant_types: &[], redirect_uris: &[], issuer_url: None, scopes }
    }
}

/// A client that the service knows.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Client {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    /// Seconds since 1970.
    client_secret_expires_at: i64,
}

impl Client {
    /// When the service forgets it.
    pub(crate) fn expiration(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.client_secret_expires_at.saturating_mul(1000))
    }
}

/// What a person is asked who signs in on any device (RFC 8628).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceAuthorization {
    pub(crate) device_code: Secret,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    /// With the code in it; empty where there is none.
    #[serde(default)]
    pub(crate) verification_uri_complete: String,
    expires_in: u64,
    interval: Option<u64>,
}

impl DeviceAuthorization {
    pub(crate) fn life(&self) -> Duration {
        /// What lasts longer is not what anybody waits for.
        const LONGEST: u64 = 24 * 3600;
        Duration::from_secs(self.expires_in.min(LONGEST))
    }

    /// How long to wait between two questions whether the person has decided.
    pub(crate) fn interval(&self) -> Duration {
        /// RFC 8628, section 3.2.
        const UNSAID: u64 = 5;
        const LONGEST: u64 = 3600;
        Duration::from_secs(self.interval.filter(|seconds| *seconds > 0).unwrap_or(UNSAID).min(LONGEST))
    }
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
        /// Sign-ins last 90 days at most.
        const LONGEST: u64 = 366 * 24 * 3600;
        Duration::from_secs(self.expires_in.min(LONGEST))
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
        let [code, verifier] = grant.secrets();
        let secrets = [client_secret.expose(), code, verifier];
        // What a grant holds is good for one use.
        self.call(("CreateToken", "/token"), &body, &secrets, true, |body| {
            let token: Token = serde_json::from_slice(body).ok()?;
            (!token.access_token.expose().is_empty() && token.expires_in > 0).then_some(token)
        })
    }

    pub(crate) fn register_client(&self, client: &NewClient<'_>) -> Answer<Client> {
        self.call(("RegisterClient", "/client/register"), client, &[], false, |body| {
            let client: Client = serde_json::from_slice(body).ok()?;
            (!client.client_id.is_empty() && !client.client_secret.expose().is_empty()).then_some(client)
        })
    }

    pub(crate) fn start_device_authorization(
        &self,
        client_id: &str,
        client_secret: &Secret,
        start_url: &str,
    ) -> Answer<DeviceAuthorization> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            client_id: &'a str,
            client_secret: &'a str,
            start_url: &'a str,
        }
        let body = Body { client_id, client_secret: client_secret.expose(), start_url };
        let secrets = [client_secret.expose()];
        self.call(("StartDeviceAuthorization", "/device_authorization"), &body, &secrets, false, |body| {
            let authorization: DeviceAuthorization = serde_json::from_slice(body).ok()?;
            let texts = [&authorization.user_code, &authorization.verification_uri];
            texts.iter().all(|text| !text.is_empty()).then_some(authorization)
        })
    }

    fn call<T>(
        &self,
        (action, path): (&'static str, &str),
        body: &impl Serialize,
        secrets: &[&str],
        once: bool,
        read: fn(&[u8]) -> Option<T>,
    ) -> Answer<T> {
        let body = Zeroizing::new(serde_json::to_string(body).expect("strings always serialize"));
        let (header, body) = (("content-type", "application/json"), Some(body.as_bytes()));
        let mut answer = self.service.ask(&Question { action, path, header, body, once, secrets }, read);
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

    #[test]
    fn times_that_no_clock_can_hold_are_cut() {
        let max = u64::MAX;
        let answer =
            format!(r#"{{"deviceCode":"d","userCode":"u","verificationUri":"v","expiresIn":{max},"interval":{max}}}"#);
        let authorization: DeviceAuthorization = serde_json::from_str(&answer).expect(&answer);
        assert_eq!((authorization.life().as_secs(), authorization.interval().as_secs()), (24 * 3600, 3600));
        let token: Token =
            serde_json::from_str(&format!(r#"{{"accessToken":"a","expiresIn":{max}}}"#)).expect("a token");
        assert_eq!(token.life().as_secs(), 366 * 24 * 3600);
    }

    #[test]
    fn nobody_asks_all_the_time() {
        for (interval, seconds) in [("", 5), (r#","interval":0"#, 5), (r#","interval":1"#, 1), (r#","interval":7"#, 7)]
        {
            let answer =
                format!(r#"{{"deviceCode":"d","userCode":"u","verificationUri":"v","expiresIn":600{interval}}}"#);
            let authorization: DeviceAuthorization = serde_json::from_str(&answer).expect(&answer);
            assert_eq!(authorization.interval(), Duration::from_secs(seconds));
            assert_eq!((authorization.life().as_secs(), authorization.verification_uri_complete.as_str()), (600, ""));
        }
    }
}
