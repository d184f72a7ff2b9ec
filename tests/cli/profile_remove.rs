//! `keyfob profile remove`: a profile goes, from both files.

use super::keyfob::{Invocation, Terminal, has_terminal};
use super::profile_set::{Files, KEYS, ROLE_ARN};

const CONFIG: &str =
    "# head\n\n[profile dev]\nregion = a\n# aws_secret_access_key = MARKERsecret9\n\n# next\n[profile x]\n";

fn remove<'a>(files: &Files, words: impl IntoIterator<Item = &'a str>) -> Invocation {
    files.profile(["remove"].into_iter().chain(words))
}

fn removed(files: &Files, places: &[&str]) -> String {
    format!("Profile \"dev\" is removed from {}.\n", files.places(places))
}

#[test]
fn a_profile_goes_from_both_files_with_the_comments_inside_it() {
    for words in [&["dev", "--yes"][..], &["--profile", "dev", "-y"]] {
        let files = Files::new(CONFIG, &format!("[a]\n{KEYS}[dev]\n{KEYS}"));
        let told = removed(&files, &["credentials", "config"]);
        remove(&files, words.iter().copied()).stdout(told).run();
        files.have("# head\n\n# next\n[profile x]\n", &format!("[a]\n{KEYS}"));
    }
}

#[test]
fn comments_stay_when_that_is_wanted() {
    let files = Files::new(CONFIG, "");
    remove(&files, ["dev", "--yes", "--keep-comments"]).stdout(removed(&files, &["config"])).run();
    let left = files.home.read(".aws/config");
    assert!(left.contains("# aws_secret_access_key = MARKERsecret9\n") && !left.contains("region"), "{left}");
}

#[test]
fn a_person_is_asked_and_nothing_is_the_usual_answer() {
    if !has_terminal() {
        return;
    }
    for (answer, is_removed) in [("\n", false), ("n\n", false), ("y\n", true)] {
        let files = Files::new(CONFIG, "");
        let question = "Remove profile \"dev\"? [y/N] ";
        let run = remove(&files, ["dev"]).terminal(Terminal::new().answer(question, answer)).any_screen();
        let told = if is_removed { removed(&files, &["config"]) } else { "Nothing was removed.\n".to_owned() };
        run.stdout(told).run();
        assert_eq!(files.home.read(".aws/config") == CONFIG, !is_removed);
    }
}

#[test]
fn without_a_terminal_the_command_is_named() {
    let files = Files::new(CONFIG, "");
    let error = "keyfob: profile \"dev\" was not removed\n  cause: there is no terminal to ask on\n  \
                 hint: remove it without a question: `keyfob profile remove dev --yes`\n";
    remove(&files, ["dev"]).code(2).stderr(error).run();
    files.have(CONFIG, "");
}

#[test]
fn what_does_not_exist_is_an_error() {
    let files = Files::new("[profile x]\n", "");
    let error = format!(
        "keyfob: profile \"dev\" does not exist\n  cause: neither \"{}\" nor \"{}\" has it\n  hint: the profiles there: x\n",
        files.path("config"),
        files.path("credentials")
    );
    remove(&files, ["dev", "--yes"]).code(4).stderr(error).run();
    let error = "keyfob: no profile to remove\n  hint: name it: `keyfob profile remove NAME`\n";
    remove(&files, ["--yes"]).env("AWS_PROFILE", "x").code(2).stderr(error).run();
    files.have("[profile x]\n", "");
}

#[test]
fn roles_that_are_assumed_from_it_are_told() {
    let role = format!("role_arn = {ROLE_ARN}\nsource_profile = dev\n");
    let files = Files::new(&format!("[profile a]\n{role}[profile dev]\n[profile b]\n{role}"), "");
    let warning = "keyfob: it is the source_profile of a, b, which have no credentials without it\n";
    remove(&files, ["dev", "--yes"]).stdout(removed(&files, &["config"])).stderr(warning).run();
    files.have(&format!("[profile a]\n{role}[profile b]\n{role}"), "");
}

#[test]
fn what_stays_is_told() {
    for (config, stays) in [
        ("sso_session = corp\n", "The sso-session \"corp\" stays, and so does its sign-in.\n"),
        ("login_session = arn:aws:iam::111122223333:user/x\n", "Its sign-in stays in the cache until it ends.\n"),
    ] {
        let files = Files::new(&format!("[profile dev]\n{config}"), "");
        remove(&files, ["dev", "--yes"]).stdout(removed(&files, &["config"]) + stays).run();
    }
}

#[test]
fn a_dry_run_removes_nothing_and_asks_nothing() {
    let files = Files::new("[profile dev]\nregion = a\n", "");
    let path = files.path("config");
    let diff = format!("--- {path}\n+++ {path}\n@@ -1,2 +0,0 @@\n-[profile dev]\n-region = a\n");
    remove(&files, ["dev", "--dry-run"]).stdout(diff).run();
    files.have("[profile dev]\nregion = a\n", "");
}

#[test]
#[cfg(unix)]
fn its_keys_go_from_their_store_or_nothing_does() {
    use super::profile_set::stores::Shelf;
    let shelf = Shelf::filled("", "");
    remove(&shelf.files, ["dev", "--yes"]).stdout(removed(&shelf.files, &["config"])).run();
    shelf.files.have("", "");
    assert_eq!(shelf.id_of("dev"), None);

    let shelf = Shelf::filled("", "");
    let config = shelf.files.home.read(".aws/config");
    shelf.set_switch("locked");
    let run = remove(&shelf.files, ["dev", "--yes"]).code(3).any_stderr().run();
    let hint =
        "\n  hint: to leave them there for good: `keyfob profile unset dev keyfob_store`, and then the same again\n";
    assert!(run.stderr.ends_with(hint), "{}", run.stderr);
    shelf.files.have(&config, "");
}

#[test]
#[cfg(unix)]
fn keys_that_the_profile_does_not_name_stay_in_the_store() {
    use super::profile_set::stores::Shelf;
    let shelf = Shelf::filled("", "");
    let config = shelf.files.home.read(".aws/config").replace("AKIAEXAMPLE", "AKIAOTHER");
    shelf.files.home.write(".aws/config", &config);
    let warning = format!(
        "keyfob: the store \"{}\" has the access key \"AKIAEXAMPLE\" of the name \"dev\", which this profile does not name; \
         it stays\n",
        shelf.name
    );
    remove(&shelf.files, ["dev", "--yes"]).any_stdout().stderr(warning).run();
    shelf.files.have("", "");
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
}

#[test]
fn profiles_that_come_to_it_through_keyfob_are_told() {
    let files = Files::new("[profile dev]\nregion = a\n", "");
    files.home.write(
        ".aws/config",
        "[profile dev]\nregion = a\n[profile two]\ncredential_process = /bin/keyfob process --profile dev\n",
    );
    let warning = "keyfob: it is what keyfob gets credentials of for two, which have no credentials without it\n";
    remove(&files, ["dev", "--yes"]).any_stdout().stderr(warning).run();
}

#[test]
#[cfg(unix)]
fn a_password_leaves_its_store_with_the_profile() {
    use super::profile_set::stores::{PASSWORD, Shelf};
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    shelf.set_switch("locked");
    let run = remove(&shelf.files, ["dev", "--yes"]).code(3).any_stderr().run();
    let (error, hint) = (
        "keyfob: cannot remove the password of profile \"dev\" from its store\n",
        "\n  hint: to leave it there for good: `keyfob profile unset dev keyfob_store`, and then the same again\n",
    );
    assert!(run.stderr.starts_with(error) && run.stderr.ends_with(hint), "{}", run.stderr);
    shelf.files.have(&config, "");
    std::fs::remove_file(shelf.files.home.path().join("shelf/locked")).expect("it was set");
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    remove(&shelf.files, ["dev", "--yes"]).stdout(removed(&shelf.files, &["config"])).run();
    shelf.files.have("", "");
    assert_eq!(shelf.password_of("dev"), None);
}
