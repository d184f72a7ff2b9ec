//! Answers that are not AWS's: what a person is told of what they look like.

use super::Reason;
use super::http::Response;

const BETWEEN: &str = "a proxy or a sign-in page of the network stands between";

/// The body, unless what came is no answer of a service's: a redirect, a cut body.
pub(super) fn body(response: &Response) -> Result<&[u8], Reason> {
    match response.status {
        300..400 => Err(unreadable(response, format!("the answer is a redirect, which is not followed: {BETWEEN}"))),
        // RFC 6585, section 6.
        511 => Err(unreadable(response, format!("the network wants a sign-in first: {BETWEEN}"))),
        _ => response.body.as_deref().map_err(|why| unreadable(response, why.clone())),
    }
}

/// For a body that is not of the format that the service speaks.
pub(super) fn other_format(response: &Response) -> Reason {
    let body = response.body.as_deref().unwrap_or_default();
    let start = body.trim_ascii_start();
    let begins = |tag: &str| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
    unreadable(
        response,
        if start.is_empty() {
            "the answer is empty".to_owned()
        } else if ["<!doctype html", "<html", "<head", "<body", "<h1"].into_iter().any(begins) {
            format!("the answer is a web page: {BETWEEN}")
        } else if str::from_utf8(body).is_err() {
            "the answer is not text".to_owned()
        } else {
            "the answer is not one of AWS's".to_owned()
        },
    )
}

/// For a body of the right format without what was asked for.
pub(super) fn incomplete(response: &Response) -> Reason {
    unreadable(response, "the answer lacks what was asked for".to_owned())
}

fn unreadable(response: &Response, why: String) -> Reason {
    Reason::Unreadable { status: response.status, why, request_id: response.request_id.clone() }
}
