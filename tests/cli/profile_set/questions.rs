//! Step by step, where nothing is said.

use super::super::keyfob::{Terminal, has_terminal};
use super::*;

const KIND: &str = "Number, or text to narrow: ";

fn ask(files: &Files, name: &str, terminal: Terminal) -> Invocation {
    files.set([name]).terminal(terminal).any_screen()
}

#[test]
fn a_role_is_asked_for_with_its_source() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("[profile base]\n", "");
    let terminal = Terminal::new()
        .answer(KIND, "2\n")
        .answer("Role ARN [None]: ", &format!("{ROLE_ARN}\n"))
        .answer("Number, or text to narrow: ", "1\n")
        .answer("External ID [None]: ", "\n")
        .answer("MFA device [None]: ", "GAHT12345678\n")
        .answer("Name of its sessions [None]: ", "\n")
        .answer("Default region [None]: ", "eu-west-1\n");
    ask(&files, "dev", terminal).stdout(files.is_in(&["config"])).run();
    let role = format!("role_arn = {ROLE_ARN}\nsource_profile = base\nmfa_serial = GAHT12345678\nregion = eu-west-1\n");
    files.have(&format!("[profile base]\n[profile dev]\n{role}"), "");
}

#[test]
fn what_is_there_is_offered_and_what_will_not_do_is_asked_again() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("[profile dev]\ncredential_process = /bin/a\n", "");
    let terminal = Terminal::new()
        .answer("Number, or text to narrow [Command that prints credentials]: ", "\n")
        .answer("Command [/bin/a]: ", "/bin/b\n")
        .answer("Default region [None]: ", "Mars\n")
        .answer("Default region [None]: ", "eu-west-1\n");
    let told = "That will not do: it is not the name of a region, which looks like us-east-1.\n";
    ask(&files, "dev", terminal).stdout(files.is_in(&["config"])).stderr(told).run();
    files.have("[profile dev]\ncredential_process = /bin/b\nregion = eu-west-1\n", "");
}

#[test]
fn keys_are_asked_for_and_the_secret_is_not_shown() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", "");
    let terminal = Terminal::new()
        .answer(KIND, "keys\n")
        .answer(KIND, "1\n")
        .answer("AWS Access Key ID [None]: ", "ASIAEXAMPLE\n")
        .answer("AWS Secret Access Key: ", "MARKERsecret2\n")
        .answer("AWS Session Token: ", "MARKERsecret3\n")
        .answer("Default region [us-east-2]: ", "\n");
    ask(&files, "dev", terminal).env("AWS_REGION", "us-east-2").any_stdout().run();
    files.have(
        "[profile dev]\nregion = us-east-2\n",
        "[dev]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = MARKERsecret2\n\
         aws_session_token = MARKERsecret3\n",
    );
}

#[test]
fn a_secret_that_is_there_is_kept_when_nothing_is_typed() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", &format!("[dev]\n{KEYS}"));
    let terminal = Terminal::new()
        .answer("Number, or text to narrow [Access keys]: ", "\n")
        .answer("AWS Access Key ID [AKIAEXAMPLE]: ", "\n")
        .answer("AWS Secret Access Key [unchanged]: ", "\n")
        .answer("Default region [None]: ", "us-east-1\n");
    ask(&files, "dev", terminal).any_stdout().run();
    files.have("[profile dev]\nregion = us-east-1\n", &format!("[dev]\n{KEYS}"));
}

#[test]
fn sign_ins_have_commands_of_their_own() {
    if !has_terminal() {
        return;
    }
    for (number, command) in [("4\n", "configure sso"), ("5\n", "login")] {
        let files = Files::new("", "");
        let told = format!("That takes more than settings: keyfob {command} 'my dev'\n");
        ask(&files, "my dev", Terminal::new().answer(KIND, number)).stdout(told).run();
        files.have("", "");
    }
}

#[test]
fn ctrl_c_leaves_everything_as_it_is() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", "");
    let error = "keyfob: profile \"dev\" stays as it is\n  cause: interrupted\n  \
                 hint: options answer the questions, too: `keyfob profile set --help`\n";
    let terminal = Terminal::new().answer(KIND, "6\n").answer("Command [None]: ", "\x03");
    ask(&files, "dev", terminal).code(130).stderr(error).run();
    files.have("", "");
}

#[test]
fn what_a_role_or_a_store_needs_is_asked_for() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("[profile base]\n", "");
    let terminal = Terminal::new().answer(KIND, "1\n");
    files.set(["dev", "--role-arn", ROLE_ARN]).terminal(terminal).any_screen().stdout(files.is_in(&["config"])).run();
    files.have(&format!("[profile base]\n[profile dev]\nrole_arn = {ROLE_ARN}\nsource_profile = base\n"), "");

    let files = Files::new("", "");
    let terminal = Terminal::new()
        .answer("AWS Access Key ID [None]: ", "AKIAEXAMPLE\n")
        .answer("AWS Secret Access Key: ", "MARKERsecret/long\n");
    files.set(["dev", "--store", "credentials"]).terminal(terminal).any_screen().any_stdout().run();
    files.have("", &format!("[dev]\n{KEYS}"));
}

#[test]
fn a_secret_that_would_be_typed_as_standard_input_is_asked_for_unseen() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", "");
    let terminal = Terminal::new().answer("AWS Secret Access Key: ", "MARKERsecret/long\n").with_stdin();
    files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).terminal(terminal).any_screen().any_stdout().run();
    files.have("", &format!("[dev]\n{KEYS}"));
}
