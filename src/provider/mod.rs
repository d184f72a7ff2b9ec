//! One file per source of credentials, named after the setting that chooses it.

pub(crate) mod advice;
pub(crate) mod assume_role;
pub(crate) mod command;
pub(crate) mod credential_process;
pub(crate) mod login_session;
pub(crate) mod mfa;
pub(crate) mod sso;
pub(crate) mod sso_token;
