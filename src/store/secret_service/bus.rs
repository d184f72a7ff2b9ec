//! One connection to the session bus: a call and its answer at a time, and no wait without an end.
//!
//! The socket is handled here rather than by rustbus, which has the format of the messages: every wait is measured
//! against one deadline, and code to pass open files along is not linked. Its messages are copies that are not wiped when
//! they go: a secret that has crossed the bus may stay in this process's memory until it ends.
//! <https://dbus.freedesktop.org/doc/dbus-specification.html>

use super::address::Address;
use crate::store::Trouble;
use rustbus::message_builder::{MarshalledMessage, MarshalledMessageBody, MessageBuilder, MessageType};
use rustbus::wire::{marshal, unmarshal, util};
use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketAddrUnix, SocketFlags, SocketType};
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// No answer of a keyring is larger.
const LARGEST_MESSAGE: usize = 16 * 1024 * 1024;

/// The bus itself, as the one who is called.
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

pub(super) struct Bus {
    stream: UnixStream,
    serial: u32,
    /// Signals that came before their time: the end of a prompt may overtake the answer to the call that began it.
    signals: Vec<MarshalledMessage>,
}

impl Bus {
    /// Connects to the first address that somebody listens at.
    pub(super) fn connect(addresses: &[Address], deadline: Instant) -> Result<Self, Trouble> {
        let mut absent = String::new();
        for address in addresses {
            match connect(address, deadline) {
                Ok(stream) => {
                    refuse_others(&stream, address)?;
                    return Self::greet(stream, deadline);
                }
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    return Err(Trouble::TimedOut(format!("the session bus at {address} takes no connections")));
                }
                Err(error) => {
                    let _ = write!(absent, "{}{address}: {error}", if absent.is_empty() { "" } else { "; " });
                }
            }
        }
        Err(Trouble::Absent(format!("there is no session bus at {absent}")))
    }

    fn greet(stream: UnixStream, deadline: Instant) -> Result<Self, Trouble> {
        let mut bus = Self::over(stream);
        bus.authenticate(deadline)?;
        bus.call(&of_the_bus("Hello"), deadline)?;
        Ok(bus)
    }

    pub(super) fn over(stream: UnixStream) -> Self {
        Self { stream, serial: 0, signals: Vec::new() }
    }

    /// Says who we are, which the kernel confirms to the bus.
    fn authenticate(&mut self, deadline: Instant) -> Result<(), Trouble> {
        const LONGEST_LINE: usize = 1024;
        let mut opening = String::from("\0AUTH EXTERNAL ");
        for digit in rustix::process::geteuid().as_raw().to_string().bytes() {
            let _ = write!(opening, "{digit:02x}");
        }
        self.send(&[opening.as_bytes(), b"\r\n"], deadline)?;
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            self.receive(&mut byte, deadline)?;
            line.extend(byte);
            if line.len() > LONGEST_LINE {
                return Err(Trouble::Failed("what listens there is no bus".to_owned()));
            }
        }
        match line.split(|&byte| byte == b' ' || byte == b'\r').next() {
            Some(b"OK") => self.send(&[b"BEGIN\r\n"], deadline),
            Some(b"REJECTED") => Err(Trouble::Denied("the session bus is that of another user".to_owned())),
            _ => Err(Trouble::Failed("what listens there is no bus".to_owned())),
        }
    }

    /// Calls and waits for the answer.
    pub(super) fn call(
        &mut self,
        message: &MarshalledMessage,
        deadline: Instant,
    ) -> Result<MarshalledMessageBody, Trouble> {
        self.serial += 1;
        let mut header = Vec::new();
        marshal::marshal(message, self.serial, &mut header).map_err(|_| broken())?;
        self.send(&[&header, message.get_buf()], deadline)?;
        loop {
            let answer = self.next(deadline)?;
            if answer.dynheader.response_serial == Some(self.serial) {
                return match answer.typ {
                    MessageType::Reply => valid(answer.body),
                    _ => Err(trouble_of(&answer)),
                };
            }
            self.keep(answer);
        }
    }

    /// Waits for a signal of an object; it must have been asked for by a match rule.
    pub(super) fn signal(
        &mut self,
        path: &str,
        member: &str,
        deadline: Instant,
    ) -> Result<MarshalledMessageBody, Trouble> {
        loop {
            let is_it = |signal: &MarshalledMessage| {
                let header = &signal.dynheader;
                header.object.as_deref() == Some(path) && header.member.as_deref() == Some(member)
            };
            if let Some(at) = self.signals.iter().position(is_it) {
                return valid(self.signals.swap_remove(at).body);
            }
            let message = self.next(deadline)?;
            self.keep(message);
        }
    }

    fn keep(&mut self, message: MarshalledMessage) {
        const MOST: usize = 64;
        if message.typ == MessageType::Signal && self.signals.len() < MOST {
            self.signals.push(message);
        }
    }

    /// The next message, whatever it is.
    pub(super) fn next(&mut self, deadline: Instant) -> Result<MarshalledMessage, Trouble> {
        // The fixed part of a header, and the length of the rest of it.
        let mut start = [0; unmarshal::HEADER_LEN + 4];
        self.receive(&mut start, deadline)?;
        let (at, header) = unmarshal::unmarshal_header(&start, 0).map_err(|_| broken())?;
        let (_, fields) = util::parse_u32(&start[at..], header.byteorder).map_err(|_| broken())?;
        let rest = u64::from(fields).next_multiple_of(8) + u64::from(header.body_len);
        let rest = usize::try_from(rest).ok().filter(|rest| *rest <= LARGEST_MESSAGE).ok_or_else(broken)?;
        let mut bytes = Zeroizing::new(vec![0; start.len() + rest]);
        bytes[..start.len()].copy_from_slice(&start);
        self.receive(&mut bytes[start.len()..], deadline)?;
        let (used, fields) = unmarshal::unmarshal_dynamic_header(&header, &bytes, at).map_err(|_| broken())?;
        let message = unmarshal::unmarshal_next_message(&header, fields, &bytes, at + used);
        message.map(|(_, message)| message).map_err(|_| broken())
    }

    fn send(&mut self, parts: &[&[u8]], deadline: Instant) -> Result<(), Trouble> {
        for part in parts {
            let mut rest = *part;
            while !rest.is_empty() {
                let limit = left(deadline)?;
                let sent = self.stream.set_write_timeout(Some(limit)).and_then(|()| self.stream.write(rest));
                rest = &rest[settle(sent)?..];
            }
        }
        Ok(())
    }

    fn receive(&mut self, mut buffer: &mut [u8], deadline: Instant) -> Result<(), Trouble> {
        while !buffer.is_empty() {
            let limit = left(deadline)?;
            let got = self.stream.set_read_timeout(Some(limit)).and_then(|()| self.stream.read(buffer));
            match got {
                Ok(0) => return Err(Trouble::Failed("the session bus closed the connection".to_owned())),
                got => buffer = &mut buffer[settle(got)?..],
            }
        }
        Ok(())
    }
}

/// A call of the bus itself.
pub(super) fn of_the_bus(member: &str) -> MarshalledMessage {
    MessageBuilder::new().call(member).with_interface(BUS).on(BUS_PATH).at(BUS).build()
}

/// A body whose lengths are what they say: to take values out of any other ends in a panic.
fn valid(body: MarshalledMessageBody) -> Result<MarshalledMessageBody, Trouble> {
    body.validate().map_err(|_| broken())?;
    Ok(body)
}

/// What an answer says cannot be understood.
pub(super) fn broken() -> Trouble {
    Trouble::Failed("the session bus or its keyring sent what is no answer".to_owned())
}

/// A plain connect to a socket whose queue is full would wait for ever.
fn connect(address: &Address, deadline: Instant) -> io::Result<UnixStream> {
    const PAUSE: Duration = Duration::from_millis(10);
    let target = match address {
        Address::Path(path) => SocketAddrUnix::new(path)?,
        #[cfg(any(target_os = "linux", target_os = "android"))]
        Address::Abstract(name) => SocketAddrUnix::new_abstract_name(name)?,
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        Address::Abstract(_) => return Err(ErrorKind::Unsupported.into()),
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    loop {
        match net::connect(&socket, &target) {
            Ok(()) => break,
            Err(Errno::AGAIN | Errno::INTR) if Instant::now() < deadline => std::thread::sleep(PAUSE),
            Err(Errno::AGAIN | Errno::INTR) => return Err(ErrorKind::TimedOut.into()),
            Err(error) => return Err(error.into()),
        }
    }
    let stream = UnixStream::from(socket);
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// Secrets go to nobody but this user and the system. A name that is in no folder, or in one of everybody's, is for
/// whoever takes it first.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn refuse_others(stream: &UnixStream, address: &Address) -> Result<(), Trouble> {
    let peer = net::sockopt::socket_peercred(stream)
        .map_err(|error| Trouble::Failed(format!("the system does not tell who listens at {address}: {error}")))?;
    if peer.uid.is_root() || peer.uid == rustix::process::geteuid() {
        return Ok(());
    }
    Err(Trouble::Denied(format!("another user listens at {address}")))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not tell in this way")]
fn refuse_others(_: &UnixStream, _: &Address) -> Result<(), Trouble> {
    Ok(())
}

/// How long may still be waited; never nothing, which the system takes for no limit.
fn left(deadline: Instant) -> Result<Duration, Trouble> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(silent()) } else { Ok(left.max(Duration::from_millis(1))) }
}

/// How many bytes went over; an interruption is none.
fn settle(result: io::Result<usize>) -> Result<usize, Trouble> {
    match result {
        Ok(count) => Ok(count),
        Err(error) => match error.kind() {
            ErrorKind::Interrupted => Ok(0),
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(silent()),
            _ => Err(Trouble::Failed(format!("the connection to the session bus broke: {error}"))),
        },
    }
}

fn silent() -> Trouble {
    Trouble::TimedOut("the session bus or its keyring is silent".to_owned())
}

/// What an error that was answered means.
fn trouble_of(answer: &MarshalledMessage) -> Trouble {
    let name = answer.dynheader.error_name.as_deref().unwrap_or_default();
    let is_valid = answer.body.validate().is_ok();
    let text = is_valid.then(|| answer.body.parser().get::<&str>().ok()).flatten().unwrap_or_default();
    let said = if text.is_empty() { name.to_owned() } else { format!("{text} ({name})") };
    match name.strip_prefix("org.freedesktop.").unwrap_or(name) {
        "DBus.Error.ServiceUnknown" | "DBus.Error.NameHasNoOwner" => {
            Trouble::Absent("no keyring runs on the session bus".to_owned())
        }
        spawn if spawn.starts_with("DBus.Error.Spawn.") => {
            Trouble::Absent(format!("the keyring does not start: {said}"))
        }
        "DBus.Error.NoReply" | "DBus.Error.Timeout" | "DBus.Error.TimedOut" => Trouble::TimedOut(said),
        "DBus.Error.AccessDenied" | "DBus.Error.AuthFailed" => Trouble::Denied(said),
        "Secret.Error.IsLocked" => Trouble::Locked(said),
        _ => Trouble::Failed(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_bus_and_the_keyring_are_told_apart() {
        let asked = MarshalledMessage::new();
        for (name, expected) in [
            ("org.freedesktop.DBus.Error.ServiceUnknown", Trouble::Absent("no keyring runs on the session bus".into())),
            (
                "org.freedesktop.DBus.Error.Spawn.ChildExited",
                Trouble::Absent("the keyring does not start: x (org.freedesktop.DBus.Error.Spawn.ChildExited)".into()),
            ),
            ("org.freedesktop.DBus.Error.NoReply", Trouble::TimedOut("x (org.freedesktop.DBus.Error.NoReply)".into())),
            (
                "org.freedesktop.DBus.Error.AccessDenied",
                Trouble::Denied("x (org.freedesktop.DBus.Error.AccessDenied)".into()),
            ),
            (
                "org.freedesktop.Secret.Error.IsLocked",
                Trouble::Locked("x (org.freedesktop.Secret.Error.IsLocked)".into()),
            ),
            ("org.example.Odd", Trouble::Failed("x (org.example.Odd)".into())),
        ] {
            let answer = asked.dynheader.make_error_response(name, Some("x".into()));
            assert_eq!(trouble_of(&answer), expected);
        }
    }
}
