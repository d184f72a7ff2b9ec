//! The client that keyfob is registered as: kept, used again, and made anew where it is of no use.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};

const CODES: bool = true;

#[test]
fn registration_is_kept_as_the_aws_cli_keeps_its_own_and_used_again() {
    for device in [false, true] {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        if device {
            desk.center.oidc.expect(start_device_authorization());
            desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
            desk.login(&["--use-device-code"]).code(1).any_stderr().run();
            desk.center.oidc.expect(start_device_authorization());
            desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
            desk.login(&["--use-device-code"]).code(1).any_stderr().run();
        } else {
            desk.signs_in(desk.login(&[]));
            desk.signs_in(desk.login(&["--force"]));
        }
        let registration = desk.registration();
        assert_eq!(registration.is_for_codes, !device);
        assert_eq!(desk.home.read(registration.path()), registration.document());
        assert_eq!(desk.center.oidc.clients().len(), 1);
        assert_eq!(desk.center.oidc.clients()[0].name, "keyfob-corp");
    }
}

#[test]
fn registration_of_the_other_kind_gives_way() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    desk.expect_device();
    desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
    desk.login(&["--use-device-code", "--force"]).code(1).any_stderr().run();
    assert_eq!(desk.home.read(desk.registration().path()), desk.registration().document());
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&["--force"]));
    let kinds: Vec<bool> = desk.center.oidc.clients().iter().map(|client| client.is_for_codes).collect();
    assert_eq!(kinds, [CODES, !CODES, CODES]);
}

#[test]
fn registration_near_its_end_gives_way() {
    for (left, clients) in [(14, 2), (17, 1)] {
        let desk = Desk::new();
        let end = Timestamp::now().plus(Duration::from_mins(left));
        desk.center.oidc.expect(register_client().registered_until(end));
        desk.signs_in(desk.login(&[]));
        if clients == 2 {
            desk.center.oidc.expect(register_client());
        }
        desk.signs_in(desk.login(&["--force"]));
        assert_eq!(desk.center.oidc.clients().len(), clients);
    }
}

#[test]
fn registration_that_is_none_gives_way() {
    for document in ["", "{", "[]", r#"{"clientId": "x"}"#] {
        let desk = Desk::new();
        desk.center.oidc.expect(register_client());
        desk.signs_in(desk.login(&[]));
        let path = desk.registration().path();
        desk.home.write(&path, document);
        desk.center.oidc.expect(register_client());
        desk.signs_in(desk.login(&["--force"]));
        assert_eq!(desk.home.read(&path), desk.registration().document());
    }
}

/// AWS's page says so in the browser, which does not come back; whoever brings a code all the same is asked once more.
#[test]
fn client_that_the_service_has_forgotten_is_registered_anew_once() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    desk.center.oidc.expect(code_token().fails(401, "InvalidClientException", "Gone."));
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(code_token());
    let mut running = desk.login(&["--force"]).any_stdout().spawn();
    let first = desk.allow(&mut running);
    let second = desk.allow(&mut running);
    let again = "AWS does not know the client any more that keyfob had registered; registering anew.\n";
    running.stderr(format!("{HERE}\n{first}\n\n{again}{HERE}\n{second}\n\n")).wait();
    assert_eq!(desk.home.read(desk.registration().path()), desk.registration().document());
}

/// AWS's page shows an error for a client that it has forgotten, and the browser does not come back.
#[test]
fn client_that_nobody_came_back_with_is_registered_anew_the_next_time() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    // A client that is new is known: the person was late.
    desk.login(&["--timeout", "1s"]).code(3).any_stderr().run();
    desk.login(&["--timeout", "1s"]).code(3).any_stderr().run();
    assert_eq!(desk.center.oidc.clients().len(), 1);
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    assert_eq!(desk.home.read(desk.registration().path()), desk.registration().document());
    // The next one comes back, and it stays.
    desk.signs_in(desk.login(&["--force"]));
    assert_eq!(desk.center.oidc.clients().len(), 2);
}

/// Others may bring back what we have put away.
#[test]
fn forgotten_client_that_stays_where_it_was_kept_is_tried_once() {
    let desk = Desk::new();
    desk.expect_device();
    desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
    desk.login(&["--use-device-code"]).code(1).any_stderr().run();
    let old = desk.registration();
    desk.center.oidc.expect(start_device_authorization().fails(401, "InvalidClientException", "Gone."));
    desk.expect_device();
    desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let whole = desk.home.write("registration", old.document());
                fs::rename(whole, desk.home.path().join(old.path())).expect("they are on one file system");
            }
        });
        let run = desk.login(&["--use-device-code"]).code(1).any_stderr().run();
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(run.stderr.matches("registering anew").count(), 1, "{}", run.stderr);
    });
}

#[test]
fn device_code_of_a_forgotten_client_is_got_with_a_new_one() {
    for refused_at in [0, 1] {
        let desk = Desk::new();
        desk.expect_device();
        desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
        desk.login(&["--use-device-code"]).code(1).any_stderr().run();
        if refused_at == 0 {
            desk.center.oidc.expire_clients();
            desk.center.oidc.expect(start_device_authorization().refused("InvalidClientException"));
        } else {
            desk.center.oidc.expect(start_device_authorization());
            desk.center.oidc.expect(device_token().fails(401, "InvalidClientException", "Gone."));
        }
        desk.expect_device();
        desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
        desk.login(&["--use-device-code"]).code(1).any_stderr().run();
        assert_eq!(desk.center.oidc.clients().len(), 2);
    }
}

#[test]
fn client_that_was_just_registered_and_is_not_known_is_told() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization().fails(401, "InvalidClientException", "Gone."));
    let run = desk.login(&["--use-device-code"]).code(1).any_stderr().run();
    let hint = "\n  hint: AWS does not know the client that it has registered; run the command again\n";
    assert!(run.stderr.starts_with(FAILED) && run.stderr.ends_with(hint), "{}", run.stderr);
}

#[test]
fn trouble_at_registering_is_tried_again() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client().fails(500, "InternalServerException", "Try later."));
    desk.center.oidc.expect(register_client());
    desk.center.oidc.expect(start_device_authorization().fails(500, "InternalServerException", "Try later."));
    desk.center.oidc.expect(start_device_authorization());
    desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
    desk.login(&["--use-device-code"]).code(1).any_stderr().run();
}
