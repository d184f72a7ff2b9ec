//! ID tokens (`OpenID` Connect Core, section 2) as the service spells them: ES384, and slashes escaped.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

use super::super::{MARKER, Timestamp};

/// A token that says this, in JSON, signed by nobody.
pub(crate) fn id_token(payload: &str) -> String {
    const HEADER: &str = r#"{"kid":"53612660-f629-44dd-9053-c2cd53592b92","typ":"JWT","alg":"ES384"}"#;
    let encoded = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    format!("{}.{}.{MARKER:A<128}", encoded(HEADER), encoded(payload))
}

/// The token of a session that begins now.
pub(super) fn of_session(login_session: &str, client_id: &str, now: Timestamp) -> String {
    let text = |text: &str| Value::from(text).to_string().replace('/', "\\/");
    let (session, client) = (text(login_session), text(client_id));
    let issuer = text("https://signin.aws.amazon.com/signin");
    let (begin, end) = (json!(now.unix_seconds()), json!(now.unix_seconds() + 900));
    id_token(&format!(
        r#"{{"sub":{session},"aud":{client},"iss":{issuer},"session_arn":{session},"exp":{end},"iat":{begin}}}"#
    ))
}
