//! `sso_session` and `sso_start_url`: roles of IAM Identity Center, with sign-ins that all tools share.

#![cfg_attr(not(unix), allow(dead_code, reason = "some of this is about Unix's files"))]

mod access;
mod endpoints;
mod file;
mod herd;
#[cfg(target_os = "linux")]
mod killed;
mod legacy;
mod refusals;
mod renewal;
mod roles;
mod settings;

use super::{
    fake::{
        Account, IdentityCenter, Keys, MARKER, Reply, SsoToken, Timestamp, get_role_credentials, list_account_roles,
        list_accounts, refreshed_token,
    },
    keyfob::{Home, Invocation, json},
    scene::{END, Left},
};
use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

const SECOND: Duration = Duration::from_secs(1);
const ACCOUNT: &str = "111122223333";
const ROLE: &str = "Admin";
const MESSAGE: &str = "keyfob: cannot get credentials for profile \"dev\"\n";
const UNUSABLE: &str = "keyfob: profile \"dev\" cannot be used\n";
const AGAIN: &str = "sign in: `keyfob sso login --sso-session corp`";
/// Where a token is there that looks as if it were good.
const BY_FORCE: &str = "sign in: `keyfob sso login --force --sso-session corp`";
/// Long enough to be left alone.
pub(crate) const FRESH: Left = Left::Still(Duration::from_mins(6));
/// To be renewed, but not yet over.
const SOFT: Left = Left::Still(Duration::from_mins(4));
pub(crate) const DEAD: Left = Left::EndedAgo(Duration::from_hours(1));

/// Profile `dev` is a role that the sso-session `corp` may have, and somebody is signed in to it.
pub(crate) struct Desk {
    pub(crate) center: IdentityCenter,
    pub(crate) token: SsoToken,
    pub(crate) home: Home,
}

impl Desk {
    pub(crate) fn new(left: Left) -> Self {
        Self::at(IdentityCenter::start(), left)
    }

    fn at(center: IdentityCenter, left: Left) -> Self {
        let token = center.sign_in("corp");
        let config = center.sso_session("corp") + &profile("dev", "corp", ROLE);
        Self::with(center, token, &config, left)
    }

    /// The profile names the start URL itself.
    fn legacy(left: Left) -> Self {
        let center = IdentityCenter::start();
        let token = center.sign_in_legacy();
        let lines = center.sso_session("corp").replace("[sso-session corp]", "[profile dev]");
        let config = format!("{lines}sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n");
        Self::with(center, token, &config, left)
    }

    fn with(center: IdentityCenter, token: SsoToken, config: &str, left: Left) -> Self {
        center.add_account(Account::new(ACCOUNT, &[ROLE, "Audit"]));
        let home = Home::new().identity_center(&center).config(config);
        let desk = Self { center, token, home };
        desk.write(&desk.document(left));
        desk
    }

    /// The token's file as the AWS CLI writes it.
    pub(crate) fn document(&self, left: Left) -> String {
        self.token.document(end(left))
    }

    pub(crate) fn write(&self, document: &str) -> PathBuf {
        self.home.write(&self.token.path(), document)
    }

    /// The token's file.
    pub(crate) fn read(&self) -> String {
        self.home.read(self.token.path())
    }

    fn path(&self) -> PathBuf {
        self.home.path().join(self.token.path())
    }

    fn config(&self) -> PathBuf {
        self.home.path().join(".aws").join("config")
    }

    pub(crate) fn process(&self) -> Invocation {
        self.home.keyfob(["process", "--profile", "dev"])
    }

    /// Awaits one call for the role, which succeeds.
    pub(crate) fn expect_role(&self) {
        self.center.portal.expect(get_role_credentials(ACCOUNT, ROLE).ending(END));
    }

    /// Awaits calls that fail: nobody is asked.
    #[track_caller]
    fn was_not_called(&self) {
        assert_eq!((self.center.oidc.connections(), self.center.portal.connections()), (0, 0));
    }

    /// Waits until so many renewals have come.
    #[track_caller]
    fn wait_for_renewals(&self, count: usize) {
        let began = Instant::now();
        while self.center.oidc.calls().len() < count {
            assert!(began.elapsed() < 20 * SECOND, "no renewal came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Makes a profile of this role in the session.
fn profile(name: &str, sso_session: &str, sso_role_name: &str) -> String {
    format!(
        "[profile {name}]\nsso_session = {sso_session}\nsso_account_id = {ACCOUNT}\nsso_role_name = {sso_role_name}\n"
    )
}

fn end(left: Left) -> Timestamp {
    match left {
        Left::Still(span) => Timestamp::now().plus(span),
        Left::EndedAgo(span) => Timestamp::now().minus(span),
    }
}

fn end_of_all() -> Timestamp {
    Timestamp::parse_rfc3339(END).expect("this is how the fake spells times")
}

/// What is printed of the fake's `number`-th keys.
pub(crate) fn printed(number: usize) -> String {
    Keys::of_role(number, end_of_all()).document(Some(ACCOUNT))
}

#[test]
fn role_is_got_with_the_token_that_is_there_and_kept() {
    let desk = Desk::new(FRESH);
    let before = desk.read();
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    assert_eq!(desk.center.portal.calls()[0].asked.access_token, desk.token.access_token);
    assert_eq!((desk.read(), desk.center.oidc.connections()), (before, 0));
    // Roles outlive their sign-in.
    fs::remove_file(desk.path()).expect("the file was just written");
    desk.process().stdout(printed(1)).run();
    assert_eq!(desk.center.portal.connections(), 1);
}

#[test]
fn odd_names_of_roles_and_sessions_arrive_as_they_are() {
    for (session, role) in [("my corp", "Rôle/+ x"), ("sso-é", "a&b=c"), ("'it is'", "100%")] {
        let center = IdentityCenter::start();
        center.add_account(Account::new(ACCOUNT, &[role]));
        let token = center.sign_in(session.trim_matches('\''));
        let named = if session.contains('\'') { session.to_owned() } else { format!("'{session}'") };
        let config = center.sso_session(&named) + &profile("dev", session.trim_matches('\''), role);
        let home = Home::new().identity_center(&center).config(&config);
        home.write(&token.path(), token.document(end(FRESH)));
        center.portal.expect(get_role_credentials(ACCOUNT, role).ending(END));
        home.keyfob(["process", "dev"]).stdout(printed(1)).run();
    }
}

#[test]
fn settings_for_keyfob_alone_keep_sdks_from_passing_it_by() {
    let desk = Desk::new(FRESH);
    let plain = desk.home.read(".aws/config");
    let lines = plain.replace("\nsso_session", "\nkeyfob_sso_session").replace("\nsso_account", "\nkeyfob_sso_account");
    let lines =
        lines.replace("\nsso_role", "\nkeyfob_sso_role") + "credential_process = keyfob process --profile dev\n";
    desk.home.write(".aws/config", lines);
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
}

#[test]
fn region_is_that_of_identity_center_whatever_the_profiles_is() {
    let desk = Desk::new(DEAD);
    desk.home.write(".aws/config", desk.home.read(".aws/config") + "region = eu-west-1\n");
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    let run = desk.home.keyfob(["env", "dev", "--shell", "bash"]).env("AWS_REGION", "ap-south-1").any_stdout().run();
    assert!(run.stdout.contains("AWS_REGION=eu-west-1") || run.stdout.contains("AWS_REGION='eu-west-1'"));
    assert_eq!(json(&desk.read())["region"], "us-east-1");
}

#[test]
fn region_that_is_none_is_refused() {
    let desk = Desk::new(FRESH);
    let config = desk.home.read(".aws/config").replace("us-east-1", "us-east-1.example.com/");
    desk.home.write(".aws/config", config);
    let error = format!(
        "{UNUSABLE}  cause: {}:3: `sso_region` is \"us-east-1.example.com/\", which is not the name of a region\n  \
         hint: set it to the region where Identity Center was enabled\n",
        desk.config().display()
    );
    desk.process().code(1).stderr(error).run();
    desk.was_not_called();
}

#[test]
fn explain_shows_the_role_and_what_is_kept_of_it() {
    let desk = Desk::new(FRESH);
    let home = desk.home.path().display().to_string();
    let explain = || desk.home.keyfob(["explain", "dev"]).any_stdout().run().stdout.replace(&home, "~");
    let shown = "profile \"dev\"\n\
                 1. sso of profile \"dev\", ~/.aws/config:6\n   \
                    sso_account_id = 111122223333\n   \
                    sso_region = us-east-1\n   \
                    sso_role_name = Admin\n   \
                    sso_session = corp\n   \
                    sso_start_url = https://d-1234567890.awsapps.com/start\n\
                 \n\
                 region: none is set\n\
                 sts: https://sts.us-east-1.amazonaws.com\n\
                 sign-in: until END, 1 h 59 min from now, and renewed then\n\
                 cache: nothing\n";
    let left = end(Left::Still(Duration::from_secs(2 * 60 * 60 - 20)));
    desk.write(&desk.token.document(left));
    assert_eq!(explain().replace('\\', "/"), shown.replace("END", &left.rfc3339()));
    desk.was_not_called();
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    assert!(explain().contains(&format!("\ncache: credentials until {END}, ")), "{}", explain());
}

#[test]
fn explain_tells_how_the_sign_in_stands() {
    let told = |desk: &Desk| {
        let shown = desk.home.keyfob(["explain", "dev"]).any_stdout().run().stdout;
        let line = shown.lines().find_map(|line| line.strip_prefix("sign-in: ")).expect("it has the line").to_owned();
        line.replace(&desk.path().display().to_string(), "FILE")
    };
    let ended = Timestamp::from_unix_seconds(1_767_225_600);
    let desk = Desk::new(DEAD);
    desk.write(&desk.token.document(ended));
    assert_eq!(told(&desk), "ended at 2026-01-01T00:00:00Z, and renewed when it is needed");
    let bare = SsoToken { refresh_token: None, ..desk.token.clone() };
    desk.write(&bare.document(ended));
    assert_eq!(told(&desk), "ended at 2026-01-01T00:00:00Z; sign in: `keyfob sso login dev`");
    desk.write(&bare.document(end_of_all()));
    assert!(
        told(&desk).starts_with(&format!("until {END}, ")) && told(&desk).ends_with(" from now, and not renewed then")
    );
    desk.write("[]");
    assert_eq!(told(&desk), "\"FILE\" cannot be used, it is not a JSON object; sign in: `keyfob sso login dev`");
    fs::remove_file(desk.path()).expect("the file was just written");
    assert_eq!(told(&desk), "none; sign in: `keyfob sso login dev`");
    // Nobody renews that, whatever it holds.
    let legacy = Desk::legacy(FRESH);
    legacy.write(&SsoToken { refresh_token: Some("MARKERsecret".into()), ..legacy.token.clone() }.document(ended));
    assert_eq!(told(&legacy), "ended at 2026-01-01T00:00:00Z; sign in: `keyfob sso login dev`");
    desk.was_not_called();
}
