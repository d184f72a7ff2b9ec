//! A process is killed between the service's answer and the end of its work, or meets a disk in trouble.

use super::{
    super::faults::{self, Fault, RENAME, SYNC, WRITE},
    *,
};

/// The first of either is the trial before the refresh.
const SECOND_WRITE: (&str, usize) = (WRITE, 2);
const SECOND_SYNC: (&str, usize) = (SYNC, 2);
const KILLED: i32 = 128 + 9;

fn faulty(desk: &Desk, fault: Fault, (calls, number): (&str, usize)) -> Invocation {
    faults::keyfob(&desk.home, &["process", "--profile", "dev"], fault, calls, number).secrets_expected()
}

#[test]
fn renewal_of_a_killed_process_is_finished_by_the_next() {
    if !faults::can_be_injected() {
        return;
    }
    for place in [(RENAME, 1), SECOND_SYNC, (SYNC, 3)] {
        let desk = Desk::new(DEAD);
        desk.signin.expect(refresh());
        faulty(&desk, Fault::Killed, place).code(KILLED).run();
        // A second refresh would find nothing queued.
        desk.prints(desk.process(), 1);
        let answered = desk.signin.answered();
        assert_eq!(json(&desk.read())["refreshToken"], answered[0].refresh_token.as_str(), "{place:?}");
        // The session goes on from there.
        desk.end_session();
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 2);
        assert_eq!(desk.signin.calls()[1].refresh_token(), answered[0].refresh_token);
    }
}

#[test]
fn renewal_that_had_not_been_written_is_lost_and_a_person_told() {
    if !faults::can_be_injected() {
        return;
    }
    let desk = Desk::new(DEAD);
    let before = desk.read();
    desk.signin.expect(refresh());
    faulty(&desk, Fault::Killed, SECOND_WRITE).code(KILLED).run();
    assert_eq!(desk.read(), before);
    desk.signin.expect(refresh().refused("INVALID_REQUEST"));
    let told = desk.process().code(3).any_stderr().run().stderr;
    assert!(told.contains("sign in again: `keyfob login dev`"), "{told}");
}

#[test]
fn disk_in_trouble_is_told_before_the_token_is_spent() {
    if !faults::can_be_injected() {
        return;
    }
    for (place, error, text) in [
        ((WRITE, 1), "ENOSPC", "No space left on device (os error 28)"),
        ((WRITE, 1), "EDQUOT", "Disk quota exceeded (os error 122)"),
        ((SYNC, 1), "EIO", "Input/output error (os error 5)"),
    ] {
        let desk = Desk::new(DEAD);
        let before = desk.read();
        let told = format!(
            "keyfob: cannot renew the console sign-in of profile \"dev\"\n  cause: the session's file could not be \
             written, which would lose it: {text}\n"
        );
        faulty(&desk, Fault::Error(error), place).code(1).stderr(told).run();
        assert_eq!(desk.read(), before);
        assert_eq!(desk.signin.connections(), 0);
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
    }
}

/// It is all that is left of the session.
#[test]
fn what_cannot_be_written_any_more_is_handed_out_and_the_file_stays_whole() {
    if !faults::can_be_injected() {
        return;
    }
    for (place, error) in [(SECOND_WRITE, "ENOSPC"), (SECOND_SYNC, "EIO"), ((RENAME, 1), "EACCES")] {
        let desk = Desk::new(DEAD);
        let before = desk.read();
        desk.signin.expect(refresh());
        let printed = faulty(&desk, Fault::Error(error), place).any_stdout().any_stderr().run().stdout;
        assert!(printed.contains(&desk.signin.answered()[0].keys.access_key_id), "{printed}");
        assert_eq!(desk.read(), before, "{error}");
    }
}
