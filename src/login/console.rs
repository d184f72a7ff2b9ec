//! Signing in with the AWS Management Console's own credentials, as `aws login` does: OAuth with PKCE (RFC 7636) and
//! `DPoP` (RFC 9449). <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>
//!
//! ```text
//! https://us-east-1.signin.aws.amazon.com/v1/authorize?response_type=code&client_id=arn%3Aaws%3Asignin…
//!     same device:  -> http://127.0.0.1:PORT/oauth/callback?code=…&state=…
//!     cross-device: -> a page that shows Base64 of `state=…&code=…`, which the person carries over
//! ```

use super::pkce::Verifier;
use super::same_device::{SameDevice, Terms};
use super::source::Source;
use super::way::Way;
use super::{Callback, Refusal, gave_up, paste, query, show};
use crate::api::dpop::DpopKey;
use crate::api::endpoint::{self, Region};
use crate::api::http::Client;
use crate::api::id_token::IdToken;
use crate::api::signin::{Grant, SignIn};
use crate::api::{Reason, ServiceError};
use crate::cache::{Beginning, LoginToken};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::provider::{advice, login_session};
use crate::random;
use crate::settings::Settings;
use crate::shell;
use crate::terminal::NoAnswer;
use std::time::{Duration, Instant};

/// The names by which the service knows tools like this one; `arn:aws` in every partition.
const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";

/// What the service calls its tokens, for readers that want a name even where none came.
const TOKEN_TYPE: &str = "urn:aws:params:oauth:token-type:access_token_sigv4";

/// One sign-in: where, how, and how long a person may take.
pub(crate) struct Request<'a> {
    /// The profile that is signed in to.
    pub(crate) profile: &'a str,
    pub(crate) region: &'a Region,
    /// Where tokens are made: the endpoint and `/v1/token`.
    pub(crate) token_url: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) way: &'a Way,
    pub(crate) limit: Duration,
}

/// A sign-in that succeeded.
pub(crate) struct SignedIn {
    /// The ARN of whoever signed in.
    pub(crate) login_session: String,
    pub(crate) token: LoginToken,
}

/// Shows a person the way, waits for the person, and redeems what comes back.
pub(crate) fn sign_in(request: &Request<'_>, context: &Context) -> Result<SignedIn, Error> {
    let client = request.settings.client(&context.vars, request.token_url)?;
    let attempt = Attempt { state: random::name(), verifier: Verifier::generate(), request, context };
    match request.way {
        Way::SameDevice(way) => attempt.same_device(way, &client),
        Way::AnyDevice { was_asked_for, .. } => attempt.cross_device(*was_asked_for, &client),
    }
}

/// What makes one sign-in different from all others.
struct Attempt<'a> {
    state: String,
    verifier: Verifier,
    request: &'a Request<'a>,
    context: &'a Context,
}

impl Attempt<'_> {
    fn same_device(&self, way: &SameDevice, client: &Client) -> Result<SignedIn, Error> {
        let Request { region, limit, .. } = *self.request;
        let place = format!("AWS in {region}");
        let terms = Terms { context: self.context, place: &place, failed: failed(), other_way: "--remote", limit };
        let listening = way.listen(terms)?;
        let redirect_uri = listening.redirect_uri();
        let url = self.authorize_url(SAME_DEVICE, &redirect_uri);
        listening.visit(&url, &self.state, |callback| self.redeem(callback, SAME_DEVICE, &redirect_uri, client))
    }

    fn cross_device(&self, was_asked_for: bool, client: &Client) -> Result<SignedIn, Error> {
        const QUESTION: &str = "Paste the code that the page shows in the end (it stays hidden) and press Enter: ";
        let redirect_uri = format!("{}/v1/sessions/confirmation", endpoint::origin(self.request.token_url));
        let terminal = &self.context.terminal;
        let region = self.request.region;
        terminal.tell(&format!("To sign in to AWS in {region}, open this URL in a browser on any device:"));
        show(&self.authorize_url(CROSS_DEVICE, &redirect_uri), terminal);
        let began = Instant::now();
        let left = || self.request.limit.saturating_sub(began.elapsed());
        let mut source = Source::find(was_asked_for, terminal);
        loop {
            let pasted = source.next(QUESTION, terminal, left()).map_err(|why| self.gave_up(why))?;
            match paste::read(pasted.expose(), &self.state) {
                Ok(callback) => return self.redeem(callback, CROSS_DEVICE, &redirect_uri, client),
                // Nothing is spent, so the right text may still come.
                Err(unusable) => terminal.warn(unusable.cause()),
            }
        }
    }

    fn authorize_url(&self, client_id: &str, redirect_uri: &str) -> String {
        authorize_url(self.request.token_url, client_id, redirect_uri, &self.state, &self.verifier.challenge())
    }

    fn redeem(
        &self,
        callback: Callback,
        client_id: &'static str,
        redirect_uri: &str,
        client: &Client,
    ) -> Result<SignedIn, Error> {
        /// A person waits for it.
        const LIMIT: Duration = Duration::from_mins(1);
        let code = match callback {
            Callback::Code(code) => code,
            Callback::Refused(refusal) => return Err(refused(&refusal)),
        };
        let Request { token_url, settings, .. } = *self.request;
        let clock = &self.context.clock;
        let max_attempts = settings.max_attempts;
        let service = SignIn { client, token_url, clock, max_attempts, budget: LIMIT, patience: LIMIT };
        let (key, dpop_key) = DpopKey::generate();
        let grant = Grant::AuthorizationCode {
            client_id,
            code: code.expose(),
            code_verifier: self.verifier.expose(),
            redirect_uri,
        };
        self.context.terminal.note(&format!("trading the code for tokens at {token_url}"));
        let tokens = service.create_oauth2_token(&grant, &key).map_err(|refusal| explain(&refusal))?;
        let identity = tokens.id_token.clone().and_then(|token| Some((IdToken::parse(token.expose())?, token)));
        let (IdToken { login_session, .. }, id_token) = identity.ok_or_else(|| {
            failed()
                .cause("the answer of the sign-in service does not say who signed in")
                .hint("check what AWS_ENDPOINT_URL_SIGNIN and endpoint_url lead to")
        })?;
        let beginning = Beginning {
            login_session: &login_session,
            client_id,
            dpop_key,
            sign_in_region: self.request.region.as_str(),
            token_type: tokens.token_type.clone().unwrap_or_else(|| TOKEN_TYPE.to_owned()),
            id_token,
        };
        let token = LoginToken::begin(beginning, login_session::renewal(tokens));
        Ok(SignedIn { login_session, token })
    }

    fn gave_up(&self, why: NoAnswer) -> Error {
        match why {
            NoAnswer::NoTerminal => failed()
                .cause("no code came on standard input, and there is no terminal to paste it on")
                .hint(format!(
                    "run `keyfob login {} --remote` in a terminal, or write the code to its standard input",
                    shell::word(self.request.profile)
                ))
                .exit(Exit::SignInNeeded),
            why => gave_up(why, self.request.limit, failed()),
        }
    }
}

fn failed() -> Error {
    Error::new("cannot sign in to AWS")
}

fn refused(refusal: &Refusal) -> Error {
    let hint = if refusal.is_denial() {
        "run the command again and allow it; the user needs signin:AuthorizeOAuth2Access, which the managed policy \
         SignInLocalDevelopmentAccess grants"
    } else {
        "run the command again; if it stays so, ask whoever manages the account"
    };
    failed().cause(format!("the browser came back with {refusal}")).hint(hint)
}

/// What the service said, for a person.
fn explain(refusal: &ServiceError) -> Error {
    let error = failed().cause(refusal.to_string());
    let again = "run the command again";
    match (&refusal.reason, refusal.code()) {
        (_, "TOKEN_EXPIRED" | "AUTHCODE_EXPIRED" | "INVALID_REQUEST") if refusal.clock_off.is_some() => {
            error.hint("set this machine's clock, and run the command again")
        }
        (_, "AUTHCODE_EXPIRED" | "TOKEN_EXPIRED") => error.hint(format!("the sign-in took too long; {again}")),
        (_, "INSUFFICIENT_PERMISSIONS") => error.hint(
            "the user needs signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token, which the managed policy \
             SignInLocalDevelopmentAccess grants",
        ),
        (Reason::Refused { status: 429, .. }, _) => error.hint(format!("too many calls; wait a moment, then {again}")),
        (_, "INVALID_REQUEST") => error.hint(format!("the code was spent or is another sign-in's; {again}")),
        (Reason::Transport(_) | Reason::Unreadable { status: ..500, .. }, _) => error.hint(advice::no_answer(refusal)),
        _ => error.hint(format!("{again} in a moment")),
    }
}

fn authorize_url(token_url: &str, client_id: &str, redirect_uri: &str, state: &str, code_challenge: &str) -> String {
    let parameters = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("state", state),
        // The service's own word for what RFC 7636 calls S256.
        ("code_challenge_method", "SHA-256"),
        ("scope", "openid"),
        ("redirect_uri", redirect_uri),
        ("code_challenge", code_challenge),
    ];
    format!("{}/v1/authorize?{}", endpoint::origin(token_url), query::render(parameters))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::Variant;

    const STATE: &str = "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8";
    const CHALLENGE: &str = "_-BU_nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs";

    #[test]
    fn urls_are_those_of_the_aws_cli() {
        for (region, host) in [
            ("us-east-1", "us-east-1.signin.aws.amazon.com"),
            ("cn-north-1", "cn-north-1.signin.amazonaws.cn"),
            ("us-gov-west-1", "us-gov-west-1.signin.amazonaws-us-gov.com"),
        ] {
            let region = Region::parse(region).expect("a region");
            let token_url = format!("{}/v1/token", endpoint::sign_in(&region, Variant::default()));
            let url = authorize_url(&token_url, SAME_DEVICE, "http://127.0.0.1:37597/oauth/callback", STATE, CHALLENGE);
            let expected = format!(
                "https://{host}/v1/authorize?response_type=code&client_id=arn%3Aaws%3Asignin%3A%3A%3Adevtools%2F\
                 same-device&state={STATE}&code_challenge_method=SHA-256&scope=openid&redirect_uri=http%3A%2F%2F127.0.0\
                 .1%3A37597%2Foauth%2Fcallback&code_challenge={CHALLENGE}"
            );
            assert_eq!(url, expected);
        }
    }

    #[test]
    fn an_endpoint_lends_the_page_its_host_but_not_its_path() {
        let token_url = "http://127.0.0.1:8080/base/v1/token";
        let url = authorize_url(token_url, CROSS_DEVICE, "x", STATE, CHALLENGE);
        assert!(url.starts_with("http://127.0.0.1:8080/v1/authorize?response_type=code&"), "{url}");
    }
}
