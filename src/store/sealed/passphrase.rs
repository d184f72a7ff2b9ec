//! Where the passphrase of a sealed file comes from: a program, or a person.

use crate::command_line::Invocation;
use crate::context::Context;
use crate::paths;
use crate::program::{self, Reason, Words};
use crate::secret::Secret;
use crate::store::Trouble;
use crate::terminal::{NoAnswer, Question, Typing};
use std::path::Path;
use std::time::Duration;

/// Names a program that prints the passphrase on its first line.
const COMMAND: &str = "KEYFOB_PASSPHRASE_COMMAND";
/// SDKs wait that long for a helper.
const LIMIT: Duration = Duration::from_mins(1);
const TRIES: usize = 3;

pub(super) struct Passphrases<'a> {
    pub(super) path: &'a Path,
    pub(super) context: &'a Context,
}

/// Why it is asked for.
#[derive(Clone, Copy)]
pub(super) enum Why {
    Needed,
    WasWrong,
}

impl Passphrases<'_> {
    /// How often there may be another one: a program says the same again.
    pub(super) fn tries(&self) -> usize {
        if self.command().is_some() { 1 } else { TRIES }
    }

    pub(super) fn get(&self, why: Why) -> Result<Secret, Trouble> {
        if let Some(command) = self.command() {
            return printed_by(command);
        }
        let wrong = match why {
            Why::Needed => "",
            Why::WasWrong => "That was wrong. ",
        };
        self.ask(&format!("{wrong}Passphrase of \"{}\": ", self.path.display()))
    }

    /// The passphrase of a file that is yet to be made: a person types it twice.
    pub(super) fn get_new(&self) -> Result<Secret, Trouble> {
        if let Some(command) = self.command() {
            return printed_by(command);
        }
        let mut wrong = "";
        for _ in 0..TRIES {
            let passphrase = self.ask(&format!("{wrong}New passphrase for \"{}\": ", self.path.display()))?;
            if passphrase.expose().is_empty() {
                wrong = "An empty one protects nothing. ";
            } else if self.ask("The same once more: ")? == passphrase {
                return Ok(passphrase);
            } else {
                wrong = "The two differ. ";
            }
        }
        Err(Trouble::Denied("there is no passphrase for it".into()))
    }

    fn command(&self) -> Option<&str> {
        self.context.vars.get(COMMAND)
    }

    fn ask(&self, text: &str) -> Result<Secret, Trouble> {
        let lock = paths::question_lock(&self.context.vars);
        let question = Question { text, typing: Typing::Hidden, limit: LIMIT, lock: lock.as_deref() };
        self.context.terminal.ask(&question).map_err(|why| match why {
            NoAnswer::NoTerminal => Trouble::Locked("there is no terminal to ask for its passphrase on".into()),
            NoAnswer::Interrupted => Trouble::Interrupted,
            NoAnswer::TimedOut => Trouble::TimedOut("nobody typed the passphrase within a minute".into()),
            NoAnswer::Failed(why) => Trouble::Failed(format!("the terminal failed: {why}")),
        })
    }
}

fn printed_by(command: &str) -> Result<Secret, Trouble> {
    let failed = |why: String| Trouble::Failed(format!("{COMMAND}: {why}"));
    let invocation = Invocation::parse(command);
    let name = format!("\"{}\"", invocation.program());
    // A program that comes to keyfob for the very file must not run itself for ever: there nothing answers for it.
    let vars = [(COMMAND, "")];
    let output = program::run(&invocation, &vars, Words::Kept, LIMIT).map_err(|failure| match failure.reason {
        Reason::TimedOut => Trouble::TimedOut(format!("{COMMAND}: {failure}")),
        _ => failed(failure.to_string()),
    })?;
    if !output.status.success() {
        return Err(failed(format!("{name} {}", output.ending())));
    }
    let text = str::from_utf8(&output.stdout).map_err(|_| failed(format!("{name} printed no text")))?;
    match text.lines().next() {
        None | Some("") => Err(failed(format!("{name} printed no passphrase"))),
        Some(passphrase) => Ok(Secret::new(passphrase)),
    }
}
