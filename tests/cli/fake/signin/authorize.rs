//! From `GET /v1/authorize?…` to an [`Authorization`] for a person to allow, or to the rule that it breaks.
//!
//! The parameters are those of RFC 6749 (4.1.1), RFC 7636 (4.3) and `OpenID` Connect, as the AWS CLI spells them.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use super::{
    super::{escape, form},
    proof,
};

/// The browser is on the machine of the command.
pub(super) const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
/// It is elsewhere, and the person carries the code back.
pub(super) const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";

/// Where a remote sign-in ends.
pub(super) const CONFIRMATION: &str = "/v1/sessions/confirmation";

/// One well-formed wish to sign in.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) client_id: String,
    pub(crate) state: String,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: String,
}

impl Authorization {
    /// Reads the query of a request to the service at `base`; the error says what is wrong with it.
    pub(super) fn read(query: &str, base: &str) -> Result<Self, String> {
        let mut parameters = form::parse(query.as_bytes())?;
        let mut take = |name: &str| {
            let index = parameters.iter().position(|(other, _)| other == name);
            index.map(|index| parameters.remove(index).1).ok_or_else(|| format!("{name} is missing"))
        };
        for (name, wanted) in [("response_type", "code"), ("code_challenge_method", "SHA-256"), ("scope", "openid")] {
            let found = take(name)?;
            if found != wanted {
                return Err(format!("{name} is {found:?}, not {wanted:?}"));
            }
        }
        let authorization = Self {
            client_id: take("client_id")?,
            state: take("state")?,
            redirect_uri: take("redirect_uri")?,
            code_challenge: take("code_challenge")?,
        };
        if let Some((name, _)) = parameters.first() {
            return Err(format!("{name} is no parameter of a sign-in"));
        }
        authorization.check(base)?;
        Ok(authorization)
    }

    fn check(&self, base: &str) -> Result<(), String> {
        let Self { client_id, state, redirect_uri, code_challenge } = self;
        let leads_back = match client_id.as_str() {
            SAME_DEVICE => is_loopback(redirect_uri),
            CROSS_DEVICE => *redirect_uri == format!("{base}{CONFIRMATION}"),
            _ => return Err(format!("client_id is {client_id:?}")),
        };
        if !leads_back {
            return Err(format!("redirect_uri is {redirect_uri:?}, which is not {client_id}'s"));
        }
        if !proof::is_uuid(state) {
            return Err(format!("state is {state:?}, which is no random UUID"));
        }
        match Base64UrlUnpadded::decode_vec(code_challenge) {
            Ok(digest) if digest.len() == 32 => Ok(()),
            _ => Err(format!("code_challenge is {code_challenge:?}, which is no SHA-256")),
        }
    }

    pub(super) fn is_proved_by(&self, code_verifier: &str) -> bool {
        challenge(code_verifier) == self.code_challenge
    }

    /// Where the browser is sent with these parameters and the state.
    pub(super) fn redirect(&self, parameters: &[(&str, &str)]) -> String {
        let Self { redirect_uri, state, .. } = self;
        let query = parameters.iter().map(|(name, value)| format!("{name}={}&", escape(value)));
        format!("{redirect_uri}?{}state={state}", query.collect::<String>())
    }
}

/// RFC 7636, under the service's own name for the method.
pub(super) fn challenge(code_verifier: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(code_verifier.as_bytes()))
}

/// Whether it is the redirect of RFC 8252 (7.3) that the AWS CLI uses.
fn is_loopback(uri: &str) -> bool {
    let port = uri.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix("/oauth/callback"));
    let number = port.and_then(|port| port.parse::<u16>().ok()).filter(|number| *number != 0);
    number.is_some_and(|number| port == Some(&number.to_string()))
}
