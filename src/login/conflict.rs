//! Profiles that hold credentials of another kind: a sign-in would be hidden by them, or hide them.

use crate::context::Vars;
use crate::error::Error;
use crate::profile::{FileKind, Profile};
use crate::recursion;
use crate::shell;

/// Settings that bring credentials, in the order in which the AWS CLI looks for them, and what they bring.
const KINDS: [(&str, &str); 6] = [
    ("web_identity_token_file", "a web identity"),
    ("sso_role_name", "an IAM Identity Center role"),
    ("sso_account_id", "an IAM Identity Center role"),
    ("aws_access_key_id", "an access key"),
    ("role_arn", "a role"),
    ("credential_process", "the credentials of a program"),
];

/// Refuses to sign in to such a profile. A `credential_process` that is keyfob itself is none.
pub(crate) fn refuse_conflict(profile: &Profile<'_>, vars: &Vars) -> Result<(), Error> {
    let name = &profile.name;
    for (key, what) in KINDS {
        let Some(setting) = profile.get(key)? else { continue };
        if key == "credential_process" && recursion::is_keyfob_for(&setting.value, name, vars) {
            continue;
        }
        return Err(Error::new(format!("cannot sign in to profile \"{name}\", which has {what} already"))
            .cause(format!("{} stands in {}", setting.key(), setting.place))
            .hint(hint(profile, key)?));
    }
    match profile.get("login_session")? {
        Some(setting) if setting.place.file.kind == FileKind::Credentials => {
            Err(Error::new(format!("cannot sign in to profile \"{name}\""))
                .cause(format!(
                    "{} stands in {}, where it hides what the config file says",
                    setting.key(),
                    setting.place
                ))
                .hint("move that line to the config file"))
        }
        _ => Ok(()),
    }
}

fn hint(profile: &Profile<'_>, key: &str) -> Result<String, Error> {
    let name = &profile.name;
    let source = if key == "role_arn" { profile.get("source_profile")? } else { None };
    Ok(match source.filter(|source| source.value != name.as_str()) {
        Some(source) => format!("sign in to where the role comes from: `keyfob login {}`", shell::word(&source.value)),
        None => {
            let other = if name == "default" { "console".to_owned() } else { format!("{name}-console") };
            let other = shell::word(&other);
            format!("sign in to a profile of its own, like `keyfob login {other}`, or remove that setting")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profiles;

    fn refusal(config: &str, credentials: &str) -> Option<String> {
        let profiles = Profiles::from_texts(config, credentials);
        let profile = profiles.profile("dev").expect("it can be read").expect("it is there");
        refuse_conflict(&profile, &Vars::default())
            .err()
            .map(|error| format!("{} | {}", error.message, error.cause.unwrap_or_default()))
    }

    #[test]
    fn the_first_kind_of_other_credentials_is_named_with_its_line() {
        for (settings, what, line) in [
            ("role_arn = a\nweb_identity_token_file = t\n", "a web identity", 3),
            ("sso_session = s\nsso_role_name = r\nsso_account_id = a\n", "Identity Center", 3),
            ("role_arn = r\naws_access_key_id = k\n", "an access key", 3),
            ("role_arn = r\nsource_profile = x\ncredential_process = p\n", "a role", 2),
            ("keyfob_role_arn = r\n", "a role", 2),
            ("credential_process = other process --profile dev\n", "a program", 2),
            ("credential_process = keyfob process --profile other\n", "a program", 2),
        ] {
            let refusal = refusal(&format!("[profile dev]\n{settings}"), "").expect(settings);
            assert!(refusal.contains(what) && refusal.ends_with(&format!("config:{line}")), "{settings}: {refusal}");
        }
        assert!(refusal("[profile dev]\n", "[dev]\naws_access_key_id = k\n").is_some());
    }

    #[test]
    fn a_roles_source_is_what_to_sign_in_to() {
        let profiles = Profiles::from_texts("[profile dev]\nrole_arn = r\nsource_profile = my console\n", "");
        let profile = profiles.profile("dev").expect("it can be read").expect("it is there");
        let hint = refuse_conflict(&profile, &Vars::default()).expect_err("a role").hint.unwrap_or_default();
        assert!(hint.ends_with("`keyfob login 'my console'`"), "{hint}");
    }

    #[test]
    fn what_brings_no_credentials_or_leads_to_keyfob_is_no_conflict() {
        for settings in [
            "region = eu-west-1\n",
            "sso_session = s\n",
            "login_session = arn\n",
            "login_session = arn\ncredential_process = keyfob process --profile dev\n",
            "role_arn =\n",
        ] {
            assert_eq!(refusal(&format!("[profile dev]\n{settings}"), ""), None, "{settings}");
        }
    }

    #[test]
    fn a_session_in_the_credentials_file_would_stay_in_force() {
        let refusal = refusal("[profile dev]\n", "[dev]\nlogin_session = arn\n");
        assert!(refusal.is_some_and(|refusal| refusal.contains("credentials:2")));
    }
}
