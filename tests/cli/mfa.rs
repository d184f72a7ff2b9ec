//! Roles that want a second factor: where the code comes from, how often a person is asked, what a code buys.

#![cfg(unix)]

use super::{
    fake::{Expected, Reply, assume_role, get_session_token},
    keyfob::{Invocation, Terminal, has_terminal},
    scene::{END, Left, ROLE, SERIAL, Scene, demo_role, entries, issued, issued_document, role_section},
};
use std::time::Duration;

const QUESTION: &str = "Enter MFA code for arn:aws:iam::123456789012:mfa/jane (profile dev): ";
const REFUSED: &str = "The code was refused; wait for the next one. ";
const MISTYPED: &str = "That was not six digits. ";
const OPS: &str = "arn:aws:iam::123456789012:role/Ops";
const HOUR: Duration = Duration::from_hours(1);

/// A role profile with jane's device, whose code is now 123456.
fn scene(lines: &str) -> Scene {
    let scene = Scene::with(&format!("mfa_serial = {SERIAL}\n{lines}"));
    scene.sts.set_mfa_code(SERIAL, "123456");
    scene
}

/// The call that buys a session with a code.
fn session(code: &str) -> Expected {
    get_session_token().field("DurationSeconds", "43200").mfa(SERIAL, code).expiring(END)
}

/// Awaits a session of jane's and the role assumed with it.
fn expect_session_and_role(scene: &Scene) {
    scene.sts.expect(session("123456").signed_by(&scene.jane));
    scene.sts.expect(demo_role().signed_by(&issued(1)));
}

fn with_code(scene: &Scene, code: &str) -> Invocation {
    scene.home.keyfob(["process", "dev", "--mfa-code", code])
}

/// A run of a shell at a terminal that runs keyfob between two looks at the terminal's modes, which must not
/// differ.
fn between_looks(scene: &Scene, person: Terminal) -> Invocation {
    let script = "stty -a </dev/tty >before; \"$0\" process dev; code=$?; stty -a </dev/tty >after; \
                  cmp before after && exit $code";
    let run = scene.home.program("/bin/sh", ["-c", script, env!("CARGO_BIN_EXE_keyfob")]);
    run.terminal(person).secrets_expected()
}

#[test]
fn code_on_the_command_line_buys_a_session_with_which_the_role_is_assumed() {
    let scene = scene("");
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
}

#[test]
fn one_session_serves_two_roles_and_later_processes() {
    let scene = scene(&format!("{}mfa_serial = {SERIAL}\n", role_section("ops", OPS, "base")));
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
    scene.sts.expect(assume_role(OPS).expiring(END).signed_by(&issued(1)));
    scene.home.keyfob(["process", "ops"]).stdout(issued_document(3)).run();
    scene.process().stdout(issued_document(2)).run();
    assert_eq!(entries(&scene.home).len(), 3);
}

#[test]
fn session_is_shared_by_every_profile_with_the_same_keys_and_device() {
    let scene = scene(&format!("{}mfa_serial = {SERIAL}\n", role_section("ops", OPS, "same")));
    let two_profiles = scene.jane.section("base") + &scene.jane.section("same");
    scene.home.write(".aws/credentials", two_profiles);
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
    scene.sts.expect(assume_role(OPS).expiring(END).signed_by(&issued(1)));
    scene.home.keyfob(["process", "ops"]).stdout(issued_document(3)).run();
}

#[test]
fn chained_roles_with_one_device_take_one_code() {
    let scene = scene(&format!("{}mfa_serial = {SERIAL}\n", role_section("ops", OPS, "dev")));
    expect_session_and_role(&scene);
    scene.sts.expect(assume_role(OPS).expiring(END).signed_by(&issued(2)));
    let run = scene.home.keyfob(["process", "ops", "--mfa-code", "123456"]);
    run.stdout(issued_document(3)).run();
}

#[test]
fn other_device_on_the_way_takes_a_code_of_its_own() {
    const OTHER: &str = "GAHT12345678";
    let next = role_section("ops", OPS, "dev") + "mfa_serial = GAHT12345678\nmfa_process = echo 654321\n";
    let scene = scene(&format!("mfa_process = echo 123456\n{next}"));
    scene.sts.set_mfa_code(OTHER, "654321");
    expect_session_and_role(&scene);
    scene.sts.expect(assume_role(OPS).expiring(END).mfa(OTHER, "654321").signed_by(&issued(2)));
    scene.home.keyfob(["process", "ops"]).stdout(issued_document(3)).run();
}

#[test]
fn role_that_lasts_longer_than_a_sessions_may_takes_the_code_itself() {
    let scene = scene("duration_seconds = 7200\n");
    let call = demo_role().field("DurationSeconds", "7200").mfa(SERIAL, "123456");
    scene.sts.expect(call.signed_by(&scene.jane));
    with_code(&scene, "123456").stdout(issued_document(1)).run();
}

#[test]
fn temporary_source_keys_send_the_code_with_the_role() {
    let scene = scene("");
    let joe = scene.sts.add_session("joe", HOUR);
    scene.home.write(".aws/credentials", joe.section("base"));
    scene.sts.expect(demo_role().mfa(SERIAL, "123456").signed_by(&joe));
    with_code(&scene, "123456").stdout(issued_document(1)).run();
}

#[test]
fn code_comes_from_mfa_process() {
    for line in ["mfa_process = echo ' 123456 '", "mfa_process = sh code.sh", "mfa_process = cat code | head -n 1"] {
        let scene = scene(&format!("{line}\n"));
        scene.home.write("code.sh", "echo 123456");
        scene.home.write("code", "123456\nmore\n");
        expect_session_and_role(&scene);
        scene.process().stdout(issued_document(2)).run();
    }
}

#[test]
fn mfa_process_of_the_source_profile_is_inherited() {
    let scene = scene("[profile base]\nmfa_process = echo 123456\n");
    expect_session_and_role(&scene);
    scene.process().stdout(issued_document(2)).run();
}

#[test]
fn given_code_goes_before_mfa_process() {
    let scene = scene("mfa_process = false\n");
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
}

#[test]
fn what_is_no_code_is_not_sent() {
    for code in ["", "12345", "1234567", "12345x", "１２３４５６", "-23456"] {
        let scene = scene("");
        let stderr = format!("keyfob: no MFA code for \"{SERIAL}\"\n  cause: --mfa-code is not six digits\n");
        scene.home.keyfob(["process", "dev", &format!("--mfa-code={code}")]).code(2).stderr(stderr).run();
    }
    for (line, told) in [
        ("echo sesame", "the output of mfa_process is not six digits"),
        ("sh -c 'echo touch it >&2; exit 7'", "mfa_process failed: \"sh\" ended with exit status: 7: touch it"),
        ("gone", "mfa_process failed: cannot run \"gone\": "),
        ("yes", "mfa_process failed: \"yes\" printed more than 64 KiB"),
        ("printf '\\377'", "mfa_process failed: it printed no text"),
    ] {
        let run = scene(&format!("mfa_process = {line}\n")).process().code(1).any_stderr().run();
        assert!(run.stderr.contains(told), "{line}: {}", run.stderr);
    }
}

#[test]
fn security_key_is_told_to_be_none_that_sts_can_take() {
    let scene = Scene::with("mfa_serial = arn:aws:iam::123456789012:u2f/user/jane/key\n");
    let run = with_code(&scene, "123456").code(1).any_stderr().run();
    assert!(run.stderr.contains("wants a security key, which STS cannot take"), "{}", run.stderr);
}

#[test]
fn without_a_terminal_it_fails_at_once_with_the_command_to_type() {
    let scene = scene("");
    let stderr = format!(
        "keyfob: profile \"dev\" needs an MFA code from \"{SERIAL}\"\n  cause: there is no terminal to ask on\n  \
         hint: run `keyfob whoami dev` in a terminal, or pass --mfa-code\n"
    );
    let run = scene.process().stdin("123456\n").code(3).stderr(stderr).run();
    assert!(run.elapsed < Duration::from_secs(20), "{:?}", run.elapsed);
    assert_eq!(scene.sts.connections(), 0);
}

#[test]
fn without_a_terminal_it_does_not_wait_for_one_who_is_being_asked() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    let asked = scene.process().terminal(Terminal::new()).any_screen().any_stdout().spawn();
    while scene.home.cache_files().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let run = scene.process().code(3).any_stderr().run();
    assert!(run.elapsed < Duration::from_secs(20), "{:?}", run.elapsed);
    asked.kill();
}

#[test]
fn person_is_asked_once_on_the_terminal_alone_and_nothing_typed_is_shown() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    expect_session_and_role(&scene);
    let run = between_looks(&scene, Terminal::new().answer(QUESTION, "123456\n"));
    run.stdout(issued_document(2)).screen(format!("{QUESTION}\n")).run();
    scene.process().stdout(issued_document(2)).run();
}

#[test]
fn question_goes_to_the_terminal_and_not_to_the_streams_that_are_one() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    expect_session_and_role(&scene);
    let person = Terminal::new().with_stdin().with_stderr().answer(QUESTION, "123456\n");
    scene.process().terminal(person).stdout(issued_document(2)).screen(format!("{QUESTION}\n")).run();
}

#[test]
fn typing_can_be_corrected() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    expect_session_and_role(&scene);
    let person = Terminal::new().answer(QUESTION, "999\x15129\x7f3456\r");
    scene.process().terminal(person).stdout(issued_document(2)).screen(format!("{QUESTION}\n")).run();
}

#[test]
fn wrong_code_is_asked_for_once_more() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    scene.sts.expect(session("111111").refused("AccessDenied"));
    expect_session_and_role(&scene);
    let person = Terminal::new().answer(QUESTION, "111111\n").answer(QUESTION, "123456\n");
    scene
        .process()
        .terminal(person)
        .stdout(issued_document(2))
        .screen(format!("{QUESTION}\n{REFUSED}{QUESTION}\n"))
        .run();
}

#[test]
fn what_was_typed_is_asked_for_once_more_when_it_is_not_six_digits() {
    if !has_terminal() {
        return;
    }
    let again = format!("{MISTYPED}{QUESTION}");
    let scene = scene("");
    expect_session_and_role(&scene);
    let person = Terminal::new().answer(QUESTION, "12345\n").answer(&again, "123 456\n");
    scene.process().terminal(person).stdout(issued_document(2)).screen(format!("{QUESTION}\n{again}\n")).run();

    scene.home.clear_cache();
    let person = Terminal::new().answer(QUESTION, "\n").answer(&again, "sesame\n");
    let stderr = format!("keyfob: no MFA code for \"{SERIAL}\"\n  cause: what was typed is not six digits\n");
    let run = scene.process().terminal(person).code(1).stderr(stderr);
    run.screen(format!("{QUESTION}\n{again}\n")).run();
}

#[test]
fn second_wrong_code_is_the_last() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    scene.sts.expect(session("111111").refused("AccessDenied"));
    scene.sts.expect(session("222222").refused("AccessDenied"));
    let person = Terminal::new().answer(QUESTION, "111111\n").answer(QUESTION, "222222\n");
    let screen = format!("{QUESTION}\n{REFUSED}{QUESTION}\n");
    let run = scene.process().terminal(person).code(1).any_stderr().screen(screen).run();
    assert!(run.stderr.contains("hint: the code was wrong or already used; wait for the next one"), "{}", run.stderr);
}

#[test]
fn wrong_code_that_no_person_typed_is_not_tried_again() {
    for (line, arguments) in [("", &["--mfa-code", "111111"][..]), ("mfa_process = echo 111111\n", &[])] {
        let scene = scene(line);
        scene.sts.expect(session("111111").refused("AccessDenied"));
        let arguments = ["process", "dev"].iter().chain(arguments).copied();
        scene.home.keyfob(arguments).code(1).any_stderr().run();
    }
}

#[test]
fn ctrl_c_ends_with_130_and_leaves_the_terminal_as_it_was() {
    if !has_terminal() {
        return;
    }
    for keys in ["\x03", "123\x03", "\x04"] {
        let scene = scene("");
        let run = between_looks(&scene, Terminal::new().answer(QUESTION, keys));
        let stderr = format!("keyfob: profile \"dev\" needs an MFA code from \"{SERIAL}\"\n  cause: interrupted\n");
        run.code(130).stderr(stderr).screen(format!("{QUESTION}\n")).run();
        assert_eq!(scene.sts.connections(), 0);
    }
}

#[test]
fn code_is_not_sent_again_after_a_broken_answer() {
    for reply in [
        Reply::hang_up(),
        Reply::new(500),
        Reply::xml(503, "<x/>"),
        Reply::xml(200, "<whole/>").cut_at(3),
        Reply::html(200, "<html>"),
    ] {
        let scene = scene("");
        scene.sts.expect(session("123456").replies(reply));
        with_code(&scene, "123456").code(1).any_stderr().run();
    }
    let scene = scene("duration_seconds = 7200\n");
    scene.sts.expect(demo_role().field("DurationSeconds", "7200").mfa(SERIAL, "123456").replies(Reply::hang_up()));
    with_code(&scene, "123456").code(1).any_stderr().run();
}

#[test]
fn code_is_sent_again_when_the_service_did_not_look_at_it() {
    let scene = scene("");
    scene.sts.expect(session("123456").fails(400, "Throttling", "Rate exceeded"));
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
}

#[test]
fn role_that_needs_a_person_is_renewed_only_when_it_has_ended() {
    let scene = scene("duration_seconds = 7200\n");
    let call = demo_role().field("DurationSeconds", "7200").mfa(SERIAL, "123456");
    scene.sts.expect(call);
    with_code(&scene, "123456").stdout(issued_document(1)).run();
    scene.age_cache(HOUR, Left::Still(Duration::from_mins(2)));
    let run = scene.process().any_stdout().run();
    assert!(run.stdout.contains(&issued(1).access_key_id), "{}", run.stdout);
    scene.age_cache(2 * HOUR, Left::EndedAgo(Duration::from_secs(1)));
    scene.process().code(3).any_stderr().run();
}

#[test]
fn session_that_sts_refuses_is_bought_again_once() {
    let scene = scene("");
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
    scene.sts.expire(&issued(1).access_key_id);
    scene.sts.set_mfa_code(SERIAL, "654321");
    let other = role_section("ops", ROLE, "base");
    let config = format!("{}{other}mfa_serial = {SERIAL}\nexternal_id = abc\n", scene.home.read(".aws/config"));
    scene.home.write(".aws/config", config);
    scene.sts.expect(demo_role().field("ExternalId", "abc").signed_by(&issued(1)).refused("ExpiredToken"));
    scene.sts.expect(session("654321").signed_by(&scene.jane));
    scene.sts.expect(demo_role().field("ExternalId", "abc").signed_by(&issued(3)));
    scene.home.keyfob(["process", "ops", "--mfa-code", "654321"]).stdout(issued_document(4)).run();
}

#[test]
fn wrong_code_of_one_is_not_the_failure_of_another_with_the_right_one() {
    let scene = scene("");
    scene.sts.expect(session("111111").refused("AccessDenied").after(Duration::from_secs(2)));
    expect_session_and_role(&scene);
    let wrong = with_code(&scene, "111111").code(1).any_stderr().spawn();
    while scene.sts.calls().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let right = with_code(&scene, "123456").stdout(issued_document(2)).spawn();
    wrong.wait();
    right.wait();
    assert!(!scene.home.cache_files().iter().any(|path| path.extension().is_some_and(|end| end == "note")));
}

#[test]
fn role_over_one_that_needed_a_code_and_still_lives_needs_nobody_and_is_kept() {
    let scene = scene(&role_section("ops", OPS, "dev"));
    expect_session_and_role(&scene);
    with_code(&scene, "123456").stdout(issued_document(2)).run();
    // The session has ended, the first role has not.
    for entry in entries(&scene.home) {
        if scene.home.read(&entry).contains(&issued(1).access_key_id) {
            scene.age_entry(&entry, HOUR, Left::EndedAgo(Duration::from_secs(1)));
        }
    }
    scene.sts.expect(assume_role(OPS).expiring(END).signed_by(&issued(2)));
    for _ in 0..2 {
        scene.home.keyfob(["process", "ops"]).stdout(issued_document(3)).run();
    }
    assert_eq!(entries(&scene.home).len(), 3);
}

#[test]
fn signal_at_the_second_question_leaves_the_terminal_as_it_was() {
    if !has_terminal() {
        return;
    }
    let scene = scene("");
    scene.sts.expect(session("111111").refused("AccessDenied"));
    let script = "stty -a </dev/tty >before; \"$0\" process dev & id=$!; \
                  until test -e go; do sleep 0.1; done; kill -TERM $id; wait $id; code=$?; \
                  stty -a </dev/tty >after; cmp before after && exit $code";
    let run = scene.home.program("/bin/sh", ["-c", script, env!("CARGO_BIN_EXE_keyfob")]);
    let run =
        run.terminal(Terminal::new().answer(QUESTION, "111111\n")).screen(format!("{QUESTION}\n{REFUSED}{QUESTION}\n"));
    let running = run.code(130).any_stderr().spawn();
    while scene.sts.calls().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_secs(2));
    scene.home.write("go", "");
    let run = running.wait();
    assert!(run.stderr.contains("cause: interrupted"), "{}", run.stderr);
}

#[test]
fn two_questions_on_one_terminal_are_asked_one_after_the_other_and_leave_it_as_it_was() {
    const OTHER: &str = "GAHT12345678";
    if !has_terminal() {
        return;
    }
    let scene = scene(&format!("{}mfa_serial = {OTHER}\n", role_section("ops", OPS, "base")));
    scene.sts.set_mfa_code(OTHER, "123456");
    scene.sts.always(session("123456"));
    scene.sts.always(get_session_token().field("DurationSeconds", "43200").mfa(OTHER, "123456").expiring(END));
    scene.sts.always(demo_role());
    scene.sts.always(assume_role(OPS).expiring(END));
    let script = "stty -a </dev/tty >before; \"$0\" process dev & one=$!; \"$0\" process ops & two=$!; \
                  wait $one && wait $two; code=$?; stty -a </dev/tty >after; cmp before after && exit $code";
    let run = scene.home.program("/bin/sh", ["-c", script, env!("CARGO_BIN_EXE_keyfob")]);
    let person = Terminal::new().answer("Enter MFA code for ", "123456\n").answer("Enter MFA code for ", "123456\n");
    let run = run.terminal(person).secrets_expected().any_stdout().any_screen().run();
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    let (first, rest) = run.screen.split_once('\n').unwrap_or_default();
    assert!(first.ends_with("): ") && rest.ends_with("): \n"), "one began before the other was done: {}", run.screen);
}
