//! The ends of a program's pipes: its output is gathered as it comes, its input written as it is read.

use std::{
    io::{ErrorKind, Read, Write},
    process::{Child, ChildStdin},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Sender, channel},
    },
    thread,
    time::Instant,
};

/// What came out so far.
#[derive(Default)]
pub(super) struct Output {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    ended: usize,
}

/// Stdout and stderr of a program.
#[derive(Clone, Default)]
pub(super) struct Pipes {
    shared: Arc<(Mutex<Output>, Condvar)>,
}

impl Pipes {
    pub(super) fn of(child: &mut Child) -> Self {
        let pipes = Self::default();
        pipes.gather(child.stdout.take().expect("the pipe was asked for"), |output| &mut output.stdout);
        pipes.gather(child.stderr.take().expect("the pipe was asked for"), |output| &mut output.stderr);
        pipes
    }

    fn gather(&self, mut stream: impl Read + Send + 'static, part: fn(&mut Output) -> &mut Vec<u8>) {
        let pipes = self.clone();
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                match stream.read(&mut buffer) {
                    Ok(length @ 1..) => part(&mut pipes.output()).extend(&buffer[..length]),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    _ => break,
                }
            }
            pipes.output().ended += 1;
            pipes.shared.1.notify_all();
        });
    }

    pub(super) fn output(&self) -> MutexGuard<'_, Output> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until both have ended; returns false if that takes too long, be it because of a child's child.
    pub(super) fn wait_for_end(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let waited = self.shared.1.wait_timeout_while(self.output(), left, |output| !output.have_ended());
        waited.unwrap_or_else(PoisonError::into_inner).0.have_ended()
    }
}

impl Output {
    pub(super) fn have_ended(&self) -> bool {
        self.ended == 2
    }
}

/// What is sent is written to the pipe by and by; it ends when the sender is dropped. A program need not read its
/// stdin to the end.
pub(super) fn writer(mut stdin: ChildStdin) -> Sender<Vec<u8>> {
    let (sender, texts) = channel::<Vec<u8>>();
    thread::spawn(move || texts.iter().try_for_each(|text| stdin.write_all(&text)));
    sender
}
