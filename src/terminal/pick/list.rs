//! What a person sees of the choices: keys in, lines out.

use super::Choices;
use super::keys::Key;

/// The size of a terminal, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// The choices that are left, one of them marked.
pub(super) struct List<'a> {
    title: &'a str,
    choices: &'a Choices,
    /// The place of the one that is marked as long as nothing is typed.
    usually: usize,
    typed: String,
    /// The places of those that match.
    matches: Vec<usize>,
    /// Which of those is marked.
    marked: usize,
    /// Which of those is shown first.
    top: usize,
}

/// What a key leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Stay,
    /// The choice at this place.
    Take(usize),
    Leave,
}

/// So many choices are seen at once, where the window has room.
const MOST_SHOWN: usize = 10;

impl<'a> List<'a> {
    pub(super) fn new(title: &'a str, choices: &'a Choices, usually: Option<usize>) -> Self {
        let usually = usually.unwrap_or_default();
        Self { title, choices, usually, typed: String::new(), matches: choices.matching(""), marked: usually, top: 0 }
    }

    pub(super) fn press(&mut self, key: Key) -> Step {
        let last = self.matches.len().saturating_sub(1);
        match key {
            Key::Enter => match self.matches.get(self.marked) {
                Some(place) => return Step::Take(*place),
                None => return Step::Stay,
            },
            Key::Interrupt => return Step::Leave,
            Key::Escape | Key::End if self.typed.is_empty() => return Step::Leave,
            Key::End => {}
            Key::Up => self.marked = self.marked.checked_sub(1).unwrap_or(last),
            Key::Down => self.marked = if self.marked < last { self.marked + 1 } else { 0 },
            Key::PageUp => self.marked = self.marked.saturating_sub(MOST_SHOWN),
            Key::PageDown => self.marked = last.min(self.marked + MOST_SHOWN),
            Key::First => self.marked = 0,
            Key::Last => self.marked = last,
            Key::Typed(character) => self.narrow(|typed| typed.push(character)),
            Key::Backspace => self.narrow(|typed| {
                typed.pop();
            }),
            Key::Word => self.narrow(|typed| {
                let word = typed.trim_end().rfind(char::is_whitespace);
                typed.truncate(word.map_or(0, |blank| blank + 1));
            }),
            Key::All | Key::Escape => self.narrow(String::clear),
        }
        Step::Stay
    }

    fn narrow(&mut self, change: impl FnOnce(&mut String)) {
        const LONGEST: usize = 200;
        let before = self.typed.clone();
        change(&mut self.typed);
        if self.typed.len() > LONGEST {
            self.typed = before;
        } else if self.typed != before {
            self.matches = self.choices.matching(&self.typed);
            self.marked = if self.typed.is_empty() { self.usually } else { 0 };
            self.top = 0;
        }
    }

    /// The lines to show: first the one that is typed in.
    pub(super) fn lines(&mut self, window: Window) -> Vec<String> {
        // The last column stays free: some terminals wrap as soon as it is written.
        let columns = window.columns.saturating_sub(1);
        let room = window.rows.saturating_sub(2).clamp(1, MOST_SHOWN);
        self.top = self.top.min(self.marked).max((self.marked + 1).saturating_sub(room));
        let mut lines = vec![self.prompt(columns)];
        for (at, place) in self.matches.iter().enumerate().skip(self.top).take(room) {
            let mark = if at == self.marked { "> " } else { "  " };
            lines.push(cut(&format!("{mark}{}", self.choices.shown[*place]), columns));
        }
        if window.rows > lines.len() {
            lines.push(cut(&self.status(), columns));
        }
        lines
    }

    /// Where it is too long, the end of what is typed is what counts.
    fn prompt(&self, columns: usize) -> String {
        let title = format!("{}: ", self.title);
        let mut typed = self.typed.as_str();
        while !typed.is_empty() && width(&title) + width(typed) > columns {
            typed = &typed[typed.chars().next().map_or(0, char::len_utf8)..];
        }
        cut(&format!("{title}{typed}"), columns)
    }

    fn status(&self) -> String {
        let (matching, all) = (self.matches.len(), self.choices.shown.len());
        let advice = match matching {
            0 => "Backspace widens",
            _ => "type to narrow, Enter takes the marked one",
        };
        format!("  {matching} of {all}; {advice}")
    }
}

/// The beginning of a text, as far as there is room.
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let fits = |character: &char| {
        let room = left.checked_sub(columns_of(*character));
        left = room.unwrap_or(0);
        room.is_some()
    };
    text.chars().take_while(fits).chain(std::iter::once('…')).collect()
}

/// How many columns a text takes, at most.
fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Beyond the alphabets of Europe and the Near East a character may take two columns. Where it does not, a line is cut
/// a little early.
fn columns_of(character: char) -> usize {
    if character < '\u{1100}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { columns: 80, rows: 24 };

    fn choices(texts: &[&str]) -> Choices {
        Choices::of(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    fn type_in(list: &mut List<'_>, text: &str) {
        for character in text.chars() {
            assert_eq!(list.press(Key::Typed(character)), Step::Stay);
        }
    }

    #[test]
    fn what_is_typed_narrows_and_the_first_match_is_marked() {
        let choices = choices(&["Sandbox (1)", "Production (2)", "Production Backup (3)"]);
        let mut list = List::new("Account", &choices, None);
        list.press(Key::Down);
        assert_eq!(
            list.lines(WINDOW),
            [
                "Account: ",
                "  Sandbox (1)",
                "> Production (2)",
                "  Production Backup (3)",
                "  3 of 3; type to narrow, Enter takes the marked one"
            ]
        );
        type_in(&mut list, "b PROD");
        assert_eq!(
            list.lines(WINDOW),
            ["Account: b PROD", "> Production Backup (3)", "  1 of 3; type to narrow, Enter takes the marked one"]
        );
        assert_eq!(list.press(Key::Enter), Step::Take(2));
    }

    #[test]
    fn the_usual_one_is_marked_until_something_is_typed() {
        let texts: Vec<String> = (0..25).map(|number| number.to_string()).collect();
        let choices = Choices::of(&texts);
        let mut list = List::new("Role", &choices, Some(17));
        let lines = list.lines(WINDOW);
        assert_eq!((lines[1].as_str(), lines[10].as_str()), ("  8", "> 17"));
        type_in(&mut list, "1");
        assert_eq!(list.lines(WINDOW)[1], "> 1");
        list.press(Key::Backspace);
        assert_eq!(list.press(Key::Enter), Step::Take(17));
    }

    #[test]
    fn nothing_is_taken_where_nothing_matches() {
        let choices = choices(&["a", "b"]);
        let mut list = List::new("Role", &choices, None);
        type_in(&mut list, "x");
        assert_eq!(list.lines(WINDOW), ["Role: x", "  0 of 2; Backspace widens"]);
        for key in [Key::Enter, Key::Up, Key::Down, Key::PageDown, Key::PageUp, Key::Last, Key::First] {
            assert_eq!(list.press(key), Step::Stay, "{key:?}");
        }
        assert_eq!((list.press(Key::Backspace), list.press(Key::Enter)), (Step::Stay, Step::Take(0)));
    }

    #[test]
    fn the_mark_goes_round_and_takes_the_shown_part_along() {
        let texts: Vec<String> = (0..25).map(|number| number.to_string()).collect();
        let choices = Choices::of(&texts);
        let mut list = List::new("Role", &choices, None);
        for (key, marked, first) in [
            (Key::Up, 24, 15),
            (Key::Down, 0, 0),
            (Key::PageDown, 10, 1),
            (Key::PageDown, 20, 11),
            (Key::PageDown, 24, 15),
            (Key::PageUp, 14, 14),
            (Key::Down, 15, 14),
            (Key::First, 0, 0),
            (Key::Last, 24, 15),
        ] {
            list.press(key);
            let lines = list.lines(WINDOW);
            assert!(lines.contains(&format!("> {marked}")), "{key:?}: {lines:?}");
            assert_eq!((lines.len(), lines[1].trim_start_matches(['>', ' '])), (12, first.to_string().as_str()));
        }
    }

    #[test]
    fn what_is_typed_can_be_taken_back() {
        let choices = choices(&["a"]);
        let mut list = List::new("R", &choices, None);
        for (typed, key, left) in [
            ("ab", Key::Backspace, "a"),
            (" cd ef ", Key::Word, "a cd "),
            ("", Key::Word, "a "),
            ("x", Key::Escape, ""),
            ("y z", Key::All, ""),
            ("", Key::Backspace, ""),
        ] {
            type_in(&mut list, typed);
            assert_eq!(list.press(key), Step::Stay);
            assert_eq!(list.typed, left, "{key:?}");
        }
        assert_eq!((list.press(Key::Escape), list.press(Key::End)), (Step::Leave, Step::Leave));
        type_in(&mut list, "x");
        assert_eq!((list.press(Key::End), list.press(Key::Interrupt)), (Step::Stay, Step::Leave));
        type_in(&mut list, &"x".repeat(1000));
        assert_eq!(list.typed.len(), 200);
    }

    #[test]
    fn lines_fit_into_the_window() {
        let choices = choices(&["0123456789abcdef", "漢字漢字漢字漢字", "short"]);
        let mut list = List::new("Account", &choices, None);
        let small = Window { columns: 13, rows: 4 };
        assert_eq!(list.lines(small), ["Account: ", "> 012345678…", "  漢字漢字…", "  3 of 3; t…"]);
        list.press(Key::Last);
        assert_eq!(list.lines(small), ["Account: ", "  漢字漢字…", "> short", "  3 of 3; t…"]);
        assert_eq!(list.lines(Window { columns: 13, rows: 2 }), ["Account: ", "> short"]);
        assert_eq!(list.lines(Window { columns: 1, rows: 1 }).len(), 2);
        type_in(&mut list, "long words");
        assert_eq!(list.lines(small)[0], "Account: rds");
    }
}
