//! `keyfob use`: lines that point a shell at a profile.

mod pick;
mod variables;

use super::Selection;
use super::env::KEYS;
use crate::cache;
use crate::context::Context;
use crate::error::Error;
use crate::profile::Profiles;
use crate::settings;
use crate::shell::Shell;
use crate::terminal;
use argh::{ArgsInfo, FromArgs};
use variables::Target;

/// Point this shell at a profile, with nothing secret in its environment.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "use",
    help_triggers("--help"),
    example = "eval \"$(keyfob init bash)\"   # once, in ~/.bashrc\nkf use dev\nkf use -\nkf use --unset",
    note = "It prints lines for a shell; the function kf, which `keyfob init` defines, takes them in.\n\
            They set AWS_PROFILE and the profile's region, and clear keys that would go before it.\n\
            A region of your own stays where the profile has none; else it comes back with the next such profile, and with --unset.\n\
            Without a profile one is chosen from a list, the most used first; KEYFOB_PICKER names a program for that, as --picker does."
)]
pub(super) struct Use {
    /// profile to use; - is the one before; without any, choose one from a list
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to use
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// use no profile any more
    #[argh(switch)]
    unset: bool,

    /// region to set, whatever the profile says
    #[argh(option)]
    region: Option<String>,

    /// program that chooses a line of its input, such as fzf, in place of the list
    #[argh(option, arg_name = "command")]
    picker: Option<String>,

    /// shell to print for; without it, the shell that runs keyfob
    #[argh(option, arg_name = "name")]
    shell: Option<String>,
}

/// What is asked for.
enum Wish {
    Named(String),
    /// Whatever was used before.
    Before,
    Nothing,
    Choice,
}

impl Use {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, unset, region, picker, shell } = self;
        let shell = Shell::named_or_around(shell.as_deref(), &context.vars)?;
        let wish = Wish::of([profile, option, word], unset, region.as_deref())?;
        let goes_back = matches!(wish, Wish::Before);
        let name = match wish {
            Wish::Named(name) => Some(name),
            Wish::Before => variables::before(&context.vars)?.map(str::to_owned),
            Wish::Nothing => None,
            Wish::Choice => Some(pick::choose(&Profiles::load(&context.vars)?, picker.as_deref(), context)?),
        };
        let is_evaluated = !terminal::stdout_is_terminal();
        let lines = match &name {
            Some(name) => using(name, region.as_deref(), is_evaluated && !goes_back, shell, context)?,
            None => using_none(shell, context)?,
        };
        if goes_back {
            context.terminal.tell(name.as_deref().unwrap_or("no profile"));
        }
        if !is_evaluated {
            context.terminal.warn_at_end(cannot_change(shell, name.as_deref()));
        }
        Ok(lines)
    }
}

impl Wish {
    fn of(places: [Option<String>; 3], unset: bool, region: Option<&str>) -> Result<Self, Error> {
        let [before_command, option, word] = places;
        let goes_back = word.as_deref() == Some("-");
        let word = word.filter(|_| !goes_back);
        let named = Selection::new([before_command, option, word], None, None, false)?.profile;
        match (named, goes_back, unset) {
            (Some(_), _, true) | (None, true, true) => Err(Error::usage("--unset and a profile exclude each other")),
            (None, false, true) if region.is_some() => Err(Error::usage("--unset and --region exclude each other")),
            (Some(name), true, false) => Err(Error::usage(format!("two profiles are named, \"{name}\" and -"))),
            (Some(name), false, false) => Ok(Self::Named(name)),
            (None, true, false) => Ok(Self::Before),
            (None, false, true) => Ok(Self::Nothing),
            (None, false, false) => Ok(Self::Choice),
        }
    }
}

/// The lines that let a shell use a profile.
fn using(name: &str, region: Option<&str>, is_counted: bool, shell: Shell, context: &Context) -> Result<String, Error> {
    let vars = &context.vars;
    let profiles = Profiles::load(vars)?;
    let profile = profiles.profile(name)?.ok_or_else(|| profiles.no_such_profile(name))?;
    profiles.unread().for_each(|note| context.terminal.warn(note));
    let region = settings::named_region(vars, &profiles, &profile, region).map_err(|error| match region {
        None if error.hint.is_none() => error.hint("mend that line, or name a region with --region"),
        _ => error,
    })?;
    let target = Target { profile: name, region: region.as_deref() };
    let lines = shell.print(&variables::changes(Some(target), vars))?;
    if let Some(key) = variables::key_in_the_way(vars) {
        context
            .terminal
            .warn(&format!("{key} and what belongs to it are cleared, since they would go before the profile"));
    }
    if is_counted {
        cache::record_use(name, &profiles.names(), vars);
    }
    Ok(lines)
}

/// The lines that let a shell use none any more.
fn using_none(shell: Shell, context: &Context) -> Result<String, Error> {
    let vars = &context.vars;
    let lines = shell.print(&variables::changes(None, vars))?;
    if vars.os(KEYS[0]).is_some() {
        // cmd is not always found out.
        let option = if shell == Shell::Cmd { " --shell cmd" } else { "" };
        let line = shell.evaluating(&format!("keyfob env --unset{option}"));
        context.terminal.warn(&format!("{} is still set; `{line}` clears it", KEYS[0]));
    }
    Ok(lines)
}

/// For somebody who typed it as a command.
fn cannot_change(shell: Shell, name: Option<&str>) -> String {
    // Each shell has quotes of its own, and what they type they copy.
    let words = name.map_or("--unset", |name| if is_plain(name) { name } else { "PROFILE" });
    match shell.start("") {
        Some(start) => format!(
            "nothing has changed: a program cannot change the shell that runs it; type `{}`, and then `kf use {words}`",
            start.line
        ),
        None => format!(
            "nothing has changed: a program cannot change the shell that runs it; type `{}`",
            shell.evaluating(&format!("keyfob use --shell {} {words}", shell.name()))
        ),
    }
}

/// Whether every shell takes it for a word as it stands.
fn is_plain(name: &str) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte);
    name.bytes().all(is_of_word) && name.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Whether what is printed is evaluated by a shell, by the words of the command line.
pub(super) fn is_evaluated(words: &[&str]) -> bool {
    let command = match words {
        ["-p" | "--profile", _, command @ ..] | command => command,
    };
    command.first() == Some(&"use") && command.contains(&"--shell")
}
