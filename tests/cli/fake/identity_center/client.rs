//! A client that can speak as AWS's tools do, or wrongly in any one respect, for the fakes' own tests.

use std::{
    io::{BufReader, Write},
    net::{SocketAddr, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use serde_json::Value;

use super::super::answer::Answer;

/// A request in the making: right in all respects until a text in it is replaced.
#[derive(Clone)]
pub(in super::super) struct Ask {
    address: SocketAddr,
    head: String,
    body: String,
}

impl Ask {
    /// To the OIDC service.
    pub(in super::super) fn post(address: SocketAddr, path: &str, body: &Value) -> Self {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
        Self { address, head, body: body.to_string() }
    }

    /// To the portal.
    pub(in super::super) fn bearing(address: SocketAddr, line: &str, access_token: &str) -> Self {
        let head = format!("{line} HTTP/1.1\r\nHost: {address}\r\nx-amz-sso_bearer_token: {access_token}\r\n");
        Self { address, head, body: String::new() }
    }

    /// Replaces a text wherever it is.
    #[track_caller]
    pub(in super::super) fn with(mut self, from: &str, to: &str) -> Self {
        assert!(self.head.contains(from) || self.body.contains(from), "{from}");
        self.head = self.head.replace(from, to);
        self.body = self.body.replace(from, to);
        self
    }

    pub(in super::super) fn send(&self) -> Answer {
        let mut text = self.head.clone();
        if text.starts_with("POST") || !self.body.is_empty() {
            text.extend(["Content-Length: ", &self.body.len().to_string(), "\r\n"]);
        }
        text.extend(["\r\n", &self.body]);
        let mut stream = TcpStream::connect(self.address).expect("the fake listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("twenty seconds are a timeout");
        stream.write_all(text.as_bytes()).expect("the fake reads");
        Answer::read(&mut BufReader::new(stream)).expect("the fake answers in full")
    }
}

impl Answer {
    /// The body.
    #[track_caller]
    pub(in super::super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// A member of the body that must be a text.
    #[track_caller]
    pub(in super::super) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }

    /// The status, and which exception it is: by the header, or else by the body's `__type`.
    #[track_caller]
    pub(in super::super) fn exception(&self) -> (String, String) {
        let named = self.headers.get("x-amzn-errortype").map(|text| text.split(':').next().unwrap_or_default());
        let exception = named.map(str::to_owned).or_else(|| {
            let body: Value = serde_json::from_str(&self.body).ok()?;
            body["__type"].as_str()?.split('#').nth(1).map(str::to_owned)
        });
        (self.status.clone(), exception.unwrap_or_default())
    }
}

/// Ends a fake and returns what it holds against the test; empty if nothing.
pub(in super::super) fn faults<T>(fake: T) -> String {
    match catch_unwind(AssertUnwindSafe(|| drop(fake))) {
        Ok(()) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().cloned().expect("the fake panics with a text"),
    }
}
