//! Bridges: lines in a profile by which programs that know nothing of its settings come to keyfob for credentials.
//!
//! ```text
//! [profile dev]                                   [profile dev]
//! sso_session = corp                              credential_process = /usr/bin/keyfob process --profile dev
//! sso_account_id = 111122223333            →      keyfob_sso_session = corp
//! sso_role_name = Admin                           keyfob_sso_account_id = 111122223333
//!                                                 keyfob_sso_role_name = Admin
//! ```
//!
//! `program` makes the line, `bridging` says what else becomes of the profile. Beside keys that it knows itself an SDK
//! does not look at `credential_process`, so they get names that only keyfob reads.

mod bridging;
mod program;

pub(crate) use bridging::{Bridging, LINE, line_of};
pub(crate) use program::Program;
