//! What comes to keyfob's listener for the redirect (RFC 8252, section 7.3): the person's browser, and worse.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use super::answer::{self, Answer};

/// Follows a redirect as a browser does; the listener has to end the connection by itself.
#[track_caller]
pub(crate) fn get(url: &str) -> Answer {
    get_while(url, || ())
}

/// The same; `asked` is called when the request lies before the listener, and not yet any answer.
#[track_caller]
pub(crate) fn get_while(url: &str, asked: impl FnMut()) -> Answer {
    let (answer, mut rest) =
        Answer::get(Watched { stream: open(url), asked }, url).expect("the listener answers in full");
    let mut more = Vec::new();
    rest.read_to_end(&mut more).expect("the listener closes the connection");
    assert!(more.is_empty(), "bytes follow the answer's body");
    answer
}

/// Sends these bytes and no more; what comes back, as far as it comes.
#[track_caller]
pub(crate) fn send(url: &str, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = open(url);
    let mut answer = Vec::new();
    // A listener need not hear out whoever is rude.
    let _ = stream.write_all(bytes.as_ref());
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A connection on which nothing was said yet.
#[track_caller]
pub(crate) fn open(url: &str) -> TcpStream {
    let stream = TcpStream::connect(address(url)).expect("the listener listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("twenty seconds are a timeout");
    stream
}

/// Whether anybody listens there.
pub(crate) fn is_open(url: &str) -> bool {
    TcpStream::connect(address(url)).is_ok()
}

/// Calls somebody when all is sent.
struct Watched<F> {
    stream: TcpStream,
    asked: F,
}

impl<F> Read for Watched<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer)
    }
}

impl<F: FnMut()> Write for Watched<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (self.asked)();
        self.stream.flush()
    }
}

fn address(url: &str) -> SocketAddr {
    let (host, _) = answer::split(url);
    host.parse().expect("a redirect goes to an address and a port")
}
