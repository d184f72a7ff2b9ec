//! That the manual says what is so, no less of it and no more: its pages on commands against argh's own description and
//! against the help that people read, its page on files against the source, and each page against the others.

mod commands;
mod examples;
mod files;
mod help;
mod page;
mod references;
mod source;

use argh::{CommandInfoWithArgs, FlagInfo, FlagInfoKind};
use std::{collections::BTreeSet, path::PathBuf};

/// keyfob's own spelling of `--help`, which argh does not know.
const SHORT_HELP: &str = "-h";
/// What `exec` runs; argh never sees it.
const OF_EXEC: [&str; 2] = ["command", "argument"];
/// The pages that are about no command: name and section.
const OVERVIEWS: [(&str, u8); 2] = [("keyfob-files", 5), ("keyfob-tutorial", 7)];

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn set<T: Into<String>>(items: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    items.into_iter().map(Into::into).collect()
}

/// The command itself and all below it; pages are called `keyfob-sso-login`, and so are these.
fn commands() -> Vec<CommandInfoWithArgs> {
    // argh calls the outermost one by the name of its type.
    let mut all = vec![CommandInfoWithArgs { name: "keyfob", ..keyfob::command_line() }];
    let mut next = 0;
    while next < all.len() {
        let above = if next == 0 { String::new() } else { format!("{}-", all[next].name) };
        let below = all[next].commands.clone();
        // The names live as long as the tests.
        let named = |name| String::leak(format!("{above}{name}"));
        all.extend(below.into_iter().map(|below| CommandInfoWithArgs { name: named(below.name), ..below.command }));
        next += 1;
    }
    all
}

/// The options that people are told of.
fn options(command: &CommandInfoWithArgs) -> impl Iterator<Item = &'static FlagInfo<'static>> {
    command.flags.iter().filter(|flag| !flag.hidden)
}

/// What a person has to write behind an option; `None` behind a switch.
fn value_of(flag: &FlagInfo<'static>) -> Option<&'static str> {
    match flag.kind {
        FlagInfoKind::Switch => None,
        FlagInfoKind::Option { arg_name } => Some(arg_name),
    }
}
