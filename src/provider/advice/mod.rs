//! What STS's errors mean for the person who meets them: the usual cause, and what to do next.
//!
//! The codes are those on the wire.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>

pub(crate) mod web_identity;

use crate::api::http::TransportError;
use crate::api::{Reason, ServiceError};
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::timestamp::spoken;
use std::time::Duration;

/// What was tried, for the texts to name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    /// The profile whose settings made the call.
    pub(crate) profile: &'a str,
    pub(crate) caller: &'a Credentials,
    /// Whose keys those are: the profile before, or the same.
    pub(crate) source: &'a str,
    pub(crate) role: Option<RoleFacts<'a>>,
}

/// What about a role call matters when it is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleFacts<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) has_external_id: bool,
    pub(crate) mfa_serial: Option<&'a str>,
    pub(crate) has_tags: bool,
    pub(crate) has_source_identity: bool,
}

/// The error for a person.
pub(crate) fn explain(error: &ServiceError, attempt: Attempt<'_>) -> Error {
    let message = match attempt.role {
        Some(role) => format!("cannot assume role \"{}\" of profile \"{}\"", role.role_arn, attempt.profile),
        None => format!("cannot call {} for profile \"{}\"", error.action, attempt.profile),
    };
    let cause = match error.clock_off {
        Some(off) => format!("{error}; this machine's clock is off by {}", spoken(off)),
        None => error.to_string(),
    };
    let exit = if error.code() == "ExpiredToken" { Exit::SignInNeeded } else { Exit::Failed };
    Error::new(message).cause(cause).hint(hint(error, attempt)).exit(exit)
}

fn hint(error: &ServiceError, attempt: Attempt<'_>) -> String {
    let Reason::Refused { code, message, .. } = &error.reason else { return no_answer(error) };
    match code.as_str() {
        "AccessDenied" => access_denied(message, attempt),
        "ValidationError" => validation(message),
        "ExpiredToken" => format!("the credentials of profile \"{}\" have expired; get new ones", attempt.source),
        "InvalidClientTokenId" => unknown_key(attempt),
        "SignatureDoesNotMatch" => match error.clock_off {
            Some(off) if off > Duration::from_mins(1) => "set this machine's clock".into(),
            _ => format!("the secret access key does not belong to {}; store the pair again", shown(attempt.caller)),
        },
        "RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture" => "set this machine's clock".into(),
        "MalformedPolicyDocument" | "PackedPolicyTooLarge" => "shorten the session tags".into(),
        code => general(code),
    }
}

/// What helps whatever was asked for.
fn general(code: &str) -> String {
    match code {
        "RegionDisabledException" => "use another region, or have STS activated for it in the account's settings",
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" => {
            "too many calls from this account; wait a moment"
        }
        "OptInRequired" => "the account is not signed up for this service or region",
        "MissingAuthenticationToken" | "IncompleteSignature" => "a proxy on the way changes the request's headers",
        _ => "run `keyfob explain` to see where the answer comes from",
    }
    .to_owned()
}

fn access_denied(message: &str, attempt: Attempt<'_>) -> String {
    let serial = attempt.role.and_then(|role| role.mfa_serial).unwrap_or("the MFA device");
    if message.contains("one time pass code") {
        return "the code was wrong or already used; wait for the next one".into();
    }
    if message.contains("MultiFactorAuthentication") {
        return format!("check that mfa_serial \"{serial}\" is a device of the caller, key {}", shown(attempt.caller));
    }
    if message.contains("root account") {
        return "roles cannot be assumed with the root user's keys; use an IAM user's".into();
    }
    if message.contains("with session credentials") {
        return "this call needs long-term keys, not temporary ones".into();
    }
    role_checks(attempt)
}

/// What a refused `AssumeRole` usually lacks; the service does not say which.
fn role_checks(attempt: Attempt<'_>) -> String {
    let Some(role) = attempt.role else { return "ask whoever manages the account for the permission".into() };
    let mut checks =
        vec!["that the role exists and trusts the caller", "that the caller may call sts:AssumeRole on it"];
    checks.push(if role.has_external_id { "that the external_id is right" } else { "whether it wants an external_id" });
    if role.mfa_serial.is_none() {
        checks.push("whether it wants MFA (mfa_serial)");
    }
    if role.has_tags {
        checks.push("that it trusts the caller with sts:TagSession");
    }
    if role.has_source_identity {
        checks.push("that it trusts the caller with sts:SetSourceIdentity");
    }
    let last = checks.pop().unwrap_or_default();
    format!("check {}, and {last}", checks.join(", "))
}

fn validation(message: &str) -> String {
    if message.contains("1 hour session limit") {
        return "a role assumed with temporary credentials lasts at most an hour; lower duration_seconds to 3600"
            .into();
    }
    if message.contains("MaxSessionDuration") || message.contains("DurationSeconds") {
        return "lower duration_seconds to what the role allows".into();
    }
    "check role_arn, role_session_name and duration_seconds".into()
}

fn unknown_key(attempt: Attempt<'_>) -> String {
    let key = format!("key {} of profile \"{}\"", shown(attempt.caller), attempt.source);
    match attempt.caller.session_token {
        None if attempt.caller.access_key_id.starts_with("ASIA") => {
            format!("{key} is a temporary key, and its aws_session_token is missing")
        }
        Some(_) => format!("{key} is unknown there: check the partition and region, or sign in again"),
        None => {
            format!("{key} is unknown there: check in IAM that it exists and is active, and the partition (cn, gov)")
        }
    }
}

/// An access key as far as it may be shown.
fn shown(credentials: &Credentials) -> String {
    let id = &credentials.access_key_id;
    let start = id.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    format!("…{}", &id[start..])
}

/// The hint where it was not the service that spoke.
pub(crate) fn no_answer(error: &ServiceError) -> String {
    match &error.reason {
        Reason::Transport(error) if error.untrusted => {
            "name your organisation's certificates in AWS_CA_BUNDLE or the profile's ca_bundle".into()
        }
        Reason::Transport(TransportError { locked_proxy: Some(variable), .. }) => {
            format!(
                "give the proxy's user and password in {variable}: http://USER:PASSWORD@HOST:PORT, with reserved characters as %XX"
            )
        }
        Reason::Unsendable => "look for stray characters in the access key, the secret and the session token".into(),
        Reason::Unreadable { status: 429, .. } => "too many calls; wait a moment".into(),
        Reason::Transport(_) => "check the network, the region, and HTTPS_PROXY and NO_PROXY".into(),
        _ => format!("check what answers at {}: endpoint_url, AWS_ENDPOINT_URL, HTTPS_PROXY", error.host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn caller(id: &str, token: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: id.into(),
            secret_access_key: Secret::new("x"),
            session_token: token.map(Secret::new),
            expiration: None,
            account_id: None,
        }
    }

    fn hint_for(code: &str, message: &str, caller: &Credentials) -> String {
        let reason = Reason::Refused {
            status: 403,
            code: code.into(),
            message: message.into(),
            key_trouble: None,
            request_id: Some("r-1".into()),
        };
        let error =
            ServiceError { action: "AssumeRole", host: "sts".into(), reason, clock_off: None, retry_after: None };
        let role = RoleFacts {
            role_arn: "arn:aws:iam::123456789012:role/Demo",
            has_external_id: false,
            mfa_serial: Some("serial"),
            has_tags: true,
            has_source_identity: false,
        };
        let text = explain(&error, Attempt { profile: "dev", caller, source: "base", role: Some(role) });
        assert!(text.cause.as_deref().is_some_and(|cause| cause.contains("request r-1")), "{text}");
        text.hint.unwrap_or_default()
    }

    #[test]
    fn every_error_of_sts_has_advice_of_its_own() {
        let long_term = caller("AKIAIOSFODNN7EXAMPLE", None);
        for (code, message, advice) in [
            ("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", "already used"),
            ("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", "\"serial\""),
            ("AccessDenied", "Roles may not be assumed by root accounts.", "root user"),
            ("AccessDenied", "Cannot call GetSessionToken with session credentials", "long-term"),
            ("AccessDenied", "User x is not authorized to perform: sts:AssumeRole", "sts:TagSession"),
            ("ValidationError", "exceeds the 1 hour session limit for roles assumed by role chaining", "3600"),
            ("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration", "duration_seconds"),
            ("ExpiredToken", "expired", "\"base\" have expired"),
            ("InvalidClientTokenId", "invalid", "…MPLE"),
            ("SignatureDoesNotMatch", "differs", "secret access key"),
            ("RegionDisabledException", "off", "another region"),
            ("PackedPolicyTooLarge", "105%", "session tags"),
            ("Throttling", "Rate exceeded", "wait"),
            ("OptInRequired", "", "signed up"),
            ("IncompleteSignature", "", "proxy"),
            ("RequestExpired", "", "clock"),
        ] {
            let hint = hint_for(code, message, &long_term);
            assert!(hint.contains(advice), "{code}: {hint}");
        }
    }

    #[test]
    fn a_temporary_key_without_its_token_is_told_so() {
        assert!(hint_for("InvalidClientTokenId", "", &caller("ASIAEXAMPLE", None)).contains("aws_session_token"));
        assert!(hint_for("InvalidClientTokenId", "", &caller("ASIAEXAMPLE", Some("t"))).contains("sign in again"));
    }
}
