//! The command line as the operating system gives it, made ready for argh: `--option=value` becomes two words,
//! and what belongs to a command run by `exec` is set aside untouched.

use crate::completion::split_option;
use crate::error::Error;
use std::ffi::{OsStr, OsString};

/// A command line in two parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// keyfob's own.
    pub(super) words: Vec<String>,
    /// The program that `exec` runs, and its arguments.
    pub(super) command: Vec<OsString>,
}

/// Whether an option stands alone; every other one takes a value.
#[rustfmt::skip]
fn is_switch(name: &str) -> bool {
    matches!(
        name,
        "--help" | "--version" | "-V" | "--verbose" | "-v" | "--json" | "--unset" | "-h" | "--remote"
        | "--no-browser" | "--force" | "--bridge" | "--no-bridge" | "--all" | "--yes" | "-y" | "--use-device-code"
        | "--prune" | "--dry-run" | "--names" | "--reveal" | "--keep-comments" | "--update-references" | "--session"
        | "--stdin" | "--merge" | "--undo" | "--no-completions"
    )
}

#[rustfmt::skip]
fn is_value_option(name: &str) -> bool {
    matches!(
        name,
        "--profile" | "--region" | "--mfa-code" | "--shell" | "--format" | "--redirect-port" | "--browser"
        | "--timeout" | "--sso-session" | "--start-url" | "--sso-region" | "--scopes" | "--account-id"
        | "--role-name" | "--output" | "--template" | "--profile-location" | "--access-key" | "--role-arn"
        | "--source-profile" | "--credential-source" | "--external-id" | "--mfa-serial" | "--role-session-name"
        | "--duration-seconds" | "--web-identity-token-file" | "--credential-process" | "--saml-endpoint"
        | "--saml-process" | "--saml-user" | "--saml-role-arn" | "--store" | "--to" | "--for" | "--as" | "--cmd"
        | "--line" | "--picker"
    )
}

pub(super) fn read(arguments: &[OsString]) -> Result<Arguments, Error> {
    let mut read = Arguments::default();
    let mut rest = arguments.iter();
    let mut position = Position::default();
    let mut hyphens = Vec::new();
    while let Some(argument) = rest.next() {
        let is_word = !argument.as_encoded_bytes().starts_with(b"-");
        if is_word && position.starts_command() {
            read.command = std::iter::once(argument).chain(rest).cloned().collect();
            break;
        }
        if argument == "--" {
            if position.is_exec {
                read.command = rest.cloned().collect();
            } else {
                // argh has to know as well that no options follow.
                read.words.push("--".into());
                read.words.extend(rest.map(|word| text(word)).collect::<Result<Vec<_>, _>>()?);
            }
            break;
        }
        let argument = text(argument)?;
        if argument == "-" {
            hyphens.push(argument);
            continue;
        }
        if is_word {
            read.words.extend(position.meaning(argument));
            continue;
        }
        let (name, value) = split_option(&argument);
        if !argument.starts_with("--") && is_value_option(&format!("-{argument}")) {
            return Err(Error::usage(format!("there is no {argument}")).hint(format!("it is -{argument}")));
        }
        position.has_profile |= matches!(name, "--profile" | "-p");
        let takes_value = !is_switch(name);
        if !takes_value && value.is_some() {
            return Err(Error::usage(format!("{name} takes no value")).hint("run `keyfob --help`"));
        }
        read.words.push(if name == "-h" { "--help".into() } else { name.to_owned() });
        match value {
            Some(value) => read.words.push(value.to_owned()),
            None if takes_value => {
                let value = rest.next().map(|value| text(value)).transpose()?;
                if let Some(next) = value.as_deref().filter(|value| value.starts_with("--")) {
                    return Err(Error::usage(format!("{name} has no value; {next} follows it"))
                        .hint("write a value that begins with hyphens after `=`"));
                }
                read.words.extend(value);
            }
            None => {}
        }
    }
    if position.asks_for_help {
        read.words.push("--help".into());
    }
    if !hyphens.is_empty() {
        // argh takes a hyphen for an option wherever it takes options.
        let end = read.words.iter().position(|word| word == "--").unwrap_or(read.words.len());
        let words: Vec<String> = read.words.drain(end..).filter(|word| word != "--").collect();
        read.words.extend(std::iter::once("--".to_owned()).chain(hyphens).chain(words));
    }
    Ok(read)
}

/// Where we are: the first word is the command; `exec`'s second one is the profile unless an option has named
/// it, and the next begins the program's command line.
#[derive(Default)]
struct Position {
    words: usize,
    is_exec: bool,
    has_profile: bool,
    /// `help` comes before the command that it is about.
    asks_for_help: bool,
}

impl Position {
    /// What a word says to argh.
    fn meaning(&mut self, word: String) -> Option<String> {
        if self.words == 0 && word == "help" {
            self.asks_for_help = true;
            return None;
        }
        self.words += 1;
        if self.words > 1 {
            return Some(word);
        }
        self.is_exec = word == "exec" && !self.asks_for_help;
        // The AWS name of the command that SDKs run.
        Some(if word == "credential-process" { "process".into() } else { word })
    }

    fn starts_command(&self) -> bool {
        self.is_exec && (self.has_profile || self.words == 2)
    }
}

fn text(argument: &OsStr) -> Result<String, Error> {
    argument.to_str().map(str::to_owned).ok_or_else(|| Error::usage("an argument is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use argh::{CommandInfoWithArgs, FlagInfoKind};

    fn read_line(line: &str) -> Result<Arguments, Error> {
        read(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn options_take_their_value_in_either_form() {
        for (line, words) in [
            ("process --profile dev", "process --profile dev"),
            ("process --profile=dev", "process --profile dev"),
            ("process --profile=a=b", "process --profile a=b"),
            ("process -pdev", "process -p dev"),
            ("--profile=dev process", "--profile dev process"),
            ("credential-process dev", "process dev"),
            ("env credential-process", "env credential-process"),
            ("explain -- --odd", "explain -- --odd"),
            ("process -h", "process --help"),
            ("help", "--help"),
            ("help process", "process --help"),
            ("help exec", "exec --help"),
            ("process help", "process help"),
            ("use -", "use -- -"),
            ("use - --shell bash", "use --shell bash -- -"),
        ] {
            let read = read_line(line).expect(line);
            assert_eq!(read.words.join(" "), words, "{line}");
            assert!(read.command.is_empty());
        }
    }

    #[test]
    fn a_command_is_left_as_it_is() {
        for (line, words, command) in [
            ("exec dev -- terraform --x=y plan", "exec dev", "terraform --x=y plan"),
            ("exec -- env", "exec", "env"),
            ("exec dev terraform --profile=z", "exec dev", "terraform --profile=z"),
            ("exec --profile dev terraform -h", "exec --profile dev", "terraform -h"),
            ("-p dev exec a b", "-p dev exec", "a b"),
            ("exec --region eu-west-1 dev a -- b", "exec --region eu-west-1 dev", "a -- b"),
        ] {
            let read = read_line(line).expect(line);
            assert_eq!(read.words.join(" "), words, "{line}");
            assert_eq!(read.command, command.split(' ').map(OsString::from).collect::<Vec<_>>(), "{line}");
        }
    }

    #[test]
    fn slips_of_the_hyphen_are_not_taken_for_values() {
        for line in ["process -profile dev", "process -p --region eu-west-1", "process --profile --region x"] {
            assert!(read_line(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_switch_takes_no_value() {
        assert!(read_line("whoami --json=true").is_err());
    }

    #[test]
    fn the_list_of_switches_is_whole() {
        fn check(command: &CommandInfoWithArgs) {
            for flag in command.flags {
                let stands_alone = matches!(flag.kind, FlagInfoKind::Switch);
                assert_eq!(is_switch(flag.long), stands_alone, "{}", flag.long);
                assert_eq!(is_value_option(flag.long), !stands_alone, "{}", flag.long);
                if let Some(short) = flag.short {
                    assert_eq!(is_switch(&format!("-{short}")), stands_alone, "-{short}");
                }
            }
            command.commands.iter().for_each(|command| check(&command.command));
        }
        check(&crate::command_line());
    }
}
