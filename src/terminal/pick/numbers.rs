//! The list where the cursor cannot be moved: a number chooses, any other text narrows.

use super::super::{NoAnswer, Question, Typing, platform};
use super::{Choices, Pick};
use std::fmt::Write as _;

/// So many are shown at once.
const MOST_SHOWN: usize = 20;

/// What an answer leads to.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// The choice at this place.
    Take(usize),
    /// Only what holds these words, with a word on why.
    Show(String, Option<String>),
}

/// The place of what was chosen.
pub(in super::super) fn pick(pick: &Pick<'_>) -> Result<usize, NoAnswer> {
    let choices = Choices::of(pick.choices).or(pick.otherwise);
    let (mut typed, mut told) = (String::new(), None);
    loop {
        let matches = choices.matching(&typed);
        let usually = pick.usually.filter(|_| typed.is_empty());
        let usual = usually.map(|place| pick.name(place));
        let text = text(pick.title, &choices, &matches, usual.as_deref(), told.as_deref());
        let question = Question { text: &text, typing: Typing::Shown, limit: pick.limit, lock: None };
        let answer = platform::ask(&question)?;
        match step(answer.expose().trim(), &choices, &matches, usually) {
            Step::Take(place) => return Ok(place),
            Step::Show(words, why) => (typed, told) = (words, why),
        }
    }
}

/// `usual` is the one that an empty answer takes.
fn text(title: &str, choices: &Choices, matches: &[usize], usual: Option<&str>, told: Option<&str>) -> String {
    let mut text = told.map(|told| format!("{told}\n")).unwrap_or_default();
    writeln!(text, "{title}, {} of {}:", matches.len(), choices.shown.len()).expect("a String takes all");
    for (number, place) in (1..).zip(matches.iter().take(MOST_SHOWN)) {
        writeln!(text, "{number:4}  {}", choices.shown[*place]).expect("a String takes all");
    }
    if matches.len() > MOST_SHOWN {
        text.push_str("      and more\n");
    }
    let usual = usual.map(|name| format!(" [{name}]")).unwrap_or_default();
    text + "Number, or text to narrow" + &usual + ": "
}

fn step(answer: &str, choices: &Choices, matches: &[usize], usually: Option<usize>) -> Step {
    let shown = &matches[..matches.len().min(MOST_SHOWN)];
    match (answer, shown, usually) {
        ("", _, Some(usual)) => return Step::Take(usual),
        ("", [only], None) => return Step::Take(*only),
        ("", _, None) => return Step::Show(String::new(), None),
        _ => {}
    }
    // Numbers of accounts are longer than any of these.
    let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match number.and_then(|number| shown.get(number)) {
        Some(place) => Step::Take(*place),
        None if choices.matching(answer).is_empty() => {
            Step::Show(String::new(), Some(format!("Nothing holds \"{answer}\".")))
        }
        None => Step::Show(answer.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_chooses_and_any_other_text_narrows() {
        let choices = Choices::of(&["Sandbox (41)", "Production (42)", "Staging (7)"].map(str::to_owned));
        let all = choices.matching("");
        for (answer, matches, step_expected) in [
            ("2", &all[..], Step::Take(1)),
            ("1", &[2], Step::Take(2)),
            ("4", &all, Step::Show("4".into(), None)),
            ("prod", &all, Step::Show("prod".into(), None)),
            ("0", &all, Step::Show(String::new(), Some("Nothing holds \"0\".".into()))),
            ("", &all, Step::Show(String::new(), None)),
            ("", &[1], Step::Take(1)),
        ] {
            assert_eq!(step(answer, &choices, matches, None), step_expected, "{answer}");
        }
        assert_eq!(step("", &choices, &all, Some(2)), Step::Take(2));
        assert_eq!(step("1", &choices, &all, Some(2)), Step::Take(0));
        let text = text("Account", &choices, &all, Some("Staging (7)"), None);
        assert!(text.ends_with("\nNumber, or text to narrow [Staging (7)]: "), "{text}");
    }

    #[test]
    fn a_long_list_shows_its_beginning() {
        let choices = Choices::of(&(0..30).map(|number| format!("role-{number}")).collect::<Vec<_>>());
        let matches = choices.matching("");
        let text = text("Role", &choices, &matches, None, None);
        assert!(text.starts_with("Role, 30 of 30:\n   1  role-0\n   2  role-1\n"), "{text}");
        assert!(text.ends_with("  20  role-19\n      and more\nNumber, or text to narrow: "), "{text}");
        assert_eq!(step("21", &choices, &matches, None), Step::Show("21".into(), None));
    }
}
