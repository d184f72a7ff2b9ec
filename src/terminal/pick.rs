//! One of many: a list that is typed at to narrow it.
//!
//! ```text
//! Account: prod eu
//! > Production Europe, cloud@example.com (111122223333)
//!   Production Europe Backup, cloud@example.com (444455556666)
//!   2 of 3000; type to narrow, Enter takes the marked one
//! ```
//!
//! It takes a few lines below the cursor, never the whole screen, and leaves one that says what was chosen. Whatever
//! is typed counts as words, all of which must stand somewhere in a text. Where the cursor cannot be moved the choices
//! are numbered, and the number is asked for.

#[cfg(unix)]
mod keys;
#[cfg(unix)]
mod list;
#[cfg(unix)]
mod live;
mod numbers;

#[cfg(unix)]
pub(super) use live::pick as pick_live;
pub(super) use numbers::pick as pick_by_number;

use crate::error::Printable;
use std::time::Duration;

/// What to choose from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick<'a> {
    /// What is chosen: `Account`.
    pub(crate) title: &'a str,
    pub(crate) choices: &'a [String],
    /// What is left of each on the screen when it is chosen. `None`: all of it.
    pub(crate) left: Option<&'a [String]>,
    /// The place of the one that Enter takes as long as nothing is typed. `None`: the list's first one.
    pub(crate) usually: Option<usize>,
    /// The place of the one that is left where no text holds what is typed.
    pub(crate) otherwise: Option<usize>,
    /// How long nothing may be typed.
    pub(crate) limit: Duration,
    /// Whether the terminal can move its cursor.
    #[cfg_attr(not(unix), expect(dead_code, reason = "a Windows console is always asked for a number"))]
    pub(crate) moves: bool,
}

impl Pick<'_> {
    /// What a choice is called in a line of its own, safe for a terminal.
    fn name(&self, place: usize) -> String {
        Printable(&self.left.unwrap_or(self.choices)[place]).to_string()
    }
}

/// Texts to choose from, safe for a terminal.
struct Choices {
    shown: Vec<String>,
    /// The same, regardless of case.
    folded: Vec<String>,
    otherwise: Option<usize>,
}

impl Choices {
    fn of(texts: &[String]) -> Self {
        let shown: Vec<String> = texts.iter().map(|text| Printable(text).to_string()).collect();
        Self { folded: shown.iter().map(|text| text.to_lowercase()).collect(), shown, otherwise: None }
    }

    fn or(self, otherwise: Option<usize>) -> Self {
        Self { otherwise, ..self }
    }

    /// The places of those that hold every word.
    fn matching(&self, typed: &str) -> Vec<usize> {
        let typed = typed.to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits = |at: &usize| words.iter().all(|word| self.folded[*at].contains(word));
        let found: Vec<usize> = (0..self.folded.len()).filter(fits).collect();
        if found.is_empty() { self.otherwise.into_iter().collect() } else { found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_stand_somewhere_in_the_text_in_any_case() {
        let texts = ["Production Europe (1111)", "Production Asia (2222)", "Größe, X@Y (3311)"].map(str::to_owned);
        let choices = Choices::of(&texts);
        for (typed, matching) in [
            ("", &[0, 1, 2][..]),
            ("PROD", &[0, 1]),
            ("eu prod", &[0]),
            (" 11 ", &[0, 2]),
            ("GRÖSSE", &[]),
            ("grÖß", &[2]),
            ("prod x@y", &[]),
        ] {
            assert_eq!(choices.matching(typed), matching, "{typed}");
        }
    }

    #[test]
    fn where_nothing_matches_another_may_be_left() {
        let choices = Choices::of(&["Ireland", "London", "another"].map(str::to_owned)).or(Some(2));
        for (typed, matching) in [("", &[0, 1, 2][..]), ("ire", &[0]), ("o", &[1, 2]), ("mars", &[2])] {
            assert_eq!(choices.matching(typed), matching, "{typed}");
        }
    }

    #[test]
    fn control_characters_of_a_text_are_shown_and_not_sent() {
        assert_eq!(Choices::of(&["a\u{1b}[2Jb\n".to_owned()]).shown, [r"a\u{1b}[2Jb\u{a}"]);
    }
}
