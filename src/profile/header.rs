//! What a section's header says: which kind of section it is, and its name.

use super::parse::{is_blank, is_name, trim};
use std::fmt;

/// Which of the two shared files a text is; their headers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// `~/.aws/config`: `[profile NAME]`, and other kinds of sections.
    Config,
    /// `~/.aws/credentials`: `[NAME]`, profiles only.
    Credentials,
}

impl FileKind {
    /// Both, in the order of their rank: of a key that stands in both the first one's counts.
    pub(crate) const ALL: [Self; 2] = [Self::Credentials, Self::Config];

    /// The variable that names the file.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Config => "AWS_CONFIG_FILE",
            Self::Credentials => "AWS_SHARED_CREDENTIALS_FILE",
        }
    }

    /// What stands before the name in a profile's header.
    pub(super) fn profile_prefix(self) -> &'static str {
        match self {
            Self::Config => "profile ",
            Self::Credentials => "",
        }
    }

    /// The file's name where no variable names it.
    pub(crate) fn default_name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Credentials => "credentials",
        }
    }
}

/// The kinds of sections that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SectionKind {
    Profile,
    SsoSession,
    Services,
}

impl SectionKind {
    /// The word before the name in a config file's header.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::SsoSession => "sso-session",
            Self::Services => "services",
        }
    }
}

/// A section, as a person asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SectionName<'a> {
    pub(crate) kind: SectionKind,
    pub(crate) name: &'a str,
}

impl fmt::Display for SectionName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SectionKind::Profile => write!(f, "profile \"{}\"", self.name),
            kind => write!(f, "[{} {}]", kind.prefix(), self.name),
        }
    }
}

impl SectionName<'_> {
    /// Whether there can be such a section, which keyfob and the AWS CLI read alike.
    pub(crate) fn can_be_made(self, file: FileKind) -> bool {
        self.header(file).is_some()
    }

    /// What to do where there is an objection.
    pub(crate) const ADVICE: &'static str = "choose a name of letters, digits, and _-/.%@:+";

    /// Why the config file can have no such section, as a person is told it; `None`: it can.
    pub(crate) fn objection(self) -> Option<&'static str> {
        if self.can_be_made(FileKind::Config) {
            return None;
        }
        Some(match self.name {
            PROTOTYPE => "the AWS SDK for JavaScript refuses every file that has it",
            _ => {
                "AWS's tools do not read alike what has a quote, a bracket, \\, #, ; or a control character in it, or a \
                 blank at an end"
            }
        })
    }

    /// The text between the brackets of a new section's header, which keyfob and the AWS CLI read alike.
    ///
    /// `None` where there is no such text.
    pub(super) fn header(self, file: FileKind) -> Option<String> {
        let Self { kind, name } = self;
        let is_plain = is_name(name.as_bytes());
        match (file, kind) {
            _ if name == PROTOTYPE => None,
            (FileKind::Credentials, SectionKind::Profile) => is_plain.then(|| name.to_owned()),
            (FileKind::Credentials, _) => None,
            (FileKind::Config, SectionKind::Profile) if name == "default" => Some(name.to_owned()),
            (FileKind::Config, _) if is_plain => Some(format!("{} {name}", kind.prefix())),
            (FileKind::Config, _) => can_be_quoted(name).then(|| format!("{} '{name}'", kind.prefix())),
        }
    }
}

/// JavaScript's SDK refuses every file that has it.
pub(super) const PROTOTYPE: &str = "__proto__";

/// Whether every reader takes a name in quotes as it is. A header ends at a comment sign even inside quotes, and the AWS
/// CLI takes a backslash for an escape.
fn can_be_quoted(name: &str) -> bool {
    let is_trimmed = name.trim() == name && !name.is_empty();
    is_trimmed && !name.contains(|letter: char| letter.is_control() || "\"'\\[]#;".contains(letter))
}

/// A header, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header<'a> {
    Section {
        kind: SectionKind,
        name: &'a [u8],
        spelling: Spelling,
    },
    /// Belongs to another tool, or says nothing that any tool could use; why, when a person should know.
    Ignored(Option<&'static str>),
}

/// How a header spells its section's name, where that decides what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Plain,
    /// `[profile 'two words']`, as the AWS CLI writes names that need it.
    Quoted,
    /// `[default]` in the config file, which gives way to `[profile default]`.
    BareDefault,
    /// `[two words]` in the credentials file: good only where the config file declares that profile.
    Spaced,
}

/// Why a section of the credentials file whose name is no plain one is no profile.
pub(super) fn why_not_counted(name: &[u8]) -> &'static str {
    let prefixes = [SectionKind::Profile, SectionKind::SsoSession, SectionKind::Services].map(SectionKind::prefix);
    let first = name.split(|byte| is_blank(*byte)).next().unwrap_or(name);
    if prefixes.iter().any(|prefix| prefix.as_bytes() == first) {
        "ignored: profiles here are written [NAME], without a prefix"
    } else {
        "ignored: a name like this counts here only where the config file has the profile, too"
    }
}

/// Why a section is no profile that would be the one of that name if its header were another.
pub(super) fn why_passed_over(file: FileKind, text: &[u8], name: &[u8]) -> Option<&'static str> {
    let before = trim(text.strip_suffix(name)?);
    if !before.is_empty() && !before.eq_ignore_ascii_case(SectionKind::Profile.prefix().as_bytes()) {
        return None;
    }
    match Header::parse(file, text) {
        Header::Ignored(why) => why,
        Header::Section { spelling: Spelling::Spaced, .. } => Some(why_not_counted(text)),
        Header::Section { .. } => None,
    }
}

/// A profile's header in the config file that keyfob and the AWS CLI read alike, and not every other tool.
pub(super) fn in_quotes(name: &str) -> Option<String> {
    let is_of_others = |letter: char| letter.is_control() || "\\[]#;".contains(letter);
    let quote = if name.contains('\'') { '"' } else { '\'' };
    let can_be = name.trim() == name && !name.is_empty() && !name.contains(quote) && !name.contains(is_of_others);
    can_be.then(|| format!("profile {quote}{name}{quote}"))
}

impl<'a> Header<'a> {
    /// Reads the text between a header's brackets, trimmed.
    pub(crate) fn parse(file: FileKind, text: &'a [u8]) -> Self {
        match file {
            FileKind::Config => Self::parse_config(text),
            FileKind::Credentials => Self::parse_credentials(text),
        }
    }

    fn parse_config(text: &'a [u8]) -> Self {
        let end_of_prefix = text.iter().position(|byte| is_blank(*byte)).unwrap_or(text.len());
        let (prefix, name) = (&text[..end_of_prefix], trim(&text[end_of_prefix..]));
        let kind = match prefix {
            b"profile" => SectionKind::Profile,
            b"sso-session" => SectionKind::SsoSession,
            b"services" => SectionKind::Services,
            b"default" if name.is_empty() => {
                return Self::Section { kind: SectionKind::Profile, name: text, spelling: Spelling::BareDefault };
            }
            b"plugins" | b"preview" if name.is_empty() => return Self::Ignored(None),
            _ if name.is_empty() => return Self::Ignored(Some("ignored: profiles here are written [profile NAME]")),
            _ => return Self::Ignored(Some("ignored: no AWS tool knows this kind of section")),
        };
        match unquoted(name) {
            Some(name) => Self::Section { kind, name, spelling: Spelling::Quoted },
            None if is_name(name) => Self::Section { kind, name, spelling: Spelling::Plain },
            None if name.is_empty() => Self::Ignored(Some("ignored: the section has no name")),
            None if str::from_utf8(name).is_ok_and(can_be_quoted) => {
                Self::Ignored(Some("ignored: a name like this needs quotes around it"))
            }
            None => Self::Ignored(Some("ignored: the name has characters that names cannot have")),
        }
    }

    fn parse_credentials(text: &'a [u8]) -> Self {
        let spelling = if is_name(text) { Spelling::Plain } else { Spelling::Spaced };
        Self::Section { kind: SectionKind::Profile, name: text, spelling }
    }
}

/// The text inside one matching pair of quotes, which cannot hold a bracket.
fn unquoted(name: &[u8]) -> Option<&[u8]> {
    let (quote, rest) = name.split_first().filter(|(quote, _)| b"\"'".contains(quote))?;
    let inner = rest.strip_suffix(std::slice::from_ref(quote))?;
    let is_whole = !inner.is_empty() && !inner.iter().any(|byte| byte == quote || *byte == b']');
    is_whole.then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, spelling: Spelling) -> Header<'_> {
        Header::Section { kind: SectionKind::Profile, name: name.as_bytes(), spelling }
    }

    #[test]
    fn config_headers_need_their_prefix() {
        for (text, header) in [
            ("profile dev", profile("dev", Spelling::Plain)),
            ("profile \t dev", profile("dev", Spelling::Plain)),
            ("profile default", profile("default", Spelling::Plain)),
            ("default", profile("default", Spelling::BareDefault)),
            ("profile \"two words\"", profile("two words", Spelling::Quoted)),
            ("profile 'dev'", profile("dev", Spelling::Quoted)),
            (
                "sso-session corp",
                Header::Section { kind: SectionKind::SsoSession, name: b"corp", spelling: Spelling::Plain },
            ),
            (
                "services local",
                Header::Section { kind: SectionKind::Services, name: b"local", spelling: Spelling::Plain },
            ),
            ("plugins", Header::Ignored(None)),
        ] {
            assert_eq!(Header::parse(FileKind::Config, text.as_bytes()), header, "{text}");
        }
    }

    #[test]
    fn what_is_no_section_is_ignored_and_said() {
        for text in [
            "dev",
            "profiledev",
            "Profile dev",
            "profile",
            "profile a b",
            "profile \"a\" \"b\"",
            "profile \"a",
            "x y",
            "",
        ] {
            let header = Header::parse(FileKind::Config, text.as_bytes());
            assert!(matches!(header, Header::Ignored(Some(_))), "{text}: {header:?}");
        }
    }

    #[test]
    fn a_new_header_is_read_as_the_name_it_was_made_for() {
        for (file, kind, name, text) in [
            (FileKind::Config, SectionKind::Profile, "default", "default"),
            (FileKind::Config, SectionKind::Profile, "dev", "profile dev"),
            (FileKind::Config, SectionKind::Profile, "a+b@c:d/e", "profile a+b@c:d/e"),
            (FileKind::Config, SectionKind::Profile, "two words", "profile 'two words'"),
            (FileKind::Config, SectionKind::Profile, "größe", "profile 'größe'"),
            (FileKind::Config, SectionKind::Profile, "a=b", "profile 'a=b'"),
            (FileKind::Config, SectionKind::Profile, "profile default", "profile 'profile default'"),
            (FileKind::Config, SectionKind::SsoSession, "corp", "sso-session corp"),
            (FileKind::Config, SectionKind::SsoSession, "default", "sso-session default"),
            (FileKind::Credentials, SectionKind::Profile, "default", "default"),
            (FileKind::Credentials, SectionKind::Profile, "dev", "dev"),
        ] {
            let section = SectionName { kind, name };
            let header = section.header(file).expect("a name that can be written");
            assert_eq!(header, text);
            assert_eq!(section.objection(), None, "{name}");
            let Header::Section { kind: read_kind, name: read_name, .. } = Header::parse(file, header.as_bytes())
            else {
                panic!("{header} is no section");
            };
            assert_eq!((read_kind, read_name), (kind, name.as_bytes()), "{header}");
        }
    }

    #[test]
    fn names_that_no_header_can_hold_have_none() {
        for name in
            ["", " a", "a ", "a]b", "[a", "a\"b", "it's", "a#b", "a;b", "a\\b", "a\nb", "a\tb", "a\0", "__proto__"]
        {
            for kind in [SectionKind::Profile, SectionKind::SsoSession] {
                let section = SectionName { kind, name };
                assert_eq!(section.header(FileKind::Config), None, "{name:?}");
                assert!(section.objection().is_some(), "{name:?}");
            }
            let section = SectionName { kind: SectionKind::Profile, name };
            assert_eq!(section.header(FileKind::Credentials), None, "{name:?}");
        }
        for (kind, name) in [(SectionKind::Profile, "two words"), (SectionKind::SsoSession, "corp")] {
            assert_eq!(SectionName { kind, name }.header(FileKind::Credentials), None, "{name}");
        }
    }

    #[test]
    fn credentials_headers_are_bare_names() {
        assert_eq!(Header::parse(FileKind::Credentials, b"dev"), profile("dev", Spelling::Plain));
        assert_eq!(Header::parse(FileKind::Credentials, b"default"), profile("default", Spelling::Plain));
        assert_eq!(Header::parse(FileKind::Credentials, b"two words"), profile("two words", Spelling::Spaced));
    }
}
