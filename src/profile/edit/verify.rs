//! Whether a file says after edits what it said before, but for what was planned.

use super::plan::SectionEdit;
use super::properties;
use super::sections::{Found, Sections};
use crate::error::Error;
use crate::profile::parse::{Property, Section};
use crate::profile::shared_file::SharedFile;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An error unless the new file says the same as the old one in all sections that no plan is about, and what was
/// planned in the others.
pub(super) fn verify(old: &Sections<'_>, new: &SharedFile, plans: &[SectionEdit<'_>]) -> Result<(), Error> {
    let path = old.file.path.display();
    let somewhere = || format!("other sections of \"{path}\" would say something else then");
    let cause = match Sections::find(new, plans) {
        Ok(new) => match first_unlike(old, &new) {
            Some(section) => format!("{}: this section would say something else then", old.file.place(section.at)),
            None if is_as_planned(plans, old, &new) => return Ok(()),
            None => somewhere(),
        },
        Err(_) => somewhere(),
    };
    let what = match plans {
        [plan] => plan.section.to_string(),
        _ => format!("\"{path}\""),
    };
    Err(Error::new(format!("cannot change {what}")).cause(cause).hint("change the file in an editor"))
}

/// The first of the old sections that no plan is about and that is not there any more, or says something else.
fn first_unlike<'a>(old: &'a Sections<'_>, new: &Sections<'_>) -> Option<&'a Section<'a>> {
    let mut others = new.others();
    let is_there = |section: &Section<'_>, other: &Section<'_>| {
        // Most often it is there byte for byte.
        old.file.text[section.at..section.body.end] == new.file.text[other.at..other.body.end]
            || says(old.file, section) == says(new.file, other)
    };
    old.others().find(|section| !others.next().is_some_and(|other| is_there(section, other)))
}

/// Keys and values, in order.
type Pairs<'a> = Vec<(&'a [u8], Cow<'a, [u8]>)>;

/// The header, and what stands below it or is wrong there.
fn says<'a>(file: &'a SharedFile, section: &Section<'a>) -> (Option<&'a [u8]>, Result<Pairs<'a>, &'static str>) {
    let pairs = |found: Vec<Property<'a>>| found.into_iter().map(|found| (found.key, found.value)).collect();
    (section.header, properties(file, section).map(pairs).map_err(|damage| damage.phrase))
}

/// What counts of a section, by lower-cased key.
type Settings<'a> = BTreeMap<Vec<u8>, Cow<'a, [u8]>>;

fn is_as_planned(plans: &[SectionEdit<'_>], old: &Sections<'_>, new: &Sections<'_>) -> bool {
    let planned = plans.iter().zip(&old.planned).map(|(plan, found)| planned(plan, found));
    let there = new.planned.iter().map(|found| (!found.is_empty()).then(|| settings(found)));
    let no_more = new.others().count() == old.others().count();
    no_more && planned.eq(there)
}

/// What a section should say afterwards, `None` if it should not be there.
fn planned<'a>(plan: &SectionEdit<'a>, found: &[Found<'a>]) -> Option<Settings<'a>> {
    let found = if plan.removes { &[] } else { found };
    if found.is_empty() && !plan.makes {
        return None;
    }
    let mut settings = settings(found);
    for wish in &plan.wishes {
        let key = wish.key.to_ascii_lowercase().into_bytes();
        match wish.value {
            Some(value) => settings.insert(key, Cow::Borrowed(value.as_bytes())),
            None => settings.remove(&key),
        };
    }
    Some(settings)
}

fn settings<'a>(found: &[Found<'a>]) -> Settings<'a> {
    let properties = found.iter().flat_map(|found| &found.properties);
    properties.map(|property| (property.key.to_ascii_lowercase(), property.value.clone())).collect()
}
