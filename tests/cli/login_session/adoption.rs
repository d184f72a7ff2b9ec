//! Other tools know no lock of keyfob's: what they made of a session meanwhile is taken over.

use super::*;

#[test]
fn newer_file_of_another_tool_is_adopted_when_a_refresh_fails() {
    for (status, exception, error) in
        [(400, "ValidationException", "INVALID_REQUEST"), (401, "AccessDeniedException", "TOKEN_EXPIRED")]
    {
        for (left, written_after) in [(DEAD, Duration::ZERO), (DEAD, SECOND * 3 / 2), (SOFT, Duration::ZERO)] {
            let desk = Desk::new(left);
            desk.signin.expect(refresh().fails(status, exception, error, "spent").after(SECOND / 2));
            let running = desk.process().any_stdout().spawn();
            desk.wait_for_calls(1);
            std::thread::sleep(written_after);
            let newer = Session { refresh_token: format!("{MARKER}/newer"), ..desk.session.clone() };
            let newer = newer.document(end_of_all());
            desk.write(&newer);
            assert_eq!(running.wait().stdout, Session::keys(end_of_all()).document(Some(ACCOUNT)));
            assert_eq!(desk.read(), newer);
        }
    }
}

#[test]
fn whoever_waited_for_the_lock_takes_what_its_holder_renewed() {
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh().after(SECOND));
    let first = desk.process().any_stdout().spawn();
    desk.wait_for_calls(1);
    let second = desk.process().any_stdout().spawn();
    let printed = [first.wait().stdout, second.wait().stdout];
    assert_eq!(printed, [desk.keys(1).document(Some(ACCOUNT)), desk.keys(1).document(Some(ACCOUNT))]);
}

/// `aws login` and `aws logout` know no lock.
#[test]
fn refresh_puts_nothing_in_the_place_of_a_newer_session_or_of_none() {
    for signs_in in [true, false] {
        let desk = Desk::new(DEAD);
        desk.signin.expect(refresh().after(SECOND / 2));
        let running = desk.process().any_stdout().spawn();
        desk.wait_for_calls(1);
        let newer = Session { refresh_token: format!("{MARKER}/newer"), ..desk.session.clone() };
        let newer = signs_in.then(|| newer.document(end_of_all()));
        match &newer {
            Some(newer) => drop(desk.write(newer)),
            None => fs::remove_file(desk.home.path().join(desk.session.path())).expect("the file is there"),
        }
        // What was refreshed serves this run.
        let printed = json(&running.wait().stdout)["AccessKeyId"].clone();
        assert_eq!(printed, Keys::signed_in(1, end_of_all()).access_key_id.as_str());
        assert_eq!(fs::read_to_string(desk.home.path().join(desk.session.path())).ok(), newer);
    }
}
