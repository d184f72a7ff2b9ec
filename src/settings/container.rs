//! Where a container's credentials are: at Amazon ECS's agent, at that of EKS Pod Identity, at a server of its own.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>

use crate::context::Vars;
use crate::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ureq::http::Uri;

pub(crate) const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
pub(crate) const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
pub(crate) const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
pub(crate) const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// All that tells one container from another.
pub(crate) const VARIABLES: [&str; 4] = [RELATIVE_URI, FULL_URI, TOKEN_FILE, TOKEN];

/// Amazon ECS's agent, as every task sees it.
const ECS: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);
/// EKS Pod Identity's, as every pod sees it.
const EKS: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 23);
const EKS_IPV6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23);

/// The URL to ask; `None`: this is no container that has any. Who knows the URL may have the credentials, so none of it
/// but the host is in any message.
pub(crate) fn container_url(vars: &Vars) -> Result<Option<String>, Error> {
    if let Some(path) = vars.get(RELATIVE_URI) {
        return relative(path.trim()).map(Some).map_err(|why| cannot(RELATIVE_URI, why));
    }
    let Some(url) = vars.get(FULL_URI).map(str::trim) else { return Ok(None) };
    full(url).map_err(|error| match error {
        Unfit::Malformed(why) => cannot(FULL_URI, why),
        Unfit::Host(host) => cannot(FULL_URI, &format!("\"{host}\" would be asked over plain http"))
            .hint(format!("use https; plain http is for localhost, loopback addresses, {ECS}, {EKS} and [{EKS_IPV6}]")),
    })?;
    Ok(Some(url.to_owned()))
}

fn cannot(variable: &str, why: &str) -> Error {
    Error::new(format!("cannot use {variable}")).cause(why)
}

/// The slash makes sure that the rest cannot become part of the host.
fn relative(path: &str) -> Result<String, &'static str> {
    let url = format!("http://{ECS}{path}");
    let is_good = path.starts_with('/') && url.parse::<Uri>().is_ok_and(|uri| uri.host() == Some(&ECS.to_string()));
    if is_good { Ok(url) } else { Err("it is not a path that begins with a slash") }
}

enum Unfit {
    Malformed(&'static str),
    Host(String),
}

fn full(url: &str) -> Result<(), Unfit> {
    const MALFORMED: Unfit = Unfit::Malformed("it is not an http:// or https:// URL of a host, a port and a path");
    let uri: Uri = url.parse().map_err(|_| MALFORMED)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(MALFORMED) };
    let host = authority.host();
    let has_port = authority.as_str() != host;
    let port_is_good = !has_port || authority.port_u16().is_some_and(|port| port > 0);
    if host.is_empty() || authority.as_str().contains('@') || !port_is_good {
        return Err(MALFORMED);
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_near(host) => Ok(()),
        "http" => Err(Unfit::Host(host.to_owned())),
        _ => Err(MALFORMED),
    }
}

/// Whether what is sent there stays on this machine. No other name than `localhost` is looked up to find out.
fn is_near(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    match literal.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address == ECS || address == EKS,
        Ok(IpAddr::V6(address)) => address.is_loopback() || address == EKS_IPV6,
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(relative: &str, full: &str) -> Result<Option<String>, Error> {
        container_url(&Vars::from([(RELATIVE_URI, relative), (FULL_URI, full)]))
    }

    #[test]
    fn relative_one_goes_first_and_is_the_ecs_agents() {
        for (relative, full, expected) in [
            ("", "", None),
            (" ", " ", None),
            ("/v2/credentials/x?y=z", "", Some("http://169.254.170.2/v2/credentials/x?y=z")),
            ("/v2/credentials/x", "http://127.0.0.1/y", Some("http://169.254.170.2/v2/credentials/x")),
            ("", " http://127.0.0.1/y ", Some("http://127.0.0.1/y")),
        ] {
            assert_eq!(url(relative, full), Ok(expected.map(str::to_owned)), "{relative} {full}");
        }
        for relative in ["v2/credentials", "@evil.example.com/x", ":8080/x", ".example.com/x", "?x", "/a b", "/a\nb"] {
            assert!(url(relative, "http://127.0.0.1/").is_err(), "{relative}");
        }
    }

    #[test]
    fn full_one_may_name_any_host_over_https_and_only_near_ones_over_http() {
        for good in [
            "https://example.com/x?y",
            "https://example.com:8443",
            "https://10.0.0.1/",
            "http://localhost/x",
            "http://LocalHost:8080/x?y=z",
            "http://127.0.0.1",
            "http://127.255.255.254:1/",
            "http://[::1]:51679/x",
            "http://[0:0:0:0:0:0:0:1]/x",
            "http://169.254.170.2/x",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "HTTP://127.0.0.1/",
        ] {
            assert_eq!(url("", good), Ok(Some(good.to_owned())), "{good}");
        }
        for bad in [
            "http://example.com/x",
            "http://localhost.example.com/",
            "http://a.localhost/",
            "http://localhost./",
            "http://10.0.0.1/",
            "http://192.168.0.1/",
            "http://126.255.255.255/",
            "http://128.0.0.1/",
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[::2]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[fd00:ec2::254]/",
            "http://169.254.169.254/",
            "http://169.254.170.3/",
            "http://169.254.170.230/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://127.0.0.1.example.com/",
        ] {
            let error = url("", bad).expect_err(bad);
            assert!(error.cause.as_ref().is_some_and(|cause| cause.contains("over plain http")), "{bad}: {error}");
        }
        for malformed in [
            "127.0.0.1/x",
            "/x",
            "ftp://127.0.0.1/",
            "http://",
            "http:///x",
            "https://",
            "http://localhost:0/",
            "http://localhost:99999/",
            "http://localhost:x/",
            "http://user:hidden@127.0.0.1/",
            "https://user:hidden@example.com/",
            "http://127.0.0.1@example.com/",
            "http://example.com#@127.0.0.1/",
            "http://127.0.0.1/a b",
        ] {
            let error = url("", malformed).expect_err(malformed);
            assert!(!error.to_string().contains("hidden"), "{malformed}: {error}");
        }
    }
}
