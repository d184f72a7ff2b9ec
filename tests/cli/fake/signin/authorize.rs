//! From `GET /v1/authorize?…` to an [`Authorization`] for a person to allow, or to the rule that it breaks.
//!
//! The parameters are those of RFC 6749 (4.1.1), RFC 7636 (4.3) and `OpenID` Connect, as the AWS CLI spells them.

use super::super::{authorization::Authorization, form::Fields};

/// The browser is on the machine of the command.
pub(super) const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
/// It is elsewhere, and the person carries the code back.
pub(super) const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";

/// Where a remote sign-in ends.
pub(super) const CONFIRMATION: &str = "/v1/sessions/confirmation";

/// Reads the query of a request to the service at `base`; the error says what is wrong with it.
pub(super) fn read(query: &str, base: &str) -> Result<Authorization, String> {
    let mut fields = Fields::read(query)?;
    // The method has a name of the service's own.
    for (name, wanted) in [("response_type", "code"), ("code_challenge_method", "SHA-256"), ("scope", "openid")] {
        fields.take_only(name, wanted)?;
    }
    let authorization = Authorization::take(&mut fields)?;
    fields.finish()?;
    let Authorization { client_id, redirect_uri, .. } = &authorization;
    let leads_back = match client_id.as_str() {
        SAME_DEVICE => authorization.is_loopback(),
        CROSS_DEVICE => *redirect_uri == format!("{base}{CONFIRMATION}"),
        _ => return Err(format!("client_id is {client_id:?}")),
    };
    if !leads_back {
        return Err(format!("redirect_uri is {redirect_uri:?}, which is not {client_id}'s"));
    }
    Ok(authorization)
}
