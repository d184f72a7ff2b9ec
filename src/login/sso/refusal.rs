//! What stands against a sign-in, in words for a person.

use super::super::gave_up;
use super::{Attempt, Registered};
use crate::api::{Reason, ServiceError};
use crate::error::{Error, Exit};
use crate::provider::advice;
use crate::terminal::NoAnswer;

/// What to do when the person, or a rule about the person, said no.
pub(super) const DENIED: &str =
    "run the command again and allow it; if there was nothing to allow, ask whoever manages Identity Center";

impl Registered {
    /// Whether another client may do: this one was kept, and the service knows it no more.
    pub(super) fn is_forgotten(&self, refusal: &ServiceError) -> bool {
        self.was_kept && refusal.code() == "invalid_client"
    }
}

impl Attempt<'_> {
    pub(super) fn failed(&self) -> Error {
        Error::new(format!("cannot sign in to {}", self.request.session.title()))
    }

    pub(super) fn gave_up(&self, why: NoAnswer) -> Error {
        gave_up(why, self.request.limit, self.failed())
    }

    /// The error for a code that has ended, whatever else it is called.
    pub(super) fn too_late(&self, cause: String) -> Error {
        self.failed().cause(cause).hint("run the command again").exit(Exit::SignInNeeded)
    }

    /// What the service said, for a person.
    pub(super) fn explain(&self, refusal: &ServiceError) -> Error {
        let told = refusal.to_string();
        let (start_url, sso_region) = (self.request.start_url, self.request.sso_region);
        let error = self.failed();
        match refusal.code() {
            "access_denied" | "invalid_request" if refusal.is_about_keys() => error.cause(told).hint(
                "Identity Center cannot use the key of AWS KMS that it is encrypted with: ask whoever manages it",
            ),
            "access_denied" => error.cause(format!("the sign-in was denied: {told}")).hint(DENIED),
            "expired_token" => self.too_late(format!("the sign-in took too long: {told}")),
            "invalid_request" | "invalid_request_region" => error
                .cause(format!("AWS refused the start URL {start_url} in region {sso_region}: {told}"))
                .hint("check both; sso_region is the region where Identity Center was enabled"),
            "invalid_scope" => error.cause(told).hint(format!(
                "check sso_registration_scopes, which is {}",
                self.request.session.sso_registration_scopes.as_deref().unwrap_or("not set")
            )),
            "invalid_grant" => {
                error.cause(told).hint("the code was spent or is another sign-in's; run the command again")
            }
            "invalid_client" => {
                error.cause(told).hint("AWS does not know the client that it has registered; run the command again")
            }
            "unauthorized_client" | "unsupported_grant_type" | "invalid_redirect_uri" | "invalid_client_metadata" => {
                error.cause(told).hint("AWS takes no such sign-in from keyfob; try --use-device-code, or go without it")
            }
            _ => error.cause(told).hint(match refusal.reason {
                Reason::Refused { status: 429, .. } => {
                    "too many calls; wait a moment, then run the command again".into()
                }
                Reason::Refused { .. } => "run the command again in a moment".into(),
                Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => advice::no_answer(refusal),
            }),
        }
    }
}
