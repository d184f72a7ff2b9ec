//! Running a program that a profile names, with limits on its time and on what it says.

use crate::command_line::Invocation;
use std::fmt;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// What a command said, each to a limit. What it printed may be secret.
pub(crate) struct Output {
    pub(crate) stdout: Zeroizing<Vec<u8>>,
    pub(crate) stderr: String,
    pub(crate) status: ExitStatus,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Output {
    /// Whether it ended by Ctrl-C, as shells and programs say it.
    pub(crate) fn was_interrupted(&self) -> bool {
        const INTERRUPTED: i32 = 130;
        self.status.code() == Some(INTERRUPTED) || platform::died_of_interrupt(self.status)
    }

    /// Whether it is the shell that speaks, of a program that it did not find.
    pub(crate) fn was_not_found(&self, invocation: &Invocation) -> bool {
        const NOT_FOUND: i32 = 127;
        matches!(invocation, Invocation::Shell(_)) && self.status.code() == Some(NOT_FOUND)
    }

    /// How it ended, and what it said of that: `ended with exit status: 1: no such vault`.
    pub(crate) fn ending(&self) -> String {
        match self.last_words().as_str() {
            "" => format!("ended with {} and said nothing", self.status),
            said => format!("ended with {}: {said}", self.status),
        }
    }

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

/// How much a command may take and say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    /// In bytes.
    pub(crate) stdout: u64,
}

const LARGEST_STDOUT: u64 = 64 * 1024;
const LARGEST_STDERR: u64 = 8 * 1024;

/// Why a command said nothing that counts. In words it shows nothing secret.
#[derive(Debug)]
pub(crate) struct Failure {
    program: String,
    pub(crate) reason: Reason,
}

#[derive(Debug)]
pub(crate) enum Reason {
    CannotRun(std::io::Error),
    TimedOut,
    /// More than so many bytes.
    SaidTooMuch(u64),
    CannotBeWaitedFor(std::io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = &self.program;
        match &self.reason {
            Reason::CannotRun(error) => write!(f, "cannot run \"{program}\": {error}"),
            Reason::TimedOut => write!(f, "\"{program}\" did not end in time"),
            Reason::SaidTooMuch(most) => write!(f, "\"{program}\" printed more than {} KiB", most / 1024),
            Reason::CannotBeWaitedFor(error) => write!(f, "\"{program}\" cannot be waited for: {error}"),
        }
    }
}

/// Runs a command to its end, or to the time limit. Its standard input is the terminal, if there is one.
pub(crate) fn run(
    invocation: &Invocation,
    vars: &[(&str, &str)],
    words: Words,
    limit: Duration,
) -> Result<Output, Failure> {
    run_within(invocation, vars, words, Limits { time: limit, stdout: LARGEST_STDOUT })
}

/// The same for a command that may say more, or less.
pub(crate) fn run_within(
    invocation: &Invocation,
    vars: &[(&str, &str)],
    words: Words,
    limits: Limits,
) -> Result<Output, Failure> {
    run_with(invocation, vars, words, None, limits)
}

/// The same for a command that is told something on its standard input. It need not read it.
pub(crate) fn run_with_input(
    invocation: &Invocation,
    vars: &[(&str, &str)],
    input: Zeroizing<Vec<u8>>,
    limit: Duration,
) -> Result<Output, Failure> {
    run_with(invocation, vars, Words::Kept, Some(input), Limits { time: limit, stdout: LARGEST_STDOUT })
}

/// The same for a command by which a person chooses among what it is told: it has the terminal, and as long as they take.
pub(crate) fn run_for_person(invocation: &Invocation, input: Zeroizing<Vec<u8>>) -> Result<Output, Failure> {
    /// Who ends it is the person, and time has to end somewhere.
    const LONGEST: Duration = Duration::from_hours(24 * 365);
    run_with(invocation, &[], Words::Shown, Some(input), Limits { time: LONGEST, stdout: LARGEST_STDOUT })
}

fn run_with(
    invocation: &Invocation,
    vars: &[(&str, &str)],
    words: Words,
    input: Option<Zeroizing<Vec<u8>>>,
    limits: Limits,
) -> Result<Output, Failure> {
    let failed = |reason| Failure { program: invocation.program().to_owned(), reason };
    let mut command = command(invocation);
    let shown = (words == Words::Shown).then(platform::terminal).flatten();
    let stdin = if input.is_some() { Some(Stdio::piped()) } else { platform::terminal() };
    command.envs(vars.iter().copied()).stdout(Stdio::piped());
    command.stdin(stdin.unwrap_or_else(Stdio::null)).stderr(shown.unwrap_or_else(Stdio::piped));
    platform::own_group(&mut command);
    let mut child = command.spawn().map_err(|error| failed(Reason::CannotRun(error)))?;
    let deadline = Instant::now() + limits.time;
    write_in_background(child.stdin.take(), input);
    // Too much output is an error, so the program may meet a closed pipe; too many words are none.
    let stdout = read_in_background(child.stdout.take(), limits.stdout + 1, drop);
    let stderr = read_in_background(child.stderr.take(), LARGEST_STDERR, |mut pipe| {
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    });
    let ended = collect(&mut child, &stdout, &stderr, limits.stdout, deadline);
    if ended.is_err() {
        platform::kill(&mut child);
        // Not a zombie until we end; how it ended is known.
        let _ = child.wait();
    }
    ended.map_err(failed)
}

fn collect(
    child: &mut Child,
    stdout: &mpsc::Receiver<Zeroizing<Vec<u8>>>,
    stderr: &mpsc::Receiver<Zeroizing<Vec<u8>>>,
    largest: u64,
    deadline: Instant,
) -> Result<Output, Reason> {
    let left = || deadline.saturating_duration_since(Instant::now());
    let stdout = stdout.recv_timeout(left()).map_err(|_| Reason::TimedOut)?;
    if stdout.len() as u64 > largest {
        return Err(Reason::SaidTooMuch(largest));
    }
    // Whoever ends, ends with its output; a picker that closes it early may leave a person thinking for hours.
    let mut pause = Duration::from_millis(1);
    let status = loop {
        match child.try_wait().map_err(Reason::CannotBeWaitedFor)? {
            Some(status) => break status,
            None if left().is_zero() => return Err(Reason::TimedOut),
            None => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(100));
            }
        }
    };
    // Something that the program left running may hold its standard error open; that is no reason to wait.
    let stderr = stderr.recv_timeout(left().min(Duration::from_millis(200))).unwrap_or_default();
    Ok(Output { stdout, stderr: String::from_utf8_lossy(&stderr).into_owned(), status })
}

/// Writes and closes a pipe, at the pace of whoever reads it. A program that does not read ends all the same.
fn write_in_background(pipe: Option<ChildStdin>, input: Option<Zeroizing<Vec<u8>>>) {
    let (Some(mut pipe), Some(input)) = (pipe, input) else { return };
    std::thread::spawn(move || {
        // It fails when the program reads no more, which is its own affair.
        let _ = pipe.write_all(&input);
    });
}

/// Keeps what a pipe brings, up to a limit, and gives it away before it does something with the rest.
fn read_in_background<P: Read + Send + 'static>(
    pipe: Option<P>,
    largest: u64,
    rest: fn(P),
) -> mpsc::Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        let mut kept: Zeroizing<Vec<u8>> = Zeroizing::default();
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
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::{Child, Command, ExitStatus, Stdio};

    pub(super) fn died_of_interrupt(status: ExitStatus) -> bool {
        status.signal() == Some(Signal::INT.as_raw())
    }

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
    use std::process::{Child, Command, ExitStatus, Stdio};

    pub(super) fn died_of_interrupt(_: ExitStatus) -> bool {
        false
    }

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
        assert_eq!(error.to_string(), "\"sleep\" did not end in time");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }

    #[test]
    #[cfg(unix)]
    fn input_that_nobody_reads_holds_nobody_up() {
        const MORE_THAN_A_PIPE_HOLDS: usize = 1 << 20;
        let began = Instant::now();
        let run = |line: &str, limit| {
            let input = Zeroizing::new(vec![b'x'; MORE_THAN_A_PIPE_HOLDS]);
            run_with_input(&Invocation::parse(line), &[], input, limit)
        };
        let output = run("wc -c", Duration::from_mins(1)).expect("it reads all of it");
        assert_eq!(output.stdout.trim_ascii(), MORE_THAN_A_PIPE_HOLDS.to_string().as_bytes());
        assert!(run("true", Duration::from_mins(1)).expect("it reads nothing").status.success());
        let error = run("sleep 50; sleep 50", Duration::from_millis(100)).expect_err("it does not end");
        assert!(matches!(error.reason, Reason::TimedOut), "{error}");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
