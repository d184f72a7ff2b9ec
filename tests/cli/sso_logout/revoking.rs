//! What AWS is told, and what becomes of a sign-in of which it cannot be told.

use super::*;

fn not_told(why: &str) -> String {
    format!("keyfob: AWS could not be told that the sign-in to sso-session \"corp\" is over: {why}\n")
}

#[test]
fn sign_in_is_forgotten_even_when_aws_is_not_told() {
    let scene = Scene::new();
    scene.center.portal.expect(logout().fails(400, "InvalidRequestException", "so it is"));
    let why = format!(
        "Logout at {}: InvalidRequestException: so it is (HTTP 400, request 00000000-0000-4000-8000-000000000001)",
        scene.center.portal.address()
    );
    scene.logout(&["dev"]).stdout(SIGNED_OUT).stderr(not_told(&why)).run();
    assert!(!scene.is_there(&scene.corp));
    // Nobody is there.
    let scene = Scene::new();
    let run = scene.logout(&["dev"]).env("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1").stdout(SIGNED_OUT).any_stderr();
    let told = run.run().stderr;
    assert!(told.starts_with(not_told("Logout at 127.0.0.1:1: ").trim_end()), "{told}");
    assert!(!scene.is_there(&scene.corp));
}

#[test]
fn service_that_hangs_is_not_waited_for_long() {
    let scene = Scene::new();
    scene.center.portal.always(logout().fails(500, "InternalServerException", "later").after(Duration::from_secs(30)));
    let run = scene.logout(&["dev"]).stdout(SIGNED_OUT).any_stderr().run();
    assert!(run.elapsed < Duration::from_secs(9), "{:?}", run.elapsed);
    assert!(run.stderr.starts_with(not_told("Logout at").trim_end()), "{}", run.stderr);
    assert!(!scene.is_there(&scene.corp));
}

#[test]
fn sign_in_that_aws_has_ended_before_is_no_trouble() {
    let scene = Scene::new();
    scene.center.end_sessions();
    scene.center.portal.expect(logout().refused("UnauthorizedException"));
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
}

/// AWS takes no sign-out from a token that has ended.
#[test]
fn token_that_has_ended_is_renewed_for_it() {
    let scene = Scene::new();
    scene.write(&scene.corp, ended());
    scene.center.oidc.expect(refreshed_token());
    scene.center.portal.expect(logout());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    let renewed = scene.center.issued().pop().expect("it was renewed");
    assert_eq!(scene.center.portal.calls()[0].asked.access_token, renewed.access_token);
    assert_eq!(scene.files().len(), 2);
}

#[test]
fn token_that_has_ended_for_good_is_forgotten_without_a_word_to_aws() {
    let scene = Scene::new();
    scene.write(&SsoToken { refresh_token: None, ..scene.corp.clone() }, ended());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    // AWS says so itself.
    scene.write(&scene.corp, ended());
    scene.center.end_sessions();
    scene.center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    // It cannot be asked.
    scene.write(&scene.lab, ended());
    let run = scene.logout(&["lab"]).env("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1").any_stdout().any_stderr();
    let told = run.run().stderr;
    assert!(told.contains("\"lab\" is over: CreateToken at 127.0.0.1:1: "), "{told}");
    assert_eq!((scene.files().len(), scene.center.portal.connections()), (1, 0));
}

/// The configuration may have moved on.
#[test]
fn aws_is_told_in_the_region_of_the_token() {
    let scene = Scene::new();
    let document = scene.corp.document(fresh()).replace("us-east-1", "eu-central-1");
    scene.home.write(&scene.corp.path(), document);
    // Nobody is there.
    let run = scene.logout(&["dev"]).without_env("AWS_ENDPOINT_URL_SSO").env("HTTPS_PROXY", "http://127.0.0.1:1");
    let told = run.stdout(SIGNED_OUT).any_stderr().run().stderr;
    assert!(told.starts_with(not_told("Logout at portal.sso.eu-central-1.amazonaws.com: ").trim_end()), "{told}");
}

#[test]
fn process_that_renews_the_token_meanwhile_is_waited_for() {
    let scene = Scene::new();
    scene.write(&scene.corp, ended());
    scene.center.oidc.expect(refreshed_token().after(Duration::from_secs(1)));
    scene.center.portal.serve_all();
    let renewing = scene.home.keyfob(["process", "dev"]).any_stdout().any_stderr().spawn();
    while scene.center.oidc.calls().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    renewing.wait();
    assert!(!scene.is_there(&scene.corp));
    assert_eq!(scene.files().len(), 2);
}

/// The token in hand is good, wherever it could not be put.
#[test]
fn token_that_was_renewed_and_could_not_be_written_serves_the_sign_out() {
    let scene = Scene::new();
    let path = scene.write(&scene.corp, ended());
    scene.center.oidc.expect(refreshed_token().after(Duration::from_secs(1)));
    scene.center.portal.expect(logout());
    let running = scene.logout(&["dev"]).code(1).any_stderr().spawn();
    while scene.center.oidc.calls().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    // Nothing can be put in the place of a folder.
    fs::remove_file(&path).expect("it is there");
    fs::create_dir(&path).expect("it is ours");
    running.wait();
    let renewed = scene.center.issued().pop().expect("it was renewed");
    assert_eq!(scene.center.portal.calls()[0].asked.access_token, renewed.access_token);
}

/// The one that hangs at a renewal is not waited for longer than that, and AWS is told all the same.
#[test]
fn process_that_hangs_does_not_keep_aws_from_being_told() {
    let scene = Scene::new();
    let path = scene.write(&scene.corp, ended());
    let lock = fs::File::create(path.with_extension("keyfob.lock")).expect("the folder is there");
    lock.lock().expect("nobody has it");
    scene.center.oidc.expect(refreshed_token());
    scene.center.portal.expect(logout());
    let run = scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    assert!(run.elapsed < Duration::from_secs(14), "{:?}", run.elapsed);
}
