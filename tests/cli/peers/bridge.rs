//! That SDKs which know a profile's own settings come to keyfob all the same when it is bridged.

use super::{
    super::{
        fake::refreshed_token,
        keyfob::{Home, json},
        peer,
        scene::{Scene, demo_role, issued_document},
        sso::{DEAD, Desk, printed},
    },
    ask, script, text,
};
use std::path::Path;

/// Checks what each SDK gets for profile `dev`.
#[track_caller]
fn every_sdk_gets(home: &Home, expected: &str) {
    let expected = json(expected);
    let members = ["AccessKeyId", "SecretAccessKey", "SessionToken"];
    if let Some(python) = peer::python(&["botocore"]) {
        let theirs = ask(&python, home, "login_session.py", &["dev"], "");
        for member in members {
            assert_eq!(theirs[member], expected[member], "{member}");
        }
        assert_eq!(theirs["Method"], "custom-process");
    }
    if let Some(node) = peer::node(&["@aws-sdk/credential-provider-ini"]) {
        let script = script("profile.mjs");
        let arguments: [&Path; 2] = [&script, &node.packages];
        let run = home.program(text(&node.program), arguments.map(text).into_iter().chain(["dev"]));
        let theirs = json(&run.any_stdout().secrets_expected().run().stdout);
        for member in members {
            assert_eq!(theirs[member], expected[member], "{member}");
        }
    }
}

#[test]
fn sdks_get_a_bridged_roles_credentials_from_keyfob() {
    let scene = Scene::with("region = eu-west-1\n");
    scene.home.keyfob(["bridge", "dev"]).any_stdout().run();
    // Once, whoever asks: keyfob keeps them.
    scene.sts.expect(demo_role());
    every_sdk_gets(&scene.home, &issued_document(1));
    scene.home.keyfob(["process", "dev"]).stdout(issued_document(1)).run();
}

#[test]
fn sdks_get_a_bridged_sign_ins_credentials_from_keyfob() {
    let desk = Desk::new(DEAD);
    desk.home.keyfob(["bridge", "dev"]).any_stdout().run();
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    every_sdk_gets(&desk.home, &printed(1));
    desk.process().stdout(printed(1)).run();
}

#[test]
fn sdks_get_credentials_through_a_second_profile() {
    let scene = Scene::new();
    let config = scene.home.read(".aws/config").replace("[profile dev]", "[profile role]");
    scene.home.write(".aws/config", config);
    scene.home.keyfob(["bridge", "role", "--as", "dev"]).any_stdout().run();
    scene.sts.expect(demo_role());
    scene.home.keyfob(["process", "role"]).stdout(issued_document(1)).run();
    every_sdk_gets(&scene.home, &issued_document(1));
}
