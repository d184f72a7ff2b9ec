//! `exec:COMMAND`: what the program is told, and what becomes of what it says.

use super::*;
use std::time::Duration;

/// A vault whose program is this script.
fn with_script(script: &str) -> Vault {
    let vault = Vault::with_helper();
    vault.home.write("helper", script);
    vault
}

/// How getting the keys ends with a program that is this script.
#[track_caller]
fn ends(script: &str, code: i32, why: &str) {
    let vault = with_script(script);
    let told = format!("keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"exec:sh\" {why}\n");
    vault.process().code(code).stderr(told).run();
}

#[test]
fn program_is_told_on_its_standard_input() {
    let vault = with_script("printf '%s %s: ' \"$#\" \"$1\" >>$HOME/told; cat >>$HOME/told");
    vault.process().code(1).any_stderr().run();
    assert_eq!(vault.home.read("told"), "1 get: {\"version\":1,\"profile\":\"dev\"}\n");
}

#[test]
fn keys_come_from_the_program_with_every_question() {
    let vault = Vault::with_helper();
    assert_eq!(vault.asked(), "get store get");
    vault.process().stdout(vault.document()).run();
    vault.process().stdout(vault.document()).run();
    assert_eq!(vault.asked(), "get get");
    let Keys { access_key_id, secret_access_key, .. } = &vault.jane;
    let kept = format!(
        "{{\"version\":1,\"profile\":\"dev\",\"aws_access_key_id\":\"{access_key_id}\",\
         \"aws_secret_access_key\":\"{secret_access_key}\"}}\n"
    );
    assert_eq!(vault.home.read("kept/dev"), kept);
}

#[test]
fn account_is_that_of_the_profile() {
    let vault = Vault::with_helper();
    vault.home.write(".aws/config", vault.noted(&vault.exec()) + "aws_account_id = 123456789012\n");
    vault.process().stdout(vault.jane.document(Some("123456789012"))).run();
}

#[test]
fn line_for_a_shell_is_run_by_one() {
    let vault = Vault::with_helper();
    let store = "exec:KEEPER=$HOME/helper; sh \"$KEEPER\"";
    vault.home.write(".aws/config", vault.noted(store));
    vault.process().stdout(vault.document()).run();
}

#[test]
fn program_that_has_nothing_ends_in_the_command_that_stores() {
    let vault = with_script("cat >/dev/null");
    let told = "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"exec:sh\" has none for it\n  hint: put \
                them there: `keyfob profile set dev --access-key AKIAJANE000000000000`\n";
    vault.process().code(1).stderr(told).run();
}

#[test]
fn keys_with_another_id_are_refused() {
    let vault = Vault::with_helper();
    let other = Keys::of("joe");
    let kept = vault.home.read("kept/dev").replace(&vault.jane.access_key_id, &other.access_key_id);
    vault.home.write("kept/dev", kept);
    let told = "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"exec:sh\" has the access key \
                \"AKIAJOE0000000000000\" for it, and the profile names \"AKIAJANE000000000000\"\n  hint: put them there: \
                `keyfob profile set dev --access-key AKIAJANE000000000000`\n";
    vault.process().code(1).stderr(told).run();
}

#[test]
fn program_that_is_missing() {
    let vault = Vault::with_helper();
    vault.home.write(".aws/config", vault.noted("exec:no-such-keeper --vault x"));
    let told = "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"exec:no-such-keeper\" is not there: \
                cannot run \"no-such-keeper\": No such file or directory (os error 2)\n  hint: install the program, or name \
                it with its whole path\n";
    vault.process().code(1).stderr(told).run();
    vault.home.write(".aws/config", vault.noted("exec:no-such-keeper 2>/dev/null"));
    let run = vault.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("the store \"exec:no-such-keeper\" is not there"), "{}", run.stderr);
}

#[test]
fn program_that_is_locked_or_refuses_or_fails() {
    ends(
        "echo 'the vault is closed' >&2; exit 3",
        3,
        "is locked: \"sh\", told to get, ended with exit status: 3: the vault is closed\n  hint: unlock it, and try again",
    );
    ends(
        "echo 'no finger' >&2; exit 4",
        1,
        "refused: \"sh\", told to get, ended with exit status: 4: no finger\n  hint: try again, and allow keyfob what it \
         asks for",
    );
    ends("exit 9", 1, "failed: \"sh\", told to get, ended with exit status: 9 and said nothing");
}

#[test]
fn output_that_is_no_keys_is_not_shown() {
    let unreadable = "failed: what it printed for `get` cannot be read";
    ends(&format!("echo '{MARKER}'"), 1, &format!("{unreadable} (line 1, column 1)"));
    let neither = "failed: what it printed for `get` cannot be used: it is neither a pair of keys nor a password";
    ends(&format!("echo '{{\"aws_secret_access_key\":\"{MARKER}\"}}'"), 1, neither);
    let both = format!("{{\"saml_password\":\"{MARKER}\",\"aws_access_key_id\":\"AKIA\"}}");
    ends(&format!("echo '{both}'"), 1, neither);
    ends(
        &format!("echo '{{\"aws_access_key_id\":\"\",\"aws_secret_access_key\":\"{MARKER}\"}}'"),
        1,
        "failed: what it printed for `get` cannot be used: a key is empty",
    );
    ends("yes", 1, "failed: \"sh\" printed more than 64 KiB");
}

#[test]
fn program_that_asks_for_the_very_profile_does_not_run_for_ever() {
    let script = format!("{} process dev", env!("CARGO_BIN_EXE_keyfob"));
    let vault = with_script(&script);
    let run = vault.process().timeout(Duration::from_secs(20)).code(1).any_stderr().run();
    assert!(run.stderr.contains("leads back to itself"), "{}", run.stderr);
}

#[test]
fn program_that_does_not_read_is_no_failure() {
    let vault = Vault::with_helper();
    let keys = vault.home.read("kept/dev");
    vault.home.write("helper", format!("echo '{}'", keys.trim_end()));
    vault.process().stdout(vault.document()).run();
}

#[test]
fn password_of_that_name_is_no_key() {
    let script = format!("echo '{{\"saml_password\":\"{MARKER}\"}}'");
    ends(&script, 1, "failed: it has a password of that name, and no keys");
}

#[test]
fn session_of_the_program_is_refused() {
    let vault = Vault::with_helper();
    let token = format!("{MARKER}-token");
    let keys = vault.home.read("kept/dev").replace("\"}", &format!("\",\"aws_session_token\":\"{token}\"}}"));
    vault.home.write("kept/dev", keys);
    let told = "keyfob: cannot get the keys of profile \"dev\"\n  cause: the store \"exec:sh\" has temporary keys for it, which \
                end by themselves; stores are for keys that last\n  hint: put them there: `keyfob profile set dev \
                --access-key ID`\n";
    vault.process().code(1).stderr(told).run();
    let run = vault.keyfob(["store", "move", "dev", "--to", "sealed"]).code(1).any_stderr().run();
    assert!(run.stderr.contains("stores are for keys that last"), "{}", run.stderr);
}

#[test]
fn program_that_repeats_what_it_was_told_is_not_quoted() {
    let vault = Vault::new();
    vault.home.write("helper", "[ $1 = get ] && exit 0; cat >&2; exit 1");
    let run = vault.keyfob(["store", "move", "dev", "--to", &vault.exec()]).code(1).any_stderr().run();
    assert!(run.stderr.contains("\"aws_secret_access_key\":\"***\""), "{}", run.stderr);
}
