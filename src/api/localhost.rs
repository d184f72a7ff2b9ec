//! `localhost` is this machine, whatever a hosts file or a name server says (RFC 6761, section 6.3): so what is sent there
//! unencrypted, like a container's token, goes nowhere else.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{self, DefaultResolver, ResolvedSocketAddrs};
use ureq::unversioned::transport::NextTimeout;

/// Looks up every name but that one.
#[derive(Default)]
pub(super) struct Resolver(DefaultResolver);

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

impl resolver::Resolver for Resolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let Some(port) = port_of_localhost(uri) else { return self.0.resolve(uri, config, timeout) };
        let mut addresses = self.empty();
        for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
            addresses.push(SocketAddr::new(address, port));
        }
        Ok(addresses)
    }
}

/// `None` for every other host.
fn port_of_localhost(uri: &Uri) -> Option<u16> {
    let authority = uri.authority().filter(|authority| authority.host().eq_ignore_ascii_case("localhost"))?;
    // It knows the ports that are usual for each scheme.
    let named = DefaultResolver::host_and_port(uri.scheme()?, authority)?;
    named.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_is_told_from_every_other_name() {
        for (uri, port) in [
            ("http://localhost/x", Some(80)),
            ("https://LOCALHOST", Some(443)),
            ("http://localhost:8080", Some(8080)),
            ("http://localhost.example.com", None),
            ("http://127.0.0.1:1", None),
            ("http://[::1]", None),
        ] {
            assert_eq!(port_of_localhost(&uri.parse().expect("a URI")), port, "{uri}");
        }
    }
}
