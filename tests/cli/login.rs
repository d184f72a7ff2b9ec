//! `keyfob login` in a browser on the same machine: somebody opens the URL, and the browser comes back to 127.0.0.1.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "much of this is about Unix's files and signals"))]

mod already;
mod arguments;
mod bridge;
#[cfg(unix)]
mod browsers;
mod conflicts;
mod endings;
#[cfg(unix)]
mod files;
mod identity;
mod listener;
mod page;
mod port;
mod profile;
mod refusals;
mod session;
#[cfg(unix)]
mod unwritable;

pub(crate) use port::free_port;

use super::{
    fake::{
        ACCOUNT, Answer, Authorization, Keys, MARKER, Reply, SignIn, Timestamp, escape, id_token, loopback, refresh,
        sign_in,
    },
    keyfob::{Home, Invocation, Run, Running, json, program},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

const ALICE: &str = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com";
const BOB: &str = "arn:aws:iam::123456789012:user/bob";

/// A home, and the service that one signs in at. The region is set.
struct Desk {
    signin: SignIn,
    home: Home,
}

/// A run that has shown its URL, and waits for the browser.
struct Begun<'a> {
    signin: &'a SignIn,
    running: Running,
    url: String,
    /// All that it has told.
    told: String,
}

/// What is told when the profile's region is us-east-1, and the sign-in's another one.
const IN_ANOTHER_REGION: &str = "keyfob: the session is good in eu-west-1 alone, and profile \"dev\" has region \
                                 us-east-1, where some SDKs would try to renew it\n";

impl Desk {
    fn new() -> Self {
        let signin = SignIn::start();
        let home = Home::new().env("AWS_ENDPOINT_URL_SIGNIN", &signin.url()).env("AWS_REGION", "us-east-1");
        Self { signin, home }
    }

    fn with_config(text: &str) -> Self {
        let desk = Self::new();
        desk.home.write(".aws/config", text);
        desk
    }

    /// Profile `dev` is signed in to as [`ALICE`].
    fn signed_in() -> Self {
        let desk = Self::new();
        desk.signs_in(desk.login(&["dev"]), ALICE);
        desk
    }

    /// Signs in without opening a browser.
    fn login(&self, arguments: &[&str]) -> Invocation {
        self.home.keyfob(["login", "--no-browser"].iter().chain(arguments).copied())
    }

    #[track_caller]
    fn begin(&self, run: Invocation) -> Begun<'_> {
        self.begin_telling(run, "To sign in to AWS in us-east-1, open this URL in a browser on this machine:\n")
    }

    /// Begins a run that tells this before its URL.
    #[track_caller]
    fn begin_telling(&self, run: Invocation, told: &str) -> Begun<'_> {
        let mut running = run.spawn();
        let url = running.wait_for_line(|line| line.starts_with("http"));
        let told = format!("{told}\n{url}\n\n");
        Begun { signin: &self.signin, running, url, told }
    }

    /// Lets this user sign in.
    #[track_caller]
    fn signs_in(&self, run: Invocation, login_session: &str) -> Run {
        self.signin.expect(sign_in(login_session));
        self.begin(run.any_stdout()).allow()
    }

    #[track_caller]
    fn config(&self) -> String {
        self.home.read(".aws/config")
    }

    fn session_path(&self, login_session: &str) -> PathBuf {
        self.home.path().join(session_path(login_session))
    }

    #[track_caller]
    fn session(&self, login_session: &str) -> serde_json::Value {
        json(&self.home.read(session_path(login_session)))
    }

    /// The session's keys that the fake handed out as its `number`-th, as `keyfob process` prints them.
    #[track_caller]
    fn keys(&self, login_session: &str, number: usize) -> String {
        let session = self.session(login_session);
        let end = session["accessToken"]["expiresAt"].as_str().and_then(Timestamp::parse_rfc3339);
        Keys::signed_in(number, end.expect("expiresAt is in whole seconds with a Z")).document(Some(ACCOUNT))
    }

    /// Lets the credentials of a session end long ago.
    #[track_caller]
    fn end_session(&self, login_session: &str) {
        let text = self.home.read(session_path(login_session));
        let end = json(&text)["accessToken"]["expiresAt"].as_str().map(str::to_owned);
        let ended = text.replace(&end.expect("a session says when it ends"), "2026-01-01T00:00:00Z");
        self.home.write(&session_path(login_session), ended);
    }

    /// Every file below the home, with its bytes; every link, with where it leads.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(self.home.path(), &mut files);
        files
    }
}

impl Begun<'_> {
    /// Where the browser is sent once somebody has allowed it.
    #[track_caller]
    fn redirect(&self) -> String {
        self.signin.visit(&self.url).allow()
    }

    /// Somebody opens the URL: what the page was asked for.
    #[track_caller]
    fn asked(&self) -> Authorization {
        drop(self.signin.visit(&self.url));
        self.signin.authorizations().pop().expect("it was just asked for")
    }

    /// Somebody allows it, and the browser comes back.
    #[track_caller]
    fn allow(self) -> Run {
        self.allow_and_hear("")
    }

    /// The same, and expects that this is all that it tells more.
    #[track_caller]
    fn allow_and_hear(self, told: &str) -> Run {
        assert_eq!(heading(&loopback::get(&self.redirect())), "Sign-in received");
        self.ends(told)
    }

    /// Expects that this is all that it tells more.
    #[track_caller]
    fn ends(self, told: &str) -> Run {
        self.running.stderr(self.told + told).wait()
    }
}

/// `~/.aws/login/cache/SHA256.json`, relative to the home.
fn session_path(login_session: &str) -> String {
    let hash = Sha256::digest(login_session).iter().fold(String::new(), |mut hash, byte| {
        write!(hash, "{byte:02x}").expect("a String takes all");
        hash
    });
    format!(".aws/login/cache/{hash}.json")
}

/// Checks all cases of a table side by side, since a sign-in is mostly waiting.
fn each<T: Send>(cases: impl IntoIterator<Item = T>, check: impl Fn(T) + Sync) {
    let check = &check;
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(move || check(case));
        }
    });
}

/// What the page says in large letters.
fn heading(page: &Answer) -> &str {
    let text = page.body.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>"));
    text.map_or("", |(heading, _)| heading)
}

/// A text of files that are new, with the line ends that they have here.
fn lines(text: &str) -> String {
    text.replace('\n', if cfg!(windows) { "\r\n" } else { "\n" })
}

fn gather(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("the home can be listed") {
        let path = entry.expect("the home can be listed").path();
        if path.is_symlink() {
            let target = fs::read_link(&path).expect("it is a link");
            files.insert(path, target.into_os_string().into_encoded_bytes());
        } else if path.is_dir() {
            gather(&path, files);
        } else {
            files.insert(path.clone(), fs::read(path).expect("the file is ours"));
        }
    }
}

#[test]
fn url_is_shown_and_the_session_is_there_when_the_browser_has_come_back() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let run = desk.login(&["dev"]).stdout(format!(
        "Profile \"dev\" is signed in as {ALICE}.\n\
         Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n"
    ));
    let begun = desk.begin(run);
    assert!(begun.url.starts_with(&format!("{}/v1/authorize?response_type=code&", desk.signin.url())), "{}", begun.url);
    begun.allow();
    let asked = &desk.signin.authorizations()[0];
    assert_eq!(asked.client_id, "arn:aws:signin:::devtools/same-device");
    assert_eq!(desk.signin.calls().len(), 1);
}

#[test]
fn every_sign_in_has_a_state_and_a_challenge_of_its_own() {
    let desk = Desk::signed_in();
    desk.signs_in(desk.login(&["dev", "--force"]), ALICE);
    let [one, other] = &desk.signin.authorizations()[..] else { panic!("there were two sign-ins") };
    assert_ne!(one.state, other.state);
    assert_ne!(one.code_challenge, other.code_challenge);
    let calls = desk.signin.calls();
    assert_ne!(calls[0].proof.thumbprint, calls[1].proof.thumbprint);
}

#[test]
fn profile_is_the_one_that_was_named_or_that_of_the_variables_or_default() {
    each(
        [
            (&["dev"][..], "other", "dev", "dev"),
            (&["-p", "dev"], "other", "dev", "dev"),
            (&["--profile", "my team"], "", "my team", "'my team'"),
            (&[], "other", "other", "other"),
        ],
        |(arguments, variable, profile, word)| {
            let desk = Desk::new();
            desk.signin.expect(sign_in(ALICE));
            let run = desk.login(arguments).env("AWS_PROFILE", variable).stdout(format!(
                "Profile \"{profile}\" is signed in as {ALICE}.\n\
                 Use it with --profile {word}, or for this shell: eval \"$(keyfob env {word})\"\n"
            ));
            desk.begin(run).allow();
        },
    );
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    desk.begin(desk.login(&[]).stdout(format!("Profile \"default\" is signed in as {ALICE}.\n"))).allow();
}

#[test]
fn endpoint_with_a_path_lends_the_page_its_host_alone() {
    let signin = SignIn::start_below("/base");
    let home = Home::new().env("AWS_ENDPOINT_URL_SIGNIN", &signin.url()).env("AWS_REGION", "us-east-1");
    let desk = Desk { signin, home };
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let page = format!("http://{}/v1/authorize?", desk.signin.address());
    assert!(begun.url.starts_with(&page), "{}", begun.url);
    begun.allow();
}

#[test]
fn endpoint_may_stand_in_the_profile() {
    let mut desk = Desk::new();
    desk.home.remove_env("AWS_ENDPOINT_URL_SIGNIN");
    desk.home.write(".aws/config", format!("[profile dev]\nendpoint_url = {}\n", desk.signin.url()));
    desk.signs_in(desk.login(&["dev"]), ALICE);
}

#[test]
fn verbose_shows_nothing_of_what_the_browser_brings() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev", "-v"]).any_stdout().any_stderr());
    let redirect = begun.redirect();
    loopback::get(&redirect);
    let told = begun.running.wait().stderr;
    let (_, code) = redirect.split_once("code=").expect("a redirect has a code");
    assert!(!told.contains(&code[..20]), "{told}");
}
