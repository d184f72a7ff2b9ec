//! Assuming one role with the credentials of the link before it.

use crate::api::Answer;
use crate::api::sts::{AssumeRole, Mfa, Sts};
use crate::chain::Role;
use crate::context::Vars;
use crate::credentials::Credentials;
use crate::provider::advice::RoleFacts;
use crate::secret::Secret;
use crate::terminal::Terminal;
use crate::timestamp::Timestamp;

/// Calls `AssumeRole` as a role's settings say. `code` is sent with its `mfa_serial`.
pub(crate) fn call(
    sts: &Sts<'_>,
    caller: &Credentials,
    role: &Role<'_>,
    code: Option<&Secret>,
    vars: &Vars,
    terminal: &Terminal,
) -> Answer<Credentials> {
    let default_name = default_session_name(vars, sts.clock.now());
    let request = AssumeRole {
        role_arn: &role.role_arn,
        role_session_name: role.role_session_name.as_deref().unwrap_or(&default_name),
        duration_seconds: duration(role, caller, terminal),
        external_id: role.external_id.as_deref(),
        mfa: role.mfa_serial.as_deref().zip(code).map(|(serial_number, token_code)| Mfa { serial_number, token_code }),
        source_identity: role.source_identity.as_deref(),
        tags: &role.session_tags,
        transitive_tag_keys: &role.transitive_session_tags,
    };
    sts.assume_role(caller, &request)
}

/// The duration asked for; with temporary credentials (role chaining) at most the hour that AWS then grants.
fn duration(role: &Role<'_>, caller: &Credentials, terminal: &Terminal) -> Option<u32> {
    const CHAINED: u32 = 3600;
    let asked = role.duration_seconds?;
    if caller.session_token.is_none() || asked <= CHAINED {
        return Some(asked);
    }
    terminal.note(&format!(
        "profile \"{}\" asks for {asked} s, but a role assumed with temporary credentials lasts at most {CHAINED} s",
        role.profile
    ));
    Some(CHAINED)
}

/// `keyfob-USER-SECONDS`: who it was stays readable in `CloudTrail`.
pub(super) fn default_session_name(vars: &Vars, now: Timestamp) -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| vars.get(name)).unwrap_or_default();
    let user: String =
        user.chars().filter(|letter| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(*letter)).take(40).collect();
    let seconds = now.unix_seconds();
    if user.is_empty() { format!("keyfob-{seconds}") } else { format!("keyfob-{user}-{seconds}") }
}

/// What about a role the advice on a refused call needs to know.
pub(crate) fn facts<'a>(role: &'a Role<'_>) -> RoleFacts<'a> {
    RoleFacts {
        role_arn: &role.role_arn,
        has_external_id: role.external_id.is_some(),
        mfa_serial: role.mfa_serial.as_deref(),
        has_tags: !role.session_tags.is_empty(),
        has_source_identity: role.source_identity.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_session_names_keep_the_user_and_only_allowed_letters() {
        let now = Timestamp::from_unix_millis(1_768_478_400_000);
        for (user, name) in [
            ("jane", "keyfob-jane-1768478400"),
            ("CORP\\jané doe", "keyfob-CORPjandoe-1768478400"),
            ("", "keyfob-1768478400"),
        ] {
            assert_eq!(default_session_name(&Vars::from([("USER", user)]), now), name);
        }
        let long = "x".repeat(200);
        assert!(default_session_name(&Vars::from([("USER", long.as_str())]), now).len() <= 64);
    }
}
