//! What a site wants to see again, while one person signs in. <https://www.rfc-editor.org/rfc/rfc6265>
//!
//! A cookie goes back to the server that set it, and to no other, whatever domain it names; its path does not count.

use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// The cookies of one sign-in.
#[derive(Default)]
pub(super) struct Jar(Vec<Cookie>);

struct Cookie {
    /// The server's.
    origin: String,
    name: String,
    value: Secret,
}

impl Jar {
    /// Keeps or forgets what a `Set-Cookie` of this server says.
    pub(super) fn set(&mut self, origin: &str, line: &str, now: Timestamp) {
        const MOST: usize = 100;
        let mut parts = line.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        let has_ended = parts.any(|attribute| is_end(attribute, now));
        self.0.retain(|cookie| cookie.origin != origin || cookie.name != name);
        if !has_ended && !name.is_empty() && self.0.len() < MOST {
            self.0.push(Cookie { origin: origin.to_owned(), name: name.to_owned(), value: Secret::new(value) });
        }
    }

    /// The `Cookie` header for this server.
    pub(super) fn header(&self, origin: &str) -> Option<Secret> {
        let ours = || self.0.iter().filter(|cookie| cookie.origin == origin);
        // A text that grows leaves copies behind.
        let longest = ours().map(|cookie| cookie.name.len() + cookie.value.expose().len() + "=; ".len()).sum();
        let mut header = String::with_capacity(longest);
        for Cookie { name, value, .. } in ours() {
            let separator = if header.is_empty() { "" } else { "; " };
            for part in [separator, name, "=", value.expose()] {
                header.push_str(part);
            }
        }
        (!header.is_empty()).then(|| Secret::new(header))
    }
}

/// Whether an attribute says that the cookie has ended.
fn is_end(attribute: &str, now: Timestamp) -> bool {
    let Some((name, value)) = attribute.split_once('=') else { return false };
    let value = value.trim();
    if name.trim().eq_ignore_ascii_case("max-age") {
        return value.parse::<i64>().is_ok_and(|seconds| seconds <= 0);
    }
    // Old servers write hyphens: `Thu, 01-Jan-1970 00:00:00 GMT`.
    let is_past = || Timestamp::parse_http_date(&value.replace('-', " ")).is_some_and(|end| end <= now);
    name.trim().eq_ignore_ascii_case("expires") && is_past()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_go_back_to_their_server_alone_and_can_be_taken_back() {
        let now = Timestamp::from_unix_millis(1_768_478_400_000);
        let mut jar = Jar::default();
        for (origin, line) in [
            ("https://a", "one=1; path=/adfs; HttpOnly; Secure; SameSite=None"),
            ("https://a", "two=a=b==; Domain=b; Expires=Thu, 01 Jan 2099 00:00:00 GMT"),
            ("https://a", "three=3; Max-Age=60"),
            ("https://b", "one=other"),
            ("https://a:8443", "one=of another port"),
            ("https://a", "one=2"),
            ("https://a", "four=4"),
            ("https://a", "four=; Expires=Thu, 01-Jan-1970 00:00:00 GMT"),
            ("https://a", "three=; max-age=0"),
            ("https://a", "nonsense"),
            ("https://a", "=x"),
        ] {
            jar.set(origin, line, now);
        }
        let header = |origin: &str| jar.header(origin).map(|header| header.expose().to_owned());
        assert_eq!(header("https://a").as_deref(), Some("two=a=b==; one=2"));
        assert_eq!(header("https://b").as_deref(), Some("one=other"));
        assert_eq!(header("https://c"), None);
    }
}
