//! Shells: which one it is that asks, what each is called, and what each is given.

mod around;
mod change;
mod idiom;
#[cfg_attr(not(unix), allow(dead_code, reason = "elsewhere nobody tells what is above"))]
mod processes;
mod quote;
mod scripts;

pub(crate) use change::Change;
pub(crate) use quote::{json, word};
pub(crate) use scripts::Scripts;

use crate::context::Vars;
use crate::error::Error;
use quote::Grammar;

/// A shell, or a family of them with one grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "PowerShell is called that")]
pub(crate) enum Shell {
    Bash,
    Zsh,
    /// sh and its other descendants.
    Posix,
    Fish,
    PowerShell,
    /// Windows' command prompt.
    Cmd,
    Nushell,
    Elvish,
    Xonsh,
    Tcsh,
}

/// What programs are called, a shell's own name first.
const PROGRAMS: [(Shell, &str); 10] = [
    (Shell::Bash, "bash rbash brush"),
    (Shell::Zsh, "zsh rzsh"),
    (Shell::Posix, "sh dash ksh ash mksh lksh oksh loksh pdksh rksh yash posh hush osh busybox toybox posix"),
    (Shell::Fish, "fish"),
    (Shell::PowerShell, "powershell pwsh"),
    (Shell::Cmd, "cmd"),
    (Shell::Nushell, "nushell nu"),
    (Shell::Elvish, "elvish"),
    (Shell::Xonsh, "xonsh"),
    (Shell::Tcsh, "tcsh csh bsd-csh"),
];

/// The names that a person is told, and that completion offers.
pub(crate) const NAMES: &str = "bash, zsh, sh, dash, ksh, fish, powershell, cmd, nushell, elvish, xonsh, tcsh";

impl Shell {
    pub(crate) const ALL: [Self; PROGRAMS.len()] = {
        let mut all = [Self::Bash; PROGRAMS.len()];
        let mut at = 0;
        while at < PROGRAMS.len() {
            all[at] = PROGRAMS[at].0;
            at += 1;
        }
        all
    };

    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        Self::of_program(name).ok_or_else(|| Error::usage(format!("unknown shell \"{name}\"")).hint(known()))
    }

    /// The one that is named, else the one that runs us.
    pub(crate) fn named_or_around(name: Option<&str>, vars: &Vars) -> Result<Self, Error> {
        name.map_or_else(|| Self::around(vars), Self::named)
    }

    /// Its own name.
    pub(crate) fn name(self) -> &'static str {
        PROGRAMS
            .iter()
            .find(|(shell, _)| *shell == self)
            .and_then(|(_, programs)| programs.split(' ').next())
            .unwrap_or("")
    }

    fn of_program(program: &str) -> Option<Self> {
        let name = name_of(program);
        PROGRAMS
            .iter()
            .find(|(_, programs)| programs.split(' ').any(|program| program == name))
            .map(|(shell, _)| *shell)
    }

    /// How its lines are written. `None`: it evaluates none, and takes JSON.
    fn grammar(self) -> Option<Grammar> {
        Some(match self {
            Self::Bash | Self::Zsh | Self::Posix => Grammar::Posix,
            Self::Fish => Grammar::Fish,
            Self::PowerShell => Grammar::PowerShell,
            Self::Cmd => Grammar::Cmd,
            Self::Elvish => Grammar::Elvish,
            Self::Xonsh => Grammar::Xonsh,
            Self::Tcsh => Grammar::Tcsh,
            Self::Nushell => return None,
        })
    }

    /// The lines for a shell to evaluate. An error where a value holds what its line cannot carry.
    pub(crate) fn print(self, changes: &[Change]) -> Result<String, Error> {
        quote::print(self, changes)
    }
}

/// A program's name without what differs from one system to another: its folder, a version, what Windows, a login and
/// an upgrade under way add to it.
fn name_of(program: &str) -> String {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
    // Linux says so of a program whose file was replaced since it started.
    let name = name.trim_end_matches(" (deleted)").trim_end_matches(".exe");
    // Login shells are started under a name with a hyphen before it.
    let name = name.trim_start_matches('-');
    let name = name.strip_prefix('.').and_then(|name| name.strip_suffix("-wrapped")).unwrap_or(name);
    let name = ["-static", "-preview", "-lts", "-daily"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let plain = name.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.').trim_end_matches('-');
    // The versions of one shell of that name: ksh93u+m.
    let plain = plain.strip_suffix("93u+m").unwrap_or(plain);
    if plain.is_empty() { name } else { plain }.to_owned()
}

fn known() -> String {
    format!("there are {NAMES}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shells_are_known_by_their_programs() {
        for (program, shell) in [
            ("bash", Some(Shell::Bash)),
            ("-zsh", Some(Shell::Zsh)),
            ("/usr/bin/fish", Some(Shell::Fish)),
            (r"C:\Program Files\PowerShell\7\pwsh.exe", Some(Shell::PowerShell)),
            ("CMD.EXE", Some(Shell::Cmd)),
            ("nu", Some(Shell::Nushell)),
            ("/usr/bin/zsh-5.9", Some(Shell::Zsh)),
            ("ksh93", Some(Shell::Posix)),
            ("/usr/bin/bash (deleted)", Some(Shell::Bash)),
            ("/nix/store/x/bin/.zsh-wrapped", Some(Shell::Zsh)),
            ("pwsh-preview", Some(Shell::PowerShell)),
            ("bsd-csh", Some(Shell::Tcsh)),
            ("bash-completion", None),
            ("fish_indent", None),
            ("shfmt", None),
            ("terraform", None),
            ("", None),
            ("7", None),
        ] {
            assert_eq!(Shell::of_program(program), shell, "{program}");
        }
    }

    #[test]
    fn every_name_that_is_told_is_known() {
        for name in NAMES.split(", ") {
            assert!(Shell::named(name).is_ok(), "{name}");
        }
    }
}
