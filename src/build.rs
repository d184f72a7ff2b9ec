//! What the binary is linked with, where that can be better than what the compiler asks for.
//!
//! The standard library wants the unwinder of GCC, for the backtraces of panics, as a shared library. To find and load
//! that one library takes a tenth of all instructions of an answer from the cache. Where GCC has it as an archive,
//! too, a linker script of the shared library's name has the linker take that: nothing else changes. The binary then
//! needs the C library of the archive, glibc 2.35 since GCC 12, as one that is built there does anyway.
//!
//! Release builds for the machine itself alone: other tools than the usual ones may want the shared library.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by variables")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    if !is_usual() || !has_archive() {
        return;
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is made"));
    fs::write(folder.join("libgcc_s.so"), "INPUT(-lgcc_eh -lgcc)\n").expect("that folder can be written");
    println!("cargo:rustc-link-search=native={}", folder.display());
}

/// Whether this is a release for a machine like this one, without sanitizers, which go by the shared library.
fn is_usual() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_native = env::var("TARGET").ok() == env::var("HOST").ok();
    let has_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    is_native && has_glibc && is("PROFILE", "release") && env::var("CARGO_CFG_SANITIZE").unwrap_or_default().is_empty()
}

/// Whether the linker knows the archive: a name that it does not find comes back as it is.
fn has_archive() -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| OsString::from("cc"));
    let Ok(answer) = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output() else { return false };
    answer.status.success() && String::from_utf8(answer.stdout).is_ok_and(|path| Path::new(path.trim()).is_file())
}
