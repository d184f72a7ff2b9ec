//! `keyfob login` among other people's programs: a real browser signs in, and what is left is what SDKs read and renew.

mod bridge;
mod pages;
mod sdks;

use super::super::{
    fake::{SignIn, loopback, sign_in},
    keyfob::{Home, Invocation},
    login_session::Desk,
};

const ALICE: &str = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com";

/// A desk at which nobody has signed in yet.
fn empty_desk() -> Desk {
    let signin = SignIn::start();
    let home = Home::new().env("AWS_ENDPOINT_URL_SIGNIN", &signin.url());
    Desk { session: signin.sign_in(ALICE), signin, home }
}

/// `keyfob login dev` with these words more. What it says on the way is told elsewhere.
fn login(desk: &Desk, words: &[&str]) -> Invocation {
    let words = ["login", "dev"].iter().chain(words).copied();
    desk.home.keyfob(words).env("AWS_REGION", "us-east-1").any_stderr()
}

fn signed_in() -> String {
    format!(
        "Profile \"dev\" is signed in as {ALICE}.\n\
         Use it with --profile dev, or for this shell: eval \"$(keyfob env dev)\"\n"
    )
}

/// Signs in as somebody without a browser does, with these words more.
#[track_caller]
fn sign_in_by_hand(desk: &Desk, words: &[&str]) {
    desk.signin.expect(sign_in(ALICE));
    let is_remote = words.contains(&"--remote");
    let words: Vec<_> = words.iter().copied().chain((!is_remote).then_some("--no-browser")).collect();
    // What is said of a bridge depends on where keyfob is.
    let mut running = login(desk, &words).any_stdout().open_stdin().spawn();
    let url = running.wait_for_line(|line| line.starts_with("http"));
    let end = desk.signin.visit(&url).allow();
    if is_remote {
        running.type_in(&format!("{end}\n"));
    } else {
        assert_eq!(loopback::get(&end).status, "200");
    }
    let said = running.wait().stdout;
    assert!(said.starts_with(&format!("Profile \"dev\" is signed in as {ALICE}.\n")), "{said}");
}
