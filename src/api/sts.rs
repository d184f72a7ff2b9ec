//! AWS Security Token Service: the operations that keyfob calls.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

use super::call::{self, Call, Failure};
use super::endpoint::Endpoint;
use super::http::{Client, Request, Response};
use super::{Answer, RESERVED, Reason, ServiceError, shortened, sign};
use crate::context::Clock;
use crate::credentials::{Credentials, account_of_arn};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use percent_encoding::utf8_percent_encode;
use roxmltree::{Document, Node};
use std::time::{Duration, Instant};

/// STS at one endpoint.
pub(crate) struct Sts<'a> {
    pub(crate) client: &'a Client,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) clock: &'a Clock,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    /// All tries together end by then.
    pub(crate) budget: Duration,
}

/// The members of an `AssumeRole` request. What is `None` or empty is not sent.
#[derive(Debug, Default)]
pub(crate) struct AssumeRole<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) role_session_name: &'a str,
    /// In seconds.
    pub(crate) duration_seconds: Option<u32>,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) mfa: Option<Mfa<'a>>,
    pub(crate) source_identity: Option<&'a str>,
    pub(crate) tags: &'a [(String, String)],
    pub(crate) transitive_tag_keys: &'a [String],
}

/// A device and the code that it shows now. A code is good for one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mfa<'a> {
    pub(crate) serial_number: &'a str,
    pub(crate) token_code: &'a Secret,
}

/// Whose credentials these are.
#[derive(Debug)]
pub(crate) struct CallerIdentity {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

/// A request's form, before it is encoded.
type Form<'a> = Vec<(String, &'a str)>;

impl Sts<'_> {
    pub(crate) fn assume_role(&self, caller: &Credentials, request: &AssumeRole<'_>) -> Answer<Credentials> {
        let AssumeRole {
            role_arn,
            role_session_name,
            duration_seconds,
            external_id,
            mfa,
            source_identity,
            tags,
            transitive_tag_keys,
        } = request;
        let duration = duration_seconds.map(|seconds| seconds.to_string());
        let mut form: Form<'_> = vec![("RoleArn".into(), role_arn), ("RoleSessionName".into(), role_session_name)];
        form.extend(duration.as_deref().map(|duration| ("DurationSeconds".into(), duration)));
        form.extend(external_id.map(|id| ("ExternalId".into(), id)));
        form.extend(mfa.iter().flat_map(Mfa::form));
        form.extend(source_identity.map(|identity| ("SourceIdentity".into(), identity)));
        for (number, (key, value)) in (1..).zip(*tags) {
            form.push((format!("Tags.member.{number}.Key"), key));
            form.push((format!("Tags.member.{number}.Value"), value));
        }
        for (number, key) in (1..).zip(*transitive_tag_keys) {
            form.push((format!("TransitiveTagKeys.member.{number}"), key));
        }
        self.call("AssumeRole", &form, caller, mfa.is_some(), credentials)
    }

    /// A session of long-term keys, in which the code of `mfa` counts for every call.
    pub(crate) fn get_session_token(
        &self,
        caller: &Credentials,
        mfa: Mfa<'_>,
        duration_seconds: u32,
    ) -> Answer<Credentials> {
        let duration = duration_seconds.to_string();
        let mut form: Form<'_> = vec![("DurationSeconds".into(), &duration)];
        form.extend(mfa.form());
        self.call("GetSessionToken", &form, caller, true, credentials)
    }

    pub(crate) fn get_caller_identity(&self, caller: &Credentials) -> Answer<CallerIdentity> {
        self.call("GetCallerIdentity", &Vec::new(), caller, false, |answer| {
            Some(CallerIdentity {
                account: text(answer, "Account")?.to_owned(),
                arn: text(answer, "Arn")?.to_owned(),
                user_id: text(answer, "UserId")?.to_owned(),
            })
        })
    }

    /// A request `with_code` is not made again once it may have arrived: the code would be refused.
    fn call<T>(
        &self,
        action: &'static str,
        form: &Form<'_>,
        caller: &Credentials,
        with_code: bool,
        read: fn(Node<'_, '_>) -> Option<T>,
    ) -> Answer<T> {
        let body = encode(action, form);
        let call = Call {
            clock: self.clock,
            max_attempts: self.max_attempts,
            deadline: Instant::now() + self.budget,
            once: with_code,
            blames_the_clock,
        };
        call.make(|left| self.attempt(action, &body, caller, left, read))
    }

    fn attempt<T>(
        &self,
        action: &'static str,
        body: &str,
        caller: &Credentials,
        left: Duration,
        read: fn(Node<'_, '_>) -> Option<T>,
    ) -> Result<T, Box<Failure>> {
        const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
        let now = self.clock.now().to_system_time();
        let url = &self.endpoint.url;
        let signed = sign::headers("sts", self.endpoint, CONTENT_TYPE, body.as_bytes(), caller, now);
        let signed = signed.ok_or_else(|| Failure::unsendable(action, url))?;
        let signed = signed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<_> = signed.chain([("content-type", CONTENT_TYPE)]).collect();
        let request = Request { url, headers: &headers, body: Some(body.as_bytes()) };
        call::attempt(action, self.client, &request, left, |response| understand(response, read))
    }
}

/// Whether STS refused a request for its time, as it says outright or by refusing the signature.
fn blames_the_clock(error: &ServiceError, off: Duration) -> bool {
    const TOLERATED: Duration = Duration::from_mins(4);
    match error.code() {
        "RequestExpired" | "RequestInTheFuture" | "RequestTimeTooSkewed" => true,
        "InvalidSignatureException" | "AuthFailure" | "SignatureDoesNotMatch" => off > TOLERATED,
        _ => false,
    }
}

impl<'a> Mfa<'a> {
    fn form(&self) -> [(String, &'a str); 2] {
        [("SerialNumber".into(), self.serial_number), ("TokenCode".into(), self.token_code.expose())]
    }
}

/// `Action=…&Version=…&Name=value`, with every byte but letters, digits and `-._~` as `%XX`.
fn encode(action: &str, form: &Form<'_>) -> String {
    let mut body = format!("Action={action}&Version=2011-06-15");
    for (name, value) in form {
        body.push('&');
        body.push_str(name);
        body.push('=');
        body.extend(utf8_percent_encode(value, RESERVED));
    }
    body
}

fn understand<T>(response: &Response, read: fn(Node<'_, '_>) -> Option<T>) -> Result<T, Reason> {
    let status = response.status;
    let unreadable = |why: &str| {
        let request_id = response.request_id.clone();
        Reason::Unreadable { status, why: why.to_owned(), request_id }
    };
    if (300..400).contains(&status) {
        return Err(unreadable("the answer is a redirect, which is not followed"));
    }
    let body = response.body.as_deref().map_err(|why| unreadable(why))?;
    let body = str::from_utf8(body).map_err(|_| unreadable("the answer is not text"))?;
    let document = Document::parse(body.trim_start()).map_err(|_| unreadable(describe(body)))?;
    let root = document.root_element();
    if status == 200 {
        return read(root).ok_or_else(|| unreadable("the answer lacks what was asked for"));
    }
    let error = descendant(root, "Error").ok_or_else(|| unreadable("the answer is not one of AWS's"))?;
    let request_id = text(root, "RequestId").or(text(root, "RequestID")).map(str::to_owned);
    Err(Reason::Refused {
        status,
        code: shortened(text(error, "Code").unwrap_or("an error without a code")),
        message: shortened(text(error, "Message").unwrap_or_default()),
        key_trouble: None,
        request_id: request_id.or_else(|| response.request_id.clone()),
    })
}

/// What an answer that is no XML looks like.
fn describe(body: &str) -> &'static str {
    let start: String = body.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    if body.trim().is_empty() {
        "the answer is empty"
    } else if start.starts_with("<!doctype html") || start.starts_with("<html") {
        "the answer is a web page: a proxy or a sign-in page of the network stands between"
    } else {
        "the answer is not one of AWS's"
    }
}

fn credentials(answer: Node<'_, '_>) -> Option<Credentials> {
    let found = descendant(answer, "Credentials")?;
    let arn = descendant(answer, "AssumedRoleUser").and_then(|user| text(user, "Arn"));
    Some(Credentials {
        access_key_id: text(found, "AccessKeyId")?.to_owned(),
        secret_access_key: Secret::new(text(found, "SecretAccessKey")?),
        session_token: Some(Secret::new(text(found, "SessionToken")?)),
        expiration: Some(Timestamp::parse(text(found, "Expiration")?)?),
        account_id: arn.and_then(account_of_arn).map(str::to_owned),
    })
}

/// The first element of a local name, whatever its namespace.
fn descendant<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.descendants().find(|node| node.is_element() && node.tag_name().name() == name)
}

/// The trimmed text of an element; an empty one is none.
fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    descendant(node, name)?.text().map(str::trim).filter(|text| !text.is_empty())
}
