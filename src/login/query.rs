//! The pairs of a URL's query, as a browser writes them. <https://url.spec.whatwg.org/#urlencoded-parsing>

use crate::api::RESERVED;
use percent_encoding::{percent_decode_str, utf8_percent_encode};

/// The pairs of a query, in order. One may be a code, so they are not shown.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Every text can be read: what is not a pair is a name without a value, and what is no escape stands for itself.
    pub(super) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(a, b)| (decoded(a), decoded(b)))
                .collect(),
        )
    }

    /// The first value of that name; an empty one is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// A query of these pairs, in their order.
pub(super) fn render<const N: usize>(pairs: [(&str, &str); N]) -> String {
    pairs.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, RESERVED))).join("&")
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_once_and_the_first_of_a_name_counts() {
        for (text, code) in [
            ("code=abc&state=x", Some("abc")),
            ("state=x&code=a%2Bb%3D%2F", Some("a+b=/")),
            ("code=a+b", Some("a b")),
            ("code=a%252Fb", Some("a%2Fb")),
            ("code=1&code=2", Some("1")),
            ("code=a%zzb%4", Some("a%zzb%4")),
            ("code=a=b", Some("a=b")),
            ("&&code=a&", Some("a")),
            ("code=", None),
            ("code", None),
            ("Code=a", None),
            ("", None),
        ] {
            assert_eq!(Query::parse(text).get("code"), code, "{text}");
        }
    }
}
