//! One file per source of credentials, named after the setting that chooses it.

use std::time::Duration;

pub(crate) mod advice;
pub(crate) mod assume_role;
pub(crate) mod credential_process;
pub(crate) mod ec2_instance_metadata;
pub(crate) mod ecs_container;
pub(crate) mod login_session;
pub(crate) mod mfa;
pub(crate) mod saml;
pub(crate) mod sso;
mod sso_access;
pub(crate) mod sso_token;
pub(crate) mod store;
pub(crate) mod web_identity;

/// Looks so many times, half a second apart, for what a tool that does not know our locks may have yet to write.
fn look_again<T>(looks: u32, look: impl Fn() -> Option<T>) -> Option<T> {
    const PAUSE: Duration = Duration::from_millis(500);
    (0..looks).find_map(|number| {
        if number > 0 {
            std::thread::sleep(PAUSE);
        }
        look()
    })
}
