//! `keyfob login --remote`: a sign-in on any device, whose code a person carries over.

#![cfg(unix)]

#[cfg(target_os = "linux")]
mod killed;
mod piped;
mod terminal;

use super::{
    fake::{Grant, SignIn, Timestamp, refresh, sign_in},
    keyfob::{Invocation, Running, Terminal, has_terminal, json},
    signing_in::{ALICE, SigningIn, session_path, shown_url, signed_in_as},
};
use base64ct::{Base64, Encoding};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const CONFIG: &str = "[profile dev]\nregion = eu-west-1\n";
const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";
const QUESTION: &str = "Paste the code that the page shows in the end (it stays hidden) and press Enter: ";
const UNREADABLE: &str = "keyfob: that is not the text that AWS shows at the end of the sign-in\n";
const OF_ANOTHER: &str = "keyfob: that code belongs to another sign-in than the one whose URL is above\n";

impl SigningIn {
    fn remote(&self, arguments: &[&str]) -> Invocation {
        self.login(&[&["--remote", "--no-bridge"], arguments].concat())
    }

    /// The text to copy at the end of the page.
    #[track_caller]
    fn copy(&self, url: &str) -> String {
        self.signin.visit(url).allow()
    }

    /// Nobody has signed in, and nothing of the try is left.
    #[track_caller]
    fn nothing_came_of_it(&self) {
        assert_eq!(self.config(), CONFIG);
        assert_eq!(self.sessions(), [""; 0]);
        assert!(self.signin.calls().is_empty());
    }
}

/// What is on standard error before anything is pasted.
fn shown(url: &str) -> String {
    format!("To sign in to AWS in eu-west-1, open this URL in a browser on any device:\n\n{url}\n\n")
}

/// `state=…&code=…`, which the text to copy stands for.
#[track_caller]
fn query(copied: &str) -> String {
    let bytes = Base64::decode_vec(copied).expect("the text is Base64");
    String::from_utf8(bytes).expect("a query is text")
}

#[test]
fn both_requests_name_the_page_that_shows_the_code() {
    for path in ["", "/base"] {
        let scene = SigningIn::at(SignIn::start_below(path), CONFIG);
        scene.signin.expect(sign_in(ALICE));
        let mut remote = scene.remote(&[]).open_stdin().stdout(signed_in_as(ALICE)).spawn();
        let url = shown_url(&mut remote);
        remote.type_in(&(scene.copy(&url) + "\n"));
        remote.stderr(shown(&url)).wait();
        // Of an endpoint it is the host alone that browsers see.
        let page = format!("http://{}/v1/sessions/confirmation", scene.signin.address());
        let authorization = scene.signin.authorizations().remove(0);
        assert_eq!((authorization.redirect_uri.as_str(), authorization.client_id.as_str()), (&*page, CROSS_DEVICE));
        let Grant::AuthorizationCode { client_id, redirect_uri, .. } = scene.signin.calls().remove(0).grant else {
            panic!("a sign-in redeems a code");
        };
        assert_eq!((redirect_uri, client_id.as_str()), (page, CROSS_DEVICE));
    }
}

#[test]
fn session_is_renewed_as_the_client_that_began_it() {
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE).expiring_in("200"));
    let mut remote = scene.remote(&[]).open_stdin().stdout(signed_in_as(ALICE)).any_stderr().spawn();
    let url = shown_url(&mut remote);
    remote.type_in(&(scene.copy(&url) + "\n"));
    remote.wait();
    assert_eq!(json(&scene.home.read(session_path(ALICE)))["clientId"], CROSS_DEVICE);
    scene.signin.expect(refresh());
    let printed = scene.home.keyfob(["process", "dev"]).any_stdout().run().stdout;
    assert_eq!(json(&printed)["AccessKeyId"], scene.signin.answered()[1].keys.access_key_id.as_str());
    let call = scene.signin.calls().remove(1);
    let Grant::RefreshToken { client_id, refresh_token } = call.grant else { panic!("it was to be a refresh") };
    assert_eq!((client_id.as_str(), refresh_token), (CROSS_DEVICE, scene.signin.answered()[0].refresh_token.clone()));
}

#[test]
fn newest_sign_in_wins_over_a_renewal_of_the_one_before() {
    let scene = SigningIn::with(&format!("{CONFIG}login_session = {ALICE}\n"));
    let before = scene.signin.sign_in(ALICE);
    scene.home.write(&before.path(), before.document(Timestamp::from_unix_seconds(0)));
    scene.signin.expect(refresh().after(SECOND * 3 / 2));
    let renewing = scene.home.keyfob(["process", "dev"]).any_stdout().spawn();
    while scene.signin.calls().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    scene.signin.expect(sign_in(ALICE));
    let mut remote = scene.remote(&["--force"]).open_stdin().stdout(signed_in_as(ALICE)).any_stderr().spawn();
    let url = shown_url(&mut remote);
    remote.type_in(&(scene.copy(&url) + "\n"));
    remote.wait();
    let [renewal, newest] = &scene.signin.answered()[..] else { panic!("there were two calls") };
    assert!(renewing.wait().stdout.contains(&renewal.keys.access_key_id));
    assert_eq!(json(&scene.home.read(session_path(ALICE)))["refreshToken"], newest.refresh_token.as_str());
    let printed = scene.home.keyfob(["process", "dev"]).any_stdout().run().stdout;
    assert!(printed.contains(&newest.keys.access_key_id), "{printed}");
}
