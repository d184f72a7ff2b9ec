//! What the tour and the benchmark stand on: the binary as it is shipped, a home to throw away, and many
//! processes at once.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Builds keyfob as `cargo build --release` does, silent unless that fails, and returns where it is.
///
/// Cargo sets a path only for tests and benchmarks, and may then have built another profile.
pub(crate) fn shipped_binary() -> Result<PathBuf, String> {
    let cargo = env!("CARGO");
    let mut command = Command::new(cargo);
    // Set by the cargo that runs us; build scripts of some crates would take them for a change, and run again.
    let is_ours =
        |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "OUT_DIR";
    for name in variables().filter(|name| is_ours(name)) {
        command.env_remove(name);
    }
    let output = command
        .args(["build", "--release", "--bin", "keyfob", "--message-format=json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {cargo}: {error}"))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    match executable {
        Some(path) if output.status.success() => Ok(path),
        _ => Err(format!("cannot build keyfob:\n{}", String::from_utf8_lossy(&output.stderr))),
    }
}

#[expect(clippy::disallowed_methods, reason = "the product's door for variables is not ours")]
fn variables() -> impl Iterator<Item = String> {
    env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}

/// A home directory that is removed when the value is dropped.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new() -> io::Result<Self> {
        (0..)
            .map(|number| env::temp_dir().join(format!("keyfob-home-{}-{number}", std::process::id())))
            .find_map(|path| match create_private(&path) {
                Ok(()) => Some(Ok(Self(path))),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                Err(error) => Some(Err(error)),
            })
            .expect("the numbers do not end")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a private file, its path relative to the home, with the directories that it needs.
    pub(crate) fn write(&self, path: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.0.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(&path, text)?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        Ok(path)
    }

    /// A program in this home, with nothing else of this machine's environment than it cannot do without.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", &self.0).current_dir(&self.0).stdin(Stdio::null());
        if cfg!(windows) {
            command.env("USERPROFILE", &self.0).env("SystemRoot", r"C:\Windows");
        } else {
            command.env("PATH", "/usr/bin:/bin");
        }
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What remains lies among other temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// What came of one process among many, and how long it took.
pub(crate) struct Finished {
    pub(crate) output: Output,
    pub(crate) elapsed: Duration,
}

/// Starts one command `count` times, each as soon as the one before is on its way, and waits for them all.
pub(crate) fn at_once(count: usize, command: impl Fn() -> Command) -> io::Result<Vec<Finished>> {
    let start = |_| {
        let mut command = command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let began = Instant::now();
        let child = command.spawn()?;
        Ok(thread::spawn(move || child.wait_with_output().map(|output| Finished { output, elapsed: began.elapsed() })))
    };
    let threads: Vec<_> = (0..count).map(start).collect::<io::Result<_>>()?;
    threads.into_iter().map(|thread| thread.join().expect("waiting does not panic")).collect()
}
