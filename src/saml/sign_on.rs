//! The way from a provider's sign-on address to its assertion: HTTP authentication, or the form in the page.
//!
//! What comes after the password, a second factor say, is more than can be done here; `saml_process` is for that.

use super::address::Address;
use super::assertion::FIELD;
use super::form::Page;
use super::site::{Arrived, Browsing, Carrying, Failure, Site};
#[cfg(not(feature = "ntlm"))]
use super::way::not_built;
use super::way::{Way, offered};
use crate::api::RESERVED;
use crate::secret::Secret;
use base64ct::{Base64, Encoding};
use percent_encoding::utf8_percent_encode;
use std::time::Instant;

/// Who signs in.
pub(crate) struct Credential {
    /// As the person or the profile says it: `jane`, `jane@example.com`, `CORP\jane`.
    pub(crate) user: String,
    pub(crate) domain: Option<String>,
    pub(crate) password: Secret,
}

impl Credential {
    /// The user with the domain: `CORP\jane`. A name that has one stays as it is.
    pub(crate) fn full_name(user: &str, domain: Option<&str>) -> String {
        match domain {
            Some(domain) if !user.contains(['\\', '@']) => format!("{domain}\\{user}"),
            _ => user.to_owned(),
        }
    }

    fn name(&self) -> String {
        Self::full_name(&self.user, self.domain.as_deref())
    }

    /// <https://www.rfc-editor.org/rfc/rfc7617#section-2>
    fn basic(&self) -> Result<Secret, Failure> {
        let name = self.name();
        if name.contains(':') {
            return Err(Failure::new(format!("the name \"{name}\" has a colon, which cannot be sent by Basic"))
                .hint("check saml_user and saml_domain"));
        }
        let pair = Secret::new(format!("{name}:{}", self.password.expose()));
        let encoded = Secret::new(Base64::encode_string(pair.expose().as_bytes()));
        Ok(Secret::new(format!("Basic {}", encoded.expose())))
    }
}

/// A sign-in that has begun.
pub(crate) struct Visit<'a> {
    browsing: Browsing<'a>,
    door: Door,
}

/// What one stands before.
enum Door {
    /// Nobody was asked for anything.
    Open(Secret),
    /// Authentication by HTTP.
    Http {
        way: Way,
        address: Address,
    },
    Form {
        address: Address,
        page: Page,
    },
}

/// What came of a try.
pub(crate) enum Entered {
    /// A response in base64.
    Assertion(Secret),
    /// Another password may do; with what the provider says, where it does.
    Refused(Option<String>),
    /// The server took it in, and shows something that leads no further.
    Stuck(Failure),
}

impl<'a> Visit<'a> {
    /// Goes to the sign-on address, and sees what is asked for there.
    pub(crate) fn open(site: Site<'a>, way: Option<Way>) -> Result<Self, Failure> {
        let mut browsing = Browsing::new(site, Way::browser(way));
        let endpoint = browsing.endpoint().clone();
        let arrived = browsing.visit(&endpoint, Carrying::default())?;
        let door = door(&browsing, arrived, way)?;
        Ok(Self { browsing, door })
    }

    /// The assertion, where nobody has to say who they are.
    pub(crate) fn is_open(&self) -> Option<&Secret> {
        if let Door::Open(response) = &self.door { Some(response) } else { None }
    }

    /// What besides a wrong password may be behind a refusal.
    pub(crate) fn other_reasons(&self) -> &'static str {
        match self.door {
            Door::Http { way: Way::Ntlm | Way::Negotiate, .. } => {
                "; a server that requires Extended Protection refuses every password, and so does one behind a proxy that \
                 changes connections"
            }
            _ => "",
        }
    }

    /// Lets the calls take until then, after a person was asked.
    pub(crate) fn go_on(&mut self, deadline: Instant) {
        self.browsing.go_on(deadline);
    }

    /// Tries to get in.
    pub(crate) fn enter(&mut self, who: &Credential) -> Result<Entered, Failure> {
        let (arrived, of_form) = match &self.door {
            Door::Open(response) => return Ok(Entered::Assertion(response.clone())),
            Door::Http { way, address } => {
                let (way, address) = (*way, address.clone());
                match self.authenticate(way, address, who)? {
                    Some(arrived) => (arrived, None),
                    None => return Ok(Entered::Refused(None)),
                }
            }
            Door::Form { address, page } => {
                let (action, body) = filled(&self.browsing, address, page, who)?;
                let field = page.asking().map(|asking| asking.password.to_owned());
                (self.browsing.visit(&action, Carrying { body: Some(&body), authorization: None })?, field)
            }
        };
        self.judge(arrived, of_form.as_deref(), who)
    }

    /// What a page means that comes after the password. `field` is the name under which it was sent.
    fn judge(&mut self, arrived: Arrived, field: Option<&str>, who: &Credential) -> Result<Entered, Failure> {
        if arrived.status == 401 {
            return Ok(Entered::Refused(None));
        }
        let mut page = Page::read(arrived.text.expose());
        if let Some(response) = page.hidden(FIELD) {
            return Ok(Entered::Assertion(response.clone()));
        }
        page.withhold(who.password.expose());
        let asks_again = field.is_some() && page.asking().map(|asking| asking.password) == field;
        if asks_again {
            let complaint = page.complaint.clone();
            self.door = Door::Form { address: arrived.address, page };
            return Ok(Entered::Refused(complaint));
        }
        let failure = dead_end(&arrived, &page);
        // A server in trouble may not have looked at it.
        if arrived.status >= 500 { Err(failure) } else { Ok(Entered::Stuck(failure)) }
    }

    /// Says who somebody is by HTTP, wherever on the way their own server asks. `None`: it did not believe it.
    fn authenticate(&mut self, way: Way, address: Address, who: &Credential) -> Result<Option<Arrived>, Failure> {
        // A page behind the first one may ask, too; but each time that a wrong password is sent may count as a try.
        const MOST_SENT: usize = 2;
        const MOST_PAGES: usize = 5;
        let (mut address, mut seen, mut sent) = (address, Vec::new(), 0);
        while sent < MOST_SENT && seen.len() < MOST_PAGES && !seen.contains(&address) {
            self.browsing.only_at_home(&address)?;
            let (arrived, is_sent) = match way {
                Way::Basic => {
                    let basic = who.basic()?;
                    (self.browsing.visit(&address, Carrying { authorization: Some(&basic), body: None })?, true)
                }
                Way::Ntlm | Way::Negotiate => ntlm(&mut self.browsing, way, &address, who)?,
                Way::Form => return Ok(None),
            };
            if arrived.status != 401 {
                return Ok(Some(arrived));
            }
            sent += usize::from(is_sent);
            if sent > 0 && !self.browsing.is_at_home(&arrived.address) {
                return Ok(None);
            }
            seen.push(std::mem::replace(&mut address, arrived.address));
        }
        match sent {
            0 => Err(Failure::new(format!("{} redirects again and again", address.host()))),
            _ => Ok(None),
        }
    }
}

/// What an answer to somebody whom nobody knows yet asks for.
fn door(browsing: &Browsing<'_>, arrived: Arrived, way: Option<Way>) -> Result<Door, Failure> {
    if arrived.status == 401 {
        browsing.only_at_home(&arrived.address)?;
        return Ok(Door::Http { way: offered(&arrived, way)?, address: arrived.address });
    }
    let page = Page::read(arrived.text.expose());
    if let Some(response) = page.hidden(FIELD) {
        return Ok(Door::Open(response.clone()));
    }
    if page.asking().is_none() || arrived.status >= 400 {
        return Err(dead_end(&arrived, &page));
    }
    if let Some(way) = way.filter(|way| *way != Way::Form) {
        let failure = Failure::new(format!("{} asks by a form, and not by {}", arrived.address.host(), way.word()));
        return Err(failure.hint("set saml_authentication to form, or unset it"));
    }
    browsing.only_at_home(&arrived.address)?;
    Ok(Door::Form { address: arrived.address, page })
}

/// The body of a form with who somebody is in it, and where it goes.
fn filled(
    browsing: &Browsing<'_>,
    address: &Address,
    page: &Page,
    who: &Credential,
) -> Result<(Address, Secret), Failure> {
    let host = address.host();
    let Some(asking) = page.asking() else {
        return Err(Failure::new(format!("the page of {host} asks for no password")));
    };
    if !asking.is_post {
        return Err(Failure::new(format!("the form of {host} would put the password into a URL")));
    }
    let action = match asking.action {
        Some(action) => page
            .base
            .as_deref()
            .map_or(Some(address.clone()), |base| address.join(base))
            .and_then(|base| base.join(action)),
        None => Some(address.clone()),
    };
    let action = action.ok_or_else(|| Failure::new(format!("the form of {host} leads to no web address")))?;
    browsing.only_at_home(&action)?;
    let name = who.name();
    let own = asking.user.map(|field| (field, name.as_str()));
    let others = asking.others.iter().map(|(field, value)| (*field, value.expose()));
    let fields: Vec<_> = own.into_iter().chain([(asking.password, who.password.expose())]).chain(others).collect();
    // A text that grows leaves copies behind; an escaped letter is three.
    let longest = fields.iter().map(|(field, value)| 3 * (field.len() + value.len()) + "&=".len()).sum();
    let mut body = String::with_capacity(longest);
    for (field, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        body.extend(utf8_percent_encode(field, RESERVED));
        body.push('=');
        body.extend(utf8_percent_encode(value, RESERVED));
    }
    Ok((action, Secret::new(body)))
}

/// A page with which nothing can be done.
fn dead_end(arrived: &Arrived, page: &Page) -> Failure {
    let host = arrived.address.host();
    let title = page.title.as_deref().map(|title| format!(" \"{title}\"")).unwrap_or_default();
    let complaint = page.complaint.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    if arrived.status >= 400 {
        return Failure::new(format!("{host} answers with HTTP {}{title}{complaint}", arrived.status))
            .hint("check saml_endpoint: open it in a browser");
    }
    Failure::new(format!("{host} shows a page{title} that keyfob cannot fill in{complaint}")).hint(
        "open saml_endpoint in a browser to see it; for a second factor or consent, let another program sign in, and name \
         it in saml_process",
    )
}

/// Asks for a page with the three messages; also says whether the last one was sent.
#[cfg(feature = "ntlm")]
fn ntlm(
    browsing: &mut Browsing<'_>,
    way: Way,
    address: &Address,
    who: &Credential,
) -> Result<(Arrived, bool), Failure> {
    use super::ntlm::{Challenge, NEGOTIATE, User};
    let header = |message: &[u8]| Secret::new(format!("{} {}", way.word(), Base64::encode_string(message)));
    let first = browsing.visit(address, Carrying { authorization: Some(&header(&NEGOTIATE)), body: None })?;
    // An answer goes only to the page that has asked, on the connection on which it did.
    if first.status != 401 || first.address != *address {
        return Ok((first, false));
    }
    let challenge = first.challenges.iter().filter_map(|line| line.split_once(' ')).find_map(|(scheme, message)| {
        let message = scheme.eq_ignore_ascii_case(way.word()).then(|| Base64::decode_vec(message.trim()).ok())??;
        Challenge::parse(&message)
    });
    let Some(challenge) = challenge else {
        return Err(Failure::new(format!("{} does not answer by the rules of NTLM", address.host())));
    };
    let user = User::of(&who.user, who.domain.as_deref(), &who.password);
    let now = browsing.clock().now().to_system_time();
    let answer = challenge.answer(&user, crate::random::bytes(), now);
    Ok((browsing.visit(address, Carrying { authorization: Some(&header(&answer)), body: None })?, true))
}

#[cfg(not(feature = "ntlm"))]
fn ntlm(_: &mut Browsing<'_>, _: Way, address: &Address, _: &Credential) -> Result<(Arrived, bool), Failure> {
    Err(not_built(&Failure::new(format!("{} wants NTLM", address.host()))))
}

#[cfg(test)]
mod tests;
