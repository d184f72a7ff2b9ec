//! The code is pasted at a prompt.

use super::*;
use base64ct::Base64UrlUnpadded;
use rustix::process::Signal;

/// A remote sign-in that waits for a paste and will end with this code, and its URL.
#[track_caller]
fn prompted(scene: &SigningIn, arguments: &[&str], code: i32) -> (Running, String) {
    let run = scene.remote(arguments).terminal(Terminal::new()).screen(format!("{QUESTION}\n"));
    let mut remote = run.code(code).spawn();
    let url = shown_url(&mut remote);
    remote.wait_for_text(QUESTION);
    (remote, url)
}

/// Signs in by what `paste` makes of the text to copy and of the page's address; nothing of it may be shown.
#[track_caller]
fn signs_in_with(paste: impl Fn(&str, &str) -> String) {
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let run = scene.remote(&[]).terminal(Terminal::new()).stdout(signed_in_as(ALICE));
    let mut remote = run.screen(format!("{QUESTION}\n")).spawn();
    let url = shown_url(&mut remote);
    remote.wait_for_text(QUESTION);
    let copied = scene.copy(&url);
    let page = format!("{}/v1/sessions/confirmation?{}", scene.signin.url(), query(&copied));
    remote.type_in(&paste(&copied, &page));
    remote.stderr(shown(&url)).wait();
}

/// In lines of so many characters, each with `before` it.
fn wrapped(text: &str, width: usize, before: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).expect("it is ASCII")).collect();
    format!("{before}{}", lines.join(before))
}

#[test]
fn code_is_asked_for_on_the_terminal_alone_and_not_shown() {
    if !has_terminal() {
        return;
    }
    signs_in_with(|copied, _| format!("{copied}\n"));
    signs_in_with(|copied, _| format!("{copied}\r"));
}

#[test]
fn question_goes_to_the_terminal_where_standard_input_is_one() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let person = Terminal::new().with_stdin().with_stdout();
    let mut remote = scene.remote(&[]).terminal(person).spawn();
    let url = shown_url(&mut remote);
    remote.wait_for_text(QUESTION);
    remote.type_in(&(scene.copy(&url) + "\n"));
    remote.stderr(shown(&url)).screen(format!("{QUESTION}\n{}", signed_in_as(ALICE))).wait();
}

#[test]
fn code_may_have_been_wrapped_and_quoted_on_the_way() {
    if !has_terminal() {
        return;
    }
    let pastes: [fn(&str, &str) -> String; 6] = [
        |copied, _| wrapped(copied, 76, "\n    ") + "\n",
        |copied, _| wrapped(copied, 64, "\r\n") + "\r\n",
        |copied, _| wrapped(copied, 40, " \t") + "\n",
        |copied, _| format!("\n\n  \"{copied}\"\n\n"),
        |copied, _| format!("'{}'\n", wrapped(copied, 100, "\n")),
        |copied, _| format!("`{copied}`\n"),
    ];
    for paste in pastes {
        signs_in_with(paste);
    }
}

#[test]
fn code_may_come_in_either_alphabet_with_padding_and_without() {
    if !has_terminal() {
        return;
    }
    // Without these marks the two alphabets would be one.
    let marked = |copied: &str, rest: &str| format!("{}&more=~?>~?>~?>{rest}", query(copied));
    for rest in ["", "&", "&&"] {
        signs_in_with(|copied, _| Base64UrlUnpadded::encode_string(marked(copied, rest).as_bytes()) + "\n");
        signs_in_with(|copied, _| Base64::encode_string(marked(copied, rest).as_bytes()).replace('=', "") + "\n");
    }
}

#[test]
fn address_of_the_page_is_as_good_as_its_code() {
    if !has_terminal() {
        return;
    }
    signs_in_with(|_, page| format!("{page}\n"));
    signs_in_with(|_, page| format!("{}\n", wrapped(page, 80, "\n")));
    signs_in_with(|_, page| format!("{page}#done\n"));
}

#[test]
fn code_may_be_thousands_of_characters_long() {
    if !has_terminal() {
        return;
    }
    for length in [8_000, 20_000] {
        // More in the text than anybody asked for, all of it Base64.
        signs_in_with(|copied, _| {
            let query = format!("more={}&{}", "x".repeat(length * 3 / 4), query(copied));
            Base64::encode_string(query.as_bytes()) + "\n"
        });
        // As from a page or a chat that wraps and indents.
        signs_in_with(|copied, _| wrapped(copied, 20, &format!("\n{}", " ".repeat(length / 40))) + "\n");
    }
}

#[test]
fn code_may_stop_for_a_moment_on_its_way() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let run = scene.remote(&[]).terminal(Terminal::new()).stdout(signed_in_as(ALICE));
    let mut remote = run.screen(format!("{QUESTION}\n")).spawn();
    let url = shown_url(&mut remote);
    remote.wait_for_text(QUESTION);
    for line in wrapped(&scene.copy(&url), 300, "\n").split_inclusive('\n') {
        remote.type_in(line);
        std::thread::sleep(SECOND / 7);
    }
    remote.type_in("\n");
    remote.stderr(shown(&url)).wait();
}

#[test]
fn typing_can_be_corrected() {
    if !has_terminal() {
        return;
    }
    signs_in_with(|copied, _| format!("junk\x15{copied}xyz\x7f\x7f\x08\n"));
}

#[test]
fn what_is_no_code_of_this_sign_in_is_told_and_asked_for_again() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(CONFIG);
    scene.signin.expect(sign_in(ALICE));
    let run = scene.remote(&[]).terminal(Terminal::new()).stdout(signed_in_as(ALICE));
    let mut remote = run.screen(format!("{QUESTION}\n").repeat(4)).spawn();
    let url = shown_url(&mut remote);
    let copied = scene.copy(&url);
    let state = &scene.signin.authorizations()[0].state;
    let of_another = query(&copied).replace(state, "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8");
    for paste in ["\n", "hello\n", &(Base64::encode_string(of_another.as_bytes()) + "\n"), &(copied + "\n")] {
        remote.wait_for_text(QUESTION);
        remote.type_in(paste);
    }
    remote.stderr(format!("{}{UNREADABLE}{UNREADABLE}{OF_ANOTHER}", shown(&url))).wait();
    assert_eq!(scene.signin.calls().len(), 1);
}

#[test]
fn interrupted_it_writes_nothing_and_leaves_the_terminal_as_it_was() {
    if !has_terminal() {
        return;
    }
    for keys in ["\x03", "c3RhdGU9\x03", "\x04"] {
        let scene = SigningIn::with(CONFIG);
        let (mut remote, url) = prompted(&scene, &[], 130);
        remote.type_in(keys);
        remote.stderr(format!("{}keyfob: cannot sign in to AWS\n  cause: interrupted\n", shown(&url))).wait();
        scene.nothing_came_of_it();
    }
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let scene = SigningIn::with(CONFIG);
        let (mut remote, url) = prompted(&scene, &[], 130);
        remote.signal(signal);
        remote.stderr(format!("{}keyfob: cannot sign in to AWS\n  cause: interrupted\n", shown(&url))).wait();
        scene.nothing_came_of_it();
    }
}

#[test]
fn nobody_is_waited_for_any_longer_than_was_said() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(CONFIG);
    let (remote, url) = prompted(&scene, &["--timeout", "1s"], 3);
    let error = "keyfob: cannot sign in to AWS\n  cause: nobody signed in within 1 s\n  \
                 hint: run the command again; --timeout gives more time\n";
    remote.stderr(shown(&url) + error).wait();
    scene.nothing_came_of_it();
}

#[test]
fn page_that_says_no_is_believed() {
    if !has_terminal() {
        return;
    }
    let scene = SigningIn::with(CONFIG);
    let (mut remote, url) = prompted(&scene, &[], 1);
    remote.type_in(&(scene.signin.visit(&url).deny() + "\n"));
    let error = "keyfob: cannot sign in to AWS\n  cause: the browser came back with access_denied: The user <b>denied</b> \
                 access.\n  hint: run the command again and allow it; the user needs \
                 signin:AuthorizeOAuth2Access, which the managed policy SignInLocalDevelopmentAccess grants\n";
    remote.stderr(shown(&url) + error).wait();
    scene.nothing_came_of_it();
}
