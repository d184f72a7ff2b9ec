//! Many processes at once: a token is renewed once, and a role got once.

use super::{
    super::keyfob::{Run, Running},
    *,
};

fn herd(size: usize, run: impl Fn(usize) -> Invocation) -> Vec<Run> {
    let herd: Vec<Running> = (0..size).map(|number| run(number).any_stdout().spawn()).collect();
    herd.into_iter().map(Running::wait).collect()
}

#[test]
fn fifty_that_want_a_role_make_one_call() {
    let desk = Desk::new(FRESH);
    // A second call would find nothing queued.
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).ending(END).after(SECOND / 2));
    let runs = herd(50, |_| desk.process());
    assert!(runs.iter().all(|run| run.stdout == printed(1)));
}

#[test]
fn fifty_at_the_end_of_a_token_make_one_renewal_and_one_call() {
    for left in [DEAD, SOFT] {
        let desk = Desk::new(left);
        desk.center.oidc.expect(refreshed_token().after(SECOND / 2));
        desk.expect_role();
        let runs = herd(50, |_| desk.process());
        assert!(runs.iter().all(|run| run.stdout == printed(1)));
    }
}

/// Each role is got by a process of its own, and all of them want the one token.
#[test]
fn a_hundred_that_want_many_roles_renew_the_token_once_and_get_each_role_once() {
    const ROLES: usize = 10;
    let desk = Desk::new(DEAD);
    let names: Vec<String> = (0..ROLES).map(|number| format!("Role{number}")).collect();
    desk.center.add_account(Account::new("444455556666", &names.iter().map(String::as_str).collect::<Vec<_>>()));
    let profiles: String = names.iter().map(|name| profile(name, "corp", name)).collect();
    let config = desk.home.read(".aws/config") + &profiles.replace(ACCOUNT, "444455556666");
    desk.home.write(".aws/config", config);
    desk.center.oidc.expect(refreshed_token().after(SECOND / 2));
    for name in &names {
        desk.center.portal.always(get_role_credentials("444455556666", name));
    }
    let runs = herd(10 * ROLES, |number| desk.home.keyfob(["process", &names[number % ROLES]]));
    let mut keys: Vec<_> = runs.iter().map(|run| json(&run.stdout)["AccessKeyId"].to_string()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), desk.center.portal.calls().len()), (ROLES, ROLES));
}

/// One renews it; the others do not wait for what they can do without.
#[test]
fn while_the_token_lives_nobody_waits_for_its_renewal() {
    let desk = Desk::new(SOFT);
    desk.home.write(".aws/config", desk.home.read(".aws/config") + &profile("audit", "corp", "Audit"));
    desk.center.oidc.expect(refreshed_token().after(4 * SECOND));
    let renewing = desk.process().any_stdout().spawn();
    desk.wait_for_renewals(1);
    desk.center.portal.expect(get_role_credentials(ACCOUNT, "Audit").ending(END));
    desk.home.keyfob(["process", "audit"]).stdout(printed(1)).run();
    desk.expect_role();
    assert_eq!(renewing.wait().stdout, printed(2));
    let calls = desk.center.portal.calls();
    // Whoever had waited would have had the new one.
    assert_eq!(calls[0].asked.access_token, desk.token.access_token);
    assert_ne!(calls[1].asked.access_token, desk.token.access_token);
}

#[test]
fn failure_is_told_to_all_that_waited_for_it() {
    let desk = Desk::new(DEAD);
    desk.center.oidc.always(refreshed_token().fails(400, "InvalidGrantException", "over").after(SECOND));
    let runs: Vec<Running> = (0..50).map(|_| desk.process().code(3).any_stderr().spawn()).collect();
    for run in runs.into_iter().map(Running::wait) {
        assert!(run.stderr.ends_with(&format!("hint: AWS has ended the sign-in; {AGAIN}\n")), "{}", run.stderr);
    }
    let calls = desk.center.oidc.calls().len();
    assert!((1..=3).contains(&calls), "{calls} calls");
}

/// The sign-in is one, however many roles are wanted of it.
#[test]
fn failure_is_told_to_the_processes_of_all_roles() {
    const ROLES: usize = 10;
    let refused = || refreshed_token().fails(400, "InvalidGrantException", "over").after(SECOND / 2);
    for (left, advice) in [(DEAD, AGAIN), (FRESH, BY_FORCE)] {
        let desk = Desk::new(left);
        let profiles: String =
            (0..ROLES).map(|number| profile(&format!("p{number}"), "corp", &format!("r{number}"))).collect();
        desk.home.write(".aws/config", desk.home.read(".aws/config") + &profiles);
        desk.center.oidc.always(refused());
        // A token that is refused before its time.
        for number in 0..ROLES {
            let role = format!("r{number}");
            desk.center.portal.always(get_role_credentials(ACCOUNT, &role).fails(401, "UnauthorizedException", "no"));
        }
        let names: Vec<String> = (0..50).map(|number| format!("p{}", number % ROLES)).collect();
        let herd: Vec<Running> =
            names.iter().map(|name| desk.home.keyfob(["process", name]).code(3).any_stderr().spawn()).collect();
        for (run, name) in herd.into_iter().map(Running::wait).zip(&names) {
            let message = format!("keyfob: cannot get credentials for profile \"{name}\"\n");
            assert!(run.stderr.starts_with(&message) && run.stderr.ends_with(&format!("{advice}\n")), "{}", run.stderr);
        }
        let calls = desk.center.oidc.calls().len();
        assert!((1..=3).contains(&calls), "{calls} calls");
    }
}

/// Somebody who comes alone, and later, asks for themselves.
#[test]
fn failure_is_nobodys_who_did_not_wait_for_it() {
    let desk = Desk::new(DEAD);
    for _ in 0..2 {
        desk.center.oidc.expect(refreshed_token().fails(500, "InternalServerException", "later"));
        desk.process().code(1).any_stderr().run();
    }
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
}
