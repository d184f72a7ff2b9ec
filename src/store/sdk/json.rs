//! JSON that is edited as text: where the members of an object are, and a new text with one of them changed.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

/// A member of an object, by its place in the whole text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: String,
    /// Where its name begins, with its quotes.
    pub(super) start: usize,
    pub(super) value: Range<usize>,
}

/// The members of the object that is there; `None` where there is something else.
pub(super) fn members(text: &str, object: Range<usize>) -> Option<Vec<Member>> {
    let Raw(raw) = serde_json::from_str(&text[object.clone()]).ok()?;
    let mut end = object.start;
    let found = raw.into_iter().map(|(name, value)| {
        let at = value.get().as_ptr().addr() - text.as_ptr().addr();
        // What lies between is a brace or comma, and blanks.
        let start = end + text[end..].find('"')?;
        end = at + value.get().len();
        Some(Member { name, start, value: at..end })
    });
    found.collect()
}

/// How a text is laid out: what stands before each name of an object, before its closing brace, and after a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) before_name: String,
    pub(super) before_end: String,
    pub(super) after_name: String,
}

impl Layout {
    /// As .NET has it, so many objects deep.
    pub(super) fn usual(depth: usize) -> Self {
        let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
        Self { before_name: line(depth + 1), before_end: line(depth), after_name: ": ".to_owned() }
    }

    /// That of an object; `None` where it has no members to see it by.
    pub(super) fn of(text: &str, object: &Range<usize>, members: &[Member]) -> Option<Self> {
        let (first, last) = (members.first()?, members.last()?);
        let name_end = first.start + 1 + text[first.start + 1..first.value.start].rfind('"')?;
        Some(Self {
            before_name: text[object.start + 1..first.start].to_owned(),
            before_end: text[last.value.end..object.end - 1].to_owned(),
            after_name: text[name_end + 1..first.value.start].to_owned(),
        })
    }

    /// A member as text.
    pub(super) fn member(&self, name: &str, value: &str) -> String {
        format!("{}{}{value}", quoted(name), self.after_name)
    }

    /// An object of such members.
    pub(super) fn object(&self, members: &[(&str, String)]) -> String {
        let members: Vec<_> =
            members.iter().map(|(name, value)| format!("{}{}", self.before_name, self.member(name, value))).collect();
        format!("{{{}{}}}", members.join(","), self.before_end)
    }
}

pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("texts always serialize")
}

/// The text with something else in the place of a part.
pub(super) fn replaced(text: &str, part: Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..part.start], &text[part.end..])
}

/// The text without one of an object's members, which is not the only one.
pub(super) fn without(text: &str, members: &[Member], index: usize) -> String {
    let part = match members.get(index + 1) {
        Some(next) => members[index].start..next.start,
        None => members[index - 1].value.end..members[index].value.end,
    };
    replaced(text, part, "")
}

/// The text with one more member before that of an index, or behind the last, in an object that has some.
pub(super) fn inserted(text: &str, members: &[Member], index: usize, layout: &Layout, member: &str) -> String {
    if let Some(next) = members.get(index) {
        return replaced(text, next.start..next.start, &format!("{member},{}", layout.before_name));
    }
    let end = members.last().expect("there are some").value.end;
    replaced(text, end..end, &format!(",{}{member}", layout.before_name))
}

struct Raw<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Raw<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Raw(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
