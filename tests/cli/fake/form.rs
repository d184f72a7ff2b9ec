//! `application/x-www-form-urlencoded` as the AWS Query protocol wants it: every byte but
//! `A-Za-z0-9-._~` escaped, in upper-case hex, a blank as `%20`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The one spelling of `text` inside a form.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The fields of a query, to be taken out one by one.
#[derive(Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn read(query: &str) -> Result<Self, String> {
        parse(query.as_bytes()).map(Self)
    }

    pub(super) fn take(&mut self, name: &str) -> Result<String, String> {
        self.take_if_any(name).ok_or_else(|| format!("{name} is missing"))
    }

    pub(super) fn take_if_any(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(other, _)| other == name);
        index.map(|index| self.0.remove(index).1)
    }

    /// Takes a field that can only have this value.
    pub(super) fn take_only(&mut self, name: &str, wanted: &str) -> Result<(), String> {
        let found = self.take(name)?;
        if found == wanted { Ok(()) } else { Err(format!("{name} is {found:?}, not {wanted:?}")) }
    }

    /// Finds fault with whatever is left.
    pub(super) fn finish(self) -> Result<(), String> {
        self.0.first().map_or(Ok(()), |(name, _)| Err(format!("{name} is no parameter here")))
    }
}

/// The fields in their order; the error says what is wrong without quoting a value.
pub(super) fn parse(body: &[u8]) -> Result<Vec<(String, String)>, String> {
    let body = std::str::from_utf8(body).map_err(|_| "the form is not UTF-8".to_owned())?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=').ok_or("a form field has no equals sign")?;
        let name = unescape(name).ok_or("the name of a form field is not escaped as AWS does")?;
        let value = unescape(value).ok_or_else(|| format!("the value of {name} is not escaped as AWS does"))?;
        if name.is_empty() {
            return Err("a form field has no name".to_owned());
        }
        if fields.iter().any(|(other, _)| *other == name) {
            return Err(format!("the form holds {name} twice"));
        }
        fields.push((name, value));
    }
    Ok(fields)
}

/// `None` unless `text` is exactly what [`escape`] makes of some text.
fn unescape(text: &str) -> Option<String> {
    let plain = percent_decode_str(text).decode_utf8().ok()?;
    (escape(&plain) == text).then(|| plain.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms_are_read() {
        let fields = parse(b"Action=AssumeRole&Tags.member.1.Value=a%20b%2Bc~&Empty=&U=%C3%A9");
        let expected = [("Action", "AssumeRole"), ("Tags.member.1.Value", "a b+c~"), ("Empty", ""), ("U", "é")];
        assert_eq!(fields, Ok(expected.map(|(n, v)| (n.to_owned(), v.to_owned())).into()));
    }

    #[test]
    fn any_other_spelling_is_refused() {
        for (body, docs) in [
            ("A=a+b", "a plus sign for a blank"),
            ("A=a b", "a bare blank"),
            ("A=%2f", "lower-case hex"),
            ("A=%41", "an escaped letter"),
            ("A=%", "half an escape"),
            ("A=a/b", "a bare slash"),
            ("A=%FF", "not UTF-8"),
            ("A", "no equals sign"),
            ("=a", "no name"),
            ("A=1&", "an empty last field"),
            ("A=1&A=2", "a name twice"),
            ("", "nothing at all"),
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{docs}: {body}");
        }
    }
}
