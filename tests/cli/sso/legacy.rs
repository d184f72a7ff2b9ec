//! Profiles that name their start URL themselves: their tokens are used until they end, and never renewed.

use super::*;

const URL: &str = "https://d-1234567890.awsapps.com/start";
const SIGN_IN: &str = "sign in: `keyfob sso login dev`";

#[test]
fn token_is_used_until_its_end() {
    for left in [FRESH, SOFT, Left::Still(10 * SECOND)] {
        let desk = Desk::legacy(left);
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        assert_eq!(desk.center.oidc.connections(), 0);
    }
}

/// Not even such a one as an SDK could renew.
#[test]
fn token_that_has_ended_is_not_sent_anywhere() {
    for refresh_token in [None, Some("MARKERsecret/refresh".to_owned())] {
        let desk = Desk::legacy(DEAD);
        let path = desk.write(&SsoToken { refresh_token, ..desk.token.clone() }.document(end(DEAD)));
        let error = format!(
            "{MESSAGE}  cause: the sign-in to {URL} ended 1 h 0 min ago, and it cannot be renewed\n  hint: {SIGN_IN}; \
             that of an sso-session in the config file would renew itself\n"
        );
        desk.process().code(3).stderr(error).run();
        desk.was_not_called();
        let beside = fs::read_dir(path.parent().expect("it is in a folder")).expect("it can be listed").count();
        assert_eq!(beside, 1);
    }
}

#[test]
fn token_that_the_portal_refuses_is_not_renewed() {
    let desk = Desk::legacy(FRESH);
    desk.center.end_sessions();
    desk.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).refused("UnauthorizedException"));
    let error = format!(
        "{MESSAGE}  cause: GetRoleCredentials at {}: UnauthorizedException: Session token not found or invalid (HTTP \
         401, request 00000000-0000-4000-8000-000000000001)\n  hint: the sign-in to {URL} is not valid any more; \
         sign in: `keyfob sso login --force dev`\n",
        desk.center.portal.address()
    );
    desk.process().code(3).stderr(error).run();
    assert_eq!(desk.center.oidc.connections(), 0);
}

#[test]
fn token_of_the_same_url_in_another_spelling_is_named() {
    for (configured, signed_in) in [
        (URL.to_owned(), format!("{URL}/")),
        (format!("{URL}/"), URL.to_owned()),
        (format!("{URL}#/"), format!("{URL}#")),
        (format!("{URL}/"), format!("{URL}#/")),
    ] {
        let desk = Desk::legacy(FRESH);
        fs::remove_file(desk.path()).expect("the file was just written");
        desk.home.write(".aws/config", desk.home.read(".aws/config").replace(URL, &configured));
        let named = |url: &str| SsoToken { start_url: url.to_owned(), ..desk.token.clone() };
        let path = desk.home.path().join(named(&configured).path());
        let absent =
            format!("{MESSAGE}  cause: nobody is signed in to {configured}: there is no \"{}\"\n", path.display());
        desk.process().code(3).stderr(format!("{absent}  hint: {SIGN_IN}\n")).run();
        desk.home.write(&named(&signed_in).path(), named(&signed_in).document(end(FRESH)));
        let hint = format!("  hint: a sign-in to {signed_in} is there: spell sso_start_url so, or {SIGN_IN}\n");
        desk.process().code(3).stderr(absent + &hint).run();
        desk.was_not_called();
    }
}

/// A session's file is named after the session alone.
#[test]
fn token_of_a_start_url_is_not_a_sessions() {
    let desk = Desk::new(FRESH);
    let path = desk.path();
    fs::remove_file(&path).expect("the file was just written");
    let others = SsoToken { session_name: None, ..desk.token.clone() };
    desk.home.write(&others.path(), others.document(end(FRESH)));
    let error = format!(
        "{MESSAGE}  cause: nobody is signed in to sso-session \"corp\": there is no \"{}\"\n  hint: {AGAIN}\n",
        path.display()
    );
    desk.process().code(3).stderr(error).run();
    desk.was_not_called();
}
