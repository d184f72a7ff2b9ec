//! Real shells evaluate what is printed for them, each by the line that the manual gives, and find out by themselves
//! which they are. One process goes through all profiles, and in the end takes everything away twice.

use super::{super::keyfob::Run, NAMES, Profiles, peer, values};
use std::path::PathBuf;

/// A shell, and how it takes in what `KEYFOB` prints.
struct Shell {
    program: Option<PathBuf>,
    arguments: &'static [&'static str],
    /// What stands at the head of the script.
    head: &'static str,
    /// The line that evaluates; `ARGUMENTS` are those of keyfob.
    take: &'static str,
    /// The line that runs a program that lies in the current folder.
    show: &'static str,
}

impl Shell {
    fn posix(name: &str, arguments: &'static [&'static str]) -> Self {
        Self {
            program: peer::program(name),
            arguments,
            head: "set -eu",
            take: r#"eval "$("$KEYFOB" ARGUMENTS)""#,
            show: "./show",
        }
    }

    fn fish() -> Self {
        Self {
            program: peer::program("fish"),
            arguments: &["--no-config"],
            head: "",
            take: r#""$KEYFOB" ARGUMENTS | source; or exit 1"#,
            show: "./show",
        }
    }

    fn csh(name: &str) -> Self {
        Self {
            program: peer::program(name),
            arguments: &["-f"],
            head: "",
            take: r#"eval "`$KEYFOB:q ARGUMENTS`" || exit 1"#,
            show: "./show",
        }
    }

    fn elvish() -> Self {
        Self {
            program: peer::program("elvish"),
            arguments: &["-norc"],
            head: "var keyfob~ = (external $E:KEYFOB)",
            take: "eval (keyfob ARGUMENTS | slurp)",
            show: "./show",
        }
    }

    fn xonsh() -> Self {
        Self {
            program: peer::xonsh(),
            arguments: &["--no-rc"],
            head: "",
            take: "execx($($KEYFOB ARGUMENTS))",
            show: "./show",
        }
    }

    fn nushell() -> Self {
        Self {
            program: peer::nushell(),
            arguments: &["--no-config-file"],
            head: "",
            take: "^$env.KEYFOB ARGUMENTS | from json | load-env",
            show: "^./show",
        }
    }

    /// Runs a script of these commands of keyfob, and shows the environment after each.
    fn run(&self, profiles: &Profiles, commands: impl Iterator<Item = String>) -> Option<Run> {
        use std::os::unix::fs::PermissionsExt;
        let program = self.program.as_ref()?.to_str().expect("shells lie on paths that are UTF-8");
        let show = profiles.home.write("show", "#!/bin/sh\nenv -0\nprintf 'end\\0'\n");
        std::fs::set_permissions(show, std::fs::Permissions::from_mode(0o700)).expect("the script is ours");
        let lines = commands.map(|command| format!("{}\n{}\n", self.take.replace("ARGUMENTS", &command), self.show));
        let script = format!("{}\n{}", self.head, lines.collect::<String>());
        profiles.home.write("script", script);
        let arguments = self.arguments.iter().copied().chain(["script"]);
        let run = profiles.home.program(program, arguments).env("KEYFOB", env!("CARGO_BIN_EXE_keyfob"));
        // Some know characters only by the locale; and what SHELL says is not what runs us.
        let run = run.env("LC_ALL", "C.UTF-8").env("SHELL", "/bin/nologin");
        Some(run.any_stdout().secrets_expected().run())
    }

    /// Evaluates every profile in one shell, compares what it has then, and takes it away.
    fn takes_every_value_and_gives_it_back(&self) {
        self.takes_and_gives_back(values());
    }

    fn takes_and_gives_back(&self, values: Vec<String>) {
        let profiles = Profiles::new(values);
        let names = profiles.names();
        let unset = || "env --unset".to_owned();
        let Some(run) = self.run(&profiles, names.iter().map(|name| format!("env {name}")).chain([unset(), unset()]))
        else {
            return;
        };
        let shell = run_name(self);
        let environments: Vec<&str> = run.stdout.split_terminator("end\0").collect();
        assert_eq!(environments.len(), names.len() + 2, "{shell} did not end");
        let (taken, given_back) = environments.split_at(names.len());
        for (number, environment) in taken.iter().enumerate() {
            let value =
                |name: &str| environment.split('\0').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            profiles.check(number, &shell, &NAMES.map(|name| value(name).map(str::to_owned)));
        }
        for environment in given_back {
            let left: Vec<&str> = environment.split('\0').filter(|pair| pair.starts_with("AWS_")).collect();
            assert_eq!(left, ["AWS_EC2_METADATA_DISABLED=true"], "{shell}");
        }
        assert!(!profiles.home.path().join("canary").exists(), "{shell} ran something");
    }
}

fn run_name(shell: &Shell) -> String {
    format!("{} {}", shell.program.as_deref().unwrap_or("".as_ref()).display(), shell.arguments.join(" "))
}

#[test]
fn bash_takes_every_value() {
    Shell::posix("bash", &["--norc"]).takes_every_value_and_gives_it_back();
    Shell::posix("bash", &["--norc", "-H"]).takes_every_value_and_gives_it_back();
}

#[test]
fn bash_takes_every_value_when_it_is_posix() {
    Shell::posix("bash", &["--posix"]).takes_every_value_and_gives_it_back();
}

#[test]
fn dash_takes_every_value() {
    Shell::posix("dash", &[]).takes_every_value_and_gives_it_back();
}

#[test]
fn zsh_takes_every_value() {
    Shell::posix("zsh", &["-f"]).takes_every_value_and_gives_it_back();
    Shell::posix("zsh", &["-f", "-o", "rc_quotes", "-o", "bang_hist", "-o", "extended_glob"])
        .takes_every_value_and_gives_it_back();
    Shell::posix("zsh", &["-f", "-o", "csh_junkie_quotes", "-o", "sh_word_split", "-o", "glob_subst"])
        .takes_every_value_and_gives_it_back();
}

#[test]
fn zsh_takes_every_value_when_it_is_another_shell() {
    Shell::posix("zsh", &["--emulate", "sh", "-f"]).takes_every_value_and_gives_it_back();
    Shell::posix("zsh", &["--emulate", "ksh", "-f"]).takes_every_value_and_gives_it_back();
}

#[test]
fn ksh93_takes_every_value() {
    Shell::posix("ksh93", &[]).takes_every_value_and_gives_it_back();
}

#[test]
fn mksh_takes_every_value() {
    Shell::posix("mksh", &[]).takes_every_value_and_gives_it_back();
}

#[test]
fn yash_takes_every_value() {
    Shell::posix("yash", &[]).takes_every_value_and_gives_it_back();
    Shell::posix("yash", &["--posixly-correct"]).takes_every_value_and_gives_it_back();
}

#[cfg(target_os = "linux")]
#[test]
fn busybox_takes_every_value() {
    Shell::posix("busybox", &["sh"]).takes_every_value_and_gives_it_back();
}

#[test]
fn fish_takes_every_value() {
    Shell::fish().takes_every_value_and_gives_it_back();
    let eval = r#"eval ("$KEYFOB" ARGUMENTS | string collect); or exit 1"#;
    Shell { take: eval, ..Shell::fish() }.takes_every_value_and_gives_it_back();
}

#[test]
fn tcsh_takes_every_value() {
    Shell::csh("tcsh").takes_every_value_and_gives_it_back();
}

#[test]
fn csh_takes_every_value() {
    // BSD's has no room for more than 4000 bytes in all.
    let values = values().into_iter().filter(|value| value.len() < 1000).collect();
    Shell::csh("bsd-csh").takes_and_gives_back(values);
}

#[test]
fn elvish_takes_every_value() {
    Shell::elvish().takes_every_value_and_gives_it_back();
}

#[test]
fn xonsh_takes_every_value() {
    Shell::xonsh().takes_every_value_and_gives_it_back();
}

#[test]
fn nushell_takes_every_value() {
    Shell::nushell().takes_every_value_and_gives_it_back();
}

/// Lines are then joined by blanks; values of AWS's have none.
#[test]
fn eval_without_quotes_takes_plain_values() {
    const UNQUOTED: &str = r#"eval $("$KEYFOB" ARGUMENTS)"#;
    for shell in [
        Shell { take: UNQUOTED, ..Shell::posix("bash", &["--norc"]) },
        Shell { take: UNQUOTED, ..Shell::posix("dash", &[]) },
        Shell { take: UNQUOTED, ..Shell::posix("zsh", &["-f"]) },
        Shell { take: UNQUOTED, ..Shell::posix("busybox", &["sh"]) },
        Shell { take: "eval `$KEYFOB ARGUMENTS`", ..Shell::csh("tcsh") },
        Shell { take: r#"eval ("$KEYFOB" ARGUMENTS)"#, ..Shell::fish() },
    ] {
        let profiles = Profiles::new(vec!["plain/EXAMPLE+KEY=".to_owned()]);
        let Some(run) = shell.run(&profiles, ["env p0".to_owned()].into_iter()) else { continue };
        for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
            let pair = format!("{name}=plain/EXAMPLE+KEY=");
            assert!(run.stdout.split('\0').any(|found| found == pair), "{}", run_name(&shell));
        }
    }
}

/// They expand `!` in what is typed, some even between quotes.
#[test]
fn interactive_shells_expand_no_history() {
    for (name, arguments, take) in [
        ("bash", ["--norc", "--noprofile", "-i"].as_slice(), r#"eval "$("$KEYFOB" env p0)""#),
        ("zsh", &["-f", "-i"], r#"eval "$("$KEYFOB" env p0)""#),
        ("tcsh", &["-f", "-i"], r#"eval "`$KEYFOB:q env p0`""#),
        ("bsd-csh", &["-f", "-i"], r#"eval "`$KEYFOB:q env p0`""#),
    ] {
        let Some(program) = peer::program(name) else { continue };
        let profiles =
            Profiles::new(vec!["a!! !$ !-1 !echo !?e? b!".to_owned(), "!echo^echo^touch canary^".to_owned()]);
        let typed = format!("echo again\n!!\n{take}\nenv -0 > found\nexit\n");
        let shell = profiles.home.program(program.to_str().expect("a path that is UTF-8"), arguments.iter().copied());
        let shell = shell.env("KEYFOB", env!("CARGO_BIN_EXE_keyfob")).stdin(typed);
        let run = shell.any_code().any_stdout().any_stderr().run();
        assert!(run.stdout.matches("again").count() >= 2, "{name} did not look back: {} {}", run.stdout, run.stderr);
        let found = profiles.home.read("found");
        let value = |name: &str| found.split('\0').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        profiles.check(0, name, &NAMES.map(|name| value(name).map(str::to_owned)));
        assert!(!profiles.home.path().join("canary").exists(), "{name} ran something");
    }
}
