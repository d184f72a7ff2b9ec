//! That a test can take part in a run.

use super::*;
use rustix::process::Signal;

/// Shows a URL, asks for what the page says, and tells what it got.
const ASK: &str = "echo Open: >&2; echo https://example.test/$$ >&2; printf 'Code: ' >&2; \
    read code; printf 'Again: ' >&2; read code; echo $code";

#[test]
fn output_is_seen_and_answered_while_the_program_runs() {
    let home = Home::new();
    let mut running = shell(&home, ASK).open_stdin().stdout("two\n").spawn();
    let url = running.wait_for_line(|line| line.starts_with("https"));
    assert!(running.is_running());
    running.type_in("one\n");
    running.wait_for_text("Again: ");
    running.type_in("two\n");
    running.stderr(format!("Open:\n{url}\nCode: Again: ")).wait();
}

#[test]
fn whole_output_is_still_compared() {
    let home = Home::new();
    let mut running = shell(&home, ASK).open_stdin().any_stdout().spawn();
    running.wait_for_line(|line| line == "Open:");
    // There is nothing to read any more.
    assert!(fault_of(|| running.wait()).contains("stderr is not as expected"));
    let mut running = shell(&home, "echo $SECRET >&2; read line").env("SECRET", MARKER).open_stdin().spawn();
    let line = running.wait_for_line(|_| true);
    running.type_in("\n");
    assert!(fault_of(|| running.stderr(line + "\n").wait()).contains("stderr shows a secret"));
}

#[test]
fn what_was_waited_for_is_not_found_again() {
    let home = Home::new();
    let mut running = shell(&home, "printf 'x x\nlast' >&2; read line").open_stdin().any_stderr().code(1).spawn();
    running.wait_for_text("x");
    assert_eq!(running.wait_for_line(|line| line.contains('x')), " x");
    // The last line has no end yet.
    running.wait_for_text("last");
    running.close_stdin();
    running.wait();
}

#[test]
fn what_is_never_shown_fails_the_test() {
    let home = Home::new();
    let mut ended = shell(&home, "echo no >&2").spawn();
    assert!(fault_of(|| ended.wait_for_line(|line| line == "yes")).contains("ended without such a line"));
    let mut hanging = shell(&home, "echo no >&2; sleep 50").timeout(Duration::from_millis(300)).spawn();
    let fault = fault_of(|| hanging.wait_for_text("yes"));
    assert!(fault.contains("does not show \"yes\"") && fault.contains("no"), "{fault}");
}

#[test]
fn terminal_is_seen_and_answered_while_the_program_runs() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let person = Terminal::new().with_stdin().with_stderr();
    let mut running = shell(&home, ASK).terminal(person).stdout("two\n").spawn();
    let url = running.wait_for_line(|line| line.starts_with("https"));
    running.wait_for_text("Code: ");
    running.type_in("one\n");
    running.wait_for_text("Again: ");
    running.type_in("two\n");
    running.screen(format!("Open:\n{url}\nCode: one\nAgain: two\n")).wait();
}

/// The kernel keeps 4 kB for whoever reads later, and no more.
#[test]
fn long_paste_goes_in_as_it_is_read() {
    const LENGTH: usize = 20_000;
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let script =
        format!("stty -icanon -echo; printf '? '; sleep 0.2; head -c {LENGTH} | tr -d '\\n' | wc -c; stty icanon echo");
    let person = Terminal::new().with_stdin().with_stdout();
    let mut running = shell(&home, &script).terminal(person).any_screen().spawn();
    running.wait_for_text("? ");
    running.type_in(&"x".repeat(LENGTH));
    let screen = running.wait().screen;
    assert_eq!(screen.trim_start_matches("? ").trim(), LENGTH.to_string());
}

#[test]
fn signals_come_when_the_test_says() {
    let home = Home::new();
    let script = "trap 'kill $!; echo caught; exit 5' INT; echo ready >&2; sleep 50 & wait";
    let mut running = shell(&home, script).stdout("caught\n").stderr("ready\n").code(5).spawn();
    running.wait_for_text("ready");
    running.signal(Signal::INT);
    running.wait();
    if !has_terminal() {
        return;
    }
    for by_key in [false, true] {
        let person = Terminal::new();
        let run = shell(&home, script).terminal(person).stdout("caught\n").stderr("ready\n").any_screen().code(5);
        let mut running = run.spawn();
        running.wait_for_text("ready");
        if by_key {
            running.type_in("\x03");
        } else {
            running.signal(Signal::INT);
        }
        running.wait();
    }
}
