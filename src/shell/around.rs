//! Which shell it is that runs us.
//!
//! It is the nearest process above ours that is one. Between may stand what only starts another program, such as
//! `sudo` or `timeout`; anything else has a will of its own, and then `SHELL` is asked. A shell further up must not take
//! other lines than that one, for nobody knows which of the two is to evaluate them.

use super::processes::{self, Process};
use super::{Shell, known, name_of};
use crate::context::Vars;
use crate::error::Error;

/// Programs that start another one and leave its output to whoever started them: those that people put before a command,
/// and that do not always make way for it. Of any other one `SHELL` and the shell further up have to say the same.
const PASS_ON: &str = "chronic doas env flock gtime gtimeout ionice nice nohup setsid stdbuf strace sudo sudo-rs time timeout \
                       unbuffer xargs";

/// Shells that we have no lines for: what `SHELL` says would be wrong there.
const STRANGERS: &str = "es hilbish ion murex nsh rc scsh ysh";

/// Programs that run another one's text, so that it is the text that counts.
const INTERPRETERS: &str = "python pypy perl ruby node tclsh expect dotnet lua";

/// Programs that are many, and are told by their first word which.
const MANY_IN_ONE: &str = "busybox toybox coreutils";

/// What a process above ours is to us.
#[derive(Debug, PartialEq, Eq)]
enum Role {
    Shell(Shell),
    PassesOn,
    /// With its name, if it has one.
    Other(Option<String>),
}

impl Shell {
    /// The shell that runs us, else that of `SHELL`.
    pub(crate) fn around(vars: &Vars) -> Result<Self, Error> {
        let unknown = |cause: String| {
            Error::new("cannot tell which shell this is")
                .cause(cause)
                .hint(format!("name it with --shell; {}", known()))
        };
        if cfg!(windows) {
            return of_signs(vars).map_err(unknown);
        }
        decide(processes::above().map(|process| role(&process)), vars.get("SHELL")).map_err(unknown)
    }
}

/// The shell, by what the processes above ours are, the nearest first, and by `SHELL`; else why it is not known.
fn decide(above: impl Iterator<Item = Role>, of_variable: Option<&str>) -> Result<Shell, String> {
    let mut above = above.filter(|role| *role != Role::PassesOn);
    let name = match above.next() {
        Some(Role::Shell(shell)) => return Ok(shell),
        Some(Role::Other(name)) => name,
        Some(Role::PassesOn) | None => None,
    };
    if let Some(stranger) = name.as_deref().filter(|name| is_one_of(STRANGERS, &name_of(name))) {
        return Err(format!("it is run by {stranger}, which keyfob has no lines for"));
    }
    let by = name.map_or_else(|| "nothing known runs it".to_owned(), |name| format!("\"{name}\" runs it"));
    let further_up = above.find_map(|role| if let Role::Shell(shell) = role { Some(shell) } else { None });
    match (of_variable.and_then(Shell::of_program), further_up) {
        (Some(shell), None) => Ok(shell),
        (Some(shell), Some(further_up)) if shell.grammar() == further_up.grammar() => Ok(further_up),
        (Some(_), Some(further_up)) => {
            let of_variable = of_variable.unwrap_or_default();
            Err(format!("{by} in {}, and SHELL is \"{of_variable}\"", further_up.name()))
        }
        (None, _) => {
            let is = of_variable.map_or_else(|| "is not set".to_owned(), |shell| format!("is \"{shell}\""));
            Err(format!("{by}, and SHELL {is}"))
        }
    }
}

fn is_one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|known| known == name)
}

fn role(process: &Process) -> Role {
    let Process { names, words } = process;
    let text = text(names, words);
    let own: Vec<&String> = names.iter().chain(words.first()).collect();
    let is_many = own.first().is_some_and(|name| is_one_of(MANY_IN_ONE, &name_of(name)));
    let own = if is_many && text.is_some() { Vec::new() } else { own };
    let known = text.iter().chain(own.iter().copied()).find_map(|name| {
        let passes_on = is_one_of(PASS_ON, &name_of(name));
        if passes_on { Some(Role::PassesOn) } else { Shell::of_program(name).map(Role::Shell) }
    });
    known.unwrap_or_else(|| {
        let name = text.as_ref().or(own.first().copied());
        Role::Other(name.map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()))
    })
}

/// What an interpreter runs, or which one a program is that is many. A script in a shell's language is that shell's,
/// whatever it is called.
fn text(names: &[String], words: &[String]) -> Option<String> {
    let program = name_of(names.first().or(words.first())?);
    let (first, mut rest) = (words.first()?, words.iter().skip(1));
    if is_one_of(MANY_IN_ONE, &program) {
        return if is_one_of(MANY_IN_ONE, &name_of(first)) { rest.next() } else { Some(first) }.cloned();
    }
    if !is_one_of(INTERPRETERS, &program) {
        return None;
    }
    loop {
        match rest.next()?.as_str() {
            "-m" => return rest.next().cloned(),
            "-c" | "-e" => return None,
            option if option.starts_with('-') => {}
            // The .NET program that PowerShell is where it was installed as a tool.
            file => return Some(file.strip_suffix(".dll").unwrap_or(file).to_owned()),
        }
    }
}

/// Windows tells nobody's parent without unsafe code; but each shell leaves a sign in the environment of what it runs,
/// and where there is one sign only, it is that shell's.
fn of_signs(vars: &Vars) -> Result<Shell, String> {
    let signs = [
        // Windows itself sets no such variable.
        ("SHELL", vars.get("SHELL").and_then(Shell::of_program)),
        ("PROMPT", vars.get("PROMPT").map(|_| Shell::Cmd)),
        ("PSModulePath", has_own_modules(vars).then_some(Shell::PowerShell)),
        ("NU_VERSION", vars.get("NU_VERSION").map(|_| Shell::Nushell)),
        ("XONSH_VERSION", vars.get("XONSH_VERSION").map(|_| Shell::Xonsh)),
    ];
    let signs: Vec<_> = signs.into_iter().filter_map(|(name, shell)| Some((name, shell?))).collect();
    match signs.as_slice() {
        [] => Err("no shell's variables are set".to_owned()),
        [(_, first), rest @ ..] if rest.iter().all(|(_, shell)| shell == first) => Ok(*first),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            Err(format!("several shells have left variables: {}", names.join(", ")))
        }
    }
}

/// Windows itself names the modules of all users; PowerShell adds a person's own, which lie elsewhere.
fn has_own_modules(vars: &Vars) -> bool {
    let of_all = ["ProgramFiles", "ProgramW6432", "SystemRoot", "windir"].map(|name| vars.get(name));
    let of_all: Vec<String> = of_all.into_iter().flatten().map(str::to_ascii_lowercase).collect();
    vars.get("PSModulePath").unwrap_or_default().split(';').any(|folder| {
        let folder = folder.trim_end_matches('\\').to_ascii_lowercase();
        folder.ends_with(r"powershell\modules") && !of_all.iter().any(|root| folder.starts_with(root.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(names: &[&str], words: &str) -> Process {
        let words = words.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Process { names: names.iter().map(|name| (*name).to_owned()).collect(), words }
    }

    #[test]
    fn a_process_is_a_shell_or_passes_on_or_neither() {
        let other = |name: &str| Role::Other(Some(name.to_owned()));
        for (names, words, expected) in [
            (["/usr/bin/bash", "bash"].as_slice(), "-bash", Role::Shell(Shell::Bash)),
            (&["/usr/bin/bash", "deploy"], "/bin/bash ./deploy", Role::Shell(Shell::Bash)),
            (&["/usr/bin/dash", "sh"], "sh -c timeout", Role::Shell(Shell::Posix)),
            (&["/usr/bin/dash", "fish"], "/bin/sh ./fish", Role::Shell(Shell::Posix)),
            (&["/usr/bin/dash", "timeout"], "/bin/sh ./timeout", Role::Shell(Shell::Posix)),
            (&["/usr/bin/busybox", "ash"], "ash", Role::Shell(Shell::Posix)),
            (&["/usr/bin/busybox", "busybox"], "busybox sh -c x", Role::Shell(Shell::Posix)),
            (&["/usr/bin/busybox", "busybox"], "busybox timeout 5 keyfob env", Role::PassesOn),
            (&["/usr/bin/busybox", "httpd"], "httpd -f", other("httpd")),
            (&["/usr/bin/busybox", "timeout"], "timeout 5 keyfob env", Role::PassesOn),
            (&["/usr/bin/python3.11", "xonsh"], "/usr/bin/python3 -u /usr/bin/xonsh", Role::Shell(Shell::Xonsh)),
            (&["/usr/bin/python3.11", "python3"], "python3 -m xonsh", Role::Shell(Shell::Xonsh)),
            (&["/usr/bin/python3.11", "python3"], "python3 deploy.py", other("deploy.py")),
            (&["/usr/bin/python3.11", "python3"], "python3 -c import", other("python3.11")),
            (&["/usr/share/dotnet/dotnet", "pwsh"], "dotnet pwsh.dll", Role::Shell(Shell::PowerShell)),
            (&["/usr/bin/tclsh8.6", "tclsh8.6"], "tclsh8.6 /usr/bin/unbuffer keyfob env", Role::PassesOn),
            (&["/usr/bin/perl", "chronic"], "/usr/bin/perl /usr/bin/chronic keyfob", Role::PassesOn),
            (&["sudo"], "sudo keyfob env", Role::PassesOn),
            (&["-zsh"], "-zsh", Role::Shell(Shell::Zsh)),
            (&["/usr/bin/make", "make"], "make", other("make")),
            (&["/usr/bin/rc", "rc"], "rc", other("rc")),
            (&[], "", Role::Other(None)),
        ] {
            assert_eq!(role(&process(names, words)), expected, "{names:?} {words}");
        }
    }

    #[test]
    fn beyond_a_program_two_witnesses_must_not_contradict_each_other() {
        let other = |name: &str| Role::Other(Some(name.to_owned()));
        let shell = Role::Shell;
        for (above, of_variable, expected) in [
            (vec![shell(Shell::Fish), shell(Shell::Bash)], Some("/bin/zsh"), Ok(Shell::Fish)),
            (vec![Role::PassesOn, shell(Shell::Tcsh)], Some("/bin/bash"), Ok(Shell::Tcsh)),
            (vec![other("poetry")], Some("/usr/bin/fish"), Ok(Shell::Fish)),
            (vec![other("poetry"), other("tmux"), shell(Shell::Fish)], Some("/usr/bin/fish"), Ok(Shell::Fish)),
            // They take the same lines, and the script in front is the nearer one.
            (vec![other("poetry"), shell(Shell::Bash)], Some("/bin/zsh"), Ok(Shell::Bash)),
            (
                vec![other("poetry"), Role::PassesOn, shell(Shell::Fish), shell(Shell::Zsh)],
                Some("/bin/zsh"),
                Err("\"poetry\" runs it in fish, and SHELL is \"/bin/zsh\""),
            ),
            (vec![other("poetry"), shell(Shell::Fish)], None, Err("\"poetry\" runs it, and SHELL is not set")),
            (vec![other("init")], Some("/bin/false"), Err("\"init\" runs it, and SHELL is \"/bin/false\"")),
            (vec![], Some("/bin/bash"), Ok(Shell::Bash)),
            (vec![], None, Err("nothing known runs it, and SHELL is not set")),
            (
                vec![other("rc"), shell(Shell::Bash)],
                Some("/bin/bash"),
                Err("it is run by rc, which keyfob has no lines for"),
            ),
        ] {
            let context = format!("{above:?} {of_variable:?}");
            assert_eq!(decide(above.into_iter(), of_variable), expected.map_err(str::to_owned), "{context}");
        }
    }

    #[test]
    fn on_windows_one_sign_decides_and_several_do_not() {
        const OF_ALL: &str =
            r"C:\Program Files\WindowsPowerShell\Modules;C:\Windows\system32\WindowsPowerShell\v1.0\Modules";
        const OWN: &str = r"C:\Users\j\Documents\PowerShell\Modules;C:\Program Files\WindowsPowerShell\Modules";
        for (vars, expected) in [
            (["PROMPT=$P$G", ""], Ok(Shell::Cmd)),
            (["", OWN], Ok(Shell::PowerShell)),
            ([r"SHELL=C:\Program Files\Git\usr\bin\bash.exe", ""], Ok(Shell::Bash)),
            ([r"SHELL=pwsh", OWN], Ok(Shell::PowerShell)),
            (["NU_VERSION=0.115.1", ""], Ok(Shell::Nushell)),
            (["XONSH_VERSION=0.25.0", ""], Ok(Shell::Xonsh)),
            (["", ""], Err("no shell's variables are set".to_owned())),
            (["PROMPT=$P$G", OWN], Err("several shells have left variables: PROMPT, PSModulePath".to_owned())),
        ] {
            let (name, value) = vars[0].split_once('=').unwrap_or(("NONE", ""));
            let modules = if vars[1].is_empty() { OF_ALL } else { vars[1] };
            let all = [
                (name, value),
                ("PSModulePath", modules),
                ("ProgramFiles", r"C:\Program Files"),
                ("SystemRoot", r"C:\WINDOWS"),
            ];
            assert_eq!(of_signs(&Vars::from(all)), expected, "{vars:?}");
        }
    }
}
