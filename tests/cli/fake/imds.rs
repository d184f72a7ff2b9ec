//! The metadata service of an EC2 instance, version 2: it answers who has asked for a token first.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    MARKER, Timestamp,
    http::{Reply, Request},
    lock,
    server::{Server, Service},
    sts::Keys,
};

/// What is asked, as [`Imds::asked`] tells it.
pub(crate) const TOKEN: &str = "PUT /latest/api/token";
pub(crate) const REGION: &str = "GET /latest/meta-data/placement/region";
pub(crate) const EXTENDED: &str = "GET /latest/meta-data/iam/security-credentials-extended/";
pub(crate) const PLAIN: &str = "GET /latest/meta-data/iam/security-credentials/";

/// A running service. Dropping it fails the test when somebody asked otherwise than an instance does, or less than was
/// awaited.
pub(crate) struct Imds {
    server: Server,
    desk: Arc<Desk>,
}

struct Desk {
    region: &'static str,
    role: Option<Role>,
    state: Mutex<State>,
}

struct Role {
    name: &'static str,
    keys: Keys,
    /// Told at the newer of the two places; `None`: there is but the older one.
    account: Option<&'static str>,
}

#[derive(Default)]
struct State {
    asked: Vec<String>,
    /// What such a request is answered instead, each once.
    otherwise: VecDeque<(String, Reply, Duration)>,
    /// What every request is answered instead.
    always: Option<(Reply, Duration)>,
    /// How long each answer takes.
    pace: Duration,
    /// How many tokens were handed out; the last one is good.
    tokens: usize,
    is_refused: bool,
    faults: Vec<String>,
}

impl Imds {
    /// That of an instance in this region, without a role.
    pub(crate) fn start(region: &'static str) -> Self {
        Self::at(loopback(), region, None)
    }

    /// What stands at its address elsewhere.
    pub(crate) fn refusing(status: u16) -> Self {
        let imds = Self::start("");
        imds.always(Reply::new(status), Duration::ZERO);
        imds
    }

    /// One that keeps everybody waiting.
    pub(crate) fn slow(delay: Duration) -> Self {
        let imds = Self::start("");
        imds.always(Reply::new(200), delay);
        imds
    }

    /// That of an instance with this role, which knows the newer place as well where it has an account to tell.
    pub(crate) fn of_role(name: &'static str, keys: Keys, account: Option<&'static str>) -> Self {
        Self::of_role_at(loopback(), name, keys, account)
    }

    /// The same at an address of one's own choice.
    pub(crate) fn of_role_at(
        address: SocketAddr,
        name: &'static str,
        keys: Keys,
        account: Option<&'static str>,
    ) -> Self {
        Self::at(address, "eu-north-1", Some(Role { name, keys, account }))
    }

    fn at(address: SocketAddr, region: &'static str, role: Option<Role>) -> Self {
        let desk = Arc::new(Desk { region, role, state: Mutex::default() });
        Self { server: Server::start_at(address, Arc::clone(&desk) as Arc<dyn Service>, None), desk }
    }

    /// Answers the next such request with something else. A token that is answered 401 is good for nothing any more.
    pub(crate) fn once(&self, request: impl Into<String>, reply: Reply) {
        self.once_after(Duration::ZERO, request, reply);
    }

    /// The same after some time.
    pub(crate) fn once_after(&self, delay: Duration, request: impl Into<String>, reply: Reply) {
        lock(&self.desk.state).otherwise.push_back((request.into(), reply, delay));
    }

    /// Answers whatever is asked so.
    pub(crate) fn always(&self, reply: Reply, delay: Duration) {
        lock(&self.desk.state).always = Some((reply, delay));
    }

    /// Takes so long over each answer.
    pub(crate) fn slow_down(&self, pace: Duration) {
        lock(&self.desk.state).pace = pace;
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// What it was asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        lock(&self.desk.state).asked.clone()
    }

    /// How many connections were opened so far.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }
}

fn loopback() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// What the service says of a role.
pub(crate) fn role_document(keys: &Keys, account: Option<&str>) -> String {
    let mut document = serde_json::json!({
        "Code": "Success",
        "LastUpdated": "2020-01-01T00:00:00Z",
        "Type": "AWS-HMAC",
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "Token": keys.session_token,
        "Expiration": keys.expiration.map(Timestamp::rfc3339),
    });
    if let Some(account) = account {
        document["AccountId"] = account.into();
    }
    document.to_string()
}

impl Desk {
    fn reply(&self, state: &mut State, request: &Request, asked: &str) -> Reply {
        let is_token = asked == TOKEN;
        if let Err(fault) = state.check(request, is_token) {
            state.faults.push(format!("{fault}: {request:?}"));
            return Reply::new(400);
        }
        if is_token {
            state.tokens += 1;
            state.is_refused = false;
            return Reply::new(200).header("X-aws-ec2-metadata-token-ttl-seconds", "21600").body(state.token());
        }
        if asked == REGION {
            return Reply::new(200).body(self.region);
        }
        let Some(Role { name, keys, account }) = &self.role else { return missing() };
        let (place, account) = match (asked.strip_prefix(EXTENDED), asked.strip_prefix(PLAIN)) {
            (Some(rest), _) if account.is_some() => (rest, *account),
            (None, Some(rest)) => (rest, None),
            _ => return missing(),
        };
        match place {
            "" => Reply::new(200).body(*name),
            named if named == *name => Reply::new(200).body(role_document(keys, account)),
            _ => missing(),
        }
    }
}

impl State {
    /// The token that is good now.
    fn token(&self) -> String {
        format!("AQAE{MARKER}{}==", self.tokens)
    }

    /// What no instance would send.
    fn check(&self, request: &Request, is_token: bool) -> Result<(), &'static str> {
        let header = |name| request.header(name);
        if header("X-Forwarded-For").is_some() || header("Proxy-Authorization").is_some() {
            return Err("it came through a proxy");
        }
        if !request.body.is_empty() || header("Authorization").is_some() || header("Cookie").is_some() {
            return Err("it bears what is not for this service");
        }
        let lifetime = header("X-aws-ec2-metadata-token-ttl-seconds").map(str::parse);
        match (is_token, header("X-aws-ec2-metadata-token")) {
            (true, None) if matches!(lifetime, Some(Ok(1..=21600))) => Ok(()),
            (true, _) => Err("this is no request for a token"),
            (false, Some(token)) if self.tokens > 0 && token == self.token() && !self.is_refused => Ok(()),
            (false, _) => Err("the token is none that is good"),
        }
    }
}

/// As the service itself says it.
fn missing() -> Reply {
    Reply::html(404, "<?xml version=\"1.0\"?><html><head><title>404 - Not Found</title></head></html>")
}

impl Service for Desk {
    fn answer(&self, request: &Request) -> (Reply, Duration) {
        let mut state = lock(&self.state);
        let asked = format!("{} {}", request.method, request.target);
        state.asked.push(asked.clone());
        if let Some(always) = &state.always {
            return always.clone();
        }
        let reply = self.reply(&mut state, request, &asked);
        match state.otherwise.front() {
            Some((awaited, ..)) if *awaited == asked => {
                let (_, reply, delay) = state.otherwise.pop_front().expect("it is there");
                state.is_refused |= reply.status == 401;
                (reply, delay)
            }
            _ => (reply, state.pace),
        }
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
            let missing: Vec<_> = state.otherwise.iter().map(|(asked, ..)| asked).collect();
            assert!(missing.is_empty(), "nobody asked for {missing:?}");
        }
    }
}
