//! Files made at random of the dialect's pieces: nothing panics, every place lies in its file, a profile is read
//! alike whatever stands around it, and on plain files rust-ini agrees.

use super::*;
use ini::{Ini, ParseOption};
use std::fmt::Write as _;
use std::path::Path;

/// xorshift64: the same files in every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).expect("a small number");
        usize::try_from((self.0 >> 11) % end).expect("less than a small number")
    }

    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Up to `most` of the pieces, a line each, with any mix of line ends.
    pub(super) fn lines(&mut self, pieces: &[&'static [u8]], most: usize) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..self.below(most + 1) {
            text.extend_from_slice(self.pick(pieces));
            text.extend_from_slice(self.pick(&[b"\n" as &[u8], b"\n", b"\n", b"\r\n", b"\r\r\n"]));
        }
        text
    }
}

pub(super) const HEADERS: &[&[u8]] = &[
    b"[profile a]",
    b"[profile b] # c",
    b"[default]",
    b"[profile default]",
    b"[a]",
    b"[ b ]",
    b"[profile \"a\"]",
    b"[profile 'two words']",
    b"[two words]",
    b"[sso-session a]",
    b"[services b]",
    b"  [profile a]",
    b"[profile a",
    b"[profile",
    b"[",
    b"[]",
    b"[[profile a]]",
    b"[profile \"a]",
    b"[profile a#b]",
    b"[profile \xff]",
    b"[plugins]",
];

/// None of them begins a section.
pub(super) const LINES: &[&[u8]] = &[
    b"",
    b" \t",
    b"# c",
    b"  ; c",
    b"x = 1",
    b"X=2 # c",
    b"y =",
    b"region = eu-west-1;",
    b"keyfob_x = 3",
    b"  z = 4",
    b"    w = 5",
    b"\tv",
    b"nonsense",
    b"= 6",
    b"  = 7",
    b"in valid = 8",
    b"x: 9",
    b"x = \xff",
    b"y = \0",
    b"=",
    b"\r",
    b"\xc2\xa0x = 1",
    b"]",
];

/// A line that must be there.
#[track_caller]
fn line(file: &SharedFile, number: usize) -> &[u8] {
    let line = file.text.split_inclusive(|byte| *byte == b'\n').nth(number - 1);
    line.unwrap_or_else(|| panic!("no line {number} in\n{}", file.text.escape_ascii()))
}

/// Checks the place at the beginning of a text, `config:LINE:` or `credentials:LINE:`.
#[track_caller]
fn check_place(profiles: &Profiles, text: &str) {
    let mut parts = text.split(':');
    let file = parts.next().and_then(|name| profiles.files().into_iter().find(|file| file.path == Path::new(name)));
    let number = parts.next().and_then(|number| number.parse().ok());
    let (Some(file), Some(number)) = (file, number) else { panic!("no place in {text}") };
    line(file, number);
}

/// Asks a profile for all it has.
#[track_caller]
fn check_profile(profile: &Profile<'_>) {
    let declared = profile.declared().expect("a profile has a header");
    assert!(parse::trim(line(declared.file, declared.line())).starts_with(b"["), "{declared}");
    for (file, property) in &profile.settings {
        let place = file.place(property.at);
        assert!(parse::trim(line(file, place.line())).starts_with(property.key), "{place}");
        let key = String::from_utf8_lossy(property.key);
        // An error is as good as a value here.
        let _ = (profile.get(&key), profile.nested(&key, "z"));
    }
}

#[test]
fn nothing_panics_and_every_place_lies_in_its_file() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let pieces = [HEADERS, LINES, LINES].concat();
    for _ in 0..1_000 {
        let profiles = Profiles::from_texts(random.lines(&pieces, 24), random.lines(&pieces, 12));
        for warning in profiles.warnings() {
            check_place(&profiles, &warning.to_string());
        }
        for name in profiles.names().into_iter().chain(["a", "two words", "gone"]) {
            for found in [profiles.profile(name), profiles.sso_session(name), profiles.services(name)] {
                match found {
                    Ok(Some(profile)) => check_profile(&profile),
                    Ok(None) => {}
                    Err(error) => check_place(&profiles, &error.cause.expect("damage has a cause")),
                }
            }
        }
    }
}

/// The profile's settings, or what is wrong with it, without any place.
pub(super) fn answer(profiles: &Profiles, name: &str) -> Result<Option<Reading>, String> {
    let found = profiles.profile(name).map_err(|error| error.cause.expect("damage has a cause"));
    found.map(|profile| profile.as_ref().map(reading)).map_err(|cause| {
        let phrase = cause.rsplit(": ").next();
        phrase.expect("the end of a text").to_owned()
    })
}

#[test]
fn a_profile_is_read_alike_whatever_stands_around_it() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let others: &[&[u8]] = &[
        b"[profile b]\n",
        b"[profile aa]\n",
        b"[profile\n",
        b"[default]\n",
        b"[sso-session a]\r\n",
        b"[services a]\n",
        b"[profile in valid]\n",
        b"[profile \"a\" \"a\"]\n",
        b"[a]\n",
        b"[profile a b]\n",
        b"[]\n",
    ];
    let mut whole_profiles = 0;
    let own: &[&[u8]] = &[b"[profile a]\n", b"[profile  \"a\"] ; c\r\n", b"[ profile a ]\n"];
    for _ in 0..1_000 {
        let (mut whole, mut alone) = (random.lines(LINES, 2), Vec::new());
        for _ in 0..=random.below(6) {
            let is_own = random.below(3) == 0;
            let mut section = random.pick(if is_own { own } else { others }).to_vec();
            section.extend(random.lines(LINES, 6));
            whole.extend_from_slice(&section);
            if is_own {
                alone.extend_from_slice(&section);
            }
        }
        let read = |config: &[u8]| answer(&Profiles::from_texts(config, b""), "a");
        let answer = read(&whole);
        assert_eq!(answer, read(&alone), "{}", whole.escape_ascii());
        whole_profiles += usize::from(answer.is_ok_and(|profile| profile.is_some_and(|profile| !profile.is_empty())));
    }
    assert!(whole_profiles > 100, "only {whole_profiles} profiles were whole");
}

#[test]
fn rust_ini_agrees_on_files_without_any_corner() {
    let mut random = Random(0x0123_4567_89ab_cdef);
    let values =
        ["1", "eu-west-1", "arn/aws/iam", "a b  c", "x=y", "\"quoted\"", "'s'", "50%", "ключ", "a.b@c_d-e+f,g"];
    let mut compared = 0;
    for _ in 0..1_000 {
        let mut config = String::new();
        for section in 0..random.below(6) {
            writeln!(config, "[profile p{section}]").expect("a String takes all");
            for key in 0..random.below(6) {
                config += random.pick(&["", "", "\n", "# comment\n", "; comment\n"]);
                let equals = random.pick(&["=", " = ", "= ", " ="]);
                writeln!(config, "key_{key}{equals}{}", random.pick(&values)).expect("a String takes all");
            }
        }
        let options = ParseOption { enabled_escape: false, enabled_quote: false, ..ParseOption::default() };
        let ini = Ini::load_from_str_opt(&config, options).expect("plain INI");
        let profiles = Profiles::from_texts(&config, "");
        let names: Vec<&str> = ini.sections().flatten().filter_map(|name| name.strip_prefix("profile ")).collect();
        assert_eq!(profiles.names(), names, "{config}");
        for name in names {
            let profile = profiles.profile(name).expect("no damage").expect("the profile");
            let section = ini.section(Some(format!("profile {name}"))).expect("the section");
            let expected: Reading = section.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            assert_eq!(reading(&profile), expected, "{config}");
            compared += expected.len();
        }
    }
    assert!(compared > 1_000, "only {compared} settings were compared");
}
