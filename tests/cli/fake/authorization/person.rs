//! The person who signs in: opens the URL that keyfob shows, and allows or denies what the page asks.

use std::net::{SocketAddr, TcpStream};

use super::super::{
    answer::{self, Answer},
    form, tls,
};

/// Who has the pages, whatever host their URLs name.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) address: SocketAddr,
    /// The authority to trust, if it speaks https.
    pub(crate) ca_pem: Option<&'a str>,
}

/// The page that asks, before a decision.
pub(crate) struct Consent<'a> {
    site: Site<'a>,
    base: String,
    page: String,
}

impl<'a> Site<'a> {
    /// Opens the URL that keyfob shows.
    #[track_caller]
    pub(crate) fn visit(self, url: &str) -> Consent<'a> {
        let answer = self.page(url);
        assert_eq!(answer.status, "200", "{}", answer.body);
        let (host, _) = answer::split(url);
        let base = url.split_inclusive(host).next().expect("the host is in the URL").to_owned();
        Consent { site: self, base, page: answer.body }
    }

    /// What a browser gets.
    #[track_caller]
    pub(crate) fn page(self, url: &str) -> Answer {
        let stream = TcpStream::connect(self.address).expect("the fake listens");
        let (host, _) = answer::split(url);
        let answer = match self.ca_pem {
            None => Answer::get(stream, url).map(|(answer, _)| answer),
            Some(pem) => Answer::get(tls::connect(pem, host, stream), url).map(|(answer, _)| answer),
        };
        answer.expect("the fake answers in full")
    }
}

impl Consent<'_> {
    /// The URL that the browser is sent to: keyfob's listener, or the service's last page. If there is something to
    /// copy on that page, then this instead.
    #[track_caller]
    pub(crate) fn allow(&self) -> String {
        let location = self.click("allow");
        if !location.starts_with(&self.base) {
            return location;
        }
        let answer = self.site.page(&location);
        assert_eq!(answer.status, "200", "{}", answer.body);
        between(&answer.body, "id=\"code\">", "<").map_or(location, str::to_owned)
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

    #[track_caller]
    fn click(&self, id: &str) -> String {
        let link = between(&self.page, &format!("id=\"{id}\" href=\""), "\"");
        let link = link.unwrap_or_else(|| panic!("nothing to {id} in {}", self.page));
        let answer = self.site.page(&format!("{}{link}", self.base));
        assert_eq!(answer.status, "302", "{}", answer.body);
        answer.headers["location"].clone()
    }
}

/// No real reader of HTML.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    page.split_once(begin).and_then(|(_, rest)| rest.split_once(end)).map(|(text, _)| text)
}
