//! Many processes at once that want the same keys: one calls, all are answered, whatever happens to the one.

#![cfg(unix)]

use super::{
    keyfob::{Run, Running},
    scene::{Left, Scene, demo_role, entries, issued, issued_document},
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs, thread,
    time::{Duration, Instant},
};

const SECOND: Duration = Duration::from_secs(1);

impl Scene {
    /// Starts so many at once, each of which is to print the fake's keys of this number.
    fn herd(&self, size: usize, number: usize) -> Vec<Running> {
        (0..size).map(|_| self.process().stdout(issued_document(number)).spawn()).collect()
    }

    /// Waits until so many calls have come.
    fn wait_for_calls(&self, count: usize) {
        let began = Instant::now();
        while self.sts.calls().len() < count {
            assert!(began.elapsed() < 20 * SECOND, "no call came");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Starts one that calls STS and gets no answer for long.
    fn stuck_leader(&self) -> Running {
        self.sts.expect(demo_role().after(60 * SECOND));
        let leader = self.process().any_stdout().spawn();
        self.wait_for_calls(1);
        leader
    }
}

fn wait_for_all(herd: Vec<Running>) -> Vec<Run> {
    herd.into_iter().map(Running::wait).collect()
}

fn signal(running: &Running, signal: Signal) {
    let id = i32::try_from(running.id()).ok().and_then(Pid::from_raw).expect("a process has an id");
    kill_process(id, signal).expect("the process is ours");
}

#[test]
fn hundred_on_an_empty_cache_make_one_call_and_get_one_set_of_keys() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().after(SECOND / 2));
    wait_for_all(scene.herd(100, 1));
    assert_eq!((scene.sts.connections(), entries(&scene.home).len()), (1, 1));
}

#[test]
fn herd_whose_keys_have_ended_makes_one_call() {
    let scene = Scene::new();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    scene.age_cache(Duration::from_hours(2), Left::EndedAgo(SECOND));
    scene.sts.expect(demo_role().after(SECOND / 2));
    wait_for_all(scene.herd(30, 2));
}

#[test]
fn herd_whose_keys_still_live_makes_one_call_and_nobody_waits_for_it() {
    let scene = Scene::new();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    scene.age_cache(Duration::from_mins(50), Left::Still(Duration::from_mins(10)));
    scene.sts.expect(demo_role().after(4 * SECOND));
    let mut leader = scene.process().stdout(issued_document(2)).spawn();
    scene.wait_for_calls(2);
    let herd: Vec<Running> = (0..30).map(|_| scene.process().any_stdout().spawn()).collect();
    for run in wait_for_all(herd) {
        assert!(run.stdout.contains(&issued(1).access_key_id), "{}", run.stdout);
    }
    assert!(leader.is_running(), "the others are done before it");
    leader.wait();
}

#[test]
fn when_the_one_that_calls_is_killed_another_takes_over() {
    let scene = Scene::new();
    let leader = scene.stuck_leader();
    scene.sts.expect(demo_role().after(SECOND / 5));
    // The fake counts only keys that it has decided on, so those of the killed one are the first.
    let herd = scene.herd(50, 2);
    thread::sleep(SECOND);
    assert_eq!(scene.sts.calls().len(), 1, "the others wait");
    leader.kill();
    for run in wait_for_all(herd) {
        assert!(run.elapsed < 9 * SECOND, "{:?}", run.elapsed);
    }
    assert_eq!(scene.sts.calls().len(), 2);
}

#[test]
fn when_the_one_that_calls_hangs_it_is_relieved_by_one_other() {
    let scene = Scene::new();
    let leader = scene.stuck_leader();
    signal(&leader, Signal::STOP);
    scene.sts.expect(demo_role().after(SECOND / 5));
    for run in wait_for_all(scene.herd(30, 2)) {
        assert!((8 * SECOND..18 * SECOND).contains(&run.elapsed), "{:?}", run.elapsed);
    }
    assert_eq!(scene.sts.calls().len(), 2);
    // Whoever comes later does not wait at all.
    let run = scene.process().stdout(issued_document(2)).run();
    assert!(run.elapsed < 5 * SECOND, "{:?}", run.elapsed);
    leader.kill();
}

#[test]
fn herd_whose_keys_cannot_be_kept_is_answered_all_the_same() {
    let scene = Scene::new();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    let entry = scene.cached_entry();
    fs::remove_file(&entry).and_then(|()| fs::create_dir(&entry)).expect("directories can be made");
    scene.sts.always(demo_role().after(SECOND / 2));
    let herd: Vec<Running> = (0..30).map(|_| scene.process().any_stdout().spawn()).collect();
    for run in wait_for_all(herd) {
        assert!(run.stdout.contains("\"ASIAISSUED"), "{}", run.stdout);
        assert!(run.elapsed < 15 * SECOND, "they waited for each other: {:?}", run.elapsed);
    }
}

#[test]
fn slow_service_is_called_twice_at_most() {
    let scene = Scene::new();
    scene.sts.always(demo_role().after(12 * SECOND));
    let herd: Vec<Running> = (0..10).map(|_| scene.process().any_stdout().spawn()).collect();
    for run in wait_for_all(herd) {
        assert!(run.stdout.contains("\"ASIAISSUED"), "{}", run.stdout);
        assert!(run.elapsed < 30 * SECOND, "{:?}", run.elapsed);
    }
    let calls = scene.sts.calls().len();
    assert!((1..=2).contains(&calls), "{calls} calls");
}

#[test]
fn refusal_is_told_to_all_that_waited_for_it() {
    let scene = Scene::new();
    scene.sts.always(demo_role().fails(403, "AccessDenied", "not today").after(SECOND));
    let herd: Vec<Running> = (0..50).map(|_| scene.process().code(1).any_stderr().spawn()).collect();
    for run in wait_for_all(herd) {
        assert!(run.stderr.contains("AccessDenied: not today"), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 3, "{}", run.stderr);
    }
    let calls = scene.sts.calls().len();
    assert!((1..=3).contains(&calls), "{calls} calls");
    // One that comes alone and later asks for itself.
    thread::sleep(3 * SECOND);
    scene.process().code(1).any_stderr().run();
    assert_eq!(scene.sts.calls().len(), calls + 1);
}

#[test]
fn broken_service_is_not_asked_by_each_of_them() {
    let scene = Scene::new();
    scene.sts.always(demo_role().fails(500, "InternalFailure", "out of order").after(SECOND));
    let herd: Vec<Running> = (0..50).map(|_| scene.process().code(1).any_stderr().spawn()).collect();
    for run in wait_for_all(herd) {
        assert!(run.stderr.contains("InternalFailure: out of order"), "{}", run.stderr);
    }
    assert_eq!(scene.sts.calls().len(), 3, "the tries of one");
}

#[test]
fn each_that_comes_alone_asks_for_itself_after_a_failure() {
    let scene = Scene::new();
    for _ in 0..3 {
        scene.sts.expect(demo_role().fails(403, "AccessDenied", "not today"));
        scene.process().code(1).any_stderr().run();
    }
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn killed_at_any_moment_it_leaves_a_whole_entry_or_none() {
    const ROUNDS: u32 = 300;
    let scene = Scene::new();
    scene.sts.forgive_torn_requests();
    scene.sts.always(demo_role());
    let began = Instant::now();
    scene.process().any_stdout().run();
    let usual = began.elapsed();
    let mut survivors = 0;
    for round in 0..ROUNDS {
        if round % 4 == 0 {
            scene.home.clear_cache();
        } else if let [entry] = &entries(&scene.home)[..] {
            // Its last minutes, in which it is written anew.
            scene.age_entry(entry, Duration::from_hours(1), Left::Still(Duration::from_mins(1)));
        }
        let running = scene.process().any_stdout().spawn();
        // Spread over somewhat more than a usual run, in an order that is none.
        let moment = round * 37 % ROUNDS;
        thread::sleep(usual * moment / (ROUNDS * 4 / 5));
        running.kill();
        for entry in entries(&scene.home) {
            let text = scene.home.read(&entry);
            let parsed: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| {
                panic!("round {round} left a torn entry: {error}\n{text}");
            });
            let is_whole = ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Issued"]
                .iter()
                .all(|member| parsed[member].is_string());
            assert!(is_whole, "round {round}: {text}");
            survivors += 1;
        }
    }
    assert!((1..ROUNDS).contains(&survivors), "{survivors} of {ROUNDS} left an entry: not killed at any moment");
    scene.process().any_stdout().run();
    let calls = scene.sts.calls().len();
    scene.process().any_stdout().run();
    assert_eq!(scene.sts.calls().len(), calls, "the cache answers again");
}
