//! Roles and sessions upon keys in a store: what is cached for them is found without opening it.

use super::{
    super::{
        fake::{Sts, get_session_token},
        scene::{END, Left, ROLE, SERIAL, age_entry, demo_role, entries, issued, issued_document, role_section},
    },
    *,
};
use std::time::Duration;

/// Jane's keys are with the program, and profile `ops` assumes a role with them.
fn vault(lines: &str) -> (Vault, Sts) {
    let sts = Sts::start();
    sts.add_user("jane");
    let mut vault = Vault::with_helper();
    vault.home.set_env("AWS_ENDPOINT_URL_STS", &sts.url());
    let config = vault.home.read(".aws/config") + &role_section("ops", ROLE, "dev") + lines;
    vault.home.write(".aws/config", config);
    vault.asked();
    (vault, sts)
}

fn ops(vault: &Vault) -> Invocation {
    vault.keyfob(["process", "ops"])
}

#[test]
fn role_is_assumed_with_the_keys_and_cached_without_them() {
    let (vault, sts) = vault("");
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(1)).run();
    assert_eq!(vault.asked(), "get");
    ops(&vault).stdout(issued_document(1)).run();
    assert_eq!(vault.asked(), "");
}

#[test]
fn cached_role_needs_no_program_at_all() {
    let (vault, sts) = vault("");
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(1)).run();
    std::fs::remove_file(vault.home.path().join("helper")).expect("it is ours");
    ops(&vault).stdout(issued_document(1)).run();
    vault.home.clear_cache();
    let run = ops(&vault).code(1).any_stderr().run();
    assert!(run.stderr.contains("the store \"exec:sh\" failed"), "{}", run.stderr);
}

#[test]
fn cached_role_outlives_the_way_of_its_keys_from_place_to_place() {
    let (vault, sts) = vault("");
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(1)).run();
    for store in ["sealed", "config", "credentials"] {
        vault.move_to(store);
        ops(&vault).stdout(issued_document(1)).run();
    }
}

#[test]
fn session_of_a_code_serves_later_roles_without_the_keys() {
    let mfa = format!("mfa_serial = {SERIAL}\n");
    let other = "arn:aws:iam::123456789012:role/Other";
    let (vault, sts) = vault(&format!("{mfa}{}{mfa}", role_section("other", other, "dev")));
    sts.set_mfa_code(SERIAL, "123456");
    let session = get_session_token().field("DurationSeconds", "43200").mfa(SERIAL, "123456").expiring(END);
    sts.expect(session.signed_by(&vault.jane));
    sts.expect(demo_role().signed_by(&issued(1)));
    vault.keyfob(["process", "ops", "--mfa-code", "123456"]).stdout(issued_document(2)).run();
    assert_eq!(vault.asked(), "get");
    sts.expect(super::super::fake::assume_role(other).expiring(END).signed_by(&issued(1)));
    vault.keyfob(["process", "other"]).stdout(issued_document(3)).run();
    assert_eq!(vault.asked(), "");
}

#[test]
fn profile_that_is_its_own_source_lends_its_stored_keys() {
    let (vault, sts) = vault("");
    let own = vault.noted(&vault.exec()) + &format!("role_arn = {ROLE}\nsource_profile = dev\n");
    vault.home.write(".aws/config", own);
    sts.expect(demo_role().signed_by(&vault.jane));
    vault.process().stdout(issued_document(1)).run();
}

#[test]
fn explaining_opens_no_store() {
    let (vault, _sts) = vault("");
    let path = vault.path(".aws/config");
    let run = vault.keyfob(["explain", "ops"]).any_stdout().run();
    let links = format!(
        "profile \"ops\"\n1. static of profile \"dev\", {path}:2\n   access_key_id = AKIAJANE000000000000\n   \
         keyfob_store = exec:sh\n2. assume_role of profile \"ops\", {path}:6\n   role_arn = {ROLE}\n"
    );
    assert!(run.stdout.starts_with(&links), "{}", run.stdout);
    assert_eq!(vault.asked(), "");
}

/// Makes the cached role one that ends in ten minutes.
#[track_caller]
fn age(vault: &Vault) {
    let entries = entries(&vault.home);
    assert_eq!(entries.len(), 1, "{entries:?}");
    age_entry(&vault.home, &entries[0], Duration::from_mins(50), Left::Still(Duration::from_mins(10)));
}

#[test]
fn role_in_its_last_minutes_is_renewed_where_nobody_has_to_be_asked() {
    let (vault, sts) = vault("");
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(1)).run();
    age(&vault);
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(2)).run();
    assert_eq!(vault.asked(), "get get");
}

#[test]
fn role_in_its_last_minutes_is_handed_out_where_the_store_is_locked_and_nobody_is_asked() {
    let (vault, sts) = vault("");
    vault.move_to("sealed");
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(1)).run();
    age(&vault);
    vault.home.write("passphrase", "echo asked >>$HOME/asked; printenv PASSPHRASE");
    vault.asked();
    let command = format!("sh {}", vault.path("passphrase"));
    let run = || ops(&vault).env("KEYFOB_PASSPHRASE_COMMAND", &command);
    let handed_out = run().any_stdout().run().stdout;
    assert!(handed_out.contains(&issued(1).access_key_id), "{handed_out}");
    assert_eq!(vault.asked(), "");
    vault.home.clear_cache();
    sts.expect(demo_role().signed_by(&vault.jane));
    run().stdout(issued_document(2)).run();
    assert_eq!(vault.asked(), "asked");
}

#[test]
fn program_that_fails_early_is_not_run_by_each_that_has_something_to_hand_out() {
    let (vault, sts) = vault("");
    sts.expect(demo_role().signed_by(&vault.jane));
    ops(&vault).stdout(issued_document(1)).run();
    age(&vault);
    vault.home.write("helper", "echo run >>$HOME/asked; exit 3");
    vault.asked();
    for _ in 0..3 {
        let run = ops(&vault).any_stdout().run();
        assert!(run.stdout.contains(&issued(1).access_key_id), "{}", run.stdout);
    }
    assert_eq!(vault.asked(), "run");
}
