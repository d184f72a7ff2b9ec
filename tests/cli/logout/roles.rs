//! Roles that were assumed with a session are forgotten with it.

use super::{
    super::{
        fake::{Sts, assume_role, signed_in},
        scene::{ROLE, entries, role_section},
    },
    *,
};
use std::time::Duration;

const OPS_ROLE: &str = "arn:aws:iam::123456789012:role/Ops";
const THIRD_ROLE: &str = "arn:aws:iam::123456789012:role/Third";

/// Roles with alice's session, with bob's and with jane's keys, and one upon the first, all in the cache.
fn scene(sts: &Sts) -> Scene {
    let mut scene = Scene::new();
    let jane = sts.add_user("jane");
    let roles = [("a", ROLE, "dev"), ("b", OPS_ROLE, "ops"), ("c", ROLE, "jane"), ("d", THIRD_ROLE, "a")];
    let sections = roles.map(|(profile, role_arn, source)| role_section(profile, role_arn, source)).concat();
    scene.home = scene.home.sts(sts).credentials(&jane.section("jane")).config(&(config() + &sections));
    // Both sessions have the same keys at first.
    let stored = sts.add_session(&signed_in(0), Duration::from_hours(1));
    sts.expect(assume_role(ROLE).signed_by(&stored).expiring(END));
    sts.expect(assume_role(OPS_ROLE).signed_by(&stored).expiring(END));
    sts.expect(assume_role(ROLE).signed_by(&jane).expiring(END));
    sts.expect(assume_role(THIRD_ROLE).expiring(END));
    for (profile, _, _) in roles {
        scene.home.keyfob(["process", profile]).any_stdout().run();
    }
    assert_eq!(entries(&scene.home).len(), 4);
    scene
}

#[test]
fn roles_of_the_session_alone_are_forgotten() {
    let sts = Sts::start();
    let scene = scene(&sts);
    scene.logout(&["dev"]).stdout(signed_out("dev", ALICE)).run();
    assert_eq!(entries(&scene.home).len(), 2);
    for profile in ["b", "c"] {
        scene.home.keyfob(["process", profile]).any_stdout().run();
    }
    for profile in ["a", "d"] {
        let told = scene.home.keyfob(["process", profile]).code(3).any_stderr().run().stderr;
        assert!(told.contains("there is no session file"), "{told}");
    }
}

#[test]
fn roles_of_all_sessions_are_forgotten() {
    let sts = Sts::start();
    let scene = scene(&sts);
    scene.logout(&["--all"]).stdout("Forgot 2 console sign-ins.\n").run();
    assert_eq!(entries(&scene.home).len(), 1);
    scene.home.keyfob(["process", "c"]).any_stdout().run();
}

#[test]
fn roles_are_forgotten_even_when_the_session_is_gone() {
    let sts = Sts::start();
    let scene = scene(&sts);
    fs::remove_file(scene.path(&session_path(ALICE))).expect("the file was just written");
    scene.logout(&["dev"]).stdout("Profile \"dev\" was not signed in.\n").run();
    assert_eq!(entries(&scene.home).len(), 2);
}

#[test]
fn cache_of_roles_is_not_made_for_it() {
    let sts = Sts::start();
    let scene = scene(&sts);
    scene.home.clear_cache();
    scene.logout(&["dev"]).stdout(signed_out("dev", ALICE)).run();
    assert!(!scene.home.cache_dir().exists());
}
