//! `keyfob profile copy`: a second profile like the first.

use super::keyfob::Invocation;
use super::profile_set::{Files, KEYS, ROLE_ARN};

fn copy<'a>(files: &Files, words: impl IntoIterator<Item = &'a str>) -> Invocation {
    files.profile(["copy"].into_iter().chain(words))
}

fn copied(files: &Files, places: &[&str]) -> String {
    format!("Profile \"new\" is a copy of \"dev\", in {}.\n", files.places(places))
}

#[test]
fn what_counts_is_copied_and_secrets_go_to_the_credentials_file() {
    let config = format!("[profile dev]\n# c\nRegion = a # d\ns3 =\n  a = 1\n  B = 2\nx = 1\nx = 2\n{KEYS}");
    let credentials = "[dev]\nx=3";
    let files = Files::new(&config, credentials);
    copy(&files, ["dev", "new"]).stdout(copied(&files, &["credentials", "config"])).run();
    files.have(
        &format!("{config}[profile new]\nregion = a\nx = 3\ns3 =\n    a = 1\n    B = 2\n"),
        &format!("[dev]\nx=3\n[new]\n{KEYS}"),
    );
    let keys = |name| files.home.keyfob(["process", "--profile", name]).any_stdout().run().stdout;
    assert_eq!(keys("dev"), keys("new"));
}

#[test]
fn lines_that_are_about_the_profile_itself_are_about_the_copy() {
    let config = format!(
        "[profile dev]\nrole_arn = {ROLE_ARN}\nsource_profile = dev\nkeyfob_sync = corp\n\
         toolkit_artifact_guid = 131cd5e7-dff9-4eff-bbb5-88439b399313\nempty =\n\
         credential_process = /x/keyfob process --profile dev\n"
    );
    let files = Files::new(&config, "");
    let told = "Not copied: keyfob_sync, empty\n";
    copy(&files, ["dev", "new"]).stdout(copied(&files, &["config"])).stderr(told).run();
    let all = files.home.read(".aws/config");
    let new = all.strip_prefix(&config).expect("the first one stays");
    let lines: Vec<&str> = new.lines().collect();
    assert_eq!(lines[..3], ["[profile new]", &format!("role_arn = {ROLE_ARN}"), "source_profile = new"]);
    let guid = lines[3].strip_prefix("toolkit_artifact_guid = ").expect("the next line");
    assert_eq!(guid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert!(guid.split('-').nth(2).is_some_and(|part| part.starts_with('4')) && !config.contains(guid), "{guid}");
    assert!(
        lines[4].starts_with("credential_process = ") && lines[4].ends_with("keyfob process --profile new"),
        "{new}"
    );
    assert_eq!(lines.len(), 5);
}

#[test]
fn another_profile_is_replaced_only_when_that_is_wanted() {
    let files =
        Files::new("[profile dev]\nregion = a\n[profile new]\nold = 1\n[profile x]\n", &format!("[new]\n{KEYS}"));
    let error = "keyfob: there is a profile \"new\" already\n  \
                 hint: choose another name, or replace that one with --force\n";
    copy(&files, ["dev", "new"]).code(1).stderr(error).run();
    copy(&files, ["dev", "new", "--force"]).stdout(copied(&files, &["credentials", "config"])).run();
    files.have("[profile dev]\nregion = a\n[profile x]\n[profile new]\nregion = a\n", "");
}

#[test]
fn what_cannot_be_written_alike_is_refused_as_a_whole() {
    let config = "[profile dev]\nregion = a\nx = \"b\"\n";
    let files = Files::new(config, "");
    let error = format!(
        "keyfob: cannot copy \"x\" of profile \"dev\"\n  cause: {}:3: the value begins and ends with a quote, which some \
         tools take off\n  hint: mend that line, or take it away\n",
        files.path("config")
    );
    copy(&files, ["dev", "new"]).code(1).stderr(error).run();
    files.have(config, "");
}

#[test]
fn names_are_checked() {
    let files = Files::new("[profile dev]\n", "");
    let error = format!(
        "keyfob: no profile \"gone\"\n  cause: neither \"{}\" nor \"{}\" has it\n  hint: the profiles there: dev\n",
        files.path("config"),
        files.path("credentials")
    );
    copy(&files, ["gone", "new"]).code(4).stderr(error).run();
    copy(&files, ["dev", "dev"]).code(2).stderr("keyfob: both names are the same\n").run();
    let run = copy(&files, ["dev", "a]b"]).code(2).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: there can be no profile \"a]b\"\n"), "{}", run.stderr);
    let error = "keyfob: --profile has no meaning here\n  hint: both names follow the command\n";
    files.home.keyfob(["--profile", "x", "profile", "copy", "dev", "new"]).code(2).stderr(error).run();
    files.have("[profile dev]\n", "");
}

#[test]
fn a_dry_run_changes_nothing() {
    let files = Files::new("", &format!("[dev]\n{KEYS}"));
    let path = files.path("credentials");
    let diff = format!(
        "--- {path}\n+++ {path}\n@@ -1,3 +1,6 @@\n [dev]\n aws_access_key_id = AKIAEXAMPLE\n aws_secret_access_key = ***\n\
         +[new]\n+aws_access_key_id = AKIAEXAMPLE\n+aws_secret_access_key = ***\n"
    );
    copy(&files, ["dev", "new", "--dry-run"]).stdout(diff).run();
    files.have("", &format!("[dev]\n{KEYS}"));
}

#[test]
#[cfg(unix)]
fn keys_in_a_store_are_copied_there() {
    use super::profile_set::stores::{PRINTED, Shelf};
    let shelf = Shelf::filled("", "");
    copy(&shelf.files, ["dev", "new"]).stdout(copied(&shelf.files, &["config"])).run();
    assert_eq!([shelf.id_of("dev"), shelf.id_of("new")].map(|id| id.expect("a copy")), ["AKIAEXAMPLE", "AKIAEXAMPLE"]);
    shelf.process("new").stdout(PRINTED).run();
}

#[test]
#[cfg(unix)]
fn a_password_in_a_store_is_copied_there() {
    use super::profile_set::stores::{PASSWORD, Shelf};
    let shelf = Shelf::with_password();
    copy(&shelf.files, ["dev", "new"]).stdout(copied(&shelf.files, &["config"])).run();
    assert_eq!(["dev", "new"].map(|name| shelf.password_of(name).expect("a copy")), [PASSWORD; 2]);
    let config = shelf.files.home.read(".aws/config");
    let (first, second) = config.split_once("[profile new]\n").expect("both are there");
    let settings = first.strip_prefix("[profile dev]\n").expect("it is the first");
    assert_eq!(second, settings.replace("--profile dev", "--profile new"));
}
