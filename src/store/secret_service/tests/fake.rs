//! A bus that answers as a test wants it to, or not at all.

use crate::context::Vars;
use crate::store::secret_service::bus::Bus;
use rustbus::message_builder::{DynamicHeader, MarshalledMessage, MessageBuilder};
use rustbus::wire::ObjectPath;
use rustbus::wire::marshal::marshal;
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A socket that is listened at, in a folder that goes with it.
pub(super) struct Socket {
    folder: PathBuf,
}

impl Socket {
    /// Hands the first connection to somebody.
    pub(super) fn new(serve: impl FnOnce(UnixStream) + Send + 'static) -> Self {
        let (socket, listener) = Self::listening();
        // It ends with its connection.
        std::thread::spawn(move || serve(listener.accept().expect("somebody connects").0));
        socket
    }

    pub(super) fn listening() -> (Self, UnixListener) {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("keyfob-socket-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        let listener = UnixListener::bind(folder.join("bus")).expect("the folder is new");
        (Self { folder }, listener)
    }

    /// The environment of a session with it.
    pub(super) fn vars(&self) -> Vars {
        Vars::from([("XDG_RUNTIME_DIR", self.folder.to_str().expect("temporary paths are UTF-8"))])
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A session with a bus that answers each call with messages; with none it stays silent.
pub(super) fn answering(answer: impl Fn(&str, &DynamicHeader) -> Vec<MarshalledMessage> + Send + 'static) -> Socket {
    Socket::new(move |mut stream| {
        welcome(&mut stream);
        let mut bus = Bus::over(stream.try_clone().expect("it is open"));
        while let Ok(call) = bus.next(Instant::now() + Duration::from_secs(20)) {
            let member = call.dynheader.member.as_deref().unwrap_or_default();
            let answers = match member {
                "Hello" | "AddMatch" => vec![call.dynheader.make_response()],
                _ => answer(member, &call.dynheader),
            };
            for (serial, message) in answers.iter().enumerate() {
                let mut header = Vec::new();
                marshal(message, u32::try_from(serial).expect("there are few") + 1, &mut header).expect("it is whole");
                header.extend(message.get_buf());
                // Whoever asked may have gone.
                let _ = stream.write_all(&header);
            }
        }
    })
}

fn welcome(stream: &mut UnixStream) {
    read_line(stream);
    stream.write_all(b"OK 0a1b\r\n").expect("it is open");
    read_line(stream);
}

/// A line of the handshake.
pub(super) fn read_line(stream: &mut UnixStream) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("the line has an end");
        line.extend(byte);
    }
    String::from_utf8(line).expect("the handshake is text")
}

pub(super) fn path(path: &str) -> ObjectPath<&str> {
    ObjectPath::new(path).expect("the test's paths are right")
}

/// The end of a prompt.
pub(super) fn completed(prompt: &str, dismissed: bool) -> MarshalledMessage {
    let mut signal = MessageBuilder::new().signal("org.freedesktop.Secret.Prompt", "Completed", prompt).build();
    signal.body.push_param(dismissed).expect("it is a boolean");
    signal.body.push_variant("").expect("it is a text");
    signal
}
