//! What is set and taken away again leaves the same bytes, in files made at random.

use super::{
    random::{File, Line, Random, Section, file},
    *,
};

/// Whether a comment is deeper than the key above it: such are moved to the margin at an edit beside them.
fn has_deep_comment(file: &File) -> bool {
    let lines = file.sections.iter().flat_map(|section| &section.lines);
    lines.into_iter().any(|line| matches!(line, Line::Comment(text) if text.starts_with(' ')))
}

/// Whether a section at the end would take something with it when it goes: blank lines above it, or a comment, which is
/// then right above its header.
fn ends_with_what_would_go(text: &str) -> bool {
    text.lines().last().is_some_and(|line| line.trim().is_empty() || line.starts_with(['#', ';']))
}

/// Of a profile without settings a copy is a test of its own; lines that continue a value are refused.
fn can_be_copied(section: &Section) -> bool {
    let continues = |line: &Line| matches!(line, Line::Setting { continued, .. } if !continued.is_empty());
    section.lines.iter().any(Line::is_property) && !section.lines.iter().any(continues)
}

#[track_caller]
fn run(home: &Home, arguments: &[&str]) {
    home.keyfob([&["profile"], arguments].concat()).any_stdout().any_stderr().run();
}

/// Does something and its opposite to many files in which the profile is, or is not.
#[track_caller]
fn check(seed: u64, is_there: bool, there: &[&str], back: &[&str]) {
    let removes = back[0] == "remove";
    let mut random = Random(seed);
    let home = Home::new();
    let mut undone = 0;
    while undone < 40 {
        let file = file(&mut random, true);
        let before = file.dressed(&file.plain());
        if there[0] == "copy" && !file.section("a").is_some_and(can_be_copied) {
            continue;
        }
        let fits = file.section("a").is_some() == is_there && !(removes && ends_with_what_would_go(&file.plain()));
        // What is renamed loses quotes that it does not need, and does not get them back.
        let has_quotes = there[0] == "rename" && file.section("a").is_some_and(|section| section.header.contains('"'));
        if has_quotes || !fits || !file.ends || before.is_empty() || has_deep_comment(&file) {
            continue;
        }
        home.write_before(".aws/config", &before);
        run(&home, there);
        assert_ne!(home.read(".aws/config"), before);
        run(&home, back);
        assert_eq!(home.read(".aws/config"), before, "{there:?}");
        undone += 1;
    }
}

#[test]
fn key_that_is_set_and_unset() {
    check(0x6c62_272e_07bb_0142, true, &["set", "a", "x_new=1"], &["unset", "a", "x_new"]);
}

#[test]
fn nested_key_that_is_set_and_unset() {
    check(0x9e37_79b9_7f4a_7c15, true, &["set", "a", "ec2.x_new=1"], &["unset", "a", "ec2.x_new"]);
}

#[test]
fn profile_that_is_made_and_removed() {
    check(0x2545_f491_4f6c_dd1d, false, &["set", "a", "region=eu-west-1"], &["remove", "a", "--yes"]);
}

#[test]
fn profile_that_is_renamed_and_gets_its_name_back() {
    check(0x0123_4567_89ab_cdef, true, &["rename", "a", "zz"], &["rename", "zz", "a"]);
}

#[test]
fn copy_that_is_made_and_removed() {
    check(0x1bad_cafe_0f0f_7777, true, &["copy", "a", "zz"], &["remove", "zz", "--yes"]);
}

#[test]
fn copy_of_a_profile_without_settings() {
    let home = Home::new().config("[profile a]\n");
    run(&home, &["copy", "a", "zz"]);
    assert_eq!(home.read(".aws/config"), "[profile a]\n[profile zz]\n");
}
