//! What the shared files say of keys, and what the stores have.

use crate::context::{Context, Vars};
use crate::error::Error;
use crate::profile::{FileKind, Listed, Profile, Profiles};
use crate::store::{self, StoreName, Trouble};
use serde::Serialize;
use std::path::PathBuf;

/// One place, and the keys in it.
pub(super) struct Kept {
    /// `credentials`, `config`, or the name of a store.
    pub(super) store: String,
    /// Where it is, if it is a file.
    pub(super) file: Option<PathBuf>,
    /// Why nobody knows what a store has.
    pub(super) trouble: Option<Trouble>,
    pub(super) entries: Vec<Entry>,
}

/// The keys of one profile.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) profile: String,
    #[serde(rename = "state")]
    pub(super) said: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Said {
    Kept,
    /// A session's keys, which end by themselves.
    Temporary,
    /// The profile says that they are there, and they are not.
    Missing,
    /// They are there, and no profile says so.
    OfNoProfile,
    /// The profile says that they are there; the store does not say what it has.
    Unknown,
}

/// Looks everywhere: the files, and every store that a profile names or that has something.
pub(super) fn survey(vars: &Vars, context: &Context) -> Result<Vec<Kept>, Error> {
    let profiles = Profiles::load(vars)?;
    let mut named: Vec<(StoreName, Vec<String>)> = Vec::new();
    let mut in_files: Vec<(FileKind, Entry)> = Vec::new();
    for Listed { name, profile, .. } in profiles.all() {
        let profile = match profile {
            Ok(profile) => profile,
            // The others are listed all the same.
            Err(error) => {
                context.terminal.warn(&format!("{}: {}", error.message, error.cause.unwrap_or_default()));
                continue;
            }
        };
        in_files.extend(kept_in_files(&profile));
        let Some(store) = profile.get("keyfob_store").ok().flatten() else { continue };
        match StoreName::parse(&store.value) {
            Some(store) => match named.iter_mut().find(|(known, _)| *known == store) {
                Some((_, there)) => there.push(name.to_owned()),
                None => named.push((store, vec![name.to_owned()])),
            },
            None => context.terminal.warn(&format!("{}: there is no such store", store.place)),
        }
    }
    // A store that no profile names may have entries all the same.
    for store in [store::sealed_file(context).map(|_| StoreName::Sealed), Some(store::usual(context))] {
        if let Some(store) = store.filter(|store| named.iter().all(|(known, _)| known != store)) {
            named.push((store, Vec::new()));
        }
    }
    let mut places: Vec<Kept> = FileKind::ALL.map(|file| of_file(file, &profiles, &mut in_files)).into();
    for (store, names) in named {
        places.push(of_store(&store, &names, context)?);
    }
    Ok(places)
}

/// The secrets of a profile that stand in the files, in one or in both.
fn kept_in_files<'p>(profile: &'p Profile<'_>) -> impl Iterator<Item = (FileKind, Entry)> + use<'p> {
    FileKind::ALL.into_iter().filter_map(|file| {
        let secrets = profile.secrets_in(file);
        let is_temporary = secrets.iter().any(|(key, _)| key.to_ascii_lowercase().ends_with("_token"));
        let said = if is_temporary { Said::Temporary } else { Said::Kept };
        (!secrets.is_empty()).then(|| (file, Entry { profile: profile.name.clone(), said }))
    })
}

fn of_file(file: FileKind, profiles: &Profiles, in_files: &mut Vec<(FileKind, Entry)>) -> Kept {
    let path = profiles.files().into_iter().find(|shared| shared.kind == file).map(|shared| shared.path.clone());
    let store = match file {
        FileKind::Credentials => "credentials",
        FileKind::Config => "config",
    };
    let entries = in_files.extract_if(.., |(kind, _)| *kind == file).map(|(_, entry)| entry).collect();
    Kept { store: store.to_owned(), file: path, trouble: None, entries }
}

/// What a store says, beside what the profiles say of it.
///
/// An error when the person at the terminal has ended it.
fn of_store(store: &StoreName, names: &[String], context: &Context) -> Result<Kept, Error> {
    let listed = store::open(store, context).list();
    if listed == Err(Trouble::Interrupted) {
        return Err(Trouble::Interrupted.explain(store, Error::new("cannot list the keys of the stores")));
    }
    let said = |name: &String| match &listed {
        Ok(Some(there)) if there.contains(name) => Said::Kept,
        Ok(Some(_)) => Said::Missing,
        Ok(None) | Err(_) => Said::Unknown,
    };
    let mut entries: Vec<Entry> = names.iter().map(|name| Entry { profile: name.clone(), said: said(name) }).collect();
    if let Ok(Some(there)) = &listed {
        let others = there.iter().filter(|name| !names.contains(name));
        entries.extend(others.map(|name| Entry { profile: name.clone(), said: Said::OfNoProfile }));
    }
    let file = (*store == StoreName::Sealed).then(|| store::sealed_file(context)).flatten();
    // Nothing is wrong with a store that nobody uses.
    let trouble = listed.err().filter(|trouble| !(names.is_empty() && matches!(trouble, Trouble::Absent(_))));
    Ok(Kept { store: store.shown(), file, trouble, entries })
}
