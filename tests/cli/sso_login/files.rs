//! The token's file: its bytes, its mode, and what was there before.

use super::*;

/// The file as the AWS CLI would write it after the last sign-in.
fn document(desk: &Desk) -> String {
    let registration = desk.registration();
    let issued = desk.center.issued().pop().expect("a token was issued");
    let token = SsoToken {
        session_name: Some("corp".to_owned()),
        start_url: registration.start_url,
        region: registration.region,
        access_token: issued.access_token,
        client_id: registration.client_id,
        client_secret: registration.client_secret,
        registration_expires_at: registration.expires_at,
        refresh_token: issued.refresh_token,
    };
    let end = desk.token()["expiresAt"].as_str().and_then(Timestamp::parse_rfc3339);
    let end = end.expect("expiresAt is in whole seconds with a Z");
    let late = issued.end.unix_seconds() - end.unix_seconds();
    assert!((-5..=5).contains(&late), "it ends {late} s early");
    token.document(end)
}

#[test]
fn file_is_that_of_the_aws_cli_to_the_byte() {
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    assert_eq!(desk.home.read(token_path("corp")), document(&desk));
    assert_eq!(desk.files().len(), 2, "{:?}", desk.files());
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    let mode = |path: PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let folder = desk.home.path().join(".aws/sso/cache");
    assert_eq!(mode(folder.clone()), 0o700);
    for name in desk.files() {
        assert_eq!(mode(folder.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn what_other_tools_have_added_stays_after_what_is_known() {
    let desk = Desk::new();
    let before = desk.center.sign_in("corp").document(Timestamp::now());
    desk.home.write(&token_path("corp"), before.replace('{', r#"{"theirs": [1,  2], "#));
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&["--force"]));
    let expected = document(&desk).replace('}', r#", "theirs": [1,  2]}"#);
    assert_eq!(desk.home.read(token_path("corp")), expected);
}

#[test]
fn damaged_file_gives_way() {
    for damage in ["", "{", "[]", "{}", r#"{"accessToken": "x"}"#] {
        let desk = Desk::new();
        desk.home.write(&token_path("corp"), damage);
        desk.center.oidc.expect(register_client());
        desk.signs_in(desk.login(&[]));
        assert_eq!(desk.home.read(token_path("corp")), document(&desk));
    }
}

#[cfg(unix)]
#[test]
fn link_is_written_through() {
    let desk = Desk::new();
    let target = desk.home.write("elsewhere/token", "");
    fs::create_dir_all(desk.home.path().join(".aws/sso/cache")).expect("the home is ours");
    std::os::unix::fs::symlink(&target, desk.path()).expect("the folder is ours");
    desk.center.oidc.expect(register_client());
    desk.signs_in(desk.login(&[]));
    assert!(desk.path().is_symlink());
    assert_eq!(desk.home.read("elsewhere/token"), document(&desk));
}

/// What is told; nobody is asked.
#[track_caller]
fn refusal(desk: &Desk) -> String {
    let run = desk.login(&[]).code(1).any_stderr().run();
    assert_eq!(desk.center.oidc.connections(), 0, "{}", run.stderr);
    run.stderr
}

#[test]
fn what_cannot_be_read_is_told_before_anybody_is_asked() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path()).expect("the home is ours");
    let told = refusal(&desk);
    let cause = format!("  cause: cannot read \"{}\": ", desk.path().display());
    assert!(told.starts_with(&format!("keyfob: cannot keep a sign-in to IAM Identity Center\n{cause}")), "{told}");
    assert!(told.ends_with("\n  hint: move what is there out of the way\n"), "{told}");
}

#[test]
fn what_cannot_be_written_is_told_before_anybody_is_asked() {
    let desk = Desk::new();
    desk.home.write(".aws/sso", "");
    let told = refusal(&desk);
    let cause = format!("  cause: cannot write \"{}\": ", desk.path().display());
    assert!(told.starts_with(&format!("keyfob: cannot keep a sign-in to IAM Identity Center\n{cause}")), "{told}");
    assert!(told.ends_with("\n  hint: make the folder writable and the disk less full\n"), "{told}");
}

#[cfg(unix)]
#[test]
fn folder_that_is_read_only_is_told_before_anybody_is_asked() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: nothing is read-only to root");
        return;
    }
    let desk = Desk::new();
    let folder = desk.home.path().join(".aws/sso/cache");
    fs::create_dir_all(&folder).expect("the home is ours");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).expect("it is ours");
    let told = refusal(&desk);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("it is ours");
    assert!(told.contains("  cause: cannot write \""), "{told}");
}

/// The second waits for nobody; both have a token in the end, and the file is one of them.
#[test]
fn two_who_sign_in_at_once_do_not_tear_the_file() {
    let desk = Desk::new();
    desk.center.serve_all();
    let mut runs = [(); 2].map(|()| desk.login(&[]).any_stdout().any_stderr().spawn());
    let redirects = runs.each_mut().map(|run| desk.center.oidc.visit(&shown_url(run)).allow());
    for redirect in &redirects {
        loopback::get(redirect);
    }
    runs.into_iter().map(Running::wait).for_each(drop);
    let token = desk.token();
    let issued = desk.center.issued();
    assert_eq!(issued.len(), 2);
    assert!(issued.iter().any(|issued| token["accessToken"] == issued.access_token.as_str()));
}
