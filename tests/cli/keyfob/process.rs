//! The operating system's side of a run: a child in a session of its own, its pipes, its end.

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::Sender,
    thread,
    time::{Duration, Instant},
};

use super::{
    Invocation,
    dialogue::Followed,
    invocation::Stdin,
    pipes::{self, Pipes},
    terminal::Report,
};

/// What a program did.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status; 128 and its number for a signal.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// What the terminal showed, with `\n` between lines; empty without a terminal.
    pub(crate) screen: String,
    pub(crate) elapsed: Duration,
    /// What went wrong beyond any comparison.
    pub(super) faults: Vec<String>,
}

/// A program that has not been waited for; it is killed when the value is dropped.
pub(crate) struct Running {
    pub(super) invocation: Invocation,
    child: Child,
    pub(super) pipes: Pipes,
    /// `None` when it has ended, or never began.
    pub(super) stdin: Option<Sender<Vec<u8>>>,
    pub(super) followed: Followed,
    started: Instant,
}

impl Running {
    #[track_caller]
    pub(super) fn start(invocation: Invocation) -> Self {
        let mut command = match &invocation.terminal {
            None => detached(&invocation),
            Some(terminal) => terminal.command(&invocation),
        };
        let stdin = if matches!(invocation.stdin, Stdin::Empty) { Stdio::null() } else { Stdio::piped() };
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).current_dir(&invocation.current_dir);
        let started = Instant::now();
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("cannot run {}: {error}", command.get_program().display()));
        let mut stdin = child.stdin.take().map(pipes::writer);
        if let Stdin::Text(text) = &invocation.stdin {
            // Whoever has ended already reads nothing.
            let _ = stdin.take().map(|stdin| stdin.send(text.clone()));
        }
        let pipes = Pipes::of(&mut child);
        Self { invocation, child, pipes, stdin, followed: Followed::default(), started }
    }

    /// The process id, also that of its session and process group; under a terminal, that of the
    /// script at the terminal.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills the program and all that it started, as a crash would, so that it cannot tidy up.
    /// Under a terminal it is hung up on instead.
    pub(crate) fn kill(self) {
        drop(self);
    }

    /// Waits for the end and compares.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Run {
        let run = self.collect();
        self.invocation.compare(&run);
        run
    }

    fn collect(&mut self) -> Run {
        self.close_stdin();
        // Under a terminal, the script that runs the program has the first word on the time.
        let grace = if self.invocation.terminal.is_some() { Duration::from_secs(5) } else { Duration::ZERO };
        let deadline = self.started + self.invocation.timeout + grace;
        let mut faults = Vec::new();
        if !self.pipes.wait_for_end(deadline) {
            faults.push(format!("did not end within {:?}", self.invocation.timeout));
            kill_session(&mut self.child);
            // What it wrote until then tells where it hung.
            self.pipes.wait_for_end(Instant::now() + Duration::from_secs(5));
        }
        let elapsed = self.started.elapsed();
        let code = self.wait_for_exit(deadline).map(code);
        if code.is_none() {
            faults.push("closed its output but did not end".to_owned());
        }
        let mut text = |name: &str, bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                faults.push(format!("{name} is not UTF-8"));
                String::from_utf8_lossy(bytes).into_owned()
            }
        };
        let output = self.pipes.output();
        let (stdout, stderr) = (text("stdout", &output.stdout), text("stderr", &output.stderr));
        drop(output);
        let mut run = Run { code: code.unwrap_or(-1), stdout, stderr, screen: String::new(), elapsed, faults };
        if let Some(terminal) = &self.invocation.terminal {
            let Report { code, screen, faults } = terminal.report(&self.invocation);
            run.code = code;
            run.screen = screen;
            run.faults.extend(faults);
        }
        run
    }

    fn wait_for_exit(&mut self, deadline: Instant) -> Option<ExitStatus> {
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(1)),
                _ => return None,
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.is_running() {
            kill_session(&mut self.child);
            // It has been told to end by a signal that it cannot refuse.
            let _ = self.child.wait();
        }
    }
}

/// The program in a new session, which therefore has no controlling terminal even when the tests
/// are run from one.
fn detached(invocation: &Invocation) -> Command {
    let mut command = if cfg!(target_os = "macos") {
        // macOS has no setsid program.
        let mut command = Command::new("/usr/bin/perl");
        command.args(["-MPOSIX", "-e", "POSIX::setsid(); exec { $ARGV[0] } @ARGV", "--"]).arg(&invocation.program);
        command
    } else if cfg!(unix) {
        let mut command = Command::new("/usr/bin/setsid");
        command.arg(&invocation.program);
        command
    } else {
        Command::new(&invocation.program)
    };
    #[cfg(windows)]
    {
        const DETACHED_PROCESS: u32 = 0x8;
        std::os::windows::process::CommandExt::creation_flags(&mut command, DETACHED_PROCESS);
    }
    command.args(&invocation.args).env_clear().envs(&invocation.vars);
    command
}

/// Kills the program and all that it started.
fn kill_session(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // It fails where the child leads no group yet, or is gone.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}

fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().expect("a program without a signal has an exit status")
}
