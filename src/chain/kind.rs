//! Which kind a profile is, told by its keys alone, and which of its lines do not count for that.
//!
//! The order is that of [`of_profile`](super::of_profile); a test holds the two against each other.

use crate::context::Vars;
use crate::error::Error;
use crate::profile::{FileKind, Kind, Place, Profile, Setting, Shadow};
use crate::recursion;

/// The settings each of which makes a profile one of a kind, in the order in which they are looked at; keys of the
/// credentials file go before login and process.
const DECIDING: [(Deciding, &[&str]); 7] = [
    (Deciding::Role, &["role_arn"]),
    (Deciding::WebIdentity, &["web_identity_token_file"]),
    (Deciding::Sso, &["sso_account_id", "sso_role_name", "sso_session", "sso_start_url"]),
    (Deciding::Login, &["login_session"]),
    (Deciding::Saml, &["saml_endpoint", "saml_process"]),
    (Deciding::Process, &["credential_process"]),
    (Deciding::Keys, &["aws_access_key_id", "aws_secret_access_key"]),
];

/// What kinds have in common as to the settings that decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deciding {
    Role,
    WebIdentity,
    Sso,
    Login,
    Saml,
    Process,
    Keys,
}

impl Kind {
    /// The kind of a profile, as its chain has it; `None` for one that has no credentials of its own.
    ///
    /// An error when a key that decides cannot be read.
    pub(crate) fn of(profile: &Profile<'_>, vars: &Vars) -> Result<Option<Self>, Error> {
        let has = |key| profile.get(key).map(|setting| setting.is_some());
        if has("role_arn")? && !has("web_identity_token_file")? {
            return Ok(Some(if has("mfa_serial")? { Self::RoleWithMfa } else { Self::Role }));
        }
        Self::of_base(profile, vars)
    }

    /// The kind of what a profile yields apart from any role of its own.
    fn of_base(profile: &Profile<'_>, vars: &Vars) -> Result<Option<Self>, Error> {
        let has = |key| profile.get(key).map(|setting| setting.is_some());
        let token = has("aws_session_token")? || has("aws_security_token")?;
        let has_store = profile.store_of_keys()?.is_some();
        let keys = if token && !has_store { Self::Session } else { Self::Static };
        let key_file = profile.get("aws_access_key_id")?.map(|setting| setting.place.file.kind);
        Ok(if has("web_identity_token_file")? {
            Some(Self::WebIdentity)
        } else if has("sso_account_id")? || has("sso_role_name")? {
            Some(Self::Sso)
        } else if key_file == Some(FileKind::Credentials) {
            Some(keys)
        } else if has("login_session")? {
            Some(Self::Login)
        } else if profile.is_saml()? {
            Some(Self::Saml)
        } else if process(profile, vars)?.is_some() {
            Some(Self::Process)
        } else if key_file.is_some() || has("aws_secret_access_key")? || has_store {
            Some(keys)
        } else if has("sso_session")? || has("sso_start_url")? || has("sso_region")? {
            // It yields a token, and no credentials.
            Some(Self::Sso)
        } else {
            None
        })
    }

    fn deciding(self) -> Deciding {
        match self {
            Self::Role | Self::RoleWithMfa => Deciding::Role,
            Self::WebIdentity => Deciding::WebIdentity,
            Self::Sso => Deciding::Sso,
            Self::Login => Deciding::Login,
            Self::Saml => Deciding::Saml,
            Self::Process => Deciding::Process,
            Self::Static | Self::Session => Deciding::Keys,
        }
    }
}

impl<'a> Profile<'a> {
    /// Whether it is about SAML. Then `keyfob_store` says where its password is; it has no keys in a store.
    pub(crate) fn is_saml(&self) -> Result<bool, Error> {
        Ok(self.get("saml_endpoint")?.is_some() || self.get("saml_process")?.is_some())
    }

    /// The setting that says in which store its keys are.
    pub(crate) fn store_of_keys(&self) -> Result<Option<Setting<'a>>, Error> {
        match self.get("keyfob_store")? {
            Some(store) if !self.is_saml()? => Ok(Some(store)),
            _ => Ok(None),
        }
    }

    /// The lines about credentials that others go before.
    ///
    /// An error when one of those that decide cannot be read.
    pub(crate) fn shadows(&self, vars: &Vars) -> Result<Vec<Shadow<'a>>, Error> {
        let mut shadows = self.in_both_files();
        let mut add = |setting_key: String, place: Place<'a>, by: &Setting<'a>| {
            if !shadows.iter().any(|shadow| shadow.place == place) {
                shadows.push(Shadow { key: setting_key, place, by: by.key().into_owned(), by_place: by.place });
            }
        };
        for Passed { setting, by } in passed(self, vars)? {
            add(setting.key().into_owned(), setting.place, &by);
        }
        if let Some(store) = self.store_of_keys()? {
            let left = FileKind::ALL.into_iter().flat_map(|file| self.secrets_in(file));
            left.for_each(|(key, place)| add(key.into_owned(), place, &store));
        }
        Ok(shadows)
    }
}

/// A program of somebody else's that prints the profile's credentials. keyfob itself is none.
fn process<'a>(profile: &Profile<'a>, vars: &Vars) -> Result<Option<Setting<'a>>, Error> {
    let process = profile.get("credential_process")?;
    Ok(process.filter(|line| !recursion::is_keyfob_for(&line.value, &profile.name, vars)))
}

/// A setting that decides nothing, since another one goes before it.
struct Passed<'a> {
    setting: Setting<'a>,
    by: Setting<'a>,
}

/// The settings of kinds that the profile is not of, though it has what would make it one of them.
fn passed<'a>(profile: &Profile<'a>, vars: &Vars) -> Result<Vec<Passed<'a>>, Error> {
    let Some(kind) = Kind::of(profile, vars)? else { return Ok(Vec::new()) };
    let mut used = vec![kind.deciding()];
    if kind == Kind::WebIdentity {
        used.push(Deciding::Role);
    }
    if kind.deciding() == Deciding::Role
        && profile.get("source_profile")?.is_some_and(|source| source.value == profile.name.as_str())
    {
        // The profile is its own source.
        used.extend(Kind::of_base(profile, vars)?.map(Kind::deciding));
    }
    let mut by = None;
    for (deciding, keys) in DECIDING {
        for key in keys.iter().filter(|_| deciding == used[0]) {
            by = by.map_or_else(|| profile.get(key), |found| Ok(Some(found)))?;
        }
    }
    // Keys in a store have none here.
    let Some(by) = by else { return Ok(Vec::new()) };
    let mut passed = Vec::new();
    for (deciding, keys) in DECIDING.iter().filter(|(deciding, _)| !used.contains(deciding)) {
        for key in *keys {
            let setting = if *deciding == Deciding::Process { process(profile, vars)? } else { profile.get(key)? };
            passed.extend(setting.map(|setting| Passed { setting, by: by.clone() }));
        }
    }
    Ok(passed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profiles;

    const KEYS: &str = "aws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret\n";

    fn shadows(config: &str, credentials: &str) -> Vec<String> {
        let profiles = Profiles::from_texts(config, credentials);
        let profile = profiles.profile("a").expect("no damage").expect("the profile");
        let shadows = profile.shadows(&Vars::default()).expect("text");
        shadows.iter().map(|Shadow { key, place, by, by_place }| format!("{key} {place} by {by} {by_place}")).collect()
    }

    #[test]
    fn what_does_not_count_is_told_with_what_goes_before_it() {
        for (config, credentials, expected) in [
            (KEYS, "", &[] as &[&str]),
            ("role_arn = r\nsource_profile = b\n", "", &[]),
            (
                "region = x\nAWS_Access_Key_Id = A\n",
                KEYS,
                &["AWS_Access_Key_Id config:3 by aws_access_key_id credentials:2"],
            ),
            ("region = x\n", "region = y\n", &[]),
            (
                "role_arn = r\nsource_profile = b\n",
                KEYS,
                &[
                    "aws_access_key_id credentials:2 by role_arn config:2",
                    "aws_secret_access_key credentials:3 by role_arn config:2",
                ],
            ),
            // The profile is its own source.
            ("role_arn = r\nsource_profile = a\n", KEYS, &[]),
            (
                "role_arn = r\nsource_profile = a\nlogin_session = l\n",
                KEYS,
                &["login_session config:4 by role_arn config:2"],
            ),
            ("role_arn = r\nweb_identity_token_file = f\n", "", &[]),
            ("login_session = l\n", KEYS, &["login_session config:2 by aws_access_key_id credentials:2"]),
            (
                "login_session = l\ncredential_process = x\n",
                "",
                &["credential_process config:3 by login_session config:2"],
            ),
            // A bridge is how others come to keyfob.
            ("login_session = l\ncredential_process = keyfob process --profile a\n", "", &[]),
            ("keyfob_sso_account_id = 1\ncredential_process = keyfob process --profile a\n", "", &[]),
            ("sso_account_id = 1\nlogin_session = l\n", "", &["login_session config:3 by sso_account_id config:2"]),
            ("sso_session = s\nlogin_session = l\n", "", &["sso_session config:2 by login_session config:3"]),
            ("keyfob_store = sealed\n", "", &[]),
            (
                "saml_endpoint = https://x\nkeyfob_store = sealed\ncredential_process = keyfob process --profile a\n",
                "",
                &[],
            ),
            (
                "saml_endpoint = https://x\nkeyfob_store = sealed\n",
                KEYS,
                &["saml_endpoint config:2 by aws_access_key_id credentials:2"],
            ),
            (
                "keyfob_store = sealed\nkeyfob_aws_access_key_id = AKIA\n",
                KEYS,
                &["aws_secret_access_key credentials:3 by keyfob_store config:2"],
            ),
            (
                "keyfob_store = sealed\nlogin_session = l\naws_session_token = MARKERtoken\n",
                "",
                &["aws_session_token config:4 by keyfob_store config:2"],
            ),
        ] {
            let found = shadows(&format!("[profile a]\n{config}"), &format!("[a]\n{credentials}"));
            assert_eq!(found, expected, "{config:?} {credentials:?}");
        }
    }
}
