//! Colours and names as the prompt of each shell can take them.
//!
//! A shell counts the characters of its prompt to know where a line begins, and has to be told which of them take no
//! room. Some shells also read the text of a prompt once more before they show it, so that a name could run a command:
//! `PROMPT="$(keyfob prompt …)"` with zsh's `PROMPT_SUBST`, or the same with PS1 in bash. What could mean anything then is
//! shown as `_`, in whichever way the prompt is put together.

use crate::context::Vars;
use crate::error::is_unprintable;
use crate::shell::Shell;

/// How to paint for one prompt.
pub(super) struct Paint {
    shell: Option<Shell>,
    has_colours: bool,
}

impl Paint {
    /// Standard output is no terminal inside of `$(…)`, so only the variables are asked whether there are colours.
    pub(super) fn new(shell: Option<Shell>, vars: &Vars) -> Self {
        let wants_none = vars.os("NO_COLOR").is_some() || vars.get("TERM") == Some("dumb");
        // These have no sign for what takes no room.
        let takes_none = matches!(shell, Some(Shell::Posix | Shell::Cmd));
        Self { shell, has_colours: !wants_none && !takes_none }
    }

    /// An escape sequence of ECMA-48's SGR, which takes no room.
    pub(super) fn colour(&self, sgr: &str) -> String {
        let escape = format!("\x1b[{sgr}m");
        match self.shell {
            _ if !self.has_colours => String::new(),
            // Of the two ways to say it, this one also holds for what comes out of a substitution.
            Some(Shell::Bash) => format!("\x01{escape}\x02"),
            Some(Shell::Zsh | Shell::Tcsh) => format!("%{{{escape}%}}"),
            _ => escape,
        }
    }

    /// A value that came from a file or a variable.
    pub(super) fn text(&self, value: &str) -> String {
        let mut shown = String::with_capacity(value.len());
        for character in value.chars() {
            if is_unprintable(character) || self.is_read_again(character) {
                shown.push('_');
            } else {
                shown.push(character);
                if self.is_doubled(character) {
                    shown.push(character);
                }
            }
        }
        shown
    }

    /// Whether a character begins a code of the shell's, and stands for itself where there are two.
    fn is_doubled(&self, character: char) -> bool {
        match self.shell {
            Some(Shell::Zsh | Shell::Tcsh) => character == '%',
            Some(Shell::Cmd) => character == '$',
            _ => false,
        }
    }

    /// Whether the shell may take a character of its prompt for more than itself.
    fn is_read_again(&self, character: char) -> bool {
        match self.shell {
            Some(Shell::Bash | Shell::Zsh | Shell::Posix) => matches!(character, '$' | '`' | '\\' | '!'),
            Some(Shell::Tcsh) => matches!(character, '$' | '`' | '\\' | '!' | '^'),
            Some(Shell::Xonsh) => matches!(character, '{' | '}'),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paint(shell: Option<Shell>, vars: &[(&'static str, &str)]) -> Paint {
        let vars = vars.iter().fold(Vars::default(), |vars, (name, value)| vars.with(name, value));
        Paint::new(shell, &vars)
    }

    #[test]
    fn each_shell_is_told_what_takes_no_room() {
        for (shell, red) in [
            (None, "\x1b[31m"),
            (Some(Shell::Bash), "\x01\x1b[31m\x02"),
            (Some(Shell::Zsh), "%{\x1b[31m%}"),
            (Some(Shell::Tcsh), "%{\x1b[31m%}"),
            (Some(Shell::Fish), "\x1b[31m"),
            (Some(Shell::Posix), ""),
            (Some(Shell::Cmd), ""),
        ] {
            assert_eq!(paint(shell, &[]).colour("31"), red, "{shell:?}");
        }
    }

    #[test]
    fn a_person_may_want_no_colours() {
        for (vars, is_painted) in [
            (&[("NO_COLOR", "1")][..], false),
            (&[("NO_COLOR", "")], true),
            (&[("TERM", "dumb")], false),
            (&[("TERM", "xterm")], true),
        ] {
            assert_eq!(!paint(Some(Shell::Bash), vars).colour("31").is_empty(), is_painted, "{vars:?}");
        }
    }

    #[test]
    fn names_mean_nothing_but_themselves() {
        const NAME: &str = "a%b$(c)`d`\\e!f^{g}\u{1b}\u{202e}é";
        for (shell, shown) in [
            (None, "a%b$(c)`d`\\e!f^{g}__é"),
            (Some(Shell::Bash), "a%b_(c)_d__e_f^{g}__é"),
            (Some(Shell::Zsh), "a%%b_(c)_d__e_f^{g}__é"),
            (Some(Shell::Tcsh), "a%%b_(c)_d__e_f_{g}__é"),
            (Some(Shell::Xonsh), "a%b$(c)`d`\\e!f^_g___é"),
            (Some(Shell::Fish), "a%b$(c)`d`\\e!f^{g}__é"),
            (Some(Shell::Posix), "a%b_(c)_d__e_f^{g}__é"),
            (Some(Shell::Cmd), "a%b$$(c)`d`\\e!f^{g}__é"),
            (Some(Shell::PowerShell), "a%b$(c)`d`\\e!f^{g}__é"),
            (Some(Shell::Nushell), "a%b$(c)`d`\\e!f^{g}__é"),
            (Some(Shell::Elvish), "a%b$(c)`d`\\e!f^{g}__é"),
        ] {
            assert_eq!(paint(shell, &[]).text(NAME), shown, "{shell:?}");
        }
    }
}
