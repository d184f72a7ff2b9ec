//! Which hosts are reached directly: those that `NO_PROXY` lists by name, domain, address or network, and this machine.

use std::net::IpAddr;

/// Whether a list exempts a host; `*` is all.
pub(super) fn is_exempt(list: &str, host: &str, port: u16) -> bool {
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

/// Whether it is this machine that answers there: a loopback or link-local address.
pub(super) fn is_this_machine(host: &str) -> bool {
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

/// `host`, `host:port`, `[address]:port`.
pub(super) fn split_port(address: &str) -> (&str, Option<u16>) {
    match address.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (address, None),
        },
        _ => (address, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
