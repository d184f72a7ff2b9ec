//! Everything that speaks to AWS: one file per service, one function per operation named after it.
//!
//! Nothing here knows profiles or people. What goes wrong comes back as a [`ServiceError`], which code can
//! branch on and `provider::advice` puts into words.

mod call;
pub(crate) mod container;
mod crypto;
pub(crate) mod dpop;
pub(crate) mod endpoint;
mod foreign;
pub(crate) mod http;
pub(crate) mod id_token;
pub(crate) mod imds;
mod json;
pub(crate) mod jwt;
mod localhost;
mod no_proxy;
mod proxy;
mod redact;
pub(crate) mod regions;
pub(crate) mod rest_json;
mod retry;
mod role_document;
mod sign;
pub(crate) mod signin;
pub(crate) mod sso;
pub(crate) mod sso_oidc;
pub(crate) mod sts;
mod transport_error;
mod trust;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
pub(crate) use retry::{Retry, pause};
use std::fmt;
use std::time::Duration;
pub(crate) use trust::Bundle;

/// What is escaped in queries and forms: all but the unreserved characters of RFC 3986.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A service's words, as many as fit into a message: whoever runs us may hold them in a small pipe.
fn shortened(words: &str) -> String {
    const LONGEST: usize = 600;
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

/// What a call comes back with.
pub(crate) type Answer<T> = Result<T, Box<ServiceError>>;

/// A call that did not succeed.
#[derive(Clone, Debug)]
pub(crate) struct ServiceError {
    pub(crate) action: &'static str,
    /// Whom we called.
    pub(crate) host: String,
    pub(crate) reason: Reason,
    /// By how much the local clock was found to be off, where that matters.
    pub(crate) clock_off: Option<Duration>,
    /// How long the service asks us to wait before the next try.
    pub(crate) retry_after: Option<Duration>,
}

/// Why a call did not succeed.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// The service said no.
    Refused {
        status: u16,
        code: String,
        message: String,
        /// What is wrong with the key that Identity Center is encrypted with, like `KMS_DisabledException`.
        key_trouble: Option<String>,
        request_id: Option<String>,
    },
    /// An answer that is not the service's: a proxy's page, a cut or oversized body.
    Unreadable { status: u16, why: String, request_id: Option<String> },
    /// No request can carry these keys.
    Unsendable,
    /// No answer.
    Transport(http::TransportError),
}

impl ServiceError {
    /// The service's own word for what is wrong; empty when the service did not speak.
    pub(crate) fn code(&self) -> &str {
        match &self.reason {
            Reason::Refused { code, .. } => code,
            Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => "",
        }
    }

    pub(crate) fn message(&self) -> &str {
        match &self.reason {
            Reason::Refused { message, .. } => message,
            Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => "",
        }
    }

    /// What kind of trouble it was; `None` when the same call would fail again.
    pub(crate) fn retry(&self) -> Option<Retry> {
        retry::of(self)
    }

    /// Whether the portal does not know the token: it has ended, was revoked, or is of another region.
    pub(crate) fn is_unauthorized(&self) -> bool {
        matches!(self.reason, Reason::Refused { status: 401, .. } | Reason::Unreadable { status: 401, .. })
    }

    /// Gives the service's word another spelling.
    fn rename(&mut self, spell: fn(&str) -> String) {
        if let Reason::Refused { code, .. } = &mut self.reason {
            *code = spell(code);
        }
    }

    /// Whether a key of AWS KMS stands in the way: then no other sign-in helps.
    pub(crate) fn is_about_keys(&self) -> bool {
        matches!(self.reason, Reason::Refused { key_trouble: Some(_), .. })
    }

    /// Whether the service holds the caller's credentials for ended or unknown, so that other ones may do.
    pub(crate) fn refuses_the_caller(&self) -> bool {
        matches!(self.code(), "ExpiredToken" | "InvalidClientTokenId")
    }
}

/// `AssumeRole at sts.eu-west-1.amazonaws.com: AccessDenied: … (HTTP 403, request 0123…)`
impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: ", self.action, self.host)?;
        let (status, request_id) = match &self.reason {
            Reason::Refused { status, code, message, key_trouble, request_id } => {
                write!(f, "{code}")?;
                if !message.is_empty() {
                    write!(f, ": {}", message.trim_end_matches('.'))?;
                }
                if let Some(trouble) = key_trouble {
                    write!(f, " ({trouble})")?;
                }
                (status, request_id)
            }
            Reason::Unreadable { status, why, request_id } => {
                write!(f, "{why}")?;
                (status, request_id)
            }
            Reason::Unsendable => return f.write_str("the keys hold characters that no request can carry"),
            Reason::Transport(error) => return write!(f, "{error}"),
        };
        match request_id {
            Some(id) => write!(f, " (HTTP {status}, request {id})"),
            None => write!(f, " (HTTP {status})"),
        }
    }
}
