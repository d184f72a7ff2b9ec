//! Fifty writers at once, keyfob and the AWS CLI.
//!
//! keyfob's own wait for each other. The AWS CLI knows no lock: it reads a file, and writes it over in place. What keyfob
//! can do it does, which is to lose nothing that the AWS CLI writes, and to wait while it does. What it cannot is keep
//! the AWS CLI from writing what it had read before; so each test says who writes which file at what time.

use super::*;
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const CONFIG: &str = "# mine\n[default]\nregion = eu-west-1\n\n[profile shared]\nold = 1 # keep\n";

fn keyfob(home: &Home, arguments: &[&str]) -> Running {
    home.keyfob([&["profile"], arguments].concat()).any_stdout().any_stderr().spawn()
}

fn wait_for_all(herd: Vec<Running>) {
    for running in herd {
        running.wait();
    }
}

/// Nothing lies beside the two files.
#[track_caller]
fn check_folder(home: &Home) {
    let entries = fs::read_dir(home.path().join(".aws")).expect("it is there");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["config", "credentials"]);
}

#[test]
fn every_edit_of_fifty_is_there() {
    let gone = |number: usize| format!("[profile gone-{number}]\nx = 1\n");
    let text = CONFIG.to_owned() + &(0..5).map(gone).collect::<String>();
    let home = Home::new().config(&text);
    let secret = format!("{MARKER}/x+y=");
    let herd = (0..50).map(|number| match number % 10 {
        0 => keyfob(&home, &["remove", &format!("gone-{}", number / 10), "--yes"]),
        1..5 => keyfob(&home, &["set", "shared", &format!("key_{number}={number}")]),
        5 | 6 => keyfob(&home, &["set", &format!("p{number}"), "region=eu-west-1"]),
        _ => {
            let pair = [format!("aws_access_key_id=AKIA{number}"), format!("aws_secret_access_key={secret}")];
            keyfob(&home, &["set", &format!("p{number}"), &pair[0], &pair[1], "region=eu-west-1"])
        }
    });
    wait_for_all(herd.collect());

    let (config, credentials) = (home.read(".aws/config"), home.read(".aws/credentials"));
    assert!(config.starts_with(CONFIG), "{config}");
    let lines: Vec<&str> = config.lines().collect();
    for number in 0..50 {
        let (is_there, is_written) = match number % 10 {
            0 => (!config.contains(&gone(number / 10)), true),
            1..5 => (lines.contains(&&*format!("key_{number} = {number}")), true),
            rest => {
                let pair = format!("[p{number}]\naws_access_key_id = AKIA{number}\naws_secret_access_key = {secret}\n");
                let profile = format!("[profile p{number}]\nregion = eu-west-1\n");
                (config.contains(&profile), rest < 7 || credentials.contains(&pair))
            }
        };
        assert!(is_there && is_written, "edit {number} is not there:\n{config}");
    }
    assert_eq!(lines.len(), 6 + 20 + 2 * 25, "{config}");
    assert_eq!(credentials.lines().count(), 3 * 15);
    check_folder(&home);
}

/// One after the other in the background, since of two at once one may lose what the other writes.
fn aws_cli(home: &Home, python: &Path, commands: &str) -> Running {
    let aws = python.with_file_name("aws");
    let script = format!("set -e\naws() {{ '{}' configure set \"$@\"; }}\n{commands}", peers::text(&aws));
    home.program("/bin/sh", ["-c", &script]).spawn()
}

#[test]
fn with_the_aws_cli_at_the_other_file_every_edit_is_there() {
    let Some(python) = peer::python(&["awscli"]) else { return };
    let home = Home::new().config(CONFIG).credentials("[kept]\nx = 1");
    let theirs = (0..6).map(|number| format!("aws --profile q{number} aws_access_key_id AKIA{number}\n"));
    let theirs = aws_cli(&home, &python, &theirs.collect::<String>());
    let setting = |number| format!("key_{number}={number}");
    let ours = (0..44).map(|number| {
        thread::sleep(Duration::from_millis(30));
        keyfob(&home, &["set", "shared", &setting(number)])
    });
    wait_for_all(ours.collect());
    theirs.wait();

    let added: Vec<_> = (0..44).map(|number| format!("key_{number} = {number}\n")).collect();
    let mut lines: Vec<_> = home.read(".aws/config").lines().map(str::to_owned).collect();
    let mut expected: Vec<_> = (CONFIG.to_owned() + &added.concat()).lines().map(str::to_owned).collect();
    lines.sort();
    expected.sort();
    assert_eq!(lines, expected);
    let keys = (0..6).map(|number| format!("[q{number}]\naws_access_key_id = AKIA{number}\n"));
    assert_eq!(home.read(".aws/credentials"), "[kept]\nx = 1\n".to_owned() + &keys.collect::<String>());
    check_folder(&home);
}

/// When something was done, from beginning to end.
type Span = (SystemTime, SystemTime);

/// Lets the AWS CLI set keys of `shared` one after the other, and tells when it was at the file. Two at once would spoil
/// it without us: one may read what the other has just emptied.
fn aws_cli_spans(home: &Home, python: &Path, keys: u32) -> Vec<Span> {
    let keys: Vec<_> = (0..keys).map(|number| format!("theirs_{number}")).collect();
    let arguments: Vec<_> = ["shared"].into_iter().chain(keys.iter().map(String::as_str)).collect();
    let told = peers::ask(python, home, "configure_set_timed.py", &arguments, "");
    let time = |told: &Value| UNIX_EPOCH + Duration::from_nanos(told.as_u64().expect("nanoseconds"));
    told.as_array().expect("the script prints a list").iter().map(|span| (time(&span[0]), time(&span[1]))).collect()
}

/// Of ours only that may be missing which was set between the reading and the writing of an AWS CLI.
#[test]
fn with_the_aws_cli_at_the_same_file_only_what_it_writes_over_is_missing() {
    const OURS: u32 = 40;
    const THEIRS: u32 = 40;
    let Some(python) = peer::python(&["awscli"]) else { return };
    let filler: Vec<_> = (0..40).map(|number| format!("[profile filler-{number}]\nx = 1\n")).collect();
    let before = filler.concat() + CONFIG;
    let home = Home::new().config(&before);
    let set = &|number: u32| {
        // Python needs a while to begin.
        thread::sleep(Duration::from_millis(400) + Duration::from_millis(40) * number);
        let began = now();
        home.keyfob(["profile", "set", "shared", &format!("key_{number}={number}")]).any_stdout().run();
        (began, now())
    };
    let (ours, theirs): (Vec<Span>, Vec<Span>) = thread::scope(|scope| {
        let theirs = scope.spawn(|| aws_cli_spans(&home, &python, THEIRS));
        let ours: Vec<_> = (0..OURS).map(|number| scope.spawn(move || set(number))).collect();
        let ours = ours.into_iter().map(|span| span.join().expect("it ends well")).collect();
        (ours, theirs.join().expect("it ends well"))
    });

    let text = home.read(".aws/config");
    assert!(text.starts_with(&before), "{text}");
    let mut there = 0;
    for (number, (began, ended)) in ours.into_iter().enumerate() {
        let is_there = text.contains(&format!("\nkey_{number} = {number}\n"));
        let is_written_over = || theirs.iter().any(|(read, written)| began <= *written && *read <= ended);
        assert!(is_there || is_written_over(), "key_{number} is not there:\n{text}");
        there += u32::from(is_there);
    }
    assert!(there > OURS / 2, "{there} are there:\n{text}");
    for number in 0..THEIRS {
        assert!(text.contains(&format!("\ntheirs_{number} = 1\n")), "theirs_{number} is not there:\n{text}");
    }
    let added = text.lines().count() - before.lines().count();
    assert_eq!(u32::try_from(added), Ok(there + THEIRS), "{text}");
}

/// The AWS CLI's own writer, which stops where others may come between.
struct Slow {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Slow {
    /// Has read the config file.
    fn read(python: &Path, home: &Home) -> Self {
        let mut command = Command::new(python);
        command.arg("-B").arg(peers::script("configure_set_slowly.py")).arg(home.path().join(".aws/config"));
        command.args(["profile theirs", "y", "2"]).env_clear().env("HOME", home.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python can be run");
        let stdin = child.stdin.take().expect("the pipe was asked for");
        let stdout = BufReader::new(child.stdout.take().expect("the pipe was asked for"));
        let mut slow = Self { child, stdin, stdout };
        slow.expect("read\n");
        slow
    }

    #[track_caller]
    fn expect(&mut self, word: &str) {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("the pipe can be read");
        assert_eq!(line, word);
    }

    fn go_on(&mut self) {
        self.stdin.write_all(b"\n").expect("it waits for a line");
    }

    fn empty_the_file(&mut self) {
        self.go_on();
        self.expect("emptied\n");
    }

    fn finish(mut self) {
        self.go_on();
        assert!(self.child.wait().expect("it ends").success());
    }
}

const OLD: &str = "[profile theirs]\nx = 1\n[profile ours]\nx = 1\n";
const OURS: &str = "y = 1\n";
const THEIRS: &str = "[profile theirs]\nx = 1\ny = 2\n[profile ours]\nx = 1\n";

fn set(home: &Home) {
    home.keyfob(["profile", "set", "ours", "y=1"]).any_stdout().run();
}

#[test]
fn what_is_set_before_the_aws_cli_reads_or_after_it_has_written_stays() {
    let Some(python) = peer::python(&["awscli"]) else { return };
    for is_before in [true, false] {
        let home = Home::new().config(OLD);
        if is_before {
            set(&home);
        }
        let mut slow = Slow::read(&python, &home);
        slow.empty_the_file();
        slow.finish();
        if !is_before {
            set(&home);
        }
        assert_eq!(home.read(".aws/config"), THEIRS.to_owned() + OURS);
    }
}

/// That nothing but a lock of its own could prevent. The file stays whole.
#[test]
fn what_is_set_after_the_aws_cli_has_read_it_writes_over() {
    let Some(python) = peer::python(&["awscli"]) else { return };
    let home = Home::new().config(OLD);
    let mut slow = Slow::read(&python, &home);
    set(&home);
    assert_eq!(home.read(".aws/config"), OLD.to_owned() + OURS);
    slow.empty_the_file();
    slow.finish();
    assert_eq!(home.read(".aws/config"), THEIRS);
    set(&home);
    assert_eq!(home.read(".aws/config"), THEIRS.to_owned() + OURS);
}

#[test]
fn what_is_set_while_the_aws_cli_writes_waits_for_it_and_loses_nothing() {
    let Some(python) = peer::python(&["awscli"]) else { return };
    let home = Home::new().config(OLD);
    let mut slow = Slow::read(&python, &home);
    slow.empty_the_file();
    let ours = keyfob(&home, &["set", "ours", "y=1"]);
    thread::sleep(Duration::from_millis(60));
    slow.finish();
    ours.wait();
    assert_eq!(home.read(".aws/config"), THEIRS.to_owned() + OURS);
}
