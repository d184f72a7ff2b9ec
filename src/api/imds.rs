//! The metadata service of EC2 instances, of which every instance can ask what it is. Version 2 alone: each question
//! bears a token that was asked for first, which nobody can be tricked into from outside.
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>

use super::endpoint::{self, Region};
use super::http::{Client, Request, Response, TransportError};
use super::retry::{self, Retry};
use super::role_document::{self, LARGEST};
use super::{Answer, Reason, ServiceError};
use crate::credentials::Credentials;
use crate::secret::Secret;
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Where it is, from every instance.
pub(crate) const IPV4: &str = "http://169.254.169.254";
pub(crate) const IPV6: &str = "http://[fd00:ec2::254]";

/// One visit to the service: a token, and questions that bear it.
pub(crate) struct Imds<'a> {
    client: &'a Client,
    /// Without a slash at its end.
    url: &'a str,
    limits: Limits,
    token: RefCell<Option<Secret>>,
}

/// How long to wait, and how often to ask again.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// For one request. The service is on the instance's own host, and where there is none nobody should wait for it.
    pub(crate) timeout: Duration,
    /// Tries of each request.
    pub(crate) max_attempts: u32,
    /// Whether a request is made again that was not answered. Mostly there is nobody to answer.
    pub(crate) retries_silence: bool,
    /// All requests together end by then.
    pub(crate) deadline: Instant,
}

/// The two places at which an instance has the credentials of its role. The newer one tells their account, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Extended,
    Plain,
}

impl Place {
    fn path(self) -> &'static str {
        match self {
            Self::Extended => "/latest/meta-data/iam/security-credentials-extended/",
            Self::Plain => "/latest/meta-data/iam/security-credentials/",
        }
    }
}

/// Whether a text is made like the names of roles and instance profiles, and so can stand in a path.
pub(crate) fn is_role_name(text: &str) -> bool {
    const LONGEST: usize = 128;
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    let is_dots = text.bytes().all(|byte| byte == b'.');
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_fit) && !is_dots
}

impl<'a> Imds<'a> {
    pub(crate) fn new(client: &'a Client, url: &'a str, limits: Limits) -> Self {
        Self { client, url, limits, token: RefCell::default() }
    }

    /// The token for all questions: the first answer that tells an instance from every other machine.
    pub(crate) fn token(&self) -> Answer<Secret> {
        const LIFETIME: (&str, &str) = ("x-aws-ec2-metadata-token-ttl-seconds", "21600");
        if let Some(token) = &*self.token.borrow() {
            return Ok(token.clone());
        }
        let url = format!("{}/latest/api/token", self.url);
        let mut tries = Tries { limits: self.limits, made: 0, is_instance: false };
        loop {
            let sent = self.client.put(&url, &[LIFETIME], self.limit());
            match self.understand("PUT token", sent, |body| word(body).map(Secret::new)) {
                Ok(token) => return Ok(self.token.borrow_mut().insert(token).clone()),
                Err(error) => tries.another(error)?,
            }
        }
    }

    /// The name of the instance's role.
    pub(crate) fn role_name(&self, place: Place) -> Answer<String> {
        self.ask("GET role", place.path(), |body| {
            let name = word(body).ok().filter(|name| is_role_name(name));
            name.map(str::to_owned).ok_or_else(|| unreadable("the answer is not the name of a role"))
        })
    }

    /// The credentials of this role.
    pub(crate) fn role_credentials(&self, place: Place, role_name: &str) -> Answer<Credentials> {
        self.ask("GET credentials", &format!("{}{role_name}", place.path()), |body| {
            let token = self.token.borrow();
            let secrets: Vec<&str> = token.iter().map(Secret::expose).collect();
            role_document::credentials(body, &secrets)
        })
    }

    pub(crate) fn region(&self) -> Answer<Region> {
        self.ask("GET region", "/latest/meta-data/placement/region", |body| {
            Region::parse(word(body)?).ok_or_else(|| unreadable("the answer is not the name of a region"))
        })
    }

    fn ask<T>(&self, action: &'static str, path: &str, read: impl Fn(&[u8]) -> Result<T, Reason>) -> Answer<T> {
        let url = format!("{}{path}", self.url);
        let mut tries = Tries { limits: self.limits, made: 0, is_instance: true };
        loop {
            let token = self.token()?;
            let headers = [("x-aws-ec2-metadata-token", token.expose())];
            let sent = self.client.send(&Request { url: &url, headers: &headers, body: None }, self.limit());
            match self.understand(action, sent, &read) {
                Ok(value) => return Ok(value),
                Err(error) => {
                    if error.is_unauthorized() {
                        // The token has ended.
                        self.token.replace(None);
                    }
                    tries.another(error)?;
                }
            }
        }
    }

    /// How long the next request may take.
    pub(crate) fn limit(&self) -> Duration {
        self.limits.timeout.min(self.limits.deadline.saturating_duration_since(Instant::now()))
    }

    fn understand<T>(
        &self,
        action: &'static str,
        sent: Result<Response, TransportError>,
        read: impl Fn(&[u8]) -> Result<T, Reason>,
    ) -> Answer<T> {
        let (answer, retry_after) = match sent {
            Ok(response) => (body(&response).and_then(read), response.retry_after),
            Err(error) => (Err(Reason::Transport(error)), None),
        };
        let host = endpoint::host(self.url).to_owned();
        answer.map_err(|reason| Box::new(ServiceError { action, host, reason, clock_off: None, retry_after }))
    }
}

/// How often one request was made.
struct Tries {
    limits: Limits,
    made: u32,
    /// Whether whoever is asked has answered as an instance's service before.
    is_instance: bool,
}

impl Tries {
    /// Waits until it is time for another one. The error where that would be of no use.
    fn another(&mut self, error: Box<ServiceError>) -> Result<(), Box<ServiceError>> {
        let Limits { max_attempts, deadline, .. } = self.limits;
        let pause = retry::pause(Retry::Broken, self.made, error.retry_after);
        self.made += 1;
        let is_over = self.made >= max_attempts || Instant::now() + pause >= deadline;
        if is_over || !self.may_pass(&error.reason) {
            return Err(error);
        }
        std::thread::sleep(pause);
        Ok(())
    }

    fn may_pass(&self, reason: &Reason) -> bool {
        match reason {
            // A success that cannot be read was cut short on its way; 401 is for a token that has ended.
            Reason::Unreadable { status: 200 | 401, .. } => self.is_instance,
            Reason::Unreadable { status, .. } => matches!(status, 500..600),
            Reason::Transport(error) => self.limits.retries_silence && !error.never_arrived && !error.untrusted,
            Reason::Refused { .. } | Reason::Unsendable => false,
        }
    }
}

fn body(response: &Response) -> Result<&[u8], Reason> {
    let Response { status, body, .. } = response;
    let unreadable = |why: &str| Reason::Unreadable { status: *status, why: why.to_owned(), request_id: None };
    match (status, body) {
        (200, Err(why)) => Err(unreadable(why)),
        (200, Ok(body)) if body.len() > LARGEST => Err(unreadable("the answer is larger than 64 KiB")),
        (200, Ok(body)) => Ok(body),
        (401, _) => Err(unreadable("the token was refused")),
        (403, _) => Err(unreadable("the service is turned off, or does not allow it")),
        (404, _) => Err(unreadable("there is nothing")),
        (500..600, _) => Err(unreadable("the service is in trouble")),
        _ => Err(unreadable("the service did not answer as it does")),
    }
}

fn unreadable(why: &str) -> Reason {
    Reason::Unreadable { status: 200, why: why.to_owned(), request_id: None }
}

/// An answer that is one word: no page of something else that answers there.
fn word(body: &[u8]) -> Result<&str, Reason> {
    let text = str::from_utf8(body).map_err(|_| unreadable("the answer is not text"))?.trim();
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.starts_with('<');
    if is_word { Ok(text) } else { Err(unreadable("the answer is not one word")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_place_in_a_path_are_none() {
        for name in ["a", "Demo", "a.b", "a+b=c,d.e@f-g_h"] {
            assert!(is_role_name(name), "{name}");
        }
        for name in ["", ".", "..", "a/b", "../a", "a b", "a?b", "a#b", "a%2fb", "é", "a\nb", &"a".repeat(129)] {
            assert!(!is_role_name(name), "{name}");
        }
    }

    #[test]
    fn only_what_may_pass_is_asked_again() {
        let limits = |retries_silence| Limits {
            timeout: Duration::ZERO,
            max_attempts: 1,
            retries_silence,
            deadline: Instant::now(),
        };
        let tries = |is_instance, retries_silence| Tries { limits: limits(retries_silence), made: 0, is_instance };
        let status = |status| Reason::Unreadable { status, why: String::new(), request_id: None };
        for (code, of_token, of_question) in [
            (200, false, true),
            (307, false, false),
            (400, false, false),
            (401, false, true),
            (403, false, false),
            (404, false, false),
            (500, true, true),
            (599, true, true),
        ] {
            let reason = status(code);
            let found = [false, true].map(|is_instance| tries(is_instance, false).may_pass(&reason));
            assert_eq!(found, [of_token, of_question], "{code}");
        }
        for retries_silence in [false, true] {
            let silence = Reason::Transport(TransportError::test(true));
            assert_eq!(tries(true, retries_silence).may_pass(&silence), retries_silence);
        }
        let refused = role_document::refused(200, "Failed", "no", &[]);
        assert!(!tries(true, true).may_pass(&refused));
    }

    #[test]
    fn word_is_told_from_a_page() {
        for (body, expected) in [
            (&b"AQAE==\n"[..], Some("AQAE==")),
            (b" role ", Some("role")),
            (b"", None),
            (b"two words", None),
            (b"two\nlines", None),
            (b"<html></html>", None),
            (b"\xff", None),
        ] {
            assert_eq!(word(body).ok(), expected, "{body:?}");
        }
    }
}
