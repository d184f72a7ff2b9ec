//! `--profile-location`: profiles in another folder, as `-ProfileLocation` of AWS Tools for PowerShell has it.

use crate::context::Vars;
use crate::error::Error;
use crate::paths;
use crate::profile::{self, FileKind, Profiles, kind};
use crate::secret::is_secret;
use crate::shell;
use std::path::Path;

/// Which files a command reads and writes.
pub(super) struct Location {
    /// The environment as it would be, were it to name these files.
    pub(super) vars: Vars,
    has_config: bool,
    /// The option, for a command that a person is to type: ` --profile-location FILE`, or nothing.
    pub(super) option: String,
    /// Whether keyfob would read other files without the option.
    is_elsewhere: bool,
}

impl Location {
    /// A location names the credentials file. The config file is that of its variable, else the one beside it if there
    /// is one, else none.
    pub(super) fn of(option: Option<&str>, vars: &Vars) -> Result<Self, Error> {
        let Some(text) = option else {
            return Ok(Self { vars: vars.clone(), has_config: true, option: String::new(), is_elsewhere: false });
        };
        if text.is_empty() {
            // A variable that is not set, most likely.
            return Err(Error::usage("--profile-location is empty").hint("name a file, or leave the option out"));
        }
        let path = paths::expand_tilde(vars, Path::new(text));
        let beside = path.with_file_name("config");
        let there = vars.supposing(FileKind::Credentials.variable(), path);
        let config = FileKind::Config.variable();
        let (there, has_config) = match there.os(config) {
            Some(_) => (there, true),
            None => (there.supposing(config, &beside), beside.exists()),
        };
        let is_elsewhere = !profile::are_same_files(vars, &there);
        Ok(Self { vars: there, has_config, option: format!(" --profile-location {}", shell::word(text)), is_elsewhere })
    }

    /// The file in which a key of a profile is kept: secrets in the credentials file, all else in the config file if
    /// there is one.
    pub(super) fn file_of(&self, key: &str) -> FileKind {
        // `keyfob_aws_access_key_id` alone stands beside the name of a store.
        let is_of_pair = kind::KEYS.iter().any(|secret| {
            let own = format!("keyfob_{secret}");
            secret.eq_ignore_ascii_case(key) || (is_secret(&own) && own.eq_ignore_ascii_case(key))
        });
        if is_of_pair || !self.has_config { FileKind::Credentials } else { FileKind::Config }
    }

    /// Whether both files are one, in which a profile has one section for both.
    pub(super) fn shares_section(&self, name: &str) -> bool {
        profile::is_one_file(&self.vars)
            && Profiles::load(&self.vars).is_ok_and(|profiles| profiles.shares_section(name))
    }

    /// Whether programs that come to keyfob would come to other files.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.is_elsewhere
    }

    /// An error where programs that come to keyfob would not come to these files.
    pub(super) fn refuse_store(&self, name: &str, noun: &str) -> Result<(), Error> {
        if !self.is_elsewhere {
            return Ok(());
        }
        Err(Error::new(format!("cannot keep the {noun} of profile \"{name}\" in a store"))
            .cause("the credential_process line, by which programs come to a store, cannot say --profile-location")
            .hint(
                "name the files with AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE instead, here and wherever the \
                 profile is used",
            ))
    }
}
