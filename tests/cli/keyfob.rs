//! The test builder: a home directory of its own, keyfob run in it, and silence expected unless
//! the test says otherwise.
//!
//! ```ignore
//! let home = Home::new().sts(&sts).config("[profile dev]\n…").credentials(&jane.section("base"));
//! home.keyfob(["process", "--profile", "dev"]).stdout("{…}\n").run();
//! home.keyfob(["whoami"]).code(253).stderr("keyfob: …\n").run();
//! ```
//!
//! Whatever a test expects or not, no secret of the fakes may appear on stderr or a terminal, nor
//! on stdout unless the command is there to hand out secrets; and a terminal must be left as it was.

#![allow(dead_code, reason = "the builder offers more than the tests need at any one time")]

mod dialogue;
mod home;
mod invocation;
mod pipes;
mod process;
mod terminal;
mod tests;

pub(crate) use home::Home;
pub(crate) use invocation::Invocation;
pub(crate) use process::{Run, Running};
pub(crate) use terminal::{Terminal, has_terminal};

/// Where keyfob is, as it writes itself into profiles.
pub(crate) fn program() -> String {
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_keyfob"));
    let path = if cfg!(windows) { path.to_owned() } else { path.canonicalize().expect("it is built") };
    path.into_os_string().into_string().expect("its path is UTF-8")
}

/// Reads stdout that must be one JSON document.
#[track_caller]
pub(crate) fn json(stdout: &str) -> serde_json::Value {
    match serde_json::from_str(stdout) {
        Ok(value) => value,
        Err(error) => panic!("stdout is not JSON: {error}\n{stdout}"),
    }
}
