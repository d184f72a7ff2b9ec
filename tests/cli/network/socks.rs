//! SOCKS proxies that do not do what they are asked. Those that do are among the real ones.

use super::*;

/// What a proxy of the kind says to whoever comes, and why nothing comes of it.
#[test]
fn socks_proxy_that_refuses_is_told_with_its_reason() {
    for (scheme, words, why) in [
        ("socks5h", &b"\x05\x00\x05\x02\x00\x01"[..], "connection not allowed by ruleset"),
        ("socks5h", b"\x05\x00\x05\x04\x00\x01", "host unreachable"),
        ("socks5h", b"\x05\x00\x05\x05\x00\x01", "connection refused"),
        ("socks4a", b"\x00\x5b\x00\x00\x00\x00\x00\x00", "request rejected or failed"),
        ("socks5h", b"HTTP/1.1 400 Bad Request\r\n\r\n", "invalid response version"),
    ] {
        let (scene, host) = behind_proxy();
        let proxy = Stranger::saying(words, Then::Hangs);
        let run = scene.process().env("ALL_PROXY", &format!("{scheme}://{}", proxy.address()));
        let cause = format!("AssumeRole at {host}: the proxy {} of ALL_PROXY: {why}", proxy.address());
        fails(run.env("AWS_MAX_ATTEMPTS", "1"), &cause, "check the network, the region, and HTTPS_PROXY");
    }
}

#[test]
fn socks_proxy_that_wants_another_user_is_told_without_the_password() {
    let hint = "give the proxy's user and password in https_proxy";
    for (user, words) in
        [("", &b"\x05\xff"[..]), (&format!("jane:{MARKER}@"), b"\x05\x02\x01\x01"), ("jane@", b"\x05\x02")]
    {
        let (scene, _) = behind_proxy();
        let proxy = Stranger::saying(words, Then::Hangs);
        let run = scene.process().env("https_proxy", &format!("socks5h://{user}{}", proxy.address()));
        fails(run, &format!("the proxy {} of https_proxy: ", proxy.address()), hint);
    }
}
