//! The page at the end of a remote sign-in.

use base64ct::{Base64, Encoding};

use super::super::{
    authorization::page::{frame, text},
    form,
};

/// With the parameters of the redirect: a text to copy, or why there is none.
pub(super) fn confirmation(query: &str) -> Result<String, String> {
    let parameters = form::parse(query.as_bytes())?;
    let parameter = |name| parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    match (parameter("state"), parameter("code"), parameter("error")) {
        (Some(state), Some(code), None) => {
            let copied = Base64::encode_string(format!("state={state}&code={}", form::escape(code)).as_bytes());
            Ok(frame(&format!("<p>Copy this to your command line:</p>\n<p id=\"code\">{copied}</p>")))
        }
        (Some(_), None, Some(error)) => Ok(frame(&format!("<p>There is no code: {}.</p>", text(error)))),
        _ => Err("a confirmation without a state and a code".to_owned()),
    }
}
