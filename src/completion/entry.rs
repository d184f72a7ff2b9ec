//! A line of the texts that completion goes by: `NAME = KIND: DESCRIPTION`.
//!
//! They are texts and no tables, for each address in a table costs every start of keyfob, be it for completion or not.

use super::kind::Kind;

/// An option, a word or a setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Of an option: the long one, with its hyphens.
    pub(super) name: &'static str,
    /// The short name of an option, with its hyphen.
    pub(super) short: Option<&'static str>,
    /// Whether it may come more than once.
    pub(super) is_repeated: bool,
    /// What kind of value it takes. `None`: it takes none.
    pub(super) kind: Option<Kind>,
    pub(super) description: &'static str,
}

/// Behind the names of what may come more than once.
pub(super) const REPEATED: &str = "...";

impl Entry {
    pub(super) fn parse(line: &'static str) -> Self {
        let (before, description) = line.split_once(": ").unwrap_or((line, ""));
        let (names, kind) = before.split_once(" = ").map_or((before, None), |(names, kind)| (names, Some(kind)));
        let once = names.strip_suffix(REPEATED);
        let (name, short) = once
            .unwrap_or(names)
            .split_once(' ')
            .map_or((once.unwrap_or(names), None), |(name, short)| (name, Some(short)));
        let kind = kind.map(|kind| Kind::named(kind).unwrap_or(Kind::Free));
        Self { name, short, is_repeated: once.is_some(), kind, description }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_names_a_kind_and_a_description() {
        let entry = Entry::parse("--profile -p = profile: profile: which one");
        assert_eq!((entry.name, entry.short, entry.is_repeated), ("--profile", Some("-p"), false));
        assert_eq!((entry.kind, entry.description), (Some(Kind::Profile), "profile: which one"));
        let entry = Entry::parse("word... = a|b");
        assert_eq!((entry.name, entry.short, entry.is_repeated), ("word", None, true));
        assert_eq!((entry.kind, entry.description), (Some(Kind::OneOf("a|b")), ""));
        assert_eq!(Entry::parse("--all: take all").kind, None);
    }
}
