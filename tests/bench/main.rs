//! What keyfob costs, against its budgets: `cargo bench --bench budget`.
//!
//! Counts (instructions, bytes, system calls, calls of STS) repeat from run to run and from machine to
//! machine; one over its budget fails the benchmark. Instructions are counted by callgrind and compared with
//! those of a Rust program that prints one word, built here with the flags of our release profile, so that a
//! new compiler or C library moves both. Times depend on the machine and its load: they are shown only.
//!
//! Needs valgrind, strace and GNU time. A row whose tool is missing is skipped; where `CI` is `true` it fails.

mod cached;
#[path = "../cli/fake/mod.rs"]
mod fake;
mod fixture;
mod herd;
mod network;
mod organisation;
mod report;
mod scripts;
#[path = "../stage.rs"]
mod stage;
mod tools;

use report::Report;
use std::{fs, path::Path, process::ExitCode};

type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let mut report = Report::default();
    match measure(&mut report) {
        Ok(()) => report.print(),
        Err(why) => {
            eprintln!("the benchmark cannot go on: {why}");
            ExitCode::FAILURE
        }
    }
}

fn measure(report: &mut Report) -> Outcome {
    let keyfob = stage::shipped_binary()?;
    size(&keyfob, report)?;
    cached::measure(&keyfob, report)?;
    network::measure(&keyfob, report)?;
    herd::measure(&keyfob, report)?;
    organisation::measure(&keyfob, report)
}

fn size(keyfob: &Path, report: &mut Report) -> Outcome {
    // What the main job may have, 0.1 MB for signing in to the console, 0.7 MB for IAM Identity Center (two ways to sign in,
    // what is asked and picked for a profile, lists of a whole organisation, edits of many sections, diffs), 0.6 MB for
    // profiles and stores (what is written and asked, an engine for all edits, D-Bus, Argon2), 0.3 MB for every other
    // source: web identities, containers, instances, sign-ins with SAML and NTLM, SOCKS, and 0.2 MB for shells: scripts for
    // nine of them, lines for ten, completion, which needs the description of every command, the picker and the prompt.
    const BUDGET: f64 = 4.4e6;
    let bytes = fs::metadata(keyfob).map_err(|error| format!("cannot look at keyfob: {error}"))?.len();
    report.bytes("stripped binary", bytes, BUDGET);
    Ok(())
}
