//! `login_session`: the console sign-ins that `aws login` makes, used and renewed.

#![cfg_attr(not(unix), allow(dead_code, reason = "much of this is about Unix's files and signals"))]

mod adoption;
mod endpoints;
mod file;
mod herd;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(unix)]
mod leftover;
mod refusals;
pub(crate) mod regions;

use super::{
    fake::{
        ACCOUNT, DpopKey, Keys, MARKER, Session, SignIn, Sts, Timestamp, access_token, assume_role, refresh, signed_in,
    },
    keyfob::{Home, Invocation, json},
    scene::{END, Left, ROLE, role_section},
};
use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const ALICE: &str = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com";
/// Long enough to be left alone.
const FRESH: Left = Left::Still(Duration::from_mins(6));
/// To be renewed, but not yet over.
const SOFT: Left = Left::Still(Duration::from_mins(4));
pub(crate) const DEAD: Left = Left::EndedAgo(Duration::from_hours(1));

/// Profile `dev` has a session of [`ALICE`], begun at the fake.
pub(crate) struct Desk {
    pub(crate) signin: SignIn,
    pub(crate) session: Session,
    pub(crate) home: Home,
}

impl Desk {
    pub(crate) fn new(left: Left) -> Self {
        Self::at(SignIn::start(), left)
    }

    pub(crate) fn at(signin: SignIn, left: Left) -> Self {
        let session = signin.sign_in(ALICE);
        let home = Home::new().env("AWS_ENDPOINT_URL_SIGNIN", &signin.url()).config(&profile(ALICE));
        let desk = Self { signin, session, home };
        desk.write(&desk.document(left));
        desk
    }

    /// The file as the AWS CLI writes it.
    pub(crate) fn document(&self, left: Left) -> String {
        self.session.document(end(left))
    }

    pub(crate) fn write(&self, document: &str) -> PathBuf {
        self.home.write(&self.session.path(), document)
    }

    /// The session's file.
    pub(crate) fn read(&self) -> String {
        self.home.read(self.session.path())
    }

    pub(crate) fn process(&self) -> Invocation {
        self.home.keyfob(["process", "--profile", "dev"])
    }

    /// Expects the keys that are in the file at the end.
    #[track_caller]
    pub(crate) fn prints(&self, run: Invocation, number: usize) {
        let printed = run.any_stdout().run().stdout;
        assert_eq!(printed, self.keys(number).document(Some(ACCOUNT)));
    }

    /// The keys of this number, which end when the file says.
    #[track_caller]
    pub(crate) fn keys(&self, number: usize) -> Keys {
        let text = json(&self.read())["accessToken"]["expiresAt"].as_str().map(str::to_owned);
        let end = text.and_then(|text| Timestamp::parse_rfc3339(&text));
        Keys::signed_in(number, end.expect("expiresAt is in whole seconds with a Z"))
    }

    /// Lets the credentials in the file end long ago.
    #[track_caller]
    pub(crate) fn end_session(&self) {
        let text = self.read();
        let end = json(&text)["accessToken"]["expiresAt"].as_str().map(str::to_owned);
        self.write(&text.replace(&end.expect("a session says when it ends"), "2026-01-01T00:00:00Z"));
    }

    /// Waits until so many refreshes have come.
    #[track_caller]
    fn wait_for_calls(&self, count: usize) {
        let began = Instant::now();
        while self.signin.calls().len() < count {
            assert!(began.elapsed() < 20 * SECOND, "no refresh came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn profile(login_session: &str) -> String {
    format!("[profile dev]\nlogin_session = {login_session}\nregion = us-east-1\n")
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

#[test]
fn fresh_session_is_handed_out_without_a_connection() {
    let desk = Desk::new(FRESH);
    let before = desk.read();
    desk.prints(desk.process(), 0);
    // No region and no key that can be read are needed for it.
    desk.home.write(".aws/config", format!("[profile dev]\nlogin_session = {ALICE}\n"));
    desk.write(&before.replace("MHcCAQEE", "junk"));
    desk.prints(desk.process(), 0);
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn session_is_renewed_when_five_minutes_or_less_are_left() {
    for (left, renewed) in [
        (Left::Still(Duration::from_secs(320)), false),
        (Left::Still(Duration::from_mins(5)), true),
        (Left::Still(Duration::from_secs(10)), true),
        (Left::EndedAgo(Duration::from_secs(100)), true),
        (DEAD, true),
    ] {
        let desk = Desk::new(left);
        let before = Timestamp::now();
        if renewed {
            desk.signin.expect(refresh());
        }
        desk.prints(desk.process(), usize::from(renewed));
        if renewed {
            let end = desk.keys(1).expiration.expect("temporary keys end");
            assert!((before.plus(15 * MINUTE)..=Timestamp::now().plus(15 * MINUTE)).contains(&end), "{end:?}");
            // It is fresh now.
            desk.prints(desk.process(), 1);
        }
        assert_eq!(desk.signin.calls().len(), usize::from(renewed));
    }
}

#[test]
fn every_refresh_sends_the_newest_token_and_a_proof_of_its_own() {
    let desk = Desk::new(DEAD);
    for number in 1..=3 {
        desk.signin.expect(refresh());
        desk.prints(desk.process(), number);
        desk.end_session();
    }
    let calls = desk.signin.calls();
    let answered = desk.signin.answered();
    assert_eq!(calls[0].refresh_token(), desk.session.refresh_token);
    assert_eq!(calls[1].refresh_token(), answered[0].refresh_token);
    assert_eq!(calls[2].refresh_token(), answered[1].refresh_token);
}

#[test]
fn keys_of_every_kind_sign_proofs() {
    for key in [DpopKey::USUAL, DpopKey::AS_PKCS8, DpopKey::WITH_A_ZERO] {
        let desk = Desk::new(DEAD);
        let session = desk.signin.know(Session { key, ..desk.session.clone() });
        desk.write(&session.document(end(DEAD)));
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
        let file = desk.read();
        assert!(file.contains(&format!("\"dpopKey\":{}", key.json())), "{file}");
    }
}

#[test]
fn ends_in_every_spelling_are_read() {
    for text in [
        "2099-01-02T03:04:05Z",
        "2099-01-02T03:04:05.123456Z",
        "2099-01-02T03:04:05.000Z",
        "2099-01-02T03:04:05.123456789+00:00",
        "2099-01-02T05:04:05.123456789+02:00",
        "2099-01-01T22:34:05-04:30",
    ] {
        let desk = Desk::new(FRESH);
        desk.write(&desk.session.document(end_of_all()).replace(END, text));
        desk.process().stdout(Session::keys(end_of_all()).document(Some(ACCOUNT))).run();
    }
}

#[test]
fn answers_may_spell_their_life_as_a_text() {
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh().expiring_in("\"600\""));
    desk.prints(desk.process(), 1);
    let end = desk.keys(1).expiration.expect("temporary keys end");
    assert!(end <= Timestamp::now().plus(10 * MINUTE) && end > Timestamp::now().plus(9 * MINUTE));
}

#[test]
fn names_of_files_are_those_of_the_aws_cli() {
    for (login_session, name) in [
        ("arn:aws:iam::123456789012:user/alice", "b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0"),
        ("arn:aws:iam::123456789012:root", "1921ac8a06e305954f769df5e0f8b3d24ee1d6bf5231d901157e44d7c4d0f4cf"),
        (ALICE, "2444d176d8ecfafb847c9d271d87d69ed922ef68cd59c34b2435329e00a8829f"),
        (
            "arn:aws:sts::012345678910:assumed-role/Admin/admin",
            "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255",
        ),
        ("arn:aws:iam::0123456789012:user/Admin", "36db1d138ff460920374e4c3d8e01f53f9f73537e89c88d639f68393df0e2726"),
        ("arn:aws-cn:iam::123456789012:user/alice", "152396dad578f391c51fcda0555a9a32bd870778bbbfb4879004dea1ba2c6606"),
        (
            "arn:aws-us-gov:sts::123456789012:assumed-role/Ops/bob",
            "50629fda29bd55c7d3352bbcd59128bfe608209dcde6248fbb29d224d95698a0",
        ),
        (
            "arn:aws:iam::123456789012:user/division/été",
            "cfe8df4ee8ae064dd630329a97c013a98e778352206aabcf35e450855c6c32a6",
        ),
    ] {
        let desk = Desk::new(FRESH);
        desk.home.write(".aws/config", profile(login_session));
        let path = format!(".aws/login/cache/{name}.json");
        desk.home.write(&path, desk.session.document(end_of_all()));
        desk.process().stdout(Session::keys(end_of_all()).document(Some(ACCOUNT))).run();
        let named = Session { login_session: login_session.to_owned(), ..desk.session.clone() };
        assert_eq!(named.path(), path);
    }
}

#[test]
fn the_folder_of_sessions_may_be_elsewhere() {
    for (variable, folder) in [("~/sessions", "sessions"), ("", ".aws/login/cache")] {
        let desk = Desk::new(FRESH);
        let path = desk.home.path().join(desk.session.path());
        let name = path.file_name().and_then(|name| name.to_str()).expect("the name is a hash").to_owned();
        fs::remove_file(&path).expect("the file was just written");
        desk.home.write(&format!("{folder}/{name}"), desk.session.document(end_of_all()));
        let printed = Session::keys(end_of_all()).document(Some(ACCOUNT));
        desk.process().env("AWS_LOGIN_CACHE_DIRECTORY", variable).stdout(printed.clone()).run();
        let absolute = desk.home.path().join(folder);
        let absolute = absolute.to_str().expect("temporary paths are UTF-8");
        desk.process().env("AWS_LOGIN_CACHE_DIRECTORY", absolute).stdout(printed).run();
    }
}

#[test]
fn roles_are_assumed_with_a_session() {
    let sts = Sts::start();
    let mut desk = Desk::new(FRESH);
    desk.home = desk.home.sts(&sts).config(&(profile(ALICE) + &role_section("role", ROLE, "dev")));
    let role = || desk.home.keyfob(["process", "--profile", "role"]);
    let stored = sts.add_session(&signed_in(0), Duration::from_hours(1));
    sts.expect(assume_role(ROLE).signed_by(&stored).expiring(END));
    let printed = |number| Keys::issued(number, end_of_all()).document(Some(ACCOUNT));
    role().stdout(printed(1)).run();
    // The role is in keyfob's cache now, so the session is not even looked at.
    desk.write("");
    role().stdout(printed(1)).run();

    desk.home.clear_cache();
    desk.write(&desk.document(DEAD));
    let renewed = sts.add_session(&signed_in(1), Duration::from_hours(1));
    desk.signin.expect(refresh());
    sts.expect(assume_role(ROLE).signed_by(&renewed).expiring(END));
    role().stdout(printed(2)).run();
}

#[test]
fn explain_shows_the_end_of_a_session() {
    let desk = Desk::new(FRESH);
    let cache = || {
        let shown = desk.home.keyfob(["explain", "dev"]).any_stdout().run().stdout;
        shown.lines().find_map(|line| line.strip_prefix("cache: ")).map(str::to_owned).expect("a line on the cache")
    };
    let six_minutes = end(FRESH).rfc3339();
    assert!(cache().starts_with(&format!("credentials until {}", &six_minutes[..17])), "{}", cache());
    desk.write(&desk.session.document(Timestamp::from_unix_seconds(1_767_225_600)));
    assert_eq!(cache(), "credentials that ended at 2026-01-01T00:00:00Z");
    fs::remove_file(desk.home.path().join(desk.session.path())).expect("the file was just written");
    assert_eq!(cache(), "nothing");
    assert_eq!(desk.signin.connections(), 0);
}
