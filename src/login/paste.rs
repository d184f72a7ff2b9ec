//! What a person brings back from another device: the text that AWS's page shows, or the address of that page.
//!
//! The text is Base64 of a query, `state=…&code=…`. Terminals, chat programs and notes wrap it, indent it and put
//! quotes around it.

use super::query::Query;
use super::{Callback, Refusal};
use crate::secret::Secret;
use base64ct::{Base64Unpadded, Encoding};

/// Reads a pasted text. `state` is that of this sign-in.
pub(super) fn read(text: &str, state: &str) -> Result<Callback, Unusable> {
    // A terminal may mark where a paste begins and ends.
    let text = text.replace("\u{1b}[200~", "").replace("\u{1b}[201~", "");
    read_one(&text, state).or_else(|unusable| {
        // What follows it on other lines is not of it.
        text.lines().find_map(|line| read_one(line, state).ok()).ok_or(unusable)
    })
}

fn read_one(text: &str, state: &str) -> Result<Callback, Unusable> {
    let is_padding =
        |character: char| character.is_whitespace() || character.is_control() || "\"'`".contains(character);
    let text: String = text.chars().filter(|character| !is_padding(*character)).collect();
    let query = query(&text).ok_or(Unusable::Unreadable)?;
    let is_ours = query.get("state") == Some(state);
    match (query.get("code"), query.get("error")) {
        (_, Some(error)) if is_ours => Ok(Callback::Refused(Refusal::new(error, query.get("error_description")))),
        (Some(code), None) if is_ours => Ok(Callback::Code(Secret::new(code))),
        (Some(_), _) if query.get("state").is_some() => Err(Unusable::OfAnother),
        _ => Err(Unusable::Unreadable),
    }
}

/// Why a pasted text is of no use. Nothing is spent by then, so another one can be pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    Unreadable,
    /// A code, but of an earlier or another sign-in.
    OfAnother,
}

impl Unusable {
    pub(super) fn cause(self) -> &'static str {
        match self {
            Self::Unreadable => "that is not the text that AWS shows at the end of the sign-in",
            Self::OfAnother => "that code belongs to another sign-in than the one whose URL is above",
        }
    }
}

fn query(text: &str) -> Option<Query> {
    if text.starts_with("https://") || text.starts_with("http://") {
        let (_, query) = text.split_once('?')?;
        return Some(Query::parse(query.split('#').next().unwrap_or(query)));
    }
    if text.contains("code=") || text.contains("error=") {
        return Some(Query::parse(text.trim_start_matches('?')));
    }
    let standard: String = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
    let bytes = Base64Unpadded::decode_vec(&standard).ok()?;
    String::from_utf8(bytes).ok().map(|text| Query::parse(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Base64UrlUnpadded};

    const STATE: &str = "7c0dfd91-6cb3-4aab-9e23-e14c1c9cd5c8";
    const SHOWN: &str = "c3RhdGU9N2MwZGZkOTEtNmNiMy00YWFiLTllMjMtZTE0YzFjOWNkNWM4JmNvZGU9QUJDREVGMDEyMzQ1Njc4OQ==";

    #[track_caller]
    fn code(text: &str) -> String {
        match read(text, STATE) {
            Ok(Callback::Code(code)) => code.expose().to_owned(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_text_is_read_however_it_was_wrapped() {
        let (begin, end) = SHOWN.split_at(40);
        for text in [
            SHOWN,
            &format!("  {SHOWN}\r\n"),
            &format!("\"{SHOWN}\""),
            &format!("{begin}\n    {end}\n"),
            SHOWN.trim_end_matches('='),
            &format!(
                "https://us-east-1.signin.aws.amazon.com/v1/sessions/confirmation?code=ABCDEF0123456789&state={STATE}#x"
            ),
            &format!("code=ABCDEF0123456789&state={STATE}"),
            &format!("\u{1b}[200~{SHOWN}\u{1b}[201~"),
            &format!("{SHOWN}\nthank you\n"),
            &format!("\u{1a}{SHOWN}"),
        ] {
            assert_eq!(code(text), "ABCDEF0123456789", "{text}");
        }
        let other_order = "Y29kZT1BJTJCQiUzRCUyRiZzdGF0ZT03YzBkZmQ5MS02Y2IzLTRhYWItOWUyMy1lMTRjMWM5Y2Q1Yzg=";
        assert_eq!(code(other_order), "A+B=/");
    }

    #[test]
    fn both_alphabets_of_base64_are_read() {
        let query = format!("code=a?>~b\u{ff}&state={STATE}");
        for text in [Base64::encode_string(query.as_bytes()), Base64UrlUnpadded::encode_string(query.as_bytes())] {
            assert_eq!(code(&text), "a?>~b\u{ff}");
        }
    }

    #[test]
    fn what_is_no_code_of_this_sign_in_is_told_apart() {
        let encoded = |query: &str| Base64::encode_string(query.as_bytes());
        for (text, why) in [
            (String::new(), Unusable::Unreadable),
            ("hello".into(), Unusable::Unreadable),
            ("ABCDEF0123456789".into(), Unusable::Unreadable),
            ("https://example.com/".into(), Unusable::Unreadable),
            (encoded(&format!("state={STATE}")), Unusable::Unreadable),
            (encoded("code=x"), Unusable::Unreadable),
            (encoded(&format!("code=&state={STATE}")), Unusable::Unreadable),
            (encoded("code=x&state=7c0dfd91"), Unusable::OfAnother),
            ("code=x&state=other".into(), Unusable::OfAnother),
        ] {
            assert_eq!(read(&text, STATE).err(), Some(why), "{text}");
        }
    }

    #[test]
    fn an_address_may_say_that_access_was_denied() {
        let text = format!("https://x/v1/sessions/confirmation?error=access_denied&state={STATE}");
        assert!(matches!(read(&text, STATE), Ok(Callback::Refused(_))));
    }
}
