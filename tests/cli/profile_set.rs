//! `keyfob profile set`: profiles are made and changed.

mod key_pairs;
mod kinds;
mod places;
mod questions;
mod refusals;
#[cfg(unix)]
mod saml;
#[cfg(unix)]
mod saml_passwords;
#[cfg(unix)]
pub(crate) mod stores;

use super::keyfob::{Home, Invocation};
use std::fs;

pub(crate) const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/Admin";
pub(crate) const KEYS: &str = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = MARKERsecret/long\n";

/// Both shared files, and keyfob beside them.
pub(crate) struct Files {
    pub(crate) home: Home,
}

impl Files {
    /// An empty text is no file.
    pub(crate) fn new(config: &str, credentials: &str) -> Self {
        let home = Home::new();
        for (path, text) in [(".aws/config", config), (".aws/credentials", credentials)] {
            if !text.is_empty() {
                home.write(path, text);
            }
        }
        Self { home }
    }

    pub(crate) fn profile<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.home.keyfob(["profile"].into_iter().chain(words))
    }

    fn set<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.profile(["set"].into_iter().chain(words))
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.home.path().join(".aws").join(name).display().to_string()
    }

    /// `"A"`, or `"A" and "B"`.
    pub(crate) fn places(&self, names: &[&str]) -> String {
        let places: Vec<String> = names.iter().map(|name| format!("\"{}\"", self.path(name))).collect();
        places.join(" and ")
    }

    /// What is printed of profile `dev` in these files.
    fn is_in(&self, names: &[&str]) -> String {
        format!("Profile \"dev\" is in {}.\n", self.places(names))
    }

    #[track_caller]
    pub(crate) fn have(&self, config: &str, credentials: &str) {
        let read = |name| fs::read_to_string(self.path(name)).unwrap_or_default();
        assert_eq!([read("config"), read("credentials")], [config, credentials]);
    }
}

/// What warns of a secret among the arguments.
fn seen(key: &str) -> String {
    format!(
        "keyfob: \"{key}\" was on the command line, where other programs and the shell's history have it; it is asked \
         for, unseen, by `keyfob profile set dev --access-key ID`\n"
    )
}

#[test]
fn a_profile_is_made_from_settings_in_the_files_where_they_belong() {
    let files = Files::new("", "");
    let settings = [
        "dev",
        "region=eu-west-1",
        "aws_access_key_id=AKIAEXAMPLE",
        "aws_secret_access_key=MARKERsecret/long",
        "Output=json",
    ];
    let told = files.is_in(&["credentials", "config"]);
    files.set(settings).stdout(told).stderr(seen("aws_secret_access_key")).run();
    files.have("[profile dev]\nregion = eu-west-1\noutput = json\n", &format!("[dev]\n{KEYS}"));
    let keys = "{\"Version\":1,\"AccessKeyId\":\"AKIAEXAMPLE\",\"SecretAccessKey\":\"MARKERsecret/long\"}\n";
    files.home.keyfob(["process", "--profile", "dev"]).stdout(keys).run();
}

#[test]
fn what_is_so_already_is_not_written() {
    let files = Files::new("[profile dev]\nregion=eu-west-1\n", "");
    let told = format!("Profile \"dev\" is in {} already, as it should be.\n", files.places(&["config"]));
    files.set(["dev", "region=eu-west-1"]).stdout(told).run();
    files.have("[profile dev]\nregion=eu-west-1\n", "");
}

#[test]
fn a_dry_run_shows_the_difference_without_secrets_and_asks_for_none() {
    let files = Files::new("[profile dev]\nregion = x\n", &format!("[dev]\n{KEYS}"));
    let path = files.path("credentials");
    let diff = format!(
        "--- {path}\n+++ {path}\n@@ -1,3 +1,3 @@\n [dev]\n-aws_access_key_id = AKIAEXAMPLE\n\
         -aws_secret_access_key = ***\n+aws_access_key_id = AKIAOTHER\n+aws_secret_access_key = *** (changed)\n"
    );
    files.set(["dev", "--access-key", "AKIAOTHER", "--dry-run"]).stdout(diff).run();
    files.set(["dev", "region=x", "--dry-run"]).stderr("Nothing would change.\n").run();
    files.have("[profile dev]\nregion = x\n", &format!("[dev]\n{KEYS}"));
}

#[test]
fn another_location_has_both_files_beside_each_other_or_one() {
    let files = Files::new("", "");
    let location = files.home.path().join("else/credentials").display().to_string();
    let set = || files.set(["dev", "region=x", "--profile-location", &location]).any_stdout();
    set().run();
    assert_eq!(files.home.read("else/credentials"), "[dev]\nregion = x\n");
    files.home.write("else/credentials", "");
    files.home.write("else/config", "");
    set().run();
    assert_eq!(
        [files.home.read("else/credentials"), files.home.read("else/config")],
        ["", "[profile dev]\nregion = x\n"]
    );
    files.have("", "");
}
