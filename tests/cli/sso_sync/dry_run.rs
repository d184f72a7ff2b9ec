//! `--dry-run`: what would change, and nothing that does.

use super::*;

#[test]
fn the_difference_is_shown_and_nothing_is_written() {
    let keys = "[profile Old/Admin]\nkeyfob_sync = corp\n\
                [profile keys]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = MARKERsecret/k=\n";
    let desk = desk(keys);
    let before = desk.home.read(CONFIG);
    let path = desk.home.path().join(CONFIG);
    let added = format!("+{}\n", all_made().trim_end().replace('\n', "\n+"));
    let diff = format!(
        "--- {path}\n+++ {path}\n@@ -1,8 +1,21 @@\n [sso-session corp]\n \
         sso_start_url = https://d-1234567890.awsapps.com/start\n sso_region = us-east-1\n\
         -[profile Old/Admin]\n-keyfob_sync = corp\n [profile keys]\n aws_access_key_id = AKIDEXAMPLE\n \
         aws_secret_access_key = ***\n{added}",
        path = path.display()
    );
    desk.sync_with(["--prune", "--dry-run"]).stdout(diff).run();
    assert_eq!(desk.home.read(CONFIG), before);
}

#[test]
fn what_would_be_skipped_is_told_and_no_difference_is_said() {
    let desk = desk("[profile Prod/Admin]\n[profile Prod/Audit]\n[profile Test/Admin]\n");
    let why = "there is a profile of that name, which sync did not make for this session";
    let error = format!(
        "Skipped \"Prod/Admin\" (Admin in 000000000001): {why}\n\
         Skipped \"Prod/Audit\" (Audit in 000000000001): {why}\n\
         Skipped \"Test/Admin\" (Admin in 000000000002): {why}\n\
         Nothing would change in \"{}\".\n",
        desk.home.path().join(CONFIG).display()
    );
    desk.sync_with(["--dry-run"]).stderr(error).run();
}

#[test]
fn what_a_dry_run_has_listed_is_not_asked_for_again_by_sync() {
    const TOLD: &str = "Accounts and roles are as the dry run listed them just now.\n";
    let desk = desk("");
    desk.sync_with(["--dry-run"]).any_stdout().run();
    let before = desk.calls();
    desk.sync_with(["--dry-run", "--template", "{role_name}.{account_name}"]).any_stdout().stderr(TOLD).run();
    desk.sync().stdout(result([3, 0, 0, 0, 0], "", "Prod/Admin")).stderr(TOLD).run();
    assert_eq!(desk.calls(), before);
    // Once it is done nothing is left of it, and a list is always new.
    desk.sync_with(["--dry-run"]).any_stderr().run();
    assert_eq!(desk.calls() - before, 3);
    desk.list().any_stdout().run();
    assert_eq!(desk.calls() - before, 6);
}
