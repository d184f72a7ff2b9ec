//! `keyfob init` and `keyfob completions`: what they print, and what they refuse.

#[cfg(unix)]
mod session;
#[cfg(unix)]
mod steps;

use super::keyfob::{Home, Terminal, has_terminal};

const SHELLS: [&str; 9] = ["bash", "zsh", "sh", "fish", "powershell", "nushell", "elvish", "xonsh", "tcsh"];

fn script(words: &[&str]) -> String {
    Home::new().keyfob(words.iter().copied()).any_stdout().run().stdout
}

/// A shell whose locale is C cannot read anything else.
#[test]
fn scripts_are_ascii_and_say_what_they_are() {
    for shell in SHELLS {
        let script = script(&["init", shell]);
        assert!(script.is_ascii(), "{shell}");
        // Where lines are joined before they are evaluated, a comment is a word of a command that does nothing.
        let begins = if shell == "tcsh" { ": '" } else { "# " };
        assert!(script.lines().take(2).any(|line| line.starts_with(begins) && line.contains("keyfob")), "{shell}");
        assert!(script.ends_with('\n'), "{shell}");
    }
}

#[test]
fn completion_is_a_part_of_it_unless_it_is_not_wanted() {
    for shell in SHELLS.into_iter().filter(|shell| *shell != "sh") {
        let completion = script(&["completions", shell]);
        let alone = script(&["init", shell, "--no-completions"]);
        assert!(!completion.is_empty(), "{shell}");
        assert!(alone.contains(" --no-completions"), "{shell}: the line is another one");
        let alone = alone.replacen(" --no-completions", "", 1);
        let both = if shell == "nushell" { completion + &alone } else { alone + &completion };
        // A function that nothing completes must not name what would.
        let whole = script(&["init", shell]).replacen("@complete __keyfob_words\ndef --env", "def --env", 1);
        assert_eq!(whole, both, "{shell}");
    }
    let home = Home::new();
    for (shell, name) in [("dash", "sh"), ("cmd", "cmd")] {
        home.keyfob(["completions", shell])
            .code(1)
            .stderr(format!(
                "keyfob: {name} completes nothing by scripts\n  \
                 hint: there are scripts for bash, zsh, fish, powershell, nushell, elvish, xonsh, tcsh\n"
            ))
            .run();
    }
}

#[test]
fn function_is_called_as_it_is_wanted() {
    for shell in SHELLS {
        let named = script(&["init", shell, "--cmd", "aws_use", "--no-completions"]);
        let is_of_word = |character: char| character.is_alphanumeric() || character == '_';
        assert!(!named.split(|character| !is_of_word(character)).any(|word| word == "kf"), "{shell}: {named}");
        assert!(named.contains("aws_use use"), "{shell}: {named}");
        let line = format!("keyfob init {shell} --cmd aws_use --no-completions");
        assert!(named.contains(&line), "{shell}: {named}");
    }
    let home = Home::new();
    home.keyfob(["init", "bash", "--cmd", "kf-use"])
        .code(2)
        .stderr(
            "keyfob: there can be no function \"kf-use\"\n  \
             cause: it must be a letter, and then letters, digits and underscores\n  hint: use `--cmd kf_use`\n",
        )
        .run();
    home.keyfob(["init", "bash", "--cmd", "Eval"])
        .code(2)
        .stderr("keyfob: there can be no function \"Eval\"\n  cause: shells have a command of that name\n")
        .run();
}

#[test]
fn what_is_no_shell_with_functions_is_refused() {
    let home = Home::new();
    let run = home.keyfob(["init", "klingon"]).code(2).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: unknown shell \"klingon\"\n"), "{}", run.stderr);
    home.keyfob(["init", "cmd"])
        .code(1)
        .stderr(
            "keyfob: cmd keeps no functions\n  hint: type `for /f \"tokens=1* delims==\" %i in ('keyfob use --shell cmd \
             dev') do @set \"%i=%j\"`; in a batch file double each %\n",
        )
        .run();
    for command in ["init", "completions"] {
        home.keyfob(["-p", "dev", command, "bash"])
            .code(2)
            .stderr(format!("keyfob: `keyfob {command}` is about shells, and profile \"dev\" is named\n"))
            .run();
    }
}

#[test]
fn somebody_at_a_terminal_is_told_where_the_line_goes() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    for (words, told) in [
        (&["init", "bash"][..], "in ~/.bashrc, this defines kf: eval \"$(keyfob init bash)\""),
        (
            &["init", "bash", "--cmd", "keyfob"],
            "in ~/.bashrc, this defines keyfob: eval \"$(keyfob init bash --cmd keyfob)\"",
        ),
        (&["init", "zsh"], "in ~/.zshrc, this defines kf: eval \"$(keyfob init zsh)\""),
        (
            &["init", "zsh", "--cmd", "awsu", "--no-completions"],
            "in ~/.zshrc, this defines awsu: eval \"$(keyfob init zsh --cmd awsu --no-completions)\"",
        ),
        (&["init", "fish"], "in ~/.config/fish/config.fish, this defines kf: keyfob init fish | source"),
        (
            &["init", "pwsh"],
            "in the file that $PROFILE names, this defines kf: keyfob init powershell | Out-String | Invoke-Expression",
        ),
    ] {
        let terminal = Terminal::new().with_stdout();
        home.keyfob(words.iter().copied()).terminal(terminal).any_screen().stderr(format!("keyfob: {told}\n")).run();
    }
}
