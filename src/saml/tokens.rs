//! The tags and texts of an HTML page, as browsers take them apart: whatever stands there is some page.
//! <https://html.spec.whatwg.org/multipage/parsing.html#tokenization>
//!
//! Of the named entities only those are known that writers of form values use.

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Start(Tag),
    /// Its name, in lower case.
    End(String),
    Text(String),
}

/// A start tag. Names are in lower case; of attributes of one name the first counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    #[cfg(test)]
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The pieces of a page, in their order.
pub(super) fn of(page: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = Rest(page);
    while !rest.0.is_empty() {
        let text = rest.until_markup();
        if !text.is_empty() {
            tokens.push(Token::Text(unescaped(text, Within::Text)));
        }
        let Some(token) = rest.markup() else { continue };
        if let Token::Start(Tag { name, .. }) = &token {
            let name = name.clone();
            tokens.push(token);
            if let Some(content) = rest.raw_content(&name) {
                tokens.push(Token::Text(content));
            }
        } else {
            tokens.push(token);
        }
    }
    tokens
}

/// What of a page has not been read yet.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Takes the text before the next `<` that begins something.
    fn until_markup(&mut self) -> &'a str {
        let begins = |at: &usize| {
            let mut after = self.0[at + 1..].chars();
            match after.next() {
                Some('!' | '?') => true,
                Some('/') => after.next().is_some(),
                next => next.is_some_and(|letter| letter.is_ascii_alphabetic()),
            }
        };
        let end = self.0.match_indices('<').map(|(at, _)| at).find(begins).unwrap_or(self.0.len());
        self.take(end)
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    /// Takes all before one of these, and not that itself.
    fn take_until(&mut self, is_end: impl Fn(char) -> bool) -> &'a str {
        self.take(self.0.find(is_end).unwrap_or(self.0.len()))
    }

    /// Passes this text; `false` where it does not stand.
    fn pass(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Passes all up to the first `>` that has one of these before it.
    fn skip_past(&mut self, before: &[&str]) {
        let is_end = |at: &usize| before.iter().any(|before| self.0[..*at].ends_with(before));
        let found = self.0.match_indices('>').map(|(at, _)| at).find(is_end);
        self.0 = found.map_or("", |at| &self.0[at + 1..]);
    }

    /// Takes a tag or a comment; `None` for what says nothing.
    fn markup(&mut self) -> Option<Token> {
        if self.pass("<!--") {
            if !self.pass(">") && !self.pass("->") {
                self.skip_past(&["--", "--!"]);
            }
            return None;
        }
        if self.pass("</") {
            if !self.0.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                self.skip_past(&[""]);
                return None;
            }
            return self.tag().map(|tag| Token::End(tag.name));
        }
        if self.0.starts_with("<!") || self.0.starts_with("<?") {
            self.skip_past(&[""]);
            return None;
        }
        self.pass("<").then(|| self.tag().map(Token::Start)).flatten()
    }

    /// Takes a tag from its name on; `None` for one that the page ends in.
    fn tag(&mut self) -> Option<Tag> {
        // More are not kept, since each is compared with all before it.
        const MOST: usize = 200;
        let name = self.take_until(|letter| is_blank(letter) || matches!(letter, '/' | '>')).to_ascii_lowercase();
        let mut attributes: Vec<(String, String)> = Vec::new();
        loop {
            self.take_until(|letter| !is_blank(letter) && letter != '/');
            if self.0.is_empty() {
                return None;
            }
            if self.pass(">") {
                return Some(Tag { name, attributes });
            }
            let (key, value) = self.attribute();
            if attributes.len() < MOST && !attributes.iter().any(|(found, _)| *found == key) {
                attributes.push((key, value));
            }
        }
    }

    fn attribute(&mut self) -> (String, String) {
        // A name may begin with `=`.
        let from = self.0;
        let begin = usize::from(self.pass("="));
        let rest = self.take_until(|letter| is_blank(letter) || matches!(letter, '/' | '>' | '='));
        let name = from[..begin + rest.len()].to_ascii_lowercase();
        let after_name = self.0;
        self.take_until(|letter| !is_blank(letter));
        if !self.pass("=") {
            self.0 = after_name;
            return (name, String::new());
        }
        self.take_until(|letter| !is_blank(letter));
        let value = if self.pass("\"") {
            self.quoted('"')
        } else if self.pass("'") {
            self.quoted('\'')
        } else {
            self.take_until(|letter| is_blank(letter) || letter == '>')
        };
        (name, unescaped(value, Within::Attribute))
    }

    fn quoted(&mut self, quote: char) -> &'a str {
        let value = self.take_until(|letter| letter == quote);
        self.take(self.0.len().min(1));
        value
    }

    /// Takes what stands in an element that holds no tags, up to its end tag.
    fn raw_content(&mut self, name: &str) -> Option<String> {
        let has_entities = match name {
            "title" | "textarea" => true,
            "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" => false,
            "plaintext" => return Some(self.take(self.0.len()).to_owned()),
            _ => return None,
        };
        let is_end = |at: &usize| {
            let after = &self.0[at + 2..];
            after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
                && after[name.len()..].starts_with(|letter| is_blank(letter) || matches!(letter, '/' | '>'))
        };
        let end = self.0.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(self.0.len());
        let content = self.take(end);
        Some(if has_entities { unescaped(content, Within::Text) } else { content.to_owned() })
    }
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    Attribute,
}

/// A text with its entities in letters, and every end of a line as one.
fn unescaped(text: &str, within: Within) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut letters = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('&') {
        letters.push_str(&rest[..at]);
        let (letter, length) = entity(&rest[at..], within).unwrap_or(('&', 1));
        letters.push(letter);
        rest = &rest[at + length..];
    }
    letters.push_str(rest);
    letters
}

/// The letter of the entity that a text begins with, and how long it is.
fn entity(text: &str, within: Within) -> Option<(char, usize)> {
    // The first four may lack their semicolon.
    const NAMED: [(&str, char); 9] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("plus", '+'),
        ("equals", '='),
        ("sol", '/'),
        ("nbsp", '\u{a0}'),
    ];
    if let Some(number) = text.strip_prefix("&#") {
        return numbered(number).map(|(letter, length)| (letter, length + "&#".len()));
    }
    let name = &text[1..];
    for (number, (known, letter)) in NAMED.into_iter().enumerate() {
        let Some(after) = name.strip_prefix(known) else { continue };
        if after.starts_with(';') {
            return Some((letter, known.len() + "&;".len()));
        }
        let may_lack_it = number < 4 || known == "nbsp";
        let goes_on = after.starts_with(|next: char| next == '=' || next.is_ascii_alphanumeric());
        if may_lack_it && !(within == Within::Attribute && goes_on) {
            return Some((letter, known.len() + "&".len()));
        }
    }
    None
}

/// The letter of `43;` or `x2b;`, and how long that is.
fn numbered(text: &str) -> Option<(char, usize)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let length = digits.find(|digit: char| !digit.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return None;
    }
    let number = digits[..length].chars().filter_map(|digit| digit.to_digit(radix));
    let number = number.fold(0_u32, |number, digit| number.saturating_mul(radix).saturating_add(digit));
    let prefix = text.len() - digits.len();
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((letter_of(number), prefix + length + semicolon))
}

fn letter_of(number: u32) -> char {
    // What these stand for is what they are in Windows-1252.
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match number {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => WINDOWS[number as usize - 0x80],
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests;
