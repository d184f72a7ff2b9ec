//! How a person has a shell take in what keyfob prints, and where the line stands that every shell begins with.

use super::Shell;

impl Shell {
    /// What is typed to evaluate what such a command prints: `keyfob use dev`, `keyfob env dev`.
    pub(crate) fn evaluating(self, command: &str) -> String {
        match self {
            Self::Bash | Self::Zsh | Self::Posix => format!("eval \"$({command})\""),
            Self::Fish => format!("{command} | source"),
            Self::PowerShell => format!("{command} | Out-String | Invoke-Expression"),
            Self::Cmd => format!("for /f \"tokens=1* delims==\" %i in ('{command}') do @set \"%i=%j\""),
            Self::Nushell => format!("{command} | from json | load-env"),
            Self::Elvish => format!("eval ({command} | slurp)"),
            Self::Xonsh => format!("execx($({command}))"),
            Self::Tcsh => format!("eval \"`{command}`\""),
        }
    }

    /// What takes in `keyfob init` with these options, and where it stands. `None`: cmd keeps no functions.
    pub(crate) fn start(self, options: &str) -> Option<Start> {
        let init = format!("keyfob init {}{options}", self.name());
        let within = |place| Some(Start { line: self.evaluating(&init), place: format!("in {place}") });
        match self {
            Self::Bash => within("~/.bashrc"),
            Self::Zsh => within("~/.zshrc"),
            Self::Posix => within("the file that ENV names, such as ~/.kshrc, ~/.mkshrc or ~/.shrc"),
            Self::Fish => within("~/.config/fish/config.fish"),
            Self::PowerShell => within("the file that $PROFILE names"),
            Self::Elvish => within("~/.config/elvish/rc.elv"),
            // The script is plain Python, which `execx` would read two hundred times slower.
            Self::Xonsh => Some(Start { line: format!("exec($({init}))"), place: "in ~/.config/xonsh/rc.xsh".into() }),
            Self::Tcsh => within("~/.tcshrc"),
            // It reads its scripts before it runs any, so that nothing can be evaluated at its start.
            Self::Nushell => Some(Start {
                line: format!(
                    "mkdir $nu.user-autoload-dirs.0; {init} | save -f ($nu.user-autoload-dirs.0 | path join keyfob.nu)"
                ),
                place: "once, and after each new version of keyfob".into(),
            }),
            Self::Cmd => None,
        }
    }
}

/// The line by which a shell learns to change along with keyfob.
pub(crate) struct Start {
    pub(crate) line: String,
    /// Where it stands, or when it is typed.
    pub(crate) place: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_tell_the_line_that_takes_them_in() {
        for shell in Shell::ALL.into_iter().filter(|shell| *shell != Shell::Cmd) {
            let (scripts, start) = (shell.scripts().expect("it has some"), shell.start("").expect("it has one"));
            let is_comment = |line: &&str| line.starts_with("# ") || line.starts_with(": '");
            let comment: Vec<&str> = scripts.function.lines().take_while(is_comment).collect();
            assert!(comment.join("\n").contains(&start.line), "{shell:?}: {}", start.line);
        }
    }
}
