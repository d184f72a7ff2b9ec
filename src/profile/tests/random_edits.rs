//! Edits of files made at random of the dialect's pieces: the change is read, nothing else is read otherwise, and
//! the lines that it does not concern are there, byte for byte.

use super::random::{HEADERS, LINES, Random, answer};
use super::*;
use crate::profile::edit;
use std::path::Path;

const PROFILES: [&str; 5] = ["a", "b", "default", "two words", "new"];
const KEYS: [&str; 4] = ["x", "region", "y", "new"];

/// What one file says of everything but one profile.
fn others(config: &[u8], edited: &str) -> Vec<String> {
    let profiles = Profiles::from_texts(config, b"");
    let mut names: Vec<&str> = profiles.names();
    names.extend(PROFILES);
    names.retain(|name| *name != edited);
    names.dedup();
    let told = |name: &str| {
        let sections = [profiles.sso_session(name), profiles.services(name)];
        let sections = sections.map(|found| found.ok().flatten().as_ref().map(reading));
        format!("{name}: {:?} {sections:?}", answer(&profiles, name))
    };
    names.into_iter().map(told).collect()
}

/// The lines that no edit of the keys may touch: headers, comments at the margin, and other properties.
fn untouched<'a>(text: &'a [u8], keys: &[&str]) -> Vec<&'a [u8]> {
    let is_touched = |line: &[u8]| {
        let key = parse::trim(line.split(|byte| *byte == b'=').next().unwrap_or(line));
        keys.iter().any(|touched| key.eq_ignore_ascii_case(touched.as_bytes()))
    };
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.filter(|line| !parse::is_blank(line[0]) && !is_touched(line)).collect()
}

/// Whether lines are there in their order; the last one may have got a line end.
fn holds(text: &[u8], lines: &[&[u8]]) -> bool {
    let mut there = text.split_inclusive(|byte| *byte == b'\n');
    lines.iter().all(|line| there.any(|found| found == *line || (!line.ends_with(b"\n") && found.starts_with(line))))
}

#[test]
fn a_random_edit_changes_what_it_should_and_nothing_else() {
    let mut random = Random(0x6c62_272e_07bb_0142);
    let pieces = [HEADERS, LINES, LINES, LINES].concat();
    let (mut edited, mut refused) = (0, 0);
    for _ in 0..5_000 {
        let mut before = random.lines(&pieces, 16);
        before.truncate(before.len() - random.below(3).min(before.len()));
        let name = random.pick(&PROFILES);
        let keys = [random.pick(&KEYS), random.pick(&KEYS)];
        let changes = [Change { key: keys[0], value: "1" }, Change { key: keys[1], value: "a = b" }];
        let section = SectionName { kind: SectionKind::Profile, name };
        let set = |text: &[u8]| edit::set(FileKind::Config, Path::new("config"), text, section, &changes);
        let after = match set(&before) {
            Ok(after) => after,
            Err(error) => {
                refused += usize::from(error.message.starts_with("cannot change"));
                continue;
            }
        };
        let shown = format!("{}\nbecame\n{}", before.escape_ascii(), after.escape_ascii());
        let profiles = Profiles::from_texts(&after, b"");
        let read = answer(&profiles, name).expect("no damage").expect("the profile");
        for Change { key, value } in changes.iter().skip(usize::from(keys[0] == keys[1])) {
            assert_eq!(read.get(*key).map(String::as_str), Some(*value), "{shown}");
        }
        assert_eq!(others(&before, name), others(&after, name), "{shown}");
        assert!(holds(&after, &untouched(&before, &keys)), "{shown}");
        assert_eq!(set(&after).as_ref(), Ok(&after), "{shown}");
        edited += 1;
    }
    assert!(edited > 2_000 && refused < 50, "{edited} were edited, {refused} refused");
}
