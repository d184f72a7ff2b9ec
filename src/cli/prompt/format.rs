//! The format of a prompt: `{color}{profile}[ {account}][ {left}]{reset}`.
//!
//! Text, placeholders in braces, and groups in square brackets, which vanish where none of the placeholders in them has a
//! value. A backslash takes the next character as it is.

use super::facts::{Facts, State};
use super::paint::Paint;
use crate::error::Error;
use std::iter::Peekable;
use std::str::Chars;

/// The format where none is given.
pub(super) const USUAL: &str = "{color}{profile}[ {account}][ {left}]{reset}";
/// The same without colours.
pub(super) const PLAIN: &str = "{profile}[ {account}][ {left}]";

/// The placeholders for facts.
const VALUES: [(&str, Value); 5] = [
    ("profile", Value::Profile),
    ("account", Value::Account),
    ("region", Value::Region),
    ("left", Value::Left),
    ("state", Value::State),
];

/// The placeholders for colours, as ECMA-48 numbers them.
const COLOURS: [(&str, &str); 9] = [
    ("red", "31"),
    ("yellow", "33"),
    ("green", "32"),
    ("blue", "34"),
    ("magenta", "35"),
    ("cyan", "36"),
    ("bold", "1"),
    ("dim", "2"),
    ("reset", "0"),
];

/// The placeholder for the colour of the state.
const COLOUR_OF_STATE: &str = "color";

/// A format that has been read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Format(Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Value),
    /// The number of a colour, or of an attribute.
    Colour(&'static str),
    ColourOfState,
    Group(Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Profile,
    Account,
    Region,
    Left,
    State,
}

/// A format's text, as it is shown; and whether any value is in it.
#[derive(Default)]
struct Shown {
    text: String,
    has_value: bool,
}

impl Format {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        pieces(&mut text.chars().peekable(), false).map(Self)
    }

    pub(super) fn render(&self, facts: &Facts, paint: &Paint) -> String {
        shown(&self.0, facts, paint).text
    }
}

/// The pieces up to the end, or up to the bracket that ends a group.
fn pieces(rest: &mut Peekable<Chars<'_>>, is_group: bool) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    loop {
        match rest.next() {
            Some('{') => pieces.push(placeholder(rest)?),
            Some('[') => pieces.push(Piece::Group(self::pieces(rest, true)?)),
            Some(']') if is_group => {
                if !pieces.iter().any(|piece| matches!(piece, Piece::Value(_) | Piece::Group(_))) {
                    return Err(wrong(
                        "a group has no placeholder, so that it is never shown",
                        "write `\\[` for a bracket",
                    ));
                }
                return Ok(pieces);
            }
            Some(']') => return Err(wrong("there is a `]` without its `[`", "write `\\]` for a bracket")),
            None if is_group => return Err(wrong("there is a `[` without its `]`", "write `\\[` for a bracket")),
            None => return Ok(pieces),
            Some('\\') => match rest.next() {
                Some(character) => add(&mut pieces, character),
                None => {
                    return Err(wrong("there is nothing behind the last backslash", "write `\\\\` for a backslash"));
                }
            },
            Some(character) => add(&mut pieces, character),
        }
    }
}

fn add(pieces: &mut Vec<Piece>, character: char) {
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push(character),
        _ => pieces.push(Piece::Text(character.into())),
    }
}

fn placeholder(rest: &mut Peekable<Chars<'_>>) -> Result<Piece, Error> {
    let mut name = String::new();
    loop {
        match rest.next() {
            Some('}') => break,
            Some(character) => name.push(character),
            None => return Err(wrong("there is a `{` without its `}`", "write `\\{` for a brace")),
        }
    }
    if name == COLOUR_OF_STATE {
        return Ok(Piece::ColourOfState);
    }
    let value = VALUES.iter().find(|(known, _)| *known == name).map(|(_, value)| Piece::Value(*value));
    let colour = || COLOURS.iter().find(|(known, _)| *known == name).map(|(_, sgr)| Piece::Colour(sgr));
    value.or_else(colour).ok_or_else(|| {
        let names = VALUES.iter().map(|(name, _)| *name).chain([COLOUR_OF_STATE]);
        let names: Vec<String> =
            names.chain(COLOURS.iter().map(|(name, _)| *name)).map(|name| format!("{{{name}}}")).collect();
        wrong(&format!("there is no placeholder {{{name}}}"), &format!("there are {}", names.join(", ")))
    })
}

fn wrong(cause: &str, hint: &str) -> Error {
    Error::usage("cannot use the format").cause(cause).hint(hint)
}

fn shown(pieces: &[Piece], facts: &Facts, paint: &Paint) -> Shown {
    let mut shown = Shown::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => shown.text.push_str(text),
            Piece::Colour(sgr) => shown.text.push_str(&paint.colour(sgr)),
            Piece::ColourOfState => {
                shown.text.extend(sgr(facts.state).map(|sgr| paint.colour(sgr)));
            }
            Piece::Value(value) => {
                if let Some(value) = value.of(facts) {
                    shown.text.push_str(&paint.text(&value));
                    shown.has_value = true;
                }
            }
            Piece::Group(pieces) => {
                let group = self::shown(pieces, facts, paint);
                if group.has_value {
                    shown.text.push_str(&group.text);
                    shown.has_value = true;
                }
            }
        }
    }
    shown
}

/// The colour that warns, or does not; `None` where it could be either.
fn sgr(state: State) -> Option<&'static str> {
    match state {
        State::Ok => Some("32"),
        State::Unsure => None,
        State::Soon | State::Code => Some("33"),
        State::Ended | State::Unknown | State::Broken => Some("31"),
    }
}

impl Value {
    /// `None`: there is nothing to show. That all is well goes without saying.
    fn of(self, facts: &Facts) -> Option<String> {
        match self {
            Self::Profile => Some(facts.shown_profile()),
            Self::Account => facts.account_id.clone(),
            Self::Region => facts.region.clone(),
            Self::Left => facts.left(),
            Self::State => Some(facts.state).filter(|state| *state != State::Ok).map(|state| state.name().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
