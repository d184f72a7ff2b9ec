//! The metadata service of an EC2 instance, version 2: it answers who has asked for a token first.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    http::{Reply, Request},
    lock,
    server::{Server, Service},
};

/// A running service. Dropping it fails the test when somebody asked otherwise than an instance does.
pub(crate) struct Imds {
    server: Server,
    desk: Arc<Desk>,
}

struct Desk {
    region: &'static str,
    /// How it answers who asks for a token.
    status: u16,
    delay: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    asked: Vec<String>,
    faults: Vec<String>,
}

const TOKEN: &str = "AQAEAtoken==";

impl Imds {
    /// That of an instance in this region.
    pub(crate) fn start(region: &'static str) -> Self {
        Self::with(region, 200, Duration::ZERO)
    }

    /// What stands at its address elsewhere.
    pub(crate) fn refusing(status: u16) -> Self {
        Self::with("", status, Duration::ZERO)
    }

    /// One that keeps everybody waiting.
    pub(crate) fn slow(delay: Duration) -> Self {
        Self::with("", 200, delay)
    }

    fn with(region: &'static str, status: u16, delay: Duration) -> Self {
        let desk = Arc::new(Desk { region, status, delay, state: Mutex::default() });
        Self { server: Server::start(Arc::clone(&desk) as Arc<dyn Service>, None), desk }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// What it was asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        lock(&self.desk.state).asked.clone()
    }
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.state);
        state.asked.push(format!("{} {}", request.method, request.target));
        let header = |name| request.header(name);
        let lifetime = header("X-aws-ec2-metadata-token-ttl-seconds").and_then(|seconds| seconds.parse().ok());
        let is_direct = header("X-Forwarded-For").is_none() && header("Proxy-Authorization").is_none();
        let reply = match (request.method.as_str(), request.target.as_str()) {
            ("PUT", "/latest/api/token")
                if is_direct && matches!(lifetime, Some(1..=21600)) && request.body.is_empty() =>
            {
                Reply::new(self.status).body(TOKEN)
            }
            ("GET", "/latest/meta-data/placement/region") if header("X-aws-ec2-metadata-token") == Some(TOKEN) => {
                Reply::new(200).body(self.region)
            }
            _ => {
                state.faults.push(format!("{request:?}"));
                Reply::new(400)
            }
        };
        (reply, self.delay)
    }

    fn malformed(&self, why: &str) {
        lock(&self.state).faults.push(why.to_owned());
    }
}

impl Drop for Imds {
    fn drop(&mut self) {
        self.server.stop();
        let state = lock(&self.desk.state);
        if !std::thread::panicking() {
            assert!(state.faults.is_empty(), "{:?}", state.faults);
        }
    }
}
