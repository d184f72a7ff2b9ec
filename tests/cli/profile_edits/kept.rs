//! What a file is besides its text stays: links to it, its mode, its attributes.

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

/// Each changes the file.
const EDITS: [&[&str]; 4] =
    [&["set", "a", "x=1"], &["set", "a", "x=2", "y=3"], &["unset", "a", "x"], &["remove", "a", "--yes"]];

#[track_caller]
fn edit_and_check(home: &Home, mut check: impl FnMut(&str)) {
    for edit in EDITS {
        let before = home.read(".aws/config");
        home.keyfob([&["profile"], edit].concat()).any_stdout().run();
        let after = home.read(".aws/config");
        assert_ne!(after, before, "{edit:?}");
        check(&after);
    }
}

const TEXT: &str = "[profile b]\nx = 1\n[profile a]\nz = 1\n";

#[test]
fn file_and_folder_that_are_links_stay_so() {
    let home = Home::new();
    let file = home.write("dotfiles/real/config", TEXT);
    symlink("dotfiles/aws", home.path().join(".aws")).expect("the home is ours");
    fs::create_dir(home.path().join("dotfiles/aws")).expect("the home is ours");
    symlink("../real/config", home.path().join("dotfiles/aws/config")).expect("the home is ours");
    edit_and_check(&home, |after| {
        assert!(home.path().join(".aws").is_symlink() && home.path().join(".aws/config").is_symlink());
        assert!(!file.is_symlink());
        assert_eq!(home.read(&file), after);
    });
}

#[test]
fn all_names_of_a_file_get_the_change() {
    let home = Home::new().config(TEXT);
    let other = home.path().join("other");
    fs::hard_link(home.path().join(".aws/config"), &other).expect("the home is ours");
    edit_and_check(&home, |after| {
        assert_eq!(home.read(&other), after);
        assert_eq!(fs::metadata(&other).expect("it is there").nlink(), 2);
    });
}

#[test]
fn modes_stay() {
    let home = Home::new().config(TEXT);
    let (folder, file) = (home.path().join(".aws"), home.path().join(".aws/config"));
    let mode = |path: &Path| fs::metadata(path).expect("it is there").mode() & 0o7777;
    for (path, mode) in [(&folder, 0o755), (&file, 0o664)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    }
    edit_and_check(&home, |_| assert_eq!((mode(&folder), mode(&file)), (0o755, 0o664)));
}

#[cfg(target_os = "linux")]
#[test]
fn attributes_stay() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    let home = Home::new().config(TEXT);
    let file = home.path().join(".aws/config");
    if setxattr(&file, "user.note", b"kept", XattrFlags::empty()).is_err() {
        eprintln!("skipped: files have no attributes here");
        return;
    }
    edit_and_check(&home, |_| {
        let mut value = vec![0; 64];
        let length = getxattr(&file, "user.note", &mut value).expect("it is there");
        assert_eq!(&value[..length], b"kept");
    });
}
