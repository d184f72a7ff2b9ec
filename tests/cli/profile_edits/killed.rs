//! keyfob is killed at any moment of an edit: each file says the old or the new, and the next edit is as any other.

use super::*;
use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

const ROUNDS: u32 = 300;

/// Both files with these keys; the rest is never touched.
fn texts(number: u32) -> [String; 2] {
    let filler = "# a comment that fills the file\n".repeat(40);
    let secret = format!("{MARKER}/{number}");
    [
        format!("[profile a]\nx = {number}\n\n{filler}[profile b]\nx = 1 # keep"),
        format!("[a]\naws_access_key_id = AKIA{number}\naws_secret_access_key = {secret}\n{filler}[b]\nx=1"),
    ]
}

const FILES: [&str; 2] = [".aws/config", ".aws/credentials"];

fn edit(home: &Home, number: u32) -> Invocation {
    let secret = format!("aws_secret_access_key={MARKER}/{number}");
    let keys = [format!("x={number}"), format!("aws_access_key_id=AKIA{number}"), secret];
    let arguments = ["profile", "set", "a"].map(str::to_owned).into_iter().chain(keys);
    home.keyfob(arguments).any_stdout().any_stderr()
}

fn leftovers(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.path().join(".aws")).expect("it is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| !FILES.iter().any(|file| path.ends_with(file))).collect()
}

#[test]
fn at_any_moment_each_file_is_the_old_or_the_new_one() {
    let [config, credentials] = texts(0);
    let home = Home::new().config(&config).credentials(&credentials);
    let began = Instant::now();
    edit(&home, 0).run();
    let usual = began.elapsed();
    let mut old = texts(0);
    let (mut changed, mut left) = (0, 0);
    for round in 1..=ROUNDS {
        let running = edit(&home, round).spawn();
        // Spread over somewhat more than a usual run, in an order that is none.
        thread::sleep(usual * (round * 37 % ROUNDS) / (ROUNDS * 4 / 5));
        running.kill();
        for ((file, old), new) in FILES.iter().zip(&mut old).zip(texts(round)) {
            let text = home.read(file);
            assert!(text == *old || text == new, "round {round} left a torn {file}:\n{text}");
            changed += u32::from(text == new);
            *old = text;
        }
        for path in leftovers(&home) {
            assert!(path.extension().is_some_and(|end| end == "tmp"), "{}", path.display());
            left = left.max(round);
        }
    }
    assert!((1..2 * ROUNDS).contains(&changed), "{changed} of {} were changed: not killed at any moment", 2 * ROUNDS);

    // What they left lies there until it is certain that nobody is at it any more.
    for path in leftovers(&home) {
        let copy = fs::File::options().write(true).open(&path).expect("the file is ours");
        copy.set_modified(now() - Duration::from_mins(10)).expect("the file is ours");
    }
    edit(&home, ROUNDS + 1).run();
    assert_eq!(FILES.map(|file| home.read(file)), texts(ROUNDS + 1), "the last leftover was of round {left}");
    assert_eq!(leftovers(&home), [""; 0].map(PathBuf::from));
}

#[test]
fn copies_of_others_are_swept_when_they_are_old() {
    let home = Home::new().config("[profile a]\nx = 0\n");
    // Of a process that is there, and of one that may be.
    let young = format!("config.{}.tmp", std::process::id());
    for (name, minutes) in [(young.as_str(), 1), ("config.4711.tmp", 10), ("mine.4711.tmp", 10), ("config.tmp", 10)] {
        let path = home.write(&format!(".aws/{name}"), "[profile a]\n");
        let file = fs::File::options().write(true).open(path).expect("the file is ours");
        file.set_modified(now() - Duration::from_mins(minutes)).expect("the file is ours");
    }
    home.keyfob(["profile", "set", "a", "x=1"]).any_stdout().run();
    let mut left: Vec<_> = leftovers(&home).iter().map(|path| path.file_name().expect("a name").to_owned()).collect();
    left.sort();
    assert_eq!(left, [young.as_str(), "config.tmp", "mine.4711.tmp"]);
}
