//! Proxies that are asked to CONNECT.

use super::*;

#[test]
fn proxy_is_asked_for_the_host_by_name_and_sees_no_more_than_that() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (scene, host) = behind_proxy();
        let proxy = Proxy::to(scene.sts.address());
        scene.sts.expect(demo_role());
        scene.process().env(variable, &format!("http://{}", proxy.address())).stdout(issued_document(1)).run();
        let heads = proxy.heads();
        assert_eq!(heads.len(), 1);
        assert!(heads[0].starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")), "{heads:?}");
        assert!(!heads[0].contains(MARKER) && !heads[0].to_lowercase().contains("authorization"), "{heads:?}");
    }
}

#[test]
fn proxy_gets_user_and_password() {
    let (scene, _) = behind_proxy();
    let proxy = Proxy::to(scene.sts.address());
    scene.sts.expect(demo_role());
    let url = format!("http://ja%40ne:p%3Aw@{}", proxy.address());
    scene.process().env("HTTPS_PROXY", &url).stdout(issued_document(1)).run();
    // `ja@ne:p:w`
    assert!(proxy.heads()[0].to_lowercase().contains("proxy-authorization: basic amfabmu6cdp3"), "{:?}", proxy.heads());
}

/// What else a proxy answers: its status, the cause, and whether another try would help.
#[test]
fn proxy_that_does_not_let_us_through_is_told_with_its_reason() {
    for (status, why, hint) in [
        (
            "407 Proxy Authentication Required",
            "it wants another user and password (HTTP 407)",
            "give the proxy's user and password in HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT",
        ),
        ("403 Forbidden", "it does not let us through (HTTP 403)", "check the network, the region, and HTTPS_PROXY"),
        ("502 Bad Gateway", "it does not let us through (HTTP 502)", "check the network, the region, and HTTPS_PROXY"),
        ("302 Found", "it does not let us through (HTTP 302)", "check the network, the region, and HTTPS_PROXY"),
    ] {
        let (scene, host) = behind_proxy();
        let proxy = Proxy::refusing(status);
        let url = format!("http://jane:{MARKER}@{}", proxy.address());
        let cause = format!("AssumeRole at {host}: the proxy {} of HTTPS_PROXY: {why}", proxy.address());
        fails(scene.process().env("HTTPS_PROXY", &url).env("AWS_MAX_ATTEMPTS", "2"), &cause, hint);
        let tries = if status.starts_with("407") { 1 } else { 2 };
        assert_eq!(proxy.heads().len(), tries, "{status}");
    }
}

#[test]
fn proxy_that_is_not_there_or_no_proxy_is_told() {
    let (scene, _) = behind_proxy();
    let fails = |proxy: &str, why: &str| {
        let url = format!("http://jane:{MARKER}@{proxy}");
        let run = scene.process().env("https_proxy", &url).env("AWS_MAX_ATTEMPTS", "1");
        fails(run, &format!("{proxy} of https_proxy: {why}"), "HTTPS_PROXY and NO_PROXY");
    };
    if !cfg!(windows) {
        fails("127.0.0.1:1", "Connection refused");
    }
    fails("proxy.example.test:3128", "the host's name has no address");
    let mute = Stranger::saying("", Then::Closes);
    fails(&mute.address(), "it ended the connection without an answer");
}

#[test]
fn https_proxy_whose_certificate_is_unknown_is_told() {
    let (scene, _) = behind_proxy();
    let strangers = Sts::start_tls();
    let url = format!("https://{}", strangers.address());
    let run = scene.process().env("HTTPS_PROXY", &url);
    fails(
        run,
        "the host's or the proxy's certificate is signed by an authority that is not trusted here",
        "AWS_CA_BUNDLE",
    );
}

#[test]
fn text_that_names_no_proxy_is_refused_without_being_shown() {
    let (scene, _) = behind_proxy();
    for (url, why) in [
        (format!("ftp://jane:{MARKER}@127.0.0.1:1"), "there is no such kind of proxy"),
        (format!("http://jane:{MARKER}@"), "it is not a proxy's URL"),
        (format!("http://%ff:{MARKER}@127.0.0.1:1"), "its user or password is not UTF-8"),
    ] {
        let told = format!(
            "keyfob: cannot use the proxy that HTTPS_PROXY names\n  cause: {why}\n  hint: write it as http://HOST:PORT or \
             http://USER:PASSWORD@HOST:PORT, with reserved characters as %XX; there are also https, socks4, socks4a, \
             socks5 and socks5h\n"
        );
        scene.process().env("HTTPS_PROXY", &url).code(1).stderr(told).run();
    }
}

#[test]
fn no_proxy_leads_past_the_proxy() {
    let (scene, _) = behind_proxy();
    let proxy = Proxy::to(scene.sts.address());
    for (variable, value) in [("NO_PROXY", "x, .example.test"), ("no_proxy", HOST), ("NO_PROXY", "*")] {
        let run = scene.process().env("HTTPS_PROXY", &proxy.address()).env(variable, value);
        // The name has no address, so that no proxy means no answer.
        fails(run.env("AWS_MAX_ATTEMPTS", "1"), "", "NO_PROXY");
    }
    assert_eq!((proxy.heads().len(), scene.sts.connections()), (0, 0));
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    let scene = Scene::new();
    let proxy = Proxy::to(scene.sts.address());
    let run = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]
        .into_iter()
        .fold(scene.process(), |run, variable| run.env(variable, &proxy.address()));
    scene.sts.expect(demo_role());
    run.stdout(issued_document(1)).run();
    assert!(proxy.heads().is_empty());
}
