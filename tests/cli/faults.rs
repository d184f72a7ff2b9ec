//! Runs of keyfob in which a system call fails, or is the last: by strace's fault injection.

#![cfg(target_os = "linux")]

use super::{
    keyfob::{Home, Invocation, Run},
    peer,
};
use std::{
    process::{Command, Stdio},
    sync::OnceLock,
};

/// Sets of system calls, as strace has them; not every machine has each.
pub(crate) const RENAME: &str = "?rename,?renameat,?renameat2";
pub(crate) const SYNC: &str = "fsync";
pub(crate) const WRITE: &str = "write";

/// What becomes of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The process is killed before the call does anything.
    Killed,
    Error(&'static str),
}

/// A run of keyfob that meets the fault at its `number`-th call of the set.
pub(crate) fn keyfob(home: &Home, arguments: &[&str], fault: Fault, calls: &str, number: usize) -> Invocation {
    traced(home, arguments, fault, calls, number, "/dev/null")
}

/// Such a run with a line on its standard input, however it ends, and whether there was such a call.
#[track_caller]
pub(crate) fn try_keyfob(
    home: &Home,
    arguments: &[&str],
    line: &str,
    fault: Fault,
    (calls, number): (&str, usize),
) -> (Run, bool) {
    let report = home.path().join("strace");
    let report = report.to_str().expect("temporary paths are UTF-8");
    let run = traced(home, arguments, fault, calls, number, report).stdin(format!("{line}\n"));
    let run = run.any_code().any_stdout().any_stderr().run();
    (run, home.read(report).contains("(INJECTED)"))
}

fn traced(home: &Home, arguments: &[&str], fault: Fault, calls: &str, number: usize, report: &str) -> Invocation {
    let fault = match fault {
        Fault::Killed => "signal=SIGKILL".to_owned(),
        Fault::Error(name) => format!("error={name}"),
    };
    let (trace, inject) = (format!("trace={calls}"), format!("inject={calls}:{fault}:when={number}"));
    let options = ["-f", "-qq", "-o", report, "-e", &trace, "-e", &inject];
    home.program(&strace(), [&options[..], &[env!("CARGO_BIN_EXE_keyfob")], arguments].concat())
}

/// Whether faults can be injected here; says so aloud if not.
pub(crate) fn can_be_injected() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    let Some(program) = peer::program("strace") else { return false };
    let can = *CAN.get_or_init(|| {
        let mut trial = Command::new(program);
        trial.args(["-f", "-qq", "-o", "/dev/null", "-e", "inject=kill:error=EPERM", "/bin/true"]);
        trial.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    });
    if !can {
        peer::missing("strace may trace no process");
    }
    can
}

fn strace() -> String {
    let program = peer::program("strace").expect("a test asks `can_be_injected` before it injects");
    program.to_str().expect("programs have names in UTF-8").to_owned()
}
