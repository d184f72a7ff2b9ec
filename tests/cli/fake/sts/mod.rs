//! AWS Security Token Service: the part of it that a credentials tool uses.
//!
//! A request goes forward through the rooms: `request` turns bytes into a [`Call`] and finds
//! fault with any that AWS's own SDKs would not send; `expected` says whether the test awaited
//! it; `judge` decides as AWS would, on the keys and codes that `registry` knows; `xml` spells
//! the answer. API: <https://docs.aws.amazon.com/STS/latest/APIReference/>.

mod expected;
mod fields;
mod judge;
mod keys;
mod registry;
mod request;
mod xml;

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use expected::Outcome;
pub(crate) use expected::{
    Expected, assume_role, assume_role_with_saml, assume_role_with_web_identity, get_caller_identity, get_session_token,
};
pub(crate) use keys::{Keys, of_role, signed_in};
use registry::Registry;
pub(crate) use request::Call;

use super::{
    Timestamp,
    clock::Skew,
    http::{Reply, Request},
    lock,
    queue::Queue,
    server::{Server, Service},
    tls::Tls,
};

/// The account of all users, and of roles whose ARN names none.
pub(crate) const ACCOUNT: &str = "123456789012";

/// A running STS. Dropping it fails the test unless all went as queued.
pub(crate) struct Sts {
    server: Server,
    desk: Arc<Desk>,
    ca_pem: Option<String>,
}

impl Sts {
    pub(crate) fn start() -> Self {
        Self::with_tls(None)
    }

    /// Speaks https; a client has to trust [`Self::ca_pem`].
    pub(crate) fn start_tls() -> Self {
        Self::with_tls(Some(Tls::generate()))
    }

    /// Listens on another address of this machine than 127.0.0.1.
    pub(crate) fn start_at(ip: IpAddr) -> Self {
        let desk = Arc::new(Desk::default());
        let server = Server::start_at((ip, 0).into(), Arc::clone(&desk) as Arc<dyn Service>, None);
        Self { server, desk, ca_pem: None }
    }

    fn with_tls(tls: Option<Tls>) -> Self {
        let (config, ca_pem) = tls.map(|tls| (tls.config, tls.ca_pem)).unzip();
        let desk = Arc::new(Desk::default());
        Self { server: Server::start(Arc::clone(&desk) as Arc<dyn Service>, config), desk, ca_pem }
    }

    /// The endpoint, as for `AWS_ENDPOINT_URL_STS`.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.server.address())
    }

    /// The certificate of the authority, if the fake speaks https.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Awaits one call, after those queued before.
    pub(crate) fn expect(&self, expected: Expected) {
        lock(&self.desk.state).queue.expect(expected);
    }

    /// Answers such calls as often as they come, when the queue awaits another call or none.
    pub(crate) fn always(&self, expected: Expected) {
        lock(&self.desk.state).queue.always(expected);
    }

    /// Where it listens, as `127.0.0.1:1234`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Makes an IAM user with long-term keys.
    pub(crate) fn add_user(&self, name: &str) -> Keys {
        lock(&self.desk.state).registry.add_user(name)
    }

    /// Makes temporary keys of the user, as if obtained earlier by `GetSessionToken`.
    pub(crate) fn add_session(&self, name: &str, lifetime: Duration) -> Keys {
        let mut state = lock(&self.desk.state);
        let expiration = state.now().plus(lifetime);
        state.registry.add_session(name, expiration)
    }

    /// Makes `code` the one that the MFA device shows now; it is good for one call.
    pub(crate) fn set_mfa_code(&self, serial: &str, code: &str) {
        lock(&self.desk.state).registry.set_mfa_code(serial, code);
    }

    /// Makes a web identity token that the roles trust: a JSON Web Token of `https://example.com`.
    pub(crate) fn add_web_identity(&self, subject: &str) -> String {
        lock(&self.desk.state).registry.add_web_identity(subject)
    }

    /// Trusts an assertion, given in base64 as it is sent, in which a session has this name; the roles and providers
    /// that it may be used for are those that it names.
    pub(crate) fn trust_assertion(&self, saml_assertion: &str, session_name: &str) {
        lock(&self.desk.state).registry.trust_assertion(saml_assertion, session_name);
    }

    /// Lets temporary keys expire now, whatever their expiration said.
    pub(crate) fn expire(&self, access_key_id: &str) {
        let mut state = lock(&self.desk.state);
        let now = state.now();
        state.registry.expire(access_key_id, now);
    }

    /// Forgets the keys, as when they are deleted in IAM.
    pub(crate) fn delete(&self, access_key_id: &str) {
        lock(&self.desk.state).registry.delete(access_key_id);
    }

    /// Sets the fake's clock ahead of the machine's.
    pub(crate) fn set_clock_ahead(&self, by: Duration) {
        lock(&self.desk.state).skew = Skew::Ahead(by);
    }

    /// Sets the fake's clock behind the machine's.
    pub(crate) fn set_clock_behind(&self, by: Duration) {
        lock(&self.desk.state).skew = Skew::Behind(by);
    }

    /// Expects calls to be addressed to this host, as a proxy passes them on, instead of to the address.
    pub(crate) fn set_host(&self, host: &str) {
        lock(&self.desk.state).host = Some(host.to_owned());
    }

    /// Finds no fault with requests that end early, as those of a client that is killed do.
    pub(crate) fn forgive_torn_requests(&self) {
        lock(&self.desk.state).queue.forgive_torn_requests();
    }

    /// The calls so far, in order, refused ones included; not those that broke the protocol.
    pub(crate) fn calls(&self) -> Vec<Call> {
        lock(&self.desk.state).queue.calls().to_vec()
    }

    /// The temporary keys handed out so far, in order.
    pub(crate) fn issued(&self) -> Vec<Keys> {
        lock(&self.desk.state).registry.issued().to_vec()
    }

    /// How many connections were opened so far, whether or not a request came.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }

    /// Stops the fake and panics unless all went as queued; returns the calls.
    pub(crate) fn finish(self) -> Vec<Call> {
        let desk = Arc::clone(&self.desk);
        drop(self);
        lock(&desk.state).queue.calls().to_vec()
    }
}

impl Drop for Sts {
    fn drop(&mut self) {
        self.server.stop();
        lock(&self.desk.state).queue.settle("the fake STS");
    }
}

#[derive(Default)]
struct Desk {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    registry: Registry,
    queue: Queue<Expected, Call>,
    skew: Skew,
    requests: usize,
    /// `None` for the address that the server listens on.
    host: Option<String>,
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.state);
        state.requests += 1;
        let (reply, delay) = state.answer(request);
        let now = state.now().http_date();
        let reply = if reply.has_header("Date") { reply } else { reply.header("Date", &now) };
        (reply, delay)
    }

    fn malformed(&self, why: &str) {
        lock(&self.state).queue.malformed(why);
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> (Reply, Duration) {
        let host = self.host.clone().unwrap_or_else(|| request.address.to_string());
        let mut call = match Call::read(request, &host) {
            Ok(call) => call,
            Err(violation) => {
                let reply = self.error(400, violation.code, &violation.message);
                self.queue.fault(violation.to_string());
                return (reply, Duration::ZERO);
            }
        };
        let Some(expected) = self.queue.take(&call) else {
            self.queue.record(call);
            return (self.error(500, "InternalFailure", "nobody queued this call"), Duration::ZERO);
        };
        let reply = self.reply(&mut call, &expected);
        self.queue.record(call);
        (reply, expected.delay)
    }

    fn reply(&mut self, call: &mut Call, expected: &Expected) -> Reply {
        let wanted = match &expected.outcome {
            Outcome::Replied(reply) => return reply.clone(),
            Outcome::Failed { status, code, message } => return self.error(*status, code, message),
            Outcome::Succeeds => None,
            Outcome::Refused(code) => Some(code.as_str()),
        };
        let now = self.now();
        let verdict = judge::judge(&mut self.registry, call, now, expected);
        call.refused = verdict.as_ref().err().map(|refusal| refusal.code);
        if call.refused != wanted {
            let fault = match &verdict {
                Ok(_) => "was granted, which the test did not expect".to_owned(),
                Err(refusal) => format!("was refused: {}: {}", refusal.code, refusal.message),
            };
            self.queue.fault(format!("{call} {fault}"));
        }
        match verdict {
            Ok(granted) => xml::granted(&granted, &self.request_id()),
            Err(refusal) => self.error(refusal.status, refusal.code, &refusal.message),
        }
    }

    fn error(&self, status: u16, code: &str, message: &str) -> Reply {
        xml::error(status, code, message, &self.request_id())
    }

    /// Counts up from `00000000-0000-4000-8000-000000000001`.
    fn request_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.requests)
    }

    fn now(&self) -> Timestamp {
        self.skew.now()
    }
}
