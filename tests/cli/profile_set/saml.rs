//! Profiles that sign in with SAML.

use super::super::keyfob::{Terminal, has_terminal, program};
use super::stores::{PAGE, Shelf};
use super::*;

pub(super) fn line() -> String {
    format!("credential_process = {} process --profile dev\n", program())
}

#[test]
fn a_profile_that_signs_in_at_a_page_gets_the_line_that_leads_to_keyfob() {
    let files = Files::new("", "");
    let words = [
        "dev",
        "--saml-endpoint",
        PAGE,
        "--saml-user",
        "jane",
        "--saml-role-arn",
        ROLE_ARN,
        "--duration-seconds",
        "3600",
        "saml_domain=CORP",
        "saml_authentication=ntlm",
    ];
    files.set(words).stdout(files.is_in(&["config"])).run();
    let settings = format!(
        "duration_seconds = 3600\nsaml_endpoint = {PAGE}\nsaml_user = jane\nsaml_role_arn = {ROLE_ARN}\n\
         saml_domain = CORP\nsaml_authentication = ntlm\n{}",
        line()
    );
    files.have(&format!("[profile dev]\n{settings}"), "");
    files.set(["dev", "saml_user=joe", "--duration-seconds", "7200"]).stdout(files.is_in(&["config"])).run();
    let settings = settings.replace("jane", "joe").replace("3600", "7200");
    files.have(&format!("[profile dev]\n{settings}"), "");
}

#[test]
fn role_of_saml_is_not_one_to_assume() {
    let files = Files::new("", "");
    for way in [["--saml-endpoint", PAGE], ["--saml-process", "get-assertion"]] {
        let run = files.set(["dev", way[0], way[1], "--role-arn", ROLE_ARN]).code(2);
        run.stderr(
            "keyfob: profile \"dev\" would assume a role with nothing\n  cause: role_arn is for a role that other \
             credentials assume, and SAML gives one itself\n  hint: name that one with --saml-role-arn\n",
        )
        .run();
    }
    files.have("", "");
}

#[test]
fn a_program_that_prints_an_assertion_needs_no_more() {
    let files = Files::new("[profile dev]\ncredential_process = /bin/print\nregion = a\n", "");
    let told = "Removed from profile \"dev\", since it belongs to other credentials: credential_process\n";
    let run = files.set(["dev", "--saml-process", "get-assertion --app aws"]);
    run.stdout(files.is_in(&["config"])).stderr(told).run();
    files.have(&format!("[profile dev]\n{}region = a\nsaml_process = get-assertion --app aws\n", line()), "");
}

#[test]
fn page_and_person_are_asked_for() {
    if !has_terminal() {
        return;
    }
    let files = Files::new("", "");
    let kind = "Number, or text to narrow: ";
    let terminal = Terminal::new()
        .answer(kind, "7\n")
        .answer("Page to sign in at [None]: ", "http://adfs.example.com/\n")
        .answer("Page to sign in at [None]: ", &format!("{PAGE}\n"))
        .answer("User [None]: ", "jane\n")
        .answer("Domain [None]: ", "\n")
        .answer("Role ARN [None]: ", &format!("{ROLE_ARN}\n"))
        .answer("Default region [None]: ", "\n");
    let told = "That will not do: it is no page with https://, or has a name or password in it.\n";
    files.set(["dev"]).terminal(terminal).any_screen().stderr(told).stdout(files.is_in(&["config"])).run();
    let settings = format!("saml_endpoint = {PAGE}\nsaml_user = jane\nsaml_role_arn = {ROLE_ARN}\n{}", line());
    files.have(&format!("[profile dev]\n{settings}"), "");

    let terminal = Terminal::new()
        .answer("Number, or text to narrow [Sign-in at AD FS or another SAML page]: ", "8\n")
        .answer("Command [None]: ", "get-assertion\n")
        .answer(&format!("Role ARN [{ROLE_ARN}]: "), "\n")
        .answer("Default region [None]: ", "\n");
    let told = "Removed from profile \"dev\", since it belongs to other credentials: saml_endpoint, saml_user\n";
    files.set(["dev"]).terminal(terminal).any_screen().stderr(told).stdout(files.is_in(&["config"])).run();
    files.have(&format!("[profile dev]\nsaml_role_arn = {ROLE_ARN}\n{}saml_process = get-assertion\n", line()), "");

    let terminal = Terminal::new().answer("Number, or text to narrow [Command that prints a SAML assertion]: ", "\x03");
    files.set(["dev"]).terminal(terminal).any_screen().code(130).any_stderr().run();
}

#[test]
fn where_there_is_no_use_or_no_place_for_a_password_it_is_refused() {
    let shelf =
        Shelf::new("[profile dev]\nsaml_process = get-assertion\n[profile page]\nsaml_endpoint = https://x\n", "");
    let config = shelf.files.home.read(".aws/config");
    let stores = "  hint: there are auto, secret-service, keychain, sealed and exec:COMMAND\n";
    let plain = |file| format!("a password is kept in a store alone\n  cause: the {file} file is plain text\n{stores}");
    let unused = "there is no use for a password\n  cause: saml_process gets the assertion by itself\n  hint: leave out \
                  --store and --stdin\n";
    for (words, error) in [
        (&["page", "--store", "credentials"][..], plain("credentials")),
        (&["new", "--saml-endpoint", PAGE, "--store", "config", "--stdin"], plain("config")),
        (
            &["page", "--store", "sdk"],
            format!("the store \"sdk\" has no room for passwords\n  cause: .NET keeps none there\n{stores}"),
        ),
        (&["dev", "--store", "sealed"], unused.to_owned()),
        (&["new", "--saml-process", "x", "--store", "sealed"], unused.to_owned()),
        (
            &["page", "--store", "sealed", "--stdin"],
            "a password is kept for one person at one page\n  cause: profile \"page\" names nobody who signs in\n  hint: name \
             them with --saml-user\n"
                .to_owned(),
        ),
        (
            &["page", "--stdin"],
            "no store is named for the password\n  hint: name it with --store; `--store auto` is the best that this machine \
             has\n"
                .to_owned(),
        ),
        (
            &["page", "--role-arn", ROLE_ARN, "--source-profile", "dev", "--store", "sealed"],
            "there is no use for a password\n  cause: these settings make profile \"page\" one of kind \"role\"\n".to_owned(),
        ),
        (
            &["new", "--saml-endpoint", PAGE, "--saml-process", "x"],
            "an assertion comes from one source\n  cause: both saml_endpoint and saml_process are given\n".to_owned(),
        ),
        (
            &["new", "--saml-endpoint", "http://adfs.example.com/"],
            "cannot set \"saml_endpoint\"\n  cause: it is no page with https://, or has a name or password in it\n".to_owned(),
        ),
        (
            &["page", "saml_authentication=kerberos"],
            "cannot set \"saml_authentication\"\n  cause: there are form, basic, ntlm and negotiate\n".to_owned(),
        ),
    ] {
        shelf.files.set(words.iter().copied()).code(2).stderr(format!("keyfob: {error}")).run();
    }
    shelf.files.have(&config, "");
}
