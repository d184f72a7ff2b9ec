//! The AWS CLI's `aws configure set` is the byte oracle: what keyfob makes of a file is what it makes of it.
//!
//! Where it is none, one of [`exceptions`] says why. Of line ends and byte order marks, which it changes or trips over,
//! it is spared: it gets a file without them, and they are put back before the comparison. All results, those of the
//! exceptions, too, are read by botocore: the new settings are there, and all else is what it was.

use super::{
    random::{BLOCK_KEYS, BLOCKS, File, Line, Random, Section, VALUES, file},
    *,
};
use std::collections::BTreeSet;

/// A file, and what is set in it.
struct Case {
    file_name: &'static str,
    file: Option<File>,
    profile: &'static str,
    /// Keys, `s3.max_queue_size` one of a block, and values.
    settings: Vec<(String, String)>,
}

impl Case {
    fn plain(&self) -> String {
        self.file.as_ref().map_or_else(String::new, File::plain)
    }

    fn dressed(&self, plain: &str) -> String {
        self.file.as_ref().map_or_else(|| plain.to_owned(), |file| file.dressed(plain))
    }

    fn question(&self) -> Value {
        let text = self.file.as_ref().map(File::plain);
        json!({ "file": self.file_name, "text": text, "profile": self.profile, "settings": self.settings })
    }

    /// The file as keyfob leaves it.
    #[track_caller]
    fn run(&self, home: &Home) -> String {
        let path = home.path().join(".aws").join(self.file_name);
        match &self.file {
            Some(_) => home.write_before(&format!(".aws/{}", self.file_name), self.dressed(&self.plain())),
            // Of the first case there is none, either.
            None => drop(fs::remove_file(&path)),
        }
        let settings = self.settings.iter().map(|(key, value)| format!("{key}={value}"));
        let arguments = ["profile", "set", self.profile].map(str::to_owned).into_iter().chain(settings);
        home.keyfob(arguments).any_stdout().any_stderr().run();
        home.read(&path)
    }

    /// What makes the AWS CLI's result one that is not to be copied.
    fn exceptions(&self) -> BTreeSet<&'static str> {
        let Some(file) = &self.file else { return BTreeSet::new() };
        let Some(section) = file.section(self.profile) else { return BTreeSet::new() };
        let exceptions = self.settings.iter().filter_map(|(key, _)| match key.split_once('.') {
            Some((block, key)) => nested_exception(file, section, block, key),
            None => exception(file, section, key),
        });
        section_exception(section).into_iter().chain(exceptions).collect()
    }

    /// Where the last line of a file does not end, keyfob leaves it so, and the AWS CLI ends it.
    fn changes_a_last_line_without_end(&self) -> bool {
        let Some(file) = self.file.as_ref().filter(|file| !file.ends) else { return false };
        let last = file.sections.last().filter(|section| section.name == self.profile);
        let has = |key: &str| self.settings.iter().any(|(set, _)| set == key);
        match last.and_then(|section| section.lines.last()) {
            Some(Line::Setting { key, .. }) => has(key) && self.adds_nothing(file),
            Some(Line::Block { key, keys, .. }) => keys.last().is_some_and(|(last, _)| has(&format!("{key}.{last}"))),
            _ => false,
        }
    }

    fn adds_nothing(&self, file: &File) -> bool {
        let section = file.section(self.profile).expect("the caller has it");
        self.settings.iter().all(|(set, _)| {
            section.lines.iter().any(|line| matches!(line, Line::Setting { key, .. } if key.eq_ignore_ascii_case(set)))
        })
    }
}

/// What the AWS CLI does not find, or finds and spoils.
fn section_exception(section: &Section) -> Option<&'static str> {
    // Of quoted names it finds one in double quotes, if it would not quote it in single ones.
    let found = match section.name {
        "default" => section.header == "default",
        "two words" => section.header != "profile \"two words\"",
        name => [format!("profile {name}"), format!("profile \"{name}\""), name.to_owned()].contains(&section.header),
    };
    let is_indented = |line: &Line| matches!(line, Line::Setting { text, .. } if text.starts_with(' '));
    let has_deep_comment =
        section.lines.iter().any(|line| matches!(line, Line::Comment(text) if text.starts_with(' ')));
    if !found {
        Some("a header in another spelling: it adds a second one")
    } else if section.lines.iter().any(is_indented) {
        Some("an indented section: its keys begin at the margin, and what follows would continue them")
    } else if has_deep_comment {
        Some("a comment that is deeper than the key above it: some tools take it for a part of the value")
    } else {
        None
    }
}

fn exception(file: &File, section: &Section, key: &str) -> Option<&'static str> {
    let line = section
        .lines
        .iter()
        .find(|line| matches!(line, Line::Setting { key: there, .. } if there.eq_ignore_ascii_case(key)));
    let is_nested =
        |line: &Line| matches!(line, Line::Block { keys, .. } if keys.iter().any(|(there, _)| *there == key));
    let before =
        section.lines.iter().take_while(|line| !matches!(line, Line::Setting { key: there, .. } if *there == key));
    if before.clone().any(is_nested) {
        return Some("a nested key of that name: it is changed instead");
    }
    match line {
        Some(Line::Setting { key: there, .. }) if *there != key => Some("a key in other letters: it adds a second one"),
        Some(Line::Setting { remark: " # remark", .. }) => Some("a comment behind the old value: it is lost"),
        Some(Line::Setting { continued, .. }) if !continued.is_empty() => {
            Some("lines that continue the old value: they continue the new one")
        }
        Some(_) => None,
        None => addition_exception(file, section),
    }
}

fn nested_exception(file: &File, section: &Section, block: &str, key: &str) -> Option<&'static str> {
    let at = section.lines.iter().position(|line| matches!(line, Line::Block { key: there, .. } if *there == block));
    let Some(at) = at else { return addition_exception(file, section) };
    let Line::Block { indent, keys, .. } = &section.lines[at] else { unreachable!("it is a block") };
    let below = section.lines[at + 1..].iter().take_while(|line| !line.is_property()).count();
    let is_last = at + 1 + below == section.lines.len();
    let has_plain = section.lines.iter().any(|line| matches!(line, Line::Setting { key: there, .. } if *there == key));
    if keys.iter().any(|(there, _)| *there == key) {
        None
    } else if keys.is_empty() && is_last {
        Some("an empty block that nothing follows: it crashes")
    } else if has_plain {
        Some("a key of the same name that is not nested: it is changed instead")
    } else if below > 0 {
        Some("blank lines or comments below: it adds below them")
    } else if !keys.is_empty() && *indent != "    " {
        Some("another indentation: it takes four blanks")
    } else if is_last && file.is_last(section) && !file.ends {
        Some("a block at the end of a file whose last line has none: it adds to that line")
    } else {
        None
    }
}

/// A key, or a block, that is not there yet.
fn addition_exception(file: &File, section: &Section) -> Option<&'static str> {
    let above = section.lines.iter().rposition(Line::is_property);
    let below = &section.lines[above.map_or(0, |above| above + 1)..];
    let is_option = |line: &Line| matches!(line, Line::Comment(text) if text.contains(['=', ':']));
    if above.is_some_and(|at| matches!(&section.lines[at], Line::Setting { continued, .. } if !continued.is_empty())) {
        Some("lines that continue the value above: they would continue the new one")
    } else if (file.is_last(section) && !below.is_empty()) || below.iter().any(is_option) {
        Some("blank lines or comments below: it adds below them")
    } else {
        None
    }
}

fn case(random: &mut Random, wants_nested: bool, is_config: bool) -> Case {
    let file_name = if is_config { "config" } else { "credentials" };
    let file = (!random.once_in(50)).then(|| file(random, is_config));
    // No new section gets a name with a blank in it.
    let mut profiles = vec!["new", "default", "a"];
    profiles.extend(file.iter().flat_map(|file| &file.sections).flat_map(|section| [section.name; 3]));
    let profile = random.pick(&profiles);
    let settings = match (is_config, wants_nested) {
        (false, _) => vec![
            ("aws_access_key_id".to_owned(), format!("AKIA{:016}", 1)),
            ("aws_secret_access_key".to_owned(), format!("{MARKER}/x+y=")),
        ],
        (true, true) => {
            let key = format!("{}.{}", random.pick(&BLOCKS), random.pick(&BLOCK_KEYS));
            vec![(key, random.pick(&VALUES).to_owned())]
        }
        (true, false) => {
            let mut keys = vec!["region", "output", "cli_pager", "x_new", "granted_color"];
            let count = 1 + random.below(2);
            let mut settings = Vec::new();
            while settings.len() < count {
                let key = keys.swap_remove(random.below(keys.len()));
                settings.push((key.to_owned(), value(random, key).to_owned()));
            }
            settings
        }
    };
    Case { file_name, file, profile, settings }
}

/// A value that no file has, and that a person may choose.
fn value(random: &mut Random, key: &str) -> &'static str {
    match key {
        "region" => random.pick(&["eu-west-1", "us-gov-west-1"]),
        "output" => random.pick(&["json", "yaml-stream"]),
        _ => random.pick(&VALUES),
    }
}

#[track_caller]
fn compare(count: usize, seed: u64, wants_nested: bool, is_config: bool, expected_exceptions: usize) {
    let Some(python) = peer::python(&["awscli"]) else { return };
    let mut random = Random(seed);
    let cases: Vec<Case> = (0..count).map(|_| case(&mut random, wants_nested, is_config)).collect();
    let questions: Value = cases.iter().map(Case::question).collect();
    let theirs = peers::ask(&python, &Home::new(), "configure_set.py", &[], &questions.to_string());
    let theirs = theirs.as_array().expect("the script prints a list");

    let home = Home::new();
    let mut compared = 0;
    let mut excepted = BTreeSet::new();
    let mut readings = Vec::new();
    for (case, theirs) in cases.iter().zip(theirs) {
        let ours = case.run(&home);
        let exceptions = case.exceptions();
        if exceptions.is_empty() {
            let theirs = theirs.as_str().unwrap_or_else(|| panic!("the AWS CLI failed: {}", case.question()));
            let theirs = if case.changes_a_last_line_without_end() { &theirs[..theirs.len() - 1] } else { theirs };
            assert_eq!(
                ours,
                case.dressed(theirs),
                "{:?} in {}: {:?}",
                case.profile,
                case.dressed(&case.plain()),
                case.settings
            );
            compared += 1;
        }
        excepted.extend(exceptions);
        readings.push([case.plain(), ours.trim_start_matches('\u{feff}').to_owned()]);
    }
    assert!(compared * 2 > count, "{compared} of {count} were compared");
    assert_eq!(excepted.len(), expected_exceptions, "{excepted:#?}");
    says_what_was_set(&python, &cases, &readings);
}

/// That botocore reads the new settings and else what it read before.
#[track_caller]
fn says_what_was_set(python: &Path, cases: &[Case], texts: &[[String; 2]]) {
    let texts = json!(texts).to_string();
    let readings = peers::ask(python, &Home::new(), "read_texts.py", &[], &texts);
    for (case, reading) in cases.iter().zip(readings.as_array().expect("the script prints a list")) {
        let mut expected = reading[0].as_object().expect("botocore reads every file").clone();
        let there = case.file.as_ref().and_then(|file| file.section(case.profile)).map(|section| &section.header);
        let new = || match (case.file_name, case.profile) {
            ("credentials", name) | (_, name @ "default") => name.to_owned(),
            (_, name) => format!("profile {name}"),
        };
        let section = expected.entry(there.cloned().unwrap_or_else(new)).or_insert(json!({}));
        for (key, value) in &case.settings {
            match key.split_once('.') {
                None => section[key] = value.as_str().into(),
                Some((block, key)) if section[block].is_object() => section[block][key] = value.as_str().into(),
                // Of an empty block botocore makes an empty value.
                Some((block, key)) => section[block] = json!({ key: value }),
            }
        }
        assert_eq!(reading[1], Value::Object(expected), "{}: {:?}", case.plain(), case.settings);
    }
}

#[test]
fn keys_are_set_as_the_aws_cli_sets_them() {
    compare(1_200, 0x6c62_272e_07bb_0142, false, true, 9);
}

#[test]
fn nested_keys_are_set_as_the_aws_cli_sets_them() {
    compare(900, 0x9e37_79b9_7f4a_7c15, true, true, 8);
}

#[test]
fn key_pairs_are_set_as_the_aws_cli_sets_them() {
    compare(500, 0x2545_f491_4f6c_dd1d, false, false, 6);
}
