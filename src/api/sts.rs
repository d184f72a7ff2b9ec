//! AWS Security Token Service: the operations that keyfob calls.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

use super::call::{self, Call, Failure};
use super::endpoint::Endpoint;
use super::http::{Client, Request, Response};
use super::redact::without;
use super::{Answer, RESERVED, Reason, ServiceError, foreign, shortened, sign};
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

/// The members of an `AssumeRoleWithWebIdentity` request.
#[derive(Debug)]
pub(crate) struct AssumeRoleWithWebIdentity<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) role_session_name: &'a str,
    pub(crate) web_identity_token: &'a Secret,
}

/// The members of an `AssumeRoleWithSAML` request.
#[derive(Debug)]
pub(crate) struct AssumeRoleWithSaml<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) principal_arn: &'a str,
    /// A response of the identity provider in base64, as a browser would post it.
    pub(crate) saml_assertion: &'a Secret,
    /// In seconds.
    pub(crate) duration_seconds: Option<u32>,
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

/// Who calls.
#[derive(Clone, Copy)]
enum Caller<'a> {
    /// Whoever signs with these.
    Signs(&'a Credentials),
    /// Whoever shows this in the form, unsigned.
    Shows(&'a Secret),
}

impl Caller<'_> {
    /// What is in no message: as it is, and as it is in forms and URLs.
    fn secrets(self) -> Vec<String> {
        let secrets = match self {
            Self::Signs(keys) => [Some(&keys.secret_access_key), keys.session_token.as_ref()],
            Self::Shows(token) => [Some(token), None],
        };
        let secrets = secrets.into_iter().flatten().map(Secret::expose);
        secrets.flat_map(|text| [text.to_owned(), utf8_percent_encode(text, RESERVED).to_string()]).collect()
    }
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
        self.call("AssumeRole", &form, Caller::Signs(caller), mfa.is_some(), credentials)
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
        self.call("GetSessionToken", &form, Caller::Signs(caller), true, credentials)
    }

    /// Unsigned: the token says who it is.
    pub(crate) fn assume_role_with_web_identity(&self, request: &AssumeRoleWithWebIdentity<'_>) -> Answer<Credentials> {
        let AssumeRoleWithWebIdentity { role_arn, role_session_name, web_identity_token } = request;
        let form: Form<'_> = vec![
            ("RoleArn".into(), role_arn),
            ("RoleSessionName".into(), role_session_name),
            ("WebIdentityToken".into(), web_identity_token.expose()),
        ];
        self.call("AssumeRoleWithWebIdentity", &form, Caller::Shows(web_identity_token), false, credentials)
    }

    /// Unsigned: the assertion says who it is.
    pub(crate) fn assume_role_with_saml(&self, request: &AssumeRoleWithSaml<'_>) -> Answer<Credentials> {
        let AssumeRoleWithSaml { role_arn, principal_arn, saml_assertion, duration_seconds } = request;
        let duration = duration_seconds.map(|seconds| seconds.to_string());
        let mut form: Form<'_> = vec![
            ("RoleArn".into(), role_arn),
            ("PrincipalArn".into(), principal_arn),
            ("SAMLAssertion".into(), saml_assertion.expose()),
        ];
        form.extend(duration.as_deref().map(|duration| ("DurationSeconds".into(), duration)));
        self.call("AssumeRoleWithSAML", &form, Caller::Shows(saml_assertion), false, credentials)
    }

    pub(crate) fn get_caller_identity(&self, caller: &Credentials) -> Answer<CallerIdentity> {
        self.call("GetCallerIdentity", &Vec::new(), Caller::Signs(caller), false, |answer| {
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
        caller: Caller<'_>,
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
        caller: Caller<'_>,
        left: Duration,
        read: fn(Node<'_, '_>) -> Option<T>,
    ) -> Result<T, Box<Failure>> {
        const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
        let now = self.clock.now().to_system_time();
        let url = &self.endpoint.url;
        let signed = match caller {
            Caller::Signs(keys) => sign::headers("sts", self.endpoint, CONTENT_TYPE, body.as_bytes(), keys, now),
            Caller::Shows(_) => Some(Vec::new()),
        };
        let signed = signed.ok_or_else(|| Failure::unsendable(action, url))?;
        let signed = signed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<_> = signed.chain([("content-type", CONTENT_TYPE)]).collect();
        let request = Request { url, headers: &headers, body: Some(body.as_bytes()) };
        call::attempt(action, self.client, &request, left, |response| understand(response, caller, read))
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

fn understand<T>(response: &Response, caller: Caller<'_>, read: fn(Node<'_, '_>) -> Option<T>) -> Result<T, Reason> {
    let status = response.status;
    let other = || foreign::other_format(response);
    let body = str::from_utf8(foreign::body(response)?).map_err(|_| other())?;
    let document = Document::parse(body.trim_start()).map_err(|_| other())?;
    let root = document.root_element();
    if status == 200 {
        return read(root).ok_or_else(|| if is_page(root) { other() } else { foreign::incomplete(response) });
    }
    let error = descendant(root, "Error").ok_or_else(other)?;
    let request_id = text(root, "RequestId").or(text(root, "RequestID")).map(str::to_owned);
    let secrets = caller.secrets();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let clean = |text: &str| shortened(&without(text, &secrets));
    Err(Reason::Refused {
        status,
        code: clean(text(error, "Code").unwrap_or("an error without a code")),
        message: clean(text(error, "Message").unwrap_or_default()),
        key_trouble: None,
        request_id: request_id.or_else(|| response.request_id.clone()),
    })
}

/// Whether it is a web page that happens to be XML.
fn is_page(root: Node<'_, '_>) -> bool {
    root.tag_name().name().eq_ignore_ascii_case("html")
}

fn credentials(answer: Node<'_, '_>) -> Option<Credentials> {
    let found = only(answer, "Credentials")?;
    let member = |name| only(found, name).and_then(trimmed);
    let arn = descendant(answer, "AssumedRoleUser").and_then(|user| text(user, "Arn"));
    Some(Credentials {
        access_key_id: member("AccessKeyId")?.to_owned(),
        secret_access_key: Secret::new(member("SecretAccessKey")?),
        session_token: Some(Secret::new(member("SessionToken")?)),
        expiration: Some(Timestamp::parse(member("Expiration")?)?),
        account_id: arn.and_then(account_of_arn).map(str::to_owned),
    })
}

/// The first element of a local name, whatever its namespace.
fn descendant<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.descendants().find(|node| node.is_element() && node.tag_name().name() == name)
}

/// The same where there is one such element: of two, nobody knows which to take.
fn only<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    let mut found = node.descendants().filter(|node| node.is_element() && node.tag_name().name() == name);
    found.next().filter(|_| found.next().is_none())
}

/// The trimmed text of an element below; an empty one is none.
fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    trimmed(descendant(node, name)?)
}

fn trimmed<'a>(element: Node<'a, '_>) -> Option<&'a str> {
    element.text().map(str::trim).filter(|text| !text.is_empty())
}
