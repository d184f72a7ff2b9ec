//! What profiles are called, and what becomes of names that are taken.

use super::*;

#[test]
fn a_template_says_how_profiles_are_named() {
    let desk = desk("");
    let options = ["--template", "{session}.{account_id}.{role_name}.{region}", "--region", "eu-west-1"];
    desk.sync_with(options).stdout(result([3, 0, 0, 0, 0], "", "corp.000000000001.Admin.eu-west-1")).run();
    let profiles = desk.profiles();
    assert!(profiles.starts_with(
        "[profile corp.000000000001.Admin.eu-west-1]\nsso_session = corp\nsso_account_id = 000000000001\n\
         sso_role_name = Admin\nregion = eu-west-1\nkeyfob_sync = corp\n"
    ));
}

#[test]
fn accounts_of_one_name_are_told_apart_by_their_numbers_whatever_their_order() {
    let names = |order: [usize; 2]| {
        let desk = Desk::new();
        for number in order {
            desk.center.add_account(Account::new(&id(number), &["Admin"]).named("Prod EU"));
        }
        desk.center.serve_all();
        desk.sync().any_stdout().run();
        desk.profiles()
    };
    let made = made("Prod-EU/Admin-000000000001", 1, "Admin") + &made("Prod-EU/Admin-000000000002", 2, "Admin");
    assert_eq!(names([1, 2]), made);
    assert_eq!(names([2, 1]), made);
}

#[test]
fn profiles_that_sync_did_not_make_stay_as_they_are() {
    const MINE: &str = "\n# mine\n[profile Prod/Admin] # keep\n  region=eu-west-1\n\n\
                        [profile Prod/Audit]\nkeyfob_sync = other\n\n\
                        [profile Test/Admin]\nsso_session=corp\nsso_account_id=000000000002\nsso_role_name=Admin\n";
    let desk = desk(MINE);
    desk.home.write(".aws/credentials", "[Prod/Deploy]\naws_access_key_id = AKIDEXAMPLE\n");
    desk.center.add_account(Account::new(&id(3), &["Deploy"]).named("Prod"));
    let skipped = |name, role, account| {
        format!(
            "Skipped \"{name}\" ({role} in {}): there is a profile of that name, which sync did not make for this \
             session\n",
            id(account)
        )
    };
    let notes =
        skipped("Prod/Admin", "Admin", 1) + &skipped("Prod/Audit", "Audit", 1) + &skipped("Prod/Deploy", "Deploy", 3);
    // The last is what sync would make.
    desk.sync_with(["--prune"]).stdout(result([0, 0, 0, 1, 3], &notes, "Test/Admin")).run();
    assert_eq!(desk.profiles(), MINE);
}

#[test]
fn the_default_profile_is_never_made() {
    let desk = Desk::new();
    desk.center.add_account(Account::new(&id(1), &["Admin"]).named("default"));
    desk.center.serve_all();
    desk.sync_with(["--template", "{account_name}"])
        .stdout(
            "Profiles: 0 added, 0 changed, 0 removed, 0 unchanged, 1 skipped.\n\
             Skipped \"default\" (Admin in 000000000001): the default profile is yours to set\n",
        )
        .run();
    assert_eq!(desk.profiles(), "");
}

#[test]
fn roles_that_no_file_can_tell_of_are_skipped_beside_the_others() {
    let desk = Desk::new();
    desk.center
        .add_account(Account::new(&id(1), &["Admin", "a #b", "x\ny", "", "\u{1b}[m", "__proto__"]).named("Prod"));
    desk.center.serve_all();
    let skipped = |name: &str, role: &str, why: &str| format!("Skipped \"{name}\" ({role} in 000000000001): {why}\n");
    let control = "sso_role_name cannot be written: the value holds a line break or another control character";
    let notes = [
        skipped("", "", "nothing is left of its name"),
        skipped("m", "\\u{1b}[m", control),
        skipped("__proto__", "__proto__", "no profile can have that name"),
        skipped(
            "a-b",
            "a #b",
            "sso_role_name cannot be written: the value holds a blank and a comment sign, where many tools end it",
        ),
        skipped("x-y", "x\\u{a}y", control),
    ];
    let told = result([1, 0, 0, 0, 5], &notes.concat(), "Admin");
    desk.sync_with(["--template", "{role_name}"]).stdout(told).run();
    assert_eq!(desk.profiles(), made("Admin", 1, "Admin"));
}

#[test]
fn of_many_that_are_skipped_ten_are_named() {
    let desk = Desk::new();
    let roles: Vec<String> = (10..22).map(|number| format!("R{number}")).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    desk.center.add_account(Account::new(&id(1), &roles).named("Prod"));
    desk.center.serve_all();
    let run = desk.sync_with(["--template", "{account_name}"]).any_stdout().run();
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("Skipped \"")).count(), 10);
    assert!(run.stdout.ends_with("\nSkipped 2 more, which --verbose names\n"), "{}", run.stdout);
    let run = desk.sync_with(["--template", "{account_name}", "--verbose"]).any_stdout().any_stderr().run();
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("Skipped \"")).count(), 12);
}

#[test]
fn roles_that_no_name_tells_apart_are_skipped() {
    let desk = desk("");
    let why = "another role would have the same name; use {role_name} and {account_id} in the template";
    let notes = format!(
        "Skipped \"Prod-000000000001\" (Admin in 000000000001): {why}\n\
         Skipped \"Prod-000000000001\" (Audit in 000000000001): {why}\n"
    );
    desk.sync_with(["--template", "{account_name}"]).stdout(result([1, 0, 0, 0, 2], &notes, "Test")).run();
    assert_eq!(desk.profiles(), made("Test", 2, "Admin"));
}

#[test]
fn regions_are_those_of_the_option_of_the_person_and_of_the_environment() {
    let desk = desk("");
    desk.sync().env("AWS_REGION", "eu-west-1").any_stdout().run();
    let mine = |profiles: &str, region: &str| {
        let profile = profiles.split("[profile ").find(|profile| profile.starts_with("Prod/Audit]"));
        assert!(profile.is_some_and(|profile| profile.contains(&format!("\nregion = {region}\n"))), "{profiles}");
    };
    mine(&desk.profiles(), "eu-west-1");
    let config = desk.home.read(CONFIG);
    let (before, after) = config.split_once("[profile Prod/Audit]").expect("it was made");
    desk.home.write(CONFIG, format!("{before}[profile Prod/Audit]{}", after.replacen("eu-west-1", "ap-south-1", 1)));
    desk.sync().env("AWS_REGION", "us-west-2").stdout(result([0, 0, 0, 3, 0], "", "Prod/Admin")).run();
    mine(&desk.profiles(), "ap-south-1");
    desk.sync_with(["--region", "eu-north-1"]).stdout(result([0, 3, 0, 0, 0], "", "Prod/Admin")).run();
    mine(&desk.profiles(), "eu-north-1");
}
