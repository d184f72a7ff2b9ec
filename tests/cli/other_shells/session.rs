//! A shell that goes through steps, and what its environment is after each of them.

use super::{Home, Terminal, has_terminal, peer};
use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shell {
    Nushell,
    Elvish,
    Xonsh,
    Tcsh,
}

pub(super) const SHELLS: [Shell; 4] = [Shell::Nushell, Shell::Elvish, Shell::Xonsh, Shell::Tcsh];

/// Something that is typed, and what comes of it.
pub(super) struct Step {
    pub(super) line: String,
    pub(super) code: u8,
    /// Variables and their values, sorted.
    pub(super) environment: String,
}

pub(super) fn step(line: impl Into<String>, code: u8, environment: impl Into<String>) -> Step {
    Step { line: line.into(), code, environment: environment.into() }
}

/// Says how a step ended, and what the environment is.
const REPORT: &str = "#!/bin/sh\nprintf 'code=%s\\0' \"$1\"\n/usr/bin/env -0\nprintf 'end\\0'\n";

/// What programs are on the path: keyfob as it was built, and those of the test.
pub(super) fn with_path(home: Home) -> Home {
    let keyfob = env!("CARGO_BIN_EXE_keyfob");
    let folder = keyfob.rsplit_once('/').expect("a full path").0;
    let path = format!("{folder}:{}:/usr/bin:/bin", home.path().join("bin").display());
    write_program(&home, "report", REPORT);
    home.env("PATH", &path).env("LC_ALL", "C.UTF-8").env("TERM", "xterm")
}

pub(super) fn write_program(home: &Home, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.write(&format!("bin/{name}"), text);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).expect("the file is ours");
}

impl Shell {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nushell => "nushell",
            Self::Elvish => "elvish",
            Self::Xonsh => "xonsh",
            Self::Tcsh => "tcsh",
        }
    }

    pub(super) fn program(self) -> Option<PathBuf> {
        match self {
            Self::Nushell => peer::nushell(),
            Self::Elvish => peer::program("elvish").filter(|_| has_terminal()),
            Self::Xonsh => peer::xonsh(),
            Self::Tcsh => peer::program("tcsh"),
        }
    }

    /// A word in quotes.
    pub(super) fn quoted(self, word: &str) -> String {
        match self {
            Self::Nushell => format!("\"{}\"", word.replace('\\', r"\\").replace('"', "\\\"")),
            Self::Elvish => format!("'{}'", word.replace('\'', "''")),
            // Its own quotes leave variables in them what they are.
            Self::Xonsh => format!("@({})", serde_json::Value::from(word)),
            Self::Tcsh => format!("'{}'", word.replace('\'', r"'\''").replace('!', r"\!")),
        }
    }

    pub(super) fn export(self, name: &str, value: &str) -> String {
        match self {
            Self::Nushell => format!("$env.{name} = {}", self.quoted(value)),
            Self::Elvish => format!("set-env {name} {}", self.quoted(value)),
            Self::Xonsh => format!("${name} = {}", serde_json::Value::from(value)),
            Self::Tcsh => format!("setenv {name} {}", self.quoted(value)),
        }
    }

    pub(super) fn to_file(self, line: &str, file: &str) -> String {
        if self == Self::Nushell { format!("{line} o> {file}") } else { format!("{line} > {file}") }
    }

    /// What lets it evaluate what `keyfob init` prints; each as it stands in a person's own file.
    pub(super) fn init(self, options: &str) -> String {
        let command = format!("keyfob init {} {options}", self.name());
        match self {
            // The script is read before it runs, so that there is a file first.
            Self::Nushell => "source init.nu\n".to_owned(),
            Self::Elvish => format!("eval ({command} | slurp)\n"),
            Self::Xonsh => format!("exec($({command}))\n"),
            Self::Tcsh => format!("eval \"`{command}`\"\n"),
        }
    }

    fn taken(self, line: &str) -> String {
        match self {
            Self::Nushell => {
                let code = "$env.STEP = ($error.exit_code? | default 1)";
                format!("$env.STEP = 0\ntry {{ {line} }} catch {{|error| {code} }}\nreport $env.STEP\n")
            }
            Self::Elvish => {
                format!(
                    "set code = 0\ntry {{ {line} }} catch e {{ set code = $e[reason][exit-status] }}\nreport $code\n"
                )
            }
            Self::Xonsh => {
                let (before, last) = line.rsplit_once("; ").unwrap_or(("pass", line));
                format!("{before}\ntaken = ![{last}]\nreport @(taken.returncode)\n")
            }
            Self::Tcsh => format!("{line}\nreport $status\n"),
        }
    }

    /// Runs a script in one process. `before`: what stands in the person's own file.
    #[track_caller]
    pub(super) fn run(self, home: &Home, before: &str, script: &str, options: &str) -> Option<(String, String)> {
        let program = self.program()?;
        let program = program.to_str().expect("a path");
        if self == Self::Nushell {
            let words = ["init", "nushell"].into_iter().chain(options.split_whitespace());
            let init = home.keyfob(words).any_stdout().run().stdout;
            home.write("init.nu", init);
        }
        if self == Self::Elvish {
            // What is defined at the prompt is what matters, so a person has to type.
            home.write("rc.elv", format!("set edit:prompt = {{ put READY }}\nset edit:rprompt = {{ }}\n{before}"));
            home.write("script", format!("var code = 0\n{script}"));
            let typed = "eval (slurp < script) > out 2> err; exit\r";
            let terminal = Terminal::new().with_stdin().with_stdout().with_stderr().answer("READY", typed);
            home.program(program, ["-rc", "rc.elv"]).terminal(terminal).any_screen().run();
            return Some((home.read("out"), home.read("err")));
        }
        let flag = match self {
            Self::Nushell => "-n",
            Self::Xonsh => "--no-rc",
            _ => "-f",
        };
        home.write("script", format!("{before}{script}"));
        let run = home.program(program, [flag, "script"]).any_code().any_stdout().any_stderr().run();
        Some((run.stdout, run.stderr))
    }

    /// Runs a script whose streams are the terminal. `before`: what stands in the person's own file. `false`: there is no
    /// such shell.
    #[track_caller]
    pub(super) fn run_at_terminal(self, home: &Home, before: &str, script: &str) -> bool {
        let Some(program) = self.program() else { return false };
        let mut terminal = Terminal::new().with_stdin().with_stdout().with_stderr();
        let words: &[&str] = match self {
            Self::Nushell => {
                let init = home.keyfob(["init", "nushell"]).any_stdout().run().stdout;
                home.write("init.nu", init);
                &["-n", "script"]
            }
            Self::Elvish => {
                let rc = format!("set edit:prompt = {{ put READY }}\nset edit:rprompt = {{ }}\n{before}");
                home.write("rc.elv", rc);
                terminal = terminal.answer("READY", "eval (slurp < script); exit\r");
                &["-rc", "rc.elv"]
            }
            // As where a person types.
            Self::Xonsh => &["--no-rc", "-DXONSH_INTERACTIVE=1", "-DTHREAD_SUBPROCS=1", "script"],
            Self::Tcsh => &["-f", "script"],
        };
        let before = if self == Self::Elvish { "" } else { before };
        home.write("script", format!("{before}{script}"));
        // xonsh does not leave the terminal as it was.
        let around = ["-c", "saved=$(stty -g); \"$@\"; stty \"$saved\"", "sh", program.to_str().expect("a path")];
        home.program("/bin/sh", around.iter().chain(words).copied()).terminal(terminal).any_screen().run();
        true
    }

    /// Takes all steps in one process, and compares.
    #[track_caller]
    pub(super) fn take(self, home: &Home, before: &str, steps: &[Step], options: &str) {
        let script = steps.iter().fold(String::new(), |script, step| script + &self.taken(&step.line));
        let Some((stdout, stderr)) = self.run(home, before, &script, options) else { return };
        let mut found = stdout.split_terminator("end\0").map(environment);
        for (number, Step { line, code, environment }) in steps.iter().enumerate() {
            let found = found.next().unwrap_or_else(|| panic!("{self:?} ended before `{line}`: {stderr}\n{script}"));
            let wanted = (code.to_string(), environment.clone());
            assert_eq!(found, wanted, "{self:?}, step {number}: {line}\n{stderr}");
        }
        assert_eq!(found.next(), None, "{self:?} did more than it was told");
        assert!(!home.path().join("canary").exists(), "{self:?} ran something");
    }
}

/// The exit code, and those variables that matter.
fn environment(report: &str) -> (String, String) {
    const CONSTANT: [&str; 3] = ["AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
    // What a shell prints by itself would stand before the report.
    assert!(report.starts_with("code="), "something else was printed: {report}");
    let pairs: BTreeMap<&str, &str> = report.split_terminator('\0').filter_map(|pair| pair.split_once('=')).collect();
    let matters = |name: &&str| (name.starts_with("AWS_") || name.contains("KEYFOB")) && !CONSTANT.contains(name);
    let mut text = String::new();
    for name in pairs.keys().filter(|name| matters(name)) {
        let blank = if text.is_empty() { "" } else { " " };
        write!(text, "{blank}{name}={}", pairs[name]).expect("a String takes all");
    }
    (pairs.get("code").copied().unwrap_or_default().to_owned(), text)
}
