//! The bridge, by which programs that know no console sign-ins run keyfob for the credentials.

use super::*;

const BRIDGED: &str = "Programs that know no console sign-ins get its credentials through keyfob.\n";
const USE_IT: &str = "Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n";

fn line() -> String {
    format!("credential_process = {} process --profile dev\n", program())
}

fn section() -> String {
    format!("[profile dev]\nlogin_session = {ALICE}\nregion = us-east-1\n")
}

#[test]
fn bridge_is_a_line_in_the_profile() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let run = desk.login(&["dev", "--bridge"]);
    desk.begin(run.stdout(format!("Profile \"dev\" is signed in as {ALICE}.\n{BRIDGED}{USE_IT}"))).allow();
    assert_eq!(desk.config(), lines(&(section() + &line())));
}

#[test]
fn name_with_a_blank_is_quoted_in_the_line() {
    let desk = Desk::new();
    desk.signs_in(desk.login(&["my team", "--bridge"]), ALICE);
    let line = format!("credential_process = {} process --profile \"my team\"\n", program());
    let section = section().replace("dev", "'my team'");
    assert_eq!(desk.config(), lines(&(section + &line)));
}

#[test]
#[cfg(unix)]
fn line_names_the_folder_of_path_and_is_run_without_it() {
    let desk = Desk::new();
    let bin = desk.home.path().join("bin");
    fs::create_dir(&bin).expect("the home is ours");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_keyfob"), bin.join("keyfob")).expect("the folder is ours");
    let path = format!("{}:/usr/bin:/bin", bin.display());
    desk.signs_in(desk.login(&["dev", "--bridge"]).env("PATH", &path), ALICE);
    let line = format!("credential_process = {}/keyfob process --profile dev\n", bin.display());
    assert_eq!(desk.config(), section() + &line);
    // As any program runs it, whatever its PATH.
    let script = "sh -c \"$(sed -n 's/^credential_process = //p' .aws/config)\"";
    desk.home.program("/bin/sh", ["-c", script]).secrets_expected().stdout(desk.keys(ALICE, 1)).run();
}

#[test]
fn profile_with_a_bridge_leads_to_the_session_and_not_back_to_itself() {
    let desk = Desk::new();
    desk.signs_in(desk.login(&["dev", "--bridge"]), ALICE);
    let process = || desk.home.keyfob(["process", "--profile", "dev"]);
    process().stdout(desk.keys(ALICE, 1)).run();
    desk.end_session(ALICE);
    desk.signin.expect(refresh());
    assert_eq!(process().any_stdout().run().stdout, desk.keys(ALICE, 2));
}

#[test]
fn without_a_terminal_no_bridge_is_assumed() {
    each([&["dev"][..], &["dev", "--no-bridge"], &["dev", "--yes"]], |arguments| {
        let desk = Desk::new();
        desk.signin.expect(sign_in(ALICE));
        let run = desk.login(arguments).stdout(format!("Profile \"dev\" is signed in as {ALICE}.\n{USE_IT}"));
        desk.begin(run).allow();
        assert_eq!(desk.config(), lines(&section()));
    });
}

#[test]
fn name_that_no_line_can_carry_is_refused_before_any_call() {
    for profile in ["a$b", "50%", "it's", "größe", "a\\b"] {
        let desk = Desk::new();
        let told = format!(
            "keyfob: there can be no bridge for profile \"{profile}\"\n  \
             cause: programs would not read its name as one word in credential_process\n  \
             hint: choose a profile whose name is of letters, digits, blanks and _-/.@:+\n"
        );
        desk.login(&[profile, "--bridge"]).code(2).stderr(told).run();
        assert_eq!((desk.signin.connections(), desk.files()), (0, BTreeMap::new()));
    }
}

#[test]
fn bridge_of_the_users_own_stays_as_it_is() {
    for line in ["/opt/keyfob/bin/keyfob process dev", "keyfob credential-process -p dev 2>/dev/null"] {
        for arguments in [&["dev", "--bridge"][..], &["dev"]] {
            let before = format!("[profile dev]\ncredential_process = {line}\nregion = us-east-1\n");
            let desk = Desk::with_config(&before);
            desk.signs_in(desk.login(arguments), ALICE);
            assert_eq!(desk.config(), before + &format!("login_session = {ALICE}\n"));
        }
    }
}

#[test]
fn bridge_can_be_added_to_a_profile_that_is_signed_in() {
    let desk = Desk::signed_in();
    let connections = desk.signin.connections();
    for _ in 0..2 {
        let told = desk.login(&["dev", "--bridge"]).any_stdout().run().stdout;
        assert!(told.starts_with(&format!("Profile \"dev\" is signed in as {ALICE} until ")), "{told}");
        assert_eq!(desk.config(), lines(&(section() + &line())));
    }
    assert_eq!(desk.signin.connections(), connections);
}
