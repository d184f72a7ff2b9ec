//! A password that a store keeps: nobody is asked as long as it is right.

use super::{
    super::scene::{Left, age_entry, entries},
    Adfs, DEV, PASSWORD, PROVIDER, SIGN_ON, Scene, Terminal, signing_in,
};
use serde_json::json;
use std::time::Duration;

/// A profile whose store is a program that prints this document.
fn keeping(document: &str) -> Option<(Scene, Adfs)> {
    keeping_at("form", document)
}

fn keeping_at(way: &str, document: &str) -> Option<(Scene, Adfs)> {
    let (scene, adfs) = signing_in(way, "keyfob_store = exec:sh helper")?;
    scene.home.write("helper", "cat >/dev/null; cat $HOME/kept");
    scene.home.write("kept", document);
    Some((scene, adfs))
}

fn password(text: &str) -> String {
    json!({ "saml_password": text }).to_string()
}

#[test]
fn stored_password_signs_in_without_a_person_and_early() {
    let Some((scene, _adfs)) = keeping(&password(PASSWORD)) else { return };
    scene.expect(DEV);
    scene.process().any_stdout().run();
    let [entry] = entries(&scene.home).try_into().expect("one entry");
    age_entry(&scene.home, &entry, Duration::from_hours(1), Left::Still(Duration::from_mins(2)));
    scene.expect(DEV);
    scene.process().any_stdout().run();
}

const WRONG: &str = "MARKERsecret wrong";

/// How many passwords the provider was sent.
fn tries(scene: &Scene) -> usize {
    scene.home.read("log-form").matches("POST").count()
}

#[test]
fn wrong_one_is_tried_once_where_there_is_nobody_to_ask() {
    let Some((scene, adfs)) = keeping(&password(WRONG)) else { return };
    let stderr = |cause: &str| {
        format!(
            "keyfob: cannot sign in at {} for profile \"corp\"\n  cause: {cause}\n  hint: keep the right one: `keyfob \
             profile set corp --stdin`\n",
            adfs.host
        )
    };
    let refused = "the name \"CORP\\jane\" or the password was refused: Incorrect user ID or password. Type the correct \
                   ones.";
    scene.process().code(3).stderr(stderr(refused)).run();
    let page = SIGN_ON.split('?').next().unwrap_or_default();
    let log = format!("GET {page}\nPOST {page} Cookie form\n");
    assert_eq!(adfs.log(&scene, "form"), log);

    let told = scene.process().code(3).any_stderr().run().stderr;
    let (start, end) = ("the stored password of \"CORP\\jane\" was tried in vain ", " ago and is still the same");
    assert!(told.contains(start) && told.contains(end), "{told}");
    assert_eq!(adfs.log(&scene, "form"), log, "no server is asked");

    scene.home.write("kept", password(PASSWORD));
    scene.expect(DEV);
    scene.process().any_stdout().run();
}

/// One person's profiles have the same password, and directories lock accounts.
#[test]
fn wrong_one_is_tried_once_for_all_profiles_and_processes() {
    let Some((scene, adfs)) = keeping(&password(WRONG)) else { return };
    let settings = format!("{}\nkeyfob_store = exec:sh helper\n", adfs.settings());
    let others = settings.replace("saml_user = jane", "saml_user = Jane");
    scene.set(&format!("{settings}[profile other]\n{others}"));
    std::thread::scope(|scope| {
        for number in 0..6 {
            let profile = if number % 2 == 0 { "corp" } else { "other" };
            let run = scene.home.keyfob(["process", profile]).code(3).any_stderr();
            scope.spawn(move || run.run());
        }
    });
    assert_eq!(tries(&scene), 1);
}

#[test]
fn right_one_is_tried_by_several_at_once() {
    let Some((scene, adfs)) = keeping(&password(PASSWORD)) else { return };
    let settings = format!("{}\nkeyfob_store = exec:sh helper\n", adfs.settings());
    let role = format!("saml_role_arn = {DEV}\n");
    scene.set(&format!(
        "{settings}[profile b]\n{settings}{role}[profile c]\n{settings}{role}saml_principal_arn = {PROVIDER}\n"
    ));
    std::thread::scope(|scope| {
        for profile in ["corp", "b", "c"] {
            scene.expect(DEV);
            let run = scene.home.keyfob(["process", profile]).any_stdout();
            scope.spawn(move || run.run());
        }
    });
}

#[test]
fn wrong_one_is_tried_once_while_there_is_something_to_hand_out() {
    let Some((scene, _adfs)) = keeping(&password(PASSWORD)) else { return };
    scene.expect(DEV);
    scene.process().any_stdout().run();
    let [entry] = entries(&scene.home).try_into().expect("one entry");
    age_entry(&scene.home, &entry, Duration::from_hours(1), Left::Still(Duration::from_mins(2)));
    scene.home.write("kept", password(WRONG));
    for _ in 0..2 {
        scene.process().any_stdout().run();
        // As if more time had passed than between two tries.
        let _ = std::fs::remove_file(entry.with_extension("note"));
    }
    assert_eq!(tries(&scene), 2, "the right one, and the wrong one");
}

#[test]
fn wrong_one_is_asked_for_in_a_terminal_and_not_tried_again() {
    let Some((scene, adfs)) = keeping(&password(WRONG)) else { return };
    let still = "keyfob: the store still has the password of profile \"corp\" that was refused; keep the right one: \
                 `keyfob profile set corp --stdin`\n";
    let question = adfs.question("CORP\\jane");
    let words = format!("Incorrect user ID or password. Type the correct ones. {question}");
    scene.expect(DEV);
    let person = Terminal::new().answer(&words, &format!("{PASSWORD}\n"));
    scene.process().terminal(person).any_stdout().stderr(still).screen(format!("{words}\n")).run();
    assert_eq!(tries(&scene), 2);

    let [entry] = entries(&scene.home).try_into().expect("one entry");
    std::fs::remove_file(entry).expect("it is there");
    scene.expect(DEV);
    let run = scene.process().terminal(adfs.jane()).any_stdout().stderr(still).any_screen().run();
    let start = "The stored one was tried in vain ";
    assert!(run.screen.starts_with(start) && run.screen.contains(&format!(" ago. {question}")), "{}", run.screen);
    assert_eq!(tries(&scene), 3, "the stored one is not sent");
}

/// It cannot be told from a wrong one by every server, and each try may count as one.
#[test]
fn one_that_leads_to_a_page_for_a_person_is_not_tried_again() {
    let Some((scene, _adfs)) = keeping_at("mfa", &password(PASSWORD)) else { return };
    for (code, told) in [(1, "shows a page \"Verify your identity\""), (3, "was tried in vain")] {
        let run = scene.process().any_stderr().code(code).run();
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
    assert_eq!(scene.home.read("log-mfa").matches("POST").count(), 1);
}

#[test]
fn store_without_one_leaves_it_to_a_person() {
    let Some((scene, adfs)) = keeping("") else { return };
    let run = scene.process().code(3).any_stderr().run();
    let start = format!(
        "keyfob: profile \"corp\" needs the password of \"jane\" for {}\n  cause: there is no terminal to ask on\n  hint: \
         run `keyfob whoami corp` in a terminal, or keep the password in a store: `keyfob profile set corp --store ",
        adfs.host
    );
    assert!(run.stderr.starts_with(&start), "{}", run.stderr);
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
}

#[test]
fn store_in_trouble_is_named() {
    let Some((scene, _adfs)) = keeping("{\"aws_access_key_id\":\"AKIA\",\"aws_secret_access_key\":\"MARKERsecret\"}")
    else {
        return;
    };
    let stderr = "keyfob: cannot get the password of profile \"corp\"\n  cause: the store \"exec:sh\" failed: it has the \
                  access key \"AKIA\" of that name, and no password\n";
    scene.process().code(1).stderr(stderr).run();
}
