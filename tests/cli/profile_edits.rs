//! What `keyfob profile set`, `unset` and `remove` do to the user's files, whatever happens meanwhile: proofs.

#![cfg(unix)]

mod differences;
mod disks;
mod dotnet;
mod failing;
mod herd;
mod kept;
mod killed;
mod oracle;
mod random;
mod readers;
mod undo;

use super::{
    fake::MARKER,
    keyfob::{Home, Invocation, Running},
    peer, peers,
};
use serde_json::{Value, json};
use std::{fs, path::Path, time::SystemTime};

#[expect(clippy::disallowed_methods, reason = "the files, keyfob and the AWS CLI have the clock of the system here")]
fn now() -> SystemTime {
    SystemTime::now()
}
