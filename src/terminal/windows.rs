//! The console of a Windows process.

use super::pick::{self, Pick};
use super::{NoAnswer, Question, Typing, turn};
use crate::secret::Secret;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::Command;

pub(super) fn can_ask() -> bool {
    OpenOptions::new().read(true).write(true).open("CONIN$").is_ok()
}

/// What is started here takes no signal from the console.
pub(super) fn set_apart(_: &mut Command) {}

pub(super) fn is_terminal(stream: &impl IsTerminal) -> bool {
    stream.is_terminal()
}

/// The console offers no reading with a limit; Ctrl-C ends the wait.
pub(super) fn ask(question: &Question<'_>) -> Result<Secret, NoAnswer> {
    let Question { text, typing, limit, lock } = *question;
    if !can_ask() {
        return Err(NoAnswer::NoTerminal);
    }
    let _turn = turn(lock, limit)?;
    let answer = match typing {
        Typing::Hidden | Typing::Pasted => rpassword::prompt_password(text).map(Secret::new),
        Typing::Shown => shown(text),
    };
    answer.map_err(|error| match error.kind() {
        std::io::ErrorKind::Interrupted => NoAnswer::Interrupted,
        _ => NoAnswer::Failed(error),
    })
}

/// Not every console moves its cursor when it is told to.
pub(super) fn pick(pick: &Pick<'_>) -> Result<usize, NoAnswer> {
    pick::pick_by_number(pick)
}

fn shown(question: &str) -> std::io::Result<Secret> {
    let mut screen = OpenOptions::new().write(true).open("CONOUT$")?;
    screen.write_all(question.as_bytes())?;
    let mut line = String::new();
    BufReader::new(OpenOptions::new().read(true).open("CONIN$")?).read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

/// Ctrl-C ends a Windows process at once, and there is nothing to put back.
#[derive(Debug)]
pub(super) struct Watch(());

impl Watch {
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(super) fn begin() -> std::io::Result<Self> {
        Ok(Self(()))
    }

    #[expect(clippy::unused_self, reason = "on Unix it has been watching")]
    pub(super) fn was_interrupted(&self) -> bool {
        false
    }

    #[expect(clippy::unused_self, reason = "on Unix it stops watching")]
    pub(super) fn rest(&self) {}

    #[expect(clippy::unused_self, reason = "on Unix it watches again")]
    pub(super) fn resume(&self) {}
}
