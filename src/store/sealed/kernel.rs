//! Where the key of an opened file rests: the user's keyring in the kernel, which forgets it when its time is up, and
//! all of it when the machine is restarted. No disk ever has it. <https://man7.org/linux/man-pages/man7/keyrings.7.html>

use super::format::{Key, Recipe};
use linux_keyutils::{KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};
use std::fmt::Write as _;
use std::time::Duration;
use zeroize::Zeroizing;

/// A key is known by the salt of its file.
fn name(recipe: &Recipe) -> String {
    recipe.salt.iter().fold("keyfob:sealed:".to_owned(), |mut name, byte| {
        write!(name, "{byte:02x}").expect("a String takes all");
        name
    })
}

fn ring() -> Result<KeyRing, KeyError> {
    KeyRing::from_special_id(KeyRingIdentifier::User, false)
}

/// Keeps a key for so long, and no longer than that.
pub(super) fn keep(recipe: &Recipe, key: &Key, time: Duration) -> Result<(), String> {
    let seconds = usize::try_from(time.as_secs()).unwrap_or(usize::MAX);
    let kept = || {
        let kept = ring()?.add_key(&name(recipe), key.expose())?;
        let done = kept.set_timeout(seconds).and_then(|()| {
            // Processes that have no session in common with this one are to find it, too: services, and editors.
            kept.set_perms(KeyPermissionsBuilder::builder().posessor(Permission::ALL).user(Permission::ALL).build())
        });
        if done.is_err() {
            // It must not stay for ever.
            let _ = kept.invalidate();
        }
        done
    };
    kept().map_err(told)
}

/// The key of a file, if it is there.
pub(super) fn find(recipe: &Recipe) -> Option<Key> {
    let found = ring().ok()?.search(&name(recipe)).ok()?;
    let mut bytes = Zeroizing::new([0; 32]);
    let length = found.read(&mut *bytes).ok()?;
    (length == bytes.len()).then(|| Key::from_bytes(&*bytes)).flatten()
}

/// Forgets a key; `false` when there was none.
pub(super) fn forget(recipe: &Recipe) -> Result<bool, String> {
    let found = ring().and_then(|ring| ring.search(&name(recipe)));
    match found {
        Ok(key) => key.invalidate().map(|()| true).map_err(told),
        Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => Ok(false),
        Err(error) => Err(told(error)),
    }
}

fn told(error: KeyError) -> String {
    format!("the kernel's keyring cannot be used: {error:?}")
}
