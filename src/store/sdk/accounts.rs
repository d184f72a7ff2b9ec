//! The text of `RegisteredAccounts.json`, and edits of one profile in it.

use super::json::{self, Layout, Member};
use std::ops::Range;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The profiles of the store.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Accounts {
    text: String,
    whole: Range<usize>,
    members: Vec<Member>,
}

/// One of them.
pub(super) struct Account<'a> {
    of: &'a Accounts,
    index: usize,
    members: Vec<Member>,
}

impl Accounts {
    /// `None` for what is no JSON object. An empty file is an empty store.
    pub(super) fn parse(bytes: Vec<u8>) -> Option<Self> {
        Self::of(String::from_utf8(bytes).ok()?)
    }

    fn of(text: String) -> Option<Self> {
        let text = if text.trim_start_matches(BYTE_ORDER_MARK).trim().is_empty() { "{}".to_owned() } else { text };
        // Blanks around it, and the mark that some editors put before it, are no part of it.
        let start = text.find(|character: char| !character.is_whitespace() && character != '\u{feff}')?;
        let whole = start..text.trim_end().len();
        let members = json::members(&text, whole.clone())?;
        Some(Self { text, whole, members })
    }

    fn edited(text: String) -> Self {
        Self::of(text).expect("an edit of JSON is JSON")
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// All that are objects.
    pub(super) fn iter(&self) -> impl Iterator<Item = Account<'_>> {
        let account = |(index, member): (usize, &Member)| {
            let members = json::members(&self.text, member.value.clone())?;
            Some(Account { of: self, index, members })
        };
        self.members.iter().enumerate().filter_map(account)
    }

    /// The one of a profile, in upper or lower case, as .NET finds it: the first.
    pub(super) fn find(&self, profile: &str) -> Option<Account<'_>> {
        self.iter().find(|account| account.name().is_some_and(|name| is_same_name(&name, profile)))
    }

    /// The same with one more, last.
    pub(super) fn with(&self, guid: &str, fields: &[(&str, String)]) -> Self {
        let layout = Layout::of(&self.text, &self.whole, &self.members).unwrap_or_else(|| Layout::usual(0));
        let theirs = self.iter().find_map(|account| Layout::of(&self.text, &account.range(), &account.members));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, json::quoted(value))).collect();
        let object = theirs.unwrap_or_else(|| Layout::usual(1)).object(&fields);
        Self::edited(if self.is_empty() {
            json::replaced(&self.text, self.whole.clone(), &layout.object(&[(guid, object)]))
        } else {
            let member = layout.member(guid, &object);
            json::inserted(&self.text, &self.members, self.members.len(), &layout, &member)
        })
    }
}

impl Account<'_> {
    /// Its `DisplayName`.
    pub(super) fn name(&self) -> Option<String> {
        self.field("DisplayName")
    }

    /// A field that is a text. Of several of one name the last counts.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let member = self.members.iter().rev().find(|member| member.name == name)?;
        serde_json::from_str(&self.of.text[member.value.clone()]).ok()
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.name.as_str())
    }

    /// The store with a field of it set: in its place, or else before the first field that `follows` it.
    pub(super) fn set(&self, name: &str, value: &str, follows: impl Fn(&str) -> bool) -> Accounts {
        let text = &self.of.text;
        let value = json::quoted(value);
        Accounts::edited(match self.members.iter().rev().find(|member| member.name == name) {
            Some(member) => json::replaced(text, member.value.clone(), &value),
            None => {
                let layout = Layout::of(text, &self.range(), &self.members).unwrap_or_else(|| Layout::usual(1));
                let next = self.members.iter().position(|member| follows(&member.name));
                let member = layout.member(name, &value);
                json::inserted(text, &self.members, next.unwrap_or(self.members.len()), &layout, &member)
            }
        })
    }

    /// The store without a field of it; `None` when it has no such field.
    pub(super) fn unset(&self, name: &str) -> Option<Accounts> {
        let index = self.members.iter().position(|member| member.name == name)?;
        Some(Accounts::edited(json::without(&self.of.text, &self.members, index)))
    }

    /// The store without it.
    pub(super) fn removed(&self) -> Accounts {
        Accounts::edited(match self.of.members.len() {
            1 => json::replaced(&self.of.text, self.of.whole.clone(), "{}"),
            _ => json::without(&self.of.text, &self.of.members, self.index),
        })
    }

    fn range(&self) -> Range<usize> {
        self.of.members[self.index].value.clone()
    }
}

/// .NET compares names letter by letter in upper case, without any language's rules.
fn is_same_name(one: &str, other: &str) -> bool {
    fn upper(text: &str) -> impl Iterator<Item = char> {
        text.chars().map(|character| {
            let mut upper = character.to_uppercase();
            // What becomes two letters stays as it is.
            upper.next().filter(|_| upper.next().is_none()).unwrap_or(character)
        })
    }
    upper(one).eq(upper(other))
}
