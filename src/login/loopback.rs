//! The listener that a sign-in's page leads back to (RFC 8252, section 7.3), on 127.0.0.1 alone.
//!
//! Whoever is on this machine, and every page in the browser, can send something here. So a code counts only with the
//! sign-in's own `state`, and a refusal with it or, where the person was sent here, without one; every other request
//! gets a page that says so, and the wait goes on. Browsers open connections that they never use, and come back for an
//! icon.

use super::page::Page;
use super::query::Query;
use super::{Callback, Refusal};
use crate::secret::Secret;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::time::{Duration, Instant};
use zeroize::{Zeroize, Zeroizing};

/// Between two looks at who has come. A person has just pressed a button in the browser, and notices no such delay.
const PAUSE: Duration = Duration::from_millis(20);
const PATH: &str = "/oauth/callback";

/// Where pages may lead a client, which is known before the port is. RFC 8252, section 7.3: any port will do.
pub(super) fn redirect_uri_of_any_port() -> String {
    format!("http://127.0.0.1{PATH}")
}

/// The listener, from before the URL is shown until the sign-in is over.
pub(super) struct Loopback {
    listener: TcpListener,
    port: u16,
    visitors: Vec<Visitor>,
}

impl Loopback {
    /// Listens on `port`, or on one that the system chooses.
    pub(super) fn bind(port: Option<u16>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port, visitors: Vec::new() })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Where the page is to lead.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Answers whoever comes, until one brings what the sign-in with this `state` waits for, or `go_on` fails.
    pub(super) fn wait<E>(&mut self, state: &str, mut go_on: impl FnMut() -> Result<(), E>) -> Result<Callback, E> {
        loop {
            if let Some(callback) = self.attend(&|request| judge(request, state)) {
                return Ok(callback);
            }
            go_on()?;
            std::thread::sleep(PAUSE);
        }
    }

    /// Stops listening. Those who have come by now for the sign-in with this `state` get `page`.
    pub(super) fn close(mut self, state: &str, page: Page<'static>) {
        const LAST_LOOKS: u32 = 5;
        for _ in 0..LAST_LOOKS {
            self.attend(&|request| match judge(request, state) {
                Verdict::Decided(_) => Verdict::Answered(page),
                turned_away @ Verdict::Answered(_) => turned_away,
            });
            if self.visitors.is_empty() {
                return;
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// One look at the listener and at everybody who has come: what they said is read, answered, and perhaps decides.
    fn attend(&mut self, judge: &Judge<'_>) -> Option<Callback> {
        const MOST: usize = 64;
        for _ in 0..MOST {
            let Ok((stream, _)) = self.listener.accept() else { break };
            if self.visitors.len() == MOST {
                // The one that has been silent for longest, else the first.
                let silent = self.visitors.iter().position(|visitor| visitor.said.is_empty() && !visitor.answered);
                self.visitors.remove(silent.unwrap_or(0));
            }
            self.visitors.extend(Visitor::new(stream));
        }
        let mut decided = None;
        self.visitors.retain_mut(|visitor| {
            let (stays, callback) = visitor.attend(judge);
            decided = decided.take().or(callback);
            stays
        });
        decided
    }
}

/// One connection.
struct Visitor {
    stream: TcpStream,
    /// What it has said so far. May hold the code.
    said: Vec<u8>,
    since: Instant,
    answered: bool,
}

impl Visitor {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self { stream, said: Vec::new(), since: Instant::now(), answered: false })
    }

    /// Whether to look at it again, and what it brought.
    fn attend(&mut self, judge: &Judge<'_>) -> (bool, Option<Callback>) {
        /// For a whole head, and for taking in the answer.
        const PATIENCE: Duration = Duration::from_secs(10);
        /// One that never stops must not keep the others waiting.
        const PIECES: u32 = 8;
        let mut brought = None;
        let mut piece = Zeroizing::new([0; 4096]);
        for _ in 0..PIECES {
            match self.stream.read(&mut *piece) {
                Ok(0) => return (false, brought),
                // What follows is of no interest; left unread, it would make the system take the answer back.
                Ok(_) if self.answered => {}
                Ok(length) => {
                    self.said.extend_from_slice(&piece[..length]);
                    let Some(verdict) = self.verdict(judge) else { continue };
                    let was_told = self.answer(verdict.page());
                    brought = verdict.into_callback();
                    if !was_told {
                        return (false, brought);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return (false, brought),
            }
        }
        (self.since.elapsed() < PATIENCE, brought)
    }

    /// `None` while the head is not whole.
    fn verdict(&self, judge: &Judge<'_>) -> Option<Verdict> {
        const LONGEST_HEAD: usize = 16 * 1024;
        let end = self.said.windows(4).position(|window| window == b"\r\n\r\n");
        match end.filter(|end| *end <= LONGEST_HEAD) {
            Some(end) => {
                let head = str::from_utf8(&self.said[..end]);
                Some(head.map_or(Verdict::Answered(Page::BadRequest), judge))
            }
            None if self.said.len() > LONGEST_HEAD => Some(Verdict::Answered(Page::HeadersTooLarge)),
            // A browser that tries TLS first waits for an answer to it.
            None if !is_method(&self.said) => Some(Verdict::Answered(Page::BadRequest)),
            None => None,
        }
    }

    /// An answer fits into the system's buffers; a visitor for whom it does not gets none.
    fn answer(&mut self, page: Page<'_>) -> bool {
        let answer = if self.said.starts_with(b"HEAD ") { page.head() } else { page.response() };
        self.said.zeroize();
        self.answered = true;
        self.since = Instant::now();
        self.stream.write_all(&answer).and_then(|()| self.stream.shutdown(Shutdown::Write)).is_ok()
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.said.zeroize();
    }
}

/// What is made of a request.
#[derive(Debug)]
enum Verdict {
    /// It decides nothing.
    Answered(Page<'static>),
    Decided(Callback),
}

impl Verdict {
    fn page(&self) -> Page<'_> {
        match self {
            Self::Answered(page) => *page,
            Self::Decided(Callback::Code(_)) => Page::Received,
            Self::Decided(Callback::Refused(refusal)) if refusal.is_denial() => Page::Denied,
            Self::Decided(Callback::Refused(Refusal { error, description })) => {
                Page::Failed { error, description: description.as_deref() }
            }
        }
    }

    fn into_callback(self) -> Option<Callback> {
        match self {
            Self::Answered(_) => None,
            Self::Decided(callback) => Some(callback),
        }
    }
}

type Judge<'a> = dyn Fn(&str) -> Verdict + 'a;

/// Whether a request could begin like this.
fn is_method(said: &[u8]) -> bool {
    said.first().is_none_or(u8::is_ascii_alphabetic)
}

/// The target of a request that a browser could have sent here: a GET for this host and path. Else what to answer.
fn request_target(head: &str) -> Result<&str, Page<'static>> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Page::BadRequest);
    };
    let hosts = lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let mut hosts = hosts.map(|(_, host)| host.trim());
    // A name that an attacker's DNS leads here would make this page part of the attacker's site.
    let is_here = |host: &str| {
        let (name, port) = host.split_once(':').unwrap_or((host, ""));
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        is_port && (name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost"))
    };
    let is_for_us = hosts.next().is_some_and(is_here) && hosts.next().is_none();
    if !version.starts_with("HTTP/1.") || !is_for_us {
        return Err(Page::BadRequest);
    }
    let path = target.split(['?', '#']).next().unwrap_or(target);
    if path.strip_suffix('/').unwrap_or(path) != PATH {
        return Err(Page::NotFound);
    }
    if method != "GET" {
        return Err(Page::MethodNotAllowed);
    }
    Ok(target)
}

/// What a request means to the sign-in with this `state`.
fn judge(head: &str, state: &str) -> Verdict {
    let target = match request_target(head) {
        Ok(target) => target,
        Err(page) => return Verdict::Answered(page),
    };
    let query = Query::parse(target.split_once('?').map_or("", |(_, query)| query));
    let is_ours = query.get("state").map(|found| is_same(found, state));
    match (query.get("error"), query.get("code")) {
        _ if is_ours == Some(false) => Verdict::Answered(Page::WrongState),
        // A service that refuses a sign-in as a whole may not say whose it was. It sends the person there; a picture
        // of some other site comes there, too.
        (Some(_), _) if is_ours.is_none() && !is_navigation(head) => Verdict::Answered(Page::WrongState),
        (Some(error), _) => Verdict::Decided(Callback::Refused(Refusal::new(error, query.get("error_description")))),
        (None, Some(_)) if is_ours.is_none() => Verdict::Answered(Page::WrongState),
        (None, Some(code)) => Verdict::Decided(Callback::Code(Secret::new(code))),
        (None, None) => Verdict::Answered(Page::BadRequest),
    }
}

/// Whether a person went there, as far as the browser tells. <https://www.w3.org/TR/fetch-metadata/>
fn is_navigation(head: &str) -> bool {
    let headers = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let mut purposes = headers.filter(|(name, _)| name.eq_ignore_ascii_case("sec-fetch-dest"));
    purposes.all(|(_, purpose)| purpose.trim() == "document")
}

/// Compares without telling by its time how far two texts agree.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8";

    fn get(target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:40000\r\nAccept: */*")
    }

    #[track_caller]
    fn page(head: &str) -> Page<'static> {
        match judge(head, STATE) {
            Verdict::Answered(page) => page,
            Verdict::Decided(callback) => panic!("{head}: {callback:?}"),
        }
    }

    #[test]
    fn a_code_with_the_right_state_decides() {
        for target in [
            format!("/oauth/callback?code=a%2Bb&state={STATE}"),
            format!("/oauth/callback/?state={STATE}&code=a%2Bb&code=2#x"),
        ] {
            let Verdict::Decided(Callback::Code(code)) = judge(&get(&target), STATE) else { panic!("{target}") };
            assert_eq!(code.expose(), "a+b");
        }
    }

    #[test]
    fn an_error_decides_with_the_right_state_or_none() {
        for (target, is_denial) in [
            (format!("/oauth/callback?error=access_denied&state={STATE}&error_description=no+way"), true),
            (format!("/oauth/callback?error=server_error&code=x&state={STATE}&error_description=no+way"), false),
            ("/oauth/callback?error=server_error&error_description=no+way".to_owned(), false),
        ] {
            let head = get(&target) + "\r\nSec-Fetch-Dest: document";
            let Verdict::Decided(Callback::Refused(refusal)) = judge(&head, STATE) else { panic!("{target}") };
            assert_eq!(refusal.description.as_deref(), Some("no way"));
            assert_eq!(refusal.is_denial(), is_denial);
        }
    }

    #[test]
    fn a_picture_that_some_page_asks_for_decides_nothing() {
        let image = get("/oauth/callback?error=server_error") + "\r\nsec-fetch-dest: image";
        assert!(matches!(page(&image), Page::WrongState));
    }

    #[test]
    fn every_other_request_is_answered_and_decides_nothing() {
        for target in
            ["/", "/favicon.ico", "/oauth", "/oauth/callback//", "/oauth/callbackx?code=a", "*", "/oauth%2Fcallback"]
        {
            assert!(matches!(page(&get(target)), Page::NotFound), "{target}");
        }
        for query in ["code=a", "code=a&state=", "code=a&state=x", "error=a&state=x", "state=x"] {
            assert!(matches!(page(&get(&format!("/oauth/callback?{query}"))), Page::WrongState), "{query}");
        }
        for query in ["", &format!("state={STATE}"), &format!("code=&state={STATE}"), "error="] {
            assert!(matches!(page(&get(&format!("/oauth/callback?{query}"))), Page::BadRequest), "{query}");
        }
        let right = format!("/oauth/callback?code=a&state={STATE}");
        for method in ["HEAD", "POST", "OPTIONS", "get"] {
            let head = get(&right).replacen("GET", method, 1);
            assert!(matches!(page(&head), Page::MethodNotAllowed), "{method}");
        }
    }

    #[test]
    fn a_host_that_is_not_this_machine_gets_nothing() {
        let right = get(&format!("/oauth/callback?code=a&state={STATE}"));
        for host in [
            "Host: evil.example:40000",
            "Host: 127.0.0.1.evil.example",
            "Host: 127.0.0.1:40000.evil.example",
            "Host:",
            "X: y",
            "Host: a\r\nHost: 127.0.0.1",
        ] {
            let head = right.replace("Host: 127.0.0.1:40000", host);
            assert!(matches!(page(&head), Page::BadRequest), "{host}");
        }
        for head in
            ["", "GET", "GET / HTTP/2\r\nHost: 127.0.0.1", "\u{16}\u{3}\u{1}", "GET  / HTTP/1.1\r\nHost: 127.0.0.1"]
        {
            assert!(matches!(page(head), Page::BadRequest), "{head}");
        }
        assert!(matches!(judge(&right.replace("127.0.0.1", "LOCALHOST"), STATE), Verdict::Decided(_)));
    }
}
