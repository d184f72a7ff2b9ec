//! Shared files made at random, of which a test knows each line.

use std::fmt::Write as _;

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

    /// Happens once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A shared file, and how its lines end.
#[derive(Clone)]
pub(super) struct File {
    pub(super) sections: Vec<Section>,
    /// What stands above the first header.
    pub(super) banner: &'static str,
    pub(super) has_mark: bool,
    pub(super) newline: &'static str,
    /// Whether the last line ends, too.
    pub(super) ends: bool,
}

#[derive(Clone)]
pub(super) struct Section {
    pub(super) name: &'static str,
    /// What stands between the brackets.
    pub(super) header: String,
    pub(super) lines: Vec<Line>,
}

#[derive(Clone)]
pub(super) enum Line {
    Blank(&'static str),
    Comment(&'static str),
    Setting { key: &'static str, text: String, remark: &'static str, continued: &'static str },
    Block { key: &'static str, indent: &'static str, keys: Vec<(&'static str, &'static str)> },
}

impl Line {
    pub(super) fn is_property(&self) -> bool {
        matches!(self, Self::Setting { .. } | Self::Block { .. })
    }

    fn text(&self) -> String {
        match self {
            Self::Blank(text) | Self::Comment(text) => format!("{text}\n"),
            Self::Setting { text, remark, continued, .. } => format!("{text}{remark}\n{continued}"),
            Self::Block { key, indent, keys } => {
                let keys = keys.iter().map(|(key, value)| format!("{indent}{key} = {value}\n"));
                format!("{key} =\n{}", keys.collect::<String>())
            }
        }
    }
}

impl File {
    /// The text with plain line ends, as it is read when no tool minds them.
    pub(super) fn plain(&self) -> String {
        let mut text = self.banner.to_owned();
        for section in &self.sections {
            writeln!(text, "[{}]", section.header).expect("a String takes all");
            text.extend(section.lines.iter().map(Line::text));
        }
        if !self.ends {
            text.pop();
        }
        text
    }

    /// A plain text with the file's mark and line ends.
    pub(super) fn dressed(&self, plain: &str) -> String {
        format!("{}{}", if self.has_mark { "\u{feff}" } else { "" }, plain.replace('\n', self.newline))
    }

    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    pub(super) fn is_last(&self, section: &Section) -> bool {
        self.sections.last().is_some_and(|last| last.name == section.name)
    }
}

/// Values that every tool reads alike.
pub(super) const VALUES: [&str; 12] = [
    "1",
    "eu-west-1",
    "x=y",
    "a:b",
    "a#b;c",
    "50%",
    "two words",
    "\"quoted\" end",
    "https://d-1.awsapps.com/start/#/",
    "arn:aws:iam::123456789012:mfa/jane",
    "[x]",
    "c:\\x\\",
];
const COMMENTS: [&str; 7] =
    ["# a comment", "; another", "#region = eu-west-1", "# see: there", "#[profile a]", "#", "  # indented"];
/// Keys that stay as they are and those that tests set, in a file of either kind.
const CONFIG_KEYS: [&str; 6] = ["region", "output", "cli_pager", "x_kept", "granted_color", "Region"];
const CREDENTIALS_KEYS: [&str; 4] = ["aws_access_key_id", "aws_secret_access_key", "x_principal_arn", "x_kept"];
pub(super) const BLOCKS: [&str; 2] = ["s3", "dynamodb"];
pub(super) const BLOCK_KEYS: [&str; 4] = ["max_queue_size", "addressing_style", "endpoint_url", "output"];

/// A file that botocore reads, with all that may stand in one.
pub(super) fn file(random: &mut Random, is_config: bool) -> File {
    let mut names = vec!["default", "a", "b", "c.d"];
    if is_config {
        // The credentials file has it only beside a config file that quotes it.
        names.push("two words");
    }
    let mut sections = Vec::new();
    for _ in 0..random.below(5) {
        let name = names.swap_remove(random.below(names.len()));
        let header = if is_config { config_header(random, name) } else { name.to_owned() };
        sections.push(Section { name, header, lines: lines(random, is_config) });
    }
    let banner = random.pick(&["", "", "# mine\n", "# mine\n\n", "\n"]);
    let is_plain = sections.is_empty() && banner.is_empty();
    File {
        banner,
        has_mark: !is_plain && random.once_in(10),
        // Which line ends a text without any has nobody can tell.
        newline: if sections.len() > 1 && random.once_in(6) { "\r\n" } else { "\n" },
        ends: is_plain || !random.once_in(4),
        sections,
    }
}

fn config_header(random: &mut Random, name: &str) -> String {
    match name {
        "default" => random.pick(&["default", "default", "default", " default "]).to_owned(),
        "two words" => random.pick(&["profile 'two words'", "profile \"two words\""]).to_owned(),
        _ => {
            let forms = ["profile NAME", "profile NAME", "profile NAME", "profile \"NAME\"", "profile  NAME"];
            random.pick(&forms).replace("NAME", name)
        }
    }
}

fn lines(random: &mut Random, is_config: bool) -> Vec<Line> {
    let mut keys = if is_config { CONFIG_KEYS.to_vec() } else { CREDENTIALS_KEYS.to_vec() };
    let mut blocks = if is_config { BLOCKS.to_vec() } else { Vec::new() };
    let margin = if random.once_in(12) { "  " } else { "" };
    let mut lines = Vec::new();
    for _ in 0..random.below(7) {
        lines.push(match random.below(8) {
            0 => Line::Blank(random.pick(&["", "", "  "])),
            1 => Line::Comment(random.pick(&COMMENTS)),
            2 | 3 if !blocks.is_empty() && margin.is_empty() => {
                let key = blocks.swap_remove(random.below(blocks.len()));
                block(random, key)
            }
            _ => {
                let Some(key) = (!keys.is_empty()).then(|| keys.swap_remove(random.below(keys.len()))) else {
                    continue;
                };
                // botocore reads no file in which a key comes twice.
                keys.retain(|other| !other.eq_ignore_ascii_case(key));
                setting(random, key, margin)
            }
        });
    }
    lines
}

fn setting(random: &mut Random, key: &'static str, margin: &str) -> Line {
    let equals = random.pick(&[" = ", " = ", "=", "= ", " =", "\t=\t"]);
    let end = random.pick(&["", "", "", " "]);
    Line::Setting {
        key,
        text: format!("{margin}{key}{equals}old {}{end}", random.pick(&VALUES)),
        remark: random.pick(&["", "", "", "", "", "", " # remark"]),
        continued: random.pick(&["", "", "", "", "", "", "      more\n    of it\n"]),
    }
}

fn block(random: &mut Random, key: &'static str) -> Line {
    let mut names = BLOCK_KEYS.to_vec();
    let keys = (0..random.below(4)).map(|_| (names.swap_remove(random.below(names.len())), random.pick(&VALUES)));
    let keys = keys.collect();
    Line::Block { key, indent: random.pick(&["    ", "    ", "  "]), keys }
}
