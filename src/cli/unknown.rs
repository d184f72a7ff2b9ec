//! What was meant by a word that no command knows: a slip, a command of another one's, a name that was not quoted.

use super::where_to_read_on;
use crate::completion::{self, Command};
use crate::error::Error;
use crate::likeness;

/// The error for words that argh complains of.
pub(super) fn error(complaint: &str, words: &[&str]) -> Error {
    let word = complaint.strip_prefix("Unrecognized argument: ");
    let told = word.and_then(|word| if word.starts_with('-') { option(word, words) } else { beyond(word, words) });
    told.unwrap_or_else(|| Error::usage(complaint).hint(where_to_read_on(words)))
}

/// The same for an option.
fn option(name: &str, words: &[&str]) -> Option<Error> {
    let at = words.iter().position(|word| *word == name)?;
    let (command, _) = completion::read(&words[..at])?;
    let meant: Vec<&str> = likeness::meant(name, command.option_names()).into_iter().take(1).collect();
    let help = where_to_read_on(words);
    let hint = match meant.first() {
        Some(meant) => format!("was {meant} meant? {help}"),
        None if command.takes_one_profile() => format!("{help}; a name that begins with a hyphen follows `--`"),
        None => help,
    };
    Some(Error::usage(format!("Unrecognized argument: {name}")).hint(hint))
}

/// The same for a word where no other could come.
fn beyond(word: &str, words: &[&str]) -> Option<Error> {
    let mut places = (0..words.len()).filter(|at| words[*at] == word);
    let (command, before) = places.find_map(|at| completion::read(&words[..at]))?;
    if command.commands().next().is_some() {
        let told = match command.path.split_once(' ') {
            Some((_, group)) => format!("there is no command \"{group} {word}\""),
            None => format!("there is no command \"{word}\""),
        };
        return Some(Error::usage(told).hint(likely_commands(word, command)));
    }
    let [first] = before[..] else { return None };
    let two = || super::two_profiles(first, word).hint("a name that has blanks is one word in quotes");
    (command.takes_one_profile() && first != word).then(two)
}

/// A hint at the commands that are called so in another place, or nearly so in this one.
fn likely_commands(word: &str, group: Command) -> String {
    let keyfob = Command::keyfob();
    let mut elsewhere: Vec<Command> =
        keyfob.commands().flat_map(Command::commands).filter(|command| command.name == word).collect();
    elsewhere.sort_by_key(|command| command.path);
    let names = likeness::meant(word, group.commands().map(|command| command.name));
    let here = names.into_iter().filter_map(|name| group.named(name));
    let likely: Vec<String> = here.chain(elsewhere).map(|command| format!("`{}`", command.path)).collect();
    match likely.join(" or ") {
        likely if likely.is_empty() => format!("run `{} --help`", group.path),
        likely => format!("was {likely} meant?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_nothing_knows_leads_to_what_was_meant() {
        for (line, word, told) in [
            (
                "list",
                "list",
                "there is no command \"list\"\n  \
                 hint: was `keyfob profile list` or `keyfob sso list` or `keyfob store list` meant?",
            ),
            ("usee dev", "usee", "there is no command \"usee\"\n  hint: was `keyfob use` meant?"),
            ("-p use nope", "nope", "there is no command \"nope\"\n  hint: run `keyfob --help`"),
            ("profile lst", "lst", "there is no command \"profile lst\"\n  hint: was `keyfob profile list` meant?"),
            ("profile nope", "nope", "there is no command \"profile nope\"\n  hint: run `keyfob profile --help`"),
            (
                "use --region dev my dev",
                "dev",
                "two profiles are named, \"my\" and \"dev\"\n  hint: a name that has blanks is one word in quotes",
            ),
            (
                "use --unste",
                "--unste",
                "Unrecognized argument: --unste\n  hint: was --unset meant? run `keyfob use --help`",
            ),
            (
                "use -x",
                "-x",
                "Unrecognized argument: -x\n  \
                 hint: run `keyfob use --help`; a name that begins with a hyphen follows `--`",
            ),
            ("init bash zsh", "zsh", "Unrecognized argument: zsh\n  hint: run `keyfob init --help`"),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let error = error(&format!("Unrecognized argument: {word}"), &words);
            assert_eq!(error.to_string(), format!("keyfob: {told}"), "{line}");
        }
    }

    #[test]
    fn what_else_argh_says_is_told_with_the_help_to_read() {
        let error = error("Required options not provided: --cmd", &["init"]);
        assert_eq!(error.to_string(), "keyfob: Required options not provided: --cmd\n  hint: run `keyfob init --help`");
    }
}
