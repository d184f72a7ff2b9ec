//! Somebody who is signed in already: what is said of it, and what signs in anew.

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

/// A sign-in from before, whose token ends after this time.
fn signed_in(left: Duration) -> (Desk, SsoToken) {
    let desk = Desk::new();
    let token = desk.center.sign_in("corp");
    desk.home.write(&token.path(), token.document(Timestamp::now().plus(left)));
    (desk, token)
}

#[test]
fn token_that_still_serves_is_told_without_a_call() {
    for (arguments, word) in
        [(&["--sso-session", "corp"][..], "--sso-session corp"), (&["dev"], "dev"), (&[], "--sso-session corp")]
    {
        let (desk, _) = signed_in(6 * MINUTE);
        let before = desk.home.read(token_path("corp"));
        let told = until(&desk, "corp", "6 min from now; it renews itself.\n");
        let again = format!("To sign in anew: keyfob sso login --force {word}\n");
        desk.run(arguments).stdout(format!("Already signed in to sso-session \"corp\" {told}{again}")).run();
        assert_eq!((desk.home.read(token_path("corp")), desk.center.oidc.connections()), (before, 0));
    }
}

#[test]
fn token_that_is_about_to_end_is_renewed_and_told() {
    for left in [Some(4 * MINUTE), None] {
        let (desk, token) = signed_in(left.unwrap_or_default());
        desk.center.oidc.expect(refreshed_token());
        let run = desk.run(&["dev"]).any_stdout().run();
        let told = until(&desk, "corp", "1 h 0 min from now; it renews itself.\n");
        assert!(run.stdout.starts_with(&format!("Already signed in to sso-session \"corp\" {told}")), "{}", run.stdout);
        assert_ne!(desk.token()["accessToken"], token.access_token.as_str());
    }
}

#[test]
fn token_that_cannot_be_renewed_is_signed_in_anew() {
    let (desk, _) = signed_in(Duration::ZERO);
    desk.center.end_sessions();
    desk.center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    assert_eq!(desk.token()["accessToken"], desk.center.issued()[1].access_token.as_str());
}

#[test]
fn token_of_a_profile_without_a_session_is_used_until_shortly_before_its_end() {
    for (left, is_used) in [(6 * MINUTE, true), (4 * MINUTE, false)] {
        let desk = Desk::legacy();
        let token = desk.center.sign_in_legacy();
        desk.home.write(&token.path(), token.document(Timestamp::now().plus(left)));
        if is_used {
            let end = "6 min from now; it does not renew itself, as that of an sso-session would.\n";
            let told = until(&desk, START_URL, end);
            let again = "To sign in anew: keyfob sso login --force dev\n";
            desk.run(&["dev"]).stdout(format!("Already signed in to {START_URL} {told}{again}")).run();
        } else {
            desk.expect_device();
            desk.center.oidc.expect(device_token().fails(400, "AccessDeniedException", "No."));
            desk.run(&["dev"]).code(1).any_stderr().run();
        }
    }
}

#[test]
fn force_signs_in_anew() {
    let (desk, token) = signed_in(60 * MINUTE);
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&["--force"]));
    assert_ne!(desk.token()["accessToken"], token.access_token.as_str());
    assert_eq!(desk.token()["startUrl"], START_URL);
}

/// The session has kept its name, and its token is of no use there.
#[test]
fn token_of_another_portal_is_signed_in_anew() {
    for (member, other) in [("startUrl", "https://d-0987654321.awsapps.com/start"), ("region", "eu-west-1")] {
        let (desk, token) = signed_in(60 * MINUTE);
        let document = desk.home.read(desk.path());
        let usual = json(&document)[member].as_str().expect("it is a text").to_owned();
        desk.home.write(&token.path(), document.replace(&usual, other));
        desk.center.oidc.expect(register_client());
        let told = desk.signs_in(desk.login(&["-v"])).stderr;
        assert_ne!(desk.token()["accessToken"], token.access_token.as_str());
        assert_eq!(desk.token()[member], usual.as_str());
        assert!(told.contains(&format!(" {other}, and {usual} is configured\n")), "{told}");
    }
}

#[test]
fn token_that_says_nothing_of_its_portal_serves() {
    let (desk, token) = signed_in(60 * MINUTE);
    let mut document = json(&desk.home.read(desk.path()));
    for member in ["startUrl", "region"] {
        document.as_object_mut().expect("it is an object").remove(member);
    }
    desk.home.write(&token.path(), document.to_string());
    desk.login(&[]).any_stdout().run();
    assert_eq!(desk.token()["accessToken"], token.access_token.as_str());
}
