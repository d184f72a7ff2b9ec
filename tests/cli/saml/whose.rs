//! A stored password is for one person at one server.

use super::{DEV, PASSWORD, Scene, failure, signing_in};
use serde_json::json;
use std::{io::ErrorKind, net::TcpListener};

const STORE: &str = "keyfob_store = exec:sh helper";

fn keep(scene: &Scene, host: &str, user: &str) {
    let document = json!({ "saml_password": PASSWORD, "saml_host": host, "saml_user": user });
    scene.home.write("helper", "cat >/dev/null; cat $HOME/kept");
    scene.home.write("kept", document.to_string());
}

#[test]
fn password_of_another_server_or_person_is_sent_to_nobody() {
    let server = TcpListener::bind("127.0.0.1:0").expect("a free port");
    server.set_nonblocking(true).expect("it can wait for nothing");
    let here = format!("http://{}", server.local_addr().expect("it has one"));
    let scene =
        Scene::new(&format!("saml_endpoint = {here}/adfs\nsaml_user = jane\nsaml_domain = CORP\n{STORE}"), &[DEV]);
    for (host, user) in [("https://adfs.example.com", "CORP\\jane"), (&here, "CORP\\joe"), (&here, "jane")] {
        keep(&scene, host, user);
        let stderr = format!(
            "keyfob: cannot get the password of profile \"corp\"\n  cause: the store \"exec:sh\" has the password of \
             \"{user}\" at {host} for it, and the profile names \"CORP\\jane\" at {here}\n  hint: keep the right one: \
             `keyfob profile set corp --stdin` asks for it\n"
        );
        assert_eq!(failure(scene.process(), 1), stderr);
        assert_eq!(server.accept().expect_err("nobody comes").kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn the_same_person_at_the_same_server_signs_in() {
    let Some((scene, adfs)) = signing_in("form", STORE) else { return };
    keep(&scene, &adfs.url(""), "corp\\Jane");
    scene.expect(DEV);
    scene.process().any_stdout().run();
}

#[test]
fn without_a_name_in_the_profile_no_password_is_looked_for() {
    let scene = Scene::new(&format!("saml_endpoint = https://192.0.2.1/adfs\n{STORE}"), &[DEV]);
    let error = failure(scene.process(), 3);
    let start = "keyfob: profile \"corp\" needs a name and a password for 192.0.2.1\n  cause: there is no terminal to ask \
                 on\n  hint: run `keyfob whoami corp` in a terminal, or keep the password in a store: `keyfob profile set \
                 corp --saml-user NAME --store ";
    assert!(error.starts_with(start), "{error}");
}
