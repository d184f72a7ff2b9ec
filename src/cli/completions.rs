//! `keyfob completions`: the script by which a shell completes command lines.

use super::takes_no_profile;
use crate::context::Context;
use crate::error::Error;
use crate::shell::Shell;
use argh::{ArgsInfo, FromArgs};

/// Print the script by which a shell completes command lines of keyfob.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "completions",
    help_triggers("--help"),
    example = "keyfob completions fish > ~/.config/fish/completions/keyfob.fish",
    note = "`keyfob init` prints it as well; this is for the folder where a shell looks for such scripts."
)]
pub(super) struct Completions {
    /// shell to print for; without it, the shell that runs keyfob
    #[argh(positional, arg_name = "shell")]
    shell: Option<String>,
}

impl Completions {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        takes_no_profile(profile, "completions")?;
        let shell = Shell::named_or_around(self.shell.as_deref(), &context.vars)?;
        let script = shell.scripts().and_then(|scripts| scripts.completion);
        script.map(str::to_owned).ok_or_else(|| completes_nothing(shell))
    }
}

fn completes_nothing(shell: Shell) -> Error {
    let those: Vec<&str> = Shell::ALL.into_iter().filter(|shell| shell.completes()).map(Shell::name).collect();
    let there = format!("there are scripts for {}", those.join(", "));
    Error::new(format!("{} completes nothing by scripts", shell.name())).hint(there)
}
