//! A page of the manual as its macro lines. <https://man.openbsd.org/mdoc.7>

use super::root;
use argh::CommandInfoWithArgs;
use std::{collections::BTreeSet, fs, path::PathBuf};

pub(super) struct Page {
    /// `keyfob-process`.
    pub(super) name: String,
    /// Of the manual: 1 commands, 5 files, 7 the rest.
    pub(super) number: u8,
    pub(super) path: PathBuf,
    pub(super) text: String,
}

pub(super) fn folder() -> PathBuf {
    root().join("man")
}

impl Page {
    /// The page of a command.
    pub(super) fn of(command: &CommandInfoWithArgs) -> Self {
        Self::named(&name_of(command), 1)
    }

    pub(super) fn named(name: &str, number: u8) -> Self {
        let path = folder().join(format!("{name}.{number}"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        Self { name: name.to_owned(), number, path, text }
    }

    /// Every page that there is.
    pub(super) fn all() -> Vec<Self> {
        let entries = fs::read_dir(folder()).expect("there is a folder of pages").flatten();
        let names = entries.map(|entry| entry.file_name().into_string().expect("pages have plain names"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        let page = |name: &String| {
            let (name, number) = name.rsplit_once('.').expect("pages have a number");
            Self::named(name, number.parse().expect("pages have a number"))
        };
        names.iter().map(page).collect()
    }

    /// `keyfob-process(1)`.
    pub(super) fn title(&self) -> String {
        format!("{}({})", self.name, self.number)
    }

    /// The sections in their order.
    pub(super) fn sections(&self) -> Vec<&str> {
        self.text.lines().filter_map(|line| line.strip_prefix(".Sh ")).collect()
    }

    pub(super) fn section(&self, title: &str) -> impl Iterator<Item = &str> {
        let heading = format!(".Sh {title}");
        let lines = self.text.lines().skip_while(move |line| *line != heading).skip(1);
        lines.take_while(|line| !line.starts_with(".Sh "))
    }

    /// The heads of the lists in a section: the lines `.It …` without the macro.
    pub(super) fn items(&self, section: &str) -> Vec<Vec<&str>> {
        self.section(section).filter_map(|line| Some(line.strip_prefix(".It ")?.split(' ').collect())).collect()
    }

    /// What is said below the first item whose head has this macro with this word.
    pub(super) fn item(&self, section: &str, macro_name: &str, word: &str) -> Vec<&str> {
        let is_head = |line: &&str| {
            line.strip_prefix(".It ").is_some_and(|head| after(&words(head), macro_name).iter().any(|it| it == word))
        };
        let lines = self.section(section).skip_while(|line| !is_head(line)).skip(1);
        lines.take_while(|line| !line.starts_with(".It ") && *line != ".El").collect()
    }

    /// Every word that follows a macro in the lines of a section: `marked("SYNOPSIS", "Ar")`.
    pub(super) fn marked(&self, section: &str, wanted: &str) -> BTreeSet<String> {
        self.section(section)
            .filter(|line| line.starts_with('.'))
            .flat_map(|line| after(&words(line), wanted))
            .collect()
    }

    /// The pages that it names: `keyfob-process(1)`.
    pub(super) fn named_pages(&self) -> impl Iterator<Item = String> {
        let names = self.text.lines().filter_map(|line| line.strip_prefix(".Xr "));
        names.filter_map(|line| match words(line)[..] {
            [name, number, ..] => Some(format!("{name}({number})")),
            _ => None,
        })
    }
}

/// `keyfob-sso-login` for `sso-login`.
pub(super) fn name_of(command: &CommandInfoWithArgs) -> String {
    if command.name == "keyfob" { command.name.to_owned() } else { format!("keyfob-{}", command.name) }
}

pub(super) fn words(line: &str) -> Vec<&str> {
    line.trim_start_matches('.').split(' ').collect()
}

/// The words after each `wanted`.
pub(super) fn after(words: &[&str], wanted: &str) -> Vec<String> {
    words.windows(2).filter(|pair| pair[0] == wanted).map(|pair| pair[1].to_owned()).collect()
}

/// All arguments of a macro in a line, up to the next one: `b` and `c` of `Fl a , Cm b , c`.
pub(super) fn all_after<'a>(line: &'a str, wanted: &str) -> Vec<&'a str> {
    let is_macro = |word: &str| word.len() == 2 && word.starts_with(char::is_uppercase);
    let rest = words(line).into_iter().skip_while(|word| *word != wanted).skip(1);
    rest.take_while(|word| !is_macro(word)).filter(|word| !matches!(*word, "," | "." | ";" | ":" | "|")).collect()
}
