//! A shell that goes through steps, and what its environment is after each of them.

use super::super::{keyfob::Home, peer};
use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

/// Dozens of processes, on a machine that may have much else to do.
pub(super) const LIMIT: Duration = Duration::from_mins(5);

/// A shell, and how it is started without the person's own settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shell {
    program: &'static str,
    arguments: &'static [&'static str],
    /// What `keyfob init` calls it.
    pub(super) init: &'static str,
}

/// It redirects nothing, and runs nothing by its path.
const RESTRICTED: &str = "--restricted";

pub(super) const SHELLS: [Shell; 12] = [
    Shell { program: "bash", arguments: &["--norc"], init: "bash" },
    Shell { program: "bash", arguments: &["--norc", "--posix"], init: "bash" },
    Shell { program: "bash", arguments: &["--norc", RESTRICTED], init: "bash" },
    Shell { program: "zsh", arguments: &["-f"], init: "zsh" },
    Shell { program: "zsh", arguments: &["-f", RESTRICTED], init: "zsh" },
    Shell { program: "zsh", arguments: &["--emulate", "sh", "-f"], init: "zsh" },
    Shell { program: "dash", arguments: &[], init: "sh" },
    Shell { program: "ksh93", arguments: &[], init: "ksh" },
    Shell { program: "mksh", arguments: &[], init: "sh" },
    Shell { program: "busybox", arguments: &["sh"], init: "sh" },
    Shell { program: "yash", arguments: &[], init: "sh" },
    Shell { program: "fish", arguments: &["--no-config"], init: "fish" },
];

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

impl Shell {
    pub(super) fn is_fish(self) -> bool {
        self.init == "fish"
    }

    pub(super) fn is_restricted(self) -> bool {
        self.arguments.contains(&RESTRICTED)
    }

    /// A word in quotes.
    pub(super) fn quoted(self, word: &str) -> String {
        if self.is_fish() {
            format!("'{}'", word.replace('\\', r"\\").replace('\'', r"\'"))
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    }

    pub(super) fn export(self, name: &str, value: &str) -> String {
        if self.is_fish() { format!("set -gx {name} {value}") } else { format!("export {name}={value}") }
    }

    /// What lets it evaluate what `keyfob init` prints.
    pub(super) fn init(self, options: &str) -> String {
        let keyfob = env!("CARGO_BIN_EXE_keyfob");
        if self.is_fish() {
            format!("'{keyfob}' init fish {options} | source\n")
        } else if self.is_restricted() {
            format!("eval \"$(keyfob init {} {options})\"\n", self.init)
        } else {
            format!("eval \"$('{keyfob}' init {} {options})\"\n", self.init)
        }
    }

    /// Its program and arguments, at a terminal with a script in place of what is typed. `None`: it is not here.
    pub(super) fn at_terminal(self, script: &str) -> Option<(String, Vec<&str>)> {
        let path = peer::program(self.program)?;
        let arguments = self.arguments.iter().copied().chain(["-i", script]).collect();
        Some((path.to_str().expect("a path").to_owned(), arguments))
    }

    /// The command line that runs a script with this shell.
    pub(super) fn running(self, script: &str) -> String {
        format!("{} {} {script}", self.program, self.arguments.join(" "))
    }

    /// What a script says of the step that it has just taken.
    fn report(self) -> &'static str {
        if self.is_fish() {
            "set code $status; printf 'code=%s\\0' $code; /usr/bin/env -0; printf 'end\\0'\n"
        } else {
            "\\printf 'code=%s\\0' \"$code\"; env -0; \\printf 'end\\0'\n"
        }
    }

    fn taken(self, line: &str) -> String {
        let report = self.report();
        if self.is_fish() {
            format!("{line}\n{report}")
        } else {
            format!("if {line}\nthen code=0; else code=$?; fi\n{report}")
        }
    }

    /// Takes all steps in one process, and compares. `before` is what else the shell does first.
    #[track_caller]
    pub(super) fn take(self, home: &Home, before: &str, steps: &[Step]) {
        let Some(path) = peer::program(self.program) else { return };
        let script = steps.iter().fold(before.to_owned(), |script, step| script + &self.taken(&step.line));
        home.write("script", &script);
        let arguments = self.arguments.iter().copied().chain(["./script"]);
        let run =
            home.program(path.to_str().expect("a path"), arguments).any_stdout().any_stderr().timeout(LIMIT).run();
        let mut found = run.stdout.split_terminator("end\0").map(environment);
        for (number, Step { line, code, environment }) in steps.iter().enumerate() {
            let found =
                found.next().unwrap_or_else(|| panic!("{self:?} ended before `{line}`: {}\n{script}", run.stderr));
            let wanted = (code.to_string(), environment.clone());
            assert_eq!(found, wanted, "{self:?}, step {number}: {line}\n{}", run.stderr);
        }
        assert_eq!(found.next(), None, "{self:?} did more than it was told");
        assert!(!home.path().join("canary").exists(), "{self:?} ran something");
    }
}

/// The exit code, and those variables that matter.
fn environment(report: &str) -> (String, String) {
    const CONSTANT: [&str; 3] = ["AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
    let pairs: BTreeMap<&str, &str> = report.split_terminator('\0').filter_map(|pair| pair.split_once('=')).collect();
    let matters = |name: &&str| (name.starts_with("AWS_") || name.contains("KEYFOB")) && !CONSTANT.contains(name);
    let mut text = String::new();
    for name in pairs.keys().filter(|name| matters(name)) {
        let blank = if text.is_empty() { "" } else { " " };
        write!(text, "{blank}{name}={}", pairs[name]).expect("a String takes all");
    }
    (pairs.get("code").copied().unwrap_or_default().to_owned(), text)
}
