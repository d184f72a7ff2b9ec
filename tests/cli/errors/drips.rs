//! Whoever answers without end or not at all is given up in time, on every part of the way and however many tries are
//! allowed.

use super::{
    super::fake::{HOST, Stranger, Then},
    strangers::SERVICES,
};
use std::{thread, time::Duration};

/// What an SDK waits for is a minute; the budget of all tries together is 20 s, and machines may be slow.
const PATIENCE: Duration = Duration::from_secs(40);

#[test]
fn every_service_that_drips_or_hangs_is_given_up_in_time() {
    let strangers = [
        Stranger::saying("", Then::Hangs),
        Stranger::saying("HTTP/1.1 200 OK\r\n", Then::Drips("X: y\r\n")),
        Stranger::saying("HTTP/1.1 200 OK\r\nX: ", Then::Drips("y")),
        Stranger::saying("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", Then::Drips(" ")),
        Stranger::saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Then::Drips("1\r\n \r\n")),
        Stranger::saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Then::Drips("0")),
        Stranger::saying("", Then::Drips("HTTP/1.1 100 Continue\r\n\r\n")),
    ];
    // A hello of TLS that promises more than ever comes.
    let tls = Stranger::saying(&b"\x16\x03\x03\x3f\xff"[..], Then::Drips("\x02"));
    let proxy = Stranger::saying("HTTP/1.1 200 OK\r\n", Then::Drips("X"));
    let socks = Stranger::saying(&b"\x05"[..], Then::Hangs);
    let (proxy, socks) = (format!("http://{}", proxy.address()), format!("socks5h://{}", socks.address()));
    let behind = format!("https://{HOST}");
    let mut ways: Vec<(String, Vec<(&str, &str)>)> =
        strangers.iter().map(|stranger| (format!("http://{}", stranger.address()), vec![])).collect();
    ways.push((format!("https://{}", tls.address()), vec![]));
    ways.push((behind.clone(), vec![("HTTPS_PROXY", &proxy)]));
    ways.push((behind, vec![("HTTPS_PROXY", &socks)]));
    let (silence, others) = ways.split_first_mut().expect("there are ways");
    // Where a second try would begin, the time is over.
    silence.1.push(("AWS_MAX_ATTEMPTS", "9"));
    // They share one client: each way is gone by one of them, and silence is met by all.
    let asked = SERVICES.into_iter().map(|service| (service, &*silence));
    let asked = asked.chain(SERVICES.into_iter().cycle().zip(&*others));
    thread::scope(|scope| {
        let runs: Vec<_> =
            asked.map(|(service, way)| (service, way, scope.spawn(move || service.ask(&way.0, &way.1)))).collect();
        for (service, way, run) in runs {
            let run = run.join().expect("the run is as any other");
            assert!(run.code != 0 && run.elapsed < PATIENCE, "{service:?} {way:?}: {:?} {}", run.elapsed, run.stderr);
            let is_told = ["in time", "head is endless", "is not HTTP as it should be"]
                .iter()
                .any(|why| run.stderr.contains(why));
            assert!(is_told, "{service:?} {way:?}: {}", run.stderr);
        }
    });
}
