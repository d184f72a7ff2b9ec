//! Where requests arrive at either service: a queue of what the test awaits, and the service's own [`Rules`].

use std::{
    fmt,
    net::SocketAddr,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    super::{
        MARKER, Timestamp, answer,
        authorization::page,
        http::{Reply, Request},
        lock,
        queue::Queue,
        server::Service,
    },
    expected::{Expected, NamedIn, Outcome, Refusal, Wish},
};

/// What one service makes of requests.
pub(in super::super) trait Rules: Send + 'static {
    type Wish: Wish;

    /// In the header with an exception's name, and in its `__type`.
    const NAMESPACE: &'static str;
    /// Where the service names its exceptions.
    const NAMED_IN: NamedIn;

    fn now(&self) -> Timestamp;

    /// Reads a program's request; the error says what is wrong with it.
    fn read(request: &Request, endpoint: &Endpoint) -> Result<Asked<Self>, String>;

    /// Grants or refuses it.
    fn judge(&mut self, asked: &Asked<Self>, wish: &Self::Wish, endpoint: &Endpoint) -> Result<Reply, Refusal>;

    /// The members of the body of an error, but for `__type`.
    fn describe(refusal: &Refusal) -> Vec<(String, String)>;

    /// What a person is shown, or what is wrong with the request for it; `None` if the request is for no page.
    fn show(&mut self, request: &Request, endpoint: &Endpoint) -> Option<Result<Reply, String>>;
}

type Asked<R> = <<R as Rules>::Wish as Wish>::Asked;

/// One well-formed call.
#[derive(Clone, Debug)]
pub(crate) struct Call<A> {
    pub(crate) asked: A,
    /// The exception that was answered, by whoever's will.
    pub(crate) refused: Option<String>,
    pub(crate) at: Instant,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl<A: fmt::Display> fmt::Display for Call<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asked.fmt(f)
    }
}

/// Where the service is to its clients.
#[derive(Clone, Debug)]
pub(in super::super) struct Endpoint {
    /// Scheme and authority, to which all pages belong.
    pub(in super::super) base: String,
    /// What is before the paths of a program's requests.
    path: String,
}

impl Endpoint {
    pub(in super::super) fn url(&self) -> String {
        format!("{}{}", self.base, self.path)
    }

    /// The path of a program's request and what follows its question mark; checks all that calls have in common.
    pub(in super::super) fn check<'a>(&self, request: &'a Request) -> Result<(&'a str, &'a str), String> {
        self.check_host(request)?;
        for name in ["Authorization", "Cookie", "x-amz-date", "x-amz-security-token"] {
            if request.header(name).is_some() {
                return Err(format!("the header {name} is there, but nothing is signed here"));
            }
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        match path.strip_prefix(self.path.as_str()) {
            Some(_) if request.target.contains(MARKER) => Err("the target holds a secret".to_owned()),
            Some(path) => Ok((path, query)),
            None => Err(format!("the target is {path:?}, which is not below {:?}", self.path)),
        }
    }

    pub(in super::super) fn check_host(&self, request: &Request) -> Result<(), String> {
        let ((wanted, _), found) = (answer::split(&self.base), request.header("Host"));
        if found == Some(wanted) { Ok(()) } else { Err(format!("Host is {found:?}, not {wanted:?}")) }
    }
}

/// Finds fault with secrets in headers, and with a header that is not as it must be.
pub(in super::super) fn check_headers(request: &Request, wanted: &[(&str, Option<&str>)]) -> Result<(), String> {
    for (name, wanted) in wanted {
        let found = request.header(name);
        if found != *wanted {
            return Err(format!("{name} is {found:?}, not {wanted:?}"));
        }
    }
    let is_bearer = |name: &str| name.eq_ignore_ascii_case(super::super::sso_portal::BEARER);
    match request.headers.iter().find(|(name, value)| value.contains(MARKER) && !is_bearer(name)) {
        Some((name, _)) => Err(format!("the header {name} holds a secret")),
        None => Ok(()),
    }
}

pub(in super::super) struct Desk<R: Rules> {
    /// `None` for the address that the server listens on, without TLS.
    host: Option<String>,
    path: String,
    state: Mutex<State<R>>,
}

pub(in super::super) struct State<R: Rules> {
    pub(in super::super) rules: R,
    pub(in super::super) queue: Queue<Expected<R::Wish>, Call<Asked<R>>>,
    requests: usize,
}

impl<R: Rules> Desk<R> {
    pub(in super::super) fn new(host: Option<String>, path: String, rules: R) -> Self {
        Self { host, path, state: Mutex::new(State { rules, queue: Queue::default(), requests: 0 }) }
    }

    pub(in super::super) fn state(&self) -> MutexGuard<'_, State<R>> {
        lock(&self.state)
    }

    pub(in super::super) fn endpoint(&self, address: SocketAddr) -> Endpoint {
        let base = self.host.as_ref().map_or_else(|| format!("http://{address}"), |host| format!("https://{host}"));
        Endpoint { base, path: self.path.clone() }
    }
}

impl<R: Rules> Service for Desk<R> {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let endpoint = self.endpoint(request.address);
        let mut state = self.state();
        let (reply, delay) = match state.rules.show(request, &endpoint) {
            Some(Ok(page)) => (page.header("Cache-Control", "no-store"), Duration::ZERO),
            Some(Err(why)) => {
                state.queue.fault(format!("a bad page: {why}"));
                (Reply::html(400, &page::trouble(&why)), Duration::ZERO)
            }
            None => state.answer(request, &endpoint),
        };
        let now = state.rules.now().http_date();
        let reply = if reply.has_header("Date") { reply } else { reply.header("Date", &now) };
        (reply, delay)
    }

    fn malformed(&self, why: &str) {
        self.state().queue.malformed(why);
    }
}

impl<R: Rules> State<R> {
    fn answer(&mut self, request: &Request, endpoint: &Endpoint) -> (Reply, Duration) {
        self.requests += 1;
        let asked = match R::read(request, endpoint) {
            Ok(asked) => asked,
            Err(why) => {
                self.queue.fault(format!("a bad request: {why}"));
                return (self.error(&Refusal::new(400, "InvalidRequestException", &why), None), Duration::ZERO);
            }
        };
        let mut call = Call {
            asked,
            refused: None,
            at: Instant::now(),
            target: request.target.clone(),
            headers: request.headers.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        };
        let Some(expected) = self.queue.take(&call) else {
            self.queue.record(call);
            return (
                self.error(&Refusal::new(500, "InternalServerException", "nobody queued it"), None),
                Duration::ZERO,
            );
        };
        let reply = self.reply(&mut call, &expected, endpoint);
        self.queue.record(call);
        (reply, expected.delay)
    }

    fn reply(&mut self, call: &mut Call<Asked<R>>, expected: &Expected<R::Wish>, endpoint: &Endpoint) -> Reply {
        let verdict = match &expected.outcome {
            Outcome::Replied(reply) => return self.signed(reply.clone()),
            Outcome::Failed(refusal) => Err(refusal.clone()),
            Outcome::Succeeds | Outcome::Refused(_) | Outcome::Judged => {
                self.rules.judge(&call.asked, &expected.wish, endpoint)
            }
        };
        call.refused = verdict.as_ref().err().map(|refusal| refusal.exception.clone());
        let wanted = match &expected.outcome {
            Outcome::Succeeds => Some(None),
            Outcome::Refused(exception) => Some(Some(exception)),
            _ => None,
        };
        if wanted.is_some_and(|wanted| wanted != call.refused.as_ref()) {
            let fault = verdict.as_ref().err().map_or("it was granted", |refusal| &refusal.message);
            let (wanted, found) = (wanted.flatten(), &call.refused);
            self.queue.fault(format!("{expected} was to be refused as {wanted:?}, but {found:?}: {fault}"));
        }
        match verdict {
            Ok(reply) => self.signed(reply),
            Err(refusal) => self.error(&refusal, Some(expected)),
        }
    }

    fn error(&self, refusal: &Refusal, expected: Option<&Expected<R::Wish>>) -> Reply {
        let (exception, namespace) = (&refusal.exception, R::NAMESPACE);
        let named_in = expected.and_then(|expected| expected.named_in).unwrap_or(R::NAMED_IN);
        let mut members = R::describe(refusal);
        if named_in == NamedIn::Type {
            members.push(("__type".to_owned(), format!("{namespace}#{exception}")));
        }
        members.extend(expected.iter().flat_map(|expected| expected.members.clone()));
        let members = members.into_iter().map(|(name, value)| format!("\"{name}\":{}", Value::from(value)));
        let body = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        let reply = self.signed(Reply::json(refusal.status, &body));
        match named_in {
            NamedIn::Header => {
                reply.header("x-amzn-ErrorType", &format!("{exception}:http://internal.amazon.com/coral/{namespace}/"))
            }
            NamedIn::Type | NamedIn::Neither => reply,
        }
    }

    /// Counts the request ids up from `00000000-0000-4000-8000-000000000001`.
    fn signed(&self, reply: Reply) -> Reply {
        reply.header("x-amzn-RequestId", &format!("00000000-0000-4000-8000-{:012}", self.requests))
    }
}
