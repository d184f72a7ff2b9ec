//! `sso_session` or `sso_start_url`: a role of IAM Identity Center, got with the token of a person's sign-in.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>

use super::advice;
use super::sso_token::SignIn;
use crate::api::sso::Sso;
use crate::api::{Answer, Reason, ServiceError};
use crate::cache::SsoToken;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Exit};

/// A role, whose sign-in brings it, and where.
pub(crate) struct Request<'a> {
    pub(crate) sign_in: SignIn<'a>,
    pub(crate) sso_account_id: &'a str,
    pub(crate) sso_role_name: &'a str,
    pub(crate) portal_url: &'a str,
}

/// The role's credentials. A token that the portal refuses before its time is renewed once.
pub(crate) fn credentials(request: &Request<'_>, context: &Context) -> Result<Credentials, Error> {
    let held = request.sign_in.token(context)?;
    match role(request, &held.token, context)? {
        Err(refusal) if is_unauthorized(&refusal) && !held.was_tried => {
            let newer = match request.sign_in.newer_token(&held.token, context) {
                Ok(newer) => newer,
                // The portal's word says why.
                Err(error) if error.exit == Exit::SignInNeeded => return Err(explain(request, &refusal)),
                Err(error) => return Err(error),
            };
            role(request, &newer, context)?.map_err(|refusal| explain(request, &refusal))
        }
        answer => answer.map_err(|refusal| explain(request, &refusal)),
    }
}

fn role(request: &Request<'_>, token: &SsoToken, context: &Context) -> Result<Answer<Credentials>, Error> {
    let settings = request.sign_in.settings;
    let client = settings.client(&context.vars, request.portal_url)?;
    let portal = Sso {
        client: &client,
        endpoint: request.portal_url,
        access_token: &token.access_token,
        clock: &context.clock,
        max_attempts: settings.max_attempts,
        budget: request.sign_in.left(),
    };
    Ok(portal.get_role_credentials(request.sso_account_id, request.sso_role_name))
}

/// The token has ended, was revoked, or is of another region.
fn is_unauthorized(refusal: &ServiceError) -> bool {
    matches!(refusal.reason, Reason::Refused { status: 401, .. } | Reason::Unreadable { status: 401, .. })
}

/// What the portal said, for a person.
fn explain(request: &Request<'_>, refusal: &ServiceError) -> Error {
    let Request { sign_in, sso_account_id, sso_role_name, .. } = request;
    let error = sign_in.failed().cause(refusal.to_string());
    match &refusal.reason {
        _ if is_unauthorized(refusal) => {
            let hint = format!("the sign-in to {} is not valid any more; {}", sign_in.place(), sign_in.advice());
            error.hint(hint).exit(Exit::SignInNeeded)
        }
        // Which of the two it is depends on what else the person may see.
        Reason::Refused { status: 403 | 404, .. } => error.hint(format!(
            "there is no access to role \"{sso_role_name}\" in account {sso_account_id}: check both names; if it was \
             given just now, sign out with `aws sso logout` and in again"
        )),
        Reason::Refused { status: 400, .. } => error.hint("check sso_account_id and sso_role_name"),
        Reason::Refused { status: 429, .. } => error.hint("too many calls; wait a moment"),
        Reason::Refused { .. } => error.hint("try again in a moment"),
        Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => error.hint(advice::no_answer(refusal)),
    }
}
