//! `keyfob use` without a profile: the list on the terminal, and programs that choose.

use super::super::peer;
use super::*;

const PROFILES: &str = "[profile dev]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n\
    sso_account_id = 111122223333\nsso_role_name = Admin\nregion = eu-west-1\n\
    [profile prod]\nrole_arn = arn:aws:iam::444455556666:role/Ops\nsource_profile = dev\n\
    [profile plain]\nregion = us-east-1\n";

fn home() -> Home {
    Home::new().config(PROFILES).env("TERM", "xterm")
}

/// A program of the test's own that chooses.
fn picker(home: &Home, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = home.write("my picker", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("the file is ours");
    format!("'{}'", path.display())
}

const NOBODY: &str = "keyfob: no profile is named\n  cause: there is no terminal to ask on\n  \
    hint: name one, as in `kf use dev`\n";

#[test]
fn profile_is_chosen_from_a_list() {
    if !has_terminal() {
        return;
    }
    let home = home().env("AWS_PROFILE", "prod");
    let person = Terminal::new().answer("3 of 3; ", "1111").answer("1 of 3; ", "\r");
    let run = used(&home, &[]).terminal(person).any_screen().any_stdout().run();
    assert_eq!(changes(&run.stdout)["AWS_PROFILE"].as_deref(), Some("dev"));
    let list = "\n  dev    sso     111122223333  eu-west-1\n> prod   role    444455556666  (in use)\n  plain  (none)                us-east-1\n";
    assert!(run.screen.contains(list), "{:?}", run.screen);
    assert!(run.screen.ends_with("\r\x1b[JProfile: dev\n"), "{:?}", run.screen);
}

#[test]
fn shell_takes_what_is_chosen() {
    let Some(bash) = peer::program("bash").filter(|_| has_terminal()) else { return };
    let home = home();
    let keyfob = env!("CARGO_BIN_EXE_keyfob");
    let script = format!("eval \"$('{keyfob}' use --region eu-west-2)\"; echo \"$? $AWS_PROFILE $AWS_REGION\"");
    let person = Terminal::new().answer("3 of 3; ", "pla\r");
    home.program(bash.to_str().expect("a path"), ["--norc", "-c", &script])
        .terminal(person)
        .any_screen()
        .stdout("0 plain eu-west-2\n")
        .run();
    // The function hands on that somebody changed their mind.
    let script =
        format!("PATH='{}':$PATH; eval \"$(keyfob init bash)\"; kf use; echo \"$? ${{AWS_PROFILE-}}\"", folder(keyfob));
    home.program(bash.to_str().expect("a path"), ["--norc", "-c", &script])
        .terminal(Terminal::new().answer("3 of 3; ", "\x03"))
        .any_screen()
        .stdout("130 \n")
        .stderr("keyfob: no profile is chosen\n")
        .run();
}

fn folder(program: &str) -> &str {
    program.rsplit_once('/').expect("a full path").0
}

#[test]
fn nobody_is_asked_where_there_is_no_terminal() {
    used(&home(), &[]).code(2).stderr(NOBODY).run();
}

#[test]
fn where_there_is_no_profile_ways_to_one_are_told() {
    let home = Home::new();
    let run = used(&home, &[]).code(4).any_stderr().run();
    assert!(run.stderr.starts_with("keyfob: there is no profile to choose\n  cause: No profiles were defined in "));
    assert!(run.stderr.contains("\n  hint: make one: `keyfob configure sso default` "), "{}", run.stderr);
}

#[test]
fn program_chooses_among_the_lines_that_it_is_given() {
    let home = home();
    let line = picker(&home, "cat > asked; echo it speaks >&2; grep Nothing asked || tail -n 1 asked");
    let run = used(&home, &["--picker", &line]).any_stdout().stderr("plain\n").run();
    assert_eq!(changes(&run.stdout)["AWS_PROFILE"].as_deref(), Some("plain"));
    let asked = "dev\tsso 111122223333 eu-west-1\nprod\trole 444455556666\nplain\t(none) us-east-1\n";
    assert_eq!(home.read("asked"), asked);
}

#[test]
fn variable_names_the_program_and_the_option_goes_before_it() {
    let home = home().env("KEYFOB_PICKER", "head -n 2 | tail -n 1 | cut -f 1");
    let run = used(&home, &[]).any_stdout().stderr("prod\n").run();
    assert_eq!(changes(&run.stdout)["AWS_PROFILE"].as_deref(), Some("prod"));
    used(&home, &["--picker", "tail -n 1"]).any_stdout().stderr("plain\n").run();
    // An empty one leads to the list.
    used(&home, &["--picker="]).code(2).stderr(NOBODY).run();
    // It has no say where a profile is named.
    used(&home, &["plain"]).any_stdout().run();
}

#[test]
fn program_that_does_not_choose_changes_nothing() {
    let home = home();
    for script in ["exit 130", "kill -INT $$; sleep 9"] {
        let line = picker(&home, script);
        used(&home, &["--picker", &line]).code(130).stderr("keyfob: no profile is chosen\n").run();
    }
    let chosen = "keyfob: no profile is chosen\n  cause: ";
    for (script, why) in [
        ("exit 0", "PICKER chose nothing"),
        ("exit 1", "PICKER ended with exit status: 1 and said nothing"),
        ("echo bad terminal >&2; exit 2", "PICKER ended with exit status: 2: bad terminal"),
        ("echo nosuch", "PICKER answered \"nosuch\", which is no profile"),
        ("head -n 2", "PICKER chose several"),
        ("printf 'de\\033[2Jv'", "PICKER answered \"de\\u{1b}[2Jv\", which is no profile"),
    ] {
        let line = picker(&home, script);
        let run = used(&home, &["--picker", &line]).code(1).any_stderr().run();
        let why = why.replace("PICKER", &format!("\"{}\"", line.trim_matches('\'')));
        assert!(run.stderr.starts_with(&format!("{chosen}{why}")), "{script}: {}", run.stderr);
    }
}

#[test]
fn list_stands_in_for_a_program_that_is_not_there() {
    let home = home();
    for (line, name) in
        [("no-such-picker --height 9", "no-such-picker"), ("no-such-picker | cat -A; exit 127", "no-such-picker")]
    {
        let told = format!("keyfob: there is no program \"{name}\" to choose with\n");
        used(&home, &["--picker", line]).code(2).stderr(format!("{told}{NOBODY}")).run();
        if has_terminal() {
            let person = Terminal::new().answer("3 of 3; ", "\r");
            used(&home, &["--picker", line]).terminal(person).any_screen().any_stdout().stderr(&*told).run();
        }
    }
}

#[test]
fn program_has_the_terminal_to_itself() {
    if !has_terminal() {
        return;
    }
    let home = home();
    let line = picker(
        &home,
        "cat > asked; printf 'Which? ' > /dev/tty; read -r name < /dev/tty; echo words >&2; grep \"^$name\" asked",
    );
    let person = Terminal::new().answer("Which? ", "pro\n");
    let run = used(&home, &["--picker", &line]).terminal(person).any_stdout().any_screen().stderr("prod\n").run();
    assert_eq!(changes(&run.stdout)["AWS_PROFILE"].as_deref(), Some("prod"));
    assert!(run.screen.contains("words"), "{:?}", run.screen);
}

#[test]
fn fzf_chooses() {
    let Some(fzf) = peer::program("fzf") else { return };
    let home = home();
    let line = format!("'{}' --filter 444455556666", fzf.display());
    used(&home, &["--picker", &line]).any_stdout().stderr("prod\n").run();
}
