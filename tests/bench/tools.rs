//! The programs that measure others.

use super::Outcome;
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Whether a program can be run.
pub(crate) fn has(program: &str) -> bool {
    let status = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The same for a shell, of which not each knows that option.
pub(crate) fn has_shell(shell: &str) -> bool {
    let status = Command::new(shell).args(["-c", ":"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The same command as the argument of another.
fn under<A: AsRef<OsStr>>(tool: impl IntoIterator<Item = A>, command: &Command) -> Command {
    let mut words = tool.into_iter();
    let program = words.next().expect("a tool has a name");
    let mut wrapped = Command::new(program.as_ref());
    wrapped.args(words.map(|word| word.as_ref().to_owned())).arg(command.get_program()).args(command.get_args());
    wrapped.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapped.stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

/// Runs a command that must succeed.
pub(crate) fn run(command: &mut Command) -> Outcome<Output> {
    let output =
        command.output().map_err(|error| format!("cannot run {}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(output);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} ended with {}:\n{stderr}", output.status))
}

/// The instructions that a command executes in user space, those of the loader included. Addresses are not
/// randomised, since they decide how often some loops run. A copy that a shell makes of itself counts, too.
pub(crate) fn instructions(command: &Command) -> Outcome<u64> {
    let valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let fixed = ["setarch", "--addr-no-randomize"];
    // Containers may forbid it; the counts then vary by a fraction of a percent.
    let can_fix = Command::new(fixed[0]).args([fixed[1], "true"]).status().is_ok_and(|status| status.success());
    let tool = fixed.into_iter().filter(|_| can_fix).chain(valgrind);
    let output = run(&mut under(tool, command))?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let counts = stderr.lines().filter_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
    counts.reduce(|sum, count| sum + count).ok_or_else(|| format!("callgrind printed no count:\n{stderr}"))
}

/// The most memory that a short command had resident at one time, in bytes: the least of some runs, since the kernel
/// maps more or fewer pages of a program's file at a time. `prepare` goes before each run.
pub(crate) fn peak_memory(command: &Command, prepare: impl Fn() -> Outcome) -> Outcome<u64> {
    const RUNS: usize = 40;
    let mut least = u64::MAX;
    for _ in 0..RUNS {
        prepare()?;
        least = least.min(peak_memory_once(command)?);
    }
    Ok(least)
}

/// The same of a single run.
///
/// Measured by a small program: the kernel counts what the parent had when it made the child.
pub(crate) fn peak_memory_once(command: &Command) -> Outcome<u64> {
    let output = run(&mut under(["time", "-f", "%M"], command))?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let kibibytes: Option<u64> = stderr.lines().last().and_then(|line| line.trim().parse().ok());
    Ok(kibibytes.ok_or_else(|| format!("time printed no figure:\n{stderr}"))? * 1024)
}

/// The names of the system calls that a command makes, in order.
pub(crate) fn system_calls(command: &Command, log: &Path) -> Outcome<Vec<String>> {
    let log = log.as_os_str();
    run(&mut under([OsStr::new("strace"), "-f".as_ref(), "-qq".as_ref(), "-o".as_ref(), log], command))?;
    let text = fs::read_to_string(log).map_err(|error| format!("cannot read what strace wrote: {error}"))?;
    // `1234  openat(AT_FDCWD, …`
    let name = |line: &str| Some(line.split_once('(')?.0.split_whitespace().last()?.to_owned());
    Ok(text.lines().filter(|line| !line.contains("<... ")).filter_map(name).collect())
}

/// Builds a Rust program that prints one word, with the flags of our release profile.
pub(crate) fn build_hello(folder: &Path) -> Outcome<PathBuf> {
    let source = folder.join("hello.rs");
    let program = folder.join("hello");
    fs::write(&source, "fn main() { println!(\"hello\"); }\n")
        .map_err(|error| format!("cannot write hello.rs: {error}"))?;
    let flags = ["opt-level=s", "lto=fat", "codegen-units=1", "panic=abort", "strip=symbols"];
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "-o"]).arg(&program).arg(&source);
    rustc.args(flags.iter().flat_map(|flag| ["-C", flag]));
    run(&mut rustc)?;
    Ok(program)
}
