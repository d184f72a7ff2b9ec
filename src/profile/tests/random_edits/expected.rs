//! What a file should say after edits, told from what it said and from them, another way than the edits are made.

use super::super::random::answer;
use super::*;

/// A reading with the sub-properties of each nested block in order, without their comments.
pub(super) fn plain(reading: Reading) -> Reading {
    let plain = |value: String| match value.strip_prefix('\n') {
        Some(lines) => joined(&sub_properties(lines)),
        None => value,
    };
    reading.into_iter().map(|(key, value)| (key, plain(value))).collect()
}

fn sub_properties(lines: &str) -> Reading {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let pair = |line: &str| {
        let (name, value) = parse::sub_property(parse::without_comment(line.as_bytes()))?;
        Some((text(name).to_ascii_lowercase(), text(value)))
    };
    lines.split('\n').filter_map(pair).collect()
}

fn joined(sub_properties: &Reading) -> String {
    sub_properties.iter().flat_map(|(name, value)| ["\n", name, " = ", value]).collect()
}

/// What a profile should say after an edit.
fn told(profile: Option<Reading>, edit: &Edit<'_>) -> Option<Reading> {
    let nested = |settings: &Reading, block: &str| {
        settings.get(block).and_then(|value| value.strip_prefix('\n')).map(sub_properties)
    };
    match &edit.what {
        What::Rename(_) => profile,
        What::Remove { .. } => None,
        What::Unset(keys) => profile.map(|mut settings| {
            settings.retain(|key, _| !keys.contains(&&**key));
            settings
        }),
        What::Set(changes) | What::SetFirst(changes) => {
            let mut settings = profile.unwrap_or_default();
            settings.extend(changes.iter().map(|change| (change.key.to_owned(), change.value.to_owned())));
            Some(settings)
        }
        What::SetNested(block, changes) => {
            let mut settings = profile.unwrap_or_default();
            let mut inner = nested(&settings, block).unwrap_or_default();
            inner.extend(changes.iter().map(|change| (change.key.to_ascii_lowercase(), change.value.to_owned())));
            settings.insert((*block).to_owned(), joined(&inner));
            Some(settings)
        }
        What::UnsetNested(block, names) => profile.map(|mut settings| {
            if let Some(mut inner) = nested(&settings, block) {
                inner.retain(|name, _| !names.contains(&&**name));
                settings.remove(*block);
                settings.extend((!inner.is_empty()).then(|| ((*block).to_owned(), joined(&inner))));
            }
            settings
        }),
        What::RenameKeys(names) => profile.map(|mut settings| {
            for (from, to) in names {
                let value = settings.remove(*from);
                settings.extend(value.map(|value| ((*to).to_owned(), value)));
            }
            settings
        }),
    }
}

/// What all profiles that edits name should say after them, `None` for one that should not be there. One that was
/// renamed goes by both names.
pub(super) fn all_told(profiles: &Profiles, edits: &[Edit<'_>]) -> BTreeMap<String, Option<Reading>> {
    let mut sections: Vec<(&str, Option<Reading>)> = Vec::new();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told: BTreeMap<String, Option<Reading>> = BTreeMap::new();
    for edit in edits {
        let name = edit.section.name;
        let number = *numbers.entry(name).or_insert_with(|| {
            told.insert(name.to_owned(), None);
            sections.push((name, answer(profiles, name).expect("no damage").map(plain)));
            sections.len() - 1
        });
        let (known_as, reading) = &mut sections[number];
        if let What::Rename(new) = edit.what {
            *known_as = new;
            numbers.insert(new, number);
        }
        *reading = self::told(reading.take(), edit);
    }
    told.extend(sections.into_iter().filter_map(|(name, reading)| Some((name.to_owned(), Some(reading?)))));
    told
}

/// The names in edits.
fn involved<'a>(edits: &'a [Edit<'_>]) -> impl Iterator<Item = &'a str> {
    edits.iter().flat_map(|edit| match edit.what {
        What::Rename(new) => [edit.section.name, new],
        _ => [edit.section.name; 2],
    })
}

pub(super) fn removes(edit: &Edit<'_>) -> bool {
    matches!(edit.what, What::Remove { .. })
}

pub(super) fn renames(edit: &Edit<'_>) -> bool {
    matches!(edit.what, What::Rename(_))
}

/// What a file says of its other sections.
pub(super) fn others(profiles: &Profiles) -> Vec<String> {
    let told = |name: &str| {
        let sections = [profiles.sso_session(name), profiles.services(name)];
        format!("{:?}", sections.map(|found| found.ok().flatten().as_ref().map(reading)))
    };
    PROFILES.map(told).to_vec()
}

/// The parts of a text that must be there after edits, each whole: sections that none of them names, from their header
/// to their last property, and of those that stay the header, comments at the margin, and other keys.
pub(super) fn untouched(text: &[u8], edits: &[Edit<'_>]) -> Vec<Vec<u8>> {
    const TOUCHED: [&str; 6] = ["x", "region", "y", "new", "keyfob_x", "s3"];
    let file = SharedFile::new(FileKind::Config, "config".into(), text.to_vec(), Vec::new());
    let (removes, renames) = (edits.iter().any(removes), edits.iter().any(renames));
    let mut parts = Vec::new();
    for (header, section) in file.understood() {
        let bears = |name: &str| matches!(header, Header::Section { kind: SectionKind::Profile, name: found, .. } if found == name.as_bytes());
        let lines = || parse::lines(text, section.at..section.body.end);
        let end = lines().filter(|line| !parse::is_skipped(line.text)).last().map_or(section.at, |line| line.end);
        if !involved(edits).any(bears) {
            parts.push(text[section.at..end].to_vec());
        } else if !removes {
            let is_touched = |line: &[u8]| {
                let key = parse::trim(line.split(|byte| *byte == b'=').next().unwrap_or(line));
                (renames && line.starts_with(b"["))
                    || TOUCHED.iter().any(|touched| key.eq_ignore_ascii_case(touched.as_bytes()))
            };
            let lines = lines().filter(|line| line.end <= end).map(|line| &text[line.at..line.end]);
            let untouched = lines.filter(|line| !parse::is_blank(line[0]) && !is_touched(line));
            parts.extend(untouched.map(<[u8]>::to_vec));
        }
    }
    parts
}

/// The lines that are comments, in any order.
fn comments(text: &[u8]) -> Vec<&[u8]> {
    let lines = parse::lines(text, 0..text.len()).filter(|line| parse::is_skipped(line.text));
    let mut comments: Vec<_> = lines.map(|line| parse::trim(line.text)).filter(|line| !line.is_empty()).collect();
    comments.sort_unstable();
    comments
}

/// Whether no comment is lost but those that go with a section.
pub(super) fn keeps_comments(before: &[u8], after: &[u8], edits: &[Edit<'_>]) -> bool {
    let takes_some = |edit: &Edit<'_>| matches!(edit.what, What::Remove { keeps_comments: false });
    let mut there = comments(after).into_iter();
    edits.iter().any(takes_some) || comments(before).into_iter().all(|comment| there.any(|there| there == comment))
}

/// Whether parts of a text are there in their order.
pub(super) fn holds(text: &[u8], parts: &[Vec<u8>]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| {
        let found = rest.windows(part.len().max(1)).position(|window| window == part);
        found.is_some_and(|at| {
            rest = &rest[at + part.len()..];
            true
        })
    })
}

/// Whether each line was there, or is the end of one that was, or says what an edit asks for.
pub(super) fn invents_nothing(before: &[u8], after: &[u8]) -> bool {
    fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        parse::lines(text, 0..text.len()).map(|line| parse::trim(line.text))
    }
    let known: Vec<&[u8]> = lines(before).collect();
    let is_known = |line: &[u8]| known.iter().any(|known| known.ends_with(line));
    let is_renamed = |line: &[u8]| {
        line.strip_prefix(b"keyfob_").is_some_and(is_known)
            || line.strip_prefix(b"moved").is_some_and(|rest| is_known(&[b"egion", rest].concat()))
    };
    let is_new = |line: &[u8]| {
        line.starts_with(b"[") || [b" = 1" as &[u8], b" = a = b", b"s3 =", b"y ="].iter().any(|end| line.ends_with(end))
    };
    lines(after).all(|line| is_known(line) || is_renamed(line) || is_new(line))
}
