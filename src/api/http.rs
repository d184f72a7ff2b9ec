//! The one HTTP client. Made at the first call, so that nothing of it is paid for by a cached answer.

use super::localhost::Resolver;
use super::proxy::{self, Via};
pub(crate) use super::transport_error::TransportError;
use super::{Bundle, crypto};
use crate::context::Vars;
use crate::error::Error;
use crate::timestamp::Timestamp;
use std::cell::RefCell;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, RequestBuilder};

/// Speaks to one host, over connections that it keeps.
pub(crate) struct Client {
    via: Option<Via>,
    /// How long making a connection may take.
    connecting: Duration,
    roots: RootCerts,
    /// Made at the first call, as is the other.
    agent: RefCell<Option<Agent>>,
    with_system_roots: RefCell<Option<Agent>>,
}

/// What is sent.
pub(crate) struct Request<'a> {
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// Of a POST; `None` for a GET.
    pub(crate) body: Option<&'a [u8]>,
}

/// What came back, whatever its status.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) date: Option<Timestamp>,
    pub(crate) request_id: Option<String>,
    /// The exception's name, where a service says it in a header.
    pub(crate) error_type: Option<String>,
    /// How long the service asks us to wait before the next try.
    pub(crate) retry_after: Option<Duration>,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
    /// The values of `WWW-Authenticate`.
    pub(crate) challenges: Vec<String>,
    /// The values of `Set-Cookie`.
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Result<Vec<u8>, String>,
}

impl Client {
    /// A client for the host of `url`. `ca_bundle` holds the certificates to trust instead of the built-in ones.
    pub(crate) fn new(vars: &Vars, url: &str, ca_bundle: Option<&Bundle>) -> Result<Self, Error> {
        let roots = ca_bundle.map_or(Ok(RootCerts::WebPki), Bundle::read)?;
        let via = proxy::for_url(vars, url)?;
        Ok(Self {
            via,
            connecting: Duration::from_secs(5),
            roots,
            agent: RefCell::default(),
            with_system_roots: RefCell::default(),
        })
    }

    /// A client for hosts that are never behind a proxy: they are on this machine or next to it, or not there at all.
    pub(crate) fn direct() -> Self {
        Self {
            via: None,
            connecting: Duration::from_secs(2),
            roots: RootCerts::WebPki,
            agent: RefCell::default(),
            with_system_roots: RefCell::default(),
        }
    }

    /// The same, trusting these certificates instead of the built-in ones.
    pub(crate) fn trusting(self, ca_bundle: &Bundle) -> Result<Self, Error> {
        Ok(Self { roots: ca_bundle.read()?, ..self })
    }

    /// Sends a request and reads the answer, all within `limit`.
    pub(crate) fn send(&self, request: &Request<'_>, limit: Duration) -> Result<Response, TransportError> {
        self.with_trust(limit, |agent, left| send(agent, request, left))
    }

    /// Asks for the head of what is at `url`, within `limit`.
    pub(crate) fn head(&self, url: &str, limit: Duration) -> Result<Response, TransportError> {
        self.with_trust(limit, |agent, left| read(agent.head(url).config().timeout_global(Some(left)).build().call()))
    }

    /// Sends a PUT without a body.
    pub(crate) fn put(&self, url: &str, headers: &[(&str, &str)], limit: Duration) -> Result<Response, TransportError> {
        self.with_trust(limit, |agent, left| {
            let put = agent.put(url).config().timeout_global(Some(left)).build();
            read(headers.iter().fold(put, |put, (name, value)| put.header(*name, *value)).send_empty())
        })
    }

    fn with_trust(
        &self,
        limit: Duration,
        attempt: impl Fn(&Agent, Duration) -> Sent,
    ) -> Result<Response, TransportError> {
        let began = Instant::now();
        match self.within(limit, &self.agent, &self.roots, &attempt) {
            // A corporate proxy that looks into TLS signs with an authority that only the system knows.
            // Reading the system's store is slow, so it is done only now.
            Err(error) if error.untrusted && matches!(self.roots, RootCerts::WebPki) => {
                let left = limit.saturating_sub(began.elapsed());
                self.within(left, &self.with_system_roots, &RootCerts::PlatformVerifier, &attempt)
            }
            answer => answer,
        }
    }

    fn within(
        &self,
        limit: Duration,
        place: &RefCell<Option<Agent>>,
        roots: &RootCerts,
        attempt: &impl Fn(&Agent, Duration) -> Sent,
    ) -> Result<Response, TransportError> {
        let agent = place.borrow_mut().get_or_insert_with(|| self.make_agent(roots.clone())).clone();
        let Some(via) = &self.via else {
            return attempt(&agent, limit).map_err(|error| TransportError::new(&error, None));
        };
        let (answer, is_cut_off) = or_cut_off(&agent, limit, || attempt(&agent, limit));
        if is_cut_off {
            // It connects to nobody any more.
            place.take();
        }
        answer.map_err(
            |error| if is_cut_off { TransportError::silent(via) } else { TransportError::new(&error, Some(via)) },
        )
    }

    fn make_agent(&self, roots: RootCerts) -> Agent {
        let config = Agent::config_builder()
            .tls_config(
                TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(crypto::provider()).build(),
            )
            .proxy(self.via.as_ref().map(|via| via.proxy.clone()))
            .http_status_as_error(false)
            // A redirect would carry signed requests elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(self.connecting))
            .user_agent(concat!("keyfob/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .build();
        Agent::with_parts(config, DefaultConnector::default(), Resolver::default())
    }
}

/// Makes a call, and cuts the agent off when that takes much longer than the limit. Returns whether it did: ureq has a
/// limit for each piece of what a proxy answers, and none for all of it.
fn or_cut_off<T>(agent: &Agent, limit: Duration, call: impl FnOnce() -> T) -> (T, bool) {
    /// Where ureq keeps the limit itself, it is to speak first.
    const GRACE: Duration = Duration::from_millis(250);
    let (calling, is_calling) = mpsc::channel::<()>();
    let agent = agent.clone();
    let watch = thread::spawn(move || {
        let is_late = is_calling.recv_timeout(limit + GRACE) == Err(RecvTimeoutError::Timeout);
        if is_late {
            agent.shutdown();
        }
        is_late
    });
    let answer = call();
    drop(calling);
    (answer, watch.join().unwrap_or_default())
}

/// What came of sending a request.
type Sent = Result<Response, ureq::Error>;

fn send(agent: &Agent, request: &Request<'_>, limit: Duration) -> Sent {
    read(match request.body {
        Some(body) => {
            let post = agent.post(request.url).config().timeout_global(Some(limit)).build();
            with_headers(post, request).send(body)
        }
        None => {
            let get = agent.get(request.url).config().timeout_global(Some(limit)).build();
            with_headers(get, request).call()
        }
    })
}

fn read(sent: Result<ureq::http::Response<Body>, ureq::Error>) -> Sent {
    const LARGEST_BODY: u64 = 1024 * 1024;
    let mut response = sent?;
    let header = |name| response.headers().get(name)?.to_str().ok();
    let date = header("date").and_then(Timestamp::parse_http_date);
    let request_id = header("x-amzn-requestid").map(str::to_owned);
    let error_type = header("x-amzn-errortype").map(exception_name).map(str::to_owned);
    let number = |name| header(name)?.trim().parse().ok();
    // Seconds, or a date by the service's clock.
    let until = || Some(date?.until(Timestamp::parse_http_date(header("retry-after")?)?));
    let retry_after = number("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))
        .or_else(until);
    let location = header("location").map(str::to_owned);
    let all = |name: &str| {
        let lines = response.headers().get_all(name).iter();
        lines.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    };
    let (challenges, cookies) = (all("www-authenticate"), all("set-cookie"));
    let status = response.status().as_u16();
    let coding = header("content-encoding")
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let body = match coding {
        Some(_) => Err("the answer is compressed, which was not asked for: a proxy stands between".to_owned()),
        None => response.body_mut().with_config().limit(LARGEST_BODY).read_to_vec().map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => "the answer is larger than 1 MiB".to_owned(),
            ureq::Error::Timeout(_) => "the answer did not end in time".to_owned(),
            error => format!("the answer ended early: {error}"),
        }),
    };
    Ok(Response { status, date, request_id, error_type, retry_after, location, challenges, cookies, body })
}

fn with_headers<B>(mut builder: RequestBuilder<B>, request: &Request<'_>) -> RequestBuilder<B> {
    for (name, value) in request.headers {
        builder = builder.header(*name, *value);
    }
    builder
}

/// The name in `com.amazonaws.sso#UnauthorizedException:http://…`.
pub(super) fn exception_name(text: &str) -> &str {
    let text = text.split(':').next().unwrap_or(text);
    text.rsplit('#').next().unwrap_or(text)
}
