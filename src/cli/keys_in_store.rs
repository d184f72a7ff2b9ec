//! Keys or a password that a store keeps for a profile, and the lines in the shared files that say so.
//!
//! ```ini
//! [profile dev]
//! keyfob_store = secret-service
//! keyfob_aws_access_key_id = AKIAIOSFODNN7EXAMPLE
//! credential_process = keyfob process --profile dev
//!
//! [profile corp]
//! saml_endpoint = https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx
//! keyfob_store = secret-service
//! credential_process = keyfob process --profile corp
//! ```
//!
//! Nothing is lost on the way into a store: secrets are put there and read back, and only then do the files change; when
//! they cannot, the store gets back what it had.

mod opened;

pub(super) use opened::Opened;

use super::changes::Changes;
use super::location::Location;
use crate::bridge::{self, Program};
use crate::context::Context;
use crate::error::Error;
use crate::profile::{FileKind, Profile, kind};
use crate::saml::Address;
use crate::store::{Kept, StoreName, Whose};

/// What a profile says of its keys in a store; none of it is a secret. The first of them says where a password is, too.
pub(super) const SETTINGS: [&str; 2] = ["keyfob_store", "keyfob_aws_access_key_id"];

/// What the files say of an entry in a store, by which it is told from those of profiles in other files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Keys with this id.
    Keys(String),
    /// That of this person; `None`: the profile names none.
    Password(Option<Whose>),
}

impl Named {
    pub(super) fn of(kept: &Kept) -> Self {
        match kept {
            Kept::Keys(keys) => Self::Keys(keys.access_key_id.clone()),
            Kept::Password(password) => Self::Password(password.whose.clone()),
        }
    }

    /// Whether it is this that a store has. A password that does not say whose it is belongs to the profile.
    pub(super) fn is(&self, kept: &Kept) -> bool {
        match (self, kept) {
            (Self::Keys(id), Kept::Keys(keys)) => *id == keys.access_key_id,
            (Self::Password(whose), Kept::Password(password)) => password.objection(whose.as_ref()).is_none(),
            (Self::Keys(_), Kept::Password(_)) | (Self::Password(_), Kept::Keys(_)) => false,
        }
    }

    /// What it is, in a word.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Keys(_) => "keys",
            Self::Password(_) => "password",
        }
    }

    /// As it may be shown.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Keys(id) => format!("the access key \"{id}\""),
            Self::Password(_) => "the password".to_owned(),
        }
    }
}

/// The store that keeps the keys or the password of a profile; `None` when none does.
///
/// An error when there is no store of that name.
pub(super) fn store_of(profile: &Profile<'_>) -> Result<Option<StoreName>, Error> {
    let is_saml = profile.is_saml()?;
    let needs_one = !is_saml || profile.get("saml_endpoint")?.is_some();
    let Some(setting) = profile.get("keyfob_store")?.filter(|_| needs_one) else { return Ok(None) };
    let noun = if is_saml { "password" } else { "keys" };
    let unknown = || {
        Error::new(format!("cannot use the {noun} of profile \"{}\"", profile.name))
            .cause(format!("{}: there is no store \"{}\"", setting.place, setting.value))
            .hint(format!("there are {}", StoreName::ALL))
    };
    StoreName::parse(&setting.value).map(Some).ok_or_else(unknown)
}

/// Lets the files say that a store has the keys, and nothing else of them.
///
/// An error when no `credential_process` can lead other programs there.
pub(super) fn note(
    store: &StoreName,
    name: &str,
    profile: Option<&Profile<'_>>,
    access_key_id: &str,
    location: &Location,
    changes: &mut Changes,
    context: &Context,
) -> Result<(), Error> {
    location.refuse_store(name, "keys")?;
    let line = match profile.and_then(|profile| bridge::line_of(profile, &context.vars)) {
        Some((_, line)) => line.to_owned(),
        None => Program::of(context).line(name)?,
    };
    if let Some(profile) = profile {
        for key in kind::KEYS {
            unset_everywhere(profile, key, changes);
        }
        // The id beside the store is set below.
        unset_own_keys(profile, changes);
    }
    let [store_key, id_key] = SETTINGS;
    let settings = [(store_key, store.to_string()), (id_key, access_key_id.to_owned()), (bridge::LINE, line)];
    for (key, value) in settings {
        let has = |file| profile.is_some_and(|profile| profile.has(file, key));
        let file = FileKind::ALL.into_iter().find(|file| has(*file)).unwrap_or(location.file_of(key));
        changes.set(file, name, key, &value);
    }
    Ok(())
}

/// Lets the files say that a store has the password.
pub(super) fn note_password(
    store: &StoreName,
    name: &str,
    profile: Option<&Profile<'_>>,
    location: &Location,
    changes: &mut Changes,
) -> Result<(), Error> {
    location.refuse_store(name, "password")?;
    let [key, _] = SETTINGS;
    let has = |file| profile.is_some_and(|profile| profile.has(file, key));
    let file = FileKind::ALL.into_iter().find(|file| has(*file)).unwrap_or(location.file_of(key));
    changes.set(file, name, key, &store.to_string());
    Ok(())
}

/// Lets the files no more say what a store has.
pub(super) fn unnote_id(profile: &Profile<'_>, changes: &mut Changes) {
    for key in SETTINGS {
        unset_everywhere(profile, key, changes);
    }
}

/// Lets the files no more say that a store has something, nor lead other programs there.
pub(super) fn unnote(profile: &Profile<'_>, changes: &mut Changes, context: &Context) {
    unnote_id(profile, changes);
    if let Some((file, _)) = bridge::line_of(profile, &context.vars) {
        changes.unset(file, &profile.name, bridge::LINE);
    }
}

/// Takes the keys that only keyfob reads away from both files.
pub(super) fn unset_own_keys(profile: &Profile<'_>, changes: &mut Changes) {
    for key in kind::KEYS {
        unset_everywhere(profile, &format!("keyfob_{key}"), changes);
    }
}

/// Takes a key away from both files.
pub(super) fn unset_everywhere(profile: &Profile<'_>, key: &str, changes: &mut Changes) {
    let files = FileKind::ALL.into_iter().filter(|file| profile.has(*file, key));
    files.for_each(|file| changes.unset(file, &profile.name, key));
}

/// The store that has something of a profile, and what. A store that nobody knows has nothing.
pub(super) fn place_of(profile: &Profile<'_>) -> Result<Option<(StoreName, Named)>, Error> {
    Ok(store_of(profile).unwrap_or(None).zip(named(profile)?))
}

/// What a profile of these files says that a store has; `None` when it says nothing.
pub(super) fn named(profile: &Profile<'_>) -> Result<Option<Named>, Error> {
    if profile.get("keyfob_store")?.is_none() {
        return Ok(None);
    }
    if profile.is_saml()? {
        let text = |key| profile.get(key).map(|setting| setting.map(|setting| setting.value.into_owned()));
        let (user, domain) = (text("saml_user")?, text("saml_domain")?);
        return Ok(text("saml_endpoint")?.map(|page| Named::Password(whose(&page, user.as_deref(), domain.as_deref()))));
    }
    Ok(profile.get("aws_access_key_id")?.map(|id| Named::Keys(id.value.into_owned())))
}

/// Who signs in at a page; `None` when nobody is named, or it is no page.
pub(super) fn whose(page: &str, user: Option<&str>, domain: Option<&str>) -> Option<Whose> {
    Some(Whose::new(&Address::parse(page)?, user?, domain))
}

/// The same as [`Opened::forget`], where nothing else is asked of the store.
pub(super) fn forget(store: &StoreName, name: &str, named: &Named, context: &Context) -> Result<bool, Error> {
    Opened::new(store, context).forget(name, named)
}
