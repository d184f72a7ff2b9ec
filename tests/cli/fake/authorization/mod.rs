//! A person's consent in a browser: RFC 6749 (4.1) with RFC 7636, as the services have it that people sign in to.
//!
//! A service reads the query of its page into an [`Authorization`] and checks what is its own about that. `page` asks,
//! `codes` keeps what was allowed, and `person` is who decides, without a browser; a real one may come as well.

pub(super) mod codes;
pub(super) mod page;
pub(super) mod person;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use super::{escape, form::Fields, is_uuid};

/// One well-formed wish to sign in.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) client_id: String,
    pub(crate) state: String,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: String,
}

impl Authorization {
    /// Takes its members out of the fields of a query; the error says what is wrong with them.
    pub(super) fn take(fields: &mut Fields) -> Result<Self, String> {
        let authorization = Self {
            client_id: fields.take("client_id")?,
            state: fields.take("state")?,
            redirect_uri: fields.take("redirect_uri")?,
            code_challenge: fields.take("code_challenge")?,
        };
        let Self { state, code_challenge, .. } = &authorization;
        if !is_uuid(state) {
            return Err(format!("state is {state:?}, which is no random UUID"));
        }
        match Base64UrlUnpadded::decode_vec(code_challenge) {
            Ok(digest) if digest.len() == 32 => Ok(authorization),
            _ => Err(format!("code_challenge is {code_challenge:?}, which is no SHA-256")),
        }
    }

    pub(crate) fn is_proved_by(&self, code_verifier: &str) -> bool {
        challenge(code_verifier) == self.code_challenge
    }

    /// Whether the redirect is that of RFC 8252 (7.3) which the AWS CLI uses.
    pub(crate) fn is_loopback(&self) -> bool {
        let port = self.redirect_uri.strip_prefix("http://127.0.0.1:");
        let port = port.and_then(|rest| rest.strip_suffix("/oauth/callback"));
        let number = port.and_then(|port| port.parse::<u16>().ok()).filter(|number| *number != 0);
        number.is_some_and(|number| port == Some(&number.to_string()))
    }

    /// Where the browser is sent with these parameters and the state.
    fn redirect(&self, parameters: &[(&str, &str)]) -> String {
        let Self { redirect_uri, state, .. } = self;
        let query = parameters.iter().map(|(name, value)| format!("{name}={}&", escape(value)));
        format!("{redirect_uri}?{}state={state}", query.collect::<String>())
    }
}

/// RFC 7636, by the only method of AWS.
pub(crate) fn challenge(code_verifier: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(code_verifier.as_bytes()))
}

/// RFC 7636 allows 43 to 128 characters, and the AWS CLI always sends 64. A state has 36, so that it cannot be the
/// verifier.
pub(crate) fn check_verifier(text: &str) -> Result<(), String> {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if text.len() != 64 || !text.bytes().all(unreserved) {
        return Err(format!("codeVerifier is not 64 unreserved characters, but {}", text.len()));
    }
    Ok(())
}
