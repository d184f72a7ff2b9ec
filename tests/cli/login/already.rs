//! A profile that is signed in to already: what is said of it, and what signs in anew.

use super::*;
use base64ct::{Base64UrlUnpadded, Encoding};

const AGAIN: &str = "To sign in anew: keyfob login --force dev\n";

/// What is said of the session, which ends as long after its ID token as sessions can last.
#[track_caller]
fn is_signed_in(desk: &Desk, arguments: &[&str]) {
    let session = desk.session(ALICE);
    let token = session["idToken"].as_str().and_then(|token| token.split('.').nth(1)).expect("an ID token has parts");
    let claims = json(&String::from_utf8(Base64UrlUnpadded::decode_vec(token).expect("Base64")).expect("JSON"));
    let issued = Timestamp::from_unix_seconds(claims["iat"].as_i64().expect("it says when it was issued"));
    let end = issued.plus(Duration::from_hours(12)).rfc3339();
    let run = desk.login(arguments).any_stdout().run();
    let told = format!("Profile \"dev\" is signed in as {ALICE} until {end} at the latest, ");
    assert!(run.stdout.starts_with(&told), "{}", run.stdout);
    assert!(run.stdout.ends_with(&format!(" from now.\n{AGAIN}")), "{}", run.stdout);
}

#[test]
fn session_that_works_is_told_without_a_call() {
    let desk = Desk::signed_in();
    let (files, connections) = (desk.files(), desk.signin.connections());
    is_signed_in(&desk, &["dev"]);
    is_signed_in(&desk, &["dev", "--region", "us-east-1"]);
    assert_eq!((desk.files(), desk.signin.connections()), (files, connections));
}

#[test]
fn session_of_another_tool_is_told_as_far_as_it_says_when_it_ends() {
    let desk = Desk::with_config(&format!("[profile dev]\nlogin_session = {ALICE}\nregion = us-east-1\n"));
    let session = desk.signin.sign_in(ALICE);
    let end = "2099-01-02T03:04:05Z";
    desk.home.write(&session.path(), session.document(Timestamp::parse_rfc3339(end).expect("it is one")));
    let told = format!(
        "Profile \"dev\" is signed in as {ALICE} with credentials until {end}, which renew themselves.\n{AGAIN}"
    );
    desk.login(&["dev"]).stdout(told).run();
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn session_whose_credentials_have_ended_is_renewed_and_works() {
    let desk = Desk::signed_in();
    desk.end_session(ALICE);
    desk.signin.expect(refresh());
    is_signed_in(&desk, &["dev"]);
    assert_eq!(desk.home.keyfob(["process", "dev"]).any_stdout().run().stdout, desk.keys(ALICE, 2));
}

#[test]
fn force_signs_in_anew() {
    let desk = Desk::signed_in();
    let config = desk.config();
    desk.signs_in(desk.login(&["dev", "--force"]), ALICE);
    assert_eq!(desk.config(), config);
    assert_eq!(desk.home.keyfob(["process", "dev"]).any_stdout().run().stdout, desk.keys(ALICE, 2));
}

#[test]
fn another_region_is_signed_in_to_and_that_of_the_profile_stays() {
    let desk = Desk::signed_in();
    let config = desk.config();
    desk.signin.expect(sign_in(ALICE));
    let told = "To sign in to AWS in eu-west-1, open this URL in a browser on this machine:\n";
    desk.begin_telling(desk.login(&["dev", "--region", "eu-west-1"]).any_stdout(), told)
        .allow_and_hear(IN_ANOTHER_REGION);
    assert_eq!((desk.config(), &desk.session(ALICE)["signInRegion"]), (config, &"eu-west-1".into()));
    // Without the option, the session is good wherever it began.
    is_signed_in(&desk, &["dev"]);
}

#[test]
fn session_that_is_not_renewed_is_signed_in_to_anew() {
    each(
        [(401, "AccessDeniedException", "TOKEN_EXPIRED"), (403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED")],
        |(status, exception, error)| {
            let desk = Desk::signed_in();
            desk.end_session(ALICE);
            desk.signin.expect(refresh().fails(status, exception, error, "no"));
            desk.signs_in(desk.login(&["dev"]), ALICE);
            assert_eq!(desk.home.keyfob(["process", "dev"]).any_stdout().run().stdout, desk.keys(ALICE, 2));
        },
    );
}

#[test]
fn verbose_tells_what_happens_and_why_a_session_is_of_no_use() {
    let desk = Desk::signed_in();
    desk.end_session(ALICE);
    desk.signin.expect(refresh().fails(403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED", "no"));
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev", "-v"]).any_stdout().any_stderr());
    loopback::get(&begun.redirect());
    let told = begun.running.wait().stderr;
    for line in [
        format!("keyfob: renewing the session of profile \"dev\" at {}/v1/token\n", desk.signin.url()),
        format!(
            "keyfob: cannot renew the console sign-in of profile \"dev\": CreateOAuth2Token at {}: \
             USER_CREDENTIALS_CHANGED: no (HTTP 403, request 00000000-0000-4000-8000-000000000002)\n",
            desk.signin.address()
        ),
        "keyfob: listening on 127.0.0.1:".to_owned(),
        format!("keyfob: trading the code for tokens at {}/v1/token\n", desk.signin.url()),
        format!("keyfob: the session is in \"{}\"\n", desk.session_path(ALICE).display()),
    ] {
        assert!(told.contains(&line), "{line} in {told}");
    }
}

#[test]
fn session_without_a_file_that_can_be_read_is_signed_in_to() {
    each([None, Some("{}")], |text| {
        let desk = Desk::signed_in();
        let path = desk.session_path(ALICE);
        match text {
            None => fs::remove_file(path).expect("it was just written"),
            Some(text) => fs::write(path, text).expect("it was just written"),
        }
        desk.signs_in(desk.login(&["dev"]), ALICE);
        assert_eq!(desk.home.keyfob(["process", "dev"]).any_stdout().run().stdout, desk.keys(ALICE, 2));
    });
}
