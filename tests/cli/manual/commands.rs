//! The pages on commands against argh's description of them.

use super::page::{Page, after};
use super::{OF_EXEC, OVERVIEWS, SHORT_HELP, commands, options, set, value_of};
use std::collections::BTreeSet;

fn spelled(flags: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    flags.into_iter().map(|flag| format!("-{flag}")).collect()
}

#[test]
fn every_command_has_a_page_and_every_page_a_command() {
    let wanted = commands().iter().map(|command| Page::of(command).title()).collect::<Vec<_>>();
    let overviews = OVERVIEWS.map(|(name, number)| format!("{name}({number})"));
    assert_eq!(set(Page::all().iter().map(Page::title)), set(wanted.into_iter().chain(overviews)));
}

#[test]
fn pages_list_the_commands_below_their_own_and_no_other() {
    for command in commands() {
        let page = Page::of(&command);
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
        let page = Page::of(&command);
        let items = page.items("DESCRIPTION");
        let listed = items.iter().flat_map(|item| spelled(after(item, "Fl")));
        let mut wanted = BTreeSet::from([SHORT_HELP.to_owned()]);
        for flag in options(&command) {
            wanted.insert(flag.long.to_owned());
            wanted.extend(flag.short.map(|short| format!("-{short}")));
        }
        assert_eq!(set(listed), wanted, "{}", page.name);
    }
}

#[test]
fn pages_tell_both_spellings_and_the_value_of_an_option_together() {
    for command in commands() {
        let page = Page::of(&command);
        for flag in options(&command) {
            let spellings = flag.short.map(|short| format!("-{short}")).into_iter().chain([flag.long.to_owned()]);
            let items = page.items("DESCRIPTION");
            let item = items.iter().find(|item| spelled(after(item, "Fl")).contains(flag.long));
            let item = item.unwrap_or_else(|| panic!("{} lacks {}", page.name, flag.long));
            let spellings: BTreeSet<String> = spellings.collect();
            assert!(spelled(after(item, "Fl")).is_superset(&spellings), "{}: {}", page.name, flag.long);
            let values = value_of(flag).map_or_else(Vec::new, |value| vec![value; spellings.len()]);
            assert_eq!(after(item, "Ar"), values, "{}: the value of {}", page.name, flag.long);
        }
    }
}

#[test]
fn synopses_show_every_option_and_no_other() {
    for command in commands() {
        let page = Page::of(&command);
        // `Fl -` alone ends the options.
        let mut shown = spelled(page.marked("SYNOPSIS", "Fl").into_iter().filter(|flag| flag != "-"));
        shown.remove(SHORT_HELP);
        let options = options(&command).filter(|flag| flag.long != "--help");
        let wanted = options.map(|flag| flag.short.map_or_else(|| flag.long.to_owned(), |short| format!("-{short}")));
        assert_eq!(shown, set(wanted), "{}", page.name);
    }
}

#[test]
fn pages_list_every_word_that_a_command_takes() {
    for command in commands() {
        let page = Page::of(&command);
        if command.name == "keyfob" {
            continue;
        }
        let mut wanted = set(command.positionals.iter().filter(|word| !word.hidden).map(|word| word.name));
        wanted.extend(set(OF_EXEC).into_iter().filter(|_| command.name == "exec"));
        let items = page.items("DESCRIPTION");
        let heads = items.iter().filter(|item| item[0] == "Ar");
        assert_eq!(set(heads.flat_map(|item| after(item, "Ar"))), wanted, "{}", page.name);
        let values = options(&command).filter_map(value_of);
        assert_eq!(page.marked("SYNOPSIS", "Ar"), &wanted | &set(values), "{}", page.name);
    }
}

#[test]
fn the_first_page_lists_the_exit_codes() {
    let page = Page::named("keyfob", 1);
    let listed = page.items("EXIT STATUS").concat();
    let codes = keyfob::command_line().error_codes.iter().map(|code| code.code.to_string());
    assert_eq!(set(listed), set(std::iter::once("0".to_owned()).chain(codes)));
}

#[test]
fn pages_know_no_other_exit_codes_than_the_first_one_and_their_help() {
    let first = set(Page::named("keyfob", 1).items("EXIT STATUS").concat());
    for command in commands() {
        let page = Page::of(&command);
        let mut listed = set(page.items("EXIT STATUS").concat());
        let own = set(command.error_codes.iter().map(|code| code.code.to_string()));
        assert!(listed.is_superset(&own), "{} lacks one of {own:?}", page.name);
        if command.name == "exec" {
            // Its notes name them.
            for code in ["126", "127"] {
                assert!(listed.remove(code) && command.notes[0].contains(code), "{code}");
            }
        }
        assert!(listed.is_subset(&first), "{}: {listed:?}", page.name);
    }
}

#[test]
fn pages_have_the_sections_of_a_manual_in_their_order() {
    const OF_COMMANDS: &str =
        "NAME, SYNOPSIS, DESCRIPTION, ENVIRONMENT, FILES, EXIT STATUS, EXAMPLES, SEE ALSO, STANDARDS";
    for page in Page::all() {
        let order = match page.number {
            1 => OF_COMMANDS,
            5 => "NAME, DESCRIPTION, ENVIRONMENT, FILES, EXAMPLES, SEE ALSO, STANDARDS",
            _ => "NAME, DESCRIPTION",
        };
        let sections = page.sections();
        assert!(sections.join(", ").starts_with(order), "{}: {sections:?}", page.title());
        assert!(sections.contains(&"SEE ALSO"), "{}", page.title());
    }
}
