//! Where requests arrive: which of the service's doors they want, and what the test queued for them.

use std::{net::SocketAddr, sync::Mutex, time::Duration};

use super::{
    super::{
        answer,
        authorization::page::{consent, trouble},
        clock::Skew,
        http::{Reply, Request},
        lock,
        queue::Queue,
        server::Service,
    },
    Expected, TokenCall,
    authorize::{self, CONFIRMATION},
    expected::Outcome,
    judge::Registry,
    page,
};

/// Below it are the links of the page that asks; the service's own are not known.
const CONSENT: &str = "/v1/consent/";

pub(super) struct Desk {
    /// `None` for the address that the server listens on, without TLS.
    host: Option<&'static str>,
    /// Of the endpoint; what a browser asks for lies above it.
    path: String,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) registry: Registry,
    pub(super) queue: Queue<Expected, TokenCall>,
    pub(super) skew: Skew,
    /// Those of programs.
    requests: usize,
}

impl Desk {
    pub(super) fn new(host: Option<&'static str>, path: String) -> Self {
        Self { host, path, state: Mutex::default() }
    }

    pub(super) fn endpoint(&self, address: SocketAddr) -> String {
        format!("{}{}", self.base(address), self.path)
    }

    fn base(&self, address: SocketAddr) -> String {
        self.host.map_or_else(|| format!("http://{address}"), |host| format!("https://{host}"))
    }
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.state);
        let (reply, delay) = match state.show(request, &self.base(request.address)) {
            Some(page) => (page, Duration::ZERO),
            None => state.answer(request, &format!("{}/v1/token", self.endpoint(request.address))),
        };
        let now = state.skew.now().http_date();
        let reply = if reply.has_header("Date") { reply } else { reply.header("Date", &now) };
        (reply, delay)
    }

    fn malformed(&self, why: &str) {
        lock(&self.state).queue.malformed(why);
    }
}

/// For browsers.
impl State {
    /// What a person is shown; `None` if the request is for no page.
    fn show(&mut self, request: &Request, base: &str) -> Option<Reply> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let page = match (request.method.as_str(), path) {
            ("GET", "/favicon.ico") => return Some(Reply::new(404)),
            ("GET", "/v1/authorize") => check_host(request, base).and_then(|()| self.ask(query, base)),
            ("GET", CONFIRMATION) => page::confirmation(query),
            ("GET", path) => match self.registry.codes.decide(path.strip_prefix(CONSENT)?, self.skew.now()) {
                Some(location) => return Some(Reply::new(302).header("Location", &location)),
                None => Err(format!("nobody was asked for {path}")),
            },
            _ => return None,
        };
        Some(match page {
            Ok(page) => Reply::html(200, &page).header("Cache-Control", "no-store"),
            Err(why) => {
                self.queue.fault(format!("a bad page: {why}"));
                Reply::html(400, &trouble(&why))
            }
        })
    }

    fn ask(&mut self, query: &str, base: &str) -> Result<String, String> {
        let authorization = authorize::read(query, base)?;
        let client_id = authorization.client_id.clone();
        let number = self.registry.codes.ask(authorization);
        Ok(consent(&client_id, &format!("{CONSENT}{number}")))
    }
}

fn check_host(request: &Request, base: &str) -> Result<(), String> {
    let ((wanted, _), found) = (answer::split(base), request.header("Host"));
    if found == Some(wanted) { Ok(()) } else { Err(format!("Host is {found:?}, not {wanted:?}")) }
}

/// For programs.
impl State {
    fn answer(&mut self, request: &Request, token_url: &str) -> (Reply, Duration) {
        self.requests += 1;
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
        let verdict = self.registry.judge(call, self.skew.now(), expected);
        let refused = verdict.as_ref().err().map(|refusal| refusal.error);
        if refused != wanted {
            let fault = verdict.as_ref().err().map_or("it was granted", |refusal| refusal.message);
            self.queue.fault(format!("{expected} was to be refused as {wanted:?}, but {refused:?}: {fault}"));
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
