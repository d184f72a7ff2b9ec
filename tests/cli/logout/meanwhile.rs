//! Somebody signs out while another process is at it: what is forgotten does not come back.

use super::{
    super::{
        fake::{ACCOUNT, Sts, assume_role, signed_in},
        scene::{ROLE, entries, issued, role_section},
    },
    *,
};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

impl Scene {
    /// Waits until a refresh has come.
    #[track_caller]
    fn wait_for_call(&self) {
        let began = Instant::now();
        while self.signin.calls().is_empty() {
            assert!(began.elapsed() < 20 * SECOND, "no refresh came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

#[test]
fn session_that_is_being_renewed_is_gone_afterwards() {
    for (arguments, told) in
        [(&["dev"][..], signed_out("dev", ALICE)), (&["--all"], "Forgot 2 console sign-ins.\n".to_owned())]
    {
        let scene = Scene::new();
        scene.sign_in(ALICE, ended());
        scene.signin.expect(refresh().after(SECOND));
        let renewing = scene.home.keyfob(["process", "dev"]).any_stdout().spawn();
        scene.wait_for_call();
        scene.logout(arguments).stdout(told).run();
        // It gets what it has asked for.
        let printed = renewing.wait().stdout;
        assert!(printed.contains(&scene.signin.answered()[0].keys.access_key_id), "{printed}");
        assert!(!scene.path(&session_path(ALICE)).exists());
        scene.home.keyfob(["process", "dev"]).code(3).any_stderr().run();
    }
}

#[test]
fn role_that_is_being_assumed_with_it_is_gone_afterwards() {
    let sts = Sts::start();
    let mut scene = Scene::new();
    scene.home = scene.home.sts(&sts).config(&(config() + &role_section("role", ROLE, "dev")));
    scene.sign_in(ALICE, ended());
    let renewed = sts.add_session(&signed_in(1), Duration::from_hours(1));
    scene.signin.expect(refresh().after(SECOND));
    sts.expect(assume_role(ROLE).signed_by(&renewed).expiring(END).after(SECOND));
    let renewing = scene.home.keyfob(["process", "role"]).stdout(issued(1).document(Some(ACCOUNT))).spawn();
    scene.wait_for_call();
    scene.logout(&["dev"]).stdout(signed_out("dev", ALICE)).run();
    renewing.wait();
    assert_eq!(entries(&scene.home), [""; 0].map(PathBuf::from));
    scene.home.keyfob(["process", "role"]).code(3).any_stderr().run();
}
