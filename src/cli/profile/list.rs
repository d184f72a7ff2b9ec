//! `keyfob profile list`: all profiles, and what each is.

use super::super::location::Location;
use super::row::Row;
use super::takes_no_profile;
use crate::cli::columns::{EmptyColumns, columns};
use crate::context::Context;
use crate::error::{Error, Printable};
use crate::plan;
use crate::profile::{self, Profiles, Weight};
use argh::{ArgsInfo, FromArgs};
use std::collections::HashSet;

/// List all profiles: name, type, store, account, region, and where they stand.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "list",
    help_triggers("--help"),
    note = "Each line is a profile: its name, type, where its keys or its password are kept, account, region, and where it stands.\n\
            Standard error tells what cannot be read, and what does not count since something else goes before it."
)]
pub(super) struct List {
    /// print JSON
    #[argh(switch)]
    json: bool,

    /// print the names alone, one in a line
    #[argh(switch)]
    names: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// say on standard error what else is odd about the files
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl List {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { json, names, profile_location, verbose } = self;
        takes_no_profile(profile, "list")?;
        if json && names {
            return Err(Error::usage("--json and --names exclude each other"));
        }
        context.terminal.set_verbose(verbose);
        let location = Location::of(profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load_what_can_be_read(&location.vars);
        if names {
            return Ok(to_names(&profiles));
        }
        let lines = profiles.lines();
        let rows: Vec<Row<'_>> = profiles.all().iter().map(|listed| Row::of(listed, &lines, &location.vars)).collect();
        tell(&profiles, &rows, context);
        Ok(if json { to_json(&rows) } else { to_text(&rows) })
    }
}

/// For completion in shells, at every press of a key: nothing but headers is read.
fn to_names(profiles: &Profiles) -> String {
    profiles.name_lines(|name| Printable(name).to_string())
}

/// What the list itself does not say.
fn tell(profiles: &Profiles, rows: &[Row<'_>], context: &Context) {
    let findings = if context.terminal.is_verbose() { profiles.warnings() } else { profiles.findings() };
    let told = findings.iter().filter(|found| context.terminal.is_verbose() || found.weight == Weight::Unread);
    let told: Vec<String> = told.map(ToString::to_string).collect();
    for line in &told {
        context.terminal.warn(line);
    }
    let told: HashSet<&String> = told.iter().collect();
    for row in rows {
        for line in row.error.iter().filter(|line| !told.contains(line)).chain(&row.words) {
            context.terminal.warn(&format!("profile \"{}\": {line}", row.name));
        }
    }
    if rows.is_empty() {
        context.terminal.tell(&format!("There are no profiles in {}.", profiles.places()));
        context.terminal.tell(&format!("Make one: {}", profile::ways_to_begin(plan::DEFAULT_PROFILE)));
    } else if context.vars.get("AWS_ACCESS_KEY_ID").is_some() {
        context.terminal.warn("AWS_ACCESS_KEY_ID is set, and goes before every profile that is not named");
    }
}

fn to_json(rows: &[Row<'_>]) -> String {
    let mut json = serde_json::to_string(rows).expect("texts always serialize");
    json.push('\n');
    json
}

/// A line for each profile, in columns; a column that nobody has anything in is left out.
fn to_text(rows: &[Row<'_>]) -> String {
    let rows: Vec<[String; 6]> = rows.iter().map(Row::cells).collect();
    columns(&rows, EmptyColumns::LeftOut)
}
