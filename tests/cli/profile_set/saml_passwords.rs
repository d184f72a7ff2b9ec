//! Passwords of profiles that sign in with SAML: into their store, out of it, and whose they are.

use super::super::faults::{self, Fault};
use super::super::keyfob::{Terminal, has_terminal};
use super::saml::line;
use super::stores::{JANE, PAGE, PASSWORD, Shelf};
use super::*;

/// What is printed of a password that is kept.
fn kept(shelf: &Shelf) -> String {
    shelf.files.is_in(&["config"]) + &format!("Its password is in the store \"{}\".\n", shelf.name)
}

fn forgotten(shelf: &Shelf, what: &str) -> String {
    format!("The store \"{}\" has forgotten {what}.\n", shelf.name)
}

#[test]
fn a_password_goes_into_a_store_as_it_is() {
    let shelf = Shelf::new("[profile dev]\nregion = a\n", "");
    shelf.put_password(&JANE).stdout(kept(&shelf)).run();
    shelf.files.have(&format!("[profile dev]\nregion = a\n{}", shelf.saml("dev")), "");
    let whose = "\"saml_host\":\"https://adfs.example.com\",\"saml_user\":\"jane\"";
    let document = format!("{{\"version\":1,\"profile\":\"dev\",\"saml_password\":\"{PASSWORD}\",{whose}}}\n");
    assert_eq!(shelf.files.home.read("shelf/dev"), document);
}

#[test]
fn another_password_takes_the_place_of_the_one_before() {
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    let already = kept(&shelf).replace(".\nIts", " already, as it should be.\nIts");
    for words in [&["dev", "--stdin"][..], &["dev", "--stdin", "--store", &shelf.name]] {
        shelf.files.set(words.iter().copied()).stdin("MARKERother\r\n").stdout(&*already).run();
        assert_eq!(shelf.password_of("dev").as_deref(), Some("MARKERother"));
        shelf.put_password(&[]).stdout(&*already).run();
        assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    }
    shelf.files.have(&config, "");
}

#[test]
fn a_password_that_is_typed_is_not_shown() {
    if !has_terminal() {
        return;
    }
    let shelf = Shelf::new("", "");
    let terminal = Terminal::new().answer("Password: ", "\n").answer("Password: ", &format!("{PASSWORD}\n"));
    let run = shelf.files.set(["dev", "--store", &shelf.name].into_iter().chain(JANE)).terminal(terminal);
    let told = "That is empty; Ctrl-C leaves everything as it is.\n";
    run.screen("Password: \nPassword: \n").stderr(told).stdout(kept(&shelf)).run();
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));

    let terminal = Terminal::new().answer("Password: ", "\x03");
    let run = shelf.files.set(["dev", "--store", &shelf.name]).terminal(terminal).screen("Password: \n");
    let hint = "  hint: a program can send it, too: `keyfob profile set dev --store exec:COMMAND --stdin < FILE`\n";
    run.code(130).stderr(format!("keyfob: nothing was stored\n  cause: interrupted\n{hint}")).run();
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
}

#[test]
fn without_a_terminal_the_command_that_reads_it_is_named() {
    let files = Files::new("", "");
    let error = "keyfob: nothing was stored\n  cause: there is no terminal to ask on\n  hint: a program can send it, too: \
                 `keyfob profile set dev --saml-endpoint https://x/ --saml-user jane --store sealed --stdin < FILE`\n";
    files
        .set(["dev", "--saml-endpoint", "https://x/", "--saml-user", "jane", "--store", "sealed"])
        .code(1)
        .stderr(error)
        .run();
    files.have("", "");
}

#[test]
fn keys_that_become_a_password_are_forgotten_and_the_other_way_round() {
    let shelf = Shelf::filled("[profile dev]\nregion = a\n", "");
    let told = "Removed from profile \"dev\", since it belongs to other credentials: keyfob_aws_access_key_id\n";
    let run = shelf.put_password(&JANE);
    run.stdout(kept(&shelf)).stderr(format!("{told}{}", forgotten(&shelf, "the access key \"AKIAEXAMPLE\""))).run();
    let (line, name) = (line(), &shelf.name);
    let saml = format!("keyfob_store = {name}\n{line}saml_endpoint = {PAGE}\nsaml_user = jane\n");
    shelf.files.have(&format!("[profile dev]\nregion = a\n{saml}"), "");
    assert_eq!((shelf.id_of("dev"), shelf.password_of("dev").as_deref()), (None, Some(PASSWORD)));

    let told = "Removed from profile \"dev\", since it belongs to other credentials: saml_endpoint, saml_user\n";
    let run = shelf.put("AKIAEXAMPLE").any_stdout();
    run.stderr(format!("{told}{}", forgotten(&shelf, "the password"))).run();
    let keys = format!("keyfob_store = {name}\n{line}keyfob_aws_access_key_id = AKIAEXAMPLE\n");
    shelf.files.have(&format!("[profile dev]\nregion = a\n{keys}"), "");
    assert_eq!((shelf.id_of("dev").as_deref(), shelf.password_of("dev")), (Some("AKIAEXAMPLE"), None));
}

#[test]
fn keys_in_a_store_go_where_a_page_is_set_without_a_password() {
    let shelf = Shelf::filled("", "");
    let run = shelf.files.set(["dev", "--saml-endpoint", PAGE]).any_stdout().any_stderr().run();
    assert!(run.stderr.ends_with(&forgotten(&shelf, "the access key \"AKIAEXAMPLE\"")), "{}", run.stderr);
    shelf.files.have(&format!("[profile dev]\n{}saml_endpoint = {PAGE}\n", line()), "");
    assert_eq!(shelf.id_of("dev"), None);
}

#[test]
fn other_credentials_take_the_password_out_of_the_store_and_the_line_away() {
    let shelf = Shelf::with_password();
    let words = ["dev", "--role-arn", ROLE_ARN, "--credential-source", "Environment"];
    let told = format!("The store \"{}\" would forget the password.\n", shelf.name);
    shelf.files.set(words.into_iter().chain(["--dry-run"])).any_stdout().stderr(told).run();
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    let told = "Removed from profile \"dev\", since it belongs to other credentials: credential_process, saml_endpoint, \
                saml_user, keyfob_store\n";
    let told = format!("{told}{}", forgotten(&shelf, "the password"));
    shelf.files.set(words).stdout(shelf.files.is_in(&["config"])).stderr(told).run();
    shelf.files.have(&format!("[profile dev]\nrole_arn = {ROLE_ARN}\ncredential_source = Environment\n"), "");
    assert_eq!(shelf.password_of("dev"), None);
}

#[test]
fn a_role_on_the_sign_in_of_its_own_profile_leaves_that_and_the_password() {
    let shelf = Shelf::with_password();
    let saml = shelf.saml("dev");
    let run = shelf.files.set(["dev", "--role-arn", ROLE_ARN, "--source-profile", "dev"]);
    run.stdout(shelf.files.is_in(&["config"])).run();
    // What other programs would look for in the files is for keyfob alone.
    let role = format!("keyfob_role_arn = {ROLE_ARN}\nkeyfob_source_profile = dev\n");
    shelf.files.have(&format!("[profile dev]\n{saml}{role}"), "");
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    let told = shelf.files.places(&["config", "credentials"]).replace(" and ", " or ");
    shelf.files.profile(["check"]).stderr(format!("Nothing was found in {told}.\n")).run();
    let told = format!("The password of profile \"dev\" is in the store \"{}\" already.\n", shelf.name);
    shelf.files.home.keyfob(["store", "move", "dev", "--to", &shelf.name]).stdout(told).run();
}

#[test]
fn a_program_takes_the_password_out_of_the_store_and_keys_do_too() {
    let shelf = Shelf::with_password();
    let run = shelf.files.set(["dev", "--saml-process", "get-assertion"]).any_stdout().any_stderr().run();
    assert!(run.stderr.ends_with(&forgotten(&shelf, "the password")), "{}", run.stderr);
    shelf.files.have(&format!("[profile dev]\n{}saml_process = get-assertion\n", line()), "");
    assert_eq!(shelf.password_of("dev"), None);

    let shelf = Shelf::with_password();
    let run = shelf.files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).stdin("MARKERsecret/long\n");
    let run = run.any_stdout().any_stderr().run();
    assert!(run.stderr.ends_with(&forgotten(&shelf, "the password")), "{}", run.stderr);
    shelf.files.have("[profile dev]\n", &format!("[dev]\n{KEYS}"));
    assert_eq!(shelf.password_of("dev"), None);
}

#[test]
fn a_password_of_a_profile_in_other_files_is_not_replaced() {
    let shelf = Shelf::with_password();
    let other = shelf.files.home.path().join("other");
    let there = |run: Invocation| {
        let file = |name: &str| other.join(name).display().to_string();
        run.env("AWS_CONFIG_FILE", &file("config")).env("AWS_SHARED_CREDENTIALS_FILE", &file("credentials"))
    };
    let store = |password: &str| {
        let run = shelf.files.set(["dev", "--store", &shelf.name, "--stdin"].into_iter().chain(JANE));
        there(run.stdin(password))
    };
    let error = format!(
        "keyfob: cannot keep the password of profile \"dev\" in a store\n  cause: the store \"{}\" has a password of that \
         name already, which may be of a profile in other files\n  hint: choose another name or another store; if no other \
         profile has it, make this one without --store, and let it name the store before: `keyfob profile set dev \
         keyfob_store=exec:COMMAND`\n",
        shelf.name
    );
    store("MARKERother").code(1).stderr(error).run();
    assert!(!other.join("config").exists());
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    // The hint leads on.
    there(shelf.files.set(["dev"].into_iter().chain(JANE))).any_stdout().run();
    there(shelf.files.set(["dev", &format!("keyfob_store={}", shelf.name)])).any_stdout().run();
    store("MARKERother").any_stdout().run();
    assert_eq!(shelf.password_of("dev").as_deref(), Some("MARKERother"));
}

#[test]
fn keys_and_a_password_do_not_take_each_others_place_unseen() {
    let shelf = Shelf::filled("", "");
    shelf.files.home.write(".aws/config", "");
    let error = |noun: &str, there: &str| {
        format!(
            "keyfob: cannot keep the {noun} of profile \"dev\" in a store\n  cause: the store \"{}\" has {there} of that \
             name already, which may be of a profile in other files\n  hint: choose another name or another store\n",
            shelf.name
        )
    };
    let run = shelf.put_password(&JANE).code(1);
    run.stderr(error("password", "the access key \"AKIAEXAMPLE\"")).run();
    assert_eq!(shelf.id_of("dev").as_deref(), Some("AKIAEXAMPLE"));
    shelf.files.home.write("shelf/dev", format!("{{\"saml_password\":\"{PASSWORD}\"}}"));
    shelf.put("AKIAEXAMPLE").code(1).stderr(error("keys", "a password")).run();
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
    shelf.files.have("", "");
}

#[test]
fn a_store_that_fails_leaves_the_files_and_what_it_had() {
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    shelf.set_switch("locked");
    let run = shelf.put_password(&["--saml-user", "joe"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("turn the key first"), "{}", run.stderr);
    shelf.files.have(&config, "");
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));

    let shelf = Shelf::new("", "");
    shelf.set_switch("full");
    let run = shelf.put_password(&JANE).code(1).any_stderr().run();
    assert!(
        run.stderr.starts_with("keyfob: cannot keep the password of profile \"dev\" in a store\n"),
        "{}",
        run.stderr
    );
    shelf.files.have("", "");
    assert_eq!(shelf.password_of("dev"), None);
}

#[test]
fn files_on_a_full_disk_leave_the_password_where_it_was() {
    if !faults::can_be_injected() {
        return;
    }
    let role = ["profile", "set", "dev", "--role-arn", ROLE_ARN, "--credential-source", "Environment"];
    for words in [&role[..], &["profile", "remove", "dev", "--yes"], &["profile", "rename", "dev", "other"]] {
        let shelf = Shelf::with_password();
        let config = shelf.files.home.read(".aws/config");
        let run = faults::keyfob(&shelf.files.home, words, Fault::Error("ENOSPC"), faults::RENAME, 1);
        run.code(1).any_stderr().run();
        shelf.files.have(&config, "");
        let kept = (shelf.password_of("dev"), shelf.password_of("other"));
        assert_eq!((kept.0.as_deref(), kept.1), (Some(PASSWORD), None), "{words:?}");
    }
}

#[test]
fn the_line_goes_and_comes_back_as_other_bridges_do() {
    let shelf = Shelf::with_password();
    let told = "Profile \"dev\" is not bridged any more: keyfob alone knows what it says of SAML.\n";
    shelf.files.home.keyfob(["bridge", "--undo", "dev"]).stdout(told).run();
    let settings = format!("saml_endpoint = {PAGE}\nsaml_user = jane\nkeyfob_store = {}\n", shelf.name);
    shelf.files.have(&format!("[profile dev]\n{settings}"), "");
    // A setting that is no more than that does not bring it back.
    shelf.files.set(["dev", "duration_seconds=900"]).any_stdout().run();
    shelf.files.profile(["unset", "dev", "duration_seconds"]).any_stdout().run();
    shelf.files.have(&format!("[profile dev]\n{settings}"), "");
    let told = "Every program gets the credentials of profile \"dev\" through keyfob now.\nTo undo that: keyfob bridge \
                --undo dev\n";
    shelf.files.home.keyfob(["bridge", "dev"]).stdout(told).run();
    shelf.files.have(&format!("[profile dev]\n{}{settings}", line()), "");
    assert_eq!(shelf.password_of("dev").as_deref(), Some(PASSWORD));
}

#[test]
fn a_dry_run_asks_for_nothing_and_opens_no_store() {
    let shelf = Shelf::new("", "");
    shelf.set_switch("locked");
    let run = shelf.files.set(["dev", "--store", &shelf.name, "--dry-run"].into_iter().chain(JANE));
    let run = run.any_stdout().run();
    assert!(
        run.stdout.contains(&format!("\n+saml_endpoint = {PAGE}\n+saml_user = jane\n+keyfob_store = ")),
        "{}",
        run.stdout
    );
    shelf.files.have("", "");
}

#[test]
fn a_profile_elsewhere_keeps_no_password_and_gets_no_line() {
    let shelf = Shelf::new("", "");
    let elsewhere = shelf.files.home.path().join("other/credentials").display().to_string();
    let words: Vec<&str> = JANE.into_iter().chain(["--profile-location", &elsewhere]).collect();
    let run = shelf.put_password(&words).code(1).any_stderr().run();
    let error =
        "keyfob: cannot keep the password of profile \"dev\" in a store\n  cause: the credential_process line, by";
    assert!(run.stderr.starts_with(error), "{}", run.stderr);
    let told = "keyfob: other programs do not come to keyfob for it: a credential_process line cannot say --profile-location\n";
    shelf.files.set(["dev"].into_iter().chain(words.iter().copied())).any_stdout().stderr(told).run();
    assert_eq!(
        shelf.files.home.read("other/credentials"),
        format!("[dev]\nsaml_endpoint = {PAGE}\nsaml_user = jane\n")
    );
}

#[test]
fn what_is_no_password_is_refused() {
    let shelf = Shelf::new("", "");
    let refused = |stdin: &str, error: &str, code| {
        let run = shelf.files.set(["dev", "--store", &shelf.name, "--stdin"].into_iter().chain(JANE)).stdin(stdin);
        run.code(code).stderr(format!("keyfob: {error}\n")).run();
    };
    let hint = "  hint: it should have the password in one line, and nothing else";
    let unread = |why: &str| format!("cannot read the password from standard input\n  cause: {why}\n{hint}");
    refused("\n", &unread("it is empty"), 1);
    refused("MARKERone\nMARKERtwo\n", &unread("it has several lines"), 1);
    refused("MARKER\x07one\n", "the password holds a control character", 2);
    let warned = "keyfob: \"saml_password\" was on the command line, where other programs and the shell's history have it; it \
                  is asked for, unseen, by `keyfob profile set dev --store STORE`\nkeyfob: cannot set \"saml_password\"\n  \
                  cause: passwords are kept in stores, and never in these files\n";
    shelf.files.set(["dev", "saml_password=MARKERone"]).code(2).stderr(warned).run();
    shelf.files.have("", "");
}

#[test]
fn the_store_of_a_password_is_not_set_by_itself() {
    let shelf = Shelf::with_password();
    let error = format!(
        "keyfob: cannot change \"keyfob_store\" of profile \"dev\"\n  cause: {}:4: its password is in a store\n  hint: move it \
         with `keyfob store move dev --to STORE`, or keep another one with `keyfob profile set dev --store STORE`\n",
        shelf.files.path("config")
    );
    shelf.files.set(["dev", "keyfob_store=sealed"]).code(1).stderr(error).run();
}

#[test]
fn another_person_or_server_needs_another_password() {
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config");
    let jane = "\"jane\" at https://adfs.example.com";
    for (setting, named, words) in [
        ("saml_user=joe", "\"joe\" at https://adfs.example.com", "--saml-user joe"),
        ("saml_domain=CORP", "\"CORP\\jane\" at https://adfs.example.com", "saml_domain=CORP"),
        (
            "saml_endpoint=https://other.example.com/",
            "\"jane\" at https://other.example.com",
            "--saml-endpoint https://other.example.com/",
        ),
    ] {
        let error = format!(
            "keyfob: cannot let profile \"dev\" name {named}\n  cause: the store \"{}\" has the password of {jane} for it\n  \
             hint: `keyfob profile set dev {words} --stdin` asks for the other password as well\n",
            shelf.name
        );
        for more in [&[][..], &["--merge"], &["--dry-run"]] {
            shelf.files.set(["dev", setting].iter().chain(more).copied()).code(1).stderr(&*error).run();
        }
    }
    shelf.files.have(&config, "");
    // The same person at another page of the same server is no other.
    shelf.files.set(["dev", "saml_user=Jane", "saml_endpoint=https://adfs.example.com:443/x"]).any_stdout().run();
    shelf.files.set(["dev", "saml_user=joe", "--stdin"]).stdin("MARKERother\n").any_stdout().run();
    let document = shelf.files.home.read("shelf/dev");
    assert!(document.contains("\"saml_user\":\"joe\"") && document.contains("MARKERother"), "{document}");
}

#[test]
fn a_password_for_whom_the_files_name_by_now_goes_in_with_a_word_about_the_one_before() {
    let shelf = Shelf::with_password();
    let config = shelf.files.home.read(".aws/config").replace("jane", "joe");
    shelf.files.home.write(".aws/config", config);
    let told = format!(
        "keyfob: the store \"{}\" had the password of \"jane\" at https://adfs.example.com under the name \"dev\", and has it \
         no more\n",
        shelf.name
    );
    let run = shelf.files.set(["dev", "--stdin"]).stdin("MARKERother\n");
    run.any_stdout().stderr(told).run();
    assert_eq!(shelf.password_of("dev").as_deref(), Some("MARKERother"));
    shelf.files.set(["dev", "--stdin"]).stdin("MARKERthird\n").any_stdout().run();
}
