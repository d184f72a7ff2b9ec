//! `secret-service` as a store: a session bus with the keyring of GNOME, and `secret-tool` beside keyfob.

#[path = "../../src/store/secret_service/tests/keyring.rs"]
mod keyring;

use crate::{
    fake::MARKER,
    keyfob::{Home, Invocation, program},
};
use keyring::SessionBus;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const OTHER_ID: &str = "AKIAI44QH8DHBEXAMPLE";
const LOOKUP: [&str; 5] = ["lookup", "service", "keyfob", "profile", "dev"];
const LOCKED: &str = "the store \"secret-service\" is locked: there is no desktop to ask for its password on
  hint: unlock the keyring in its own program, and try again\n";
const CANNOT_GET: &str = "keyfob: cannot get the keys of profile \"dev\"\n  cause: ";
const CANNOT_KEEP: &str = "keyfob: cannot keep the keys of profile \"dev\" in a store\n  cause: ";

/// A user in a session with a keyring.
struct Seat {
    bus: SessionBus,
    home: Home,
}

impl Seat {
    /// `None`, aloud, where there is no keyring to test with.
    fn new() -> Option<Self> {
        let bus = SessionBus::new()?.unlocked();
        let home = Home::new().env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        Some(Self { bus, home })
    }

    fn set(&self, id: &str) -> Invocation {
        let store = ["profile", "set", "dev", "--access-key", id, "--stdin", "--store", "secret-service"];
        self.home.keyfob(store).stdin(format!("{}\n", secret(id)))
    }

    fn process(&self) -> Invocation {
        self.home.keyfob(["process", "--profile", "dev"])
    }

    fn config(&self) -> String {
        self.home.read(".aws/config")
    }
}

fn secret(id: &str) -> String {
    format!("{MARKER}/of+{id}")
}

fn document(id: &str) -> String {
    format!(r#"{{"aws_access_key_id":"{id}","aws_secret_access_key":"{}"}}"#, secret(id))
}

fn credentials(id: &str) -> String {
    format!("{{\"Version\":1,\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"{}\"}}\n", secret(id))
}

fn section(id: &str) -> String {
    format!(
        "[profile dev]\nkeyfob_store = secret-service\nkeyfob_aws_access_key_id = {id}\n\
         credential_process = {} process --profile dev\n",
        program()
    )
}

#[test]
fn keys_go_into_the_keyring_and_no_file_has_their_secret() {
    let Some(seat) = Seat::new() else { return };
    seat.set(ID).any_stdout().run();
    assert_eq!(seat.config(), section(ID));
    assert!(!seat.home.path().join(".aws/credentials").exists());
    assert_eq!(seat.bus.secret_tool(&LOOKUP, ""), Some(document(ID)));
    seat.process().stdout(credentials(ID)).run();
}

#[test]
fn other_keys_take_their_place() {
    let Some(seat) = Seat::new() else { return };
    seat.set(ID).any_stdout().run();
    seat.set(OTHER_ID).any_stdout().any_stderr().run();
    assert_eq!(seat.config(), section(OTHER_ID));
    assert_eq!(seat.bus.secret_tool(&LOOKUP, ""), Some(document(OTHER_ID)));
    seat.process().stdout(credentials(OTHER_ID)).run();
}

#[test]
fn an_entry_that_another_program_wrote_is_used() {
    let Some(seat) = Seat::new() else { return };
    seat.home.write(".aws/config", section(ID));
    let store = ["store", "--label=by hand", "service", "keyfob", "profile", "dev"];
    seat.bus.secret_tool(&store, &document(ID)).expect("secret-tool stores it");
    seat.process().stdout(credentials(ID)).run();
}

#[test]
fn a_removed_profile_leaves_nothing_in_the_keyring() {
    let Some(seat) = Seat::new() else { return };
    seat.set(ID).any_stdout().run();
    seat.home.keyfob(["profile", "remove", "dev", "--yes"]).any_stdout().run();
    assert_eq!(seat.bus.secret_tool(&LOOKUP, ""), None);
    assert_eq!(seat.config(), "");
}

#[test]
fn profiles_in_the_keyring_are_listed() {
    let Some(seat) = Seat::new() else { return };
    seat.set(ID).any_stdout().run();
    let store = ["store", "--label=by hand", "service", "keyfob", "profile", "old"];
    seat.bus.secret_tool(&store, &document(ID)).expect("secret-tool stores it");
    let lines = "secret-service  dev\nsecret-service  old  no profile names it\n";
    seat.home.keyfob(["store", "list"]).stdout(lines).run();
}

#[test]
fn keys_move_from_the_credentials_file_into_the_keyring_and_back() {
    let Some(seat) = Seat::new() else { return };
    let section = format!("[dev]\naws_access_key_id = {ID}\naws_secret_access_key = {}\n", secret(ID));
    seat.home.write(".aws/credentials", &section);
    seat.home.keyfob(["store", "move", "dev", "--to", "secret-service"]).any_stdout().any_stderr().run();
    assert_eq!(seat.bus.secret_tool(&LOOKUP, ""), Some(document(ID)));
    assert!(!seat.home.read(".aws/credentials").contains(MARKER));
    seat.process().stdout(credentials(ID)).run();
    seat.home.keyfob(["store", "move", "dev", "--to", "credentials"]).any_stdout().any_stderr().run();
    assert_eq!(seat.bus.secret_tool(&LOOKUP, ""), None);
    assert_eq!(seat.home.read(".aws/credentials"), section);
}

#[test]
fn a_password_goes_into_the_keyring_and_leaves_it_with_its_profile() {
    let Some(seat) = Seat::new() else { return };
    let page = ["--saml-endpoint", "https://adfs.example.com/", "--saml-user", "jane"];
    let words = ["profile", "set", "dev", "--store", "auto", "--stdin"].into_iter().chain(page);
    let told = format!(
        "Profile \"dev\" is in \"{}\".\nIts password is in the store \"secret-service\".\n",
        seat.home.path().join(".aws/config").display()
    );
    seat.home.keyfob(words).stdin(format!("{MARKER} of jane\n")).stdout(told).run();
    let section = format!(
        "[profile dev]\nsaml_endpoint = https://adfs.example.com/\nsaml_user = jane\nkeyfob_store = secret-service\n\
         credential_process = {} process --profile dev\n",
        program()
    );
    assert_eq!(seat.config(), section);
    assert_eq!(
        seat.bus.secret_tool(&LOOKUP, ""),
        Some(format!(
            r#"{{"saml_password":"{MARKER} of jane","saml_host":"https://adfs.example.com","saml_user":"jane"}}"#
        ))
    );
    seat.home.keyfob(["store", "list"]).stdout("secret-service  dev  password\n").run();
    // Keys in its place are another entry, with a label of their own.
    seat.set(ID).any_stdout().any_stderr().run();
    let found = seat.bus.secret_tool(&["search", "--all", "service", "keyfob"], "").expect("it is found");
    assert_eq!(found.matches("label = ").count(), 1, "{found}");
    assert!(found.contains("label = keyfob: AWS access key of profile dev\n"), "{found}");
    seat.process().stdout(credentials(ID)).run();
    seat.home.keyfob(["profile", "remove", "dev", "--yes"]).any_stdout().run();
    assert_eq!(seat.bus.secret_tool(&LOOKUP, ""), None);
}

#[test]
fn a_locked_keyring_is_told_and_not_taken_for_an_empty_one() {
    let Some(mut seat) = Seat::new() else { return };
    seat.set(ID).any_stdout().run();
    seat.bus.lock();
    seat.process().code(3).stderr(format!("{CANNOT_GET}{LOCKED}")).run();
    seat.set(OTHER_ID).code(3).stderr(format!("{CANNOT_KEEP}{LOCKED}")).run();
    assert_eq!(seat.config(), section(ID));
}

#[test]
fn a_session_without_a_keyring_is_told() {
    let Some(bus) = SessionBus::new() else { return };
    let home = Home::new().env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let seat = Seat { bus, home };
    let why = "the store \"secret-service\" is not there: no keyring runs on the session bus";
    let hint = "start a keyring in this session, such as GNOME Keyring, KWallet or KeePassXC, or use another store";
    seat.set(ID).code(1).stderr(format!("{CANNOT_KEEP}{why}\n  hint: {hint}\n")).run();
    assert!(!seat.home.path().join(".aws/config").exists());
}

#[test]
fn a_session_without_a_bus_is_told() {
    let home = Home::new().config(&section(ID)).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    let why = "there is no session bus at \"/nowhere/bus\": No such file or directory (os error 2)";
    let hint = "start a keyring in this session, such as GNOME Keyring, KWallet or KeePassXC, or use another store";
    let cause = format!("the store \"secret-service\" is not there: {why}");
    let run = home.keyfob(["process", "--profile", "dev"]).code(1);
    run.stderr(format!("{CANNOT_GET}{cause}\n  hint: {hint}\n")).run();
}

#[test]
fn a_keyring_that_does_not_start_is_told() {
    let Some(bus) = SessionBus::new() else { return };
    let bus = bus.with_service("org.freedesktop.secrets", "/bin/false");
    let home = Home::new().env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let run = Seat { bus, home }.set(ID).code(1).any_stderr().run();
    let start = format!("{CANNOT_KEEP}the store \"secret-service\" is not there: the keyring does not start: ");
    assert!(run.stderr.starts_with(&start), "{}", run.stderr);
}
