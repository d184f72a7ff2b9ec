//! The person who signs in: opens the URL that keyfob shows, and allows or denies what the page asks.

use std::net::TcpStream;

use super::{
    super::{
        answer::{self, Answer},
        form, tls,
    },
    SignIn,
};

/// The page that asks, before a decision.
pub(crate) struct Consent<'a> {
    signin: &'a SignIn,
    base: String,
    page: String,
}

impl SignIn {
    /// Opens the URL that keyfob shows.
    #[track_caller]
    pub(crate) fn visit(&self, url: &str) -> Consent<'_> {
        let answer = self.page(url);
        assert_eq!(answer.status, "200", "{}", answer.body);
        let (host, _) = answer::split(url);
        let base = url.split_inclusive(host).next().expect("the host is in the URL").to_owned();
        Consent { signin: self, base, page: answer.body }
    }

    /// What the service answers a browser, wherever the name in the URL may lead.
    #[track_caller]
    pub(super) fn page(&self, url: &str) -> Answer {
        let stream = TcpStream::connect(self.address()).expect("the fake listens");
        let (host, _) = answer::split(url);
        let answer = match self.ca_pem() {
            None => Answer::get(stream, url).map(|(answer, _)| answer),
            Some(pem) => Answer::get(tls::connect(pem, host, stream), url).map(|(answer, _)| answer),
        };
        answer.expect("the fake answers in full")
    }
}

impl Consent<'_> {
    /// The URL of keyfob's listener that the browser is sent to; in a remote sign-in, the text to copy.
    #[track_caller]
    pub(crate) fn allow(&self) -> String {
        let location = self.click("allow");
        if location.starts_with(&self.base) { self.copy(&location) } else { location }
    }

    /// The code alone, as whoever reads the redirect finds it.
    #[track_caller]
    pub(crate) fn allowed_code(&self) -> String {
        let location = self.click("allow");
        let (_, query) = location.split_once('?').expect("a redirect has parameters");
        let parameters = form::parse(query.as_bytes()).expect("the fake escapes as it demands it");
        let code = parameters.into_iter().find(|(name, _)| name == "code");
        code.expect("who is allowed gets a code").1
    }

    /// The URL that the browser is sent to.
    #[track_caller]
    pub(crate) fn deny(&self) -> String {
        self.click("deny")
    }

    fn click(&self, id: &str) -> String {
        let link = between(&self.page, &format!("id=\"{id}\" href=\""), "\"");
        let answer = self.signin.page(&format!("{}{link}", self.base));
        assert_eq!(answer.status, "302", "{}", answer.body);
        answer.headers["location"].clone()
    }

    fn copy(&self, url: &str) -> String {
        let answer = self.signin.page(url);
        assert_eq!(answer.status, "200", "{}", answer.body);
        between(&answer.body, "id=\"code\">", "<").to_owned()
    }
}

/// No real reader of HTML.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = page.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    rest.map_or_else(|| panic!("no {begin} in {page}"), |(text, _)| text)
}
