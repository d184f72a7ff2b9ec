//! Who signed in is not who the profile was, or nobody knows where to sign in, and there is nobody to ask.

use super::*;

#[test]
fn another_identity_changes_nothing_without_a_terminal() {
    let desk = Desk::signed_in();
    let before = desk.files();
    desk.signin.expect(sign_in(BOB));
    let begun = desk.begin(desk.login(&["dev", "--force"]).code(1));
    loopback::get(&begun.redirect());
    begun.ends(&format!(
        "Profile \"dev\" was signed in as {ALICE}.\nThis sign-in is {BOB}.\n\
         keyfob: profile \"dev\" is another identity's; nothing was changed\n  \
         cause: there is no terminal to ask on\n  \
         hint: run it with --yes to change the identity, or sign in to another profile\n"
    ));
    assert_eq!(desk.files(), before);
}

#[test]
fn with_yes_the_profile_changes_its_identity() {
    each(["--yes", "-y"], |yes| {
        let desk = Desk::signed_in();
        let before = desk.config();
        desk.signin.expect(sign_in(BOB));
        let run = desk.login(&["dev", "--force", yes]).stdout(format!(
            "Profile \"dev\" is signed in as {BOB}.\n\
             Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n"
        ));
        desk.begin(run).allow();
        assert_eq!(desk.config(), before.replace(ALICE, BOB));
        assert_eq!(desk.home.keyfob(["process", "dev"]).any_stdout().run().stdout, desk.keys(BOB, 2));
        // Other profiles may still hold the session of before.
        assert!(desk.session_path(ALICE).exists());
    });
}

#[test]
fn identities_are_compared_to_the_letter() {
    let other = ALICE.replace("alice", "Alice");
    let desk = Desk::signed_in();
    let before = desk.files();
    desk.signin.expect(sign_in(&other));
    let begun = desk.begin(desk.login(&["dev", "--force"]).code(1).any_stderr());
    loopback::get(&begun.redirect());
    assert!(begun.running.wait().stderr.contains(&format!("This sign-in is {other}.\n")));
    assert_eq!(desk.files(), before);
}

#[test]
fn without_a_region_and_a_terminal_the_ways_to_name_one_are_told() {
    for (profile, word) in [("dev", "dev"), ("my team", "'my team'")] {
        let mut desk = Desk::new();
        desk.home.remove_env("AWS_REGION");
        let told = format!(
            "keyfob: no region to sign in to\n  cause: there is no terminal to ask on\n  \
             hint: name one, like `keyfob login {word} --region us-east-1`, or set AWS_REGION\n"
        );
        desk.login(&[profile]).code(1).stderr(told).run();
        assert_eq!((desk.signin.connections(), desk.files()), (0, BTreeMap::new()));
    }
}

#[test]
fn region_of_the_session_before_is_suggested() {
    let mut desk = Desk::new();
    desk.home.remove_env("AWS_REGION");
    desk.home.write(".aws/config", format!("[profile dev]\nlogin_session = {ALICE}\n"));
    let session = desk.signin.sign_in(ALICE);
    let document = session.document(Timestamp::now());
    desk.home.write(&session.path(), document.replacen('{', "{\"signInRegion\": \"eu-west-1\", ", 1));
    let told = "keyfob: no region to sign in to\n  cause: there is no terminal to ask on\n  \
                hint: name one, like `keyfob login dev --region eu-west-1`, or set AWS_REGION\n";
    desk.login(&["dev", "--force"]).code(1).stderr(told).run();
}
