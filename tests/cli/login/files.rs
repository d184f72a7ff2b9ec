//! Modes, links and leftovers of the files that a sign-in writes.

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

#[track_caller]
fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").mode() & 0o7777
}

#[test]
fn new_files_and_folders_are_private() {
    let desk = Desk::signed_in();
    for (path, expected) in [
        (".aws", 0o700),
        (".aws/config", 0o600),
        (".aws/login", 0o700),
        (".aws/login/cache", 0o700),
        (&session_path(ALICE), 0o600),
    ] {
        assert_eq!(mode(&desk.home.path().join(path)), expected, "{path}");
    }
}

#[test]
fn config_keeps_its_mode_and_its_folder_its() {
    each([0o644, 0o640, 0o600], |expected| {
        let desk = Desk::with_config("[profile dev]\n");
        let file = desk.home.path().join(".aws/config");
        let folder = desk.home.path().join(".aws");
        for (path, mode) in [(&file, expected), (&folder, 0o755)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        }
        desk.signs_in(desk.login(&["dev"]), ALICE);
        assert_eq!((mode(&file), mode(&folder)), (expected, 0o755));
    });
}

#[test]
fn session_that_was_open_to_others_becomes_private() {
    let desk = Desk::signed_in();
    fs::set_permissions(desk.session_path(ALICE), fs::Permissions::from_mode(0o644)).expect("the file is ours");
    desk.signs_in(desk.login(&["dev", "--force"]), ALICE);
    assert_eq!(mode(&desk.session_path(ALICE)), 0o600);
}

#[test]
fn config_that_is_a_link_stays_one() {
    for is_there in [true, false] {
        let desk = Desk::new();
        let target = desk.home.write("dotfiles/aws", "[profile dev]\nregion = us-east-1\n");
        let expected = if is_there {
            format!("[profile dev]\nregion = us-east-1\nlogin_session = {ALICE}\n")
        } else {
            fs::remove_file(&target).expect("the file was just written");
            format!("[profile dev]\nlogin_session = {ALICE}\nregion = us-east-1\n")
        };
        let link = desk.home.path().join(".aws/config");
        fs::create_dir(desk.home.path().join(".aws")).expect("the home is ours");
        symlink("../dotfiles/aws", &link).expect("the folder is ours");
        desk.signs_in(desk.login(&["dev"]), ALICE);
        assert!(link.is_symlink() && !target.is_symlink());
        assert_eq!(desk.home.read("dotfiles/aws"), expected);
    }
}

#[test]
fn session_that_is_a_link_is_written_through() {
    let desk = Desk::signed_in();
    let link = desk.session_path(ALICE);
    let target = desk.home.write("vault/session", fs::read(&link).expect("it was just written"));
    fs::remove_file(&link).expect("it was just written");
    symlink(&target, &link).expect("the folder is ours");
    desk.signs_in(desk.login(&["dev", "--force"]), ALICE);
    assert!(link.is_symlink() && !target.is_symlink());
    assert_eq!(desk.home.keyfob(["process", "dev"]).any_stdout().run().stdout, desk.keys(ALICE, 2));
}

#[test]
fn nothing_is_left_beside_what_was_written() {
    let desk = Desk::signed_in();
    let mut left = desk.files();
    let session = desk.session_path(ALICE);
    assert!(left.remove(&session).is_some() && left.remove(&desk.home.path().join(".aws/config")).is_some());
    // Other tools take every file that ends in .json for a session, and every one that is JSON, too.
    let lock = left.remove(&session.with_extension("keyfob.lock")).expect("keyfob's lock");
    assert!(serde_json::from_slice::<serde_json::Value>(&lock).is_err(), "the lock is no JSON");
    assert_eq!(left, BTreeMap::new());
}
