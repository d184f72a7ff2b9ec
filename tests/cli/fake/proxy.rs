//! A web proxy of the kind that companies have: it knows CONNECT, and where each name leads is up to the test.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use super::lock;

/// A running proxy; it ends when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    shop: Arc<Shop>,
    doorman: Option<JoinHandle<()>>,
}

struct Shop {
    /// Hosts, and where they are; no host is every other.
    targets: Vec<(&'static str, SocketAddr)>,
    status: &'static str,
    heads: Mutex<Vec<String>>,
    closing: AtomicBool,
}

impl Proxy {
    /// Connects everybody to `target`, whatever host they name.
    pub(crate) fn to(target: SocketAddr) -> Self {
        Self::between(vec![("", target)])
    }

    /// Connects whoever names one of these hosts to its address, and nobody else.
    pub(crate) fn between(targets: Vec<(&'static str, SocketAddr)>) -> Self {
        Self::start(Ipv4Addr::LOCALHOST.into(), targets, "200 Connection established")
    }

    /// Listens on another address of this machine than 127.0.0.1, and connects everybody to `target`.
    pub(crate) fn at(ip: IpAddr, target: SocketAddr) -> Self {
        Self::start(ip, vec![("", target)], "200 Connection established")
    }

    /// Turns everybody away, with a status such as `407 Proxy Authentication Required`.
    pub(crate) fn refusing(status: &'static str) -> Self {
        Self::start(Ipv4Addr::LOCALHOST.into(), Vec::new(), status)
    }

    fn start(ip: IpAddr, targets: Vec<(&'static str, SocketAddr)>, status: &'static str) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("a loopback address has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shop = Arc::new(Shop { targets, status, heads: Mutex::default(), closing: AtomicBool::new(false) });
        let doorman = {
            let shop = Arc::clone(&shop);
            thread::spawn(move || {
                for client in listener.incoming() {
                    if shop.closing.load(Ordering::SeqCst) {
                        break;
                    }
                    let shop = Arc::clone(&shop);
                    // Whichever side goes first, the other notices by itself.
                    thread::spawn(move || client.and_then(|client| shop.serve(client)));
                }
            })
        };
        Self { address, shop, doorman: Some(doorman) }
    }

    /// `127.0.0.1:1234`.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// The heads of the requests so far, lines and all.
    pub(crate) fn heads(&self) -> Vec<String> {
        lock(&self.shop.heads).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shop.closing.store(true, Ordering::SeqCst);
        // The doorman waits for a client; this one makes it look up.
        let _ = TcpStream::connect(self.address);
        let _ = self.doorman.take().map(JoinHandle::join);
    }
}

impl Shop {
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(client.try_clone()?);
        let mut head = String::new();
        while reader.read_line(&mut head)? > 2 {}
        lock(&self.heads).push(head.clone());
        write!(client, "HTTP/1.1 {}\r\n\r\n", self.status)?;
        if !self.status.starts_with("200") {
            return Ok(());
        }
        let is_named = |host: &str| head.starts_with(&format!("CONNECT {host}:"));
        let target = self.targets.iter().find(|(host, _)| host.is_empty() || is_named(host));
        let (_, target) = target.ok_or(io::ErrorKind::NotFound)?;
        let mut server = TcpStream::connect(target)?;
        let mut back = (server.try_clone()?, client);
        thread::spawn(move || io::copy(&mut back.0, &mut back.1));
        io::copy(&mut reader, &mut server)?;
        server.shutdown(std::net::Shutdown::Both)
    }
}
