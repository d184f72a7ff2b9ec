//! `--access-key`: a pair whose secret nobody sees.

use super::super::keyfob::{Terminal, has_terminal};
use super::*;

const SESSION: &str =
    "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = MARKERsecret2\naws_session_token = MARKERsecret3\n";

#[test]
fn the_secret_comes_from_standard_input() {
    for text in ["MARKERsecret/long", "MARKERsecret/long\n", "\n  MARKERsecret/long \r\n\n"] {
        let files = Files::new("", "");
        let run = files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).stdin(text);
        run.stdout(files.is_in(&["credentials"])).run();
        files.have("", &format!("[dev]\n{KEYS}"));
    }
}

#[test]
fn the_secret_is_asked_for_unseen() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", "");
    let terminal = Terminal::new().answer("AWS Secret Access Key: ", "MARKERsecret/long\n");
    let run = files.set(["dev", "--access-key", "AKIAEXAMPLE"]).terminal(terminal);
    run.stdout(files.is_in(&["credentials"])).screen("AWS Secret Access Key: \n").run();
    files.have("", &format!("[dev]\n{KEYS}"));
}

#[test]
fn a_session_has_a_token_too() {
    let files = Files::new("", &format!("[dev]\n{KEYS}aws_security_token = MARKERsecret9\n"));
    let run = files.set(["dev", "--access-key", "ASIAEXAMPLE", "--session", "--stdin"]);
    let gone = "Removed from profile \"dev\", since it belongs to other credentials: aws_security_token\n";
    run.stdin("MARKERsecret2\nMARKERsecret3\n").stdout(files.is_in(&["credentials"])).stderr(gone).run();
    files.have("", &format!("[dev]\n{SESSION}"));
}

#[test]
fn a_token_is_asked_for_at_a_terminal() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", "");
    let terminal = Terminal::new()
        .answer("AWS Secret Access Key: ", "MARKERsecret2\n")
        .answer("AWS Session Token: ", "MARKERsecret3\n");
    let run = files.set(["dev", "--access-key", "ASIAEXAMPLE", "--session"]).terminal(terminal);
    run.stdout(files.is_in(&["credentials"])).any_screen().run();
    files.have("", &format!("[dev]\n{SESSION}"));
}

#[test]
fn long_term_keys_drop_the_token_of_a_session() {
    let files = Files::new("", &format!("[dev]\n{SESSION}aws_security_token = MARKERsecret3\n"));
    let gone =
        "Removed from profile \"dev\", since it belongs to other credentials: aws_session_token, aws_security_token\n";
    let run = files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).stdin("MARKERsecret/long");
    run.any_stdout().stderr(gone).run();
    files.have("", &format!("[dev]\n{KEYS}"));
}

#[test]
fn the_config_file_takes_a_pair_that_is_meant_for_it() {
    let files = Files::new("[profile dev]\nregion = a\n", &format!("[dev]\n{KEYS}"));
    let run = files.set(["dev", "--access-key", "AKIAOTHER", "--stdin", "--store", "config"]).stdin("MARKERsecret2");
    run.stdout(files.is_in(&["config", "credentials"])).run();
    let config = "[profile dev]\nregion = a\naws_access_key_id = AKIAOTHER\naws_secret_access_key = MARKERsecret2\n";
    files.have(config, "[dev]\n");
}

#[test]
fn without_a_terminal_the_command_is_named() {
    let files = Files::new("", "");
    let error = "keyfob: nothing was stored\n  cause: there is no terminal to ask on\n  \
                 hint: a program can send them, too: `keyfob profile set dev --access-key ASIAEXAMPLE --session --stdin \
                 < FILE`\n";
    files.set(["dev", "--access-key", "ASIAEXAMPLE", "--session"]).code(1).stderr(error).run();
    files.have("", "");
}

#[test]
fn standard_input_has_what_is_needed_and_nothing_else() {
    for (options, text, why, hint) in [
        (&[][..], "", "it is empty", "the secret access key, and nothing else"),
        (
            &[],
            "MARKERsecret1\nMARKERsecret2\n",
            "lines that are not empty: 2",
            "the secret access key, and nothing else",
        ),
        (
            &["--session"],
            "MARKERsecret1\n",
            "lines that are not empty: 1",
            "the secret access key, and the session token below it, and nothing else",
        ),
    ] {
        let files = Files::new("", "");
        let words = ["dev", "--access-key", "X", "--stdin"].into_iter().chain(options.iter().copied());
        let error = format!(
            "keyfob: cannot read the keys from standard input\n  cause: {why}\n  hint: it should have {hint}\n"
        );
        files.set(words).stdin(text).code(1).stderr(error).run();
        files.have("", "");
    }
}
