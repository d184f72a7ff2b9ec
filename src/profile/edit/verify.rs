//! Whether a file says after edits what it said before, but for what was planned.

use super::plan::{SectionEdit, Wanted};
use super::properties;
use super::sections::{Found, Sections};
use crate::error::Error;
use crate::profile::change::What;
use crate::profile::parse::{self, Property, Section};
use crate::profile::shared_file::SharedFile;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An error unless the new file says the same as the old one in all sections that no plan is about, and what was
/// planned in the others.
pub(super) fn verify(old: &Sections<'_>, new: &SharedFile, plans: &[SectionEdit<'_>]) -> Result<(), Error> {
    let path = old.file.path.display();
    let somewhere = || format!("other sections of \"{path}\" would say something else then");
    let (wanted, numbers) = wanted(plans);
    let cause = match Sections::find(new, &wanted) {
        Ok(new) => match first_unlike(old, &new) {
            Some(section) => format!("{}: this section would say something else then", old.file.place(section.at)),
            None if is_as_planned(plans, &numbers, old, &new) => return Ok(()),
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

/// What is to be found afterwards, and for which plan: first what is to be there, since a section that goes may leave its
/// name to another.
fn wanted<'a>(plans: &[SectionEdit<'a>]) -> (Vec<Wanted<'a>>, Vec<usize>) {
    let (ending, staying): (Vec<_>, Vec<_>) = (0..plans.len()).partition(|number| plans[*number].ends());
    let numbers = [staying, ending].concat();
    (numbers.iter().map(|number| plans[*number].after()).collect(), numbers)
}

fn is_as_planned(plans: &[SectionEdit<'_>], numbers: &[usize], old: &Sections<'_>, new: &Sections<'_>) -> bool {
    let planned = numbers.iter().map(|number| planned(&plans[*number], &old.planned[*number]));
    let there = new.planned.iter().map(|found| (!found.is_empty()).then(|| settings(found)));
    let no_more = new.others().count() == old.others().count();
    no_more && planned.eq(there)
}

/// What a section should say afterwards, `None` if it should not be there.
fn planned(plan: &SectionEdit<'_>, found: &[Found<'_>]) -> Option<Settings> {
    let found = if plan.removes { &[] } else { found };
    if found.is_empty() && !plan.makes {
        return None;
    }
    Some(plan.steps.iter().fold(settings(found), |settings, step| after(settings, step)))
}

fn after(mut settings: Settings, step: &What<'_>) -> Settings {
    let lower = |key: &str| key.to_ascii_lowercase().into_bytes();
    match step {
        What::Set(changes) | What::SetFirst(changes) => {
            settings.extend(changes.iter().map(|change| (lower(change.key), Value::Text(change.value.into()))));
        }
        What::Unset(keys) => keys.iter().for_each(|key| drop(settings.remove(&lower(key)))),
        What::SetNested(block, changes) => {
            let nested = changes.iter().map(|change| (lower(change.key), change.value.into()));
            match settings.entry(lower(block)).or_insert_with(|| Value::Nested(Nested::new())) {
                Value::Nested(settings) => settings.extend(nested),
                text @ Value::Text(_) => *text = Value::Nested(nested.collect()),
            }
        }
        What::UnsetNested(block, names) => {
            if let Some(Value::Nested(nested)) = settings.get_mut(&lower(block)) {
                for name in names {
                    nested.remove(&lower(name));
                }
                if nested.is_empty() {
                    settings.remove(&lower(block));
                }
            }
        }
        What::RenameKeys(names) => {
            for (from, to) in names {
                let value = settings.remove(&lower(from));
                settings.extend(value.map(|value| (lower(to), value)));
            }
        }
        What::Rename(_) | What::Remove { .. } => {}
    }
    settings
}

fn settings(found: &[Found<'_>]) -> Settings {
    let properties = found.iter().flat_map(|found| &found.properties);
    properties.map(|property| (property.key.to_ascii_lowercase(), value(&property.value))).collect()
}

/// What counts of a section, by lower-cased key.
type Settings = BTreeMap<Vec<u8>, Value>;

/// What counts of a nested block, by lower-cased name.
type Nested = BTreeMap<Vec<u8>, Vec<u8>>;

#[derive(PartialEq, Eq)]
enum Value {
    Text(Vec<u8>),
    Nested(Nested),
}

fn value(text: &[u8]) -> Value {
    let Some(lines) = text.strip_prefix(b"\n") else { return Value::Text(text.to_vec()) };
    let pairs = lines.split(|byte| *byte == b'\n').filter_map(|line| {
        let (name, value) = parse::sub_property(parse::without_comment(line))?;
        Some((name.to_ascii_lowercase(), value.to_vec()))
    });
    Value::Nested(pairs.collect())
}
