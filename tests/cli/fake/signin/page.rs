//! The pages that a person sees, each with an `id` on what is to be clicked or copied.

use base64ct::{Base64, Encoding};

use super::{super::form, Authorization};

/// Asks whether the client may have credentials; the links lead to `decision`.
pub(super) fn consent(authorization: &Authorization, decision: &str) -> String {
    let client = text(&authorization.client_id);
    page(&format!(
        "<p>{client} asks for your credentials.</p>\n\
         <p><a id=\"allow\" href=\"{decision}/allow\">Allow</a> <a id=\"deny\" href=\"{decision}/deny\">Deny</a></p>"
    ))
}

/// The end of a remote sign-in with the parameters of the redirect: a text to copy, or why there is none.
pub(super) fn confirmation(query: &str) -> Result<String, String> {
    let parameters = form::parse(query.as_bytes())?;
    let parameter = |name| parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    match (parameter("state"), parameter("code"), parameter("error")) {
        (Some(state), Some(code), None) => {
            let copied = Base64::encode_string(format!("state={state}&code={}", form::escape(code)).as_bytes());
            Ok(page(&format!("<p>Copy this to your command line:</p>\n<p id=\"code\">{copied}</p>")))
        }
        (Some(_), None, Some(error)) => Ok(page(&format!("<p>There is no code: {}.</p>", text(error)))),
        _ => Err("a confirmation without a state and a code".to_owned()),
    }
}

/// What went wrong.
pub(super) fn trouble(why: &str) -> String {
    page(&format!("<p id=\"trouble\">{}</p>", text(why)))
}

fn page(body: &str) -> String {
    format!("<!DOCTYPE html>\n<html lang=\"en\">\n<title>Sign in</title>\n<h1>Sign in</h1>\n{body}\n</html>\n")
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
