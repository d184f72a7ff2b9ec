//! Access keys: an AWS user's own, and those that the fakes hand out.

use super::super::{MARKER, Timestamp};

/// A key pair, with a token if it is temporary. The same test always meets the same keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// `None` for long-term keys.
    pub(crate) expiration: Option<Timestamp>,
}

impl Keys {
    /// The long-term keys of the user: `AKIAJANE000000000000` for `jane`.
    pub(crate) fn of(name: &str) -> Self {
        Self {
            access_key_id: access_key_id("AKIA", name),
            secret_access_key: secret_access_key(name),
            session_token: None,
            expiration: None,
        }
    }

    /// Temporary keys of the user: `ASIAJANE000000000000` for `jane`.
    pub(crate) fn of_session(name: &str, expiration: Timestamp) -> Self {
        Self::temporary(name, expiration)
    }

    /// The temporary keys that a fake hands out as its `number`-th, counting from 1:
    /// `ASIAISSUED0001000000` is the first.
    pub(crate) fn issued(number: usize, expiration: Timestamp) -> Self {
        Self::temporary(&format!("issued{number:04}"), expiration)
    }

    /// The keys that the fake of the console's sign-in hands out as its `number`-th:
    /// `ASIALOGIN00010000000` is the first.
    pub(crate) fn signed_in(number: usize, expiration: Timestamp) -> Self {
        Self::temporary(&signed_in(number), expiration)
    }

    /// The keys that the fake of IAM Identity Center hands out as its `number`-th: `ASIAPORTAL0001000000` is the first.
    pub(crate) fn of_role(number: usize, expiration: Timestamp) -> Self {
        Self::temporary(&of_role(number), expiration)
    }

    fn temporary(name: &str, expiration: Timestamp) -> Self {
        Self {
            access_key_id: access_key_id("ASIA", name),
            secret_access_key: secret_access_key(name),
            session_token: Some(format!("{MARKER}//token/{name}+EXAMPLE==")),
            expiration: Some(expiration),
        }
    }

    /// The keys as a section of `~/.aws/credentials`.
    pub(crate) fn section(&self, profile: &str) -> String {
        let mut lines = format!("[{profile}]\n");
        for (name, value) in self.pairs() {
            lines.extend([name, " = ", value, "\n"]);
        }
        lines
    }

    /// The keys as environment variables.
    pub(crate) fn vars(&self) -> Vec<(String, String)> {
        self.pairs().map(|(name, value)| (name.to_uppercase(), value.to_owned())).collect()
    }

    /// The keys as the answer of a `credential_process`: one line, its members in AWS's order.
    pub(crate) fn document(&self, account: Option<&str>) -> String {
        let members = [
            ("AccessKeyId", Some(self.access_key_id.clone())),
            ("SecretAccessKey", Some(self.secret_access_key.clone())),
            ("SessionToken", self.session_token.clone()),
            ("Expiration", self.expiration.map(Timestamp::rfc3339)),
            ("AccountId", account.map(str::to_owned)),
        ];
        let mut document = String::from("{\"Version\":1");
        for (name, value) in members {
            // Nothing in these values has to be escaped.
            document.extend(value.map(|value| format!(",\"{name}\":\"{value}\"")));
        }
        document + "}\n"
    }

    /// AWS's names for the parts, in lower case.
    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("aws_access_key_id", Some(self.access_key_id.as_str())),
            ("aws_secret_access_key", Some(self.secret_access_key.as_str())),
            ("aws_session_token", self.session_token.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// Under which name an STS has to know keys that were signed in for.
pub(crate) fn signed_in(number: usize) -> String {
    format!("login{number:04}")
}

/// Under which name an STS has to know keys that IAM Identity Center handed out.
pub(crate) fn of_role(number: usize) -> String {
    format!("portal{number:04}")
}

fn access_key_id(prefix: &str, name: &str) -> String {
    let fits = name.len() <= 16 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    assert!(fits, "{name:?} cannot be part of an access key id of 20 letters");
    format!("{prefix}{:0<16}", name.to_uppercase())
}

/// 40 characters, among them the two that need escaping in a URL.
fn secret_access_key(name: &str) -> String {
    format!("{:X<40}", format!("{MARKER}/{name}+"))
}
