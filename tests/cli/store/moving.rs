//! `keyfob store move`: the keys are whole in one place at every moment, and in the end in one place alone.

#[cfg(target_os = "linux")]
use super::super::{
    faults::{self, Fault},
    keyfob::Run,
};
use super::*;

fn moves(vault: &Vault, to: &str) -> Invocation {
    vault.keyfob(["store", "move", "dev", "--to", to])
}

#[test]
fn into_a_store_and_back_to_either_file() {
    let vault = Vault::new();
    let (config, credentials) = (vault.path(".aws/config"), vault.path(".aws/credentials"));
    let told = format!(
        "Moved the keys of profile \"dev\" from the credentials file to the store \"sealed\"; changed \"{config}\" and \
         \"{credentials}\".\n"
    );
    moves(&vault, "sealed").stdout(told).run();
    assert_eq!(vault.home.read(".aws/config"), vault.noted("sealed"));
    assert_eq!(vault.home.read(".aws/credentials"), "[dev]\n");
    vault.process().stdout(vault.document()).run();

    let told = format!(
        "Moved the keys of profile \"dev\" from the store \"sealed\" to the config file; changed \"{config}\".\n"
    );
    moves(&vault, "config").stdout(told).run();
    assert_eq!(vault.home.read(".aws/config"), vault.jane.section("profile dev"));
    vault.process().stdout(vault.document()).run();

    let told = format!(
        "Moved the keys of profile \"dev\" from the config file to the credentials file; changed \"{credentials}\" and \
         \"{config}\".\n"
    );
    moves(&vault, "credentials").stdout(told).run();
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    assert_eq!(vault.home.read(".aws/config"), "[profile dev]\n");
    vault.keyfob(["store", "list"]).stdout("credentials  dev\n").run();
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_keyring_the_usual_store_is_the_sealed_file() {
    let vault = Vault::new();
    let run = vault.keyfob(["store", "move", "dev"]).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    run.any_stdout().run();
    assert_eq!(vault.home.read(".aws/config"), vault.noted("sealed"));
}

#[test]
fn from_store_to_store() {
    let vault = Vault::with_helper();
    let config = vault.path(".aws/config");
    let told = format!(
        "Moved the keys of profile \"dev\" from the store \"exec:sh\" to the store \"sealed\"; changed \"{config}\".\n"
    );
    vault.asked();
    moves(&vault, "sealed").stdout(told).run();
    assert_eq!(vault.asked(), "get get erase");
    assert_eq!(vault.home.read(".aws/config"), vault.noted("sealed"));
    vault.process().stdout(vault.document()).run();
}

#[test]
fn other_lines_and_comments_stay() {
    let vault = Vault::new();
    vault.home.write(".aws/config", "# mine\n[profile dev]\nregion = eu-west-1 # near\n\n[profile x]\noutput = json\n");
    moves(&vault, "sealed").any_stdout().run();
    let lines = vault.noted("sealed").replace("[profile dev]\n", "[profile dev]\nregion = eu-west-1 # near\n");
    assert_eq!(vault.home.read(".aws/config"), format!("# mine\n{lines}\n[profile x]\noutput = json\n"));
}

#[test]
fn keys_that_are_there_already_stay_there() {
    let vault = Vault::sealed();
    let told = "The keys of profile \"dev\" are in the store \"sealed\" already.\n";
    moves(&vault, "sealed").stdout(told).run();
    let vault = Vault::new();
    let told = "The keys of profile \"dev\" are in the credentials file already.\n";
    moves(&vault, "credentials").stdout(told).run();
}

#[test]
fn dry_run_shows_what_would_change_and_opens_nothing() {
    let vault = Vault::new();
    let run = vault.home.keyfob(["store", "move", "dev", "--to", "sealed", "--dry-run"]);
    let told = "The keys of profile \"dev\" would move from the credentials file to the store \"sealed\".\n";
    let run = run.stderr(told).any_stdout().run();
    assert!(run.stdout.contains("-aws_secret_access_key = ***\n"), "{}", run.stdout);
    assert!(run.stdout.contains("+keyfob_store = sealed\n"), "{}", run.stdout);
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    assert!(!vault.sealed_file().exists());

    let vault = Vault::sealed();
    let run = vault.home.keyfob(["store", "move", "dev", "--to", "config", "--dry-run"]);
    let told = "The keys of profile \"dev\" would move from the store \"sealed\" to the config file.\n";
    let run = run.stderr(told).any_stdout().run();
    assert!(run.stdout.contains("+aws_secret_access_key = ***\n"), "{}", run.stdout);
    assert_eq!(vault.home.read(".aws/config"), vault.noted("sealed"));
}

#[test]
fn temporary_keys_are_refused_by_stores() {
    let vault = Vault::new();
    vault.home.write(".aws/credentials", vault.jane.section("dev") + &format!("aws_session_token = {MARKER}\n"));
    let told = "keyfob: cannot move the keys of profile \"dev\"\n  cause: they are temporary, and end by themselves; stores \
                are for keys that last\n  hint: leave them where they are, or remove them with the profile: `keyfob profile \
                remove`\n";
    moves(&vault, "sealed").code(1).stderr(told).run();
    moves(&vault, "config").any_stdout().run();
    let section = vault.jane.section("profile dev") + &format!("aws_session_token = {MARKER}\n");
    assert_eq!(vault.home.read(".aws/config"), section);
}

#[test]
fn what_cannot_be_moved_is_told() {
    let vault = Vault::new();
    vault.home.write(".aws/config", "[profile bare]\nregion = us-east-1\n[profile half]\naws_access_key_id = AKIA\n");
    let refused = |words: &[&str], code: i32, told: &str| {
        let run = vault.keyfob(["store", "move"].into_iter().chain(words.iter().copied()));
        run.code(code).stderr(format!("keyfob: {told}\n")).run();
    };
    let none = |name: &str| {
        format!(
            "cannot move the keys of profile \"{name}\"\n  cause: it has none\n  hint: `keyfob profile set {name} \
             --access-key ID --store STORE` stores some"
        )
    };
    refused(&["bare", "--to", "sealed"], 1, &none("bare"));
    refused(&["half", "--to", "sealed"], 1, &none("half"));
    let (config, credentials) = (vault.path(".aws/config"), vault.path(".aws/credentials"));
    let missing = format!(
        "no profile \"x\"\n  cause: neither \"{config}\" nor \"{credentials}\" has it\n  hint: the profiles there: bare, \
         half, dev"
    );
    refused(&["x", "--to", "sealed"], 4, &missing);
    let stores = "--to names no store\n  hint: there are credentials, config, auto, secret-service, keychain, sdk, sealed and \
                  exec:COMMAND";
    refused(&["dev", "--to", "vault"], 2, stores);
    refused(&["dev", "--to", "exec:"], 2, stores);
}

#[test]
fn keys_that_something_else_hides_stay_where_they_are() {
    let vault = Vault::new();
    let role = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Demo\nsource_profile = dev\n";
    vault.home.write(".aws/config", role);
    let told = "keyfob: cannot move the keys of profile \"dev\"\n  cause: they are not what its credentials come from; its \
                type is role\n  hint: keep keys in a profile of their own, which this one may name as its source_profile\n";
    moves(&vault, "sealed").code(1).stderr(told).run();
    assert_eq!(vault.home.read(".aws/config"), role);
}

#[test]
fn keys_that_only_keyfob_reads_leave_the_files_too() {
    let vault = Vault::new();
    let own = vault.jane.section("profile dev").replace("aws_", "keyfob_aws_");
    vault.home.write(".aws/credentials", "");
    vault.home.write(".aws/config", own);
    moves(&vault, "sealed").any_stdout().run();
    assert!(!vault.home.read(".aws/config").contains(MARKER));
    vault.process().stdout(vault.document()).run();
}

/// The old place is whole, and the store has nothing.
#[track_caller]
fn fails(vault: &Vault, to: &str, why: &str) {
    let run = moves(vault, to).code(1).any_stderr().run();
    assert!(run.stderr.contains(why), "no {why:?} in\n{}", run.stderr);
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    assert!(!vault.home.path().join(".aws/config").is_file());
    assert!(!vault.home.path().join("kept/dev").exists());
}

#[test]
fn store_that_does_not_keep_what_it_is_given_changes_nothing() {
    let vault = Vault::new();
    vault.home.write("helper", "cat >/dev/null");
    fails(&vault, &vault.exec(), "does not give back what it was given");
    let other =
        HELPER.replace("store) printf '%s\\n' \"$line\"", "store) printf '%s\\n' \"$line\" | sed s/MARKER/other/");
    assert_ne!(other, HELPER);
    vault.home.write("helper", other);
    fails(&vault, &vault.exec(), "does not give back what it was given");
    vault.home.write("helper", HELPER.replace("store) printf", "store) exit 3; printf"));
    let run = moves(&vault, &vault.exec()).code(3).any_stderr().run();
    assert!(run.stderr.contains("is locked"), "{}", run.stderr);
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
}

#[test]
fn files_that_cannot_be_written_leave_the_store_as_it_was() {
    let vault = Vault::new();
    std::fs::create_dir(vault.home.path().join(".aws/config")).expect("the home is ours");
    fails(&vault, &vault.exec(), "cannot write");
    assert_eq!(vault.asked(), "");
}

#[test]
fn store_that_does_not_forget_is_told_of() {
    let vault = Vault::with_helper();
    vault.home.write("helper", HELPER.replace("erase) rm", "erase) echo no >&2; exit 4; rm"));
    let run = moves(&vault, "credentials").code(1).any_stdout().any_stderr().run();
    assert!(run.stdout.starts_with("Moved the keys of profile \"dev\""), "{}", run.stdout);
    let told = "keyfob: the keys of profile \"dev\" are in the credentials file, and in the store \"exec:sh\" still\n";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    vault.process().stdout(vault.document()).run();
}

#[test]
fn one_store_under_two_names_keeps_the_keys() {
    let vault = Vault::with_helper();
    let other = format!("exec:sh {}/./helper", vault.home.path().display());
    moves(&vault, &other).any_stdout().run();
    vault.process().stdout(vault.document()).run();
    assert_eq!(vault.home.read(".aws/config"), vault.noted(&other));
}

#[test]
fn another_id_in_the_store_is_not_moved() {
    let vault = Vault::with_helper();
    let kept = vault.home.read("kept/dev").replace("AKIAJANE", "AKIAJOHN");
    vault.home.write("kept/dev", &kept);
    let told = "keyfob: cannot move the keys of profile \"dev\"\n  cause: the store \"exec:sh\" has the access key \
                \"AKIAJOHN000000000000\" for it, and the profile names \"AKIAJANE000000000000\"\n";
    moves(&vault, "credentials").code(1).stderr(told).run();
    assert_eq!(vault.home.read("kept/dev"), kept);
}

#[test]
fn way_that_was_cut_short_between_the_files_is_ended_by_the_same_command() {
    let vault = Vault::with_helper();
    let config = vault.home.read(".aws/config");
    vault.home.write(".aws/credentials", vault.jane.section("dev"));
    let run =
        vault.keyfob(["store", "move", "dev", "--to", &vault.exec(), "--dry-run"]).any_stdout().any_stderr().run();
    assert!(run.stdout.contains("-aws_secret_access_key = ***\n"), "{}", run.stdout);
    let told = format!(
        "The keys of profile \"dev\" are in the store \"exec:sh\" alone now; changed \"{}\".\n",
        vault.path(".aws/credentials")
    );
    moves(&vault, &vault.exec()).stdout(told).run();
    assert_eq!(vault.home.read(".aws/credentials"), "[dev]\n");
    assert_eq!(vault.home.read(".aws/config"), config);
    vault.process().stdout(vault.document()).run();
}

#[test]
fn copy_of_other_keys_is_not_lost() {
    let joe = Keys::of("joe").section("dev");
    let other = vault_with_two(&joe);
    other.move_to_fails("aws_access_key_id in the config file is that of other keys than those that count");
    let vault = Vault::with_helper();
    vault.home.write(".aws/credentials", &joe);
    vault.move_to_fails("aws_access_key_id in the credentials file is that of other keys than those that count");
    assert_eq!(vault.home.read(".aws/credentials"), joe);
}

/// Jane's keys in the credentials file, and these in the config file.
fn vault_with_two(keys: &str) -> Vault {
    let vault = Vault::new();
    vault.home.write(".aws/config", keys.replace("[dev]", "[profile dev]"));
    vault
}

impl Vault {
    #[track_caller]
    fn move_to_fails(&self, why: &str) {
        for to in [&self.exec(), "sealed", "config", "credentials"] {
            let already = to == "credentials" && self.home.read(".aws/credentials") == self.jane.section("dev");
            if !already {
                let run = moves(self, to).code(1).any_stderr().run();
                assert!(run.stderr.contains(why), "{to}: no {why:?} in\n{}", run.stderr);
            }
        }
    }
}

#[test]
fn profile_in_other_files_is_refused_by_stores() {
    let vault = Vault::new();
    vault.home.write("other/credentials", vault.jane.section("dev"));
    let moves = |location: &str| {
        let words = ["store", "move", "dev", "--to", &vault.exec(), "--profile-location", location].map(str::to_owned);
        vault.home.keyfob(words)
    };
    let told = "keyfob: cannot keep the keys of profile \"dev\" in a store\n  cause: the credential_process line, by which \
                programs come to a store, cannot say --profile-location\n  hint: name the files with AWS_CONFIG_FILE and \
                AWS_SHARED_CREDENTIALS_FILE instead, here and wherever the profile is used\n";
    moves("other/credentials").code(1).stderr(told).run();
    assert_eq!(vault.home.read("other/credentials"), vault.jane.section("dev"));
    assert_eq!(vault.asked(), "");
    vault.home.write(".aws/config", "");
    moves("~/.aws/credentials").any_stdout().run();
    assert_eq!(vault.home.read(".aws/config"), vault.noted(&vault.exec()));
}

/// A move that meets a full disk as it puts a file of this number in its place.
#[cfg(target_os = "linux")]
fn moves_on_a_full_disk(vault: &Vault, to: &str, number: usize) -> Run {
    let fault = Fault::Error("ENOSPC");
    let run = faults::keyfob(&vault.home, &["store", "move", "dev", "--to", to], fault, faults::RENAME, number);
    run.code(1).any_stdout().any_stderr().run()
}

#[test]
#[cfg(target_os = "linux")]
fn store_has_what_it_had_when_no_file_could_be_written() {
    if !faults::can_be_injected() {
        return;
    }
    let vault = Vault::new();
    moves_on_a_full_disk(&vault, &vault.exec(), 1);
    assert_eq!(vault.asked(), "get store get erase");
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    assert!(!vault.home.path().join("kept/dev").exists());
    let old = vault.home.write("kept/dev", "").with_file_name("dev");
    let kept = format!(
        "{{\"version\":1,\"profile\":\"dev\",\"aws_access_key_id\":\"{}\",\"aws_secret_access_key\":\"{MARKER}/old\"}}\n",
        vault.jane.access_key_id
    );
    std::fs::write(old, &kept).expect("it is ours");
    moves_on_a_full_disk(&vault, &vault.exec(), 1);
    assert_eq!(vault.home.read("kept/dev"), kept);
}

#[test]
#[cfg(target_os = "linux")]
fn disk_that_is_full_after_the_first_file_leaves_the_keys_in_the_store_and_a_way_on() {
    if !faults::can_be_injected() {
        return;
    }
    let vault = Vault::new();
    moves_on_a_full_disk(&vault, &vault.exec(), 2);
    assert_eq!(vault.home.read(".aws/config"), vault.noted(&vault.exec()));
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
    vault.process().stdout(vault.document()).run();
    moves(&vault, &vault.exec()).any_stdout().run();
    assert_eq!(vault.home.read(".aws/credentials"), "[dev]\n");
    vault.process().stdout(vault.document()).run();
}

#[test]
#[cfg(target_os = "linux")]
fn disk_that_is_full_on_the_way_back_leaves_the_keys_in_the_store() {
    if !faults::can_be_injected() {
        return;
    }
    let vault = Vault::with_helper();
    for (to, number) in [("credentials", 1), ("config", 1), ("credentials", 2)] {
        vault.asked();
        moves_on_a_full_disk(&vault, to, number);
        assert!(!vault.asked().contains("erase"), "{to}, {number}");
        assert_eq!(vault.home.read(".aws/config"), vault.noted(&vault.exec()), "{to}, {number}");
        vault.process().stdout(vault.document()).run();
    }
    moves(&vault, "credentials").any_stdout().run();
    assert_eq!(vault.home.read(".aws/credentials"), vault.jane.section("dev"));
}
