//! A line as it is typed in a shell, cut into words up to the cursor.

mod bash;
mod cutter;

pub(super) use bash::Insertion;

use crate::context::Vars;
use crate::shell::Shell;
use cutter::{Cutter, Quotes};

/// The words of a line, without the command's own name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The last one is typed at this moment, and perhaps empty.
    pub(super) words: Vec<Word>,
    /// Whether the last one names a file that the shell reads or writes.
    pub(super) is_redirected: bool,
    /// How a value gets into the line. `None`: the shell's script quotes it.
    pub(super) insertion: Option<Insertion>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As the command would get it.
    pub(super) value: String,
    /// Where it begins in the line, in characters.
    place: usize,
}

impl Cut {
    /// `None` where nothing can be completed: in the command's own name, and in a word that the shell is yet to expand.
    pub(super) fn of(line: &str, shell: Shell, vars: &Vars) -> Option<Self> {
        let quotes = match shell {
            Shell::Tcsh => return Self::of_unquoted(line),
            Shell::Nushell => Quotes::Nushell,
            _ => Quotes::Bash,
        };
        let cutter = Cutter::cut(line, quotes);
        let last = cutter.words.last().filter(|last| !last.is_expanded)?;
        let insertion = match shell {
            Shell::Bash => Some(Insertion::at_the_end_of(line, last.at, vars)?),
            _ => None,
        };
        let is_redirected = last.is_redirected;
        let words = cutter.words.iter().enumerate().skip(1);
        let count = cutter.words.len();
        let words = words.filter(|(number, word)| !word.is_redirected || number + 1 == count);
        let words: Vec<Word> =
            words.map(|(_, word)| Word { value: word.value(), place: line[..word.at].chars().count() }).collect();
        (!words.is_empty()).then_some(Self { words, is_redirected, insertion })
    }

    /// tcsh takes the quotes away before it tells the line; where a word with a blank began, nobody can know any more.
    fn of_unquoted(line: &str) -> Option<Self> {
        let is_blank = |letter: char| letter == ' ' || letter == '\t';
        let mut words: Vec<&str> = line.split(is_blank).filter(|word| !word.is_empty()).collect();
        if line.ends_with(is_blank) {
            words.push("");
        }
        let is_redirected = words.iter().rev().nth(1).is_some_and(|before| before.starts_with(['<', '>']));
        let words = words.into_iter().skip(1).map(|word| Word { value: word.to_owned(), place: 0 });
        let words: Vec<Word> = words.collect();
        (!words.is_empty()).then_some(Self { words, is_redirected, insertion: None })
    }

    /// Where a word begins in the line, in characters; words are counted from 1.
    pub(super) fn place_of(&self, word: usize) -> usize {
        self.words.get(word - 1).map_or(0, |word| word.place)
    }
}

#[cfg(test)]
mod tests;
