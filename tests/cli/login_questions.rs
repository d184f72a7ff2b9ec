//! What `keyfob login` asks at the terminal: which region, whether to become somebody else, whether to build a bridge.

#![cfg(unix)]

mod bridge;
mod identity;
mod region;
mod waiting;

use super::{
    fake::{Timestamp, loopback, sign_in},
    keyfob::{Invocation, Terminal, has_terminal, program},
    signing_in::{ALICE, BOB, SigningIn, session_path, shown_url, signed_in_as},
};

const CONFIG: &str = "[profile dev]\nregion = us-east-1\n";

/// The profile of somebody who signed in in this region.
fn profile_of(login_session: &str, region: &str) -> String {
    format!("[profile dev]\nlogin_session = {login_session}\nregion = {region}\n")
}

impl SigningIn {
    /// A sign-in with a browser of the person's own on this machine.
    fn here(&self, arguments: &[&str]) -> Invocation {
        self.login(&[&["--no-browser"], arguments].concat()).any_stderr()
    }
}

/// A person who types these lines, one each time that the question is asked, and what the terminal shows of it.
fn typing(question: &str, lines: &[&str]) -> (Terminal, String) {
    lines.iter().fold((Terminal::new(), String::new()), |(person, screen), line| {
        (person.answer(question, &format!("{line}\n")), screen + question + line + "\n")
    })
}
