//! The console's sign-in service, by which the sessions of `aws login` are begun and refreshed.
//!
//! To begin one, a person is led to `GET /v1/authorize`: `authorize` turns the query into an [`Authorization`].
//! [`SignIn::visit`] is a person without a browser; a real one may come as well.
//!
//! ```ignore
//! signin.expect(sign_in(ALICE));
//! let running = home.keyfob(["login", "dev"]).spawn();
//! let url = running.wait_for_line(|line| line.starts_with("http"));
//! loopback::get(&signin.visit(&url).allow());
//! ```
//!
//! Tokens come from `POST /v1/token`: `request` turns bytes into a [`TokenCall`] and finds fault with any that AWS's
//! own SDKs would not send; `proof` checks the `DPoP` header (RFC 9449); `judge` decides as the service would, on the
//! codes and sessions it knows. A refresh token is good for one use, by the holder of the session's key, at the fake
//! that issued it: two fakes are two regions.
//! API: <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>.

mod authorize;
mod desk;
mod expected;
mod id_token;
mod judge;
mod page;
mod proof;
mod request;
mod session;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use desk::Desk;
pub(crate) use expected::{Expected, refresh, sign_in};
pub(crate) use id_token::id_token;
pub(crate) use request::{Grant, TokenCall};
pub(crate) use session::{DpopKey, Session, access_token};

use super::{
    Authorization, Consent, Keys, Timestamp,
    answer::Answer,
    authorization::person::Site,
    clock::Skew,
    lock,
    server::{Server, Service},
    tls::Tls,
};

/// A running sign-in service. Dropping it fails the test unless all went as queued.
pub(crate) struct SignIn {
    server: Server,
    desk: Arc<Desk>,
    ca_pem: Option<String>,
}

/// What was granted.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) keys: Keys,
    pub(crate) refresh_token: String,
    /// `None` for a refresh.
    pub(crate) id_token: Option<String>,
}

impl SignIn {
    pub(crate) fn start() -> Self {
        Self::with(None, String::new())
    }

    /// Behind an endpoint with a path, such as `/base`.
    pub(crate) fn start_below(path: &str) -> Self {
        Self::with(None, path.to_owned())
    }

    /// Speaks https as this host, for clients that a proxy leads here and that trust [`Self::ca_pem`].
    pub(crate) fn start_as(host: &'static str) -> Self {
        Self::with(Some(host), String::new())
    }

    fn with(host: Option<&'static str>, path: String) -> Self {
        let tls = host.map(Tls::for_host);
        let (config, ca_pem) = tls.map(|tls| (tls.config, tls.ca_pem)).unzip();
        let desk = Arc::new(Desk::new(host, path));
        Self { server: Server::start(Arc::clone(&desk) as Arc<dyn Service>, config), desk, ca_pem }
    }

    /// The endpoint, as for `AWS_ENDPOINT_URL_SIGNIN`.
    pub(crate) fn url(&self) -> String {
        self.desk.endpoint(self.address())
    }

    /// The certificate of the authority, if the fake speaks https.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Where it listens, as `127.0.0.1:1234`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Opens the URL that keyfob shows.
    #[track_caller]
    pub(crate) fn visit(&self, url: &str) -> Consent<'_> {
        self.site().visit(url)
    }

    /// What the service answers a browser, wherever the name in the URL may lead.
    #[track_caller]
    fn page(&self, url: &str) -> Answer {
        self.site().page(url)
    }

    fn site(&self) -> Site<'_> {
        Site { address: self.address(), ca_pem: self.ca_pem() }
    }

    /// Signs a user in, as `aws login` would have done.
    pub(crate) fn sign_in(&self, login_session: &str) -> Session {
        let refresh_token = lock(&self.desk.state).registry.next_refresh_token();
        self.know(Session::new(login_session, refresh_token))
    }

    /// Takes a session for one that was begun here.
    pub(crate) fn know(&self, session: Session) -> Session {
        lock(&self.desk.state).registry.add(&session);
        session
    }

    /// Awaits one call, after those queued before.
    pub(crate) fn expect(&self, expected: Expected) {
        lock(&self.desk.state).queue.expect(expected);
    }

    /// Answers such calls as often as they come, when the queue awaits another call or none.
    pub(crate) fn always(&self, expected: Expected) {
        lock(&self.desk.state).queue.always(expected);
    }

    /// Gives all answers that clients wait for, and those to come, at once.
    pub(crate) fn hurry(&self) {
        self.server.hurry();
    }

    /// Sets the fake's clock ahead of the machine's.
    pub(crate) fn set_clock_ahead(&self, by: Duration) {
        lock(&self.desk.state).skew = Skew::Ahead(by);
    }

    /// Sets the fake's clock behind the machine's.
    pub(crate) fn set_clock_behind(&self, by: Duration) {
        lock(&self.desk.state).skew = Skew::Behind(by);
    }

    /// Finds no fault with requests that end early, as those of a client that is killed do.
    pub(crate) fn forgive_torn_requests(&self) {
        lock(&self.desk.state).queue.forgive_torn_requests();
    }

    /// Lets all authorization codes end now.
    pub(crate) fn expire_codes(&self) {
        let mut state = lock(&self.desk.state);
        let now = state.skew.now();
        state.registry.codes.expire(now);
    }

    /// What persons were asked so far, in order.
    pub(crate) fn authorizations(&self) -> Vec<Authorization> {
        lock(&self.desk.state).registry.codes.asked().to_vec()
    }

    /// The calls for tokens so far, in order, refused ones included; not those that broke the protocol.
    pub(crate) fn calls(&self) -> Vec<TokenCall> {
        lock(&self.desk.state).queue.calls().to_vec()
    }

    /// What was handed out so far, in order.
    pub(crate) fn answered(&self) -> Vec<Answered> {
        lock(&self.desk.state).registry.answered().to_vec()
    }

    /// How many connections were opened so far, whether or not a request came.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        self.server.stop();
        lock(&self.desk.state).queue.settle("the fake sign-in service");
    }
}
