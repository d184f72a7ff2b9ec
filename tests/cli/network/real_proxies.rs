//! Proxies that somebody else wrote, in Python: between them they know HTTP and all kinds of SOCKS.

use super::{
    super::{keyfob::Invocation, peer, peers::Server},
    *,
};
use serde_json::json;

/// An address for documentation, which in truth is this machine: the proxy knows.
const ELSEWHERE: &str = "192.0.2.10";

fn start() -> Option<Server> {
    let python = peer::python(&["pproxy", "cryptography"])?;
    let argument = json!({ "hosts": [HOST, ELSEWHERE], "user": format!("jane:{MARKER}") });
    Some(Server::start(&python, "proxies.py", &argument))
}

fn through(run: Invocation, scheme: &str, user: &str, port: &str) -> Invocation {
    run.env("ALL_PROXY", &format!("{scheme}://{user}127.0.0.1:{port}"))
}

/// The name has no address but at the proxy.
#[test]
fn names_are_looked_up_by_proxies_that_can() {
    let Some(proxies) = start() else { return };
    let Some(python) = peer::python(&["twisted"]) else { return };
    let socks4a = Server::start(&python, "socks4a_proxy.py", &json!({ "hosts": [HOST] }));
    for (scheme, port) in
        [("http", proxies.fact("plain")), ("socks5h", proxies.fact("plain")), ("socks4a", socks4a.fact("port"))]
    {
        let (scene, _) = behind_proxy();
        scene.sts.expect(demo_role());
        through(scene.process(), scheme, "", port).stdout(issued_document(1)).run();
    }
    for scheme in ["socks4", "socks5"] {
        let (scene, _) = behind_proxy();
        let run = through(scene.process(), scheme, "", proxies.fact("plain")).env("AWS_MAX_ATTEMPTS", "1");
        fails(run, "the host's name has no address", "HTTPS_PROXY");
    }
}

#[test]
fn addresses_are_reached_through_all_of_them() {
    let Some(proxies) = start() else { return };
    for scheme in ["http", "socks4", "socks4a", "socks5", "socks5h"] {
        let scene = Scene::new();
        let host = format!("{ELSEWHERE}:{}", scene.sts.address().port());
        scene.sts.set_host(&host);
        scene.sts.expect(demo_role());
        let run = scene.process().env("AWS_ENDPOINT_URL_STS", &format!("http://{host}"));
        through(run, scheme, "", proxies.fact("plain")).stdout(issued_document(1)).run();
    }
}

/// It remembers from where somebody came who knew the password, so that those who do not come first.
#[test]
fn user_and_password_open_them() {
    for scheme in ["http", "socks5h"] {
        let Some(proxies) = start() else { return };
        for user in ["", "jane:wrong@"] {
            let (scene, _) = behind_proxy();
            let run = through(scene.process(), scheme, user, proxies.fact("for_user")).env("AWS_MAX_ATTEMPTS", "1");
            let hint = if scheme == "http" { "give the proxy's user and password in ALL_PROXY" } else { "" };
            fails(run, "", hint);
        }
        let (scene, _) = behind_proxy();
        scene.sts.expect(demo_role());
        let user = format!("%6aane:{MARKER}@");
        through(scene.process(), scheme, &user, proxies.fact("for_user")).stdout(issued_document(1)).run();
    }
}

#[test]
fn proxy_may_speak_tls_itself() {
    let Some(proxies) = start() else { return };
    let (scene, _) = behind_proxy();
    scene.home.write("ca.pem", scene.home.read("ca.pem") + proxies.fact("authority"));
    scene.sts.expect(demo_role());
    through(scene.process(), "https", "", proxies.fact("tls")).stdout(issued_document(1)).run();
}
