//! What could not be written is told before anybody is sent to a browser.

use super::*;
use std::os::unix::fs::{PermissionsExt, symlink};

/// Nobody is asked for anything, and nothing has changed.
#[track_caller]
fn told(desk: &Desk, run: Invocation) -> String {
    let before = desk.files();
    let told = run.code(1).any_stderr().run().stderr;
    assert_eq!((desk.signin.connections(), desk.files()), (0, before), "{told}");
    assert!(!told.contains("http://127.0.0.1"), "somebody was sent to a browser: {told}");
    told
}

/// How it begins and ends when the config file cannot be written.
#[track_caller]
fn config_cannot_be_written(desk: &Desk, told: &str) {
    let path = desk.home.path().join(".aws/config");
    assert!(told.starts_with(&format!("keyfob: cannot write \"{}\"\n  cause: ", path.display())), "{told}");
    let hint = "\n  hint: make it a file that can be written, or name another one in AWS_CONFIG_FILE\n";
    assert!(told.ends_with(hint), "{told}");
}

#[track_caller]
fn session_cannot_be_written(told: &str, folder: &Path) {
    let cause = format!("keyfob: cannot keep a console sign-in\n  cause: cannot write \"{}\": ", folder.display());
    assert!(told.starts_with(&cause), "{told}");
    let hint = "\n  hint: make the folder writable and the disk less full, or set AWS_LOGIN_CACHE_DIRECTORY\n";
    assert!(told.ends_with(hint), "{told}");
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn config_that_is_no_file() {
    let desk = Desk::new();
    fs::create_dir_all(desk.home.path().join(".aws/config")).expect("the home is ours");
    config_cannot_be_written(&desk, &told(&desk, desk.login(&["dev"])));
}

#[test]
fn config_whose_folder_is_a_file() {
    let desk = Desk::new();
    desk.home.write(".aws", "");
    config_cannot_be_written(&desk, &told(&desk, desk.login(&["dev"])));
}

#[test]
fn config_that_is_a_link_to_itself() {
    let desk = Desk::new();
    fs::create_dir(desk.home.path().join(".aws")).expect("the home is ours");
    symlink("config", desk.home.path().join(".aws/config")).expect("the folder is ours");
    config_cannot_be_written(&desk, &told(&desk, desk.login(&["dev"])));
}

#[test]
fn config_that_is_read_only() {
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: nothing is read-only to root");
        return;
    }
    let desk = Desk::with_config("[profile dev]\n");
    set_mode(&desk.home.path().join(".aws/config"), 0o400);
    config_cannot_be_written(&desk, &told(&desk, desk.login(&["dev"])));
    let desk = Desk::new();
    let folder = desk.home.path().join(".aws");
    fs::create_dir(&folder).expect("the home is ours");
    set_mode(&folder, 0o500);
    let told = told(&desk, desk.login(&["dev"]));
    set_mode(&folder, 0o700);
    config_cannot_be_written(&desk, &told);
}

#[test]
fn folder_of_sessions_that_is_read_only() {
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: nothing is read-only to root");
        return;
    }
    let desk = Desk::new();
    let folder = desk.home.path().join(".aws/login/cache");
    fs::create_dir_all(&folder).expect("the home is ours");
    set_mode(&folder, 0o500);
    let told = told(&desk, desk.login(&["dev"]));
    set_mode(&folder, 0o700);
    session_cannot_be_written(&told, &folder);
}

#[test]
fn folder_of_sessions_that_is_a_file() {
    let desk = Desk::new();
    desk.home.write(".aws/login/cache", "");
    session_cannot_be_written(&told(&desk, desk.login(&["dev"])), &desk.home.path().join(".aws/login/cache"));
    let desk = Desk::new();
    let file = desk.home.write("sessions", "");
    let run = desk.login(&["dev"]).env("AWS_LOGIN_CACHE_DIRECTORY", "~/sessions");
    session_cannot_be_written(&told(&desk, run), &file);
}

/// As on a full disk, which holds for root, too.
#[test]
fn disk_without_room() {
    let desk = Desk::new();
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {} login dev --no-browser", env!("CARGO_BIN_EXE_keyfob"));
    let run = desk.home.program("/bin/sh", ["-c", &script]);
    session_cannot_be_written(&told(&desk, run), &desk.home.path().join(".aws/login/cache"));
}

#[test]
fn name_that_not_every_tool_reads_alike() {
    for profile in ["a]b", "a#b", "a\nb", " dev", "it's", "__proto__"] {
        let desk = Desk::new();
        let told = told(&desk, desk.login(&[profile]));
        assert!(told.contains("\n  cause: the name has characters that not every AWS tool reads alike\n"), "{told}");
        assert!(told.ends_with("\n  hint: choose a name of letters, digits, and _-/.%@:+\n"), "{told}");
    }
}

#[test]
fn setting_that_holds_others() {
    let desk = Desk::with_config("[profile dev]\nlogin_session =\n  a = b\n");
    let told = told(&desk, desk.login(&["dev"]));
    assert!(told.contains(".aws/config:2: it holds nested settings, which would be lost\n"), "{told}");
}

#[test]
fn file_in_another_encoding() {
    let desk = Desk::new();
    desk.home.write(".aws/config", b"\xff\xfe[\0d\0e\0v\0]\0");
    let told = told(&desk, desk.login(&["dev"]));
    assert!(told.contains("\n  cause: file is UTF-16; re-save as UTF-8\n"), "{told}");
}
