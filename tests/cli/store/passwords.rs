//! Passwords of profiles that sign in with SAML: in a store each, and moved from one to another.

use super::*;

const PAGE: &str = "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx";

/// A vault whose profile `corp` has its password in this store.
fn with_password(store: impl Fn(&Vault) -> String) -> Vault {
    let vault = Vault::new();
    let store = store(&vault);
    let run = vault.keyfob([
        "profile",
        "set",
        "corp",
        "--saml-endpoint",
        PAGE,
        "--saml-user",
        "jane",
        "--store",
        &store,
        "--stdin",
    ]);
    run.stdin(format!("{MARKER} of jane\n")).any_stdout().run();
    assert_eq!(vault.home.read(".aws/config"), section(&store));
    vault
}

/// The lines of profile `corp` when a store has its password.
fn section(store: &str) -> String {
    let line = format!("credential_process = {} process --profile corp", program());
    format!("[profile corp]\nsaml_endpoint = {PAGE}\nsaml_user = jane\nkeyfob_store = {store}\n{line}\n")
}

fn moves(vault: &Vault, to: &str) -> Invocation {
    vault.keyfob(["store", "move", "corp", "--to", to])
}

#[test]
fn a_password_moves_from_store_to_store_and_back() {
    let vault = with_password(|_| "sealed".to_owned());
    assert!(!std::fs::read(vault.sealed_file()).expect("it is there").windows(6).any(|bytes| bytes == b"MARKER"));
    let config = vault.path(".aws/config");
    let told = format!(
        "Moved the password of profile \"corp\" from the store \"sealed\" to the store \"exec:sh\"; changed \"{config}\".\n"
    );
    moves(&vault, &vault.exec()).stdout(told).run();
    assert_eq!(vault.asked(), "get store get get");
    assert_eq!(vault.home.read(".aws/config"), section(&vault.exec()));
    let whose = "\"saml_host\":\"https://adfs.example.com\",\"saml_user\":\"jane\"";
    let document = format!("{{\"version\":1,\"profile\":\"corp\",\"saml_password\":\"{MARKER} of jane\",{whose}}}\n");
    assert_eq!(vault.home.read("kept/corp"), document);
    vault.keyfob(["store", "list"]).stdout("credentials  dev\nexec:sh      corp  password\n").run();

    let told = format!(
        "Moved the password of profile \"corp\" from the store \"exec:sh\" to the store \"sealed\"; changed \"{config}\".\n"
    );
    moves(&vault, "sealed").stdout(told).run();
    assert_eq!(vault.home.read(".aws/config"), section("sealed"));
    assert!(!vault.home.path().join("kept/corp").exists());
    let told = "The password of profile \"corp\" is in the store \"sealed\" already.\n";
    moves(&vault, "sealed").stdout(told).run();
}

#[test]
fn a_dry_run_moves_nothing_and_opens_nothing() {
    let vault = with_password(|_| "sealed".to_owned());
    let run = vault.home.keyfob(["store", "move", "corp", "--to", &vault.exec(), "--dry-run"]);
    let told = "The password of profile \"corp\" would move from the store \"sealed\" to the store \"exec:sh\".\n";
    let run = run.stderr(told).any_stdout().run();
    assert!(run.stdout.contains("\n-keyfob_store = sealed\n+keyfob_store = exec:sh "), "{}", run.stdout);
    assert_eq!(vault.home.read(".aws/config"), section("sealed"));
}

#[test]
fn no_file_of_plain_text_gets_a_password() {
    let vault = with_password(Vault::exec);
    let config = vault.home.read(".aws/config");
    let hint = "  hint: there are auto, secret-service, keychain, sealed and exec:COMMAND\n";
    for (to, error) in [
        ("credentials", "a password is kept in a store alone\n  cause: the credentials file is plain text\n"),
        ("config", "a password is kept in a store alone\n  cause: the config file is plain text\n"),
        ("sdk", "the store \"sdk\" has no room for passwords\n  cause: .NET keeps none there\n"),
    ] {
        moves(&vault, to).code(2).stderr(format!("keyfob: {error}{hint}")).run();
    }
    assert_eq!(vault.home.read(".aws/config"), config);
}

#[test]
fn where_there_is_none_the_command_that_keeps_one_is_named() {
    let vault = Vault::new();
    vault.home.write(".aws/config", format!("[profile corp]\nsaml_endpoint = {PAGE}\n"));
    let told = "keyfob: cannot move the password of profile \"corp\"\n  cause: no store has one\n  hint: `keyfob profile set \
                corp --store STORE` asks for it, and keeps it\n";
    moves(&vault, "sealed").code(1).stderr(told).run();
    vault.home.write(".aws/config", section(&vault.exec()));
    let told = "keyfob: cannot get the password of profile \"corp\" from its store\n  cause: the store \"exec:sh\" has none of \
                that name\n  hint: store it again: `keyfob profile set corp --store exec:COMMAND`\n";
    moves(&vault, "sealed").code(1).stderr(told).run();
    assert_eq!(vault.home.read(".aws/config"), section(&vault.exec()));
}

#[test]
fn a_password_of_another_profile_is_not_replaced() {
    let vault = with_password(|_| "sealed".to_owned());
    vault.home.write("kept/corp", format!("{{\"saml_password\":\"{MARKER} of joe\"}}"));
    let run = moves(&vault, &vault.exec()).code(1).any_stderr().run();
    let told = "keyfob: cannot keep the password of profile \"corp\" in a store\n  cause: the store \"exec:sh\" has a password of";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    assert_eq!(vault.home.read(".aws/config"), section("sealed"));
    assert!(vault.home.read("kept/corp").contains("of joe"));
}

#[test]
fn one_store_under_two_names_keeps_the_password() {
    let vault = with_password(Vault::exec);
    let other = format!("exec:sh {}/./helper", vault.home.path().display());
    moves(&vault, &other).any_stdout().run();
    assert_eq!(vault.home.read(".aws/config"), section(&other));
    assert!(vault.home.read("kept/corp").contains("of jane"));
}

#[test]
fn a_passphrase_is_asked_for_once() {
    let vault = with_password(Vault::exec);
    vault.home.write("ask.sh", format!("echo x >>\"$HOME/times\"\necho {MARKER}\n"));
    let command = format!("sh {}", vault.home.path().join("ask.sh").display());
    for to in ["sealed", &vault.exec()] {
        vault.home.write("times", "");
        moves(&vault, to).env("KEYFOB_PASSPHRASE_COMMAND", &command).any_stdout().run();
        assert_eq!(vault.home.read("times"), "x\n", "{to}");
    }
}

#[test]
fn a_program_that_repeats_a_password_is_not_quoted() {
    let vault = Vault::new();
    vault.home.write("helper", "[ $1 = get ] && exit 0; cat >&2; exit 1");
    let run = vault.keyfob([
        "profile",
        "set",
        "corp",
        "--saml-endpoint",
        PAGE,
        "--saml-user",
        "jane",
        "--store",
        &vault.exec(),
        "--stdin",
    ]);
    let run = run.stdin(format!("{MARKER}\n")).code(1).any_stderr().run();
    assert!(run.stderr.contains("\"saml_password\":\"***\""), "{}", run.stderr);
}

#[test]
fn a_password_of_another_person_neither_moves_nor_goes() {
    let vault = with_password(|_| "sealed".to_owned());
    let joe = section("sealed").replace("jane", "joe");
    vault.home.write(".aws/config", &joe);
    let told = "keyfob: cannot get the password of profile \"corp\" from its store\n  cause: the store \"sealed\" has the \
                password of \"jane\" at https://adfs.example.com for it, and the profile names \"joe\" at \
                https://adfs.example.com\n  hint: keep the right one: `keyfob profile set corp --stdin` asks for it\n";
    moves(&vault, &vault.exec()).code(1).stderr(told).run();
    assert_eq!(vault.home.read(".aws/config"), joe);
    let told = "keyfob: the store \"sealed\" has a password of the name \"corp\", which this profile does not name; it stays\n";
    vault.keyfob(["profile", "remove", "corp", "--yes"]).any_stdout().stderr(told).run();
    vault.home.write(".aws/config", section("sealed"));
    moves(&vault, &vault.exec()).any_stdout().run();
    assert!(vault.home.read("kept/corp").contains("of jane"));
}
