//! What `keyfob help COMMAND` prints against the page of the command: whoever has no `man` reads the same there.

use super::page::{Page, all_after, name_of, words};
use super::{commands, options, root, set, value_of};
use crate::keyfob::Home;
use std::collections::BTreeSet;

/// What the binary prints for `help` and these words.
fn help(command: &str) -> String {
    let mut words = vec!["help"];
    words.extend(command.split('-').filter(|word| *word != "keyfob"));
    Home::new().keyfob(words).any_stdout().run().stdout
}

/// Words and options of a line of usage, each in a form of its own: `-p name` of `[-p <name>]`, `profile` of `[<profile>]`.
fn of_usage(line: &str) -> BTreeSet<String> {
    let bare = |word: &str| word.trim_matches(['[', ']', '<', '>']).trim_end_matches("...").to_owned();
    let mut found = BTreeSet::new();
    let mut words = line.split_whitespace().filter(|word| bare(word) != "--").peekable();
    while let Some(word) = words.next() {
        // A switch ends its own bracket.
        let takes_value = word.starts_with("[-") && !word.ends_with(']');
        match words.next_if(|_| takes_value) {
            Some(value) => found.insert(format!("{} {}", bare(word), bare(value))),
            None => found.insert(bare(word)),
        };
    }
    found
}

/// The same of the synopsis of a page.
fn of_synopsis(page: &Page) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in page.section("SYNOPSIS").filter(|line| line.starts_with('.') && !line.starts_with(".Nm")) {
        let all = words(line);
        let mut rest = all.iter().copied().peekable();
        while let Some(word) = rest.next() {
            match word {
                "Fl" => {
                    let flag = rest.next().expect("an option has a name");
                    let value = rest.next_if(|next| *next == "Ar").and_then(|_| rest.next());
                    // `Fl -` alone ends the options, and usage does not show `-h`.
                    if !matches!(flag, "-" | "h") {
                        found.insert(value.map_or_else(|| format!("-{flag}"), |value| format!("-{flag} {value}")));
                    }
                }
                "Ar" => found.extend(rest.next().map(str::to_owned)),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn help_and_page_show_the_same_synopsis() {
    for command in commands() {
        // That of the first page shows `-h` too, and those of groups name their commands.
        if !command.commands.is_empty() {
            continue;
        }
        let help = help(command.name);
        let usage = help.lines().next().and_then(|line| line.strip_prefix("Usage: keyfob ")).expect("a usage");
        let path = command.name.replace('-', " ");
        let usage = usage.strip_prefix(&path).unwrap_or_else(|| panic!("{usage}"));
        // argh has it in the plural where it is told in a line of its own.
        let usage = usage.replace("<arguments>", "<argument>");
        assert_eq!(of_usage(&usage), of_synopsis(&Page::of(&command)), "{}", command.name);
    }
}

#[test]
fn help_shows_the_options_commands_and_exit_codes_of_the_page() {
    for command in commands() {
        let help = help(command.name);
        let first_words = |title: &str| {
            let lines = help.lines().skip_while(|line| *line != title).skip(1).take_while(|line| !line.is_empty());
            let lines = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
            lines.map(|line| line.split_whitespace().collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let page = Page::of(&command);
        let items = page.items("DESCRIPTION");
        let listed = items.iter().flat_map(|item| {
            let flags = item.windows(2).filter(|pair| pair[0] == "Fl").map(|pair| format!("-{}", pair[1]));
            flags.collect::<Vec<_>>()
        });
        let shown = first_words("Options:");
        let shown = shown.iter().flatten().map(|word| word.trim_end_matches(','));
        let mut shown = set(shown.filter(|word| word.starts_with('-')));
        shown.insert("-h".to_owned());
        assert!(shown.is_superset(&set(listed)), "{}", page.title());

        let below = first_words("Commands:").into_iter().map(|words| words[0].to_owned());
        let in_page = items.iter().filter(|item| item[0] == "Cm").map(|item| item[1]);
        assert_eq!(set(below), set(in_page), "{}", page.title());

        let codes = help.lines().skip_while(|line| *line != "Error codes:").skip(1);
        let codes = set(codes.map_while(|line| line.strip_prefix("  ")?.split(' ').next()));
        let in_page = set(page.items("EXIT STATUS").concat());
        assert!(codes.is_subset(&in_page), "{}: {codes:?} {in_page:?}", page.title());
    }
}

/// A list at the end of a sentence: `bash`, `zsh` and `fish` of `shell to print for: bash, zsh or fish; …`.
fn list_in(description: &str) -> Option<Vec<&str>> {
    let (_, list) = description.split_once(": ")?;
    let list = list.split(';').next()?;
    let parts = list.split(", ").flat_map(|part| part.split(" or ")).flat_map(|part| part.split(" and "));
    let parts: Vec<&str> = parts.map(str::trim).collect();
    (parts.len() > 2 && parts.iter().all(|part| !part.is_empty() && !part.contains(' '))).then_some(parts)
}

#[test]
fn values_that_help_lists_are_those_of_the_page() {
    let mut compared = 0;
    for command in commands() {
        let page = Page::of(&command);
        for flag in options(&command).filter(|flag| value_of(flag).is_some()) {
            let Some(list) = list_in(flag.description) else { continue };
            let said = page.item("DESCRIPTION", "Fl", &flag.long[1..]);
            let marked =
                |wanted| set(said.iter().filter(|line| line.starts_with('.')).flat_map(|line| all_after(line, wanted)));
            let (commands, quoted) = (marked("Cm"), marked("Ql"));
            let told = if commands.is_empty() { &quoted } else { &commands };
            let lacking: Vec<_> = list.iter().filter(|value| !told.contains(**value)).collect();
            assert!(lacking.is_empty(), "{} lacks {lacking:?} of {}", page.title(), flag.long);
            // Names that stand in no other sense are those of the list alone.
            assert!(commands.is_empty() || commands == set(list), "{} has more than {}", page.title(), flag.long);
            compared += 1;
        }
    }
    assert!(compared > 2, "{compared} lists were found");
}

#[test]
fn shells_that_pages_name_are_those_that_have_scripts() {
    let of_page = |name: &str, macro_name: &str, word: &str| {
        let page = Page::named(name, 1);
        let said = page.item("DESCRIPTION", macro_name, word);
        set(said.iter().filter(|line| line.starts_with('.')).flat_map(|line| all_after(line, "Cm")))
    };
    let all = of_page("keyfob-env", "Fl", "-shell");
    for command in ["init", "completions"] {
        let told = of_page(&format!("keyfob-{command}"), "Ar", "shell");
        let can_print = |shell: &String| {
            let run = Home::new().keyfob([command, shell.as_str()]).any_code().any_stdout().any_stderr().run();
            run.code == 0 && !run.stdout.is_empty()
        };
        assert_eq!(told, all.iter().filter(|shell| can_print(shell)).cloned().collect(), "{command}");
    }
}

#[test]
fn lines_for_start_files_are_those_that_the_scripts_tell_themselves() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README").replace("\\|", "|");
    let page = Page::named("keyfob-init", 1).text.replace("\\(dq", "\"").replace("\\(ga", "`");
    for shell in ["bash", "zsh", "sh", "fish", "powershell", "nushell", "elvish", "xonsh", "tcsh"] {
        let script = Home::new().keyfob(["init", shell]).any_stdout().run().stdout;
        let told = script.lines().find_map(|line| line.contains("keyfob init").then(|| line.rsplit(": ").next())?);
        let told = told.unwrap_or_else(|| panic!("the script for {shell} does not say where it goes"));
        // What is said behind it, and what ends a comment that is a word.
        let line = told.split(", since").next().unwrap_or(told).trim_end_matches("';");
        assert!(page.contains(&format!(".Ql {line}\n")), "keyfob-init(1) lacks {line}");
        assert!(readme.contains(&format!("`{line}`")), "README.md lacks {line}");
    }
}

#[test]
fn readme_mentions_every_command() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    for command in commands().iter().filter(|command| command.commands.is_empty()) {
        let words = command.name.replace('-', " ");
        let is_told = [format!("keyfob {words}"), format!("`{words}`"), format!("kf {words}")];
        assert!(is_told.iter().any(|form| readme.contains(form)), "README.md does not mention `keyfob {words}`");
    }
}

#[test]
fn who_has_no_man_is_told_where_the_other_pages_are() {
    for (name, number) in super::OVERVIEWS {
        let word = name.strip_prefix("keyfob-").expect("all pages are called keyfob");
        let answer = help(word);
        assert!(answer.contains(&format!("man {number} {name}")), "{answer}");
        assert!(answer.contains(&format!("man/{name}.{number}")), "{answer}");
    }
    assert_eq!(name_of(&commands()[0]), "keyfob");
}
