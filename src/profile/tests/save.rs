//! Edits of files on disk: what they are stays, nobody else's change is lost, and a failure leaves the old file.

#![cfg(unix)]

use super::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A folder of a test's own, removed at its end.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("keyfob-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder takes new ones");
        Self(fs::canonicalize(folder).expect("it is there"))
    }

    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a new file");
        path
    }

    pub(super) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A test has failed already, or its files are all ours.
        let _ = fs::set_permissions(&self.0, Permissions::from_mode(0o700));
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SECTION: SectionName<'_> = SectionName { kind: SectionKind::Profile, name: "a" };

fn vars(path: &Path) -> Vars {
    Vars::from([("AWS_CONFIG_FILE", path.to_str().expect("the tests' own paths are UTF-8"))])
}

fn setting<'a>(key: &'a str, value: &'a str) -> Edit<'a> {
    Edit::set(SECTION, vec![Change { key, value }])
}

fn set(path: &Path, key: &str, value: &str) -> Result<Written, Error> {
    apply(&vars(path), FileKind::Config, &[setting(key, value)])
}

pub(super) fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file is there")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").mode() & 0o7777
}

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn a_missing_file_is_made_private_with_its_folders() {
    let folder = Folder::new("missing");
    let path = folder.0.join("x/.aws/config");
    let written = set(&path, "x", "1").expect("a new file");
    assert_eq!(written, Written { path: path.clone(), changed: true, warnings: Vec::new() });
    assert_eq!(read(&path), "[profile a]\nx = 1\n");
    assert_eq!((mode(&path), mode(&folder.0.join("x")), mode(&folder.0.join("x/.aws"))), (0o600, 0o700, 0o700));
}

#[test]
fn without_a_change_nothing_is_written() {
    let folder = Folder::new("unchanged");
    let path = folder.file("config", "[profile a]\nx=1\n");
    let before = fs::metadata(&path).expect("it is there").ino();
    assert!(!set(&path, "x", "1").expect("an edit").changed);
    assert_eq!((read(&path).as_str(), fs::metadata(&path).expect("it is there").ino()), ("[profile a]\nx=1\n", before));
}

#[test]
fn to_take_away_what_is_not_there_makes_no_file() {
    let folder = Folder::new("nothing");
    let path = folder.0.join("config");
    let edits = [Edit::remove(SECTION), Edit::unset(SECTION, vec!["x"])];
    let written = apply(&vars(&path), FileKind::Config, &edits).expect("no edit");
    assert_eq!(written, Written { path, changed: false, warnings: Vec::new() });
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_preview_shows_what_would_be_and_touches_nothing() {
    let folder = Folder::new("preview");
    let preview = |path: &Path| preview(&vars(path), FileKind::Config, &[setting("x", "2")]);

    let path = folder.file("config", "[profile a]\nx = 1\n");
    let before = fs::metadata(&path).expect("it is there").ino();
    let shown = preview(&path).expect("an edit");
    assert_eq!(shown.path, path);
    assert_eq!((&*shown.before, &*shown.after), (&b"[profile a]\nx = 1\n"[..], &b"[profile a]\nx = 2\n"[..]));
    assert_eq!(
        (read(&path).as_str(), fs::metadata(&path).expect("it is there").ino()),
        ("[profile a]\nx = 1\n", before)
    );

    let shown = preview(&folder.0.join("no/folder/config")).expect("an edit");
    assert_eq!((&*shown.before, &*shown.after), (&b""[..], &b"[profile a]\nx = 2\n"[..]));
    assert_eq!(folder.names(), ["config"]);

    let error = preview(&folder.0).map(drop).expect_err("a folder is no file");
    assert_eq!(error.cause.as_deref(), Some("not a regular file"));
}

#[test]
fn a_rehearsal_ends_as_the_edit_would() {
    let folder = Folder::new("rehearsal");
    let path = folder.file("config", "[profile a]\nx = 1\n");
    fs::set_permissions(&path, Permissions::from_mode(0o400)).expect("the file is ours");
    let rehearse = |value| rehearse(&vars(&path), FileKind::Config, &[setting("x", value)]);
    assert_eq!(rehearse("1"), Ok(()), "there is nothing to write");
    assert_eq!(
        rehearse("2").map_err(|error| error.message),
        set(&path, "x", "2").map(drop).map_err(|error| error.message)
    );
    assert!(rehearse("# 2").is_err());
}

#[test]
fn a_file_that_takes_no_edit_is_told_before_there_is_one() {
    let folder = Folder::new("unwritable");
    let refuse = |path: &Path| refuse_unwritable(&vars(path), FileKind::Config);
    let error = refuse(&folder.0).expect_err("a folder is no file");
    assert_eq!(error.cause.as_deref(), Some("not a regular file"));
    let path = folder.file("config", "broken\n");
    assert_eq!((refuse(&path), refuse(&folder.0.join("new"))), (Ok(()), Ok(())));
    assert_eq!((folder.names(), read(&path).as_str()), (vec!["config".to_owned()], "broken\n"));
    fs::set_permissions(&path, Permissions::from_mode(0o400)).expect("the file is ours");
    assert_eq!(refuse(&path).is_ok(), is_root());
}

#[test]
fn a_rehearsal_waits_for_whoever_is_writing() {
    let folder = Folder::new("half-written");
    let path = folder.file("config", "[profile a]\nx\n");
    let writer = path.clone();
    let writing = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(60));
        fs::write(writer, "[profile a]\nx = 1\n").expect("the file is ours");
    });
    assert_eq!(rehearse(&vars(&path), FileKind::Config, &[setting("x", "2")]), Ok(()));
    writing.join().expect("it writes");
}

#[test]
fn a_file_that_was_emptied_just_now_is_waited_for() {
    let folder = Folder::new("emptied");
    let path = folder.file("config", "");
    let writer = path.clone();
    let writing = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(200));
        fs::write(writer, "[profile b]\nx = 1\n").expect("the file is ours");
    });
    set(&path, "x", "2").expect("an edit");
    writing.join().expect("it writes");
    assert_eq!(read(&path), "[profile b]\nx = 1\n[profile a]\nx = 2\n");
}

#[test]
fn a_file_that_stays_empty_is_taken_for_an_empty_one() {
    let folder = Folder::new("empty");
    let path = folder.file("config", "");
    set(&path, "x", "2").expect("an edit");
    assert_eq!(read(&path), "[profile a]\nx = 2\n");
}

#[test]
fn what_a_killed_process_left_goes_with_the_next_edit() {
    let folder = Folder::new("killed");
    let path = folder.file("config", "[profile a]\n");
    // No process has so high a number, and the first one never ends.
    let copies = ["config.1.tmp", "config.999999999.tmp", "other.999999999.tmp"];
    for name in copies {
        folder.file(name, "x = 1\n");
    }
    set(&path, "x", "2").expect("an edit");
    assert_eq!(folder.names(), ["config", "config.1.tmp", "other.999999999.tmp"]);
}

#[test]
fn modes_stay_and_nothing_is_left_beside() {
    let folder = Folder::new("modes");
    for bits in [0o600, 0o640, 0o664, 0o755] {
        let path = folder.file("config", "[profile a]\n");
        fs::set_permissions(&path, Permissions::from_mode(bits)).expect("the file is ours");
        set(&path, "x", "1").expect("an edit");
        assert_eq!((read(&path).as_str(), mode(&path)), ("[profile a]\nx = 1\n", bits));
    }
    assert_eq!(folder.names(), ["config"]);
}

#[test]
fn symbolic_links_stay_and_lead_to_the_edited_file() {
    let folder = Folder::new("links");
    fs::create_dir(folder.0.join("dotfiles")).expect("a folder");
    let target = folder.file("dotfiles/aws-config", "[profile a]\n");
    symlink("dotfiles", folder.0.join("dots")).expect("a link");
    symlink("dots/aws-config", folder.0.join("config")).expect("a link");
    set(&folder.0.join("config"), "x", "1").expect("an edit");
    assert_eq!(read(&target), "[profile a]\nx = 1\n");
    assert!(folder.0.join("config").is_symlink() && folder.0.join("dots").is_symlink());

    symlink("new/folder/config", folder.0.join("dangling")).expect("a link");
    set(&folder.0.join("dangling"), "x", "1").expect("a new file");
    assert_eq!(read(&folder.0.join("new/folder/config")), "[profile a]\nx = 1\n");

    symlink("round", folder.0.join("round")).expect("a link");
    set(&folder.0.join("round"), "x", "1").expect_err("it leads nowhere");
}

#[test]
fn all_names_of_a_file_get_the_change() {
    let folder = Folder::new("hard-links");
    for (before, value) in [("[profile a]\n", "1"), ("[profile a]\nx = a long text that goes\n", "2")] {
        let path = folder.file("config", before);
        let _ = fs::remove_file(folder.0.join("other"));
        fs::hard_link(&path, folder.0.join("other")).expect("a second name");
        set(&path, "x", value).expect("an edit");
        let after = format!("[profile a]\nx = {value}\n");
        assert_eq!([read(&path), read(&folder.0.join("other"))], [after.clone(), after]);
    }
}

#[test]
fn a_folder_that_takes_no_new_files_is_no_obstacle() {
    let folder = Folder::new("read-only");
    let path = folder.file("config", "[profile a]\n");
    let before = fs::metadata(&path).expect("it is there").ino();
    fs::set_permissions(&folder.0, Permissions::from_mode(0o500)).expect("the folder is ours");
    set(&path, "x", "1").expect("an edit");
    assert_eq!(read(&path), "[profile a]\nx = 1\n");
    // For root there are no such folders.
    assert!(is_root() || fs::metadata(&path).expect("it is there").ino() == before);
    let new = set(&folder.0.join("new"), "x", "1");
    assert!(is_root() || new.is_err_and(|error| error.cause.as_deref() == Some("Permission denied (os error 13)")));
}

#[test]
fn what_cannot_be_written_says_so_and_stays() {
    let folder = Folder::new("refused");
    fs::create_dir(folder.0.join("config")).expect("a folder");
    let error = set(&folder.0.join("config"), "x", "1").expect_err("a folder is no file");
    assert_eq!(error.message, format!("cannot write \"{}\"", folder.0.join("config").display()));
    assert_eq!(error.cause.as_deref(), Some("not a regular file"));
    let hint = "make it a file that can be written, or name another one in AWS_CONFIG_FILE";
    assert_eq!(error.hint.as_deref(), Some(hint));

    let path = folder.file("read-only", "[profile a]\n");
    fs::set_permissions(&path, Permissions::from_mode(0o400)).expect("the file is ours");
    let result = set(&path, "x", "1");
    assert!(is_root() || (result.is_err() && read(&path) == "[profile a]\n"));

    let path = folder.file("broken", "[profile a]\nx\n");
    let error = set(&path, "x", "1").expect_err("a broken line");
    assert_eq!(
        error.cause.as_deref(),
        Some(&*format!("{}:2:1: Expected an '=' sign defining a property", path.display()))
    );
    assert_eq!(read(&path), "[profile a]\nx\n");
}

#[test]
fn of_many_edits_at_once_none_is_lost() {
    let folder = Folder::new("herd");
    let path = folder.0.join("config");
    std::thread::scope(|scope| {
        for number in 0..20 {
            let path = &path;
            scope.spawn(move || set(path, &format!("key_{number}"), "1").expect("an edit"));
        }
    });
    let lines = read(&path);
    assert!((0..20).all(|number| lines.contains(&format!("key_{number} = 1\n"))), "{lines}");
    assert_eq!(lines.lines().count(), 21, "{lines}");
    assert_eq!(folder.names(), ["config"]);
}
