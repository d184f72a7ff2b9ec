//! What containers and instances are handed: the credentials of their role.
//!
//! ```json
//! {"Code": "Success", "LastUpdated": "…", "Type": "AWS-HMAC", "AccessKeyId": "…", "SecretAccessKey": "…",
//!  "Token": "…", "Expiration": "2026-01-15T12:00:00Z"}
//! ```
//!
//! Servers that speak for AWS's spell the members as they like, in any case, and some give them other names.

use super::redact::without;
use super::{Reason, shortened};
use crate::credentials::{Credentials, account_of_arn, is_account_id, is_key_text};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Larger answers are not what they claim to be.
pub(super) const LARGEST: usize = 64 * 1024;

#[derive(Deserialize)]
struct Document {
    code: Option<String>,
    message: Option<String>,
    accesskeyid: Option<String>,
    secretaccesskey: Option<Secret>,
    token: Option<Secret>,
    sessiontoken: Option<Secret>,
    expiration: Option<String>,
    expiresat: Option<String>,
    accountid: Option<String>,
    rolearn: Option<String>,
}

/// Reads a success's body. Errors name members, never values; of the service's words the `secrets` are taken out.
pub(super) fn credentials(body: &[u8], secrets: &[&str]) -> Result<Credentials, Reason> {
    let unreadable = |why: String| Reason::Unreadable { status: 200, why, request_id: None };
    let document = document(body).map_err(|why| unreadable(why.to_owned()))?;
    if let Some(code) = document.code.as_ref().filter(|code| *code != "Success") {
        let message = document.message.as_deref().unwrap_or_default();
        return Err(refused(200, code, message, secrets));
    }
    read(document).map_err(|why| unreadable(format!("the answer is not usable: {why}")))
}

/// The service's words for what is wrong, without these secrets.
pub(super) fn refused(status: u16, code: &str, message: &str, secrets: &[&str]) -> Reason {
    let [code, message] = [code, message].map(|text| shortened(&without(text, secrets)));
    Reason::Refused { status, code, message, key_trouble: None, request_id: None }
}

fn document(body: &[u8]) -> Result<Document, &'static str> {
    let members = members(body).ok_or("the answer is not JSON")?;
    serde_json::from_value(Value::Object(members)).map_err(|_| "a member of the answer is not of the type it must have")
}

/// The members of an object, their names in lower case.
pub(super) fn members(body: &[u8]) -> Option<Map<String, Value>> {
    let members: Map<String, Value> = serde_json::from_slice(body).ok()?;
    Some(members.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
}

fn read(document: Document) -> Result<Credentials, &'static str> {
    let Document { accesskeyid, secretaccesskey, expiration, accountid, rolearn, .. } = document;
    let token = document.token.or(document.sessiontoken);
    let some = |secret: &Secret| !secret.expose().is_empty();
    let credentials = Credentials {
        access_key_id: accesskeyid.filter(|id| !id.is_empty()).ok_or("AccessKeyId is missing")?,
        secret_access_key: secretaccesskey.filter(some).ok_or("SecretAccessKey is missing")?,
        session_token: Some(token.filter(some).ok_or("Token is missing")?),
        expiration: Some(
            Timestamp::parse(&expiration.or(document.expiresat).ok_or("Expiration is missing")?)
                .ok_or("Expiration is not a time with its zone")?,
        ),
        account_id: accountid
            .filter(|account| is_account_id(account))
            .or_else(|| rolearn.as_deref().and_then(account_of_arn).map(str::to_owned)),
    };
    let secrets = [Some(&credentials.secret_access_key), credentials.session_token.as_ref()];
    let secrets_are_fit = secrets.into_iter().flatten().map(Secret::expose).all(is_key_text);
    if secrets_are_fit && is_key_text(&credentials.access_key_id) {
        Ok(credentials)
    } else {
        Err("a key or the token holds a control character")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: Option<&str> = Some("123456789012");

    #[test]
    fn members_are_known_in_any_case_and_by_both_their_names() {
        for (text, account) in [
            (
                r#"{"Code":"Success","LastUpdated":"2020-01-01T00:00:00Z","Type":"AWS-HMAC","AccessKeyId":"ASIA",
                    "SecretAccessKey":"s","Token":"t","Expiration":"2099-01-02T03:04:05Z"}"#,
                None,
            ),
            (
                r#"{"ACCESSKEYID":"ASIA","secretaccesskey":"s","sessionToken":"t","expiresAt":"2099-01-02T03:04:05Z",
                    "accountId":"123456789012"}"#,
                ACCOUNT,
            ),
            (
                r#"{"RoleArn":"arn:aws:iam::123456789012:role/Task","AccessKeyId":"ASIA","SecretAccessKey":"s",
                    "Token":"t","Expiration":"2099-01-02T03:04:05+00:00","Code":null}"#,
                ACCOUNT,
            ),
            (
                r#"{"AccountId":"123456789012","RoleArn":"arn:aws:iam::999999999999:role/Task","AccessKeyId":"ASIA",
                    "SecretAccessKey":"s","Token":"t","Expiration":"2099-01-02T03:04:05Z"}"#,
                ACCOUNT,
            ),
            (
                r#"{"AccountId":"x","RoleArn":"","AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t",
                    "Expiration":"2099-01-02T03:04:05Z"}"#,
                None,
            ),
        ] {
            let credentials = credentials(text.as_bytes(), &[]).expect(text);
            assert_eq!(credentials.access_key_id, "ASIA");
            assert_eq!(credentials.secret_access_key.expose(), "s");
            assert_eq!(credentials.session_token.as_ref().map(Secret::expose), Some("t"));
            assert_eq!(credentials.expiration, Timestamp::parse("2099-01-02T03:04:05Z"));
            assert_eq!(credentials.account_id.as_deref(), account, "{text}");
        }
    }

    #[test]
    fn what_is_no_credentials_is_refused_without_showing_it() {
        for (text, why) in [
            ("", "not JSON"),
            ("hidden", "not JSON"),
            ("[]", "not JSON"),
            ("<html>hidden</html>", "not JSON"),
            (r#"{"AccessKeyId":"a","SecretAccessKey":"hidden","Token":"hid"#, "not JSON"),
            (r#"{"AccessKeyId":1,"SecretAccessKey":"hidden"}"#, "type"),
            (r#"{"AccessKeyId":"a","accesskeyid":2}"#, "type"),
            (r#"{"SecretAccessKey":"hidden"}"#, "AccessKeyId is missing"),
            (r#"{"AccessKeyId":"","SecretAccessKey":"hidden"}"#, "AccessKeyId is missing"),
            (r#"{"AccessKeyId":"a","Token":"hidden"}"#, "SecretAccessKey is missing"),
            (r#"{"AccessKeyId":"a","SecretAccessKey":"hidden","Token":""}"#, "Token is missing"),
            (r#"{"AccessKeyId":"a","SecretAccessKey":"hidden","Token":"hidden"}"#, "Expiration is missing"),
            (
                r#"{"AccessKeyId":"a","SecretAccessKey":"hidden","Token":"hidden","Expiration":"hidden"}"#,
                "Expiration is not a time",
            ),
            (
                r#"{"AccessKeyId":"a","SecretAccessKey":"hidden","Token":"hid\nden","Expiration":"2099-01-02T03:04:05Z"}"#,
                "control character",
            ),
            (r#"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role x."}"#, "EC2 cannot"),
            (r#"{"Code":"hidden-hidden-hidden","Message":"not hidden-hidden-hidden"}"#, "not …"),
        ] {
            let shown = format!("{:?}", credentials(text.as_bytes(), &["hidden-hidden-hidden"]).expect_err(text));
            assert!(shown.contains(why) && !shown.contains("hidden"), "{text}: {shown}");
        }
    }
}
