//! Edits of both files at once: all of them or none, and once where two paths lead to one file.

#![cfg(unix)]

use super::edit::{changes, named};
use super::save::{Folder, is_root, read};
use super::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

fn vars(config: &Path, credentials: &Path) -> Vars {
    let text = |path: &Path| path.to_str().expect("the tests' own paths are UTF-8").to_owned();
    Vars::from([("AWS_CONFIG_FILE", &*text(config)), ("AWS_SHARED_CREDENTIALS_FILE", &*text(credentials))])
}

fn edits() -> Edits<'static> {
    Edits {
        config: vec![Edit::set(named("a"), changes("region=r"))],
        credentials: vec![Edit::set(named("a"), changes("aws_access_key_id=A aws_secret_access_key=MARKER"))],
    }
}

const KEYS: &str = "[a]\naws_access_key_id = A\naws_secret_access_key = MARKER\n";

#[test]
fn both_files_are_written() {
    let folder = Folder::new("both");
    let (config, credentials) = (folder.0.join("config"), folder.0.join("credentials"));
    let vars = vars(&config, &credentials);
    let diff = edits().diff(&vars).expect("a preview");
    assert!(diff.contains("+[profile a]\n+region = r\n") && diff.contains("+aws_access_key_id = A\n"), "{diff}");
    assert!(!diff.contains("MARKER"), "{diff}");
    assert_eq!(folder.names(), [""; 0]);

    let written = edits().apply(&vars).expect("two new files");
    assert!(written.iter().map(|written| (&written.path, written.changed)).eq([(&credentials, true), (&config, true)]));
    assert_eq!((read(&config).as_str(), read(&credentials).as_str()), ("[profile a]\nregion = r\n", KEYS));
    let again = edits().apply(&vars).expect("no change");
    assert!(again.iter().all(|written| !written.changed && written.warnings.is_empty()));
    assert_eq!(edits().diff(&vars).as_deref(), Ok(""));
}

#[test]
fn a_file_without_edits_is_not_looked_at() {
    let folder = Folder::new("one-of-two");
    let config = folder.0.join("config");
    // A folder would be refused.
    let vars = vars(&config, &folder.0);
    let edits = Edits { config: vec![Edit::set(named("a"), changes("x=1"))], ..Edits::default() };
    assert_eq!(edits.apply(&vars).expect("one file").len(), 1);
    assert_eq!(Edits::default().apply(&vars), Ok(Vec::new()));
}

#[test]
fn when_one_cannot_be_written_neither_is() {
    let folder = Folder::new("neither");
    let credentials = folder.0.join("credentials");
    let config = folder.file("config", "[profile a]\nbroken\n");
    let error = edits().apply(&vars(&config, &credentials)).expect_err("a broken line");
    assert_eq!(error.message, "cannot read profile \"a\"");
    let config = folder.file("config", "[profile a]\n");
    fs::set_permissions(&config, Permissions::from_mode(0o400)).expect("the file is ours");
    assert!(is_root() || edits().apply(&vars(&config, &credentials)).is_err());
    assert!(is_root() || folder.names() == ["config"]);
}

#[test]
fn one_file_with_two_paths_is_written_once() {
    let folder = Folder::new("one-file");
    let credentials = folder.file("credentials", "[b]\n");
    fs::set_permissions(&credentials, Permissions::from_mode(0o600)).expect("the file is ours");
    let link = folder.0.join("config");
    symlink("credentials", &link).expect("a link");
    let both = format!("[b]\n{KEYS}[profile a]\nregion = r\n");
    for config in [&credentials, &link] {
        fs::write(&credentials, "[b]\n").expect("the file is ours");
        let vars = vars(config, &credentials);
        let diff = edits().diff(&vars).expect("a preview");
        assert_eq!(diff.matches("---").count(), 1, "{diff}");
        assert!(diff.contains("+aws_access_key_id = A\n") && diff.contains("+region = r\n"), "{diff}");
        let written = edits().apply(&vars).expect("one file");
        assert_eq!(written, [Written { path: credentials.clone(), changed: true, warnings: Vec::new() }]);
        assert_eq!(read(&credentials), both);
    }
}

#[test]
fn secrets_that_others_can_read_are_told_when_they_are_written() {
    let folder = Folder::new("open");
    let (config, credentials) = (folder.file("config", ""), folder.file("credentials", ""));
    for (bits, is_told) in [(0o644, true), (0o660, true), (0o604, true), (0o600, false)] {
        fs::write(&credentials, "").expect("the file is ours");
        fs::set_permissions(&credentials, Permissions::from_mode(bits)).expect("the file is ours");
        fs::set_permissions(&config, Permissions::from_mode(0o644)).expect("the file is ours");
        let written = edits().apply(&vars(&config, &credentials)).expect("two files");
        let warnings: Vec<_> = written.into_iter().flat_map(|written| written.warnings).collect();
        let path = credentials.display();
        let expected = format!("The file '{path}' is accessible by other users. Consider running 'chmod 600 {path}'");
        assert_eq!(warnings, if is_told { vec![expected] } else { Vec::new() }, "{bits:o}");
        let mode = fs::metadata(&credentials).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, bits, "it stays as it is");
    }
}

#[test]
fn copies_of_secrets_in_the_other_file_are_found() {
    let profiles = Profiles::from_texts(
        "[profile a]\nregion = r\nAWS_Secret_Access_Key = MARKER\nkeyfob_aws_session_token = MARKER\n[profile b]\n",
        "[a]\naws_access_key_id = A\n",
    );
    let found = |name: &str, file| {
        let profile = profiles.profile(name).expect("no damage").expect("the profile");
        let found = profile.secrets_in(file);
        found.iter().map(|(key, place)| format!("{place}: {key}")).collect::<Vec<_>>()
    };
    assert_eq!(found("a", FileKind::Config), ["config:3: AWS_Secret_Access_Key", "config:4: keyfob_aws_session_token"]);
    assert_eq!(found("a", FileKind::Credentials), [""; 0]);
    assert_eq!(found("b", FileKind::Config), [""; 0]);
}
