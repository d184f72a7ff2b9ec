//! `keyfob profile copy`: a second profile with the settings of a first one.

use super::names::{self, First};
use crate::bridge::Program;
use crate::cli::changes::{Changes, places};
use crate::cli::location::Location;
use crate::context::Context;
use crate::error::{Error, some_of};
use crate::profile::{Change, FileKind, Kind, Profile, Profiles, Setting, kind};
use crate::random;
use crate::recursion;
use crate::sync;
use argh::{ArgsInfo, FromArgs};

/// Copy a profile under another name.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "copy", help_triggers("--help"))]
pub(super) struct Copy {
    /// profile as it is
    #[argh(positional, arg_name = "name")]
    from: String,

    /// name of the other
    #[argh(positional, arg_name = "new-name")]
    to: String,

    /// replace a profile that has that name already
    #[argh(switch)]
    force: bool,

    /// only show what would change
    #[argh(switch)]
    dry_run: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Copy {
    pub(super) fn run(self, profile: Option<&str>, context: &Context) -> Result<String, Error> {
        names::refuse_option(profile)?;
        context.terminal.set_verbose(self.verbose);
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load(&location.vars)?;
        let (from, to) = (&*self.from, &*self.to);
        let profile = names::checked(&profiles, (from, to), self.force)?;
        let changes = self.changes(&profiles, &profile, &location, context)?;
        if self.dry_run {
            return changes.preview(&location, context);
        }
        let written = names::write(&profiles, (&profile, First::Keeps), to, &changes, &location, context)?;
        Ok(format!("Profile \"{to}\" is a copy of \"{from}\", in {}.\n", places(&written)))
    }

    fn changes(
        &self,
        profiles: &Profiles,
        profile: &Profile<'_>,
        location: &Location,
        context: &Context,
    ) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        for file in profiles.files_with(&self.to) {
            changes.remove(file, &self.to, false);
        }
        // Keys of the config file come after other credentials, and those of the credentials file before.
        let of_keys = matches!(Kind::of(profile, &context.vars)?, None | Some(Kind::Static | Kind::Session));
        let (mut left_out, mut is_empty) = (Vec::new(), true);
        for setting in profile.effective()? {
            let key = setting.key().to_ascii_lowercase();
            if setting.value.is_empty() || key == sync::MARKER {
                left_out.push(key);
                continue;
            }
            is_empty = false;
            let stays_in_config =
                !of_keys && kind::KEYS.contains(&&*key) && setting.place.file.kind == FileKind::Config;
            let file = if stays_in_config { FileKind::Config } else { location.file_of(&key) };
            self.copy(file, &key, &setting, &mut changes, context)?;
        }
        for file in profiles.files_with(&self.from).into_iter().filter(|_| is_empty) {
            changes.make(file, &self.to);
        }
        if !left_out.is_empty() {
            const SHOWN: usize = 8;
            context.terminal.tell(&format!("Not copied: {}", some_of(&left_out, SHOWN, ", ")));
        }
        Ok(changes)
    }

    fn copy(
        &self,
        file: FileKind,
        key: &str,
        setting: &Setting<'_>,
        changes: &mut Changes,
        context: &Context,
    ) -> Result<(), Error> {
        let refused = |why: &str| {
            Err(Error::new(format!("cannot copy \"{key}\" of profile \"{}\"", self.from))
                .cause(format!("{}: {why}", setting.place))
                .hint("mend that line, or take it away"))
        };
        if let Some(block) = setting.sub_properties() {
            for (name, value) in block {
                match (Change { key: name, value }).obstacle_in(key) {
                    Some(why) => return refused(why),
                    None => changes.set_nested(file, &self.to, key, name, value),
                }
            }
            return Ok(());
        }
        let value = &*setting.value;
        let value = match key {
            // It names one profile of .NET's and its tools.
            "toolkit_artifact_guid" => random::name(),
            "source_profile" | "keyfob_source_profile" if *value == self.from => self.to.clone(),
            "credential_process" if recursion::is_keyfob_for(value, &self.from, &context.vars) => {
                Program::of(context).line(&self.to)?
            }
            _ => value.to_owned(),
        };
        match (Change { key, value: &value }).obstacle() {
            Some(why) => refused(why),
            None => {
                changes.set(file, &self.to, key, &value);
                Ok(())
            }
        }
    }
}
