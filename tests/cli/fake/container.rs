//! The endpoint from which a container has the credentials of its role: that of Amazon ECS's agent, of EKS Pod Identity's.

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

/// Where the fakes have them.
pub(crate) const PATH: &str = "/v2/credentials/0123-abcd?x=y";

/// A running endpoint. Dropping it fails the test unless it was asked as often as was awaited, and rightly.
pub(crate) struct Container {
    server: Server,
    desk: Arc<Desk>,
    ca_pem: Option<String>,
}

#[derive(Default)]
struct Desk(Mutex<State>);

#[derive(Default)]
struct State {
    /// What the requests are answered in turn, with the token that each has to bear.
    awaited: VecDeque<(Option<String>, Reply, Duration)>,
    asked: usize,
    faults: Vec<String>,
}

impl Container {
    pub(crate) fn start() -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into())
    }

    pub(crate) fn start_at(address: SocketAddr) -> Self {
        let desk = Arc::<Desk>::default();
        Self { server: Server::start_at(address, Arc::clone(&desk) as Arc<dyn Service>, None), desk, ca_pem: None }
    }

    /// One that speaks https, with an authority of its own.
    pub(crate) fn start_tls() -> Self {
        let Tls { config, ca_pem } = Tls::generate();
        let desk = Arc::<Desk>::default();
        let server = Server::start(Arc::clone(&desk) as Arc<dyn Service>, Some(config));
        Self { server, desk, ca_pem: Some(ca_pem) }
    }

    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Awaits a request without a token.
    pub(crate) fn expect(&self, reply: Reply) {
        self.expect_slowly(Duration::ZERO, None, reply);
    }

    /// Awaits a request with this token.
    pub(crate) fn expect_with(&self, token: &str, reply: Reply) {
        self.expect_slowly(Duration::ZERO, Some(token), reply);
    }

    pub(crate) fn expect_slowly(&self, delay: Duration, token: Option<&str>, reply: Reply) {
        lock(&self.desk.0).awaited.push_back((token.map(str::to_owned), reply, delay));
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// With the path.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{PATH}", self.server.address())
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        lock(&self.desk.0).asked
    }
}

impl State {
    fn reply(&mut self, request: &Request) -> Result<(Reply, Duration), String> {
        let header = |name| request.header(name);
        if (request.method.as_str(), request.target.as_str()) != ("GET", PATH) {
            return Err("it is not asked for credentials".into());
        }
        if header("Accept") != Some("application/json") {
            return Err("the answer is JSON".into());
        }
        if ["X-Forwarded-For", "Proxy-Authorization", "Cookie"].iter().any(|name| header(name).is_some()) {
            return Err("it did not come straight".into());
        }
        let (token, reply, delay) = self.awaited.pop_front().ok_or("nothing was awaited any more")?;
        if header("Authorization") != token.as_deref() {
            return Err(format!("the token is not {token:?}"));
        }
        Ok((reply, delay))
    }
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.0);
        state.asked += 1;
        state.reply(request).unwrap_or_else(|fault| {
            state.faults.push(format!("{fault}: {request:?}"));
            (Reply::new(418), Duration::ZERO)
        })
    }

    fn malformed(&self, why: &str) {
        lock(&self.0).faults.push(why.to_owned());
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.server.stop();
        let state = lock(&self.desk.0);
        if !std::thread::panicking() {
            assert!(state.faults.is_empty(), "{:?}", state.faults);
            assert!(state.awaited.is_empty(), "{} requests never came", state.awaited.len());
        }
    }
}
