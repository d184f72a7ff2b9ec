//! That keyfob takes keys from where botocore takes them, in many combinations of variables, files and machines.
//!
//! Every source yields keys that tell the road to them, so that equal keys mean equal roads. Where the two are meant to
//! differ, one of the [`rules`] says so; `cargo test -- sources --nocapture` shows those cases too.

mod case;
mod environment;
mod files;
mod generator;
mod kind;
mod layout;
mod rules;
mod section;

use super::{
    super::{
        keyfob::{Home, json},
        peer,
    },
    Server, script, text,
};
use case::{Case, table};
use layout::{Aws, Layout};
use rules::RULES;
use serde_json::{Value, json};
use std::{
    fmt::{self, Write as _},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread::{self, ScopedJoinHandle},
    time::Duration,
};

const MINUTE: Duration = Duration::from_mins(1);

/// The exit status of a Rust program that panicked.
const PANIC: i32 = 101;

/// How the roads of all sources begin.
const SOURCES: [&str; 10] =
    ["variables", "credentials(", "config(", "jwt-", "sso-", "login(", "process(", "container(", "instance(", "boto("];

/// What became of a case.
#[derive(Clone, Debug)]
enum Outcome {
    Finds(Found),
    /// With what it says of that.
    Fails(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

impl Outcome {
    /// Keys as `credential_process` prints them.
    fn of_keys(keys: &Value) -> Self {
        let text = |name: &str| keys[name].as_str().map(str::to_owned);
        Self::Finds(Found {
            access_key_id: text("AccessKeyId").expect("keys have an id"),
            secret_access_key: text("SecretAccessKey").expect("keys have a secret"),
            session_token: text("SessionToken"),
        })
    }

    /// Messages are nobody's copy.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fails(_), Self::Fails(_)) => true,
            (Self::Finds(found), Self::Finds(other)) => found == other,
            _ => false,
        }
    }

    /// Whether keys were found on a road that begins so.
    fn begins(&self, road: &str) -> bool {
        matches!(self, Self::Finds(found) if found.access_key_id.starts_with(road))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finds(Found { access_key_id, secret_access_key, session_token }) => {
                let token = session_token.as_deref().unwrap_or("none");
                write!(f, "{access_key_id}, secret {secret_access_key}, token {token}")
            }
            Self::Fails(why) => write!(f, "fails: {}", why.trim_end().replace('\n', " | ")),
        }
    }
}

/// What botocore finds in each.
fn botocore(python: &Path, cases: &[Case], homes: &[Home]) -> Vec<Outcome> {
    let asked: Vec<Value> = cases
        .iter()
        .zip(homes)
        .map(|(case, home)| json!({ "variables": home.vars(), "profile": case.named() }))
        .collect();
    let (script, home) = (script("sources.py"), Home::new());
    let run = home.program(text(python), ["-B", text(&script)]).stdin(json!(asked).to_string());
    // Seconds; but not on a machine with much else to do.
    let answers = json(&run.timeout(5 * MINUTE).any_stdout().secrets_expected().run().stdout);
    let outcome = |answer: &Value| match answer["failure"].as_str() {
        Some(why) => Outcome::Fails(why.to_owned()),
        None => Outcome::of_keys(&answer["keys"]),
    };
    answers.as_array().expect("it answers with a list").iter().map(outcome).collect()
}

/// What keyfob finds in one.
fn keyfob(case: &Case, home: &Home) -> Outcome {
    let named = case.named().map(|profile| ["--profile", profile]);
    let arguments = ["process"].into_iter().chain(named.into_iter().flatten());
    let run = home.keyfob(arguments).any_code().any_stdout().any_stderr().run();
    assert_ne!(run.code, PANIC, "{case:?}: {}", run.stderr);
    if run.code == 0 {
        assert_eq!(run.stderr, "", "success is silent");
        return Outcome::of_keys(&json(&run.stdout));
    }
    assert_eq!(run.stdout, "", "failure prints nothing");
    Outcome::Fails(run.stderr)
}

/// What keyfob finds in each, several at once.
fn keyfob_in_each(cases: &[Case], homes: &[Home]) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((case, home)) = cases.get(number).zip(homes.get(number)) else { return found };
            found.push((number, keyfob(case, home)));
        }
    };
    let threads = thread::available_parallelism().map_or(2, |count| 2 * count.get());
    let mut found: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(joined).collect()
    });
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, outcome)| outcome).collect()
}

/// What a thread found; its panic is the test's.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Every difference is told; the faults are those that no rule allows, and rules that are not needed.
fn faults(cases: &[Case], tables: &[String], theirs: &[Outcome], ours: &[Outcome]) -> String {
    let mut faults = String::new();
    let mut uses = vec![0; RULES.len()];
    for ((case, table), (theirs, ours)) in cases.iter().zip(tables).zip(theirs.iter().zip(ours)) {
        if theirs.is_like(ours) {
            continue;
        }
        let rule = RULES.iter().position(|rule| rule.allows(case, theirs, ours));
        let title = rule.map_or("no rule knows of this", |number| RULES[number].why);
        let shown = format!("{title}\n  {case:?}\n{table}  botocore {theirs}\n  keyfob   {ours}\n");
        match rule {
            Some(number) => {
                uses[number] += 1;
                eprintln!("{shown}");
            }
            None => writeln!(faults, "{shown}").expect("a String takes all"),
        }
    }
    eprintln!("{} cases, {} of them different by these rules:", cases.len(), uses.iter().sum::<usize>());
    for (rule, uses) in RULES.iter().zip(uses) {
        eprintln!("{uses:4} {}", rule.why);
        if uses == 0 {
            writeln!(faults, "no case needs the rule: {}", rule.why).expect("a String takes all");
        }
    }
    faults
}

/// In how many cases both find the keys of this source, or a role that was assumed with them.
fn found_by_both(source: &str, theirs: &[Outcome], ours: &[Outcome]) -> usize {
    theirs.iter().zip(ours).filter(|(theirs, ours)| theirs.is_like(ours) && ours.begins(source)).count()
}

#[test]
fn botocore_takes_the_same_keys_from_every_combination_of_sources() {
    let Some(python) = peer::python(&["botocore", "awscrt"]) else { return };
    let server = Server::start(&python, "sources_aws.py", &Value::Null);
    let aws = Aws::of(&server);
    let cases = generator::cases();
    let layouts: Vec<_> = cases.iter().map(|case| case.lay(&aws)).collect();
    let tables: Vec<String> = layouts.iter().map(table).collect();
    let homes: Vec<Home> = layouts.into_iter().map(Layout::finish).collect();
    let (theirs, ours) = thread::scope(|scope| {
        let theirs = scope.spawn(|| botocore(&python, &cases, &homes));
        let ours = keyfob_in_each(&cases, &homes);
        (joined(theirs), ours)
    });
    assert_eq!((theirs.len(), ours.len()), (cases.len(), cases.len()));
    let faults = faults(&cases, &tables, &theirs, &ours);
    assert!(faults.is_empty(), "of {} cases:\n\n{faults}", cases.len());
    eprintln!("{:4} lead both to the same keys:", found_by_both("", &theirs, &ours));
    // Otherwise they might agree in failing.
    for source in SOURCES {
        let count = found_by_both(source, &theirs, &ours);
        eprintln!("{count:4} {source}");
        assert!(count >= 8, "only {count} of {} cases lead to {source}", cases.len());
    }
}
