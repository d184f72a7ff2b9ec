//! A sign-in is killed while it is kept, or meets a disk in trouble: what was there before stays, or the new is there.

use super::{
    super::{
        faults::{self, Fault, RENAME, SYNC, WRITE},
        signing_in::BOB,
    },
    *,
};

const KILLED: i32 = 128 + 9;

/// A sign-in that meets the fault at this call of its own.
fn faulty(scene: &SigningIn, fault: Fault, (calls, number): (&str, usize)) -> Invocation {
    let arguments = ["login", "dev", "--remote", "--no-bridge", "--force", "--yes"];
    faults::keyfob(&scene.home, &arguments, fault, calls, number)
}

/// Signs in, as far as it gets, and returns what is on standard error.
#[track_caller]
fn sign_in_once(scene: &SigningIn, login_session: &str, run: Invocation) -> String {
    scene.signin.expect(sign_in(login_session));
    let mut remote = run.open_stdin().any_stderr().spawn();
    let url = shown_url(&mut remote);
    remote.type_in(&(scene.copy(&url) + "\n"));
    let told = remote.wait().stderr;
    told.strip_prefix(&shown(&url)).expect("the way is shown first").to_owned()
}

/// These have signed in before.
fn scene(before: Option<&str>) -> SigningIn {
    let scene = SigningIn::with(CONFIG);
    if let Some(login_session) = before {
        sign_in_once(&scene, login_session, scene.remote(&[]).stdout(signed_in_as(login_session)));
    }
    scene
}

fn config(login_session: Option<&str>) -> String {
    CONFIG.to_owned() + &login_session.map(|arn| format!("login_session = {arn}\n")).unwrap_or_default()
}

/// The number of the sign-in whose session is there, whole; 0 for none.
#[track_caller]
fn session_of(scene: &SigningIn, login_session: &str) -> usize {
    if !scene.path(login_session).exists() {
        return 0;
    }
    let session = json(&scene.home.read(session_path(login_session)));
    let number = scene.signin.answered().iter().position(|answer| {
        session["refreshToken"] == answer.refresh_token.as_str()
            && session["accessToken"]["accessKeyId"] == answer.keys.access_key_id.as_str()
            && session["idToken"] == answer.id_token.as_deref().unwrap_or_default()
    });
    1 + number.expect("it is one of the sessions")
}

#[test]
fn killed_at_any_write_it_leaves_the_old_or_the_new() {
    if !faults::can_be_injected() {
        return;
    }
    // The first sync is that of the trial; then come the session's copy, its folder, and the same of the profile.
    for (before, place, session, named) in [
        (None, (SYNC, 2), 0, None),
        (None, (RENAME, 1), 0, None),
        (None, (SYNC, 3), 1, None),
        (None, (SYNC, 4), 1, None),
        (None, (RENAME, 2), 1, None),
        (None, (SYNC, 5), 1, Some(ALICE)),
        (Some(ALICE), (SYNC, 2), 1, Some(ALICE)),
        (Some(ALICE), (RENAME, 1), 1, Some(ALICE)),
        (Some(ALICE), (SYNC, 3), 2, Some(ALICE)),
        (Some(BOB), (RENAME, 1), 0, Some(BOB)),
        (Some(BOB), (RENAME, 2), 2, Some(BOB)),
        (Some(BOB), (SYNC, 5), 2, Some(ALICE)),
    ] {
        let scene = scene(before);
        sign_in_once(&scene, ALICE, faulty(&scene, Fault::Killed, place).code(KILLED));
        assert_eq!(session_of(&scene, ALICE), session, "{before:?} {place:?}");
        assert_eq!(scene.config(), config(named), "{before:?} {place:?}");
        if named.is_some() {
            scene.home.keyfob(["process", "dev"]).any_stdout().run();
        }
        // And once more, undisturbed.
        sign_in_once(&scene, ALICE, scene.remote(&["--force", "--yes"]).stdout(signed_in_as(ALICE)));
        assert_eq!((session_of(&scene, ALICE), scene.config()), (scene.signin.answered().len(), config(Some(ALICE))));
        scene.home.keyfob(["process", "dev"]).any_stdout().run();
    }
}

#[test]
fn disk_in_trouble_is_told_before_anybody_is_sent_to_a_browser() {
    if !faults::can_be_injected() {
        return;
    }
    for (place, error, text) in [
        ((WRITE, 1), "ENOSPC", "No space left on device (os error 28)"),
        ((SYNC, 1), "EIO", "Input/output error (os error 5)"),
    ] {
        let scene = scene(Some(ALICE));
        let (config, file) = (scene.config(), scene.home.read(session_path(ALICE)));
        let told = format!(
            "keyfob: cannot keep a console sign-in\n  cause: cannot write \"{}\": {text}\n  hint: make the folder \
             writable and the disk less full, or set AWS_LOGIN_CACHE_DIRECTORY\n",
            scene.home.path().join(".aws/login/cache").display()
        );
        faulty(&scene, Fault::Error(error), place).code(1).stderr(told).run();
        assert_eq!((scene.config(), scene.home.read(session_path(ALICE))), (config, file));
    }
}

#[test]
fn disk_that_fills_up_meanwhile_costs_nothing_that_was_there() {
    if !faults::can_be_injected() {
        return;
    }
    for (place, error) in [((SYNC, 2), "ENOSPC"), ((SYNC, 2), "EIO"), ((RENAME, 1), "ENOSPC")] {
        let scene = scene(Some(ALICE));
        let (config, file) = (scene.config(), scene.home.read(session_path(ALICE)));
        let told = sign_in_once(&scene, ALICE, faulty(&scene, Fault::Error(error), place).code(1));
        let path = scene.path(ALICE);
        let cause = format!("keyfob: cannot keep a console sign-in\n  cause: cannot write \"{}\": ", path.display());
        assert!(told.starts_with(&cause), "{told}");
        assert_eq!((scene.config(), scene.home.read(session_path(ALICE))), (config, file), "{place:?}");
        assert_eq!(scene.sessions().len(), 1, "a copy is left");
    }
}

#[test]
fn profile_that_cannot_be_written_any_more_is_told_and_as_it_was() {
    if !faults::can_be_injected() {
        return;
    }
    for (place, error) in [((RENAME, 2), "ENOSPC"), ((SYNC, 4), "EIO")] {
        let scene = scene(None);
        let told = sign_in_once(&scene, ALICE, faulty(&scene, Fault::Error(error), place).code(1));
        let path = scene.home.path().join(".aws/config");
        let expected = format!(
            "keyfob: the sign-in is kept, but profile \"dev\" does not know of it\n  cause: cannot write \"{}\": ",
            path.display()
        );
        assert!(told.starts_with(&expected), "{told}");
        assert_eq!((scene.config().as_str(), session_of(&scene, ALICE)), (CONFIG, 1));
    }
}
