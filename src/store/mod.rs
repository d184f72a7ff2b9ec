//! Stores for keys that must last, and for passwords: the system's keyring, a sealed file, another program.
//!
//! Nobody comes here on the cached path, and naming a store opens nothing. A profile whose keys are in a store says so,
//! and keeps all that is no secret in the config file:
//!
//! ```ini
//! [profile dev]
//! keyfob_store = secret-service
//! keyfob_aws_access_key_id = AKIAIOSFODNN7EXAMPLE
//! credential_process = /usr/bin/keyfob process --profile dev
//! ```
//!
//! Where a person signs in with SAML there are no keys, and `keyfob_store` says where the password is. Under the name of
//! a profile a store has the one or the other, and beside a password whose it is.

mod elsewhere;
mod entry;
mod exec;
mod kept;
#[cfg(any(target_os = "macos", test))]
mod keychain;
#[cfg(any(windows, test))]
mod sdk;
mod sealed;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod whose;

pub(crate) use kept::Kept;
pub(crate) use whose::{Password, Whose};

use crate::command_line::Invocation;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Exit};
use crate::paths;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A place for keys and passwords: what `--store` and `keyfob_store` name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StoreName {
    SecretService,
    Keychain,
    Sdk,
    Sealed,
    /// `exec:COMMAND`.
    Exec(String),
}

impl StoreName {
    /// What there is, for people.
    pub(crate) const ALL: &str = "secret-service, keychain, sdk, sealed and exec:COMMAND";

    /// `None` for what is no store.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "secret-service" => Self::SecretService,
            "keychain" => Self::Keychain,
            "sdk" => Self::Sdk,
            "sealed" => Self::Sealed,
            _ => Self::Exec(text.strip_prefix("exec:").map(str::trim).filter(|command| !command.is_empty())?.into()),
        })
    }
}

impl StoreName {
    /// As it may be shown: what a command line says besides its program may be secret.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Exec(command) => format!("exec:{}", Invocation::parse(command).program()),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretService => f.write_str("secret-service"),
            Self::Keychain => f.write_str("keychain"),
            Self::Sdk => f.write_str("sdk"),
            Self::Sealed => f.write_str("sealed"),
            Self::Exec(command) => write!(f, "exec:{command}"),
        }
    }
}

/// Where keys and passwords are kept, by the name of their profile.
pub(crate) trait SecretStore {
    /// What it has of a profile; `None` when that is nothing.
    fn get(&self, profile: &str) -> Result<Option<Kept>, Trouble>;

    /// Keeps keys or a password, in the place of whatever was there.
    fn put(&self, profile: &str, kept: &Kept) -> Result<(), Trouble>;

    /// Forgets what it has of a profile; `false` when that was nothing, as far as such a store can tell.
    fn remove(&self, profile: &str) -> Result<bool, Trouble>;

    /// The profiles that it has something of; `None` when such a store cannot tell.
    fn list(&self) -> Result<Option<Vec<String>>, Trouble>;

    /// The keys of a profile. An error when it has a password of that name.
    fn keys(&self, profile: &str) -> Result<Option<Credentials>, Trouble> {
        match self.get(profile)? {
            Some(Kept::Keys(keys)) => Ok(Some(keys)),
            Some(other @ Kept::Password(_)) => Err(other.instead("keys")),
            None => Ok(None),
        }
    }

    /// The password of a profile. An error when it has keys of that name.
    fn password(&self, profile: &str) -> Result<Option<Password>, Trouble> {
        match self.get(profile)? {
            Some(Kept::Password(password)) => Ok(Some(password)),
            Some(other @ Kept::Keys(_)) => Err(other.instead("password")),
            None => Ok(None),
        }
    }
}

/// Why a store did not do what it should. The text says more, and nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no such store on this machine, or it does not run.
    Absent(String),
    /// It is there and nobody has unlocked it.
    Locked(String),
    /// It, or a person, said no: a wrong passphrase, a prompt that was dismissed.
    Denied(String),
    TimedOut(String),
    Failed(String),
    /// A person ended it with Ctrl-C.
    Interrupted,
}

impl Trouble {
    /// As a person is told it: why `error` came about, and what can be done.
    pub(crate) fn explain(self, store: &StoreName, error: Error) -> Error {
        let name = format!("the store \"{}\"", store.shown());
        let hint = self.hint(store);
        let error = match self {
            Self::Absent(why) => error.cause(format!("{name} is not there: {why}")),
            Self::Locked(why) => error.cause(format!("{name} is locked: {why}")).exit(Exit::SignInNeeded),
            Self::Denied(why) => error.cause(format!("{name} refused: {why}")),
            Self::TimedOut(why) => error.cause(format!("{name} did not answer in time: {why}")),
            Self::Failed(why) => error.cause(format!("{name} failed: {why}")),
            Self::Interrupted => error.cause("interrupted").exit(Exit::Interrupted),
        };
        match hint {
            Some(hint) if error.hint.is_none() => error.hint(hint),
            _ => error,
        }
    }

    fn hint(&self, store: &StoreName) -> Option<&'static str> {
        Some(match (self, store) {
            (Self::Absent(_), StoreName::SecretService) => {
                "start a keyring in this session, such as GNOME Keyring, KWallet or KeePassXC, or use another store"
            }
            (Self::Absent(_), StoreName::Keychain) => "use another store: only macOS has the keychain",
            (Self::Absent(_), StoreName::Sdk) if cfg!(windows) => "use another store, such as the sealed file",
            (Self::Absent(_), StoreName::Sdk) => "use another store: only Windows has that of the AWS SDK",
            (Self::Absent(_), StoreName::Sealed) => "set HOME",
            (Self::Absent(_), StoreName::Exec(_)) => "install the program, or name it with its whole path",
            (Self::Locked(_), StoreName::SecretService) => "unlock the keyring in its own program, and try again",
            (Self::Locked(_), StoreName::Sealed) if cfg!(target_os = "linux") => {
                "run `keyfob store unlock` in a terminal, or let KEYFOB_PASSPHRASE_COMMAND print the passphrase"
            }
            (Self::Locked(_), StoreName::Sealed) => {
                "run the command in a terminal, or let KEYFOB_PASSPHRASE_COMMAND print the passphrase"
            }
            (Self::Locked(_), _) => "unlock it, and try again",
            (Self::Denied(_), StoreName::Sealed) => {
                "try again; without its passphrase nobody can open the file, and removing it loses its keys"
            }
            (Self::Denied(_), _) => "try again, and allow keyfob what it asks for",
            (Self::TimedOut(_), _) => "try again in a terminal, and see what it waits for",
            (Self::Failed(_) | Self::Interrupted, _) => return None,
        })
    }

    /// In one word, for lists.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Absent(_) => "absent",
            Self::Locked(_) => "locked",
            Self::Denied(_) => "refused",
            Self::TimedOut(_) => "timed out",
            Self::Failed(_) => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    /// Why, as the store said it.
    pub(crate) fn why(&self) -> &str {
        match self {
            Self::Absent(why) | Self::Locked(why) | Self::Denied(why) | Self::TimedOut(why) | Self::Failed(why) => why,
            Self::Interrupted => "interrupted",
        }
    }
}

/// What may be done to open a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// A person may be asked, and has a minute.
    OfAPerson,
    /// Nobody is asked: what is not open is locked. A program has so long.
    Short(Duration),
}

/// The store of a name, ready to be asked. Nothing is opened yet.
pub(crate) fn open<'a>(name: &'a StoreName, context: &'a Context) -> Box<dyn SecretStore + 'a> {
    open_with(name, Patience::OfAPerson, context)
}

/// The same for somebody who has not all the time.
pub(crate) fn open_with<'a>(
    name: &'a StoreName,
    patience: Patience,
    context: &'a Context,
) -> Box<dyn SecretStore + 'a> {
    match name {
        #[cfg(all(unix, not(target_os = "macos")))]
        StoreName::SecretService => Box::new(secret_service::SecretService::new(patience, context)),
        #[cfg(target_os = "macos")]
        StoreName::Keychain => Box::new(keychain::Keychain::new(patience)),
        #[cfg(windows)]
        StoreName::Sdk => Box::new(sdk::Sdk::new(&context.vars)),
        StoreName::Sealed => Box::new(sealed::Sealed::new(patience, context)),
        StoreName::Exec(command) => Box::new(exec::Exec::new(command, patience, context)),
        other => Box::new(elsewhere::Elsewhere::new(other)),
    }
}

/// Opens the sealed file and lets its key rest in the kernel for so long.
pub(crate) fn unlock(context: &Context, time: Duration) -> Result<(), Trouble> {
    sealed::Sealed::new(Patience::OfAPerson, context).unlock(time)
}

/// Takes the key of the sealed file from the kernel; `false` when there was none, `None` when there is no file.
pub(crate) fn lock(context: &Context) -> Result<Option<bool>, Trouble> {
    sealed::Sealed::new(Patience::OfAPerson, context).lock()
}

/// Where the sealed file is, if there is one.
pub(crate) fn sealed_file(context: &Context) -> Option<PathBuf> {
    paths::sealed_file(&context.vars).filter(|path| path.exists())
}

/// The store that is best on this machine: the system's keyring where there is one, else the sealed file. On Windows
/// that is the file, too, as long as nothing is sealed with DPAPI.
pub(crate) fn usual(context: &Context) -> StoreName {
    if cfg!(target_os = "macos") {
        StoreName::Keychain
    } else if has_keyring(context) {
        StoreName::SecretService
    } else {
        StoreName::Sealed
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn has_keyring(context: &Context) -> bool {
    secret_service::is_there(context)
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn has_keyring(_: &Context) -> bool {
    false
}
