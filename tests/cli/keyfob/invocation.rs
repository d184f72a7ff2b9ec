//! One run of a program, and what is expected of it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use base64ct::{Base64, Encoding};

use super::{super::fake::MARKER, Run, Running, Terminal};

/// The commands whose purpose is to hand out secrets on stdout.
const HAND_OUT_SECRETS: [&str; 3] = ["process", "env", "exec"];
/// The commands that must not, whatever a test says.
const NEVER_SECRETS: [&str; 5] = ["configure", "explain", "login", "logout", "whoami"];

/// What a program finds on its stdin.
pub(super) enum Stdin {
    Empty,
    Text(Vec<u8>),
    /// What the test will write there while the program runs.
    Open,
}

/// A run in the making: silent and successful unless told otherwise.
pub(crate) struct Invocation {
    pub(super) program: String,
    pub(super) args: Vec<String>,
    pub(super) vars: BTreeMap<String, String>,
    pub(super) current_dir: PathBuf,
    /// Where the script at the terminal leaves its report, beside the home.
    pub(super) report: PathBuf,
    pub(super) stdin: Stdin,
    pub(super) terminal: Option<Terminal>,
    pub(super) timeout: Duration,
    /// These four `None` if anything will do.
    code: Option<i32>,
    stdout: Option<String>,
    pub(super) stderr: Option<String>,
    pub(super) screen: Option<String>,
    secrets: bool,
}

impl Invocation {
    pub(super) fn new(
        program: &str,
        args: Vec<String>,
        vars: BTreeMap<String, String>,
        report: PathBuf,
        current_dir: &Path,
    ) -> Self {
        let mut invocation = Self {
            program: program.to_owned(),
            args,
            vars,
            current_dir: current_dir.to_owned(),
            report,
            stdin: Stdin::Empty,
            terminal: None,
            timeout: Duration::from_mins(1),
            code: Some(0),
            stdout: Some(String::new()),
            stderr: Some(String::new()),
            screen: Some(String::new()),
            secrets: false,
        };
        invocation.secrets = HAND_OUT_SECRETS.contains(&invocation.command());
        invocation
    }

    /// The subcommand; empty if the program is not keyfob.
    fn command(&self) -> &str {
        let is_keyfob = self.program == env!("CARGO_BIN_EXE_keyfob");
        self.args.iter().find(|arg| is_keyfob && !arg.starts_with('-')).map_or("", String::as_str)
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.vars.remove(name);
        self
    }

    /// The directory to run in, instead of the home.
    pub(crate) fn current_dir(mut self, path: &Path) -> Self {
        path.clone_into(&mut self.current_dir);
        self
    }

    /// What stdin holds; it is empty otherwise.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Stdin::Text(text.into());
        self
    }

    /// Leaves stdin open for [`Running::type_in`].
    pub(crate) fn open_stdin(mut self) -> Self {
        self.stdin = Stdin::Open;
        self
    }

    /// Runs with a controlling terminal; there is none otherwise.
    pub(crate) fn terminal(mut self, terminal: Terminal) -> Self {
        self.terminal = Some(terminal);
        self
    }

    /// Kills the program and fails the test after this time, instead of a minute.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Expects this exit status; a signal counts as 128 and its number.
    pub(crate) fn code(mut self, code: i32) -> Self {
        self.code = Some(code);
        self
    }

    /// Leaves it to the test to look at [`Run::code`].
    pub(crate) fn any_code(mut self) -> Self {
        self.code = None;
        self
    }

    /// Expects exactly this.
    pub(crate) fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = Some(text.into());
        self
    }

    /// Leaves it to the test to look at [`Run::stdout`].
    pub(crate) fn any_stdout(mut self) -> Self {
        self.stdout = None;
        self
    }

    /// Expects exactly this.
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = Some(text.into());
        self
    }

    /// Leaves it to the test to look at [`Run::stderr`].
    pub(crate) fn any_stderr(mut self) -> Self {
        self.stderr = None;
        self
    }

    /// Expects exactly this on the terminal, with `\n` between lines.
    pub(crate) fn screen(mut self, text: impl Into<String>) -> Self {
        self.screen = Some(text.into());
        self
    }

    /// Leaves it to the test to look at [`Run::screen`].
    pub(crate) fn any_screen(mut self) -> Self {
        self.screen = None;
        self
    }

    /// Allows secrets on stdout, for commands that are not known to hand them out.
    #[track_caller]
    pub(crate) fn secrets_expected(mut self) -> Self {
        let command = self.command();
        assert!(!NEVER_SECRETS.contains(&command), "`{command}` never shows secrets");
        self.secrets = true;
        self
    }

    /// Forbids secrets on stdout, for a run of a command that otherwise hands them out.
    pub(crate) fn secrets_forbidden(mut self) -> Self {
        self.secrets = false;
        self
    }

    /// Runs to the end and compares.
    #[track_caller]
    pub(crate) fn run(self) -> Run {
        self.spawn().wait()
    }

    /// Starts the run; [`Running::wait`] compares.
    #[track_caller]
    pub(crate) fn spawn(self) -> Running {
        Running::start(self)
    }

    /// Panics unless the run was as expected.
    #[track_caller]
    pub(super) fn compare(&self, run: &Run) {
        let mut faults = run.faults.clone();
        if let Some(code) = self.code
            && run.code != code
        {
            faults.push(format!("the exit status is {}, not {code}", run.code));
        }
        for (name, found, expected) in [
            ("stdout", &run.stdout, &self.stdout),
            ("stderr", &run.stderr, &self.stderr),
            ("the terminal", &run.screen, &self.screen),
        ] {
            if let Some(expected) = expected
                && found != expected
            {
                faults.push(format!("{name} is not as expected, which was:\n{}", indented(expected)));
            }
            let allowed = name == "stdout" && self.secrets;
            if shows_a_secret(found) && !allowed {
                faults.push(format!("{name} shows a secret"));
            }
        }
        if faults.is_empty() {
            return;
        }
        let mut report = format!("{} {}", self.program, self.args.join(" "));
        for fault in faults {
            write!(report, "\n* {fault}").expect("a String takes all");
        }
        for (name, found) in [("stdout", &run.stdout), ("stderr", &run.stderr), ("terminal", &run.screen)] {
            write!(report, "\n--- {name}\n{}", indented(found)).expect("a String takes all");
        }
        panic!("{report}");
    }
}

/// Looks for the marker as it is, and as it is in the text that a person copies in a remote sign-in: there the code
/// follows 48 other bytes, so that in base64 it has digits of its own.
fn shows_a_secret(text: &str) -> bool {
    text.contains(MARKER) || text.contains(&Base64::encode_string(MARKER.as_bytes()))
}

/// Shows where a text begins and ends, and what control characters it holds.
fn indented(text: &str) -> String {
    if text.is_empty() {
        return "    (nothing)".to_owned();
    }
    let lines: Vec<String> = text.split_inclusive('\n').map(|line| format!("    {line:?}")).collect();
    lines.join("\n")
}
