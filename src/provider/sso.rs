//! `sso_session` or `sso_start_url`: a role of IAM Identity Center, got with the token of a person's sign-in.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>

use super::sso_token::SignIn;
use super::{advice, sso_access};
use crate::api::rest_json::RestJson;
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
        Err(refusal) if refusal.is_unauthorized() && !held.was_tried => {
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

/// Asks for the role. What a refusal for good means is asked of the portal, too, as long as there is time.
fn role(request: &Request<'_>, token: &SsoToken, context: &Context) -> Result<Answer<Credentials>, Error> {
    let Request { sign_in, sso_account_id, sso_role_name, portal_url } = request;
    let client = sign_in.settings.client(&context.vars, portal_url)?;
    let portal = |max_attempts| Sso {
        service: RestJson {
            client: &client,
            endpoint: portal_url,
            clock: &context.clock,
            max_attempts,
            deadline: sign_in.deadline,
        },
        access_token: &token.access_token,
    };
    match portal(sign_in.settings.max_attempts).get_role_credentials(sso_account_id, sso_role_name) {
        Err(refusal) if matches!(refusal.code(), "ForbiddenException" | "ResourceNotFoundException") => {
            Err(sso_access::refused(sign_in, &refusal, (sso_account_id, sso_role_name), &portal(1)))
        }
        answer => Ok(answer),
    }
}

/// What the portal said, for a person.
fn explain(request: &Request<'_>, refusal: &ServiceError) -> Error {
    let sign_in = &request.sign_in;
    let error = sign_in.failed().cause(refusal.to_string());
    match &refusal.reason {
        _ if refusal.is_unauthorized() => {
            let advice = sign_in.advice_against_the_token();
            error
                .hint(format!("the sign-in to {} is not valid any more; {advice}", sign_in.session.title()))
                .exit(Exit::SignInNeeded)
        }
        Reason::Refused { status: 400, .. } => error.hint("check sso_account_id and sso_role_name"),
        Reason::Refused { status: 429, .. } => error.hint("too many calls; wait a moment"),
        Reason::Refused { .. } => error.hint("try again in a moment"),
        Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => error.hint(advice::no_answer(refusal)),
    }
}
