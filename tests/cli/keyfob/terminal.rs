//! A pseudo-terminal with a person at it who answers prompts.
//!
//! Making a terminal the controlling one takes system calls between fork and exec, which in Rust
//! would be unsafe code; Python's standard library has them all.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
    process::Command,
    sync::OnceLock,
};

use serde_json::{Value, json};

use super::{super::peer, Invocation};

const SCRIPT: &str = include_str!("terminal.py");

/// A controlling terminal. stdin, stdout and stderr remain what they are without it.
#[derive(Clone, Default)]
pub(crate) struct Terminal {
    answers: Vec<(String, String)>,
    streams: Vec<u8>,
}

/// What the script tells about a run.
pub(super) struct Report {
    pub(super) code: i32,
    pub(super) screen: String,
    pub(super) faults: Vec<String>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Types `text` when the terminal shows `prompt` after the last answer; Enter is `\n`,
    /// Ctrl-C `\x03`, Ctrl-D `\x04`. A prompt that never shows fails the test.
    pub(crate) fn answer(mut self, prompt: &str, text: &str) -> Self {
        self.answers.push((prompt.to_owned(), text.to_owned()));
        self
    }

    pub(crate) fn with_stdin(self) -> Self {
        self.with(0)
    }

    pub(crate) fn with_stdout(self) -> Self {
        self.with(1)
    }

    pub(crate) fn with_stderr(self) -> Self {
        self.with(2)
    }

    fn with(mut self, stream: u8) -> Self {
        self.streams.push(stream);
        self
    }

    pub(super) fn command(&self, invocation: &Invocation) -> Command {
        let python = python().expect("a test asks `has_terminal` before it uses a terminal");
        let argv: Vec<&String> = std::iter::once(&invocation.program).chain(&invocation.args).collect();
        let order = json!({
            "argv": argv,
            "env": invocation.vars,
            "streams": self.streams,
            "answers": self.answers,
            "seconds": invocation.timeout.as_secs_f64(),
            "report": invocation.report,
            "screen": screen_file(invocation),
            "orders": orders_file(invocation),
        });
        fs::write(orders_file(invocation), "").expect("the directory of the home is ours");
        let mut command = Command::new(python);
        command.args(["-I", "-c", SCRIPT]).arg(order.to_string()).env_clear();
        command
    }

    /// Reads what the script left.
    pub(super) fn report(&self, invocation: &Invocation) -> Report {
        let report = fs::read_to_string(&invocation.report).unwrap_or_default();
        let report: Value = serde_json::from_str(&report).unwrap_or_default();
        let mut faults = Vec::new();
        let code = report["code"].as_i64().and_then(|code| i32::try_from(code).ok()).unwrap_or_else(|| {
            faults.push("the script for the terminal failed".to_owned());
            -1
        });
        if report["timed_out"] == true {
            faults.push(format!("did not end within {:?}", invocation.timeout));
        }
        if report["modes_kept"] == false {
            faults.push("the terminal was not put back as it was".to_owned());
        }
        let unanswered = report["unanswered"].as_array().map_or(0, Vec::len);
        for (prompt, _) in &self.answers[self.answers.len() - unanswered..] {
            faults.push(format!("the terminal never showed {prompt:?}"));
        }
        Report { code, screen: screen(invocation), faults }
    }
}

/// What the terminal has shown so far, with `\n` between lines.
pub(super) fn screen(invocation: &Invocation) -> String {
    let bytes = fs::read(screen_file(invocation)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

/// Tells the script what to do next.
pub(super) fn order(invocation: &Invocation, order: &Value) {
    let file = OpenOptions::new().append(true).open(orders_file(invocation));
    let written = file.and_then(|mut file| writeln!(file, "{order}"));
    written.expect("the file was made with the terminal");
}

fn screen_file(invocation: &Invocation) -> PathBuf {
    invocation.report.with_extension("screen")
}

fn orders_file(invocation: &Invocation) -> PathBuf {
    invocation.report.with_extension("orders")
}

/// Whether tests can have a terminal here; says so aloud if not.
pub(crate) fn has_terminal() -> bool {
    let found = python().is_some();
    if !found {
        peer::missing("there is no python3 with its pty module");
    }
    found
}

/// The interpreter itself, as the one on the path may be a script that needs its environment.
fn python() -> Option<&'static str> {
    static PYTHON: OnceLock<Option<String>> = OnceLock::new();
    let find = || {
        let output = Command::new("python3").args(["-c", "import pty, sys; print(sys.executable)"]).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| path.trim().to_owned())
    };
    PYTHON.get_or_init(find).as_deref()
}
