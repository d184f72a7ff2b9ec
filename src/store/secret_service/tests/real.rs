//! With the keyring of GNOME, and `secret-tool` as the other program that reads and writes it.

use super::keyring::SessionBus;
use super::{keys, session_keys, with_token};
use crate::context::{Context, Vars};
use crate::secret::Secret;
use crate::store::secret_service::{SecretService, is_there};
use crate::store::{Kept, Patience, SecretStore as _, Trouble};
use crate::terminal::Terminal;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

const LOOKUP: [&str; 5] = ["lookup", "service", "keyfob", "profile", "dev"];

fn context(bus: &SessionBus) -> Context {
    context_at(&bus.address)
}

fn context_at(address: &str) -> Context {
    let vars = Vars::from([("DBUS_SESSION_BUS_ADDRESS", address)]);
    Context { vars, clock: crate::context::Clock::default(), terminal: Terminal::default() }
}

/// Checks something with a keyring of its own: once more where that has crashed meanwhile, as GNOME's does now and then.
fn with_keyring(check: impl Fn(&mut SessionBus)) {
    let Some(mut bus) = SessionBus::new().map(SessionBus::unlocked) else { return };
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(&mut bus))) else { return };
    if !bus.last_has_ended() {
        resume_unwind(panic);
    }
    let mut bus = SessionBus::new().map(SessionBus::unlocked).expect("it was there before");
    check(&mut bus);
}

fn store_by_hand(bus: &SessionBus, profile: &str, document: &str) {
    let arguments = ["store", "--label=by hand", "service", "keyfob", "profile", profile];
    bus.secret_tool(&arguments, document).expect("secret-tool stores it");
}

#[test]
fn what_is_put_is_read_by_keyfob_and_by_others_and_gone_once_removed() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        assert_eq!(store.get("dev"), Ok(None));
        assert_eq!(store.put("dev", &keys("AKIAONE")), Ok(()));
        assert_eq!(store.get("dev"), Ok(Some(keys("AKIAONE"))));
        let document = r#"{"aws_access_key_id":"AKIAONE","aws_secret_access_key":"wJalr/é\"\\+"}"#;
        assert_eq!(bus.secret_tool(&LOOKUP, "").as_deref(), Some(document));
        let found = bus.secret_tool(&["search", "service", "keyfob"], "").expect("it is found");
        assert!(found.contains("label = keyfob: AWS access key of profile dev\n"), "{found}");
        assert!(found.contains("schema = org.freedesktop.Secret.Generic\n"), "{found}");
        assert_eq!(store.remove("dev"), Ok(true));
        assert_eq!(store.remove("dev"), Ok(false));
        assert_eq!(store.get("dev"), Ok(None));
        assert_eq!(bus.secret_tool(&LOOKUP, ""), None);
    });
}

#[test]
fn new_keys_take_the_place_of_the_old_ones_and_of_their_token() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        store.put("dev", &session_keys("ASIAONE")).expect("it is unlocked");
        assert_eq!(store.get("dev"), Ok(Some(session_keys("ASIAONE"))));
        store.put("dev", &keys("AKIATWO")).expect("it is unlocked");
        assert_eq!(store.get("dev"), Ok(Some(keys("AKIATWO"))));
        let found = bus.secret_tool(&["search", "--all", "service", "keyfob"], "").expect("it is found");
        assert_eq!(found.matches("label = ").count(), 1, "{found}");
    });
}

#[test]
fn an_entry_that_secret_tool_wrote_is_read_and_written_over() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        store_by_hand(
            bus,
            "dev",
            "{\"aws_secret_access_key\": \"wJalr/é\\\"\\\\+\",\n \"aws_access_key_id\": \"AKIAHAND\"}\n",
        );
        assert_eq!(store.get("dev"), Ok(Some(keys("AKIAHAND"))));
        store.put("dev", &keys("AKIATWO")).expect("it is unlocked");
        let found = bus.secret_tool(&["search", "--all", "service", "keyfob"], "").expect("it is found");
        assert_eq!(found.matches("label = ").count(), 1, "{found}");
        assert_eq!(store.get("dev"), Ok(Some(keys("AKIATWO"))));
    });
}

#[test]
fn a_password_is_an_entry_as_keys_are() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        let password = crate::store::Password::from(Secret::new(" wJalr/é\"\\+ "));
        assert_eq!(store.put("dev", &Kept::Password(password.clone())), Ok(()));
        assert_eq!(store.password("dev"), Ok(Some(password)));
        let why = "it has a password of that name, and no keys".to_owned();
        assert_eq!(store.keys("dev"), Err(Trouble::Failed(why)));
        assert_eq!(bus.secret_tool(&LOOKUP, "").as_deref(), Some(r#"{"saml_password":" wJalr/é\"\\+ "}"#));
        let found = bus.secret_tool(&["search", "service", "keyfob"], "").expect("it is found");
        assert!(found.contains("label = keyfob: SAML password of profile dev\n"), "{found}");
        assert_eq!(store.list(), Ok(Some(vec!["dev".to_owned()])));
        assert_eq!(store.remove("dev"), Ok(true));
        assert_eq!(store.password("dev"), Ok(None));
    });
}

#[test]
fn an_entry_that_is_no_document_of_keys_is_refused() {
    with_keyring(|bus| {
        store_by_hand(bus, "dev", "wJalr");
        let why = "the entry of profile \"dev\" cannot be used: it is not the JSON that keyfob writes";
        assert_eq!(
            SecretService::new(Patience::OfAPerson, &context(bus)).get("dev"),
            Err(Trouble::Failed(why.to_owned()))
        );
    });
}

#[test]
fn every_profile_with_keys_is_listed_and_nothing_of_others() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        assert_eq!(store.list(), Ok(Some(vec![])));
        for profile in ["prod", "dev", "with blank", "é\"'\\"] {
            store.put(profile, &keys("AKIA")).expect("it is unlocked");
        }
        store_by_hand(bus, "by-hand", "{}");
        bus.secret_tool(&["store", "--label=other", "service", "other", "profile", "not-ours"], "x")
            .expect("it stores");
        let profiles = ["by-hand", "dev", "prod", "with blank", "é\"'\\"].map(str::to_owned).to_vec();
        assert_eq!(store.list(), Ok(Some(profiles)));
        assert_eq!(store.get("with blank"), Ok(Some(keys("AKIA"))));
        assert_eq!(store.get("with"), Ok(None));
    });
}

#[test]
fn a_locked_entry_is_not_an_absent_one() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        store.put("dev", &keys("AKIAONE")).expect("it is unlocked");
        bus.lock();
        let why = || Trouble::Locked("there is no desktop to ask for its password on".to_owned());
        assert_eq!(store.get("dev"), Err(why()));
        assert_eq!(store.put("dev", &keys("AKIATWO")), Err(why()));
        assert_eq!(store.remove("dev"), Err(why()));
        assert_eq!(store.list(), Err(why()));
        // What may be in there as well as not.
        assert_eq!(store.get("other"), Err(why()));
        assert_eq!(store.put("other", &keys("AKIATWO")), Err(why()));
    });
}

#[test]
fn a_large_token_goes_through() {
    with_keyring(|bus| {
        let context = context(bus);
        let store = SecretService::new(Patience::OfAPerson, &context);
        let large = with_token("ASIA", Some(Secret::new("t".repeat(300_000))));
        store.put("dev", &large).expect("it is unlocked");
        assert_eq!(store.get("dev"), Ok(Some(large)));
    });
}

#[test]
fn a_bus_without_a_keyring_is_told_from_one_that_would_start_it() {
    let Some(bus) = SessionBus::new() else { return };
    let absent = Err(Trouble::Absent("no keyring runs on the session bus".to_owned()));
    assert_eq!(SecretService::new(Patience::OfAPerson, &context(&bus)).get("dev"), absent);
    assert!(!is_there(&context(&bus)));
    let bus = bus.with_service("org.freedesktop.secrets", "/bin/false");
    assert!(is_there(&context(&bus)));
    let Err(Trouble::Absent(why)) = SecretService::new(Patience::OfAPerson, &context(&bus)).get("dev") else {
        panic!("/bin/false is none")
    };
    assert!(why.starts_with("the keyring does not start: "), "{why}");
    let bus = bus.unlocked();
    assert!(is_there(&context(&bus)));
}
