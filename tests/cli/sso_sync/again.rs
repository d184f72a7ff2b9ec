//! Runs after the first: what has changed since, and what a person has made of the profiles.

use super::*;
use crate::fake::{Reply, list_account_roles};

#[test]
fn a_second_run_changes_nothing() {
    let desk = desk("");
    desk.sync().any_stdout().run();
    let before = desk.home.read(CONFIG);
    desk.sync().stdout(result([0, 0, 0, 3, 0], "", "Prod/Admin")).run();
    assert_eq!(desk.home.read(CONFIG), before);
}

#[test]
fn what_a_person_adds_to_a_profile_stays() {
    let desk = desk("");
    desk.sync().any_stdout().run();
    let config = desk.home.read(CONFIG);
    let config = config.replace("[profile Prod/Audit]\n", "[profile Prod/Audit]\n# for June\noutput = yaml\n");
    let config = config.replace("sso_role_name = Audit\n", "sso_role_name = Broken\n");
    desk.home.write(CONFIG, config.as_str());
    desk.sync().stdout(result([0, 1, 0, 2, 0], "", "Prod/Audit")).run();
    assert_eq!(desk.home.read(CONFIG), config.replace("Broken", "Audit"));
}

#[test]
fn profiles_whose_role_is_gone_are_removed_when_that_is_asked_for() {
    let gone = made("Old/Admin", 9, "Admin");
    let others = gone.replace("Old/", "Other/").replace("keyfob_sync = corp", "keyfob_sync = other");
    let unmarked = gone.replace("Old/", "Mine/").replace("keyfob_sync = corp\n", "");
    let dependent = "[profile deploy]\nrole_arn = arn:aws:iam::000000000009:role/D\nsource_profile = Old/Admin\n";
    let kept = format!("{others}{unmarked}{dependent}");
    let desk = desk(&format!("{gone}{kept}"));
    let notes = "Left over, to be removed by --prune: Old/Admin\n";
    desk.sync().stdout(result([3, 0, 0, 0, 0], notes, "Prod/Admin")).run();
    assert_eq!(desk.profiles(), format!("{gone}{kept}{}", all_made()));
    desk.sync_with(["--prune"])
        .stdout(result([0, 0, 1, 3, 0], "", "Prod/Admin"))
        .stderr("keyfob: profile \"deploy\" has source_profile Old/Admin, which --prune removes\n")
        .run();
    assert_eq!(desk.profiles(), format!("{kept}{}", all_made()));
}

#[test]
fn another_template_makes_other_profiles_and_prune_removes_the_first() {
    let desk = desk("");
    desk.sync().any_stdout().run();
    let template = ["--template", "{role_name}.{account_name}"];
    let notes = "Left over, to be removed by --prune: Prod/Admin, Prod/Audit, Test/Admin\n";
    desk.sync_with(template).stdout(result([3, 0, 0, 0, 0], notes, "Admin.Prod")).run();
    let options = ["--template", "{role_name}.{account_name}", "--prune"];
    desk.sync_with(options).stdout(result([0, 0, 3, 3, 0], "", "Admin.Prod")).run();
    let made = [made("Admin.Prod", 1, "Admin"), made("Audit.Prod", 1, "Audit"), made("Admin.Test", 2, "Admin")];
    assert_eq!(desk.profiles(), made.concat());
}

#[test]
fn nothing_is_pruned_where_aws_lists_no_account_at_all() {
    let gone = made("Old/Admin", 9, "Admin");
    let desk = Desk::with(&gone);
    desk.center.serve_all();
    let told = "Nobody has given you any account in sso-session \"corp\".\nThese profiles stay: Old/Admin\n";
    desk.sync_with(["--prune"]).stderr(told).run();
    assert_eq!(desk.profiles(), gone);
}

#[test]
fn nothing_is_pruned_where_no_account_has_a_role() {
    let gone = made("Old/Admin", 9, "Admin");
    let desk = Desk::with(&gone);
    desk.center.add_account(Account::new(&id(1), &["Admin"]));
    desk.center.portal.expect(list_account_roles(&id(1)).replies(Reply::json(200, r#"{"roleList":[]}"#)));
    desk.center.serve_all();
    let told = "Nobody has given you any role in sso-session \"corp\".\nThese profiles stay: Old/Admin\n";
    desk.sync_with(["--prune"]).stderr(told).run();
    assert_eq!(desk.profiles(), gone);
}

#[test]
fn a_profile_that_gets_its_credentials_elsewhere_is_not_bridged() {
    let desk = desk("");
    desk.sync().any_stdout().run();
    let own = desk
        .home
        .read(CONFIG)
        .replace("[profile Prod/Admin]\n", "[profile Prod/Admin]\ncredential_process = vault admin\n");
    let by_hand = own.replace("sso_role_name = Audit\nkeyfob_sync = corp\n", "sso_role_name = Audit\n");
    desk.home.write(CONFIG, by_hand.as_str());
    let notes = "Skipped \"Prod/Admin\" (Admin in 000000000001): it has a credential_process of its own; \
                 remove that, or leave out --bridge\n\
                 Skipped \"Prod/Audit\" (Audit in 000000000001): you have made that profile yourself, so that it is \
                 not bridged\n";
    let bridged = "Every program gets their credentials through keyfob.\n";
    let told = result([0, 1, 0, 0, 2], &format!("{notes}{bridged}"), "Test/Admin");
    desk.sync_with(["--bridge"]).stdout(told).run();
    let (before, after) = by_hand.split_once("[profile Test/Admin]").expect("it was made");
    let now = desk.home.read(CONFIG);
    assert!(now.starts_with(before) && !now.ends_with(after), "{now}");
    // Without the bridge both are as they should be.
    desk.sync().stdout(result([0, 1, 0, 2, 0], "", "Test/Admin")).run();
    assert!(desk.home.read(CONFIG).starts_with(before));
}
