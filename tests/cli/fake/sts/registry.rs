//! What this STS knows: who holds which keys, which codes the MFA devices show, and whose web
//! identity is trusted.

use std::collections::HashMap;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::{
    super::{MARKER, Timestamp},
    ACCOUNT,
    keys::Keys,
};

#[derive(Default)]
pub(super) struct Registry {
    /// By access key id.
    holders: HashMap<String, Holder>,
    issued: Vec<Keys>,
    /// By serial number; `None` once the code is spent.
    mfa_codes: HashMap<String, Option<String>>,
    /// Whose they are, by token.
    web_identities: HashMap<String, String>,
    /// The names of the sessions, by assertion.
    assertions: HashMap<String, String>,
}

/// Who acts when a request is signed with the keys.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) keys: Keys,
    pub(super) principal: Principal,
}

#[derive(Clone, Debug)]
pub(super) struct Principal {
    pub(super) arn: String,
    pub(super) user_id: String,
}

impl Principal {
    fn user(name: &str) -> Self {
        Self {
            arn: format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
            user_id: format!("AIDA{:0<17}", name.to_uppercase()),
        }
    }

    /// The fifth part of the ARN.
    pub(super) fn account(&self) -> &str {
        self.arn.split(':').nth(4).expect("an ARN made here has an account")
    }
}

/// The identity provider of all web identities, and whom its tokens are for.
pub(super) const ISSUER: &str = "https://example.com";
pub(super) const AUDIENCE: &str = "sts.amazonaws.com";

/// How a code and its serial number fare.
pub(super) enum MfaCheck {
    Passed,
    UnknownDevice,
    WrongCode,
}

impl Registry {
    pub(super) fn add_user(&mut self, name: &str) -> Keys {
        self.add(Keys::of(name), Principal::user(name))
    }

    pub(super) fn add_session(&mut self, name: &str, expiration: Timestamp) -> Keys {
        self.add(Keys::of_session(name, expiration), Principal::user(name))
    }

    /// Hands out the next temporary keys.
    pub(super) fn issue(&mut self, principal: Principal, expiration: Timestamp) -> Keys {
        let keys = Keys::issued(self.issued.len() + 1, expiration);
        self.issued.push(keys.clone());
        self.add(keys, principal)
    }

    fn add(&mut self, keys: Keys, principal: Principal) -> Keys {
        let holder = Holder { keys: keys.clone(), principal };
        self.holders.insert(keys.access_key_id.clone(), holder);
        keys
    }

    pub(super) fn issued(&self) -> &[Keys] {
        &self.issued
    }

    pub(super) fn holder(&self, access_key_id: &str) -> Option<&Holder> {
        self.holders.get(access_key_id)
    }

    pub(super) fn expire(&mut self, access_key_id: &str, now: Timestamp) {
        let holder = self.holders.get_mut(access_key_id).expect("the test expires keys that the fake knows");
        holder.keys.expiration = Some(now);
    }

    pub(super) fn delete(&mut self, access_key_id: &str) {
        self.holders.remove(access_key_id).expect("the test deletes keys that the fake knows");
    }

    pub(super) fn set_mfa_code(&mut self, serial: &str, code: &str) {
        self.mfa_codes.insert(serial.to_owned(), Some(code.to_owned()));
    }

    /// Spends the code if it is the right one.
    pub(super) fn check_mfa(&mut self, serial: &str, code: &str) -> MfaCheck {
        match self.mfa_codes.get_mut(serial) {
            None => MfaCheck::UnknownDevice,
            Some(current) if current.as_deref() == Some(code) => {
                *current = None;
                MfaCheck::Passed
            }
            Some(_) => MfaCheck::WrongCode,
        }
    }

    pub(super) fn add_web_identity(&mut self, subject: &str) -> String {
        let claims = serde_json::json!({"iss": ISSUER, "aud": [AUDIENCE], "sub": subject, "exp": 4_070_908_800_u32});
        let [header, claims, signature] = [r#"{"alg":"RS256","typ":"JWT"}"#, &claims.to_string(), "EXAMPLE"]
            .map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
        let token = format!("{header}.{claims}.{MARKER}{signature}");
        self.web_identities.insert(token.clone(), subject.to_owned());
        token
    }

    /// Whose token it is, if it is trusted.
    pub(super) fn web_identity(&self, token: &str) -> Option<&str> {
        self.web_identities.get(token).map(String::as_str)
    }

    pub(super) fn trust_assertion(&mut self, saml_assertion: &str, session_name: &str) {
        self.assertions.insert(saml_assertion.to_owned(), session_name.to_owned());
    }

    /// The name of the session that the assertion gives, if it is trusted.
    pub(super) fn assertion(&self, saml_assertion: &str) -> Option<&str> {
        self.assertions.get(saml_assertion).map(String::as_str)
    }
}
