//! How each shell spells "set this variable" and "unset that one", and how each quotes.
//!
//! | shell | what stands for what in a value | evaluated by |
//! |---|---|---|
//! | bash, zsh, sh | `'` is `'\''` | `eval "$(keyfob env)"` |
//! | fish | `\` is `\\`, `'` is `\'` | `keyfob env \| source` |
//! | tcsh, csh | `'` is `'\''`, `!` is `\!`, which no quotes protect | ``eval "`keyfob env`"`` |
//! | elvish | `'` is `''` | `eval (keyfob env \| slurp)` |
//! | xonsh | ASCII, as Python writes a string | `execx($(keyfob env))` |
//! | PowerShell | ASCII: `'` is `''`, all else `' + [char]0x2019 + '` | `keyfob env \| Out-String \| Invoke-Expression` |
//! | Nushell | JSON, for it evaluates no text | `keyfob env \| from json \| load-env` |
//! | cmd | nothing: bare `NAME=value` | `for /f "tokens=1* delims==" %i in ('keyfob env') do @set "%i=%j"` |
//!
//! The quoting holds for every character that a shell can carry. Control characters are refused all the same: no
//! value of AWS's has any, and no shell's line survives all of them. Where statements end in `;`, an `eval` that
//! forgets its quotes joins the lines and does no worse than to split words.

use super::{Change, Shell};
use crate::error::Error;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt::Write as _;

/// How a family of shells writes its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    Posix,
    Fish,
    PowerShell,
    Cmd,
    Elvish,
    Xonsh,
    Tcsh,
}

pub(super) fn print(shell: Shell, changes: &[Change]) -> Result<String, Error> {
    let Some(grammar) = shell.grammar() else { return json(changes) };
    let mut lines = String::new();
    for change in changes {
        match change {
            Change::Set(name, value) => lines.push_str(&set(grammar, name, value.expose())?),
            Change::Unset(name) => lines.push_str(&unset(grammar, name)),
            Change::Keep => continue,
        }
        lines.push('\n');
    }
    if grammar == Grammar::Fish {
        // Erasing a variable that is not there counts as a failure, and would be the last word.
        lines.push_str("true;\n");
    }
    Ok(lines)
}

/// One object with a value for each variable: null where it is to be unset, which is what Nushell's `load-env` makes
/// of it.
pub(crate) fn json(changes: &[Change]) -> Result<String, Error> {
    let mut record = Map::new();
    for change in changes {
        match change {
            Change::Set(name, value) => {
                refuse_control_characters(name, value.expose())?;
                record.insert((*name).to_owned(), value.expose().into());
            }
            Change::Unset(name) => {
                record.insert((*name).to_owned(), Value::Null);
            }
            Change::Keep => {}
        }
    }
    Ok(format!("{}\n", Value::from(record)))
}

fn refused(name: &str, what: &str) -> Error {
    Error::new(format!("cannot hand {name} to a shell")).cause(format!("its value holds {what}"))
}

fn refuse_control_characters(name: &str, value: &str) -> Result<(), Error> {
    if value.chars().any(char::is_control) { Err(refused(name, "a control character")) } else { Ok(()) }
}

fn set(grammar: Grammar, name: &str, value: &str) -> Result<String, Error> {
    refuse_control_characters(name, value)?;
    Ok(match grammar {
        Grammar::Posix => format!("export {name}='{}';", value.replace('\'', r"'\''")),
        Grammar::Fish => format!("set -gx {name} '{}';", value.replace('\\', r"\\").replace('\'', r"\'")),
        Grammar::PowerShell => format!("$Env:{name} = {}", power_shell_literal(value)),
        Grammar::Cmd if !cmd_can_carry(value) => return Err(refused(name, "what cmd would change on the way")),
        Grammar::Cmd => format!("{name}={value}"),
        Grammar::Elvish => format!("set-env {name} '{}'", value.replace('\'', "''")),
        Grammar::Tcsh => format!("setenv {name} '{}';", value.replace('\'', r"'\''").replace('!', r"\!")),
        Grammar::Xonsh => format!("${name} = {}", python_literal(value)),
    })
}

fn unset(grammar: Grammar, name: &str) -> String {
    match grammar {
        Grammar::Posix => format!("unset {name};"),
        // A universal variable is kept for good and for all windows, so that it is for a person alone to erase.
        Grammar::Fish => {
            format!(
                "set -eg {name}; set -qU {name}; and echo 'keyfob: {name} is universal; to unset it: set -eU {name}' >&2;"
            )
        }
        Grammar::PowerShell => format!("Remove-Item -LiteralPath Env:{name} -ErrorAction SilentlyContinue"),
        Grammar::Cmd => format!("{name}="),
        Grammar::Elvish => format!("unset-env {name}"),
        Grammar::Tcsh => format!("unsetenv {name};"),
        Grammar::Xonsh => format!("${{...}}.pop('{name}', None)"),
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

/// Pure ASCII, so that the locale in which xonsh reads our output does not matter.
fn python_literal(value: &str) -> String {
    let mut literal = String::from("'");
    for character in value.chars() {
        match character {
            '\'' | '\\' => literal.extend(['\\', character]),
            ' '..='~' => literal.push(character),
            _ => write!(literal, "\\U{:08x}", u32::from(character)).expect("a String takes all"),
        }
    }
    literal.push('\'');
    literal
}

/// cmd reads by the console's code page, takes signs of equality before a value for one, expands `!NAME!` where it is
/// told to, and the loop's own variables wherever they stand.
fn cmd_can_carry(value: &str) -> bool {
    value.is_ascii() && !value.starts_with('=') && !["!", "%i", "%j", "%~"].iter().any(|odd| value.contains(odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELLS: [Shell; 10] = [
        Shell::Bash,
        Shell::Zsh,
        Shell::Posix,
        Shell::Fish,
        Shell::PowerShell,
        Shell::Cmd,
        Shell::Nushell,
        Shell::Elvish,
        Shell::Xonsh,
        Shell::Tcsh,
    ];

    fn printed(shell: Shell, value: &str) -> Result<String, Error> {
        print(shell, &[Change::set("N", value)])
    }

    #[test]
    fn each_shell_quotes_its_own_way() {
        const VALUE: &str = r#"a'b"c\d$e`f%g^h"#;
        for (shell, line) in [
            (Shell::Bash, r#"export N='a'\''b"c\d$e`f%g^h';"#),
            (Shell::Zsh, r#"export N='a'\''b"c\d$e`f%g^h';"#),
            (Shell::Posix, r#"export N='a'\''b"c\d$e`f%g^h';"#),
            (Shell::Fish, r#"set -gx N 'a\'b"c\\d$e`f%g^h';"#),
            (Shell::PowerShell, r#"$Env:N = 'a''b"c\d$e`f%g^h'"#),
            (Shell::Cmd, r#"N=a'b"c\d$e`f%g^h"#),
            (Shell::Elvish, r#"set-env N 'a''b"c\d$e`f%g^h'"#),
            (Shell::Tcsh, r#"setenv N 'a'\''b"c\d$e`f%g^h';"#),
            (Shell::Xonsh, r#"$N = 'a\'b"c\\d$e`f%g^h'"#),
        ] {
            let grammar = shell.grammar().expect("it evaluates lines");
            assert_eq!(set(grammar, "N", VALUE).as_deref(), Ok(line));
        }
        assert_eq!(set(Grammar::Tcsh, "N", "a!b").as_deref(), Ok(r"setenv N 'a\!b';"));
        assert_eq!(printed(Shell::Nushell, "a'b\"c\\d").as_deref(), Ok("{\"N\":\"a'b\\\"c\\\\d\"}\n"));
    }

    #[test]
    fn each_shell_unsets_its_own_way() {
        for (shell, lines) in [
            (Shell::Posix, "unset N;\n"),
            (
                Shell::Fish,
                "set -eg N; set -qU N; and echo 'keyfob: N is universal; to unset it: set -eU N' >&2;\ntrue;\n",
            ),
            (Shell::PowerShell, "Remove-Item -LiteralPath Env:N -ErrorAction SilentlyContinue\n"),
            (Shell::Cmd, "N=\n"),
            (Shell::Elvish, "unset-env N\n"),
            (Shell::Tcsh, "unsetenv N;\n"),
            (Shell::Xonsh, "${...}.pop('N', None)\n"),
            (Shell::Nushell, "{\"N\":null}\n"),
        ] {
            assert_eq!(print(shell, &[Change::unset("N"), Change::Keep]).as_deref(), Ok(lines));
        }
    }

    #[test]
    fn power_shell_gets_pure_ascii() {
        let line = set(Grammar::PowerShell, "N", "’é😀").expect("a value");
        assert_eq!(line, "$Env:N = '' + [char]0x2019 + '' + [char]0x00E9 + '' + [char]0xD83D + '' + [char]0xDE00 + ''");
    }

    #[test]
    fn xonsh_gets_pure_ascii() {
        assert_eq!(set(Grammar::Xonsh, "N", "é😀").as_deref(), Ok(r"$N = '\U000000e9\U0001f600'"));
    }

    #[test]
    fn control_characters_are_refused_for_every_shell_without_showing_the_value() {
        for shell in SHELLS {
            let controls = (0..=0x9f).filter_map(char::from_u32).filter(|character| character.is_control());
            for control in controls {
                let error = printed(shell, &format!("hidden{control}")).expect_err("it must be refused");
                assert_eq!(error.cause.as_deref(), Some("its value holds a control character"), "{shell:?}");
                assert!(!error.to_string().contains("hidden"), "{error}");
            }
        }
    }

    #[test]
    fn cmd_refuses_what_its_loop_would_change() {
        for value in ["=hidden", "hidden!", "hidden%i", "hidden%j", "hidden%~i", "hiddené"] {
            let error = set(Grammar::Cmd, "N", value).expect_err("it must be refused");
            assert!(!error.to_string().contains("hidden"), "{error}");
        }
        for value in ["a=b==", "%PATH% 100%%", "\"&calc&\"", "^|<>()", " a  b ", "%I"] {
            assert_eq!(set(Grammar::Cmd, "N", value), Ok(format!("N={value}")));
        }
    }

    /// What an `eval` without quotes makes of the lines.
    #[test]
    fn statements_that_may_be_joined_are_closed() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Posix, Shell::Fish, Shell::Tcsh] {
            for change in [Change::set("N", "v"), Change::unset("N")] {
                let lines = print(shell, &[change]).expect("a plain value");
                assert!(lines.lines().all(|line| line.ends_with(';')), "{lines}");
            }
        }
    }
}
