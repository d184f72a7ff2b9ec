//! The commands, their options and the words that follow them.

use super::entry::Entry;
use super::kind::Kind;

const TEXT: &str = include_str!("commands.txt");

/// A command, as far as completion has to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    /// The words that lead to it, from `keyfob` to its name.
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(super) description: &'static str,
    /// Its options and words, each in a line.
    entries: &'static str,
    /// What follows its block: those below it come first.
    rest: &'static str,
}

impl Command {
    /// The whole command line.
    pub(crate) fn keyfob() -> Self {
        all().next().unwrap_or(Self { path: "", name: "", description: "", entries: "", rest: "" })
    }

    /// The command of that name below this one.
    pub(crate) fn named(self, name: &str) -> Option<Self> {
        self.commands().find(|below| below.name == name)
    }

    /// The commands that may follow it.
    pub(crate) fn commands(self) -> impl Iterator<Item = Self> {
        let below = move |command: &Self| command.path.strip_prefix(self.path)?.strip_prefix(' ');
        let all_below = blocks(self.rest).take_while(move |command| below(command).is_some());
        all_below.filter(move |command| below(command).is_some_and(|path| !path.contains(' ')))
    }

    pub(super) fn options(self) -> impl Iterator<Item = Entry> {
        self.entries().filter(|entry| entry.name.starts_with("--"))
    }

    pub(super) fn words(self) -> impl Iterator<Item = Entry> {
        self.entries().filter(|entry| !entry.name.starts_with("--"))
    }

    /// The long names of its options.
    pub(crate) fn option_names(self) -> impl Iterator<Item = &'static str> {
        self.options().map(|option| option.name)
    }

    /// Whether one word follows it, which names a profile.
    pub(crate) fn takes_one_profile(self) -> bool {
        let mut words = self.words();
        let is_profile = |word: Entry| matches!(word.kind, Some(Kind::Profile | Kind::ProfileOrPrevious));
        words.next().is_some_and(is_profile) && words.next().is_none()
    }

    fn entries(self) -> impl Iterator<Item = Entry> {
        self.entries.lines().map(|line| Entry::parse(line.trim_start()))
    }

    fn parse(block: &'static str, rest: &'static str) -> Self {
        let (head, entries) = block.split_once('\n').unwrap_or((block, ""));
        let (path, description) = head.split_once(':').unwrap_or((head, ""));
        let name = path.rsplit(' ').next().unwrap_or(path);
        Self { path, name, description: description.trim_start(), entries, rest }
    }
}

fn all() -> impl Iterator<Item = Command> {
    // The first block says what the text is.
    let (_, text) = TEXT.split_once("\n\n").unwrap_or_default();
    blocks(text)
}

/// Block by block, no further than somebody asks: a TAB is to cost little more than the start of a program.
fn blocks(text: &'static str) -> impl Iterator<Item = Command> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let block = &rest[..end_of_block(rest)?];
        rest = rest[block.len()..].trim_start_matches('\n');
        Some(Command::parse(block, rest))
    })
}

/// Where the empty line is that ends the first block. A search for single bytes is several times as quick as one for two.
fn end_of_block(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(end) = text[from..].find('\n') {
        from += end + 1;
        if text[from..].starts_with('\n') {
            return Some(from - 1);
        }
    }
    (!text.is_empty()).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::super::entry::REPEATED;
    use super::*;
    use argh::{CommandInfoWithArgs, FlagInfoKind, Optionality};
    use std::fmt::Write as _;

    /// A description of argh's as the text has it. The kinds are those of the text; where it has none: `?`.
    fn render(command: &CommandInfoWithArgs, path: &str, text: &mut String) {
        write!(text, "\n{path}").expect("a String takes all");
        end_line(command.description, text);
        for flag in command.flags.iter().filter(|flag| !flag.hidden) {
            write!(text, "  {}", flag.long).expect("a String takes all");
            // argh knows nothing of `-h`, which `cli/arguments` makes into the long one.
            let short = if flag.long == "--help" { Some('h') } else { flag.short };
            text.extend(short.into_iter().flat_map(|short| [' ', '-', short]));
            text.push_str(if flag.optionality == Optionality::Repeating { REPEATED } else { "" });
            if !matches!(flag.kind, FlagInfoKind::Switch) {
                write!(text, " = {}", kind(path, flag.long)).expect("a String takes all");
            }
            end_line(flag.description, text);
        }
        for word in command.positionals.iter().filter(|word| !word.hidden) {
            let repeated = if word.optionality == Optionality::Repeating { REPEATED } else { "" };
            write!(text, "  {}{repeated} = {}", word.name, kind(path, word.name)).expect("a String takes all");
            end_line(word.description, text);
        }
        for below in &command.commands {
            render(&below.command, &format!("{path} {}", below.name), text);
        }
    }

    fn end_line(description: &str, text: &mut String) {
        if !description.is_empty() {
            // Braces are doubled there.
            let description = description.replace('\n', " ").replace("{{", "{").replace("}}", "}");
            write!(text, ": {description}").expect("a String takes all");
        }
        text.push('\n');
    }

    /// What stands behind the name in that command's block.
    fn kind(path: &str, name: &str) -> &'static str {
        let command = all().find(|command| command.path == path);
        let line = command.and_then(|command| {
            let mut lines = command.entries.lines().map(str::trim_start);
            lines.find(|line| Entry::parse(line).name == name)
        });
        let before = line.map(|line| line.split(": ").next().unwrap_or(line));
        before.and_then(|before| before.split_once(" = ")).map_or("?", |(_, kind)| kind)
    }

    #[test]
    fn the_text_is_what_argh_says() {
        const WRITTEN: &str = concat!(env!("OUT_DIR"), "/commands.txt");
        let mut text = format!("{}\n", TEXT.split("\n\n").next().unwrap_or_default());
        render(&crate::command_line(), "keyfob", &mut text);
        if text != TEXT {
            std::fs::write(WRITTEN, &text).expect("the folder of the build can be written");
            panic!(
                "the commands have changed; take them over: cp '{WRITTEN}' '{}/src/completion/commands.txt'",
                env!("CARGO_MANIFEST_DIR")
            );
        }
    }

    #[test]
    fn every_option_and_word_has_a_kind_that_is_known() {
        for command in all() {
            for entry in command.entries() {
                let kind = kind(command.path, entry.name);
                let is_known = if entry.kind.is_some() { Kind::named(kind).is_some() } else { kind == "?" };
                assert!(is_known, "{} {}: \"{kind}\" is none of kind.rs", command.path, entry.name);
            }
        }
    }
}
