//! `credential_process`: another program that prints credentials.
//!
//! ```json
//! {"Version": 1, "AccessKeyId": "…", "SecretAccessKey": "…", "SessionToken": "…", "Expiration": "2026-01-15T12:00:00Z"}
//! ```
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>

use crate::command_line::Invocation;
use crate::context::{Clock, Vars};
use crate::credentials::{Credentials, is_account_id, is_key_text};
use crate::error::Error;
use crate::program::{self, Words};
use crate::recursion::{CHAIN_VARIABLE, extended_chain};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::Deserialize;
use std::time::Duration;

/// What to run, and for whom.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The setting's value.
    pub(crate) command: &'a str,
    pub(crate) profile: &'a str,
    /// The account, should the program not name it.
    pub(crate) aws_account_id: Option<&'a str>,
    /// The program is killed then.
    pub(crate) limit: Duration,
}

/// Runs the program and reads what it prints.
pub(crate) fn credentials(request: &Request<'_>, vars: &Vars, clock: &Clock) -> Result<Credentials, Error> {
    let Request { command, profile, aws_account_id, limit } = *request;
    let failed = |why: String| Error::new(format!("credential_process of profile \"{profile}\" failed")).cause(why);
    let chain = extended_chain(vars, profile)?;
    let invocation = Invocation::parse(command);
    let name = format!("\"{}\"", invocation.program());
    let output = program::run(&invocation, &[(CHAIN_VARIABLE, &chain)], Words::Kept, limit)
        .map_err(|failure| failed(failure.to_string()))?;
    if !output.status.success() {
        return Err(failed(format!("{name} {}", output.ending())));
    }
    let credentials = parse(&output.stdout, aws_account_id)
        .map_err(|why| failed(format!("{name} printed no usable credentials: {why}")))?;
    match credentials.expiration {
        Some(expiration) if expiration <= clock.now() => {
            Err(failed(format!("{name} printed credentials that expired at {expiration}")))
        }
        _ => Ok(credentials),
    }
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "version")]
    version: Option<serde_json::Number>,
    accesskeyid: Option<String>,
    secretaccesskey: Option<Secret>,
    sessiontoken: Option<Secret>,
    expiration: Option<String>,
    accountid: Option<String>,
}

/// Reads a document whose keys may have any case. Errors name members, never values.
fn parse(stdout: &[u8], aws_account_id: Option<&str>) -> Result<Credentials, String> {
    let text = str::from_utf8(stdout).map_err(|_| "the output is not UTF-8")?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("the output is empty".into());
    }
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(|error| {
        format!("the output is not one JSON object (line {}, column {})", error.line(), error.column())
    })?;
    let lower = members.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect();
    let document: Document = serde_json::from_value(serde_json::Value::Object(lower))
        .map_err(|_| "a member is not of the type that it must have")?;
    let Document { version, accesskeyid, secretaccesskey, sessiontoken, expiration, accountid } = document;
    if version.and_then(|version| version.as_u64()) != Some(1) {
        return Err("Version is not 1".into());
    }
    let secrets = [&secretaccesskey, &sessiontoken].into_iter().flatten().map(Secret::expose);
    if !accesskeyid.iter().map(String::as_str).chain(secrets).all(is_key_text) {
        return Err("a key or the token holds a control character".into());
    }
    let expiration = match expiration.filter(|text| !text.is_empty()) {
        Some(text) => Some(Timestamp::parse(&text).ok_or("Expiration is not a time with its zone")?),
        None => None,
    };
    Ok(Credentials {
        access_key_id: accesskeyid.filter(|id| !id.is_empty()).ok_or("AccessKeyId is missing")?,
        secret_access_key: secretaccesskey
            .filter(|key| !key.expose().is_empty())
            .ok_or("SecretAccessKey is missing")?,
        session_token: sessiontoken.filter(|token| !token.expose().is_empty()),
        expiration,
        account_id: accountid.or_else(|| aws_account_id.map(str::to_owned)).filter(|account| is_account_id(account)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_whatever_the_case_of_their_keys() {
        let credentials = parse(
            br#" {"version": 1, "ACCESSKEYID": "AKIA", "secretAccessKey": "s", "Expiration": "2099-01-02T03:04:05UTC", "More": [1]} "#,
            Some("123456789012"),
        )
        .expect("a whole document");
        assert_eq!(credentials.access_key_id, "AKIA");
        assert_eq!(credentials.session_token, None);
        assert_eq!(credentials.account_id.as_deref(), Some("123456789012"));
        assert_eq!(credentials.expiration, Timestamp::parse("2099-01-02T03:04:05Z"));
    }

    #[test]
    fn unusable_output_is_refused_without_showing_it() {
        for (output, why) in [
            ("", "empty"),
            ("  \n", "empty"),
            ("hidden", "JSON"),
            ("[\"hidden\"]", "JSON"),
            ("{\"Version\":1} hidden", "JSON"),
            ("{\"Version\":\"1\",\"SecretAccessKey\":\"hidden\"}", "type"),
            ("{\"Version\":2,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hidden\"}", "Version"),
            ("{\"Version\":1.0,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hidden\"}", "Version"),
            ("{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hidden\"}", "Version"),
            ("{\"Version\":1,\"SecretAccessKey\":\"hidden\"}", "AccessKeyId"),
            ("{\"Version\":1,\"AccessKeyId\":\"\",\"SecretAccessKey\":\"hidden\"}", "AccessKeyId"),
            ("{\"Version\":1,\"AccessKeyId\":\"a\"}", "SecretAccessKey"),
            ("{\"Version\":1,\"AccessKeyId\":7,\"SecretAccessKey\":\"hidden\"}", "type"),
            (
                "{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hidden\",\"Expiration\":\"hidden\"}",
                "Expiration",
            ),
        ] {
            let error = parse(output.as_bytes(), None).expect_err(output);
            assert!(error.contains(why) && !error.contains("hidden"), "{output}: {error}");
        }
        assert!(parse(b"\xff", None).is_err());
    }

    /// Documents with bytes changed, cut out and put in, from a generator with a fixed seed.
    #[test]
    fn whatever_is_printed_is_read_whole_or_refused_without_showing_it() {
        const WHOLE: &[u8] = br#"{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "hidden", "SessionToken": "hidden", "Expiration": "2099-01-02T03:04:05Z", "AccountId": "123456789012"}"#;
        const SPLICES: [&[u8]; 8] = [b"\"", b"{", b"}", b"null", b",\"Version\":1", b"\xff", b"\\u0000", b"1e999"];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |bound: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % u64::try_from(bound).expect("a small number")).expect("a small number")
        };
        let mut read = 0;
        for _ in 0..20_000 {
            let mut output = WHOLE.to_vec();
            for _ in 0..below(4) {
                let at = below(output.len());
                let end = (at + below(6)).min(output.len());
                output.splice(at..end, SPLICES[below(SPLICES.len())].iter().copied());
            }
            match parse(&output, None) {
                Ok(credentials) => {
                    read += 1;
                    assert!(
                        !credentials.access_key_id.is_empty() && !credentials.secret_access_key.expose().is_empty()
                    );
                }
                Err(why) => assert!(!why.contains("hidden"), "{why}"),
            }
        }
        assert!((5_000..20_000).contains(&read), "{read} were read");
    }
}
