//! Programs of other people that tests go to for a second opinion: shells, Python, JavaScript, AWS's own tools.
//!
//! One that is missing is skipped aloud, so that the tests pass on a bare machine; where `CI` is `true` it has
//! to be there. keyfob itself never sees the variables that are read here.

#![cfg_attr(not(unix), allow(dead_code, reason = "most of them are asked on Unix alone"))]

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A program on the path of whoever runs the tests.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let found = on_path(name);
    if found.is_none() {
        missing(&format!("there is no {name}"));
    }
    found
}

/// Like [`program`], for one that nobody is expected to have.
pub(crate) fn rare_program(name: &str) -> Option<PathBuf> {
    let found = on_path(name);
    if found.is_none() {
        eprintln!("skipped: there is no {name}");
    }
    found
}

/// The Python of the virtual environment that `KEYFOB_TEST_PEERS` names, if it has all these modules.
pub(crate) fn python(modules: &[&str]) -> Option<PathBuf> {
    let Some(folder) = variable("KEYFOB_TEST_PEERS") else {
        missing("KEYFOB_TEST_PEERS names no virtual environment of Python");
        return None;
    };
    let python = Path::new(&folder).join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" });
    let can_import = |module: &&str| {
        let mut command = Command::new(&python);
        let status = command.args(["-I", "-c", &format!("import {module}")]).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if !modules.iter().all(can_import) {
        missing(&format!("{} cannot import {}", python.display(), modules.join(", ")));
        return None;
    }
    Some(python)
}

/// The folder of Python packages, older than those of [`python`], that `KEYFOB_TEST_PEERS_OLD` names.
pub(crate) fn old_python_packages() -> Option<PathBuf> {
    let folder = variable("KEYFOB_TEST_PEERS_OLD").map(PathBuf::from).filter(|folder| folder.is_dir());
    if folder.is_none() {
        missing("KEYFOB_TEST_PEERS_OLD names no folder of Python packages");
    }
    folder
}

/// Node.js, and the folder with the packages for it.
pub(crate) struct Node {
    pub(crate) program: PathBuf,
    pub(crate) packages: PathBuf,
}

/// Node.js and the folder that `KEYFOB_TEST_PEERS_JS` names, if it has all these packages.
pub(crate) fn node(packages: &[&str]) -> Option<Node> {
    let program = program("node")?;
    let Some(folder) = variable("KEYFOB_TEST_PEERS_JS").map(PathBuf::from) else {
        missing("KEYFOB_TEST_PEERS_JS names no folder of JavaScript packages");
        return None;
    };
    if !packages.iter().all(|package| folder.join("node_modules").join(package).is_dir()) {
        missing(&format!("{} does not have {}", folder.display(), packages.join(", ")));
        return None;
    }
    Some(Node { program, packages: folder })
}

/// Nushell, which the npm registry has as a program of its own.
pub(crate) fn nushell() -> Option<PathBuf> {
    let folder = variable("KEYFOB_TEST_PEERS_JS").map(PathBuf::from).unwrap_or_default();
    let program = folder.join("node_modules/@nushell/linux-x64/bin/nu");
    if !program.is_file() {
        missing(&format!("{} is not there", program.display()));
        return None;
    }
    Some(program)
}

/// The xonsh of the virtual environment that `KEYFOB_TEST_PEERS` names.
pub(crate) fn xonsh() -> Option<PathBuf> {
    let python = python(&["xonsh"])?;
    Some(python.with_file_name(format!("xonsh{}", std::env::consts::EXE_SUFFIX)))
}

/// The program that `KEYFOB_TEST_PEER_RUST` names, which asks AWS's SDK for Rust.
pub(crate) fn rust() -> Option<PathBuf> {
    let program = variable("KEYFOB_TEST_PEER_RUST").map(PathBuf::from).filter(|program| program.is_file());
    if program.is_none() {
        missing("KEYFOB_TEST_PEER_RUST names no program");
    }
    program
}

/// Says that something is not tested here.
#[track_caller]
pub(crate) fn missing(what: &str) {
    assert!(variable("CI").as_deref() != Some("true"), "CI is to have everything, but {what}");
    eprintln!("skipped: {what}");
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|program| program.is_file())
}

#[expect(clippy::disallowed_methods, reason = "the tests' own environment, which keyfob does not get")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
