//! Running a command line that stands in a profile.
//!
//! AWS's tools disagree about such lines: botocore splits them and uses no shell, all others hand them to one.
//! Where both would run the same thing, it is run directly; a line that means something to a shell goes to
//! the shell.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How a line is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invocation {
    /// A program and its arguments.
    Direct(Vec<String>),
    /// For `sh -c`, or `cmd.exe /c`.
    Shell(String),
}

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
    pub(crate) fn last_words(&self) -> &str {
        const LONGEST: usize = 600;
        let said = self.stderr.trim();
        let start = said.char_indices().rev().nth(LONGEST - 1).map_or(0, |(index, _)| index);
        &said[start..]
    }
}

impl Invocation {
    pub(crate) fn parse(line: &str) -> Self {
        let words = if cfg!(windows) { split_windows(line) } else { split_posix(line) };
        words.map_or_else(|| Self::Shell(line.to_owned()), Self::Direct)
    }

    /// The program's name, which may be told; what else the line says may be secret.
    pub(crate) fn program(&self) -> &str {
        match self {
            Self::Direct(words) => &words[0],
            // `NAME=value program` would tell the value.
            Self::Shell(line) => line.split_whitespace().next().filter(|word| !word.contains('=')).unwrap_or("sh"),
        }
    }

    fn command(&self) -> Command {
        match self {
            Self::Direct(words) => {
                let mut command = Command::new(&words[0]);
                command.args(&words[1..]);
                command
            }
            Self::Shell(line) => shell(line),
        }
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

/// Splits as Python's `shlex` does. `None` when a shell would see more in the line than words.
fn split_posix(line: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        quoted => word.push(quoted),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '$' | '`' => return None,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            '$' | '`' | '\n' => return None,
                            other => word.extend(['\\', other]),
                        },
                        quoted => word.push(quoted),
                    }
                }
            }
            '\\' => match characters.next()? {
                '\n' => return None,
                escaped => word.get_or_insert_default().push(escaped),
            },
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '$' | '`' | '*' | '?' | '[' | '{' | '#' | '~' | '\n' | '\r' => {
                return None;
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    // `NAME=value program` sets a variable for a shell, and names a program for everybody else.
    let is_program = |word: &String| !word.is_empty() && !word.contains('=');
    words.first().is_some_and(is_program).then_some(words)
}

/// Splits by the rules of the Windows C runtime. `None` when cmd.exe would see more in the line than words.
fn split_windows(line: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut in_quotes = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' if !in_quotes => words.extend(word.take()),
            '|' | '&' | '<' | '>' | '^' | '%' if !in_quotes => return None,
            '"' => {
                in_quotes = !in_quotes;
                word.get_or_insert_default();
            }
            '\\' => {
                let mut run = 1;
                while characters.next_if_eq(&'\\').is_some() {
                    run += 1;
                }
                let before_quote = characters.peek() == Some(&'"');
                let word = word.get_or_insert_default();
                word.extend(std::iter::repeat_n('\\', if before_quote { run / 2 } else { run }));
                if before_quote && run % 2 == 1 {
                    characters.next();
                    word.push('"');
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    let is_batch_file = |word: &str| {
        let extension = Path::new(word).extension();
        extension
            .is_some_and(|extension| extension.eq_ignore_ascii_case("cmd") || extension.eq_ignore_ascii_case("bat"))
    };
    let is_program = |word: &String| !word.is_empty() && !is_batch_file(word);
    (!in_quotes && words.first().is_some_and(is_program)).then_some(words)
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
    let mut command = invocation.command();
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

    #[expect(clippy::unnecessary_wraps, reason = "tables of what splitting returns read better so")]
    fn words<const N: usize>(words: [&str; N]) -> Option<Vec<String>> {
        Some(words.map(str::to_owned).into())
    }

    #[test]
    fn plain_lines_are_split_as_shlex_does() {
        for (line, expected) in [
            (
                r#""/opt/my tools/keyfob" process --profile "dev admin""#,
                words(["/opt/my tools/keyfob", "process", "--profile", "dev admin"]),
            ),
            ("keyfob process --profile 'dev admin'", words(["keyfob", "process", "--profile", "dev admin"])),
            (r"C:\x\y z", words(["C:xy", "z"])),
            (r#"a "b\"c" "d\e""#, words(["a", "b\"c", r"d\e"])),
            ("a '' \"\" b", words(["a", "", "", "b"])),
            (" a\tb ", words(["a", "b"])),
            (r"a\ b", words(["a b"])),
        ] {
            assert_eq!(split_posix(line), expected, "{line}");
        }
    }

    #[test]
    fn lines_that_mean_something_to_a_shell_go_to_the_shell() {
        for line in [
            "a | b",
            "a && b",
            "a; b",
            "a > b",
            "$HOME/a",
            "a \"$X\"",
            "a `b`",
            "a \"`b`\"",
            "~/a",
            "a *",
            "a # b",
            "a\nb",
            "X=1 a",
            "a 'b",
            "a \"b",
            "a \\",
            "",
            "''",
        ] {
            assert_eq!(split_posix(line), None, "{line:?}");
        }
    }

    #[test]
    fn windows_lines_are_split_by_the_c_runtimes_rules() {
        for (line, expected) in [
            (
                r#""/opt/my tools/keyfob" process --profile "dev admin""#,
                words(["/opt/my tools/keyfob", "process", "--profile", "dev admin"]),
            ),
            ("keyfob process --profile 'dev admin'", words(["keyfob", "process", "--profile", "'dev", "admin'"])),
            (r"C:\x\y z", words([r"C:\x\y", "z"])),
            (r#"a "b\"c" "d\e""#, words(["a", "b\"c", r"d\e"])),
            ("keyfob p # c", words(["keyfob", "p", "#", "c"])),
            (r#"a\\"b c""#, words([r"a\b c"])),
            (r#"a """#, words(["a", ""])),
            (r#"a "b"#, None),
            ("a & b", None),
            ("a %X%", None),
            ("a.cmd b", None),
        ] {
            assert_eq!(split_windows(line), expected, "{line}");
        }
    }
}
