//! The file that counts what is used: an order for the list, and no trouble for anybody.

use super::*;
use std::path::PathBuf;

fn file(home: &Home) -> PathBuf {
    home.cache_dir().join("uses")
}

/// The names, the most used first, as a program is told them that chooses the first.
#[cfg(unix)]
fn order(home: &Home) -> Vec<String> {
    let script = format!("tee {}/told | head -n 1", home.path().display());
    used(home, &["--picker", &script]).any_stdout().any_stderr().run();
    let told = home.read("told");
    told.lines().map(|line| line.split('\t').next().expect("a name").to_owned()).collect()
}

fn uses(home: &Home) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(file(home)).expect("it is there");
    let uses: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).expect("it is JSON");
    uses.into_iter().map(|(name, used)| (name, used["uses"].as_u64().expect("a number"))).collect()
}

#[cfg(unix)]
#[test]
fn most_used_come_first() {
    let home = home();
    assert_eq!(order(&home), ["dev", "prod", "plain"]);
    for name in ["plain", "plain", "plain", "prod", "prod"] {
        used(&home, &[name]).any_stdout().run();
    }
    assert_eq!(order(&home), ["plain", "prod", "dev"]);
}

#[test]
fn going_back_and_ending_count_for_nothing() {
    let home = home().env("KEYFOB_PREVIOUS_PROFILE", "prod");
    used(&home, &["-"]).any_stdout().any_stderr().run();
    used(&home, &["--unset"]).any_stdout().run();
    used(&home, &["nosuch"]).code(4).any_stderr().run();
    assert!(home.cache_files().is_empty(), "{:?}", home.cache_files());
}

#[test]
fn profiles_that_are_gone_are_forgotten() {
    let home = home();
    used(&home, &["dev"]).any_stdout().run();
    home.write(".aws/config", "[profile prod]\nregion = us-east-1\n");
    used(&home, &["prod"]).any_stdout().run();
    assert_eq!(uses(&home), BTreeMap::from([("prod".to_owned(), 1)]));
}

#[test]
fn whatever_is_wrong_with_the_file_is_no_failure() {
    let huge = format!("{{\"dev\":{{\"uses\":1,\"at\":1}}{}}}", " ".repeat(300 * 1024));
    for content in ["", "hello", "[]", "{\"dev\":7}", "{\"dev\":{\"uses\":-1,\"at\":1}}", "\u{0}", &huge] {
        let home = home();
        let path = file(&home);
        let path = path.strip_prefix(home.path()).expect("the cache is in the home");
        home.write(path.to_str().expect("its path is UTF-8"), content);
        used(&home, &["dev"]).any_stdout().run();
        assert_eq!(uses(&home), BTreeMap::from([("dev".to_owned(), 1)]));
    }
}

#[cfg(unix)]
#[test]
fn files_that_cannot_be_had_are_no_failure() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = home();
    std::fs::create_dir_all(file(&home)).expect("the cache is ours");
    used(&home, &["dev"]).any_stdout().run();
    std::fs::remove_dir(file(&home)).expect("it is an empty folder");
    let target = home.write("target", "{\"dev\":{\"uses\":9,\"at\":1}}");
    symlink(&target, file(&home)).expect("the cache is ours");
    used(&home, &["dev"]).any_stdout().run();
    assert_eq!(uses(&home), BTreeMap::from([("dev".to_owned(), 1)]));
    assert!(home.read("target").contains('9'), "what the link leads to is not ours");
    let mode = std::fs::symlink_metadata(file(&home)).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    home.write("no-folder", "");
    let nowhere = home.path().join("no-folder").display().to_string();
    used(&home, &["dev"]).env("XDG_CACHE_HOME", &nowhere).any_stdout().run();
}

#[test]
fn many_at_once_leave_a_file_that_is_whole() {
    let home = home();
    let running: Vec<_> = (0..20).map(|n| used(&home, &[["dev", "prod"][n % 2]]).any_stdout().spawn()).collect();
    for keyfob in running {
        keyfob.wait();
    }
    let uses = uses(&home);
    assert!(uses.values().sum::<u64>() > 0 && uses.len() <= 2, "{uses:?}");
    let names: Vec<_> =
        home.cache_files().iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect();
    assert_eq!(names, ["uses", "uses.lock"]);
}
