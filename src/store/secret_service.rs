//! `secret-service`: the keyring of the desktop, over D-Bus: GNOME's, `KWallet`, or `KeePassXC`.
//!
//! An entry holds the keys or the password of one profile, and any tool for keyrings finds it by its attributes:
//!
//! ```text
//! secret-tool lookup service keyfob profile dev
//! ```

mod address;
mod bus;
mod service;
#[cfg(test)]
mod tests;

use self::service::{Attributes, Service};
use super::{Kept, Patience, SecretStore, Trouble, entry};
use crate::context::{Context, Vars};
use std::time::{Duration, Instant};

/// How long is waited.
#[derive(Clone, Copy)]
struct Limits {
    /// For one answer; a keyring that is not running is started meanwhile.
    call: Duration,
    /// For a person at the desktop; `None`: nobody is asked.
    prompt: Option<Duration>,
}

impl Limits {
    fn of(patience: Patience) -> Self {
        match patience {
            Patience::OfAPerson => Self { call: Duration::from_secs(10), prompt: Some(Duration::from_mins(1)) },
            Patience::Short(limit) => Self { call: limit, prompt: None },
        }
    }
}

/// What the entries of keyfob have in common, whoever wrote them.
const OURS: (&str, &str) = ("service", "keyfob");

/// The attribute that names the profile.
const PROFILE: &str = "profile";

/// The schema that other programs give entries without one, so that each finds those of the other.
const SCHEMA: (&str, &str) = ("xdg:schema", "org.freedesktop.Secret.Generic");

pub(super) struct SecretService<'a> {
    vars: &'a Vars,
    limits: Limits,
}

impl<'a> SecretService<'a> {
    pub(super) fn new(patience: Patience, context: &'a Context) -> Self {
        Self { vars: &context.vars, limits: Limits::of(patience) }
    }

    fn open(&self) -> Result<Service, Trouble> {
        Service::open(self.vars, self.limits)
    }
}

/// Whether there is a session bus with such a service; found out within a second.
pub(super) fn is_there(context: &Context) -> bool {
    const LIMIT: Duration = Duration::from_secs(1);
    service::is_there(&context.vars, Instant::now() + LIMIT).unwrap_or(false)
}

impl SecretStore for SecretService<'_> {
    fn get(&self, profile: &str) -> Result<Option<Kept>, Trouble> {
        let mut service = self.open()?;
        match find(&mut service, &of(profile), Wanted::Any)?.first() {
            Some(item) => entry::parse(&service.secret(item)?, profile).map(Some),
            None => Ok(None),
        }
    }

    fn put(&self, profile: &str, kept: &Kept) -> Result<(), Trouble> {
        let mut service = self.open()?;
        let document = entry::render(kept);
        // All of them, where somebody made several: else the next reader might find an old one.
        let items = find(&mut service, &of(profile), Wanted::All)?;
        if items.is_empty() {
            let mut attributes = of(profile);
            attributes.extend([SCHEMA]);
            let what = match kept {
                Kept::Keys(_) => "AWS access key",
                Kept::Password(_) => "SAML password",
            };
            let label = format!("keyfob: {what} of profile {profile}");
            let collection = collection(&mut service)?;
            return service.create_item(&collection, &label, &attributes, &document);
        }
        items.iter().try_for_each(|item| service.set_secret(item, &document))
    }

    fn remove(&self, profile: &str) -> Result<bool, Trouble> {
        let mut service = self.open()?;
        let items = find(&mut service, &of(profile), Wanted::All)?;
        items.iter().try_for_each(|item| service.delete(item))?;
        Ok(!items.is_empty())
    }

    fn list(&self) -> Result<Option<Vec<String>>, Trouble> {
        let mut service = self.open()?;
        let items = find(&mut service, &Attributes::from([OURS]), Wanted::All)?;
        let named = items.iter().map(|item| service.attribute(item, PROFILE)).collect::<Result<Vec<_>, _>>()?;
        let mut profiles: Vec<_> = named.into_iter().flatten().collect();
        profiles.sort();
        profiles.dedup();
        Ok(Some(profiles))
    }
}

fn of(profile: &str) -> Attributes<'_> {
    Attributes::from([OURS, (PROFILE, profile)])
}

/// How many of the entries that match have to be unlocked.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Any,
    All,
}

/// The entries that match, unlocked where they were locked.
fn find(service: &mut Service, attributes: &Attributes, wanted: Wanted) -> Result<Vec<String>, Trouble> {
    let found = service.search(attributes)?;
    let mut hidden_in = None;
    let locked = if !found.locked.is_empty() {
        if wanted == Wanted::Any && !found.unlocked.is_empty() {
            return Ok(found.unlocked);
        }
        found.locked
    } else if !found.unlocked.is_empty() {
        return Ok(found.unlocked);
    } else {
        // Some keyrings do not tell what is in a collection that is locked.
        match service.default_collection()? {
            Some(collection) if service.is_locked(&collection)? => {
                hidden_in = Some(collection.clone());
                vec![collection]
            }
            _ => return Ok(Vec::new()),
        }
    };
    service.unlock(&locked)?;
    let found = service.search(attributes)?;
    let is_enough = found.locked.is_empty() || wanted == Wanted::Any && !found.unlocked.is_empty();
    // To have found nothing says something only of a collection that is open.
    let is_hidden = match hidden_in {
        Some(collection) if found.unlocked.is_empty() => service.is_locked(&collection)?,
        _ => false,
    };
    if is_enough && !is_hidden {
        return Ok(found.unlocked);
    }
    Err(Trouble::Locked("its question was answered, and it stayed locked".to_owned()))
}

/// Where a new entry goes, unlocked.
fn collection(service: &mut Service) -> Result<String, Trouble> {
    if let Some(collection) = service.default_collection()? {
        return Ok(collection);
    }
    service.create_default_collection()?;
    service.default_collection()?.ok_or_else(|| Trouble::Failed("it has no default collection".to_owned()))
}
