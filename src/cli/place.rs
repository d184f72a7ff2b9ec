//! Where the keys or the password of a profile are, or are to be: in one of the shared files, or in a store.

use crate::context::Context;
use crate::error::Error;
use crate::profile::FileKind;
use crate::store::{self, StoreName};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(FileKind),
    Store(StoreName),
}

impl Place {
    /// What an option of this name says.
    pub(super) fn parse(text: &str, option: &str, context: &Context) -> Result<Self, Error> {
        Ok(match text {
            "credentials" => Self::File(FileKind::Credentials),
            "config" => Self::File(FileKind::Config),
            "auto" => Self::Store(store::usual(context)),
            _ => Self::Store(StoreName::parse(text).ok_or_else(|| {
                Error::usage(format!("{option} names no store"))
                    .hint(format!("there are credentials, config, auto, {}", StoreName::ALL))
            })?),
        })
    }

    /// The option that names it, for a command that a person is to type.
    pub(super) fn option(&self) -> String {
        let store = match self {
            Self::File(FileKind::Credentials) => "credentials".to_owned(),
            Self::File(FileKind::Config) => "config".to_owned(),
            // What the line says besides its program may be secret.
            Self::Store(StoreName::Exec(_)) => "exec:COMMAND".to_owned(),
            Self::Store(store) => store.to_string(),
        };
        format!(" --store {store}")
    }
}

/// The store that is meant for a password. An error for what keeps none.
pub(super) fn for_passwords(place: &Place) -> Result<&StoreName, Error> {
    let hint = "there are auto, secret-service, keychain, sealed and exec:COMMAND";
    match place {
        Place::File(_) => {
            Err(Error::usage("a password is kept in a store alone").cause(format!("{place} is plain text")).hint(hint))
        }
        Place::Store(StoreName::Sdk) => {
            Err(Error::usage("the store \"sdk\" has no room for passwords").cause(".NET keeps none there").hint(hint))
        }
        Place::Store(store) => Ok(store),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(FileKind::Config) => f.write_str("the config file"),
            Self::File(FileKind::Credentials) => f.write_str("the credentials file"),
            Self::Store(store) => write!(f, "the store \"{}\"", store.shown()),
        }
    }
}
