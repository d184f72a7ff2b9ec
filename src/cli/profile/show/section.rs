//! A section as a person, or a program, is shown it.

use crate::error::{Error, Printable};
use crate::plan;
use crate::profile::{Lines, Profile, SectionKind, SectionName, Setting};
use crate::secret::is_secret;
use crate::store::StoreName;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt::Write as _;

/// How sections are read.
pub(super) struct Reading<'l> {
    pub(super) reveal: bool,
    /// With places, where there is somebody who wants them.
    pub(super) lines: Option<&'l Lines>,
}

/// The settings of a section that count.
pub(super) struct Section(Vec<Shown>);

struct Shown {
    /// In small letters, in which all tools know it.
    key: String,
    value: Value,
    place: Option<String>,
}

enum Value {
    Text(String),
    /// Names as they are spelled.
    Block(Vec<(String, String)>),
}

impl Section {
    /// An error when a value is not text.
    pub(super) fn of(profile: &Profile<'_>, reading: &Reading<'_>) -> Result<Self, Error> {
        Ok(Self(profile.effective()?.iter().map(|setting| Shown::of(setting, reading)).collect()))
    }

    pub(super) fn to_text(&self) -> String {
        self.0.iter().map(Shown::to_text).collect()
    }
}

impl Shown {
    fn of(setting: &Setting<'_>, reading: &Reading<'_>) -> Self {
        let key = setting.key().to_ascii_lowercase();
        let hides_all = is_secret(&key);
        let shown = |name: &str, value: &str| {
            if !reading.reveal && (hides_all || is_secret(name)) { masked(value) } else { value.to_owned() }
        };
        let value = match setting.sub_properties() {
            None if key == "keyfob_store" && !reading.reveal => {
                let store = StoreName::parse(&setting.value);
                Value::Text(store.map_or_else(|| setting.value.to_string(), |store| store.shown()))
            }
            None => Value::Text(shown("", &setting.value)),
            Some(block) => {
                let is_last =
                    |at: usize, name: &str| !block[at + 1..].iter().any(|(later, _)| later.eq_ignore_ascii_case(name));
                let counted = block.iter().enumerate().filter(|(at, (name, _))| is_last(*at, name));
                Value::Block(counted.map(|(_, (name, value))| ((*name).to_owned(), shown(name, value))).collect())
            }
        };
        let place =
            reading.lines.map(|lines| format!("{}:{}", setting.place.path().display(), lines.line(setting.place)));
        Self { key, value, place }
    }

    /// As it could stand in a file, its place in a comment.
    fn to_text(&self) -> String {
        let mut lines = match &self.value {
            Value::Text(text) => {
                let mut lines = text.split('\n');
                let first = format!("{} = {}", self.key, lines.next().unwrap_or_default());
                let more = lines.map(|line| format!("    {line}"));
                std::iter::once(first.trim_end().to_owned()).chain(more).collect()
            }
            Value::Block(block) => {
                let inner = block.iter().map(|(name, value)| format!("    {name} = {value}").trim_end().to_owned());
                std::iter::once(format!("{} =", self.key)).chain(inner).collect::<Vec<String>>()
            }
        };
        if let Some(place) = &self.place {
            lines[0] += &["  # ", place].concat();
        }
        let mut text = String::new();
        for line in lines {
            writeln!(text, "{}", Printable(&line)).expect("a String takes all");
        }
        text
    }
}

/// As the AWS CLI masks: its stars, and the end by which a person knows a secret again. Of a short one that would be most
/// of it.
fn masked(value: &str) -> String {
    const STARS: &str = "****************";
    const SHOWN: usize = 4;
    let letters = value.chars().count();
    let end: String = value.chars().skip(letters - SHOWN.min(letters)).collect();
    match letters {
        0 => String::new(),
        letters if letters < 2 * SHOWN => STARS.to_owned(),
        _ => format!("{STARS}{end}"),
    }
}

/// The line above the settings of a section, where there are many.
pub(super) fn header(section: SectionName<'_>) -> String {
    let SectionName { kind, name } = section;
    let header = match kind {
        SectionKind::Profile if name == plan::DEFAULT_PROFILE => format!("[{name}]"),
        kind => format!("[{} {name}]", kind.prefix()),
    };
    format!("{}\n", Printable(&header))
}

/// Sections as members under their names.
pub(super) fn as_map<S: Serializer>(sections: &[(&str, Section)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(sections.iter().map(|(name, section)| (name, section)))
}

impl Serialize for Section {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for Shown { key, value, place: _ } in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Block(block) => serializer.collect_map(block.iter().map(|(name, value)| (name, value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_the_end_of_what_is_long_enough() {
        for (value, expected) in [
            ("", ""),
            ("1234567", "****************"),
            ("12345678", "****************5678"),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "****************EKEY"),
            ("äöüßäöüß", "****************äöüß"),
        ] {
            assert_eq!(masked(value), expected);
        }
    }
}
