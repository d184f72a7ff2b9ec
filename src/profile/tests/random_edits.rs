//! Edits of files made at random of the dialect's pieces: what they ask for is read afterwards, nothing else is read
//! otherwise, and the lines that they do not concern are there, byte for byte.

mod expected;

use super::edit::named;
use super::random::{HEADERS, LINES, Random, answer};
use super::*;
use crate::profile::change::What;
use crate::profile::edit;
use expected::{all_told, holds, invents_nothing, keeps_comments, others, plain, removes, renames, untouched};
use std::path::Path;

const PROFILES: [&str; 5] = ["a", "b", "default", "two words", "new"];
const KEYS: [&str; 4] = ["x", "region", "y", "new"];
/// Keys that get other names, and these.
const NAMES: [(&str, &str); 4] = [("x", "keyfob_x"), ("keyfob_x", "x"), ("region", "moved"), ("y", "keyfob_y")];

fn random_edit(random: &mut Random) -> Edit<'static> {
    let section = named(random.pick(&PROFILES));
    match random.below(13) {
        0 => Edit::remove(section),
        1 => Edit::remove_but_comments(section),
        2 => Edit::unset(section, vec![random.pick(&KEYS), random.pick(&KEYS)]),
        3 => Edit::rename(section, random.pick(&PROFILES)),
        4 => Edit::rename_keys(section, vec![random.pick(&NAMES)]),
        5 => Edit::unset_nested(section, random.pick(&["y", "s3"]), vec![random.pick(&["z", "w", "v"])]),
        6 | 7 => {
            let change = Change { key: random.pick(&["z", "W", "v"]), value: "1" };
            Edit::set_nested(section, random.pick(&["y", "s3"]), vec![change])
        }
        8 => Edit::set_first(section, vec![Change { key: random.pick(&KEYS), value: "1" }]),
        _ => {
            let mut change = |value| Change { key: random.pick(&KEYS), value };
            Edit::set(section, vec![change("1"), change("a = b")])
        }
    }
}

#[test]
fn random_edits_change_what_they_should_and_nothing_else() {
    for seed in [0x6c62_272e_07bb_0142, 0x9e37_79b9_7f4a_7c15, 0x2545_f491_4f6c_dd1d] {
        check_random_edits(Random(seed));
    }
}

/// Lines that break nothing below a property.
const WHOLE_LINES: &[&[u8]] = &[
    b"",
    b"# c",
    b"  ; d",
    b"x = 1",
    b"X=2 # e",
    b"y =",
    b"y = # f",
    b"\ty=  g  ; h",
    b"Region = eu-west-1;",
    b"keyfob_x\t= 3",
    b"    z = 4",
    b"    W=5 # i",
    b"  v = 6",
    b"in valid = 7",
];

/// A file of the dialect's pieces, and half of the time of whole ones.
fn random_file(random: &mut Random) -> Vec<u8> {
    let mut text = match random.below(2) {
        0 => random.lines(&[HEADERS, LINES, LINES, LINES].concat(), 16),
        _ => {
            let header = random.pick(&HEADERS[..10]);
            let lines = [&HEADERS[..10], WHOLE_LINES, WHOLE_LINES, WHOLE_LINES].concat();
            [header, b"\n", &*random.lines(&lines, 16)].concat()
        }
    };
    text.truncate(text.len() - random.below(3).min(text.len()));
    // Half a line's end is data, but for whoever goes on below it.
    text.truncate(text.len() - usize::from(text.ends_with(b"\r")));
    text
}

fn edited(text: &[u8], edits: &[Edit<'_>]) -> Result<Vec<u8>, Error> {
    Ok(edit::edited(FileKind::Config, Path::new("config"), text, edits)?.bytes)
}

#[track_caller]
fn check_random_edits(mut random: Random) {
    let (mut changed, mut refused) = (0, 0);
    for _ in 0..400 {
        let before = random_file(&mut random);
        let mark: &[u8] = random.pick(&[b"" as &[u8], b"", b"", b"\xef\xbb\xbf"]);
        let edits: Vec<_> = (0..=random.below(4)).map(|_| random_edit(&mut random)).collect();
        let make = |text: &[u8]| {
            Ok::<_, Error>(edited(&[mark, text].concat(), &edits)?.strip_prefix(mark).expect("it stays").to_vec())
        };
        let after = match make(&before) {
            Ok(after) => after,
            Err(error) => {
                refused += usize::from(error.message.starts_with("cannot change"));
                continue;
            }
        };
        let shown = format!("{}\nbecame\n{}", before.escape_ascii(), after.escape_ascii());
        let (profiles, now) = (Profiles::from_texts(&before, b""), Profiles::from_texts(&after, b""));
        let told = all_told(&profiles, &edits);
        for name in profiles.names().into_iter().chain(PROFILES) {
            let plain = |answer: Result<Option<Reading>, _>| answer.map(|reading| reading.map(plain));
            let expected = told.get(name).map_or_else(|| plain(answer(&profiles, name)), |told| Ok(told.clone()));
            assert_eq!(plain(answer(&now, name)), expected, "{name}: {shown}");
        }
        assert_eq!(others(&profiles), others(&now), "{shown}");
        assert!(holds(&after, &untouched(&before, &edits)), "{shown}");
        assert!(keeps_comments(&before, &after, &edits), "{shown}");
        assert!(invents_nothing(&before, &after), "{shown}");
        // What is there in between may be in the way the second time.
        let passes = |edit: &Edit<'_>| {
            let key_goes = matches!(edit.what, What::RenameKeys(_) | What::Unset(_) | What::UnsetNested(..));
            removes(edit) || renames(edit) || key_goes
        };
        assert!(edits.iter().any(passes) || make(&after).as_ref() == Ok(&after), "{shown}");
        changed += 1;
    }
    assert!(changed > 200 && refused < 10, "{changed} were changed, {refused} refused");
}

#[test]
fn names_of_keys_and_sections_come_back_byte_for_byte() {
    let mut random = Random(0x6c62_272e_07bb_0142);
    let (mut keys, mut sections) = (0, 0);
    for _ in 0..800 {
        let before = random_file(&mut random);
        let profiles = Profiles::from_texts(&before, b"");
        let Some(name) = profiles.names().into_iter().find(|_| random.below(2) == 0) else { continue };
        let (from, to) = random.pick(&NAMES);
        // `moved` has no spelling to come back to.
        let has_spelling = to != "moved" || !before.windows(6).any(|window| window == b"Region");
        if let Ok(there) = edited(&before, &[Edit::rename_keys(named(name), vec![(from, to)])])
            && has_spelling
        {
            let back = edited(&there, &[Edit::rename_keys(named(name), vec![(to, from)])]);
            let is_other = there != before;
            assert!(!is_other || back.as_ref() == Ok(&before), "{name} {from}: {}", before.escape_ascii());
            keys += usize::from(is_other);
        }
        // `default` comes back without its prefix.
        if let Ok(there) = edited(&before, &[Edit::rename(named(name), "other")])
            && name != "default"
        {
            let back = edited(&there, &[Edit::rename(named("other"), name)]);
            assert_eq!(back.as_deref(), Ok(&*before), "{name}: {}", before.escape_ascii());
            sections += usize::from(there != before);
        }
    }
    assert!(keys > 15 && sections > 50, "{keys} keys and {sections} sections were renamed");
}

#[test]
fn an_old_value_that_is_set_again_means_what_it_did() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut set = 0;
    for _ in 0..800 {
        let before = random_file(&mut random);
        let profiles = Profiles::from_texts(&before, b"");
        let Some(name) = profiles.names().into_iter().find(|_| random.below(2) == 0) else { continue };
        let Ok(Some(reading)) = answer(&profiles, name) else { continue };
        for (key, value) in &reading {
            let there_and_back = [named(name); 2]
                .into_iter()
                .zip(["other", value])
                .try_fold(before.clone(), |text, (section, value)| {
                    edited(&text, &[Edit::set(section, vec![Change { key, value }])])
                });
            if let Ok(after) = there_and_back {
                assert_eq!(answer(&Profiles::from_texts(&after, b""), name), Ok(Some(reading.clone())));
                assert!(keeps_comments(&before, &after, &[]), "{}", before.escape_ascii());
                set += 1;
            }
        }
    }
    assert!(set > 80, "{set} were set");
}
