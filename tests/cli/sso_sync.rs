//! `keyfob sso sync`: a profile for every account and role that a person may use.

mod again;
mod dry_run;
mod naming;
mod refusals;

use super::{
    fake::{Account, IdentityCenter, Timestamp},
    keyfob::{Home, Invocation, program},
    sso_list::{Desk, id},
};

const CONFIG: &str = ".aws/config";

/// Two accounts, Prod with two roles and Test with one.
fn desk(sections: &str) -> Desk {
    let desk = Desk::with(sections);
    desk.center.add_account(Account::new(&id(2), &["Admin"]).named("Test"));
    desk.center.add_account(Account::new(&id(1), &["Audit", "Admin"]).named("Prod"));
    desk.center.serve_all();
    desk
}

impl Desk {
    fn sync(&self) -> Invocation {
        self.sync_with([])
    }

    fn sync_with<const N: usize>(&self, options: [&str; N]) -> Invocation {
        self.home.keyfob(["sso", "sync", "--sso-session", "corp"].into_iter().chain(options))
    }

    /// What is in the config file below the sso-session.
    fn profiles(&self) -> String {
        let config = self.home.read(CONFIG);
        let session = self.center.sso_session("corp");
        config.strip_prefix(&session).unwrap_or_else(|| panic!("the session has changed: {config}")).to_owned()
    }
}

/// A profile as it is made.
fn made(name: &str, account: usize, role: &str) -> String {
    format!(
        "[profile {name}]\nsso_session = corp\nsso_account_id = {}\nsso_role_name = {role}\nkeyfob_sync = corp\n",
        id(account)
    )
}

/// The three profiles of [`desk`].
fn all_made() -> String {
    [made("Prod/Admin", 1, "Admin"), made("Prod/Audit", 1, "Audit"), made("Test/Admin", 2, "Admin")].concat()
}

/// What is printed at the end; the numbers are added, changed, removed, unchanged and skipped ones.
fn result([added, changed, removed, unchanged, skipped]: [usize; 5], notes: &str, first: &str) -> String {
    format!(
        "Profiles: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged, {skipped} skipped.\n\
         {notes}Use one with --profile {first}, or for this shell: eval \"$(keyfob env {first})\"\n"
    )
}

#[test]
fn every_role_gets_a_profile_that_is_marked() {
    let desk = desk("");
    desk.sync().stdout(result([3, 0, 0, 0, 0], "", "Prod/Admin")).run();
    assert_eq!(desk.profiles(), all_made());
    // Any tool can use them.
    desk.home.keyfob(["process", "--profile", "Test/Admin"]).any_stdout().run();
}

#[test]
fn bridged_profiles_have_keys_for_keyfob_alone() {
    let desk = desk("");
    let bridged = |name: &str, account, role| {
        let line = format!("\ncredential_process = {} process --profile {name}\nkeyfob_sync", program());
        made(name, account, role).replace("\nsso_", "\nkeyfob_sso_").replace("\nkeyfob_sync", &line)
    };
    let told = result([3, 0, 0, 0, 0], "Every program gets their credentials through keyfob.\n", "Prod/Admin");
    desk.sync_with(["--bridge"]).stdout(told).run();
    let all = [bridged("Prod/Admin", 1, "Admin"), bridged("Prod/Audit", 1, "Audit"), bridged("Test/Admin", 2, "Admin")];
    assert_eq!(desk.profiles(), all.concat());
    desk.home.keyfob(["process", "--profile", "Test/Admin"]).any_stdout().run();
    // And back.
    desk.sync().stdout(result([0, 3, 0, 0, 0], "", "Prod/Admin")).run();
    for line in ["sso_session = corp", "sso_account_id = 000000000002", "sso_role_name = Admin"] {
        assert!(desk.profiles().contains(&format!("\n{line}\n")), "{}", desk.profiles());
    }
    assert!(!desk.profiles().contains("keyfob_sso_") && !desk.profiles().contains("credential_process"));
    desk.home.keyfob(["process", "--profile", "Test/Admin"]).any_stdout().run();
}

#[test]
fn a_thousand_accounts_get_three_thousand_profiles() {
    let desk = Desk::new();
    for number in 1..=1000 {
        desk.center.add_account(Account::new(&id(number), &["Admin", "Audit", "Deploy"]));
    }
    desk.center.serve_all();
    let first = format!("Account-{}/Admin", id(1));
    desk.sync().stdout(result([3000, 0, 0, 0, 0], "", &first)).run();
    let made = desk.home.read(CONFIG);
    assert_eq!(made.matches("\nkeyfob_sync = corp\n").count(), 3000);
    let headers = made.lines().filter(|line| line.starts_with("[profile "));
    assert!(headers.is_sorted(), "accounts and roles are in order");
}
