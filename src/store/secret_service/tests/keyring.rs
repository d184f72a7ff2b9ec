//! A session bus with the keyring of GNOME on it, for one test: nobody is at the desktop, and nothing is left behind.

#![allow(unreachable_pub, clippy::print_stderr, reason = "the command tests have it, too")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// A bus that starts nothing by itself: neither another keyring, nor a window that asks.
pub struct SessionBus {
    folder: PathBuf,
    pub address: String,
    children: Vec<Child>,
}

impl SessionBus {
    /// `None`, aloud, where the programs are missing; where `CI` is `true` they have to be there.
    pub fn new() -> Option<Self> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        for program in ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"] {
            if !on_path(program) {
                assert!(
                    variable("CI").as_deref() != Some("true"),
                    "CI is to have everything, but there is no {program}"
                );
                eprintln!("skipped: there is no {program}");
                return None;
            }
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("keyfob-bus-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder is ours");
        Some(Self::start(folder, ""))
    }

    /// The same with services that it would start.
    pub fn with_service(self, name: &str, command: &str) -> Self {
        let services = self.folder.join("services");
        fs::create_dir_all(&services).expect("the folder is ours");
        let text = format!("[D-BUS Service]\nName={name}\nExec={command}\n");
        fs::write(services.join(format!("{name}.service")), text).expect("the folder is ours");
        let folder = self.folder.clone();
        // The folder stays for the next one.
        let mut old = self;
        old.end_all();
        old.folder = PathBuf::new();
        Self::start(folder, &format!("<servicedir>{}</servicedir>", services.display()))
    }

    fn start(folder: PathBuf, services: &str) -> Self {
        let config = folder.join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth>{services}\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
             <allow own=\"*\"/></policy></busconfig>",
            folder.display()
        );
        fs::write(&config, text).expect("the folder is ours");
        let mut bus = Self { folder, address: String::new(), children: Vec::new() };
        let mut daemon = bus.command("dbus-daemon");
        daemon.arg(format!("--config-file={}", config.display())).args(["--nofork", "--nopidfile", "--print-address"]);
        let mut child = daemon.stdout(Stdio::piped()).spawn().expect("dbus-daemon starts");
        let stdout = child.stdout.take().expect("it was piped");
        BufReader::new(stdout).read_line(&mut bus.address).expect("it says its address");
        bus.address.truncate(bus.address.trim_end().len());
        bus.children.push(child);
        bus
    }

    /// Starts the keyring: unlocked, and made where there is none yet.
    pub fn unlocked(mut self) -> Self {
        self.start_keyring(true);
        self
    }

    /// Ends the keyring, and starts it anew with nobody there to unlock it.
    pub fn lock(&mut self) {
        end(self.children.pop().expect("it was started"));
        self.wait_for_keyring(false);
        self.start_keyring(false);
    }

    /// Whether what was started last, the keyring, has ended by itself.
    #[allow(dead_code, reason = "the command tests do without it")]
    pub fn last_has_ended(&mut self) -> bool {
        self.children.last_mut().is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))))
    }

    /// A program in the session, with only its environment.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command.env("HOME", &self.folder).env("XDG_RUNTIME_DIR", &self.folder);
        command.stderr(Stdio::null()).stdin(Stdio::null()).current_dir(&self.folder);
        command
    }

    /// What `secret-tool` prints; `None` when it fails.
    pub fn secret_tool(&self, arguments: &[&str], stdin: &str) -> Option<String> {
        let mut command = self.command("secret-tool");
        let mut child =
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("it was piped").write_all(stdin.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        output.status.success().then(|| String::from_utf8(output.stdout).expect("secrets of tests are UTF-8"))
    }

    fn start_keyring(&mut self, unlocked: bool) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).stdout(Stdio::null());
        if unlocked {
            command.arg("--unlock");
        }
        let mut child = command.stdin(Stdio::piped()).spawn().expect("gnome-keyring-daemon starts");
        child.stdin.take().expect("it was piped").write_all(b"password of the test").expect("it reads");
        self.children.push(child);
        self.wait_for_keyring(true);
    }

    fn wait_for_keyring(&self, present: bool) {
        let began = Instant::now();
        let mut ask = self.command("dbus-send");
        ask.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
            "org.freedesktop.DBus.NameHasOwner",
        ]);
        ask.arg("string:org.freedesktop.secrets");
        loop {
            let answer = ask.output().expect("dbus-send runs");
            if String::from_utf8_lossy(&answer.stdout).contains(if present { "true" } else { "false" }) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the keyring comes and goes");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn end_all(&mut self) {
        self.children.drain(..).rev().for_each(end);
    }
}

impl Drop for SessionBus {
    fn drop(&mut self) {
        self.end_all();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn end(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn on_path(program: &str) -> bool {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

#[expect(clippy::disallowed_methods, reason = "the tests' own environment, which keyfob does not get")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
