//! The way to the service: names and addresses, certificates, proxies.

mod addresses;
mod proxies;
#[cfg(unix)]
mod real_proxies;
mod socks;
mod trust;

use super::{
    errors::fails,
    fake::{HOST, MARKER, Proxy, Reply, Stranger, Sts, Then},
    scene::{Scene, demo_role, issued_document},
};
use std::net::{Ipv4Addr, TcpListener};

#[test]
fn host_that_hangs_up_or_is_not_there_is_told() {
    let scene = Scene::new();
    for _ in 0..3 {
        scene.sts.expect(demo_role().replies(Reply::hang_up()));
    }
    fails(scene.process(), "", "check the network, the region, and HTTPS_PROXY and NO_PROXY");
    // Nobody listens on a port that was free a moment ago.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("127.0.0.1 has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    drop(listener);
    let run = scene.process().env("AWS_ENDPOINT_URL_STS", &format!("http://{address}"));
    let why = if cfg!(windows) { "No connection could be made" } else { "Connection refused" };
    let cause = format!("AssumeRole at {address}: {why}");
    fails(run, &cause, "check the network, the region, and HTTPS_PROXY and NO_PROXY");
}

/// A fake known as [`HOST`], which only a proxy can reach, and a run that looks for it there.
fn behind_proxy() -> (Scene, String) {
    let mut scene = Scene::over_tls();
    let host = format!("{HOST}:{}", scene.sts.address().port());
    scene.sts.set_host(&host);
    scene.home.set_env("AWS_CA_BUNDLE", "~/ca.pem");
    scene.home.set_env("AWS_ENDPOINT_URL_STS", &format!("https://{host}"));
    (scene, host)
}
