//! A clock that is off, and a service that says so.

use super::*;

#[test]
fn wrong_clock_is_corrected_by_the_services_and_the_call_made_once_more() {
    for ahead in [true, false] {
        let scene = Scene::new();
        let set = if ahead { Sts::set_clock_ahead } else { Sts::set_clock_behind };
        set(&scene.sts, HOUR);
        scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
    }
    for code in ["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"] {
        let scene = Scene::new();
        scene.sts.expect(demo_role().fails(403, code, "look at your clock"));
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
    }
}

#[test]
fn every_role_of_a_chain_is_called_with_the_corrected_clock() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.set_clock_ahead(HOUR);
    scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.sts.expect(demo_role().signed_by(&issued(1)));
    scene.home.keyfob(["process", "next"]).stdout(issued_document(2)).run();
}

#[test]
fn credentials_are_judged_by_the_services_clock() {
    let scene = Scene::new();
    scene.sts.set_clock_behind(2 * HOUR);
    scene.sts.expect(assume_role(ROLE).refused("SignatureDoesNotMatch"));
    scene.sts.expect(assume_role(ROLE));
    let run = scene.process().any_stdout().run();
    assert!(run.stdout.contains(&issued(1).access_key_id), "{}", run.stdout);
}

#[test]
fn clock_that_stays_wrong_is_told_with_how_much() {
    let scene = Scene::new();
    scene.sts.set_clock_ahead(2 * HOUR);
    scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
    scene.sts.expect(demo_role().fails(403, "SignatureDoesNotMatch", "Signature expired"));
    let run = fails(scene.process(), "this machine's clock is off by ", "set this machine's clock");
    assert!(run.stderr.contains("off by 2 h 0 min") || run.stderr.contains("off by 1 h 59 min"), "{}", run.stderr);
}

#[test]
fn wrong_secret_with_a_right_clock_is_not_tried_again() {
    let scene = Scene::new();
    scene.sts.set_clock_ahead(Duration::from_mins(3));
    scene.sts.expect(demo_role().fails(403, "SignatureDoesNotMatch", "The signature does not match"));
    fails(scene.process(), "SignatureDoesNotMatch", "the secret access key does not belong to …0000");
}
