//! The literals of the crate's source, without those of its tests: what it calls variables and settings.

use super::root;
use std::{collections::BTreeSet, fs, path::Path};

/// The texts between double quotes in these files and folders of `src`, each once.
pub(super) fn literals(places: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for place in places {
        let path = root().join("src").join(place);
        assert!(path.exists(), "there is no {}", path.display());
        visit(&path, &mut |text| found.extend(literals_in(text)));
    }
    found
}

/// The names of this form in the scripts that shells evaluate.
pub(super) fn names_in_scripts(prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    visit(&root().join("shell"), &mut |text| {
        let is_part = |letter: char| letter.is_ascii_uppercase() || letter == '_' || letter.is_ascii_digit();
        found.extend(text.split(|letter| !is_part(letter)).filter(|word| word.starts_with(prefix)).map(str::to_owned));
    });
    found
}

fn visit(path: &Path, see: &mut impl FnMut(&str)) {
    let is_of_tests = path.file_stem().is_some_and(|name| name == "tests");
    // What links the binary is no part of it.
    if is_of_tests || path.ends_with("src/build.rs") {
        return;
    }
    if path.is_dir() {
        fs::read_dir(path).expect("the folder can be read").flatten().for_each(|entry| visit(&entry.path(), see));
    } else if let Ok(text) = fs::read_to_string(path) {
        see(&text);
    }
}

fn literals_in(source: &str) -> impl Iterator<Item = String> {
    let (source, _) = source.split_once("\nmod tests {").unwrap_or((source, ""));
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    // Neither a quote that is a character nor one inside a text ends anything.
    let plain = code.map(|line| line.replace("'\"'", "").replace("\\\"", ""));
    plain
        .flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn literals_are_found_where_they_count() {
    const SOURCE: &str =
        "//! \"A\"\nfn f() { g('\"', \"B\", \"C\"); } // \"D\"\n    /// \"E\"\n#[cfg(test)]\nmod tests {\n\"F\"\n}";
    assert_eq!(literals_in(SOURCE).collect::<Vec<_>>(), ["B", "C", "D"]);
}
