//! Where no region is set, it is asked for.

use super::*;

const QUESTION: &str = "AWS region to sign in to [us-east-1]: ";

#[test]
fn region_is_asked_for_and_saved() {
    if !has_terminal() {
        return;
    }
    for (keys, shown, region) in [
        ("\n", "", "us-east-1"),
        ("eu-west-1\n", "eu-west-1", "eu-west-1"),
        (" ap-southeast-2 \r", " ap-southeast-2 ", "ap-southeast-2"),
        // What is typed is shown, and taken back when it is.
        ("eu-west-3\x7f2\n", "eu-west-3\x08 \x082", "eu-west-2"),
        ("xy\x15us-west-2\n", "xy\x08 \x08\x08 \x08us-west-2", "us-west-2"),
        ("\x7f\x08eu\x1b-\tcentral-1\n", "eu-central-1", "eu-central-1"),
    ] {
        let scene = SigningIn::with("");
        scene.signin.expect(sign_in(ALICE));
        let run = scene.here(&["--no-bridge"]).terminal(Terminal::new().answer(QUESTION, keys));
        let mut login = run.screen(format!("{QUESTION}{shown}\n")).stdout(signed_in_as(ALICE)).spawn();
        let url = scene.allow(&mut login);
        let told = format!("To sign in to AWS in {region}, open this URL in a browser on this machine:\n\n{url}\n\n");
        login.stderr(told).wait();
        assert_eq!(scene.config(), profile_of(ALICE, region));
    }
}

#[test]
fn region_of_the_session_before_is_offered() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(&format!("[profile dev]\nlogin_session = {ALICE}\n"));
    let session = scene.signin.sign_in(ALICE).document(Timestamp::from_unix_seconds(0));
    scene.home.write(
        &session_path(ALICE),
        session.replace("\"tokenType\"", "\"signInRegion\": \"eu-north-1\", \"tokenType\""),
    );
    scene.signin.expect(sign_in(ALICE));
    let person = Terminal::new().answer("[eu-north-1]: ", "\n");
    let mut login = scene.here(&["--force"]).terminal(person).any_screen().stdout(signed_in_as(ALICE)).spawn();
    scene.allow(&mut login);
    login.wait();
    assert_eq!(scene.config(), profile_of(ALICE, "eu-north-1"));
}

#[test]
fn what_is_no_region_is_asked_for_again() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with("");
    scene.signin.expect(sign_in(ALICE));
    let typed = ["x y", "evil.com/", "us-east-1.evil.com", "é", "-", "eu-west-1"];
    let (person, screen) = typing(QUESTION, &typed);
    let run = scene.here(&["--no-bridge"]).terminal(person).screen(screen).stdout(signed_in_as(ALICE));
    let mut login = run.spawn();
    scene.allow(&mut login);
    let told = login.wait().stderr;
    let again = "That is not the name of a region, which looks like us-east-1.\n";
    assert!(told.starts_with(&again.repeat(typed.len() - 1)), "{told}");
    assert_eq!(scene.config(), profile_of(ALICE, "eu-west-1"));
}

#[test]
fn interrupted_it_signs_nobody_in() {
    if !has_terminal() {
        return;
    }
    for keys in ["\x03", "eu\x03", "\x04"] {
        let scene = SigningIn::with("");
        let error = "keyfob: no region to sign in to\n  cause: interrupted\n  hint: name one, like \
                     `keyfob login dev --region us-east-1`, or set AWS_REGION\n";
        let run = scene.here(&[]).terminal(Terminal::new().answer(QUESTION, keys)).code(130);
        run.any_screen().stderr(error).run();
        assert!(!scene.home.path().join(".aws").exists());
        assert_eq!(scene.signin.connections(), 0);
    }
}

#[test]
fn without_a_terminal_the_option_is_named() {
    let scene = SigningIn::with("");
    let error = "keyfob: no region to sign in to\n  cause: there is no terminal to ask on\n  hint: name one, like \
                 `keyfob login dev --region us-east-1`, or set AWS_REGION\n";
    scene.here(&[]).stdin("eu-west-1\n").code(1).stderr(error).run();
    assert!(!scene.home.path().join(".aws").exists());
}

#[test]
fn region_that_is_set_is_not_asked_for_and_saved_where_the_profile_has_none() {
    for (config, arguments, variable, region, saved) in [
        ("", &["--region", "eu-west-1"][..], "", "eu-west-1", "eu-west-1"),
        ("", &[], "eu-west-2", "eu-west-2", "eu-west-2"),
        ("[profile dev]\nregion = eu-west-3\n", &[], "", "eu-west-3", "eu-west-3"),
        ("[profile dev]\nregion = eu-west-3\n", &["--region", "eu-west-1"], "", "eu-west-1", "eu-west-3"),
    ] {
        let scene = SigningIn::with(config);
        scene.signin.expect(sign_in(ALICE));
        let run = scene.here(arguments).env("AWS_REGION", variable).stdout(signed_in_as(ALICE));
        let mut login = run.spawn();
        let url = scene.allow(&mut login);
        let mut told =
            format!("To sign in to AWS in {region}, open this URL in a browser on this machine:\n\n{url}\n\n");
        if region != saved {
            told += "keyfob: the session is good in eu-west-1 alone, and profile \"dev\" has region eu-west-3, where some \
                     SDKs would try to renew it\n";
        }
        login.stderr(told).wait();
        let mut lines: Vec<String> = scene.config().lines().map(str::to_owned).collect();
        lines.sort();
        assert_eq!(lines, ["[profile dev]", &format!("login_session = {ALICE}"), &format!("region = {saved}")]);
    }
}
