//! What tests of sign-ins begin with: the fake service, a home that leads there, and a person.

#![cfg_attr(not(unix), allow(dead_code, reason = "most of these tests need a terminal, a pipe or a signal"))]

use super::{
    fake::{SignIn, loopback},
    keyfob::{Home, Invocation, Running},
};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, fs, path::PathBuf};

pub(crate) const ALICE: &str = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com";
pub(crate) const BOB: &str = "arn:aws:iam::123456789012:user/bob";

/// Nobody is signed in yet.
pub(crate) struct SigningIn {
    pub(crate) signin: SignIn,
    pub(crate) home: Home,
}

impl SigningIn {
    /// With this text in `~/.aws/config`; an empty one is no file.
    pub(crate) fn with(config: &str) -> Self {
        Self::at(SignIn::start(), config)
    }

    pub(crate) fn at(signin: SignIn, config: &str) -> Self {
        let home = Home::new().env("AWS_ENDPOINT_URL_SIGNIN", &signin.url());
        let home = if config.is_empty() { home } else { home.config(config) };
        Self { signin, home }
    }

    /// `keyfob login dev` with these arguments more.
    pub(crate) fn login(&self, arguments: &[&str]) -> Invocation {
        self.home.keyfob([&["login", "dev"], arguments].concat())
    }

    /// The person opens the URL on this machine and allows it; the URL.
    #[track_caller]
    pub(crate) fn allow(&self, running: &mut Running) -> String {
        let url = shown_url(running);
        loopback::get(&self.signin.visit(&url).allow());
        url
    }

    pub(crate) fn config(&self) -> String {
        self.home.read(".aws/config")
    }

    /// The names of what lies where sessions are kept, but for locks.
    pub(crate) fn sessions(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.path().join(".aws/login/cache")).into_iter().flatten().flatten();
        let files = entries.map(|entry| entry.path()).filter(|path| path.extension().is_none_or(|end| end != "lock"));
        files.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
    }

    /// Where a session is kept.
    pub(crate) fn path(&self, login_session: &str) -> PathBuf {
        self.home.path().join(session_path(login_session))
    }
}

/// The URL that a person is to open: alone on its line.
#[track_caller]
pub(crate) fn shown_url(running: &mut Running) -> String {
    running.wait_for_line(|line| line.starts_with("http"))
}

/// Where a session is kept, relative to the home.
pub(crate) fn session_path(login_session: &str) -> String {
    let mut name = String::new();
    for byte in Sha256::digest(login_session.as_bytes()) {
        write!(name, "{byte:02x}").expect("a String takes all");
    }
    format!(".aws/login/cache/{name}.json")
}

/// What `keyfob login dev` says in the end.
pub(crate) fn signed_in_as(login_session: &str) -> String {
    format!(
        "Profile \"dev\" is signed in as {login_session}.\n\
         Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n"
    )
}
