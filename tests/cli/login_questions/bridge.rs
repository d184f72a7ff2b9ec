//! Whether `credential_process` is to lead other programs to the session.

use super::*;

const QUESTION: &str =
    "Let programs that know no console sign-ins (Terraform, older SDKs) have these credentials, too? [Y/n] ";
const BRIDGED: &str = "Programs that know no console sign-ins get its credentials through keyfob.\n";

fn line() -> String {
    format!("credential_process = {} process --profile dev\n", program())
}

/// What is said in the end.
fn said(bridged: bool) -> String {
    let (first, second) = (signed_in_as(ALICE), if bridged { BRIDGED } else { "" });
    first.replacen('\n', &format!("\n{second}"), 1)
}

fn config(bridged: bool) -> String {
    let line = if bridged { line() } else { String::new() };
    format!("[profile dev]\nregion = us-east-1\nlogin_session = {ALICE}\n{line}")
}

#[test]
fn bridge_is_asked_for_at_the_first_sign_in() {
    if !has_terminal() {
        return;
    }
    for (keys, bridged) in
        [(&[""][..], true), (&["y"], true), (&["Yes"], true), (&["n"], false), (&["what", "NO"], false)]
    {
        let scene = SigningIn::with(CONFIG);
        scene.signin.expect(sign_in(ALICE));
        let (person, screen) = typing(QUESTION, keys);
        let mut login = scene.here(&[]).terminal(person).screen(screen).stdout(said(bridged)).spawn();
        scene.allow(&mut login);
        login.wait();
        assert_eq!(scene.config(), config(bridged));
    }
}

#[test]
fn interrupted_it_leaves_the_sign_in_as_it_is() {
    if !has_terminal() {
        return;
    }
    for keys in ["\x03", "y\x03", "\x04"] {
        let scene = SigningIn::with(CONFIG);
        scene.signin.expect(sign_in(ALICE));
        let run = scene.here(&[]).terminal(Terminal::new().answer(QUESTION, keys)).any_screen();
        let mut login = run.stdout(said(false)).spawn();
        let url = scene.allow(&mut login);
        let told = format!("To sign in to AWS in us-east-1, open this URL in a browser on this machine:\n\n{url}\n\n");
        login.stderr(told).wait();
        assert_eq!(scene.config(), config(false));
        scene.home.keyfob(["process", "dev"]).any_stdout().run();
    }
}

#[test]
fn later_sign_ins_do_not_ask() {
    if !has_terminal() {
        return;
    }
    for (before, arguments) in [(config(false), &["--force"][..]), (config(false), &[]), (config(true), &["--force"])] {
        let scene = SigningIn::with(&before);
        scene.signin.expect(sign_in(ALICE));
        let mut login = scene.here(arguments).terminal(Terminal::new()).stdout(said(false)).spawn();
        scene.allow(&mut login);
        login.wait();
        assert_eq!(scene.config(), before);
    }
}

#[test]
fn who_has_said_what_is_wanted_is_not_asked() {
    for (argument, bridged) in [("--bridge", true), ("--no-bridge", false)] {
        for terminal in [false, true] {
            if terminal && !has_terminal() {
                return;
            }
            let scene = SigningIn::with(CONFIG);
            scene.signin.expect(sign_in(ALICE));
            let run = scene.here(&[argument]).stdout(said(bridged));
            let mut login = if terminal { run.terminal(Terminal::new()).spawn() } else { run.spawn() };
            scene.allow(&mut login);
            login.wait();
            assert_eq!(scene.config(), config(bridged));
        }
    }
}

#[test]
fn nobody_is_asked_where_there_is_nobody_or_nothing_to_ask() {
    // There is no terminal.
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let mut login = scene.here(&[]).stdin("y\n").stdout(said(false)).spawn();
    scene.allow(&mut login);
    login.wait();
    assert_eq!(scene.config(), config(false));
    if !has_terminal() {
        return;
    }
    // The bridge is there, or would not hold.
    for (name, line) in [("dev", line()), ("dev%", String::new())] {
        let before = format!("[profile {name}]\nregion = us-east-1\n{line}");
        let scene = SigningIn::with(&before);
        scene.signin.expect(sign_in(ALICE));
        let run = scene.home.keyfob(["login", name, "--no-browser"]).terminal(Terminal::new());
        let mut login = run.any_stdout().any_stderr().spawn();
        scene.allow(&mut login);
        login.wait();
        assert_eq!(scene.config(), format!("{before}login_session = {ALICE}\n"));
    }
}

#[test]
fn bridge_leads_to_the_session() {
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let mut login = scene.here(&["--bridge"]).stdout(said(true)).spawn();
    scene.allow(&mut login);
    login.wait();
    let printed = scene.home.keyfob(["process", "--profile", "dev"]).any_stdout().run().stdout;
    assert!(printed.contains(&scene.signin.answered()[0].keys.access_key_id), "{printed}");
}
