//! A process is killed between the service's answer and the end of its work: the next one finishes that.

use super::{
    super::faults::{self, Fault, RENAME, SYNC, WRITE},
    *,
};
use std::time::SystemTime;

const KILLED: i32 = 128 + 9;
/// When the token's file was written, and copies before and after.
const WRITTEN: u64 = 1_767_225_600;

fn faulty(desk: &Desk, fault: Fault, (calls, number): (&str, usize)) -> Invocation {
    faults::keyfob(&desk.home, &["process", "--profile", "dev"], fault, calls, number).secrets_expected()
}

fn set_age(path: &std::path::Path, seconds: u64) {
    let file = fs::File::options().write(true).open(path).expect("the file is ours");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).expect("the file is ours");
}

#[test]
fn renewal_of_a_killed_process_is_finished_by_the_next() {
    if !faults::can_be_injected() {
        return;
    }
    // The first of each is the trial before the renewal.
    for place in [(RENAME, 1), (SYNC, 2), (SYNC, 3)] {
        let desk = Desk::new(DEAD);
        desk.center.oidc.expect(refreshed_token());
        faulty(&desk, Fault::Killed, place).code(KILLED).run();
        // A second renewal would find nothing queued.
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        let renewed = &desk.center.issued()[1];
        assert_eq!(
            json(&desk.read())["refreshToken"],
            renewed.refresh_token.as_deref().expect("it rotates"),
            "{place:?}"
        );
        assert_eq!(desk.center.portal.calls()[0].asked.access_token, renewed.access_token);
    }
}

#[test]
fn what_cannot_be_written_any_more_is_used_and_the_file_stays_whole() {
    if !faults::can_be_injected() {
        return;
    }
    for (place, error) in [((WRITE, 2), "ENOSPC"), ((SYNC, 2), "EIO"), ((RENAME, 1), "EACCES")] {
        let desk = Desk::new(DEAD);
        let before = desk.read();
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        faulty(&desk, Fault::Error(error), place).stdout(printed(1)).any_stderr().run();
        assert_eq!(desk.read(), before, "{error}");
    }
}

impl Desk {
    /// A token that has ended, and the one that it was renewed to.
    fn renewed_elsewhere() -> (Self, SsoToken) {
        let desk = Self::new(DEAD);
        set_age(&desk.path(), WRITTEN);
        let renewal = desk.center.sign_in("corp");
        let (client_id, client_secret) = (desk.token.client_id.clone(), desk.token.client_secret.clone());
        (desk, SsoToken { client_id, client_secret, ..renewal })
    }

    /// Leaves a copy beside the token's file, later than that.
    fn leave(&self, end: &str, text: &str, seconds_later: u64) -> PathBuf {
        let copy = self.home.write(&format!("{}.{end}", self.token.path()), text);
        set_age(&copy, WRITTEN + seconds_later);
        copy
    }
}

#[test]
fn finished_copy_is_put_in_its_place_without_a_renewal() {
    let (desk, renewal) = Desk::renewed_elsewhere();
    let copy = desk.leave("4711.tmp", &renewal.document(end(FRESH)), 1);
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    assert_eq!(desk.read(), renewal.document(end(FRESH)));
    assert!(!copy.exists());
    assert_eq!(desk.center.oidc.connections(), 0);
}

#[test]
fn copy_that_has_ended_too_is_renewed_with_its_own_refresh_token() {
    let (desk, renewal) = Desk::renewed_elsewhere();
    desk.leave("4711.tmp", &renewal.document(end(DEAD)), 1);
    desk.center.oidc.expect(refreshed_token().fails(400, "InvalidGrantException", "over"));
    desk.process().code(3).any_stderr().run();
    let body = desk.center.oidc.calls()[0].body.clone();
    assert_eq!(json(&body)["refreshToken"], renewal.refresh_token.as_deref().expect("it has one"));
}

/// The token in the file is renewed then.
#[test]
fn copy_that_is_no_renewal_is_not_taken() {
    type Spoil = fn(&str) -> String;
    let torn: Spoil = |whole| whole[..whole.len() - 40].to_owned();
    let of_another_client: Spoil = |whole| whole.replace("\"clientId\": \"", "\"clientId\": \"other-");
    let as_it_is: Spoil = str::to_owned;
    for (name, spoil, seconds_later) in [
        ("1.tmp", torn, 1),
        ("1.tmp", of_another_client, 1),
        ("1.tmp", as_it_is, 0),
        ("old.tmp", as_it_is, 1),
        ("1.tmp.json", as_it_is, 1),
    ] {
        let (desk, renewal) = Desk::renewed_elsewhere();
        desk.leave(name, &spoil(&renewal.document(end(FRESH))), seconds_later);
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        let body = desk.center.oidc.calls()[0].body.clone();
        assert_eq!(json(&body)["refreshToken"], desk.token.refresh_token.as_deref().expect("it has one"), "{name}");
    }
}
