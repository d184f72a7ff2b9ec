//! What every road ends in: keys, and how long they live.

use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::Serialize;

/// An access key pair, long-term or temporary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    /// Temporary credentials have one, long-term ones do not.
    pub(crate) session_token: Option<Secret>,
    /// `None`: they do not expire, or nobody said when.
    pub(crate) expiration: Option<Timestamp>,
    /// Twelve digits.
    pub(crate) account_id: Option<String>,
}

impl Credentials {
    /// Whether both are the same key pair and token, whatever is known of their end.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        self.access_key_id == other.access_key_id && self.session_token == other.session_token
    }

    /// The same, and the secret as well.
    pub(crate) fn is_same_pair(&self, other: &Self) -> bool {
        self.is_same_key(other) && self.secret_access_key == other.secret_access_key
    }

    /// The document that SDKs read from a `credential_process`: one line and its newline.
    ///
    /// Members that have no value are left out: an empty token or a null expiration breaks some SDKs.
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
    pub(crate) fn to_process_json(&self) -> String {
        let expiration = self.expiration.map(|time| time.to_string());
        let document = ProcessDocument { account_id: self.account_id.as_deref(), ..self.document(expiration) };
        with_newline(serde_json::to_string(&document))
    }

    /// The same document as `aws configure export-credentials` prints it: on several lines, with Python's way to write a
    /// time, and without the account.
    pub(crate) fn to_export_json(&self) -> String {
        let document = self.document(self.expiration.map(Timestamp::to_isoformat));
        with_newline(serde_json::to_string_pretty(&document))
    }

    fn document(&self, expiration: Option<String>) -> ProcessDocument<'_> {
        let Self { access_key_id, secret_access_key, session_token, expiration: _, account_id: _ } = self;
        ProcessDocument {
            version: 1,
            access_key_id,
            secret_access_key: secret_access_key.expose(),
            session_token: session_token.as_ref().map(Secret::expose),
            expiration,
            account_id: None,
        }
    }
}

fn with_newline(json: serde_json::Result<String>) -> String {
    json.expect("strings and a number always serialize") + "\n"
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProcessDocument<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
}

/// Whether a text can be part of a key or token at all: control characters would break requests, variables and shells.
pub(crate) fn is_key_text(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// The account of an ARN: its fifth field, when that is an account id.
pub(crate) fn account_of_arn(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| is_account_id(account))
}

/// Whether a text is twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_credentials_print_every_member_in_order() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLEEXAMPLE00".into(),
            secret_access_key: Secret::new("secret/EXAMPLE+KEY"),
            session_token: Some(Secret::new("token//EXAMPLE+==")),
            expiration: Timestamp::parse("2099-01-02T03:04:05Z"),
            account_id: Some("123456789012".into()),
        };
        assert_eq!(
            credentials.to_process_json(),
            "{\"Version\":1,\"AccessKeyId\":\"ASIAEXAMPLEEXAMPLE00\",\"SecretAccessKey\":\"secret/EXAMPLE+KEY\",\
             \"SessionToken\":\"token//EXAMPLE+==\",\"Expiration\":\"2099-01-02T03:04:05Z\",\"AccountId\":\"123456789012\"}\n"
        );
    }

    #[test]
    fn long_term_keys_print_neither_token_nor_expiration() {
        let credentials = Credentials {
            access_key_id: "AKIA".into(),
            secret_access_key: Secret::new("s"),
            session_token: None,
            expiration: None,
            account_id: None,
        };
        assert_eq!(
            credentials.to_process_json(),
            "{\"Version\":1,\"AccessKeyId\":\"AKIA\",\"SecretAccessKey\":\"s\"}\n"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            access_key_id: "AKIA".into(),
            secret_access_key: Secret::new("hidden"),
            session_token: Some(Secret::new("hidden")),
            expiration: None,
            account_id: None,
        };
        assert!(!format!("{credentials:?}").contains("hidden"));
    }

    #[test]
    fn only_a_twelve_digit_fifth_field_is_an_account() {
        assert_eq!(account_of_arn("arn:aws:sts::123456789012:assumed-role/Demo/x"), Some("123456789012"));
        assert_eq!(account_of_arn("arn:aws:sts::12345:assumed-role/Demo/x"), None);
        assert_eq!(account_of_arn("junk"), None);
    }
}
