//! What copy and rename share: a name that a profile is to have, and what leads to the one it has.

use crate::bridge::{self, Program};
use crate::cli::changes::Changes;
use crate::cli::keys_in_store::{self, Named, Opened};
use crate::cli::location::Location;
use crate::context::{Context, Vars};
use crate::error::{Error, Exit};
use crate::profile::{FileKind, Profile, Profiles, SectionKind, SectionName, Written};
use crate::recursion;

/// Of two profiles neither is the one that `--profile` means.
pub(super) fn refuse_option(profile: Option<&str>) -> Result<(), Error> {
    profile.map_or(Ok(()), |_| Err(Error::usage("--profile has no meaning here").hint("both names follow the command")))
}

/// The profile to begin with, where it can have the other name.
pub(super) fn checked<'a>(
    profiles: &'a Profiles,
    (from, to): (&str, &str),
    is_forced: bool,
) -> Result<Profile<'a>, Error> {
    if from == to {
        return Err(Error::usage("both names are the same"));
    }
    let profile = profiles.profile(from)?.ok_or_else(|| profiles.no_such_profile(from))?;
    let is_there = !profiles.files_with(to).is_empty();
    if is_there && !is_forced {
        return Err(Error::new(format!("there is a profile \"{to}\" already"))
            .hint("choose another name, or replace that one with --force"));
    }
    if !is_there {
        refuse_new(to)?;
    }
    Ok(profile)
}

/// An error where no profile of that name can be made.
pub(super) fn refuse_new(name: &str) -> Result<(), Error> {
    let section = SectionName { kind: SectionKind::Profile, name };
    section.objection().map_or(Ok(()), |why| {
        Err(Error::usage(format!("there can be no profile \"{name}\"")).cause(why).hint(SectionName::ADVICE))
    })
}

/// A line of a profile that leads to another one, or to the profile itself.
pub(super) struct Reference {
    pub(super) profile: String,
    file: FileKind,
    key: &'static str,
}

const SOURCES: [&str; 2] = ["source_profile", "keyfob_source_profile"];

/// All lines that lead to a profile. What cannot be read leads nowhere.
pub(super) fn references(profiles: &Profiles, to: &str, vars: &Vars) -> Vec<Reference> {
    let mut found = Vec::new();
    for profile in profiles.all().into_iter().filter_map(|listed| listed.profile.ok()) {
        let mut add = |file, key| found.push(Reference { profile: profile.name.clone(), file, key });
        for file in FileKind::ALL {
            for key in SOURCES.into_iter().filter(|key| profile.line(file, key) == Some(to)) {
                add(file, key);
            }
            if profile.line(file, bridge::LINE).is_some_and(|line| recursion::is_keyfob_for(line, to, vars)) {
                add(file, bridge::LINE);
            }
        }
    }
    found
}

impl Reference {
    /// Whether it is the line by which other programs come to keyfob.
    pub(super) fn is_bridge(&self) -> bool {
        self.key == bridge::LINE
    }

    /// Lets it lead elsewhere.
    pub(super) fn lead_to(&self, name: &str, changes: &mut Changes, context: &Context) -> Result<(), Error> {
        let value = if self.key == bridge::LINE { Program::of(context).line(name)? } else { name.to_owned() };
        changes.set(self.file, &self.profile, self.key, &value);
        Ok(())
    }
}

/// Whether the first of two names keeps what it has in a store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Keeps,
    LosesThem,
}

/// Makes the changes that give `to` the settings of `profile`, and puts its keys or its password under that name in their
/// store. A store forgets those of whatever profile was replaced.
pub(super) fn write(
    profiles: &Profiles,
    (profile, first): (&Profile<'_>, First),
    to: &str,
    changes: &Changes,
    location: &Location,
    context: &Context,
) -> Result<Vec<Written>, Error> {
    let replaced = profiles.profile(to)?.map_or(Ok(None), |replaced| keys_in_store::place_of(&replaced))?;
    let store = keys_in_store::store_of(profile)?;
    let written = match &store {
        Some(store) => {
            let store = Opened::new(store, context);
            let kept = store.own(profile)?;
            let written = store.keep(to, &kept, changes, location)?;
            if first == First::LosesThem {
                store.forget_or_warn(&profile.name, &Named::of(&kept));
            }
            written
        }
        None => changes.apply(location, context)?,
    };
    if let Some((before, named)) = replaced.filter(|(before, _)| Some(before) != store.as_ref()) {
        Opened::new(&before, context).forget_or_warn(to, &named);
    }
    Ok(written)
}

/// The error for a profile that is to go and is not there.
pub(super) fn does_not_exist(profiles: &Profiles, name: &str) -> Error {
    let refused = profiles.no_such_profile(name);
    Error { message: format!("profile \"{name}\" does not exist"), ..refused }.exit(Exit::NoSuchProfile)
}
