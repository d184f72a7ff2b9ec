//! What could not be written is told before anybody is asked to sign in.

use super::*;
use std::fs;

#[test]
fn file_that_cannot_be_written_is_found_out_before_a_browser_opens() {
    let desk = Desk::new("");
    fs::create_dir_all(desk.home.path().join(".aws/config")).expect("the home is ours");
    let told = desk.configure(&ALL).code(1).any_stderr().run().stderr;
    assert!(told.starts_with(&format!("keyfob: cannot write \"{}\"\n  cause: ", desk.config_path())), "{told}");
    desk.was_not_called();
}

#[test]
fn section_that_cannot_be_read_is_told_with_its_line() {
    let desk = Desk::new("[profile dev]\nregion = us-east-1\nbroken\n");
    let told = desk.configure(&[&["dev"], &ALL[..]].concat()).code(1).any_stderr().run().stderr;
    assert!(told.contains(&format!("{}:3", desk.config_path())), "{told}");
    let session = "[sso-session corp]\nbroken\n";
    let desk = Desk::new(session);
    let told = desk.configure(&[&["--sso-session", "corp"], &ALL[..]].concat()).code(1).any_stderr().run().stderr;
    assert!(told.contains(&format!("{}:2", desk.config_path())), "{told}");
    assert_eq!(desk.config(), session);
}

#[cfg(unix)]
#[test]
fn person_is_not_asked_to_sign_in_in_vain() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    desk.home.write(".aws", "");
    let person = Terminal::new()
        .answer(NAME, "my-sso\n")
        .answer(URL, &format!("{START_URL}\n"))
        .answer(SSO_REGION, "us-east-1\n")
        .answer(SCOPES, "\n");
    let told = desk.asked(&[], person).code(1).any_screen().any_stderr().run().stderr;
    assert!(told.starts_with(&format!("keyfob: cannot write \"{}\"\n  cause: ", desk.config_path())), "{told}");
    desk.was_not_called();
}
