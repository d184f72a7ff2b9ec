//! What the service makes of a well-formed call for tokens.

use std::{collections::HashMap, time::Duration};

use super::{
    super::{
        Keys, MARKER, Timestamp,
        authorization::codes::{Codes, Flaw, Redemption},
    },
    Answered, Session, TokenCall,
    expected::{Expected, Tokens},
    id_token,
    request::Grant,
};

/// The sessions that were begun here, and the codes by which some will be.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) codes: Codes,
    /// By the refresh tokens that were issued for them.
    sessions: HashMap<String, Known>,
    answered: Vec<Answered>,
    issued: usize,
}

#[derive(Clone)]
struct Known {
    client_id: String,
    thumbprint: String,
    spent: bool,
}

pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) exception: &'static str,
    pub(super) error: &'static str,
    pub(super) message: &'static str,
}

/// The answer to a proof of another time too, whatever the grant.
const TOO_OLD: Refusal = Refusal {
    status: 401,
    exception: "AccessDeniedException",
    error: "TOKEN_EXPIRED",
    message: "The refresh token has expired.",
};

impl Refusal {
    pub(super) const fn invalid(message: &'static str) -> Self {
        Self { status: 400, exception: "ValidationException", error: "INVALID_REQUEST", message }
    }

    fn of_code(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Invalid(message) => Self::invalid(message),
            Flaw::Expired => Self {
                status: 401,
                exception: "AccessDeniedException",
                error: "AUTHCODE_EXPIRED",
                message: "The authorization code has expired.",
            },
        }
    }
}

impl Registry {
    pub(super) fn next_refresh_token(&mut self) -> String {
        self.issued += 1;
        format!("{MARKER}/refresh+{:04}==", self.issued)
    }

    pub(super) fn add(&mut self, session: &Session) {
        let Session { client_id, key, refresh_token, .. } = session;
        let known = Known { client_id: client_id.clone(), thumbprint: key.thumbprint(), spent: false };
        self.sessions.insert(refresh_token.clone(), known);
    }

    pub(super) fn answered(&self) -> &[Answered] {
        &self.answered
    }

    /// The body of the answer, with the next refresh token in it.
    pub(super) fn judge(&mut self, call: &TokenCall, now: Timestamp, expected: &Expected) -> Result<String, Refusal> {
        const TOLERANCE: Duration = Duration::from_mins(5);
        let issued = Timestamp::from_unix_seconds(call.proof.iat);
        if issued < now.minus(TOLERANCE) || issued > now.plus(TOLERANCE) {
            return Err(TOO_OLD);
        }
        let thumbprint = &call.proof.thumbprint;
        let client_id = match &call.grant {
            Grant::RefreshToken { client_id, refresh_token } => {
                self.spend(refresh_token, client_id, thumbprint)?;
                client_id
            }
            Grant::AuthorizationCode { client_id, code, code_verifier, redirect_uri } => {
                let redemption = Redemption { client_id, code, code_verifier, redirect_uri };
                self.codes.redeem(&redemption, now).map_err(Refusal::of_code)?;
                client_id
            }
        };
        let id_token = match &expected.tokens {
            Tokens::Refreshed => None,
            Tokens::SignedIn(login_session) => Some(id_token::of_session(login_session, client_id, now)),
            Tokens::SignedInWith(text) => text.clone(),
        };
        let known = Known { client_id: client_id.clone(), thumbprint: thumbprint.clone(), spent: false };
        Ok(self.grant(known, id_token, now, expected.expires_in))
    }

    fn spend(&mut self, refresh_token: &str, client_id: &str, thumbprint: &str) -> Result<(), Refusal> {
        const INVALID: Refusal = Refusal::invalid("The refresh token is invalid, expired, revoked, or malformed.");
        let known = self.sessions.get_mut(refresh_token).ok_or(INVALID)?;
        if known.spent || known.client_id != client_id || known.thumbprint != thumbprint {
            return Err(INVALID);
        }
        known.spent = true;
        Ok(())
    }

    fn grant(&mut self, known: Known, id_token: Option<String>, now: Timestamp, expires_in: &str) -> String {
        let refresh_token = self.next_refresh_token();
        self.sessions.insert(refresh_token.clone(), known);
        let keys = Keys::signed_in(self.answered.len() + 1, now);
        let Keys { access_key_id, secret_access_key, session_token, expiration: _ } = &keys;
        let session_token = session_token.as_deref().expect("temporary keys have a token");
        let last = id_token.as_ref().map_or_else(String::new, |text| format!(r#","idToken":"{text}""#));
        let body = format!(
            r#"{{"accessToken":{{"accessKeyId":"{access_key_id}","secretAccessKey":"{secret_access_key}","sessionToken":"{session_token}"}},"tokenType":"urn:aws:params:oauth:token-type:access_token_sigv4","expiresIn":{expires_in},"refreshToken":"{refresh_token}"{last}}}"#
        );
        self.answered.push(Answered { keys, refresh_token, id_token });
        body
    }
}
