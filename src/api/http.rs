//! The one HTTP client. Made at the first call, so that nothing of it is paid for by a cached answer.

use super::{crypto, proxy};
use crate::context::Vars;
use crate::error::Error;
use crate::timestamp::Timestamp;
use std::cell::OnceCell;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Proxy, RequestBuilder, Timeout};

/// Speaks to one host, over connections that it keeps.
pub(crate) struct Client {
    proxy: Option<Proxy>,
    roots: RootCerts,
    agent: OnceCell<Agent>,
    with_system_roots: OnceCell<Agent>,
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
    pub(crate) body: Result<Vec<u8>, String>,
}

/// Why nothing came back.
#[derive(Clone, Debug)]
pub(crate) struct TransportError {
    what: String,
    /// The request cannot have reached the service.
    pub(crate) never_arrived: bool,
    /// No certificate authority that we trust has signed for the host.
    pub(crate) untrusted: bool,
    /// There was no answer in time.
    pub(crate) timed_out: bool,
}

#[cfg(test)]
impl TransportError {
    /// One of the network's.
    pub(crate) fn test(timed_out: bool) -> Self {
        Self { what: "trouble".into(), never_arrived: false, untrusted: false, timed_out }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Client {
    /// A client for the host of `url`. `ca_bundle` names the certificates to trust instead of the built-in ones.
    pub(crate) fn new(vars: &Vars, url: &str, ca_bundle: Option<&Path>) -> Result<Self, Error> {
        let roots = ca_bundle.map_or(Ok(RootCerts::WebPki), read_bundle)?;
        Ok(Self {
            proxy: proxy::for_url(vars, url)?,
            roots,
            agent: OnceCell::new(),
            with_system_roots: OnceCell::new(),
        })
    }

    /// A client for hosts that are never behind a proxy.
    pub(crate) fn direct() -> Self {
        Self { proxy: None, roots: RootCerts::WebPki, agent: OnceCell::new(), with_system_roots: OnceCell::new() }
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
        attempt: impl Fn(&Agent, Duration) -> Result<Response, TransportError>,
    ) -> Result<Response, TransportError> {
        let began = Instant::now();
        let agent = self.agent.get_or_init(|| self.make_agent(self.roots.clone()));
        match attempt(agent, limit) {
            // A corporate proxy that looks into TLS signs with an authority that only the system knows.
            // Reading the system's store is slow, so it is done only now.
            Err(error) if error.untrusted && matches!(self.roots, RootCerts::WebPki) => {
                let agent = self.with_system_roots.get_or_init(|| self.make_agent(RootCerts::PlatformVerifier));
                attempt(agent, limit.saturating_sub(began.elapsed()))
            }
            answer => answer,
        }
    }

    fn make_agent(&self, roots: RootCerts) -> Agent {
        Agent::config_builder()
            .tls_config(
                TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(crypto::provider()).build(),
            )
            .proxy(self.proxy.clone())
            .http_status_as_error(false)
            // A redirect would carry signed requests elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(5)))
            .user_agent(concat!("keyfob/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .build()
            .new_agent()
    }
}

/// The certificates of a PEM file; comments and keys in it do not count.
fn read_bundle(path: &Path) -> Result<RootCerts, Error> {
    let cannot = |why: String| {
        Error::new(format!("cannot use the certificate bundle \"{}\"", path.display()))
            .cause(why)
            .hint("mend AWS_CA_BUNDLE, SSL_CERT_FILE or the profile's ca_bundle, whichever names it")
    };
    let pem = fs::read(path).map_err(|error| cannot(error.to_string()))?;
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for (index, item) in parse_pem(&pem).enumerate() {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(cannot(format!("its item {} is not PEM", index + 1))),
        }
    }
    if certificates.is_empty() {
        return Err(cannot("it holds no certificate".into()));
    }
    Ok(RootCerts::Specific(Arc::new(certificates)))
}

fn send(agent: &Agent, request: &Request<'_>, limit: Duration) -> Result<Response, TransportError> {
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

fn read(sent: Result<ureq::http::Response<Body>, ureq::Error>) -> Result<Response, TransportError> {
    const LARGEST_BODY: u64 = 1024 * 1024;
    let mut response = sent.map_err(|error| TransportError::from(&error))?;
    let header = |name| response.headers().get(name)?.to_str().ok();
    let date = header("date").and_then(Timestamp::parse_http_date);
    let request_id = header("x-amzn-requestid").map(str::to_owned);
    let error_type = header("x-amzn-errortype").map(exception_name).map(str::to_owned);
    let number = |name| header(name)?.trim().parse().ok();
    let retry_after = number("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs));
    let location = header("location").map(str::to_owned);
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(LARGEST_BODY).read_to_vec();
    let body = body.map_err(|error| match error {
        ureq::Error::BodyExceedsLimit(_) => "the answer is larger than 1 MiB".to_owned(),
        error => format!("the answer ended early: {error}"),
    });
    Ok(Response { status, date, request_id, error_type, retry_after, location, body })
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

impl From<&ureq::Error> for TransportError {
    fn from(error: &ureq::Error) -> Self {
        let text = error.to_string();
        // The second is an authority of a known name with another key.
        let untrusted = text.contains("UnknownIssuer") || text.contains("BadSignature");
        let never_arrived = match error {
            ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => true,
            ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
            _ => untrusted,
        };
        let what = match error {
            ureq::Error::HostNotFound => "the host's name has no address".to_owned(),
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => "no connection within 5 s".to_owned(),
            ureq::Error::Timeout(_) => "no answer in time".to_owned(),
            _ if untrusted => "the host's certificate is signed by an authority that is not trusted here".to_owned(),
            ureq::Error::Io(error) => error.to_string(),
            _ => text,
        };
        let timed_out = matches!(error, ureq::Error::Timeout(_));
        Self { what, never_arrived, untrusted, timed_out }
    }
}
