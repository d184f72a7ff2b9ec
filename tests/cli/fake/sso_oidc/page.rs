//! The pages that a person sees, and where their links lead.

use super::super::{
    authorization::{
        Authorization,
        page::{consent, frame, trouble},
    },
    form::Fields,
    http::{Reply, Request},
    identity_center::desk::Endpoint,
};
use super::judge::Rules;

/// Where a device code is entered.
pub(super) const DEVICE: &str = "/device";
/// Where that ends.
const END: &str = "/device/end";
/// Below it are the links of the page that asks for an authorization code.
const CONSENT: &str = "/consent/";

impl Rules {
    /// What a person is shown, or the rule that the request breaks; `None` if the request is for no page.
    pub(super) fn page(&mut self, request: &Request, endpoint: &Endpoint) -> Option<Result<Reply, String>> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        if request.method != "GET" {
            return None;
        }
        let page = match path {
            "/favicon.ico" => return Some(Ok(Reply::new(404))),
            "/authorize" => self.ask_for_code(query),
            DEVICE => Ok(self.ask_for_device(query)),
            END => Ok(Reply::html(200, &frame("<p>You may close this window.</p>"))),
            _ => match self.decide(path, &endpoint.base) {
                Some(location) => Ok(Reply::new(302).header("Location", &location)),
                None => Err(format!("nobody was asked for {path}")),
            },
        };
        Some(endpoint.check_host(request).and(page))
    }

    fn ask_for_code(&mut self, query: &str) -> Result<Reply, String> {
        let mut fields = Fields::read(query)?;
        for (name, wanted) in [("response_type", "code"), ("code_challenge_method", "S256")] {
            fields.take_only(name, wanted)?;
        }
        let scopes = fields.take("scopes")?;
        let authorization = Authorization::take(&mut fields)?;
        fields.finish()?;
        let Authorization { client_id, redirect_uri, .. } = &authorization;
        // The one redirect of all registrations, with whatever port.
        if !authorization.is_loopback() {
            return Err(format!("redirect_uri is {redirect_uri:?}, which was not registered"));
        }
        let client = self.clients.find(client_id, self.now());
        let client = match client.and_then(|client| client.check_kind(true).map(|()| client)) {
            Ok(client) => client,
            Err(refusal) => return Ok(Reply::html(400, &trouble(&refusal.message))),
        };
        if client.scopes.join(" ") != scopes {
            return Err(format!("scopes are {scopes:?}, not {:?} as registered", client.scopes));
        }
        let name = client.name.clone();
        let number = self.codes.ask(authorization);
        Ok(Reply::html(200, &consent(&name, &format!("{CONSENT}{number}"))))
    }

    /// Asks for the code, unless the address tells it, and then for a decision.
    fn ask_for_device(&self, query: &str) -> Reply {
        const ENTER: &str = "<form action=\"/device\"><p><label>Code \
            <input id=\"user_code\" name=\"user_code\"></label> <button id=\"next\">Next</button></p></form>";
        let user_code = query.strip_prefix("user_code=").unwrap_or_default();
        let Some(authorization) = self.devices.find(user_code, self.now()) else {
            let status = if query.is_empty() { 200 } else { 400 };
            return Reply::html(status, &frame(ENTER));
        };
        let client = self.clients.find(&authorization.client_id, self.now());
        let name = client.map_or_else(|_| "Nobody".to_owned(), |client| client.name.clone());
        Reply::html(200, &consent(&name, &format!("{DEVICE}/{user_code}")))
    }

    /// Where the browser goes after a decision.
    fn decide(&mut self, path: &str, base: &str) -> Option<String> {
        let now = self.now();
        if let Some(decision) = path.strip_prefix(CONSENT) {
            return self.codes.decide(decision, now);
        }
        let (user_code, answer) = path.strip_prefix(DEVICE)?.strip_prefix('/')?.split_once('/')?;
        let approves = match answer {
            "allow" => true,
            "deny" => false,
            _ => return None,
        };
        self.devices.decide(user_code, approves, now)?;
        Some(format!("{base}{END}"))
    }
}
