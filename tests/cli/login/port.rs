//! Where keyfob listens: on 127.0.0.1 alone, on a port of the system's or the user's choice.

use super::*;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    sync::atomic::{AtomicU32, Ordering},
};

/// A port that nobody uses, and that the system gives to nobody who does not ask for it: another one each time.
pub(crate) fn free_port() -> u16 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id() * 50 + COUNT.fetch_add(1, Ordering::Relaxed) * 10;
    let mut ports = (first..first + 10).map(|number| 10_000 + u16::try_from(number % 20_000).expect("less than 20000"));
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).expect("one of ten ports is free")
}

/// This machine's address in its network, if it is in one. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

fn port_of(redirect_uri: &str) -> u16 {
    let port = redirect_uri.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix("/oauth/callback"));
    port.and_then(|port| port.parse().ok()).expect("a redirect goes to a port of 127.0.0.1")
}

#[test]
fn no_other_address_of_the_machine_is_listened_on() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let port = port_of(&begun.asked().redirect_uri);
    let others = [IpAddr::from([127, 0, 0, 2]), IpAddr::from(Ipv6Addr::LOCALHOST)];
    for address in others.into_iter().chain(own_address()) {
        let connected = TcpStream::connect_timeout(&SocketAddr::new(address, port), Duration::from_secs(1));
        assert!(connected.is_err(), "{address} is open");
    }
    begun.allow();
}

#[test]
fn port_of_choice_is_in_the_redirect_and_can_be_used_again_at_once() {
    let desk = Desk::new();
    let port = free_port();
    for _ in 0..2 {
        desk.signs_in(desk.login(&["dev", "--force", "--redirect-port", &port.to_string()]), ALICE);
    }
    assert!(desk.signin.authorizations().iter().all(|asked| port_of(&asked.redirect_uri) == port));
}

#[test]
fn port_is_closed_when_the_sign_in_is_over() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let redirect = begun.redirect();
    assert!(loopback::is_open(&redirect));
    loopback::get(&redirect);
    begun.ends("");
    assert!(!loopback::is_open(&redirect));
}

#[test]
fn port_that_is_taken_is_told_with_advice() {
    let desk = Desk::new();
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("127.0.0.1 has a free port");
    let port = holder.local_addr().expect("a bound socket has an address").port();
    let run = desk.login(&["dev", "--redirect-port", &port.to_string()]).code(1).any_stderr().run();
    let told = format!("keyfob: cannot sign in to AWS\n  cause: cannot listen on 127.0.0.1:{port}: ");
    assert!(run.stderr.starts_with(&told), "{}", run.stderr);
    assert!(run.stderr.ends_with("\n  hint: choose another --redirect-port, or use --remote\n"), "{}", run.stderr);
    assert_eq!((desk.signin.connections(), desk.files().len()), (0, 0));
}
