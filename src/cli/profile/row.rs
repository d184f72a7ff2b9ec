//! What a list says of one profile.

use crate::context::Vars;
use crate::error::{Error, Printable};
use crate::profile::{Kind, Lines, Listed, Place, Profile, Shadow, SplitPair};
use crate::store::StoreName;
use serde::Serialize;

/// A line of the list, or an element of its JSON, whose members stay what they are.
#[derive(Serialize)]
pub(in crate::cli) struct Row<'a> {
    pub(super) name: &'a str,
    /// `None`: it has no credentials of its own.
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    /// Where its own keys or its password are kept: `credentials`, `config`, or what `keyfob_store` says.
    store: Option<String>,
    account_id: Option<String>,
    region: Option<String>,
    /// Of its first header.
    file: String,
    line: usize,
    /// What of it does not count.
    shadowed: Vec<Shadowed>,
    /// Why it is broken.
    pub(super) error: Option<String>,
    /// For people: what does not count, and why.
    #[serde(skip)]
    pub(super) words: Vec<String>,
}

#[derive(Serialize)]
struct Shadowed {
    #[serde(flatten)]
    line: SettingLine,
    /// What goes before it.
    by: SettingLine,
}

#[derive(Serialize)]
struct SettingLine {
    key: String,
    file: String,
    line: usize,
}

/// What stands in a profile that can be read.
struct Facts<'a> {
    kind: Option<Kind>,
    store: Option<String>,
    account_id: Option<String>,
    region: Option<String>,
    shadows: Vec<Shadow<'a>>,
    split: Option<SplitPair<'a>>,
}

impl<'a> Row<'a> {
    pub(in crate::cli) fn of(listed: &Listed<'a>, lines: &Lines, vars: &Vars) -> Self {
        let Listed { name, place, profile } = listed;
        let file = place.path().display().to_string();
        let facts = profile.as_ref().map_err(Clone::clone).and_then(|profile| Facts::of(profile, vars));
        let empty = Self {
            name,
            kind: Some("broken"),
            store: None,
            account_id: None,
            region: None,
            file,
            line: lines.line(*place),
            shadowed: Vec::new(),
            error: None,
            words: Vec::new(),
        };
        match facts {
            Err(error) => Self { error: Some(error.cause.unwrap_or(error.message)), ..empty },
            Ok(Facts { kind, store, account_id, region, shadows, split }) => Self {
                kind: kind.map(Kind::name),
                store,
                account_id,
                region,
                shadowed: shadows.iter().map(|shadow| Shadowed::of(shadow, lines)).collect(),
                words: shadows
                    .iter()
                    .map(|shadow| format!("{}: {shadow}", shadow.place))
                    .chain(split.map(|pair| pair.to_string()))
                    .collect(),
                ..empty
            },
        }
    }

    /// The columns of the list.
    pub(super) fn cells(&self) -> [String; 6] {
        let place = format!("{}:{}", self.file, self.line);
        let text = |text: &Option<String>| Printable(text.as_deref().unwrap_or_default()).to_string();
        [
            Printable(self.name).to_string(),
            self.kind.unwrap_or("(none)").to_owned(),
            text(&self.store),
            text(&self.account_id),
            text(&self.region),
            Printable(&place).to_string(),
        ]
    }
}

impl Row<'_> {
    /// What a person tells profiles apart by: name, type, account, region.
    pub(in crate::cli) fn cells_to_choose_by(&self) -> [String; 4] {
        let [name, kind, _, account, region, _] = self.cells();
        [name, kind, account, region]
    }
}

impl Shadowed {
    fn of(shadow: &Shadow<'_>, lines: &Lines) -> Self {
        let line = |key: &str, place: Place<'_>| SettingLine {
            key: key.to_owned(),
            file: place.path().display().to_string(),
            line: lines.line(place),
        };
        Self { line: line(&shadow.key, shadow.place), by: line(&shadow.by, shadow.by_place) }
    }
}

impl<'a> Facts<'a> {
    fn of(profile: &Profile<'a>, vars: &Vars) -> Result<Self, Error> {
        let kind = Kind::of(profile, vars)?;
        let is_of_keys = matches!(kind, Some(Kind::Static | Kind::Session));
        let store = match kind {
            Some(Kind::Saml) => named_store(profile)?,
            _ if is_of_keys => store(profile)?,
            _ => None,
        };
        let split = if is_of_keys { profile.split_pair() } else { None };
        let region = profile.get("region")?.map(|setting| setting.value.into_owned());
        Ok(Self { kind, store, account_id: profile.account_id(kind)?, region, shadows: profile.shadows(vars)?, split })
    }
}

/// What its `keyfob_store` says.
fn named_store(profile: &Profile<'_>) -> Result<Option<String>, Error> {
    let Some(named) = profile.get("keyfob_store")? else { return Ok(None) };
    let store = StoreName::parse(&named.value);
    Ok(Some(store.map_or_else(|| named.value.into_owned(), |store| store.shown())))
}

/// Where the secret of a profile is kept.
fn store(profile: &Profile<'_>) -> Result<Option<String>, Error> {
    if profile.store_of_keys()?.is_some() {
        return named_store(profile);
    }
    let key =
        profile.get("aws_secret_access_key")?.map_or_else(|| profile.get("aws_access_key_id"), |key| Ok(Some(key)))?;
    Ok(key.map(|key| key.place.file.kind.default_name().to_owned()))
}
