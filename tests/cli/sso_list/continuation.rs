//! Runs that are cut short, and those that go on with them.

use super::*;
#[cfg(unix)]
use rustix::process::Signal;

/// A run that is interrupted when it has read so many of the accounts, or a few more; and how many that were.
#[cfg(unix)]
fn interrupted(desk: &Desk, all: usize, count: usize) -> usize {
    let before = desk.calls();
    let mut running = desk.list().code(130).any_stderr().spawn();
    desk.wait_for_calls(before + count + 2);
    let signalled = std::time::Instant::now();
    running.signal(Signal::INT);
    let run = running.wait();
    desk.center.portal.wait_until_empty();
    assert!(signalled.elapsed() < 8 * SECOND, "{:?}", signalled.elapsed());
    let told =
        run.stderr.strip_prefix("keyfob: cannot list the accounts of sso-session \"corp\"\n  cause: interrupted; ");
    let read = told.and_then(|told| told.split(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("{}", run.stderr));
    let rest = format!(
        "{read} of {all} accounts are read\n  hint: run it again within 15 minutes, and it goes on from there\n"
    );
    assert_eq!(told, Some(rest.as_str()));
    read
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_gone_on_with() {
    let desk = Desk::new();
    desk.add_accounts(40);
    desk.center.serve_all();
    desk.center.forgive_torn_requests();
    let read = interrupted(&desk, 40, 10);
    assert!((5..=20).contains(&read), "{read}");
    let before = desk.calls();
    desk.list().stdout(lines(40)).run();
    assert_eq!(desk.calls() - before, 40 - read);
    // The list is whole, so that the next run sees what has changed.
    let before = desk.calls();
    desk.list().stdout(lines(40)).run();
    assert_eq!(desk.calls() - before, 41);
    assert_eq!(desk.home.cache_files(), [] as [std::path::PathBuf; 0]);
}

#[cfg(unix)]
#[test]
fn what_was_read_is_private_and_not_for_another_sign_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.add_accounts(20);
    desk.center.serve_all();
    desk.center.forgive_torn_requests();
    interrupted(&desk, 20, 5);
    let files = desk.home.cache_files();
    let modes: Vec<u32> =
        files.iter().map(|path| path.metadata().expect("it is there").permissions().mode() & 0o777).collect();
    assert_eq!(modes, [0o600]);
    // Somebody else signs in to the same session.
    desk.keep(&desk.center.sign_in("corp"));
    let before = desk.calls();
    desk.list().stdout(lines(20)).run();
    assert_eq!(desk.calls() - before, 21);
}

#[cfg(unix)]
#[test]
fn a_run_that_was_killed_is_gone_on_with() {
    let desk = Desk::new();
    desk.add_accounts(60);
    desk.center.serve_all();
    desk.center.portal.limit_rate(20);
    desk.center.forgive_torn_requests();
    let running = desk.list().spawn();
    let began = std::time::Instant::now();
    while !desk.home.cache_files().iter().any(|path| path.extension().is_some_and(|end| end == "json")) {
        assert!(began.elapsed() < 20 * SECOND, "nothing is kept");
        std::thread::sleep(Duration::from_millis(5));
    }
    running.kill();
    desk.center.portal.wait_until_empty();
    desk.center.portal.limit_rate(1000);
    let before = desk.calls();
    desk.list().stdout(lines(60)).run();
    assert!(desk.calls() - before < 45, "{} calls", desk.calls() - before);
}
