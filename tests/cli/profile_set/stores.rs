//! Keys in a store: here a program of a few lines that keeps them in files.

use super::super::faults::{self, Fault};
use super::*;

/// A store in the folder `shelf` of the home.
const PROGRAM: &str = r#"#!/bin/sh
read -r asked
name=$(printf '%s' "$asked" | sed 's/.*"profile":"\([^"]*\)".*/\1/')
file="$HOME/shelf/$name"
[ -e "$HOME/shelf/locked" ] && { echo 'turn the key first' >&2; exit 3; }
case $1 in
get) [ ! -e "$file" ] || cat "$file" ;;
store) if [ -e "$HOME/shelf/full" ]; then echo '{}' > "$file"; else printf '%s\n' "$asked" > "$file"; fi ;;
erase) rm -f "$file" ;;
esac
"#;

/// Both files, and a store.
pub(crate) struct Shelf {
    pub(crate) files: Files,
    /// As `--store` and `keyfob_store` have it.
    pub(crate) name: String,
}

impl Shelf {
    pub(crate) fn new(config: &str, credentials: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let files = Files::new(config, credentials);
        let program = files.home.write("shelf.sh", PROGRAM);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("the file is ours");
        fs::create_dir(files.home.path().join("shelf")).expect("the home is ours");
        let name = format!("exec:{}", program.display());
        Self { files, name }
    }

    /// With keys of profile `dev` in the store.
    pub(crate) fn filled(config: &str, credentials: &str) -> Self {
        let shelf = Self::new(config, credentials);
        shelf.put("AKIAEXAMPLE").any_stdout().any_stderr().run();
        shelf
    }

    pub(crate) fn put<'a>(&'a self, id: &'a str) -> Invocation {
        self.files.set(["dev", "--access-key", id, "--stdin", "--store", &self.name]).stdin("MARKERsecret/long\n")
    }

    /// The access key id that is kept for a profile.
    pub(crate) fn id_of(&self, profile: &str) -> Option<String> {
        let text = fs::read_to_string(self.files.home.path().join("shelf").join(profile)).ok()?;
        let kept: serde_json::Value = serde_json::from_str(&text).expect("keyfob speaks JSON");
        kept["aws_access_key_id"].as_str().map(str::to_owned)
    }

    /// With the password of profile `dev` in the store.
    pub(crate) fn with_password() -> Self {
        let shelf = Self::new("", "");
        shelf.put_password(&JANE).any_stdout().run();
        shelf
    }

    pub(crate) fn put_password<'a>(&'a self, words: &[&'a str]) -> Invocation {
        let store = ["dev", "--store", &self.name, "--stdin"];
        self.files.set(store.into_iter().chain(words.iter().copied())).stdin(format!("{PASSWORD}\n"))
    }

    /// The password that is kept for a profile.
    pub(crate) fn password_of(&self, profile: &str) -> Option<String> {
        let text = fs::read_to_string(self.files.home.path().join("shelf").join(profile)).ok()?;
        let kept: serde_json::Value = serde_json::from_str(&text).expect("keyfob speaks JSON");
        kept["saml_password"].as_str().map(str::to_owned)
    }

    /// What the config file says of a profile with a password.
    #[track_caller]
    pub(crate) fn saml(&self, profile: &str) -> String {
        let line = self.line();
        assert!(line.ends_with(&format!("keyfob process --profile {profile}")), "{line}");
        format!("saml_endpoint = {PAGE}\nsaml_user = jane\nkeyfob_store = {}\n{line}\n", self.name)
    }

    pub(crate) fn set_switch(&self, name: &str) {
        self.files.home.write(&format!("shelf/{name}"), "");
    }

    /// The line of the bridge, by which other programs come to the keys.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        let config = self.files.home.read(".aws/config");
        let line = config.lines().find(|line| line.starts_with("credential_process = "));
        line.expect("there is a bridge").to_owned()
    }

    /// What the config file says of the keys of a profile.
    #[track_caller]
    pub(crate) fn settings(&self, profile: &str, id: &str) -> String {
        let line = self.line();
        assert!(line.ends_with(&format!("keyfob process --profile {profile}")), "{line}");
        format!("keyfob_store = {}\nkeyfob_aws_access_key_id = {id}\n{line}\n", self.name)
    }

    pub(crate) fn process(&self, profile: &str) -> Invocation {
        self.files.home.keyfob(["process", "--profile", profile])
    }
}

/// Its blanks are a part of it.
pub(crate) const PASSWORD: &str = " MARKERpass word ";
pub(crate) const PAGE: &str =
    "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";
/// Who signs in there.
pub(crate) const JANE: [&str; 4] = ["--saml-endpoint", PAGE, "--saml-user", "jane"];
pub(crate) const PRINTED: &str =
    "{\"Version\":1,\"AccessKeyId\":\"AKIAEXAMPLE\",\"SecretAccessKey\":\"MARKERsecret/long\"}\n";

#[test]
fn a_pair_goes_into_a_store_and_out_of_the_files() {
    let shelf = Shelf::new("[profile dev]\nregion = a\n", &format!("[dev]\n{KEYS}"));
    let told =
        shelf.files.is_in(&["config", "credentials"]) + &format!("Its keys are in the store \"{}\".\n", shelf.name);
    shelf.put("AKIAEXAMPLE").stdout(told).run();
    let settings = shelf.settings("dev", "AKIAEXAMPLE");
    shelf.files.have(&format!("[profile dev]\nregion = a\n{settings}"), "[dev]\n");
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
    shelf.process("dev").stdout(PRINTED).run();
}

#[test]
fn other_keys_go_where_the_ones_before_were() {
    let shelf = Shelf::filled("", "");
    let run = shelf.files.set(["dev", "--access-key", "AKIAOTHER", "--stdin"]).stdin("MARKERsecret/long\n");
    run.any_stdout().run();
    shelf.files.have(&format!("[profile dev]\n{}", shelf.settings("dev", "AKIAOTHER")), "");
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAOTHER"));
}

#[test]
fn keys_come_back_to_the_credentials_file_and_the_store_forgets_them() {
    let shelf = Shelf::filled("[profile dev]\nregion = a\n", "");
    let run = shelf.files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin", "--store", "credentials"]);
    run.stdin("MARKERsecret/long").any_stdout().run();
    shelf.files.have("[profile dev]\nregion = a\n", &format!("[dev]\n{KEYS}"));
    assert_eq!(shelf.id_of("dev"), None);
}

#[test]
fn parts_of_kept_keys_are_not_changed_by_themselves() {
    let shelf = Shelf::filled("", "");
    let config = shelf.files.home.read(".aws/config");
    let error = |key| {
        format!(
            "keyfob: cannot change \"{key}\" of profile \"dev\"\n  cause: {}:2: its keys are in a store\n  hint: store others \
             with `keyfob profile set dev --access-key ID`, or take these out with `keyfob store move dev --to \
             credentials`\n",
            shelf.files.path("config")
        )
    };
    shelf.files.set(["dev", "aws_access_key_id=AKIAOTHER"]).code(1).stderr(error("aws_access_key_id")).run();
    shelf.files.set(["dev", "keyfob_store=sealed"]).code(1).stderr(error("keyfob_store")).run();
    shelf.files.have(&config, "");
}

#[test]
fn other_credentials_take_the_keys_out_of_the_store() {
    let shelf = Shelf::filled("[profile dev]\nregion = a\n", "");
    let words = ["dev", "--role-arn", ROLE_ARN, "--credential-source", "Environment"];
    let told = |forgets| format!("The store \"{}\" {forgets} the access key \"AKIAEXAMPLE\".\n", shelf.name);
    let run = shelf.files.set(words.into_iter().chain(["--dry-run"]));
    run.any_stdout().stderr(told("would forget")).run();
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
    let run = shelf.files.set(words).any_stdout().any_stderr().run();
    assert!(run.stderr.ends_with(&told("has forgotten")), "{}", run.stderr);
    let role = format!("role_arn = {ROLE_ARN}\ncredential_source = Environment\n");
    shelf.files.have(&format!("[profile dev]\nregion = a\n{role}"), "");
    assert_eq!(shelf.id_of("dev"), None);
}

#[test]
fn a_store_that_fails_leaves_the_files_and_what_it_had() {
    let before = format!("[dev]\n{KEYS}");
    let shelf = Shelf::new("", &before);
    shelf.set_switch("full");
    let run = shelf.put("AKIAOTHER").code(1).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: cannot keep the keys of profile \"dev\" in a store\n"), "{}", run.stderr);
    shelf.files.have("", &before);
    assert_eq!(shelf.id_of("dev"), None);

    let shelf = Shelf::filled("", "");
    let config = shelf.files.home.read(".aws/config");
    shelf.set_switch("locked");
    let run = shelf.put("AKIAOTHER").code(3).any_stderr().run();
    assert!(run.stderr.contains("turn the key first"), "{}", run.stderr);
    shelf.files.have(&config, "");
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
}

#[test]
fn files_that_cannot_be_written_leave_the_store_as_it_was() {
    let shelf = Shelf::new("[profile dev]\nnonsense\n", "");
    shelf.put("AKIAOTHER").code(1).any_stderr().run();
    assert_eq!(shelf.id_of("dev"), None);
}

#[test]
fn a_role_on_the_keys_of_its_own_profile_leaves_them_in_the_store() {
    let shelf = Shelf::filled("[profile dev]\nregion = a\n", "");
    let settings = shelf.settings("dev", "AKIAEXAMPLE");
    shelf
        .files
        .set(["dev", "--role-arn", ROLE_ARN, "--source-profile", "dev"])
        .stdout(shelf.files.is_in(&["config"]))
        .run();
    // What other programs would look for in the files is for keyfob alone.
    let role = format!("keyfob_role_arn = {ROLE_ARN}\nkeyfob_source_profile = dev\n");
    shelf.files.have(&format!("[profile dev]\nregion = a\n{settings}{role}"), "");
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
    let run = shelf.files.home.keyfob(["explain", "dev"]).any_stdout().any_stderr().any_code().run();
    assert!(run.stdout.contains("AKIAEXAMPLE") && run.stdout.contains(ROLE_ARN), "{}", run.stdout);
}

#[test]
fn keys_of_a_profile_in_other_files_are_not_replaced() {
    let shelf = Shelf::filled("", "");
    let other = shelf.files.home.path().join("other");
    let there = |run: Invocation| {
        let file = |name: &str| other.join(name).display().to_string();
        run.env("AWS_CONFIG_FILE", &file("config")).env("AWS_SHARED_CREDENTIALS_FILE", &file("credentials"))
    };
    let run = there(shelf.put("AKIAOTHER")).code(1).any_stderr().run();
    let cause = format!(
        "keyfob: cannot keep the keys of profile \"dev\" in a store\n  cause: the store \"{}\" has the access key \
         \"AKIAEXAMPLE\" of that name already, which may be of a profile in other files\n",
        shelf.name
    );
    assert!(run.stderr.contains(&cause), "{}", run.stderr);
    assert!(!other.join("config").exists());
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
    // The hint leads on.
    let (store, id) = (format!("keyfob_store={}", shelf.name), "keyfob_aws_access_key_id=AKIAEXAMPLE");
    there(shelf.files.set(["dev", &store, id])).any_stdout().any_stderr().run();
    there(shelf.put("AKIAOTHER")).any_stdout().any_stderr().run();
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAOTHER"));
}

#[test]
fn keys_of_other_files_than_the_usual_go_into_no_store() {
    let shelf = Shelf::new("", "");
    let elsewhere = shelf.files.home.path().join("other/credentials").display().to_string();
    let words = ["dev", "--access-key", "AKIAEXAMPLE", "--store", &shelf.name, "--profile-location"];
    let error = "keyfob: cannot keep the keys of profile \"dev\" in a store\n  cause: the credential_process line, by which \
                 programs come to a store, cannot say --profile-location\n  hint: name the files with AWS_CONFIG_FILE and \
                 AWS_SHARED_CREDENTIALS_FILE instead, here and wherever the profile is used\n";
    shelf.files.set(words.into_iter().chain([&*elsewhere])).code(1).stderr(error).run();
    let usual = shelf.files.path("credentials");
    let run = shelf.files.set(words.into_iter().chain([&*usual, "--stdin"])).stdin("MARKERsecret/long\n");
    run.any_stdout().run();
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
}

#[test]
fn kept_keys_that_cannot_be_read_are_replaced() {
    let shelf = Shelf::filled("", "");
    shelf.files.home.write("shelf/dev", "nonsense");
    shelf.put("AKIAOTHER").any_stdout().run();
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAOTHER"));
}

#[test]
fn files_on_a_full_disk_leave_the_store_as_it_was() {
    if !faults::can_be_injected() {
        return;
    }
    let role = ["profile", "set", "dev", "--role-arn", ROLE_ARN, "--credential-source", "Environment"];
    for words in [&role[..], &["profile", "remove", "dev", "--yes"], &["profile", "rename", "dev", "other"]] {
        let shelf = Shelf::filled("", "");
        let config = shelf.files.home.read(".aws/config");
        let run = faults::keyfob(&shelf.files.home, words, Fault::Error("ENOSPC"), faults::RENAME, 1);
        run.code(1).any_stderr().run();
        shelf.files.have(&config, "");
        assert_eq!((shelf.id_of("dev").as_deref(), shelf.id_of("other")), (Some("AKIAEXAMPLE"), None), "{words:?}");
    }
}

#[test]
fn what_is_written_half_is_told() {
    if !faults::can_be_injected() {
        return;
    }
    let shelf = Shelf::new("", &format!("[dev]\n{KEYS}"));
    let words = ["profile", "set", "dev", "--access-key", "AKIAEXAMPLE", "--stdin", "--store", &shelf.name];
    let run = faults::keyfob(&shelf.files.home, &words, Fault::Error("ENOSPC"), faults::RENAME, 2);
    let run = run.stdin("MARKERsecret/long\n").code(1).any_stderr().run();
    let told = format!("\"{}\" has been changed already", shelf.files.path("config"));
    assert!(run.stderr.contains(&told), "{}", run.stderr);
}

#[test]
fn a_dry_run_opens_no_store() {
    let shelf = Shelf::new("", "");
    shelf.set_switch("locked");
    let run = shelf.files.set(["dev", "--access-key", "AKIAEXAMPLE", "--store", &shelf.name, "--dry-run"]);
    let run = run.any_stdout().run();
    assert!(run.stdout.contains("\n+keyfob_aws_access_key_id = AKIAEXAMPLE\n"), "{}", run.stdout);
    shelf.files.have("", "");
}
