//! Many processes at once, and such as are killed: a session is refreshed once, and never torn.

#![cfg(unix)]

use super::{
    super::keyfob::{Run, Running},
    *,
};
use rustix::process::{Pid, Signal, kill_process};

impl Desk {
    fn herd(&self, size: usize) -> Vec<Running> {
        (0..size).map(|_| self.process().any_stdout().spawn()).collect()
    }
}

fn wait_for_all(herd: Vec<Running>) -> Vec<Run> {
    herd.into_iter().map(Running::wait).collect()
}

#[test]
fn hundred_at_the_moment_of_expiry_make_one_refresh_and_are_all_answered() {
    let desk = Desk::new(Left::EndedAgo(SECOND));
    // A second call would find nothing queued.
    desk.signin.expect(refresh().after(SECOND / 2));
    let runs = wait_for_all(desk.herd(100));
    let printed = desk.keys(1).document(Some(ACCOUNT));
    assert!(runs.iter().all(|run| run.stdout == printed));
    assert_eq!(desk.signin.connections(), 1);
}

#[test]
fn while_the_session_lives_one_renews_it_and_nobody_waits_for_it() {
    let desk = Desk::new(SOFT);
    let old = desk.keys(0).document(Some(ACCOUNT));
    desk.signin.expect(refresh().after(4 * SECOND));
    let leader = desk.process().any_stdout().spawn();
    desk.wait_for_calls(1);
    for run in wait_for_all(desk.herd(30)) {
        assert_eq!(run.stdout, old);
    }
    assert_eq!(leader.wait().stdout, desk.keys(1).document(Some(ACCOUNT)));
    assert_eq!(desk.signin.calls().len(), 1);
}

/// A second process that took over after ten seconds would send a token that is spent already.
#[test]
fn refresh_that_takes_long_is_not_taken_over() {
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh().after(12 * SECOND));
    let runs = wait_for_all(desk.herd(5));
    let printed = desk.keys(1).document(Some(ACCOUNT));
    assert!(runs.iter().all(|run| run.stdout == printed));
    assert_eq!(desk.signin.calls().len(), 1);
}

#[test]
fn refresh_that_hangs_is_told_after_a_while() {
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh().after(60 * SECOND));
    let leader = desk.process().any_stdout().spawn();
    desk.wait_for_calls(1);
    let id = i32::try_from(leader.id()).ok().and_then(Pid::from_raw).expect("a process has an id");
    kill_process(id, Signal::STOP).expect("the process is ours");
    let error = "keyfob: another keyfob process has been renewing these credentials for too long\n  \
                 hint: look for a stopped keyfob with `ps`, and end it\n";
    let run = desk.process().code(1).stderr(error).run();
    assert!((20 * SECOND..30 * SECOND).contains(&run.elapsed), "{:?}", run.elapsed);
    leader.kill();
}

#[test]
fn when_the_one_that_refreshes_is_killed_another_tries() {
    let desk = Desk::new(DEAD);
    // It was killed before the service had acted.
    desk.signin.expect(refresh().replies(super::super::fake::Reply::hang_up()).after(60 * SECOND));
    let leader = desk.process().any_stdout().spawn();
    desk.wait_for_calls(1);
    desk.signin.expect(refresh());
    let herd = desk.herd(30);
    std::thread::sleep(SECOND);
    leader.kill();
    let runs = wait_for_all(herd);
    let printed = desk.keys(1).document(Some(ACCOUNT));
    assert!(runs.iter().all(|run| run.stdout == printed));
    assert_eq!(desk.signin.calls().len(), 2);
}

#[test]
fn refusal_is_told_to_all_that_waited_for_it() {
    let desk = Desk::new(DEAD);
    desk.signin.always(refresh().fails(403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED", "no").after(SECOND));
    let herd: Vec<Running> = (0..50).map(|_| desk.process().code(3).any_stderr().spawn()).collect();
    for run in wait_for_all(herd) {
        assert!(run.stderr.contains("password has changed"), "{}", run.stderr);
    }
    let calls = desk.signin.calls().len();
    assert!((1..=3).contains(&calls), "{calls} calls");
}

#[test]
fn killed_at_any_moment_it_leaves_a_whole_session() {
    const ROUNDS: u32 = 100;
    let desk = Desk::new(DEAD);
    desk.signin.forgive_torn_requests();
    desk.signin.always(refresh());
    let began = Instant::now();
    desk.process().any_stdout().run();
    let usual = began.elapsed();
    let mut renewed = 0;
    for round in 0..ROUNDS {
        let session = desk.signin.sign_in(ALICE);
        desk.write(&session.document(end(DEAD)));
        let answered = desk.signin.answered().len();
        let running = desk.process().any_stdout().spawn();
        // Spread over somewhat more than a usual run, in an order that is none.
        std::thread::sleep(usual * (round * 37 % ROUNDS) / 80);
        running.kill();
        let file = json(&desk.read());
        let members = ["clientId", "refreshToken", "idToken", "dpopKey", "tokenType"];
        let access = ["accessKeyId", "secretAccessKey", "sessionToken", "accountId", "expiresAt"];
        let is_whole = members.iter().all(|member| file[member].is_string())
            && access.iter().all(|member| file["accessToken"][member].is_string());
        assert!(is_whole, "round {round}: {file}");
        // Either the old one with its own token, or a new one with that of the same answer.
        let tokens = desk.signin.answered();
        let newest = tokens[answered..].iter().find(|answer| file["refreshToken"] == answer.refresh_token.as_str());
        let id = newest.map_or(Session::keys(end_of_all()).access_key_id, |answer| answer.keys.access_key_id.clone());
        assert_eq!(file["accessToken"]["accessKeyId"], id, "round {round}");
        assert!(newest.is_some() || file["refreshToken"] == session.refresh_token.as_str(), "round {round}");
        renewed += u32::from(newest.is_some());
    }
    assert!((1..ROUNDS).contains(&renewed), "{renewed} of {ROUNDS} were renewed: not killed at any moment");
}
