//! `keyfob sso login`: somebody signs in to IAM Identity Center, by a browser on this machine or by a device code.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "some of this is about Unix's files and signals"))]

mod already;
mod arguments;
mod code;
mod device;
mod endings;
mod files;
mod refusals;
mod registration;
mod start_url;

use super::{
    fake::{
        IdentityCenter, Proxy, Reply, SsoRegistration, SsoToken, Timestamp, Website, code_token, device_token,
        loopback, refreshed_token, register_client, start_device_authorization, token_path,
    },
    keyfob::{Home, Invocation, Run, Running, Terminal, has_terminal, json},
    login::free_port,
    signing_in::shown_url,
};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

const START_URL: &str = "https://d-1234567890.awsapps.com/start";
const SCOPES: &str = "sso_registration_scopes = sso:account:access\n";
/// What is told of a browser's sign-in, before its URL.
const HERE: &str = "To sign in to sso-session \"corp\", open this URL in a browser on this machine:\n";
/// The same of one on any device.
const ANYWHERE: &str = "To sign in to sso-session \"corp\", open this URL in a browser on any device:\n";
const CODE: &str = "Enter this code there. Where the page shows one already, go on only if it is the same:\n";
const FAILED: &str = "keyfob: cannot sign in to sso-session \"corp\"\n";

/// Nobody is signed in to sso-session `corp`, which has a profile `dev`.
struct Desk {
    center: IdentityCenter,
    home: Home,
}

impl Desk {
    fn new() -> Self {
        Self::at(IdentityCenter::start())
    }

    fn at(center: IdentityCenter) -> Self {
        let config = center.sso_session("corp") + SCOPES + &role("dev", "sso_session = corp\n");
        Self::with(center, &config)
    }

    /// The profile names the start URL itself.
    fn legacy() -> Self {
        let center = IdentityCenter::start();
        let lines = center.sso_session("corp").replace("[sso-session corp]\n", "");
        let config = role("dev", &lines);
        Self::with(center, &config)
    }

    fn with(center: IdentityCenter, config: &str) -> Self {
        let home = Home::new().identity_center(&center).config(config);
        Self { center, home }
    }

    /// `keyfob sso login --sso-session corp`, without a browser of its own.
    fn login(&self, arguments: &[&str]) -> Invocation {
        self.here(&[&["--sso-session", "corp"], arguments].concat())
    }

    /// A sign-in without a browser of its own. Wherever the test runs, the port says that one is going to come.
    fn here(&self, arguments: &[&str]) -> Invocation {
        let port = free_port().to_string();
        let by_device = arguments.contains(&"--use-device-code");
        let port = if by_device { &[][..] } else { &["--redirect-port", &port] };
        self.run(&[&["--no-browser"], port, arguments].concat())
    }

    fn run(&self, arguments: &[&str]) -> Invocation {
        self.home.keyfob([&["sso", "login"], arguments].concat())
    }

    /// Signs in by a browser.
    #[track_caller]
    fn signs_in(&self, run: Invocation) -> Run {
        self.center.oidc.expect(code_token());
        let mut running = run.any_stdout().any_stderr().spawn();
        self.allow(&mut running);
        running.wait()
    }

    /// Somebody opens the URL that is shown and allows it; the URL.
    #[track_caller]
    fn allow(&self, running: &mut Running) -> String {
        let url = shown_url(running);
        loopback::get(&self.center.oidc.visit(&url).allow());
        url
    }

    /// Awaits calls that begin a sign-in by a device code.
    fn expect_device(&self) {
        self.center.oidc.expect(register_client());
        self.center.oidc.expect(start_device_authorization());
    }

    /// Awaits that keyfob asks whether the person has decided, who has not.
    fn expect_pending(&self) {
        self.center.oidc.expect(device_token().refused("AuthorizationPendingException"));
    }

    fn path(&self) -> PathBuf {
        self.home.path().join(token_path("corp"))
    }

    #[track_caller]
    fn token(&self) -> serde_json::Value {
        json(&self.home.read(token_path("corp")))
    }

    /// The names of what lies beside tokens, but for locks.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.path().join(".aws/sso/cache")).into_iter().flatten().flatten();
        let files = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut files: Vec<String> =
            files.filter(|name| Path::new(name).extension().is_none_or(|end| end != "lock")).collect();
        files.sort();
        files
    }

    /// The registration of the last client, as it is to be kept.
    fn registration(&self) -> SsoRegistration {
        let client = self.center.oidc.clients().pop().expect("a client was registered");
        SsoRegistration {
            tool: "keyfob",
            session_name: Some("corp".to_owned()),
            start_url: self.center.start_url.clone(),
            region: self.center.region.clone(),
            configured_scopes: Some(vec!["sso:account:access".to_owned()]),
            client_id: client.client_id,
            client_secret: client.client_secret,
            expires_at: client.end,
            scopes: client.scopes,
            is_for_codes: client.is_for_codes,
        }
    }
}

/// A profile with a role, whose sign-in these lines tell.
fn role(name: &str, lines: &str) -> String {
    format!("[profile {name}]\n{lines}sso_account_id = 111122223333\nsso_role_name = Admin\n")
}

/// The code that a person is to enter or compare: alone on its line.
#[track_caller]
fn shown_code(running: &mut Running) -> String {
    running.wait_for_line(|line| line.starts_with("        KFBS-")).trim().to_owned()
}

/// What is told of a device code, and of no browser.
fn told_of(url: &str, code: &str, told: &str) -> String {
    let (page, _) = url.split_once('?').unwrap_or((url, ""));
    format!(
        "{told}\n{page}\n\n{CODE}\n        {code}\n\nThis URL brings the code along:\n\n{page}?user_code={code}\n\n"
    )
}

/// The end as it is told, checked against the token's file; `then` is what follows it.
#[track_caller]
fn until(desk: &Desk, key: &str, then: &str) -> String {
    let end = json(&desk.home.read(token_path(key)))["expiresAt"].as_str().expect("it says when it ends").to_owned();
    format!("until {end}, {then}")
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
