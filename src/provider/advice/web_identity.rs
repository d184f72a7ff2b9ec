//! The same for `AssumeRoleWithWebIdentity`, which nobody signs: a token of another identity provider says who it is.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>

use super::{general, no_answer};
use crate::api::jwt::Claims;
use crate::api::{Reason, ServiceError};
use crate::error::{Error, some_of};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use std::path::Path;

/// What was tried, for the texts to name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    /// The profile whose settings made the call; `None` for the environment.
    pub(crate) profile: Option<&'a str>,
    pub(crate) role_arn: &'a str,
    pub(crate) token: &'a Secret,
    /// Where the token was.
    pub(crate) path: &'a Path,
    pub(crate) now: Timestamp,
}

/// The error for a person.
pub(crate) fn explain(error: &ServiceError, attempt: Attempt<'_>) -> Error {
    let Attempt { profile, role_arn, token, path, now } = attempt;
    let whose = profile.map_or_else(|| "the environment".to_owned(), |name| format!("profile \"{name}\""));
    let message = format!("cannot assume role \"{role_arn}\" of {whose}");
    let Reason::Refused { code, .. } = &error.reason else {
        return Error::new(message).cause(error.to_string()).hint(no_answer(error));
    };
    let claims = Claims::parse(token.expose());
    let cause = if is_about_the_token(code) {
        format!("{error}; {}", described(claims.as_ref(), now))
    } else {
        error.to_string()
    };
    Error::new(message).cause(cause).hint(hint(code, path, claims.as_ref()))
}

fn is_about_the_token(code: &str) -> bool {
    const CODES: [&str; 6] = [
        "InvalidIdentityToken",
        "ExpiredTokenException",
        "ExpiredToken",
        "AccessDenied",
        "IDPRejectedClaim",
        "IDPCommunicationError",
    ];
    CODES.contains(&code)
}

/// What a token says of itself, of which no part is secret.
pub(crate) fn described(claims: Option<&Claims>, now: Timestamp) -> String {
    const SHOWN: usize = 3;
    let Some(Claims { issuer, audience, subject, expiration }) = claims else {
        return "the token is no JSON Web Token".to_owned();
    };
    let quoted: Vec<String> = audience.iter().map(|audience| format!("\"{audience}\"")).collect();
    let mut parts = vec![format!("the token is of issuer \"{issuer}\"")];
    parts.push(if quoted.is_empty() {
        "for no audience".to_owned()
    } else {
        format!("for audience {}", some_of(&quoted, SHOWN, ", "))
    });
    parts.extend(subject.as_ref().map(|subject| format!("of subject \"{subject}\"")));
    parts.extend(expiration.map(|end| if end <= now { format!("and ended at {end}") } else { format!("until {end}") }));
    parts.join(", ")
}

fn hint(code: &str, path: &Path, claims: Option<&Claims>) -> String {
    match code {
        "InvalidIdentityToken" => {
            "check in IAM that the role's account has an OIDC provider for this issuer, with this audience, and that \
             the token is one of it"
                .into()
        }
        "ExpiredTokenException" | "ExpiredToken" => {
            let path = path.display();
            format!("the token file is stale: whatever issues the token has to write a new one to \"{path}\"")
        }
        "AccessDenied" => {
            "check that the role exists, that its trust policy allows sts:AssumeRoleWithWebIdentity to the OIDC \
             provider of this issuer, and that its conditions are met by this audience and subject"
                .into()
        }
        "IDPRejectedClaim" => {
            "the identity provider holds the token for ended or revoked: have a new one issued".into()
        }
        "IDPCommunicationError" => match claims {
            Some(Claims { issuer, .. }) => format!(
                "AWS could not get the issuer's keys; try again, and check that AWS can reach \
                 {}/.well-known/openid-configuration",
                issuer.trim_end_matches('/')
            ),
            None => "AWS could not reach the identity provider; try again".into(),
        },
        "ValidationError" => "check role_arn and role_session_name".into(),
        code => general(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};

    const NOW: Timestamp = Timestamp::from_unix_millis(1_768_478_400_000);

    fn refused(code: &str) -> ServiceError {
        let reason = Reason::Refused {
            status: 400,
            code: code.into(),
            message: "No.".into(),
            key_trouble: None,
            request_id: Some("r-1".into()),
        };
        let action = "AssumeRoleWithWebIdentity";
        ServiceError { action, host: "sts".into(), reason, clock_off: None, retry_after: None }
    }

    fn token(payload: &str) -> Secret {
        Secret::new(format!("e30.{}.MARKERsecret", Base64UrlUnpadded::encode_string(payload.as_bytes())))
    }

    fn explained(code: &str, token: &Secret, profile: Option<&str>) -> Error {
        let attempt = Attempt { profile, role_arn: "arn", token, path: Path::new("/run/token"), now: NOW };
        explain(&refused(code), attempt)
    }

    #[test]
    fn every_error_has_advice_of_its_own() {
        let token = token(r#"{"iss":"https://i/"}"#);
        for (code, advice) in [
            ("InvalidIdentityToken", "OIDC provider for this issuer"),
            ("ExpiredTokenException", "a new one to \"/run/token\""),
            ("AccessDenied", "sts:AssumeRoleWithWebIdentity"),
            ("IDPRejectedClaim", "ended or revoked"),
            ("IDPCommunicationError", " https://i/.well-known/openid-configuration"),
            ("ValidationError", "role_session_name"),
            ("RegionDisabledException", "another region"),
            ("Throttling", "wait"),
        ] {
            let error = explained(code, &token, Some("dev"));
            assert_eq!(error.message, "cannot assume role \"arn\" of profile \"dev\"");
            let hint = error.hint.unwrap_or_default();
            assert!(hint.contains(advice), "{code}: {hint}");
        }
    }

    #[test]
    fn what_a_token_says_of_itself_is_told_and_never_the_token() {
        for (payload, said) in [
            ("opaque", "the token is no JSON Web Token"),
            (r#"{"iss":"i"}"#, "the token is of issuer \"i\", for no audience"),
            (
                r#"{"iss":"i","aud":["a","b"],"sub":"s","exp":1768478400}"#,
                "the token is of issuer \"i\", for audience \"a\", \"b\", of subject \"s\", and ended at \
                 2026-01-15T12:00:00Z",
            ),
            (
                r#"{"iss":"i","aud":"a","exp":1768478401}"#,
                "the token is of issuer \"i\", for audience \"a\", until 2026-01-15T12:00:01Z",
            ),
        ] {
            let error = explained("InvalidIdentityToken", &token(payload), None);
            assert_eq!(error.message, "cannot assume role \"arn\" of the environment");
            let cause = "AssumeRoleWithWebIdentity at sts: InvalidIdentityToken: No (HTTP 400, request r-1)";
            assert_eq!(error.cause, Some(format!("{cause}; {said}")), "{payload}");
        }
        let cause = explained("Throttling", &token(r#"{"iss":"i"}"#), None).cause.unwrap_or_default();
        assert!(!cause.contains("issuer"), "{cause}");
    }
}
