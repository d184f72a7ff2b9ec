//! What sign-ins leave in `~/.aws/sso/cache`: files of tokens and of client registrations, as the AWS CLI writes them.

use std::fmt::Write as _;

use serde_json::Value;
use sha1::{Digest, Sha1};

use super::super::Timestamp;

/// A sign-in that ended well.
#[derive(Clone, Debug)]
pub(crate) struct SsoToken {
    /// The name of the `sso-session`; `None` for a profile with a start URL of its own.
    pub(crate) session_name: Option<String>,
    pub(crate) start_url: String,
    pub(crate) region: String,
    pub(crate) access_token: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) registration_expires_at: Timestamp,
    pub(crate) refresh_token: Option<String>,
}

impl SsoToken {
    /// Relative to the home.
    pub(crate) fn path(&self) -> String {
        token_path(self.session_name.as_deref().unwrap_or(&self.start_url))
    }

    /// The file, with an access token that ends then; the fake has its own mind about that.
    pub(crate) fn document(&self, expires_at: Timestamp) -> String {
        let registration_expires_at = self.registration_expires_at.rfc3339();
        let expires_at = expires_at.rfc3339();
        let members = [
            ("startUrl", Some(&self.start_url)),
            ("region", Some(&self.region)),
            ("accessToken", Some(&self.access_token)),
            ("expiresAt", Some(&expires_at)),
            ("clientId", Some(&self.client_id)),
            ("clientSecret", Some(&self.client_secret)),
            ("registrationExpiresAt", Some(&registration_expires_at)),
            ("refreshToken", self.refresh_token.as_ref()),
        ];
        object(members.into_iter().filter_map(|(name, value)| Some((name, quoted(value?)))))
    }
}

/// Where the token of this `sso-session` is, or that of profiles with this start URL; relative to the home.
pub(crate) fn token_path(session_name_or_start_url: &str) -> String {
    in_cache(session_name_or_start_url)
}

/// A client that AWS knows.
#[derive(Clone, Debug)]
pub(crate) struct SsoRegistration {
    /// Whose file it is: `botocore` or `keyfob`.
    pub(crate) tool: &'static str,
    pub(crate) session_name: Option<String>,
    pub(crate) start_url: String,
    pub(crate) region: String,
    /// Those of the configuration; `None` if it says nothing of them.
    pub(crate) configured_scopes: Option<Vec<String>>,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) expires_at: Timestamp,
    /// Those that AWS was told.
    pub(crate) scopes: Vec<String>,
    /// For a sign-in in the browser of the same machine; without a device code.
    pub(crate) is_for_codes: bool,
}

impl SsoRegistration {
    /// Relative to the home.
    pub(crate) fn path(&self) -> String {
        in_cache(&self.key())
    }

    /// What the file's name is the digest of.
    pub(crate) fn key(&self) -> String {
        let text = |text: &Option<String>| text.as_deref().map_or_else(|| "null".to_owned(), quoted);
        object([
            ("region", quoted(&self.region)),
            ("scopes", self.configured_scopes.as_deref().map_or_else(|| "null".to_owned(), list)),
            ("session_name", text(&self.session_name)),
            ("startUrl", quoted(&self.start_url)),
            ("tool", quoted(self.tool)),
        ])
    }

    pub(crate) fn document(&self) -> String {
        let mut members = vec![
            ("clientId", quoted(&self.client_id)),
            ("clientSecret", quoted(&self.client_secret)),
            ("expiresAt", quoted(&self.expires_at.rfc3339())),
        ];
        if !self.scopes.is_empty() {
            members.push(("scopes", list(&self.scopes)));
        }
        if self.is_for_codes {
            members.push(("grantTypes", list(&["authorization_code".to_owned(), "refresh_token".to_owned()])));
        }
        object(members)
    }
}

fn in_cache(key: &str) -> String {
    let mut name = String::new();
    for byte in Sha1::digest(key.as_bytes()) {
        write!(name, "{byte:02x}").expect("a String takes all");
    }
    format!(".aws/sso/cache/{name}.json")
}

/// With Python's separators.
fn object(members: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("\"{name}\": {value}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// A string of JSON as Python writes it, in ASCII.
fn quoted(text: &str) -> String {
    let mut ascii = String::new();
    for character in Value::from(text).to_string().chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(ascii, "\\u{unit:04x}").expect("a String takes all");
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_URL: &str = "https://d-1234567890.awsapps.com/start";

    #[test]
    fn token_files_have_the_names_that_the_aws_cli_gives_them() {
        for (key, name) in [
            ("my-sso", "0ad374308c5a4e22f723adf10145eafad7c4031c"),
            ("admin", "d033e22ae348aeb5660fc2140aec35850c4da997"),
            ("my corp", "2603e49e9877a1061664a5a7f900ffb84f872d49"),
            ("sso-é", "0f34d5e6ea6da0cdad4454541d6599cccd181a79"),
            (START_URL, "7487b5b67d5fa1132cf33fa93ae51ef38cc37752"),
            ("https://d-1234567890.awsapps.com/start/", "ae4321de83751a696d13fbefb87d776773c41e1c"),
            ("https://d-1234567890.awsapps.com/start#", "7158d12dd6cc6cae0937b06a2c5fef7177265b27"),
            ("https://d-1234567890.awsapps.com/start#/", "a1c75994a810c1c468d3bd565eda2836303e6659"),
            ("https://ssotest.awsapps.com/start", "dace00cba5f8355ec9d274ceb2bcebdfbeed0e12"),
        ] {
            assert_eq!(token_path(key), format!(".aws/sso/cache/{name}.json"));
        }
    }

    #[test]
    fn token_file_is_that_of_the_aws_cli_to_the_byte() {
        let end = |text| Timestamp::parse_rfc3339(text).expect("this is how the fake spells times");
        let token = SsoToken {
            session_name: Some("my-sso".to_owned()),
            start_url: START_URL.to_owned(),
            region: "us-east-1".to_owned(),
            access_token: "at-1".to_owned(),
            client_id: "cid".to_owned(),
            client_secret: "csecret".to_owned(),
            registration_expires_at: end("2030-01-01T00:00:00Z"),
            refresh_token: Some("rt-1".to_owned()),
        };
        let written = r#"{"startUrl": "https://d-1234567890.awsapps.com/start", "region": "us-east-1", "accessToken": "at-1", "expiresAt": "2026-11-21T01:56:34Z", "clientId": "cid", "clientSecret": "csecret", "registrationExpiresAt": "2030-01-01T00:00:00Z", "refreshToken": "rt-1"}"#;
        assert_eq!(token.document(end("2026-11-21T01:56:34Z")), written);
        assert_eq!(written.len(), 256);
        assert!(token.path().ends_with("/0ad374308c5a4e22f723adf10145eafad7c4031c.json"));
    }

    #[test]
    fn registration_files_have_the_names_that_the_aws_cli_gives_them() {
        let (access, other) = ("sso:account:access", "codewhisperer:completions");
        for (session_name, region, scopes, start_url, name) in [
            (Some("my-sso"), "us-east-1", Some(&[access][..]), START_URL, "a8343d65418848d0bc13a5f25cbb32508ceec5d1"),
            (Some("my-sso"), "us-east-1", None, START_URL, "8b2cedd020fb181ad4cf906d1d27b232fd31557e"),
            (
                Some("my-sso"),
                "us-east-1",
                Some(&[access, other]),
                START_URL,
                "9e94e01ea9138dcff6b4c1caa09d3787e04b2b08",
            ),
            (None, "us-east-1", None, START_URL, "365414a68be7c9bfc776c660981dbdbd942acea4"),
            (Some("sso-é"), "us-east-1", Some(&[access]), START_URL, "2396cead1d43f11f14efe4fa261df43b6573103f"),
            (None, "us-west-2", None, "https://d-abc123.awsapps.com/start", "d75f79f67bab3f92a2b1450471c0c2574de0dca4"),
        ] {
            let registration = SsoRegistration {
                tool: "botocore",
                session_name: session_name.map(str::to_owned),
                start_url: start_url.to_owned(),
                region: region.to_owned(),
                configured_scopes: scopes.map(|scopes| scopes.iter().copied().map(str::to_owned).collect()),
                client_id: "cid".to_owned(),
                client_secret: "csecret".to_owned(),
                expires_at: Timestamp::from_unix_seconds(1_893_456_000),
                scopes: vec![access.to_owned()],
                is_for_codes: true,
            };
            assert_eq!(registration.path(), format!(".aws/sso/cache/{name}.json"), "{}", registration.key());
            let written = r#"{"clientId": "cid", "clientSecret": "csecret", "expiresAt": "2030-01-01T00:00:00Z", "scopes": ["sso:account:access"], "grantTypes": ["authorization_code", "refresh_token"]}"#;
            assert_eq!(registration.document(), written);
            let device = SsoRegistration { scopes: Vec::new(), is_for_codes: false, ..registration };
            let written = r#"{"clientId": "cid", "clientSecret": "csecret", "expiresAt": "2030-01-01T00:00:00Z"}"#;
            assert_eq!(device.document(), written);
        }
    }
}
