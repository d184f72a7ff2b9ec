//! Every system call of an edit fails once, by strace: the file says the old or the new, and nobody is told otherwise.

#![cfg(target_os = "linux")]

use super::{
    super::faults::{self, Fault},
    *,
};
use std::os::unix::fs::MetadataExt;

/// System calls, as strace has them, and errors that they end in.
const FAULTS: [(&str, &[&str]); 13] = [
    ("openat", &["EACCES", "ENOSPC", "EROFS"]),
    ("read", &["EIO"]),
    ("write", &["ENOSPC", "EIO", "EDQUOT"]),
    ("fsync", &["EIO", "ENOSPC"]),
    (faults::RENAME, &["EACCES", "EROFS", "ENOSPC"]),
    ("?fchmod,?fchmodat,?fchmodat2", &["EIO", "EROFS"]),
    ("?fchown", &["EPERM", "EIO"]),
    ("lseek", &["EIO"]),
    ("flock", &["EIO", "ENOLCK"]),
    ("?fstat,?newfstatat,?statx,?stat,?lstat", &["EIO", "EACCES"]),
    ("?unlink,?unlinkat", &["EACCES"]),
    ("?mkdir,?mkdirat", &["ENOSPC", "EACCES"]),
    ("?flistxattr,?fgetxattr,?fsetxattr", &["EIO", "ENOSPC"]),
];

/// What a home has at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    Nothing,
    Files,
    /// Of each file another name, so that it is written in place.
    HardLinks,
}

const FILES: [&str; 2] = [".aws/config", ".aws/credentials"];

fn before(scene: Scene) -> [String; 2] {
    if scene == Scene::Nothing {
        return [String::new(), String::new()];
    }
    let filler = "# a comment that fills the file\n".repeat(20);
    let credentials =
        format!("[a]\naws_access_key_id = AKIAOLD\naws_secret_access_key = {MARKER}/old/and/long\n{filler}");
    [format!("[profile a]\nx = old\n{filler}[profile b]\nx = 1 # keep"), credentials]
}

fn after(scene: Scene) -> [String; 2] {
    let [config, credentials] = before(scene);
    if scene == Scene::Nothing {
        return [
            "[profile a]\nx = new\n".to_owned(),
            format!("[a]\naws_access_key_id = AKIANEW\naws_secret_access_key = {MARKER}/new\n"),
        ];
    }
    [config.replace("old", "new"), credentials.replace("AKIAOLD", "AKIANEW").replace("/old/and/long", "/new")]
}

fn home(scene: Scene) -> Home {
    let home = Home::new();
    if scene != Scene::Nothing {
        for (file, text) in FILES.iter().zip(before(scene)) {
            let path = home.write(file, text);
            if scene == Scene::HardLinks {
                fs::hard_link(&path, path.with_extension("link")).expect("a second name");
            }
        }
    }
    home
}

fn read(home: &Home, file: &str) -> String {
    let path = home.path().join(file);
    if path.exists() { home.read(path) } else { String::new() }
}

/// Lets a call fail and looks at what is left. Returns whether there was such a call.
#[track_caller]
fn check(scene: Scene, calls: &str, error: &'static str, number: usize) -> bool {
    let home = home(scene);
    let arguments = ["profile", "set", "a", "--access-key", "AKIANEW", "--stdin", "x=new"];
    let secret = format!("{MARKER}/new");
    let (run, is_met) = faults::try_keyfob(&home, &arguments, &secret, Fault::Error(error), (calls, number));
    let told = format!("{scene:?}, {error} at {calls} {number}: {}\n{}", run.code, run.stderr);
    let mut are_new = true;
    for ((file, old), new) in FILES.iter().zip(before(scene)).zip(after(scene)) {
        let text = read(&home, file);
        // Written in place, a file may have more room than it needs: blank lines at its end.
        let is = |whole: &str| {
            let room = text.strip_prefix(whole).filter(|_| !whole.is_empty() || text.is_empty());
            room.is_some_and(|room| room.is_empty() || (scene == Scene::HardLinks && room.trim().is_empty()))
        };
        assert!(is(&old) || is(&new), "{told}\n{file} is torn:\n{text}");
        are_new &= is(&new);
        if scene == Scene::HardLinks {
            let path = home.path().join(file);
            assert_eq!(fs::metadata(&path).expect("it is there").nlink(), 2, "{told}");
        }
    }
    assert!(are_new || run.code != 0, "{told}\nnothing is wrong, it says");
    assert!(run.code != 101 && !run.stderr.contains("panicked"), "{told}");
    if run.code != 0 && calls != "write" {
        assert!(run.stderr.contains("keyfob: ") || run.code == 127, "{told}\nit says nothing");
    }
    let entries = fs::read_dir(home.path().join(".aws")).into_iter().flatten().flatten();
    let mut left = entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "tmp"));
    assert!(calls.contains("unlink") || left.next().is_none(), "{told}\na copy is left");
    is_met
}

/// Returns how many calls failed.
#[track_caller]
fn check_all(scene: Scene) -> usize {
    let mut met = 0;
    for (calls, errors) in FAULTS {
        for error in errors {
            let mut number = 1;
            while check(scene, calls, error, number) {
                number += 1;
            }
            met += number - 1;
        }
    }
    met
}

#[test]
fn files_that_are_replaced_stay_whole() {
    if faults::can_be_injected() {
        assert!(check_all(Scene::Files) > 100);
    }
}

#[test]
fn files_that_are_written_in_place_stay_whole() {
    if faults::can_be_injected() {
        assert!(check_all(Scene::HardLinks) > 100);
    }
}

/// What the old text has more than the new one must not become a part of it.
#[test]
fn file_that_is_written_in_place_and_cannot_be_shortened_stays_whole() {
    if faults::can_be_injected() {
        assert!(check(Scene::HardLinks, "ftruncate", "EIO", 1));
    }
}

#[test]
fn files_that_are_made_are_whole_or_not_there() {
    if faults::can_be_injected() {
        assert!(check_all(Scene::Nothing) > 100);
    }
}

#[test]
fn what_failed_is_told_and_what_to_do() {
    if !faults::can_be_injected() {
        return;
    }
    let writable = "make it a file that can be written, or name another one in AWS_CONFIG_FILE";
    for (calls, error, cause, hint) in [
        ("write", "ENOSPC", "No space left on device (os error 28)", "make room on that disk"),
        ("write", "EDQUOT", "Disk quota exceeded (os error 122)", "make room on that disk"),
        ("fsync", "EIO", "Input/output error (os error 5)", writable),
        (faults::RENAME, "EIO", "Input/output error (os error 5)", writable),
    ] {
        let home = Home::new().config("[profile a]\nx = 1\n");
        let path = home.path().join(".aws/config");
        let told = format!("keyfob: cannot write \"{}\"\n  cause: {cause}\n  hint: {hint}\n", path.display());
        faults::keyfob(&home, &["profile", "set", "a", "x=2"], Fault::Error(error), calls, 1)
            .code(1)
            .stderr(told)
            .run();
        assert_eq!(home.read(path), "[profile a]\nx = 1\n");
    }
}
