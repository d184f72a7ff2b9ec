//! `keyfob use`: what it prints for a shell to evaluate, and what it says of that.

#[cfg(unix)]
mod choosing;
mod counting;
mod memory;

use super::keyfob::{Home, Invocation, Terminal, has_terminal};
use std::collections::BTreeMap;

const CONFIG: &str =
    "[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = us-east-1\n[profile plain]\noutput = json\n";

fn home() -> Home {
    Home::new().config(CONFIG)
}

/// Lines for bash; what they come to is for the test to look at.
fn used(home: &Home, words: &[&str]) -> Invocation {
    home.keyfob(["use", "--shell", "bash"].iter().chain(words).copied())
}

/// What the lines for bash set, and what they unset.
fn changes(lines: &str) -> BTreeMap<String, Option<String>> {
    let change = |line: &str| match line.strip_prefix("unset ") {
        Some(name) => (name.trim_end_matches(';').to_owned(), None),
        None => {
            let set = line.strip_prefix("export ").and_then(|line| line.strip_suffix("';")?.split_once("='"));
            let (name, value) = set.unwrap_or_else(|| panic!("no line for bash: {line}"));
            (name.to_owned(), Some(value.to_owned()))
        }
    };
    lines.lines().map(change).collect()
}

#[track_caller]
fn set_by(home: &Home, words: &[&str], name: &str) -> Option<String> {
    let run = used(home, words).any_stdout().any_stderr().run();
    changes(&run.stdout).get(name).unwrap_or_else(|| panic!("{name} stays: {}", run.stdout)).clone()
}

#[test]
fn lines_set_the_profile_and_its_region_and_clear_what_goes_before_it() {
    used(&home(), &["dev"])
        .stdout(
            "export AWS_PROFILE='dev';\n\
             unset AWS_DEFAULT_PROFILE;\n\
             export AWS_REGION='eu-west-1';\n\
             export AWS_DEFAULT_REGION='eu-west-1';\n\
             export KEYFOB_USED_REGION='eu-west-1';\n\
             unset AWS_WEB_IDENTITY_TOKEN_FILE;\n\
             unset AWS_ROLE_ARN;\n\
             unset AWS_ROLE_SESSION_NAME;\n\
             unset AWS_ACCESS_KEY_ID;\n\
             unset AWS_SECRET_ACCESS_KEY;\n\
             unset AWS_SESSION_TOKEN;\n\
             unset AWS_SECURITY_TOKEN;\n\
             unset AWS_CREDENTIAL_EXPIRATION;\n\
             unset AWS_ACCOUNT_ID;\n\
             unset AWS_ACCESS_KEY;\n\
             unset AWS_SECRET_KEY;\n",
        )
        .run();
}

#[test]
fn profile_is_named_in_any_of_its_places() {
    let home = home();
    for words in [
        &["use", "--shell", "bash", "dev"][..],
        &["use", "-p", "dev", "--shell=bash"],
        &["--profile", "dev", "use", "--shell", "bash"],
        &["-p", "dev", "use", "dev", "--shell", "bash"],
    ] {
        let run = home.keyfob(words.iter().copied()).any_stdout().run();
        assert!(run.stdout.starts_with("export AWS_PROFILE='dev';\n"), "{words:?}: {}", run.stdout);
    }
}

#[test]
fn region_is_that_of_the_option_else_that_of_the_profile() {
    let home = home().env("AWS_REGION", "eu-north-1");
    for (words, region) in [
        (&["dev"][..], Some("eu-west-1")),
        (&["dev", "--region", "us-gov-west-1"], Some("us-gov-west-1")),
        (&["plain", "--region", "fips-us-east-1"], Some("fips-us-east-1")),
        (&["plain"], Some("eu-north-1")),
    ] {
        assert_eq!(set_by(&home, words, "AWS_REGION").as_deref(), region, "{words:?}");
    }
}

#[test]
fn what_is_no_region_is_refused() {
    let home = home();
    used(&home, &["dev", "--region", "$(x)"])
        .code(2)
        .stderr("keyfob: cannot use --region\n  cause: \"$(x)\" is not the name of a region\n")
        .run();
    home.write(".aws/config", "[profile dev]\nregion = evil.example/\n");
    let config = home.path().join(".aws/config");
    used(&home, &["dev"])
        .code(1)
        .stderr(format!(
            "keyfob: cannot use region\n  cause: {}:2: \"evil.example/\" is not the name of a region\n  \
             hint: mend that line, or name a region with --region\n",
            config.display()
        ))
        .run();
    // Where another one counts, a bad one does no harm.
    assert_eq!(set_by(&home, &["dev", "--region", "eu-west-3"], "AWS_REGION").as_deref(), Some("eu-west-3"));
}

#[test]
fn unknown_profile_changes_nothing() {
    let home = home();
    let paths = ["config", "credentials"].map(|file| home.path().join(".aws").join(file).display().to_string());
    used(&home, &["stage"])
        .code(4)
        .stderr(format!(
            "keyfob: no profile \"stage\"\n  cause: neither \"{}\" nor \"{}\" has it\n  \
             hint: the profiles there: dev, prod, plain\n",
            paths[0], paths[1]
        ))
        .run();
    used(&home, &[""]).code(2).stderr("keyfob: the profile's name is empty\n  hint: name one, or leave it out\n").run();
}

#[test]
fn words_that_do_not_go_together_are_refused() {
    let home = home();
    for (words, message) in [
        (
            &["dev", "prod"][..],
            "two profiles are named, \"dev\" and \"prod\"\n  hint: a name that has blanks is one word in quotes",
        ),
        (&["-p", "dev", "prod"], "two profiles are named, \"dev\" and \"prod\""),
        (&["-p", "dev", "-"], "two profiles are named, \"dev\" and -"),
        (&["--unset", "dev"], "--unset and a profile exclude each other"),
        (&["--unset", "-"], "--unset and a profile exclude each other"),
        (&["--unset", "--region", "eu-west-1"], "--unset and --region exclude each other"),
    ] {
        let run = used(&home, words).code(2).any_stderr().run();
        assert_eq!(run.stderr, format!("keyfob: {message}\n"), "{words:?}");
    }
}

#[test]
fn keys_that_are_lost_are_told_of() {
    let home = home().env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
    let told = "keyfob: AWS_ACCESS_KEY_ID and what belongs to it are cleared, since they would go before the profile\n";
    used(&home, &["dev"]).any_stdout().stderr(told).run();
    // Without a profile they are in nobody's way, and every tool goes on to use them.
    let told = "keyfob: AWS_ACCESS_KEY_ID is still set; `eval \"$(keyfob env --unset)\"` clears it\n";
    let run = used(&home, &["--unset"]).any_stdout().stderr(told).run();
    assert!(!run.stdout.contains("AWS_ACCESS_KEY_ID"), "{}", run.stdout);
}

#[test]
fn hyphen_leads_to_what_was_used_before_and_says_what_that_is() {
    let home = home().env("AWS_PROFILE", "dev");
    let before = |previous| used(&home, &["-"]).env("KEYFOB_PREVIOUS_PROFILE", previous);
    let run = before("prod").stderr("prod\n").any_stdout().run();
    let changes = changes(&run.stdout);
    assert_eq!(changes["AWS_PROFILE"].as_deref(), Some("prod"));
    assert_eq!(changes["KEYFOB_PREVIOUS_PROFILE"].as_deref(), Some("dev"));
    let run = used(&home, &["-"]).stderr("no profile\n").any_stdout().run();
    assert!(run.stdout.starts_with("unset AWS_PROFILE;\n"), "{}", run.stdout);
    let run = before("gone").code(4).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: no profile \"gone\"\n"), "{}", run.stderr);
    used(&home, &["-"])
        .without_env("AWS_PROFILE")
        .code(1)
        .stderr("keyfob: no profile was used before\n  hint: name one, as in `kf use dev`\n")
        .run();
}

#[test]
fn profile_that_is_called_a_hyphen_is_named_by_the_option() {
    let home = home();
    home.write(".aws/credentials", "[-]\nregion = eu-west-1\n");
    assert_eq!(set_by(&home, &["--profile=-"], "AWS_PROFILE").as_deref(), Some("-"));
}

#[test]
fn identity_of_the_machine_is_set_aside_and_comes_back() {
    let home = home().env("AWS_WEB_IDENTITY_TOKEN_FILE", "/run/token").env("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod");
    let run = used(&home, &["dev"]).any_stdout().run();
    let away = changes(&run.stdout);
    assert_eq!(away["AWS_WEB_IDENTITY_TOKEN_FILE"], None);
    assert_eq!(away["KEYFOB_OWN_WEB_IDENTITY_TOKEN_FILE"].as_deref(), Some("/run/token"));
    let mut home = home;
    for (name, value) in away {
        match value {
            Some(value) => home.set_env(&name, &value),
            None => home.remove_env(&name),
        }
    }
    let back = changes(&used(&home, &["--unset"]).any_stdout().run().stdout);
    assert_eq!(back["AWS_WEB_IDENTITY_TOKEN_FILE"].as_deref(), Some("/run/token"));
    assert_eq!(back["AWS_ROLE_ARN"].as_deref(), Some("arn:aws:iam::1:role/pod"));
    assert_eq!(back["KEYFOB_OWN_ROLE_ARN"], None);
}

#[test]
fn no_profile_needs_no_files() {
    let home = Home::new().env("AWS_PROFILE", "dev");
    home.write(".aws/config", b"\xff\xfe");
    assert_eq!(set_by(&home, &["--unset"], "AWS_PROFILE"), None);
}

#[test]
fn somebody_who_types_it_as_a_command_is_told_what_to_type() {
    if !has_terminal() {
        return;
    }
    let home = home();
    for (words, hint) in [
        (&["use", "--shell", "zsh", "dev"][..], "type `eval \"$(keyfob init zsh)\"`, and then `kf use dev`"),
        (&["use", "--shell", "fish", "--unset"], "type `keyfob init fish | source`, and then `kf use --unset`"),
        (
            &["use", "--shell", "cmd", "dev"],
            "type `for /f \"tokens=1* delims==\" %i in ('keyfob use --shell cmd dev') do @set \"%i=%j\"`",
        ),
    ] {
        let run =
            home.keyfob(words.iter().copied()).terminal(Terminal::new().with_stdout()).any_screen().any_stderr().run();
        let told = format!("keyfob: nothing has changed: a program cannot change the shell that runs it; {hint}\n");
        assert_eq!(run.stderr, told, "{words:?}");
        assert!(run.screen.contains("AWS_PROFILE"), "{}", run.screen);
    }
    assert!(home.cache_files().is_empty(), "what changed nothing counts as used");
}

/// What they type they copy, whatever their shell makes of it.
#[test]
fn hint_names_no_profile_that_a_shell_would_not_take_as_it_stands() {
    if !has_terminal() {
        return;
    }
    let names = ["it's", "a b", "$(touch canary)", "-x", "x&calc", "%PATH%"];
    let profiles = names.map(|name| format!("[profile \"{name}\"]\noutput = json\n"));
    let home = Home::new().config(&profiles.concat());
    for (name, shell) in names.into_iter().zip(["bash", "powershell", "fish", "nushell", "cmd", "elvish"]) {
        let words = ["use", "--shell", shell, "--profile", name];
        let run = home.keyfob(words).terminal(Terminal::new().with_stdout()).any_screen().any_stderr().run();
        assert!(run.stderr.contains(" PROFILE") && !run.stderr.contains(name), "{shell}, {name}: {}", run.stderr);
    }
}

#[test]
fn file_that_cannot_be_read_is_told_of() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join(".aws/config")).expect("the home is ours");
    home.write(".aws/credentials", "[dev]\naws_access_key_id = AKIAEXAMPLE\n");
    let run = used(&home, &["dev"]).any_stdout().any_stderr().run();
    let told = format!("keyfob: cannot read \"{}\": ", home.path().join(".aws/config").display());
    assert!(run.stderr.starts_with(&told), "{}", run.stderr);
}

#[test]
fn help_is_not_for_the_shell_to_evaluate() {
    let home = home();
    let help = home.keyfob(["use", "--help"]).any_stdout().run().stdout;
    assert!(help.contains("Point this shell at a profile"), "{help}");
    used(&home, &["--help"]).stderr(&*help).run();
    used(&home, &["dev", "--help"]).stderr(&*help).run();
    home.keyfob(["-p", "dev", "use", "--shell=bash", "-h"]).stderr(&*help).run();
    let run = home.keyfob(["env", "--shell", "bash", "--help"]).any_stdout().run();
    assert!(run.stdout.contains("Usage:"), "{}", run.stdout);
}

#[test]
fn values_that_no_line_can_carry_change_nothing() {
    let home = home().env("AWS_ROLE_ARN", "a\nb");
    let told = "keyfob: cannot hand KEYFOB_OWN_ROLE_ARN to a shell\n  cause: its value holds a control character\n";
    used(&home, &["dev"]).code(1).stderr(told).run();
    assert!(home.cache_files().is_empty(), "it counts as used");
}
