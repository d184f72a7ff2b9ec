//! The forms of a page, as far as a person who signs in fills them.
//!
//! ```html
//! <form method="post" action="https://signin.aws.amazon.com/saml">
//! <input type="hidden" name="SAMLResponse" value="PHNhbWxwOlJlc3BvbnNl&#x2b;…" />
//! ```

mod open_field;

use super::tokens::{self, Tag, Token};
use crate::secret::Secret;
use open_field::OpenField;

/// What a page holds. Values may be secret.
#[derive(Default)]
pub(crate) struct Page {
    pub(super) title: Option<String>,
    /// What it says went wrong, where AD FS says that.
    pub(super) complaint: Option<String>,
    /// Where its links begin, if not at itself.
    pub(super) base: Option<String>,
    forms: Vec<Form>,
    fields: Vec<Field>,
}

struct Form {
    action: Option<String>,
    is_post: bool,
}

struct Field {
    /// The form that it stands in, counted from 0.
    form: Option<usize>,
    kind: Kind,
    /// Only a button may have none.
    name: String,
    value: Secret,
    /// Where a button leads instead of its form.
    action: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Hidden,
    /// A line: a user's name goes there.
    Line,
    Password,
    /// Ticked, chosen, or written in an area for text.
    Set,
    Submit,
}

/// A form that asks for a password, with the names of what is to be filled in.
pub(super) struct Asking<'a> {
    pub(super) action: Option<&'a str>,
    pub(super) is_post: bool,
    pub(super) user: Option<&'a str>,
    pub(super) password: &'a str,
    /// What else a browser sends, in order.
    pub(super) others: Vec<(&'a str, &'a Secret)>,
}

impl Page {
    pub(super) fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut open_form = None;
        // The elements whose text is wanted, while they are open.
        let mut wanted: Option<(String, Wanted)> = None;
        let mut open_field: Option<OpenField> = None;
        for token in tokens::of(text) {
            match token {
                Token::Start(tag) => {
                    match tag.name.as_str() {
                        "form" if open_form.is_none() => open_form = Some(page.open_form(&tag)),
                        "input" => page.add_input(&tag, open_form),
                        "button" => page.add_button(&tag, open_form),
                        "base" if page.base.is_none() => page.base = tag.get("href").map(str::to_owned),
                        "select" | "textarea" => open_field = Some(OpenField::new(&tag)),
                        "option" => {
                            if let Some(field) = &mut open_field {
                                field.open_option(&tag);
                            }
                        }
                        _ => {}
                    }
                    if wanted.is_none() {
                        wanted = Wanted::of(&tag).filter(|what| !page.has_said(*what)).map(|what| (tag.name, what));
                    }
                }
                Token::End(name) => {
                    match name.as_str() {
                        "form" => open_form = None,
                        "select" | "textarea" => {
                            let field = open_field.take().filter(|field| field.tag.name == name);
                            page.add_chosen(field.as_ref(), open_form);
                        }
                        _ => {}
                    }
                    wanted = wanted.filter(|(open, _)| *open != name);
                }
                Token::Text(text) => {
                    if let Some(field) = &mut open_field {
                        field.say(&text);
                    }
                    if let Some((_, what)) = wanted {
                        page.say(what, &text);
                    }
                }
            }
        }
        page
    }

    fn open_form(&mut self, tag: &Tag) -> usize {
        let is_post = tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        self.forms.push(Form { action: tag.get("action").map(|action| action.trim().to_owned()), is_post });
        self.forms.len() - 1
    }

    fn add_input(&mut self, tag: &Tag, form: Option<usize>) {
        let kind = match tag.get("type").unwrap_or_default().to_ascii_lowercase().as_str() {
            "hidden" => Kind::Hidden,
            "password" => Kind::Password,
            "checkbox" | "radio" if tag.get("checked").is_none() => return,
            "checkbox" | "radio" => Kind::Set,
            "submit" => Kind::Submit,
            "image" | "button" | "reset" | "file" => return,
            _ => Kind::Line,
        };
        let usually = if kind == Kind::Set { "on" } else { "" };
        self.add(kind, tag, usually, form);
    }

    fn add_button(&mut self, tag: &Tag, form: Option<usize>) {
        let kind = tag.get("type").unwrap_or_default();
        if !["button", "reset"].iter().any(|other| kind.eq_ignore_ascii_case(other)) {
            self.add(Kind::Submit, tag, "", form);
        }
    }

    fn add(&mut self, kind: Kind, tag: &Tag, usually: &str, form: Option<usize>) {
        let name = tag.get("name").unwrap_or_default();
        if tag.get("disabled").is_some() || (name.is_empty() && kind != Kind::Submit) {
            return;
        }
        let value = Secret::new(tag.get("value").unwrap_or(usually));
        let action = tag.get("formaction").filter(|_| kind == Kind::Submit).map(|action| action.trim().to_owned());
        self.fields.push(Field { form, kind, name: name.to_owned(), value, action });
    }

    fn add_chosen(&mut self, field: Option<&OpenField>, form: Option<usize>) {
        let Some((name, field)) = field.and_then(|field| Some((field.tag.get("name")?, field))) else { return };
        if field.tag.get("disabled").is_none() && !name.is_empty() {
            let of = |value| Field { form, kind: Kind::Set, name: name.to_owned(), value, action: None };
            self.fields.extend(field.values().into_iter().map(of));
        }
    }

    fn has_said(&self, what: Wanted) -> bool {
        match what {
            Wanted::Title => self.title.is_some(),
            Wanted::Complaint => self.complaint.is_some(),
        }
    }

    fn say(&mut self, what: Wanted, text: &str) {
        const LONGEST: usize = 200;
        let said = match what {
            Wanted::Title => &mut self.title,
            Wanted::Complaint => &mut self.complaint,
        };
        let before = said.as_deref().unwrap_or_default();
        let words: Vec<&str> = before.split_whitespace().chain(text.split_whitespace()).collect();
        if !words.is_empty() {
            *said = Some(words.join(" ").chars().take(LONGEST).collect());
        }
    }

    /// Forgets words that repeat what nobody is to see.
    pub(super) fn withhold(&mut self, secret: &str) {
        let secret = secret.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [&mut self.title, &mut self.complaint] {
            words.take_if(|words| !secret.is_empty() && words.contains(&secret));
        }
    }

    /// The value of the last hidden field of that name, wherever it stands.
    pub(super) fn hidden(&self, name: &str) -> Option<&Secret> {
        let is_it = |field: &&Field| field.kind == Kind::Hidden && field.name == name;
        self.fields.iter().rev().find(is_it).map(|field| &field.value)
    }

    /// The first form that asks for a password.
    pub(super) fn asking(&self) -> Option<Asking<'_>> {
        let password = self.fields.iter().find(|field| field.kind == Kind::Password && field.form.is_some())?;
        let form = &self.forms[password.form?];
        let of_it = || self.fields.iter().filter(|field| field.form == password.form);
        let lines = || of_it().filter(|field| field.kind == Kind::Line);
        let user = lines().find(|field| field.name == "UserName").or_else(|| lines().next());
        let user = user.map(|field| field.name.as_str());
        // As if somebody had pressed Enter: of several buttons the first.
        let pressed = of_it().find(|field| field.kind == Kind::Submit);
        let is_pressed = |field: &Field| pressed.is_some_and(|pressed| std::ptr::eq(pressed, field));
        let action = pressed.and_then(|button| button.action.as_deref()).or(form.action.as_deref());
        let is_sent = |field: &&Field| match field.kind {
            Kind::Hidden | Kind::Set => true,
            Kind::Line => user != Some(&field.name),
            Kind::Password => !std::ptr::eq(password, *field),
            Kind::Submit => is_pressed(field) && !field.name.is_empty(),
        };
        Some(Asking {
            action: action.filter(|action| !action.is_empty()),
            is_post: form.is_post,
            user,
            password: &password.name,
            others: of_it().filter(is_sent).map(|field| (field.name.as_str(), &field.value)).collect(),
        })
    }
}

/// An element whose text is told to people.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Title,
    Complaint,
}

impl Wanted {
    fn of(tag: &Tag) -> Option<Self> {
        match (tag.name.as_str(), tag.get("id")) {
            ("title", _) => Some(Self::Title),
            (_, Some("errorText" | "errorMessage")) => Some(Self::Complaint),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
