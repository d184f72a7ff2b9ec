//! The console's sign-in service: `POST /v1/token`, by which the sessions of `aws login` are refreshed.
//!
//! A request goes forward through the rooms: `request` turns bytes into a [`TokenCall`] and finds fault with any
//! that AWS's own SDKs would not send; `proof` checks the `DPoP` header (RFC 9449); `judge` decides as the service
//! would, on the sessions it knows. A refresh token is good for one use, by the holder of the session's key, at the
//! fake that issued it: two fakes are two regions.
//! API: <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>.

mod expected;
mod judge;
mod proof;
mod request;
mod session;
#[cfg(test)]
mod tests;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use expected::Outcome;
pub(crate) use expected::{Expected, refresh};
use judge::Registry;
pub(crate) use request::TokenCall;
pub(crate) use session::{DpopKey, Session, access_token};

use super::{
    Keys, Timestamp,
    clock::Skew,
    http::{Reply, Request},
    lock,
    queue::Queue,
    server::{Server, Service},
    tls::Tls,
};

/// A running sign-in service. Dropping it fails the test unless all went as queued.
pub(crate) struct SignIn {
    server: Server,
    desk: Arc<Desk>,
    ca_pem: Option<String>,
}

/// A refresh that was granted.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) keys: Keys,
    pub(crate) refresh_token: String,
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
        let desk = Arc::new(Desk { host, path, state: Mutex::default() });
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

    /// The calls so far, in order, refused ones included; not those that broke the protocol.
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

struct Desk {
    /// `None` for the address that the server listens on, without TLS.
    host: Option<&'static str>,
    path: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    registry: Registry,
    queue: Queue<Expected, TokenCall>,
    skew: Skew,
    requests: usize,
}

impl Desk {
    fn endpoint(&self, address: SocketAddr) -> String {
        let path = &self.path;
        self.host.map_or_else(|| format!("http://{address}{path}"), |host| format!("https://{host}{path}"))
    }
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.state);
        state.requests += 1;
        let token_url = format!("{}/v1/token", self.endpoint(request.address));
        let (reply, delay) = state.answer(request, &token_url);
        let now = state.skew.now().http_date();
        let reply = if reply.has_header("Date") { reply } else { reply.header("Date", &now) };
        (reply, delay)
    }

    fn malformed(&self, why: &str) {
        lock(&self.state).queue.malformed(why);
    }
}

impl State {
    fn answer(&mut self, request: &Request, token_url: &str) -> (Reply, Duration) {
        let call = TokenCall::read(request, token_url).and_then(|call| {
            let is_new = self.queue.calls().iter().all(|earlier| earlier.proof.jti != call.proof.jti);
            is_new.then_some(call).ok_or_else(|| "the proof's jti was used before".to_owned())
        });
        let call = match call {
            Ok(call) => call,
            Err(why) => {
                self.queue.fault(format!("a bad request: {why}"));
                return (self.error(400, "ValidationException", "INVALID_REQUEST", &why), Duration::ZERO);
            }
        };
        let Some(expected) = self.queue.take(&call) else {
            self.queue.record(call);
            return (self.error(500, "InternalServerException", "server_error", "nobody queued it"), Duration::ZERO);
        };
        let reply = self.reply(&call, &expected);
        self.queue.record(call);
        (reply, expected.delay)
    }

    fn reply(&mut self, call: &TokenCall, expected: &Expected) -> Reply {
        let wanted = match &expected.outcome {
            Outcome::Replied(reply) => return reply.clone().header("X-Amzn-RequestId", &self.request_id()),
            Outcome::Failed { status, exception, error, message } => {
                return self.error(*status, exception, error, message);
            }
            Outcome::Succeeds => None,
            Outcome::Refused(error) => Some(error.as_str()),
        };
        let verdict = self.registry.judge(call, self.skew.now(), expected.expires_in);
        let refused = verdict.as_ref().err().map(|refusal| refusal.error);
        if refused != wanted {
            let fault = verdict.as_ref().err().map_or("it was granted", |refusal| refusal.message);
            self.queue.fault(format!("a refresh was to be refused as {wanted:?}, but {refused:?}: {fault}"));
        }
        match verdict {
            Ok(body) => Reply::json(200, &body)
                .header("X-Amzn-RequestId", &self.request_id())
                .header("Cache-Control", "no-store")
                .header("Set-Cookie", "aws-signin=EXAMPLE; Secure; HttpOnly"),
            Err(refusal) => self.error(refusal.status, refusal.exception, refusal.error, refusal.message),
        }
    }

    /// An empty exception or error does not come at all.
    fn error(&self, status: u16, exception: &str, error: &str, message: &str) -> Reply {
        let body = match error {
            "" => String::new(),
            error => serde_json::json!({ "error": error, "message": message }).to_string(),
        };
        let reply = Reply::json(status, &body).header("X-Amzn-RequestId", &self.request_id());
        if exception.is_empty() { reply } else { reply.header("X-Amzn-ErrorType", exception) }
    }

    /// Counts up from `00000000-0000-4000-8000-000000000001`.
    fn request_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.requests)
    }
}
