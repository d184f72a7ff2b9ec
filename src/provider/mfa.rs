//! A one-time code: given, printed by a command, or asked of a person.

use crate::error::{Error, Exit};
use crate::provider::command::{self, Invocation, Words};
use crate::secret::Secret;
use crate::terminal::{NoAnswer, Terminal};
use std::time::Duration;

/// How long a person or a program may take; SDKs do not wait longer for their helper.
const LIMIT: Duration = Duration::from_mins(1);

/// Where codes for one device come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes<'a> {
    pub(crate) serial: &'a str,
    /// `--mfa-code`.
    pub(crate) given: Option<&'a Secret>,
    /// `mfa_process`.
    pub(crate) process: Option<&'a str>,
    pub(crate) profile: &'a str,
}

impl Codes<'_> {
    /// Whether getting a code may need a person.
    pub(crate) fn asks_a_person(&self) -> bool {
        self.given.is_none() && self.process.is_none()
    }

    pub(crate) fn get(&self, terminal: &Terminal) -> Result<Secret, Error> {
        if self.serial.contains(":u2f/") {
            return Err(Error::new(format!(
                "profile \"{}\" wants a security key, which STS cannot take",
                self.profile
            ))
            .cause(format!("mfa_serial is \"{}\"", self.serial))
            .hint("use a device that shows codes, or a sign-in in the browser"));
        }
        if let Some(given) = self.given {
            return self.checked(given, "--mfa-code");
        }
        if let Some(command) = self.process {
            return self.checked(&self.run(command)?, "the output of mfa_process");
        }
        let code = self.ask(terminal)?;
        self.checked(&code, "what was typed")
    }

    fn run(&self, command: &str) -> Result<Secret, Error> {
        let invocation = Invocation::parse(command);
        let failed = |why: String| {
            Error::new(format!("no MFA code for \"{}\"", self.serial)).cause(format!("mfa_process failed: {why}"))
        };
        let output = command::run(&invocation, &[], Words::Shown, LIMIT).map_err(failed)?;
        if !output.status.success() {
            let said = output.last_words();
            return Err(failed(format!("\"{}\" ended with {} {said}", invocation.program(), output.status)));
        }
        str::from_utf8(&output.stdout).map(Secret::new).map_err(|_| failed("it printed no text".into()))
    }

    fn ask(&self, terminal: &Terminal) -> Result<Secret, Error> {
        let question = format!("Enter MFA code for {} (profile {}): ", self.serial, self.profile);
        terminal.ask_hidden(&question, LIMIT).map_err(|no_answer| {
            let profile = self.profile;
            let error = Error::new(format!("profile \"{profile}\" needs an MFA code of \"{}\"", self.serial));
            match no_answer {
                NoAnswer::NoTerminal => error
                    .cause("there is no terminal to ask on")
                    .hint(format!("run `keyfob whoami {profile}` in a terminal, or pass --mfa-code"))
                    .exit(Exit::SignInNeeded),
                NoAnswer::TimedOut => error.cause("nobody answered within a minute").exit(Exit::SignInNeeded),
                NoAnswer::Interrupted => error.cause("interrupted").exit(Exit::Interrupted),
                NoAnswer::Failed(why) => error.cause(format!("the terminal failed: {why}")).exit(Exit::SignInNeeded),
            }
        })
    }

    fn checked(&self, code: &Secret, what: &str) -> Result<Secret, Error> {
        let digits = code.expose().trim();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Secret::new(digits));
        }
        Err(Error::new(format!("no MFA code for \"{}\"", self.serial))
            .cause(format!("{what} is not six digits"))
            .hint(format!("type the code that the device of \"{}\" shows", self.profile)))
    }
}
