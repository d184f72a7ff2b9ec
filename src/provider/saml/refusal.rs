//! What STS's refusals of an assertion mean for the person who meets them.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html#API_AssumeRoleWithSAML_Errors>

use crate::api::{Reason, ServiceError};
use crate::error::Error;
use crate::provider::advice;
use crate::saml::Offer;
use crate::timestamp::spoken;

/// Why STS did not give the role, for a person.
pub(crate) fn explain(refusal: &ServiceError, offer: &Offer, profile: &str) -> Error {
    let Offer { role_arn, principal_arn } = offer;
    let cause = match refusal.clock_off {
        Some(off) => format!("{refusal}; this machine's clock is off by {}", spoken(off)),
        None => refusal.to_string(),
    };
    let Reason::Refused { code, message, .. } = &refusal.reason else {
        let hint = advice::no_answer(refusal);
        return Error::new(format!("cannot assume role \"{role_arn}\" of profile \"{profile}\""))
            .cause(cause)
            .hint(hint);
    };
    let hint = match code.as_str() {
        "ExpiredTokenException" | "ExpiredToken" => {
            "the assertion is older than 5 minutes; sign in again, and check the clock of the identity provider".into()
        }
        "AccessDenied" => format!(
            "check that the role exists, and that it trusts {principal_arn} with sts:AssumeRoleWithSAML for the \
             audience of this assertion"
        ),
        "InvalidIdentityToken" => format!(
            "check that {principal_arn} exists in IAM, and that its metadata has the certificate that the identity \
             provider signs with now"
        ),
        "IDPRejectedClaim" => {
            "check what the identity provider says of you: RoleSessionName, Role, the audience".into()
        }
        "ValidationError" if message.contains("MaxSessionDuration") || message.contains("DurationSeconds") => {
            "lower duration_seconds to what the role allows".into()
        }
        "ValidationError" => "check saml_role_arn, saml_principal_arn and duration_seconds".into(),
        "PackedPolicyTooLarge" => "have the identity provider send fewer session tags".into(),
        "RegionDisabledException" => {
            "use another region, or have STS activated for it in the account's settings".into()
        }
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" => {
            "too many calls from this account; wait a moment".into()
        }
        _ => "run `keyfob explain` to see where the answer comes from".to_owned(),
    };
    Error::new(format!("cannot assume role \"{role_arn}\" of profile \"{profile}\"")).cause(cause).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_an_assertion_has_advice_of_its_own() {
        let offer = Offer { role_arn: "role".into(), principal_arn: "provider".into() };
        for (code, message, advice) in [
            ("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance", "older than 5 minutes"),
            ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", "trusts provider with"),
            ("InvalidIdentityToken", "Response signature invalid", "certificate"),
            ("IDPRejectedClaim", "", "RoleSessionName"),
            ("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration", "lower duration"),
            ("ValidationError", "1 validation error", "saml_principal_arn"),
            ("PackedPolicyTooLarge", "105%", "tags"),
            ("RegionDisabledException", "", "another region"),
            ("Throttling", "Rate exceeded", "wait"),
            ("Other", "", "explain"),
        ] {
            let reason = Reason::Refused {
                status: 403,
                code: code.into(),
                message: message.into(),
                key_trouble: None,
                request_id: None,
            };
            let action = "AssumeRoleWithSAML";
            let refusal = ServiceError { action, host: "sts".into(), reason, clock_off: None, retry_after: None };
            let hint = explain(&refusal, &offer, "corp").hint.unwrap_or_default();
            assert!(hint.contains(advice), "{code}: {hint}");
        }
    }
}
