//! Answers in JSON: those of the sign-in services and of the access portal.
//!
//! A refusal's name is in one of several places, or in some of them, depending on the service and on what stands before
//! it:
//!
//! ```text
//! x-amzn-ErrorType: AuthorizationPendingException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/
//! {"error": "authorization_pending", "error_description": "…"}
//! {"__type": "com.amazonaws.switchboard.portal#UnauthorizedException", "message": "…"}
//! ```

use super::http::{Response, exception_name};
use super::redact::without;
use super::{Reason, foreign, shortened};
use serde_json::{Map, Value};

/// Whose word for what is wrong says more, where there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// AWS's, as all SDKs have it.
    OfAws,
    /// That of OAuth 2.0, in `error`.
    OfOAuth,
}

/// What an answer holds, read by `read`, or what stands against it, without the secrets that were sent.
pub(super) fn understand<T>(
    response: &Response,
    names: Names,
    secrets: &[&str],
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, Reason> {
    let status = response.status;
    let body = foreign::body(response)?;
    let members = || serde_json::from_slice::<Map<String, Value>>(body);
    if status == 200 {
        let wanting =
            || if members().is_ok() { foreign::incomplete(response) } else { foreign::other_format(response) };
        return read(body).ok_or_else(wanting);
    }
    let members = members().unwrap_or_default();
    let text = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| members.get(*name)?.as_str()).filter(|text| !text.is_empty());
        found.next()
    };
    let of_aws = response.error_type.as_deref().or_else(|| text(&["code", "Code", "__type"]));
    let name = match names {
        Names::OfAws => of_aws.or_else(|| text(&["error"])),
        Names::OfOAuth => text(&["error"]).or(of_aws),
    };
    let Some(name) = name else { return Err(foreign::other_format(response)) };
    let message = text(&["message", "Message", "error_description"]).unwrap_or_default();
    let clean = |text: &str| shortened(&without(text, secrets));
    // Where to ask instead.
    let region = text(&["region"]).map(|region| format!(" (region {region})")).unwrap_or_default();
    let (code, message) = (clean(exception_name(name)), clean(format!("{message}{region}").trim()));
    let key_trouble = text(&["reason"]).filter(|reason| reason.starts_with("KMS_")).map(clean);
    Err(Reason::Refused { status, code, message, key_trouble, request_id: response.request_id.clone() })
}
