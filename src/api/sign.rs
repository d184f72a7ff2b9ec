//! Signature Version 4, as the AWS SDK for Rust makes it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>

use super::endpoint::Endpoint;
use crate::credentials::Credentials;
use crate::secret::Secret;
use aws_credential_types::Credentials as SigningKeys;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use std::time::SystemTime;

/// The headers that sign a POST of `body` to `endpoint`.
pub(super) fn headers(
    service: &str,
    endpoint: &Endpoint,
    content_type: &str,
    body: &[u8],
    caller: &Credentials,
    now: SystemTime,
) -> Vec<(String, String)> {
    let token = caller.session_token.as_ref().map(|token| token.expose().to_owned());
    let keys = SigningKeys::new(&caller.access_key_id, caller.secret_access_key.expose(), token, None, "keyfob").into();
    let params = SigningParams::builder()
        .identity(&keys)
        .region(endpoint.signing_region.as_str())
        .name(service)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .expect("every parameter of a signature is given")
        .into();
    let content_type = [("content-type", content_type)];
    let request = SignableRequest::new("POST", &endpoint.url, content_type.into_iter(), SignableBody::Bytes(body));
    let signed = request.and_then(|request| sign(request, &params)).map(|signed| signed.into_parts().0);
    let (headers, _) = signed.expect("a checked URL and form can be signed").into_parts();
    headers.iter().map(|header| (header.name().to_owned(), Secret::new(header.value()).expose().to_owned())).collect()
}
