//! The program that the manual page shows, as it lies there, around a `pass` that keeps plain files.

use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// As much of <https://www.passwordstore.org> as the program uses.
const PASS: &str = r#"#!/bin/sh
word=$1
for name; do :; done
file=$HOME/.password-store/$name.gpg
case $word in
    show) cat "$file" ;;
    insert) mkdir -p "${file%/*}" && cat >"$file" ;;
    rm) rm "$file" ;;
esac
"#;

fn program() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/man/keyfob-store.1");
    let page = fs::read_to_string(page).expect("there is such a page");
    let (_, rest) = page.split_once("\n#!/bin/sh\n").expect("the page has a program");
    let (program, _) = rest.split_once("\n.Ed\n").expect("it has an end");
    assert!(!program.contains(['\\', '\t']), "roff would show it otherwise");
    assert!(!program.lines().any(|line| line.starts_with(['.', '\''])), "roff would take a line for its own");
    program.to_owned()
}

#[test]
fn program_of_the_page_keeps_keys_and_gives_them_back() {
    let vault = Vault::new();
    vault.home.write("keyfob-pass", program());
    let pass = vault.home.write("bin/pass", PASS);
    fs::set_permissions(pass, fs::Permissions::from_mode(0o700)).expect("the home is ours");
    let store = format!("exec:sh {}", vault.path("keyfob-pass"));
    let path = format!("{}:/usr/bin:/bin", vault.path("bin"));
    let keyfob = |words: &[&str]| vault.keyfob(words.to_vec()).env("PATH", &path);

    keyfob(&["store", "move", "dev", "--to", &store]).any_stdout().run();
    assert!(!vault.home.read(".aws/credentials").contains(MARKER));
    keyfob(&["process", "dev"]).stdout(vault.document()).run();
    let named_oddly = vault.noted_as("team/dev", &store);
    vault.home.write(".aws/config", vault.home.read(".aws/config") + &named_oddly);
    keyfob(&["store", "list"]).stdout("exec:sh  dev\nexec:sh  team/dev  missing in the store\n").run();

    keyfob(&["store", "move", "dev", "--to", "credentials"]).any_stdout().run();
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    keyfob(&["store", "list"]).stdout("credentials  dev\nexec:sh      team/dev  missing in the store\n").run();
}
