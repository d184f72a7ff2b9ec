//! A profile for every account and role that a person may use.
//!
//! ```text
//! [profile Prod/Admin]             [profile Prod/Admin]
//! sso_session = corp               keyfob_sso_session = corp
//! sso_account_id = 111122223333    keyfob_sso_account_id = 111122223333
//! sso_role_name = Admin            keyfob_sso_role_name = Admin
//! region = eu-west-1               region = eu-west-1
//! keyfob_sync = corp               credential_process = /usr/bin/keyfob process …
//!                                  keyfob_sync = corp
//! ```
//!
//! The second form is that of `--bridge`: with plain keys beside it botocore and the SDK for Rust would pass
//! `credential_process` by.
//!
//! `keyfob_sync` marks what is ours, and of which session: other tools do not mind a key that they do not know, and a
//! comment would not survive all of them. Nothing else is ever changed, and what a person adds to a marked profile
//! stays. All here is pure: `template` and `names` say what profiles are called, `changes` what has to change.

mod changes;
mod names;
mod template;

pub(crate) use changes::{Changes, Order, Skipped, marked_names};
pub(crate) use template::Template;

/// The key that marks a profile; its value is the sso-session.
pub(crate) const MARKER: &str = "keyfob_sync";
