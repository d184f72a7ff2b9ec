//! The time until a person has to act, for each thing that ends.

use super::{
    super::{
        fake::{Timestamp, get_session_token, id_token, refresh, refreshed_token},
        keyfob::Home,
        login_session,
        scene::{self, END, Left, ROLE, SERIAL, demo_role, entries},
        sso,
    },
    KEYS, prompt,
};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);
/// A slow machine may take half of a minute without another one being shown.
const HALF: Duration = Duration::from_secs(30);

/// What is shown of profile `dev` beside its name.
#[track_caller]
fn left(home: &Home) -> String {
    let run = prompt(home, &["dev", "--format", "[{left}][ {state}]"], &[]);
    run.any_stdout().run().stdout
}

fn still(span: Duration) -> Left {
    Left::Still(span + HALF)
}

#[test]
fn keys_in_the_environment_end_when_their_variable_says() {
    let home = Home::new();
    let now = Timestamp::now();
    let shown = |expiration: &str, token: &str| {
        let vars = [KEYS[0], KEYS[1], ("AWS_SESSION_TOKEN", token), ("AWS_CREDENTIAL_EXPIRATION", expiration)];
        prompt(&home, &["--format", "{left}[ {state}]"], &vars).any_stdout().run().stdout
    };
    let token = "MARKERtoken";
    for (minutes, text) in [(47, "47m"), (14, "14m soon"), (15, "15m"), (185, "3h05m"), (60 * 52, "2d4h")] {
        assert_eq!(shown(&now.plus(minutes * MINUTE + HALF).rfc3339(), token), text);
    }
    assert_eq!(shown(&now.minus(MINUTE).rfc3339(), token), "new keys ended");
    assert_eq!(shown("soon", token), "? unsure", "what is no time is not known");
    assert_eq!(shown(&now.minus(MINUTE).rfc3339(), ""), "", "long-term keys do not end");
}

#[test]
fn session_keys_in_a_file_end_when_whatever_wrote_them_says() {
    const SESSION: &str = "[profile dev]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n\
        aws_secret_access_key = MARKERsecret\naws_session_token = MARKERtoken\n";
    let shown = |line: &str| left(&Home::new().config(&format!("{SESSION}{line}\n")));
    assert_eq!(shown(""), "? unsure");
    assert_eq!(shown("expiration = soon"), "? unsure");
    let now = Timestamp::now();
    let end = now.plus(47 * MINUTE + HALF).rfc3339();
    for (line, text) in [
        (format!("x_security_token_expires = {end}"), "47m"),
        (format!("aws_expiration = {end}"), "47m"),
        (format!("expiration = {}", end.replace('T', " ").trim_end_matches('Z')), "47m"),
        (format!("expiration = {}", now.plus(9 * MINUTE + HALF).rfc3339()), "9m soon"),
        ("x_security_token_expires = 2020-10-24T17:40:31+02:00".to_owned(), "new keys ended"),
        ("expiration = 2020-10-24 17:40:31".to_owned(), "new keys ended"),
    ] {
        assert_eq!(shown(&line), text, "{line}");
    }
}

#[test]
fn a_web_identity_goes_by_its_token() {
    let home = Home::new().config(&format!("[profile dev]\nrole_arn = {ROLE}\nweb_identity_token_file = ~/token\n"));
    assert_eq!(left(&home), "new token ended");
    for (claims, text) in [
        (r#"{"iss":"https://idp.example.com","exp":1577836800}"#, "new token ended"),
        (r#"{"iss":"https://idp.example.com","exp":4070908800}"#, ""),
        (r#"{"iss":"https://idp.example.com"}"#, ""),
    ] {
        home.write("token", id_token(claims));
        assert_eq!(left(&home), text, "{claims}");
    }
}

#[test]
fn a_sign_in_that_renews_itself_has_no_end_that_is_known() {
    let desk = sso::Desk::new(sso::FRESH);
    assert_eq!(left(&desk.home), "");
    // Whether it can still be renewed is known to AWS alone.
    desk.write(&desk.document(sso::DEAD));
    assert_eq!(left(&desk.home), "? unsure");
    assert_eq!((desk.center.oidc.connections(), desk.center.portal.connections()), (0, 0));
}

#[test]
fn a_sign_in_that_cannot_be_renewed_ends_with_its_token() {
    let desk = sso::Desk::new(sso::FRESH);
    let cannot_renew = |left| desk.write(&desk.document(left).replace("refreshToken", "otherToken"));
    for (span, text) in [(90 * MINUTE, "1h30m"), (29 * MINUTE, "29m soon")] {
        cannot_renew(still(span));
        assert_eq!(left(&desk.home), text);
    }
    cannot_renew(sso::DEAD);
    assert_eq!(left(&desk.home), "sign in ended");
    desk.home.write_before(&desk.token.path(), "{}");
    assert_eq!(left(&desk.home), "sign in ended");
    std::fs::remove_file(desk.home.path().join(desk.token.path())).expect("the file was just written");
    assert_eq!(left(&desk.home), "sign in ended");
}

#[test]
fn a_file_that_is_being_written_is_nothing_to_warn_of() {
    // It is told by its age, which must be less than 100 ms by the coarse clock of files.
    const JUST_NOW: Duration = Duration::from_millis(80);
    const TRIES: u32 = 500;
    let desk = sso::Desk::new(sso::FRESH);
    let document = desk.read();
    for _ in 0..TRIES {
        let began = std::time::Instant::now();
        desk.write(&document[..10]);
        let shown = left(&desk.home);
        if began.elapsed() < JUST_NOW {
            assert_eq!(shown, "");
            return;
        }
    }
    panic!("this machine was never quick enough to tell");
}

#[test]
fn credentials_that_are_kept_outlast_their_sign_in() {
    let desk = sso::Desk::new(sso::FRESH);
    desk.expect_role();
    desk.process().stdout(sso::printed(1)).run();
    scene::age_entry(&desk.home, &entries(&desk.home)[0], MINUTE, still(20 * MINUTE));
    assert_eq!(left(&desk.home), "");
    std::fs::remove_file(desk.home.path().join(desk.token.path())).expect("the file was just written");
    assert_eq!(left(&desk.home), "20m soon");
    scene::age_entry(&desk.home, &entries(&desk.home)[0], MINUTE, Left::EndedAgo(MINUTE));
    assert_eq!(left(&desk.home), "sign in ended");
}

#[test]
fn a_sign_in_that_aws_has_ended_is_over() {
    let desk = sso::Desk::new(sso::DEAD);
    desk.center.oidc.expect(refreshed_token().fails(400, "InvalidGrantException", "over"));
    desk.process().code(3).any_stderr().run();
    assert_eq!(left(&desk.home), "sign in ended");
    // Whoever signs in then, with whatever tool, begins anew.
    desk.home.write(
        &desk.token.path().replace(".json", ".keyfob.note"),
        aged(&desk.home.read(desk.token.path().replace(".json", ".keyfob.note"))),
    );
    assert_eq!(left(&desk.home), "? unsure");
}

/// A note as of long ago.
fn aged(note: &str) -> String {
    let mut note: serde_json::Value = serde_json::from_str(note).expect("a note is JSON");
    note["Failed"]["at"] = 1.into();
    note.to_string()
}

#[test]
fn a_console_sign_in_lasts_for_twelve_hours_at_most() {
    let desk = login_session::Desk::new(login_session::DEAD);
    let hours_ago = |hours: u32| {
        let begun = Timestamp::now().minus(hours * 60 * MINUTE).plus(HALF).unix_seconds();
        let token = id_token(&format!(
            r#"{{"sub":"arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com","iat":{begun}}}"#
        ));
        let mut document: serde_json::Value = serde_json::from_str(&desk.read()).expect("a session is JSON");
        document["idToken"] = token.into();
        desk.write(&document.to_string());
    };
    for (hours, text) in [(1, "11h00m"), (11, "1h00m"), (13, "sign in ended")] {
        hours_ago(hours);
        assert_eq!(left(&desk.home), text);
    }
    // Its last credentials work on.
    desk.write(&desk.document(still(14 * MINUTE)));
    hours_ago(13);
    assert_eq!(left(&desk.home), "14m soon");
    std::fs::remove_file(desk.home.path().join(desk.session.path())).expect("the file was just written");
    assert_eq!(left(&desk.home), "sign in ended");
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn a_console_sign_in_that_aws_has_ended_is_over() {
    let desk = login_session::Desk::new(login_session::DEAD);
    desk.signin.expect(refresh().fails(401, "AccessDeniedException", "TOKEN_EXPIRED", "over"));
    desk.process().code(3).any_stderr().run();
    assert_eq!(left(&desk.home), "sign in ended");
}

#[test]
fn a_role_with_mfa_tells_when_the_next_code_is_due() {
    let scene = scene::Scene::with(&format!("mfa_serial = {SERIAL}\n"));
    scene.sts.set_mfa_code(SERIAL, "123456");
    assert_eq!(left(&scene.home), "code code");
    scene.sts.expect(get_session_token().field("DurationSeconds", "43200").mfa(SERIAL, "123456").expiring(END));
    scene.sts.expect(demo_role());
    scene.home.keyfob(["process", "dev", "--mfa-code", "123456"]).any_stdout().run();
    // The session with which the role was assumed, and the role: whichever ends last.
    let all = entries(&scene.home);
    let age = |left: [Left; 2]| all.iter().zip(left).for_each(|(path, left)| scene.age_entry(path, MINUTE, left));
    age([still(45 * MINUTE), Left::EndedAgo(MINUTE)]);
    assert_eq!(left(&scene.home), "45m");
    age([Left::EndedAgo(MINUTE), still(14 * MINUTE)]);
    assert_eq!(left(&scene.home), "14m soon");
    age([Left::EndedAgo(MINUTE); 2]);
    assert_eq!(left(&scene.home), "code code");
}

#[test]
fn a_code_that_a_program_prints_is_nobodys_business() {
    for line in ["mfa_process = echo 123456\n", "mfa_process = echo 123456\nduration_seconds = 7200\n"] {
        let scene = scene::Scene::with(&format!("mfa_serial = {SERIAL}\n{line}"));
        assert_eq!(left(&scene.home), "");
    }
}

#[test]
fn a_role_that_takes_the_code_itself_asks_for_the_next_when_it_ends() {
    let scene = scene::Scene::with(&format!("mfa_serial = {SERIAL}\nduration_seconds = 7200\n"));
    scene.sts.set_mfa_code(SERIAL, "123456");
    scene.sts.expect(demo_role().field("DurationSeconds", "7200").mfa(SERIAL, "123456"));
    scene.home.keyfob(["process", "dev", "--mfa-code", "123456"]).any_stdout().run();
    scene.age_cache(MINUTE, still(100 * MINUTE));
    assert_eq!(left(&scene.home), "1h40m");
    // Another role, of which nothing is kept.
    let config = scene.home.read(".aws/config").replace(ROLE, "arn:aws:iam::123456789012:role/Other");
    scene.home.write(".aws/config", config);
    assert_eq!(left(&scene.home), "code code");
}

#[test]
fn roles_go_by_the_sign_in_that_they_are_based_on() {
    let desk = sso::Desk::new(sso::FRESH);
    let role = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = base\n";
    let config = desk.home.read(".aws/config").replace("[profile dev]", "[profile base]") + role;
    desk.home.write(".aws/config", config);
    assert_eq!(left(&desk.home), "");
    std::fs::remove_file(desk.home.path().join(desk.token.path())).expect("the file was just written");
    assert_eq!(left(&desk.home), "sign in ended");
}

#[test]
fn a_code_brings_nobody_past_a_sign_in_that_is_due() {
    for lines in ["", "duration_seconds = 7200\n"] {
        let desk = sso::Desk::new(sso::FRESH);
        let role = format!("[profile dev]\nrole_arn = {ROLE}\nsource_profile = base\nmfa_serial = {SERIAL}\n{lines}");
        let config = desk.home.read(".aws/config").replace("[profile dev]", "[profile base]") + &role;
        desk.home.write(".aws/config", config);
        assert_eq!(left(&desk.home), "code code");
        desk.write(&desk.document(sso::DEAD).replace("refreshToken", "otherToken"));
        assert_eq!(left(&desk.home), "sign in ended");
        std::fs::remove_file(desk.home.path().join(desk.token.path())).expect("the file was just written");
        assert_eq!(left(&desk.home), "sign in ended");
    }
}

#[test]
fn a_provider_that_asks_for_a_password_is_to_be_signed_in_to() {
    let endpoint = "saml_endpoint = https://adfs.example.com/adfs/ls\nregion = us-east-1\n";
    for (lines, text) in [
        (endpoint, "sign in ended"),
        ("saml_endpoint = https://adfs.example.com/adfs/ls\nsaml_user = jane\n", "sign in ended"),
        ("saml_endpoint = https://adfs.example.com/adfs/ls\nsaml_user = jane\nkeyfob_store = sealed\n", ""),
        ("saml_process = get-assertion\n", ""),
    ] {
        assert_eq!(left(&Home::new().config(&format!("[profile dev]\n{lines}"))), text, "{lines}");
    }
}
