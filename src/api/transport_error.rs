//! Why nothing came back: what failed between us and the service, and on which part of the way.

use super::proxy::Via;
use std::fmt;
use std::io::{self, ErrorKind};
use ureq::Timeout;

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
    /// The variable that names a proxy which wants another user and password.
    pub(crate) locked_proxy: Option<&'static str>,
}

#[cfg(test)]
impl TransportError {
    /// One of the network's.
    pub(crate) fn test(timed_out: bool) -> Self {
        Self { what: "trouble".into(), never_arrived: false, untrusted: false, timed_out, locked_proxy: None }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// How far a request came.
enum Reached {
    /// No host at all: whose name, whose address.
    Nobody,
    /// The proxy, which did not let it through.
    Proxy,
    /// Nobody knows.
    Unknown,
}

impl TransportError {
    /// The proxy did not come to an end. How far the request came by then, nobody knows.
    pub(super) fn silent(via: &Via) -> Self {
        let what = format!("{via}: no answer in time");
        Self { what, never_arrived: false, untrusted: false, timed_out: true, locked_proxy: None }
    }

    pub(super) fn new(error: &ureq::Error, via: Option<&Via>) -> Self {
        let text = error.to_string();
        // The second is an authority of a known name with another key.
        let untrusted = text.contains("UnknownIssuer") || text.contains("BadSignature");
        let reached = reached(error, via);
        let locked = via.filter(|_| is_of_a_locked_proxy(error)).map(|via| via.variable);
        let why = match error {
            ureq::Error::HostNotFound => "the host's name has no address".to_owned(),
            ureq::Error::Io(error) if is_about_names(error) => "the host's name has no address".to_owned(),
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => "no connection in time".to_owned(),
            ureq::Error::Timeout(_) => "no answer in time".to_owned(),
            _ if untrusted => {
                let whose = if via.is_some_and(Via::is_https) { "the host's or the proxy's" } else { "the host's" };
                format!("{whose} certificate is signed by an authority that is not trusted here")
            }
            _ if text.contains("InvalidContentType") => "what answers there does not speak TLS".to_owned(),
            ureq::Error::ConnectProxyFailed(reason) => proxys_answer(reason),
            ureq::Error::LargeResponseHeader(..) => "the answer's head is endless".to_owned(),
            ureq::Error::Protocol(error) => format!("the answer is not HTTP as it should be: {error}"),
            ureq::Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
                "the connection ended before the answer".to_owned()
            }
            ureq::Error::Io(error) => error.to_string(),
            _ => text,
        };
        let what = match (via, &reached) {
            (Some(via), Reached::Nobody | Reached::Proxy) => format!("{via}: {why}"),
            _ => why,
        };
        let never_arrived = untrusted || !matches!(reached, Reached::Unknown);
        let timed_out = matches!(error, ureq::Error::Timeout(_));
        Self { what, never_arrived, untrusted, timed_out, locked_proxy: locked }
    }
}

fn reached(error: &ureq::Error, via: Option<&Via>) -> Reached {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Reached::Nobody,
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::AddrNotAvailable => Reached::Nobody,
            _ if is_about_names(error) => Reached::Nobody,
            _ if via.is_some_and(Via::is_socks) && is_of_socks(error) => Reached::Proxy,
            _ => Reached::Unknown,
        },
        ureq::Error::ConnectProxyFailed(_) => Reached::Proxy,
        _ => Reached::Unknown,
    }
}

/// Whether a name's address was looked up in vain; the standard library has no kind of its own for that.
fn is_about_names(error: &io::Error) -> bool {
    /// `WSAHOST_NOT_FOUND`.
    const NO_SUCH_HOST: i32 = 11001;
    let is_windows_word = cfg!(windows) && error.raw_os_error() == Some(NO_SUCH_HOST);
    is_windows_word || error.to_string().starts_with("failed to lookup address information")
}

/// Whether it is ureq's word for a SOCKS proxy's: the system's errors have a number.
fn is_of_socks(error: &io::Error) -> bool {
    error.raw_os_error().is_none() && error.get_ref().is_some_and(|inner| !inner.is::<rustls::Error>())
}

/// Whether a proxy turned us away for want of the right user and password.
fn is_of_a_locked_proxy(error: &ureq::Error) -> bool {
    /// What ureq says of SOCKS; the last two of those that no such proxy takes.
    const LOCKED: [&str; 4] =
        ["password authentication failed", "no acceptable auth methods", "invalid username", "invalid password"];
    match error {
        ureq::Error::ConnectProxyFailed(reason) => reason.ends_with("/407"),
        ureq::Error::Io(error) => LOCKED.contains(&error.to_string().as_str()),
        _ => false,
    }
}

/// `proxy server responded 407/407` in better words.
fn proxys_answer(reason: &str) -> String {
    let status = reason.rsplit('/').next().filter(|status| status.bytes().all(|byte| byte.is_ascii_digit()));
    match status {
        Some("407") => "it wants another user and password (HTTP 407)".to_owned(),
        Some(status) => format!("it does not let us through (HTTP {status})"),
        None => "it ended the connection without an answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::proxy;
    use crate::context::Vars;

    /// What is told of an error, and whether the request cannot have arrived.
    fn told(error: &ureq::Error, scheme: &str) -> (String, bool) {
        let vars = Vars::from([("https_proxy", format!("{scheme}://proxy:1").as_str())]);
        let via = proxy::for_url(&vars, "https://sts.example.com").expect("a proxy's URL");
        let error = TransportError::new(error, via.as_ref());
        (error.what, error.never_arrived)
    }

    /// The words are ureq's and rustls's: a version with others is noticed here.
    #[test]
    fn trouble_with_tls_is_known_by_the_words_of_its_library() {
        use rustls::CertificateError::{BadSignature, Expired, UnknownIssuer};
        for (why, expected) in [(UnknownIssuer, true), (BadSignature, true), (Expired, false)] {
            let error = rustls::Error::InvalidCertificate(why);
            let error = ureq::Error::Io(io::Error::new(ErrorKind::InvalidData, error));
            assert_eq!(TransportError::new(&error, None).untrusted, expected, "{error}");
        }
        let error = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        let error = ureq::Error::Io(io::Error::new(ErrorKind::InvalidData, error));
        assert_eq!(TransportError::new(&error, None).to_string(), "what answers there does not speak TLS");
    }

    /// What can be used but once is not sent again then.
    #[test]
    fn request_that_was_cut_off_may_have_arrived() {
        let vars = Vars::from([("https_proxy", "http://proxy:1")]);
        let via = proxy::for_url(&vars, "https://sts.example.com").expect("a proxy's URL").expect("there is one");
        let error = TransportError::silent(&via);
        assert_eq!(error.what, "the proxy proxy:1 of https_proxy: no answer in time");
        assert!(error.timed_out && !error.never_arrived);
    }

    #[test]
    fn what_failed_before_the_service_is_told_as_the_proxys() {
        let io = |kind: ErrorKind| ureq::Error::Io(kind.into());
        let words = |words: &'static str| ureq::Error::Io(io::Error::other(words));
        let refused = || ureq::Error::ConnectProxyFailed("proxy server responded 503/503".into());
        for (error, scheme, what, never_arrived) in [
            (io(ErrorKind::ConnectionRefused), "http", "the proxy proxy:1 of https_proxy: connection refused", true),
            (io(ErrorKind::NetworkUnreachable), "http", "the proxy proxy:1 of https_proxy: network unreachable", true),
            (io(ErrorKind::ConnectionReset), "http", "connection reset", false),
            (io(ErrorKind::UnexpectedEof), "http", "the connection ended before the answer", false),
            (refused(), "http", "the proxy proxy:1 of https_proxy: it does not let us through (HTTP 503)", true),
            (words("host unreachable"), "socks5", "the proxy proxy:1 of https_proxy: host unreachable", true),
            (words("something else"), "http", "something else", false),
            (
                ureq::Error::Timeout(Timeout::Connect),
                "http",
                "the proxy proxy:1 of https_proxy: no connection in time",
                true,
            ),
            (ureq::Error::Timeout(Timeout::RecvResponse), "http", "no answer in time", false),
        ] {
            assert_eq!(told(&error, scheme), (what.to_owned(), never_arrived), "{error:?}");
        }
    }
}
