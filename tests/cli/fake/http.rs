//! One HTTP/1.1 request in, one reply out. RFC 9112, read as strictly as it can be.
//!
//! A reply may also break the rules on purpose: end too early, never end, or not come at all.

use std::{
    io::{self, BufRead, Read, Write},
    net::SocketAddr,
    time::Duration,
};

const HEAD_LIMIT: usize = 64 * 1024;
const BODY_LIMIT: usize = 1024 * 1024;

/// A request as it came, with every header once.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    /// Names as they were spelt.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Where the server listens.
    pub(super) address: SocketAddr,
}

impl Request {
    /// Reads one request; the error says what was wrong with it.
    pub(super) fn read(reader: &mut impl BufRead, address: SocketAddr) -> Result<Self, String> {
        let mut budget = HEAD_LIMIT;
        let first = read_line(reader, &mut budget)?;
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some("HTTP/1.1"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(format!("not an HTTP/1.1 request line: {first:?}"));
        };
        let mut request = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            address,
        };
        loop {
            let line = read_line(reader, &mut budget)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = parse_header(&line)?;
            if request.header(name).is_some() {
                return Err(format!("the header {name} came twice"));
            }
            request.headers.push((name.to_owned(), value.to_owned()));
        }
        request.read_body(reader)?;
        Ok(request)
    }

    /// The value of the header, whose name is compared without case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn wants_close(&self) -> bool {
        self.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    fn read_body(&mut self, reader: &mut impl BufRead) -> Result<(), String> {
        // `Expect` would make the client wait for an answer that AWS and proxies may never give.
        for unwanted in ["Expect", "Transfer-Encoding"] {
            if self.header(unwanted).is_some() {
                return Err(format!("the header {unwanted} is not for AWS"));
            }
        }
        let length = match self.header("Content-Length") {
            None if matches!(self.method.as_str(), "GET" | "HEAD") => 0,
            None => return Err("the header Content-Length is missing".to_owned()),
            Some(text) => text
                .parse()
                .ok()
                .filter(|length: &usize| *length <= BODY_LIMIT && length.to_string() == text)
                .ok_or_else(|| format!("Content-Length is {text:?}"))?,
        };
        self.body = vec![0; length];
        reader.read_exact(&mut self.body).map_err(|error| format!("the body is shorter than Content-Length: {error}"))
    }
}

/// A line without its CRLF.
fn read_line(reader: &mut impl BufRead, budget: &mut usize) -> Result<String, String> {
    let mut line = Vec::new();
    let limit = u64::try_from(*budget).expect("the budget is small");
    Read::take(&mut *reader, limit)
        .read_until(b'\n', &mut line)
        .map_err(|error| format!("the head of the request ends early: {error}"))?;
    *budget -= line.len();
    let line = line.strip_suffix(b"\r\n").ok_or("a line of the head does not end with CRLF, or the head is endless")?;
    match std::str::from_utf8(line) {
        Ok(text) if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) => Ok(text.to_owned()),
        _ => Err("the head holds a control or non-ASCII character".to_owned()),
    }
}

fn parse_header(line: &str) -> Result<(&str, &str), String> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    match line.split_once(':') {
        Some((name, value)) if !name.is_empty() && name.bytes().all(token) => Ok((name, value.trim_matches(' '))),
        _ => Err("a header line has no name".to_owned()),
    }
}

/// What the server sends back.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Whole,
    /// The announced length, but only so many bytes, and the connection closes.
    CutAt(usize),
    /// A byte at a time, with blanks without end after the last.
    Drip(Duration),
    /// The body again and again, without a length and without an end.
    Endless,
    /// The connection closes without a word.
    HangUp,
}

impl Reply {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), manner: Manner::Whole }
    }

    pub(crate) fn xml(status: u16, text: &str) -> Self {
        Self::new(status).header("Content-Type", "text/xml").body(text)
    }

    pub(crate) fn json(status: u16, text: &str) -> Self {
        Self::new(status).header("Content-Type", "application/json").body(text)
    }

    /// The page of a proxy or load balancer that knows nothing of AWS.
    pub(crate) fn html(status: u16, text: &str) -> Self {
        Self::new(status).header("Content-Type", "text/html; charset=utf-8").body(text)
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::new(307).header("Location", location)
    }

    pub(crate) fn hang_up() -> Self {
        Self { manner: Manner::HangUp, ..Self::new(0) }
    }

    /// Sets the header; `Date` set here replaces that of the fake's clock.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    /// Announces the whole body, sends its first `length` bytes and closes.
    pub(crate) fn cut_at(mut self, length: usize) -> Self {
        self.manner = Manner::CutAt(length);
        self
    }

    /// Sends one byte of the body at a time and then blanks, until the client has had enough.
    pub(crate) fn dripping(mut self, pause: Duration) -> Self {
        self.manner = Manner::Drip(pause);
        self
    }

    /// Sends the body again and again as fast as it can, until the client has had enough.
    pub(crate) fn endless(mut self) -> Self {
        self.manner = Manner::Endless;
        self
    }

    pub(crate) fn is(&self, status: u16) -> bool {
        self.status == status
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// Writes the reply; `sleep` returns false when the server is to stop. Returns whether the
    /// connection may carry another request.
    pub(super) fn write(&self, stream: &mut impl Write, sleep: impl Fn(Duration) -> bool) -> io::Result<bool> {
        if self.manner == Manner::HangUp {
            return Ok(false);
        }
        let announced = match self.manner {
            Manner::Drip(_) => Some(BODY_LIMIT),
            Manner::Endless => None,
            _ => Some(self.body.len()),
        };
        let mut bytes = self.head(announced);
        match self.manner {
            Manner::CutAt(length) => bytes.extend(&self.body[..length.min(self.body.len())]),
            Manner::Whole => bytes.extend(&self.body),
            Manner::Drip(_) | Manner::Endless | Manner::HangUp => {}
        }
        stream.write_all(&bytes)?;
        stream.flush()?;
        if let Manner::Drip(pause) = self.manner {
            let mut body = self.body.iter().copied().chain(std::iter::repeat(b' '));
            while sleep(pause) {
                stream.write_all(&[body.next().expect("the blanks never end")])?;
                stream.flush()?;
            }
        }
        while self.manner == Manner::Endless && sleep(Duration::ZERO) {
            stream.write_all(&self.body)?;
        }
        Ok(self.manner == Manner::Whole)
    }

    /// Without a length the body ends with the connection.
    fn head(&self, length: Option<usize>) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        match length {
            Some(length) if !self.has_header("Content-Length") => {
                head.extend(["Content-Length: ", &length.to_string(), "\r\n"]);
            }
            _ => {}
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request, String> {
        Request::read(&mut text.as_bytes(), ([127, 0, 0, 1], 80).into())
    }

    #[test]
    fn request_is_read_to_its_last_byte() {
        let request =
            read("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=b").expect("this is a good request");
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/"));
        assert_eq!(request.header("hOST"), Some("h"));
        assert_eq!(request.body, b"a=b");
    }

    #[test]
    fn sloppy_requests_are_refused() {
        for text in [
            "",
            "POST / HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.1\nContent-Length: 0\n\n",
            "POST / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 03\r\n\r\na=b",
            "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\na=b",
            "POST / HTTP/1.1\r\nContent-Length: 0\r\ncontent-length: 0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length : 0\r\n\r\n",
            "POST / HTTP/1.1\r\nX: é\r\nContent-Length: 0\r\n\r\n",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
