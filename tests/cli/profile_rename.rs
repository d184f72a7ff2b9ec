//! `keyfob profile rename`: a profile gets another name.

use super::keyfob::Invocation;
use super::profile_set::{Files, KEYS, ROLE_ARN};

fn rename<'a>(files: &Files, words: impl IntoIterator<Item = &'a str>) -> Invocation {
    files.profile(["rename"].into_iter().chain(words))
}

fn renamed(files: &Files, places: &[&str]) -> String {
    format!("Profile \"dev\" is \"new\" now, in {}.\n", files.places(places))
}

#[test]
fn only_the_name_changes_in_both_files() {
    let files = Files::new("# h\n[ profile  dev ] ; c\nregion=a\r\n\n[profile x]\n", &format!("[dev]\n{KEYS}"));
    rename(&files, ["dev", "new"]).stdout(renamed(&files, &["credentials", "config"])).run();
    files.have("# h\n[ profile  new ] ; c\nregion=a\r\n\n[profile x]\n", &format!("[new]\n{KEYS}"));
}

#[test]
fn lines_that_lead_to_it_from_itself_follow() {
    let config = format!(
        "[profile dev]\nrole_arn = {ROLE_ARN}\nsource_profile = dev\nkeyfob_sync = corp\n\
         credential_process = /x/keyfob process --profile dev\n"
    );
    let files = Files::new(&config, "");
    rename(&files, ["dev", "new"]).stdout(renamed(&files, &["config"])).run();
    let new = files.home.read(".aws/config");
    let role = format!("[profile new]\nrole_arn = {ROLE_ARN}\nsource_profile = new\ncredential_process = ");
    let line = new.strip_prefix(&role).expect("the line comes last");
    assert!(line.ends_with("keyfob process --profile new\n"), "{new}");
}

#[test]
fn others_that_lead_to_it_are_told_or_follow() {
    let config = |name: &str| {
        format!("[profile a]\nsource_profile = {name} # c\n[profile {name}]\n[profile b]\nsource_profile = x\n")
    };
    let credentials = |name: &str| format!("[c]\nsource_profile={name}");
    let files = Files::new(&config("dev"), &credentials("dev"));
    let warning = "keyfob: these lead to \"dev\" and no more to any profile: a, c; to change them, too: `keyfob profile rename new dev`, and then `keyfob profile rename dev new --update-references`\n";
    rename(&files, ["dev", "new"]).stdout(renamed(&files, &["config"])).stderr(warning).run();
    files.have(&config("dev").replace("[profile dev]", "[profile new]"), &credentials("dev"));

    let files = Files::new(&config("dev"), &credentials("dev"));
    rename(&files, ["dev", "new", "--update-references"]).stdout(renamed(&files, &["credentials", "config"])).run();
    files.have(
        "[profile a]\n# c\nsource_profile = new\n[profile new]\n[profile b]\nsource_profile = x\n",
        "[c]\nsource_profile = new",
    );
}

#[test]
fn another_profile_is_replaced_only_when_that_is_wanted() {
    let files = Files::new("[profile new]\nold = 1\n[profile dev]\nregion = a\n", &format!("[new]\n{KEYS}[x]\n"));
    let error = "keyfob: there is a profile \"new\" already\n  \
                 hint: choose another name, or replace that one with --force\n";
    rename(&files, ["dev", "new"]).code(1).stderr(error).run();
    rename(&files, ["dev", "new", "--force"]).stdout(renamed(&files, &["credentials", "config"])).run();
    files.have("[profile new]\nregion = a\n", "[x]\n");
}

#[test]
fn a_variable_that_still_names_it_is_told() {
    let files = Files::new("[default]\nregion = a\n", "");
    let run = files.profile(["rename", "default", "new"]).env("AWS_PROFILE", "default");
    run.any_stdout().stderr("keyfob: AWS_PROFILE names \"default\" in this shell\n").run();
    files.have("[profile new]\nregion = a\n", "");
}

#[test]
fn names_are_checked() {
    let files = Files::new("[profile dev]\n", "");
    rename(&files, ["gone", "new"]).code(4).any_stderr().run();
    rename(&files, ["dev", "dev"]).code(2).stderr("keyfob: both names are the same\n").run();
    rename(&files, ["dev", "a#b"]).code(2).any_stderr().run();
    files.have("[profile dev]\n", "");
}

#[test]
fn a_dry_run_changes_nothing() {
    let files = Files::new("[profile dev]\nregion = a\n", "");
    let path = files.path("config");
    let diff = format!("--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n-[profile dev]\n+[profile new]\n region = a\n");
    rename(&files, ["dev", "new", "--dry-run"]).stdout(diff).run();
    files.have("[profile dev]\nregion = a\n", "");
}

#[test]
#[cfg(unix)]
fn keys_in_a_store_get_the_other_name() {
    use super::profile_set::stores::{PRINTED, Shelf};
    let shelf = Shelf::filled("", "");
    rename(&shelf.files, ["dev", "new"]).stdout(renamed(&shelf.files, &["config"])).run();
    shelf.files.have(&format!("[profile new]\n{}", shelf.settings("new", "AKIAEXAMPLE")), "");
    assert_eq!((shelf.id_of("dev"), shelf.id_of("new").as_deref()), (None, Some("AKIAEXAMPLE")));
    shelf.process("new").stdout(PRINTED).run();
}

#[test]
#[cfg(unix)]
fn keys_of_another_profile_in_the_store_stay() {
    use super::profile_set::stores::Shelf;
    let shelf = Shelf::filled("", "");
    let config = shelf.files.home.read(".aws/config");
    let orphan = r#"{"aws_access_key_id":"AKIAOTHER","aws_secret_access_key":"MARKERsecret9"}"#;
    shelf.files.home.write("shelf/new", orphan);
    for word in ["rename", "copy"] {
        let run = shelf.files.profile([word, "dev", "new"]).code(1).any_stderr().run();
        assert!(run.stderr.contains("has the access key \"AKIAOTHER\" of that name already"), "{}", run.stderr);
        shelf.files.have(&config, "");
        assert_eq!(shelf.id_of("new").as_deref(), Some("AKIAOTHER"));
    }
}

#[test]
#[cfg(unix)]
fn a_passphrase_is_asked_for_once() {
    let files = Files::new("", "");
    files.home.write("ask.sh", "echo x >> \"$HOME/asked\"\necho MARKERpassphrase\n");
    let sealed = |run: Invocation| {
        let command = format!("sh {}", files.home.path().join("ask.sh").display());
        run.env("KEYFOB_PASSPHRASE_COMMAND", &command)
    };
    let set = files.profile(["set", "dev", "--access-key", "AKIAEXAMPLE", "--stdin", "--store", "sealed"]);
    sealed(set.stdin("MARKERsecret/long\n")).any_stdout().run();
    for words in [["copy", "dev", "two"], ["rename", "dev", "new"]] {
        files.home.write("asked", "");
        sealed(files.profile(words)).any_stdout().run();
        assert_eq!(files.home.read("asked"), "x\n", "{words:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_password_in_a_store_gets_the_other_name() {
    use super::profile_set::stores::{PASSWORD, Shelf};
    let shelf = Shelf::with_password();
    rename(&shelf.files, ["dev", "new"]).stdout(renamed(&shelf.files, &["config"])).run();
    shelf.files.have(&format!("[profile new]\n{}", shelf.saml("new")), "");
    assert_eq!((shelf.password_of("dev"), shelf.password_of("new").as_deref()), (None, Some(PASSWORD)));

    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    shelf.files.home.write("shelf/new", r#"{"saml_password":"MARKERother"}"#);
    let run = rename(&shelf.files, ["dev", "new"]).code(1).any_stderr().run();
    assert!(run.stderr.contains("has a password of that name already"), "{}", run.stderr);
    shelf.files.have(&config, "");
    assert_eq!(shelf.password_of("new").as_deref(), Some("MARKERother"));
}
