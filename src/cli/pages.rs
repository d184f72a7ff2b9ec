//! `keyfob help files` and `keyfob help tutorial`: what the pages that are about no command come to, for whoever has no
//! `man`, and where they are.

use super::columns::{EmptyColumns, columns};
use crate::context::Vars;
use crate::paths;
use crate::profile::FileKind;
use std::path::PathBuf;

/// A first hour in lines to type.
const TUTORIAL: &str = "\
keyfob configure sso dev         # a profile for a role of IAM Identity Center,
keyfob login dev                 # or one that signs in with the AWS console,
keyfob profile set dev           # or any other kind, step by step
keyfob whoami dev                # whose credentials it has, as AWS sees it
keyfob explain dev               # where they come from; what to do when it fails
keyfob bridge dev                # every AWS tool gets them from keyfob
keyfob exec dev -- aws s3 ls     # or one command does
keyfob help init                 # the line by which a shell gets `kf use dev`
";

/// What to print where argh knows no such command; `None` for words that ask for no page.
pub(super) fn answer(words: &[&str], vars: &Vars) -> Option<String> {
    match words {
        ["files", "--help"] => Some(format!("{}\n{}", places(vars), where_it_is("keyfob-files", 5))),
        ["tutorial", "--help"] => Some(format!("{TUTORIAL}\n{}", where_it_is("keyfob-tutorial", 7))),
        _ => None,
    }
}

/// The files of this person here and now.
fn places(vars: &Vars) -> String {
    let shared = |file: FileKind| Some(paths::shared_file(vars, file.variable(), file.default_name()));
    let files: [(&str, Option<PathBuf>); 6] = [
        ("profiles", shared(FileKind::Config)),
        ("", shared(FileKind::Credentials)),
        ("console sign-ins", paths::login_cache_folder(vars)),
        ("IAM Identity Center", paths::sso_cache_folder(vars)),
        ("cache", paths::cache_folder(vars)),
        ("sealed file", paths::sealed_file(vars)),
    ];
    let row = |(what, path): (&str, Option<PathBuf>)| [what.to_owned(), path.unwrap_or_default().display().to_string()];
    columns(&files.map(row), EmptyColumns::Kept)
}

fn where_it_is(name: &str, number: u8) -> String {
    format!(
        "The whole page: `man {number} {name}`, or, where no pages were installed, `man man/{name}.{number}` in a copy of \
         keyfob's source.\n"
    )
}
