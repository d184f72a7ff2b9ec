//! AWS as real HTTP servers on 127.0.0.1, so that the binary is tested through its own sockets.
//!
//! A test queues the calls it expects and runs keyfob against the fake's address. Whatever was
//! not queued, was queued but never came, or breaks the protocol in any way (an unknown form
//! field, a wrongly escaped byte, an unsigned token header) fails the test when the fake is
//! dropped. The fake shares no code with keyfob, so that the two cannot agree on a mistake.
//!
//! ```ignore
//! let sts = Sts::start();
//! let jane = sts.add_user("jane");
//! sts.expect(assume_role("arn:aws:iam::123456789012:role/Demo").signed_by(&jane));
//! Home::new().sts(&sts).credentials(&jane.section("base")) /* … */;
//! ```
//!
//! The rooms: `sts`, `signin`, `sso_oidc` and `sso_portal` are the services, the last two of them parts of an
//! `identity_center`, `imds` and `container` what a machine offers, and `queue` is what a test awaits of each; `website` is
//! any other host, and `stranger` one that does as it likes; `server`, `http`, `tls` and `proxy` carry bytes and
//! know no AWS; `sigv4`, `form` and `clock` are the formats that AWS services share; `authorization` is what a person
//! allows in a browser; `answer` and `loopback` are a client's side. Benchmarks and examples include this directory by
//! `#[path]`, hence no `crate::` path in here.

#![allow(dead_code, unused_imports, reason = "each program that includes the fakes uses another part of them")]
#![allow(
    clippy::disallowed_methods,
    reason = "the fakes run on the real clock, as the product's clock door is not theirs"
)]

mod answer;
mod authorization;
#[cfg(test)]
mod client;
mod clock;
mod container;
mod form;
mod http;
mod identity_center;
pub(crate) mod imds;
pub(crate) mod loopback;
mod proxy;
mod queue;
mod server;
mod signin;
mod sigv4;
pub(crate) mod sso_oidc;
pub(crate) mod sso_portal;
mod stranger;
mod sts;
#[cfg(test)]
mod tests;
mod tls;
mod website;

pub(crate) use answer::Answer;
pub(crate) use authorization::{Authorization, person::Consent};
pub(crate) use clock::Timestamp;
pub(crate) use container::Container;
pub(crate) use form::escape;
pub(crate) use http::Reply;
pub(crate) use identity_center::{Account, IdentityCenter, NamedIn, SsoRegistration, SsoToken, token_path};
pub(crate) use imds::Imds;
pub(crate) use proxy::Proxy;
pub(crate) use signin::{
    Answered, DpopKey, Grant, Session, SignIn, TokenCall, access_token, id_token, refresh, sign_in,
};
pub(crate) use sigv4::Signature;
pub(crate) use sso_oidc::{code_token, device_token, refreshed_token, register_client, start_device_authorization};
pub(crate) use sso_portal::{get_role_credentials, list_account_roles, list_accounts, logout};
pub(crate) use stranger::{Stranger, Then};
pub(crate) use sts::{
    ACCOUNT, Call, Expected, Keys, Sts, assume_role, assume_role_with_saml, assume_role_with_web_identity,
    get_caller_identity, get_session_token, of_role, signed_in,
};
pub(crate) use tls::HOST;
pub(crate) use website::Website;

/// The word in every secret access key, session token and web identity token of the fakes, so
/// that a leak can be found by searching for it.
pub(crate) const MARKER: &str = "MARKERsecret";

/// Whether the text is a UUID of version 4, in lower case.
fn is_uuid(text: &str) -> bool {
    let shape = |(index, byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'4',
        19 => b"89ab".contains(&byte),
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    text.len() == 36 && text.bytes().enumerate().all(shape)
}

/// Locks whether or not another thread panicked: that thread's panic fails the test already.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
