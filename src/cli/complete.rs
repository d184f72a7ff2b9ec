//! `keyfob complete`: what could come next on a command line. The scripts of `shell/completions` ask for it.

use super::location::Location;
use crate::completion::{self, Known};
use crate::context::Context;
use crate::shell::Shell;
use argh::{ArgsInfo, FromArgs};
use std::ffi::OsString;

/// Print what could come next on a command line, for completion in shells.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "complete",
    help_triggers("--help"),
    example = "keyfob complete --shell zsh -- exec d",
    note = "Each line is a word and its description, with a tab between them.\n\
            A line that begins with a tab says what else the shell is to offer: files, or `command N`, where the Nth \
            word begins a command line of its own.\n\
            With --line, bash is given what it has to insert, and N counts characters."
)]
pub(super) struct Complete {
    /// shell to print for; without it, the shell that runs keyfob
    #[argh(option, arg_name = "name")]
    shell: Option<String>,

    /// command line up to the cursor, as it is typed, in place of words
    #[argh(option, arg_name = "text")]
    line: Option<String>,

    /// words after keyfob up to the cursor, which is in the last one
    #[argh(positional, arg_name = "word")]
    words: Vec<String>,
}

impl Complete {
    pub(super) fn run(self, context: &Context) -> String {
        let Self { shell, line, words } = self;
        // A shell asks in the middle of a line, where words of ours would be in the way.
        let Ok(shell) = Shell::named_or_around(shell.as_deref(), &context.vars) else { return String::new() };
        let located = |location: &str| Location::of(Some(location), &context.vars).ok().map(|found| found.vars);
        let known = Known { vars: &context.vars, located: &located };
        match line {
            Some(line) => completion::of_line(&line, shell, &known),
            None => completion::of_words(&words.iter().map(String::as_str).collect::<Vec<_>>(), shell, &known),
        }
    }
}

/// Whether a shell asks about a line that is not UTF-8: there is nothing to offer then, and nothing to say.
pub(super) fn is_about_bytes(arguments: &[OsString]) -> bool {
    arguments.first().is_some_and(|command| command == "complete")
        && arguments.iter().any(|argument| argument.to_str().is_none())
}
