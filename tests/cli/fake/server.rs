//! The sockets and threads under a fake: one thread for a connection, kept alive between
//! requests, all of them gone when the server is dropped.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{
    http::{Reply, Request},
    lock,
};

/// How long a client may take over one request, once it has sent the first byte.
const PATIENCE: Duration = Duration::from_secs(10);

/// What answers the requests.
pub(super) trait Service: Send + Sync + 'static {
    /// The reply, and how long to wait before it.
    fn answer(&self, request: &Request) -> (Reply, Duration);

    /// Hears of bytes that were no HTTP request.
    fn malformed(&self, why: &str);
}

pub(super) struct Server {
    address: SocketAddr,
    house: Arc<House>,
    doorman: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port of 127.0.0.1, with TLS if there is a `tls`.
    pub(super) fn start(service: Arc<dyn Service>, tls: Option<Arc<ServerConfig>>) -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), service, tls)
    }

    /// The same at another address of this machine.
    pub(super) fn start_at(address: SocketAddr, service: Arc<dyn Service>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind(address).unwrap_or_else(|error| panic!("cannot listen at {address}: {error}"));
        let address = listener.local_addr().expect("a bound socket has an address");
        let house = Arc::new(House { address, service, tls, state: Mutex::default(), change: Condvar::new() });
        let doorman = {
            let house = Arc::clone(&house);
            thread::spawn(move || {
                for stream in listener.incoming() {
                    if !house.admit(stream) {
                        break;
                    }
                }
            })
        };
        Self { address, house, doorman: Some(doorman) }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were opened so far.
    pub(super) fn connections(&self) -> usize {
        lock(&self.house.state).admitted
    }

    /// Returns when nobody is connected any more, so that all who have gone were heard out.
    pub(super) fn wait_until_empty(&self) {
        self.house.wait_until_empty();
    }

    /// Lets nobody wait any longer for an answer.
    pub(super) fn hurry(&self) {
        lock(&self.house.state).hurried = true;
        self.house.change.notify_all();
    }

    /// Ends all connections and threads; afterwards no request is answered any more.
    pub(super) fn stop(&mut self) {
        let Some(doorman) = self.doorman.take() else {
            return;
        };
        self.house.close();
        // The doorman waits for a guest; this one makes it look up.
        let _ = TcpStream::connect(self.address);
        let doorman = doorman.join();
        self.house.wait_until_empty();
        if doorman.is_err() {
            self.house.service.malformed("the thread that accepts connections panicked");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

struct House {
    address: SocketAddr,
    service: Arc<dyn Service>,
    tls: Option<Arc<ServerConfig>>,
    state: Mutex<State>,
    change: Condvar,
}

#[derive(Default)]
struct State {
    closing: bool,
    hurried: bool,
    admitted: usize,
    guests: HashMap<usize, TcpStream>,
}

impl House {
    /// Gives the connection a thread; returns false when the house is closing.
    fn admit(self: &Arc<Self>, stream: io::Result<TcpStream>) -> bool {
        let mut state = lock(&self.state);
        if state.closing {
            return false;
        }
        let (stream, handle) = match stream.and_then(|s| Ok((s.try_clone()?, s))) {
            Ok(both) => both,
            Err(error) => {
                self.service.malformed(&format!("cannot accept: {error}"));
                return true;
            }
        };
        state.admitted += 1;
        let number = state.admitted;
        state.guests.insert(number, handle);
        let house = Arc::clone(self);
        thread::spawn(move || {
            let _leaving = Leaving { house: &house, number };
            // An I/O error here is the client's business: it may go whenever it likes.
            let _ = house.serve(stream);
        });
        true
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let handle = stream.try_clone()?;
        match &self.tls {
            None => self.talk(&handle, stream),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                self.talk(&handle, StreamOwned::new(connection, stream))
            }
        }
    }

    /// Answers the requests of one connection; `handle` is the socket under `stream`.
    fn talk(&self, handle: &TcpStream, stream: impl Read + Write) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        while !reader.fill_buf()?.is_empty() {
            handle.set_read_timeout(Some(PATIENCE))?;
            let request = Request::read(&mut reader, self.address).and_then(|request| {
                if reader.buffer().is_empty() {
                    Ok(request)
                } else {
                    Err("bytes follow the body that Content-Length announced".to_owned())
                }
            });
            handle.set_read_timeout(None)?;
            let (reply, delay, close) = match request {
                Ok(request) => {
                    let (reply, delay) = self.service.answer(&request);
                    (reply, delay, request.wants_close())
                }
                Err(why) => {
                    self.service.malformed(&why);
                    (Reply::new(400), Duration::ZERO, true)
                }
            };
            if !delay.is_zero() && !self.sleep(delay) {
                break;
            }
            let reusable = reply.write(reader.get_mut(), |pause| self.sleep(pause))?;
            if close || !reusable {
                break;
            }
        }
        Ok(())
    }

    /// Sleeps; returns false, and at once, when the house is closing.
    fn sleep(&self, duration: Duration) -> bool {
        let state = lock(&self.state);
        let (state, _) = self
            .change
            .wait_timeout_while(state, duration, |state| !state.closing && !state.hurried)
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        !state.closing
    }

    fn close(&self) {
        let mut state = lock(&self.state);
        state.closing = true;
        for guest in state.guests.values() {
            // It fails where the client has gone already.
            let _ = guest.shutdown(Shutdown::Both);
        }
        self.change.notify_all();
    }

    fn wait_until_empty(&self) {
        let state = lock(&self.state);
        let _state = self
            .change
            .wait_while(state, |state| !state.guests.is_empty())
            .unwrap_or_else(std::sync::PoisonError::into_inner);
    }
}

/// Strikes the guest off the list, also when its thread panics.
struct Leaving<'a> {
    house: &'a House,
    number: usize,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.house.service.malformed("the thread of a connection panicked");
        }
        if let Some(handle) = lock(&self.house.state).guests.remove(&self.number) {
            let _ = handle.shutdown(Shutdown::Both);
        }
        self.house.change.notify_all();
    }
}
