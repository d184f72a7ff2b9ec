//! Where a profile is somebody else's, nobody takes it without being asked.

use super::*;

const QUESTION: &str = "Change profile \"dev\" to this identity? [y/n] ";
const KEPT: &str = "Nothing was changed: profile \"dev\" keeps its identity.\n";

/// Profile `dev` is bob's, and alice signs in.
fn scene() -> SigningIn {
    let scene = SigningIn::with(&profile_of(BOB, "us-east-1"));
    let session = scene.signin.sign_in(BOB).document(Timestamp::from_unix_seconds(0));
    scene.home.write(&session_path(BOB), session);
    scene.signin.expect(sign_in(ALICE));
    scene
}

/// Alice's is not there, bob's is as it was.
#[track_caller]
fn everything_is_as_it_was(scene: &SigningIn) {
    assert_eq!(scene.config(), profile_of(BOB, "us-east-1"));
    assert_eq!(scene.sessions().len(), 1);
    assert!(scene.path(BOB).exists());
}

fn told(url: &str) -> String {
    format!(
        "To sign in to AWS in us-east-1, open this URL in a browser on this machine:\n\n{url}\n\n\
         Profile \"dev\" was signed in as {BOB}.\nThis sign-in is {ALICE}.\n"
    )
}

#[test]
fn profile_changes_its_identity_when_the_person_says_so() {
    if !has_terminal() {
        return;
    }
    for (keys, changes) in [
        (&["y"][..], true),
        (&["YES"], true),
        (&["", "maybe", "yes"], true),
        (&["n"], false),
        (&["No"], false),
        (&["yes please", "no"], false),
    ] {
        let scene = scene();
        let (person, screen) = typing(QUESTION, keys);
        let stdout = if changes { signed_in_as(ALICE) } else { KEPT.to_owned() };
        let mut login = scene.here(&["--force"]).terminal(person).screen(screen).stdout(stdout).spawn();
        let url = scene.allow(&mut login);
        login.stderr(told(&url)).wait();
        if changes {
            assert_eq!(scene.config(), profile_of(ALICE, "us-east-1"));
            // Bob's session may be another profile's, too.
            assert!(scene.path(ALICE).exists() && scene.path(BOB).exists());
        } else {
            everything_is_as_it_was(&scene);
        }
    }
}

#[test]
fn interrupted_it_changes_nothing() {
    if !has_terminal() {
        return;
    }
    for keys in ["\x03", "y\x03", "\x04"] {
        let scene = scene();
        let run = scene.here(&["--force"]).terminal(Terminal::new().answer(QUESTION, keys)).any_screen();
        let mut login = run.code(130).spawn();
        let url = scene.allow(&mut login);
        let error = "keyfob: profile \"dev\" is another identity's; nothing was changed\n  cause: interrupted\n  \
                     hint: run it with --yes to change the identity, or sign in to another profile\n";
        login.stderr(told(&url) + error).wait();
        everything_is_as_it_was(&scene);
    }
}

#[test]
fn without_a_terminal_nothing_changes() {
    let scene = scene();
    let mut login = scene.here(&["--force"]).stdin("y\n").code(1).spawn();
    let url = scene.allow(&mut login);
    let error = "keyfob: profile \"dev\" is another identity's; nothing was changed\n  cause: there is no terminal to \
                 ask on\n  hint: run it with --yes to change the identity, or sign in to another profile\n";
    login.stderr(told(&url) + error).wait();
    everything_is_as_it_was(&scene);
}

#[test]
fn whoever_says_yes_beforehand_is_not_asked() {
    for terminal in [false, true] {
        if terminal && !has_terminal() {
            return;
        }
        let scene = scene();
        let run = scene.here(&["--force", "--yes"]).stdout(signed_in_as(ALICE));
        let run = if terminal { run.terminal(Terminal::new()) } else { run };
        let mut login = run.spawn();
        scene.allow(&mut login);
        login.wait();
        assert_eq!(scene.config(), profile_of(ALICE, "us-east-1"));
    }
}

#[test]
fn same_identity_is_no_question() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(&profile_of(ALICE, "us-east-1"));
    scene.signin.expect(sign_in(ALICE));
    let mut login = scene.here(&[]).terminal(Terminal::new()).stdout(signed_in_as(ALICE)).spawn();
    scene.allow(&mut login);
    login.wait();
    assert_eq!(scene.config(), profile_of(ALICE, "us-east-1"));
}
