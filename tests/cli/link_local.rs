//! The metadata services at their real addresses, which every machine has to itself: in a network and under a name of its
//! own, where the same program is led there by nothing but what containers and instances have in their environment.
//!
//! The tests run themselves again inside, as another process: `unshare` makes the network, `ip` its addresses. Where the
//! system does not let everybody make networks, they are skipped aloud.

#![cfg(target_os = "linux")]

mod inside;

use super::peer;
use std::process::{Command, Stdio};

/// Runs a test of [`inside`] in a new network.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "where the tests are, which is no affair of keyfob's")]
fn run_inside(test: &str) {
    let (Some(unshare), Some(_)) = (peer::program("unshare"), peer::program("ip")) else { return };
    let unshare = || {
        let mut command = Command::new(&unshare);
        command.args(["--user", "--map-root-user", "--net", "--uts"]);
        command
    };
    let allowed = unshare().arg("true").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no network of one's own can be made here");
        return;
    }
    let this = std::env::current_exe().expect("the tests know where they are");
    let test = format!("link_local::inside::{test}");
    let run = unshare().arg(this).args([&test, "--exact", "--ignored", "--nocapture"]).output();
    let run = run.expect("unshare was run before");
    let (told, failed) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    eprint!("{failed}");
    assert!(run.status.success() && told.contains("1 passed"), "{told}\n{failed}");
}

#[test]
fn instance_is_asked_at_its_real_addresses() {
    run_inside("instance");
}

#[test]
fn containers_are_asked_at_their_real_addresses() {
    run_inside("containers");
}

#[test]
fn machines_of_one_home_do_not_share_what_their_roles_may() {
    run_inside("machines_of_one_home");
}

#[test]
fn laptop_without_a_network_does_not_wait() {
    run_inside("laptop_without_a_network");
}

#[test]
fn laptop_in_a_network_that_swallows_everything_does_not_wait_long() {
    run_inside("laptop_in_a_network_that_swallows_everything");
}
