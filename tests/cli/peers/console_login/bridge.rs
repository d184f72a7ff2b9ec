//! The bridge: programs that know no console sign-ins come to keyfob, and those that do need no keyfob.

use super::{
    super::{
        super::{
            fake::{ACCOUNT, Keys, Timestamp, refresh},
            keyfob::json,
            peer,
        },
        KEYFOB,
        login_session::MODULES,
        script, text,
    },
    *,
};
use std::path::{Path, PathBuf};

/// One Python, with an SDK of today and one of the time before console sign-ins.
struct Pythons {
    python: PathBuf,
    old: PathBuf,
}

impl Pythons {
    fn find() -> Option<Self> {
        Some(Self { python: peer::python(&MODULES)?, old: peer::old_python_packages()? })
    }

    /// Asks the SDK of today, where no keyfob can be found.
    fn new_sdk(&self, desk: &Desk) -> Invocation {
        self.ask(desk).env("PATH", "/usr/bin:/bin")
    }

    fn old_sdk(&self, desk: &Desk) -> Invocation {
        self.ask(desk).env("PYTHONPATH", text(&self.old))
    }

    fn ask(&self, desk: &Desk) -> Invocation {
        let script = script("login_session.py");
        desk.home.program(text(&self.python), ["-B", text(&script), "dev"]).any_stdout().secrets_expected()
    }
}

/// A desk at which keyfob is on the path.
fn desk_with_keyfob() -> Desk {
    let folder = Path::new(KEYFOB).parent().expect("a program is in a folder");
    let mut desk = empty_desk();
    desk.home.set_env("PATH", &format!("{}:/usr/bin:/bin", text(folder)));
    desk
}

/// Checks what was printed against the fake's keys of this number, and where they came from.
#[track_caller]
fn are_keys(invocation: Invocation, number: usize, method: &str) {
    let keys = json(&Keys::signed_in(number, Timestamp::now()).document(Some(ACCOUNT)));
    let printed = json(&invocation.run().stdout);
    for member in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
        assert_eq!(printed[member], keys[member], "{member}");
    }
    assert_eq!(printed["Method"], method);
}

#[test]
fn old_sdks_get_a_sessions_credentials_from_keyfob() {
    let Some(pythons) = Pythons::find() else { return };
    let desk = desk_with_keyfob();
    sign_in_by_hand(&desk, &["--bridge"]);
    are_keys(pythons.old_sdk(&desk), 1, "custom-process");
    are_keys(pythons.new_sdk(&desk), 1, "login");
    desk.end_session();
    desk.signin.expect(refresh());
    are_keys(pythons.old_sdk(&desk), 2, "custom-process");
    are_keys(pythons.new_sdk(&desk), 2, "login");
    desk.end_session();
    desk.signin.expect(refresh());
    are_keys(pythons.new_sdk(&desk), 3, "login");
    are_keys(pythons.old_sdk(&desk), 3, "custom-process");
}

/// Otherwise the test above would say nothing.
#[test]
fn old_sdks_get_nothing_without_a_bridge() {
    let Some(pythons) = Pythons::find() else { return };
    let desk = desk_with_keyfob();
    sign_in_by_hand(&desk, &["--no-bridge"]);
    pythons.old_sdk(&desk).code(1).stdout("").stderr("no credentials\n").run();
}
