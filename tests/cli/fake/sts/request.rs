//! From an HTTP request to a [`Call`], or to the rule of the protocol that it breaks.
//!
//! The rules are those of the AWS Query protocol as AWS's SDKs speak it. The real service lets
//! some of this pass; keyfob must not depend on that.

use std::fmt;

use super::{
    super::{
        MARKER, Timestamp, form,
        http::Request,
        sigv4::{Signable, Signature},
    },
    fields,
};

const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
const VERSION: &str = "2011-06-15";

/// One well-formed call of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: String,
    /// In the order they came, without `Action` and `Version`.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) host: String,
    pub(crate) headers: Vec<(String, String)>,
    /// `None` for the operations that are called unsigned.
    pub(crate) signature: Option<Signature>,
    /// The code of the error with which the fake, by its own judgement, refused the call.
    pub(crate) refused: Option<&'static str>,
    body: Vec<u8>,
}

/// A fault in how keyfob speaks, whatever the user's settings are.
#[derive(Debug)]
pub(super) struct Violation {
    pub(super) code: &'static str,
    pub(super) message: String,
}

fn violation(code: &'static str, message: impl Into<String>) -> Violation {
    Violation { code, message: message.into() }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a bad request: {}: {}", self.code, self.message)
    }
}

impl Call {
    /// Reads a request that must be addressed to `host`.
    pub(super) fn read(request: &Request, host: &str) -> Result<Self, Violation> {
        check_envelope(request, host).map_err(|message| violation("MalformedInput", message))?;
        let mut fields = form::parse(&request.body).map_err(|message| violation("MalformedQueryString", message))?;
        let mut take = |name: &str| {
            let index = fields.iter().position(|(other, _)| other == name);
            index.map(|index| fields.remove(index).1)
        };
        let operation =
            take("Action").ok_or_else(|| violation("MissingAction", "the form has no Action".to_owned()))?;
        if take("Version").as_deref() != Some(VERSION) {
            let message = format!("{operation} is not called with Version {VERSION}");
            return Err(violation("InvalidAction", message));
        }
        let rules = fields::rules(&operation)
            .ok_or_else(|| violation("InvalidAction", format!("{operation} is not an operation")))?;
        fields::check(rules, &fields)
            .map_err(|message| violation("ValidationError", format!("{operation}: {message}")))?;
        let mut call = Self {
            operation,
            fields,
            host: request.header("Host").unwrap_or_default().to_owned(),
            headers: request.headers.clone(),
            signature: None,
            refused: None,
            body: request.body.clone(),
        };
        call.signature = call.read_signature().map_err(|message| violation("IncompleteSignature", message))?;
        call.check_secrets().map_err(|message| violation("MalformedInput", message))?;
        Ok(call)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of the header, whose name is compared without case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whose keys signed the call.
    pub(crate) fn access_key_id(&self) -> Option<&str> {
        self.signature.as_ref().map(|s| s.access_key_id.as_str())
    }

    /// The region it was signed for.
    pub(crate) fn region(&self) -> Option<&str> {
        self.signature.as_ref().map(|s| s.region.as_str())
    }

    /// When it was signed, by the clock of the client.
    pub(super) fn timestamp(&self) -> Option<Timestamp> {
        self.header("x-amz-date").and_then(Timestamp::parse_compact)
    }

    /// The signature that the holder of the secret would have made.
    pub(super) fn signature_by(&self, secret_access_key: &str) -> Option<Signature> {
        let claimed = self.signature.as_ref()?;
        let headers: Vec<(&str, &str)> = claimed
            .signed_headers
            .iter()
            .map(|name| Some((name.as_str(), self.header(name)?)))
            .collect::<Option<_>>()?;
        let request = Signable { method: "POST", path: "/", headers: &headers, body: &self.body };
        Some(Signature::of(
            &request,
            self.timestamp()?,
            (&claimed.access_key_id, secret_access_key),
            (&claimed.region, &claimed.service),
        ))
    }

    /// Reads the signature and checks all of it that needs no secret.
    fn read_signature(&self) -> Result<Option<Signature>, String> {
        let Some(value) = self.header("Authorization") else {
            return if fields::is_signed(&self.operation) {
                Err(format!("{} is not signed", self.operation))
            } else {
                Ok(None)
            };
        };
        if !fields::is_signed(&self.operation) {
            return Err(format!("{} must not be signed", self.operation));
        }
        let signature = Signature::parse(value).ok_or("the Authorization header is misspelt")?;
        if signature.service != "sts" {
            return Err(format!("signed for the service {:?}", signature.service));
        }
        if !is_region(&signature.region) {
            return Err(format!("signed for the region {:?}", signature.region));
        }
        let date = self.header("x-amz-date").unwrap_or_default();
        if self.timestamp().is_none() || !date.starts_with(&signature.date) {
            return Err(format!("x-amz-date is {date:?}, the scope's date {:?}", signature.date));
        }
        self.check_signed_headers(&signature.signed_headers)?;
        Ok(Some(signature))
    }

    fn check_signed_headers(&self, signed: &[String]) -> Result<(), String> {
        if !signed.is_sorted() || signed.iter().any(|name| name.to_lowercase() != *name) {
            return Err(format!("SignedHeaders is not sorted or not lower case: {signed:?}"));
        }
        if let Some(name) = signed.iter().find(|name| self.header(name).is_none()) {
            return Err(format!("the signed header {name} did not come"));
        }
        let mut needed = vec!["content-type", "host", "x-amz-date"];
        needed.extend(self.header("x-amz-security-token").map(|_| "x-amz-security-token"));
        match needed.iter().find(|name| !signed.iter().any(|s| s == *name)) {
            Some(name) => Err(format!("the header {name} is not signed")),
            None => Ok(()),
        }
    }

    /// A secret access key never travels; a token only in its own place.
    fn check_secrets(&self) -> Result<(), String> {
        for (name, value) in &self.headers {
            if value.contains(MARKER) && !name.eq_ignore_ascii_case("x-amz-security-token") {
                return Err(format!("the header {name} holds a secret"));
            }
        }
        for (name, value) in &self.fields {
            if value.contains(MARKER) && !matches!(name.as_str(), "WebIdentityToken" | "SAMLAssertion") {
                return Err(format!("the field {name} holds a secret"));
            }
        }
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        for (name, value) in &self.fields {
            write!(f, " {name}={value}")?;
        }
        match self.access_key_id() {
            Some(id) => write!(f, " (signed by {id})"),
            None => write!(f, " (unsigned)"),
        }
    }
}

fn check_envelope(request: &Request, host: &str) -> Result<(), String> {
    for (what, found, wanted) in [
        ("the method", Some(request.method.as_str()), "POST"),
        ("the target", Some(request.target.as_str()), "/"),
        ("Host", request.header("Host"), host),
        ("Content-Type", request.header("Content-Type"), CONTENT_TYPE),
    ] {
        if found != Some(wanted) {
            return Err(format!("{what} is {found:?}, not {wanted:?}"));
        }
    }
    Ok(())
}

/// Whether the text can be a label of a host name, which a region becomes.
fn is_region(text: &str) -> bool {
    let inside = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !text.is_empty() && text.bytes().all(inside) && !text.starts_with('-') && !text.ends_with('-')
}
