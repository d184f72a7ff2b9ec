//! Shells: how each spells "set this variable" and "unset that one", and how each quotes.
//!
//! The quoting holds for every byte that a shell can carry. Control characters are refused all the same: no
//! value of AWS's has any, and no shell's line survives all of them.

use crate::context::Vars;
use crate::error::Error;
use crate::secret::Secret;
use std::borrow::Cow;
use std::fmt::Write as _;

/// What happens to one variable.
#[derive(Debug)]
pub(crate) enum Change {
    Set(&'static str, Secret),
    Unset(&'static str),
    /// Whatever it is, it stays.
    Keep,
}

impl Change {
    pub(crate) fn set(name: &'static str, value: &str) -> Self {
        Self::Set(name, Secret::new(value))
    }

    pub(crate) fn unset(name: &'static str) -> Self {
        Self::Unset(name)
    }

    /// Set to a value, or unset where there is none: a stale one would poison the rest.
    pub(crate) fn to(name: &'static str, value: Option<&str>) -> Self {
        value.map_or(Self::Unset(name), |value| Self::set(name, value))
    }

    pub(crate) fn keep_or_set(name: &'static str, value: Option<&str>) -> Self {
        value.map_or(Self::Keep, |value| Self::set(name, value))
    }
}

/// A family of shells with one grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "PowerShell is called that")]
pub(crate) enum Shell {
    /// sh and its descendants.
    Posix,
    Fish,
    PowerShell,
    /// Windows' command prompt.
    Cmd,
}

const KNOWN: &str = "bash, zsh, sh, ksh, dash, fish, powershell, cmd";

impl Shell {
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        Self::of_program(name)
            .ok_or_else(|| Error::usage(format!("unknown shell \"{name}\"")).hint(format!("there are {KNOWN}")))
    }

    /// The shell that runs us, else that of `SHELL`.
    pub(crate) fn around(vars: &Vars) -> Result<Self, Error> {
        let parent = platform::parent_names().iter().find_map(|name| Self::of_program(name));
        let around = parent.or_else(|| Self::of_vars(vars));
        around.ok_or_else(|| {
            Error::new("cannot tell which shell this is").hint(format!("name it with --shell; there are {KNOWN}"))
        })
    }

    fn of_vars(vars: &Vars) -> Option<Self> {
        match vars.get("SHELL") {
            Some(shell) => Self::of_program(shell),
            // On Windows the command prompt gives its children a PROMPT, PowerShell does not.
            None if cfg!(windows) => Some(if vars.get("PROMPT").is_some() { Self::Cmd } else { Self::PowerShell }),
            None => Some(Self::Posix),
        }
    }

    fn of_program(program: &str) -> Option<Self> {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
        // Login shells are started under a name with a hyphen before it.
        match name.trim_start_matches('-').trim_end_matches(".exe") {
            "sh" | "bash" | "zsh" | "dash" | "ash" | "ksh" | "ksh93" | "mksh" | "yash" | "busybox" | "posix" => {
                Some(Self::Posix)
            }
            "fish" => Some(Self::Fish),
            "powershell" | "pwsh" => Some(Self::PowerShell),
            "cmd" => Some(Self::Cmd),
            _ => None,
        }
    }

    /// The lines for a shell to evaluate.
    pub(crate) fn print(self, changes: &[Change]) -> Result<String, Error> {
        let mut lines = String::new();
        for change in changes {
            match change {
                Change::Set(name, value) => lines.push_str(&self.set(name, value.expose())?),
                Change::Unset(name) => lines.push_str(&self.unset(name)),
                Change::Keep => continue,
            }
            lines.push('\n');
        }
        if self == Self::Fish {
            // Erasing a variable that is not there counts as a failure, and would be the last word.
            lines.push_str("true;\n");
        }
        Ok(lines)
    }

    fn set(self, name: &str, value: &str) -> Result<String, Error> {
        let refused =
            |what: &str| Error::new(format!("cannot hand {name} to a shell")).cause(format!("its value holds {what}"));
        if value.chars().any(char::is_control) {
            return Err(refused("a control character"));
        }
        Ok(match self {
            Self::Posix => format!("export {name}='{}';", value.replace('\'', r"'\''")),
            Self::Fish => format!("set -gx {name} '{}';", value.replace('\\', r"\\").replace('\'', r"\'")),
            Self::PowerShell => format!("$Env:{name} = {}", power_shell_literal(value)),
            Self::Cmd if value.contains(['"', '%']) => return Err(refused("a character that cmd cannot quote")),
            Self::Cmd => format!("set \"{name}={value}\""),
        })
    }

    fn unset(self, name: &str) -> String {
        match self {
            Self::Posix => format!("unset {name};"),
            Self::Fish => format!("set -e {name};"),
            Self::PowerShell => format!("Remove-Item -LiteralPath Env:{name} -ErrorAction SilentlyContinue"),
            Self::Cmd => format!("set \"{name}=\""),
        }
    }
}

/// A word for a command that a person is to type.
pub(crate) fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/.%@:+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', r"'\''")).into()
}

/// Pure ASCII, so that neither a code page nor the curly quotes that PowerShell takes for quotes can matter.
fn power_shell_literal(value: &str) -> String {
    let mut literal = String::from("'");
    for unit in value.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'\'') => literal.push_str("''"),
            Ok(ascii @ 0x20..=0x7e) => literal.push(char::from(ascii)),
            _ => write!(literal, "' + [char]0x{unit:04X} + '").expect("a String takes all"),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(target_os = "linux")]
mod platform {
    /// What the program that started us is called: inside `$(…)` that is the shell itself. A script's `comm` is
    /// the name of the script, hence the executable comes first.
    pub(super) fn parent_names() -> Vec<String> {
        let process = format!("/proc/{}", std::os::unix::process::parent_id());
        let executable = std::fs::read_link(format!("{process}/exe")).ok();
        let executable = executable.map(|path| path.to_string_lossy().into_owned());
        let comm = std::fs::read_to_string(format!("{process}/comm")).ok();
        executable.into_iter().chain(comm.map(|name| name.trim().to_owned())).collect()
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod platform {
    use std::process::Command;

    /// What the program that started us is called: inside `$(…)` that is the shell itself.
    pub(super) fn parent_names() -> Vec<String> {
        let parent = std::os::unix::process::parent_id().to_string();
        let output = Command::new("/bin/ps").args(["-o", "comm=", "-p", &parent]).output();
        let name = output.ok().and_then(|output| String::from_utf8(output.stdout).ok());
        name.into_iter().map(|name| name.trim().to_owned()).collect()
    }
}

#[cfg(not(unix))]
mod platform {
    pub(super) fn parent_names() -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_quotes_its_own_way() {
        const VALUE: &str = r#"a'b"c\d$e`f%g"#;
        for (shell, line) in [
            (Shell::Posix, r#"export N='a'\''b"c\d$e`f%g';"#),
            (Shell::Fish, r#"set -gx N 'a\'b"c\\d$e`f%g';"#),
            (Shell::PowerShell, r#"$Env:N = 'a''b"c\d$e`f%g'"#),
        ] {
            assert_eq!(shell.set("N", VALUE).as_deref(), Ok(line));
        }
        assert_eq!(Shell::Cmd.set("N", "a b").as_deref(), Ok("set \"N=a b\""));
    }

    #[test]
    fn power_shell_gets_pure_ascii() {
        let line = Shell::PowerShell.set("N", "’é😀").expect("a value");
        assert_eq!(line, "$Env:N = '' + [char]0x2019 + '' + [char]0x00E9 + '' + [char]0xD83D + '' + [char]0xDE00 + ''");
    }

    #[test]
    fn what_a_shell_cannot_carry_is_refused_without_showing_it() {
        for (shell, value) in [
            (Shell::Posix, "hidden\n"),
            (Shell::Fish, "hidden\0"),
            (Shell::PowerShell, "hidden\u{1b}"),
            (Shell::Cmd, "hidden%"),
            (Shell::Cmd, "hidden\""),
        ] {
            let error = shell.set("N", value).expect_err("it must be refused");
            assert!(!error.to_string().contains("hidden"), "{error}");
        }
    }

    #[test]
    fn shells_are_known_by_their_programs() {
        for (program, shell) in [
            ("bash", Some(Shell::Posix)),
            ("-zsh", Some(Shell::Posix)),
            ("/usr/bin/fish", Some(Shell::Fish)),
            (r"C:\Program Files\PowerShell\7\pwsh.exe", Some(Shell::PowerShell)),
            ("CMD.EXE", Some(Shell::Cmd)),
            ("terraform", None),
        ] {
            assert_eq!(Shell::of_program(program), shell, "{program}");
        }
    }

    #[test]
    fn an_unknown_shell_variable_is_not_guessed_around() {
        assert_eq!(Shell::of_vars(&Vars::from([("SHELL", "/bin/nologin")])), None);
        assert_eq!(Shell::of_vars(&Vars::from([("SHELL", "/bin/zsh")])), Some(Shell::Posix));
    }
}
