//! Somebody who is not AWS: says the same to everybody, in a manner of its own.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// What a stranger does after its first words.
#[derive(Clone, Debug)]
pub(crate) enum Then {
    /// Ends the connection, as is proper.
    Closes,
    /// Breaks it, so that what was said may be lost.
    Resets,
    /// Says this again and again, as fast as it can.
    Repeats(&'static str),
    /// The same in small pieces, twenty times a second.
    Drips(&'static str),
    /// Says nothing more, and stays.
    Hangs,
}

/// A running stranger; it ends when it is dropped.
pub(crate) struct Stranger {
    address: SocketAddr,
    closing: Arc<AtomicBool>,
    doorman: Option<JoinHandle<()>>,
}

impl Stranger {
    pub(crate) fn saying(words: impl Into<Vec<u8>>, then: Then) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), words, then)
    }

    pub(crate) fn at(ip: IpAddr, words: impl Into<Vec<u8>>, then: Then) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("a loopback address has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let closing = Arc::new(AtomicBool::new(false));
        let speech = Speech { words: words.into(), then, closing: Arc::clone(&closing) };
        let doorman = thread::spawn(move || {
            for guest in listener.incoming() {
                if speech.closing.load(Ordering::SeqCst) {
                    break;
                }
                let speech = speech.clone();
                // Whoever has heard enough may go.
                thread::spawn(move || guest.and_then(|guest| speech.make(guest)));
            }
        });
        Self { address, closing, doorman: Some(doorman) }
    }

    /// `127.0.0.1:1234`.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // The doorman waits for a guest; this one makes it look up.
        let _ = TcpStream::connect(self.address);
        let _ = self.doorman.take().map(JoinHandle::join);
    }
}

#[derive(Clone)]
struct Speech {
    words: Vec<u8>,
    then: Then,
    closing: Arc<AtomicBool>,
}

impl Speech {
    fn make(&self, mut guest: TcpStream) -> io::Result<()> {
        const PAUSE: Duration = Duration::from_millis(50);
        guest.set_nodelay(true)?;
        // Until the first bytes of a request are there, a client may take the words for an answer to another.
        guest.peek(&mut [0])?;
        guest.write_all(&self.words)?;
        match self.then {
            Then::Closes => {
                guest.shutdown(Shutdown::Write)?;
                guest.set_read_timeout(Some(Duration::from_secs(10)))?;
                io::copy(&mut guest, &mut io::sink())?;
            }
            // What was not read makes it a reset.
            Then::Resets => {}
            Then::Repeats(text) => {
                while !self.is_over() {
                    guest.write_all(text.repeat(1000).as_bytes())?;
                }
            }
            Then::Drips(text) => {
                while !self.is_over() {
                    guest.write_all(text.as_bytes())?;
                    thread::sleep(PAUSE);
                }
            }
            Then::Hangs => {
                guest.set_read_timeout(Some(PAUSE))?;
                while !self.is_over() && !matches!(guest.read(&mut [0; 4096]), Ok(0)) {}
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}
