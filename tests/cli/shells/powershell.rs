//! There is no interpreter of PowerShell to ask, so its grammar is written down here a second time.

use super::{Dice, NAMES, Profiles, peer, values};

/// The value of an expression: literals and characters, added up. `None` for anything else.
///
/// <https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02#2352-string-literals>
fn evaluate(expression: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = expression;
    loop {
        if let Some(hexadecimal) = rest.strip_prefix("[char]0x") {
            units.push(u16::from_str_radix(hexadecimal.get(..4)?, 16).ok()?);
            rest = &hexadecimal[4..];
        } else {
            rest = rest.strip_prefix('\'')?;
            loop {
                let end = rest.find('\'')?;
                units.extend(rest[..end].encode_utf16());
                rest = &rest[end + 1..];
                let Some(after) = rest.strip_prefix('\'') else { break };
                units.push(u16::from(b'\''));
                rest = after;
            }
        }
        match rest.strip_prefix(" + ") {
            Some(next) => rest = next,
            None if rest.is_empty() => return String::from_utf16(&units).ok(),
            None => return None,
        }
    }
}

fn is_unset(line: &str) -> bool {
    let name = line.strip_prefix("Remove-Item -LiteralPath Env:AWS_");
    let name = name.and_then(|rest| rest.strip_suffix(" -ErrorAction SilentlyContinue"));
    name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
}

#[test]
fn the_decoder_knows_a_literal_from_code() {
    for (expression, value) in [
        ("'a'", Some("a")),
        ("''", Some("")),
        ("'it''s'", Some("it's")),
        ("'' + [char]0x00E9 + ''", Some("é")),
        ("'' + [char]0xD83D + '' + [char]0xDE00 + ''", Some("😀")),
        ("'a'; calc", None),
        ("'a' + calc", None),
        ("'a", None),
        ("'a'b'", None),
        ("\"a\"", None),
        ("[char]0xD83D", None),
    ] {
        assert_eq!(evaluate(expression).as_deref(), value, "{expression}");
    }
}

#[test]
fn lines_are_ascii_assignments_that_hold_every_value() {
    let mut dice = Dice(7);
    // Curly quotes are quotes to PowerShell, so they come often.
    let strange = |dice: &mut Dice, text: &mut String| {
        let quote =
            ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{201c}', '\u{201d}', '\u{201e}'][dice.below(8)];
        text.push(if dice.below(4) == 0 { quote } else { dice.character() });
    };
    let random = (0..60).map(|_| dice.value(120, strange)).collect::<Vec<_>>();
    let profiles = Profiles::new(values().into_iter().chain(random).collect());
    for number in 0..profiles.count() {
        let lines = profiles.lines(number, "powershell").stdout;
        assert!(lines.is_ascii(), "{lines}");
        assert!(lines.bytes().all(|byte| byte == b'\n' || !byte.is_ascii_control()), "{lines}");
        let mut found = NAMES.map(|_| None);
        for line in lines.lines().filter(|line| !is_unset(line)) {
            let assignment = line.strip_prefix("$Env:").and_then(|line| line.split_once(" = "));
            let (name, expression) = assignment.unwrap_or_else(|| panic!("{line} is no assignment"));
            let value = evaluate(expression).unwrap_or_else(|| panic!("{line} is more than a literal"));
            let index = NAMES.iter().position(|known| *known == name).expect("a variable of this test");
            found[index] = Some(value);
        }
        profiles.check(number, "PowerShell", &found);
    }
}

/// The parser of editors; it does not know that curly quotes are quotes, but ours are never printed.
#[test]
fn a_parser_of_powershell_finds_no_error() {
    let Some(python) = peer::python(&["tree_sitter", "tree_sitter_powershell"]) else { return };
    let profiles = Profiles::new(values());
    let lines: String = (0..profiles.count()).map(|number| profiles.lines(number, "powershell").stdout).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/powershell_syntax.py");
    let python = python.to_str().expect("the test's own path is UTF-8");
    let count = lines.lines().count();
    profiles.home.program(python, ["-I", script]).stdin(lines).stdout(format!("{count} statements\n")).run();
}

/// Which shows that the test above could fail.
#[test]
fn a_parser_of_powershell_finds_broken_quotes() {
    let Some(python) = peer::python(&["tree_sitter", "tree_sitter_powershell"]) else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/powershell_syntax.py");
    let home = super::Home::new();
    for broken in [
        "$Env:N = 'it's'",
        "$Env:N = 'a",
        "$Env:N = 'a' + [char]0x2019 + 'b",
        "$Env:N = 'a' + [char]0x2019 + ",
        "$Env:N = 'a''",
        "$Env:N = \"a",
        "Remove-Item (Env:N",
    ] {
        let lines = format!("$Env:A = 'a'\n{broken}\n");
        let python = home.program(python.to_str().expect("the test's own path is UTF-8"), ["-I", script]);
        let run = python.stdin(lines).code(1).any_stderr().run();
        assert!(run.stderr.starts_with("syntax error at or below line "), "{broken}: {}", run.stderr);
    }
}
