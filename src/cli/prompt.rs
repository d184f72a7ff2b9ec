//! `keyfob prompt`: a few words for a shell's prompt.
//!
//! It runs before every line that somebody types. So it reads what is on this machine and nothing else, waits for nobody,
//! and has no errors but those of its own arguments: whatever is wrong with a profile is shown in the prompt, by a sign and
//! a colour.

mod facts;
mod format;
mod paint;

use super::Selection;
use crate::context::Context;
use crate::error::Error;
use crate::shell::Shell;
use argh::{ArgsInfo, FromArgs};
use facts::Facts;
use format::Format;
use paint::Paint;

/// Print profile, account and time left, for a shell's prompt.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "prompt",
    help_triggers("--help"),
    example = "PS1='$({command_name} --shell bash) $ '\nsetopt prompt_subst; PROMPT='$({command_name} --shell zsh) %# '\nfunction fish_right_prompt; {command_name} --shell fish; end\n{command_name} --format '{{profile}}[ {{left}}]'",
    note = "It shows what a command would use that names no profile, and nothing where the environment names none.\n\
            `dev 123456789012 47m`: profile, account, and the time until somebody has to act; or what is due: sign in, code, \
            new keys, new token. `?` there: only a try would tell. `dev?`: no such profile, or a broken one. `(env)`: keys in \
            the environment.",
    note = "The states, and their colours: ok green; unsure none; soon, code yellow; ended, unknown, broken red. In JSON there is \
            also none, and the time is null where there is no end, or none that is known.",
    note = "A format holds {{profile}} {{account}} {{region}} {{left}} {{state}}, and {{color}} for the colour of the state, \
            {{red}} {{yellow}} {{green}} {{blue}} {{magenta}} {{cyan}} {{bold}} {{dim}} {{reset}}. What is in square brackets \
            vanishes where nothing in it has a value. A backslash takes the next character as it is.",
    note = "Without --shell there are no colours unless a format names them, and names are printed as they are: not for a \
            prompt that a shell expands."
)]
pub(super) struct Prompt {
    /// profile to show
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile to show
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// what to print
    #[argh(option, arg_name = "text")]
    format: Option<String>,

    /// print JSON
    #[argh(switch)]
    json: bool,

    /// shell whose prompt it is, which colours and names are made fit for
    #[argh(option, arg_name = "name")]
    shell: Option<String>,
}

impl Prompt {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, format, json, shell } = self;
        let selection = Selection::new([profile, option, word], None, None, false)?;
        let shell = shell.as_deref().map(Shell::named).transpose()?;
        if json && format.is_some() {
            return Err(Error::usage("--json and --format exclude each other"));
        }
        let format = match &format {
            Some(text) => Format::parse(text)?,
            // Bare escapes would be counted as text by a shell that is not told of them.
            None if shell.is_none() => Format::parse(format::PLAIN)?,
            None => Format::parse(format::USUAL)?,
        };
        let facts = Facts::gather(selection.profile.as_deref(), context);
        if json {
            return Ok(facts::to_json(facts.as_ref()));
        }
        let paint = Paint::new(shell, &context.vars);
        Ok(facts.map(|facts| format.render(&facts, &paint)).unwrap_or_default())
    }
}
