//! That the manual pages describe the command line, no less of it and no more, and are clean mdoc.
//!
//! What the pages say is compared with argh's own description. <https://man.openbsd.org/mdoc.7>

use super::peer;
use argh::{CommandInfoWithArgs, FlagInfoKind};
use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

/// keyfob's own spelling of `--help`, which argh does not know.
const SHORT_HELP: &str = "-h";
/// What `exec` runs; argh never sees it.
const OF_EXEC: [&str; 2] = ["command", "argument"];

/// A page as its macro lines.
struct Page {
    /// `keyfob-process`.
    name: String,
    text: String,
}

impl Page {
    fn of(command: &str) -> Self {
        let name = if command == "keyfob" { command.to_owned() } else { format!("keyfob-{command}") };
        let path = folder().join(format!("{name}.1"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        Self { name, text }
    }

    fn section(&self, title: &str) -> impl Iterator<Item = &str> {
        let heading = format!(".Sh {title}");
        let lines = self.text.lines().skip_while(move |line| *line != heading).skip(1);
        lines.take_while(|line| !line.starts_with(".Sh "))
    }

    /// The heads of the lists in a section: the lines `.It …` without the macro.
    fn items(&self, section: &str) -> Vec<Vec<&str>> {
        self.section(section).filter_map(|line| Some(line.strip_prefix(".It ")?.split(' ').collect())).collect()
    }

    /// Every word that follows a macro in the lines of a section: `marked("SYNOPSIS", "Ar")`.
    fn marked(&self, section: &str, wanted: &str) -> BTreeSet<String> {
        self.section(section)
            .filter(|line| line.starts_with('.'))
            .flat_map(|line| after(&words(line), wanted))
            .collect()
    }
}

fn words(line: &str) -> Vec<&str> {
    line.trim_start_matches('.').split(' ').collect()
}

/// The words after each `wanted`.
fn after(words: &[&str], wanted: &str) -> Vec<String> {
    words.windows(2).filter(|pair| pair[0] == wanted).map(|pair| pair[1].to_owned()).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("man")
}

fn spelled(flags: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    flags.into_iter().map(|flag| format!("-{flag}")).collect()
}

/// The command itself and all below it.
fn commands() -> Vec<CommandInfoWithArgs> {
    // argh calls the outermost one by the name of its type.
    let mut all = vec![CommandInfoWithArgs { name: "keyfob", ..keyfob::command_line() }];
    let mut next = 0;
    while next < all.len() {
        let above = if next == 0 { String::new() } else { format!("{}-", all[next].name) };
        let below = all[next].commands.clone();
        // Pages are called `keyfob-sso-login`; they live as long as the tests.
        let named = |name| String::leak(format!("{above}{name}"));
        all.extend(below.into_iter().map(|below| CommandInfoWithArgs { name: named(below.name), ..below.command }));
        next += 1;
    }
    all
}

fn set<T: Into<String>>(items: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    items.into_iter().map(Into::into).collect()
}

#[test]
fn every_command_has_a_page_and_every_page_a_command() {
    let wanted = commands().into_iter().map(|command| format!("{}.1", Page::of(command.name).name));
    let found = fs::read_dir(folder()).expect("there is a folder of pages").flatten();
    let found = found.map(|entry| entry.file_name().into_string().expect("pages have plain names"));
    assert_eq!(set(found), set(wanted));
}

#[test]
fn pages_list_the_commands_below_their_own_and_no_other() {
    for command in commands() {
        let page = Page::of(command.name);
        let listed = page.items("DESCRIPTION").into_iter().flat_map(|item| after(&item, "Cm")).collect();
        let wanted = set(command.commands.iter().map(|below| below.name));
        assert_eq!(wanted, listed, "{}", page.name);
        // The synopses of groups name them, too; that of the first page says that there are some.
        if command.name != "keyfob" && !wanted.is_empty() {
            let synopsis = page.section("SYNOPSIS").filter_map(|line| line.strip_prefix(".Cm "));
            assert_eq!(wanted, set(synopsis.flat_map(|names| names.split(" | "))), "{}", page.name);
        }
    }
}

#[test]
fn pages_list_every_option_as_it_is_spelled_and_no_other() {
    for command in commands() {
        let page = Page::of(command.name);
        let items = page.items("DESCRIPTION");
        let listed = items.iter().flat_map(|item| spelled(after(item, "Fl")));
        let mut wanted = BTreeSet::from([SHORT_HELP.to_owned()]);
        for flag in command.flags.iter().filter(|flag| !flag.hidden) {
            wanted.insert(flag.long.to_owned());
            wanted.extend(flag.short.map(|short| format!("-{short}")));
        }
        assert_eq!(set(listed), wanted, "{}", page.name);
    }
}

#[test]
fn pages_tell_both_spellings_and_the_value_of_an_option_together() {
    for command in commands() {
        let page = Page::of(command.name);
        for flag in command.flags.iter().filter(|flag| !flag.hidden) {
            let spellings = flag.short.map(|short| format!("-{short}")).into_iter().chain([flag.long.to_owned()]);
            let items = page.items("DESCRIPTION");
            let item = items.iter().find(|item| spelled(after(item, "Fl")).contains(flag.long));
            let item = item.unwrap_or_else(|| panic!("{} lacks {}", page.name, flag.long));
            let spellings: BTreeSet<String> = spellings.collect();
            assert!(spelled(after(item, "Fl")).is_superset(&spellings), "{}: {}", page.name, flag.long);
            let values = match flag.kind {
                FlagInfoKind::Switch => Vec::new(),
                FlagInfoKind::Option { arg_name } => vec![arg_name; spellings.len()],
            };
            assert_eq!(after(item, "Ar"), values, "{}: the value of {}", page.name, flag.long);
        }
    }
}

#[test]
fn synopses_show_every_option_and_no_other() {
    for command in commands() {
        let page = Page::of(command.name);
        // `Fl -` alone ends the options.
        let mut shown = spelled(page.marked("SYNOPSIS", "Fl").into_iter().filter(|flag| flag != "-"));
        shown.remove(SHORT_HELP);
        let options = command.flags.iter().filter(|flag| !flag.hidden && flag.long != "--help");
        let wanted = options.map(|flag| flag.short.map_or_else(|| flag.long.to_owned(), |short| format!("-{short}")));
        assert_eq!(shown, set(wanted), "{}", page.name);
    }
}

#[test]
fn pages_list_every_word_that_a_command_takes() {
    for command in commands() {
        let page = Page::of(command.name);
        if command.name == "keyfob" {
            continue;
        }
        let mut wanted = set(command.positionals.iter().filter(|word| !word.hidden).map(|word| word.name));
        wanted.extend(set(OF_EXEC).into_iter().filter(|_| command.name == "exec"));
        let items = page.items("DESCRIPTION");
        let heads = items.iter().filter(|item| item[0] == "Ar");
        assert_eq!(set(heads.flat_map(|item| after(item, "Ar"))), wanted, "{}", page.name);
        let values = command.flags.iter().filter_map(|flag| match flag.kind {
            FlagInfoKind::Option { arg_name } => Some(arg_name),
            FlagInfoKind::Switch => None,
        });
        assert_eq!(page.marked("SYNOPSIS", "Ar"), &wanted | &set(values), "{}", page.name);
    }
}

#[test]
fn the_first_page_lists_the_exit_codes() {
    let page = Page::of("keyfob");
    let listed = page.items("EXIT STATUS").concat();
    let codes = keyfob::command_line().error_codes.iter().map(|code| code.code.to_string());
    assert_eq!(set(listed), set(std::iter::once("0".to_owned()).chain(codes)));
}

#[test]
fn pages_have_the_sections_of_a_manual_in_their_order() {
    const ORDER: &str = "NAME, SYNOPSIS, DESCRIPTION, ENVIRONMENT, FILES, EXIT STATUS, EXAMPLES, SEE ALSO, STANDARDS";
    for command in commands() {
        let page = Page::of(command.name);
        let sections: Vec<&str> = page.text.lines().filter_map(|line| line.strip_prefix(".Sh ")).collect();
        assert!(sections.join(", ").starts_with(ORDER), "{}: {sections:?}", page.name);
    }
}

#[test]
fn pages_are_clean_mdoc() {
    let Some(mandoc) = peer::program("mandoc") else { return };
    for command in commands() {
        let page = Page::of(command.name);
        let lint = Command::new(&mandoc)
            .args(["-T", "lint", "-W", "warning"])
            .arg(folder().join(format!("{}.1", page.name)))
            .output()
            .expect("mandoc can be run");
        let said = [lint.stdout, lint.stderr].concat();
        assert!(lint.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
    }
}
