//! `keyfob configure`: a profile with its region and its output format, from options, a person, or the EC2 instance.

mod instance;
mod refusals;
#[cfg(unix)]
mod terminal;

use super::{
    fake::{IdentityCenter, Imds, MARKER},
    keyfob::{Home, Invocation, Terminal, has_terminal},
};

const KEYS: &str = "[dev]\naws_access_key_id = A\naws_secret_access_key = B\n";

/// Somebody with keys in profile `dev`.
fn home() -> Home {
    Home::new().credentials(KEYS)
}

#[test]
fn options_say_what_the_profile_is_to_have() {
    let home = home();
    let run = |arguments: &[&str]| home.keyfob([&["configure", "dev"], arguments].concat());
    let told = "Profile \"dev\" has region eu-west-1 and output yaml.\n";
    run(&["--region", "eu-west-1", "--output", "yaml"]).stdout(told).run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\noutput = yaml\n");
    run(&["--region", "us-east-1"]).stdout("Profile \"dev\" has region us-east-1.\n").run();
    run(&["--output", "json"]).stdout("Profile \"dev\" has output json.\n").run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = us-east-1\noutput = json\n");
    run(&["--region", "us-east-1"]).stdout("Profile \"dev\" has region us-east-1 already.\n").run();
    assert_eq!(home.read(".aws/credentials"), KEYS);
}

#[test]
fn default_profile_is_made_where_none_is_named() {
    let home = Home::new();
    let told = home.keyfob(["configure", "--region", "eu-west-1"]).any_stdout().run().stdout;
    let next = "It has no credentials yet: `keyfob configure sso default` chooses a role of IAM Identity Center, ";
    assert!(told.starts_with(&format!("Profile \"default\" has region eu-west-1.\n{next}")), "{told}");
    assert_eq!(home.read(".aws/config"), "[default]\nregion = eu-west-1\n");
    // That of the environment, as everywhere.
    home.keyfob(["configure", "--region", "eu-west-2"]).env("AWS_PROFILE", "dev").any_stdout().run();
    assert_eq!(home.read(".aws/config"), "[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-2\n");
}

#[test]
fn with_yes_the_usual_region_is_taken() {
    for (config, variables, region) in [
        ("[profile dev]\nregion = eu-west-1\n", &[][..], "eu-west-1"),
        ("", &[("AWS_REGION", "eu-west-2"), ("AWS_DEFAULT_REGION", "eu-west-3")], "eu-west-2"),
        ("", &[("AWS_DEFAULT_REGION", "eu-west-3")], "eu-west-3"),
    ] {
        let home = home();
        home.write(".aws/config", config);
        let run = home.keyfob(["configure", "dev", "--yes"]);
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value));
        let already = if config.is_empty() { "" } else { " already" };
        run.stdout(format!("Profile \"dev\" has region {region}{already}.\n")).run();
        assert_eq!(home.read(".aws/config"), format!("[profile dev]\nregion = {region}\n"));
    }
}

#[test]
fn region_changes_where_it_stands() {
    let credentials = format!("{KEYS}Region = us-east-1 # old\n");
    let home = Home::new().config("[profile dev]\noutput = json\n").credentials(&credentials);
    home.keyfob(["configure", "dev", "--region", "eu-west-1"]).any_stdout().run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\noutput = json\n");
    assert_eq!(home.read(".aws/credentials"), format!("{KEYS}# old\nRegion = eu-west-1\n"));
}

#[test]
fn variable_that_goes_before_the_profile_is_told() {
    let told = "keyfob: AWS_REGION is us-east-1 here, and goes before the region of any profile\n";
    let home = home();
    let run = home.keyfob(["configure", "dev", "--region", "eu-west-1"]).env("AWS_REGION", "us-east-1");
    run.any_stdout().stderr(told).run();
}

#[test]
fn region_that_nobody_knows_is_taken_with_a_warning() {
    for (region, like) in [("eu-wets-1", "; was eu-west-1 meant?"), ("garage", "")] {
        let home = home();
        let told = format!("keyfob: \"{region}\" is no region of AWS that keyfob knows{like}\n");
        home.keyfob(["configure", "dev", "--region", region]).any_stdout().stderr(told).run();
        assert_eq!(home.read(".aws/config"), format!("[profile dev]\nregion = {region}\n"));
    }
    home().keyfob(["configure", "dev", "--region", "us-iso-east-1"]).any_stdout().run();
}

#[test]
fn dry_run_shows_the_difference_and_changes_nothing() {
    let home = home();
    let path = home.path().join(".aws/config").display().to_string();
    let diff = format!("--- {path}\n+++ {path}\n@@ -0,0 +1,2 @@\n+[profile dev]\n+region = eu-west-1\n");
    home.keyfob(["configure", "dev", "--region", "eu-west-1", "--dry-run"]).stdout(diff).run();
    assert!(!home.path().join(".aws/config").exists());
}

#[test]
fn profiles_may_be_elsewhere() {
    let home = Home::new();
    home.write("other/credentials", KEYS);
    let arguments = ["configure", "dev", "--region", "eu-west-1", "--profile-location", "~/other/credentials"];
    home.keyfob(arguments).any_stdout().run();
    // No config file is beside it, so that all of it is in one.
    assert_eq!(home.read("other/credentials"), format!("{KEYS}region = eu-west-1\n"));
    home.write("other/config", "");
    home.keyfob(["configure", "new", "--region", "eu-west-1", "--profile-location", "~/other/credentials"])
        .stdout(
            "Profile \"new\" has region eu-west-1.\nIt has no credentials yet: `keyfob profile set new --profile-location \
             '~/other/credentials'` asks for them\n",
        )
        .run();
    assert_eq!(home.read("other/config"), "[profile new]\nregion = eu-west-1\n");
    assert!(!home.path().join(".aws").exists());
}
