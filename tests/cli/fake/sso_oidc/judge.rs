//! What the service makes of well-formed calls, on the clients, codes and sign-ins that it knows.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;

use super::{
    super::{
        Timestamp,
        authorization::codes::{Codes, Flaw, Redemption},
        http::{Reply, Request},
        identity_center::{
            NamedIn, desk,
            desk::Endpoint,
            expected::Refusal,
            sessions::{Issued, Sessions},
        },
        lock,
    },
    clients::{Client, Clients},
    devices::Devices,
    errors::{describe, refuse},
    expected::Wish,
    page::DEVICE,
    request::{Asked, Grant, Registration, Start},
};

/// What a client may be registered for.
const SCOPES: [&str; 3] = ["sso:account:access", "codewhisperer:completions", "codewhisperer:analysis"];

pub(super) struct Rules {
    pub(super) start_url: String,
    pub(super) sessions: Arc<Mutex<Sessions>>,
    pub(super) clients: Clients,
    pub(super) codes: Codes,
    pub(super) devices: Devices,
}

impl desk::Rules for Rules {
    type Wish = Wish;

    const NAMESPACE: &'static str = "com.amazonaws.sso.oidc";
    const NAMED_IN: NamedIn = NamedIn::Header;

    fn now(&self) -> Timestamp {
        lock(&self.sessions).now()
    }

    fn read(request: &Request, endpoint: &Endpoint) -> Result<Asked, String> {
        Asked::read(request, endpoint)
    }

    fn judge(&mut self, asked: &Asked, wish: &Wish, endpoint: &Endpoint) -> Result<Reply, Refusal> {
        let body = match asked {
            Asked::RegisterClient(registration) => self.register(registration, wish)?,
            Asked::StartDeviceAuthorization(start) => self.start_device(start, wish, endpoint)?,
            Asked::CreateToken(grant) => self.create_token(grant, wish)?,
        };
        Ok(Reply::json(200, &body).header("Cache-Control", "no-store"))
    }

    fn describe(refusal: &Refusal) -> Vec<(String, String)> {
        describe(refusal)
    }

    fn show(&mut self, request: &Request, endpoint: &Endpoint) -> Option<Result<Reply, String>> {
        self.page(request, endpoint)
    }
}

impl Rules {
    pub(super) fn now(&self) -> Timestamp {
        desk::Rules::now(self)
    }

    fn register(&mut self, registration: &Registration, wish: &Wish) -> Result<String, Refusal> {
        let Registration { client_name, scopes, issuer_url, .. } = registration;
        let scopes = scopes.as_deref().unwrap_or_default();
        if let Some(scope) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(refuse("InvalidScopeException", &format!("The scope {scope} does not exist.")));
        }
        if let Some(issuer_url) = issuer_url {
            self.check_start_url(issuer_url)?;
        }
        let now = self.now();
        let client = self.clients.register(client_name, scopes, registration.is_for_codes(), now);
        let end = wish.registered_until.unwrap_or(client.end);
        self.clients.end(&client.client_id, end);
        let answer = json!({
            "clientId": client.client_id,
            "clientSecret": client.client_secret,
            "clientIdIssuedAt": now.unix_seconds(),
            "clientSecretExpiresAt": end.unix_seconds(),
            "authorizationEndpoint": null,
            "tokenEndpoint": null,
        });
        Ok(answer.to_string())
    }

    fn start_device(&mut self, start: &Start, wish: &Wish, endpoint: &Endpoint) -> Result<String, Refusal> {
        let Start { client_id, client_secret, start_url } = start;
        let client = self.clients.authenticate((client_id, client_secret), self.now())?;
        client.check_kind(false)?;
        self.check_start_url(start_url)?;
        let (expires_in, life) = seconds(wish.expires_in, "600");
        let end = self.now().plus(life);
        let interval = wish.interval.map(|interval| seconds(Some(interval), interval).1);
        let page = format!("{}{DEVICE}", endpoint.base);
        let (authorization, code) = self.devices.start(client_id, &page, end, interval);
        let interval = wish.interval.map_or_else(String::new, |interval| format!(r#","interval":{interval}"#));
        Ok(format!(
            r#"{{"deviceCode":"{code}","userCode":"{}","verificationUri":"{}","verificationUriComplete":"{}","expiresIn":{expires_in}{interval}}}"#,
            authorization.user_code, authorization.verification_uri, authorization.verification_uri_complete
        ))
    }

    /// AWS says no more than this, and the same of a region where the instance is not.
    fn check_start_url(&self, url: &str) -> Result<(), Refusal> {
        if url == self.start_url {
            Ok(())
        } else {
            Err(refuse("InvalidRequestException", "Invalid start url provided"))
        }
    }

    fn create_token(&mut self, grant: &Grant, wish: &Wish) -> Result<String, Refusal> {
        let now = self.now();
        let client = self.clients.authenticate(grant.client(), now)?;
        let session = match grant {
            Grant::DeviceCode { client_id, device_code, .. } => {
                client.check_kind(false)?;
                self.devices.poll(device_code, client_id, now)?;
                lock(&self.sessions).begin()
            }
            Grant::AuthorizationCode { client_id, code, code_verifier, redirect_uri, .. } => {
                client.check_kind(true)?;
                let redemption = Redemption { client_id, code, code_verifier, redirect_uri };
                self.codes.redeem(&redemption, now).map_err(of_code)?;
                lock(&self.sessions).begin()
            }
            Grant::RefreshToken { client_id, refresh_token, .. } => {
                let session = lock(&self.sessions).refresh(refresh_token, client_id, wish.rotates);
                session.ok_or_else(|| refuse("InvalidGrantException", "Invalid refresh token provided"))?
            }
        };
        Ok(self.issue(session, &client, wish))
    }

    fn issue(&self, session: usize, client: &Client, wish: &Wish) -> String {
        let usual = if client.may_refresh() { "3600" } else { "28800" };
        let (expires_in, life) = seconds(wish.expires_in, usual);
        let refresher = (client.may_refresh() && wish.rotates).then_some(client.client_id.as_str());
        let issued = lock(&self.sessions).issue(session, refresher, life);
        let Issued { access_token, refresh_token, .. } = issued;
        let refresh_token = refresh_token.map_or_else(String::new, |token| format!(r#","refreshToken":"{token}""#));
        format!(
            r#"{{"accessToken":"{access_token}","tokenType":"Bearer","expiresIn":{expires_in}{refresh_token},"idToken":null}}"#
        )
    }
}

fn of_code(flaw: Flaw) -> Refusal {
    match flaw {
        Flaw::Expired => refuse("ExpiredTokenException", "The authorization code has expired."),
        Flaw::Invalid(message) => refuse("InvalidGrantException", message),
    }
}

/// The number as the test spells it, and what that means; what cannot be understood means the usual.
fn seconds<'a>(spelt: Option<&'a str>, usual: &'a str) -> (&'a str, Duration) {
    let number = |text: &str| text.trim_matches('"').parse().ok().map(Duration::from_secs);
    let meant = spelt.and_then(number).or_else(|| number(usual)).unwrap_or_default();
    (spelt.unwrap_or(usual), meant)
}
