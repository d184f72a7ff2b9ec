//! What `keyfob init` adds to the start of a shell: the scripts, evaluated by the real shells.
//!
//! The budget is held in instructions; the milliseconds that they take depend on the machine, and are shown. elvish, Nushell,
//! xonsh and PowerShell are not among them: they run threads and collectors of their own, so that nothing that is counted
//! repeats, and what they take to start is far more than any script adds.

use super::{
    Outcome,
    fixture::Fixture,
    report::{Report, precise},
    tools,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A shell as it starts without any settings, and how it reads a file.
struct Shell {
    /// Its name, by which `init` knows it, too.
    program: &'static str,
    arguments: &'static [&'static str],
}

const SHELLS: [Shell; 5] = [
    Shell { program: "bash", arguments: &["--norc", "-c", r#". "$1""#, "bash"] },
    Shell { program: "zsh", arguments: &["-f", "-c", r#". "$1""#, "zsh"] },
    Shell { program: "dash", arguments: &["-c", r#". "$1""#, "dash"] },
    Shell { program: "tcsh", arguments: &["-f", "-c", "source $argv[1]"] },
    Shell { program: "fish", arguments: &["--no-config", "-c", "source $argv[1]"] },
];

/// What a person may not notice.
const MILLIS: f64 = 2.0;
/// What a slow processor executes in that time.
const INSTRUCTIONS: f64 = 4e6;

pub(crate) fn measure(fixture: &Fixture, report: &mut Report) -> Outcome {
    for shell in SHELLS {
        let Shell { program, .. } = shell;
        let (count, time) = (format!("init {program}: instructions"), format!("init {program}: time"));
        if !tools::has_shell(program) {
            report.skipped(&count, &format!("there is no {program}"));
            continue;
        }
        let files = shell.files(fixture)?;
        if tools::has("valgrind") {
            let [without, with] = [&files[0], &files[1]].map(|file| tools::instructions(&shell.reading(file, fixture)));
            let more = precise(with?.saturating_sub(without?));
            let budget = format!("<= {:.0} M", INSTRUCTIONS / 1e6);
            report.held(&count, &budget, format!("{:.2} M", more / 1e6), more <= INSTRUCTIONS);
        } else {
            report.skipped(&count, "there is no valgrind");
        }
        let millis = shell.millis(&files, fixture)?;
        report.shown(&time, &format!("<= {MILLIS} ms"), format!("{millis:.2} ms"));
    }
    Ok(())
}

impl Shell {
    /// An empty file, and the scripts.
    fn files(&self, fixture: &Fixture) -> Outcome<[PathBuf; 2]> {
        let script = tools::run(&mut fixture.keyfob(&["init", self.program]))?.stdout;
        let file = |name: &str, text: &[u8]| {
            let path = fixture.path().join(format!("{name}.{}", self.program));
            fs::write(&path, text).map(|()| path).map_err(|error| format!("cannot write a script: {error}"))
        };
        Ok([file("empty", b"")?, file("init", &script)?])
    }

    fn reading(&self, file: &Path, fixture: &Fixture) -> Command {
        let mut command = fixture.program(Path::new(self.program));
        command.args(self.arguments).arg(file);
        command
    }

    /// What the scripts take more than nothing does: the median of runs in turn, so that what disturbs the machine
    /// disturbs both.
    fn millis(&self, files: &[PathBuf; 2], fixture: &Fixture) -> Outcome<f64> {
        const ROUNDS: usize = 41;
        let mut differences = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let [without, with] = [&files[0], &files[1]].map(|file| time(&mut self.reading(file, fixture)));
            differences.push((with?.as_secs_f64() - without?.as_secs_f64()) * 1000.0);
        }
        differences.sort_by(f64::total_cmp);
        Ok(differences[ROUNDS / 2])
    }
}

fn time(command: &mut Command) -> Outcome<Duration> {
    let began = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let elapsed = began.elapsed();
    match status {
        Ok(status) if status.success() => Ok(elapsed),
        other => Err(format!("{command:?} ended with {other:?}")),
    }
}
