//! Sessions as `aws login` leaves them: a file in `~/.aws/login/cache`.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

use super::{
    super::{ACCOUNT, Keys, MARKER, Timestamp},
    proof,
};

/// A sign-in of a user.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// The ARN in the profile's `login_session`.
    pub(crate) login_session: String,
    pub(crate) client_id: String,
    pub(crate) refresh_token: String,
    pub(crate) id_token: String,
    pub(crate) key: DpopKey,
}

/// A key pair of P-256.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DpopKey {
    /// As the AWS CLI writes it: SEC1 (RFC 5915).
    pub(crate) pem: &'static str,
    pub(super) x: &'static str,
    pub(super) y: &'static str,
}

impl DpopKey {
    pub(crate) const USUAL: Self = Self {
        pem: "-----BEGIN EC PRIVATE KEY-----\n\
              MHcCAQEEILfJVJr3q6X5yvrll9YOAkqXyUAN5DjUXZgW3nJ4pDJLoAoGCCqGSM49\n\
              AwEHoUQDQgAEAvQqzZUTYzgY2GrIdvl+bpI2/3LXWgptDW1dm4DZ7WoLB/vRTDob\n\
              qXW6nu+Kjjw5Wvy3D0MSiI8IBg8mUVg/vA==\n-----END EC PRIVATE KEY-----\n",
        x: "AvQqzZUTYzgY2GrIdvl-bpI2_3LXWgptDW1dm4DZ7Wo",
        y: "Cwf70Uw6G6l1up7vio48OVr8tw9DEoiPCAYPJlFYP7w",
    };

    /// The usual one as PKCS #8 (RFC 5208), without the last newline.
    pub(crate) const AS_PKCS8: Self = Self {
        pem: "-----BEGIN PRIVATE KEY-----\n\
              MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt8lUmverpfnK+uWX\n\
              1g4CSpfJQA3kONRdmBbecnikMkuhRANCAAQC9CrNlRNjOBjYash2+X5ukjb/ctda\n\
              Cm0NbV2bgNntagsH+9FMOhupdbqe74qOPDla/LcPQxKIjwgGDyZRWD+8\n-----END PRIVATE KEY-----",
        ..Self::USUAL
    };

    /// One whose x begins with a zero byte, which some SDKs leave out.
    pub(crate) const WITH_A_ZERO: Self = Self {
        pem: "-----BEGIN EC PRIVATE KEY-----\n\
              MHcCAQEEIF6qxRJyBN7lMayMaD67l9IbXN1WZ0TWkI/Vd5FzFhPPoAoGCCqGSM49\n\
              AwEHoUQDQgAEAJ9dl9qV27UlSXHgyLY2YNrWoRKsJNkbnArA7Et8JUNlKpTv42G9\n\
              DJOLNcnxEDC4O3/WgYTA7qzdz2f6SAlvGQ==\n-----END EC PRIVATE KEY-----\n",
        x: "AJ9dl9qV27UlSXHgyLY2YNrWoRKsJNkbnArA7Et8JUM",
        y: "ZSqU7-NhvQyTizXJ8RAwuDt_1oGEwO6s3c9n-kgJbxk",
    };

    /// RFC 7638.
    pub(crate) fn thumbprint(&self) -> String {
        proof::thumbprint(self.x, self.y)
    }

    /// The PEM as a string of JSON.
    pub(crate) fn json(&self) -> String {
        serde_json::Value::from(self.pem).to_string()
    }
}

impl Session {
    pub(super) fn new(login_session: &str, refresh_token: String) -> Self {
        Self {
            login_session: login_session.to_owned(),
            client_id: "arn:aws:signin:::devtools/same-device".to_owned(),
            refresh_token,
            id_token: format!("eyJhbGciOiJFUzM4NCJ9.{MARKER}.EXAMPLE"),
            key: DpopKey::USUAL,
        }
    }

    /// `~/.aws/login/cache/…`, relative to the home.
    pub(crate) fn path(&self) -> String {
        let mut name = String::new();
        for byte in Sha256::digest(self.login_session.as_bytes()) {
            write!(name, "{byte:02x}").expect("a String takes all");
        }
        format!(".aws/login/cache/{name}.json")
    }

    /// The keys that the file holds at first.
    pub(crate) fn keys(expiration: Timestamp) -> Keys {
        Keys::signed_in(0, expiration)
    }

    /// The file as the AWS CLI writes it, with keys that end then.
    pub(crate) fn document(&self, expiration: Timestamp) -> String {
        let Self { client_id, refresh_token, id_token, key, .. } = self;
        let access = access_token(&Self::keys(expiration), &expiration.rfc3339(), ", ", ": ");
        format!(
            r#"{{"accessToken": {access}, "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4", "clientId": "{client_id}", "refreshToken": "{refresh_token}", "idToken": "{id_token}", "dpopKey": {}}}"#,
            key.json()
        )
    }
}

/// The five members, with these separators.
pub(crate) fn access_token(keys: &Keys, expires_at: &str, comma: &str, colon: &str) -> String {
    let members = [
        ("accessKeyId", keys.access_key_id.as_str()),
        ("secretAccessKey", &keys.secret_access_key),
        ("sessionToken", keys.session_token.as_deref().unwrap_or_default()),
        ("accountId", ACCOUNT),
        ("expiresAt", expires_at),
    ];
    let members = members.map(|(name, value)| format!("\"{name}\"{colon}\"{value}\""));
    format!("{{{}}}", members.join(comma))
}
