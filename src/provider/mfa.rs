//! A one-time code: given, printed by a command, or asked of a person.

use crate::command_line::Invocation;
use crate::context::Vars;
use crate::error::{Error, Exit};
use crate::paths;
use crate::program::{self, Words};
use crate::secret::Secret;
use crate::shell;
use crate::terminal::{NoAnswer, Question, Terminal, Typing};
use std::time::Duration;

/// How long a person or a program may take; SDKs do not wait longer for their helper.
const LIMIT: Duration = Duration::from_mins(1);

/// Where codes for one device come from.
#[derive(Clone, Copy)]
pub(crate) struct Codes<'a> {
    pub(crate) serial: &'a str,
    /// `--mfa-code`.
    pub(crate) given: Option<&'a Secret>,
    /// `mfa_process`.
    pub(crate) process: Option<&'a str>,
    pub(crate) profile: &'a str,
    pub(crate) vars: &'a Vars,
}

impl Codes<'_> {
    /// Whether getting a code may need a person.
    pub(crate) fn asks_a_person(&self) -> bool {
        self.given.is_none() && self.process.is_none()
    }

    pub(crate) fn get(&self, terminal: &Terminal, again: Again) -> Result<Secret, Error> {
        if self.serial.contains(":u2f/") {
            return Err(Error::new(format!(
                "profile \"{}\" wants a security key, which STS cannot take",
                self.profile
            ))
            .cause(format!("mfa_serial is \"{}\"", self.serial))
            .hint("use a device that shows codes, or a sign-in in the browser"));
        }
        if let Some(given) = self.given {
            return digits(given).ok_or_else(|| self.not_a_code("--mfa-code").exit(Exit::Usage));
        }
        if let Some(command) = self.process {
            return digits(&self.run(command)?).ok_or_else(|| self.not_a_code("the output of mfa_process"));
        }
        self.ask(terminal, again)
    }

    fn run(&self, command: &str) -> Result<Secret, Error> {
        let invocation = Invocation::parse(command);
        let failed = |why: String| {
            Error::new(format!("no MFA code for \"{}\"", self.serial)).cause(format!("mfa_process failed: {why}"))
        };
        let output =
            program::run(&invocation, &[], Words::Shown, LIMIT).map_err(|failure| failed(failure.to_string()))?;
        if !output.status.success() {
            let said = output.last_words();
            return Err(failed(format!("\"{}\" ended with {}: {said}", invocation.program(), output.status)));
        }
        str::from_utf8(&output.stdout).map(Secret::new).map_err(|_| failed("it printed no text".into()))
    }

    /// Asks a person, who may mistype once.
    fn ask(&self, terminal: &Terminal, again: Again) -> Result<Secret, Error> {
        let refused = match again {
            Again::No => "",
            Again::Refused => "The code was refused; wait for the next one. ",
        };
        let question = format!("{refused}Enter MFA code for {} (profile {}): ", self.serial, self.profile);
        let lock = paths::question_lock(self.vars);
        let ask = |text: &str| {
            let question = Question { text, typing: Typing::Hidden, limit: LIMIT, lock: lock.as_deref() };
            terminal.ask(&question).map_err(|why| self.no_answer(why))
        };
        let typed = ask(&question)?;
        match digits(&typed) {
            Some(code) => Ok(code),
            None => {
                let retyped = ask(&format!("That was not six digits. {question}"))?;
                digits(&retyped).ok_or_else(|| self.not_a_code("what was typed"))
            }
        }
    }

    /// What to say where there is no terminal.
    pub(crate) fn nobody_to_ask(&self) -> Error {
        self.no_answer(NoAnswer::NoTerminal)
    }

    fn no_answer(&self, why: NoAnswer) -> Error {
        let profile = self.profile;
        let error = Error::new(format!("profile \"{profile}\" needs an MFA code from \"{}\"", self.serial));
        match why {
            NoAnswer::NoTerminal => error
                .cause("there is no terminal to ask on")
                .hint(format!("run `keyfob whoami {}` in a terminal, or pass --mfa-code", shell::word(profile)))
                .exit(Exit::SignInNeeded),
            NoAnswer::TimedOut => error.cause("nobody answered within a minute").exit(Exit::SignInNeeded),
            NoAnswer::Interrupted => error.cause("interrupted").exit(Exit::Interrupted),
            NoAnswer::Failed(why) => error.cause(format!("the terminal failed: {why}")).exit(Exit::SignInNeeded),
        }
    }

    fn not_a_code(&self, what: &str) -> Error {
        Error::new(format!("no MFA code for \"{}\"", self.serial)).cause(format!("{what} is not six digits"))
    }
}

/// Whether a code has just been refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    No,
    Refused,
}

/// Six digits, perhaps with blanks around or between them.
fn digits(text: &Secret) -> Option<Secret> {
    let digits: String = text.expose().split_whitespace().collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| Secret::new(digits))
}
