//! The address of a page, and those that it leads to. <https://www.rfc-editor.org/rfc/rfc3986>

use crate::api::endpoint;
use std::fmt;

/// An http or https URL without a user's name and without a fragment, its other letters escaped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// `None` for what is no such URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let is_part_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:[]".contains(&byte);
        let (name, port) = split_port(authority);
        if name.is_empty()
            || !authority.bytes().all(is_part_of_it)
            || port.is_some_and(|port| port.parse::<u16>().is_err())
        {
            return None;
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(Self(format!("{scheme}://{}{slash}{}", authority.to_ascii_lowercase(), escaped(path))))
    }

    /// Where a link of this page leads.
    pub(super) fn join(&self, reference: &str) -> Option<Self> {
        let reference = reference.trim();
        let after_scheme = reference.split_once(':').map(|(scheme, _)| scheme);
        let has_scheme = after_scheme.is_some_and(|scheme| {
            scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        });
        if has_scheme {
            return Self::parse(reference);
        }
        let origin = endpoint::origin(&self.0);
        // Browsers take either slash.
        if reference.starts_with("//") || reference.starts_with("\\\\") || reference.starts_with("/\\") {
            let scheme = self.0.split("://").next()?;
            return Self::parse(&format!("{scheme}://{}", &reference[2..]));
        }
        let path = &self.0[origin.len()..];
        let bare = path.split('?').next().unwrap_or(path);
        let target = if reference.is_empty() || reference.starts_with('#') {
            path.to_owned()
        } else if reference.starts_with('?') {
            format!("{bare}{reference}")
        } else if reference.starts_with('/') {
            reference.to_owned()
        } else {
            format!("{}/{reference}", bare.rsplit_once('/').map_or("", |(folder, _)| folder))
        };
        Self::parse(&format!("{origin}{}", without_dots(&target)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As people are told it: a query may hold what is nobody else's affair.
    pub(crate) fn host(&self) -> &str {
        endpoint::host(&self.0)
    }

    /// The scheme, the host and the port, the same for all addresses of one server.
    pub(crate) fn origin(&self) -> String {
        let origin = endpoint::origin(&self.0);
        let usual = if self.is_encrypted() { ":443" } else { ":80" };
        origin.strip_suffix(usual).unwrap_or(origin).to_owned()
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// Whether nobody on the way can read what is sent there.
    pub(crate) fn keeps_secrets(&self) -> bool {
        endpoint::keeps_secrets(&self.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(endpoint::origin(&self.0))
    }
}

/// `host:port`; the address of IPv6 has colons of its own.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (authority, None),
    }
}

/// With every byte escaped that may not stand in a URL.
fn escaped(path: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            text.push(byte.into());
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// A path without `.` and `..`; its query as it is.
fn without_dots(target: &str) -> String {
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for part in path.split('/').skip(1) {
        ends_in_folder = matches!(part, "." | "..");
        match part {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(part),
        }
    }
    let slash = if ends_in_folder { "/" } else { "" };
    let kept = kept.join("/");
    format!("/{kept}{}{query}", if kept.is_empty() { "" } else { slash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_page_has_no_address() {
        for (text, address) in [
            ("https://ADFS.Example.com", Some("https://adfs.example.com/")),
            (" HTTPS://a/b?c=d#e ", Some("https://a/b?c=d")),
            ("https://a?b", Some("https://a/?b")),
            ("https://a:8443/ü \"", Some("https://a:8443/%C3%BC%20%22")),
            ("http://[::1]:80/", Some("http://[::1]:80/")),
            ("https://jane@a/", None),
            ("https://jane:pw@a/", None),
            ("https://a:x/", None),
            ("https://a:99999/", None),
            ("https:///b", None),
            ("https://:443/", None),
            ("https://a b/", None),
            ("ftp://a/", None),
            ("javascript:alert(1)", None),
            ("a/b", None),
            ("", None),
        ] {
            assert_eq!(Address::parse(text).as_ref().map(Address::as_str), address, "{text}");
        }
    }

    #[test]
    fn links_lead_where_a_browser_takes_them() {
        let page = Address::parse("https://a.example:8443/adfs/ls/page.aspx?x=1").expect("an address");
        for (reference, address) in [
            ("", "https://a.example:8443/adfs/ls/page.aspx?x=1"),
            ("#top", "https://a.example:8443/adfs/ls/page.aspx?x=1"),
            ("?y=2", "https://a.example:8443/adfs/ls/page.aspx?y=2"),
            ("/z?u=http://b/../c", "https://a.example:8443/z?u=http://b/../c"),
            ("other", "https://a.example:8443/adfs/ls/other"),
            ("../up/./x", "https://a.example:8443/adfs/up/x"),
            ("../../../..", "https://a.example:8443/"),
            ("..", "https://a.example:8443/adfs/"),
            ("//b.example/c", "https://b.example/c"),
            ("\\\\b.example/c", "https://b.example/c"),
            ("/\\b.example/c", "https://b.example/c"),
            ("https:\\\\b.example", ""),
            ("http://b.example:80/c", "http://b.example:80/c"),
            ("x?u=a:b", "https://a.example:8443/adfs/ls/x?u=a:b"),
            ("javascript:void(0)", ""),
        ] {
            let joined = page.join(reference);
            assert_eq!(joined.as_ref().map_or("", Address::as_str), address, "{reference}");
        }
    }

    #[test]
    fn one_server_is_told_from_another_by_scheme_host_and_port() {
        let origin = |text: &str| Address::parse(text).expect("an address").origin();
        assert_eq!(origin("https://A/b"), origin("https://a:443/c?d"));
        for other in ["http://a/b", "https://a:8443/b", "https://a.b/b", "https://b/a"] {
            assert_ne!(origin("https://a/b"), origin(other), "{other}");
        }
    }
}
