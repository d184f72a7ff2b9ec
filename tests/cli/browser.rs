//! A real browser, and the person before it: what they make of a sign-in, and of the page at its end.
//!
//! ```ignore
//! let Some(browser) = Browser::find() else { return };
//! let person = browser.person(&home, "allow");
//! home.keyfob(["login"]).env("BROWSER", person.command()).run();
//! let sight = person.sight();
//! assert_eq!(sight["h1"][0], "Sign-in received");
//! assert_eq!(faults(&sight), [""; 0]);
//! ```
//!
//! `tests/peers/browser.mjs` tells what is in a sight.

#![cfg(unix)]

mod tests;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use super::{
    keyfob::{Home, json},
    peer::{self, Node},
};
use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/browser.mjs");
/// How long a person may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);
/// What WCAG 2 asks for text of this size at level AA.
const LEAST_CONTRAST: f64 = 4.5;

/// Chromium and what drives it.
pub(crate) struct Browser {
    node: Node,
    chromium: PathBuf,
}

impl Browser {
    /// Says aloud what is missing.
    pub(crate) fn find() -> Option<Self> {
        let node = peer::node(&["playwright-core"])?;
        let chromium = peer::program("chromium")?;
        Some(Self { node, chromium })
    }

    /// A person who signs in by clicking the element with this id, `allow` or `deny`.
    pub(crate) fn person(&self, home: &Home, choice: &str) -> Person {
        let report = home.path().join(format!("{choice}.json"));
        // The last sign-in's, if there was one.
        let _ = fs::remove_file(&report);
        let words: Vec<String> = std::iter::once(text(&self.node.program).to_owned())
            .chain(self.arguments(&report))
            .chain(["--click".to_owned(), choice.to_owned()])
            .map(|word| format!("'{word}'"))
            .collect();
        // A script, as not everything that starts a browser takes more than one word for it.
        let command = home.write(&format!("browser-{choice}"), format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" ")));
        fs::set_permissions(&command, fs::Permissions::from_mode(0o700)).expect("the file is ours");
        Person { command, report }
    }

    /// What is to be seen at each of these addresses.
    #[track_caller]
    pub(crate) fn look(&self, home: &Home, urls: &[String]) -> Vec<Value> {
        let report = home.path().join("look.json");
        let arguments = self.arguments(&report).into_iter().chain(urls.iter().cloned());
        home.program(text(&self.node.program), arguments).run();
        match json(&home.read(&report)) {
            Value::Array(sights) => sights,
            other => panic!("not a list of sights: {other}"),
        }
    }

    fn arguments(&self, report: &Path) -> Vec<String> {
        let arguments = [
            SCRIPT,
            "--packages",
            text(&self.node.packages),
            "--chromium",
            text(&self.chromium),
            "--report",
            text(report),
        ];
        arguments.map(str::to_owned).to_vec()
    }
}

/// Somebody who is shown one address.
pub(crate) struct Person {
    command: PathBuf,
    report: PathBuf,
}

impl Person {
    /// A program to start with the address, for `BROWSER`.
    pub(crate) fn command(&self) -> &str {
        text(&self.command)
    }

    /// What the person saw last, which may be some time after keyfob's end.
    #[track_caller]
    pub(crate) fn sight(&self) -> Value {
        let start = Instant::now();
        while !self.report.exists() {
            assert!(start.elapsed() < PATIENCE, "the browser tells nothing");
            sleep(Duration::from_millis(20));
        }
        json(&fs::read_to_string(&self.report).expect("the report is whole once it is there"))[0].take()
    }
}

/// What a designer or a guard would hold against a page; nothing, as it should be.
pub(crate) fn faults(sight: &Value) -> Vec<&'static str> {
    let some = |name: &str| sight[name].as_array().is_none_or(|list| !list.is_empty());
    let low = |scheme: &str| sight[scheme]["contrast"].as_f64().is_none_or(|contrast| contrast < LEAST_CONTRAST);
    let all = [
        ("it did not come", !sight["error"].is_null()),
        ("requests failed", some("failed_requests")),
        ("the console shows errors", some("console_errors")),
        ("its own policy is violated", some("violations")),
        ("its language is not said", sight["language"] != "en"),
        ("it has not one heading", sight["h1"].as_array().is_none_or(|headings| headings.len() != 1)),
        ("it has no title", sight["title"].as_str().is_none_or(str::is_empty)),
        ("night is like day", sight["light"]["background"] == sight["dark"]["background"]),
        ("text is too faint by day", low("light")),
        ("text is too faint at night", low("dark")),
        ("it is wider than a narrow screen", sight["fits_narrow"] != true),
        ("it moves for those who asked for rest", sight["moves_when_reduced"] != false),
    ];
    all.into_iter().filter(|(_, found)| *found).map(|(fault, _)| fault).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the tests' own paths are UTF-8")
}
