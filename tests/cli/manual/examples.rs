//! That the command lines which pages, README and help show are understood: their commands and options exist.

use super::page::Page;
use super::{commands, options, root};
use argh::CommandInfoWithArgs;
use std::{collections::BTreeMap, fs};

/// What comes before a command line that stands inside another one.
const BEFORE: [&str; 9] = ["$", "|", "&&", "{", "do", "=", "--", "lambda:", "%"];
/// Letters that may stand right before it there.
const OPENING: [char; 5] = ['"', '\'', '$', '(', '`'];
/// What ends it.
const ENDS: [&str; 9] = ["|", "&&", ">", ">>", "#", ";", "}", "\\", "…"];

/// The command lines of keyfob in a line of text, each as its words.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let bare = token.rsplit(OPENING).next().unwrap_or(token);
        let is_inside = bare.len() < token.len();
        let is_command = at == 0 || is_inside || BEFORE.iter().any(|before| tokens[at - 1].ends_with(before));
        if !is_command || !matches!(bare, "keyfob" | "kf") {
            continue;
        }
        let mut words = Vec::new();
        let mut is_quoted = false;
        for word in &tokens[at + 1..] {
            // What stands between quotes is a value.
            let was_quoted = is_quoted;
            is_quoted ^= word.matches('\'').count() % 2 == 1;
            if was_quoted {
                continue;
            }
            if ENDS.contains(word) || word.starts_with('>') {
                break;
            }
            let whole = word.trim_end_matches(['"', '\'', ')', '`', ';', ',', '.']);
            words.push(whole.trim_start_matches(['"', '\'']).to_owned());
            // Whatever closes is where the line around it goes on.
            if word[whole.len()..].contains([')', '`', ';']) {
                break;
            }
        }
        found.push(words.into_iter().filter(|word| !word.is_empty()).collect());
    }
    found
}

/// The lines and spans of a Markdown text that are code.
fn code_of_markdown(text: &str) -> Vec<String> {
    let mut code = Vec::new();
    let mut is_fenced = false;
    for line in text.lines().map(|line| line.replace("\\|", "|")) {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced || line.starts_with("    ") {
            code.extend(
                line.trim_start()
                    .strip_prefix("$ ")
                    .or(line.starts_with("    keyfob").then(|| line.trim()))
                    .map(str::to_owned),
            );
        } else {
            code.extend(line.replace("``", "").split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    code
}

/// The same of a page.
fn code_of_page(page: &Page) -> Vec<String> {
    let plain = page.text.replace("\\(dq", "\"").replace("\\(ga", "`").replace("\\e", "\\").replace("\\&", "");
    let mut code = Vec::new();
    let mut is_literal = false;
    for line in plain.lines() {
        if line.starts_with(".Bd -literal") || line == ".Ed" {
            is_literal = line != ".Ed";
        } else if let Some(said) = line.strip_prefix(".Dl ").or_else(|| line.strip_prefix(".Ql ")) {
            code.push(said.strip_prefix("$ ").unwrap_or(said).replace(" Ar ", " "));
        } else if is_literal && (line.starts_with("$ ") || line.contains("(keyfob ")) {
            code.push(line.strip_prefix("$ ").unwrap_or(line).to_owned());
        }
    }
    code
}

/// Why a command line is not understood.
fn complaint(words: &[String], known: &BTreeMap<&str, CommandInfoWithArgs>) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).skip_while(|word| *word == "help").collect();
    let first = *words.first()?;
    if first.starts_with('-') || matches!(first, "files" | "tutorial" | "COMMAND" | "command") {
        return None;
    }
    let pair = words.get(1).map(|second| format!("{first}-{second}"));
    let name = pair.as_deref().filter(|pair| known.contains_key(pair)).unwrap_or(first);
    let Some(command) = known.get(name) else { return Some(format!("there is no command {name}")) };
    let is_group = !command.commands.is_empty() && command.positionals.is_empty();
    if let Some(below) = words.get(1).filter(|below| is_group && !below.starts_with('-')) {
        return Some(format!("there is no command {first} {below}"));
    }
    let all: Vec<_> = options(command).collect();
    for word in words.iter().take_while(|word| **word != "--").filter(|word| word.starts_with('-') && word.len() > 1) {
        let option = word.split('=').next().unwrap_or(word);
        let is_short = |short: char| option == format!("-{short}");
        let is_known = all.iter().any(|flag| flag.long == option || flag.short.is_some_and(is_short));
        // It may stand before the command, and so behind every one.
        if !is_known && !matches!(option, "-p" | "--profile" | "-h") {
            return Some(format!("`keyfob {}` has no option {option}", name.replace('-', " ")));
        }
    }
    None
}

#[test]
fn command_lines_that_are_shown_are_understood() {
    let all = commands();
    let known: BTreeMap<&str, _> = all.into_iter().map(|command| (command.name, command)).collect();
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let mut sources = vec![("README.md".to_owned(), code_of_markdown(&readme))];
    sources.extend(Page::all().iter().map(|page| (page.title(), code_of_page(page))));
    for (name, command) in &known {
        let lines = command.examples.iter().flat_map(|example| example.lines()).map(str::to_owned);
        sources.push((format!("`keyfob help {name}`"), lines.collect()));
    }
    let mut shown = 0;
    let mut complaints = Vec::new();
    for (source, lines) in &sources {
        for words in lines.iter().flat_map(|line| command_lines(line)) {
            shown += 1;
            complaints.extend(complaint(&words, &known).map(|why| format!("{source}: {why}: {}", words.join(" "))));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(shown > 250, "only {shown} were found");
}

#[test]
fn command_lines_are_found_within_others() {
    for (text, found) in [
        ("keyfob env dev --shell fish | source", &["env dev --shell fish"][..]),
        ("eval \"$(keyfob env dev)\"", &["env dev"]),
        ("eval \"`keyfob init tcsh`\"", &["init tcsh"]),
        ("PS1='$(keyfob prompt --shell bash) $ '", &["prompt --shell bash"]),
        ("keyfob login; keyfob logout", &["login"]),
        ("keyfob exec dev -- keyfob whoami # x", &["exec dev -- keyfob whoami", "whoami"]),
        ("kf use --picker 'fzf --height 40%' --unset", &["use --picker fzf --unset"]),
        ("what keyfob does", &[]),
    ] {
        let lines: Vec<String> = command_lines(text).iter().map(|words| words.join(" ")).collect();
        assert_eq!(lines, found, "{text}");
    }
}

#[test]
fn what_does_not_exist_is_complained_about() {
    let all = commands();
    let known: BTreeMap<&str, _> = all.into_iter().map(|command| (command.name, command)).collect();
    for (line, is_good) in [
        ("sso login dev --no-browser", true),
        ("-p dev env", true),
        ("exec dev -- terraform --odd", true),
        ("sso logon", false),
        ("env --colour", false),
        ("sign-in", false),
    ] {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        assert_eq!(complaint(&words, &known).is_none(), is_good, "{line}");
    }
}
