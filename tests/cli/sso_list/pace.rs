//! How fast accounts are asked about, and what becomes of calls that are refused for it.

use super::*;

#[test]
fn a_thousand_accounts_are_listed_in_seconds_where_nobody_refuses() {
    let desk = Desk::new();
    for number in 1..=1000 {
        desk.center.add_account(Account::new(&id(number), &["Admin", "Audit", "Deploy"]));
    }
    desk.center.serve_all();
    let run = desk.list().any_stdout().run();
    assert_eq!(run.stdout.lines().count(), 3000);
    assert!(run.stdout.lines().is_sorted());
    assert_eq!(desk.calls(), 10 + 1000);
}

#[test]
fn calls_keep_to_the_pace_that_the_portal_allows() {
    let desk = Desk::new();
    desk.add_accounts(40);
    desk.center.serve_all();
    desk.center.portal.limit_rate(20);
    desk.list().stdout(lines(40)).run();
    let refused = desk.center.portal.calls().iter().filter(|call| call.refused.is_some()).count();
    assert_eq!(desk.calls() - refused, 41);
    assert!(refused <= 12, "{refused} calls of 41 came too early");
}

#[test]
fn a_refused_call_is_made_again_when_the_portal_says() {
    let desk = Desk::new();
    desk.add_accounts(1);
    desk.center.serve_all();
    for (name, value) in [("Retry-After", "1"), ("x-amz-retry-after", "1000")] {
        let before = desk.calls();
        let body = r#"{"message":"HTTP 429 Unknown Code","__type":"a#TooManyRequestsException"}"#;
        desk.center.portal.expect(list_account_roles(&id(1)).replies(Reply::json(429, body).header(name, value)));
        desk.list().stdout(lines(1)).run();
        let calls = desk.center.portal.calls().split_off(before);
        assert_eq!(calls.len(), 3);
        assert!(calls[2].at - calls[1].at >= SECOND, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn whoever_has_to_wait_for_long_is_told_how_long() {
    let desk = Desk::new();
    desk.add_accounts(1);
    desk.center.serve_all();
    desk.center.forgive_torn_requests();
    let body = r#"{"message":"","__type":"a#TooManyRequestsException"}"#;
    desk.center.portal.expect(list_accounts().replies(Reply::json(429, body).header("Retry-After", "30")));
    let mut running = desk.list().any_stderr().code(130).spawn();
    desk.wait_for_calls(1);
    std::thread::sleep(Duration::from_millis(300));
    running.signal(rustix::process::Signal::INT);
    let run = running.wait();
    assert!(run.stderr.contains("(HTTP 429"), "{}", run.stderr);
    assert!(run.stderr.contains("; asking again in 30 s\n"), "{}", run.stderr);
}

#[test]
fn troubles_that_pass_are_waited_for() {
    let desk = Desk::new();
    desk.add_accounts(2);
    for _ in 0..4 {
        desk.center.portal.expect(list_account_roles(&id(2)).fails(503, "ServiceUnavailable", ""));
    }
    desk.center.serve_all();
    let run = desk.list().stdout(lines(2)).any_stderr().run();
    let host = desk.center.portal.address();
    let told = format!("keyfob: ListAccountRoles at {host}: ServiceUnavailable (HTTP 503); asking again\n");
    assert_eq!(without_request_ids(&run.stderr), told);
    assert_eq!(desk.calls(), 3 + 4);
}
