//! `keyfob init`: what a shell evaluates at its start.

mod name;

use super::takes_no_profile;
use crate::context::Context;
use crate::error::Error;
use crate::shell::{Scripts, Shell};
use crate::terminal;
use argh::{ArgsInfo, FromArgs};
use name::{checked, renamed};

/// Print what a shell evaluates at its start: the function kf, and completion.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "init",
    help_triggers("--help"),
    example = "eval \"$(keyfob init bash)\"   # in ~/.bashrc\nkf use dev",
    note = "`kf use` changes the profile of the shell that it is typed in; every other `kf` command is one of keyfob's.\n\
            On a terminal it also says where the line goes that evaluates this."
)]
pub(super) struct Init {
    /// shell to print for; without it, the shell that runs keyfob
    #[argh(positional, arg_name = "shell")]
    shell: Option<String>,

    /// name of the function, in place of kf
    #[argh(option, arg_name = "name")]
    cmd: Option<String>,

    /// define no completion
    #[argh(switch)]
    no_completions: bool,
}

impl Init {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { shell, cmd, no_completions } = self;
        takes_no_profile(profile, "init")?;
        let shell = Shell::named_or_around(shell.as_deref(), &context.vars)?;
        let mut options = cmd.as_ref().map_or_else(String::new, |cmd| format!(" --cmd {cmd}"));
        if no_completions {
            options.push_str(" --no-completions");
        }
        let cmd = cmd.map_or_else(|| Ok(Scripts::FUNCTION.to_owned()), checked)?;
        let (Some(scripts), Some(usual), Some(start)) = (shell.scripts(), shell.start(""), shell.start(&options))
        else {
            return Err(keeps_no_functions(shell));
        };
        if terminal::stdout_is_terminal() {
            context.terminal.warn_at_end(format!("{}, this defines {cmd}: {}", start.place, start.line));
        }
        let completion = scripts.completion.filter(|_| !no_completions).unwrap_or_default();
        // Without what it names, Nushell would find a fault in it.
        let function = scripts.function.replace(COMPLETED, if no_completions { "" } else { COMPLETED });
        // In Nushell the last definition holds, and the function may be called as the program is.
        let both = if shell == Shell::Nushell { [completion, &function] } else { [&function, completion] };
        // The comment at the head of the script tells the same line.
        Ok(renamed(&both.concat(), &cmd).replacen(&usual.line, &start.line, 1))
    }
}

/// What makes Nushell complete the function, since 0.114.
const COMPLETED: &str = "@complete __keyfob_words\n";

fn keeps_no_functions(shell: Shell) -> Error {
    let name = shell.name();
    let line = shell.evaluating(&format!("keyfob use --shell {name} dev"));
    Error::new(format!("{name} keeps no functions")).hint(format!("type `{line}`; in a batch file double each %"))
}
