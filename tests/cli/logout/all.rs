//! `keyfob logout --all`: every console sign-in, of whichever tool, and no other file.

use super::*;

#[test]
fn sign_ins_are_counted() {
    let scene = Scene::new();
    let count = |text: &str| scene.logout(&["--all"]).stdout(format!("{text}.\n")).run();
    count("Forgot 2 console sign-ins");
    count("There was no console sign-in");
    scene.sign_in(BOB, fresh());
    count("Forgot 1 console sign-in");
    fs::remove_dir_all(scene.path(".aws/login")).expect("the folder is ours");
    count("There was no console sign-in");
    assert!(!scene.path(".aws/login").exists());
    assert_eq!(scene.home.read(".aws/config"), config());
}

#[test]
fn sign_ins_of_profiles_that_are_gone_are_forgotten_too() {
    for config in ["", "[profile other]\nregion = us-east-1\n"] {
        let scene = Scene::new();
        scene.home.write(".aws/config", config);
        scene.logout(&["--all"]).env("AWS_PROFILE", "gone").stdout("Forgot 2 console sign-ins.\n").run();
        assert_eq!(scene.files(), [""; 0]);
    }
}

#[test]
fn every_file_is_judged_by_what_it_holds() {
    let session = Scene::new().home.read(session_path(ALICE));
    for (name, text, goes) in [
        ("x.json", session.as_str(), true),
        ("x", &session, true),
        ("x.json.backup", &session, true),
        (".x", &format!("\n{session}\n"), true),
        ("x.json", r#"{"accessToken": {"accessKeyId": "AKIA"}}"#, true),
        ("x.json", &format!("[{session}]"), false),
        ("x.json", "[]", false),
        ("x.json", &session[..session.len() - 1], false),
        ("x.json", &format!("{session}x"), false),
        ("x.json", "", false),
        ("x.json", "null", false),
        ("x.json", "\u{0}\u{1}", false),
        // A token of IAM Identity Center.
        ("x.json", r#"{"startUrl": "https://x.awsapps.com/start", "accessToken": "x", "expiresAt": "x"}"#, false),
        ("x.json", r#"{"accessToken": {"secretAccessKey": "x"}}"#, false),
        ("x.json", r#"{"accessToken": ["accessKeyId"]}"#, false),
        ("x.json", r#"{"AccessKeyId": "ASIA", "Version": 1}"#, false),
        ("x.json", r#"{"Credentials": {"AccessKeyId": "ASIA"}}"#, false),
    ] {
        let scene = Scene::new();
        let path = scene.home.write(&format!("{FOLDER}/{name}"), text);
        let count = if goes { 3 } else { 2 };
        scene.logout(&["--all"]).stdout(format!("Forgot {count} console sign-ins.\n")).run();
        assert_eq!(path.exists(), !goes, "{name}: {text}");
        assert_eq!(scene.files().len(), usize::from(!goes), "{:?}", scene.files());
    }
}

#[test]
fn what_is_no_file_and_what_lies_deeper_stays() {
    let scene = Scene::new();
    let session = scene.home.read(session_path(ALICE));
    let deeper = scene.home.write(&format!("{FOLDER}/x.json/y.json"), &session);
    let beside = scene.home.write(".aws/login/z.json", &session);
    scene.logout(&["--all"]).stdout("Forgot 2 console sign-ins.\n").run();
    assert!(deeper.exists() && beside.exists());
}

#[cfg(unix)]
#[test]
fn pipe_among_the_files_holds_nobody_up() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let scene = Scene::new();
    let path = scene.path(&format!("{FOLDER}/x.json"));
    mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0).expect("the folder is ours");
    scene.logout(&["--all"]).stdout("Forgot 2 console sign-ins.\n").run();
    assert!(path.exists());
}

/// Renewals that a killed process wrote and did not put in their place hold tokens as well.
#[test]
fn unfinished_copies_go_and_are_not_counted() {
    let scene = Scene::new();
    let session = scene.home.read(session_path(ALICE));
    for number in [1, 2, 99_999] {
        scene.home.write(&format!("{}.{number}.tmp", session_path(ALICE)), &session);
    }
    // Its session is gone.
    scene.home.write(&format!("{FOLDER}/{}.json.7.tmp", "0".repeat(64)), &session);
    scene.logout(&["--all"]).stdout("Forgot 2 console sign-ins.\n").run();
    assert_eq!(scene.files(), [""; 0]);
}

#[test]
fn folder_may_be_elsewhere() {
    let scene = Scene::new();
    fs::rename(scene.path(FOLDER), scene.path("sessions")).expect("the folder is ours");
    let run = scene.logout(&["--all"]).env("AWS_LOGIN_CACHE_DIRECTORY", "~/sessions");
    run.stdout("Forgot 2 console sign-ins.\n").run();
    assert!(!scene.path(FOLDER).exists());
}

#[test]
fn one_profile_and_all_exclude_each_other() {
    let scene = Scene::new();
    let before = scene.files();
    for arguments in [&["--all", "dev"][..], &["--all", "--profile", "dev"]] {
        scene.logout(arguments).code(2).stderr("keyfob: --all and a profile exclude each other\n").run();
    }
    assert_eq!(scene.files(), before);
}
