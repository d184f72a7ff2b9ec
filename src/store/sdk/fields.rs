//! The fields of a profile: which are keys, in which order .NET writes them, and what they say of its type.

use super::accounts::{Account, Accounts};
use super::sealing::Sealing;
use crate::credentials::{Credentials, is_key_text};
use crate::secret::Secret;
use crate::store::Trouble;

const ACCESS_KEY: &str = "AWSAccessKey";
const SECRET_KEY: &str = "AWSSecretKey";
const TOKEN: &str = "SessionToken";
const PROFILE_TYPE: &str = "ProfileType";
const DISPLAY_NAME: &str = "DisplayName";

/// The fields that come first, in the order of the names that .NET has for them in code.
const OPTIONS: [&str; 24] = [
    ACCESS_KEY,
    "aws_account_id",
    "credential_process",
    "CredentialSource",
    "EndpointName",
    "endpoint_url",
    "ExternalId",
    "login_session",
    "MfaSerial",
    "RoleArn",
    "RoleSessionName",
    SECRET_KEY,
    "services",
    "SourceProfile",
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    TOKEN,
    "UserIdentity",
    "WebIdentityTokenFile",
    PROFILE_TYPE,
];

/// Those that make a profile one of another type than keys alone.
fn is_of_another_type(field: &str) -> bool {
    let is_setting = ["aws_account_id", "endpoint_url", "services", PROFILE_TYPE].contains(&field);
    OPTIONS.contains(&field) && !is_setting && ![ACCESS_KEY, SECRET_KEY, TOKEN].contains(&field)
}

/// Whether it is a profile of keys.
pub(super) fn has_keys(account: &Account) -> bool {
    let has = |name| account.fields().any(|field| field == name);
    has(ACCESS_KEY) && has(SECRET_KEY) && !account.fields().any(is_of_another_type)
}

/// The keys of a profile; `None` when it is of another type.
pub(super) fn keys_of(account: &Account, sealing: &impl Sealing) -> Result<Option<Credentials>, Trouble> {
    if !has_keys(account) {
        return Ok(None);
    }
    let unseal = |field: &str| {
        let Some(sealed) = account.field(field) else { return Ok(None) };
        let opened = sealing.unseal(&sealed).map_err(|trouble| about(trouble, field))?;
        if is_key_text(opened.expose()) {
            Ok(Some(opened))
        } else {
            Err(Trouble::Failed(format!("its field {field} has control characters")))
        }
    };
    let needed = |field: &str| {
        let opened = unseal(field)?.filter(|opened| !opened.expose().is_empty());
        opened.ok_or_else(|| Trouble::Failed(format!("its field {field} is empty, or no text")))
    };
    Ok(Some(Credentials {
        access_key_id: needed(ACCESS_KEY)?.expose().to_owned(),
        secret_access_key: needed(SECRET_KEY)?,
        session_token: unseal(TOKEN)?.filter(|token| !token.expose().is_empty()),
        expiration: None,
        account_id: None,
    }))
}

fn about(trouble: Trouble, field: &str) -> Trouble {
    match trouble {
        Trouble::Failed(why) => Trouble::Failed(format!("its field {field} {why}")),
        Trouble::Denied(why) => Trouble::Denied(format!("its field {field}: {why}")),
        other => other,
    }
}

/// Keys as the store has them.
pub(super) struct Sealed {
    access_key: String,
    secret_key: String,
    token: Option<String>,
}

impl Sealed {
    pub(super) fn new(keys: &Credentials, sealing: &impl Sealing) -> Result<Self, Trouble> {
        let Credentials { access_key_id, secret_access_key, session_token, expiration: _, account_id: _ } = keys;
        Ok(Self {
            access_key: sealing.seal(access_key_id)?,
            secret_key: sealing.seal(secret_access_key.expose())?,
            token: session_token.as_ref().map(Secret::expose).map(|token| sealing.seal(token)).transpose()?,
        })
    }

    /// The name of .NET for the type.
    fn profile_type(&self) -> &'static str {
        if self.token.is_some() { "Session" } else { "AWS" }
    }

    /// All fields of a new profile.
    pub(super) fn account(&self, profile: &str) -> Vec<(&'static str, String)> {
        let keys =
            [(ACCESS_KEY, Some(&self.access_key)), (SECRET_KEY, Some(&self.secret_key)), (TOKEN, self.token.as_ref())];
        let keys = keys.into_iter().filter_map(|(name, value)| Some((name, value?.clone())));
        keys.chain([(PROFILE_TYPE, self.profile_type().to_owned()), (DISPLAY_NAME, profile.to_owned())]).collect()
    }

    /// The store with these in the place of a profile's keys, and all its other fields as they are.
    pub(super) fn over(&self, account: &Account) -> Result<Accounts, Trouble> {
        if let Some(field) = account.fields().find(|field| is_of_another_type(field)) {
            return Err(Trouble::Failed(format!(
                "it has a profile of this name that is of another type: it has {field}"
            )));
        }
        let name = account.name().expect("it was found by its name");
        let mut accounts = account.set(ACCESS_KEY, &self.access_key, |field| follows(ACCESS_KEY, field));
        let values = [
            (SECRET_KEY, Some(self.secret_key.as_str())),
            (TOKEN, self.token.as_deref()),
            (PROFILE_TYPE, Some(self.profile_type())),
        ];
        for (field, value) in values {
            if let Some(value) = value {
                let account = accounts.find(&name).expect("its name is as it was");
                accounts = account.set(field, value, |other| follows(field, other));
            } else {
                // There may be several of one name.
                while let Some(without) = accounts.find(&name).and_then(|account| account.unset(field)) {
                    accounts = without;
                }
            }
        }
        Ok(accounts)
    }
}

/// Whether .NET writes a field after another.
fn follows(field: &str, other: &str) -> bool {
    let place = |name| OPTIONS.iter().position(|option| *option == name).unwrap_or(OPTIONS.len());
    place(other) > place(field)
}
