//! Whoever answers in the place of each of AWS's services: a captive portal, a proxy, something broken. None of it is
//! taken for an answer, and all of it is named.

use super::{
    super::{
        fake::{Stranger, Then},
        keyfob::Home,
        login_session, sso,
    },
    *,
};
use std::thread;

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Welcome to our network</title></head></html>";
/// What systems call a connection that the other side broke, and what is told where its end was seen first.
const BROKEN: [&str; 5] = [
    "the answer ended early",
    "the connection ended before the answer",
    "Connection reset by peer",
    "Broken pipe",
    "forcibly closed by the remote host",
];
const BETWEEN: &str = "a proxy or a sign-in page of the network stands between";

/// A service of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Sts,
    Portal,
    Oidc,
    SignIn,
}

pub(super) const SERVICES: [Service; 4] = [Service::Sts, Service::Portal, Service::Oidc, Service::SignIn];

impl Service {
    fn speaks_xml(self) -> bool {
        self == Self::Sts
    }

    /// A home whose profile `dev` needs the service, and whatever keeps the other services of it alive.
    fn home(self) -> (Home, Box<dyn Send>) {
        match self {
            Self::Sts => {
                let Scene { sts, home, .. } = Scene::new();
                (home, Box::new(sts))
            }
            Self::Portal | Self::Oidc => {
                let left = if self == Self::Oidc { sso::DEAD } else { sso::FRESH };
                let sso::Desk { home, center, .. } = sso::Desk::new(left);
                (home, Box::new(center))
            }
            Self::SignIn => {
                let login_session::Desk { home, signin, .. } = login_session::Desk::new(login_session::DEAD);
                (home, Box::new(signin))
            }
        }
    }

    /// What comes of asking somebody who is at `url` in its place.
    pub(super) fn ask(self, url: &str, more: &[(&str, &str)]) -> Run {
        let (home, _others) = self.home();
        let variable = match self {
            Self::Sts => "AWS_ENDPOINT_URL_STS",
            Self::Portal => "AWS_ENDPOINT_URL_SSO",
            Self::Oidc => "AWS_ENDPOINT_URL_SSO_OIDC",
            Self::SignIn => "AWS_ENDPOINT_URL_SIGNIN",
        };
        let run = home.keyfob(["process", "--profile", "dev"]).env(variable, url).env("AWS_MAX_ATTEMPTS", "1");
        more.iter().fold(run, |run, (name, value)| run.env(name, value)).any_code().any_stdout().any_stderr().run()
    }
}

/// Asks every service in whose place the stranger is, and expects an error with this cause.
#[track_caller]
pub(super) fn each(services: &[Service], words: &[u8], then: &Then, cause: &str) {
    each_says_one_of(services, words, then, &[cause]);
}

/// The same where what is told hangs on who was quicker, or on the system.
#[track_caller]
fn each_says_one_of(services: &[Service], words: &[u8], then: &Then, causes: &[&str]) {
    let stranger = Stranger::saying(words, then.clone());
    let url = format!("http://{}", stranger.address());
    let faults: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = services.iter().map(|service| (service, scope.spawn(|| service.ask(&url, &[])))).collect();
        let faults = runs.into_iter().filter_map(|(service, run)| {
            let run = run.join().expect("the run is as any other");
            let is_among = causes.iter().any(|cause| run.stderr.contains(cause));
            let is_told = run.code != 0 && run.stdout.is_empty() && is_among;
            (!is_told).then(|| format!("{service:?}: {} {:?} {}", run.code, run.elapsed, run.stderr))
        });
        faults.collect()
    });
    assert!(
        faults.is_empty(),
        "{causes:?} is not what is told of {:?}:\n{}",
        String::from_utf8_lossy(words),
        faults.concat()
    );
}

fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[test]
fn sign_in_pages_of_networks_are_named_as_such() {
    const HTML: &str = "Content-Type: text/html\r\n";
    let redirect = format!("the answer is a redirect, which is not followed: {BETWEEN} (HTTP 302)");
    for (words, cause) in [
        (answer("200 OK", HTML, PAGE), format!("the answer is a web page: {BETWEEN} (HTTP 200)")),
        (answer("200 OK", HTML, "\r\n<HTML>please pay"), format!("the answer is a web page: {BETWEEN} (HTTP 200)")),
        (answer("200 OK", HTML, "<html><p>well-formed</p></html>"), format!("the answer is a web page: {BETWEEN}")),
        (answer("403 Forbidden", HTML, PAGE), format!("the answer is a web page: {BETWEEN} (HTTP 403)")),
        (answer("302 Found", "Location: http://portal.example.test/?token=MARKERsecret\r\n", ""), redirect),
        (
            answer("511 Network Authentication Required", HTML, PAGE),
            format!("the network wants a sign-in first: {BETWEEN} (HTTP 511)"),
        ),
    ] {
        each(&SERVICES, &words, &Then::Closes, &cause);
    }
}

#[test]
fn bodies_that_are_cut_endless_or_empty_are_told() {
    let length = |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{{\"a\":").into_bytes();
    let chunked = |rest: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{rest}").into_bytes();
    for (words, then, cause) in [
        (length(100), Then::Closes, "the answer ended early"),
        (chunked("5\r\n{\"a\":\r\n"), Then::Closes, "the answer ended early"),
        (chunked("zz\r\n{\"a\":\r\n"), Then::Closes, "the answer ended early"),
        (length(1024 * 1024 * 1024), Then::Repeats("1,"), "the answer is larger than 1 MiB"),
        (b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), Then::Repeats("  "), "the answer is larger than 1 MiB"),
        (chunked(""), Then::Repeats("2\r\n  \r\n"), "the answer is larger than 1 MiB"),
        (answer("200 OK", "", ""), Then::Closes, "the answer is empty (HTTP 200)"),
        (answer("403 Forbidden", "", ""), Then::Closes, "the answer is empty (HTTP 403)"),
        (answer("204 No Content", "", ""), Then::Closes, "(HTTP 204)"),
    ] {
        each(&SERVICES, &words, &then, cause);
    }
    each_says_one_of(&SERVICES, &length(100), &Then::Resets, &BROKEN);
}

#[test]
fn bodies_of_another_format_are_told() {
    let gzip = "Content-Encoding: gzip\r\n";
    let other = "the answer is not one of AWS's (HTTP 200)";
    for (words, cause) in [
        (answer("200 OK", gzip, "\x1f\u{8b}\u{8}"), "the answer is compressed, which was not asked for"),
        (answer("200 OK", "", "words"), other),
        ([answer("200 OK", "", "12345"), b"\xff".to_vec()].concat(), other),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\"\xff\"".to_vec(), "the answer is not text (HTTP 200)"),
    ] {
        each(&SERVICES, &words, &Then::Closes, cause);
    }
    let (of_xml, of_json): (Vec<_>, Vec<_>) = SERVICES.into_iter().partition(|service| service.speaks_xml());
    let nested = "<a>".repeat(100_000);
    let doubled = format!(
        "<R><Credentials>{0}{0}</Credentials></R>",
        "<AccessKeyId>A</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>x</SessionToken>\
         <Expiration>2099-01-02T03:04:05Z</Expiration>"
    );
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";
    for (body, cause) in [
        (r#"{"message":"no"}"#, other),
        (nested.as_str(), other),
        (&format!("{nested}{}", "</a>".repeat(100_000)), "the answer lacks what was asked for"),
        (&doubled, "the answer lacks what was asked for"),
        (bomb, other),
    ] {
        each(&of_xml, &answer("200 OK", "Content-Type: text/xml\r\n", body), &Then::Closes, cause);
    }
    let lacking = "the answer lacks what was asked for (HTTP 200)";
    let doubled = r#"{"roleCredentials":{},"roleCredentials":{},"accessToken":"a","accessToken":"b"}"#;
    for (body, cause) in [
        ("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", other),
        (&"[".repeat(100_000), other),
        (&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), other),
        (doubled, lacking),
        ("[]", other),
        ("null", other),
        ("{}", lacking),
    ] {
        each(&of_json, &answer("200 OK", "Content-Type: application/json\r\n", body), &Then::Closes, cause);
    }
}

/// Each with an answer that can be read, or without.
#[test]
fn odd_heads_are_read_or_told() {
    let xml = "<ErrorResponse><Error><Code>SomethingNew</Code></Error></ErrorResponse>";
    let json = r#"{"__type":"SomethingNew","message":"no"}"#;
    for (service, body) in [(Service::Sts, xml), (Service::Portal, json)] {
        let refusal = answer("400 Bad Request", "Content-Type: text/plain\r\n", body);
        let refusal = String::from_utf8(refusal).expect("it is ASCII");
        for words in [
            refusal.clone(),
            refusal.replace("HTTP/1.1", "HTTP/1.0"),
            format!("HTTP/1.1 100 Continue\r\n\r\n{refusal}"),
            refusal.replace(
                "Content-Type",
                "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nContent-Type",
            ),
        ] {
            each(&[service], words.as_bytes(), &Then::Closes, "SomethingNew");
        }
    }
    for (words, then, cause) in [
        (&b"SSH-2.0-OpenSSH_10.0\r\n"[..], Then::Closes, "the answer is not HTTP as it should be"),
        (b"", Then::Closes, "the connection ended before the answer"),
        (b"HTTP/1.1 200 OK\r\nX-", Then::Closes, "the connection ended before the answer"),
        (b"HTTP/1.1 200 OK\r\n", Then::Repeats("X: y\r\n"), "the answer is not HTTP as it should be"),
        (b"HTTP/1.1 200 OK\r\nX: ", Then::Repeats("y"), "the answer's head is endless"),
        (b"HTTP/1.1 999\r\n\r\n", Then::Closes, "the answer is empty (HTTP 999)"),
    ] {
        each(&SERVICES, words, &then, cause);
    }
    each_says_one_of(&SERVICES, b"", &Then::Resets, &BROKEN);
}
