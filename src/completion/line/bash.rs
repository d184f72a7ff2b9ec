//! What bash puts into a line: readline replaces what stands after the last word break, or after the quote that is open,
//! and closes that quote itself.
//!
//! Readline has ideas of its own about where a word begins. They are followed here, in `rl_complete_internal` and what it
//! calls, and in bash's `char_is_quoted`: <https://git.savannah.gnu.org/cgit/bash.git/tree/lib/readline/complete.c>

use super::cutter::{Cutter, Quote, Quotes};
use crate::context::Vars;

/// Where a value goes, and how it is quoted there.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::completion) struct Insertion {
    /// How much of the value stands in the line before it, in bytes.
    kept: usize,
    open: Option<Quote>,
}

/// Where words break for readline, where the variable `COMP_WORDBREAKS` does not say so.
const WORD_BREAKS: &str = " \t\n\"'@><=;|&(:";

impl Insertion {
    /// `word`: where the last word begins. `None` where readline would replace more than that word.
    pub(super) fn at_the_end_of(line: &str, word: usize, vars: &Vars) -> Option<Self> {
        // Blanks alone would be passed over, were the variable asked for as others are.
        let breaks = vars.os("COMP_WORDBREAKS").and_then(|breaks| breaks.to_str()).unwrap_or(WORD_BREAKS);
        let (start, quote) = start(line, breaks);
        let before = Cutter::cut(line.get(word..start)?, Quotes::Bash);
        let open = before.open;
        let is_agreed = match open {
            None => quote.is_none(),
            Some(Quote::Double) => quote == Some('"'),
            Some(_) => quote == Some('\''),
        };
        let kept = before.words.last().map_or(0, |last| last.value().len());
        is_agreed.then_some(Self { kept, open })
    }

    /// Adds a value to the text, without what stands in the line already.
    pub(in crate::completion) fn write(&self, value: &str, text: &mut String) {
        let rest = value.get(self.kept..).unwrap_or_default();
        let at = text.len();
        for (number, letter) in rest.chars().enumerate() {
            match self.open {
                None => push_outside(letter, number + self.kept == 0, text),
                Some(Quote::Double) => push_in_double(letter, text),
                Some(Quote::Dollar) => push_in_dollar(letter, text),
                Some(Quote::Single | Quote::Backtick) => push_in_single(letter, text),
            }
        }
        // Readline takes a quote at the beginning for the one that is open, and drops one of them.
        let quote = self.open.map(|open| if open == Quote::Double { '"' } else { '\'' });
        if let Some(quote) = quote.filter(|quote| text[at..].starts_with(*quote)) {
            text.insert(at, quote);
        }
    }
}

/// The place from which readline replaces what is typed, in bytes, and the quote that it takes for open.
pub(super) fn start(line: &str, breaks: &str) -> (usize, Option<char>) {
    let (mut quote, mut after_quote) = (None, 0);
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (None | Some('"'), '\\') => drop(letters.next()),
            (None, '\'' | '"') => (quote, after_quote) = (Some(letter), at + 1),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    if quote.is_some() {
        return (after_quote, quote);
    }
    let quoted = quoted_ranges(line);
    let is_break =
        |(at, letter): &(usize, char)| breaks.contains(*letter) && !quoted.iter().any(|range| range.contains(at));
    let last = line.char_indices().rev().find(is_break);
    // An `@` that breaks words is taken to begin the name of a host, and is a part of it.
    (last.map_or(0, |(at, letter)| if letter == '@' { at } else { at + letter.len_utf8() }), None)
}

/// What a quote or a backslash takes the meaning from, the quotes themselves among it.
fn quoted_ranges(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let (ends, escapes) = match letter {
            '\\' => {
                letters.next();
                ranges.push(at + 1..letters.peek().map_or(line.len(), |(next, _)| *next));
                continue;
            }
            '$' if letters.next_if(|(_, next)| *next == '\'').is_some() => ('\'', true),
            '\'' => ('\'', false),
            '"' => ('"', true),
            _ => continue,
        };
        while let Some((_, inner)) = letters.next() {
            if inner == ends {
                break;
            }
            if escapes && inner == '\\' {
                letters.next();
            }
        }
        ranges.push(at..letters.peek().map_or(line.len(), |(next, _)| *next));
    }
    ranges
}

fn push_outside(letter: char, is_first: bool, text: &mut String) {
    let is_plain = letter.is_ascii_alphanumeric() || "_-./:=,@%+".contains(letter) || !letter.is_ascii();
    // Only where it begins a word a tilde is more than itself.
    let is_plain = is_plain || (letter == '~' && !is_first);
    if !is_plain {
        text.push('\\');
    }
    text.push(letter);
}

fn push_in_single(letter: char, text: &mut String) {
    match letter {
        '\'' => text.push_str(r"'\''"),
        _ => text.push(letter),
    }
}

fn push_in_double(letter: char, text: &mut String) {
    match letter {
        '"' | '$' | '`' | '\\' => text.extend(['\\', letter]),
        // In the history's place a backslash would stay.
        '!' => text.push_str("\"'!'\""),
        _ => text.push(letter),
    }
}

/// A quote is left, as readline does not know that a backslash could keep it.
fn push_in_dollar(letter: char, text: &mut String) {
    match letter {
        '\'' => text.push_str(r"'\'$'"),
        '\\' => text.push_str(r"\\"),
        _ => text.push(letter),
    }
}
