//! What `keyfob complete` prints, for every command and option that there is.

use super::{Home, commands, options};
use argh::FlagInfoKind;

fn completed(home: &Home, words: &[&str]) -> Vec<(String, String)> {
    let arguments = ["complete", "--shell", "zsh", "--"].iter().chain(words).copied();
    let run = home.keyfob(arguments).any_stdout().run();
    let pair = |line: &str| {
        let (value, description) = line.split_once('\t').unwrap_or_else(|| panic!("{line:?} has no tab"));
        (value.to_owned(), description.to_owned())
    };
    run.stdout.lines().map(pair).collect()
}

#[test]
fn every_command_and_every_option_is_offered_with_its_description() {
    let home = Home::new();
    for (path, command) in commands() {
        let below = completed(&home, &[&path[..], &[""]].concat());
        for expected in &command.commands {
            let pair = (expected.name.to_owned(), expected.command.description.to_owned());
            assert!(below.contains(&pair), "{path:?}: {pair:?} is not in {below:?}");
        }
        let offered = completed(&home, &[&path[..], &["--"]].concat());
        let names: Vec<&String> = offered.iter().map(|(name, _)| name).collect();
        // `kf use` names its shell itself.
        let mut expected = options(&command, "--");
        expected.retain(|name| path != ["use"] || name != "--shell");
        assert_eq!(names, expected.iter().collect::<Vec<_>>(), "{path:?}");
        for (name, description) in offered {
            let flag = command.flags.iter().find(|flag| flag.long == name).expect("it is an option");
            assert_eq!(super::told(flag.description), description);
            assert!(!description.is_empty(), "{path:?} {name} says nothing");
        }
    }
}

#[test]
fn every_option_that_takes_a_profile_or_a_region_has_them_offered_in_each_form() {
    let home = Home::new().config("[profile dev]\nsso_session = corp\n[sso-session corp]\n");
    let values =
        [("--profile", "dev"), ("--source-profile", "dev"), ("--region", "eu-west-1"), ("--sso-session", "corp")];
    let mut seen = 0;
    for (path, command) in commands() {
        for (option, value) in values {
            let flag = command.flags.iter().find(|flag| flag.long == option);
            let Some(flag) = flag.filter(|flag| matches!(flag.kind, FlagInfoKind::Option { .. })) else { continue };
            seen += 1;
            let offers = |words: &[&str], expected: &str| {
                let offered = completed(&home, &[&path[..], words].concat());
                assert!(offered.iter().any(|(value, _)| value == expected), "{path:?} {words:?}: {offered:?}");
            };
            offers(&[option, ""], value);
            offers(&[&format!("{option}=")], &format!("{option}={value}"));
            if let Some(short) = flag.short {
                offers(&[&format!("-{short}"), ""], value);
                offers(&[&format!("-{short}{}", &value[..1])], &format!("-{short}{value}"));
            }
        }
    }
    assert!(seen > 20, "only {seen} options were found");
}

#[test]
fn the_files_that_count_are_those_of_the_variable_and_of_the_option() {
    let home = Home::new().config("[profile usual]\n");
    home.write("other/config", "[profile other]\n");
    home.write("there/credentials", "[there]\n");
    let other = home.path().join("other/config");
    let complete = |words: &[&str]| home.keyfob(["complete", "--shell", "zsh", "--"].iter().chain(words).copied());
    complete(&["env", ""]).stdout("usual\t\n").run();
    complete(&["env", ""]).env("AWS_CONFIG_FILE", other.to_str().expect("UTF-8")).stdout("other\t\n").run();
    complete(&["profile", "show", "--profile-location", "~/there/credentials", ""]).stdout("there\t\n").run();
    complete(&["profile", "show", "--profile-location=~/there/credentials", "--profile", ""]).stdout("there\t\n").run();
    complete(&["profile", "show", "--profile-location=~/nowhere/credentials", ""]).run();
}

#[test]
fn names_that_a_terminal_must_not_show_are_left_out() {
    let home =
        Home::new().config("[profile \"a\u{1b}[31m\"]\n[profile \"b\u{202e}\"]\n[profile \"c\td\"]\n[profile good]\n");
    home.keyfob(["complete", "--shell", "fish", "--", "env", ""]).stdout("good\t\n").run();
    home.keyfob(["complete", "--shell", "bash", "--line", "keyfob env "]).stdout("good\n").run();
}

#[test]
fn other_shells_lines_are_cut_by_their_rules() {
    let home = Home::new().config("[profile 'two words']\n[profile team:admin]\n");
    for (shell, line, expected) in [
        ("bash", "keyfob exec 'two w", "two words\n"),
        ("bash", "keyfob exec two\\ w", "two\\ words\n"),
        ("bash", "keyfob exec team:", "admin\n"),
        ("bash", "keyfob exec team:admin -- ls ", "\tcommand 26\n"),
        ("bash", "keyfob env >", "\tfiles\n"),
        ("nushell", "kf exec \"two w", "two words\t\n"),
        ("nushell", "kf exec `two w", "two words\t\n"),
        ("nushell", "kf exec team:admin ls ", "\tcommand 3\n"),
    ] {
        home.keyfob(["complete", "--shell", shell, "--line", line]).stdout(expected).run();
    }
}

#[test]
fn whatever_is_offered_is_understood() {
    let home = Home::new().config("[profile dev]\nregion = eu-west-1\n").env("AWS_PROFILE", "dev");
    for line in [
        &["env", "--unset", "--shell"][..],
        &["use", "dev", "--shell"],
        &["init"],
        &["completions"],
        &["prompt", "--format"],
        &["prompt", "--shell"],
        &["configure", "dev", "--dry-run", "--region"],
        &["configure", "dev", "--dry-run", "--output"],
        &[
            "profile",
            "set",
            "dev",
            "--dry-run",
            "--credential-source",
            "Environment",
            "--role-arn",
            "arn:aws:iam::111122223333:role/x",
            "--region",
        ],
        &[
            "profile",
            "set",
            "dev",
            "--dry-run",
            "--role-arn",
            "arn:aws:iam::111122223333:role/x",
            "--credential-source",
        ],
    ] {
        let offered = completed(&home, &[line, &[""]].concat());
        let values: Vec<&String> = offered.iter().map(|(value, _)| value).filter(|value| *value != "sso").collect();
        assert!(values.len() > 2, "{line:?}: {values:?}");
        // One of many will do where they are regions.
        for value in values.iter().step_by(values.len().div_ceil(16)) {
            home.keyfob(line.iter().copied().chain([value.as_str()])).any_stdout().any_stderr().run();
        }
    }
    let home = Home::new().credentials("[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n");
    for (value, _) in completed(&home, &["env", "--format", ""]) {
        home.keyfob(["env", "dev", "--format", &value]).any_stdout().any_stderr().run();
    }
    for (value, _) in completed(&home, &["store", "move", "dev", "--to", ""]) {
        let store = if value == "exec:" { "exec:pass" } else { &value };
        let run = home
            .keyfob(["store", "move", "dev", "--dry-run", "--to", store])
            .any_code()
            .any_stdout()
            .any_stderr()
            .run();
        assert!(run.code != 2 || store == "credentials", "{store}: {}", run.stderr);
    }
}

#[test]
fn whatever_is_understood_is_offered() {
    let home = Home::new();
    for (line, option) in [
        (&["prompt"][..], "--format"),
        (&["store", "move", "dev"], "--to"),
        (&["env"], "--format"),
        (&["env"], "--shell"),
        (&["configure", "dev", "--region", "us-east-1"], "--output"),
    ] {
        let wrong = line.iter().copied().chain([option, "{nonsense}"]);
        let stderr = home.keyfob(wrong).any_code().any_stderr().run().stderr;
        let hint = stderr.split("there are ").nth(1).unwrap_or_else(|| panic!("{line:?} {option}: {stderr}"));
        let known = hint.trim_end().replace(" and ", ", ");
        let offered = completed(&home, &[line, &[option, ""]].concat());
        for name in known.split(", ").map(|name| name.trim_end_matches("COMMAND")) {
            assert!(offered.iter().any(|(value, _)| value == name), "{line:?} {option}: {name} is not in {offered:?}");
        }
    }
}

#[test]
fn sign_ins_are_those_of_profiles_that_have_one() {
    let home = Home::new().config(
        "[profile keys]\nregion = eu-west-1\n[profile corp]\nsso_session = corp\n[profile old]\n\
         sso_start_url = https://x.awsapps.com/start\n[sso-session corp]\n",
    );
    for words in [&["sso", "login", ""][..], &["sso", "logout", "-p", ""], &["sso", "list", "--profile", ""]] {
        let names: Vec<String> = completed(&home, words).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["corp", "old"], "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_said_in_the_middle_of_a_line() {
    let home = Home::new();
    let line = "\"$0\" complete --shell fish -- use \"$(printf '\\377')\"";
    home.program("/bin/sh", ["-c", line, env!("CARGO_BIN_EXE_keyfob")]).run();
    home.keyfob(["complete", "--shell", "nosuch", "--", "use", ""]).run();
}
