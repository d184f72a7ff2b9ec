//! `saml_process`: a program that signs in, whatever the provider.

use super::{
    super::scene::{Left, age_entry, entries},
    DEV, Scene, assertion, gives, xml,
};
use std::{fmt::Write as _, time::Duration};

/// A scene whose program prints this.
fn printing(output: &str) -> Scene {
    let scene = Scene::new("saml_process = cat printed", &[DEV]);
    scene.home.write("printed", output);
    scene
}

#[test]
fn base64_xml_and_pages_are_read() {
    let encoded = assertion(&[DEV]);
    let mut lines = String::new();
    for line in encoded.as_bytes().chunks(76) {
        writeln!(lines, "{}\r", str::from_utf8(line).expect("base64")).expect("a String takes all");
    }
    let page = format!(
        "<html><body><form action=x><input type=hidden name=SAMLResponse value=\"{}\"></form></body></html>",
        encoded.replace('+', "&#43;")
    );
    for output in [encoded.clone(), lines, xml(&[DEV]), page] {
        let scene = printing(&output);
        scene.expect(DEV);
        scene.process().any_stdout().run();
    }
}

#[test]
fn assertion_that_the_service_repeats_is_not_shown() {
    let scene = printing(&assertion(&[DEV]));
    let message = format!("Value '{}' at 'sAMLAssertion' failed to satisfy constraint", assertion(&[DEV]));
    scene.sts.expect(gives(DEV).fails(400, "ValidationError", &message));
    let run = scene.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("ValidationError: Value '…' at 'sAMLAssertion' failed"), "{}", run.stderr);
}

#[test]
fn program_is_run_once_while_the_keys_live() {
    let scene = printing(&assertion(&[DEV]));
    scene.set("saml_process = echo run >> runs; cat printed");
    scene.expect(DEV);
    let first = scene.process().any_stdout().run().stdout;
    scene.process().stdout(first).run();
    assert_eq!(scene.home.read("runs"), "run\n");
}

/// It may open a browser, or ask for a code.
#[test]
fn program_is_not_run_while_there_is_something_to_hand_out() {
    let scene = printing(&assertion(&[DEV]));
    scene.set("saml_process = echo run >> runs; cat printed");
    scene.expect(DEV);
    scene.process().any_stdout().run();
    let [entry] = entries(&scene.home).try_into().expect("one entry");
    age_entry(&scene.home, &entry, Duration::from_hours(1), Left::Still(Duration::from_mins(2)));
    scene.process().any_stdout().run();
    assert_eq!(scene.home.read("runs"), "run\n");
}

/// Each run may take a minute.
#[test]
fn processes_that_wait_for_a_program_that_fails_do_not_all_run_it() {
    let scene = printing("");
    scene.set("saml_process = echo run >> runs; sleep 2; false");
    std::thread::scope(|scope| {
        for _ in 0..5 {
            let run = scene.process().code(1).any_stderr();
            scope.spawn(move || run.run());
        }
    });
    let runs = scene.home.read("runs").lines().count();
    assert!(runs < 5, "{runs}");
}

#[test]
fn what_is_no_assertion_is_refused_without_showing_it() {
    for (line, why) in [
        ("echo MARKERsecret!", "the output of \"echo\" is no assertion: it is not in base64"),
        ("true", "the output of \"true\" is no assertion: it is empty"),
        ("echo '<html>MARKERsecret</html>'", "it is a web page without a field SAMLResponse"),
        ("printf '\\377'", "it is not text"),
        ("sh -c 'echo no such app >&2; echo MARKERsecret; exit 4'", "\"sh\" ended with exit status: 4: no such app"),
        ("false", "\"false\" ended with exit status: 1 and said nothing"),
        ("gone", "cannot run \"gone\""),
        ("yes", "\"yes\" printed more than 1024 KiB"),
    ] {
        let scene = Scene::new(&format!("saml_process = {line}"), &[DEV]);
        let run = scene.process().code(1).any_stderr().run();
        let start = "keyfob: saml_process of profile \"corp\" failed\n  cause: ";
        assert!(run.stderr.starts_with(start) && run.stderr.contains(why), "{line}: {}", run.stderr);
    }
}

#[test]
fn program_that_is_keyfob_for_the_same_profile_ends() {
    let scene = Scene::new(&format!("saml_process = {} process corp", super::super::keyfob::program()), &[DEV]);
    let run = scene.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("profile \"corp\" leads back to itself"), "{}", run.stderr);
}
