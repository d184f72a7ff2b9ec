//! Profiles that hold credentials of another kind: a sign-in would be hidden by them, or hide them.

use crate::context::Vars;
use crate::error::Error;
use crate::profile::{FileKind, Profile};
use crate::recursion;
use crate::shell;

/// What a profile is to sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Console,
    IdentityCenter,
}

/// Settings that bring credentials, in the order in which the AWS CLI looks for them, or keyfob alone; what they bring, and for which
/// sign-in they are no others.
const KINDS: [(&str, &str, Option<Wanted>); 9] = [
    ("web_identity_token_file", "a web identity", None),
    ("sso_role_name", "an IAM Identity Center role", Some(Wanted::IdentityCenter)),
    ("sso_account_id", "an IAM Identity Center role", Some(Wanted::IdentityCenter)),
    ("aws_access_key_id", "an access key", None),
    ("role_arn", "a role", None),
    ("login_session", "a console sign-in", Some(Wanted::Console)),
    ("saml_endpoint", "a sign-in with SAML", None),
    ("saml_process", "a sign-in with SAML", None),
    ("credential_process", "the credentials of a program", None),
];

impl Wanted {
    /// The settings that are going to be written, or count beside them.
    fn own_keys(self) -> &'static [&'static str] {
        match self {
            Self::Console => &["login_session"],
            Self::IdentityCenter => &["sso_session", "sso_account_id", "sso_role_name", "sso_start_url", "sso_region"],
        }
    }

    /// What fails.
    fn failure(self, name: &str) -> String {
        match self {
            Self::Console => format!("cannot sign in to profile \"{name}\""),
            Self::IdentityCenter => format!("cannot configure profile \"{name}\" for IAM Identity Center"),
        }
    }

    /// What to do with another profile.
    fn advice(self, place: &str, name: &str) -> String {
        let name = shell::word(name);
        match self {
            Self::Console => format!("sign in to {place} `keyfob login {name}`"),
            Self::IdentityCenter => format!("configure {place} `keyfob configure sso {name}`"),
        }
    }

    /// What such a profile may be called.
    fn usual_name(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::IdentityCenter => "sso",
        }
    }
}

/// Refuses to have such a profile sign in. A `credential_process` that is keyfob itself is none.
pub(crate) fn refuse_conflict(profile: &Profile<'_>, wanted: Wanted, vars: &Vars) -> Result<(), Error> {
    let name = &profile.name;
    for (key, what, _) in KINDS.into_iter().filter(|(_, _, part_of)| *part_of != Some(wanted)) {
        let Some(setting) = profile.get(key)? else { continue };
        if key == "credential_process" && recursion::is_keyfob_for(&setting.value, name, vars) {
            continue;
        }
        return Err(Error::new(format!("{}, which has {what} already", wanted.failure(name)))
            .cause(format!("{} stands in {}", setting.key(), setting.place))
            .hint(hint(profile, wanted, key)?));
    }
    for key in wanted.own_keys() {
        let Some(setting) = profile.get(key)? else { continue };
        if setting.place.file.kind == FileKind::Credentials {
            return Err(Error::new(wanted.failure(name))
                .cause(format!(
                    "{} stands in {}, where it hides what the config file says",
                    setting.key(),
                    setting.place
                ))
                .hint("move that line to the config file"));
        }
    }
    Ok(())
}

fn hint(profile: &Profile<'_>, wanted: Wanted, key: &str) -> Result<String, Error> {
    let name = &profile.name;
    let source = if key == "role_arn" { profile.get("source_profile")? } else { None };
    Ok(match source.filter(|source| source.value != name.as_str()) {
        Some(source) => wanted.advice("where the role comes from:", &source.value),
        None => {
            let usual = wanted.usual_name();
            let other = if name == "default" { usual.to_owned() } else { format!("{name}-{usual}") };
            format!("{}, or remove that setting", wanted.advice("a profile of its own, like", &other))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profiles;

    fn refusal(config: &str, credentials: &str) -> Option<String> {
        refusal_of(Wanted::Console, config, credentials)
    }

    fn refusal_of(wanted: Wanted, config: &str, credentials: &str) -> Option<String> {
        let profiles = Profiles::from_texts(config, credentials);
        let profile = profiles.profile("dev").expect("it can be read").expect("it is there");
        refuse_conflict(&profile, wanted, &Vars::default())
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
            ("saml_endpoint = https://adfs/x\n", "a sign-in with SAML", 2),
            ("credential_process = keyfob process --profile dev\nsaml_process = get\n", "a sign-in with SAML", 3),
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
        let hint =
            refuse_conflict(&profile, Wanted::Console, &Vars::default()).expect_err("a role").hint.unwrap_or_default();
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

    #[test]
    fn each_kind_of_sign_in_is_in_the_others_way() {
        let center = |config: &str| refusal_of(Wanted::IdentityCenter, &format!("[profile dev]\n{config}"), "");
        for (settings, what) in [
            ("login_session = arn\n", "a console sign-in already | login_session stands in config:2"),
            ("sso_session = s\nrole_arn = r\n", "a role already | role_arn stands in config:3"),
            ("credential_process = p\n", "a program already | credential_process stands in config:2"),
        ] {
            assert!(center(settings).is_some_and(|refusal| refusal.ends_with(what)), "{settings}");
        }
        for settings in [
            "sso_session = s\nsso_role_name = r\nsso_account_id = a\n",
            "sso_start_url = u\nsso_region = r\n",
            "keyfob_sso_session = s\ncredential_process = keyfob process --profile dev\n",
        ] {
            assert_eq!(center(settings), None, "{settings}");
        }
        let refusal = refusal_of(Wanted::IdentityCenter, "[profile dev]\n", "[dev]\nsso_region = r\n");
        assert!(refusal.is_some_and(|refusal| refusal.contains("credentials:2")));
    }
}
