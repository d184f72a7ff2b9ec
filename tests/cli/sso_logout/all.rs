//! `keyfob sso logout --all`: every sign-in of which the shared files speak.

use super::*;

#[test]
fn sign_ins_of_sessions_and_of_start_urls_end() {
    let scene = Scene::new();
    for (profile, role) in [("dev", "Admin"), ("lab", "Admin"), ("old", "Admin")] {
        scene.get_role(profile, role);
    }
    for _ in 0..3 {
        scene.center.portal.expect(logout());
    }
    let told = format!(
        "Signed out of sso-session \"corp\", for all of its profiles.\n\
         Signed out of sso-session \"lab\", for all of its profiles.\n\
         Signed out of {}, for all of its profiles.\n{LIVE_ON}",
        scene.center.start_url
    );
    scene.logout(&["--all"]).env("AWS_PROFILE", "gone").stdout(told).run();
    assert_eq!(scene.files(), [""; 0]);
    assert_eq!(entries(&scene.home), [""; 0].map(PathBuf::from));
    let none = "There was no sign-in to IAM Identity Center.\n";
    scene.logout(&["--all"]).stdout(none).run();
    fs::remove_dir_all(scene.path(".aws/sso")).expect("the folder is ours");
    scene.logout(&["--all"]).stdout(none).run();
    assert!(!scene.path(".aws/sso").exists());
}

#[test]
fn each_sign_in_ends_once_however_many_profiles_use_it() {
    let scene = Scene::new();
    let config = scene.home.read(".aws/config");
    let old = config.split("[profile old]").nth(1).and_then(|rest| rest.split("[profile").next()).expect("it is there");
    scene.home.write(".aws/config", format!("{config}[profile older]{old}"));
    for _ in 0..3 {
        scene.center.portal.expect(logout());
    }
    let printed = scene.logout(&["--all"]).any_stdout().run().stdout;
    assert_eq!(printed.lines().count(), 4, "{printed}");
}

#[test]
fn session_that_only_a_profile_names_ends_too() {
    let scene = Scene::new();
    let config = scene.home.read(".aws/config").replace("[sso-session lab]", "[sso-session else]");
    scene.home.write(".aws/config", config);
    for _ in 0..3 {
        scene.center.portal.expect(logout());
    }
    scene.logout(&["--all"]).any_stdout().run();
    assert_eq!(scene.files(), [""; 0]);
}

#[test]
fn one_that_is_broken_keeps_no_other() {
    let scene = Scene::new();
    let config = scene.home.read(".aws/config");
    scene.home.write(".aws/config", format!("[sso-session bare]\n[sso-session torn]\nnonsense\n{config}"));
    for _ in 0..2 {
        scene.center.portal.expect(logout());
    }
    scene.center.portal.expect(logout().fails(400, "InvalidRequestException", "so it is"));
    let run = scene.logout(&["--all"]).any_stdout().any_stderr().run();
    let path = scene.path(".aws/config").display().to_string();
    let told: Vec<&str> = run.stderr.lines().collect();
    let bare = "keyfob: nobody can sign in to sso-session \"bare\": ";
    assert_eq!(told[0], format!("{bare}{path}:1: `sso_start_url` and `sso_region` are missing in [sso-session bare]"));
    assert!(told[1].starts_with(&format!("keyfob: cannot read [sso-session torn]: {path}:3:1: ")), "{told:?}");
    assert!(told[2].starts_with("keyfob: AWS could not be told that the sign-in to "), "{told:?}");
    assert_eq!((told.len(), scene.files().len(), run.stdout.lines().count()), (3, 0, 4));
}
