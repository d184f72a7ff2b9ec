//! The scripts of `shell/`, as they lie there, but for the name of the function.

use super::Shell;

/// What a shell evaluates at its start: the function, and how a command line is completed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scripts {
    /// Defines `kf`.
    pub(crate) function: &'static str,
    /// Completes `keyfob` and `kf`. `None`: the shell completes nothing.
    pub(crate) completion: Option<&'static str>,
}

impl Scripts {
    /// What the function is called as long as nobody wants it otherwise.
    pub(crate) const FUNCTION: &str = "kf";
}

impl Shell {
    /// Whether a script lets it complete command lines.
    pub(crate) fn completes(self) -> bool {
        self.scripts().is_some_and(|scripts| scripts.completion.is_some())
    }

    /// `None`: cmd keeps no functions.
    pub(crate) fn scripts(self) -> Option<Scripts> {
        let (function, completion) = match self {
            Self::Bash => {
                (include_str!("../../shell/keyfob.bash"), Some(include_str!("../../shell/completions/keyfob.bash")))
            }
            Self::Zsh => {
                (include_str!("../../shell/keyfob.zsh"), Some(include_str!("../../shell/completions/keyfob.zsh")))
            }
            Self::Posix => (include_str!("../../shell/keyfob.sh"), None),
            Self::Fish => {
                (include_str!("../../shell/keyfob.fish"), Some(include_str!("../../shell/completions/keyfob.fish")))
            }
            Self::PowerShell => {
                (include_str!("../../shell/keyfob.ps1"), Some(include_str!("../../shell/completions/keyfob.ps1")))
            }
            Self::Nushell => {
                (include_str!("../../shell/keyfob.nu"), Some(include_str!("../../shell/completions/keyfob.nu")))
            }
            Self::Elvish => {
                (include_str!("../../shell/keyfob.elv"), Some(include_str!("../../shell/completions/keyfob.elv")))
            }
            Self::Xonsh => {
                (include_str!("../../shell/keyfob.xsh"), Some(include_str!("../../shell/completions/keyfob.xsh")))
            }
            Self::Tcsh => {
                (include_str!("../../shell/keyfob.tcsh"), Some(include_str!("../../shell/completions/keyfob.tcsh")))
            }
            Self::Cmd => return None,
        };
        Some(Scripts { function, completion })
    }
}
