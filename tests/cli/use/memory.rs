//! What `use` remembers, where `env` and `exec` set keys in between.

use super::*;

const CONFIG: &str = "[profile dev]\nregion = eu-west-1\n[profile plain]\noutput = json\n\
    [profile keys]\nregion = eu-west-3\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n\
    [profile nowhere]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

/// A shell with a region of the person's own.
fn shell() -> Home {
    Home::new().config(CONFIG).env("AWS_REGION", "ap-south-1")
}

/// Evaluates what a command prints.
fn eval(home: &mut Home, words: &[&str]) {
    let run = home.keyfob(words.iter().copied()).env("SHELL", "bash").any_stdout().any_stderr().run();
    for (name, value) in changes(&run.stdout) {
        match value {
            Some(value) => home.set_env(&name, &value),
            None => home.remove_env(&name),
        }
    }
}

/// The region, and which of it is remembered.
fn regions(home: &Home) -> String {
    let script = "echo \"${AWS_REGION-} ${AWS_DEFAULT_REGION-} ${KEYFOB_USED_REGION-} ${KEYFOB_OWN_REGION-}\"";
    home.program("/bin/sh", ["-c", script]).any_stdout().run().stdout.trim_end().to_owned()
}

const USE_DEV: &[&str] = &["use", "--shell", "bash", "dev"];
const USE_PLAIN: &[&str] = &["use", "--shell", "bash", "plain"];
const USE_NONE: &[&str] = &["use", "--shell", "bash", "--unset"];
const ENV_KEYS: &[&str] = &["env", "--shell", "bash", "keys"];
const ENV_NOWHERE: &[&str] = &["env", "--shell", "bash", "nowhere"];
const ENV_NONE: &[&str] = &["env", "--shell", "bash", "--unset"];

#[cfg(unix)]
#[test]
fn own_region_comes_back_after_keys() {
    let dev = "eu-west-1 eu-west-1 eu-west-1 ap-south-1";
    let keys = "eu-west-3 eu-west-3 eu-west-3 ap-south-1";
    let own = "ap-south-1";
    for steps in [
        &[(USE_DEV, dev), (ENV_KEYS, keys), (USE_PLAIN, own)][..],
        &[(USE_DEV, dev), (ENV_KEYS, keys), (ENV_NONE, own), (USE_NONE, own)],
        &[(USE_DEV, dev), (ENV_KEYS, keys), (USE_DEV, dev), (USE_NONE, own)],
        // Where a profile has none, it is the one that is there.
        &[(USE_DEV, dev), (ENV_NOWHERE, dev), (ENV_NONE, own)],
        // A profile that is in use keeps its region.
        &[(USE_DEV, dev), (ENV_NONE, dev), (USE_NONE, own)],
        // What `use` has not been at, it does not know.
        &[(ENV_KEYS, "eu-west-3 eu-west-3"), (ENV_NONE, "")],
    ] {
        let mut home = shell();
        for (words, expected) in steps {
            eval(&mut home, words);
            assert_eq!(regions(&home), *expected, "{words:?} of {steps:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn shell_that_exec_starts_knows_whose_region_it_has() {
    let mut home = shell();
    let script = "echo \"$AWS_REGION $KEYFOB_USED_REGION $KEYFOB_OWN_REGION\"";
    eval(&mut home, USE_DEV);
    home.keyfob(["exec", "keys", "--", "sh", "-c", script]).stdout("eu-west-3 eu-west-3 ap-south-1\n").run();
}

#[test]
fn formats_of_other_programs_tell_nothing_of_it() {
    let mut home = shell();
    eval(&mut home, USE_DEV);
    for format in ["json", "dotenv", "docker"] {
        for words in [&["env", "keys", "--format", format][..], &["env", "--unset", "--format", "json"]] {
            let run = home.keyfob(words.iter().copied()).any_stdout().run();
            assert!(run.stdout.contains("AWS_REGION") && !run.stdout.contains("KEYFOB"), "{}", run.stdout);
        }
    }
}
