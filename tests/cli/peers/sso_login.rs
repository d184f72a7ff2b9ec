//! `keyfob sso login` among other people's programs: a real browser signs in, and what is left is what botocore uses.

use super::{
    super::{
        browser::{Browser, faults},
        fake::{
            Account, IdentityCenter, Keys, Timestamp, code_token, device_token, get_role_credentials, refreshed_token,
            register_client, start_device_authorization, token_path,
        },
        keyfob::{Home, json},
        peer,
        scene::END,
    },
    ask,
};
use std::path::Path;

const ACCOUNT: &str = "111122223333";

/// A home whose profile `dev` is a role that sso-session `corp` may have.
fn desk() -> (IdentityCenter, Home) {
    let center = IdentityCenter::start();
    center.add_account(Account::new(ACCOUNT, &["Admin"]));
    let config = center.sso_session("corp")
        + "sso_registration_scopes = sso:account:access\n[profile dev]\nsso_session = corp\n"
        + &format!("sso_account_id = {ACCOUNT}\nsso_role_name = Admin\n");
    let home = Home::new().identity_center(&center).config(&config);
    (center, home)
}

#[test]
fn real_browser_brings_the_code_or_a_refusal() {
    let Some(browser) = Browser::find() else { return };
    for (choice, heading, code) in [("allow", "Sign-in received", 0), ("deny", "Access denied", 1)] {
        let (center, home) = desk();
        let person = browser.person(&home, choice);
        center.oidc.expect(register_client());
        if code == 0 {
            center.oidc.expect(code_token());
        }
        let run = home.keyfob(["sso", "login", "dev"]).env("BROWSER", person.command());
        run.code(code).any_stdout().any_stderr().run();
        let sight = person.sight();
        assert_eq!((&sight["h1"][0], faults(&sight).len()), (&heading.into(), 0), "{sight:#}");
    }
}

#[test]
fn real_browser_approves_a_device_by_the_url_that_brings_the_code_along() {
    let Some(browser) = Browser::find() else { return };
    let (center, home) = desk();
    let person = browser.person(&home, "allow");
    center.oidc.expect(register_client());
    center.oidc.expect(start_device_authorization());
    center.oidc.always(device_token().judged());
    let run = home.keyfob(["sso", "login", "dev", "--use-device-code"]).env("BROWSER", person.command());
    let told = run.any_stdout().any_stderr().run().stdout;
    assert!(told.starts_with("Signed in to sso-session \"corp\" until "), "{told}");
}

/// Checks what botocore gets against the fake's keys of this number.
#[track_caller]
fn botocore_gets(python: &Path, (center, home): (&IdentityCenter, &Home), number: usize) {
    center.portal.expect(get_role_credentials(ACCOUNT, "Admin").ending(END));
    let theirs = ask(python, home, "login_session.py", &["dev"], "");
    let end = Timestamp::parse_rfc3339(END).expect("this is how the fake spells times");
    let keys = json(&Keys::of_role(number, end).document(Some(ACCOUNT)));
    for member in ["AccessKeyId", "SecretAccessKey", "SessionToken", "AccountId"] {
        assert_eq!(theirs[member], keys[member], "{member}");
    }
}

#[test]
fn botocore_uses_and_renews_what_a_sign_in_has_left() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let (center, home) = desk();
    center.oidc.expect(register_client());
    center.oidc.expect(start_device_authorization());
    center.oidc.always(device_token().judged());
    let run = home.keyfob(["sso", "login", "dev", "--use-device-code", "--no-browser"]);
    let mut running = run.any_stdout().any_stderr().spawn();
    let code = running.wait_for_line(|line| line.trim().starts_with("KFBS-"));
    center.oidc.approve(code.trim());
    running.wait();
    botocore_gets(&python, (&center, &home), 1);
    let path = token_path("corp");
    let text = home.read(&path);
    let end = json(&text)["expiresAt"].as_str().map(str::to_owned).expect("a token says when it ends");
    home.write(&path, text.replace(&end, "2026-01-01T00:00:00Z"));
    center.oidc.expect(refreshed_token());
    botocore_gets(&python, (&center, &home), 2);
}
