//! The pages that a person sees, each with an `id` on what is to be clicked or copied.

/// Asks whether the client may have credentials; the links lead to `decision`.
pub(crate) fn consent(client: &str, decision: &str) -> String {
    frame(&format!(
        "<p>{} asks for your credentials.</p>\n\
         <p><a id=\"allow\" href=\"{decision}/allow\">Allow</a> <a id=\"deny\" href=\"{decision}/deny\">Deny</a></p>",
        text(client)
    ))
}

/// What went wrong.
pub(crate) fn trouble(why: &str) -> String {
    frame(&format!("<p id=\"trouble\">{}</p>", text(why)))
}

pub(crate) fn frame(body: &str) -> String {
    format!("<!DOCTYPE html>\n<html lang=\"en\">\n<title>Sign in</title>\n<h1>Sign in</h1>\n{body}\n</html>\n")
}

/// A text that is no markup, whatever is in it.
pub(crate) fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
