//! `keyfob store list`: which profiles have their keys or their password where.

use super::survey::{Contents, Entry, Said, Sort, survey};
use crate::cli::columns::{EmptyColumns, columns};
use crate::cli::location::Location;
use crate::context::Context;
use crate::error::{Error, Printable};
use crate::store::Trouble;
use argh::{ArgsInfo, FromArgs};
use serde::Serialize;

/// List what is kept where. The sealed file asks for its passphrase; a store that stays locked is listed as that.
#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand, name = "list", help_triggers("--help"))]
pub(super) struct List {
    /// print JSON
    #[argh(switch)]
    json: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<String, Error> {
        let Self { json, profile_location, verbose } = self;
        context.terminal.set_verbose(verbose);
        let location = Location::of(profile_location.as_deref(), &context.vars)?;
        let places = survey(&location.vars, context)?;
        if json {
            return Ok(to_json(&places));
        }
        for place in &places {
            if let Some(trouble) = &place.trouble {
                context.terminal.warn(&format!(
                    "the store \"{}\" is not listed, {}: {}",
                    place.store,
                    trouble.word(),
                    trouble.why()
                ));
            }
        }
        if places.iter().all(|place| place.entries.is_empty()) {
            context.terminal.tell("No keys are kept anywhere.");
        }
        Ok(to_text(&places))
    }
}

/// A line for each entry, in columns: the store, the profile, and what is to be said.
fn to_text(places: &[Contents]) -> String {
    let row = |place: &Contents, entry: &Entry| {
        let said = match (entry.said, &place.trouble) {
            (Said::Kept, _) => "",
            (Said::Temporary, _) => "temporary",
            (Said::Missing, _) => "missing in the store",
            (Said::OfNoProfile, _) => "no profile names it",
            (Said::Unknown, Some(trouble)) => trouble.word(),
            (Said::Unknown, None) => "the store does not list it",
        };
        let what = if entry.kept == Some(Sort::Password) { "password" } else { "" };
        let said = [what, said].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        [place.store.as_str(), &entry.profile, &said].map(|text| Printable(text).to_string())
    };
    let rows: Vec<[String; 3]> =
        places.iter().flat_map(|place| place.entries.iter().map(move |entry| row(place, entry))).collect();
    columns(&rows, EmptyColumns::Kept)
}

fn to_json(places: &[Contents]) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        stores: Vec<Store<'a>>,
    }
    #[derive(Serialize)]
    struct Store<'a> {
        store: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<String>,
        /// `ok`, or what is wrong with it.
        state: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'a str>,
        entries: &'a [Entry],
    }
    let stores = places.iter().map(|place| Store {
        store: &place.store,
        file: place.file.as_ref().map(|path| path.display().to_string()),
        state: place.trouble.as_ref().map_or("ok", Trouble::word),
        why: place.trouble.as_ref().map(Trouble::why),
        entries: &place.entries,
    });
    let mut json = serde_json::to_string(&Document { stores: stores.collect() }).expect("texts always serialize");
    json.push('\n');
    json
}
