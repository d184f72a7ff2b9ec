//! IAM Identity Center: the two services by which people sign in and get credentials of roles, and what both know.
//!
//! `sso_oidc` registers clients and hands out tokens, `sso_portal` takes tokens and hands out credentials. What is told
//! here is how both are used: `desk` meets every request with what the test awaits, `sessions` are the sign-ins,
//! `directory` has the accounts and roles, and `files` is what sign-ins leave in the home.
//!
//! ```ignore
//! let center = IdentityCenter::start();
//! center.add_account(Account::new("111122223333", &["Admin"]));
//! let home = Home::new().identity_center(&center).config(&center.sso_session("corp"));
//!
//! // One by one: what was not queued, or does not come, fails the test.
//! let token = center.sign_in("corp");
//! home.write(&token.path(), token.document(end));
//! center.oidc.expect(refreshed_token());
//! center.portal.expect(get_role_credentials("111122223333", "Admin"));
//!
//! // As often as asked, by the services' own judgement.
//! center.serve_all();
//! center.portal.limit_rate(20);
//! ```

#[cfg(test)]
pub(super) mod client;
pub(super) mod desk;
mod directory;
pub(super) mod expected;
mod files;
pub(super) mod sessions;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

pub(crate) use desk::Call;
pub(crate) use directory::Account;
pub(crate) use expected::{Expected, NamedIn};
pub(crate) use files::{SsoRegistration, SsoToken, token_path};
pub(crate) use sessions::Issued;
use sessions::Sessions;

use super::{clock::Skew, lock, sso_oidc::SsoOidc, sso_portal::SsoPortal};

/// A running instance. Dropping it fails the test unless all went as queued.
pub(crate) struct IdentityCenter {
    pub(crate) oidc: SsoOidc,
    pub(crate) portal: SsoPortal,
    pub(crate) start_url: String,
    pub(crate) region: String,
    sessions: Arc<Mutex<Sessions>>,
}

impl IdentityCenter {
    pub(crate) fn start() -> Self {
        Self::start_at("https://d-1234567890.awsapps.com/start", "us-east-1")
    }

    /// An instance of this start URL, spelt just so, in this region.
    pub(crate) fn start_at(start_url: &str, region: &str) -> Self {
        Self::with(start_url, region, &[None, None], "")
    }

    /// Behind endpoints with a path, such as `/base`.
    pub(crate) fn start_below(path: &str) -> Self {
        Self::with("https://d-1234567890.awsapps.com/start", "us-east-1", &[None, None], path)
    }

    /// Speaks https under AWS's own names, for clients that a proxy leads here and that trust [`Self::ca_pem`]:
    /// `oidc.us-east-1.amazonaws.com` and `portal.sso.us-east-1.amazonaws.com`, for example.
    pub(crate) fn start_as(start_url: &str, region: &str, oidc_host: &str, portal_host: &str) -> Self {
        Self::with(start_url, region, &[Some(oidc_host), Some(portal_host)], "")
    }

    fn with(start_url: &str, region: &str, [oidc_host, portal_host]: &[Option<&str>; 2], path: &str) -> Self {
        let sessions = Arc::default();
        Self {
            oidc: SsoOidc::start(start_url, Arc::clone(&sessions), *oidc_host, path),
            portal: SsoPortal::start(Arc::clone(&sessions), *portal_host, path),
            start_url: start_url.to_owned(),
            region: region.to_owned(),
            sessions,
        }
    }

    /// The certificates of the authorities, if the fakes speak https.
    pub(crate) fn ca_pem(&self) -> Option<String> {
        Some([self.oidc.ca_pem()?, self.portal.ca_pem()?].concat())
    }

    /// The `sso-session` of this name, for `~/.aws/config`; more lines may follow.
    pub(crate) fn sso_session(&self, name: &str) -> String {
        let (start_url, region) = (&self.start_url, &self.region);
        format!("[sso-session {name}]\nsso_start_url = {start_url}\nsso_region = {region}\n")
    }

    /// Assigns the roles in an account to the user.
    pub(crate) fn add_account(&self, account: Account) {
        self.portal.add_account(account);
    }

    /// Answers every call by the services' own judgement when the queues await another or none.
    pub(crate) fn serve_all(&self) {
        self.oidc.serve_all();
        self.portal.serve_all();
    }

    /// A sign-in for the `sso-session` of this name, as it went earlier: it can be refreshed, and its access token is
    /// good for an hour.
    pub(crate) fn sign_in(&self, session_name: &str) -> SsoToken {
        self.token(&self.register_for_codes(session_name))
    }

    /// The same for a profile with a start URL of its own: it cannot be refreshed, and is good for eight hours.
    pub(crate) fn sign_in_legacy(&self) -> SsoToken {
        self.token(&self.register_for_devices(None, &[]))
    }

    /// A client that was registered earlier to sign in with an authorization code.
    pub(crate) fn register_for_codes(&self, session_name: &str) -> SsoRegistration {
        self.register(Some(session_name), &["sso:account:access"], true)
    }

    /// A client that was registered earlier to sign in with a device code.
    pub(crate) fn register_for_devices(&self, session_name: Option<&str>, scopes: &[&str]) -> SsoRegistration {
        self.register(session_name, scopes, false)
    }

    fn register(&self, session_name: Option<&str>, scopes: &[&str], is_for_codes: bool) -> SsoRegistration {
        let scopes: Vec<String> = scopes.iter().copied().map(str::to_owned).collect();
        let client = self.oidc.register(session_name.unwrap_or("legacy"), &scopes, is_for_codes);
        SsoRegistration {
            tool: "keyfob",
            session_name: session_name.map(str::to_owned),
            start_url: self.start_url.clone(),
            region: self.region.clone(),
            configured_scopes: None,
            client_id: client.client_id,
            client_secret: client.client_secret,
            expires_at: client.end,
            scopes,
            is_for_codes,
        }
    }

    /// What a sign-in of this client left.
    pub(crate) fn token(&self, registration: &SsoRegistration) -> SsoToken {
        let SsoRegistration { session_name, start_url, region, client_id, client_secret, expires_at, .. } =
            registration.clone();
        let is_refreshable = registration.is_for_codes || !registration.scopes.is_empty();
        let mut sessions = lock(&self.sessions);
        let session = sessions.begin();
        let life = Duration::from_hours(if is_refreshable { 1 } else { 8 });
        let issued = sessions.issue(session, is_refreshable.then_some(&client_id), life);
        SsoToken {
            session_name,
            start_url,
            region,
            access_token: issued.access_token,
            client_id,
            client_secret,
            registration_expires_at: expires_at,
            refresh_token: issued.refresh_token,
        }
    }

    /// All tokens that were handed out, in order, those of earlier sign-ins included.
    pub(crate) fn issued(&self) -> Vec<Issued> {
        lock(&self.sessions).issued().to_vec()
    }

    /// Lets all access tokens end now, whatever was said of them; refresh tokens stay good.
    pub(crate) fn expire_access_tokens(&self) {
        lock(&self.sessions).expire_access_tokens();
    }

    /// Ends all sign-ins, as an administrator can.
    pub(crate) fn end_sessions(&self) {
        lock(&self.sessions).end_all();
    }

    /// Sets the services' clock ahead of the machine's.
    pub(crate) fn set_clock_ahead(&self, by: Duration) {
        lock(&self.sessions).skew = Skew::Ahead(by);
    }

    /// Sets the services' clock behind the machine's.
    pub(crate) fn set_clock_behind(&self, by: Duration) {
        lock(&self.sessions).skew = Skew::Behind(by);
    }

    /// Finds no fault with requests that end early, as those of a client that is killed do.
    pub(crate) fn forgive_torn_requests(&self) {
        self.oidc.forgive_torn_requests();
        self.portal.forgive_torn_requests();
    }
}
