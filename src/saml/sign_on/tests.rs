//! That nothing is waited for for ever.

use super::*;
use crate::api::http::Client;
use crate::context::{Clock, Vars};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn server_that_drips_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        let Ok((mut connection, _)) = listener.accept() else { return };
        let _ = connection.read(&mut [0; 4096]);
        let _ = connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while connection.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let began = Instant::now();
    let site = Site {
        connect: &|url| Client::new(&Vars::default(), url, None),
        clock: &Clock::default(),
        endpoint: Address::parse(&format!("http://{address}/")).expect("an address"),
        deadline: began + Duration::from_millis(300),
    };
    let Err(failure) = Visit::open(site, None) else { panic!("it never ends") };
    assert!(failure.cause.starts_with(&address.to_string()), "{}", failure.cause);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn time_begins_anew_after_a_person_was_asked_and_not_with_each_password() {
    const LATE: Duration = Duration::from_millis(700);
    const PAGE: &str = "<form method=post><input name=u><input type=password name=p></form>";
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let _ = connection.read(&mut [0; 4096]);
            std::thread::sleep(LATE);
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", PAGE.len());
            let _ = connection.write_all((head + PAGE).as_bytes());
        }
    });
    let who = Credential { user: "jane".into(), domain: None, password: Secret::new("wrong") };
    let site = Site {
        connect: &|url| Client::new(&Vars::default(), url, None),
        clock: &Clock::default(),
        endpoint: Address::parse(&format!("http://{address}/")).expect("an address"),
        deadline: Instant::now() + Duration::from_secs(20),
    };
    let mut visit = Visit::open(site, None).map_err(|why| why.cause).expect("a page");
    visit.go_on(Instant::now() + LATE / 2);
    let Err(failure) = visit.enter(&who) else { panic!("the time is over") };
    assert!(failure.cause.starts_with(&address.to_string()), "{}", failure.cause);
    // A person who was asked meanwhile brings time of their own.
    visit.go_on(Instant::now() + Duration::from_secs(20));
    assert!(matches!(visit.enter(&who), Ok(Entered::Refused(None))));
}
