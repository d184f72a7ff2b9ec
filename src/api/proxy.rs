//! Which proxy a URL is reached through, by the variables that curl and Python agree on: the lower-case name wins.

use super::no_proxy::{is_exempt, is_this_machine, split_port};
use crate::context::Vars;
use crate::error::Error;
use percent_encoding::percent_decode_str;
use std::fmt;
use ureq::http::Uri;
use ureq::{Proxy, ProxyProtocol};

/// A proxy on the way.
#[derive(Clone)]
pub(super) struct Via {
    pub(super) proxy: Proxy,
    /// Which names it.
    pub(super) variable: &'static str,
}

/// `the proxy 10.0.0.1:3128 of HTTPS_PROXY`, without user and password.
impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {}:{} of {}", self.proxy.host(), self.proxy.port(), self.variable)
    }
}

impl Via {
    pub(super) fn is_socks(&self) -> bool {
        !matches!(self.proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https)
    }

    pub(super) fn is_https(&self) -> bool {
        self.proxy.protocol() == ProxyProtocol::Https
    }
}

/// The proxy for a URL; `None` for a direct connection.
pub(super) fn for_url(vars: &Vars, url: &str) -> Result<Option<Via>, Error> {
    let Ok(target) = url.parse::<Uri>() else { return Ok(None) };
    let is_https = target.scheme_str() == Some("https");
    let Some((variable, text)) = configured(vars, is_https) else { return Ok(None) };
    let host = target.host().unwrap_or_default();
    let port = target.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let exempt = any_of(vars, ["no_proxy", "NO_PROXY"]).is_some_and(|(_, list)| is_exempt(list, host, port));
    if exempt || is_this_machine(host) {
        return Ok(None);
    }
    // Its text may hold a password, so the error names the variable alone.
    let unusable = |why| Error::new(format!("cannot use the proxy that {variable} names")).cause(why).hint(FORM);
    Ok(Some(Via { proxy: build(text).map_err(unusable)?, variable }))
}

const FORM: &str = "write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with reserved characters as %XX; \
                    there are also https, socks4, socks4a, socks5 and socks5h";

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

fn build(text: &str) -> Result<Proxy, &'static str> {
    const NO_URL: &str = "it is not a proxy's URL";
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let (protocol, default_port) = match scheme.to_ascii_lowercase().as_str() {
        "http" => (ProxyProtocol::Http, 80),
        "https" => (ProxyProtocol::Https, 443),
        "socks4" => (ProxyProtocol::Socks4, 1080),
        "socks4a" => (ProxyProtocol::Socks4A, 1080),
        "socks5" | "socks" => (ProxyProtocol::Socks5, 1080),
        "socks5h" => (ProxyProtocol::Socks5h, 1080),
        _ => return Err("there is no such kind of proxy"),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    // That was a character of the password, which would be taken for a port, and the user for a host.
    if path.contains('@') {
        return Err(NO_URL);
    }
    let (user, address) = match authority.rsplit_once('@') {
        Some((user, address)) => (Some(user), address),
        None => (None, authority),
    };
    let (host, port) = split_port(address);
    if host.is_empty() {
        return Err(NO_URL);
    }
    let mut builder = Proxy::builder(protocol).host(host).port(port.unwrap_or(default_port));
    if let Some(user) = user {
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        let decoded = |text| decoded(text).ok_or("its user or password is not UTF-8");
        builder = builder.username(&decoded(name)?).password(&decoded(password)?);
    }
    builder.build().map_err(|_| NO_URL)
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWS: &str = "https://sts.eu-west-1.amazonaws.com";

    fn host<const N: usize>(url: &str, vars: [(&str, &str); N]) -> Option<String> {
        let proxy = for_url(&Vars::from(vars), url).expect("a proxy's URL")?.proxy;
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
        let proxy = for_url(&vars, AWS).expect("a proxy's URL").expect("a proxy").proxy;
        assert_eq!((proxy.username(), proxy.password()), (Some("ja@ne"), Some("p:w")));
    }

    #[test]
    fn a_proxy_is_of_a_kind_and_has_a_port() {
        for (text, protocol, address) in [
            ("proxy", ProxyProtocol::Http, "proxy:80"),
            ("HTTP://proxy:3128/", ProxyProtocol::Http, "proxy:3128"),
            ("https://proxy", ProxyProtocol::Https, "proxy:443"),
            ("[::1]:3128", ProxyProtocol::Http, "[::1]:3128"),
            ("http://user@[::1]", ProxyProtocol::Http, "[::1]:80"),
            ("socks4://proxy", ProxyProtocol::Socks4, "proxy:1080"),
            ("socks4a://proxy", ProxyProtocol::Socks4A, "proxy:1080"),
            ("socks5://proxy:9050", ProxyProtocol::Socks5, "proxy:9050"),
            ("socks5h://[fd00::1]", ProxyProtocol::Socks5h, "[fd00::1]:1080"),
        ] {
            let via = for_url(&Vars::from([("https_proxy", text)]), AWS).expect(text).expect(text);
            assert_eq!(via.proxy.protocol(), protocol, "{text}");
            assert_eq!(via.to_string(), format!("the proxy {address} of https_proxy"));
        }
    }

    #[test]
    fn an_unusable_proxy_is_an_error_that_does_not_show_it() {
        for text in [
            "ftp://user:hidden@proxy",
            "http://",
            "http://:80",
            "http://hidden:%ff@proxy",
            "http://hidden:2024/hidden@proxy:8080",
            "hidden:1?hidden@proxy:8080/",
            "socks5://hidden:1#hidden@proxy",
            "http://hidden/@proxy",
        ] {
            let error = for_url(&Vars::from([("https_proxy", text)]), AWS).err().expect(text);
            assert!(!error.to_string().contains("hidden"), "{error}");
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
