//! What each shell's script makes of what keyfob offers, at every level of commands; and that the script itself stands
//! whatever the shell is set to.

use super::{Home, commands, options, peer, script, told, with_keyfob};
use argh::CommandInfoWithArgs;
use std::fmt::Write as _;

const BASH: &str = r#"
. "$SCRIPT"
while IFS= read -r COMP_LINE; do
    COMP_POINT=${#COMP_LINE}
    read -r -a COMP_WORDS <<<"$COMP_LINE"
    [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    __keyfob_complete keyfob "${COMP_WORDS[-1]}" ''
    printf '%s\n' "${COMPREPLY[@]}" end
done
"#;

/// The system of completion asks with these variables, and takes what is described.
const ZSH: &str = r#"
compdef() { : }
. $SCRIPT
_describe() { print -rl -- "${(@P)4}" }
compset() { : }
typeset -A compstate
while IFS= read -r line; do
    words=(${=line}) PREFIX=
    if [[ $line == *' ' ]]; then words+=('') else PREFIX=${words[-1]}; fi
    CURRENT=$#words
    __keyfob_complete
    print end
done
"#;

const FISH: &str = r#"
source $SCRIPT
while read -l line
    complete -C "$line"
    echo end
end
"#;

/// Runs a script in a shell that knows keyfob, with a line for each command on its stdin, and returns what it said of each.
fn asked(program: &str, arguments: &[&str], text: &str, ends: &str) -> Option<Vec<(CommandInfoWithArgs, Vec<String>)>> {
    let shell = peer::program(program)?;
    let home = Home::new();
    let arguments = arguments.iter().copied().chain(["-c", text]);
    let mut lines = String::new();
    for (path, _) in commands() {
        let words = [&["keyfob"], &path[..], &[ends]].concat().join(" ");
        writeln!(lines, "{words}").expect("a String takes all");
    }
    let run = with_keyfob(home.program(shell.to_str().expect("its path is UTF-8"), arguments));
    let run = run.env("SCRIPT", script(program).to_str().expect("its path is UTF-8")).stdin(lines).any_stdout().run();
    let lines_of = |answer: &str| answer.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let answers: Vec<Vec<String>> = run.stdout.split_terminator("end\n").map(lines_of).collect();
    let commands = commands();
    assert_eq!(answers.len(), commands.len(), "{program}");
    Some(commands.into_iter().map(|(_, command)| command).zip(answers).collect())
}

/// That every option is there, each as `form` has it with its description.
#[track_caller]
fn check_options(answers: Vec<(CommandInfoWithArgs, Vec<String>)>, form: impl Fn(&str, &str) -> String) {
    for (command, mut answer) in answers {
        let description =
            |name: &str| command.flags.iter().find(|flag| flag.long == name).map_or("", |flag| flag.description);
        // `kf use` names its shell itself.
        let is_offered = |name: &&String| command.name != "use" || *name != "--shell";
        let names = options(&command, "--");
        let mut expected: Vec<String> =
            names.iter().filter(is_offered).map(|name| form(name, &told(description(name)))).collect();
        expected.sort();
        answer.sort();
        assert_eq!(answer, expected, "{}", command.name);
    }
}

#[cfg(unix)]
#[test]
fn bash_has_every_option_and_every_command() {
    if let Some(answers) = asked("bash", &["--norc"], BASH, "--") {
        check_options(answers, |name, _| name.to_owned());
    }
    let Some(answers) = asked("bash", &["--norc", "--posix"], BASH, "") else { return };
    for (command, answer) in answers {
        for below in &command.commands {
            assert!(answer.iter().any(|name| name == below.name), "{} {}: {answer:?}", command.name, below.name);
        }
    }
}

#[cfg(unix)]
#[test]
fn zsh_has_every_option_with_its_description() {
    if let Some(answers) = asked("zsh", &["-f"], ZSH, "--") {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
        check_options(answers, |name, description| format!("{}:{description}", escaped(name)));
    }
}

#[cfg(unix)]
#[test]
fn fish_has_every_option_with_its_description() {
    if let Some(answers) = asked("fish", &["--no-config"], FISH, "--") {
        check_options(answers, |name, description| format!("{name}\t{description}"));
    }
}

/// A script is evaluated twice, with no program to be found and everything set that breaks careless ones; it says nothing,
/// and starts nothing. Then it completes, with no keyfob to be found, and says nothing either.
#[cfg(unix)]
#[test]
fn a_script_stands_whatever_the_shell_is_set_to() {
    for (program, arguments, text) in [
        (
            "bash",
            &["--norc"][..],
            "set -euf; IFS=eo; PATH=; . \"$SCRIPT\"; . \"$SCRIPT\"; COMP_LINE='keyfob e' COMP_POINT=8 COMP_WORDS=(keyfob e) COMP_CWORD=1; __keyfob_complete keyfob e keyfob; echo \"$-\" ${#COMPREPLY[@]}",
        ),
        (
            "zsh",
            &["-f"],
            "setopt no_unset err_exit no_glob sh_word_split; IFS=eo; PATH=; . \"$SCRIPT\"; . \"$SCRIPT\"; echo $#precmd_functions",
        ),
        (
            "zsh",
            &["-f"],
            "setopt no_unset err_exit ksh_arrays; PATH=; . $SCRIPT; __keyfob_register; echo ${#precmd_functions[@]}",
        ),
        (
            "fish",
            &["--no-config"],
            "set -g PATH; source $SCRIPT; source $SCRIPT; complete -c keyfob | count; complete -C 'keyfob e'",
        ),
    ] {
        let Some(shell) = peer::program(program) else { continue };
        let home = Home::new();
        let arguments = arguments.iter().copied().chain(["-c", text]);
        let run = home.program(shell.to_str().expect("its path is UTF-8"), arguments);
        let expected = if program == "bash" { "efhuBc 0\n" } else { "1\n" };
        run.env("SCRIPT", script(program).to_str().expect("its path is UTF-8")).stdout(expected).run();
    }
}
