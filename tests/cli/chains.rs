//! From a profile to its chain, as the table in `tests/data/chains.json` has it: each case gives both shared
//! files, the environment and the profile that is asked for, and says what `explain` makes of it.

use super::keyfob::{Home, Run, json};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    panic,
    path::{Path, PathBuf},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The rule that the case shows.
    docs: String,
    /// The lines of both files.
    #[serde(default)]
    config: Vec<String>,
    #[serde(default)]
    credentials: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// The profile that is named; nobody names one otherwise.
    profile: Option<String>,
    /// The links from the base on. One that says no file has it compared nowhere.
    chain: Option<Vec<Map<String, Value>>>,
    /// Words of the error, in place of a chain.
    error: Option<String>,
    /// The error's place, where the case is about that.
    file: Option<String>,
    line: Option<usize>,
    exit: Option<i32>,
}

impl Case {
    fn home(&self) -> Home {
        // No file of the machine that runs the tests may answer.
        let mut home = Home::new().env("BOTO_CONFIG", "~/no-such-file");
        for (path, lines) in [(".aws/config", &self.config), (".aws/credentials", &self.credentials)] {
            let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            home.write(path, text);
        }
        for (name, value) in &self.env {
            home.set_env(name, value);
        }
        home
    }

    fn run(&self, home: &Home) -> Run {
        let named = self.profile.iter().flat_map(|name| ["--profile", name]);
        let words = ["explain", "--json"].into_iter().chain(named);
        home.keyfob(words).any_stdout().any_stderr().code(self.exit.unwrap_or(0)).run()
    }

    fn check(&self) {
        let home = self.home();
        let run = self.run(&home);
        let path = |file: &str| home.path().join(".aws").join(file).display().to_string();
        match (&self.chain, &self.error) {
            (Some(chain), None) => {
                assert_eq!(run.stderr, "", "{}", self.docs);
                let found = json(&run.stdout)["chain"].take();
                let expected: Vec<Value> = chain.iter().map(|link| with_path(link, path).into()).collect();
                assert_eq!(comparable(found, chain), Value::from(expected), "{}", self.docs);
            }
            (None, Some(words)) => {
                assert_eq!(run.stdout, "", "{}", self.docs);
                assert!(run.stderr.contains(words), "{}: no {words:?} in\n{}", self.docs, run.stderr);
                if let Some((file, line)) = self.file.as_deref().zip(self.line) {
                    let place = format!("{}:{line}", path(file));
                    let mut rests = run.stderr.split(&place).skip(1);
                    let is_named = rests.any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()));
                    assert!(is_named, "{}: no {place} in\n{}", self.docs, run.stderr);
                }
            }
            _ => panic!("{}: a case has either a chain or an error", self.docs),
        }
    }
}

/// The link with the full path of its file.
fn with_path(link: &Map<String, Value>, path: impl Fn(&str) -> String) -> Map<String, Value> {
    let mut link = link.clone();
    if let Some(Value::String(file)) = link.get_mut("file") {
        *file = path(file);
    }
    link
}

/// What was found, without the places of those links for which the case gives none.
fn comparable(mut found: Value, expected: &[Map<String, Value>]) -> Value {
    let links = found.as_array_mut().expect("a chain is a list");
    for (link, expected) in links.iter_mut().zip(expected) {
        let link = link.as_object_mut().expect("a link is an object");
        if !expected.contains_key("file") {
            link.remove("file");
            link.remove("line");
        } else if let Some(Value::String(file)) = link.get_mut("file") {
            // A variable may name it with other separators.
            *file = Path::new(file).components().collect::<PathBuf>().display().to_string();
        }
    }
    found
}

#[test]
fn chains_are_as_the_table_says() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/chains.json")).expect("a table of cases");
    let fails = |case: &&Case| panic::catch_unwind(|| case.check()).is_err();
    let failed: Vec<&str> = cases.iter().filter(fails).map(|case| case.docs.as_str()).collect();
    assert!(failed.is_empty(), "{} of {} cases: {failed:#?}", failed.len(), cases.len());
}
