//! Real shells show what is printed for them: nothing of a name is run, and nothing but the name is counted.

use super::super::{keyfob::Home, peer};

/// Names that would do something if a shell read them again.
const HOSTILE: [&str; 16] = [
    "$(touch canary)",
    "`touch canary`",
    "${HOME:-$(touch canary)}",
    "\\$(touch canary)",
    "'$(touch canary)'",
    "\"; touch canary; \"",
    "%n%m%~%#",
    "%F{red}%B%(!.a.b)%100<x<",
    "%{\x1b[5m%}",
    "\\u\\h\\w\\$\\[\\]\\e",
    "!!! !-1 !$",
    "\x01\x02\x1b]0;title\x07",
    "\x1b[2J\r\u{202e}",
    "a  b\tc",
    "^x ~ * ? [a] {a,b} <(x) =(x)",
    "naïve 日本語 😀",
];

/// What is to be seen of a name.
fn seen(name: &str) -> String {
    let is_hidden = |character: char| character.is_control() || character == '\u{202e}' || "$`\\!".contains(character);
    name.chars().map(|character| if is_hidden(character) { '_' } else { character }).collect::<String>() + "?"
}

/// Lets a shell expand its prompt for each name, put together in either way, and compares what it would show: the warning
/// colour, the name, and the colour's end, with `marks` around what takes no room.
fn check(program: &str, options: &[&str], script: &str, marks: [&str; 2]) {
    let Some(path) = peer::program(program) else { return };
    let home = Home::new();
    let arguments = [options, &["-c", script, program], &HOSTILE].concat();
    let run = home.program(path.to_str().expect("shells lie on paths that are UTF-8"), arguments);
    let run = run.env("KEYFOB", env!("CARGO_BIN_EXE_keyfob")).env("TERM", "xterm").any_stdout().run();
    let [begin, end] = marks;
    let shown: Vec<&str> = run.stdout.split_terminator('\0').collect();
    let expected: Vec<String> = HOSTILE
        .iter()
        .flat_map(|name| {
            let shown = format!("{begin}\x1b[31m{end}{}{begin}\x1b[0m{end} > ", seen(name));
            [shown.clone(), shown]
        })
        .collect();
    assert_eq!(shown, expected, "{program} {options:?}");
    assert!(!home.path().join("canary").exists(), "{program} {options:?} ran something");
}

const BASH: &str = r#"for name; do
    export AWS_PROFILE=$name
    PS1='$("$KEYFOB" prompt --shell bash) > '; printf '%s\0' "${PS1@P}"
    PS1="$("$KEYFOB" prompt --shell bash) > "; printf '%s\0' "${PS1@P}"
done"#;

#[test]
fn bash_shows_every_name() {
    check("bash", &["--norc"], BASH, ["\x01", "\x02"]);
    check("bash", &["--posix"], BASH, ["\x01", "\x02"]);
}

const ZSH: &str = r#"for name; do
    export AWS_PROFILE=$name
    PROMPT='$("$KEYFOB" prompt --shell zsh) > '; print -nrP -- $PROMPT; printf '\0'
    PROMPT="$("$KEYFOB" prompt --shell zsh) > "; print -nrP -- $PROMPT; printf '\0'
done"#;

#[test]
fn zsh_shows_every_name() {
    check("zsh", &["-f", "-o", "prompt_subst"], ZSH, ["", ""]);
    check("zsh", &["-f", "-o", "prompt_subst", "-o", "prompt_bang"], ZSH, ["", ""]);
}

#[test]
fn zsh_counts_nothing_but_the_name() {
    let Some(path) = peer::program("zsh") else { return };
    let home = Home::new().env("AWS_PROFILE", "dev%").env("TERM", "xterm");
    // zsh cuts a text to a width by the same count.
    for (width, shown) in [(5, "\x1b[31mdev%?\x1b[0m"), (4, "\x1b[31mdev%\x1b[0m")] {
        let script = format!(r#"print -nP -- "%{width}>>$("$KEYFOB" prompt --shell zsh)%>>""#);
        let run = home.program(path.to_str().expect("shells lie on paths that are UTF-8"), ["-f", "-c", &script]);
        run.env("KEYFOB", env!("CARGO_BIN_EXE_keyfob")).stdout(shown).run();
    }
}

#[test]
fn fish_shows_what_is_printed() {
    let Some(path) = peer::program("fish") else { return };
    let home = Home::new().env("AWS_PROFILE", "%$(touch canary)").env("TERM", "xterm");
    let script = r#"function fish_prompt; "$KEYFOB" prompt --shell fish; printf ' > '; end; fish_prompt"#;
    let run = home.program(path.to_str().expect("shells lie on paths that are UTF-8"), ["--no-config", "-c", script]);
    run.env("KEYFOB", env!("CARGO_BIN_EXE_keyfob")).stdout("\x1b[31m%$(touch canary)?\x1b[0m > ").run();
    assert!(!home.path().join("canary").exists(), "fish ran something");
}
