//! `keyfob logout`: forgets console sign-ins, and what was got with them.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "some of this is about Unix's files"))]

mod all;
mod meanwhile;
mod roles;

use super::{
    fake::{Session, SignIn, Timestamp, refresh},
    keyfob::{Home, Invocation},
    scene::END,
    signing_in::{ALICE, BOB, session_path},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Alice is signed in as `dev`, bob as `ops`.
struct Scene {
    signin: SignIn,
    home: Home,
}

impl Scene {
    fn new() -> Self {
        let signin = SignIn::start();
        let home = Home::new().env("AWS_ENDPOINT_URL_SIGNIN", &signin.url()).config(&config());
        let scene = Self { signin, home };
        scene.sign_in(ALICE, fresh());
        scene.sign_in(BOB, fresh());
        scene
    }

    fn sign_in(&self, login_session: &str, end: Timestamp) -> Session {
        let session = self.signin.sign_in(login_session);
        self.home.write(&session.path(), session.document(end));
        session
    }

    fn logout(&self, arguments: &[&str]) -> Invocation {
        self.home.keyfob([&["logout"], arguments].concat())
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.home.path().join(relative)
    }

    /// All that is in the folder of sessions, but for locks.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path(FOLDER)).expect("the folder is there").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| Path::new(name).extension().is_none_or(|end| end != "lock"));
        names.sort();
        names
    }
}

const FOLDER: &str = ".aws/login/cache";

fn config() -> String {
    format!(
        "# Mine.\n[profile dev]\nlogin_session = {ALICE}\nregion = us-east-1\n\n[profile ops]\nlogin_session={BOB}\n\
         region = us-east-1\n[profile plain]\nregion = eu-west-1\n"
    )
}

fn fresh() -> Timestamp {
    Timestamp::parse_rfc3339(END).expect("this is how the fake spells times")
}

fn ended() -> Timestamp {
    Timestamp::from_unix_seconds(1_767_225_600)
}

/// The file's name in its folder.
fn name(login_session: &str) -> String {
    let path = session_path(login_session);
    Path::new(&path).file_name().and_then(|name| name.to_str()).expect("the name is a hash").to_owned()
}

fn signed_out(profile: &str, login_session: &str) -> String {
    format!("Profile \"{profile}\" is signed out: {login_session}.\n")
}

#[test]
fn session_of_one_profile_is_forgotten_and_nothing_else() {
    let scene = Scene::new();
    let hash = name(ALICE).replace(".json", "");
    // What keyfob has beside the file, and a renewal that a killed process left.
    for end in ["keyfob.lock", "keyfob.relief.lock", "keyfob.note", "json.4711.tmp"] {
        scene.home.write(&format!("{FOLDER}/{hash}.{end}"), scene.home.read(session_path(ALICE)));
    }
    scene.home.write(&format!("{FOLDER}/other.txt"), "mine");
    scene.home.write(".aws/sso/cache/x.json", "{\"accessToken\": \"x\"}");
    let bob = scene.home.read(session_path(BOB));
    scene.logout(&["dev"]).stdout(signed_out("dev", ALICE)).run();
    assert_eq!(scene.files(), [name(BOB), "other.txt".to_owned()]);
    assert_eq!(scene.home.read(session_path(BOB)), bob);
    assert_eq!(scene.home.read(".aws/config"), config());
    assert!(scene.path(".aws/sso/cache/x.json").exists());
    // The way back is the one that the error names.
    let told = scene.home.keyfob(["process", "dev"]).code(3).any_stderr().run().stderr;
    assert!(told.contains("hint: sign in: `keyfob login dev`"), "{told}");
    assert_eq!(scene.signin.connections(), 0);
}

#[test]
fn profile_is_chosen_as_elsewhere() {
    for (arguments, variable) in
        [(&["dev"][..], ""), (&["--profile", "dev"], ""), (&["-p", "dev"], "ops"), (&[], "dev"), (&["dev"], "gone")]
    {
        let scene = Scene::new();
        scene.logout(arguments).env("AWS_PROFILE", variable).stdout(signed_out("dev", ALICE)).run();
        assert_eq!(scene.files(), [name(BOB)]);
    }
}

#[test]
fn who_is_not_signed_in_is_told_so() {
    let scene = Scene::new();
    fs::remove_dir_all(scene.path(".aws/login")).expect("the folder is ours");
    scene.logout(&["dev"]).stdout("Profile \"dev\" was not signed in.\n").run();
    // Nothing is made for it.
    assert!(!scene.path(".aws/login").exists());
}

#[test]
fn profile_without_a_sign_in_is_a_warning() {
    let scene = Scene::new();
    let before = scene.files();
    let told = "keyfob: profile \"plain\" has no console sign-in (login_session); nothing to forget\n";
    scene.logout(&["plain"]).stderr(told).run();
    assert_eq!(scene.files(), before);
}

#[test]
fn unknown_profile_is_an_error() {
    let scene = Scene::new();
    let before = scene.files();
    for arguments in [&["gone"][..], &[]] {
        let told = scene.logout(arguments).code(4).any_stderr().run().stderr;
        assert!(told.starts_with("keyfob: no profile \""), "{told}");
    }
    assert_eq!(scene.files(), before);
}

#[cfg(unix)]
#[test]
fn session_behind_a_symbolic_link_is_forgotten_too() {
    let scene = Scene::new();
    let target = scene.home.write("vault/session", scene.home.read(session_path(ALICE)));
    let link = scene.path(&session_path(ALICE));
    fs::remove_file(&link).expect("the file was just written");
    std::os::unix::fs::symlink("../../../vault/session", &link).expect("the folder is ours");
    scene.logout(&["dev"]).stdout(signed_out("dev", ALICE)).run();
    assert!(!link.is_symlink() && !target.exists());
    assert_eq!(scene.files(), [name(BOB)]);
}

/// A folder in the place of the file, as nothing is read-only to root.
#[test]
fn file_that_cannot_be_deleted_is_named() {
    for (arguments, others) in [(&["dev"][..], true), (&["--all"], false)] {
        let scene = Scene::new();
        let path = scene.path(&session_path(ALICE));
        if others {
            fs::remove_file(&path).expect("the file was just written");
            fs::create_dir(&path).expect("the folder is ours");
        } else {
            // The file goes, but its note does not.
            fs::create_dir(path.with_extension("keyfob.note")).expect("the folder is ours");
        }
        let told = scene.logout(arguments).code(1).any_stderr().run().stderr;
        assert!(
            told.starts_with(&format!("keyfob: cannot forget a console sign-in\n  cause: \"{}\": ", path.display()))
                && told.ends_with("\n  hint: remove the file, or make its folder writable\n"),
            "{told}"
        );
        // One that fails does not keep the others.
        assert_eq!(scene.path(&session_path(BOB)).exists(), others);
    }
}
