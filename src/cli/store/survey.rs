//! What the shared files say of keys and passwords, and what the stores have.

use crate::context::{Context, Vars};
use crate::error::Error;
use crate::profile::{FileKind, Listed, Profile, Profiles};
use crate::store::{self, StoreName, Trouble};
use serde::Serialize;
use std::path::PathBuf;

/// One place, and what is kept in it.
pub(super) struct Contents {
    /// `credentials`, `config`, or the name of a store.
    pub(super) store: String,
    /// Where it is, if it is a file.
    pub(super) file: Option<PathBuf>,
    /// Why nobody knows what a store has.
    pub(super) trouble: Option<Trouble>,
    pub(super) entries: Vec<Entry>,
}

/// The keys or the password of one profile.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) profile: String,
    /// What it is; `None`: no profile says so, and only the entry itself would.
    pub(super) kept: Option<Sort>,
    #[serde(rename = "state")]
    pub(super) said: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sort {
    Keys,
    Password,
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
pub(super) fn survey(vars: &Vars, context: &Context) -> Result<Vec<Contents>, Error> {
    let profiles = Profiles::load(vars)?;
    let mut named: Vec<(StoreName, Vec<(String, Sort)>)> = Vec::new();
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
        let sort = if profile.is_saml().unwrap_or(false) { Sort::Password } else { Sort::Keys };
        match StoreName::parse(&store.value) {
            Some(store) => match named.iter_mut().find(|(known, _)| *known == store) {
                Some((_, there)) => there.push((name.to_owned(), sort)),
                None => named.push((store, vec![(name.to_owned(), sort)])),
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
    let mut places: Vec<Contents> = FileKind::ALL.map(|file| of_file(file, &profiles, &mut in_files)).into();
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
        (!secrets.is_empty()).then(|| (file, Entry { profile: profile.name.clone(), kept: Some(Sort::Keys), said }))
    })
}

fn of_file(file: FileKind, profiles: &Profiles, in_files: &mut Vec<(FileKind, Entry)>) -> Contents {
    let path = profiles.files().into_iter().find(|shared| shared.kind == file).map(|shared| shared.path.clone());
    let store = match file {
        FileKind::Credentials => "credentials",
        FileKind::Config => "config",
    };
    let entries = in_files.extract_if(.., |(kind, _)| *kind == file).map(|(_, entry)| entry).collect();
    Contents { store: store.to_owned(), file: path, trouble: None, entries }
}

/// What a store says, beside what the profiles say of it.
///
/// An error when the person at the terminal has ended it.
fn of_store(store: &StoreName, names: &[(String, Sort)], context: &Context) -> Result<Contents, Error> {
    let listed = store::open(store, context).list();
    if listed == Err(Trouble::Interrupted) {
        return Err(Trouble::Interrupted.explain(store, Error::new("cannot list what is in the stores")));
    }
    let said = |name: &String| match &listed {
        Ok(Some(there)) if there.contains(name) => Said::Kept,
        Ok(Some(_)) => Said::Missing,
        Ok(None) | Err(_) => Said::Unknown,
    };
    let entry = |(name, sort): &(String, Sort)| Entry { profile: name.clone(), kept: Some(*sort), said: said(name) };
    let mut entries: Vec<Entry> = names.iter().map(entry).collect();
    if let Ok(Some(there)) = &listed {
        let others = there.iter().filter(|name| !names.iter().any(|(named, _)| named == *name));
        entries.extend(others.map(|name| Entry { profile: name.clone(), kept: None, said: Said::OfNoProfile }));
    }
    let file = (*store == StoreName::Sealed).then(|| store::sealed_file(context)).flatten();
    // Nothing is wrong with a store that nobody uses.
    let trouble = listed.err().filter(|trouble| !(names.is_empty() && matches!(trouble, Trouble::Absent(_))));
    Ok(Contents { store: store.shown(), file, trouble, entries })
}
