//! Fields whose value stands between their tags: `<select>` and `<textarea>`.

use crate::saml::tokens::Tag;
use crate::secret::Secret;

/// One whose end tag has not come yet.
pub(super) struct OpenField {
    pub(super) tag: Tag,
    text: String,
    options: Vec<Choice>,
}

struct Choice {
    value: Option<String>,
    text: String,
    is_selected: bool,
    is_disabled: bool,
}

impl OpenField {
    pub(super) fn new(tag: &Tag) -> Self {
        Self { tag: tag.clone(), text: String::new(), options: Vec::new() }
    }

    pub(super) fn open_option(&mut self, tag: &Tag) {
        self.options.push(Choice {
            value: tag.get("value").map(str::to_owned),
            text: String::new(),
            is_selected: tag.get("selected").is_some(),
            is_disabled: tag.get("disabled").is_some(),
        });
    }

    pub(super) fn say(&mut self, text: &str) {
        match self.options.last_mut() {
            Some(option) => option.text.push_str(text),
            None => self.text.push_str(text),
        }
    }

    /// What a browser sends of it, when nobody has touched it.
    pub(super) fn values(&self) -> Vec<Secret> {
        if self.tag.name == "textarea" {
            let text = self.text.strip_prefix('\n').unwrap_or(&self.text);
            return vec![Secret::new(text.replace('\n', "\r\n"))];
        }
        let mut selected = self.options.iter().filter(|option| option.is_selected);
        let chosen: Vec<&Choice> = match self.tag.get("multiple") {
            Some(_) => selected.collect(),
            None => selected
                .next_back()
                .or_else(|| self.options.iter().find(|option| !option.is_disabled))
                .into_iter()
                .collect(),
        };
        chosen.into_iter().filter(|option| !option.is_disabled).map(Choice::sent).collect()
    }
}

impl Choice {
    fn sent(&self) -> Secret {
        let words = || self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Secret::new(self.value.clone().unwrap_or_else(words))
    }
}
