//! What a test awaits of the service.

use std::fmt;

use super::{
    super::{
        Timestamp,
        identity_center::{Expected, expected},
    },
    request::{Asked, Grant},
};

#[derive(Clone, Debug)]
pub(crate) struct Wish {
    operation: Operation,
    /// In JSON; `None` for the usual.
    pub(super) expires_in: Option<&'static str>,
    /// In JSON; `None` for no such member.
    pub(super) interval: Option<&'static str>,
    pub(super) rotates: bool,
    pub(super) registered_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    RegisterClient,
    StartDeviceAuthorization,
    DeviceToken,
    CodeToken,
    RefreshedToken,
}

impl Operation {
    pub(super) const ALL: [Self; 5] = [
        Self::RegisterClient,
        Self::StartDeviceAuthorization,
        Self::DeviceToken,
        Self::CodeToken,
        Self::RefreshedToken,
    ];

    pub(super) fn expected(self) -> Expected<Wish> {
        let usual =
            Wish { operation: self, expires_in: None, interval: Some("1"), rotates: true, registered_until: None };
        Expected::new(usual)
    }
}

pub(crate) fn register_client() -> Expected<Wish> {
    Operation::RegisterClient.expected()
}

pub(crate) fn start_device_authorization() -> Expected<Wish> {
    Operation::StartDeviceAuthorization.expected()
}

/// `CreateToken` for a device code.
pub(crate) fn device_token() -> Expected<Wish> {
    Operation::DeviceToken.expected()
}

/// `CreateToken` for an authorization code.
pub(crate) fn code_token() -> Expected<Wish> {
    Operation::CodeToken.expected()
}

/// `CreateToken` for a refresh token.
pub(crate) fn refreshed_token() -> Expected<Wish> {
    Operation::RefreshedToken.expected()
}

impl Expected<Wish> {
    /// Spells `expiresIn` this way, in JSON: of a token, or of a device code.
    pub(crate) fn expiring_in(mut self, expires_in: &'static str) -> Self {
        self.wish.expires_in = Some(expires_in);
        self
    }

    /// Lets the client ask for its token this often, in seconds and in JSON.
    pub(crate) fn every(mut self, interval: &'static str) -> Self {
        self.wish.interval = Some(interval);
        self
    }

    /// Does not say how often the client may ask.
    pub(crate) fn without_interval(mut self) -> Self {
        self.wish.interval = None;
        self
    }

    /// Sends no refresh token; one that was shown stays good.
    pub(crate) fn without_refresh_token(mut self) -> Self {
        self.wish.rotates = false;
        self
    }

    /// Lets the registration end then.
    pub(crate) fn registered_until(mut self, end: Timestamp) -> Self {
        self.wish.registered_until = Some(end);
        self
    }
}

impl expected::Wish for Wish {
    type Asked = Asked;

    /// Calls are told apart by operations and grants; all else is the fake's to judge.
    fn fits(&self, asked: &Asked) -> bool {
        self.operation
            == match asked {
                Asked::RegisterClient(_) => Operation::RegisterClient,
                Asked::StartDeviceAuthorization(_) => Operation::StartDeviceAuthorization,
                Asked::CreateToken(Grant::DeviceCode { .. }) => Operation::DeviceToken,
                Asked::CreateToken(Grant::AuthorizationCode { .. }) => Operation::CodeToken,
                Asked::CreateToken(Grant::RefreshToken { .. }) => Operation::RefreshedToken,
            }
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.operation {
            Operation::RegisterClient => "RegisterClient",
            Operation::StartDeviceAuthorization => "StartDeviceAuthorization",
            Operation::DeviceToken => "CreateToken for a device code",
            Operation::CodeToken => "CreateToken for an authorization code",
            Operation::RefreshedToken => "CreateToken for a refresh token",
        })
    }
}
