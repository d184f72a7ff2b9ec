//! By a browser that comes back to this machine.

use super::super::pkce::Verifier;
use super::super::query;
use super::super::same_device::{SameDevice, Terms};
use super::super::{Callback, Refusal};
use super::refusal::DENIED;
use super::{Attempt, Registered, Tried, Wanted};
use crate::api::endpoint;
use crate::api::sso_oidc::Grant;
use crate::cache::ClientKind;
use crate::error::Error;
use crate::random;

impl Attempt<'_> {
    pub(super) fn by_code(&self, way: &SameDevice, wanted: Wanted) -> Result<(Registered, Tried), Error> {
        let place = self.request.session.title();
        let (context, limit) = (self.context, self.request.limit);
        let terms = Terms { context, place: &place, failed: self.failed(), other_way: "--use-device-code", limit };
        // Before anything else: a browser that is signed in already comes back at once.
        let listening = way.listen(terms)?;
        let registered = self.registered(ClientKind::Codes, wanted)?;
        let (state, verifier) = (random::name(), Verifier::generate());
        let redirect_uri = listening.redirect_uri();
        let url = authorize_url(
            self.request.oidc_url,
            &Question {
                client_id: &registered.client.client_id,
                redirect_uri: &redirect_uri,
                state: &state,
                scopes: &registered.client.scopes,
                code_challenge: &verifier.challenge(),
            },
        );
        let mut came_back = false;
        let tried = listening.visit(&url, &state, |callback| {
            came_back = true;
            self.redeem(callback, &redirect_uri, &verifier, &registered)
        });
        // To a client that it has forgotten, AWS's page shows an error, and does not come back.
        if registered.was_kept && !came_back {
            self.forget()?;
        }
        Ok((registered, tried?))
    }

    fn redeem(
        &self,
        callback: Callback,
        redirect_uri: &str,
        verifier: &Verifier,
        registered: &Registered,
    ) -> Result<Tried, Error> {
        let code = match callback {
            Callback::Code(code) => code,
            Callback::Refused(refusal) => return Err(self.refused(&refusal)),
        };
        self.context.terminal.note(&format!("trading the code for a token at {}", self.request.oidc_url));
        let grant = Grant::AuthorizationCode { redirect_uri, code_verifier: verifier.expose(), code: code.expose() };
        let client = &registered.client;
        match self.service().create_token(&client.client_id, &client.client_secret, &grant) {
            Ok(token) => Ok(Tried::SignedIn(token)),
            Err(refusal) if registered.is_forgotten(&refusal) => Ok(Tried::Forgotten),
            Err(refusal) => Err(self.explain(&refusal)),
        }
    }

    fn refused(&self, refusal: &Refusal) -> Error {
        let hint = if refusal.is_denial() { DENIED } else { "run the command again, or with --use-device-code" };
        self.failed().cause(format!("the browser came back with {refusal}")).hint(hint)
    }
}

/// What AWS's page is asked.
struct Question<'a> {
    client_id: &'a str,
    redirect_uri: &'a str,
    state: &'a str,
    scopes: &'a [String],
    code_challenge: &'a str,
}

/// The page is at the endpoint's host, whatever its path.
fn authorize_url(oidc_url: &str, question: &Question<'_>) -> String {
    let Question { client_id, redirect_uri, state, scopes, code_challenge } = *question;
    let scopes = scopes.join(" ");
    let parameters = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("state", state),
        ("code_challenge_method", "S256"),
        // The service's own spelling of OAuth's `scope`.
        ("scopes", &scopes),
        ("code_challenge", code_challenge),
    ];
    format!("{}/authorize?{}", endpoint::origin(oidc_url), query::render(parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_that_of_the_aws_cli() {
        let scopes = ["sso:account:access", "codewhisperer:completions"].map(str::to_owned);
        let question = Question {
            client_id: "_yzkThXVzLWVhc3QtMQEXAMPLECLIENTID",
            redirect_uri: "http://127.0.0.1:38421/oauth/callback",
            state: "3f2b6c1e-5d0a-4c7e-9b1d-2a8f4e6c7d90",
            scopes: &scopes,
            code_challenge: "eCbifoYYdgUkfxU7RqAqU4i3gn4MUrDJPaW8ZQV7SPg",
        };
        let query = "response_type=code&client_id=_yzkThXVzLWVhc3QtMQEXAMPLECLIENTID&redirect_uri=http%3A%2F%2F127.0.0.1\
                     %3A38421%2Foauth%2Fcallback&state=3f2b6c1e-5d0a-4c7e-9b1d-2a8f4e6c7d90&code_challenge_method=S256\
                     &scopes=sso%3Aaccount%3Aaccess%20codewhisperer%3Acompletions\
                     &code_challenge=eCbifoYYdgUkfxU7RqAqU4i3gn4MUrDJPaW8ZQV7SPg";
        for (endpoint, origin) in [
            ("https://oidc.us-east-1.amazonaws.com", "https://oidc.us-east-1.amazonaws.com"),
            ("http://127.0.0.1:8080/base", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(authorize_url(endpoint, &question), format!("{origin}/authorize?{query}"));
        }
    }
}
