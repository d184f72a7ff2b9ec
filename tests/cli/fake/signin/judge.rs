//! What the service makes of a well-formed refresh.

use std::{collections::HashMap, time::Duration};

use super::{
    super::{Keys, MARKER, Timestamp},
    Answered, Session, TokenCall,
};

/// The sessions that were begun here.
#[derive(Default)]
pub(super) struct Registry {
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

const TOO_OLD: Refusal = Refusal {
    status: 401,
    exception: "AccessDeniedException",
    error: "TOKEN_EXPIRED",
    message: "The refresh token has expired.",
};
const INVALID: Refusal = Refusal {
    status: 400,
    exception: "ValidationException",
    error: "INVALID_REQUEST",
    message: "The refresh token is invalid, expired, revoked, or malformed.",
};

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
    pub(super) fn judge(&mut self, call: &TokenCall, now: Timestamp, expires_in: &str) -> Result<String, Refusal> {
        const TOLERANCE: Duration = Duration::from_mins(5);
        let issued = Timestamp::from_unix_seconds(call.proof.iat);
        if issued < now.minus(TOLERANCE) || issued > now.plus(TOLERANCE) {
            return Err(TOO_OLD);
        }
        let known = self.sessions.get_mut(&call.refresh_token).ok_or(INVALID)?;
        if known.spent || known.client_id != call.client_id || known.thumbprint != call.proof.thumbprint {
            return Err(INVALID);
        }
        known.spent = true;
        let known = Known { spent: false, ..known.clone() };
        let refresh_token = self.next_refresh_token();
        self.sessions.insert(refresh_token.clone(), known);
        let keys = Keys::signed_in(self.answered.len() + 1, now);
        let Keys { access_key_id, secret_access_key, session_token, expiration: _ } = &keys;
        let session_token = session_token.as_deref().expect("temporary keys have a token");
        let body = format!(
            r#"{{"accessToken":{{"accessKeyId":"{access_key_id}","secretAccessKey":"{secret_access_key}","sessionToken":"{session_token}"}},"tokenType":"urn:aws:params:oauth:token-type:access_token_sigv4","expiresIn":{expires_in},"refreshToken":"{refresh_token}"}}"#
        );
        self.answered.push(Answered { keys, refresh_token });
        Ok(body)
    }
}
