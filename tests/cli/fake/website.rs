//! A web site under a name of its own, which a proxy leads to: a start URL of an organisation's own domain.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    http::{Reply, Request},
    lock,
    server::{Server, Service},
    tls::Tls,
};

/// A running site, over https. Dropping it fails the test unless it was asked just what was awaited.
pub(crate) struct Website {
    server: Server,
    desk: Arc<Desk>,
    pub(crate) ca_pem: String,
}

struct Desk {
    host: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Methods, targets and what they are answered.
    awaited: VecDeque<(&'static str, &'static str, Reply)>,
    faults: Vec<String>,
}

impl Website {
    pub(crate) fn start(host: &str) -> Self {
        let Tls { config, ca_pem } = Tls::for_host(host);
        let desk = Arc::new(Desk { host: host.to_owned(), state: Mutex::default() });
        Self { server: Server::start(Arc::clone(&desk) as Arc<dyn Service>, Some(config)), desk, ca_pem }
    }

    /// Awaits such a request.
    pub(crate) fn expect(&self, method: &'static str, target: &'static str, reply: Reply) {
        lock(&self.desk.state).awaited.push_back((method, target, reply));
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.state);
        let is_plain = ["Authorization", "Cookie", "Content-Type"].iter().all(|name| request.header(name).is_none());
        let is_here = request.header("Host") == Some(&self.host);
        let reply = match state.awaited.pop_front() {
            Some((method, target, reply)) if (method, target) == (&request.method, &request.target) => Ok(reply),
            awaited => Err(format!("{} {} came, not {awaited:?}", request.method, request.target)),
        };
        let reply = reply.and_then(|reply| {
            if is_plain && is_here { Ok(reply) } else { Err(format!("the headers are {:?}", request.headers)) }
        });
        let reply = reply.unwrap_or_else(|fault| {
            state.faults.push(fault);
            Reply::new(500)
        });
        (reply, Duration::ZERO)
    }

    fn malformed(&self, why: &str) {
        lock(&self.state).faults.push(why.to_owned());
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.server.stop();
        let state = lock(&self.desk.state);
        if !std::thread::panicking() {
            assert!(state.faults.is_empty(), "{:?}", state.faults);
            assert!(state.awaited.is_empty(), "the site was not asked for {:?}", state.awaited);
        }
    }
}
