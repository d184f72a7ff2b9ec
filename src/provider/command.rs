//! Running a program that a profile names, with limits on its time and on what it says.

use crate::command_line::Invocation;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What a command said, each to a limit.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) status: ExitStatus,
}

impl Output {
    /// The end of what it said on standard error, where programs say why they fail: short enough to be part
    /// of an error.
    pub(crate) fn last_words(&self) -> String {
        const LONGEST: usize = 600;
        let said: Vec<&str> = self.stderr.split_whitespace().collect();
        let said = said.join(" ");
        let start = said.char_indices().rev().nth(LONGEST - 1).map_or(0, |(index, _)| index);
        said[start..].to_owned()
    }
}

/// The process that an invocation is.
fn command(invocation: &Invocation) -> Command {
    match invocation {
        Invocation::Direct(words) => {
            let mut command = Command::new(&words[0]);
            command.args(&words[1..]);
            command
        }
        Invocation::Shell(line) => shell(line),
    }
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd.exe");
    // cmd has rules of its own for quotes: with /s it takes away the outer pair and nothing else.
    command.raw_arg(format!("/d /s /c \"{line}\""));
    command
}

/// Where a command's words for people go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// Into our error, should the command fail.
    Kept,
    /// To the person at the terminal, who may be told to touch a key.
    Shown,
}

const LARGEST_STDOUT: u64 = 64 * 1024;
const LARGEST_STDERR: u64 = 8 * 1024;

/// Runs a command to its end, or to the time limit. The error says why in words, and shows nothing secret.
pub(crate) fn run(
    invocation: &Invocation,
    vars: &[(&str, &str)],
    words: Words,
    limit: Duration,
) -> Result<Output, String> {
    let mut command = command(invocation);
    let shown = (words == Words::Shown).then(platform::terminal).flatten();
    command.envs(vars.iter().copied()).stdout(Stdio::piped());
    command.stdin(platform::terminal().unwrap_or_else(Stdio::null)).stderr(shown.unwrap_or_else(Stdio::piped));
    platform::own_group(&mut command);
    let mut child = command.spawn().map_err(|error| format!("cannot run \"{}\": {error}", invocation.program()))?;
    let deadline = Instant::now() + limit;
    // Too much output is an error, so the program may meet a closed pipe; too many words are none.
    let stdout = read_in_background(child.stdout.take(), LARGEST_STDOUT + 1, drop);
    let stderr = read_in_background(child.stderr.take(), LARGEST_STDERR, |mut pipe| {
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    });
    let ended = collect(&mut child, &stdout, &stderr, deadline);
    if ended.is_err() {
        platform::kill(&mut child);
        // Not a zombie until we end; how it ended is known.
        let _ = child.wait();
    }
    ended.map_err(|why| format!("\"{}\" {why}", invocation.program()))
}

fn collect(
    child: &mut Child,
    stdout: &mpsc::Receiver<Vec<u8>>,
    stderr: &mpsc::Receiver<Vec<u8>>,
    deadline: Instant,
) -> Result<Output, String> {
    let too_late = || "did not end in time".to_owned();
    let left = || deadline.saturating_duration_since(Instant::now());
    let stdout = stdout.recv_timeout(left()).map_err(|_| too_late())?;
    if stdout.len() as u64 > LARGEST_STDOUT {
        return Err("printed more than 64 KiB".to_owned());
    }
    let status = loop {
        match child.try_wait().map_err(|error| format!("cannot be waited for: {error}"))? {
            Some(status) => break status,
            None if left().is_zero() => return Err(too_late()),
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    // Something that the program left running may hold its standard error open; that is no reason to wait.
    let stderr = stderr.recv_timeout(left().min(Duration::from_millis(200))).unwrap_or_default();
    Ok(Output { stdout, stderr: String::from_utf8_lossy(&stderr).into_owned(), status })
}

/// Keeps what a pipe brings, up to a limit, and gives it away before it does something with the rest.
fn read_in_background<P: Read + Send + 'static>(pipe: Option<P>, largest: u64, rest: fn(P)) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        let mut kept = Vec::new();
        // A pipe that breaks ends like one that closes, and nobody listens any more when the time is up.
        let _ = pipe.by_ref().take(largest).read_to_end(&mut kept);
        let _ = sender.send(kept);
        rest(pipe);
    });
    receiver
}

#[cfg(unix)]
mod platform {
    use rustix::process::{Pid, Signal, kill_process_group};
    use std::fs::OpenOptions;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};

    /// The terminal, where the program may ask something; never what our caller gave us.
    pub(super) fn terminal() -> Option<Stdio> {
        OpenOptions::new().read(true).write(true).open("/dev/tty").ok().map(Stdio::from)
    }

    /// A group can be killed as a whole. With a terminal the program stays in ours: only the foreground group
    /// may read there.
    pub(super) fn own_group(command: &mut Command) {
        if terminal().is_none() {
            command.process_group(0);
        }
    }

    pub(super) fn kill(child: &mut Child) {
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        // Without a group of its own there is only the program itself to kill.
        if group.is_none_or(|group| kill_process_group(group, Signal::KILL).is_err()) {
            let _ = child.kill();
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use std::process::{Child, Command, Stdio};

    pub(super) fn terminal() -> Option<Stdio> {
        None
    }

    pub(super) fn own_group(_: &mut Command) {}

    pub(super) fn kill(child: &mut Child) {
        let _ = child.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_program_that_does_not_end_is_killed() {
        let began = Instant::now();
        let invocation = Invocation::parse("sleep 50; sleep 50");
        let error = run(&invocation, &[], Words::Kept, Duration::from_millis(100)).expect_err("it does not end");
        assert_eq!(error, "\"sleep\" did not end in time");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
