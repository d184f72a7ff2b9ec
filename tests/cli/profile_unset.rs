//! `keyfob profile unset`: settings are taken away.

use super::profile_set::{Files, KEYS};

fn unset<'a>(files: &Files, words: impl IntoIterator<Item = &'a str>) -> super::keyfob::Invocation {
    files.profile(["unset", "dev"].into_iter().chain(words))
}

#[test]
fn a_setting_goes_from_both_files() {
    let files = Files::new(
        "[profile dev]\n# c\nRegion = a # d\noutput = json\nkeyfob_region = b\n",
        &format!("[dev]\n{KEYS}region=c\n"),
    );
    let told = format!("Profile \"dev\" is changed in {}.\n", files.places(&["credentials", "config"]));
    unset(&files, ["region"]).stdout(told).run();
    files.have("[profile dev]\n# c\noutput = json\n", &format!("[dev]\n{KEYS}"));
}

#[test]
fn nested_settings_go_one_by_one_or_with_their_block() {
    for (keys, left) in [(&["s3.a"][..], "s3 =\n  b = 2\n"), (&["s3.A", "s3.b"], ""), (&["s3"], "")] {
        let files = Files::new("[profile dev]\ns3 =\n  a = 1\n  b = 2\nregion = x\n", "");
        unset(&files, keys.iter().copied()).any_stdout().run();
        files.have(&format!("[profile dev]\n{left}region = x\n"), "");
    }
}

#[test]
fn what_is_not_there_is_told() {
    let files = Files::new("[profile dev]\nregion = x\n", "");
    let told = "Profile \"dev\" has no \"output\".\nProfile \"dev\" has no \"s3.a\".\n";
    unset(&files, ["output", "s3.a"]).stdout("Nothing was changed.\n").stderr(told).run();
    unset(&files, ["output", "region"]).any_stdout().stderr("Profile \"dev\" has no \"output\".\n").run();
    files.have("[profile dev]\n", "");
}

#[test]
fn a_dry_run_changes_nothing() {
    let files = Files::new("[profile dev]\nregion = x\n", "");
    let path = files.path("config");
    let diff = format!("--- {path}\n+++ {path}\n@@ -1,2 +1 @@\n [profile dev]\n-region = x\n");
    unset(&files, ["region", "--dry-run"]).stdout(diff).run();
    files.have("[profile dev]\nregion = x\n", "");
}

#[test]
fn there_has_to_be_a_profile_and_a_key() {
    let files = Files::new("[profile a]\n", "");
    let error = format!(
        "keyfob: no profile \"dev\"\n  cause: neither \"{}\" nor \"{}\" has it\n  hint: the profiles there: a\n",
        files.path("config"),
        files.path("credentials")
    );
    unset(&files, ["region"]).code(4).stderr(error).run();
    let error = "keyfob: no settings to take away\n  hint: name them, like `keyfob profile unset dev region`\n";
    unset(&files, []).code(2).stderr(error).run();
}

#[test]
#[cfg(unix)]
fn a_profile_lets_go_of_its_store() {
    use super::profile_set::stores::Shelf;
    let shelf = Shelf::filled("", "");
    let warning = format!(
        "keyfob: the store \"{}\" still has the keys of profile \"dev\"; a profile of this name that names the store \
         again takes them along when it is removed\n",
        shelf.name
    );
    unset(&shelf.files, ["keyfob_store"]).any_stdout().stderr(warning).run();
    shelf.files.have("[profile dev]\n", "");
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
}

#[test]
fn of_two_that_decide_one_may_be_meant() {
    let config = "[profile dev]\nrole_arn = a\nkeyfob_role_arn = b\n";
    let files = Files::new(config, "");
    let error = "keyfob: profile \"dev\" has both role_arn and keyfob_role_arn\n  hint: name the one that keyfob alone reads, \
                 `keyfob profile unset dev keyfob_role_arn`, or both: `keyfob profile unset dev role_arn keyfob_role_arn`\n";
    unset(&files, ["role_arn"]).code(2).stderr(error).run();
    files.have(config, "");
    unset(&files, ["keyfob_role_arn"]).any_stdout().run();
    files.have("[profile dev]\nrole_arn = a\n", "");
}

#[test]
#[cfg(unix)]
fn a_password_is_not_left_behind_unseen() {
    use super::profile_set::stores::{PAGE, PASSWORD, Shelf};
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    let error = format!(
        "keyfob: cannot take \"saml_endpoint\" away from profile \"dev\"\n  cause: {}:4: its password is in a store\n  hint: \
         remove both with the profile: `keyfob profile remove dev`, or leave the password where it is: `keyfob profile unset \
         dev saml_endpoint keyfob_store`\n",
        shelf.files.path("config")
    );
    unset(&shelf.files, ["saml_endpoint"]).code(1).stderr(error).run();
    shelf.files.have(&config, "");
    let warning = format!(
        "keyfob: the store \"{}\" still has the password of profile \"dev\"; a profile of this name that names the store \
         again takes them along when it is removed\n",
        shelf.name
    );
    unset(&shelf.files, ["keyfob_store"]).any_stdout().stderr(&*warning).run();
    let line = shelf.line();
    shelf.files.have(&format!("[profile dev]\nsaml_endpoint = {PAGE}\nsaml_user = jane\n{line}\n"), "");
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    // The line would lead to nothing.
    unset(&shelf.files, ["saml_endpoint"]).any_stdout().run();
    shelf.files.have("[profile dev]\nsaml_user = jane\n", "");

    let shelf = Shelf::with_password();
    unset(&shelf.files, ["saml_endpoint", "keyfob_store"]).any_stdout().any_stderr().run();
    shelf.files.have("[profile dev]\nsaml_user = jane\n", "");
}

#[test]
#[cfg(unix)]
fn whose_a_kept_password_is_stays_in_the_profile() {
    use super::profile_set::stores::Shelf;
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    let refusal = |key: &str| {
        let run = unset(&shelf.files, [key]).code(1).any_stderr().run();
        let start = format!("keyfob: cannot take \"{key}\" away from profile \"dev\"\n");
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
    };
    refusal("saml_user");
    shelf.files.have(&config, "");
    // A domain that counts says whose it is as well.
    shelf.put_password(&["saml_domain=CORP"]).any_stdout().run();
    refusal("saml_domain");
    shelf.put_password(&["saml_user=jane@example.com"]).any_stdout().run();
    unset(&shelf.files, ["saml_domain"]).any_stdout().run();
}
