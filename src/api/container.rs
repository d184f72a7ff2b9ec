//! The endpoint that hands a container the credentials of its role: that of Amazon ECS's agent, of EKS Pod Identity's, or
//! of a server that speaks like them.
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html>

use super::call::{self, Call};
use super::http::{Client, Request, Response};
use super::role_document::{self, LARGEST, members, refused};
use super::{Answer, Reason};
use crate::context::Clock;
use crate::credentials::Credentials;
use crate::secret::Secret;
use std::time::{Duration, Instant};

/// The endpoint of one container.
pub(crate) struct Container<'a> {
    pub(crate) client: &'a Client,
    /// With a path that may be all that protects the credentials.
    pub(crate) url: &'a str,
    pub(crate) authorization: Option<&'a Secret>,
    pub(crate) clock: &'a Clock,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    /// All tries together end by then.
    pub(crate) deadline: Instant,
}

impl Container<'_> {
    pub(crate) fn get_credentials(&self) -> Answer<Credentials> {
        /// It is on this machine, or next to it.
        const LIMIT: Duration = Duration::from_secs(5);
        let Self { client, url, authorization, clock, max_attempts, deadline } = *self;
        let authorization = authorization.map(Secret::expose);
        let headers: Vec<_> = [("accept", "application/json")]
            .into_iter()
            .chain(authorization.map(|token| ("authorization", token)))
            .collect();
        let request = Request { url, headers: &headers, body: None };
        let secrets: Vec<&str> = authorization.into_iter().chain(of_url(url)).collect();
        let call = Call { clock, max_attempts, deadline, once: false, blames_the_clock: |_, _| false };
        call.make(|left| {
            call::attempt("GET credentials", client, &request, left.min(LIMIT), |response| {
                understand(response, &secrets)
            })
        })
    }
}

/// What follows the host, whole and in pieces, as any of it may be all that protects the credentials.
fn of_url(url: &str) -> impl Iterator<Item = &str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = &rest[rest.find(['/', '?']).unwrap_or(rest.len())..];
    std::iter::once(path).chain(path.split(['/', '?', '&', '=']))
}

fn understand(response: &Response, secrets: &[&str]) -> Result<Credentials, Reason> {
    let status = response.status;
    let unreadable = |why: &str| Reason::Unreadable { status, why: why.to_owned(), request_id: None };
    let body = response.body.as_deref().map_err(|why| unreadable(why))?;
    if body.len() > LARGEST {
        return Err(unreadable("the answer is larger than 64 KiB"));
    }
    if status == 200 { role_document::credentials(body, secrets) } else { Err(refusal(status, body, secrets)) }
}

/// What ECS says in JSON, and EKS in a line of text.
fn refusal(status: u16, body: &[u8], secrets: &[&str]) -> Reason {
    let members = members(body).unwrap_or_default();
    let text = |name: &str| members.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty());
    let words = |code: &str, message: &str| refused(status, code, message, secrets);
    match (text("code"), text("message")) {
        (Some(code), message) => words(code, message.unwrap_or_default()),
        (None, Some(message)) => words(message, ""),
        (None, None) => match line(body) {
            Some(line) => words(line, ""),
            None => Reason::Unreadable { status, why: "the endpoint refused".into(), request_id: None },
        },
    }
}

/// A body that is one line for people to read.
fn line(body: &[u8]) -> Option<&str> {
    const LONGEST: usize = 300;
    let text = str::from_utf8(body).ok()?.trim();
    let is_markup =
        text.starts_with(['<', '{', '[']) && !text.starts_with(|first: char| first == '[' && text.contains("]: "));
    (!text.is_empty() && text.len() <= LONGEST && !is_markup && !text.contains(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_in_the_endpoints_words_without_the_token() {
        let url = "http://169.254.170.2/v2/credentials/0123456789abcdef-x";
        let secrets: Vec<&str> = std::iter::once("hidden-hidden-hidden").chain(of_url(url)).collect();
        for (body, code, message) in [
            (r#"{"code":"NoIdInRequest","message":"no ID","HTTPErrorCode":400}"#, "NoIdInRequest", "no ID"),
            (r#"{"Code":"A","Message":"b"}"#, "A", "b"),
            (r#"{"MESSAGE":"b"}"#, "b", ""),
            (r#"{"code":"A","message":"not hidden-hidden-hidden"}"#, "A", "not …"),
            (
                "[17f4c8bc]: (AccessDeniedException): not allowed, fault: client\n",
                "[17f4c8bc]: (AccessDeniedException): not allowed, fault: client",
                "",
            ),
            ("bad token hidden-hidden-hidden", "bad token …", ""),
            ("none for /v2/credentials/0123456789abcdef-x, bad", "none for …, bad", ""),
            ("no id 0123456789abcdef-x here", "no id … here", ""),
        ] {
            let Reason::Refused { status: 400, code: found, message: words, .. } =
                refusal(400, body.as_bytes(), &secrets)
            else {
                panic!("{body}")
            };
            assert_eq!((found.as_str(), words.as_str()), (code, message), "{body}");
        }
    }

    #[test]
    fn pages_and_documents_are_not_repeated() {
        for body in ["", "<html>x</html>", "{\"x\":1}", "[1]", "[\"x\"]", "a\nb", "\u{0}", &"x".repeat(301)] {
            let reason = refusal(502, body.as_bytes(), &[]);
            assert!(matches!(reason, Reason::Unreadable { status: 502, .. }), "{body}: {reason:?}");
        }
        assert!(matches!(refusal(502, b"\xff", &[]), Reason::Unreadable { .. }));
    }
}
