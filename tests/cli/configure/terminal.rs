//! What a person is asked: the region, the output format, and how the profile comes by credentials.

use super::*;

const OUTPUT: &str = "CLI default output format (json if not specified) [None]: ";
const REGIONS: &str = "42 of 42; ";

fn asked(home: &Home, arguments: &[&str], person: Terminal) -> Invocation {
    home.keyfob([&["configure", "dev"], arguments].concat()).env("TERM", "xterm").terminal(person).any_screen()
}

#[test]
fn region_is_chosen_by_its_place() {
    if !has_terminal() {
        return;
    }
    let home = home();
    let person = Terminal::new().answer(REGIONS, "ireland").answer("1 of 42; ", "\r").answer(OUTPUT, "xml\n");
    let person = person.answer(OUTPUT, "table\n");
    let run = asked(&home, &[], person).stdout("Profile \"dev\" has region eu-west-1 and output table.\n");
    let run = run.stderr("That will not do: there are json, text, table, yaml, yaml-stream, off.\n").run();
    assert!(run.screen.contains("Region: eu-west-1, Europe (Ireland)\n"), "{:?}", run.screen);
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\noutput = table\n");
}

#[test]
fn enter_takes_what_is_usual() {
    if !has_terminal() {
        return;
    }
    for (config, region) in [("region = ap-south-2\n", "ap-south-2"), ("", "us-east-1")] {
        let home = home();
        home.write(".aws/config", format!("[profile dev]\noutput = text\n{config}"));
        let person = Terminal::new().answer(REGIONS, "\r").answer("[text]: ", "\n");
        asked(&home, &[], person).any_stdout().run();
        assert_eq!(home.read(".aws/config"), format!("[profile dev]\noutput = text\nregion = {region}\n"));
    }
}

#[test]
fn region_that_is_not_listed_is_typed() {
    if !has_terminal() {
        return;
    }
    let home = home();
    // Of what is in no name the last one is left.
    let person = Terminal::new().answer(REGIONS, "garage").answer("1 of 42; ", "\r");
    let person = person.answer("Name of the region: ", "a b\n");
    let person = person.answer("Name of the region: ", "garage\n").answer(OUTPUT, "\n");
    let told = "That will not do: it is not the name of a region, which looks like us-east-1.\n\
                keyfob: \"garage\" is no region of AWS that keyfob knows\n";
    asked(&home, &[], person).any_stdout().stderr(told).run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = garage\n");
}

#[test]
fn nothing_is_asked_that_options_say() {
    if !has_terminal() {
        return;
    }
    let home = home();
    asked(&home, &["--region", "eu-west-1", "--output", "json"], Terminal::new()).any_stdout().run();
    asked(&home, &["--yes"], Terminal::new()).any_stdout().run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\noutput = json\n");
}

#[test]
fn interrupted_nothing_is_changed() {
    if !has_terminal() {
        return;
    }
    let home = home();
    let told = "keyfob: nothing was configured\n  cause: interrupted\n  \
                hint: options answer the questions, too: `keyfob configure dev --region us-east-1`\n";
    asked(&home, &[], Terminal::new().answer(REGIONS, "\x03")).code(130).stderr(told).run();
    asked(&home, &[], Terminal::new().answer(REGIONS, "\r").answer(OUTPUT, "\x03")).code(130).stderr(told).run();
    assert!(!home.path().join(".aws/config").exists());
}

#[test]
fn new_profile_may_be_left_without_credentials() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let person = Terminal::new().answer("4 of 4; ", "none\r");
    let told = asked(&home, &["--region", "eu-west-1", "--output", "json"], person).any_stdout().run().stdout;
    let begin = "Profile \"dev\" has region eu-west-1 and output json.\nIt has no credentials yet: `keyfob ";
    assert!(told.starts_with(begin), "{told}");
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\noutput = json\n");
}

#[test]
fn interrupted_at_the_credentials_the_profile_is_there_all_the_same() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let person = Terminal::new().answer("4 of 4; ", "\x03");
    let run = asked(&home, &["--region", "eu-west-1", "--output", "json"], person).code(130).any_stderr();
    let run = run.stdout("Profile \"dev\" has region eu-west-1 and output json.\n").run();
    let told =
        "keyfob: profile \"dev\" has no credentials yet\n  cause: interrupted\n  hint: `keyfob configure sso dev` ";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\noutput = json\n");
}

#[test]
fn keys_are_asked_for_and_the_region_is_not_asked_again() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    let person = Terminal::new()
        .answer(REGIONS, "ireland")
        .answer("1 of 42; ", "\r")
        .answer(OUTPUT, "\n")
        .answer("4 of 4; ", "keys\r")
        .answer("8 of 8; ", "access\r")
        .answer("AWS Access Key ID [None]: ", "AKIAEXAMPLE\n")
        .answer("AWS Secret Access Key: ", &format!("{MARKER}typed\n"));
    let path = home.path().join(".aws/credentials").display().to_string();
    let told = format!("Profile \"dev\" has region eu-west-1.\nProfile \"dev\" is in \"{path}\".\n");
    let run = asked(&home, &[], person).stdout(told).run();
    assert!(!run.screen.contains("Default region"), "{:?}", run.screen);
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\n");
    let keys = format!("[dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = {MARKER}typed\n");
    assert_eq!(home.read(".aws/credentials"), keys);
}

#[test]
fn role_is_asked_for_where_the_profiles_are() {
    if !has_terminal() {
        return;
    }
    let home = Home::new();
    home.write("other/config", "[profile base]\n");
    home.write("other/credentials", "");
    let person = Terminal::new()
        .answer("2 of 2; ", "keys\r")
        .answer("8 of 8; ", "role, assumed with other\r")
        .answer("Role ARN [None]: ", "arn:aws:iam::123456789012:role/Demo\n")
        .answer("5 of 5; ", "base\r")
        .answer("External ID [None]: ", "\n")
        .answer("MFA device [None]: ", "\n")
        .answer("Name of its sessions [None]: ", "\n");
    let options = ["--region=eu-west-1", "--output=json", "--profile-location=~/other/credentials"];
    asked(&home, &options, person).any_stdout().run();
    let role = "role_arn = arn:aws:iam::123456789012:role/Demo\nsource_profile = base\n";
    let profile = format!("[profile base]\n[profile dev]\nregion = eu-west-1\noutput = json\n{role}");
    assert_eq!(home.read("other/config"), profile);
    assert!(!home.path().join(".aws").exists());
}

#[test]
fn credentials_are_those_of_the_command_that_was_chosen() {
    if !has_terminal() {
        return;
    }
    let center = IdentityCenter::start();
    let home = Home::new().identity_center(&center);
    // Its first question, and the way out.
    let person = Terminal::new().answer("4 of 4; ", "identity\r").answer("SSO session name (Recommended): ", "\x03");
    let told = "keyfob: nothing was configured\n  cause: interrupted\n  \
                hint: options answer the questions, too: `keyfob configure sso --help`\n";
    let run = asked(&home, &["--region", "eu-west-1", "--output", "json"], person).code(130).stderr(told);
    run.stdout("Profile \"dev\" has region eu-west-1 and output json.\n").run();
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-west-1\noutput = json\n");
}
