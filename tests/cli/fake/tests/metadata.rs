//! That the fakes of instance metadata and of container endpoints answer nobody who asks otherwise than AWS allows.

use std::{
    io::{BufReader, Write},
    net::TcpStream,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::super::{Answer, Container, Imds, Keys, MARKER, Reply, Timestamp};

/// Sends a request with these headers, and returns the answer.
fn send(address: &str, line: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(address).expect("the fake listens");
    write!(stream, "{line} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n").expect("the fake reads");
    Answer::read(&mut BufReader::new(stream)).expect("the fake answers")
}

fn has_faults<T>(fake: T) -> bool {
    catch_unwind(AssertUnwindSafe(|| drop(fake))).is_err()
}

fn instance() -> (Imds, String) {
    let imds = Imds::of_role("Demo", Keys::of_session("instance", Timestamp::now()), None);
    let address = imds.url().replace("http://", "");
    (imds, address)
}

const TOKEN: &str = "PUT /latest/api/token";
const ROLE: &str = "GET /latest/meta-data/iam/security-credentials/";

#[test]
fn instance_answers_who_shows_the_token_it_was_given() {
    let (imds, address) = instance();
    let lifetime = "Content-Length: 0\r\nX-aws-ec2-metadata-token-ttl-seconds: 21600\r\n";
    let token = send(&address, TOKEN, lifetime).body;
    let answer = send(&address, ROLE, &format!("X-aws-ec2-metadata-token: {token}\r\n"));
    assert_eq!((answer.status.as_str(), answer.body.as_str()), ("200", "Demo"));
    assert!(token.contains(MARKER) && !has_faults(imds));
}

#[test]
fn instance_faults_requests_that_break_its_rules() {
    for (line, headers) in [
        (TOKEN, "Content-Length: 0\r\n"),
        (TOKEN, "Content-Length: 0\r\nX-aws-ec2-metadata-token-ttl-seconds: 0\r\n"),
        (TOKEN, "Content-Length: 0\r\nX-aws-ec2-metadata-token-ttl-seconds: 21601\r\n"),
        (TOKEN, "Content-Length: 0\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\nX-Forwarded-For: 10.0.0.1\r\n"),
        (TOKEN, "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"),
        (ROLE, ""),
        (ROLE, "X-aws-ec2-metadata-token: AQAEother==\r\n"),
    ] {
        let (imds, address) = instance();
        assert_eq!(send(&address, line, headers).status, "400", "{line} {headers}");
        assert!(has_faults(imds), "{line} {headers}");
    }
}

#[test]
fn token_that_was_answered_401_is_not_taken_again() {
    let (imds, address) = instance();
    let token = send(&address, TOKEN, "Content-Length: 0\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n").body;
    imds.once(ROLE, Reply::new(401));
    let header = format!("X-aws-ec2-metadata-token: {token}\r\n");
    assert_eq!([send(&address, ROLE, &header).status, send(&address, ROLE, &header).status], ["401", "400"]);
    assert!(has_faults(imds));
}

#[test]
fn container_faults_requests_that_were_not_awaited() {
    let line = "GET /v2/credentials/0123-abcd?x=y";
    let accept = "Accept: application/json\r\n";
    for (line, headers) in [
        ("GET /", accept.to_owned()),
        (line, String::new()),
        (line, format!("{accept}Authorization: other\r\n")),
        (line, accept.to_owned()),
        (line, format!("{accept}Authorization: token\r\nX-Forwarded-For: 10.0.0.1\r\n")),
    ] {
        let container = Container::start();
        container.expect_with("token", Reply::new(200));
        assert_eq!(send(&container.address().to_string(), line, &headers).status, "418", "{line} {headers}");
        assert!(has_faults(container), "{line} {headers}");
    }
}
