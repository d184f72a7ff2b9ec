//! How both services of IAM Identity Center are called: AWS's protocol restJson1.
//! <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>

use super::Answer;
use super::call::{self, Call};
use super::http::{self, Request};
use super::json::{self, Names};
use crate::context::Clock;
use std::time::Instant;

/// A service at one endpoint.
pub(crate) struct RestJson<'a> {
    pub(crate) client: &'a http::Client,
    pub(crate) endpoint: &'a str,
    pub(crate) clock: &'a Clock,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    /// All tries together end by then.
    pub(crate) deadline: Instant,
}

/// What is asked of it.
pub(super) struct Question<'a> {
    pub(super) action: &'static str,
    /// And query.
    pub(super) path: &'a str,
    pub(super) header: (&'a str, &'a str),
    /// Of a POST; `None` for a GET.
    pub(super) body: Option<&'a [u8]>,
    /// Not again once it may have arrived: what it carries is good for one use.
    pub(super) once: bool,
    /// What it carries that no error may repeat.
    pub(super) secrets: &'a [&'a str],
}

impl RestJson<'_> {
    pub(super) fn ask<T>(&self, question: &Question<'_>, read: fn(&[u8]) -> Option<T>) -> Answer<T> {
        let Self { client, endpoint, clock, max_attempts, deadline } = *self;
        let Question { action, path, header, body, once, secrets } = *question;
        let url = format!("{}{path}", endpoint.trim_end_matches('/'));
        let request = Request { url: &url, headers: &[header], body };
        let call = Call { clock, max_attempts, deadline, once, blames_the_clock: |_, _| false };
        call.make(|left| {
            call::attempt(action, client, &request, left, |response| {
                json::understand(response, Names::OfAws, secrets, read)
            })
        })
    }
}
