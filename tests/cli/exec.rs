//! `keyfob exec`: the command gets the keys, and is otherwise alone.

#![cfg(unix)]

use super::{
    fake::{Sts, assume_role},
    keyfob::{Home, Invocation},
};

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");
const ROLE: &str = "arn:aws:iam::123456789012:role/Demo";
const JANE: &str = "MARKERsecret/jane+XXXXXXXXXXXXXXXXXXXXXX";

/// The long-term keys of jane in profile `base`.
fn base() -> Home {
    Home::new()
        .credentials(&format!("[base]\naws_access_key_id = AKIAJANE000000000000\naws_secret_access_key = {JANE}\n"))
}

fn exec(home: &Home, arguments: &[&str]) -> Invocation {
    home.keyfob(["exec", "base", "--"].iter().chain(arguments).copied())
}

/// A run of a shell in which `$0` is keyfob.
fn shell(home: &Home, script: &str) -> Invocation {
    home.program("/bin/sh", ["-c", script, KEYFOB])
}

/// The command's variables, sorted, without those that every test has.
fn variables(invocation: Invocation) -> Vec<String> {
    let run = invocation.any_stdout().run();
    let everywhere = ["AWS_EC2_METADATA_DISABLED=", "HOME=", "PATH=", "AWS_ENDPOINT_URL_STS="];
    let mut lines: Vec<String> = run.stdout.lines().map(str::to_owned).collect();
    lines.retain(|line| !everywhere.iter().any(|name| line.starts_with(name)));
    lines.sort_unstable();
    lines
}

#[test]
fn long_term_keys_are_in_the_environment_of_the_command() {
    let expected = ["AWS_ACCESS_KEY_ID=AKIAJANE000000000000".to_owned(), format!("AWS_SECRET_ACCESS_KEY={JANE}")];
    assert_eq!(variables(exec(&base(), &["env"])), expected);
}

#[test]
fn temporary_keys_come_with_token_expiration_account_and_region() {
    let sts = Sts::start();
    let jane = sts.add_user("jane");
    sts.expect(assume_role(ROLE).signed_by(&jane).expiring("2099-01-02T03:04:05Z"));
    let home = base()
        .sts(&sts)
        .config(&format!("[profile demo]\nrole_arn = {ROLE}\nsource_profile = base\nregion = eu-west-1\n"));
    let expected = [
        "AWS_ACCESS_KEY_ID=ASIAISSUED0001000000",
        "AWS_ACCOUNT_ID=123456789012",
        "AWS_CREDENTIAL_EXPIRATION=2099-01-02T03:04:05Z",
        "AWS_DEFAULT_REGION=eu-west-1",
        "AWS_REGION=eu-west-1",
        "AWS_SECRET_ACCESS_KEY=MARKERsecret/issued0001+XXXXXXXXXXXXXXXX",
        "AWS_SESSION_TOKEN=MARKERsecret//token/issued0001+EXAMPLE==",
    ];
    assert_eq!(variables(home.keyfob(["exec", "demo", "--", "env"])), expected);
}

#[test]
fn what_would_lead_an_sdk_past_the_keys_is_removed() {
    let home = [
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_ACCOUNT_ID",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_CREDENTIAL_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ]
    .iter()
    .fold(base(), |home, name| home.env(name, "stale"));
    let home = home.env("AWS_ACCESS_KEY_ID", "stale").env("AWS_SECRET_ACCESS_KEY", "stale");
    let home = home.env("OTHER", "kept").env("AWS_REGION", "eu-west-1");
    let expected = [
        "AWS_ACCESS_KEY_ID=AKIAJANE000000000000".to_owned(),
        "AWS_DEFAULT_REGION=eu-west-1".to_owned(),
        "AWS_REGION=eu-west-1".to_owned(),
        format!("AWS_SECRET_ACCESS_KEY={JANE}"),
        "OTHER=kept".to_owned(),
    ];
    assert_eq!(variables(exec(&home, &["env"])), expected);
}

#[test]
fn variables_that_are_not_utf_8_stay_as_they_are() {
    let home = base();
    let script = r#"X="$(printf '\377\001a')" exec "$0" exec base -- sh -c 'printf %s "$X" | od -An -tx1 | tr -d " "'"#;
    shell(&home, script).stdout("ff0161\n").run();
}

#[test]
fn exit_code_is_that_of_the_command() {
    let home = base();
    for code in [0, 1, 3, 125, 255] {
        exec(&home, &["sh", "-c", &format!("exit {code}")]).code(code).run();
    }
}

#[test]
fn output_and_input_are_those_of_the_command() {
    let home = base();
    exec(&home, &["cat"]).stdin("line\nno newline").stdout("line\nno newline").run();
    exec(&home, &["sh", "-c", "echo out; echo err >&2"]).stdout("out\n").stderr("err\n").run();
}

#[test]
fn command_that_is_not_there_ends_with_127() {
    let home = base();
    for command in ["no-such-command", "/no/such/command", ""] {
        let stderr = format!("keyfob: cannot run \"{command}\"\n  cause: No such file or directory (os error 2)\n");
        exec(&home, &[command]).code(127).stderr(stderr).run();
    }
}

#[test]
fn command_that_cannot_be_executed_ends_with_126() {
    let home = base();
    home.write("plain", "no program\n");
    for command in ["./plain", "/"] {
        let stderr = format!("keyfob: cannot run \"{command}\"\n  cause: Permission denied (os error 13)\n");
        exec(&home, &[command]).code(126).stderr(stderr).run();
    }
}

#[test]
fn command_takes_the_place_of_keyfob() {
    let home = base();
    let keyfob = exec(&home, &["sh", "-c", "echo $$"]).any_stdout().spawn();
    let id = keyfob.id();
    assert_eq!(keyfob.wait().stdout, format!("{id}\n"));
}

#[test]
fn signal_that_ends_the_command_is_seen_by_the_shell() {
    let home = base();
    exec(&home, &["sh", "-c", "kill -TERM $$"]).code(143).run();
    for (signal, code) in [("TERM", 143), ("KILL", 137), ("INT", 130)] {
        let script = format!("\"$0\" exec base -- sh -c 'kill -{signal} $$'; echo $?");
        // Some shells say aloud what ended a child.
        shell(&home, &script).stdout(format!("{code}\n")).any_stderr().run();
    }
}

/// Rust programs ignore SIGPIPE; a child that inherited that would go on writing to nobody.
#[cfg(target_os = "linux")]
#[test]
fn signals_are_as_without_keyfob() {
    let home = base();
    let show = ["-E", "^Sig(Blk|Ign):", "/proc/self/status"];
    let alone = home.program("grep", show).any_stdout().run().stdout;
    let command = ["grep"].iter().chain(&show).copied().collect::<Vec<_>>();
    exec(&home, &command).stdout(alone).run();
}

#[test]
fn arguments_reach_the_command_untouched() {
    let home = base();
    let script = "for word; do printf '<%s>' \"$word\"; done";
    for arguments in [
        ["--x=y", "-p", "other", "--profile=z"].as_slice(),
        &["", " ", "", "a  b"],
        &["--", "-h", "--help", "--version", "-V"],
        &["é😀", "'", "\"", "\\", "$HOME", "*", "\n", "--region"],
    ] {
        let command = ["sh", "-c", script, "sh"].iter().chain(arguments).copied().collect::<Vec<_>>();
        let expected = format!("<{}>", arguments.join("><"));
        exec(&home, &command).stdout(&expected).run();
        // The separator may be left out.
        home.keyfob(["exec", "base"].iter().chain(&command).copied()).stdout(&expected).run();
        let named = ["exec", "--profile", "base"].iter().chain(&command).copied();
        home.keyfob(named).stdout(&expected).run();
    }
}

#[test]
fn arguments_need_not_be_utf_8() {
    let home = base();
    let bytes = "sh -c 'printf %s \"$1\" | od -An -tx1 | tr -d \" \"' sh \"$(printf 'a\\377\\376=b')\"";
    shell(&home, &format!("\"$0\" exec base -- {bytes}")).stdout("61fffe3d62\n").run();
    shell(&home, &format!("\"$0\" exec -p base {bytes}")).stdout("61fffe3d62\n").run();
    shell(&home, "\"$0\" exec \"$(printf 'a\\377')\" -- env")
        .code(2)
        .stderr("keyfob: an argument is not UTF-8\n")
        .run();
}

#[test]
fn profile_may_be_left_to_the_environment() {
    let home = base().config("[default]\naws_access_key_id = AKIADEFAULT000000000\naws_secret_access_key = x\n");
    let print_id = ["exec", "--", "sh", "-c", "echo \"$AWS_ACCESS_KEY_ID\""];
    home.keyfob(print_id).stdout("AKIADEFAULT000000000\n").run();
    home.keyfob(print_id).env("AWS_PROFILE", "base").stdout("AKIAJANE000000000000\n").run();
    home.keyfob(print_id)
        .env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00000")
        .env("AWS_SECRET_ACCESS_KEY", "x")
        .stdout("AKIAENVIRONMENT00000\n")
        .run();
}

#[test]
fn no_command_is_a_usage_error() {
    let home = base();
    for arguments in [["exec"].as_slice(), &["exec", "base"], &["exec", "base", "--"], &["exec", "--"]] {
        home.keyfob(arguments.iter().copied())
            .code(2)
            .stderr("keyfob: no command to run\n  hint: type it after --: `keyfob exec dev -- terraform plan`\n")
            .run();
    }
}

#[test]
fn command_does_not_run_without_credentials() {
    let home = base();
    let run = home.keyfob(["exec", "nosuch", "--", "touch", "ran"]).code(4).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: no profile \"nosuch\"\n"), "{}", run.stderr);
    assert!(!home.path().join("ran").exists());
}

#[test]
fn script_whose_interpreter_is_missing_ends_with_126() {
    use std::os::unix::fs::PermissionsExt;
    let home = base();
    let script = home.write("script", "#!/no/such/interpreter\n");
    std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o700)).expect("the script is ours");
    let stderr = "keyfob: cannot run \"./script\"\n  cause: No such file or directory (os error 2)\n";
    exec(&home, &["./script"]).code(126).stderr(stderr).run();
}
