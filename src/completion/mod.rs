//! What could come next on a command line: the commands and options as argh describes them, and the values that options
//! and words take. Nothing is resolved for it, and nobody is called; what cannot be read offers nothing.

mod commands;
mod entry;
mod here;
mod kind;
mod line;
mod offers;
mod reading;
mod settings;
mod sources;

pub(crate) use commands::Command;
pub(crate) use reading::split_option;

use crate::context::Vars;
use crate::shell::Shell;
use offers::{Form, Offers};
use reading::Reading;
use sources::Sources;

/// What there is to know.
pub(crate) struct Known<'a> {
    pub(crate) vars: &'a Vars,
    /// The environment as `--profile-location` makes it. `None`: it names nothing.
    pub(crate) located: &'a dyn Fn(&str) -> Option<Vars>,
}

/// The command that words lead to, and those of them that are neither commands nor options. `None` where an option's value
/// comes next, or a program's command line has begun.
pub(crate) fn read<'a>(words: &[&'a str]) -> Option<(Command, Vec<&'a str>)> {
    let reading = Reading::of(words);
    let is_open = reading.awaits.is_none() && reading.program("", words.len()).is_none();
    is_open.then_some((reading.command, reading.words))
}

/// What could be in the place of the last word, a line for each.
///
/// zsh and fish find words by more than their beginnings: where none begins so, they are given all.
pub(crate) fn of_words(words: &[&str], shell: Shell, known: &Known<'_>) -> String {
    let mut lines = String::new();
    let Some((typed, before)) = words.split_last() else { return lines };
    offer(words, known, &mut Offers::new(typed, Form::Described, &mut lines));
    if lines.is_empty() && matches!(shell, Shell::Zsh | Shell::Fish) {
        // What stands before the value of an option stays.
        let lead = typed.find('=').filter(|_| typed.starts_with('-')).map_or("", |at| &typed[..=at]);
        offer(&[before, &[lead]].concat(), known, &mut Offers::new(lead, Form::Described, &mut lines));
    }
    lines
}

/// The same of a line as it is typed in a shell, up to the cursor.
pub(crate) fn of_line(line: &str, shell: Shell, known: &Known<'_>) -> String {
    let mut lines = String::new();
    let Some(cut) = line::Cut::of(line, shell, known.vars) else { return lines };
    let words: Vec<&str> = cut.words.iter().map(|word| word.value.as_str()).collect();
    let Some(typed) = words.last() else { return lines };
    let mut offers = Offers::new(typed, Form::of(&cut, shell, known.vars), &mut lines);
    if cut.is_redirected {
        offers.files();
    } else {
        offer(&words, known, &mut offers);
    }
    lines
}

fn offer(words: &[&str], known: &Known<'_>, offers: &mut Offers<'_>) {
    let Some((typed, before)) = words.split_last() else { return };
    let reading = Reading::of(before);
    if let Some(at) = reading.program(typed, before.len()) {
        offers.command(at, at > before.len());
        return;
    }
    let sources = Sources { known, reading: &reading, at: before.len() };
    if let Some(option) = reading.awaits {
        // What begins so would be taken for the next option.
        offers.leave_out("--");
        option.kind.into_iter().for_each(|kind| sources.offer(kind, offers));
        return;
    }
    if !reading.is_past_options {
        offers.leave_out("-");
        if typed.starts_with('-') && offer_options(typed, &sources, offers) {
            return;
        }
    }
    for below in reading.command.commands() {
        offers.offer(below.name, below.description);
    }
    if reading.asks_for_help {
        if reading.is_without_command() {
            offers.offer("files", "Tell where files are.");
            offers.offer("tutorial", "Tell of a first hour.");
        }
        return;
    }
    if reading.is_at_start() {
        offers.offer("help", "Print the help of a command.");
    }
    if let Some(kind) = reading.word().and_then(|word| word.kind) {
        sources.offer(kind, offers);
    }
}

/// The options of a command that are not given yet, or the values of the one whose value has begun. `true`: nothing else
/// can come here.
fn offer_options(typed: &str, sources: &Sources<'_>, offers: &mut Offers<'_>) -> bool {
    let reading = sources.reading;
    let (name, value) = split_option(typed);
    if let Some(value) = value {
        let kind = reading.option(name).and_then(|option| option.kind);
        if let Some(kind) = kind.filter(|_| !reading.asks_for_help) {
            offers.lead(typed.len() - value.len());
            sources.offer(kind, offers);
        }
        return true;
    }
    if !reading.asks_for_help {
        for option in reading.command.options() {
            // The function that a shell has for `use` names the shell itself.
            let is_named =
                reading.command.path == "keyfob use" && option.name == "--shell" && typed.len() < "--s".len();
            if !is_named && (!reading.given.contains(&option.name) || option.is_repeated) {
                for name in [Some(option.name), option.short].into_iter().flatten() {
                    offers.put(name, option.description);
                }
            }
        }
    }
    typed != "-"
}

#[cfg(test)]
mod tests;
