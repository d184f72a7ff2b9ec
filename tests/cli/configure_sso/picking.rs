//! The list of accounts and roles: typed at to narrow it, and gone when one is chosen.

use super::*;
use rustix::process::Signal;

const ARGUMENTS: [&str; 7] = ["dev", "--sso-session", "my-sso", "--region", "us-west-2", "--output", "json"];

/// Somebody who is signed in and has several accounts.
fn desk() -> Desk {
    let accounts = [
        Account::new("111111111111", &["Audit"]).named("Sandbox"),
        Account::new("222222222222", &["ReadOnly", "admin", "Billing"]).named("Production Europe"),
        Account::new("333333333333", &["Audit"]).named("Production Asia"),
        Account::new("000044444444", &["Audit"]).nameless(),
    ];
    Desk::with(WRITTEN, accounts).signed_in(Some("my-sso"))
}

const EUROPE: &str = "Production Europe, aws+222222222222@example.com (222222222222)";

#[track_caller]
fn chose(desk: &Desk, account_id: &str, role_name: &str) {
    let lines =
        format!("[profile dev]\nsso_session = my-sso\nsso_account_id = {account_id}\nsso_role_name = {role_name}\n");
    assert!(desk.config().contains(&lines), "{}", desk.config());
}

#[test]
fn list_is_narrowed_by_what_is_typed() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    desk.expect_lists("222222222222");
    let person = Terminal::new()
        .answer("4 of 4; ", "EU prod")
        .answer("1 of 4; ", "\r")
        .answer("3 of 3; ", "read")
        .answer("1 of 3; ", "\r");
    let run = desk.asked(&ARGUMENTS, person).any_screen().any_stdout().run();
    chose(&desk, "222222222222", "ReadOnly");
    // Sorted by name; the one without any comes last.
    let first = "\r\x1b[J\x1b[?7l\n> Production Asia, aws+333333333333@example.com (333333333333)\n  \
                 Production Europe, aws+222222222222@example.com (222222222222)\n  \
                 Sandbox, aws+111111111111@example.com (111111111111)\n  000044444444\n  4 of 4; type to narrow, Enter \
                 takes the marked one\x1b[5A\rAccount: \x1b[?7h";
    assert!(run.screen.starts_with(first), "{:?}", run.screen);
    // One line of each is left.
    assert!(run.screen.contains(&format!("\r\x1b[JAccount: {EUROPE}\n\r\x1b[J\x1b[?7l")), "{:?}", run.screen);
    assert!(run.screen.ends_with("\r\x1b[JRole: ReadOnly\n"), "{:?}", run.screen);
}

#[test]
fn keys_move_the_mark() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    desk.expect_lists("222222222222");
    // Down; and up, over the beginning, to the last one.
    let person = Terminal::new().answer("4 of 4; ", "\x1b[B\r").answer("3 of 3; ", "\x1b[A\x1b[A\r");
    desk.asked(&ARGUMENTS, person).any_screen().any_stdout().run();
    chose(&desk, "222222222222", "Billing");
}

#[test]
fn enter_keeps_the_account_and_the_role_of_the_profile() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    let profile = "[profile dev]\nsso_session = my-sso\nsso_account_id = 222222222222\nsso_role_name = ReadOnly\n";
    desk.home.write(".aws/config", format!("{profile}{WRITTEN}"));
    desk.expect_lists("222222222222");
    let person = Terminal::new().answer("4 of 4; ", "\r").answer("3 of 3; ", "\r");
    let run = desk.asked(&ARGUMENTS, person).any_screen().any_stdout().run();
    let [account, role] = [format!("\n> {EUROPE}\n"), "\n  Billing\n> ReadOnly\n".to_owned()];
    assert!(run.screen.contains(&account) && run.screen.contains(&role), "{:?}", run.screen);
    chose(&desk, "222222222222", "ReadOnly");
    assert!(!run.stdout.contains("It was for"), "{}", run.stdout);
}

#[test]
fn profile_that_gets_another_role_is_told_of_both() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    let profile = "[profile dev]\nsso_session = my-sso\nsso_account_id = 222222222222\nsso_role_name = Audit\n";
    desk.home.write(".aws/config", format!("{profile}{WRITTEN}"));
    desk.expect_lists("111111111111");
    let person = Terminal::new().answer("4 of 4; ", "sandbox\r");
    let run = desk.asked(&ARGUMENTS, person).any_screen().any_stderr().any_stdout().run();
    chose(&desk, "111111111111", "Audit");
    let told =
        ".\nIt was for Audit in account 222222222222, and now is for Audit in account 111111111111.\nSee who it is: ";
    assert!(run.stdout.contains(told), "{}", run.stdout);
}

#[test]
fn enter_keeps_the_account_where_a_number_is_asked_for() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    let profile = "[profile dev]\nsso_session = my-sso\nsso_account_id = 222222222222\nsso_role_name = ReadOnly\n";
    desk.home.write(".aws/config", format!("{profile}{WRITTEN}"));
    desk.expect_lists("222222222222");
    let account = format!("Number, or text to narrow [{EUROPE}]: ");
    let person = Terminal::new().answer(&account, "\n").answer("Number, or text to narrow [ReadOnly]: ", "\n");
    desk.asked(&ARGUMENTS, person).env("TERM", "dumb").any_screen().any_stdout().run();
    chose(&desk, "222222222222", "ReadOnly");
}

#[test]
fn list_keeps_to_the_window() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    desk.expect_lists("222222222222");
    let mut running = desk.asked(&ARGUMENTS, Terminal::new()).any_screen().any_stdout().spawn();
    running.wait_for_text("4 of 4; ");
    running.resize(4, 21);
    running.wait_for_text(
        "\r\x1b[J\x1b[?7l\n> Production Asia, …\n  Production Europe…\n  4 of 4; type to n…\x1b[3A\rAccount: \x1b[?7h",
    );
    running.type_in("\x1b[B\x1b[B");
    running.wait_for_text("\n  Production Europe…\n> Sandbox, aws+1111…\n");
    running.resize(24, 80);
    running.wait_for_text("\n> Sandbox, aws+111111111111@example.com (111111111111)\n");
    running.type_in("europe\r");
    running.wait_for_text("3 of 3; ");
    running.type_in("\r");
    running.wait();
    chose(&desk, "222222222222", "admin");
}

#[test]
fn what_is_typed_can_be_taken_back() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    desk.expect_lists("000044444444");
    let person = Terminal::new()
        .answer("4 of 4; ", "xyz")
        .answer("0 of 4; ", "\r\x15")
        .answer("4 of 4; ", "prox\x7f")
        .answer("2 of 4; ", "\x1b")
        .answer("4 of 4; ", "00004\r");
    desk.asked(&ARGUMENTS, person).any_screen().any_stdout().any_stderr().run();
    chose(&desk, "000044444444", "Audit");
}

#[test]
fn interrupted_it_leaves_the_terminal_and_the_files_as_they_were() {
    if !has_terminal() {
        return;
    }
    let told = "keyfob: nothing was configured\n  cause: interrupted\n  hint: options answer the questions, too: `keyfob \
                configure sso --help`\n";
    for keys in ["\x03", "x\x03", "\x04", "\x1b"] {
        let desk = desk();
        desk.center.portal.expect(list_accounts());
        let person = Terminal::new().answer("4 of 4; ", keys);
        let run = desk.asked(&ARGUMENTS, person).code(130).any_screen().stderr(told).run();
        assert!(run.screen.ends_with("\r\x1b[J"), "{:?}", run.screen);
        assert_eq!(desk.config(), WRITTEN);
    }
}

#[test]
fn signal_puts_the_terminal_back_first() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    desk.center.portal.expect(list_accounts());
    let mut running = desk.asked(&ARGUMENTS, Terminal::new()).code(130).any_screen().any_stderr().spawn();
    running.wait_for_text("4 of 4; ");
    running.signal(Signal::TERM);
    let run = running.wait();
    assert!(run.screen.ends_with("\r\x1b[J"), "{:?}", run.screen);
}

#[test]
fn terminal_that_cannot_move_its_cursor_is_asked_for_a_number() {
    const NUMBER: &str = "Number, or text to narrow: ";
    if !has_terminal() {
        return;
    }
    let desk = desk();
    desk.expect_lists("222222222222");
    let person = Terminal::new()
        .answer(NUMBER, "nothing\n")
        .answer(NUMBER, "prod\n")
        .answer(NUMBER, "2\n")
        .answer(NUMBER, "3\n");
    let list = format!(
        "Account, 4 of 4:\n   1  Production Asia, aws+333333333333@example.com (333333333333)\n   2  {EUROPE}\n   3  \
         Sandbox, aws+111111111111@example.com (111111111111)\n   4  000044444444\n{NUMBER}"
    );
    let shown = format!(
        "{list}nothing\nNothing holds \"nothing\".\n{list}prod\nAccount, 2 of 4:\n   1  Production Asia, \
         aws+333333333333@example.com (333333333333)\n   2  {EUROPE}\n{NUMBER}2\nRole, 3 of 3:\n   1  admin\n   2  \
         Billing\n   3  ReadOnly\n{NUMBER}3\n"
    );
    desk.asked(&ARGUMENTS, person).env("TERM", "dumb").screen(shown).any_stdout().run();
    chose(&desk, "222222222222", "ReadOnly");
}

#[test]
fn thousands_are_paged_through_and_narrowed_at_once() {
    if !has_terminal() {
        return;
    }
    let accounts = (0..3000).map(|number| Account::new(&format!("{number:012}"), &["Audit"]));
    let desk = Desk::with(WRITTEN, accounts).signed_in(Some("my-sso"));
    desk.center.serve_all();
    let person = Terminal::new().answer("3000 of 3000; ", "0002718").answer("1 of 3000; ", "\r");
    desk.asked(&ARGUMENTS, person).any_screen().any_stdout().any_stderr().run();
    chose(&desk, "000000002718", "Audit");
    assert_eq!(desk.center.portal.calls().len(), 31);
}

#[test]
fn names_are_shown_without_what_they_would_do_to_the_terminal() {
    if !has_terminal() {
        return;
    }
    let accounts = [
        Account::new("111111111111", &["Audit"]).named("\u{1b}[2Jevil\n"),
        Account::new("222222222222", &["Audit"]).named(&"wide ".repeat(40)),
    ];
    let desk = Desk::with(WRITTEN, accounts).signed_in(Some("my-sso"));
    desk.expect_lists("111111111111");
    let run =
        desk.asked(&ARGUMENTS, Terminal::new().answer("2 of 2; ", "\r")).any_screen().any_stdout().any_stderr().run();
    assert!(!run.screen.contains("\u{1b}[2J"), "{:?}", run.screen);
    assert!(run.screen.contains("\n> \\u{1b}[2Jevil, aws"), "{:?}", run.screen);
    let wide = run.screen.split('\n').find(|line| line.starts_with("  wide")).expect("it is shown");
    assert!(wide.ends_with('…') && wide.chars().count() < 80, "{wide}");
}

#[test]
fn list_that_goes_round_in_circles_is_given_up() {
    if !has_terminal() {
        return;
    }
    let desk = desk();
    let page = r#"{"nextToken": "again", "accountList": [{"accountId": "111111111111"}]}"#;
    for _ in 0..2 {
        let reply = Reply::json(200, page);
        desk.center.portal.expect(list_accounts().replies(reply));
    }
    let told = "keyfob: cannot list the accounts and roles of sso-session \"my-sso\"\n  cause: AWS's list begins again and \
                again\n  hint: try again in a moment\n";
    desk.asked(&ARGUMENTS, Terminal::new()).code(1).stderr(told).run();
    assert_eq!(desk.config(), WRITTEN);
}
