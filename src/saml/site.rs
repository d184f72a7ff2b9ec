//! Asking for the pages of one sign-in: over whose connections, with which cookies, and to where redirects lead.
//!
//! - Passwords go to the server of the sign-on address alone. Others are asked for their pages, and told nothing.
//! - From an encrypted page nothing leads to one that is not.

use super::address::Address;
use super::cookies::Jar;
use crate::api::http::{Client, Request, Response};
use crate::context::Clock;
use crate::error::Error;
use crate::secret::Secret;
use std::rc::Rc;
use std::time::Instant;
use zeroize::Zeroizing;

/// Why a sign-in comes no further.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: String,
    /// What can be done.
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Error { message, cause, hint, .. } = error;
        Self { cause: cause.map_or(message.clone(), |cause| format!("{message}: {cause}")), hint }
    }
}

/// One visit to the servers of a provider.
pub(crate) struct Site<'a> {
    /// Makes a client for a URL.
    pub(crate) connect: &'a dyn Fn(&str) -> Result<Client, Error>,
    pub(crate) clock: &'a Clock,
    /// The sign-on address.
    pub(crate) endpoint: Address,
    /// When the calls before the next answer of a person are to have ended.
    pub(crate) deadline: Instant,
}

/// What goes with a request besides its address.
#[derive(Clone, Copy, Default)]
pub(super) struct Carrying<'a> {
    pub(super) authorization: Option<&'a Secret>,
    /// A form.
    pub(super) body: Option<&'a Secret>,
}

/// The state of a visit.
pub(super) struct Browsing<'a> {
    site: Site<'a>,
    /// What the browser calls itself.
    name: &'static str,
    clients: Vec<(String, Rc<Client>)>,
    jar: Jar,
}

/// A page, or whatever came.
pub(super) struct Arrived {
    /// Where it is, after all redirects.
    pub(super) address: Address,
    pub(super) status: u16,
    /// The values of `WWW-Authenticate`.
    pub(super) challenges: Vec<String>,
    pub(super) text: Secret,
}

impl<'a> Browsing<'a> {
    pub(super) fn new(site: Site<'a>, name: &'static str) -> Self {
        Self { site, name, clients: Vec::new(), jar: Jar::default() }
    }

    pub(super) fn endpoint(&self) -> &Address {
        &self.site.endpoint
    }

    #[cfg(feature = "ntlm")]
    pub(super) fn clock(&self) -> &Clock {
        self.site.clock
    }

    /// Sets another deadline, after a person was asked.
    pub(super) fn go_on(&mut self, deadline: Instant) {
        self.site.deadline = deadline;
    }

    /// Whether this is the server that may have the password.
    pub(super) fn is_at_home(&self, address: &Address) -> bool {
        address.origin() == self.site.endpoint.origin()
    }

    /// An error unless it is.
    pub(super) fn only_at_home(&self, address: &Address) -> Result<(), Failure> {
        if self.is_at_home(address) {
            return Ok(());
        }
        let (host, home) = (address.host(), self.site.endpoint.host());
        Err(Failure::new(format!("the sign-in leads to another server, {host}, which the password is not sent to"))
            .hint(format!("if {host} is to have it, set saml_endpoint to its own sign-on URL; it is now at {home}")))
    }

    /// Goes to an address, and on to where that leads. What is carried goes to the first address alone; a form may be
    /// asked for again by its own server.
    pub(super) fn visit(&mut self, address: &Address, carrying: Carrying<'_>) -> Result<Arrived, Failure> {
        const MOST_REDIRECTS: usize = 10;
        let (mut address, mut carrying) = (address.clone(), carrying);
        for _ in 0..=MOST_REDIRECTS {
            let response = self.send(&address, carrying)?;
            let Some(location) = response.location.as_deref().filter(|_| (300..400).contains(&response.status)) else {
                return Self::arrived(address, response);
            };
            let next = address.join(location).filter(|next| self.may_follow(next));
            let next = next.ok_or_else(|| led_astray(&address))?;
            let is_repeated = matches!(response.status, 307 | 308) && carrying.body.is_some();
            if is_repeated {
                self.only_at_home(&next)?;
            }
            carrying = Carrying { authorization: None, body: carrying.body.filter(|_| is_repeated) };
            address = next;
        }
        Err(Failure::new(format!("{} redirects again and again", address.host())))
    }

    /// Plain HTTP is for servers on this machine, and for a sign-in that has begun there.
    fn may_follow(&self, next: &Address) -> bool {
        next.is_encrypted() || (!self.site.endpoint.is_encrypted() && next.keeps_secrets())
    }

    fn arrived(address: Address, response: Response) -> Result<Arrived, Failure> {
        let Response { status, challenges, body, .. } = response;
        let body = body.map(Zeroizing::new).map_err(|why| Failure::new(format!("{}: {why}", address.host())))?;
        let text = Secret::new(String::from_utf8_lossy(&body));
        Ok(Arrived { address, status, challenges, text })
    }

    fn send(&mut self, address: &Address, carrying: Carrying<'_>) -> Result<Response, Failure> {
        let client = self.client(address)?;
        let origin = address.origin();
        let cookies = self.jar.header(&origin);
        let mut headers = vec![("user-agent", self.name), ("accept", "text/html, */*;q=0.5")];
        headers.extend(cookies.as_ref().map(|cookies| ("cookie", cookies.expose())));
        if carrying.authorization.is_some() || carrying.body.is_some() {
            self.only_at_home(address)?;
        }
        headers.extend(carrying.authorization.map(|value| ("authorization", value.expose())));
        headers.extend(carrying.body.map(|_| ("content-type", "application/x-www-form-urlencoded")));
        let body = carrying.body.map(|body| body.expose().as_bytes());
        let left = self.site.deadline.saturating_duration_since(Instant::now());
        let host = address.host();
        if left.is_zero() {
            return Err(Failure::new(format!("{host}: no answer in time")));
        }
        let response = client.send(&Request { url: address.as_str(), headers: &headers, body }, left);
        let response = response.map_err(|why| {
            let failure = Failure::new(format!("{host}: {why}"));
            let trust = "name your organisation's certificates in AWS_CA_BUNDLE or the profile's ca_bundle";
            let network = "check saml_endpoint, the network, and HTTPS_PROXY and NO_PROXY";
            failure.hint(if why.untrusted { trust } else { network })
        })?;
        for line in &response.cookies {
            self.jar.set(&origin, line, self.site.clock.now());
        }
        Ok(response)
    }

    /// The client for a server; NTLM goes by connections, which it keeps.
    fn client(&mut self, address: &Address) -> Result<Rc<Client>, Failure> {
        let origin = address.origin();
        if let Some((_, client)) = self.clients.iter().find(|(known, _)| *known == origin) {
            return Ok(Rc::clone(client));
        }
        let client = Rc::new((self.site.connect)(address.as_str())?);
        self.clients.push((origin, Rc::clone(&client)));
        Ok(client)
    }
}

fn led_astray(from: &Address) -> Failure {
    Failure::new(format!("{} redirects to something that is no https address", from.host()))
}
