//! What the words before the cursor say: which command it is, what it has already, and what it waits for.
//!
//! It goes by the rules of `cli/arguments`, which reads command lines that are whole.

use super::commands::Command;
use super::entry::Entry;

pub(super) struct Reading<'a> {
    pub(super) command: Command,
    /// Long names of the options that are given.
    pub(super) given: Vec<&'a str>,
    /// The words that are neither commands nor options.
    pub(super) words: Vec<&'a str>,
    /// The option whose value comes next.
    pub(super) awaits: Option<Entry>,
    /// `help` stands before the commands.
    pub(super) asks_for_help: bool,
    /// `--` has been.
    pub(super) is_past_options: bool,
    /// The value of `--profile-location`.
    pub(super) location: Option<&'a str>,
    /// The word at which the command line of a program begins, counted from 1.
    program: Option<usize>,
}

/// The profile of a command that has been named needs no word.
const PROFILE: &str = "--profile";

impl<'a> Reading<'a> {
    pub(super) fn of(before: &[&'a str]) -> Self {
        let mut reading = Self {
            command: Command::keyfob(),
            given: Vec::new(),
            words: Vec::new(),
            awaits: None,
            asks_for_help: false,
            is_past_options: false,
            location: None,
            program: None,
        };
        for (at, word) in before.iter().enumerate() {
            reading.read(at, word);
        }
        reading
    }

    fn read(&mut self, at: usize, word: &'a str) {
        if self.program.is_some() {
            return;
        }
        if let Some(option) = self.awaits.take() {
            self.take_value(option, word);
        } else if word == "-" && self.is_exec() && !self.is_past_options {
            // It is put aside there, and counts for nothing.
        } else if self.is_past_options || !word.starts_with('-') || word == "-" {
            self.read_word(at, word);
        } else if word == "--" {
            self.is_past_options = true;
            self.program = self.is_exec().then_some(at + 2);
        } else {
            self.read_option(word);
        }
    }

    fn read_word(&mut self, at: usize, word: &'a str) {
        if self.starts_program() {
            self.program = Some(at + 1);
            return;
        }
        if word == "help" && self.is_at_start() {
            self.asks_for_help = true;
            return;
        }
        // The AWS name of the command that SDKs run.
        let name = if word == "credential-process" && self.is_without_command() { "process" } else { word };
        match self.command.named(name) {
            Some(below) => {
                self.command = below;
                self.given.retain(|option| *option == PROFILE);
            }
            None => self.words.push(word),
        }
    }

    fn read_option(&mut self, word: &'a str) {
        let (name, value) = split_option(word);
        let Some(option) = self.option(name) else { return };
        self.given.push(option.name);
        if option.kind.is_none() {
            return;
        }
        match value {
            Some(value) => self.take_value(option, value),
            None => self.awaits = Some(option),
        }
    }

    fn take_value(&mut self, option: Entry, value: &'a str) {
        if option.name == "--profile-location" {
            self.location = Some(value);
        }
    }

    /// The option of the command with that name, be it the long or the short one.
    pub(super) fn option(&self, name: &str) -> Option<Entry> {
        self.command.options().find(|option| option.name == name || option.short == Some(name))
    }

    /// Whether no command has been named, and no help asked for.
    pub(super) fn is_at_start(&self) -> bool {
        self.is_without_command() && !self.asks_for_help && !self.is_past_options
    }

    pub(super) fn is_without_command(&self) -> bool {
        self.command.path == "keyfob"
    }

    fn is_exec(&self) -> bool {
        self.command.path == "keyfob exec" && !self.asks_for_help
    }

    fn has_profile(&self) -> bool {
        self.given.contains(&PROFILE)
    }

    /// Whether a word in this place is a program's.
    fn starts_program(&self) -> bool {
        self.is_exec() && (self.has_profile() || !self.words.is_empty())
    }

    /// The word, counted from 1, at which a program's command line begins that the last word is a part of.
    pub(super) fn program(&self, typed: &str, at: usize) -> Option<usize> {
        let starts_here = self.awaits.is_none() && self.starts_program() && !typed.starts_with('-');
        self.program.or(starts_here.then_some(at + 1))
    }

    /// What a word in this place is to be; `None`: it would be too much.
    pub(super) fn word(&self) -> Option<Entry> {
        let takes_profile = self.option(PROFILE).is_some();
        let wanted = self.command.words().skip(usize::from(takes_profile && self.has_profile()));
        let last = self.command.words().last().filter(|last| last.is_repeated);
        wanted.skip(self.words.len()).chain(last).next()
    }
}

/// `--name=value` and `-nvalue`, in two.
pub(crate) fn split_option(option: &str) -> (&str, Option<&str>) {
    if option.starts_with("--") {
        return option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    }
    match option.char_indices().nth(2) {
        Some((end, _)) => (&option[..end], Some(option[end..].strip_prefix('=').unwrap_or(&option[end..]))),
        None => (option, None),
    }
}
