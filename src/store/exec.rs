//! `exec:COMMAND`: another program that keeps secrets, such as a script around `pass`, `op` or `secret-tool`.
//!
//! The command is run with one more word, and is told the rest on its standard input: one line of JSON. Secrets are never
//! among its arguments.
//!
//! | word | standard input | standard output |
//! |---|---|---|
//! | `get` | `{"version":1,"profile":"dev"}` | the keys or the password, or nothing where there are none |
//! | `store` | the same with `"aws_access_key_id"` and `"aws_secret_access_key"`, or with `"saml_password"`, `"saml_host"` and `"saml_user"` | nothing |
//! | `erase` | as for `get` | nothing; to have nothing to erase is no failure |
//! | `list` | `{"version":1}` | `{"profiles":["dev"]}`, or nothing if it cannot tell |
//!
//! Keys are printed as `{"aws_access_key_id":"…","aws_secret_access_key":"…"}`, the password of a profile that signs in
//! with SAML as `{"saml_password":"…"}`, with the `"saml_host"` and the `"saml_user"` that were stored with it: without them
//! it is taken for whoever the profile names. What is stored takes the place of what was there. Keys with an
//! `"aws_session_token"` are refused: they end by themselves, and stores are for keys that last.
//!
//! It ends with 0 when it has done so, with 3 when what it keeps is locked, with 4 when it or a person refused, with
//! any other status when it failed; the end of what it says on standard error is told to the person. What it asks, it
//! asks at the terminal, and it has a minute. A line that means something to a shell is run by one, as that of a
//! `credential_process` is.
//!
//! The idea is that of git's and of docker's helpers. <https://git-scm.com/docs/gitcredentials>

use super::entry::{Entry, to_json};
use super::{Kept, Patience, SecretStore, Trouble};
use crate::command_line::Invocation;
use crate::context::Context;
use crate::program::{self, Output, Reason};
use crate::recursion::{CHAIN_VARIABLE, extended_chain};
use serde::{Deserialize, Serialize};
use std::io;
use std::time::Duration;
use zeroize::Zeroizing;

/// SDKs wait that long for a helper. While there is something to hand out it has less.
const LIMIT: Duration = Duration::from_mins(1);
const LOCKED: i32 = 3;
const REFUSED: i32 = 4;
/// What a shell says of a program that it does not find.
const NOT_FOUND: i32 = 127;

pub(super) struct Exec<'a> {
    command: &'a str,
    patience: Patience,
    context: &'a Context,
}

#[derive(Serialize)]
struct Request<'a> {
    version: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    #[serde(flatten)]
    kept: Option<super::entry::Shown<'a>>,
}

#[derive(Deserialize)]
struct Listing {
    profiles: Vec<String>,
}

impl<'a> Exec<'a> {
    pub(super) fn new(command: &'a str, patience: Patience, context: &'a Context) -> Self {
        Self { command, patience, context }
    }

    fn run(&self, word: &str, profile: Option<&str>, kept: Option<&Entry>) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        /// More than all that is in the document besides secrets and the name.
        const AROUND: usize = 256;
        let request = Request { version: 1, profile, kept: kept.map(Entry::shown) };
        let room = AROUND + 6 * profile.map_or(0, str::len) + kept.map_or(0, Entry::room);
        let mut input = to_json(&request, room);
        input.push(b'\n');
        // A program that asks for the very profile, by whatever way, must not run itself for ever.
        let failed = |error: crate::error::Error| Trouble::Failed(error.cause.unwrap_or(error.message));
        let chain = profile.map(|profile| extended_chain(&self.context.vars, profile)).transpose().map_err(failed)?;
        let vars: Vec<(&str, &str)> = chain.iter().map(|chain| (CHAIN_VARIABLE, chain.as_str())).collect();
        let invocation = with_word(self.command, word);
        let limit = match self.patience {
            Patience::OfAPerson => LIMIT,
            Patience::Short(limit) => limit,
        };
        let ran = program::run_with_input(&invocation, &vars, input, limit);
        let output = ran.map_err(|failure| match &failure.reason {
            Reason::CannotRun(error) if error.kind() == io::ErrorKind::NotFound => Trouble::Absent(failure.to_string()),
            Reason::TimedOut => Trouble::TimedOut(failure.to_string()),
            _ => Trouble::Failed(failure.to_string()),
        })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        // What it repeats of what it was told is not for the screen.
        let stderr = kept.map_or_else(|| output.stderr.clone(), |kept| kept.masked(&output.stderr));
        Err(trouble(&invocation, word, &Output { stderr, ..output }))
    }
}

/// The command with one more word at its end.
fn with_word(command: &str, word: &str) -> Invocation {
    match Invocation::parse(command) {
        Invocation::Direct(mut words) => {
            words.push(word.to_owned());
            Invocation::Direct(words)
        }
        Invocation::Shell(line) => Invocation::Shell(format!("{line} {word}")),
    }
}

/// What the status of a program says.
fn trouble(invocation: &Invocation, word: &str, output: &Output) -> Trouble {
    let program = invocation.program();
    let said = format!("\"{program}\", told to {word}, {}", output.ending());
    match output.status.code() {
        Some(LOCKED) => Trouble::Locked(said),
        Some(REFUSED) => Trouble::Denied(said),
        Some(NOT_FOUND) if matches!(invocation, Invocation::Shell(_)) => Trouble::Absent(said),
        _ => Trouble::Failed(said),
    }
}

/// Reads what a program has printed; `None` where it is nothing. An error does not show it.
fn parse<'d, T: Deserialize<'d>>(word: &str, printed: &'d [u8]) -> Result<Option<T>, Trouble> {
    if printed.trim_ascii().is_empty() {
        return Ok(None);
    }
    let failed = |error: serde_json::Error| {
        let at = format!("line {}, column {}", error.line(), error.column());
        Trouble::Failed(format!("what it printed for `{word}` cannot be read ({at})"))
    };
    serde_json::from_slice(printed).map(Some).map_err(failed)
}

impl SecretStore for Exec<'_> {
    fn get(&self, profile: &str) -> Result<Option<Kept>, Trouble> {
        let printed = self.run("get", Some(profile), None)?;
        let kept = parse::<Entry>("get", &printed)?.map(Entry::kept).transpose();
        kept.map_err(|why| Trouble::Failed(format!("what it printed for `get` cannot be used: {why}")))
    }

    fn put(&self, profile: &str, kept: &Kept) -> Result<(), Trouble> {
        self.run("store", Some(profile), Some(&Entry::of(kept))).map(drop)
    }

    fn remove(&self, profile: &str) -> Result<bool, Trouble> {
        self.run("erase", Some(profile), None).map(|_| true)
    }

    fn list(&self) -> Result<Option<Vec<String>>, Trouble> {
        let printed = self.run("list", None, None)?;
        Ok(parse::<Listing>("list", &printed)?.map(|listing| listing.profiles))
    }
}
