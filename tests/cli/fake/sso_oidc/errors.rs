//! The service's exceptions, each with its status and its name in OAuth 2.0 (RFC 6749, 5.2; RFC 8628, 3.5).
//!
//! API: <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html>.

use super::super::identity_center::expected::Refusal;

const EXCEPTIONS: [(&str, u16, &str); 15] = [
    ("AccessDeniedException", 400, "access_denied"),
    ("AuthorizationPendingException", 400, "authorization_pending"),
    ("ExpiredTokenException", 400, "expired_token"),
    ("InternalServerException", 500, "server_error"),
    ("InvalidClientException", 401, "invalid_client"),
    ("InvalidClientMetadataException", 400, "invalid_client_metadata"),
    ("InvalidGrantException", 400, "invalid_grant"),
    ("InvalidRedirectUriException", 400, "invalid_redirect_uri"),
    ("InvalidRequestException", 400, "invalid_request"),
    ("InvalidRequestRegionException", 400, "invalid_request"),
    ("InvalidScopeException", 400, "invalid_scope"),
    ("SlowDownException", 400, "slow_down"),
    ("UnauthorizedClientException", 400, "unauthorized_client"),
    ("UnsupportedGrantTypeException", 400, "unsupported_grant_type"),
    // Of every service's gateway.
    ("ThrottlingException", 400, "slow_down"),
];

fn find(exception: &str) -> Option<(u16, &'static str)> {
    let found = EXCEPTIONS.iter().find(|(name, ..)| *name == exception);
    found.map(|(_, status, error)| (*status, *error))
}

/// The exception with the status that it always has.
pub(super) fn refuse(exception: &str, description: &str) -> Refusal {
    let (status, _) = find(exception).expect("the service has this exception");
    Refusal::new(status, exception, description)
}

/// The members of an error's body; there is no `message` among them.
pub(super) fn describe(refusal: &Refusal) -> Vec<(String, String)> {
    let error = find(&refusal.exception).map(|(_, error)| ("error".to_owned(), error.to_owned()));
    error.into_iter().chain([("error_description".to_owned(), refusal.message.clone())]).collect()
}
