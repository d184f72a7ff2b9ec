//! Sign-ins that have ended, accounts that cannot be read, and services that do not answer.

use super::*;
use crate::fake::refreshed_token;

const FAILED: &str = "keyfob: cannot list the accounts of sso-session \"corp\"\n";

#[test]
fn whoever_is_not_signed_in_is_told_how() {
    let desk = Desk::new();
    std::fs::remove_file(desk.home.path().join(desk.token.path())).expect("the file was just written");
    let path = desk.home.path().join(desk.token.path());
    let error = format!(
        "{FAILED}  cause: nobody is signed in to sso-session \"corp\": there is no \"{}\"\n  \
           hint: sign in: `keyfob sso login --sso-session corp`\n",
        path.display()
    );
    desk.list().code(3).stderr(error).run();
}

#[test]
fn a_token_that_ends_on_the_way_is_renewed_once_for_all_threads() {
    let desk = Desk::new();
    desk.add_accounts(40);
    desk.center.serve_all();
    let running = desk.list().stdout(lines(40)).spawn();
    desk.wait_for_calls(12);
    desk.center.expire_access_tokens();
    running.wait();
    assert_eq!(desk.center.oidc.calls().len(), 1);
    let granted = desk.center.portal.calls().iter().filter(|call| call.refused.is_none()).count();
    assert_eq!(granted, 41);
}

#[test]
fn a_token_that_is_refused_again_asks_for_a_sign_in() {
    let desk = Desk::new();
    let refused = || list_accounts().fails(401, "UnauthorizedException", "Session token not found or invalid");
    desk.center.portal.expect(refused());
    desk.center.oidc.expect(refreshed_token());
    desk.center.portal.expect(refused());
    let host = desk.center.portal.address();
    let error = format!(
        "{FAILED}  cause: ListAccounts at {host}: UnauthorizedException: Session token not found or invalid \
         (HTTP 401, request 00000000-0000-4000-8000-000000000002)\n  \
           hint: the sign-in to sso-session \"corp\" is not valid any more; \
         sign in: `keyfob sso login --force --sso-session corp`\n"
    );
    desk.list().code(3).stderr(error).run();
}

#[test]
fn a_sign_in_that_has_ended_asks_for_another() {
    let desk = Desk::new();
    desk.center.end_sessions();
    desk.center.serve_all();
    let run = desk.list().code(3).any_stderr().run();
    assert!(run.stderr.starts_with(FAILED), "{}", run.stderr);
    assert!(run.stderr.ends_with("sign in: `keyfob sso login --force --sso-session corp`\n"), "{}", run.stderr);
}

#[test]
fn accounts_that_are_refused_for_good_are_left_out_and_named() {
    let desk = Desk::new();
    desk.add_accounts(12);
    for _ in 0..2 {
        for number in [3, 12] {
            desk.center.portal.expect(list_account_roles(&id(number)).fails(403, "ForbiddenException", "No access"));
        }
    }
    desk.center.serve_all();
    let others = lines(2) + &lines(11)[lines(3).len()..];
    let run = desk.list().stdout(others).code(1).any_stderr().run();
    let host = desk.center.portal.address();
    let error = format!(
        "keyfob: cannot list all accounts of sso-session \"corp\"\n  \
           cause: 2 of 12 accounts could not be read, 000000000003, 000000000012; of 000000000003: \
         ListAccountRoles at {host}: ForbiddenException: No access (HTTP 403)\n  \
           hint: AWS refuses to tell your roles in them; ask whoever runs Identity Center about these accounts\n"
    );
    assert_eq!(without_request_ids(&run.stderr), error);
    // Nothing is kept: what is refused may be granted by now.
    assert_eq!(desk.home.cache_files(), [] as [std::path::PathBuf; 0]);
    let json = desk.home.keyfob(["sso", "list", "--sso-session", "corp", "--json"]);
    let run = json.any_stdout().any_stderr().code(1).run();
    let unread = format!(
        "],\"unread\":[{{\"accountId\":\"000000000003\",\"error\":\"ListAccountRoles at {host}: ForbiddenException: \
         No access (HTTP 403)\"}},"
    );
    assert!(without_request_ids(&run.stdout).contains(&unread), "{}", run.stdout);
}

#[test]
fn what_could_not_be_read_is_told_and_asked_for_alone_by_the_next_run() {
    let desk = Desk::new();
    desk.add_accounts(12);
    desk.center.portal.expect(list_account_roles(&id(3)).fails(403, "ForbiddenException", "No access"));
    for _ in 0..6 {
        desk.center.portal.expect(list_account_roles(&id(12)).fails(500, "InternalFailure", ""));
    }
    desk.center.serve_all();
    let run = desk.list().code(1).any_stderr().run();
    let host = desk.center.portal.address();
    let error = format!(
        "keyfob: ListAccountRoles at {host}: InternalFailure (HTTP 500); asking again\n\
         {FAILED}  cause: 2 of 12 accounts could not be read, 000000000003, 000000000012; of 000000000003: \
         ListAccountRoles at {host}: ForbiddenException: No access (HTTP 403)\n  \
           hint: run it again within 15 minutes, and it asks for these alone\n"
    );
    assert_eq!(without_request_ids(&run.stderr), error);
    let before = desk.calls();
    desk.list().stdout(lines(12)).run();
    assert_eq!(desk.calls() - before, 2);
}

#[test]
fn services_that_are_broken_are_given_up_after_a_few_tries_and_told_of_meanwhile() {
    for (reply, calls) in [
        (Reply::json(500, r#"{"message":"","__type":"a#InternalServerException"}"#), 6),
        (Reply::json(200, r#"{"list":[]}"#), 3),
    ] {
        let desk = Desk::new();
        desk.center.portal.always(list_accounts().replies(reply));
        let run = desk.list().code(1).any_stderr().run();
        let told = format!("keyfob: ListAccounts at {}: ", desk.center.portal.address());
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert!(lines[0].starts_with(&told) && lines[0].ends_with("; asking again"), "{}", run.stderr);
        assert_eq!((lines[1], lines.len()), (FAILED.trim_end(), 4), "{}", run.stderr);
        assert_eq!(desk.calls(), calls);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_renewal_that_hangs() {
    let desk = Desk::new();
    desk.add_accounts(2);
    desk.center.expire_access_tokens();
    desk.center.portal.expect(list_accounts().judged());
    desk.center.oidc.expect(refreshed_token().after(12 * SECOND));
    desk.center.forgive_torn_requests();
    let mut running = desk.list().code(130).spawn();
    let began = std::time::Instant::now();
    while desk.center.oidc.calls().is_empty() {
        assert!(began.elapsed() < 20 * SECOND, "it is not renewed");
        std::thread::sleep(Duration::from_millis(5));
    }
    let signalled = std::time::Instant::now();
    running.signal(rustix::process::Signal::INT);
    running.wait();
    assert!(signalled.elapsed() < 8 * SECOND, "{:?}", signalled.elapsed());
}

#[test]
fn a_portal_that_hangs_up_is_an_error_after_a_few_tries() {
    let desk = Desk::new();
    desk.center.portal.always(list_accounts().replies(Reply::hang_up()));
    let host = desk.center.portal.address();
    let error = format!(
        "keyfob: ListAccounts at {host}: the connection ended before the answer; asking again\n\
         {FAILED}  cause: ListAccounts at {host}: the connection ended before the answer\n  \
           hint: check the network, the region, and HTTPS_PROXY and NO_PROXY\n"
    );
    desk.list().code(1).stderr(error).run();
    assert_eq!(desk.calls(), 4);
}
