//! What a process that was killed at a renewal has left: the next one finishes it, if that is what it is.

use super::*;
use std::{
    os::unix::fs::{PermissionsExt, symlink},
    time::SystemTime,
};

/// When the session's file was written, and copies before and after.
const WRITTEN: u64 = 1_767_225_600;

fn set_age(path: &std::path::Path, seconds: u64) {
    let file = fs::File::options().write(true).open(path).expect("the file is ours");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).expect("the file is ours");
}

impl Desk {
    /// A session that has ended, and the one that it was renewed to.
    fn renewed_elsewhere() -> (Self, Session) {
        let desk = Self::new(DEAD);
        set_age(&desk.home.path().join(desk.session.path()), WRITTEN);
        let renewal = desk.signin.sign_in(ALICE);
        (desk, renewal)
    }

    /// Leaves a copy beside the session's file, later than that.
    fn leave(&self, end: &str, text: &str, seconds_later: u64) -> PathBuf {
        let copy = self.home.write(&format!("{}.{end}", self.session.path()), text);
        set_age(&copy, WRITTEN + seconds_later);
        copy
    }
}

#[test]
fn finished_copy_is_put_in_its_place_without_a_call() {
    let (desk, renewal) = Desk::renewed_elsewhere();
    let copy = desk.leave("4711.tmp", &renewal.document(end_of_all()), 1);
    desk.process().stdout(Session::keys(end_of_all()).document(Some(ACCOUNT))).run();
    assert_eq!(desk.read(), renewal.document(end_of_all()));
    assert!(!copy.exists());
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn copy_that_has_ended_too_is_renewed_with_its_own_token() {
    let (desk, renewal) = Desk::renewed_elsewhere();
    desk.leave("4711.tmp", &renewal.document(end(DEAD)), 1);
    desk.signin.expect(refresh());
    desk.prints(desk.process(), 1);
    assert_eq!(desk.signin.calls()[0].refresh_token(), renewal.refresh_token);
}

#[test]
fn newest_copy_that_is_a_renewal_is_taken() {
    let (desk, newest) = Desk::renewed_elsewhere();
    let older = desk.signin.sign_in(ALICE);
    desk.leave("3.tmp", &older.document(end(DEAD)), 1);
    desk.leave("1.tmp", &newest.document(end_of_all()), 2);
    // It did not get far.
    desk.leave("2.tmp", "{\"accessToken\": ", 3);
    desk.process().stdout(Session::keys(end_of_all()).document(Some(ACCOUNT))).run();
    assert_eq!(desk.read(), newest.document(end_of_all()));
}

/// The token in the file is used then.
#[track_caller]
fn is_not_taken(leave: impl Fn(&Desk, &str)) {
    let (desk, renewal) = Desk::renewed_elsewhere();
    leave(&desk, &renewal.document(end_of_all()));
    desk.signin.expect(refresh());
    desk.prints(desk.process(), 1);
    assert_eq!(desk.signin.calls()[0].refresh_token(), desk.session.refresh_token);
}

#[test]
fn copy_that_is_torn_is_not_taken() {
    for length in [0, 1, 700] {
        is_not_taken(|desk, whole| drop(desk.leave("1.tmp", &whole[..length], 1)));
    }
    is_not_taken(|desk, whole| drop(desk.leave("1.tmp", &whole[..whole.len() - 1], 1)));
}

#[test]
fn copy_that_is_older_than_the_file_is_not_taken() {
    is_not_taken(|desk, whole| {
        let copy = desk.leave("1.tmp", whole, 0);
        set_age(&copy, WRITTEN - 1);
    });
}

#[test]
fn copy_of_another_sign_in_is_not_taken() {
    is_not_taken(|desk, whole| {
        let other = whole.replace(&DpopKey::USUAL.json(), &DpopKey::WITH_A_ZERO.json());
        desk.leave("1.tmp", &other, 1);
    });
    is_not_taken(|desk, whole| drop(desk.leave("1.tmp", &whole.replace("same-device", "cross-device"), 1)));
}

#[test]
fn copy_that_somebody_else_could_have_written_is_not_taken() {
    for mode in [0o666, 0o620, 0o602] {
        is_not_taken(|desk, whole| {
            let copy = desk.leave("1.tmp", whole, 1);
            fs::set_permissions(&copy, fs::Permissions::from_mode(mode)).expect("the file is ours");
        });
    }
    is_not_taken(|desk, whole| {
        let target = desk.home.write("elsewhere", whole);
        let copy = desk.leave("1.tmp", "", 1);
        fs::remove_file(&copy).expect("the file was just written");
        symlink(target, copy).expect("the folder is ours");
    });
}

#[test]
fn file_of_another_name_is_not_taken() {
    for end in ["tmp", "old.tmp", "1.bak", "1.tmp.json", "tmp.1"] {
        is_not_taken(|desk, whole| drop(desk.leave(end, whole, 1)));
    }
}
