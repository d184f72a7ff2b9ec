//! Signing in to IAM Identity Center, as `aws sso login` does: OAuth with PKCE (RFC 7636) where a browser can come back
//! to this machine, and with a device code (RFC 8628) elsewhere.
//! <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html>
//!
//! ```text
//! https://oidc.us-east-1.amazonaws.com/authorize?response_type=code&client_id=…&redirect_uri=…
//!     same device: -> http://127.0.0.1:PORT/oauth/callback?code=…&state=…
//! https://device.sso.us-east-1.amazonaws.com/
//!     any device: the person enters a code there, and we ask until it was approved
//! ```

mod code;
mod device;
mod refusal;

use super::{Way, Wishes, loopback};
use crate::api::endpoint::Region;
use crate::api::http;
use crate::api::rest_json::RestJson;
use crate::api::sso_oidc::{NewClient, SsoOidc, Token};
use crate::cache::{ClientKind, RegisteredFor, Registration, RegistrationEntry, SsoBeginning};
use crate::chain::SsoSession;
use crate::context::{Clock, Context};
use crate::error::Error;
use crate::settings::Settings;
use std::time::{Duration, Instant};

/// One sign-in: where, how, and how long a person may take.
pub(crate) struct Request<'a> {
    pub(crate) session: &'a SsoSession,
    /// The one that AWS is told; see [`start_url::resolve`](super::start_url::resolve).
    pub(crate) start_url: &'a str,
    pub(crate) sso_region: &'a Region,
    pub(crate) oidc_url: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) wishes: &'a Wishes,
    pub(crate) limit: Duration,
}

/// Shows a person the way, waits for the person, and gets a token.
pub(crate) fn sign_in<'a>(request: &Request<'a>, context: &Context) -> Result<SsoBeginning<'a>, Error> {
    let client = request.settings.client(&context.vars, request.oidc_url)?;
    let scopes = request.session.scopes();
    let attempt = Attempt { request, context, client, scopes };
    // Tokens of a start URL without a session are those of device codes, with every tool.
    let any_device = request.wishes.any_device || request.session.name.is_none();
    let way = Wishes { any_device, ..request.wishes.clone() }.way(context);
    let (client, token) = attempt.go(&way)?;
    let Token { access_token, refresh_token, .. } = &token;
    Ok(SsoBeginning {
        access_token: access_token.clone(),
        // Every reader compares with its own clock.
        expiration: Clock::local() + token.life(),
        refresh_token: refresh_token.clone(),
        client,
        sso_start_url: &request.session.sso_start_url,
        sso_region: request.sso_region.as_str(),
    })
}

/// What the parts of one sign-in share.
struct Attempt<'a> {
    request: &'a Request<'a>,
    context: &'a Context,
    client: http::Client,
    /// Those of the config file.
    scopes: Option<Vec<String>>,
}

/// A client, and whether it was registered at an earlier time: then the service may have forgotten it.
struct Registered {
    client: Registration,
    was_kept: bool,
}

/// What became of a try with a client.
enum Tried {
    SignedIn(Token),
    /// The service does not know the client any more, which was kept. A new one may do.
    Forgotten,
}

/// Which client signs in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The one that was kept, if it can be used.
    Kept,
    New,
}

/// A person waits for it.
const LIMIT: Duration = Duration::from_mins(1);

impl Attempt<'_> {
    /// A client that was kept and is not known any more gives way to a new one. Of a new one nobody says that it is
    /// forgotten, so there are two tries at most.
    fn go(&self, way: &Way) -> Result<(Registration, Token), Error> {
        let mut wanted = Wanted::Kept;
        loop {
            let (registered, tried) = match way {
                Way::SameDevice(way) => self.by_code(way, wanted)?,
                Way::AnyDevice { browser, .. } => self.by_device(browser.as_ref(), wanted)?,
            };
            match tried {
                Tried::SignedIn(token) => return Ok((registered.client, token)),
                Tried::Forgotten => wanted = Wanted::New,
            }
            self.context
                .terminal
                .tell("AWS does not know the client any more that keyfob had registered; registering anew.");
        }
    }

    fn entry(&self) -> Result<RegistrationEntry, Error> {
        let SsoSession { name, sso_start_url, .. } = self.request.session;
        let registered_for = RegisteredFor {
            region: self.request.sso_region.as_str(),
            scopes: self.scopes.as_deref(),
            session_name: name.as_deref(),
            start_url: sso_start_url,
        };
        RegistrationEntry::of(&registered_for, &self.context.vars)
    }

    /// A client to sign in with. What people are asked to trust bears its name.
    fn registered(&self, kind: ClientKind, wanted: Wanted) -> Result<Registered, Error> {
        let entry = self.entry()?;
        if wanted == Wanted::Kept
            && let Some(client) = entry.read(kind, self.context.clock.now())
        {
            return Ok(Registered { client, was_kept: true });
        }
        let terminal = &self.context.terminal;
        terminal.note(&format!("registering at {}", self.request.oidc_url));
        let name = self.request.session.name.as_ref().map_or_else(|| "keyfob".into(), |name| format!("keyfob-{name}"));
        let scopes = self.scopes_for(kind);
        let redirect_uris = [&*loopback::redirect_uri_of_any_port()];
        let new = match kind {
            ClientKind::Codes => NewClient::for_codes(&name, &redirect_uris, self.request.start_url, &scopes),
            ClientKind::Devices => NewClient::for_devices(&name, &scopes),
        };
        let answer = self.service().register_client(&new).map_err(|refusal| self.explain(&refusal))?;
        let expiration = answer.expiration();
        let (client_id, client_secret) = (answer.client_id, answer.client_secret);
        let client = Registration { client_id, client_secret, expiration, scopes, kind };
        if let Err(error) = entry.write(&client) {
            // It serves this sign-in all the same.
            terminal.note(&format!("cannot keep the client's registration: {error}"));
        }
        Ok(Registered { client, was_kept: false })
    }

    /// Keeps the client no longer. One that cannot be taken away is tried again.
    fn forget(&self) -> Result<(), Error> {
        if let Err(error) = self.entry()?.remove() {
            self.context.terminal.note(&format!("cannot remove the client's registration: {error}"));
        }
        Ok(())
    }

    /// What the service is told. A browser's codes take one at least.
    fn scopes_for(&self, kind: ClientKind) -> Vec<String> {
        const USUAL: &str = "sso:account:access";
        let configured = self.scopes.clone().unwrap_or_default();
        if kind == ClientKind::Codes && configured.is_empty() { vec![USUAL.to_owned()] } else { configured }
    }

    fn service(&self) -> SsoOidc<'_> {
        SsoOidc {
            service: RestJson {
                client: &self.client,
                endpoint: self.request.oidc_url,
                clock: &self.context.clock,
                max_attempts: self.request.settings.max_attempts,
                deadline: Instant::now() + LIMIT,
            },
        }
    }
}
