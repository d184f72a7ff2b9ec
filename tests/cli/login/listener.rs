//! Whatever comes to the listener, it is the right redirect that signs in, and nothing before it ends the wait.

use super::*;
use std::{
    io::{Read, Write},
    net::Shutdown,
};

/// This comes first, to the place and with the parameters of the right redirect; it signs in all the same, and soon.
#[track_caller]
fn signs_in_after(first: impl FnOnce(&Redirect)) {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let redirect = Redirect::new(begun.redirect());
    first(&redirect);
    let since = Instant::now();
    assert_eq!(heading(&loopback::get(&redirect.url)), "Sign-in received");
    assert!(since.elapsed() < Duration::from_secs(8), "{:?}", since.elapsed());
    begun.ends("");
}

struct Redirect {
    url: String,
    /// `127.0.0.1:PORT`.
    host: String,
    /// Path and query.
    target: String,
}

impl Redirect {
    fn new(url: String) -> Self {
        let (_, rest) = url.split_once("://").expect("a URL has a scheme");
        let (host, target) = rest.split_once('/').expect("a redirect has a path");
        let (host, target) = (host.to_owned(), format!("/{target}"));
        Self { url, host, target }
    }

    /// The answer to a GET of another target here.
    #[track_caller]
    fn get(&self, target: &str) -> Answer {
        loopback::get(&format!("http://{}{target}", self.host))
    }

    /// The first line of the answer to these bytes; empty when there is none.
    #[track_caller]
    fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        loopback::send(&self.url, bytes).lines().next().unwrap_or_default().to_owned()
    }
}

#[test]
fn other_paths_are_not_found() {
    signs_in_after(|redirect| {
        let query = redirect.target.trim_start_matches("/oauth/callback");
        for path in [
            "/",
            "/favicon.ico",
            "/oauth",
            "/oauth/callbacks",
            "/oauth/callback//",
            "/oauth/callback/x",
            "/OAuth/Callback",
            "/oauth%2Fcallback",
            "//oauth/callback",
            "/x/../oauth/callback",
        ] {
            let page = redirect.get(&format!("{path}{query}"));
            assert_eq!((page.status.as_str(), heading(&page)), ("404", "Nothing here"), "{path}");
        }
    });
}

#[test]
fn redirects_that_are_not_this_sign_ins_are_told_so() {
    let (other, unclear) = ("This is another sign-in", "Request not understood");
    each(
        [
            (["state=", "state=x"], other),
            (["state=", "State="], other),
            (["&state=", "&state=&was="], other),
            (["?code=", "?error=access_denied&state=x&code="], other),
            (["code=", "code=&was="], unclear),
            (["code=", "Code="], unclear),
        ],
        |(change, told)| {
            signs_in_after(|redirect| {
                let page = redirect.get(&redirect.target.replacen(change[0], change[1], 1));
                assert_eq!((page.status.as_str(), heading(&page)), ("400", told), "{change:?}");
            });
        },
    );
}

#[test]
fn other_methods_are_not_allowed() {
    signs_in_after(|redirect| {
        let Redirect { host, target, .. } = redirect;
        for (method, more) in
            [("POST", "Content-Length: 3\r\n\r\na=b"), ("OPTIONS", "\r\n"), ("PUT", "\r\n"), ("get", "\r\n")]
        {
            let answer = loopback::send(&redirect.url, format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{more}"));
            assert!(answer.starts_with("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n"), "{method}: {answer}");
        }
        let answer = loopback::send(&redirect.url, format!("HEAD {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n"), "{answer}");
        assert!(answer.contains("\r\nContent-Length: ") && answer.ends_with("\r\n\r\n"), "HEAD has a body: {answer}");
    });
}

/// A name of an attacker's, which the attacker's DNS leads here, would make the page the attacker's to read.
#[test]
fn host_that_is_not_this_machine_is_refused() {
    signs_in_after(|redirect| {
        let Redirect { host, target, .. } = redirect;
        for hosts in [
            "Host: evil.example\r\n",
            &format!("Host: {host}.evil.example\r\n"),
            &format!("Host: {host}\r\nHost: evil.example\r\n"),
            "Host: 0.0.0.0\r\n",
            "Host:\r\n",
            "",
        ] {
            let answer = redirect.send(format!("GET {target} HTTP/1.1\r\n{hosts}\r\n"));
            assert_eq!(answer, "HTTP/1.1 400 Bad Request", "{hosts}");
        }
    });
}

#[test]
fn what_is_no_request_of_a_browser_is_refused() {
    signs_in_after(|redirect| {
        let Redirect { host, target, .. } = redirect;
        for (bytes, answer) in [
            // The form of a request to a proxy.
            (format!("GET http://{host}{target} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(), "404 Not Found"),
            (format!("GET {target} HTTP/2\r\nHost: {host}\r\n\r\n").into_bytes(), "400 Bad Request"),
            (format!("GET {target}\r\nHost: {host}\r\n\r\n").into_bytes(), "400 Bad Request"),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), "400 Bad Request"),
            (b"\r\n\r\n\r\n".to_vec(), "400 Bad Request"),
            ([b"GET /\xff\xfe HTTP/1.1\r\nHost: ", host.as_bytes(), b"\r\n\r\n"].concat(), "400 Bad Request"),
        ] {
            assert_eq!(redirect.send(&bytes), format!("HTTP/1.1 {answer}"), "{}", bytes.escape_ascii());
        }
    });
}

/// A browser that would rather speak https finds out at once that nobody does here.
#[test]
fn bytes_that_are_no_text_are_answered_without_waiting_for_more() {
    // The beginning of a ClientHello.
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    each([&hello[..], b"\0", b"\xff\xff\xff\xff"], |bytes| {
        signs_in_after(|redirect| {
            let mut stream = loopback::open(&redirect.url);
            stream.write_all(bytes).expect("the listener reads");
            let began = Instant::now();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("the listener answers, and ends the connection");
            assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
            assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
        });
    });
}

#[test]
fn heads_of_more_than_16_kilobytes_are_too_large() {
    signs_in_after(|redirect| {
        let Redirect { host, target, .. } = redirect;
        let cookie =
            |length| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n\r\n", "c".repeat(length));
        for length in [20_000, 1_000_000] {
            assert_eq!(redirect.send(cookie(length)), "HTTP/1.1 431 Request Header Fields Too Large");
        }
        // The same without an end.
        assert_eq!(redirect.send("x".repeat(20_000)), "HTTP/1.1 431 Request Header Fields Too Large");
    });
}

#[test]
fn large_head_with_the_right_redirect_is_read() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let redirect = Redirect::new(begun.redirect());
    let Redirect { host, target, .. } = &redirect;
    let head = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n\r\n", "c".repeat(14_000));
    assert_eq!(redirect.send(head), "HTTP/1.1 200 OK");
    begun.ends("");
}

#[test]
fn redirect_may_come_in_pieces_and_with_more_behind_it() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let Redirect { url, host, target } = Redirect::new(begun.redirect());
    // As a browser under another name of this machine, with the path's slash of PowerShell.
    let target = target.replace("/callback?", "/callback/?");
    let host = host.replace("127.0.0.1", "localhost");
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    let mut stream = loopback::open(&url);
    stream.set_nodelay(true).expect("it is a socket of TCP");
    for piece in request.as_bytes().chunks(200) {
        stream.write_all(piece).expect("the listener reads");
        std::thread::sleep(Duration::from_millis(30));
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the listener ends the connection");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    begun.ends("");
}

#[test]
fn idle_connections_keep_nobody_waiting() {
    let mut idle = Vec::new();
    signs_in_after(|redirect| idle.extend((0..100).map(|_| loopback::open(&redirect.url))));
}

#[test]
fn slow_ones_keep_nobody_waiting() {
    let mut slow = Vec::new();
    signs_in_after(|redirect| {
        for letter in redirect.target.bytes().take(10) {
            let mut stream = loopback::open(&redirect.url);
            stream.write_all(b"GET ").expect("the listener reads");
            slow.push(stream);
            for stream in &mut slow {
                stream.write_all(&[letter]).expect("the listener reads");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
}

#[test]
fn those_who_leave_early_are_not_missed() {
    signs_in_after(|redirect| {
        for bytes in [&b""[..], b"GET", b"GET /oauth/callback?code="] {
            let mut stream = loopback::open(&redirect.url);
            stream.write_all(bytes).expect("the listener reads");
            let _ = stream.shutdown(Shutdown::Both);
        }
        assert_eq!(redirect.send(""), "");
    });
}
