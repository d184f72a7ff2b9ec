//! Cutting a line into words, by the rules of one shell or another. They differ in what their quotes do.

/// Whose rules they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// A backslash takes the meaning from the next sign; there is `$'…'`.
    Bash,
    /// There are backticks, and escapes in double quotes alone, as in C.
    Nushell,
}

/// Before which signs a backslash in double quotes is more than itself, in bash.
const ESCAPED_IN_DOUBLE: &str = "$`\"\\\n";

/// A quote that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Single,
    Double,
    /// `$'…'`
    Dollar,
    Backtick,
}

/// A word in the making.
#[derive(Debug, Default)]
pub(super) struct Piece {
    value: Vec<u8>,
    /// Where it begins in the line, in bytes.
    pub(super) at: usize,
    /// Whether the shell puts something else in the place of a part of it.
    pub(super) is_expanded: bool,
    /// Whether it names a file that the shell reads or writes.
    pub(super) is_redirected: bool,
}

impl Piece {
    pub(super) fn value(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }
}

pub(super) struct Cutter<'a> {
    quotes: Quotes,
    line: &'a str,
    at: usize,
    /// The last one goes on to the end of the line.
    pub(super) words: Vec<Piece>,
    /// The quote that is open at the end of the line.
    pub(super) open: Option<Quote>,
    current: Option<Piece>,
    /// Whether the next word names a file.
    awaits_file: bool,
}

impl<'a> Cutter<'a> {
    pub(super) fn cut(line: &'a str, quotes: Quotes) -> Self {
        let (words, current) = (Vec::new(), None);
        let mut cutter = Self { quotes, line, at: 0, words, open: None, current, awaits_file: false };
        while let Some(letter) = cutter.next() {
            match cutter.open {
                None => cutter.outside(letter),
                Some(quote) => cutter.inside(quote, letter),
            }
        }
        // The cursor stands in a word, be it an empty one.
        cutter.word();
        cutter.end_word();
        cutter
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.line[self.at..].chars().next()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn next_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let letter = self.line[self.at..].chars().next().filter(|letter| wanted(*letter))?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// The word that is being read; it begins at the sign that was read last.
    fn word(&mut self) -> &mut Piece {
        let is_redirected = self.awaits_file;
        let at = self.at - self.line[..self.at].chars().next_back().map_or(0, char::len_utf8);
        let at =
            if self.current.is_none() && self.at == self.line.len() && self.ends_in_blank() { self.at } else { at };
        self.current.get_or_insert_with(|| Piece { at, is_redirected, ..Piece::default() })
    }

    /// Whether what was read last is no part of a word.
    fn ends_in_blank(&self) -> bool {
        let last = self.line[..self.at].chars().next_back();
        last.is_none_or(|last| last.is_whitespace() || ";|&()<>".contains(last))
    }

    fn push(&mut self, letter: char) {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes().to_vec();
        self.word().value.extend(bytes);
    }

    fn end_word(&mut self) {
        if let Some(word) = self.current.take() {
            self.words.push(word);
            self.awaits_file = false;
        }
    }

    fn outside(&mut self, letter: char) {
        match letter {
            '\'' => self.open(Quote::Single),
            '"' => self.open(Quote::Double),
            '`' if self.quotes == Quotes::Nushell => self.open(Quote::Backtick),
            '$' if self.quotes == Quotes::Bash && self.line[self.at..].starts_with('\'') => {
                self.open(Quote::Dollar);
                self.at += 1;
            }
            '\\' if self.quotes == Quotes::Bash => {
                self.word();
                // A line that goes on in the next one is one line.
                if let Some(escaped) = self.next().filter(|escaped| *escaped != '\n') {
                    self.push(escaped);
                }
            }
            '$' | '`' => {
                self.word().is_expanded = true;
                self.push(letter);
            }
            '<' | '>' => self.redirect(),
            '&' if self.next_if(|next| next == '>').is_some() => self.redirect(),
            ';' | '|' | '&' | '(' | ')' | '\n' => {
                // Another command begins.
                self.current = None;
                self.words.clear();
                self.awaits_file = false;
            }
            _ if letter.is_whitespace() => self.end_word(),
            _ => self.push(letter),
        }
    }

    /// `2>&1`, `>> file`: a number right before the sign is a part of it.
    fn redirect(&mut self) {
        if self.current.as_ref().is_some_and(|word| word.value.iter().all(u8::is_ascii_digit)) {
            self.current = None;
        }
        self.end_word();
        while self.next_if(|next| "<>&|".contains(next)).is_some() {}
        self.awaits_file = true;
    }

    fn open(&mut self, quote: Quote) {
        self.word();
        self.open = Some(quote);
    }

    fn inside(&mut self, quote: Quote, letter: char) {
        let ends = match quote {
            Quote::Single | Quote::Dollar => '\'',
            Quote::Double => '"',
            Quote::Backtick => '`',
        };
        let is_nushell = self.quotes == Quotes::Nushell;
        let is_like_c = quote == Quote::Dollar || (quote == Quote::Double && is_nushell);
        match letter {
            _ if letter == ends => self.open = None,
            '\\' if is_like_c => self.escape_of_c(),
            '\\' if quote == Quote::Double => match self.next_if(|next| ESCAPED_IN_DOUBLE.contains(next)) {
                Some('\n') => {}
                next => self.push(next.unwrap_or(letter)),
            },
            '$' | '`' if quote == Quote::Double && !is_nushell => {
                self.word().is_expanded = true;
                self.push(letter);
            }
            _ => self.push(letter),
        }
    }

    /// What follows a backslash: `\n`, `\x41`, `\u00e9`, `\u{e9}`, `\101`.
    fn escape_of_c(&mut self) {
        let Some(letter) = self.next() else { return };
        match letter {
            'a' => self.push('\u{7}'),
            'b' => self.push('\u{8}'),
            'e' | 'E' => self.push('\u{1b}'),
            'f' => self.push('\u{c}'),
            'n' => self.push('\n'),
            'r' => self.push('\r'),
            't' => self.push('\t'),
            'v' => self.push('\u{b}'),
            'x' => self.push_byte(16, 2),
            'u' if self.next_if(|next| next == '{').is_some() => {
                self.push_numbered(16, 6);
                self.next_if(|next| next == '}');
            }
            'u' => self.push_numbered(16, 4),
            'U' => self.push_numbered(16, 8),
            '0'..='7' => {
                self.at -= 1;
                self.push_byte(8, 3);
            }
            _ => self.push(letter),
        }
    }

    fn number(&mut self, radix: u32, most: usize) -> u32 {
        let mut number = 0;
        for _ in 0..most {
            let Some(digit) = self.next_if(|next| next.is_digit(radix)) else { break };
            number = number * radix + digit.to_digit(radix).unwrap_or_default();
        }
        number
    }

    fn push_byte(&mut self, radix: u32, most: usize) {
        let byte = self.number(radix, most).to_le_bytes()[0];
        self.word().value.push(byte);
    }

    fn push_numbered(&mut self, radix: u32, most: usize) {
        let number = self.number(radix, most);
        self.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
}
