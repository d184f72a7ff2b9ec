//! The OIDC service of IAM Identity Center: clients are registered there, and get tokens for what a person allowed.
//!
//! A program's request goes from `request`, which finds fault with any that AWS's own tools would not send, to `judge`,
//! which decides on `clients`, `devices` and the authorization codes; `errors` spells the refusals. A person comes to
//! `page`, with a browser or without:
//!
//! ```ignore
//! center.oidc.expect(register_client());
//! center.oidc.expect(code_token());
//! let running = home.keyfob(["sso", "login"]).spawn();
//! let url = running.wait_for_line(|line| line.starts_with("http"));
//! loopback::get(&center.oidc.visit(&url).allow());
//!
//! center.oidc.expect(start_device_authorization());
//! center.oidc.always(device_token().judged());
//! let running = home.keyfob(["sso", "login", "--use-device-code"]).spawn();
//! let code = running.wait_for_line(|line| line.trim().starts_with("KFBS-"));
//! center.oidc.approve(code.trim());
//! ```
//!
//! API: <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/>.

mod clients;
mod devices;
mod errors;
mod expected;
mod judge;
mod page;
mod request;
#[cfg(test)]
mod tests;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

pub(crate) use clients::Client;
use clients::Clients;
pub(crate) use devices::DeviceAuthorization;
use devices::Devices;
use expected::{Operation, Wish};
pub(crate) use expected::{code_token, device_token, refreshed_token, register_client, start_device_authorization};
use judge::Rules;
pub(crate) use request::{Asked, Grant, Registration, Start};

use super::{
    Authorization, Consent,
    answer::Answer,
    authorization::{codes::Codes, person::Site},
    identity_center::{Call, Expected, desk::Desk, sessions::Sessions},
    server::{Server, Service},
    tls::Tls,
};

/// A running service. Dropping it fails the test unless all went as queued.
pub(crate) struct SsoOidc {
    server: Server,
    desk: Arc<Desk<Rules>>,
    ca_pem: Option<String>,
}

impl SsoOidc {
    /// Speaks https as the host, if there is one, and serves programs below the path.
    pub(super) fn start(start_url: &str, sessions: Arc<Mutex<Sessions>>, host: Option<&str>, path: &str) -> Self {
        let (config, ca_pem) = host.map(Tls::for_host).map(|tls| (tls.config, tls.ca_pem)).unzip();
        let rules = Rules {
            start_url: start_url.to_owned(),
            sessions,
            clients: Clients::default(),
            codes: Codes::default(),
            devices: Devices::default(),
        };
        let desk = Arc::new(Desk::new(host.map(str::to_owned), path.to_owned(), rules));
        Self { server: Server::start(Arc::clone(&desk) as Arc<dyn Service>, config), desk, ca_pem }
    }

    /// The endpoint, as for `AWS_ENDPOINT_URL_SSO_OIDC`.
    pub(crate) fn url(&self) -> String {
        self.desk.endpoint(self.address()).url()
    }

    /// The certificate of the authority, if the fake speaks https.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Where it listens, as `127.0.0.1:1234`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Awaits one call, after those queued before.
    pub(crate) fn expect(&self, expected: Expected<Wish>) {
        self.desk.state().queue.expect(expected);
    }

    /// Answers such calls as often as they come, when the queue awaits another call or none.
    pub(crate) fn always(&self, expected: Expected<Wish>) {
        self.desk.state().queue.always(expected);
    }

    /// Answers every call by the service's own judgement when the queue awaits another or none.
    pub(crate) fn serve_all(&self) {
        for operation in Operation::ALL {
            self.always(operation.expected().judged());
        }
    }

    /// Finds no fault with requests that end early, as those of a client that is killed do.
    pub(crate) fn forgive_torn_requests(&self) {
        self.desk.state().queue.forgive_torn_requests();
    }

    /// Opens the URL that keyfob shows: of an authorization, or one with a user code in it.
    #[track_caller]
    pub(crate) fn visit(&self, url: &str) -> Consent<'_> {
        self.site().visit(url)
    }

    /// What the service answers a browser, wherever the name in the URL may lead.
    #[track_caller]
    pub(crate) fn page(&self, url: &str) -> Answer {
        self.site().page(url)
    }

    fn site(&self) -> Site<'_> {
        Site { address: self.address(), ca_pem: self.ca_pem() }
    }

    /// Lets a person approve the device of this code.
    #[track_caller]
    pub(crate) fn approve(&self, user_code: &str) {
        self.decide(user_code, true);
    }

    /// Lets a person deny it.
    #[track_caller]
    pub(crate) fn deny(&self, user_code: &str) {
        self.decide(user_code, false);
    }

    #[track_caller]
    fn decide(&self, user_code: &str, approves: bool) {
        let mut state = self.desk.state();
        let now = state.rules.now();
        let done = state.rules.devices.decide(user_code, approves, now);
        drop(state);
        assert!(done.is_some(), "{user_code:?} is no code that waits for a decision");
    }

    /// Registers a client beforehand.
    pub(super) fn register(&self, name: &str, scopes: &[String], is_for_codes: bool) -> Client {
        let mut state = self.desk.state();
        let now = state.rules.now();
        state.rules.clients.register(&format!("keyfob-{name}"), scopes, is_for_codes, now)
    }

    /// Begins to ask a person about a device beforehand.
    pub(crate) fn start_device(&self, client_id: &str) -> DeviceAuthorization {
        let page = format!("{}{}", self.desk.endpoint(self.address()).base, page::DEVICE);
        let mut state = self.desk.state();
        let end = state.rules.now().plus(Duration::from_mins(10));
        state.rules.devices.start(client_id, &page, end, None).0
    }

    /// Lets all registrations end now.
    pub(crate) fn expire_clients(&self) {
        let mut state = self.desk.state();
        let now = state.rules.now();
        state.rules.clients.expire(now);
    }

    /// Lets all authorization codes and device codes end now.
    pub(crate) fn expire_codes(&self) {
        let mut state = self.desk.state();
        let now = state.rules.now();
        state.rules.codes.expire(now);
        state.rules.devices.expire(now);
    }

    /// The clients so far, in order.
    pub(crate) fn clients(&self) -> Vec<Client> {
        self.desk.state().rules.clients.all().to_vec()
    }

    /// What persons were asked at `/authorize` so far, in order.
    pub(crate) fn authorizations(&self) -> Vec<Authorization> {
        self.desk.state().rules.codes.asked().to_vec()
    }

    /// The device authorizations so far, in order.
    pub(crate) fn devices(&self) -> Vec<DeviceAuthorization> {
        self.desk.state().rules.devices.authorizations()
    }

    /// The calls so far, in order, refused ones included; not those that broke the protocol.
    pub(crate) fn calls(&self) -> Vec<Call<Asked>> {
        self.desk.state().queue.calls().to_vec()
    }

    /// How many connections were opened so far, whether or not a request came.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }
}

impl Drop for SsoOidc {
    fn drop(&mut self) {
        self.server.stop();
        self.desk.state().queue.settle("the fake OIDC service of IAM Identity Center");
    }
}
