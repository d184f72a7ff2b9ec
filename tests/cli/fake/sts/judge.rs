//! Grants or refuses a call as AWS does: who signed it, when, and may they.
//!
//! The codes are AWS's, and the texts follow its own, as keyfob has to recognize some of them.

use std::time::Duration;

use base64ct::{Base64, Encoding};

use super::{
    super::Timestamp,
    ACCOUNT, Expected, Keys,
    registry::{Holder, MfaCheck, Principal, Registry},
    request::Call,
};

const HOUR: Duration = Duration::from_hours(1);
const TOLERANCE: Duration = Duration::from_mins(15);

/// What an answer tells.
#[derive(Debug)]
pub(super) enum Granted {
    Role { principal: Principal, keys: Keys, source_identity: Option<String> },
    WebIdentity { principal: Principal, keys: Keys, subject: String },
    Saml { principal: Principal, keys: Keys, subject: String },
    Session { keys: Keys },
    Identity { principal: Principal },
}

#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

fn refuse(status: u16, code: &'static str, message: &str) -> Refusal {
    Refusal { status, code, message: message.to_owned() }
}

/// Decides about the call at the time `now`; `expected` may set the expiration.
pub(super) fn judge(
    registry: &mut Registry,
    call: &Call,
    now: Timestamp,
    expected: &Expected,
) -> Result<Granted, Refusal> {
    let expiration = |default| {
        let asked = call.field("DurationSeconds").and_then(|text| text.parse().ok());
        let asked = now.plus(asked.map_or(default, Duration::from_secs));
        expected.expiration.unwrap_or(asked)
    };
    match call.operation.as_str() {
        "AssumeRoleWithWebIdentity" => return assume_role_with_web_identity(registry, call, expiration(HOUR)),
        "AssumeRoleWithSAML" => return assume_role_with_saml(registry, call, expiration(HOUR)),
        _ => {}
    }
    let caller = authenticate(registry, call, now)?;
    match call.operation.as_str() {
        "AssumeRole" => assume_role(registry, call, &caller, expiration(HOUR)),
        "GetSessionToken" => get_session_token(registry, call, caller, expiration(12 * HOUR)),
        _ => Ok(Granted::Identity { principal: caller.principal }),
    }
}

fn authenticate(registry: &Registry, call: &Call, now: Timestamp) -> Result<Holder, Refusal> {
    let invalid = || refuse(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    let holder = call.access_key_id().and_then(|id| registry.holder(id)).ok_or_else(invalid)?;
    check_time(call, now)?;
    if call.signature_by(&holder.keys.secret_access_key) != call.signature {
        let message = "The request signature we calculated does not match the signature you \
            provided. Check your AWS Secret Access Key and signing method. Consult the service \
            documentation for details.";
        return Err(refuse(403, "SignatureDoesNotMatch", message));
    }
    if call.header("x-amz-security-token") != holder.keys.session_token.as_deref() {
        return Err(invalid());
    }
    if holder.keys.expiration.is_some_and(|end| end <= now) {
        let message = "The security token included in the request is expired";
        return Err(refuse(403, "ExpiredToken", message));
    }
    Ok(holder.clone())
}

fn check_time(call: &Call, now: Timestamp) -> Result<(), Refusal> {
    let (earliest, latest) = (now.minus(TOLERANCE), now.plus(TOLERANCE));
    let signed = call.timestamp().unwrap_or(now);
    let (text, now) = (signed.compact(), now.compact());
    let message = if signed < earliest {
        format!("Signature expired: {text} is now earlier than {} ({now} - 15 min.)", earliest.compact())
    } else if signed > latest {
        format!("Signature not yet current: {text} is still later than {} ({now} + 15 min.)", latest.compact())
    } else {
        return Ok(());
    };
    Err(refuse(403, "SignatureDoesNotMatch", &message))
}

fn assume_role(
    registry: &mut Registry,
    call: &Call,
    caller: &Holder,
    expiration: Timestamp,
) -> Result<Granted, Refusal> {
    let seconds = call.field("DurationSeconds").and_then(|text| text.parse().ok());
    if caller.keys.session_token.is_some() && seconds > Some(HOUR.as_secs()) {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles \
            assumed by role chaining";
        return Err(refuse(400, "ValidationError", message));
    }
    check_transitive_tags(call)?;
    check_mfa(registry, call)?;
    let principal = assumed_role(call, call.field("RoleSessionName").unwrap_or_default());
    Ok(Granted::Role {
        keys: registry.issue(principal.clone(), expiration),
        principal,
        source_identity: call.field("SourceIdentity").map(str::to_owned),
    })
}

fn assume_role_with_web_identity(
    registry: &mut Registry,
    call: &Call,
    expiration: Timestamp,
) -> Result<Granted, Refusal> {
    let token = call.field("WebIdentityToken").unwrap_or_default();
    let subject = registry.web_identity(token).map(str::to_owned).ok_or_else(|| {
        let message = "No OpenIDConnect provider found in your account for https://example.com";
        refuse(400, "InvalidIdentityToken", message)
    })?;
    let principal = assumed_role(call, call.field("RoleSessionName").unwrap_or_default());
    Ok(Granted::WebIdentity { keys: registry.issue(principal.clone(), expiration), principal, subject })
}

/// The assertion must be a trusted one, and name the role together with the provider.
fn assume_role_with_saml(registry: &mut Registry, call: &Call, expiration: Timestamp) -> Result<Granted, Refusal> {
    let field = |name| call.field(name).unwrap_or_default();
    let assertion = field("SAMLAssertion");
    let subject = registry.assertion(assertion).map(str::to_owned);
    let xml = Base64::decode_vec(assertion).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let (Some(subject), Some(xml)) = (subject, xml) else {
        return Err(refuse(400, "InvalidIdentityToken", "The SAML assertion could not be verified"));
    };
    let (role, provider) = (field("RoleArn"), field("PrincipalArn"));
    let is_named = [[role, provider], [provider, role]].into_iter().any(|pair| xml.contains(&pair.join(",")));
    if !is_named || !provider.contains(":saml-provider/") {
        return Err(refuse(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"));
    }
    let principal = assumed_role(call, &subject);
    Ok(Granted::Saml { keys: registry.issue(principal.clone(), expiration), principal, subject })
}

fn get_session_token(
    registry: &mut Registry,
    call: &Call,
    caller: Holder,
    expiration: Timestamp,
) -> Result<Granted, Refusal> {
    if caller.keys.session_token.is_some() {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(refuse(403, "AccessDenied", message));
    }
    check_mfa(registry, call)?;
    Ok(Granted::Session { keys: registry.issue(caller.principal, expiration) })
}

fn check_mfa(registry: &mut Registry, call: &Call) -> Result<(), Refusal> {
    let (Some(serial), Some(code)) = (call.field("SerialNumber"), call.field("TokenCode")) else {
        return Ok(());
    };
    let message = match registry.check_mfa(serial, code) {
        MfaCheck::Passed => return Ok(()),
        MfaCheck::WrongCode => "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        MfaCheck::UnknownDevice => {
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your \
             MFA serial number is valid and associated with this user."
        }
    };
    Err(refuse(403, "AccessDenied", message))
}

fn check_transitive_tags(call: &Call) -> Result<(), Refusal> {
    let members = |start: &'static str, end: &'static str| {
        call.fields
            .iter()
            .filter(move |(name, _)| name.starts_with(start) && name.ends_with(end))
            .map(|(_, value)| value)
    };
    let tagged = |key: &String| members("Tags.member.", ".Key").any(|other| other == key);
    if members("TransitiveTagKeys.member.", "").all(tagged) {
        return Ok(());
    }
    let message = "The specified transitive tag key must be included in the requested tags.";
    Err(refuse(400, "InvalidParameterValue", message))
}

/// `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`; a role's ARN of another shape is taken for
/// a role of the fake's own account.
fn assumed_role(call: &Call, session: &str) -> Principal {
    let role_arn = call.field("RoleArn").unwrap_or_default();
    let parts: Vec<&str> = role_arn.split(':').collect();
    let (partition, account) = match parts[..] {
        ["arn", partition, "iam", "", account, _] => (partition, account),
        _ => ("aws", ACCOUNT),
    };
    let name = role_arn.rsplit(['/', ':']).next().unwrap_or(role_arn);
    Principal {
        arn: format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}"),
        user_id: format!("AROA{:0<17}:{session}", name.to_uppercase()),
    }
}
