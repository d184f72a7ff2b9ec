//! The portal of IAM Identity Center: whoever has an access token of its OIDC service sees accounts and roles there, and
//! gets credentials.
//!
//! A request goes from `request`, which finds fault with any that AWS's own tools would not send, to `judge`, which
//! decides on the sign-ins, the accounts and the rate of calls; `listing` turns the pages of lists.
//! API: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/>.

mod expected;
mod judge;
mod listing;
mod request;
#[cfg(test)]
mod tests;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use expected::{Target, Wish};
pub(crate) use expected::{get_role_credentials, list_account_roles, list_accounts, logout};
use judge::{Rate, Rules};
pub(crate) use request::{Asked, Operation, Page};

use super::{
    Keys,
    identity_center::{Account, Call, Expected, desk::Desk, sessions::Sessions},
    server::{Server, Service},
    tls::Tls,
};

/// The header with the access token.
pub(super) const BEARER: &str = "x-amz-sso_bearer_token";

/// A running service. Dropping it fails the test unless all went as queued.
pub(crate) struct SsoPortal {
    server: Server,
    desk: Arc<Desk<Rules>>,
    ca_pem: Option<String>,
}

impl SsoPortal {
    /// Speaks https as the host, if there is one, and serves below the path.
    pub(super) fn start(sessions: Arc<Mutex<Sessions>>, host: Option<&str>, path: &str) -> Self {
        let (config, ca_pem) = host.map(Tls::for_host).map(|tls| (tls.config, tls.ca_pem)).unzip();
        let rules = Rules {
            sessions,
            accounts: Vec::new(),
            page_size: listing::USUAL,
            rate: Rate::default(),
            issued: Vec::new(),
        };
        let desk = Arc::new(Desk::new(host.map(str::to_owned), path.to_owned(), rules));
        Self { server: Server::start(Arc::clone(&desk) as Arc<dyn Service>, config), desk, ca_pem }
    }

    /// The endpoint, as for `AWS_ENDPOINT_URL_SSO`.
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
        for target in [Target::RoleCredentials(None), Target::Accounts, Target::AccountRoles(None), Target::Logout] {
            self.always(target.expected().judged());
        }
    }

    /// Finds no fault with requests that end early, as those of a client that is killed do.
    pub(crate) fn forgive_torn_requests(&self) {
        self.desk.state().queue.forgive_torn_requests();
    }

    pub(super) fn add_account(&self, account: Account) {
        self.desk.state().rules.accounts.push(account);
    }

    /// Sets how many entries a page has if the client does not say.
    pub(crate) fn set_page_size(&self, entries: usize) {
        self.desk.state().rules.page_size = entries;
    }

    /// Refuses whatever comes after so many calls within a second.
    pub(crate) fn limit_rate(&self, calls_a_second: usize) {
        self.desk.state().rules.rate.limit = Some(calls_a_second);
    }

    /// The credentials handed out so far, in order.
    pub(crate) fn issued(&self) -> Vec<Keys> {
        self.desk.state().rules.issued.clone()
    }

    /// The calls so far, in order, refused ones included; not those that broke the protocol.
    pub(crate) fn calls(&self) -> Vec<Call<Asked>> {
        self.desk.state().queue.calls().to_vec()
    }

    /// Returns when the calls of all clients that have ended are counted.
    pub(crate) fn wait_until_empty(&self) {
        self.server.wait_until_empty();
    }

    /// How many connections were opened so far, whether or not a request came.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }
}

impl Drop for SsoPortal {
    fn drop(&mut self) {
        self.server.stop();
        self.desk.state().queue.settle("the fake portal of IAM Identity Center");
    }
}
