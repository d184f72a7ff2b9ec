//! `keyfob sso logout`: ends sign-ins at AWS and here, and touches nothing of other products.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "some of this is about Unix's files"))]

mod all;
mod revoking;
mod strangers;

use super::{
    fake::{
        self, Account, IdentityCenter, SsoToken, Sts, Timestamp, assume_role, get_role_credentials, list_account_roles,
        list_accounts, logout, refreshed_token,
    },
    keyfob::{Home, Invocation},
    scene::{END, ROLE as DEMO, entries, role_section},
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

const ACCOUNT: &str = "111122223333";
const FOLDER: &str = ".aws/sso/cache";
const LIVE_ON: &str = "Credentials that were handed out live on until they end.\n";
const SIGNED_OUT: &str = "Signed out of sso-session \"corp\", for all of its profiles.\nCredentials that were handed out \
                          live on until they end.\n";

/// Profiles `dev` and `audit` use the sso-session `corp`, `lab` uses `lab`, and `old` names its start URL itself; somebody
/// is signed in to all three.
struct Scene {
    center: IdentityCenter,
    home: Home,
    corp: SsoToken,
    lab: SsoToken,
    old: SsoToken,
}

impl Scene {
    fn new() -> Self {
        let center = IdentityCenter::start();
        center.add_account(Account::new(ACCOUNT, &["Admin", "Audit"]));
        let (corp, lab, old) = (center.sign_in("corp"), center.sign_in("lab"), center.sign_in_legacy());
        let home = Home::new().identity_center(&center).config(&config(&center));
        let scene = Self { center, home, corp, lab, old };
        for token in [&scene.corp, &scene.lab, &scene.old] {
            scene.write(token, fresh());
        }
        scene
    }

    fn write(&self, token: &SsoToken, end: Timestamp) -> PathBuf {
        self.home.write(&token.path(), token.document(end))
    }

    fn logout(&self, arguments: &[&str]) -> Invocation {
        self.home.keyfob([&["sso", "logout"], arguments].concat())
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.home.path().join(relative)
    }

    fn is_there(&self, token: &SsoToken) -> bool {
        self.path(&token.path()).exists()
    }

    /// All that is in the folder of tokens, but for locks.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path(FOLDER)).expect("the folder is there").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| Path::new(name).extension().is_none_or(|end| end != "lock"));
        names.sort();
        names
    }

    /// Gets the role of a profile, which is kept then.
    fn get_role(&self, profile: &str, role: &str) {
        self.center.portal.expect(get_role_credentials(ACCOUNT, role).ending(END));
        self.home.keyfob(["process", profile]).any_stdout().run();
    }

    fn has_role(&self, profile: &str) -> bool {
        // What is kept needs no sign-in.
        self.home.keyfob(["explain", profile]).any_stdout().run().stdout.contains("\ncache: credentials until ")
    }
}

fn config(center: &IdentityCenter) -> String {
    let role = |name, sign_in: &str, role| {
        format!("[profile {name}]\n{sign_in}\nsso_account_id = {ACCOUNT}\nsso_role_name = {role}\n")
    };
    let legacy = format!("sso_start_url = {}\nsso_region = {}", center.start_url, center.region);
    [
        center.sso_session("corp"),
        center.sso_session("lab"),
        role("dev", "sso_session = corp", "Admin"),
        role("audit", "sso_session = corp", "Audit"),
        role("lab", "sso_session = lab", "Admin"),
        role("old", &legacy, "Admin"),
        "[profile plain]\nregion = eu-west-1\n".to_owned(),
    ]
    .concat()
}

fn fresh() -> Timestamp {
    Timestamp::parse_rfc3339(END).expect("this is how the fake spells times")
}

fn ended() -> Timestamp {
    Timestamp::from_unix_seconds(1_767_225_600)
}

#[test]
fn sign_in_of_a_profile_ends_at_aws_and_here_and_no_other() {
    let scene = Scene::new();
    scene.center.portal.expect(logout());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    assert_eq!(scene.center.portal.calls()[0].asked.access_token, scene.corp.access_token);
    assert_eq!(
        (scene.is_there(&scene.corp), scene.is_there(&scene.lab), scene.is_there(&scene.old)),
        (false, true, true)
    );
    assert_eq!((scene.files().len(), scene.center.oidc.connections()), (2, 0));
    assert_eq!(scene.home.read(".aws/config"), config(&scene.center));
    // The way back is the one that the error names.
    let told = scene.home.keyfob(["process", "dev"]).code(3).any_stderr().run().stderr;
    assert!(told.ends_with("hint: sign in: `keyfob sso login --sso-session corp`\n"), "{told}");
}

#[test]
fn sign_in_is_chosen_as_elsewhere() {
    for (arguments, variable) in [
        (&["dev"][..], ""),
        (&["--profile", "audit"], "lab"),
        (&[], "dev"),
        (&["--sso-session", "corp"], ""),
        (&["--sso-session", "corp"], "gone"),
        (&["--sso-session", "corp"], "lab"),
        (&["lab", "--sso-session", "corp"], ""),
    ] {
        let scene = Scene::new();
        scene.center.portal.expect(logout());
        scene.logout(arguments).env("AWS_PROFILE", variable).stdout(SIGNED_OUT).run();
        assert!(!scene.is_there(&scene.corp));
    }
}

#[test]
fn sign_in_of_a_start_url_is_that_of_its_spelling_alone() {
    let scene = Scene::new();
    let other = SsoToken { start_url: format!("{}/", scene.old.start_url), ..scene.old.clone() };
    scene.write(&other, fresh());
    scene.center.portal.expect(logout());
    let told = format!("Signed out of {}, for all of its profiles.\n{LIVE_ON}", scene.old.start_url);
    scene.logout(&["old"]).stdout(told).run();
    assert_eq!((scene.is_there(&scene.old), scene.is_there(&other), scene.files().len()), (false, true, 3));
}

#[test]
fn roles_of_the_sign_in_alone_are_forgotten() {
    let sts = Sts::start();
    let mut scene = Scene::new();
    scene.home = scene.home.sts(&sts).config(&(config(&scene.center) + &role_section("upon", DEMO, "dev")));
    for (profile, role) in [("dev", "Admin"), ("audit", "Audit"), ("lab", "Admin"), ("old", "Admin")] {
        scene.get_role(profile, role);
    }
    let keys = sts.add_session(&fake::of_role(1), Duration::from_hours(1));
    sts.expect(assume_role(DEMO).signed_by(&keys).expiring(END));
    scene.home.keyfob(["process", "upon"]).any_stdout().run();
    assert_eq!(entries(&scene.home).len(), 5);
    scene.center.portal.expect(logout());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    let kept = ["dev", "audit", "upon", "lab", "old"].map(|profile| scene.has_role(profile));
    assert_eq!((kept, entries(&scene.home).len()), ([false, false, false, true, true], 2));
}

#[test]
fn who_is_not_signed_in_is_told_so() {
    let scene = Scene::new();
    scene.get_role("dev", "Admin");
    fs::remove_dir_all(scene.path(".aws/sso")).expect("the folder is ours");
    scene.logout(&["dev"]).stdout("Nobody was signed in to sso-session \"corp\".\n").run();
    // Nothing is made for it, and what was got by it goes.
    assert!(!scene.path(".aws/sso").exists());
    assert_eq!(entries(&scene.home), [""; 0].map(PathBuf::from));
}

#[test]
fn profile_that_signs_in_nowhere_is_an_error() {
    let scene = Scene::new();
    let told = scene.logout(&["plain"]).code(1).any_stderr().run().stderr;
    assert!(told.starts_with("keyfob: profile \"plain\" says nothing of IAM Identity Center\n"), "{told}");
    let told = scene.logout(&["gone"]).code(4).any_stderr().run().stderr;
    assert!(told.starts_with("keyfob: no profile \"gone\"\n"), "{told}");
    let told = scene.logout(&["--sso-session", "gone"]).code(1).any_stderr().run().stderr;
    assert!(told.starts_with("keyfob: there is no sso-session \"gone\"\n"), "{told}");
    assert_eq!((scene.files().len(), scene.center.portal.connections()), (3, 0));
}

/// People take the section away first.
#[test]
fn sign_in_whose_section_is_gone_ends_none_the_less() {
    for arguments in [&["--sso-session", "corp"][..], &["dev"]] {
        let scene = Scene::new();
        let config = scene.home.read(".aws/config");
        let (section, _) = config.split_once("[sso-session lab]").expect("it is there");
        scene.get_role("dev", "Admin");
        scene.home.write(".aws/config", config.replace(section, ""));
        scene.center.portal.expect(logout());
        scene.logout(arguments).stdout(SIGNED_OUT).run();
        assert!(!scene.is_there(&scene.corp));
        assert_eq!(entries(&scene.home), [""; 0].map(PathBuf::from));
    }
}

/// Where a role was asked for, for which profile and role: none of it may be the same any more.
#[test]
fn roles_that_no_profile_leads_to_any_more_are_forgotten() {
    for arguments in [&["--sso-session", "corp"][..], &["--all"]] {
        let sts = Sts::start();
        let mut scene = Scene::new();
        scene.home = scene.home.sts(&sts).config(&(config(&scene.center) + &role_section("upon", DEMO, "dev")));
        for (profile, role) in [("dev", "Admin"), ("audit", "Audit"), ("lab", "Admin")] {
            scene.get_role(profile, role);
        }
        let keys = sts.add_session(&fake::of_role(1), Duration::from_hours(1));
        sts.expect(assume_role(DEMO).signed_by(&keys).expiring(END));
        scene.home.keyfob(["process", "upon"]).any_stdout().run();
        let config = scene.home.read(".aws/config").replace("= Admin", "= Another").replace("[profile audit]", "[x]");
        scene.home.write(".aws/config", config);
        let all = arguments == ["--all"];
        for _ in 0..if all { 3 } else { 1 } {
            scene.center.portal.expect(logout());
        }
        assert_eq!(entries(&scene.home).len(), 4);
        scene.logout(arguments).any_stdout().run();
        // The role of `lab` is another sign-in's.
        assert_eq!(entries(&scene.home).len(), usize::from(!all));
    }
}

#[test]
fn listing_that_was_cut_short_is_forgotten() {
    let scene = Scene::new();
    let listings = || {
        let files = fs::read_dir(scene.path(".cache/keyfob")).into_iter().flatten().flatten();
        files.filter(|file| file.file_name().to_string_lossy().ends_with(".listing.json")).count()
    };
    for name in ["corp", "lab"] {
        scene.center.portal.expect(list_accounts());
        for _ in 0..6 {
            scene.center.portal.expect(list_account_roles(ACCOUNT).fails(500, "InternalFailure", ""));
        }
        scene.home.keyfob(["sso", "list", "--sso-session", name]).code(1).any_stderr().run();
    }
    assert_eq!(listings(), 2);
    scene.center.portal.expect(logout());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    assert_eq!(listings(), 1);
}

/// To forget takes no setting.
#[test]
fn settings_that_no_call_can_be_made_with_keep_no_sign_in() {
    for (name, value) in [("AWS_MAX_ATTEMPTS", "0"), ("AWS_REGION", "bad_region"), ("AWS_ENDPOINT_URL_SSO", "nowhere")]
    {
        for arguments in [&["dev"][..], &["--sso-session", "corp"], &["--all"]] {
            let scene = Scene::new();
            let run = scene.logout(arguments).env(name, value).any_stdout().any_stderr().run();
            assert!(run.stdout.starts_with("Signed out of sso-session \"corp\""), "{name} {}", run.stdout);
            let told = "keyfob: AWS could not be told that the sign-in to sso-session \"corp\" is over: ";
            assert!(run.stderr.starts_with(told) && run.stderr.contains(name), "{name} {}", run.stderr);
            assert!(!scene.is_there(&scene.corp));
            assert_eq!(
                (scene.files().len(), scene.center.portal.connections()),
                (if arguments == ["--all"] { 0 } else { 2 }, 0)
            );
        }
    }
}

#[test]
fn arguments_that_contradict_each_other_are_refused() {
    let scene = Scene::new();
    for (arguments, told) in [
        (&["--all", "dev"][..], "--all and a profile exclude each other"),
        (&["--all", "--profile", "dev"], "--all and a profile exclude each other"),
        (&["--all", "--sso-session", "corp"], "--all and --sso-session exclude each other"),
        (&["--sso-session", ""], "the sso-session's name is empty"),
    ] {
        scene.logout(arguments).code(2).stderr(format!("keyfob: {told}\n")).run();
    }
    assert_eq!((scene.files().len(), scene.center.portal.connections()), (3, 0));
}
