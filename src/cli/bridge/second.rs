//! A second profile that leads to the first.
//!
//! ```text
//! [profile dev-all]
//! credential_process = /usr/bin/keyfob process --profile dev
//! region = eu-west-1
//! ```

use super::{leads_nowhere, refuse_broken, without_credentials, write};
use crate::bridge::{LINE, Program};
use crate::context::Context;
use crate::error::Error;
use crate::profile::{Change, Edit, Edits, FileKind, Kind, Profile, Profiles, SectionKind, SectionName};
use crate::recursion;
use crate::shell;

/// Two profiles, of which one leads to the other.
pub(super) struct Second<'a> {
    /// The profile that has the credentials.
    pub(super) name: &'a str,
    pub(super) other: &'a str,
    pub(super) profiles: &'a Profiles,
    pub(super) context: &'a Context,
}

impl Second<'_> {
    /// Writes the second profile. What is such a bridge already stays.
    pub(super) fn write(&self, profile: &Profile<'_>, dry_run: bool) -> Result<String, Error> {
        let Self { name, other, profiles, context } = *self;
        self.refuse_name()?;
        if Kind::of(profile, &context.vars)?.is_none() {
            return Err(without_credentials(name));
        }
        refuse_broken(profile, profiles, context)?;
        let line = Program::of(context).line(name)?;
        if let Some(there) = profiles.profile(other)? {
            let Some((file, old)) = self.line_here(&there) else {
                return Err(Error::new(format!("cannot make profile \"{other}\""))
                    .cause("it is there already, and does not lead to that profile")
                    .hint("choose another name"));
            };
            if leads_nowhere(old) {
                let edit = Edit::set(self.section(), vec![Change { key: LINE, value: &line }]);
                let mut edits = Edits::default();
                edits.of(file).push(edit);
                return self.carry_out(&edits, dry_run);
            }
            return Ok(format!("Profile \"{other}\" leads to \"{name}\" already.\n"));
        }
        let region = profile.get("region")?.map(|setting| setting.value.into_owned());
        let mut changes = vec![Change { key: LINE, value: &line }];
        changes.extend(region.as_deref().map(|value| Change { key: "region", value }));
        let edits = Edits { config: vec![Edit::set(self.section(), changes)], ..Edits::default() };
        self.carry_out(&edits, dry_run)
    }

    fn carry_out(&self, edits: &Edits<'_>, dry_run: bool) -> Result<String, Error> {
        let Self { name, other, context, .. } = *self;
        if dry_run {
            return edits.diff(&context.vars);
        }
        write(edits, context)?;
        let (first, second) = (shell::word(name), shell::word(other));
        Ok(format!(
            "Every program gets the credentials of profile \"{name}\" through profile \"{other}\" now: --profile {second}\n\
             To undo that: keyfob bridge --undo {first} --as {second}\n"
        ))
    }

    /// Removes it, if it is nothing else.
    pub(super) fn remove(&self, dry_run: bool) -> Result<String, Error> {
        let Self { name, other, profiles, context } = *self;
        let Some(there) = profiles.profile(other)? else { return Err(profiles.no_such_profile(other)) };
        let refused = |why: String| Error::new(format!("cannot remove profile \"{other}\"")).cause(why);
        if self.line_here(&there).is_none() {
            return Err(refused(format!("it does not lead to profile \"{name}\"")));
        }
        let mut keys = FileKind::ALL.into_iter().flat_map(|file| there.keys(file));
        let is_ours = |key: &str| [LINE, "region"].iter().any(|ours| ours.eq_ignore_ascii_case(key));
        if let Some(key) = keys.find(|key| !is_ours(key)) {
            let word = shell::word(other);
            return Err(refused(format!("somebody has added {key} to it"))
                .hint(format!("if all of it is to go: `keyfob profile remove {word}`")));
        }
        let mut edits = Edits::default();
        for file in FileKind::ALL {
            if there.keys(file).next().is_some() {
                edits.of(file).push(Edit::remove(self.section()));
            }
        }
        if dry_run {
            return edits.diff(&context.vars);
        }
        write(&edits, context)?;
        Ok(format!("Profile \"{other}\" is removed; \"{name}\" is as it was.\n"))
    }

    fn section(&self) -> SectionName<'_> {
        SectionName { kind: SectionKind::Profile, name: self.other }
    }

    fn refuse_name(&self) -> Result<(), Error> {
        let refused = |why: &str| Err(Error::usage("cannot use --as").cause(why));
        match self.section().objection() {
            _ if self.other.is_empty() => refused("it is empty"),
            _ if self.other == self.name => refused("it names the profile itself"),
            Some(why) => refused(why),
            None => Ok(()),
        }
    }

    /// The line that leads to the first profile, and its file.
    fn line_here<'a>(&self, there: &'a Profile<'_>) -> Option<(FileKind, &'a str)> {
        let line = |file| Some((file, there.line(file, LINE)?));
        let found = FileKind::ALL.into_iter().find_map(line);
        found.filter(|(_, line)| recursion::is_keyfob_for(line, self.name, &self.context.vars))
    }
}
