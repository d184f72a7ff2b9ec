//! Which proxy a URL is reached through, by the variables that curl and Python agree on.
//!
//! The lower-case name wins. `NO_PROXY` lists hosts, domains, addresses and networks; `*` is all. Loopback and
//! link-local addresses are never proxied: what answers there is this machine.

use crate::context::Vars;
use crate::error::Error;
use percent_encoding::percent_decode_str;
use std::net::IpAddr;
use ureq::http::Uri;
use ureq::{Proxy, ProxyProtocol};

/// The proxy for a URL; `None` for a direct connection.
pub(super) fn for_url(vars: &Vars, url: &str) -> Result<Option<Proxy>, Error> {
    let Ok(target) = url.parse::<Uri>() else { return Ok(None) };
    let is_https = target.scheme_str() == Some("https");
    let Some((variable, proxy)) = configured(vars, is_https) else { return Ok(None) };
    let host = target.host().unwrap_or_default();
    let port = target.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let exempt = any_of(vars, ["no_proxy", "NO_PROXY"]).is_some_and(|(_, list)| is_exempt(list, host, port));
    if exempt || is_this_machine(host) {
        return Ok(None);
    }
    // Its text may hold a password, so the error names the variable alone.
    let unusable =
        || Error::new(format!("cannot use the proxy that {variable} names")).cause("it is not a proxy's URL");
    build(proxy).ok_or_else(unusable).map(Some)
}

fn configured(vars: &Vars, is_https: bool) -> Option<(&'static str, &str)> {
    if is_https {
        return any_of(vars, ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
    }
    // A web server hands a client's `Proxy:` header to CGI programs under the upper-case name.
    if vars.os("REQUEST_METHOD").is_some() {
        return any_of(vars, ["http_proxy", "all_proxy", "ALL_PROXY"]);
    }
    any_of(vars, ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
}

fn any_of<'a, const N: usize>(vars: &'a Vars, names: [&'static str; N]) -> Option<(&'static str, &'a str)> {
    names.into_iter().find_map(|name| Some((name, vars.get(name)?.trim())))
}

fn build(text: &str) -> Option<Proxy> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let (protocol, default_port) = match scheme.to_ascii_lowercase().as_str() {
        "http" => (ProxyProtocol::Http, 80),
        "https" => (ProxyProtocol::Https, 443),
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, address) = match authority.rsplit_once('@') {
        Some((user, address)) => (Some(user), address),
        None => (None, authority),
    };
    let (host, port) = split_port(address);
    if host.is_empty() {
        return None;
    }
    let mut builder = Proxy::builder(protocol).host(host).port(port.unwrap_or(default_port));
    if let Some(user) = user {
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        builder = builder.username(&decoded(name)?).password(&decoded(password)?);
    }
    builder.build().ok()
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

/// `host`, `host:port`, `[address]:port`.
fn split_port(address: &str) -> (&str, Option<u16>) {
    match address.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (address, None),
        },
        _ => (address, None),
    }
}

fn is_exempt(list: &str, host: &str, port: u16) -> bool {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        let (name, only_port) = split_port(entry);
        only_port.is_none_or(|only| only == port) && matches_host(name, host)
    })
}

fn matches_host(entry: &str, host: &str) -> bool {
    if let Some(address) = parse_address(host) {
        return in_network(entry, address);
    }
    let (entry, host) = (entry.trim_start_matches('.').to_ascii_lowercase(), host.to_ascii_lowercase());
    host.strip_suffix(&entry).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether an address is the entry's, or in the network that it names in CIDR notation.
fn in_network(entry: &str, address: IpAddr) -> bool {
    let (network, length) = entry.split_once('/').map_or((entry, None), |(network, length)| (network, Some(length)));
    let Some(network) = parse_address(network) else { return false };
    let (network_bits, address_bits, width) = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (u128::from(network.to_bits()), u128::from(address.to_bits()), 32)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits(), address.to_bits(), 128),
        _ => return false,
    };
    let Some(length) = length.map_or(Some(width), |length| length.parse().ok().filter(|length| *length <= width))
    else {
        return false;
    };
    let host_bits = width - length;
    host_bits == 128 || network_bits >> host_bits == address_bits >> host_bits
}

fn is_this_machine(host: &str) -> bool {
    match parse_address(host) {
        Some(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        // fd00:ec2::/32 is where EC2 answers over IPv6.
        Some(IpAddr::V6(address)) => {
            let [first, second, ..] = address.segments();
            address.is_loopback() || address.is_unicast_link_local() || (first, second) == (0xfd00, 0xec2)
        }
        None => host.eq_ignore_ascii_case("localhost"),
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    text.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWS: &str = "https://sts.eu-west-1.amazonaws.com";

    fn host<const N: usize>(url: &str, vars: [(&str, &str); N]) -> Option<String> {
        let proxy = for_url(&Vars::from(vars), url).expect("a proxy's URL")?;
        Some(format!("{}:{}", proxy.host(), proxy.port()))
    }

    #[test]
    fn the_lower_case_variable_of_the_targets_scheme_wins() {
        for (url, vars, expected) in [
            (AWS, [("https_proxy", "http://a:1"), ("HTTPS_PROXY", "http://b:2")], Some("a:1")),
            (AWS, [("HTTPS_PROXY", "b:2"), ("ALL_PROXY", "http://c:3")], Some("b:2")),
            (AWS, [("http_proxy", "http://a:1"), ("ALL_PROXY", "http://c")], Some("c:80")),
            (AWS, [("http_proxy", "http://a:1"), ("X", "")], None),
            ("http://sts.example.com", [("http_proxy", "http://a:1"), ("X", "")], Some("a:1")),
            ("http://sts.example.com", [("HTTP_PROXY", "http://a:1"), ("REQUEST_METHOD", "GET")], None),
        ] {
            assert_eq!(host(url, vars).as_deref(), expected, "{url} {vars:?}");
        }
    }

    #[test]
    fn user_and_password_are_decoded() {
        let vars = Vars::from([("https_proxy", "http://ja%40ne:p%3Aw@proxy:8080/")]);
        let proxy = for_url(&vars, AWS).expect("a proxy's URL").expect("a proxy");
        assert_eq!((proxy.username(), proxy.password()), (Some("ja@ne"), Some("p:w")));
    }

    #[test]
    fn an_unusable_proxy_is_an_error_that_does_not_show_it() {
        for text in ["ftp://user:hidden@proxy", "http://", "http://:80", "socks5://hidden:1080"] {
            let error = for_url(&Vars::from([("https_proxy", text)]), AWS).expect_err(text);
            assert!(!error.to_string().contains("hidden"), "{error}");
        }
    }

    #[test]
    fn no_proxy_takes_hosts_domains_ports_and_networks() {
        for (list, host, exempt) in [
            ("*", "a.b", true),
            ("example.com", "example.com", true),
            (" .example.com , x", "sts.Example.com", true),
            ("example.com", "notexample.com", false),
            ("example.com:443", "example.com", true),
            ("example.com:8443", "example.com", false),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("fd00::/8", "[fd12::1]", true),
            ("::/0", "[fd12::1]", true),
            ("10.0.0.0/99", "10.1.2.3", false),
            ("0.0.0.0/0", "example.com", false),
            ("", "example.com", false),
        ] {
            assert_eq!(is_exempt(list, host, 443), exempt, "{list} {host}");
        }
    }

    #[test]
    fn this_machine_is_never_proxied() {
        for url in [
            "http://127.0.0.1:5000",
            "http://localhost",
            "http://[::1]:80",
            "http://169.254.169.254",
            "http://[fd00:ec2::254]",
        ] {
            assert_eq!(host(url, [("http_proxy", "http://a:1")]), None, "{url}");
        }
    }
}
