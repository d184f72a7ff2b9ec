//! Completion: what `keyfob complete` knows, and what becomes of it in the shells that ask.

mod adapters;
mod engine;
#[cfg(unix)]
mod hostile;
#[cfg(unix)]
mod typed;

use super::{
    keyfob::{Home, Invocation},
    peer,
};
use argh::CommandInfoWithArgs;
use std::path::{Path, PathBuf};

/// A script, as it lies in the source.
fn script(extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("shell/completions/keyfob.{extension}"))
}

/// A shell that finds keyfob on its path.
fn with_keyfob(shell: Invocation) -> Invocation {
    let folder = Path::new(env!("CARGO_BIN_EXE_keyfob")).parent().expect("it lies in a folder");
    shell.env("PATH", &format!("{}:/usr/bin:/bin", folder.display())).env("LANG", "C.UTF-8").env("LC_ALL", "C.UTF-8")
}

/// Every command of the description, by the words that lead to it.
fn commands() -> Vec<(Vec<&'static str>, CommandInfoWithArgs)> {
    fn add(
        path: &[&'static str],
        command: CommandInfoWithArgs,
        all: &mut Vec<(Vec<&'static str>, CommandInfoWithArgs)>,
    ) {
        for below in &command.commands {
            add(&[path, &[below.name]].concat(), below.command.clone(), all);
        }
        all.push((path.to_vec(), command));
    }
    let mut all = Vec::new();
    add(&[], keyfob::command_line(), &mut all);
    all
}

/// The names of the options of a command, as far as one begins so.
fn options(command: &CommandInfoWithArgs, typed: &str) -> Vec<String> {
    let mut names = Vec::new();
    for flag in command.flags.iter().filter(|flag| !flag.hidden) {
        names.push(flag.long.to_owned());
        let short = if flag.long == "--help" { Some('h') } else { flag.short };
        names.extend(short.map(|short| format!("-{short}")));
    }
    names.retain(|name| name.starts_with(typed));
    names
}

/// A description as a person is told it: braces are doubled in argh's.
fn told(description: &str) -> String {
    description.replace("{{", "{").replace("}}", "}")
}
