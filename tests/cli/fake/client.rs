//! A client that can speak as AWS's SDKs do, or wrongly in any one respect, for the fakes' own
//! tests.

use std::{
    io::{self, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::{
    Keys, Sts, Timestamp,
    answer::Answer,
    escape,
    sigv4::{Signable, Signature},
};

/// A request in the making: right in all respects until told otherwise.
#[derive(Clone)]
pub(super) struct Ask {
    method: &'static str,
    target: &'static str,
    form: String,
    keys: Option<Keys>,
    region: &'static str,
    service: &'static str,
    timestamp: Timestamp,
    /// Replaces or, with `None`, removes headers before signing.
    signed_changes: Vec<(&'static str, Option<String>)>,
    /// The same after signing.
    unsigned_changes: Vec<(&'static str, Option<String>)>,
}

impl Ask {
    pub(super) fn new(operation: &str) -> Self {
        Self::form(format!("Action={operation}&Version=2011-06-15"))
    }

    /// A request with this body.
    pub(super) fn form(form: impl Into<String>) -> Self {
        Self {
            method: "POST",
            target: "/",
            form: form.into(),
            keys: None,
            region: "us-east-1",
            service: "sts",
            timestamp: Timestamp::now(),
            signed_changes: Vec::new(),
            unsigned_changes: Vec::new(),
        }
    }

    pub(super) fn assume_role(role_arn: &str) -> Self {
        Self::new("AssumeRole").field("RoleArn", role_arn).field("RoleSessionName", "jane")
    }

    pub(super) fn field(mut self, name: &str, value: &str) -> Self {
        self.form.extend(["&", &escape(name), "=", &escape(value)]);
        self
    }

    pub(super) fn signed_by(mut self, keys: &Keys) -> Self {
        self.keys = Some(keys.clone());
        self
    }

    pub(super) fn scope(mut self, region: &'static str, service: &'static str) -> Self {
        (self.region, self.service) = (region, service);
        self
    }

    pub(super) fn at(mut self, timestamp: Timestamp) -> Self {
        self.timestamp = timestamp;
        self
    }

    pub(super) fn line(mut self, method: &'static str, target: &'static str) -> Self {
        (self.method, self.target) = (method, target);
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.signed_changes.push((name, Some(value.to_owned())));
        self
    }

    pub(super) fn unsigned_header(mut self, name: &'static str, value: &str) -> Self {
        self.unsigned_changes.push((name, Some(value.to_owned())));
        self
    }

    pub(super) fn without_header(mut self, name: &'static str) -> Self {
        self.unsigned_changes.push((name, None));
        self
    }

    /// The bytes to send to `host`.
    fn render(&self, host: &str) -> Vec<u8> {
        let mut headers: Vec<(&str, String)> = vec![
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned()),
            ("host", host.to_owned()),
        ];
        change(&mut headers, &self.signed_changes);
        if let Some(keys) = &self.keys {
            headers.push(("x-amz-date", self.timestamp.compact()));
            if let Some(token) = &keys.session_token {
                headers.push(("x-amz-security-token", token.clone()));
            }
            headers.sort();
            let signature = self.sign(keys, &headers);
            headers.push(("authorization", signature.header()));
        }
        headers.push(("content-length", self.form.len().to_string()));
        change(&mut headers, &self.unsigned_changes);
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        text.extend(["\r\n", &self.form]);
        text.into_bytes()
    }

    fn sign(&self, keys: &Keys, headers: &[(&str, String)]) -> Signature {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let request =
            Signable { method: self.method, path: self.target, headers: &headers, body: self.form.as_bytes() };
        let pair = (keys.access_key_id.as_str(), keys.secret_access_key.as_str());
        Signature::of(&request, self.timestamp, pair, (self.region, self.service))
    }

    /// Sends the request on a connection of its own.
    pub(super) fn send(&self, sts: &Sts) -> Answer {
        Connection::open(sts).send(self).expect("the fake answers in full")
    }
}

fn change<'a>(headers: &mut Vec<(&'a str, String)>, changes: &[(&'a str, Option<String>)]) {
    for (name, value) in changes {
        headers.retain(|(other, _)| other != name);
        headers.extend(value.iter().map(|value| (*name, value.clone())));
    }
}

pub(super) struct Connection<S = TcpStream> {
    host: String,
    stream: BufReader<S>,
}

impl Connection {
    pub(super) fn open(sts: &Sts) -> Self {
        let host = host(sts);
        let stream = TcpStream::connect(&host).expect("the fake listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("twenty seconds are a timeout");
        Self::over(host, stream)
    }
}

impl<S: Read + Write> Connection<S> {
    pub(super) fn over(host: String, stream: S) -> Self {
        Self { host, stream: BufReader::new(stream) }
    }

    /// Sends the request; the error is that of an answer which ends early.
    pub(super) fn send(&mut self, ask: &Ask) -> io::Result<Answer> {
        self.stream.get_mut().write_all(&ask.render(&self.host))?;
        self.stream.get_mut().flush()?;
        Answer::read(&mut self.stream)
    }
}

/// `127.0.0.1:1234`.
pub(super) fn host(sts: &Sts) -> String {
    let url = sts.url();
    url.split_once("://").map(|(_, host)| host.to_owned()).expect("a URL has a scheme")
}

impl Answer {
    /// The text of the first such element; no real reader of XML.
    pub(super) fn element(&self, name: &str) -> &str {
        self.body
            .split_once(&format!("<{name}>"))
            .and_then(|(_, rest)| rest.split_once(&format!("</{name}>")))
            .map_or("", |(text, _)| text)
    }

    /// The status and the code of the error, if it is one.
    pub(super) fn outcome(&self) -> (&str, &str) {
        (&self.status, self.element("Code"))
    }
}
