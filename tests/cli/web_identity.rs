//! Web identity: a token in a file, traded for a role's credentials by a call that nobody signs.

mod failures;

use super::{
    fake::{Expected, Sts, assume_role, assume_role_with_web_identity, get_caller_identity},
    keyfob::{Home, Invocation},
    scene::{END, Left, ROLE, age_entry, entries, issued, issued_document, role_section},
};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

/// A fake STS that trusts the token in `~/run/token`, and a profile `pod` that names the file.
struct Scene {
    sts: Sts,
    token: String,
    home: Home,
}

impl Scene {
    fn new() -> Self {
        Self::with("")
    }

    /// The same, with these lines more in profile `pod`; further sections may follow them.
    fn with(lines: &str) -> Self {
        let sts = Sts::start();
        let token = sts.add_web_identity("system:serviceaccount:shop:cart");
        let home = Home::new().sts(&sts).env("BOTO_CONFIG", "~/no-such-file").config(&(section("pod") + lines));
        home.write("run/token", &token);
        Self { sts, token, home }
    }

    /// The same without any profile; the environment has it all.
    fn of_environment() -> Self {
        let mut scene = Self::new();
        scene.home.write(".aws/config", "");
        let file = scene.token_file();
        scene.home.set_env("AWS_WEB_IDENTITY_TOKEN_FILE", &file);
        scene.home.set_env("AWS_ROLE_ARN", ROLE);
        scene
    }

    fn token_file(&self) -> String {
        self.home.path().join("run/token").display().to_string()
    }

    /// The call with this very token, answered with keys that outlive the test.
    fn call(&self) -> Expected {
        assume_role_with_web_identity(ROLE).field("WebIdentityToken", &self.token).expiring(END)
    }

    /// A run of `keyfob process` for profile `pod`.
    fn process(&self) -> Invocation {
        self.home.keyfob(["process", "--profile", "pod"])
    }
}

fn section(profile: &str) -> String {
    format!("[profile {profile}]\nrole_arn = {ROLE}\nweb_identity_token_file = ~/run/token\n")
}

#[test]
fn environment_gives_the_role_and_nobody_is_asked_again() {
    let scene = Scene::of_environment();
    scene.sts.expect(scene.call().session_name("cart"));
    for _ in 0..2 {
        scene.home.keyfob(["process"]).env("AWS_ROLE_SESSION_NAME", "cart").stdout(issued_document(1)).run();
    }
    // Under another name it is another session.
    scene.sts.expect(scene.call());
    scene.home.keyfob(["process"]).stdout(issued_document(2)).run();
    let calls = scene.sts.finish();
    let name = calls[1].field("RoleSessionName").unwrap_or_default();
    assert!(name.starts_with("keyfob-"), "{name}");
    assert!(calls.iter().all(|call| call.header("Authorization").is_none()));
}

#[test]
fn profile_gives_the_role_whatever_the_environment_says() {
    let scene = Scene::with("role_session_name = cart\n");
    scene.sts.expect(scene.call().session_name("cart"));
    for _ in 0..2 {
        let run = scene.process().env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/Other");
        let run = run.env("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent").env("AWS_ROLE_SESSION_NAME", "other");
        run.stdout(issued_document(1)).run();
    }
}

#[test]
fn settings_that_are_for_other_calls_are_not_sent() {
    let scene =
        Scene::with("external_id = x1\nduration_seconds = 900\nmfa_serial = arn:aws:iam::123456789012:mfa/jane\n");
    // The fake refuses a field that is not named.
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn blanks_around_the_token_do_not_count() {
    let scene = Scene::new();
    for (number, text) in (1..).zip([
        format!("{}\n", scene.token),
        format!("  \r\n{}\r\n\r\n", scene.token),
        format!("\u{feff}{}\r\n", scene.token),
    ]) {
        scene.home.write("run/token", text);
        scene.sts.expect(scene.call());
        scene.process().stdout(issued_document(number)).run();
        scene.home.clear_cache();
    }
}

#[test]
fn file_is_read_again_at_every_refresh_and_not_before() {
    let scene = Scene::new();
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
    std::fs::remove_file(scene.token_file()).expect("the token is ours");
    scene.process().stdout(issued_document(1)).run();
    let token = scene.sts.add_web_identity("system:serviceaccount:shop:rotated");
    scene.home.write("run/token", &token);
    age_entry(&scene.home, &entries(&scene.home)[0], 2 * HOUR, Left::EndedAgo(HOUR));
    scene.sts.expect(scene.call().field("WebIdentityToken", &token));
    scene.process().stdout(issued_document(2)).run();
}

/// A job's token lies where that of the job before lay, and need not be good for its role.
#[test]
fn what_one_subject_may_is_not_handed_to_another() {
    let scene = Scene::new();
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
    let token = scene.sts.add_web_identity("system:serviceaccount:shop:other");
    scene.home.write("run/token", &token);
    scene.sts.expect(scene.call().field("WebIdentityToken", &token));
    for _ in 0..2 {
        scene.process().stdout(issued_document(2)).run();
    }
}

#[test]
fn credentials_that_still_live_are_handed_out_while_the_file_is_gone() {
    let scene = Scene::new();
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
    std::fs::remove_file(scene.token_file()).expect("the token is ours");
    age_entry(&scene.home, &entries(&scene.home)[0], HOUR, Left::Still(Duration::from_mins(8)));
    let run = scene.process().any_stdout().run();
    assert!(run.stdout.contains(&issued(1).access_key_id), "{}", run.stdout);
}

#[test]
#[cfg(unix)]
fn file_is_found_through_links_as_kubernetes_mounts_it() {
    let scene = Scene::new();
    std::fs::rename(scene.token_file(), scene.home.write("run/..data/token", "")).expect("the files are ours");
    std::os::unix::fs::symlink("..data/token", scene.token_file()).expect("a new link");
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn file_of_the_same_name_in_another_folder_is_another_identity() {
    let scene = Scene::with("");
    scene.home.write(".aws/config", section("pod").replace("~/run/", ""));
    let token = scene.sts.add_web_identity("system:serviceaccount:shop:other");
    let folders = [("run", &scene.token), ("other", &token)].map(|(folder, token)| {
        let file = scene.home.write(&format!("{folder}/token"), token);
        (file.with_file_name(""), token)
    });
    for _ in 0..2 {
        for (number, (folder, _)) in (1..).zip(&folders) {
            let run = scene.process().current_dir(folder);
            if entries(&scene.home).len() < number {
                scene.sts.expect(scene.call().field("WebIdentityToken", folders[number - 1].1));
            }
            run.stdout(issued_document(number)).run();
        }
    }
}

#[test]
fn role_is_assumed_with_what_the_token_gave() {
    const OTHER: &str = "arn:aws:iam::123456789012:role/Other";
    let scene = Scene::with(&role_section("dev", OTHER, "pod"));
    scene.sts.expect(scene.call());
    scene.sts.expect(assume_role(OTHER).signed_by(&issued(1)).expiring(END));
    for _ in 0..2 {
        // What the environment says is for no profile in a chain.
        let run = scene.home.keyfob(["process"]).env("AWS_PROFILE", "dev").env("AWS_ROLE_ARN", "arn:aws:iam::1:role/x");
        let run = run.env("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent").env("AWS_ROLE_SESSION_NAME", "other");
        run.stdout(issued_document(2)).run();
    }
    // Both links are kept.
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn credentials_that_a_role_was_refused_with_are_renewed_once() {
    const OTHER: &str = "arn:aws:iam::123456789012:role/Other";
    let scene = Scene::with(&role_section("dev", OTHER, "pod"));
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
    scene.sts.expire(&issued(1).access_key_id);
    scene.sts.expect(assume_role(OTHER).signed_by(&issued(1)).refused("ExpiredToken"));
    scene.sts.expect(scene.call());
    scene.sts.expect(assume_role(OTHER).signed_by(&issued(2)).expiring(END));
    scene.home.keyfob(["process", "dev"]).stdout(issued_document(3)).run();
}

#[test]
fn every_command_has_it() {
    let scene = Scene::with("region = eu-west-1\n");
    scene.sts.expect(scene.call().session_name("cart"));
    scene.home.write(".aws/config", scene.home.read(".aws/config") + "role_session_name = cart\n");
    scene.sts.expect(get_caller_identity().signed_by(&issued(1)).region("eu-west-1"));
    let identity = "account  123456789012\narn      arn:aws:sts::123456789012:assumed-role/Demo/cart\n\
                    user id  AROADEMO0000000000000:cart\n";
    scene.home.keyfob(["whoami", "pod"]).stdout(identity).run();
    let run = scene.home.keyfob(["env", "pod", "--format", "env"]).any_stdout().run();
    assert!(run.stdout.contains(&format!("AWS_ACCESS_KEY_ID={}\n", issued(1).access_key_id)), "{}", run.stdout);
}

#[test]
#[cfg(unix)]
fn command_gets_the_role_and_not_the_way_there() {
    let scene = Scene::of_environment();
    scene.sts.expect(scene.call());
    let script = "echo $AWS_ACCESS_KEY_ID-$AWS_WEB_IDENTITY_TOKEN_FILE$AWS_ROLE_ARN$AWS_ROLE_SESSION_NAME";
    let run = scene.home.keyfob(["exec", "--", "/bin/sh", "-c", script]).env("AWS_ROLE_SESSION_NAME", "cart");
    run.stdout(format!("{}-\n", issued(1).access_key_id)).run();
}

#[test]
fn what_the_provider_could_not_say_in_time_is_asked_again() {
    let scene = Scene::new();
    let message = "The identity provider could not be reached";
    scene.sts.expect(scene.call().fails(400, "IDPCommunicationError", message));
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn bridge_leads_every_program_to_it() {
    let scene = Scene::new();
    scene.home.keyfob(["bridge", "pod"]).any_stdout().run();
    let config = scene.home.read(".aws/config");
    for key in ["credential_process = ", "keyfob_role_arn = ", "keyfob_web_identity_token_file = "] {
        assert!(config.lines().any(|line| line.starts_with(key)), "{key}: {config}");
    }
    scene.sts.expect(scene.call());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn explain_tells_what_the_token_says_and_never_the_token() {
    let scene = Scene::with("region = eu-west-1\n");
    let run = scene.home.keyfob(["explain", "pod"]).any_stdout().run();
    let expected = format!(
        "profile \"pod\"\n1. web_identity of profile \"pod\", {}:3\n   role_arn = {ROLE}\n   \
         web_identity_token_file = ~/run/token\n\nregion: eu-west-1\nsts: {}\n\
         token file: the token is of issuer \"https://example.com\", for audience \"sts.amazonaws.com\", of subject \
         \"system:serviceaccount:shop:cart\", until 2099-01-01T00:00:00Z\ncache: nothing\n",
        scene.home.path().join(".aws/config").display(),
        scene.sts.url()
    );
    assert_eq!(run.stdout, expected);
    std::fs::remove_file(scene.token_file()).expect("the token is ours");
    let run = scene.home.keyfob(["explain", "pod"]).any_stdout().run();
    let told = format!("`web_identity_token_file` names a file that does not exist: \"{}\"\n", scene.token_file());
    assert!(run.stdout.contains(&told), "{}", run.stdout);
}

#[test]
fn explain_tells_which_lines_a_variable_goes_before() {
    let scene = Scene::with("role_session_name = cart\n");
    let run = scene.home.keyfob(["explain"]).env("AWS_PROFILE", "pod").env("AWS_ROLE_ARN", ROLE);
    let run = run.env("AWS_ROLE_SESSION_NAME", "other").any_stdout().run();
    let place = scene.home.path().join(".aws/config").display().to_string();
    let note = format!("note: AWS_ROLE_SESSION_NAME is set, and goes before role_session_name ({place}:4)\n");
    assert!(run.stdout.ends_with(&format!("\n\n{note}")), "{}", run.stdout);
    assert!(run.stdout.contains("   role_session_name = other\n"), "{}", run.stdout);
}

#[test]
fn partition_of_the_role_says_where_sts_is() {
    let home = Home::new().config(&section("pod").replace("arn:aws:", "arn:aws-cn:"));
    let run = home.keyfob(["explain", "pod"]).any_stdout().run();
    assert!(run.stdout.contains("\nsts: https://sts.cn-northwest-1.amazonaws.com.cn\n"), "{}", run.stdout);
}
