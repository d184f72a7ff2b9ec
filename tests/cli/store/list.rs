//! `keyfob store list`: the files, the stores, and what is wrong with them.

use super::{super::keyfob::json, *};
use serde_json::json;

#[test]
fn files_and_stores_with_what_they_keep() {
    let vault = Vault::sealed();
    let token = format!("aws_session_token = {MARKER}\n");
    vault.home.write(".aws/credentials", vault.jane.section("base") + &vault.jane.section("tmp") + &token);
    let config = vault.home.read(".aws/config") + &vault.jane.section("profile plain");
    let gone = vault.noted_as("gone", "sealed");
    vault.home.write(".aws/config", config + &gone);
    let listed = "credentials  base\ncredentials  tmp    temporary\nconfig       plain\nsealed       dev\nsealed       gone   \
                  missing in the store\n";
    vault.keyfob(["store", "list"]).stdout(listed).run();
}

#[test]
fn entry_that_no_profile_names_is_listed() {
    let vault = Vault::sealed();
    vault.home.write(".aws/config", "");
    vault.keyfob(["store", "list"]).stdout("sealed  dev  no profile names it\n").run();
}

#[test]
fn locked_store_does_not_hide_the_rest() {
    let vault = Vault::sealed();
    let helper = vault.noted_as("ops", &vault.exec());
    vault.home.write(".aws/config", vault.home.read(".aws/config") + &helper);
    vault.home.write("kept/ops", "");
    let told =
        "keyfob: the store \"sealed\" is not listed, locked: there is no terminal to ask for its passphrase on\n";
    let listed = "sealed   dev  locked\nexec:sh  ops\n";
    vault.home.keyfob(["store", "list"]).stdout(listed).stderr(told).run();
}

#[test]
fn program_that_cannot_list_is_no_failure() {
    let vault = Vault::with_helper();
    vault.home.write("helper", "cat >/dev/null");
    vault.keyfob(["store", "list"]).stdout("exec:sh  dev  the store does not list it\n").run();
    vault.home.write("helper", "exit 1");
    let told = "keyfob: the store \"exec:sh\" is not listed, failed: \"sh\", told to list, ended with exit status: 1 and said nothing\n";
    vault.keyfob(["store", "list"]).stdout("exec:sh  dev  failed\n").stderr(told).run();
}

#[test]
fn nowhere_are_any_keys() {
    let vault = Vault::new();
    vault.home.write(".aws/credentials", "");
    vault.keyfob(["store", "list"]).stderr("No keys are kept anywhere.\n").run();
}

#[test]
fn json_has_every_place() {
    let vault = Vault::sealed();
    let run = vault.home.keyfob(["store", "list", "--json"]).any_stdout().run();
    let (config, credentials) = (vault.path(".aws/config"), vault.path(".aws/credentials"));
    let why = "there is no terminal to ask for its passphrase on";
    let entries = json!([{ "profile": "dev", "kept": "keys", "state": "unknown" }]);
    let stores = json!({ "stores": [
        { "store": "credentials", "file": credentials, "state": "ok", "entries": [] },
        { "store": "config", "file": config, "state": "ok", "entries": [] },
        { "store": "sealed", "file": vault.sealed_file(), "state": "locked", "why": why, "entries": entries },
    ]});
    assert_eq!(json(&run.stdout), stores);
}

#[test]
fn other_location_has_other_files() {
    let vault = Vault::new();
    vault.home.write("other/credentials", vault.jane.section("elsewhere"));
    vault.keyfob(["store", "list", "--profile-location", "other/credentials"]).stdout("credentials  elsewhere\n").run();
}

#[test]
fn wrong_passphrase_is_a_refusal() {
    let vault = Vault::sealed();
    let path = vault.sealed_file();
    let told = format!(
        "keyfob: the store \"sealed\" is not listed, refused: the passphrase is wrong, or \"{}\" is damaged\n",
        path.display()
    );
    let run = vault.keyfob(["store", "list"]).env("PASSPHRASE", "another");
    run.stdout("sealed  dev  refused\n").stderr(told).run();
}

#[test]
fn profile_that_is_named_before_the_command_is_not_passed_over() {
    let vault = Vault::sealed();
    for (command, about) in [("list", "all profiles"), ("unlock", "the sealed file"), ("lock", "the sealed file")] {
        let told = format!("keyfob: `keyfob store {command}` is about {about}, and \"dev\" is named\n");
        vault.keyfob(["-p", "dev", "store", command]).code(2).stderr(told).run();
    }
}

#[test]
fn passwords_are_told_from_keys() {
    let vault = Vault::with_helper();
    let store = vault.exec();
    let saml = |name: &str| format!("[profile {name}]\nsaml_endpoint = https://x/\nkeyfob_store = {store}\n");
    vault.home.write(".aws/config", vault.noted(&store) + &saml("corp") + &saml("gone"));
    vault.home.write("kept/corp", format!("{{\"saml_password\":\"{MARKER}\"}}"));
    let listed = "exec:sh  dev\nexec:sh  corp  password\nexec:sh  gone  password, missing in the store\n";
    vault.keyfob(["store", "list"]).stdout(listed).run();
    let run = vault.keyfob(["store", "list", "--json"]).any_stdout().run();
    let entries = json!([
        { "profile": "dev", "kept": "keys", "state": "kept" },
        { "profile": "corp", "kept": "password", "state": "kept" },
        { "profile": "gone", "kept": "password", "state": "missing" },
    ]);
    let stores = json(&run.stdout)["stores"].clone();
    let of_helper = stores.as_array().expect("a list").iter().find(|store| store["store"] == "exec:sh");
    assert_eq!(of_helper.expect("it is listed")["entries"], entries);
}
