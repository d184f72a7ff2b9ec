//! Options that will not do are told by their names, before anything happens.

use super::*;

#[test]
fn option_that_will_not_do_is_named_with_the_reason() {
    const REGION_LIKE: &str = "it is not the name of a region, which looks like us-east-1";
    for (option, value, why) in [
        ("--start-url", "start", "it is no URL with a host, like https://d-1234567890.awsapps.com/start"),
        (
            "--start-url",
            "https://-x.example.com",
            "it is no URL with a host, like https://d-1234567890.awsapps.com/start",
        ),
        ("--start-url", "http://d-1.awsapps.com/start", "it does not begin with https://"),
        ("--sso-region", "evil.com/", REGION_LIKE),
        ("--region", "US East", REGION_LIKE),
        ("--scopes", "a b", "a scope has no blanks in it, and commas stand between scopes"),
        ("--scopes", " , ", "it is empty"),
        ("--account-id", "1111-2222", "an account's number has 12 digits, like 111122223333"),
        ("--account-id", "11112222333", "an account's number has 12 digits, like 111122223333"),
        ("--role-name", "", "it is empty"),
        ("--sso-session", "", "it is empty"),
        ("--output", "xml", "there are json, text, table, yaml, yaml-stream, off"),
    ] {
        let desk = Desk::new("");
        let told = format!("keyfob: cannot use {option}\n  cause: {why}\n");
        desk.configure(&[&ALL[..], &[option, value]].concat()[..]).code(2).any_stderr().run();
        desk.configure(&[option, value]).code(2).stderr(told).run();
        assert!(!desk.home.path().join(".aws").exists());
    }
}

#[test]
fn name_that_not_every_tool_reads_alike_is_refused() {
    const WHY: &str = "AWS's tools do not read alike what has a quote, a bracket, \\, #, ; or a control character in it, or \
                       a blank at an end";
    const OF_JAVASCRIPT: &str = "the AWS SDK for JavaScript refuses every file that has it";
    for (name, why) in [("a]b", WHY), ("a#b", WHY), ("it's", WHY), ("__proto__", OF_JAVASCRIPT)] {
        let desk = Desk::new("");
        let told = format!("keyfob: cannot make profile \"{name}\"\n  cause: {why}\n  hint: choose another name\n");
        desk.configure(&[&[name], &ALL[..]].concat()).code(2).stderr(told).run();
        let told = format!("keyfob: cannot use --sso-session\n  cause: {why}\n");
        desk.configure(&[&["--sso-session", name], &ALL[..]].concat()).code(2).stderr(told).run();
        assert!(!desk.home.path().join(".aws").exists());
    }
}

#[test]
fn names_with_other_letters_are_taken() {
    let desk = Desk::new("");
    desk.configure(&[&["größe 1", "--sso-session", "an=b"], &ALL[..]].concat()).any_stdout().run();
    assert!(desk.config().starts_with("[profile 'größe 1']\nsso_session = an=b\n"), "{}", desk.config());
}

#[test]
fn region_that_is_not_made_like_one_is_told_of() {
    let desk = Desk::new("");
    let told = "keyfob: \"nowhere\" is not made like a region of AWS; sso_region is the one where Identity Center was \
                enabled\n";
    let arguments = ALL.map(|word| if word == "us-east-1" { "nowhere" } else { word });
    desk.configure(&arguments).any_stdout().stderr(told).run();
    // Said once, it is left alone.
    desk.configure(&arguments).any_stdout().run();
}

#[test]
fn zeros_at_the_beginning_of_an_account_count() {
    let desk = Desk::new("");
    let arguments = ALL.map(|word| if word == ACCOUNT { "000011112222" } else { word });
    desk.configure(&arguments).any_stdout().run();
    assert!(desk.config().contains("\nsso_account_id = 000011112222\n"), "{}", desk.config());
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let desk = Desk::new("");
    let told = "keyfob: --no-browser and --browser exclude each other\n";
    desk.configure(&["--no-browser", "--browser", "x"]).code(2).stderr(told).run();
    let told = "keyfob: --use-device-code and --redirect-port exclude each other\n";
    desk.configure(&["--use-device-code", "--redirect-port", "8000"]).code(2).stderr(told).run();
}
