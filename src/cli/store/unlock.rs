//! `keyfob store unlock` and `lock`: whether the sealed file opens without its passphrase for a while.

use crate::context::Context;
use crate::error::Error;
use crate::store::{self, StoreName, Trouble};
use crate::timestamp::{exact, span};
use argh::{ArgsInfo, FromArgs};
use std::time::Duration;

/// Open the sealed file, and let it be opened without its passphrase for a while, by programs without a terminal, too.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "unlock", help_triggers("--help"))]
pub(super) struct Unlock {
    /// how long, such as 90s, 15m or 8h; 15m if not given
    #[argh(option, arg_name = "time", long = "for")]
    time: Option<String>,
}

impl Unlock {
    pub(super) fn run(self, context: &Context) -> Result<String, Error> {
        const USUAL: Duration = Duration::from_mins(15);
        let time = match &self.time {
            None => USUAL,
            Some(text) => span(text)
                .ok_or_else(|| Error::usage("--for is no time from 1s to 12h").hint("write it like 90s or 15m"))?,
        };
        store::unlock(context, time).map_err(|trouble| {
            let error = Error::new("cannot unlock the sealed file");
            let error = match trouble {
                Trouble::Absent(_) => error.hint("`keyfob store move NAME --to sealed` makes it"),
                _ => error,
            };
            trouble.explain(&StoreName::Sealed, error)
        })?;
        Ok(format!("The sealed file is unlocked for {}; `keyfob store lock` ends that.\n", exact(time)))
    }
}

/// Let the sealed file be opened with its passphrase only.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "lock", help_triggers("--help"))]
pub(super) struct Lock {}

impl Lock {
    #[expect(clippy::unused_self, reason = "a command without arguments is one all the same")]
    pub(super) fn run(self, context: &Context) -> Result<String, Error> {
        let error = || Error::new("cannot lock the sealed file");
        let was_unlocked = store::lock(context).map_err(|trouble| trouble.explain(&StoreName::Sealed, error()))?;
        Ok(match was_unlocked {
            Some(true) => "The sealed file is locked.\n",
            Some(false) => "The sealed file was locked already.\n",
            None => "There is no sealed file.\n",
        }
        .to_owned())
    }
}
